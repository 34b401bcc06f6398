from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import binomtest, permutation_test

from policybook.analysis import intervals, thresholds
from policybook.analysis.intervals import (
    deal_documents,
    deal_in_parts,
    fit_ratio,
    max_test,
    newcombe_difference,
    sign_flips,
    studentise,
    wilson,
)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("n", [1, 2, 7, 12, 23, 65, 300])
def test_wilson_agrees_with_scipy_for_every_count(n: int, confidence: float) -> None:
    low, high = wilson(np.arange(n + 1), n, confidence)
    for x in range(n + 1):
        expected = binomtest(x, n).proportion_ci(confidence, method="wilson")
        assert low[x] == pytest.approx(expected.low, abs=1e-12)
        assert high[x] == pytest.approx(expected.high, abs=1e-12)


def test_wilson_agrees_with_published_values() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3."""
    published = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
    for x, n, low, high in published:
        assert [round(float(bound), 4) for bound in wilson(x, n)] == [low, high]


def test_the_bounds_hold_the_share_and_stay_between_0_and_1() -> None:
    x = np.arange(0, 51)
    low, high = wilson(x, 50)
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (low <= x / 50).all()
    assert (x / 50 <= high).all()
    assert low[0] == 0
    assert high[-1] == 1


def test_sizes_need_not_be_whole_and_fewer_trials_widen_the_interval() -> None:
    full, effective = wilson(20, 40), wilson(20 / 1.43, 40 / 1.43)
    assert effective[0] < full[0] < 0.5 < full[1] < effective[1]
    assert wilson(2.5, 5.0)[0] == pytest.approx(1 - wilson(2.5, 5.0)[1])


def test_without_trials_nothing_is_known() -> None:
    low, high = wilson([0, 1], [0, 2])
    assert (low[0], high[0]) == (0, 1)
    assert 0 < low[1] < 0.5 < high[1] < 1


@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (1, 0), ([1, 6], 5)])
def test_impossible_counts_are_refused(x: object, n: int) -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(x, n)


def test_newcombe_agrees_with_published_values() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10."""
    published = [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ]
    columns = [np.array(column) for column in zip(*published, strict=True)]
    low, high = newcombe_difference(*columns[:4])
    assert low.round(4).tolist() == columns[4].tolist()
    assert high.round(4).tolist() == columns[5].tolist()


def test_newcombe_is_made_of_two_wilson_intervals_also_of_sizes_that_are_not_whole() -> None:
    x1, n1, x2, n2 = 7.3, 19.6, 2.2, 31.4
    (l1, u1), (l2, u2) = wilson(x1, n1, 0.9), wilson(x2, n2, 0.9)
    d = x1 / n1 - x2 / n2
    low, high = newcombe_difference(x1, n1, x2, n2, 0.9)
    assert low == pytest.approx(d - np.sqrt((x1 / n1 - l1) ** 2 + (u2 - x2 / n2) ** 2))
    assert high == pytest.approx(d + np.sqrt((u1 - x1 / n1) ** 2 + (x2 / n2 - l2) ** 2))
    assert newcombe_difference(x2, n2, x1, n1, 0.9) == (pytest.approx(-high), pytest.approx(-low))


def test_the_bounds_of_a_difference_hold_it_and_grow_with_confidence() -> None:
    grid = np.arange(0, 13)
    x1, x2, level = (axis.ravel() for axis in np.meshgrid(grid, grid, [0.5, 0.95, 0.999]))
    low, high = newcombe_difference(x1, 12, x2, 12, level)
    d = x1 / 12 - x2 / 12
    assert ((low <= d) & (d <= high)).all()
    assert (low >= -1).all()
    assert (high <= 1).all()
    by_level = low.reshape(13, 13, 3)
    assert (np.diff(by_level, axis=2) <= 1e-12).all()


def test_of_a_side_without_trials_any_share_is_possible() -> None:
    low, high = newcombe_difference([0, 0], [0, 0], [1, 0], [2, 0])
    assert low[0] == pytest.approx(-float(wilson(1, 2)[1]))
    assert high[0] == pytest.approx(1 - float(wilson(1, 2)[0]))
    assert (low[1], high[1]) == (-1, 1)
    with pytest.raises(ValueError, match="between 0 and n"):
        newcombe_difference(3, 2, 0, 2)


def test_signs_are_flipped_in_every_way_or_by_chance() -> None:
    flips = sign_flips(6)
    assert len({tuple(flip) for flip in (flips * np.sqrt(6)).round().tolist()}) == 2**5  # its mirror image is the same
    assert (flips[0] > 0).all() and np.linalg.norm(flips, axis=1) == pytest.approx(1)
    assert len(sign_flips(thresholds.EXACT_PAIRS + 1)) == thresholds.PERMUTATIONS + 1


def test_a_row_alone_has_scipys_probability() -> None:
    rng = np.random.default_rng(5)
    d = rng.normal(0.4, 1, (9, 1))
    test = max_test(studentise(sign_flips(9), d, 8), np.zeros(1, int), np.ones(1, bool), 8)
    ours = test.probability[0]
    theirs = permutation_test((d[:, 0],), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert ours == pytest.approx(theirs.pvalue)
    x, y = rng.normal(0, 1, 5), rng.normal(1.5, 1, 4)
    values = np.concatenate([x, y])[:, None]
    dealt = max_test(studentise(deal_documents(5, 4), values - values.mean(), 7), np.zeros(1, int), np.ones(1, bool), 7)
    theirs = permutation_test((x, y), lambda a, b: a.mean() - b.mean(), n_resamples=np.inf)
    share = theirs.null_distribution
    assert dealt.probability[0] == pytest.approx((np.abs(share) >= abs(theirs.statistic) - 1e-12).mean())


def test_deals_of_many_documents_come_in_parts_and_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = deal_documents(30, 31)
    assert [len(part) for part in deal_in_parts(30, 31)] == [len(whole)] == [thresholds.PERMUTATIONS + 1]
    monkeypatch.setattr(intervals, "_DEALT", 61 * 100)
    parts = list(deal_in_parts(30, 31))
    assert len(parts) == 20 and np.array_equal(np.vstack(parts), whole)


def test_the_family_pays_for_its_rows_and_others_do_not() -> None:
    rng = np.random.default_rng(2)
    d = rng.normal(0, 1, (10, 12))
    d[:, 0] += 1
    statistics = studentise(sign_flips(10), d, 9)
    families = np.array([0] * 6 + [1] * 6)
    every = np.ones(12, dtype=bool)
    together, alone = (max_test(statistics, families, tested, 9) for tested in (every, np.arange(12) == 0))
    assert alone.probability[0] < together.probability[0]
    assert np.isnan(alone.probability[1:]).all()
    largest = statistics[:, :6].max(axis=1)
    assert together.probability[0] == pytest.approx((largest >= statistics[0, 0] - 1e-9).mean())
    assert alone.reach[0] < together.reach[0]
    steps = max_test(statistics, families, every, 9, steps=3)
    assert steps.probability[0] == pytest.approx(min(3 * together.probability[0], 1))


def test_the_ratio_is_that_of_a_model_with_side_and_pair_effects() -> None:
    """The quasi-Poisson model with every effect written out gives the same ratio and error."""
    rng = np.random.default_rng(0)
    n1, n2 = rng.integers(80, 150, (2, 13)).astype(float)
    x1, x2 = rng.poisson(n1 * 0.06).astype(float), rng.poisson(n2 * 0.03).astype(float)
    fit = fit_ratio(x1 / n1, n1, x2 / n2, n2)
    sides = np.repeat([1.0, 0.0], 13)[:, None]
    design = np.hstack([sides, np.vstack([np.eye(13), np.eye(13)])])
    family = sm.families.Poisson()
    whole = sm.GLM(np.r_[x1, x2], design, family=family, offset=np.log(np.r_[n1, n2])).fit(scale="X2")
    assert fit is not None
    assert (fit.log_ratio, fit.error) == (pytest.approx(whole.params[0]), pytest.approx(whole.bse[0], rel=1e-4))


def test_beside_nothing_a_ratio_has_one_exact_bound() -> None:
    """Of 60 blocks that all stand on the left, the right may have at most 1 − .025^(1/60) of their sum."""
    n = np.full(10, 100.0)
    fit = fit_ratio(np.full(10, 0.06), n, np.zeros(10), n)
    assert fit is not None and fit.log_ratio == np.inf
    low, high = fit.bounds(1.959964, 10**9)
    part = 1 - 0.025 ** (1 / 60)
    assert (low, high) == (pytest.approx(-np.log(part / (1 - part)), rel=1e-3), np.inf)
    assert fit_ratio(np.zeros(10), n, np.zeros(10), n) is None


def test_beside_nothing_a_ratio_that_was_not_tested_has_no_bound() -> None:
    n = np.full(1, 10.0)
    fit = fit_ratio(np.full(1, 0.2), n, np.zeros(1), n)
    assert fit is not None and fit.bounds(np.inf, 0) == (-np.inf, np.inf)  # and warns of nothing


def test_pairs_that_agree_by_luck_are_not_known_exactly() -> None:
    n = np.full(10, 100.0)
    few = np.array([0.03, 0.03] + [0.0] * 8)
    fit = fit_ratio(few, n, few, n)
    assert fit is not None and fit.log_ratio == pytest.approx(0) and fit.error > 0.4
