from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from made_counts import blocks, made_counts, with_passages
from scipy.special import ndtri

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts, Totals, make_side
from policybook.analysis.decide import (
    LEFT,
    NO_CLEAR,
    RIGHT,
    TOO_LITTLE,
    Decision,
    decide,
    document_effect,
    eligible,
    estimate,
    expected,
    judge,
    large_enough,
    permute_documents,
    rows_of,
    simultaneous_confidence,
    worth_a_sentence,
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
    assert np.isnan(decision.probability).all()


def test_a_difference_that_every_document_shares_is_found_and_firm() -> None:
    left = made_counts({f"a{n}": blocks(14, 20, often=5) for n in range(3)})
    right = made_counts({f"b{n}": blocks(4, 20, often=5) for n in range(3)})
    decision = decided(left, right)
    assert decision.verdict[LAND] == LEFT
    assert not decision.fragile[LAND]
    assert decided(right, left).verdict[LAND] == RIGHT


def test_a_difference_that_one_document_makes_is_not_said() -> None:
    left = made_counts({"a1": blocks(30, 30), "a2": blocks(5, 30), "a3": blocks(5, 30)})
    right = made_counts({f"b{n}": blocks(5, 30) for n in range(3)})
    decision = decided(left, right)
    assert decision.found[LAND] == LEFT
    assert decision.verdict[LAND] == NO_CLEAR
    assert decision.fragile[LAND]


def test_a_difference_that_one_passage_makes_is_not_said() -> None:
    """Of thirty blocks fifteen stand in one passage, and it alone speaks of land."""
    long = [["p1 farm farm farm"]] * 15 + [[f"p{n + 2} school school"] for n in range(15)]
    left = with_passages({"a1": long, "a2": [[f"p{n} school school"] for n in range(15)]})
    right = with_passages({"b1": [[f"p{n} school school"] for n in range(30)]})
    decision = decided(left, right)
    assert decision.found[LAND] == LEFT
    assert decision.verdict[LAND] == NO_CLEAR
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


def test_with_four_documents_a_side_their_differences_widen_the_interval() -> None:
    left = made_counts({f"a{n}": blocks(with_it, 50) for n, with_it in enumerate((3, 40, 5, 44))})
    right = made_counts({f"b{n}": blocks(with_it, 50) for n, with_it in enumerate((2, 30, 3, 9))})
    decision = decided(left, right, serial=1.5)
    assert decision.by_documents
    assert decision.effect[LAND] > 10
    assert decision.verdict[LAND] in (NO_CLEAR, TOO_LITTLE)
    blocks_only = decided(made_counts({"a": blocks(92, 200)}), made_counts({"b": blocks(44, 200)}), serial=1.5)
    assert blocks_only.verdict[LAND] == LEFT


def test_the_effect_is_never_below_that_of_neighbours() -> None:
    same = made_counts({f"a{n}": blocks(10, 40) for n in range(4)})
    decision = decided(same, same, serial=1.7)
    assert (decision.effect == 1.7).all()


def test_a_permutation_of_whole_documents_must_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    left = made_counts({f"a{n}": blocks(28 + n, 40) for n in range(4)})
    right = made_counts({f"b{n}": blocks(10 + n, 40) for n in range(4)})
    decision = decided(left, right)
    assert decision.verdict[LAND] == LEFT
    assert decision.probability[LAND] == pytest.approx(2 / 70)
    monkeypatch.setattr(
        "policybook.analysis.decide.permute_documents", lambda *_: np.full(len(decision.found), 0.051)
    )
    again = decided(left, right)
    assert (again.found[LAND], again.verdict[LAND]) == (LEFT, NO_CLEAR)
    assert not again.fragile[LAND]


def test_rows_tested_elsewhere_widen_the_interval() -> None:
    left, right = made_counts({"a": blocks(40, 60)}), made_counts({"b": blocks(20, 60)})
    usable = np.ones(4, dtype=bool)
    sides = make_side(left, usable), make_side(right, usable)
    rows = rows_of(left, usable)
    alone, among = (decide(*sides, rows, 1.0, np.full(len(left.rows), n)) for n in (1, 500))
    assert among.simultaneous.low[LAND] < alone.simultaneous.low[LAND]
    assert among.at_95.low[LAND] == alone.at_95.low[LAND]
    assert (alone.verdict[LAND], among.verdict[LAND]) == (LEFT, NO_CLEAR)


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


def documents(x: list[list[int]], n: list[int]) -> Totals:
    return Totals(np.array(x), np.array(n), np.array(n))


def test_the_effect_is_rao_and_scotts_by_hand() -> None:
    """Left: p = 6/30, deviations −1, 0, 1, so v = 3/2·2/900; right: p = 8/20, deviations ±4, v = 2·32/400."""
    left, right = documents([[1], [2], [3]], [10, 10, 10]), documents([[0], [8]], [10, 10])
    independent = 0.2 * 0.8 / 30 + 0.4 * 0.6 / 20
    clustered = 3 / 2 * 2 / 900 + 2 * 32 / 400
    assert document_effect(left, right)[0] == pytest.approx(clustered / independent)


def test_documents_that_agree_have_no_effect_and_rows_without_variation_the_neutral_one() -> None:
    same = documents([[2, 0], [4, 0]], [10, 20])
    assert document_effect(same, same).tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match="one document"):
        document_effect(same, documents([[1, 0]], [10]))


def test_independent_blocks_have_an_effect_of_one_on_average() -> None:
    rng = np.random.default_rng(3)
    n = np.full(8, 40)
    effects = [
        document_effect(documents(rng.binomial(40, 0.3, (8, 1)), n), documents(rng.binomial(40, 0.3, (8, 1)), n))[0]
        for _ in range(2000)
    ]
    assert np.mean(effects) == pytest.approx(1.0, abs=0.05)


def by_hand(left: Totals, right: Totals) -> np.ndarray:
    """Every deal, one by one."""
    x, n = np.vstack([left.x, right.x]), np.concatenate([left.n, right.n])
    everyone = set(range(len(n)))
    differences = []
    for chosen in combinations(sorted(everyone), len(left.n)):
        rest = sorted(everyone - set(chosen))
        differences.append(abs(x[list(chosen)].sum(0) / n[list(chosen)].sum() - x[rest].sum(0) / n[rest].sum()))
    deals = np.array(differences)
    scaled = deals / np.sqrt((deals**2).mean(axis=0))
    return np.array([(scaled.max(axis=1) >= observed - 1e-9).mean() for observed in scaled[0]])


def test_every_deal_is_made_where_there_are_few() -> None:
    rng = np.random.default_rng(8)
    left = documents(rng.integers(0, 12, (4, 3)).tolist(), [12, 20, 15, 12])
    right = documents(rng.integers(0, 12, (4, 3)).tolist(), [30, 12, 14, 18])
    one_family = np.zeros(3, dtype=int)
    found = permute_documents(left, right, one_family, np.ones(3, dtype=bool))
    assert found == pytest.approx(by_hand(left, right))
    assert found.min() >= 1 / 70


def test_rows_of_another_family_and_rows_not_tested_do_not_matter() -> None:
    left = documents([[9, 1, 5], [8, 1, 2], [9, 2, 9], [7, 0, 1]], [10] * 4)
    right = documents([[1, 1, 1], [2, 1, 8], [0, 2, 3], [1, 1, 4]], [10] * 4)
    alone = permute_documents(left, right, np.array([0, 1, 0]), np.array([True, True, False]))
    assert alone[0] == pytest.approx(2 / 70)  # only the real deal and its mirror image are as far apart
    assert alone[2] == 1.0
    assert alone[1] > 0.5


def test_many_documents_are_dealt_at_random_from_the_seed() -> None:
    rng = np.random.default_rng(1)
    left = documents(rng.binomial(100, 0.5, (13, 2)).tolist(), [100] * 13)
    right = documents(rng.binomial(100, [[0.5, 0.2]], (13, 2)).tolist(), [100] * 13)
    families, tested = np.zeros(2, dtype=int), np.ones(2, dtype=bool)
    one, again = (permute_documents(left, right, families, tested) for _ in range(2))
    assert one.tolist() == again.tolist()
    assert one[1] == 1 / 2000
    assert one[0] > 0.05
    other = permute_documents(left, right, families, tested, seed=5)
    assert other[0] == pytest.approx(one[0], abs=0.06)


def test_documents_of_one_kind_are_told_apart_in_one_of_twenty_deals() -> None:
    """The p-value is valid: among draws without a difference it is below .05 no more often than that."""
    rng = np.random.default_rng(2)
    draws = 400
    hits = 0
    for _ in range(draws):
        shares = rng.beta(3, 7, (10, 4))  # documents differ widely
        x = rng.binomial(30, shares)
        left, right = documents(x[:5].tolist(), [30] * 5), documents(x[5:].tolist(), [30] * 5)
        hits += bool((permute_documents(left, right, np.zeros(4, dtype=int), np.ones(4, dtype=bool)) <= 0.05).any())
    assert hits / draws <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / draws)
    assert hits > 4
