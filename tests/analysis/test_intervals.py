from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from policybook.analysis.intervals import wilson


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
