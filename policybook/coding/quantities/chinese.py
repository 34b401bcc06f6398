"""Numbers with their unit and qualifier in Chinese sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from policybook.coding.quantities.amount import Amount, Named
from policybook.coding.quantities.amounts_zh import ChineseAmounts
from policybook.coding.quantities.beside import DURATIONS, PERSON, Qualified, QualifierTable, Use
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.nouns_zh import ChineseNouns, Noun
from policybook.coding.quantities.number import Number
from policybook.coding.quantities.numbers_zh import find_numbers
from policybook.coding.quantities.taken import NameList, Taken
from policybook.coding.quantities.words import QuantityWords
from policybook.corpus.matching import is_letter

# Between two counts these carry the unit of the first to the second: 由193个增加到685个, 29个村中有21个.
_CARRIES = re.compile(r"[\u4e00-\u9fff]{0,4}[到至为成]|[^。;；\d]{0,12}(?:其中|中有|中,|每)[^,。;\d]{0,4}")
# What follows a number that is a label: 2.0版, 3级, 17号.
_LABELLED = frozenset("版级号")
#: 近 before a duration of so many or fewer means "the last", not "almost" (近三年).
_RECENT = 10


class ChineseNumbers:
    """Finds numbers with their unit and qualifier."""

    def __init__(self, words: QuantityWords, names: NameList) -> None:
        self._amounts = ChineseAmounts(words)
        self._nouns = ChineseNouns(words)
        self._qualifiers = QualifierTable(words)
        self._names = names

    def find(self, flat: str, taken: Taken, catchwords: Taken, named: Named) -> Iterator[FoundQuantity]:
        """Yield the quantities of a levelled sentence, leaving out what is `taken`.

        Number words inside `catchwords` (short quotations) are none. `named` gives the unit of the indicator that
        the sentence names before a place.
        """
        done = 0
        last: FoundQuantity | None = None
        for number in find_numbers(flat):
            if number.start < done or not self._is_number(flat, number, taken, catchwords):
                continue
            found = self._quantity(flat, self._amounts.read(flat, number, taken, named))
            if found:
                if (
                    found.unit is None
                    and last
                    and last.kind == found.kind == "count"
                    and (_CARRIES.fullmatch(flat, done, found.start) or self._goes_on(flat, number, found))
                ):
                    found = replace(found, unit=last.unit)
                done, last = found.end, found
                yield found

    def _goes_on(self, flat: str, number: Number, found: FoundQuantity) -> bool:
        """Whether a large number at the end of a clause counts what the one before it does: 达到780万人，新增46万."""
        return number.scaled and number.end == found.end and self._nouns.ends(flat, found.end)

    def _is_number(self, flat: str, number: Number, taken: Taken, catchwords: Taken) -> bool:
        """Whether a number is no part of a name, a code, a ratio, a time of day or an ordinal."""
        start, end = number.start, number.end
        before, behind = flat[max(0, start - 2) : start], flat[end : end + 2]
        last = before[-1:]
        if last in ("第", "+", ".", "·", "#", "^") or (last.isascii() and last.isalnum()) or behind[:1] in ("+", "·"):
            return False
        if last == "-" and before[:1].isascii() and before[:1].isalnum():
            return False
        if (last in (":", "∶") and before[:1].isdigit()) or (behind[:1] in (":", "∶", ".") and behind[1:].isdigit()):
            return False
        if taken.overlaps(start, end) or self._names.holds(flat, start, end):
            return False
        return not (number.spelled and catchwords.overlaps(start, end))

    def _quantity(self, flat: str, amount: Amount) -> FoundQuantity | None:
        """Return an amount with its qualifiers and its noun; None where it is no quantity."""
        start, end, use = amount.start, amount.end, amount.use
        before = self._before(flat, amount)
        behind = self._qualifiers.behind(flat, end, use.unit if use else None)
        noun = self._noun(flat, behind.place if behind else end, use)
        if not self._counts(flat, amount, bool(before or behind), noun is not None):
            return None
        unit = use.unit if use else None
        if noun:
            unit = noun.unit
            if use and noun.start == end and not behind:
                end = noun.end
                behind = self._qualifiers.behind(flat, end, unit)
        if self._looks_back(flat, amount, behind, noun is not None):
            counted = self._nouns.before(flat, before.place if before else start)
            if counted and not (use and use.only and counted not in use.only):
                unit = counted
        return self._spread(flat, amount, start, end, unit, before, behind)

    def _noun(self, flat: str, place: int, use: Use | None) -> Noun | None:
        """Return the noun at or behind `place` that decides the unit."""
        if use and not use.measure:
            return None
        noun = self._nouns.at(flat, place) if use and use.next else None
        noun = noun or self._nouns.behind(flat, place, people=use is None)
        return None if noun and use and use.only and noun.unit not in use.only else noun

    def _looks_back(self, flat: str, amount: Amount, behind: Qualified | None, noun: bool) -> bool:
        """Whether a noun in front of the number decides: 老旧小区5.3万个, 城区人口300万以上城市."""
        if amount.use is None:
            return amount.number.scaled and (not noun or behind is not None or len(amount.values) > 1)
        return amount.use.measure and not noun and self._nouns.ends(flat, behind.place if behind else amount.end)

    def _spread(
        self, flat: str, amount: Amount, start: int, end: int, unit: str | None,
        before: Qualified | None, behind: Qualified | None,
    ) -> FoundQuantity:  # fmt: skip
        """Return the quantity with its qualifiers inside its span; one a little before it stays outside."""
        behind = behind or self._qualifiers.behind(flat, end, unit)
        qualifier = amount.more or (behind.qualifier if behind else "")
        if before:
            qualifier, start = before.qualifier, before.place
        elif not qualifier:
            qualifier = self._qualifiers.a_little_before(flat, start) or ""
        return amount.quantity(start, behind.place if behind else end, unit, qualifier)

    def _before(self, flat: str, amount: Amount) -> Qualified | None:
        found = self._qualifiers.before(flat, amount.start)
        if found and amount.use and amount.use.unit in DURATIONS:
            recent = flat[found.place : amount.start].strip() == "近" and not amount.more
            return None if recent and amount.values[0] <= _RECENT else found
        return found

    def _counts(self, flat: str, amount: Amount, qualified: bool, noun: bool) -> bool:
        """Whether a number is a quantity: "one" is mostly an article, a bare 3 is mostly a label."""
        number, use = amount.number, amount.use
        if use and use.qualified and not qualified:
            return False
        if number.is_one and len(amount.values) == 1:
            return bool(use and (use.one or qualified or amount.more))
        if number.headless:  # 千亿元 and 近百家, not 百家
            return use is not None and (
                qualified or (number.end - number.start > 1 and (use.one or use.unit == PERSON))
            )
        if use:
            return (
                use.unit is not None
                or noun
                or "\u4e00" <= flat[amount.end : amount.end + 1] <= "\u9fff"
                or (not flat.startswith("大", number.end))
            )
        following = flat[number.end : number.end + 1]
        if is_letter(following or " ") or following in _LABELLED or (not number.start and number.precise):
            return False
        return number.stands_alone or (qualified and not number.spelled)
