from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from policybook.analysis import thresholds
from policybook.analysis.intervals import newcombe_difference
from policybook.analysis.judging import (
    LEFT,
    NO_CLEAR,
    RIGHT,
    TOO_LITTLE,
    eligible,
    estimate,
    expected,
    judge,
    large_enough,
    simultaneous_confidence,
    worth_a_sentence,
)
from policybook.analysis.sides import Totals


def side(x: list[int], n: int, content: int = 100) -> Totals:
    return Totals(np.array(x), np.array(n), np.array(content))


def verdicts(left: Totals, right: Totals, effect: float = 1.0, rows: int = 1) -> list[int]:
    size = left.x.shape[-1]
    confidence = simultaneous_confidence(np.full(size, rows))
    return judge(left, right, np.ones(size, dtype=bool), np.full(size, effect), confidence).tolist()


@pytest.mark.parametrize(("blocks", "mentions", "enough"), [(12, 30, True), (11, 300, False), (300, 29, False)])
def test_a_side_needs_12_blocks_and_30_mentions(blocks: int, mentions: int, enough: bool) -> None:
    assert bool(large_enough(side([1], blocks, mentions))) is enough


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "e", "can"),
    [(6, 20, 0, 20, 3.0, True), (5, 20, 0, 20, 2.5, False), (9, 40, 0, 20, 3.0, True), (8, 40, 0, 20, 8 / 3, False)],
)
def test_a_row_needs_three_blocks_expected_on_the_smaller_side(
    x1: int, n1: int, x2: int, n2: int, e: float, can: bool
) -> None:
    left, right = side([x1], n1), side([x2], n2)
    assert expected(left, right)[0] == pytest.approx(e)
    assert bool(eligible(left, right, np.array([True]))[0]) is can
    assert not eligible(left, right, np.array([False]))[0]


def test_intervals_are_newcombes_at_the_effective_size() -> None:
    found = estimate(side([30], 60), side([10], 40), np.array([1.6]), 0.99)
    low, high = newcombe_difference(30 / 1.6, 60 / 1.6, 10 / 1.6, 40 / 1.6, 0.99)
    assert (found.low[0], found.difference[0], found.high[0]) == pytest.approx((float(low), 0.25, float(high)))


def test_simultaneous_intervals_share_the_error_among_the_rows() -> None:
    for rows in (1, 8, 69):
        level = simultaneous_confidence(np.array(rows))
        assert ndtri(0.5 + level / 2) == pytest.approx(ndtri(1 - 0.025 / rows))
    assert simultaneous_confidence(np.array(0)) == simultaneous_confidence(np.array(1))


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "matters"),
    [
        (30, 100, 15, 100, True),
        (29, 100, 15, 100, False),
        (9, 299, 0, 300, False),  # one side has too few blocks for small differences
        (9, 300, 6, 300, True),
        (9, 300, 7, 300, False),  # less than one point
        (90, 300, 61, 300, False),  # less than half as much again
        (198, 300, 150, 300, True),  # 16 points always matter
        (3, 300, 0, 300, True),
    ],
)
def test_which_differences_are_worth_a_sentence(x1: int, n1: int, x2: int, n2: int, matters: bool) -> None:
    assert bool(worth_a_sentence(side([x1], n1), side([x2], n2))[0]) is matters
    assert bool(worth_a_sentence(side([x2], n2), side([x1], n1))[0]) is matters


def test_verdicts_by_hand() -> None:
    """50 of 100 against 20 is clear; 30 against 20 is not, but known well; of 12 blocks a side nothing is known."""
    left, right = side([50, 20, 30, 2], 100), side([20, 50, 20, 1], 100)
    assert verdicts(left, right) == [LEFT, RIGHT, NO_CLEAR, TOO_LITTLE]
    assert verdicts(side([8], 12), side([4], 12)) == [TOO_LITTLE]


def test_more_rows_and_more_likeness_take_a_verdict_away() -> None:
    left, right = side([40], 100), side([20], 100)
    assert verdicts(left, right) == [LEFT]
    assert verdicts(left, right, rows=80) == [NO_CLEAR]
    assert verdicts(left, right, effect=3.0) == [NO_CLEAR]


def test_an_interval_wider_than_30_points_to_a_side_is_too_little_evidence() -> None:
    left, right = side([10], 20), side([9], 20)
    width = estimate(left, right, np.array([1.0]), thresholds.CONFIDENCE)
    assert (width.high - width.low)[0] / 2 < thresholds.MAX_HALF_WIDTH
    assert verdicts(left, right) == [NO_CLEAR]
    wide = estimate(left, right, np.array([1.5]), thresholds.CONFIDENCE)
    assert (wide.high - wide.low)[0] / 2 > thresholds.MAX_HALF_WIDTH
    assert verdicts(left, right, effect=1.5) == [TOO_LITTLE]


def test_no_numbers_break_the_order_of_the_bounds() -> None:
    grid = np.arange(0, 31, 3)
    x1, x2 = (axis.ravel() for axis in np.meshgrid(grid, grid))
    left, right = Totals(x1, np.array(30), np.array(50)), Totals(x2, np.array(30), np.array(50))
    one = estimate(left, right, np.array(1.7), thresholds.CONFIDENCE)
    for rows in (1, 5, 80):
        all_ = estimate(left, right, np.array(1.7), simultaneous_confidence(np.array(rows)))
        assert (all_.low <= one.low + 1e-12).all()
        assert (one.low <= one.difference).all()
        assert (one.difference <= one.high).all()
        assert (one.high <= all_.high + 1e-12).all()
