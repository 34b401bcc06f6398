"""Chinese sentences cut into clauses, and the head of a clause: list marker, time, adverbs, verb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policybook.coding.instrument_scheme import ChineseWords
from policybook.corpus.matching import WordList

# Quotation marks open and close clauses, they do not end them; names of papers say nothing of what is to be done.
_CLAUSE = re.compile(r"[^，,；;：:。！？!?\n]+")
_NAME = re.compile(r"《[^《》]*》")
_OPENING = re.compile(r"[\s“”‘’\"'「『（(【*#—\-–·•]+")
_CLOSING = re.compile(r"[\s“”‘’\"'」』）)】*…、]+$")
_NUMERAL = "[一二三四五六七八九十百]"
_LISTED = re.compile(
    rf"(?:[（(](?:{_NUMERAL}{{1,3}}|\d{{1,3}})[)）]|{_NUMERAL}{{1,3}}(?:是(?!否)|、|\s|(?=要))"
    rf"|第(?:{_NUMERAL}{{1,3}}|\d{{1,3}})(?:[、章节条篇]|是)|\d{{1,3}}[.．、）)](?!\d)|[①-⑳])"
)
_YEAR = rf"(?:(?:19|20)\d\d|{_NUMERAL}{{1,3}}|[一二三四五六七八九〇零]{{4}})"
_TIME = re.compile(
    rf"(?:到|至|从|在|自)?(?:{_YEAR}(?:[—\-－至]{_YEAR})?年(?:年?底|年末|以前|之前|前|内|上半年|下半年|起)?"
    r"|[“\"]?[一二三四五六七八九十]{1,2}五[”\"]?(?:时期|期间)|每年|\d{1,3}(?:年|个月|天|日)(?:时间)?内|[一二三五十]年(?:时间)?内|(?:今后|未来)(?:一个时期|一段时间|几年|[三五十]年))"
)


@dataclass(frozen=True)
class Head:
    """How a clause begins: where its directing words start, its verb if it has one, and whether an adverb wills it."""

    start: int
    verb: int
    after: int
    willing: bool
    adverbial: bool

    @property
    def directs(self) -> bool:
        """Whether the clause begins like an imperative."""
        return self.after > self.verb or self.willing


def masked(text: str) -> str:
    """Return the text with the names of papers blotted out, its length unchanged."""
    return _NAME.sub(lambda name: "□" * len(name.group()), text)


def cut(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each clause begins, behind its list marker, and ends, before closing quotation marks."""
    for found in _CLAUSE.finditer(text):
        start, end = found.span()
        closing = _CLOSING.search(text, max(start, end - 12), end)
        end = closing.start() if closing else end
        start = _behind_markers(text, start, end)
        if start < end:
            yield start, end


def _behind_markers(text: str, start: int, end: int) -> int:
    while start < end:
        marker = _LISTED.match(text, start, end) or _OPENING.match(text, start, end)
        if marker is None:
            break
        start = marker.end()
    return start


class Heads:
    """Reads the heads of clauses."""

    def __init__(self, words: ChineseWords) -> None:
        """Prepare the words."""
        self._adverbs = WordList(words.adverbs)
        self._willing = WordList(words.willing)
        self._verbs = WordList(words.verbs, words.encouraging)

    def read(self, text: str, start: int, end: int) -> Head:
        """Return the head of the clause from `start` to `end`; time and adverbs before the verb belong to it."""
        time = _TIME.match(text, start, end)
        begins = place = time.end() if time else start
        willing, adverbs = False, 0
        while place < end:
            verb = self._verbs.at(text, place, end)
            will = self._willing.at(text, place, end)
            adverb = max(will, self._adverbs.at(text, place, end))
            # 加快 and 统筹 are verbs and adverbs: before another verb they are adverbs, else the verb itself.
            if verb and verb >= adverb:
                return Head(begins, place, place + verb, willing, adverbs > 0)
            if not adverb:
                break
            willing |= will == adverb
            place, adverbs = place + adverb, adverbs + 1
        return Head(begins, place, place, willing and place < end, adverbs > 0)
