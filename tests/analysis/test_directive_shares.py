"""Shares of directives with documents as what is sampled, against the formula written out."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from scipy.stats import binomtest, norm

from policybook.analysis.directive_shares import shares_of_total

COLUMNS = ["supply", "demand"]


def table(per_document: list[tuple[int, int]]) -> pd.DataFrame:
    rows = [(f"d{n}", *counts) for n, counts in enumerate(per_document)]
    return pd.DataFrame(rows, columns=["document", *COLUMNS])


def test_counts_and_shares_are_of_the_common_total():
    shares = shares_of_total(table([(3, 1), (2, 4), (5, 5), (1, 9)]), COLUMNS)
    assert shares["count"].tolist() == [11, 19] and set(shares["total"]) == {30}
    assert shares["share"].tolist() == pytest.approx([11 / 30, 19 / 30])


def test_documents_that_differ_widen_the_interval():
    x, n = [30, 2, 28, 3], [40, 40, 40, 40]
    shares = shares_of_total(table([(a, b - a) for a, b in zip(x, n, strict=True)]), COLUMNS)
    p, total = sum(x) / sum(n), sum(n)
    clustered = 4 / 3 * sum((a - p * b) ** 2 for a, b in zip(x, n, strict=True)) / total**2
    effect = clustered / (p * (1 - p) / total)
    m, z = total / effect, norm.ppf(0.975)
    middle, half = p + z**2 / (2 * m), z * math.sqrt(p * (1 - p) / m + z**2 / (4 * m**2))
    low, high = (middle - half) / (1 + z**2 / m), (middle + half) / (1 + z**2 / m)
    assert effect > 10
    assert (shares.loc["supply", "low"], shares.loc["supply", "high"]) == pytest.approx((low, high))


def test_documents_that_are_alike_are_as_many_things():
    shares = shares_of_total(table([(10, 10)] * 5), COLUMNS)
    bounds = binomtest(50, 100).proportion_ci(method="wilson")
    assert (shares.loc["supply", "low"], shares.loc["supply", "high"]) == pytest.approx((bounds.low, bounds.high))


@pytest.mark.parametrize("documents", [[(1, 2)] * 3, [(0, 0)] * 6])
def test_without_documents_enough_or_anything_coded_there_is_no_interval(documents: list[tuple[int, int]]):
    shares = shares_of_total(table(documents), COLUMNS)
    assert shares[["low", "high"]].isna().all(axis=None)
    assert math.isnan(shares.loc["supply", "share"]) == (documents[0] == (0, 0))
