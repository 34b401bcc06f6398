"""Markers of duty and will in Chinese clauses: 要, 应, 必须, 将."""

from __future__ import annotations

from dataclasses import dataclass

from policybook.coding.clauses_zh import Heads
from policybook.coding.instrument_scheme import ChineseWords
from policybook.corpus.matching import Phrases, WordList

_DECOY = "decoy"
_WILL, _NEED, _LEAVE = ("将",), ("需", "需要", "仍需", "还需", "建议"), ("可", "可以")
_PLAN = ("计划", "打算", "争取", "力争", "力求", "拟")


@dataclass(frozen=True)
class Marker:
    """A marker: where it begins, where the rest of its clause does, and the strength it gives."""

    start: int
    after: int
    strength: str


class Markers:
    """Finds the marker of each clause."""

    def __init__(self, words: ChineseWords, heads: Heads) -> None:
        """Prepare the words."""
        pairs = [(word, strength) for strength, listed in words.markers.items() for word in listed]
        self._phrases = Phrases([*pairs, *((word, _DECOY) for word in words.decoys)])
        self._heads = heads
        self._agents = WordList(words.agents, words.told)
        self._predicted = WordList(words.predicted)
        self._prepositions = WordList(words.prepositions, words.object_prepositions, ["会同"])
        self._placed = WordList(words.placed)

    def find(self, text: str, clauses: list[tuple[int, int]]) -> dict[int, Marker]:
        """Return the first valid marker of every clause that has one, by the clause's number."""
        found: dict[int, Marker] = {}
        matches = iter(self._phrases.find(text))
        match = next(matches, None)
        for n, (start, end) in enumerate(clauses):
            while match is not None and match.start < end:
                if n not in found and match.start >= start and match.key != _DECOY:
                    marker = Marker(match.start, match.end, match.key)
                    if self._holds(text, marker, start, end):
                        found[n] = marker
                match = next(matches, None)
        return found

    def _holds(self, text: str, marker: Marker, start: int, end: int) -> bool:
        """Whether the word is a marker where it stands: it has a clause behind it that it governs."""
        word = text[marker.start : marker.after]
        if marker.after >= end or text[marker.after] in "的、”》":
            return False
        head = self._heads.read(text, marker.after, end)
        if head.after > head.verb and text[head.after : head.after + 1] == "的" and end - head.after < 12:
            return False  # 要解决的问题
        if word in _NEED:
            return head.directs or self._prepositions.at(text, head.verb, end) > 0
        if word in _LEAVE:
            acts = head.directs or head.adverbial or self._prepositions.at(text, head.verb, end) > 0
            return acts or self._is_told(text, start, marker)
        if word in _PLAN:
            acts = head.directs or self._prepositions.at(text, head.verb, end) > 0
            return self._opens(text, start, marker) and (acts or word not in ("计划", "拟"))
        if word in _WILL:
            return self._announces(text, start, marker, end)
        return True

    def _announces(self, text: str, start: int, marker: Marker, end: int) -> bool:
        """Whether 将 announces what its subject will do, and is neither a prediction nor the 将 before an object."""
        head = self._heads.read(text, marker.after, end)
        if self._predicted.at(text, head.verb, end):
            return False
        if self._heads.read(text, start, marker.start).verb == marker.start and not self._is_told(text, start, marker):
            return head.directs and not self._placed.within(text, head.after, end)  # its subject was said before
        acts = head.directs or self._prepositions.at(text, head.verb, end) > 0
        return acts and self._is_told(text, start, marker)

    def _is_told(self, text: str, start: int, marker: Marker) -> bool:
        """Whether the words before the marker are, or end in, one who makes or carries out policy."""
        while marker.start > start and text[marker.start - 1] in "还也都均又":
            marker = Marker(marker.start - 1, marker.after, marker.strength)
        return self._agents.closes(text, start, marker.start)

    def _opens(self, text: str, start: int, marker: Marker) -> bool:
        """Whether the marker opens the clause but for adverbs, time, or one who makes policy."""
        return self._heads.read(text, start, marker.start).verb == marker.start or self._is_told(text, start, marker)
