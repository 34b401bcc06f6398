"""Quantities are found in sentences of either language, with indicator, ordinal and document numbers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from policybook.coding.quantities_en import CALENDAR_EN, ENGLISH_WORDS, ORDINALS, TENS, EnglishNumbers
from policybook.coding.quantities_zh import BEFORE_MINGUO, CALENDAR_ZH, ChineseNumbers, read_plain

from policybook.coding.quantity_words import (  # isort: skip
    BESIDE_THE_POINT, FoundQuantity, Indicator, NameList, OrdinalWords, QuantityWords, Taken, Use,
    quoted_catchwords, with_plurals,
)
from policybook.corpus.matching import FormTable, Phrases, fold, is_letter, read_patterns, skip_spaces, skip_spaces_back
from policybook.corpus.scope import ScopeWords

_VALUES = {word: n for n, word in enumerate(ORDINALS, 1)}
_TENS = {word: 10 * n for n, word in enumerate(TENS, 2)}
_FORMS = read_patterns(__file__, tens="|".join(_TENS), ordinals="|".join(_VALUES))
# Which statistical indicator a quantity belongs to: the nearest one that the sentence names before it.
#: Numbers that can be years of a calendar that counts from 1912 and stand without its name.
_MINGUO_YEARS, _PLAIN = range(70, 151), ("exact", "range")
#: How far behind its indicator a quantity may stand, in characters.
_REACH = 80
#: The longest unit that a table names, in characters.
_LONGEST_UNIT = 24
_DIGITS = str.maketrans("oil", "011")
_KINDS = frozenset({"percent", "money", "area", "count"})


class Indicators:
    """The indicators of data/lexicon/quantities.yml."""

    def __init__(self, indicators: Sequence[Indicator], carried_on: ScopeWords) -> None:
        self._by_id = {indicator.id: indicator for indicator in indicators}
        self._phrases = Phrases((form, one.id) for one in indicators for form in (*one.zh, *one.en))
        self._carried_on = FormTable((form, form) for form in (*carried_on.zh, *carried_on.en))

    def of(self, text: str) -> NamedIndicators:
        """Return the indicators that a sentence names."""
        matches = self._phrases.find(text)
        return NamedIndicators(text, [match.end for match in matches], [self._by_id[match.key] for match in matches],
                               self._carried_on)  # fmt: skip


@dataclass(frozen=True)
class NamedIndicators:
    """The indicators of one sentence and where their names end."""

    text: str
    ends: Sequence[int]
    named: Sequence[Indicator]
    carried_on: FormTable[str]

    def before(self, place: int) -> Indicator | None:
        """Return the indicator to which a number at `place` belongs."""
        index = bisect_right(self.ends, place) - 1
        if index < 0 or place - self.ends[index] > _REACH:
            return None
        clauses = list(_FORMS["clause"].finditer(self.text, self.ends[index], place))
        if any(sign[0].strip() in "；;。、" for sign in clauses):
            return None
        follows = all(self.carried_on.at(self.text, sign.end()) for sign in clauses[:3])
        return self.named[index] if follows else None

    def unit(self, place: int) -> str | None:
        """Return the unit of the indicator to which a number at `place` belongs."""
        indicator = self.before(place)
        return indicator.unit if indicator else None

    def attach(self, one: FoundQuantity) -> FoundQuantity:
        """Return a quantity with its indicator."""
        indicator = None
        if one.kind in _KINDS and one.unit not in BESIDE_THE_POINT:
            indicator = self.before(one.start)
        return replace(one, indicator=indicator.term_zh) if indicator else one


# Numbers of official documents: 国发〔2024〕17号, Guo Fa [2024] No. 17.


def find_documents(text: str, flat: str, language: str) -> Iterator[FoundQuantity]:
    """Yield the document numbers of a text; the value is the number as it is written."""
    if language == "en":
        for match in _FORMS["english"].finditer(flat):
            yield _found(text, _english_start(text, match.start()), match.end())
    for match in _FORMS["chinese"].finditer(flat):
        yield _found(text, _chinese_start(text, match.start()), match.end())
    for match in _FORMS["order"].finditer(flat):
        yield _found(text, match.start(1), match.end())


def _found(text: str, start: int, end: int) -> FoundQuantity:
    return FoundQuantity(start, end, text[start:end], None, "exact", "doc_number")


def _chinese_start(text: str, place: int) -> int:
    name = _FORMS["name_zh"].search(text[max(0, place - 12) : place])
    if not name:
        return place
    lead = _FORMS["lead_zh"].match(name[0])
    return place - len(name[0]) + (lead.end() if lead else 0)


def _english_start(text: str, place: int) -> int:
    start = place
    while word := _FORMS["last_word"].search(text[max(0, start - 14) : start]):
        if word[1].lower() in ENGLISH_WORDS["no_office"] or place - start > 30:
            break
        start -= len(word[0])
    return start


# Ordinals: 第二次, 第十八届, the 18th, the second session.


class ChineseOrdinals:
    """Finds 第三次 and, in a ranking, 第三."""

    def __init__(self, words: OrdinalWords, names: NameList) -> None:
        self._behind = FormTable((form, form) for form in words.zh)
        self._ranks = FormTable((form, form) for form in words.ranks_zh)
        self._names = names

    def find(self, flat: str) -> Iterator[FoundQuantity]:
        """Yield the ordinals of a levelled sentence."""
        for match in _FORMS["ordinal_zh"].finditer(flat):
            if self._names.holds(flat, match.start("n"), match.end(), ordinal=True):
                continue
            value = read_plain(match["n"])
            counted = self._behind.at(flat, skip_spaces(flat, match.end()))
            end = counted[0] if counted else match.end()
            if value is not None and (counted or self._ranks.ending(flat, match.start())):
                yield FoundQuantity(match.start(), end, int(value), None, "exact", "ordinal")


_STEPS = 4


class EnglishOrdinals:
    """Finds the 18th, and the second before nouns that come in numbered order (session, round)."""

    def __init__(self, words: OrdinalWords, names: NameList) -> None:
        self._behind = FormTable((form, form) for form in with_plurals(words.en))
        self._ranks = FormTable((form, form) for form in words.ranks_en)
        self._names = names

    def find(self, flat: str) -> Iterator[FoundQuantity]:
        """Yield the ordinals of a levelled sentence."""
        for match in _FORMS["ordinal_en"].finditer(flat):
            if self._names.holds(flat, *match.span()) or self._names.holds(flat, *match.span(), ordinal=True):
                continue
            if match["digits"]:
                yield FoundQuantity(*match.span(), int(match["digits"]), None, "exact", "ordinal")
                continue
            end = self._end(flat, match)
            if end:
                value = _TENS.get(match["tens"] or "", 0) + _VALUES[match["word"]]
                yield FoundQuantity(match.start(), end, value, None, "exact", "ordinal")

    def _end(self, flat: str, match: re.Match[str]) -> int | None:
        if self._ranks.ending(flat, skip_spaces_back(flat, match.start())):
            return match.end()
        place = match.end()
        if flat.startswith("-", place) and not flat.startswith(("-largest", "-biggest", "-highest"), place):
            return None
        for step in range(_STEPS):
            word = _FORMS["step"].match(flat, place)
            if not word or word[1] in ENGLISH_WORDS["ordinal_ends"]:
                return None
            found = self._behind.at(flat, word.start(1))
            if found:
                return found[0] if step == 0 and found[1].endswith("est") else match.end()
            place = word.end()
        return None


class Context:
    """Knows what the sentences before one say of its numbers: the units of a table, and whose money 元 is.

    Asked in order. The cells of a table's row are parted by |, or by spaces behind a unit in brackets; its unit stands
    in the row, in the head of the column or above the table. In a Traditional text 元 may be money of another place.
    """

    def __init__(self, unit_of: Callable[[str], Use | None], *, traditional: bool = False,
                 minguo: bool = False) -> None:  # fmt: skip
        self._unit_of = unit_of
        self._traditional = traditional
        self._yuan: str | None = None if minguo else "CNY"
        self._minguo = minguo
        self._above: Use | None = None
        self._head: Sequence[str] = ()

    def in_currency(self, flat: str, one: FoundQuantity) -> FoundQuantity:
        """Return a quantity in the currency that 元 alone stands for: the one named last, or none in a Minguo text."""
        said = flat[one.start : one.end]
        if one.kind == "money" and one.unit == "CNY" and _FORMS["only_yuan"].fullmatch(said):
            return replace(one, unit=self._yuan)
        if one.kind == "money" and self._traditional:
            other = one.unit not in ("CNY", None) and _FORMS["other_yuan"].search(said)
            self._yuan = one.unit if other else self._yuan
        return one

    def in_calendar(self, flat: str, one: FoundQuantity) -> FoundQuantity:
        """Return a duration as the year that it is in a text which has said that it counts from 1912: 自110年起."""
        told = one.value if isinstance(one.value, list) else [one.value]
        years = [int(year) + BEFORE_MINGUO for year in told if not isinstance(year, str) and year in _MINGUO_YEARS]
        if not self._minguo or one.unit != "year" or one.qualifier not in _PLAIN or len(years) < len(told):
            return one
        since = _FORMS["around"].match(flat, one.end) and not _FORMS["at_year"].search(flat, 0, one.start)
        if since or _FORMS["lasts"].match(flat, one.end) or _FORMS["lasting"].search(flat, 0, one.start):
            return one
        return replace(one, value=years[0] if len(years) == 1 else list(years), unit=None, qualifier="exact",
                       kind="year" if len(years) == 1 else "year_range")  # fmt: skip

    def of(self, flat: str) -> tuple[Callable[[int], Use | None], list[tuple[int, int]]]:
        """Return what gives the unit of the number at a place of a levelled sentence, if it stands alone in a cell.

        Besides, where numbers stand that are none of the table's values: those of its rows and of its units.
        """
        if self._traditional and _FORMS["minguo"].search(flat):
            self._minguo, self._yuan = True, None if self._yuan == "CNY" else self._yuan
        places = _cells(flat)
        cells = [flat[start:end].strip() for start, end in places]
        named = _FORMS["above"].search(flat)
        if named or (not cells and "。" in flat):
            self._above = self._unit_of(named[1]) if named else None
        numbers = {n: match for n, one in enumerate(cells) if (match := _FORMS["cell"].fullmatch(one))}
        if all(_FORMS["four_digits"].fullmatch(match["first"]) for match in numbers.values()):
            self._head, numbers = cells, {}
        units, found = [], None
        for n, one in enumerate(cells):
            head = self._head[n] if len(self._head) == len(cells) else ""
            if n not in numbers:
                whole = _FORMS["unit_head"].fullmatch(head) is not None
                found = (self._unit_of(one) if whole or (n and not head) else None) or self._in_brackets(one) or found
            units.append(found or self._in_brackets(head) or self._above)

        def unit(place: int) -> Use | None:
            n = bisect_right(places, (place, len(flat))) - 1
            return units[n] if n in numbers and place < places[n][1] else None

        marks = [places[0]] if 0 in numbers and len(cells) > 1 and 1 not in numbers else []
        for start, end in places:
            bracket = _FORMS["bracketed"].search(flat[start:end].rstrip())
            if bracket and self._unit_of(bracket[1]):
                marks.append((start + bracket.start(1), start + bracket.end(1)))
        return unit, marks

    def _in_brackets(self, cell: str) -> Use | None:
        unit = _FORMS["bracketed"].search(cell)
        return self._unit_of(unit[1].strip()) if unit else None


def _cells(flat: str) -> list[tuple[int, int]]:
    """Return where the cells of a table's row stand; none where a sentence is no row."""
    if "|" in flat:
        ends = [*(n for n, char in enumerate(flat) if char == "|"), len(flat)]
        return list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))
    label = _FORMS["spaced_row"].match(flat)
    words = [match.span() for match in re.finditer(r"\S+", flat[label.end() :])] if label else []
    spans = [(start + label.end(), end + label.end()) for start, end in words] if label else []
    if not label or not spans or any(not _FORMS["cell"].fullmatch(flat, *span) for span in spans):
        return []
    return [(0, label.end(1)), *spans]


class QuantityFinder:
    """Finds quantities with the words of data/lexicon/quantities.yml."""

    def __init__(self, words: QuantityWords) -> None:
        self._names = NameList(words.names)
        self._indicators = Indicators(words.indicators, words.carried_on)
        self._ordinals_zh = ChineseOrdinals(words.ordinals, self._names)
        self._ordinals_en = EnglishOrdinals(words.ordinals, self._names)
        self._numbers_zh = ChineseNumbers(words, self._names)
        self._numbers_en = EnglishNumbers(words, self._names)
        self._by_name = words.units_by_name()

    def reader(self, script: str, text: str = "") -> Callable[[str, str], Iterator[FoundQuantity]]:
        """Return `find` for the sentences of one document, in order; `script` is the document's, hans, hant or latn.

        In its `text` the calendar by which a Traditional document counts may be named last, with its date.
        """
        minguo = script == "hant" and _FORMS["minguo"].search(fold(text)) is not None
        return partial(self.find, context=Context(self._unit_of, traditional=script == "hant", minguo=minguo))

    def _unit_of(self, words: str) -> Use | None:
        """Return what a unit makes of a number that it stands apart from: 万人, million yuan, %."""
        numbers = self._numbers_zh if _language(words, "en") == "zh" else self._numbers_en
        return numbers.unit_of(words) if 0 < len(words) <= _LONGEST_UNIT else None

    def find(self, text: str, language: str, *, context: Context | None = None) -> Iterator[FoundQuantity]:
        """Yield the quantities of one sentence, in order and without overlap.

        `language` is the document's, zh or en; a sentence without a letter of that language is read in the other.
        `context` knows the sentences before it.
        """
        text, stood = _together(text)
        flat = _plainly(text)
        written = _language(flat, language)
        english = written == "en"
        found = list(find_documents(text, flat, written))
        calendar = (CALENDAR_EN if english else CALENDAR_ZH).find(flat)
        found += _beside(found, (one for one in calendar if not (english and self._numbers_en.counts(flat, one))))
        found += _beside(found, (self._ordinals_en if english else self._ordinals_zh).find(flat))
        context = context or Context(self._unit_of)
        in_table, marks = context.of(flat)
        if not english and not found and not self._numbers_zh.any(flat):
            return
        taken = Taken([*((one.start, one.end) for one in found), *self._names.stretches(text, written), *marks])
        named, catchwords = self._indicators.of(flat), Taken(quoted_catchwords(text))

        def given(place: int, scaled: bool) -> Use | None:
            return in_table(place) or (self._by_name.get(named.unit(place) or "") if scaled else None)

        if english:
            found += self._numbers_en.find(text, flat, taken, catchwords, given)
        else:
            found += self._numbers_zh.find(flat, taken, catchwords, given)
        found.sort(key=lambda one: (one.start, -one.end))
        for one in (context.in_calendar(flat, context.in_currency(flat, one)) for one in found):
            yield replace(named.attach(one), start=stood[one.start], end=stood[one.end - 1] + 1)


# What typists and scanners do to numbers, and what a number can be read by once it is undone.


def _together(text: str) -> tuple[str, Sequence[int]]:
    """Return a text without spaces in numbers that were typed apart (6 5 %), and where its characters stood."""
    flat = fold(text, keep_dashes=True)
    dropped: set[int] = set()
    for run in _FORMS["apart"].finditer(flat):
        digits = run[0].replace(" ", "")
        marked = not flat[: run.start()].strip() and len(digits) == 2 and not flat.startswith(" ", run.end())
        if not marked and (  # 1 3个项目 is the first item of a list
            _FORMS["one_number"].match(flat, run.end()) or _FORMS["four_digits"].fullmatch(digits)
        ):
            dropped.update(n for n in range(*run.span()) if flat[n] == " ")
    if not dropped:
        return text, range(len(text))
    kept = [n for n in range(len(text)) if n not in dropped]
    return "".join(text[n] for n in kept), kept


def misread_digits(text: str) -> list[str]:
    """Return the numbers of a text in which letters stand for digits (6O%, l2万), as they are written."""
    flat = fold(text, keep_dashes=True)
    return [text[slice(*match.span())] for match in _FORMS["misread"].finditer(flat) if _is_misread(match[0])]


def _is_misread(token: str) -> bool:
    return not token.replace(".", "").isdigit() and token not in ("o2o", "i2i")


def _plainly(text: str) -> str:
    """Return a text levelled, with 0 for O and 1 for l in numbers, a minus sign where one is meant, and 、 in lists."""
    flat = fold(text, keep_dashes=True)
    if any(letter in flat for letter in "oil"):
        flat = _FORMS["misread"].sub(lambda one: one[0].translate(_DIGITS) if _is_misread(one[0]) else one[0], flat)
    if "年" in flat:
        flat = _FORMS["zeros"].sub(lambda one: "零" * len(one[0]), flat)
    if "," in flat:
        flat = _FORMS["listed"].sub(lambda one: one[0].replace(",", "、"), flat)
    return _FORMS["minus"].sub(lambda one: "−".ljust(len(one[0])) if _is_minus(text, one) else one[0], flat)


def _is_minus(text: str, sign: re.Match[str]) -> bool:
    """Whether a dash, 负 or "minus" before a number makes it negative: beside "was" or 为, or of a share."""
    before = sign.string[max(0, sign.start() - 12) : sign.start()]
    if text[sign.start()] in "—―":
        return False
    if _FORMS["stated"].search(before):
        return True
    dated = sign[0] == "-" and _FORMS["behind_years"].search(before)
    ranges = not dated and _FORMS["in_range"].search(before)
    return not ranges and _FORMS["signed"].match(sign.string, sign.end()) is not None


def _language(flat: str, language: str) -> str:
    if (_FORMS["han"].search(flat) is not None) == (language == "zh"):
        return language
    return "en" if any(is_letter(char) for char in flat) else "zh"


def _beside(found: Iterable[FoundQuantity], more: Iterable[FoundQuantity]) -> list[FoundQuantity]:
    taken = Taken((one.start, one.end) for one in found)
    return [one for one in more if not taken.overlaps(one.start, one.end)]
