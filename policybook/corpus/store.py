"""Changing data/corpus.yml and data/documents together: all of a change happens, or nothing does.

Files are written beside their place, flushed, and renamed into it; data/corpus.yml last when a document comes,
first when one goes, so that at no moment it lists a document that is not there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from policybook.corpus.manifest import document_path, load_manifest
from policybook.corpus.vocabulary import load_vocabulary
from policybook.errors import DuplicateDocumentError, FolderError, InvalidDataError, Problem
from policybook.project import Project

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
        where = project.name(project.data)
        raise FolderError(
            f"{where}: it cannot be written ({error.strerror or type(error).__name__}). Check permissions and space."
        ) from None


def read_manifest(project: Project) -> str:
    """Return the text of data/corpus.yml with its line ends as they are."""
    try:
        return project.corpus_file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        name = project.name(project.corpus_file)
        problem = Problem(name, 0, "", f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.")
        raise InvalidDataError([problem]) from None


def add_document(project: Project, name: str, content: bytes, manifest: str) -> None:
    """Put a new document into data/documents and the new text of data/corpus.yml into place.

    Raises DuplicateDocumentError when the file exists, InvalidDataError when the new data/corpus.yml has mistakes.
    """
    path = _place(project, name)
    made_folder = not project.documents.is_dir()
    project.documents.mkdir(exist_ok=True)
    if os.path.lexists(path):
        if path.is_symlink() or not path.is_file() or path.read_bytes() != content:
            raise DuplicateDocumentError(f"{project.name(path)} exists already. Choose another id with --id.")
        fresh = False  # left behind by a crash, or put there by hand
    else:
        fresh = True
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
            name = project.name(path)
            raise FolderError(f"{name} is a link that leads out of data/. Put the files themselves there.")


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
