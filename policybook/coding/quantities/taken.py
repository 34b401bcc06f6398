"""Stretches of a sentence that are spoken for: dates already read, names that hold a number, quoted catchwords."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from policybook.coding.quantities.entries import Names
from policybook.corpus.matching import Phrases, is_letter

_QUOTED = re.compile(r"[“\"‘「『]([^“”\"‘’「」『』，。；：]{1,40})[”\"’」』]")
#: The longest quotation that is a catchword and not speech, in Chinese characters and in English words.
_HAN_CATCHWORD, _ENGLISH_CATCHWORD = 12, 5


class Taken:
    """Stretches of one text, for asking whether a place lies in one of them."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(stretches)
        self._starts = [start for start, _ in ordered]
        self._reach: list[int] = []  # the furthest end of all stretches up to here
        for _, end in ordered:
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any stretch shares a character with `start`–`end`."""
        before = bisect_right(self._starts, end - 1)
        return before > 0 and self._reach[before - 1] > start


class NameList:
    """Expressions with a number that are no quantities: fixed ones, and patterns around a number."""

    def __init__(self, names: Names) -> None:
        self._fixed = {
            "zh": Phrases((name, name) for name in (*names.zh, *names.en)),
            "en": Phrases(((name, name) for name in names.en), with_plurals=True),
        }
        # by the last letter before the number ("" where the pattern begins with it) and one or two behind it
        self._around: dict[tuple[str, str], list[tuple[str, re.Pattern[str] | None]]] = {}
        for before, behind in (pattern.lower().split("#") for pattern in map(_marked, names.patterns)):
            key = (before.rstrip()[-1:], _key(behind.partition("…")[0][:2]))
            self._around.setdefault(key, []).append((before, _pattern(behind) if behind else None))

    def stretches(self, text: str, language: str) -> list[tuple[int, int]]:
        """Return where the fixed names stand in a text."""
        return [(match.start, match.end) for match in self._fixed[language].find(text)]

    def holds(self, flat: str, start: int, end: int, *, ordinal: bool = False) -> bool:
        """Whether the number from `start` to `end` of a levelled text stands in one of the patterns.

        Of an ordinal, whose number stands behind 第, only the patterns with words before the number are asked.
        """
        letter = flat[max(0, start - 2) : start].rstrip()[-1:]
        following = _key(flat[end : end + 2])
        keys = [(letter, following), (letter, following[:1]), (letter, "")] if letter else []
        if not ordinal:
            keys += [("", following), ("", following[:1])]
        return any(
            _ends_with(flat, start, before) and (behind is None or behind.match(flat, end) is not None)
            for key in dict.fromkeys(keys)
            for before, behind in self._around.get(key, ())
        )


def _marked(pattern: str) -> str:
    return pattern.replace("N", "#")


def _key(chars: str) -> str:
    return chars.replace("-", " ")


def _pattern(words: str) -> re.Pattern[str]:
    """Return a pattern for what stands behind a number; … is up to six Chinese characters or three words."""
    english = is_letter(words[-1])
    written = "[ -]".join(re.escape(part) for part in re.split("[ -]", words))
    few = r"(?: [\w'-]+){0,3}" if english else r"[\u4e00-\u9fff]{0,6}"
    return re.compile(written.replace("[ -]…", few).replace("…", few) + (r"(?:s?\b)" if english else ""))


def _ends_with(flat: str, place: int, words: str) -> bool:
    start = place - len(words)
    if start < 0 or not flat.startswith(words, start):
        return False
    return not (words and start and is_letter(words[0]) and is_letter(flat[start - 1]))


def quoted_catchwords(text: str) -> list[tuple[int, int]]:
    """Return the short quotations of a text: “三严三实”, “5+9”, "six guarantees"."""
    return [match.span() for match in _QUOTED.finditer(text) if _is_short(match[1])]


def _is_short(quoted: str) -> bool:
    if any("\u4e00" <= char <= "\u9fff" for char in quoted):
        return len(quoted) <= _HAN_CATCHWORD
    return len(quoted.split()) <= _ENGLISH_CATCHWORD
