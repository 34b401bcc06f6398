"""The noun that decides the unit of a Chinese number with a measure word, or with none."""

from __future__ import annotations

from dataclasses import dataclass

from policybook.coding.quantities.beside import nouns_zh
from policybook.coding.quantities.words import QuantityWords, Thing

_STOP = frozenset("，。；：、！？,.;:!?（）()《》“”\"'…—-\n0123456789")
_AHEAD, _BACK = 16, 14


@dataclass(frozen=True)
class Noun:
    """A noun and the unit that it makes."""

    start: int
    end: int
    unit: str


class ChineseNouns:
    """Looks for the noun behind a number, or in front of it."""

    def __init__(self, words: QuantityWords) -> None:
        self._nouns = nouns_zh(words)

    def behind(self, flat: str, start: int) -> Noun | None:
        """Return the last noun of the phrase that begins at `start`: in 11个国家城乡融合发展试验区 the 试验区."""
        return self._last(flat, start, start + _AHEAD, ahead=True)

    def before(self, flat: str, end: int) -> str | None:
        """Return the unit of the last noun in front of `end` in the same clause: 老旧小区5.3万个."""
        start = end
        while start > max(0, end - _BACK) and flat[start - 1] not in _STOP:
            start -= 1
        noun = self._last(flat, start, end, ahead=False)
        return noun.unit if noun else None

    def ends(self, flat: str, place: int) -> bool:
        """Whether a noun phrase ends at `place`: with the clause, or before a word that ends one."""
        if place >= len(flat) or flat[place] in _STOP or flat[place] in " 的":
            return True
        found = self._nouns.at(flat, place)
        return found is not None and found[1] == "end"

    def _last(self, flat: str, start: int, stop: int, *, ahead: bool) -> Noun | None:
        """Return the last noun from `start` on; going ahead, words that end a noun phrase end the search."""
        noun, place = None, start
        while place < min(stop, len(flat)) and flat[place] not in _STOP:
            if flat[place] == "的" and ahead and noun:
                break
            found = self._nouns.at(flat, place)
            if found and found[1] == "end" and ahead:
                break
            if (
                found
                and isinstance(found[1], Thing)
                and self._decides(flat, start, stop, place, found[0], found[1], ahead)
            ):
                noun = Noun(place, found[0], found[1].unit)
            place = found[0] if found else place + 1
        return noun

    def _decides(self, flat: str, start: int, stop: int, place: int, end: int, thing: Thing, ahead: bool) -> bool:
        """Whether a noun decides the unit: one character, or a noun that modifies others, begins or ends its phrase."""
        at_once = ahead and place == start
        if end - place == 1:
            return at_once or (ahead and self.ends(flat, end))
        return not thing.modifier or at_once or (end == stop and not ahead) or self.ends(flat, end)
