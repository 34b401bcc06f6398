"""Taking a document out of a project, or exchanging its bytes for better ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policybook.coding.inspect import Inspector
from policybook.corpus.build import make_corpus
from policybook.corpus.entries import remove_entry, set_fields
from policybook.corpus.files import read_file, shown
from policybook.corpus.manifest import DocumentEntry, document_path, load_manifest
from policybook.corpus.model import records
from policybook.corpus.repair import guess_language
from policybook.corpus.store import read_manifest, remove_document, replace_document, writing
from policybook.errors import DuplicateDocumentError, InvalidDataError, UnknownDocumentError, suggest
from policybook.project import Project
from policybook.reading.read import read_received
from policybook.tables import YamlFile


@dataclass(frozen=True)
class Replaced:
    """A document whose bytes were exchanged, and what its owner should look at."""

    entry: DocumentEntry
    warnings: tuple[str, ...]


def remove(project: Project, identifier: str) -> list[str]:
    """Take a document's entry, file and brief away and return what else went or names it still, one sentence each.

    Works also where data/corpus.yml has mistakes: the entry that has them may be the one to go.
    Raises UnknownDocumentError when there is no such entry; then nothing has changed.
    """
    with writing(project):
        manifest = read_manifest(project)
        edited = remove_entry(manifest, identifier)
        raw = YamlFile(project.corpus_file, project.name(project.corpus_file)).entries("documents")
        gone = next(one for one in raw if isinstance(one, dict) and one.get("id") == identifier)
        shared = any(isinstance(one, dict) and one is not gone and one.get("file") == gone.get("file") for one in raw)
        name = gone.get("file")
        remove_document(project, name if isinstance(name, str) and not shared else None, edited)
        brief = _remove_brief(project, identifier)
    named = [*([f"Its brief, {brief}, is gone with it."] if brief else []), *_still_named(project, identifier)]
    return named + ([f"{name} stays in data/documents: another entry has it too."] if shared else [])


def replace(project: Project, identifier: str, file: Path) -> Replaced:
    """Exchange the bytes of a document for those of `file`; its entry keeps everything but sha256 and file.

    Raises UnreadableDocumentError, DuplicateDocumentError, or InvalidDataError when the overrides no longer fit;
    then nothing has changed.
    """
    content = read_file(file)
    inspector = Inspector(project)
    received = read_received(content, shown(file))
    sha256 = hashlib.sha256(content).hexdigest()
    with writing(project):
        manifest = read_manifest(project)
        old = _entry(project, identifier)
        for one in YamlFile(project.corpus_file, project.name(project.corpus_file)).entries("documents"):
            if isinstance(one, dict) and one.get("sha256") == sha256:
                raise DuplicateDocumentError(f"{shown(file)}: {one.get('id')!r} has these very bytes already.")
        path = document_path(project, old.file)
        before = path.read_bytes() if path is not None and path.is_file() else None
        same = path is not None and path.suffix == f".{received.format}"
        name = old.file if same else f"{identifier}.{received.format}"
        changed = {"sha256": sha256} | ({} if same else {"file": name})
        replace_document(project, old.file, name, content, set_fields(manifest, identifier, changed))
    new = next(one for one in load_manifest(project, inspector.guesser.vocabulary) if one.id == identifier)
    warnings = list(received.warnings)
    if (language := guess_language("\n".join(received.paragraphs))) != new.language:
        warnings.append(f"the entry says language: {new.language}, but the new text is {language}")
    if before is not None and old.overrides:
        warnings += _changed_paragraphs(project, inspector, (old, before), (new, content))
    return Replaced(new, tuple(warnings))


def _remove_brief(project: Project, identifier: str) -> str:
    """Delete the brief of a document that has gone, and return its name; empty where it had none."""
    path = project.briefs / f"{identifier}.yml"
    if Path(identifier).name != identifier or not path.is_file():
        return ""
    path.unlink()
    return project.name(path)


def _entry(project: Project, identifier: str) -> DocumentEntry:
    file = YamlFile(project.corpus_file, project.name(project.corpus_file))
    ids: list[str] = []
    for n, raw in enumerate(file.entries("documents")):
        if isinstance(raw, dict) and raw.get("id") == identifier:
            problems: list[Any] = []
            entry = file.parse(DocumentEntry, raw, ["documents", n], problems)
            if entry is None:
                raise InvalidDataError(problems)
            return entry
        ids.append(str(raw.get("id")) if isinstance(raw, dict) else "")
    raise UnknownDocumentError(f"data/corpus.yml has no document {identifier!r}. {suggest(identifier, ids)}")


def _changed_paragraphs(
    project: Project, inspector: Inspector, old: tuple[DocumentEntry, bytes], new: tuple[DocumentEntry, bytes]
) -> list[str]:
    """Name the paragraphs with overrides whose text is another now."""
    texts = []
    for entry, content in (old, new):
        corpus = make_corpus([(entry, content)], inspector.guesser.vocabulary, project)
        rows = [*records(corpus.passages), *records(corpus.boilerplate)]
        texts.append({int(row.paragraph): " ".join(str(row.text).split()) for row in rows})
    numbers = sorted({n for override in new[0].overrides for n in override.paragraphs})
    changed = [n for n in numbers if texts[0].get(n) != texts[1].get(n)]
    if not changed:
        return []
    listed = ", ".join(map(str, changed))
    return [f"the overrides of paragraph{'s' * (len(changed) > 1)} {listed} were made for another text: check them"]


def _still_named(project: Project, identifier: str) -> Iterator[str]:
    """Yield a sentence for every comparison and run that names a document."""
    for path, key, label in (
        (project.comparisons_file, "comparisons", "id"),
        (project.runs_file, "runs", "page"),
    ):
        try:
            file = YamlFile(path, project.name(path))
            entries = file.entries(key)
        except InvalidDataError:
            continue
        for n, entry in enumerate(entries):
            if _names(entry, identifier):
                what = entry.get(label) if isinstance(entry, dict) else n + 1
                yield f"{project.name(path)}:{file.line([key, n])}: {what!r} names it still. Take it out there."


def _names(node: Any, identifier: str) -> bool:
    """Whether a selection's `document`, or a parameter, is this id; texts that merely mention it do not count."""
    if isinstance(node, dict):
        return any(
            (key in ("document", "documents") and identifier in (value if isinstance(value, list) else [value]))
            or _names(value, identifier)
            for key, value in node.items()
        )
    return isinstance(node, list) and any(_names(one, identifier) for one in node)
