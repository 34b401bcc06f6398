"""The grammar of Chinese directives: markers, bare imperatives, and what makes a report or a statement of them."""

from __future__ import annotations

from policybook.coding.clauses import Directing
from policybook.coding.clauses_zh import Heads, cut, masked
from policybook.coding.instrument_scheme import ChineseWords
from policybook.coding.markers_zh import Marker, Markers
from policybook.coding.prepositions_zh import Prepositions
from policybook.coding.reports_zh import Reports
from policybook.corpus.matching import WordList

REQUIREMENT, ENCOURAGEMENT = "requirement", "encouragement"
_AGAIN = ("", "就", "还", "也", "更", "都", "首先", "关键", "关键是", "重点")


class ChineseDirectives:
    """Finds the directing clauses of Chinese sentences."""

    def __init__(self, words: ChineseWords) -> None:
        """Prepare the words."""
        self._heads = Heads(words)
        self._markers = Markers(words, self._heads)
        self._reports = Reports(words, self._heads)
        self._prepositions = Prepositions(words)
        self._encouraging = WordList(words.encouraging)
        self._told = WordList(words.told)
        self._purpose = WordList(words.purpose_prepositions)
        self._reporting = WordList(words.reporting)

    def find(self, text: str) -> list[Directing]:
        """Return the directing clauses of one sentence, in order.

        A clause directs by its marker, or as a bare imperative: then nothing else in a sentence without markers
        may say that it reports. In the wake of a marker the following imperatives bear its strength.
        """
        text = masked(text)
        clauses = list(cut(text))
        markers = self._markers.find(text, clauses)
        reports = self._reports.read(text, clauses, markers)
        found: list[Directing] = []
        live: str | None = None
        for n, (start, end) in enumerate(clauses):
            marker = markers.get(n)
            if marker is not None:
                live = marker.strength
                found.append(Directing(marker.start, end, start, self._strength(text, marker, end)))
            elif not reports.says(n, in_wake=live is not None) and not self._is_topic(text, clauses, markers, n):
                begins = self._imperative(text, start, end)
                if begins is not None:
                    strength = self._bare_strength(text, begins, end, live)
                    found.append(Directing(begins, end, start, strength))
        return found

    def _is_topic(self, text: str, clauses: list[tuple[int, int]], markers: dict[int, Marker], n: int) -> bool:
        """Whether a clause only says what the duty in the next one is about: 推进城镇化，必须从国情出发."""
        follows = markers.get(n + 1)
        if n or follows is None or follows.strength not in ("obligation", REQUIREMENT):
            return False
        start = clauses[n + 1][0]
        head = self._heads.read(text, *clauses[n])
        return text[start : follows.start] in _AGAIN and not head.willing and not head.adverbial

    def _imperative(self, text: str, start: int, end: int) -> int | None:
        """Return where the imperative of a clause without a marker begins; None where it is none."""
        head = self._heads.read(text, start, end)
        if head.directs:
            return head.start
        if self._purpose.at(text, head.verb, end):
            return self._prepositions.service(text, head.verb, end)
        led = self._prepositions.led(text, head.verb, end)
        if led is not None:
            return head.start if head.verb > head.start else led
        told = self._told.at(text, head.start, end)
        if told:
            behind = head.start + told
            while text[behind : behind + 1] in ("、", "和", "与") and (more := self._told.at(text, behind + 1, end)):
                behind += 1 + more
            inner = self._heads.read(text, behind, end)
            return inner.start if inner.directs else self._prepositions.led(text, inner.verb, end)
        asked = self._reporting.within(text, start, end)
        if asked and text[asked[0] - 1 : asked[0]] not in ("的", "更", "□", ""):
            return self._prepositions.first_verb(text, asked[1], end, any_verb=True)
        return None

    def _strength(self, text: str, marker: Marker, end: int) -> str:
        head = self._heads.read(text, marker.after, end)
        if marker.strength == REQUIREMENT and self._encouraging.at(text, head.verb, end):
            return ENCOURAGEMENT
        return marker.strength

    def _bare_strength(self, text: str, begins: int, end: int, live: str | None) -> str:
        head = self._heads.read(text, begins, end)
        if self._encouraging.at(text, head.verb, end):
            return ENCOURAGEMENT
        return live if live and live != ENCOURAGEMENT else REQUIREMENT
