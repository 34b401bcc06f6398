"""Numbers and amounts: what a found quantity holds, and which stretches of a sentence are taken."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from policybook.coding.quantity_words import Names, Use
from policybook.corpus.matching import Phrases, is_letter

# What is found: a quantity of a sentence -----------------------------------------------------------


#: A plain number, or an ISO date or document number.
Plain = int | float | str


@dataclass(frozen=True)
class FoundQuantity:
    """One quantity of a sentence: where it stands, its plain value, unit, qualifier, kind and indicator.

    `start` and `end` count code points of the sentence. `value` is a number with 万, 亿, million … multiplied out
    (of a percentage the number before %), a year, an ordinal, an ISO date as full as the text gives it (2024-08-29,
    2014-03, 03-30), a document number as it is written, or the two ends of a range.
    `indicator` is the Chinese term of the statistical indicator that the sentence names before it.
    """

    start: int
    end: int
    value: Plain | list[int | float]
    unit: str | None
    qualifier: str
    kind: str
    indicator: str | None = None


# A number as it stands in a text -------------------------------------------------------------------


#: The longest run of digits, or of Chinese numerals, that is read as a number; longer ones are codes.
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Number:
    """A number with its place in the text.

    `values` has two members where the words give a range by themselves (二三十). `more` is a qualifier that stands
    inside the number (三千多, 十来). `share` says that it is a percentage already (三分之一).
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    spelled: bool = False
    scaled: bool = False
    precise: bool = False
    headless: bool = False
    more: str = ""
    share: bool = False

    @property
    def is_one(self) -> bool:
        """Whether it is "one" in a word, which may be an article."""
        return self.spelled and len(self.values) == 1 and self.values[0] == 1

    @property
    def stands_alone(self) -> bool:
        """Whether it is a quantity also without a unit: large, written with decimals or separators, or a share."""
        return self.scaled or self.precise or self.share or bool(self.more)


def plain_number(value: Decimal) -> int | float:
    """Return a decimal as the int or the float that tables show."""
    rounded = round(value, 6)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """Return a fraction as a percentage, to two decimals unless it is exact."""
    share = part * 100 / whole
    return share if share == round(share, 4) else round(share, 2)


# A number, or a range of two, with what stands right behind it -------------------------------------


#: Gives the unit of the indicator to which a number at a place belongs.
Named = Callable[[int], str | None]

FOLD = Use("fold", one=True)
PERCENT = Use("percent", "percent", one=True)


@dataclass(frozen=True)
class Amount:
    """A number with its unit: where it stands, one value or the two ends of a range, and what stands behind it.

    `more` is the qualifier inside it (三千多, 五年多). `number` is what was read first.
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    number: Number
    use: Use | None
    more: str = ""

    def quantity(self, start: int, end: int, unit: str | None, qualifier: str) -> FoundQuantity:
        """Return the quantity of this amount, from `start` to `end`."""
        values = [plain_number(self._multiplied(value)) for value in self.values]
        if len(values) > 1:
            return FoundQuantity(start, end, values, unit, "range", self.kind)
        return FoundQuantity(start, end, values[0], unit, qualifier or "exact", self.kind)

    def plus_half(self) -> Amount:
        """Return this amount and a half, with the 半 behind it (五年半)."""
        return replace(self, end=self.end + 1, values=tuple(value + Decimal("0.5") for value in self.values))

    def _multiplied(self, value: Decimal) -> Decimal:
        if self.use and self.use.power:
            return Decimal(self.use.power) ** value
        return value * self.use.factor if self.use else value

    @property
    def kind(self) -> str:
        """The kind of quantity that the unit makes."""
        return self.use.kind if self.use else "count"


# Stretches of a sentence that are spoken for: dates already read, names that hold a number, quoted catchwords ---


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
