"""A project's folder: where its files lie, and how they are read and named."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TypeVar

from policybook.errors import ProjectNotFoundError, UnreadableDocumentError

# Where the files of a project are. Every other module asks here and builds no path of its own ------


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
            if (folder / "data" / "corpus.yml").is_file():
                return cls(folder)
        raise ProjectNotFoundError(
            f"{here}: neither this folder nor one above it has data/corpus.yml. "
            "Change into a policybook project or name one with --project DIR."
        )

    @property
    def data(self) -> Path:
        """The evidence and every judgement made about it."""
        return self.root / "data"

    @property
    def corpus_file(self) -> Path:
        """One entry a document."""
        return self.data / "corpus.yml"

    @property
    def documents(self) -> Path:
        """The texts exactly as received."""
        return self.data / "documents"

    @property
    def comparisons_file(self) -> Path:
        """The pairs, and sequences of periods, that the book compares."""
        return self.data / "comparisons.yml"

    @property
    def recommended_file(self) -> Path:
        """The texts that the project recommends to add."""
        return self.data / "recommended.yml"

    @property
    def briefs(self) -> Path:
        """What documents say, in a person's words: one file a document."""
        return self.data / "briefs"

    @property
    def lexicon(self) -> Path:
        """The coding scheme."""
        return self.data / "lexicon"

    @property
    def facts(self) -> Path:
        """Figures with an origin on every row."""
        return self.data / "facts"

    @property
    def measured(self) -> Path:
        """Counts measured from texts that are not shipped, a folder each."""
        return self.data / "measured"

    @property
    def notebooks(self) -> Path:
        """The parameterised templates."""
        return self.root / "notebooks"

    @property
    def runs_file(self) -> Path:
        """Which template, for each of what, makes which page."""
        return self.notebooks / "runs.yml"

    @property
    def book(self) -> Path:
        """The hand-written pages, and beside them the pages that notebooks make."""
        return self.root / "book"

    @property
    def build(self) -> Path:
        """What a build makes; nothing in it is committed."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """The published site."""
        return self.build / "html"

    def name(self, path: Path) -> str:
        """Return `path` as a user would type it: relative to the project where it is inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


# Opening what a user names: regular files only, of a size that can be read, and never waiting for one ---


#: The largest file that is read, in bytes.
LARGEST_FILE = 50 * 1024 * 1024


def shown(name: object, most: int = 200) -> str:
    """Return a name as one harmless line: control, bidi and undecodable characters as escapes, the middle cut."""
    text = "".join(
        char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else _escape(char)
        for char in str(name)
    )
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


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


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


# What is made of data/lexicon is made once for the same files, whichever project they stand in --------

_REMEMBERED = 4
Made = TypeVar("Made")


def once_for_the_same_lexicon(load: Callable[[Project], Made]) -> Callable[[Project], Made]:
    """Let a reader of data/lexicon remember what it made; for readers whose results nobody changes.

    Mistakes are not remembered: their sentences name the files of the project at hand.
    """
    made: OrderedDict[str, Made] = OrderedDict()

    @wraps(load)
    def remembering(project: Project) -> Made:
        key = _hash_folder(project.lexicon)
        if key not in made:
            made[key] = load(project)
            while len(made) > _REMEMBERED:
                made.popitem(last=False)
        return made[key]

    return remembering


def _hash_folder(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
