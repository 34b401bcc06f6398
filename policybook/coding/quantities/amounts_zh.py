"""Amounts in Chinese sentences: a number, or a range, with the unit or measure word behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from policybook.coding.quantities.amount import PERCENT, Amount, Named
from policybook.coding.quantities.beside import DURATIONS, Use, currencies, units_by_name, units_zh
from policybook.coding.quantities.number import Number
from policybook.coding.quantities.numbers_zh import number_at
from policybook.coding.quantities.taken import Taken
from policybook.coding.quantities.words import QuantityWords
from policybook.corpus.matching import skip_spaces, skip_spaces_back

_TO = re.compile(r" ?(?:-{1,2}|~|至|到|(?P<and>[和与])) ?")
_AND = re.compile(r" ?[、和及与] ?")
_SCALE = re.compile(r"[万亿]+$")
_MORE_BEHIND = re.compile(r"[多余](?![元样种层边方功年极民渠])")
_HALF_BEHIND = re.compile(r"半(?![年天月数径])")
_TENTH, _DIGITS = 10, "〇一二三四五六七八九"
_DOUBLED = re.compile(r"翻了?$")
_POWERS = {"万": 4, "亿": 8}
#: So many numbers of an enumeration are looked at for their common unit.
_ENUMERATED = 3


class ChineseAmounts:
    """Reads what stands right behind a number, or in front of it where that is a currency."""

    def __init__(self, words: QuantityWords) -> None:
        self._units = units_zh(words)
        self._currencies = currencies(words)
        self._by_name = units_by_name(words)

    def read(self, flat: str, number: Number, taken: Taken, named: Named) -> Amount:
        """Return the amount, or the range, that begins with `number`."""
        first = self._amount(flat, number)
        amount = self._range(flat, first, taken) or first
        money = self._currencies.ending(flat, skip_spaces_back(flat, amount.start))
        if money and (amount.use is None or amount.use.kind == "money"):
            return replace(amount, start=money[0], use=amount.use or money[1])
        use = amount.use
        if use is None:
            use = self._shared_unit(flat, amount)
            if use is None and number.scaled:
                use = self._by_name.get(named(amount.start) or "")
            return replace(amount, use=use)
        if use.power and (doubled := _DOUBLED.search(flat, max(0, amount.start - 3), amount.start)):
            return replace(amount, start=doubled.start())  # 翻了一番
        return amount

    def _amount(self, flat: str, number: Number) -> Amount:
        """Return a number with the unit or measure word behind it."""
        if number.share:
            return Amount(number.start, number.end, number.values, number, PERCENT)
        place = skip_spaces(flat, number.end)
        if flat.startswith(("个多", "个半"), place) and (joined := self._duration(flat, place)):
            whole = Amount(number.start, joined[0], number.values, number, joined[1])
            return replace(whole, end=whole.end + 1, more="over") if flat[place + 1] == "多" else whole.plus_half()
        found = self._units.at(flat, place)
        if not found or not found[1]:
            return Amount(number.start, number.end, number.values, number, None, number.more)
        end, use = found
        amount = Amount(number.start, end, number.values, number, use, number.more)
        if use and not number.more and not use.measure and _MORE_BEHIND.match(flat, end):
            return replace(amount, end=end + 1, more="over")  # 五年多
        if use and use.factor == _TENTH and (tenths := _DIGITS.find(flat[end : end + 1])) > 0:  # 八成五
            return replace(amount, end=end + 1, values=(amount.values[0] + Decimal(tenths) / 10,))
        if use and use.unit in DURATIONS and _HALF_BEHIND.match(flat, end):
            return amount.plus_half()
        return amount

    def _duration(self, flat: str, place: int) -> tuple[int, Use] | None:
        """Return the end, less one, and the unit of 个多月 or 个半小时 at `place`."""
        found = self._units.at("个" + flat[place + 2 : place + 6], 0)
        return (place + found[0], found[1]) if found and found[1] and found[1].unit in DURATIONS else None

    def _range(self, flat: str, first: Amount, taken: Taken) -> Amount | None:
        """Return the range that begins with `first`: 3—5个, 10%到15%, 5万至10万人; not from 5% to 8%."""
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
            low *= Decimal(10) ** sum(_POWERS[char] for char in scale[0])
        if low >= high or not (last.use or last.number.stands_alone):
            return None
        return Amount(first.start, last.end, (low, high), replace(second, scaled=True, headless=False), last.use)

    def _shared_unit(self, flat: str, amount: Amount) -> Use | None:
        """Return the unit of the next number in an enumeration: 12、15和20个."""
        end = amount.end
        for _ in range(0 if amount.number.spelled else _ENUMERATED):
            sign = _AND.match(flat, end)
            number = number_at(flat, sign.end()) if sign else None
            if not number or number.spelled:
                return None
            following = self._amount(flat, number)
            if following.use:
                return following.use
            end = following.end
        return None
