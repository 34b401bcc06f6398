"""data/corpus.yml is edited: entries come, change or go, and no other byte does; and a change is undone."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from policybook.corpus.manifest import document_path, load_manifest
from policybook.corpus.scope import load_vocabulary

from policybook.errors import (  # isort: skip
    DuplicateDocumentError, FolderError, InvalidDataError, PolicybookError, Problem, UnknownDocumentError, suggest,
)
from policybook.project import Project, report_line
from policybook.tables import parse_span

# Every edit is checked by reading the result back: exactly the entry meant has changed, or EditError says so.
_INVISIBLE = "\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff"
_FORBIDDEN = re.compile(f"[{_INVISIBLE}]+")
_PLAIN = re.compile(r"\w[\w ./()—–-]*")
_WORDS_OF_YAML = re.compile(r"(?i)(?:y|n)")  # booleans to some readers, though not to ours


#: The files that entries are put into, by the name of the list in them.
_FILES = {"documents": "data/corpus.yml", "places": "data/lexicon/places.yml"}


class EditError(PolicybookError):
    """data/corpus.yml is written in a way that cannot be edited safely."""


@dataclass(frozen=True)
class EntryLine:
    """One line of a new entry: a field, its value, and a comment that says where the value is from."""

    field: str
    value: object
    comment: str = ""


def append_entry(text: str, lines: Sequence[EntryLine], key: str = "documents") -> str:
    """Return the manifest `text` with one more entry at the end of its documents; or places.yml, of its `places`."""
    node = _list_in(text, key)
    if isinstance(node, SequenceNode) and node.flow_style and node.value:
        raise EditError(f"{_FILES[key]}: {key!r} stands in brackets. Write one '- id:' a line.")
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
    new = {line.field: _plain(line.value, one_line) for line in lines}
    return _checked(text, edited, [*_entries(text, key), new], key)


def remove_entry(text: str, identifier: str) -> str:
    """Return the manifest without the entry `identifier`. Raises UnknownDocumentError when there is none."""
    return remove_entries(text, [identifier])


def remove_entries(text: str, identifiers: Sequence[str]) -> str:
    """Return the manifest without these entries. Raises UnknownDocumentError for the first that is not there."""
    found = [_find(_list_in(text), identifier) for identifier in dict.fromkeys(identifiers)]
    if not found:
        return text
    node, gone = found[0][0], {n for _, n in found}
    starts = [_line_start(text, item.start_mark.index) for item in node.value]
    rest = text
    for n in sorted(gone, reverse=True):
        last = all(m in gone for m in range(n, len(starts)))
        start, end = _extent(text, node, starts, n, last)
        rest = rest[:start] + rest[end:]
    if len(starts) == len(gone):  # an empty list has to be written as one
        key = re.search(r"^[\ufeff]?[\"']?documents[\"']?[ \t]*:", text, re.MULTILINE)
        colon = key.end() if key else 0
        rest = f"{rest[:colon]} []{rest[colon:]}"
    return _checked(text, rest, [one for m, one in enumerate(_entries(text)) if m not in gone])


def _extent(text: str, node: SequenceNode, starts: Sequence[int], n: int, last: bool) -> tuple[int, int]:
    """Return where an entry begins and ends, with the blank lines that go with it; `last`: no entry stays behind it."""
    start, final = starts[n], n + 1 == len(starts)
    dash = text.rindex("-", 0, node.value[n].start_mark.index) - start
    end = _end_of_content(text, start, node.end_mark.index if final else starts[n + 1], dash)
    if last:  # the blank lines that set the last entry off go with it, of another those that follow it
        while (previous := _line_start(text, start - 1)) < start and not text[previous:start].strip():
            start = previous
    else:
        while end < starts[n + 1] and not text[end : _line_end(text, end)].strip():
            end = _line_end(text, end)
    return start, end


def set_fields(text: str, identifier: str, fields: Mapping[str, object]) -> str:
    """Return the manifest with values of one entry changed where they stand, or put in behind its id."""
    return change_entries(text, {identifier: fields})


def change_entries(text: str, changes: Mapping[str, Mapping[str, object]]) -> str:
    """Return the manifest with values of entries changed: id → field → value. Comments stay."""
    node, wanted = _list_in(text), _entries(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces: list[tuple[int, int, str]] = []
    for identifier, fields in changes.items():
        listed, n = _find(node, identifier)
        wanted[n] = {**wanted[n], **{name: _plain(value, one_line) for name, value in fields.items()}}
        pairs = {key.value: (key, value) for key, value in listed.value[n].value}
        behind = _line_end(text, pairs["id"][1].end_mark.index)
        for name, value in fields.items():
            if name not in pairs:
                indent = " " * listed.value[n].value[0][0].start_mark.column
                gap = "" if text[:behind].endswith("\n") else newline
                pieces.append((behind, behind, f"{gap}{indent}{name}: {scalar(value)}{newline}"))
                continue
            key, old = pairs[name]
            start, end = old.start_mark.index, old.end_mark.index
            if isinstance(old, ScalarNode) and old.style in ("|", ">"):  # it ends where the next line begins
                head, tail = text[start : _line_end(text, start)], text[start:end]
                comment = re.search(r"[ \t]#.*", head.rstrip("\r\n"))
                kept = len(tail) - len(tail.rstrip())
                pieces.append((start, end, scalar(value) + (comment[0] if comment else "") + tail[len(tail) - kept :]))
            elif isinstance(old, SequenceNode) and not old.flow_style:
                close = _end_of_content(text, start, end, key.start_mark.column)
                pieces.append((key.end_mark.index, close, f": {scalar(value)}{newline}"))
            else:
                space = "" if text[start - 1 : start] in (" ", "\t") else " "
                pieces.append((start, end, space + scalar(value)))
    edited, pieces = text, sorted(pieces, key=lambda piece: piece[0])
    for start, end, new in reversed(pieces):
        edited = edited[:start] + new + edited[end:]
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


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Keeps dates as they are written. Where it is in C, its marks do not count a byte-order mark."""


class _LoaderOfMarks(yaml.SafeLoader):
    """The same in Python, whose marks count every code point."""


for _one in (_Loader, _LoaderOfMarks):
    _one.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: str(node.value))


def _list_in(text: str, name: str = "documents") -> Node:
    """Return the node under `documents`, or another name of _FILES."""
    try:
        root = yaml.compose(text, Loader=_LoaderOfMarks if text.startswith("\ufeff") else _Loader)
    except yaml.YAMLError as error:
        raise EditError(f"{_FILES[name]}: it is not valid YAML ({error}). Correct it first.") from None
    for key, value in root.value if isinstance(root, MappingNode) else ():
        if key.value == name and (isinstance(value, SequenceNode) or value.tag.endswith(":null")):
            return cast(Node, value)
    raise EditError(f"{_FILES[name]}: a list named {name!r} is expected. Write '{name}:' on a line of its own.")


def _entries(text: str, key: str = "documents") -> list[Any]:
    return list((yaml.load(text, Loader=_Loader) or {}).get(key) or [])


def _find(node: Node, identifier: str) -> tuple[SequenceNode, int]:
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


def _checked(text: str, edited: str, wanted: list[Any], key: str = "documents") -> str:
    """Return `edited` if it reads as `wanted`, with everything beside the documents as in `text`."""
    try:
        result, before = yaml.load(edited, Loader=_Loader), yaml.load(text, Loader=_Loader)
    except yaml.YAMLError:
        result, before = {}, None
    others = {k: v for k, v in (before or {}).items() if k != key}
    got = [_plain(one) for one in (result or {}).pop(key, None) or []] if isinstance(result, dict) else None
    if got != [_plain(one) for one in wanted] or result != others:
        raise EditError(f"{_FILES[key]}: it is laid out in a way that cannot be edited safely. Change it by hand.")
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
    keep_for_undo(before)
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


def remove_documents(project: Project, names: Sequence[str], manifest: str) -> None:
    """Put the new text of data/corpus.yml into place, then delete these documents' files."""
    paths = [path for name in names if (path := document_path(project, name)) is not None]
    for path in paths:
        keep_for_undo(path)
    with _undone_on_failure(project, manifest) as undo:
        _put_manifest(project, manifest, undo, check=False)
    for path in paths:
        path.unlink(missing_ok=True)
    if paths:
        _flush_folder(project.documents)


def put_manifest(project: Project, manifest: str) -> None:
    """Put the new text of data/corpus.yml into place. Raises InvalidDataError when it has mistakes."""
    with _undone_on_failure(project, manifest) as undo:
        _put_manifest(project, manifest, undo, check=True)


def put_checked(path: Path, text: str, check: Callable[[], object]) -> None:
    """Put a new text of a file of data/ into place; where `check` then raises, the old one is put back."""
    before = path.read_bytes()
    with contextlib.ExitStack() as undo:
        part = _write(path.parent, text.encode("utf-8"), undo)
        kept = _write(path.parent, before, undo)
        for one in (part, kept):
            shutil.copymode(path, one)
        part.replace(path)
        try:
            check()
        except BaseException:
            kept.replace(path)
            raise
    _flush_folder(path.parent)


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


# What a command changed can be undone: the bytes that were there before stand in .policybook/undo, a folder a change.
# It lies beside data/ and not in _build, which anybody may delete; git does not see it. data/measured is left out.
_UNDO, _MOST_CHANGES, _RECORD = ".policybook/undo", 20, "change.json"
_ABANDONED = 24 * 3600  # seconds after which what an interrupted command left there is swept


class UndoError(PolicybookError):
    """There is nothing to undo, or undoing it would lose what somebody did since."""


@dataclass
class UndoableChange:
    """What a command changes in data/, to be undone later. `what` says it in words: "added 3 documents"."""

    project: Project
    what: str
    _files: dict[str, bytes] = field(default_factory=dict)
    _documents: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _kept: dict[str, Path] = field(default_factory=dict)
    _folder: Path | None = None

    def begin(self) -> None:
        """Look at data/ before anything changes."""
        self._files = {self.project.name(path): path.read_bytes() for path in _small_files(self.project)}
        self._documents = _stamps_of_documents(self.project)

    def keep(self, path: Path) -> None:
        """Keep the bytes of a document that is to be replaced or deleted; received files are never written into."""
        name = self.project.name(path)
        if name in self._kept or not path.is_file():
            return
        kept = self._room() / str(len(self._kept))
        try:
            if path.is_symlink():
                raise OSError
            kept.hardlink_to(path)
        except OSError:
            shutil.copy2(path, kept)
        self._kept[name] = kept

    def finish(self) -> None:
        """Write down what has changed; nothing where nothing has."""
        try:
            if changed := self._changed():
                room = self._room()
                record = {"what": self.what, "when": datetime.now(UTC).isoformat(timespec="seconds"), "files": changed}
                (room / _RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
                for tries in range(10):
                    last = max((int(one.name) for one in _changes(self.project)), default=0)
                    try:
                        room.rename(room.parent / f"{last + 1:06}")
                        break
                    except OSError:  # another command has finished just now
                        if tries == 9:
                            raise
                for old in _changes(self.project)[:-_MOST_CHANGES]:
                    shutil.rmtree(old, ignore_errors=True)
            elif self._folder:
                self._clear(self._folder)
        except OSError as error:
            report_line(f"This cannot be undone later: {_UNDO} cannot be written ({error.strerror or error}).")

    def _changed(self) -> list[dict[str, str | None]]:
        """Return the files that have changed: the name of the bytes before and the hash of those after, or None."""
        changed: list[dict[str, str | None]] = []
        now = {self.project.name(path): path for path in _small_files(self.project)}
        for name in sorted({*self._files, *now}):
            after = now[name].read_bytes() if name in now else None
            if after != self._files.get(name):
                before = None
                if name in self._files:
                    before = f"f{len(changed)}"
                    (self._room() / before).write_bytes(self._files[name])
                changed.append({"file": name, "before": before, "after": None if after is None else _sha256(after)})
        documents = _stamps_of_documents(self.project)
        for name in sorted({*self._documents, *documents}):
            if self._documents.get(name) == documents.get(name):
                continue
            if name in self._documents and name not in self._kept:
                report_line(f"This cannot be undone later: what {name} was before was not kept.")
                return []
            after = (self.project.root / name).read_bytes() if name in documents else None
            changed.append({"file": name, "before": self._kept[name].name if name in self._kept else None,
                            "after": None if after is None else _sha256(after)})  # fmt: skip
        return changed

    def _room(self) -> Path:
        if self._folder is None:
            above = self.project.root / _UNDO
            if not above.resolve().is_relative_to(self.project.root.resolve()):
                raise OSError(0, "it is a link that leads out of the project")
            above.mkdir(parents=True, exist_ok=True)
            (above.parent / ".gitignore").write_text("*\n", encoding="utf-8")
            for left in above.glob("new-*"):
                if time.time() - left.stat().st_mtime > _ABANDONED:
                    shutil.rmtree(left, ignore_errors=True)
            self._folder = Path(tempfile.mkdtemp(prefix="new-", dir=above))
        return self._folder

    def _clear(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        if not any(folder.parent.iterdir()):
            shutil.rmtree(folder.parent.parent, ignore_errors=True)


#: The change that is under way in this process, if any.
_under_way: list[UndoableChange] = []


@contextlib.contextmanager
def undoable(project: Project, what: str) -> Iterator[UndoableChange]:
    """Let `policybook undo` undo, as one change, whatever happens inside to files of data/ but data/measured.

    `what` says in words what is done; it may be put more exactly inside, by its attribute `what`. What an error or
    Ctrl-C leaves changed can be undone too. Documents have to be changed by the functions of this module.
    """
    change = UndoableChange(project, what)
    if _under_way:  # part of a larger change, which is undone as a whole
        yield change
        return
    change.begin()
    _under_way.append(change)
    try:
        yield change
    finally:
        _under_way.clear()
        change.finish()


def keep_for_undo(path: Path) -> None:
    """Keep the bytes of a document that is to be replaced or deleted, while something undoable is under way."""
    for change in _under_way:
        change.keep(path)


@dataclass(frozen=True)
class Undone:
    """A change that was undone: what and when it was, files put back and files taken away; what can be undone next."""

    what: str
    when: str
    put_back: tuple[str, ...]
    taken_away: tuple[str, ...]
    next: str


def undo_last(project: Project) -> Undone:
    """Undo the last change of data/ that a command made: every file has the bytes again that it had before.

    Raises UndoError, and does nothing, when there is none or a file of it has been changed since.
    """
    with writing(project):
        changes = _changes(project)
        if not changes:
            raise UndoError("Nothing to undo: no command has changed data/ here, or all of it is undone.")
        record = _read_change(changes[-1])
        files = [(project.root / one["file"], one["before"] and changes[-1] / one["before"], one["after"])
                 for one in record["files"]]  # fmt: skip
        for path, before, after in files:
            now = _hash_of(path)
            if now not in (after, before and _hash_of(before)):
                raise UndoError(
                    f"{project.name(path)} has been changed since the last command here {record['what']} "
                    f"({record['when']}); undoing would lose that. Take your change out first, or correct it by hand."
                )
        files.sort(key=lambda one: (one[0] == project.corpus_file, one[0]))
        for path, before, _ in files:
            if before:
                _put_copy(before, path)
        for path, before, _ in files:
            if not before:
                path.unlink(missing_ok=True)
        shutil.rmtree(changes[-1])
        put_back = tuple(project.name(path) for path, before, _ in files if before)
        taken = tuple(project.name(path) for path, before, _ in files if not before)
        following = _read_change(changes[-2])["what"] if len(changes) > 1 else ""
        return Undone(record["what"], record["when"], put_back, taken, following)


def _put_copy(kept: Path, path: Path) -> None:
    """Put a file with the bytes of `kept` at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as undo:
        part = _write(path.parent, kept.read_bytes(), undo)
        if path.is_file():
            shutil.copymode(path, part)
        part.replace(path)
    _flush_folder(path.parent)


def _changes(project: Project) -> list[Path]:
    """Return the folders of the changes that can be undone, the oldest first."""
    above = project.root / _UNDO
    return sorted(one for one in above.glob("*") if one.name.isdigit()) if above.is_dir() else []


def _read_change(folder: Path) -> dict[str, Any]:
    """Return the record of a change. Raises UndoError where it is none, or names what is not in data/."""
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        root = folder.parents[2]
        for one in record["files"]:
            parts = PurePosixPath(one["file"]).parts
            inside = (root / one["file"]).parent.resolve().is_relative_to((root / "data").resolve())
            sound = one["before"] is None or (folder / Path(one["before"]).name).is_file()
            if parts[0] != "data" or ".." in parts or not inside or not sound or "/" in (one["before"] or ""):
                raise ValueError
        return {"what": str(record["what"]), "when": str(record["when"]), "files": record["files"]}
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise UndoError(f"{_UNDO}/{folder.name} is damaged. Delete the folder .policybook to begin anew.") from None


def _small_files(project: Project) -> list[Path]:
    """Return the files of data/ but the documents and what was measured."""
    apart = (project.documents, project.measured)
    return [path for path in project.data.rglob("*") if path.is_file() and not path.name.startswith(_PREFIX)
            and not any(one in path.parents for one in apart)]  # fmt: skip


def _stamps_of_documents(project: Project) -> dict[str, tuple[int, ...]]:
    """Return what the system says of each document: a file that it says is the same was not changed."""
    found = ((path, path.stat()) for path in project.documents.glob("*")
             if path.is_file() and not path.name.startswith(_PREFIX))  # fmt: skip
    return {project.name(path): (one.st_size, one.st_mtime_ns, one.st_ino) for path, one in found}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_of(path: Path) -> str | None:
    return _sha256(path.read_bytes()) if path.is_file() else None
