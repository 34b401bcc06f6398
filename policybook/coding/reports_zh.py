"""What makes a report or a statement of a Chinese clause that begins like an imperative."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from policybook.coding.clauses_zh import Heads
from policybook.coding.instrument_scheme import ChineseWords
from policybook.coding.markers_zh import Marker
from policybook.corpus.matching import Phrases, WordList

_COMPLETED, _DECOY, _REPORT = "completed", "decoy", "report"
_NOMINAL, _NOT_NOMINAL = "nominal", "not nominal"
_MEASURED = re.compile(
    r"(?:达|到|增长|下降|提高|增加|减少|占|超过|突破|降|升|缩短|压缩|提升|新增|率|量|比例|分别)(?:至|了|约|近|为|超)?\d"
)
_NUMBER = re.compile(r"\d[\d,]{0,20}(?:\.\d{1,9})?(?=[^\d年月日号—\-－])")

# What makes a noun of a verb: 创新型, 保障性.
_NOUN_ENDINGS = "性型者率委厅业"


@dataclass(frozen=True)
class Reading:
    """For every clause whether it is itself a report or statement, and whether the sentence as a whole reports."""

    own: tuple[bool, ...]
    whole: bool

    def says(self, clause: int, *, in_wake: bool) -> bool:
        """Whether a clause says what is or was; in the wake of a marker only its own words count."""
        return self.own[clause] or (self.whole and not in_wake)


class Reports:
    """Reads sentences for what they report."""

    def __init__(self, words: ChineseWords, heads: Heads) -> None:
        """Prepare the words."""
        self._heads = heads
        self._phrases = Phrases(
            [
                *((word, _REPORT) for word in words.reports),
                *((word, _DECOY) for word in words.not_completed),
                ("了", _COMPLETED),
            ]
        )
        self._nominal = Phrases(
            [*((word, _NOMINAL) for word in words.nominal), *((word, _NOT_NOMINAL) for word in words.not_nominal)]
        )
        self._states, self._aims = WordList(words.states), WordList(words.aims)
        self._endings, self._not_endings = WordList(words.endings), WordList(words.not_endings)
        self._complements, self._causatives = WordList(words.complement_verbs), WordList(words.causatives)
        self._nouns, self._reporters = WordList(words.noun_verbs), WordList(words.reporters)
        self._prepositions = WordList(words.prepositions, words.object_prepositions, words.purpose_prepositions)

    def read(self, text: str, clauses: list[tuple[int, int]], markers: dict[int, Marker]) -> Reading:
        """Return what the clauses of a sentence report."""
        past, states = self._past(text), self._statements(text)
        own, whole = [], False
        for n, (start, end) in enumerate(clauses):
            reported = _between(past, start, end) and not self._causes(text, start, end)
            follows = clauses[n + 1][0] if n + 1 < len(clauses) else None
            own.append(reported or self._is_statement(text, start, end, follows, states))
            whole |= n not in markers and (reported or self._describes(text, start, end))
        return Reading(tuple(own), whole)

    def _past(self, text: str) -> list[int]:
        return [match.start for match in self._phrases.find(text) if match.key != _DECOY]

    def _statements(self, text: str) -> list[int]:
        return [match.start for match in self._nominal.find(text) if match.key == _NOMINAL]

    def _causes(self, text: str, start: int, end: int) -> bool:
        """Whether what looks like a report is what the clause wants to bring about: 推进改革取得进展."""
        head = self._heads.read(text, start, end)
        return text[head.verb : head.after] in self._causatives and "了" not in text[head.after : end]

    def _is_statement(self, text: str, start: int, end: int, follows: int | None, states: list[int]) -> bool:
        """Whether a clause that begins with a verb is the subject of a statement, a noun phrase or says when."""
        head = self._heads.read(text, start, end)
        if self._endings.closes(text, start, end) and not self._not_endings.closes(text, start, end):
            return True
        verb = text[head.verb : head.after]
        if verb in self._nouns and self._is_noun(text, head.after, end, alone=not head.adverbial):
            return True
        if verb in self._complements:
            return False
        if _between(states, head.after, end):
            return True
        return bool(verb) and follows is not None and _between(states, follows, follows + 1)

    def _is_noun(self, text: str, after: int, end: int, *, alone: bool) -> bool:
        """Whether a word that can be verb or noun is the subject here: 发展不平衡, 改革持续深化."""
        if after < end and text[after] in _NOUN_ENDINGS:
            return True
        joined = after + (after < end and text[after] in "、和与")
        if joined < end and self._heads.read(text, joined, end).directs:
            return False  # 规划引导, 规划和建设: two verbs share an object
        if after == end or text[after] in "的、和与":
            return alone
        return alone and self._states.closes(text, after, end)

    def _describes(self, text: str, start: int, end: int) -> bool:
        """Whether a clause with a subject of its own says what came of something, in words or in figures."""
        head = self._heads.read(text, start, end)
        if head.start < head.verb and head.verb == end:
            return False
        if self._reporters.at(text, head.start, end):
            return True
        if self._precise(text, start, end):
            return True
        if head.directs or self._prepositions.at(text, head.verb, end):
            return False
        measured = _MEASURED.search(text, start, end) and not self._aims.within(text, start, end)
        return bool(measured) or self._states.closes(text, start, end)

    def _precise(self, text: str, start: int, end: int) -> bool:
        """Whether a clause has a figure too precise for an aim: 取缔2122艘."""
        if self._aims.within(text, start, end):
            return False
        return any(
            len(number.group().replace(",", "").replace(".", "").strip("0")) >= 3
            for number in _NUMBER.finditer(text, start, end)
        )


def _between(places: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the ordered places lies from `start` to before `end`."""
    first = bisect_left(places, start)
    return first < len(places) and places[first] < end
