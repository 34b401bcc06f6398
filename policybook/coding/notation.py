"""The notation of forms in the schemes: alternatives, optional parts, gaps and named groups.

    settle in (cities | towns)          one of the alternatives
    people (who)? move to cities        an optional part
    promote … urbanization              a gap of up to three words (Chinese: six characters) without punctuation
    grant …6 residency                  a gap of up to six
    settle in <cities>                  a group of alternatives that has a name

In English a step is a word, in Chinese a character. A comma in an English form may be missing in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from types import MappingProxyType

from policybook.corpus.matching import ENGLISH, fold, spelling
from policybook.errors import suggest

#: The longest gap that can be asked for, and the one that is meant where no number stands.
LONGEST_GAP = 12
USUAL_GAP = MappingProxyType({"en": 3, "zh": 6})
NO_GROUPS: Mapping[str, str] = MappingProxyType({})

#: Groups may name groups, so deep.
_DEEPEST = 5
_NAMED = re.compile(r"<([^<>]*)>")
_PARTS = re.compile(rf"(?P<gap>(?:…|\.\.\.)(?P<size>\d*))|(?P<mark>[()|?])|(?P<word>{ENGLISH})|(?P<space>[\s\"']+)")


@dataclass(frozen=True)
class Gap:
    """Up to `most` words (characters, in Chinese) that may stand between two steps."""

    most: int


@dataclass(frozen=True)
class Choice:
    """One of several sequences, or none of them where it is optional."""

    options: tuple[Form, ...]
    optional: bool


Step = str | Gap
#: A form as read: its parts in order.
Form = tuple["str | Gap | Choice", ...]


class NotationError(ValueError):
    """A form is not written in the notation; the message says what is wrong with it."""


def parse(form: str, language: str, groups: Mapping[str, str] = NO_GROUPS) -> Form:
    """Return a form as read. `groups` are the named ones, which may name each other. Raises NotationError."""
    reader = _Reader(_cut(write_out(form, groups), language), language)
    parts = reader.read()
    if all(isinstance(part, Choice) and part.optional for part in parts):
        raise NotationError("all of it is optional")
    if any(isinstance(end, Gap) for end in (parts[0], parts[-1])):
        raise NotationError("a gap stands at its beginning or end")
    return parts


def write_out(form: str, groups: Mapping[str, str]) -> str:
    """Return a form with alternatives in brackets for the groups that it names. Raises NotationError."""
    for _ in range(_DEEPEST):
        for name in _NAMED.findall(form):
            if name not in groups:
                raise NotationError(f"no group is named {name!r}. {suggest(name, groups)}")
        written = _NAMED.sub(lambda found: f"({groups[found[1]]})", form)
        if written == form:
            return form
        form = written
    raise NotationError("its groups name each other without end")


def spell_out(form: Form, most: int | None = None) -> Iterator[tuple[Step, ...]]:
    """Yield the sequences of steps that a form stands for, in the order of its alternatives.

    There may be very many: with `most`, that many of them at the most, and so of every part.
    """
    chosen: list[list[tuple[Step, ...]]] = []
    for part in form:
        if isinstance(part, Choice):
            options = (steps for option in part.options for steps in spell_out(option, most))
            chosen.append([*islice(options, most), *([()] if part.optional else [])])
        else:
            chosen.append([(part,)])
    for steps in islice(product(*chosen), most):
        yield tuple(step for some in steps for step in some)


def plain(steps: tuple[Step, ...], language: str) -> str | None:
    """Return steps as a text that they match; None where there is a gap."""
    if any(isinstance(step, Gap) for step in steps):
        return None
    return ("" if language == "zh" else " ").join(str(step) for step in steps)


class _Reader:
    """Reads the parts of a form from left to right."""

    def __init__(self, parts: list[str | Gap], language: str) -> None:
        self._parts = parts
        self._language = language
        self._next = 0

    def read(self) -> Form:
        """Return the whole form; alternatives at its outermost level are one choice."""
        options = self._options(end="")
        return options[0] if len(options) == 1 else (Choice(options, optional=False),)

    def _peek(self) -> str | Gap:
        return self._parts[self._next] if self._next < len(self._parts) else ""

    def _take(self) -> str | Gap:
        part = self._peek()
        self._next += 1
        return part

    def _options(self, end: str) -> tuple[Form, ...]:
        found = []
        while True:
            found.append(self._sequence())
            if not found[-1]:
                raise NotationError("an alternative is empty" if end or len(found) > 1 else "it is empty")
            part = self._take()
            if part == end:
                return tuple(found)
            if part != "|":
                raise NotationError("a ')' has no '('" if part == ")" else "a '(' is not closed")

    def _sequence(self) -> Form:
        parts: list[str | Gap | Choice] = []
        while (part := self._peek()) not in ("", "|", ")"):
            self._take()
            if part == "?":
                raise NotationError("a '?' stands behind no ')'")
            if part == "(":
                parts.append(self._choice())
            elif part == "," and self._language == "en":
                parts.append(Choice(((",",),), optional=True))
            else:
                parts.append(part)
        return tuple(parts)

    def _choice(self) -> Choice:
        options = self._options(end=")")
        optional = self._peek() == "?"
        if optional:
            self._take()
        return Choice(options, optional)


def _cut(form: str, language: str) -> list[str | Gap]:
    """Return the words (characters), marks and gaps of a form."""
    parts: list[str | Gap] = []
    for found in _PARTS.finditer(fold(form)):
        if found["gap"]:
            most = int(found["size"] or USUAL_GAP[language])
            if not 0 < most <= LONGEST_GAP:
                raise NotationError(f"a gap of {most} is not between 1 and {LONGEST_GAP}")
            parts.append(Gap(most))
        elif found["mark"]:
            parts.append(found["mark"])
        elif found["word"] and language == "zh":
            parts.extend(found["word"])
        elif found["word"]:
            parts.append(spelling(found["word"]))
    return parts
