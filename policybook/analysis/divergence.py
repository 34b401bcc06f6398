"""How far two distributions over the same categories are from each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import rel_entr

from policybook.analysis.counts import FloatArray, numbers


def jensen_shannon(p: npt.ArrayLike, q: npt.ArrayLike) -> FloatArray:
    """Return the Jensen–Shannon divergence in bits: 0 for equal distributions, 1 for ones that share no category.

    ½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2, to base 2; the divergence itself, where scipy's `jensenshannon`
    gives its square root. Categories run along the last axis; counts or weights are first divided by their sum.
    Source: Lin (1991), IEEE Transactions on Information Theory 37, 145–151.
    Raises ValueError for values that are negative or not numbers, for different numbers of categories, and
    for a distribution that sums to 0.
    """
    first, second = (_distribution(name, values) for name, values in (("p", p), ("q", q)))
    if first.shape[-1] != second.shape[-1]:
        raise ValueError(f"p and q must have the same categories; they have {first.shape[-1]} and {second.shape[-1]}")
    middle = (first + second) / 2
    bits = 0.5 * (rel_entr(first, middle) + rel_entr(second, middle)).sum(axis=-1) / np.log(2)
    result: FloatArray = np.clip(bits, 0.0, 1.0)[()]
    return result


def _distribution(name: str, values: npt.ArrayLike) -> FloatArray:
    weights = numbers(name, values)
    if weights.ndim == 0 or weights.shape[-1] == 0:
        raise ValueError(f"{name} must have one number for each category")
    totals = weights.sum(axis=-1, keepdims=True)
    if np.any(totals == 0):
        raise ValueError(f"{name} must not sum to 0")
    return np.asarray(weights / totals, dtype=np.float64)
