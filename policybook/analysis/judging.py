"""What the counts of two sides allow to be said of each row, before any check of it. All functions work on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BoolArray, IntArray
from policybook.analysis.intervals import FloatArray, newcombe_difference
from policybook.analysis.sides import Totals

#: Verdicts as numbers, and in words by these numbers.
TOO_LITTLE, NO_CLEAR, LEFT, RIGHT = range(4)
VERDICTS = ("too little evidence", "no clear difference", "more in left", "more in right")
# Shares are quotients: a difference of exactly 15 points may come out a hair smaller.
_HAIR = 1e-9


@dataclass(frozen=True, eq=False)
class Estimate:
    """Differences of shares, left less right, and their bounds; all … × rows."""

    difference: FloatArray
    low: FloatArray
    high: FloatArray


def estimate(left: Totals, right: Totals, effect: FloatArray, confidence: FloatArray | float) -> Estimate:
    """Return the differences with Newcombe's interval at the effective sizes, blocks ÷ `effect`.

    `effect` and `confidence` broadcast to … × rows. The difference is NaN where a side has no blocks.
    """
    n1, n2 = left.n[..., None], right.n[..., None]
    low, high = newcombe_difference(left.x / effect, n1 / effect, right.x / effect, n2 / effect, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = left.x / n1 - right.x / n2
    return Estimate(difference, np.fmin(low, difference), np.fmax(high, difference))


def large_enough(side: Totals) -> BoolArray:
    """Return whether a side has the blocks and mentions that a comparison needs."""
    enough: BoolArray = (side.n >= thresholds.MIN_BLOCKS) & (side.content >= thresholds.MIN_MENTIONS)
    return enough


def expected(left: Totals, right: Totals) -> FloatArray:
    """Return E, how many blocks that carry a row the smaller side would hold if both spoke of it equally often."""
    n1, n2 = left.n[..., None], right.n[..., None]
    blocks: FloatArray = (left.x + right.x) * np.minimum(n1, n2) / np.maximum(n1 + n2, 1)
    return blocks


def eligible(left: Totals, right: Totals, usable: BoolArray) -> BoolArray:
    """Return which rows can be judged: both sides are large enough, the row may enter and is frequent enough."""
    sides = (large_enough(left) & large_enough(right))[..., None]
    rows: BoolArray = sides & usable & (expected(left, right) >= thresholds.MIN_EXPECTED - _HAIR)
    return rows


def worth_a_sentence(left: Totals, right: Totals) -> BoolArray:
    """Return which differences are large enough to matter, however sure they are.

    Many blocks make smaller differences matter too; they never make one of 15 points stop mattering.
    """
    n1, n2 = left.n[..., None], right.n[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = left.x / n1, right.x / n2
    size, more, less = np.abs(p1 - p2) + _HAIR, np.maximum(p1, p2), np.minimum(p1, p2)
    many = np.minimum(n1, n2) >= thresholds.LARGE_BLOCKS
    ratio = more + _HAIR >= thresholds.LARGE_MIN_RATIO * less
    smaller = many & ratio & (size >= thresholds.LARGE_MIN_DIFFERENCE)
    matters: BoolArray = smaller | (size >= thresholds.MIN_DIFFERENCE)
    return matters


def judge(left: Totals, right: Totals, usable: BoolArray, effect: FloatArray, confidence: FloatArray) -> IntArray:
    """Return the verdict (a number) of every row from its counts; `confidence` is the simultaneous interval's."""
    wide = estimate(left, right, effect, confidence)
    clear = ((wide.low > 0) | (wide.high < 0)) & worth_a_sentence(left, right)
    narrow = known_well(estimate(left, right, effect, thresholds.CONFIDENCE))
    found = np.where(clear, np.where(wide.difference > 0, LEFT, RIGHT), np.where(narrow, NO_CLEAR, TOO_LITTLE))
    return np.where(eligible(left, right, usable), found, TOO_LITTLE)


def known_well(at_95: Estimate) -> BoolArray:
    """Return where the 95 % interval is narrow enough for "no clear difference"."""
    narrow: BoolArray = (at_95.high - at_95.low) / 2 <= thresholds.MAX_HALF_WIDTH + _HAIR
    return narrow


def simultaneous_confidence(rows: IntArray) -> FloatArray:
    """Return the confidence of each interval that holds for T `rows` at once: z = Φ⁻¹(1 − .025/T)."""
    return 1 - (1 - thresholds.CONFIDENCE) / np.maximum(rows, 1)
