"""Numbers with their unit and qualifier in English sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from policybook.coding.quantities.amount import FOLD, PERCENT, Amount, Named
from policybook.coding.quantities.beside import QualifierTable, Qualified, Use, currencies, units_by_name, units_en
from policybook.coding.quantities.forms import is_letter, skip_spaces, skip_spaces_back
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.nouns_en import EnglishNouns
from policybook.coding.quantities.number import Number
from policybook.coding.quantities.numbers_en import find_numbers, number_at
from policybook.coding.quantities.taken import NameList, Taken
from policybook.coding.quantities.words import QuantityWords

_TO = re.compile(r" ?(?:-{1,2}|~) ?| (?P<word>to|or|and) ")
_LEAD = re.compile(r"(from|between|by) (?:(?!from |between |by )[a-z.'-]{1,14} ){0,6}$")
_SCALE = re.compile(r"(?:hundred|thousand|million|billion|trillion|bn|mn)$")
_LIST_MARK = re.compile(r"\W{0,3}\d{1,2}(?:\.\d{1,2})*(?:[.)、] |\.$)")
_NO_QUANTITY_BEHIND = re.compile(r" ?(?:a\.?m\b|p\.?m\b|o'clock)|:\d|\.\d|/\d|\+\d|-(?:in|by|on|to)-")
_ONE_IN = re.compile(r"(?:one|two|\d) (?:in|out of)(?: every)? $")
_TIMES_OVER = re.compile(r" (?:that|the|as|higher|larger|bigger|more|faster|of|what|greater)\b")
_COUNTED = re.compile(r"number of |(?=\bpopulations?\b)")
_CLAUSE_END = re.compile(r"[.;,] ")
_PART_OF = re.compile(r" ?(?:of|the|less|more|higher|lower|fewer|larger|smaller|by|as|in|\W|$)")
_HALF_OF = re.compile(r" (?:of|the|its|their|all|our)\b")
_OTHER = re.compile(r"(?:first|second|latter|other|former|later|last|past|next|previous) $")


class EnglishNumbers:
    """Finds numbers with their unit and qualifier."""

    def __init__(self, words: QuantityWords, names: NameList) -> None:
        self._units = units_en(words)
        self._nouns = EnglishNouns(words)
        self._currencies = currencies(words)
        self._by_name = units_by_name(words)
        self._qualifiers = QualifierTable(words)
        self._names = names

    def find(self, text: str, flat: str, taken: Taken, catchwords: Taken, named: Named) -> Iterator[FoundQuantity]:
        """Yield the quantities of a sentence, as written and levelled, leaving out what is `taken`."""
        spaced = flat.replace("-", " ")
        done = 0
        for number in find_numbers(flat):
            if number.start < done or not self._is_number(text, flat, number, taken, catchwords):
                continue
            amount = self._amount(flat, spaced, number)
            amount = self._range(flat, spaced, amount, taken) or amount
            found = self._quantity(flat, spaced, amount, named, done)
            if found:
                done = found.end
                yield found

    def _is_number(self, text: str, flat: str, number: Number, taken: Taken, catchwords: Taken) -> bool:
        """Whether a number is no part of a name, a code, a time of day, a list mark or an adjective (two-way)."""
        start, end = number.start, number.end
        if taken.overlaps(start, end) or self._names.holds(flat, start, end):
            return False
        if _ONE_IN.search(flat, max(0, start - 16), start):
            return False
        if number.spelled:
            return not catchwords.overlaps(start, end) and not _is_name(text, start, end)
        return not (_glued(flat, start) or _NO_QUANTITY_BEHIND.match(flat, end) or _is_mark(flat, number))

    def _amount(self, flat: str, spaced: str, number: Number) -> Amount:
        """Return a number with the unit behind it."""
        if number.share:
            return Amount(number.start, number.end, number.values, number, PERCENT)
        found = self._units.at(spaced, skip_spaces(spaced, number.end))
        if found and found[1]:
            end, use = found
            if use.unit == "time" and (number.precise or _TIMES_OVER.match(flat, end)):
                use = FOLD
            return Amount(number.start, end, number.values, number, use)
        return Amount(number.start, number.end, number.values, number, None)

    def _range(self, flat: str, spaced: str, first: Amount, taken: Taken) -> Amount | None:
        """Return the range that begins with `first`: 10-15 percent, between 3 and 5 million; not from 5 to 8 percent."""
        sign = _TO.match(flat, first.end)
        second = number_at(flat, sign.end()) if sign else None
        if not sign or not second or taken.overlaps(second.start, second.end):
            return None
        lead = _LEAD.search(flat, max(0, first.start - 80), first.start)
        between = lead is not None and lead[1] == "between"
        apart = lead is not None and (lead[1] == "from" or (lead[1] == "by" and (first.use or first.number.scaled)))
        if apart or (sign["word"] == "and" and not between):
            return None
        last = self._amount(flat, spaced, second)
        if first.use and first.use != last.use:
            return None
        low, high = first.values[0], last.values[0]
        scale = _SCALE.search(flat, second.start, second.end)
        if scale and not first.number.scaled and not first.use:
            low *= high / _unscaled(flat, second, scale)
        if low >= high or (sign["word"] == "or" and high != low + 1):
            return None
        start = lead.start() if lead and between else first.start
        return Amount(start, last.end, (low, high), replace(second, share=first.number.share), last.use)

    def _quantity(self, flat: str, spaced: str, amount: Amount, named: Named, done: int) -> FoundQuantity | None:
        """Return an amount with its qualifiers and its noun; None where it is no quantity."""
        start, end, use = amount.start, amount.end, amount.use
        money = self._currencies.ending(flat, skip_spaces_back(flat, start))
        if money and (use is None or use.kind == "money"):
            start, use = money[0], use or money[1]
            amount = replace(amount, use=use)
        elif money and use and use.unit == "m" and flat[end - 1] == "m":  # $2.5m
            start, use = money[0], money[1]
            amount = replace(amount, use=use, values=tuple(value * 10**6 for value in amount.values))
        elif use is None and amount.number.scaled and (use := self._by_name.get(named(start) or "")):
            amount = replace(amount, use=use)
        before = self._qualifiers.before(flat, start)
        if before and done and done >= skip_spaces_back(flat, before.place):
            before = None  # "0.5 fewer than ten years ago" compares
        close = self._qualifiers.behind(flat, amount.number.end, None) or self._plus(flat, amount.number.end)
        unit, noun_end = (use.unit, None) if use else self._noun(flat, spaced, amount, close)
        if not self._counts(flat, amount, use, unit, before):
            return None
        if close and not use:
            end = close.place
        if noun_end:
            end = noun_end
        behind = close if close and not use else self._qualifiers.behind(flat, end, None)
        return amount.quantity(
            before.place if before else start,
            behind.place if behind and behind.place > end else end,
            unit,
            before.qualifier if before else behind.qualifier if behind else "",
        )

    def _noun(self, flat: str, spaced: str, amount: Amount, close: Qualified | None) -> tuple[str | None, int | None]:
        """Return the unit that the noun behind makes, and the noun's end where it follows at once."""
        place = close.place if close else amount.end
        noun = self._nouns.behind(spaced, place, one=amount.values == (1,), most=1 if close else 7)
        if noun is None:
            return self._counted_before(flat, spaced, amount.start), None
        return noun.unit, noun.end if noun.start == skip_spaces(spaced, place) else None

    def _counted_before(self, flat: str, spaced: str, start: int) -> str | None:
        """Return the unit of what "the number of …" before the number names."""
        for match in _COUNTED.finditer(flat, max(0, start - 100), start):
            if not _CLAUSE_END.search(flat, match.end(), start):
                noun = self._nouns.behind(spaced, match.end(), one=False, most=7)
                return noun.unit if noun else None
        return None

    def _plus(self, flat: str, end: int) -> Qualified | None:
        """Return the qualifier of 300+ and 500-plus."""
        if flat.startswith("+", end):
            return Qualified(end + 1, "over")
        return self._qualifiers.behind(flat, end + 1, None) if flat.startswith("-plus", end) else None

    def _counts(self, flat: str, amount: Amount, use: Use | None, unit: str | None, before: Qualified | None) -> bool:
        """Whether a number is a quantity: "one" is mostly an article or pronoun, "two" alone mostly a pronoun."""
        number = amount.number
        if number.share:
            return _is_share(flat, number, before is not None)
        if len(amount.values) == 1 and number.is_one:
            return bool(use and (use.one or before or flat.endswith("by ", 0, number.start)))
        if flat.startswith("-", number.end) and use is None and not flat.startswith("-plus", number.end):
            return False  # two-way, five-level
        if number.spelled:
            return use is not None or unit is not None or number.scaled
        return use is not None or not is_letter(flat[number.end : number.end + 1] or " ")


def _unscaled(flat: str, number: Number, scale: re.Match[str]) -> Decimal:
    """Return the number without its last scale word: of 5 million 5."""
    head = number_at(flat[number.start : scale.start()].strip(), 0)
    return head.values[0] if head else Decimal(1)


def _glued(flat: str, start: int) -> bool:
    """Whether digits belong to a code before them (G20, PM2.5, COVID-19); a word glued to them is none (for60%)."""
    before = flat[max(0, start - 20) : start]
    if before.endswith(("+", "#", ".", "/", ":", "_", "'")) and (len(before) < 2 or before[-2] != " "):
        return before[-1] != "." or before[-2:-1].isalnum() and len(before) > 1 and before[-2].isdigit()
    if before.endswith("-"):
        return before[-2:-1].isalnum()
    letters = len(before) - len(before.rstrip("abcdefghijklmnopqrstuvwxyz"))
    return 0 < letters < 3


def _is_mark(flat: str, number: Number) -> bool:
    """Whether a number is the mark of a list item or the number of a heading: 4. …, (1) …, 4.2 …."""
    if number.start > 3 or flat[: number.start].strip(" ("):
        return False
    return bool(_LIST_MARK.match(flat) or flat.startswith(")", number.end))


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a number word is capitalised inside a sentence, before another capital: Three Gorges."""
    if not text[start].isupper() or not text[end + 1 : end + 2].isupper():
        return False
    before = text[max(0, start - 4) : start].strip(" \"'“(")
    return bool(before) and before[-1] not in ".:!?-–—"


def _is_share(flat: str, number: Number, qualified: bool) -> bool:
    """Whether words like half and a third are shares: half of them, more than half, not "the second half"."""
    if _OTHER.search(flat, max(0, number.start - 10), number.start):
        return False
    if flat[number.start : number.end] == "half":
        return bool(qualified or _HALF_OF.match(flat, number.end))
    return bool(_PART_OF.match(flat, number.end))
