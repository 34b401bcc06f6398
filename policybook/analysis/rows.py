"""The rows of a comparison: what each side holds of a theme or concept, and what was estimated of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from policybook.analysis.block_counts import BlockCounts, BoolArray, Family, RowKey
from policybook.analysis.findings import Finding
from policybook.analysis.sides import Side


@dataclass(frozen=True)
class SideCount:
    """What one side holds of a row. `share` is of its blocks; `passages` is None where passages are not known."""

    blocks: int
    passages: int | None
    documents: int
    mentions: int
    share: float


@dataclass(frozen=True)
class LanguageCount:
    """Blocks that carry a concept, and all blocks, of each side's documents in one language."""

    language: str
    left: int
    left_blocks: int
    right: int
    right_blocks: int


@dataclass(frozen=True)
class Row:
    """What was estimated of one theme or concept: `difference` = left.share − right.share.

    `low` and `high` hold for all eligible rows of the family at once, `low95` and `high95` for this one. Evidence is
    ids of sentences (of documents, where counts have no texts). `by_language` is filled where languages differ and
    nothing shows that both find the concept equally often. Where `counted` is False nobody counted the row, and no number
    of it means anything.
    """

    family: Family
    id: str
    left: SideCount
    right: SideCount
    difference: float
    low95: float
    high95: float
    low: float
    high: float
    eligible: bool
    verdict: str
    reason: tuple[Finding, ...]
    fragile: bool
    evidence_left: tuple[str, ...]
    evidence_right: tuple[str, ...]
    counted: bool = True
    by_language: tuple[LanguageCount, ...] = ()


def members(counts: BlockCounts, key: RowKey, usable: BoolArray) -> list[str]:
    """Return the concepts that count for a row."""
    family, identifier = key
    if family == "concept":
        return [identifier]
    columns = zip(counts.concepts, counts.theme_of, usable, strict=True)
    return [concept for concept, theme, mark in columns if theme == identifier and mark]


def count_side(counts: BlockCounts, side: Side, concepts: Sequence[Sequence[str]]) -> list[SideCount]:
    """Return what a side holds of every row; `concepts`: those that count for each."""
    number = {concept: n for n, concept in enumerate(counts.concepts)}
    per_concept = counts.mentions.sum(axis=0)
    x, n = side.totals.x, int(side.totals.n)
    documents = (side.by_document.x > 0).sum(axis=0)
    pieces = side.pieces
    return [
        SideCount(
            blocks=int(x[row]),
            passages=len(np.unique(pieces.passage[pieces.present[:, row]])) if pieces else None,
            documents=int(documents[row]),
            mentions=int(sum(per_concept[number[concept]] for concept in ids)),
            share=int(x[row]) / n,
        )
        for row, ids in enumerate(concepts)
    ]


def count_by_language(left: BlockCounts, right: BlockCounts, concept: str) -> list[LanguageCount]:
    """Return what the sides hold of a concept in each language by itself."""
    column = left.concepts.index(concept)
    counts = []
    for language in sorted(left.languages | right.languages):
        cells = []
        for side in (left, right):
            of = side.documents.loc[side.documents["language"] == language, "document"]
            blocks = side.blocks["document"].isin(of).to_numpy(dtype=bool)
            cells += [int((side.mentions[blocks, column] > 0).sum()), int(blocks.sum())]
        counts.append(LanguageCount(language, *cells))
    return counts
