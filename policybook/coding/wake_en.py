"""English verb phrases in the wake of a directive: should improve A, promote B and protect C."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.coding.begun_en import Begun
from policybook.coding.instrument_scheme import EnglishWords
from policybook.coding.openings_en import CONJUNCTIONS, MARKS, Opening, Openings
from policybook.coding.words_en import PhraseSet, Token, Verbs

_REACH = 60  # words that are looked back upon
_INSIDE = frozenset({"which", "that", "who", "where", "whose", "whereby"})


class Wake:
    """Tells the verb phrases that direct in the wake of another from those that belong to its inside."""

    def __init__(self, words: EnglishWords, verbs: Verbs, openings: Openings) -> None:
        """Prepare the words."""
        self._verbs, self._openings = verbs, openings
        self._light = PhraseSet(words.light)

    def read(self, tokens: Sequence[Token], begun: Sequence[Begun], place: int) -> Opening | None:
        """Return the verb phrase that follows the mark or conjunction at `place` and belongs to what directs before."""
        text = tokens[place].text
        if text not in MARKS and text not in CONJUNCTIONS:
            return None
        opening = self._openings.read(tokens, place + 1)
        if opening is None:
            return None
        if text in (":", ";"):
            return opening if begun or tokens[opening.verb].text not in self._verbs.nouns else None
        if not begun:
            return None
        last = begun[-1]
        if text in CONJUNCTIONS and self._shares_object(tokens, place):
            return None
        if self.in_consequence(tokens, last.after, place):
            return None
        if not self._has_object(tokens, last.after, place):
            return None
        if text in CONJUNCTIONS and tokens[place - 1].text != "," and self.is_inside(tokens, last.after, place):
            return None
        return opening

    def _shares_object(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether the word before a conjunction is a verb too: experts oversee and evaluate the quality."""
        if tokens[place - 1].text == ",":
            return tokens[place - 2].text in self._verbs.base and tokens[place - 3].text == ","
        before = tokens[place - 1].text
        if before not in self._verbs.base:
            return False
        return before not in self._verbs.nouns or tokens[place - 2].text in (",", "to")

    def in_consequence(self, tokens: Sequence[Token], after: int, place: int) -> bool:
        """Whether a verb stands in what is to follow: so that people can stay, live well and work."""
        return any(
            tokens[n].text == "so" and tokens[n + 1].text == "that"
            for n in range(max(after, place - _REACH), place - 1)
        )

    def _has_object(self, tokens: Sequence[Token], after: int, place: int) -> bool:
        """Whether the verb before has an object of its own, else the two share the one that follows."""
        place = min(place, after + _REACH)
        while after < place:
            if tokens[after].is_word and tokens[after].text not in CONJUNCTIONS:
                opening = self._openings.read(tokens, after)
                if opening is None or opening.after > place:
                    return True
                after = opening.after
            else:
                after += 1
        return False

    def is_inside(self, tokens: Sequence[Token], after: int, place: int) -> bool:
        """Whether a verb behind a bare "and" belongs to an infinitive or relative clause inside the one before."""
        for n in range(place - 1, max(after - 1, place - _REACH), -1):
            text = tokens[n].text
            if text == ",":
                return False
            if text in _INSIDE:
                return True
            if text == "to" and self._is_infinitive(tokens, n) and not self._is_light(tokens, n - 1):
                return True
        return False

    def _is_infinitive(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a verb follows "to": not in transfers to lower levels."""
        return self._verbs.base.at(tokens, place + 1) > 0 and self._openings.read(tokens, place + 1) is not None

    def _is_light(self, tokens: Sequence[Token], place: int) -> bool:
        return any(
            place - length + 1 >= 0 and self._light.at(tokens, place - length + 1) >= length for length in (1, 2)
        )
