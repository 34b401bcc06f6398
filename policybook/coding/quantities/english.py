"""Numbers with their unit and qualifier in English sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from policybook.coding.quantities.amount import Amount, Named
from policybook.coding.quantities.amounts_en import EnglishAmounts
from policybook.coding.quantities.beside import Qualified, QualifierTable
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.nouns_en import EnglishNouns
from policybook.coding.quantities.number import Number
from policybook.coding.quantities.numbers_en import find_numbers
from policybook.coding.quantities.taken import NameList, Taken
from policybook.coding.quantities.words import QuantityWords
from policybook.corpus.matching import is_letter, skip_spaces_back

_LIST_MARK = re.compile(r"\W{0,3}\d{1,2}(?:\.\d{1,2})*(?:[.)、] |\.$)")
_NO_QUANTITY_BEHIND = re.compile(r" ?(?:a\.?m\b|p\.?m\b|o'clock)|:\d|\.\d|/\d|\+\d|-(?:in|by|on|to)-")
_ONE_IN = re.compile(r"(?:one|two|\d) (?:in|out of)(?: every)? $")
_PART_OF = re.compile(r" ?(?:of|the|less|more|higher|lower|fewer|larger|smaller|by|as|in|have|are|is|were|was|\W|$)")
_HALF_OF = re.compile(r" (?:of|the|its|their|all|our)\b")
# A number without a noun before these counts what the number before it does: of the 29 villages, 21 have ….
_RESUMES = re.compile(r" (?:have|has|had|are|were|will|of (?:them|these|which|whom))\b")
_OTHER = re.compile(r"(?:first|second|latter|other|former|later|last|past|next|previous) $")


class EnglishNumbers:
    """Finds numbers with their unit and qualifier."""

    def __init__(self, words: QuantityWords, names: NameList) -> None:
        self._amounts = EnglishAmounts(words)
        self._nouns = EnglishNouns(words)
        self._qualifiers = QualifierTable(words)
        self._names = names

    def find(self, text: str, flat: str, taken: Taken, catchwords: Taken, named: Named) -> Iterator[FoundQuantity]:
        """Yield the quantities of a sentence, as written and levelled, leaving out what is `taken`.

        Number words inside `catchwords` (short quotations) are none. `named` gives the unit of the indicator that
        the sentence names before a place.
        """
        spaced = flat.replace("-", " ")
        done = 0
        last: FoundQuantity | None = None
        for number in find_numbers(flat):
            if number.start < done or not self._is_number(text, flat, number, taken, catchwords):
                continue
            amount = self._amounts.read(flat, spaced, number, taken, named)
            found = self._resumed(flat, amount, self._quantity(flat, spaced, amount, done), last)
            if found:
                done, last = found.end, found
                yield found

    def _resumed(
        self, flat: str, amount: Amount, found: FoundQuantity | None, last: FoundQuantity | None
    ) -> FoundQuantity | None:
        """Return a quantity with the unit of the one before it where it takes up that: 21 have …, 1,200 new ones."""
        if last is None or last.kind != "count":
            return found
        resumes = _RESUMES.match(flat, amount.end) is not None
        if found is None and resumes and amount.number.spelled and not amount.number.is_one:
            found = amount.quantity(amount.start, amount.end, None, "")
        taken_up = found is not None and found.kind == "count" and (found.unit == "one" or (resumes and not found.unit))
        return replace(found, unit=last.unit) if found and taken_up else found

    def _is_number(self, text: str, flat: str, number: Number, taken: Taken, catchwords: Taken) -> bool:
        """Whether a number is no part of a name, a code, a time of day, or "one in five"; no list mark either."""
        start, end = number.start, number.end
        if taken.overlaps(start, end) or self._names.holds(flat, start, end):
            return False
        if _ONE_IN.search(flat, max(0, start - 16), start):
            return False
        if number.spelled:
            return not catchwords.overlaps(start, end) and not _is_name(text, start, end)
        return not (_glued(flat, start) or _NO_QUANTITY_BEHIND.match(flat, end) or _is_mark(flat, number))

    def _quantity(self, flat: str, spaced: str, amount: Amount, done: int) -> FoundQuantity | None:
        """Return an amount with its qualifiers and its noun; None where it is no quantity.

        `done` is where the quantity before it ends: "0.5 fewer than ten years ago" compares.
        """
        before = self._qualifiers.before(flat, amount.start)
        if before and done and done >= skip_spaces_back(flat, before.place):
            before = None
        close = self._close_behind(flat, amount.number.end)
        end, unit = amount.end, amount.use.unit if amount.use else None
        if amount.use is None:
            end = close.place if close else end
            unit, end = self._noun(flat, spaced, amount.start, end, one=amount.values[0] == 1, near=bool(close))
        if not self._counts(flat, amount, unit, before):
            return None
        behind = close if close and not amount.use else self._qualifiers.behind(flat, end, None)
        start = before.place if before else amount.start
        qualifier = before.qualifier if before else behind.qualifier if behind else ""
        return amount.quantity(start, max(end, behind.place) if behind else end, unit, qualifier)

    def _noun(
        self, flat: str, spaced: str, start: int, end: int, *, one: bool, near: bool
    ) -> tuple[str | None, int]:  # fmt: skip
        """Return the unit that the noun behind makes, and where the quantity ends: with a noun that follows at once."""
        noun = self._nouns.behind(spaced, end, one=one, most=1 if near else 7)
        if noun is None:
            return self._nouns.counted_before(flat, spaced, start), end
        return noun.unit, noun.end if not flat[end : noun.start].strip(" -") else end

    def _close_behind(self, flat: str, end: int) -> Qualified | None:
        """Return the qualifier between a number and its noun: 300+, 500-plus, 60-odd, 50 or more."""
        if flat.startswith("+", end):
            return Qualified(end + 1, "over")
        place = end + 1 if flat.startswith(("-plus", "-odd"), end) else end
        return self._qualifiers.behind(flat, place, None)

    def _counts(self, flat: str, amount: Amount, unit: str | None, before: Qualified | None) -> bool:
        """Whether a number is a quantity: "one" is mostly an article or pronoun, "two" alone mostly a pronoun."""
        number, use = amount.number, amount.use
        if number.share:
            return _is_share(flat, number, before is not None)
        if number.is_one and len(amount.values) == 1:
            return use is not None and (use.one or before is not None or flat.endswith("by ", 0, number.start))
        if flat.startswith("-", number.end) and use is None and not flat.startswith(("-plus", "-odd"), number.end):
            return False  # two-way, five-level
        if number.spelled:
            return use is not None or unit is not None or number.scaled
        return use is not None or not is_letter(flat[number.end : number.end + 1] or " ")


def _glued(flat: str, start: int) -> bool:
    """Whether digits belong to a code before them (G20, PM2.5, COVID-19); a word glued to them is none (for60%)."""
    before = flat[max(0, start - 20) : start]
    last, previous = before[-1:], before[-2:-1]
    if last == ".":
        return previous.isdigit()
    if last in ("+", "#", "/", ":", "_", "'"):
        return previous != " "
    if last == "-":
        return previous.isalnum()
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
