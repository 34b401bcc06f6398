"""One exception for each thing a user can put right. Each carries its data and says what to do."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice


def shown(name: object, most: int = 200) -> str:
    """Return a text as one harmless line: control, bidi and undecodable characters as escapes, the middle cut."""
    text = str(name)
    if len(text) > 2 * most:
        text = f"{text[:most]}{text[-most:]}"
    text = "".join(
        char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else _escape(char)
        for char in text
    )
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def many(count: int, one: str, several: str = "") -> str:
    """Return a number with what is counted, in the singular for one; `several` is by default `one` with an s."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


#: Words are compared as far as this and with so many others, and so many are listed; then how long sentences may be.
_LONG, _MANY, _LISTED = 80, 1000, 150
_SENTENCE, _REMEDY = 400, 2000


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option spelled most like `word`, of equals the first, or None when nothing is close."""
    wanted = str(word)[:_LONG].lower()
    alike = {one: likeness(one[:_LONG].lower(), wanted) for one in map(str, islice(options, _MANY))}
    close = max(alike, key=lambda one: alike[one], default="")
    return close if alike.get(close, 0) >= CLOSE else None


#: Names less alike than this (of 1) are not taken for one another; one that holds another of so many letters is.
CLOSE, _HOLDS = 0.6, 4


def likeness(one: str, other: str) -> float:
    """Return how alike two names are: 1 where they are the same, nearly so where the one holds the whole other."""
    match = SequenceMatcher(None, one, other)
    found = match.ratio() if match.quick_ratio() > CLOSE / 2 else match.quick_ratio() / 2
    return max(found, 0.9) if len(other) >= _HOLDS and other in one else found


def suggest(word: object, options: Iterable[object]) -> str:
    """Return "Did you mean X? Known: …" for a word that is none of `options`."""
    known = [str(option) for option in options]
    close = nearest(str(word), known)
    hint = f"Did you mean {close!r}? " if close else ""
    if len(known) > _LISTED:
        known = [*known[:10], f"… and {len(known) - 10} others"]
    return f"{hint}Known: {', '.join(known) or '(none)'}."


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in one file: where it is, what is wrong and how to put it right."""

    file: str
    line: int
    field: str
    message: str
    fix: str = ""

    def __post_init__(self) -> None:
        for name, most in (("field", _LONG), ("message", _SENTENCE), ("fix", _REMEDY)):
            object.__setattr__(self, name, shown(getattr(self, name), most))

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f"{self.field}: " if self.field else ""
        return f"{place}: {field}{self.message}{' ' + self.fix if self.fix else ''}"


class PolicybookError(Exception):
    """Something in the input must be put right; the message says what."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of it: the message."""
        return [f"policybook: {self}"]


class InvalidDataError(PolicybookError):
    """Mistakes in the files under data/ or notebooks/, all of them at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def raise_problems(problems: Sequence[Problem]) -> None:
    """Raise InvalidDataError when there are any problems."""
    if problems:
        raise InvalidDataError(problems)


class ProjectNotFoundError(PolicybookError):
    """No folder at or above the given one holds a policybook project."""


class UnreadableDocumentError(PolicybookError):
    """A document cannot be read as text."""


class SelectionError(PolicybookError):
    """A selection names a field or a value that the corpus does not have."""


class UnknownPageError(PolicybookError):
    """A page, document or passage was asked for that this book does not have."""


class MissingGlyphError(PolicybookError):
    """The book's font cannot show a character of a figure."""


class ExecutionError(PolicybookError):
    """A notebook stopped with an error."""


class BuildError(PolicybookError):
    """The site could not be built from the executed pages."""


class DownloadError(PolicybookError):
    """A document cannot be fetched from its address."""


class DuplicateDocumentError(PolicybookError):
    """A document stands in the corpus already, or its id is taken."""


class UnknownDocumentError(PolicybookError):
    """A document was named that data/corpus.yml does not list."""


class AnswerError(PolicybookError):
    """What a user says of a document cannot be used, or is missing and nobody is there to be asked."""


class FolderError(PolicybookError):
    """A folder cannot be written to, or a new project cannot be made in it."""


class ClusterError(PolicybookError):
    """The workers that were asked for cannot be had, or cannot do the work."""


class ComparisonError(PolicybookError):
    """Two selections cannot be compared: one is empty, or they share passages.

    `code` is a text of words comparison.clash, `values` are what it asks for.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(f"{code} {values}")
