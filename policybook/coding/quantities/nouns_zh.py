"""The noun that decides the unit of a Chinese number with a measure word, or with none."""

from __future__ import annotations

from dataclasses import dataclass

from policybook.coding.quantities.beside import PERSON, nouns_zh
from policybook.coding.quantities.entries import Thing
from policybook.coding.quantities.words import QuantityWords

_STOP = frozenset("，。；：、！？,.;:!?（）()《》“”\"'…—-\n0123456789")
_AHEAD, _BACK = 16, 14


@dataclass(frozen=True)
class Noun:
    """A noun and the unit that it makes."""

    start: int
    end: int
    unit: str


@dataclass(frozen=True)
class _Phrase:
    """Where a noun is looked for: ahead of a number, or back from it."""

    start: int
    stop: int
    ahead: bool
    people: bool


class ChineseNouns:
    """Looks for the noun behind a number, or in front of it."""

    def __init__(self, words: QuantityWords) -> None:
        self._nouns = nouns_zh(words)

    def behind(self, flat: str, start: int, *, people: bool) -> Noun | None:
        """Return the last noun of the phrase that begins at `start`: in 11个国家城乡融合发展试验区 the 试验区.

        With `people`, for numbers without a measure word, the first noun for people decides: 6000万农村人口饮水问题.
        """
        return self._last(flat, _Phrase(start, min(start + _AHEAD, len(flat)), ahead=True, people=people))

    def at(self, flat: str, place: int) -> Noun | None:
        """Return the noun that begins at `place`."""
        found = self._nouns.at(flat, place)
        return Noun(place, found[0], found[1].unit) if found and isinstance(found[1], Thing) else None

    def before(self, flat: str, end: int) -> str | None:
        """Return the unit of the last noun in front of `end` in the same clause: 老旧小区5.3万个."""
        start = end
        while start > max(0, end - _BACK) and flat[start - 1] not in _STOP:
            start -= 1
        noun = self._last(flat, _Phrase(start, end, ahead=False, people=False))
        return noun.unit if noun else None

    def ends(self, flat: str, place: int) -> bool:
        """Whether a noun phrase ends at `place`: with the clause, or before a word that ends one."""
        if place >= len(flat) or flat[place] in _STOP or flat[place] in " 的":
            return True
        found = self._nouns.at(flat, place)
        return found is not None and found[1] == "end"

    def _last(self, flat: str, phrase: _Phrase) -> Noun | None:
        """Return the last noun of a phrase; going ahead, words that end a noun phrase end the search."""
        noun, place = None, phrase.start
        while place < phrase.stop and flat[place] not in _STOP:
            if flat[place] == "的" and phrase.ahead and noun:
                break
            end, word = self._nouns.at(flat, place) or (place + 1, "word")
            if word == "end" and phrase.ahead:
                break
            if isinstance(word, Thing):
                if phrase.people and word.unit == PERSON:
                    return Noun(place, end, PERSON)
                if self._decides(flat, phrase, place, end, word):
                    noun = Noun(place, end, word.unit)
            place = end
        return noun

    def _decides(self, flat: str, phrase: _Phrase, place: int, end: int, thing: Thing) -> bool:
        """Whether a noun decides the unit: one character, or a noun that modifies others, begins or ends its phrase."""
        at_once = phrase.ahead and place == phrase.start and thing.modifier != "everywhere"
        if at_once or self.ends(flat, end) or (end == phrase.stop and not phrase.ahead):
            return True
        return end - place > 1 and thing.modifier == "no"
