"""English clauses in which one asks another to act: the meeting urged governments to …, the first is to …."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.coding.instrument_scheme import EnglishWords
from policybook.coding.openings_en import Opening, Openings
from policybook.coding.words_en import Token, Verbs

_REACH = 15  # words between the request and what is asked for
_NEEDED = frozenset({"necessary", "essential", "imperative", "important", "vital", "crucial", "required", "urgent"})
_EDGES = frozenset([",", ";", ":", "—", "."])


class Requests:
    """Finds what is asked for."""

    def __init__(self, words: EnglishWords, verbs: Verbs, openings: Openings) -> None:
        """Prepare the words."""
        self._verbs, self._openings = verbs, openings
        self._tellers, self._tasks = frozenset(words.tellers), frozenset(words.tasks)

    def read(self, tokens: Sequence[Token], place: int) -> Opening | None:
        """Return the infinitive that is asked for by the word at `place`; None where none is."""
        text = tokens[place].text
        if text in ("is", "was") and self._is_to(tokens, place + 1):
            return self._infinitive(tokens, place + 1) if self._sets_task(tokens, place) else None
        if text == "need" and place and tokens[place - 1].text == "the":
            stressed = any(token.text in self._verbs.stressed for token in tokens[max(0, place - 5) : place])
            return self._infinitive(tokens, place + 1) if stressed and self._is_to(tokens, place + 1) else None
        if text in _NEEDED and place and tokens[place - 1].text in ("is", "also", "still", "therefore"):
            return self._needed(tokens, place)
        called = self._calls(tokens, place)
        if called:
            return self._openings.gerund(tokens, place + called)
        length = self._asks(tokens, place)
        if not length or not any(token.text in self._tellers for token in tokens[max(0, place - 12) : place]):
            return None
        for n in range(place + length, min(place + length + _REACH, len(tokens))):
            if tokens[n].text in _EDGES:
                break
            if tokens[n].text == "to":
                return self._infinitive(tokens, n) if n > place + length else None
        return None

    def _needed(self, tokens: Sequence[Token], place: int) -> Opening | None:
        """Return what someone is told to do: is necessary for counties to draw up plans."""
        if place + 1 >= len(tokens) or tokens[place + 1].text != "for":
            return None
        for n in range(place + 3, min(place + _REACH, len(tokens))):
            if tokens[n].text in _EDGES:
                return None
            if tokens[n].text == "to":
                opening = self._openings.read(tokens, n + 1, sure=True)
                return Opening(place - 1, opening.verb, opening.after) if opening else None
        return None

    def _calls(self, tokens: Sequence[Token], place: int) -> int:
        """Return how many words a verb has at `place` behind which a gerund says what to do: called for improving."""
        pair = " ".join(token.text for token in tokens[place : place + 2])
        return 2 if pair in self._verbs.calling else int(tokens[place].text in self._verbs.calling)

    def _asks(self, tokens: Sequence[Token], place: int) -> int:
        """Return how many words a verb of asking has at `place`."""
        pair = " ".join(token.text for token in tokens[place : place + 2])
        if pair in self._verbs.reporting:
            return 2
        return int(tokens[place].text in self._verbs.reporting)

    def _sets_task(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether the subject of "is to" is a task, or one of a list of them."""
        first = max(0, place - 15)
        for n in range(place - 1, first - 1, -1):
            if tokens[n].text in _EDGES:
                first = n + 1
                break
        return any(token.text in self._tasks for token in tokens[first : min(first + 4, place)])

    def _is_to(self, tokens: Sequence[Token], place: int) -> bool:
        return place + 1 < len(tokens) and tokens[place].text == "to"

    def _infinitive(self, tokens: Sequence[Token], place: int) -> Opening | None:
        """Return the infinitive whose "to" stands at `place`."""
        opening = self._openings.read(tokens, place + 1, sure=True)
        return Opening(place, opening.verb, opening.after) if opening else None
