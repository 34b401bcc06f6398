"""The noun that decides the unit of an English number."""

from __future__ import annotations

import re
from dataclasses import dataclass

import simplemma

from policybook.coding.quantities.beside import things_en
from policybook.coding.quantities.words import QuantityWords

_WORD = re.compile(r" {0,2}([a-z][a-z'’]*)")
_IRREGULAR = frozenset("people children men women personnel youth staff population talent".split())
_ENDS = frozenset(
    "is are was were be been being has have had do does did will would shall should can could may might must than that "
    "which who whom whose where when while as if then there this these those it its they them their he she we i you "
    "our your each every all both and or but nor so of in on at by for from to into onto over under with without "
    "within among amongst between during before after since until through throughout across about against via per "
    "a an the including include includes plus minus not no more less fewer higher lower annually altogether yesterday "
    "respectively namely such also only just still already now up down out off ago s".split()
)
_NO_PLURAL = re.compile(r"(?:ss|us|is|ous|'s|’s|ics)$")
_NOT_PLURAL = frozenset(
    "perhaps always besides towards afterwards thus less across process business access news".split()
)


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
            if not match or (match[1] in _ENDS and (noun or match[1] not in ("and", "or"))):
                break
            known = self._things.at(spaced, match.start(1))
            if known and (one or _is_plural(spaced[match.start(1) : known[0]])):
                noun, place = Noun(match.start(1), known[0], known[1]), known[0]
            elif not one and _is_plural(match[1]):
                noun, place = Noun(match.start(1), match.end(), _singular(match[1])), match.end()
            elif noun:
                break
            else:
                place = known[0] if known else match.end()
        return noun


def _is_plural(words: str) -> bool:
    last = words.rpartition(" ")[2]
    if last in _IRREGULAR:
        return True
    return len(last) > 3 and last.endswith("s") and not _NO_PLURAL.search(last) and last not in _NOT_PLURAL


def _singular(word: str) -> str:
    return str(simplemma.lemmatize(word, lang="en"))
