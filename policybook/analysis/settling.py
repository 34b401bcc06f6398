"""What would settle a comparison: its power as it stands, and the blocks that would give it enough."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from policybook.analysis.block_counts import BlockCounts, RowKey
from policybook.analysis.compare import PairComparison
from policybook.analysis.judging import simultaneous_confidence
from policybook.analysis.power import blocks_needed, power, shares_apart


@dataclass(frozen=True)
class Settling:
    """For one row: the probability that a difference of SETTLED_DIFFERENCE is found with the blocks that there are.

    `left` and `right`: how many blocks that side would need, the other staying as it is; `each`: how many both would.
    None where power.MOST_BLOCKS would not do. New text is taken to come in documents of `document_size` blocks.
    """

    key: RowKey
    power: float
    left: int | None
    right: int | None
    each: int | None
    document_size: int


def what_would_settle(comparison: PairComparison, key: RowKey) -> Settling:
    """Return the power of one row, and how many blocks it takes for SETTLED_POWER."""
    row = comparison.left.rows.index(key)
    sides = (comparison.left, comparison.right)
    left, right = (tuple(leave_out_units(side)) for side in sides)
    size = max(1, int(np.median(np.concatenate([document_sizes(side) for side in sides]))))
    found = comparison.rows[row].left.blocks + comparison.rows[row].right.blocks
    shares = shares_apart(found / sum(len(side.blocks) for side in sides))
    confidence = float(simultaneous_confidence(np.array(rows_to_test(comparison, key))))
    situation = (*shares, float(comparison.decision.effect[row]), confidence)
    return Settling(key, *_worked_out(left, right, *situation, size), size)


@lru_cache(maxsize=256)  # many rows of one comparison are in the same situation: too rare for it to matter how rare
def _worked_out(
    left: tuple[int, ...],
    right: tuple[int, ...],
    p1: float,
    p2: float,
    effect: float,
    confidence: float,
    size: int,
) -> tuple[float, int | None, int | None, int | None]:
    """Return the power as it stands, and the blocks needed on the left, on the right and on each side."""
    situation = (p1, p2, effect, confidence)
    return power(left, right, *situation), *blocks_needed(left, right, *situation, size)


def leave_out_units(counts: BlockCounts) -> list[int]:
    """Return the blocks of every document, or of every passage where there is one document only."""
    documents = document_sizes(counts)
    if len(documents) > 1 or counts.pieces is None:
        return documents
    _, first = np.unique(counts.pieces.block, return_index=True)
    _, blocks = np.unique(counts.pieces.passage[first], return_counts=True)
    return [int(n) for n in blocks]


def document_sizes(counts: BlockCounts) -> list[int]:
    """Return the blocks of every document."""
    return [int(n) for n in counts.blocks.groupby("document", sort=False).size()]


def rows_to_test(comparison: PairComparison, key: RowKey) -> int:
    """Return over how many rows of the family intervals would hold: those eligible now, at least the themes that occur.

    With more text more rows become eligible, so the few of a small side would promise too much.
    """
    rows = comparison.rows
    eligible = sum(row.eligible for row in rows if row.family == key[0])
    themes = sum(row.left.blocks + row.right.blocks > 0 for row in rows if row.family == "theme")
    return max(eligible, themes, 1)
