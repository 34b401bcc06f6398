"""Documents as units: how much blocks of one document resemble each other, and a permutation of whole documents."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np

from policybook.analysis.block_counts import BoolArray, IntArray
from policybook.analysis.intervals import FloatArray
from policybook.analysis.sides import Totals
from policybook.analysis.thresholds import PERMUTATIONS, SEED


def document_effect(left: Totals, right: Totals) -> FloatArray:
    """Return, for every row, the design effect of sampling whole documents; `left` and `right` are by document.

    It is the variance of the difference of two shares, each estimated as a ratio over the documents of its side, over
    its variance were all blocks independent: (v₁ + v₂)/(b₁ + b₂) with v = D/(D − 1)·Σ(x_d − p·n_d)²/n² and
    b = p(1 − p)/n. 1 where nothing varies.
    Source: J. N. K. Rao and A. J. Scott (1992), Biometrics 48, 577–585.
    Raises ValueError when a side has fewer than two documents.
    """
    clustered, independent = np.zeros(left.x.shape[1]), np.zeros(left.x.shape[1])
    for side in (left, right):
        documents = len(side.n)
        if documents < 2:
            raise ValueError("one document does not tell how much documents differ")
        n = side.n.sum()
        p = side.x.sum(axis=0) / n
        off = side.x - p * side.n[:, None]
        clustered += documents / (documents - 1) * (off**2).sum(axis=0) / n**2
        independent += p * (1 - p) / n
    return np.divide(clustered, independent, out=np.ones_like(clustered), where=independent > 0)


def permute_documents(
    left: Totals, right: Totals, families: IntArray, tested: BoolArray, seed: int = SEED
) -> FloatArray:
    """Return, for every row, the probability of a difference as large when whole documents are dealt to the sides.

    The sides keep their numbers of documents. A row's difference is measured in its standard deviation over the deals
    and compared with the largest of the `tested` rows of its family in each deal (max-T), so the probability holds
    for the family at once. All deals are made where there are at most PERMUTATIONS, else that many and the real
    one, from `seed`; the real one counts among them. 1 for rows that are not tested.
    Source: P. H. Westfall and S. S. Young (1993), Resampling-Based Multiple Testing, Wiley.
    """
    x, n = np.vstack([left.x, right.x]).astype(float), np.concatenate([left.n, right.n]).astype(float)
    deals = _deals(len(left.n), len(right.n), seed)
    x1, n1 = deals @ x, (deals @ n)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        differences = np.abs(x1 / n1 - (x.sum(axis=0) - x1) / (n.sum() - n1))
        scale = np.sqrt((differences**2).mean(axis=0))
        statistics = np.where(scale > 0, differences / scale, 0.0)
    probability = np.ones(x.shape[1])
    for family in np.unique(families[tested]):
        rows = tested & (families == family)
        largest = statistics[:, rows].max(axis=1)
        probability[rows] = (largest[:, None] >= statistics[0, rows] - 1e-9).mean(axis=0)
    return probability


@lru_cache(maxsize=64)
def _deals(left: int, right: int, seed: int) -> FloatArray:
    """Return deals × documents, 1 where a document is dealt to the left; the first deal is the real one."""
    total = left + right
    if comb(total, left) <= PERMUTATIONS:
        deals = np.zeros((comb(total, left), total))
        for row, chosen in enumerate(combinations(range(total), left)):
            deals[row, list(chosen)] = 1
        return deals
    order = np.random.default_rng(seed).random((PERMUTATIONS, total)).argsort(axis=1)
    real = np.arange(total)[None, :]
    return (np.vstack([real, order]) < left).astype(float)
