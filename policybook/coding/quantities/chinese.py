"""Numbers with their unit and qualifier in Chinese sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from policybook.coding.quantities.amount import PERCENT, Amount, Named
from policybook.coding.quantities.beside import (
    DURATIONS,
    QualifierTable,
    Qualified,
    Use,
    currencies,
    units_by_name,
    units_zh,
)
from policybook.coding.quantities.forms import is_letter, skip_spaces, skip_spaces_back
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.nouns_zh import ChineseNouns
from policybook.coding.quantities.number import Number
from policybook.coding.quantities.numbers_zh import find_numbers, number_at
from policybook.coding.quantities.taken import NameList, Taken
from policybook.coding.quantities.words import QuantityWords

_TO = re.compile(r" ?(?:-{1,2}|~|至|到|(?P<and>[和与])) ?")
_HALF_BEHIND = re.compile(r"半(?![年天月数径])")
_INTO = re.compile(r"[\u4e00-\u9fff]{0,4}(?:到|至|为|成)$")
_DOUBLED = re.compile(r"翻了?$")
_AND = re.compile(r" ?[、和及与] ?")
_SCALE = re.compile(r"[万亿]+$")
_MORE_BEHIND = re.compile(r"[多余](?![元样种层边方功年极民渠])")
#: 近 before a duration of so many or fewer means "the last", not "almost" (近三年).
_RECENT = 10


class ChineseNumbers:
    """Finds numbers with their unit and qualifier."""

    def __init__(self, words: QuantityWords, names: NameList) -> None:
        self._units = units_zh(words)
        self._nouns = ChineseNouns(words)
        self._currencies = currencies(words)
        self._by_name = units_by_name(words)
        self._qualifiers = QualifierTable(words)
        self._names = names

    def find(self, flat: str, taken: Taken, catchwords: Taken, named: Named) -> Iterator[FoundQuantity]:
        """Yield the quantities of a levelled sentence, leaving out what is `taken`."""
        done = 0
        last: FoundQuantity | None = None
        for number in find_numbers(flat):
            if number.start < done or not self._is_number(flat, number, taken, catchwords):
                continue
            amount = self._amount(flat, number)
            found = self._quantity(flat, self._range(flat, amount, taken) or amount, named)
            if found:
                if found.unit is None and last and _INTO.fullmatch(flat[done : found.start]):
                    found = replace(found, unit=last.unit)  # 由193个增加到685个
                done, last = found.end, found
                yield found

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

    def _amount(self, flat: str, number: Number) -> Amount:
        """Return a number with the unit or measure word behind it."""
        if number.share:
            return Amount(number.start, number.end, number.values, number, PERCENT)
        place = skip_spaces(flat, number.end)
        if flat.startswith(("个多", "个半"), place):  # 一个多月, 两个半小时
            joined = self._units.at("个" + flat[place + 2 : place + 6], 0)
            if joined and joined[1] and joined[1].unit in DURATIONS:
                whole = Amount(number.start, place + joined[0], number.values, number, joined[1])
                return replace(whole, end=whole.end + 1, more="over") if flat[place + 1] == "多" else whole.plus_half()
        found = self._units.at(flat, place)
        if not found or not found[1]:
            return Amount(number.start, number.end, number.values, number, None, number.more)
        end, use = found
        amount = Amount(number.start, end, number.values, number, use, number.more)
        if not number.more and use and not use.measure and _MORE_BEHIND.match(flat, end):
            return replace(amount, end=end + 1, more="over")  # 五年多
        if use and use.unit in DURATIONS and _HALF_BEHIND.match(flat, end):
            return amount.plus_half()
        return amount

    def _range(self, flat: str, first: Amount, taken: Taken) -> Amount | None:
        """Return the range that begins with `first`: 3—5个, 10%到15%, 5万至10万人; not 从5%到8%."""
        sign = _TO.match(flat, first.end)
        second = number_at(flat, sign.end()) if sign else None
        if not sign or not second or taken.overlaps(second.start, second.end) or len(first.values) > 1:
            return None
        last = self._amount(flat, second)
        if first.use and (first.use != last.use or flat.endswith(("从", "由", "自"), 0, first.start)):
            return None
        if sign["and"] and not flat.startswith("之间", last.end):
            return None
        low, high = first.values[0], last.values[0]
        scale = _SCALE.search(flat[second.start : second.end])
        if scale and not first.number.scaled and not first.use:
            low *= Decimal(10) ** sum({"万": 4, "亿": 8}[char] for char in scale[0])
        if low >= high or not (last.use or last.number.stands_alone):
            return None
        number = replace(second, scaled=True, headless=False)
        return Amount(first.start, last.end, (low, high), number, last.use)

    def _quantity(self, flat: str, amount: Amount, named: Named) -> FoundQuantity | None:
        """Return an amount with its qualifiers and its noun; None where it is no quantity."""
        use, start, end = amount.use, amount.start, amount.end
        money = self._currencies.ending(flat, skip_spaces_back(flat, start))
        if money and (use is None or use.kind == "money"):
            start = money[0]
            amount = replace(amount, use=use or money[1])
            use = amount.use
        if use is None:
            use = self._shared_unit(flat, end, amount.number.spelled)
            use = use or (self._by_name.get(named(start) or "") if amount.number.scaled else None)
            amount = replace(amount, use=use)
        if use and use.power and (doubled := _DOUBLED.search(flat, max(0, start - 3), start)):
            start = doubled.start()
        before = self._before(flat, start, amount)
        behind = self._qualifiers.behind(flat, end, use.unit if use else None)
        noun = None
        if use is None or use.measure:
            noun = self._nouns.behind(flat, behind.place if behind else end)
            if noun and use and use.only and noun.unit not in use.only:
                noun = None
        if not self._counts(flat, amount, bool(before or behind), noun is not None):
            return None
        unit = use.unit if use else None
        if noun:
            unit = noun.unit
            if noun.start == end and not behind and use:
                end = noun.end
        elif unit is None and amount.number.scaled or (use and use.measure and self._nouns.ends(flat, end)):
            counted = self._nouns.before(flat, before.place if before else start)
            unit = unit if counted is None or (use and use.only and counted not in use.only) else counted
        return self._spread(flat, amount, start, end, unit, before, behind)

    def _spread(
        self, flat: str, amount: Amount, start: int, end: int, unit: str | None,
        before: Qualified | None, behind: Qualified | None,
    ) -> FoundQuantity:  # fmt: skip
        """Return the quantity with its qualifiers inside its span; one a little before it stays outside."""
        behind = behind or self._qualifiers.behind(flat, end, unit)
        if behind:
            end = behind.place
        qualifier = amount.more or (behind.qualifier if behind else "")
        if before:
            qualifier, start = before.qualifier, before.place
        elif not qualifier:
            qualifier = self._qualifiers.a_little_before(flat, start) or ""
        return amount.quantity(start, end, unit, qualifier)

    def _before(self, flat: str, start: int, amount: Amount) -> Qualified | None:
        found = self._qualifiers.before(flat, start)
        if found and amount.use and amount.use.unit in DURATIONS and flat[found.place : start].strip() == "近":
            return None if amount.values[0] <= _RECENT and not amount.more else found
        return found

    def _shared_unit(self, flat: str, end: int, spelled: bool) -> Use | None:
        """Return the unit of the next number in an enumeration: 12、15和20个."""
        for _ in range(0 if spelled else 4):
            sign = _AND.match(flat, end)
            number = number_at(flat, sign.end()) if sign else None
            if not number or number.spelled:
                return None
            amount = self._amount(flat, number)
            if amount.use:
                return amount.use
            end = amount.end
        return None

    def _counts(self, flat: str, amount: Amount, qualified: bool, noun: bool) -> bool:
        """Whether a number is a quantity: "one" is mostly an article, a bare 3 is mostly a label."""
        number, use = amount.number, amount.use
        if use and use.qualified and not qualified:
            return False
        if number.is_one and len(amount.values) == 1:
            return bool(use and (use.one or qualified or amount.more))
        if number.headless:
            return bool(use) and (qualified or number.end - number.start > 1) and not use.measure
        if use:
            return use.unit is not None or not flat.startswith("大", number.end) or noun
        if is_letter(flat[number.end : number.end + 1] or " ") or flat[number.end : number.end + 1] in (
            "版",
            "级",
            "号",
        ):
            return False
        if not number.start and number.precise:
            return False  # the number of a heading
        return number.stands_alone or (qualified and not number.spelled)
