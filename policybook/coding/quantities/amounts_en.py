"""Amounts in English sentences: a number, or a range, with the unit behind it or the currency before it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from policybook.coding.quantities.amount import FOLD, PERCENT, Amount, Named
from policybook.coding.quantities.beside import currencies, units_by_name, units_en
from policybook.coding.quantities.number import Number
from policybook.coding.quantities.numbers_en import number_at
from policybook.coding.quantities.taken import Taken
from policybook.coding.quantities.words import QuantityWords
from policybook.corpus.matching import skip_spaces, skip_spaces_back

_TO = re.compile(r" ?(?:-{1,2}|~) ?| (?P<word>to|or|and) ")
_LEAD = re.compile(r"(from|between|by) (?:(?!from |between |by )[a-z.'-]{1,14} ){0,6}$")
_SCALE = re.compile(r"(?:hundred|thousand|million|billion|trillion|bn|mn)$")
_TIMES_OVER = re.compile(r" (?:that|the|as|higher|larger|bigger|more|faster|of|what|greater)\b")
#: So many characters before a number are searched for from, between and by.
_BEFORE = 80


class EnglishAmounts:
    """Reads what stands right behind a number, or in front of it where that is a currency."""

    def __init__(self, words: QuantityWords) -> None:
        self._units = units_en(words)
        self._currencies = currencies(words)
        self._by_name = units_by_name(words)

    def read(self, flat: str, spaced: str, number: Number, taken: Taken, named: Named) -> Amount:
        """Return the amount, or the range, that begins with `number`; `spaced` is the text with hyphens as spaces."""
        first = self._amount(flat, spaced, number)
        amount = self._range(flat, spaced, first, taken) or first
        use, start = amount.use, amount.start
        money = self._currencies.ending(flat, skip_spaces_back(flat, start))
        if money and (use is None or use.kind == "money"):
            return replace(amount, start=money[0], use=use or money[1])
        if money and use and use.unit == "m" and flat[amount.end - 1] == "m":  # $2.5m
            values = tuple(value * 10**6 for value in amount.values)
            return replace(amount, start=money[0], use=money[1], values=values)
        if use is None and number.scaled:
            return replace(amount, use=self._by_name.get(named(start) or ""))
        return amount

    def _amount(self, flat: str, spaced: str, number: Number) -> Amount:
        """Return a number with the unit behind it."""
        if number.share:
            return Amount(number.start, number.end, number.values, number, PERCENT)
        found = self._units.at(spaced, skip_spaces(spaced, number.end))
        if not found:
            return Amount(number.start, number.end, number.values, number, None)
        end, use = found
        if use.unit == "time" and (number.precise or _TIMES_OVER.match(flat, end)):
            use = FOLD
        return Amount(number.start, end, number.values, number, use)

    def _range(self, flat: str, spaced: str, first: Amount, taken: Taken) -> Amount | None:
        """Return the range that begins with `first`: 10-15 percent, between 3 and 5 million; not from 5 to 8."""
        sign = _TO.match(flat, first.end)
        second = number_at(flat, sign.end()) if sign else None
        if not sign or not second or taken.overlaps(second.start, second.end):
            return None
        lead = _LEAD.search(flat, max(0, first.start - _BEFORE), first.start)
        between = lead is not None and lead[1] == "between"
        apart = lead is not None and (lead[1] == "from" or (lead[1] == "by" and _is_whole(first)))
        last = self._amount(flat, spaced, second)
        if apart or (sign["word"] == "and" and not between) or (first.use and first.use != last.use):
            return None
        low, high = first.values[0], last.values[0]
        if not first.number.scaled and not first.use:
            low *= _scale(flat, second)
        if low >= high or (sign["word"] == "or" and high != low + 1):
            return None
        start = lead.start() if lead and between else first.start
        return Amount(start, last.end, (low, high), replace(second, share=first.number.share), last.use)


def _is_whole(amount: Amount) -> bool:
    """Whether "by" and an amount needs no second one: by 73 million to 117 million, but by 8% to 10%."""
    return amount.kind != "percent" and (amount.use is not None or amount.number.scaled)


def _scale(flat: str, number: Number) -> Decimal:
    """Return what the last word of a number multiplies it by: of 5 million a million."""
    scale = _SCALE.search(flat, number.start, number.end)
    head = number_at(flat[number.start : scale.start()].strip(), 0) if scale else None
    return number.values[0] / head.values[0] if head else Decimal(1)
