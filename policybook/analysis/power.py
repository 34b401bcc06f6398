"""Which difference could be found, and what would settle a row of which too little is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison
from policybook.analysis.counts import BlockCounts, RowKey
from policybook.analysis.decide import simultaneous_confidence
from policybook.analysis.intervals import FloatArray, newcombe_difference

# What would settle it: how likely a difference of 30 points is to be found, and how many blocks that takes ---

#: More blocks than this are not asked for on any side.
MOST_BLOCKS = 1000
_DRAWS = 1000


def shares_apart(middle: float) -> tuple[float, float]:
    """Return two shares SETTLED_DIFFERENCE apart, around `middle` where there is room, else from 0 or up to 1."""
    difference = thresholds.SETTLED_DIFFERENCE
    low = min(max(middle - difference / 2, 0.0), 1.0 - difference)
    return low + difference, low


def power(left: Sequence[int], right: Sequence[int], p1: float, p2: float, effect: float, confidence: float) -> float:
    """Return the probability of the verdict "more in left", where the true shares are p1 > p2.

    `left` and `right` are the blocks of each unit that is left out (passages). Each unit's share is taken for normal
    around the true one, with `effect` times the variance of
    independent blocks. The verdict is reached when the difference exceeds the smallest worth a sentence and the
    reach of the interval of `confidence` towards 0, with everything and without each unit that can be left out.
    0 where a side is smaller than a comparison needs.
    """
    sizes = [np.asarray(side, dtype=float) for side in (left, right)]
    totals = [float(side.sum()) for side in sizes]
    if min(totals) < thresholds.MIN_BLOCKS:
        return 0.0
    split, units = len(sizes[0]), len(sizes[0]) + len(sizes[1])
    noise = _noise(1 << (units - 1).bit_length())[:, :units]
    parts = zip(sizes, (noise[:, :split], noise[:, split:]), (p1, p2), strict=True)
    carrying = [side * p + z * np.sqrt(p * (1 - p) * effect * side) for side, z, p in parts]
    with_all = [side.sum(axis=1, keepdims=True) for side in carrying]
    versions = [
        (with_all[0], totals[0] * np.ones(1), with_all[1], totals[1] * np.ones(1)),
        (*_without(carrying[0], sizes[0]), with_all[1], totals[1] * np.ones(1)),
        (with_all[0], totals[0] * np.ones(1), *_without(carrying[1], sizes[1])),
    ]
    found = np.ones(_DRAWS, dtype=bool)
    for x1, n1, x2, n2 in versions:
        if n1.size and n2.size:
            needed = np.maximum(reach(n1, n2, p1, p2, effect, confidence), thresholds.MIN_DIFFERENCE)
            found &= (x1 / n1 - x2 / n2 >= needed).all(axis=1)
    return float(found.mean())


def blocks_needed(
    left: Sequence[int], right: Sequence[int], p1: float, p2: float, effect: float, confidence: float, size: int
) -> tuple[int | None, int | None, int | None]:
    """Return how many blocks it takes on the left, on the right, or on each side for SETTLED_POWER.

    Blocks come in new documents of `size` blocks beside those that are there. The other side stays as it is; "on each
    side", both grow to the number given. None where MOST_BLOCKS would not do.
    """

    def powerful(to_left: int, to_right: int) -> bool:
        grown = _grow(left, to_left, size), _grow(right, to_right, size)
        return power(*grown, p1, p2, effect, confidence) >= thresholds.SETTLED_POWER

    n1, n2 = sum(left), sum(right)
    return (
        _least(n1, size, lambda n: powerful(n, n2)),
        _least(n2, size, lambda n: powerful(n1, n)),
        _least(max(n1, n2), size, lambda n: powerful(n, n)) if max(n1, n2) else None,
    )


def reach(
    n1: npt.ArrayLike, n2: npt.ArrayLike, p1: float, p2: float, effect: npt.ArrayLike, confidence: npt.ArrayLike
) -> FloatArray:
    """Return the smallest difference p̂₁ − p̂₂ > 0 whose interval excludes 0, given the mean share of p1 and p2."""
    m1, m2 = np.asarray(n1, dtype=float) / effect, np.asarray(n2, dtype=float) / effect
    middle = (m1 * p1 + m2 * p2) / (m1 + m2)
    low, high = np.zeros_like(middle), np.ones_like(middle)
    for _ in range(14):  # bisection: a larger difference is further from 0 than its interval reaches
        gap = (low + high) / 2
        one = np.clip(middle + gap * m2 / (m1 + m2), gap, 1.0)
        other = np.clip(one - gap, 0.0, 1.0)
        clear = newcombe_difference(one * m1, m1, other * m2, m2, confidence)[0] > 0
        low, high = np.where(clear, low, gap), np.where(clear, gap, high)
    return high


def _without(carrying: FloatArray, sizes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the blocks that carry the row, and all blocks, without each unit that leaves the side large enough."""
    rest = sizes.sum() - sizes
    possible = rest >= thresholds.MIN_BLOCKS
    return (carrying.sum(axis=1, keepdims=True) - carrying)[:, possible], rest[possible]


@lru_cache(maxsize=8)
def _noise(units: int) -> FloatArray:
    """Return draws × units of a standard normal: the same quantiles for every unit, in another order."""
    rng = np.random.default_rng(thresholds.SEED)
    quantiles = ndtri((np.arange(_DRAWS) + 0.5) / _DRAWS)
    return np.column_stack([rng.permutation(quantiles) for _ in range(units)])


def _grow(sizes: Sequence[int], total: int, size: int) -> list[int]:
    more = total - sum(sizes)
    return [*sizes, *([size] * (more // size)), *([more % size] if more % size else [])]


def _least(present: int, size: int, enough: Callable[[int], bool]) -> int | None:
    """Return the least number of blocks, in whole documents of `size`, that is enough; None beyond MOST_BLOCKS."""
    low, step = present, size
    if enough(present):
        return present
    while not enough(present + step):
        low = present + step
        step *= 2
        if present + step > MOST_BLOCKS:
            return None
    high = present + step
    while high - low > size:
        middle = low + max((high - low) // (2 * size), 1) * size
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


# What would settle a comparison: its power as it stands, and the blocks that would give it enough ---


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
    size = max(1, int(np.median(np.concatenate([blocks_by_document(side) for side in sides]))))
    found = comparison.rows[row].left.blocks + comparison.rows[row].right.blocks
    shares = shares_apart(found / sum(len(side.blocks) for side in sides))
    confidence = float(simultaneous_confidence(np.array(rows_to_test(comparison, key))))
    situation = (*shares, float(comparison.decision.effect[row]), confidence)
    return Settling(key, *_worked_out(left, right, *situation, size), size)


@lru_cache(maxsize=256)  # many rows of one comparison are in the same situation: too rare for it to matter how rare
def _worked_out(
    left: tuple[int, ...], right: tuple[int, ...], p1: float, p2: float, effect: float, confidence: float, size: int
) -> tuple[float, int | None, int | None, int | None]:
    """Return the power as it stands, and the blocks needed on the left, on the right and on each side."""
    situation = (p1, p2, effect, confidence)
    return power(left, right, *situation), *blocks_needed(left, right, *situation, size)


def leave_out_units(counts: BlockCounts) -> list[int]:
    """Return the blocks of every passage, or all in one where passages are not known."""
    if counts.pieces is None:
        return [len(counts.blocks)]
    _, first = np.unique(counts.pieces.block, return_index=True)
    _, blocks = np.unique(counts.pieces.passage[first], return_counts=True)
    return [int(n) for n in blocks]


def blocks_by_document(counts: BlockCounts) -> list[int]:
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
