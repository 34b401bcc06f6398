"""Keyness: how unevenly words stand in two collections of one language. Descriptive; verdicts come from compare().

Everywhere `a` and `b` are counts of a word in two collections of `n1` and `n2` words. All four broadcast;
an array gives an array, single numbers give a number. Signed measures are positive where the rate is higher in a,
and 0 where the rates are equal.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, xlog1py
from scipy.stats import false_discovery_control

from policybook.analysis.counts import Counts, FloatArray, checked_counts, numbers, ratio

#: quanteda corrects only tables in which some expected count is below this (Cochran's rule).
_SMALL = 5.0


def log_likelihood(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    n1: npt.ArrayLike,
    n2: npt.ArrayLike,
    cells: int = 4,
    *,
    correction: Literal["none", "yates", "williams"] = "none",
    epsilon: float = 0.0,
) -> FloatArray:
    """Return the signed log-likelihood ratio G² = 2 Σ O ln(O / E).

    With `cells` 4 the sum runs over the word and all other words in both collections (Dunning 1993, Computational
    Linguistics 19, 61–74); with 2 over the word's two counts only, as on the UCREL page (Rayson and Garside
    2000, Proceedings of the Workshop on Comparing Corpora, 1–6). `correction` (4 cells): "yates" moves the counts
    half a word towards the expected ones where some expected count is below 5, "williams" divides by Williams's
    q (1976, Biometrika 63, 33–37), both as quanteda does. `epsilon` is added to O / E: quanteda adds 1e-9, the
    definition nothing.
    Raises ValueError for counts that checked_counts refuses, and for other values of the options.
    """
    if cells not in (2, 4):
        raise ValueError(f"cells must be 2 or 4, not {cells!r}")
    if correction not in ("none", "yates", "williams") or (cells == 2 and correction != "none"):
        raise ValueError('correction must be "none", "yates" or "williams", and "none" with 2 cells')
    counts = checked_counts(a, b, n1, n2)
    expected, excess = counts.expected(), counts.excess()
    shift = np.sign(excess) * _yates_shift(expected, excess) if correction == "yates" else np.zeros_like(excess)
    total = np.zeros_like(excess)
    for observed, cell, direction in list(zip(counts.observed(), expected, (1, -1, -1, 1), strict=True))[:cells]:
        # O = E ± excess in every cell, and ln(1 + x) keeps what ln(O / E) loses where O and E are nearly equal
        change = direction * (excess - shift)
        total += xlog1py(observed - direction * shift, ratio(change, cell) + epsilon)
    statistic = np.maximum(2 * total, 0.0)
    if correction == "williams":
        statistic = statistic / _williams(counts)
    return _signed(statistic, counts)


def chi_squared(
    a: npt.ArrayLike, b: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike, yates: bool | Literal["always"] = False
) -> FloatArray:
    """Return Pearson's signed chi-squared of the four-cell table, Σ (|O − E| − c)² / E.

    c is 0, or with `yates` ½ (Yates 1934, Journal of the Royal Statistical Society, Supplement 1, 217–235). True
    corrects as quanteda does: only where some expected count is below 5 and |O − E| is at least ½. "always"
    corrects every table, as R's chisq.test does, by no more than |O − E|.
    0 where the word is nowhere, or where there is no other word.
    Raises ValueError for counts that checked_counts refuses.
    """
    if yates not in (True, False, "always"):
        raise ValueError(f'yates must be True, False or "always", not {yates!r}')
    counts = checked_counts(a, b, n1, n2)
    expected, excess = counts.expected(), np.abs(counts.excess())
    if yates == "always":
        excess = np.maximum(excess - 0.5, 0.0)
    elif yates:
        excess = excess - _yates_shift(expected, excess)
    statistic = np.zeros_like(excess)
    for cell in expected:
        statistic += ratio(excess**2, cell)
    return _signed(statistic, counts)


def log_ratio(a: npt.ArrayLike, b: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike) -> FloatArray:
    """Return log₂ of the ratio of rates, ((a + ½)/(n1 + ½)) / ((b + ½)/(n2 + ½)): +1 is twice as often in a.

    The ½ make it finite at 0 and nearly unbiased (Walter 1975, Biometrika 62, 371–374); the measure is Hardie's
    (2014, Log Ratio: an informal introduction).
    Raises ValueError for counts that checked_counts refuses.
    """
    counts = checked_counts(a, b, n1, n2)
    return _plain(np.log2((counts.a + 0.5) / (counts.b + 0.5)) - np.log2((counts.n1 + 0.5) / (counts.n2 + 0.5)))


def log_ratio_conservative(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    n1: npt.ArrayLike,
    n2: npt.ArrayLike,
    confidence: float = 0.95,
    family: int = 1,
) -> FloatArray:
    """Return the bound of the log₂ ratio of rates that is nearest to no difference; 0 where the interval holds 0.

    Given a + b, a is binomial; its Clopper–Pearson interval (τ₁, τ₂) at 1 − (1 − confidence)/family becomes
    log₂(n2/n1 · τ/(1 − τ)). `family` is the number of words looked at (Bonferroni). After Evert (2022), LRC,
    in the R package corpora 0.6; interval: Clopper and Pearson (1934), Biometrika 26, 404–413.
    0 where the word is nowhere. Raises ValueError for counts that checked_counts refuses, for a confidence
    outside 0 to 1 and for a family below 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not be {confidence!r}")
    if not family >= 1:
        raise ValueError(f"family must be the number of words looked at, at least 1, not {family!r}")
    counts = checked_counts(a, b, n1, n2)
    tail = (1 - confidence) / 2 / family
    # one formula for both directions: the lower bound of the collection in which the rate is higher
    higher = counts.excess() >= 0
    more, less = np.where(higher, counts.a, counts.b), np.where(higher, counts.b, counts.a)
    scale = np.where(higher, counts.n2 / counts.n1, counts.n1 / counts.n2)
    share = np.where(more > 0, betaincinv(np.where(more > 0, more, 1.0), less + 1, tail), 0.0)
    with np.errstate(divide="ignore"):
        bound = np.log2(scale * share / (1 - share))
    return _signed(np.maximum(bound, 0.0), counts)


def log_odds_dirichlet(a: npt.ArrayLike, b: npt.ArrayLike, prior: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return (delta, z): the log-odds ratio of every word with a Dirichlet prior, and that over its standard error.

    `a` and `b` hold the counts of the whole vocabulary, a word a place, because totals are their sums; `prior`
    the pseudo-counts α, one a word or one number for all (a + b is the usual informative prior).
    delta = ln((a + α)/(n₁ + α₀ − a − α)) − the same of b. The variance has four terms, the reciprocals of both
    numerators and both denominators: Monroe, Colaresi and Quinn (2008), Political Analysis 16, 372–403,
    equation 18; their equation 20, and most programs, keep only the first two.
    Raises ValueError when lengths differ, there are fewer than two words, or a word has no count and no prior.
    """
    first, second, alpha = numbers("a", a), numbers("b", b), numbers("prior", prior)
    if first.ndim != 1 or first.shape != second.shape or alpha.shape not in ((), first.shape):
        raise ValueError("a and b must be lists of one length, and prior as long or a single number")
    if len(first) < 2:
        raise ValueError("a vocabulary needs at least two words: the odds of one word are against the others")
    alpha = np.broadcast_to(alpha, first.shape)
    delta, variance = np.zeros_like(first), np.zeros_like(first)
    for sign, counts in ((1, first), (-1, second)):
        word = counts + alpha
        others = word.sum() - word
        if np.any(word <= 0) or np.any(others <= 0):
            raise ValueError("every word needs a count or a prior above 0 on both sides")
        delta += sign * np.log(word / others)
        variance += 1 / word + 1 / others
    return delta, delta / np.sqrt(variance)


def benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    """Return p-values adjusted so that, taking those up to q, the expected share of false ones is at most q.

    `p` holds the p-values of all tests made. Source: Benjamini and Hochberg (1995), Journal of the Royal
    Statistical Society B 57, 289–300; computed by scipy.
    Raises ValueError when a value lies outside 0 to 1, or when `p` is not a list.
    """
    values = numbers("p", p)
    if values.ndim != 1 or np.any(values > 1):
        raise ValueError("p must be a list of numbers between 0 and 1")
    return np.asarray(false_discovery_control(values, method="bh"), dtype=np.float64) if len(values) else values


def _yates_shift(expected: tuple[FloatArray, ...], excess: FloatArray) -> FloatArray:
    """Return ½ where quanteda corrects for continuity, else 0."""
    return np.where((np.min(expected, axis=0) < _SMALL) & (np.abs(excess) >= 0.5), 0.5, 0.0)


def _williams(counts: Counts) -> FloatArray:
    """Return Williams's divisor q; 1 where a cell of the table is empty."""
    a, b, n1, n2 = counts
    total, others = n1 + n2, (n1 - a) + (n2 - b)
    empty = (a * b * (n1 - a) * (n2 - b)) == 0
    rows = ratio(total, a + b) + ratio(total, others) - 1
    columns = total / n1 + total / n2 - 1
    return np.where(empty, 1.0, 1 + rows * columns / (6 * total))


def _signed(size: FloatArray, counts: Counts) -> FloatArray:
    """Give `size` the sign of the difference of rates."""
    return _plain(np.sign(counts.excess()) * size)


def _plain(values: FloatArray) -> FloatArray:
    """Return a number for a single value, and no negative zero."""
    result: FloatArray = (np.asarray(values, dtype=np.float64) + 0.0)[()]
    return result
