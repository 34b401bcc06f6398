from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from policybook.analysis.agreement import cohen_kappa, precision_recall_f1
from policybook.analysis.intervals import wilson


def labels(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Return the labels of two coders that make this cross table."""
    items = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in items], [j for _, j in items]


@pytest.mark.parametrize(
    ("table", "kappa", "low", "high"),
    [
        # two dermatologists, as in the SAS/STAT manual (FREQ); all bounds by statsmodels 0.14's cohens_kappa
        ([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]], 0.3448753463, 0.2029804464, 0.4867702461),
        # Cohen (1960), table 1: .492
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.4915254237, 0.3915637021, 0.5914871454),
        ([[20, 5], [10, 15]], 0.4, 0.1510922905, 0.6489077095),
        ([[3, 4], [6, 2]], -0.3157894737, -0.7859774518, 0.1543985045),
    ],
)
def test_kappa_agrees_with_independent_values(table: list[list[int]], kappa: float, low: float, high: float) -> None:
    assert [float(number) for number in cohen_kappa(*labels(table))] == pytest.approx([kappa, low, high], rel=1e-8)


def test_kappa_does_not_depend_on_the_order_of_items_or_names_of_labels() -> None:
    first, second = labels([[9, 2, 1], [3, 8, 0], [0, 2, 5]])
    order = np.random.default_rng(1).permutation(len(first))
    names = ["land", "people", "space"]
    renamed = cohen_kappa([names[first[i]] for i in order], [names[second[i]] for i in order])
    assert renamed == pytest.approx(cohen_kappa(first, second))


def test_full_agreement_on_few_items_is_not_certainty() -> None:
    few, many = cohen_kappa("aabb", "aabb"), cohen_kappa("ab" * 100, "ab" * 100)
    assert few.value == many.value == few.high == 1
    assert few.low == pytest.approx((float(wilson(4, 4)[0]) - 0.5) / 0.5)
    assert few.low < many.low < 1


def test_a_higher_confidence_widens_the_interval() -> None:
    first, second = labels([[20, 5], [10, 15]])
    narrow, wide = cohen_kappa(first, second, 0.8), cohen_kappa(first, second, 0.99)
    assert wide.low < narrow.low < narrow.high < wide.high
    low = cohen_kappa(*labels([[0, 3], [3, 0]]))
    assert low.low >= -1


@pytest.mark.parametrize(
    ("first", "second", "confidence", "message"),
    [
        ("ab", "abc", 0.95, "same items"),
        ("", "", 0.95, "at least one"),
        ("aaa", "aaa", 0.95, "not defined"),
        ("ab", "ab", 95, "confidence"),
    ],
)
def test_kappa_needs_two_codings(first: str, second: str, confidence: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cohen_kappa(first, second, confidence)


def test_precision_and_recall_are_shares_with_wilson_intervals() -> None:
    scores = precision_recall_f1(40, 10, 20)
    assert (scores.precision.value, scores.recall.value) == (0.8, pytest.approx(2 / 3))
    assert scores.precision[1:] == wilson(40, 50)
    assert scores.recall[1:] == wilson(40, 60)
    assert scores.f1.value == pytest.approx(2 * 0.8 * (2 / 3) / (0.8 + 2 / 3))


def test_the_interval_of_f1_covers() -> None:
    """Drawn 2,000 times from decisions of known F1, the 95 % interval holds it in 93 to 98 of 100."""
    random = np.random.default_rng(3)
    tp, fp, fn = random.multinomial(80, [0.6, 0.15, 0.25], size=2000).T
    f1 = precision_recall_f1(tp, fp, fn).f1
    truth = 2 * 0.6 / (2 * 0.6 + 0.15 + 0.25)
    covered = ((f1.low <= truth) & (truth <= f1.high)).mean()
    assert 0.93 <= covered <= 0.98


def test_nothing_found_or_nothing_there_is_unknown_not_zero() -> None:
    scores = precision_recall_f1([0, 0, 0], [0, 5, 0], [4, 0, 0])
    assert np.isnan(scores.precision.value).tolist() == [True, False, True]
    assert np.isnan(scores.recall.value).tolist() == [False, True, True]
    assert scores.f1.value[:2].tolist() == [0, 0]
    assert np.isnan(scores.f1.value[2])
    assert (scores.f1.low[2], scores.f1.high[2]) == (0, 1)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((-1, 1, 1), "true_positives must not be negative"),
        ((1, float("nan"), 1), "false_positives must be finite"),
        (([1, 2], [1, 2, 3], 1), "one length"),
    ],
)
def test_impossible_counts_are_refused(counts: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        precision_recall_f1(*counts)
