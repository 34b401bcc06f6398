from __future__ import annotations

import numpy as np
import pytest
from made_counts import blocks, made_counts, with_passages
from scipy.special import ndtri

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts, Totals, make_side
from policybook.analysis.decide import (
    LEFT,
    NOT_SETTLED,
    RIGHT,
    TOO_LITTLE,
    Decision,
    decide,
    eligible,
    estimate,
    expected,
    find_influence,
    judge,
    large_enough,
    rows_of,
    simultaneous_confidence,
)
from policybook.analysis.intervals import newcombe_difference

LAND = 0


def decided(left: BlockCounts, right: BlockCounts, serial: float = 1.0) -> Decision:
    usable = np.ones(len(left.concepts), dtype=bool)
    return decide(make_side(left, usable), make_side(right, usable), rows_of(left, usable), serial)


def test_a_difference_of_one_document_a_side_is_found_and_fragile() -> None:
    decision = decided(made_counts({"a": blocks(40, 60)}), made_counts({"b": blocks(10, 60)}))
    assert decision.verdict[LAND] == LEFT
    assert decision.fragile[LAND]
    assert not decision.by_documents


def test_a_difference_that_every_document_shares_is_found_and_firm() -> None:
    left = made_counts({f"a{n}": blocks(14, 20, often=5) for n in range(3)})
    right = made_counts({f"b{n}": blocks(4, 20, often=5) for n in range(3)})
    decision = decided(left, right)
    assert decision.verdict[LAND] == LEFT
    assert not decision.fragile[LAND]
    assert decided(right, left).verdict[LAND] == RIGHT


def test_a_difference_that_one_document_makes_is_said_and_rests_on_it() -> None:
    left = made_counts({"a1": blocks(30, 30), "a2": blocks(5, 30), "a3": blocks(5, 30)})
    right = made_counts({f"b{n}": blocks(5, 30) for n in range(3)})
    decision = decided(left, right)
    assert decision.verdict[LAND] == LEFT
    assert decision.fragile[LAND]


def test_the_document_without_which_a_difference_changes_most_by_hand() -> None:
    """40/90 − 15/90; without a1 10/60 − 15/90. A side of one document cannot do without it."""
    everything = np.ones(4, dtype=bool)
    left = make_side(made_counts({"a1": blocks(30, 30), "a2": blocks(5, 30), "a3": blocks(5, 30)}), everything)
    right = make_side(made_counts({f"b{n}": blocks(5, 30) for n in range(3)}), everything)
    found = find_influence(left, right, (["a1", "a2", "a3"], ["b0", "b1", "b2"]))[LAND]
    assert found is not None and found[0] == "a1"
    assert found[1] == pytest.approx(10 / 60 - 40 / 90)
    alone = make_side(made_counts({"c": blocks(5, 30)}), everything)
    assert find_influence(alone, alone, (["c"], ["d"])) == [None] * 7


def test_a_difference_that_one_passage_makes_is_not_said() -> None:
    """Of thirty blocks fifteen stand in one passage, and it alone speaks of land."""
    long = [["p1 farm farm farm"]] * 15 + [[f"p{n + 2} school school"] for n in range(15)]
    left = with_passages({"a1": long, "a2": [[f"p{n} school school"] for n in range(15)]})
    right = with_passages({"b1": [[f"p{n} school school"] for n in range(30)]})
    decision = decided(left, right)
    assert decision.found[LAND] == LEFT
    assert decision.verdict[LAND] == NOT_SETTLED
    assert [one.unit for one in decision.left_out] == ["passage", "document", "passage", "document"]
    passages = decision.left_out[0]
    assert (passages.verdicts[:, LAND] != LEFT).tolist() == [True] + [False] * 30


def test_two_sentences_more_do_not_make_a_side_of_two_documents() -> None:
    """Leaving out the long document leaves a side too small: that cannot be checked, and is not taken for a failure."""
    left = made_counts({"a1": blocks(40, 60), "a2": ["", "school"]})
    decision = decided(left, made_counts({"b": blocks(10, 60)}))
    assert decision.verdict[LAND] == LEFT
    assert decision.fragile[LAND]
    documents = decision.left_out[0]
    assert documents.possible.tolist() == [False, True]


def test_rows_tested_elsewhere_widen_the_interval() -> None:
    left, right = made_counts({"a": blocks(40, 60)}), made_counts({"b": blocks(20, 60)})
    usable = np.ones(4, dtype=bool)
    sides = make_side(left, usable), make_side(right, usable)
    rows = rows_of(left, usable)
    alone, among = (decide(*sides, rows, 1.0, np.full(len(left.rows), n)) for n in (1, 500))
    assert among.simultaneous.low[LAND] < alone.simultaneous.low[LAND]
    assert among.at_95.low[LAND] == alone.at_95.low[LAND]
    assert (alone.verdict[LAND], among.verdict[LAND]) == (LEFT, NOT_SETTLED)


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


def test_verdicts_by_hand() -> None:
    """50 of 100 against 20 is clear; 30 against 20 is not; 14 points never are; three blocks cannot be judged."""
    left, right = side([50, 20, 30, 2], 100), side([20, 50, 20, 1], 100)
    assert verdicts(left, right) == [LEFT, RIGHT, NOT_SETTLED, TOO_LITTLE]
    assert verdicts(side([8], 12), side([4], 12)) == [NOT_SETTLED]
    assert verdicts(side([1500, 1490], 10000), side([0, 0], 10000)) == [LEFT, NOT_SETTLED]


def test_more_rows_and_more_likeness_take_a_verdict_away() -> None:
    left, right = side([40], 100), side([20], 100)
    assert verdicts(left, right) == [LEFT]
    assert verdicts(left, right, rows=80) == [NOT_SETTLED]
    assert verdicts(left, right, effect=3.0) == [NOT_SETTLED]


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


