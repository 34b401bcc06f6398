"""Looking words up where they stand: the longest form that begins, or ends, at one place of a text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

# Characters that mean the same beside a number, each replaced by one character, so that offsets stay true.
_SAME = str.maketrans(
    {
        **{chr(0xFF01 + n): chr(0x21 + n) for n in range(94)},
        **dict.fromkeys("‐‑‒–—―−﹣", "-"),
        **dict.fromkeys("～〜∼", "~"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000\t\r\n", " "),
        "’": "'",
        "﹪": "%",
        "〇": "零",
        "○": "零",
    }
)


def level(text: str) -> str:
    """Return `text` in small letters, full-width characters and dashes levelled; its length does not change."""
    lowered = text.translate(_SAME)
    small = lowered.lower()
    if len(small) != len(lowered):  # a few letters become two, such as the Turkish capital I with a dot
        small = "".join(low if len(low := char.lower()) == 1 else char for char in lowered)
    return small


class FormTable(Generic[T]):
    """Forms, each with a value; a later form that is the same as an earlier one is ignored.

    A Latin form is found only between word boundaries; a digit is none (30km, US$5).
    """

    def __init__(self, forms: Iterable[tuple[str, T]]) -> None:
        values: dict[str, T] = {}
        for form, value in forms:
            values.setdefault(level(form), value)
        self._values = values
        self._begin: dict[str, list[str]] = {}
        self._end: dict[str, list[str]] = {}
        for form in sorted(values, key=lambda one: (-len(one), one)):
            self._begin.setdefault(form[0], []).append(form)
            self._end.setdefault(form[-1], []).append(form)

    def at(self, text: str, start: int) -> tuple[int, T] | None:
        """Return the end and the value of the longest form that begins at `start`."""
        for form in self._begin.get(text[start : start + 1], ()):
            end = start + len(form)
            if text.startswith(form, start) and not _cuts(text, end):
                return end, self._values[form]
        return None

    def ending(self, text: str, end: int) -> tuple[int, T] | None:
        """Return the start and the value of the longest form that ends at `end`."""
        for form in self._end.get(text[end - 1 : end], ()) if end else ():
            start = end - len(form)
            if start >= 0 and text.startswith(form, start) and not _cuts(text, start):
                return start, self._values[form]
        return None


def _cuts(text: str, place: int) -> bool:
    """Whether `place` stands inside a Latin word."""
    return 0 < place < len(text) and is_letter(text[place - 1]) and is_letter(text[place])


def is_letter(char: str) -> bool:
    """Whether a character is a letter of a script that writes words (not Chinese)."""
    return char.isalpha() and ord(char) < 0x2E80


def skip_spaces(text: str, place: int, *, most: int = 3) -> int:
    """Return the first place behind at most `most` spaces."""
    stop = min(place + most, len(text))
    while place < stop and text[place] == " ":
        place += 1
    return place


def skip_spaces_back(text: str, place: int, *, most: int = 3) -> int:
    """Return the last place in front of at most `most` spaces."""
    stop = max(place - most, 0)
    while place > stop and text[place - 1] == " ":
        place -= 1
    return place
