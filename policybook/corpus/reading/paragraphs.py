"""From the printed lines of pages to paragraphs: what goes on, what begins anew, what only stands on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from policybook.corpus.reading.lines import ends_sentence, join
from policybook.corpus.reading.page_lines import Line, PageText

_NUMBER = re.compile(
    r"^[\W_]*(?:(?:page|p\.|第)\s*)?(?:\d{1,4}|[ivxlc]{1,7})\s*页?(?:\s*(?:/|of|，|,|共)\s*(?:共\s*)?\d{1,4}\s*页?)?[\W_]*$",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(
    r"^(?:[•●○■◆▪‣·]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]{1,4}[章节条]|"
    r"\d{1,2}(?:\.\d{1,2}){0,3}[.、)]?\s+[A-Z\u4e00-\u9fff]|\d{1,2}[.、](?=[\u4e00-\u9fff])|[a-z]\)\s)"
)
_EDGE = 2  # lines at the head and at the foot of a page that may be furniture
_EDGE_SHARE = 0.15  # of the page's height, where furniture stands
_REPEATED = 0.4  # share of the pages on which a running head stands (left and right pages may differ)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, and why it is furniture."""

    text: str
    reason: str = ""


def join_lines(pages: Sequence[PageText]) -> list[Paragraph]:
    """Return the paragraphs of a document. Furniture between the two halves of one follows it."""
    repeated = _repeated(pages)
    paragraphs: list[Paragraph] = []
    current: int | None = None  # the paragraph that may go on
    before: Line | None = None
    margins = _Margins(())
    for page in pages:
        edges = _edges(page)
        body = [line for line in page.lines if not _reason(line, page, edges, repeated)]
        turned, earlier, margins = True, margins, _Margins(body)
        for line in page.lines:
            if reason := _reason(line, page, edges, repeated):
                paragraphs.append(Paragraph(line.text, reason))
                continue
            goes_on = before is not None and (
                earlier.goes_over(before, line) if turned else not margins.begins_anew(before, line)
            )
            if current is not None and goes_on:
                paragraphs[current] = Paragraph(join(paragraphs[current].text, line.text))
            else:
                paragraphs.append(Paragraph(line.text))
                current = len(paragraphs) - 1
            before, turned = line, False
    return [Paragraph(_clean(one.text), one.reason) for one in paragraphs if _clean(one.text)]


class _Margins:
    """The right margin and the distance of lines on one page."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        gaps = sorted(a.bottom - b.bottom for a, b in pairwise(lines) if a.bottom > b.bottom)
        self._gap = gaps[len(gaps) // 3] if gaps else 0.0
        rights: dict[int, list[float]] = {}
        for line in lines:
            rights.setdefault(int(line.left // 60), []).append(line.right)
        # not the largest: one wide line would make all others look short
        self._rights = {column: sorted(ends)[-1 - len(ends) // 10] for column, ends in rights.items()}

    def begins_anew(self, before: Line, line: Line) -> bool:
        """Tell whether `line` begins a paragraph after `before` on the same page."""
        size = max(before.height, 1.0)
        gap = before.bottom - line.bottom
        if not 0.75 * size <= line.height <= 1.25 * size and abs(line.height - size) > 2.5:
            return True
        if self._gap and gap > 1.5 * self._gap:
            return True
        if line.text[0].islower() and before.text.isascii() and not ends_sentence(before.text):
            return False
        missing = self._right(before) - before.right
        if _LIST_MARK.match(line.text) and (ends_sentence(before.text) or missing > 2 * size):
            return True
        if gap < 0:  # the next column
            return ends_sentence(before.text) and missing > 2 * size
        if line.left - before.left > 1.2 * size and missing < 60:
            return True
        width = self._right(before) - before.left
        if ends_sentence(before.text) and missing > max(1.2 * size, 0.03 * width):
            return missing > 0.12 * width or line.left - before.left > -0.5 * size
        return missing > 0.3 * width

    def goes_over(self, before: Line, line: Line) -> bool:
        """Tell whether a paragraph goes on over the page: its last line ends no sentence and is no heading."""
        if ends_sentence(before.text) or _LIST_MARK.match(line.text):
            return False
        if abs(before.height - line.height) > max(2.5, 0.3 * before.height):
            return False
        right = max(self._right(before), line.right)
        short = right - before.right > 0.3 * (right - before.left)
        return not short or (before.text.isascii() and line.text[0].islower())

    def _right(self, line: Line) -> float:
        column = int(line.left // 60)
        return max(self._rights.get(near, 0.0) for near in (column - 1, column, column + 1))


def _edges(page: PageText) -> frozenset[Line]:
    """Return the lines that stand apart at the head and foot of a page, by place and not by reading order."""
    rising = sorted(page.lines, key=lambda line: line.bottom)
    gaps = sorted(b.bottom - a.bottom for a, b in pairwise(rising))
    usual = gaps[len(gaps) // 3] if len(gaps) > 2 else 0.0
    low = [line for line in rising[: _EDGE + 1] if line.top < _EDGE_SHARE * page.height]
    high = [line for line in rising[::-1][: _EDGE + 1] if line.bottom > (1 - _EDGE_SHARE) * page.height]
    return frozenset(_apart(low, rising, usual) + _apart(high, rising[::-1], usual))


def _apart(edge: Sequence[Line], ordered: Sequence[Line], usual: float) -> list[Line]:
    """Return the lines of an edge that a gap or another size of letters sets apart from what follows inwards."""
    last = 0
    for place, (line, inner) in enumerate(zip(edge[:_EDGE], ordered[1:], strict=False), 1):
        gap = abs(inner.bottom - line.bottom)
        if gap > 1.3 * usual or abs(inner.height - line.height) > 0.1 * line.height:
            last = place
    return list(edge[: last or int(len(ordered) == 1)])


def _repeated(pages: Sequence[PageText]) -> frozenset[str]:
    """Return the edge lines, numbers left out, that stand on many of the pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_without_numbers(line.text) for line in _edges(page)})
    least = max(2, _REPEATED * len(pages))
    return frozenset(text for text, count in counts.items() if text and count >= least)


def _reason(line: Line, page: PageText, edges: frozenset[Line], repeated: frozenset[str]) -> str:
    if line not in edges:
        return ""
    if _NUMBER.match(line.text):
        return "page number"
    if _without_numbers(line.text) in repeated:
        return "running head" if line.bottom > page.height / 2 else "running foot"
    return ""


def _without_numbers(text: str) -> str:
    return re.sub(r"[\d\s]+", "", text)


def _clean(text: str) -> str:
    return re.sub("[\ufffe\x02\xad]", "", text).strip()
