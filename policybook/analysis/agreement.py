"""Agreement of two coders, and of a coding with hand-made answers, with intervals."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from policybook.analysis.counts import FloatArray, numbers
from policybook.analysis.intervals import wilson


class Estimate(NamedTuple):
    """A value and the bounds of its interval; numbers, or arrays of one shape."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


class Scores(NamedTuple):
    """Precision, recall and F1 of a coding against hand-made answers, 0 to 1."""

    precision: Estimate
    recall: Estimate
    f1: Estimate


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable], confidence: float = 0.95) -> Estimate:
    """Return Cohen's κ = (pₒ − pₑ)/(1 − pₑ) of two coders' labels for the same items, with its interval.

    κ: Cohen (1960), Educational and Psychological Measurement 20, 37–46. Interval: the large-sample standard error
    of Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, 323–327, cut at −1 and 1. Where all items
    agree that error is 0, and the lower bound comes from Wilson's interval of pₒ instead.
    Raises ValueError when lengths differ, there is no item, or one label is all that both coders used.
    """
    if len(first) != len(second) or not len(first):
        raise ValueError("both coders must have labelled the same items, at least one")
    z = _normal(confidence)
    table = _cross_table(first, second)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed, expected = float(np.trace(table)), float(rows @ columns)
    if expected >= 1 - 1e-12:
        raise ValueError("kappa is not defined where both coders gave every item the same one label")
    kappa = (observed - expected) / (1 - expected)
    half = z * np.sqrt(_kappa_variance(table, kappa, expected) / len(first))
    low, high = max(kappa - half, -1.0), min(kappa + half, 1.0)
    if observed >= 1 - 1e-12:
        low = (float(wilson(len(first), len(first), confidence)[0]) - expected) / (1 - expected)
    return _estimate(kappa, low, high)


def precision_recall_f1(
    true_positives: npt.ArrayLike,
    false_positives: npt.ArrayLike,
    false_negatives: npt.ArrayLike,
    confidence: float = 0.95,
) -> Scores:
    """Return precision, recall and F1 with their intervals; counts may be arrays, a place a category.

    Precision and recall are shares, with Wilson's interval. F1 = 2J/(1 + J) rises with Jaccard's share
    J = TP/(TP + FP + FN), so Wilson's interval of J gives that of F1. Where nothing was found, or nothing was
    there to be found, the value is nan and the interval 0 to 1. Source: van Rijsbergen (1979), Information
    Retrieval, chapter 7.
    Raises ValueError when a count is negative or not a number, or shapes do not fit.
    """
    _normal(confidence)
    names = ("true_positives", "false_positives", "false_negatives")
    given = (true_positives, false_positives, false_negatives)
    arrays = [numbers(name, values) for name, values in zip(names, given, strict=True)]
    try:
        tp, fp, fn = np.broadcast_arrays(*arrays)
    except ValueError:
        raise ValueError("the three counts must have one length, or be single numbers") from None
    jaccard = _share(tp, tp + fp + fn, confidence)
    return Scores(
        _share(tp, tp + fp, confidence),
        _share(tp, tp + fn, confidence),
        _estimate(*(2 * bound / (1 + bound) for bound in jaccard)),
    )


def _share(x: FloatArray, n: FloatArray, confidence: float) -> Estimate:
    low, high = wilson(x, n, confidence)
    value = np.divide(x, n, out=np.full(np.shape(n), np.nan), where=np.asarray(n) > 0)
    return _estimate(value, low, high)


def _estimate(value: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> Estimate:
    return Estimate(*(np.asarray(number, dtype=np.float64)[()] for number in (value, low, high)))


def _cross_table(first: Sequence[Hashable], second: Sequence[Hashable]) -> FloatArray:
    """Return the shares of items by the labels of both coders, labels in order of appearance."""
    number = {label: n for n, label in enumerate(dict.fromkeys([*first, *second]))}
    table = np.zeros((len(number), len(number)))
    np.add.at(table, ([number[label] for label in first], [number[label] for label in second]), 1.0)
    return table / len(first)


def _kappa_variance(table: FloatArray, kappa: float, expected: float) -> float:
    """Return the large-sample variance of κ times the number of items (Fleiss, Cohen and Everitt 1969, eq. 13)."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    both = columns[:, None] + rows[None, :]  # for the cell (i, j): the second coder's share of i, the first's of j
    diagonal = np.diag(table)
    agreed = float((diagonal * (1 - (rows + columns) * (1 - kappa)) ** 2).sum())
    apart = (1 - kappa) ** 2 * float((table * both**2).sum() - (diagonal * np.diag(both) ** 2).sum())
    rest = (kappa - expected * (1 - kappa)) ** 2
    return max((agreed + apart - rest) / (1 - expected) ** 2, 0.0)


def _normal(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not be {confidence!r}")
    return float(ndtri(0.5 + confidence / 2))
