"""The noun that decides the unit of an English number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policybook.coding.quantities.beside import PERSON, things_en
from policybook.coding.quantities.grammar_en import NOT_PLURAL, PHRASE_ENDS, PLURALS_WITHOUT_S
from policybook.coding.quantities.words import QuantityWords
from policybook.corpus.matching import singular

_WORD = re.compile(r" {0,2}([a-z][a-z'’]*)")
_COUNTED = re.compile(r"number of |(?=\bpopulations?\b)")
_CLAUSE_END = re.compile(r"[.;,] ")
_ADDED = frozenset({"more", "fewer", "additional", "other"})
#: So many characters before a number are searched for what is counted.
_BACK = 100


@dataclass(frozen=True)
class Noun:
    """A noun, where it stands, and the unit that it makes."""

    start: int
    end: int
    unit: str


class EnglishNouns:
    """Looks for the noun behind a number."""

    def __init__(self, words: QuantityWords) -> None:
        self._things = things_en(words)

    def behind(self, spaced: str, start: int, *, one: bool, most: int) -> Noun | None:
        """Return the first plural noun of the phrase behind a number, the last of several in a row.

        In "11 national experimental zones for …" it is the zones, in "300 sports facilities" the facilities. `one`
        takes a singular noun of the scheme too. At most `most` words are looked at.
        """
        noun: Noun | None = None
        place = start
        for _ in range(most):
            match = _WORD.match(spaced, place)
            if match and place == start and match[1] in _ADDED and not spaced.startswith(" than", match.end()):
                place = match.end()
                continue
            if not match or (match[1] in PHRASE_ENDS and (noun or match[1] not in ("and", "or"))):
                break
            known = self._things.at(spaced, match.start(1))
            if known and (one or _is_plural(spaced[match.start(1) : known[0]])):
                noun, place = Noun(match.start(1), known[0], known[1]), known[0]
            elif not one and _is_plural(match[1]):
                noun, place = Noun(match.start(1), match.end(), singular(match[1])), match.end()
            elif noun:
                break
            else:
                place = known[0] if known else match.end()
        return noun

    def counted_before(self, flat: str, spaced: str, start: int) -> str | None:
        """Return the unit of what "the number of …" or "population" in the same clause counts."""
        if flat.endswith("of whom ", 0, start):
            return PERSON
        for match in _COUNTED.finditer(flat, max(0, start - _BACK), start):
            if not _CLAUSE_END.search(flat, match.end(), start):
                noun = self.behind(spaced, match.end(), one=False, most=7)
                return noun.unit if noun else None
        return None


def _is_plural(words: str) -> bool:
    last = words.partition(" of ")[0].rpartition(" ")[2]
    return last in PLURALS_WITHOUT_S or (last.endswith("s") and last not in NOT_PLURAL and singular(last) != last)
