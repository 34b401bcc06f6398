"""Ordinals: 第二次, 第十八届, the 18th, the second session."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policybook.coding.quantities.beside import with_plurals
from policybook.coding.quantities.entries import OrdinalWords
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.grammar_en import FIRSTS, ORDINAL_ENDS, TENTHS
from policybook.coding.quantities.numbers_zh import read_plain
from policybook.coding.quantities.taken import NameList
from policybook.corpus.matching import FormTable, skip_spaces, skip_spaces_back

_CHINESE = re.compile(r"第 ?(?P<n>\d{1,4}|[一二三四五六七八九十百零两]{1,6})")


class ChineseOrdinals:
    """Finds 第三次 and, in a ranking, 第三."""

    def __init__(self, words: OrdinalWords, names: NameList) -> None:
        self._behind = FormTable((form, form) for form in words.zh)
        self._ranks = FormTable((form, form) for form in words.ranks_zh)
        self._names = names

    def find(self, flat: str) -> Iterator[FoundQuantity]:
        """Yield the ordinals of a levelled sentence."""
        for match in _CHINESE.finditer(flat):
            if self._names.holds(flat, match.start("n"), match.end(), ordinal=True):
                continue
            value = read_plain(match["n"])
            counted = self._behind.at(flat, skip_spaces(flat, match.end()))
            end = counted[0] if counted else match.end()
            if value is not None and (counted or self._ranks.ending(flat, match.start())):
                yield FoundQuantity(match.start(), end, int(value), None, "exact", "ordinal")


_VALUES = {word: n for n, word in enumerate([*FIRSTS, *TENTHS], 1)}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ENGLISH = re.compile(
    rf"(?<![\w.,-])(?P<digits>\d{{1,3}})(?:st|nd|rd|th)(?![a-z])"
    rf"|(?<![\w-])(?:(?P<tens>{'|'.join(_TENS)})[ -])?(?P<word>{'|'.join(_VALUES)})(?![\w])"
)
_STEP = re.compile(r"[ -]([a-z]+(?:'s)?)")
_STEPS = 4


class EnglishOrdinals:
    """Finds the 18th, and the second before nouns that come in numbered order (session, round)."""

    def __init__(self, words: OrdinalWords, names: NameList) -> None:
        self._behind = FormTable((form, form) for form in with_plurals(words.en))
        self._ranks = FormTable((form, form) for form in words.ranks_en)
        self._names = names

    def find(self, flat: str) -> Iterator[FoundQuantity]:
        """Yield the ordinals of a levelled sentence."""
        for match in _ENGLISH.finditer(flat):
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
        """Return where an ordinal in words ends; None where it is no more than a list mark or an adjective."""
        if self._ranks.ending(flat, skip_spaces_back(flat, match.start())):
            return match.end()
        place = match.end()
        if flat.startswith("-", place) and not flat.startswith(("-largest", "-biggest", "-highest"), place):
            return None
        for step in range(_STEPS):
            word = _STEP.match(flat, place)
            if not word or word[1] in ORDINAL_ENDS:
                return None
            found = self._behind.at(flat, word.start(1))
            if found:
                return found[0] if step == 0 and found[1].endswith("est") else match.end()
            place = word.end()
        return None
