"""Files of data/ are changed, all or none, by one process at a time; and a change is undone."""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from policybook.corpus.manifest import document_path, load_manifest
from policybook.corpus.scope import load_vocabulary

from policybook.errors import (  # isort: skip
    DuplicateDocumentError, FolderError, InvalidDataError, PolicybookError, Problem,
)
from policybook.project import Project, report_line

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


def add_document(project: Project, name: str, content: bytes, manifest: str, alone: str = "") -> None:
    """Put a new document into data/documents and the new text of data/corpus.yml into place.

    `alone` is a text with the new entry only, which is checked then, where the rest is known to be as it was checked.
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
        if alone:
            load_manifest(project, load_vocabulary(project), path=alone.encode("utf-8"))
        _put_manifest(project, manifest, undo, check=not alone)


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
