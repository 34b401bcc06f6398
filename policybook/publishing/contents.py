"""The chapters of a document as its page lists them."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from policybook.corpus.model import Corpus, records

#: A list of contents names this many levels of headings, and is left out where there are fewer headings than `FEWEST`.
LEVELS, FEWEST = 2, 3
#: Headings nested deeper look like these.
DEEPEST = 4


def heading_level(passage: Any) -> int:
    """Return how deep a passage that is nothing but a heading stands, from 1; 0 for every other passage."""
    is_heading = passage.text.strip(" #。") == passage.heading
    return min(len(passage.section), DEEPEST) if is_heading else 0


def list_contents(corpus: Corpus, shown: Container[str]) -> list[dict[str, Any]]:
    """Return the widest headings of one document with anchor and depth; empty where it has hardly any.

    The text of a heading none of whose sentences is in `shown` is None: it may not be printed.
    """
    headings = [row for row in records(corpus.passages) if row.heading is not None]
    if len(headings) < FEWEST:
        return []
    first = corpus.sentences.drop_duplicates("passage").set_index("passage")["sentence"]
    return [
        {
            "anchor": row.anchor,
            "number": row.paragraph,
            "depth": len(row.section),
            "text": row.heading if first.get(row.passage) in shown else None,
        }
        for row in headings
        if len(row.section) <= LEVELS
    ]
