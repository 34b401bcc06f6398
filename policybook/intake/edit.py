"""data/corpus.yml is edited: one entry comes, changes or goes, and no other byte does."""

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from policybook.corpus.manifest import document_path, load_manifest
from policybook.corpus.scope import load_vocabulary

from policybook.errors import (  # isort: skip
    DuplicateDocumentError, FolderError, InvalidDataError, PolicybookError, Problem, UnknownDocumentError, suggest,
)
from policybook.project import Project
from policybook.tables import parse_span

# Every edit is checked by reading the result back: exactly the entry meant has changed, or EditError says so.
_INVISIBLE = "\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff"
_FORBIDDEN = re.compile(f"[{_INVISIBLE}]+")
_PLAIN = re.compile(r"\w[\w ./()—–-]*")
_WORDS_OF_YAML = re.compile(r"(?i)(?:y|n)")  # booleans to some readers, though not to ours


class EditError(PolicybookError):
    """data/corpus.yml is written in a way that cannot be edited safely."""


@dataclass(frozen=True)
class EntryLine:
    """One line of a new entry: a field, its value, and a comment that says where the value is from."""

    field: str
    value: object
    comment: str = ""


def append_entry(text: str, lines: Sequence[EntryLine]) -> str:
    """Return the manifest `text` with one more entry at the end of its documents."""
    node = _documents(text)
    if isinstance(node, SequenceNode) and node.flow_style and node.value:
        raise EditError("data/corpus.yml: 'documents' stands in brackets. Write one '- id:' a line.")
    newline = "\r\n" if "\r\n" in text else "\n"
    if isinstance(node, SequenceNode) and node.value:
        first = node.value[0].start_mark.index
        dash = text.rindex("-", 0, first)
        indent = " " * (dash - _line_start(text, dash))
        cut = _end_of_list(text, node, len(indent))
    else:  # no document yet: documents: or documents: []
        if isinstance(node, SequenceNode):
            text = text[: node.start_mark.index].rstrip(" ") + text[node.end_mark.index :]
        indent, cut = "  ", _line_end(text, node.start_mark.index - 1)
    rendered = newline.join(_render(lines, indent))
    before, after = text[:cut], text[cut:]
    gap = "" if before.endswith("\n") or not before else newline
    separator = newline if not re.search(r"(?:\n|:)[ \t]*\r?\n$", before + gap) else ""
    edited = f"{before}{gap}{separator}{rendered}{newline}{after}"
    return _checked(text, edited, [*_entries(text), {line.field: _plain(line.value, one_line) for line in lines}])


def remove_entry(text: str, identifier: str) -> str:
    """Return the manifest without the entry `identifier`. Raises UnknownDocumentError when there is none."""
    node, n = _find(text, identifier)
    starts = [_line_start(text, item.start_mark.index) for item in node.value]
    start, last = starts[n], n + 1 == len(starts)
    dash = text.rindex("-", 0, node.value[n].start_mark.index) - start
    end = _end_of_content(text, start, node.end_mark.index if last else starts[n + 1], dash)
    if last:  # the blank lines that set the last entry off go with it, of another those that follow it
        while (previous := _line_start(text, start - 1)) < start and not text[previous:start].strip():
            start = previous
    else:
        while end < starts[n + 1] and not text[end : _line_end(text, end)].strip():
            end = _line_end(text, end)
    rest = text[:start] + text[end:]
    if len(starts) == 1:  # an empty list has to be written as one
        key = re.search(r"^[\ufeff]?[\"']?documents[\"']?[ \t]*:", text, re.MULTILINE)
        colon = key.end() if key else 0
        rest = f"{rest[:colon]} []{rest[colon:]}"
    return _checked(text, rest, [one for m, one in enumerate(_entries(text)) if m != n])


def set_fields(text: str, identifier: str, fields: Mapping[str, str]) -> str:
    """Return the manifest with plain values of one entry changed where they stand, or put in behind its id."""
    wanted = _entries(text)
    _, n = _find(text, identifier)
    wanted[n] = {**wanted[n], **fields}
    edited = text
    for field, value in fields.items():
        entry = _find(edited, identifier)[0].value[n]
        found = next((v for k, v in entry.value if k.value == field), None)
        if found is None:
            after = next(v for k, v in entry.value if k.value == "id")
            column = entry.value[0][0].start_mark.column
            cut = _line_end(edited, after.end_mark.index)
            edited = f"{edited[:cut]}{' ' * column}{field}: {scalar(value)}\n{edited[cut:]}"
        else:
            edited = edited[: found.start_mark.index] + scalar(value) + edited[found.end_mark.index :]
    return _checked(text, edited, wanted)


def scalar(value: object) -> str:
    """Return a value as YAML on one line; invisible characters and line breaks in text become spaces."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        return f"[{', '.join(scalar(one) for one in value)}]"
    text = one_line(value)
    plain = _PLAIN.fullmatch(text) and not _WORDS_OF_YAML.fullmatch(text) and yaml.safe_load(text) == text
    return text if plain or _is_date(text) else json.dumps(text, ensure_ascii=False)


def one_line(value: object) -> str:
    """Return text as one line without control, bidi or other invisible characters."""
    return " ".join(_FORBIDDEN.sub(" ", str(value)).split())


def _is_date(text: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(parse_span(text)) and text == text.strip() and "-" in text
    return False


def _render(lines: Sequence[EntryLine], indent: str) -> list[str]:
    rendered = []
    for n, line in enumerate(lines):
        lead = f"{indent}- " if n == 0 else f"{indent}  "
        comment = f"  # {one_line(line.comment)}" if line.comment else ""
        if line.field == "notes" and isinstance(line.value, list | tuple):
            rendered += [f"{lead}notes:{comment}", *(f"{indent}    - {scalar(note)}" for note in line.value)]
        else:
            rendered.append(f"{lead}{line.field}: {scalar(line.value)}{comment}")
    return rendered


class _Loader(yaml.SafeLoader):
    """Keeps dates as they are written. In Python, because its marks count code points."""


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: str(node.value))


def _documents(text: str) -> Node:
    """Return the node under `documents`."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise EditError(f"data/corpus.yml: it is not valid YAML ({error}). Correct it first.") from None
    for key, value in root.value if isinstance(root, MappingNode) else ():
        if key.value == "documents" and (isinstance(value, SequenceNode) or value.tag.endswith(":null")):
            return cast(Node, value)
    raise EditError("data/corpus.yml: a list named 'documents' is expected. Write 'documents:' on a line of its own.")


def _entries(text: str) -> list[Any]:
    return list((yaml.load(text, Loader=_Loader) or {}).get("documents") or [])


def _find(text: str, identifier: str) -> tuple[SequenceNode, int]:
    node = _documents(text)
    ids: list[str] = []
    for n, item in enumerate(node.value if isinstance(node, SequenceNode) else []):
        pairs = item.value if isinstance(item, MappingNode) else []
        name = next((v.value for k, v in pairs if k.value == "id" and isinstance(v, ScalarNode)), "")
        if name == identifier:
            assert isinstance(node, SequenceNode)
            if node.flow_style or item.flow_style:
                raise EditError(f"data/corpus.yml: {identifier!r} stands in brackets. Write one field a line.")
            return node, n
        ids.append(name)
    raise UnknownDocumentError(f"data/corpus.yml has no document {identifier!r}. {suggest(identifier, ids)}")


def _checked(text: str, edited: str, wanted: list[Any]) -> str:
    """Return `edited` if it reads as `wanted`, with everything beside the documents as in `text`."""
    try:
        result, before = yaml.load(edited, Loader=_Loader), yaml.load(text, Loader=_Loader)
    except yaml.YAMLError:
        result, before = {}, None
    others = {k: v for k, v in (before or {}).items() if k != "documents"}
    got = [_plain(one) for one in (result or {}).pop("documents", None) or []] if isinstance(result, dict) else None
    if got != [_plain(one) for one in wanted] or result != others:
        raise EditError("data/corpus.yml: it is laid out in a way that cannot be edited safely. Change it by hand.")
    return edited


def _plain(entry: Any, text: Callable[[object], str] = str) -> Any:
    """Return an entry with dates and numbers as text: a date is written without quotes."""
    if isinstance(entry, dict):
        return {key: _plain(value, text) for key, value in entry.items()}
    if isinstance(entry, list | tuple):
        return [_plain(one, text) for one in entry]
    return entry if entry is None or isinstance(entry, bool) else text(entry)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, max(index, 0)) + 1


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", max(index, 0))
    return len(text) if found < 0 else found + 1


def _end_of_list(text: str, node: SequenceNode, dash: int) -> int:
    """Return where a new entry goes: at the end of the text, or behind the last entry where more follows."""
    last, end = node.value[-1].start_mark.index, node.end_mark.index
    return _end_of_content(text, last, end, dash) if text[end:].strip() else len(text)


def _end_of_content(text: str, start: int, end: int, dash: int) -> int:
    """Move `end` up over blank lines and comments that are indented no deeper than the dash: no entry's content."""
    end = _line_start(text, end) if end < len(text) else end
    while (line := _line_start(text, end - 1)) > start:
        content = text[line:end]
        is_comment = content.lstrip().startswith("#") and len(content) - len(content.lstrip(" ")) <= dash
        if content.strip() and not is_comment:
            break
        end = line
    return end


# Files are written beside their place, flushed, and renamed into it; data/corpus.yml last when a document comes,
# first when one goes, so that at no moment it lists a document that is not there.
try:
    import fcntl
except ImportError:  # no locks on Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX = ".policybook-"


@contextlib.contextmanager
def writing(project: Project) -> Iterator[None]:
    """Let one process at a time change data/. Raises FolderError, in a sentence, for whatever the disk refuses."""
    _check_inside(project)
    try:
        with _locked(project.data):
            yield
    except OSError as error:
        where, why = project.name(project.data), error.strerror or type(error).__name__
        raise FolderError(f"{where}: it cannot be written ({why}). Check permissions and space.") from None


def read_manifest(project: Project) -> str:
    """Return the text of data/corpus.yml with its line ends as they are."""
    try:
        return project.corpus_file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        told = (f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.")
        raise InvalidDataError([Problem(project.name(project.corpus_file), 0, "", *told)]) from None


def add_document(project: Project, name: str, content: bytes, manifest: str) -> None:
    """Put a new document into data/documents and the new text of data/corpus.yml into place.

    Raises DuplicateDocumentError when the file exists, InvalidDataError when the new data/corpus.yml has mistakes.
    """
    path = _place(project, name)
    made_folder = not project.documents.is_dir()
    project.documents.mkdir(exist_ok=True)
    fresh = not os.path.lexists(path)  # else left behind by a crash, or put there by hand
    if not fresh and (path.is_symlink() or not path.is_file() or path.read_bytes() != content):
        raise DuplicateDocumentError(f"{project.name(path)} exists already. Choose another id with --id.")
    with _undone_on_failure(project, manifest) as undo:
        if made_folder:
            undo.callback(_remove_folder, project.documents)
        if fresh:
            part = _write(project.documents, content, undo)
            undo.callback(path.unlink, missing_ok=True)
            part.replace(path)
            _flush_folder(project.documents)
        _put_manifest(project, manifest, undo, check=True)


def replace_document(project: Project, old: str, new: str, content: bytes, manifest: str) -> None:
    """Exchange the bytes of a document, which may get a new name, and the text of data/corpus.yml.

    Raises InvalidDataError when the new data/corpus.yml has mistakes; then everything is as before.
    """
    before, after = _place(project, old), _place(project, new)
    if before != after:
        add_document(project, new, content, manifest)
        before.unlink(missing_ok=True)
        return
    with _undone_on_failure(project, manifest) as undo:
        part = _write(project.documents, content, undo)
        if before.is_file():
            kept = _write(project.documents, before.read_bytes(), undo)
            shutil.copymode(before, part)
            undo.callback(_put_back, kept, before)
        part.replace(before)
        _flush_folder(project.documents)
        _put_manifest(project, manifest, undo, check=True)
    for left in project.documents.glob(f"{_PREFIX}*"):  # the bytes that were replaced
        left.unlink()


def remove_document(project: Project, name: str | None, manifest: str) -> None:
    """Put the new text of data/corpus.yml into place, then delete the document's file, if it has one."""
    path = document_path(project, name) if name else None
    with _undone_on_failure(project, manifest) as undo:
        _put_manifest(project, manifest, undo, check=False)
    if path is not None:
        path.unlink(missing_ok=True)
        _flush_folder(project.documents)


def _put_manifest(project: Project, manifest: str, undo: contextlib.ExitStack, *, check: bool) -> None:
    part = _write(project.data, manifest.encode("utf-8"), undo)
    shutil.copymode(project.corpus_file, part)
    if check:
        load_manifest(project, load_vocabulary(project), path=part, may_be_empty=True)
    part.replace(project.corpus_file)
    _flush_folder(project.data)


@contextlib.contextmanager
def _undone_on_failure(project: Project, manifest: str) -> Iterator[contextlib.ExitStack]:
    """Give a stack of what to undo; it is undone unless data/corpus.yml stands there in its new text.

    That the file itself is asked makes it right for an interruption at any moment.
    """
    undo = contextlib.ExitStack()
    try:
        yield undo
    except BaseException:
        if project.corpus_file.read_bytes() != manifest.encode("utf-8"):
            undo.close()
        raise
    undo.pop_all()


def _write(folder: Path, content: bytes, undo: contextlib.ExitStack) -> Path:
    """Write a new hidden file to the disk, and have it removed if the change fails."""
    number, name = tempfile.mkstemp(prefix=_PREFIX, suffix=".part", dir=folder)
    path = Path(name)
    undo.callback(path.unlink, missing_ok=True)
    with os.fdopen(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)
    return path


def _put_back(kept: Path, path: Path) -> None:
    if kept.exists():
        kept.replace(path)


def _remove_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _place(project: Project, name: str) -> Path:
    path = document_path(project, name)
    if path is None or name.startswith((".", "-")):
        raise FolderError(f"{name!r} is no name for a file in {project.name(project.documents)}. Choose another id.")
    return path


def _check_inside(project: Project) -> None:
    """Refuse to write where a link leads out of the project's data folder."""
    inside = project.data.resolve()
    for path in (project.corpus_file, project.documents):
        if not path.resolve().is_relative_to(inside):
            raise FolderError(
                f"{project.name(path)} is a link that leads out of data/. Put the files themselves there."
            )


def _flush_folder(folder: Path) -> None:
    """Make a renaming last through a loss of power, where the system can."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process, without leaving a file there."""
    if fcntl is None:
        yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)
