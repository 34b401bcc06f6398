"""A project's folder: where its files lie, how they are read and named, and how far long work on them is."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TypeVar

from policybook.errors import ProjectNotFoundError, UnreadableDocumentError, shown


class _Place:
    """A file or folder of a project: an attribute of Project that gives its path."""

    def __init__(self, inside: str, about: str) -> None:
        self._inside, self.__doc__ = inside, about

    def __get__(self, project: Project, _: type[Project]) -> Path:
        return project.root / self._inside


@dataclass(frozen=True)
class Project:
    """A folder that holds `data/corpus.yml`, and the places of everything in it."""

    root: Path

    @classmethod
    def find(cls, start: Path | str | None = None) -> Project:
        """Return the project at `start` or in the nearest folder above it.

        Raises ProjectNotFoundError when neither `start` nor a folder above it is a project.
        """
        here = Path(start).resolve() if start else Path.cwd()
        for folder in (here, *here.parents):
            if os.path.lexists(folder / "data" / "corpus.yml"):
                return cls(folder)
        fix = "Change into a policybook project, or name one: --project DIR, in Python open_book(DIR)."
        raise ProjectNotFoundError(f"{here}: neither this folder nor one above it has data/corpus.yml. {fix}")

    data = _Place("data", "The evidence and every judgement made about it.")
    corpus_file = _Place("data/corpus.yml", "One entry a document.")
    documents = _Place("data/documents", "The texts exactly as received.")
    comparisons_file = _Place("data/comparisons.yml", "The pairs, and sequences of periods, that the book compares.")
    topics_file = _Place("data/topics.yml", "What passages are brought together about, where a book has such pages.")
    recommended_file = _Place("data/recommended.yml", "The texts that the project recommends to add.")
    anchors_file = _Place("data/anchors.csv", "What stood where in the published editions.")
    briefs = _Place("data/briefs", "What documents say, in a person's words: one file a document.")
    lexicon = _Place("data/lexicon", "The coding scheme.")
    facts = _Place("data/facts", "Figures with an origin on every row.")
    measured = _Place("data/measured", "Counts measured from texts that are not shipped, a folder each.")
    notebooks = _Place("notebooks", "The parameterised templates.")
    runs_file = _Place("notebooks/runs.yml", "Which template, for each of what, makes which page.")
    book = _Place("book", "The hand-written pages, and beside them the pages that notebooks make.")
    build = _Place("_build", "What a build makes; nothing in it is committed.")
    site = _Place("_build/html", "The published site.")

    def page(self, name: str) -> Path:
        """Return the file that a page made by a notebook is put into."""
        return self.book / f"{name}.ipynb"

    def name(self, path: Path) -> str:
        """Return `path` as a user would type it: relative to the project where it is inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


#: What a language is called: en, zh, zh-Hant; and before a page's name, where it is not the project's: zh/index.
LANGUAGE_NAME = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]+)*")


def language_and_page(page: str) -> tuple[str, str]:
    """Return the language that a page's name begins with, "" where it is the project's, and the name without it."""
    language, slash, rest = page.partition("/")
    return (language, rest) if slash and LANGUAGE_NAME.fullmatch(language) else ("", page)


def is_search_page(page: str) -> bool:
    """Return whether a page is one of those that search the book, of which each language has one."""
    return language_and_page(page)[1] == "search"


#: The template of the register, and its page: a table of all documents, where these are more than have a page each.
REGISTER, REGISTER_PAGE = "register", "chapters/register"
#: So many documents have a page each, unless notebooks/runs.yml says otherwise.
UP_TO = 100


def has_register(entry: Mapping[str, object], documents: int) -> bool:
    """Whether an entry of notebooks/runs.yml is for the pages of documents, and there are more than have one each."""
    page, up_to = language_and_page(str(entry.get("page")))[1], entry.get("up_to", UP_TO)
    of_documents = entry.get("each") == "documents" and page.startswith("documents/")
    return of_documents and isinstance(up_to, int) and documents > up_to


#: The largest file that is read, in bytes.
LARGEST_FILE = 50 * 1024 * 1024


def read_file(path: Path, *, limit: int = LARGEST_FILE) -> bytes:
    """Return the bytes of a regular file.

    Raises UnreadableDocumentError for whatever else the name leads to: nothing, a folder, a pipe, a device, a
    link out of its own folder, a file over `limit` bytes or without permission. Never waits.
    """
    name = shown(path)
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
            raise UnreadableDocumentError(
                f"{name}: it is a link that leads out of its folder. Name the file itself, or copy it here."
            )
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise UnreadableDocumentError(f"{name}: it is a folder. Name the files in it.")
        if not stat.S_ISREG(kind):
            raise UnreadableDocumentError(f"{name}: it is no regular file but a pipe or a device. Save it as a file.")
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # exchanged since it was looked at
                raise UnreadableDocumentError(f"{name}: it is no regular file. Save it as a file.")
            content = file.read(limit + 1)
    except FileNotFoundError:
        kind_of = "the link leads to nothing" if path.is_symlink() else "there is no such file"
        raise UnreadableDocumentError(f"{name}: {kind_of}. Check the name.") from None
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links; ValueError: NUL in a name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be used"
        raise UnreadableDocumentError(
            f"{name}: it cannot be opened ({reason}). Check its name and permissions."
        ) from None
    if len(content) > limit:
        size = f"{limit / 1024 / 1024:.3g} MB"
        raise UnreadableDocumentError(f"{name}: it is larger than {size}. Split it, or take out what is not text.")
    return content


def _open_without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))


#: What numpy's libraries are told, so that a process stays one that can be forked, and two do not take four cores.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

# What a page reads is written down as it is read, so that a build knows when the page is to be made again ------------

#: The variable of a kernel's environment that names the file for it.
READS = "POLICYBOOK_READS"
#: The variable that names the language of the page it makes, where that is not the project's.
LANGUAGE = "POLICYBOOK_LANGUAGE"
#: How a text that concepts are looked for in is noted as read, before its language and itself as JSON.
FINDS = "finds"
#: How a text of which it is asked which words of the scheme stand in it is noted, likewise.
STANDS = "stands"
_OPENED = {"open", "os.listdir", "os.scandir", "sqlite3.connect", "subprocess.Popen", "os.system"}
_unnoted = 0
_noted: set[str] | None = None
_file = -1


def record_reads() -> None:
    """From now on write down, a line each, what this process opens and what note_read is told: into the file $READS.

    A line is `open PATH`, `list FOLDER`, `run` where another program was started, or a name given to note_read.
    """
    global _noted, _file
    _file = os.open(os.environ[READS], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    _noted = set()
    sys.addaudithook(_note_event)


def records_reads() -> bool:
    """Return whether what note_read is told is written down just now."""
    return _noted is not None and not _unnoted


def note_read(what: str) -> None:
    """Write down that `what` was read, where reads are recorded."""
    if _noted is not None and not _unnoted and what not in _noted:
        _noted.add(what)
        os.write(_file, f"{what}\n".encode("utf-8", "surrogateescape"))


@contextmanager
def reads_unnoted() -> Iterator[None]:
    """Write nothing down inside: whoever enters notes the whole of it."""
    global _unnoted
    _unnoted += 1
    try:
        yield
    finally:
        _unnoted -= 1


def _note_event(event: str, values: tuple[object, ...]) -> None:
    if event not in _OPENED or _unnoted:
        return
    path = values[0] if values else None
    if event in ("subprocess.Popen", "os.system"):
        note_read("run")
    elif isinstance(path, str | bytes | os.PathLike):
        if event == "open" and isinstance(values[2], int) and values[2] & os.O_ACCMODE == os.O_WRONLY:
            return
        kind = "list" if event in ("os.listdir", "os.scandir") else "open"
        note_read(f"{kind} {os.path.abspath(os.fsdecode(path))}")  # noqa: PTH100 a link stays as it was named


# What is made of data/lexicon is made once for the same files, whichever project they stand in --------

_REMEMBERED = 4
Made = TypeVar("Made")
Item = TypeVar("Item")


def once_for_the_same_lexicon(load: Callable[[Project], Made]) -> Callable[[Project], Made]:
    """Let a reader of data/lexicon remember what it made; for readers whose results nobody changes.

    Mistakes are not remembered: their sentences name the files of the project at hand.
    """
    made: OrderedDict[str, Made] = OrderedDict()

    @wraps(load)
    def remembering(project: Project) -> Made:
        note_read("book")  # which all of data/lexicon belongs to, but concepts' forms, which note themselves
        with reads_unnoted():
            key = hash_folder(project.lexicon)
            if key not in made:
                made[key] = load(project)
            while len(made) > _REMEMBERED:
                made.popitem(last=False)
            return made[key]

    return remembering


def hash_folder(folder: Path) -> str:
    """Return a hash of the names and the bytes of the files directly in a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        with suppress(UnreadableDocumentError):  # whoever reads it says so
            digest.update(os.fsencode(path.name) + b"\0" + hashlib.sha256(read_file(path)).digest())
    return digest.hexdigest()


def follow(items: Iterable[Item], total: int, *, unit: str, what: str) -> Iterable[Item]:
    """Return `items`, with a bar of their number where standard error is a terminal."""
    if not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    return tqdm(items, total=total, unit=unit, desc=what)


def report_line(line: str) -> None:
    """Print a line to standard error, above the bar where there is one."""
    if not sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)
        return
    from tqdm import tqdm

    tqdm.write(line, file=sys.stderr)


def text_width(text: str) -> int:
    """Return how many columns of a terminal a text takes: a Chinese character is as wide as two others."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def pad(text: str, width: int) -> str:
    """Return a text cut or filled to so many columns of a terminal."""
    if text_width(text) > width:
        kept = next(n for n in range(len(text), -1, -1) if text_width(text[:n]) < width)
        return pad(f"{text[:kept]}…", width)
    return text + " " * (width - text_width(text))
