"""Paragraphs that repeat others: page descriptions put together from the text, teasers, second copies."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from policybook.corpus.furniture import is_long
from policybook.corpus.segment import split_sentences

# A paragraph is a near-copy when another holds this share of its runs of characters.
_NEAR_COPY = 0.6
_RUN = 12
#: A teaser stands before what it was taken from, or among this many last paragraphs of the page.
_LAST = 3
#: A run that stands in more paragraphs than this is a formula and shows no copy.
_COMMON = 20


def find_repeats(candidates: Mapping[int, str], language: str) -> dict[int, str]:
    """Return paragraph number → reason for the candidates that repeat other candidates.

    Descriptions put together from several paragraphs are found first, so that the paragraphs they were
    taken from are not mistaken for copies of them.
    """
    shingles = {number: _shingles(text) for number, text in candidates.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, runs in shingles.items():
        for run in runs:
            holders[run].append(number)
    holders = {run: where for run, where in holders.items() if 1 < len(where) <= _COMMON}
    labels: dict[int, str] = {}
    for number, text in candidates.items():
        sources = _copied_from(number, text, candidates, holders, language)
        if len(sources) > 1:
            labels[number] = f"page description: repeats paragraphs {' and '.join(map(str, sources))}"
    first: dict[str, int] = {}
    last = max(candidates, default=0)
    for number, text in candidates.items():
        if number in labels:
            continue
        if text in first:
            labels[number] = f"repeats paragraph {first[text]}"
            continue
        first[text] = number
        shared = Counter(other for run in shingles[number] for other in holders.get(run, ()) if other != number)
        for other in sorted(shared):
            longer = len(candidates[other]) > len(text) and other not in labels
            outside = number < other or number > last - _LAST
            if (
                longer
                and outside
                and is_long(text, language, 20)
                and shared[other] >= _NEAR_COPY * len(shingles[number])
            ):
                labels[number] = f"teaser: near-copy of paragraph {other}"
                break
    return labels


def _shingles(text: str) -> frozenset[str]:
    """Return every run of twelve characters: shared runs show copies (Broder 1997, containment)."""
    squeezed = _squeezed(text)
    return frozenset(squeezed[i : i + _RUN] for i in range(max(1, len(squeezed) - _RUN + 1)))


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())


def _copied_from(
    number: int, text: str, candidates: Mapping[int, str], holders: Mapping[str, list[int]], language: str
) -> list[int]:
    """Return the other paragraphs that hold every sentence of a paragraph word for word, or nothing."""
    sources: set[int] = set()
    for start, end in split_sentences(text, language):
        sentence = text[start:end]
        places = holders.get(_squeezed(sentence)[:_RUN], ())
        source = next((other for other in places if other != number and sentence in candidates[other]), None)
        if source is None:
            return []
        sources.add(source)
    return sorted(sources)
