"""Dispersion: how evenly a word is spread over the parts of a collection.

`counts` holds how often it stands in each part and `sizes` how large the parts are (words, or shares: only their
proportions matter). Parts run along the last axis, so a table of words × parts gives one value a word.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from policybook.analysis.counts import FloatArray, numbers


def gries_dp(counts: npt.ArrayLike, sizes: npt.ArrayLike, normalised: bool = False) -> FloatArray:
    """Return Gries's DP = ½ Σ |share of the word − share of the size|: 0 as even as can be, near 1 in one part.

    Source: Gries (2008), International Journal of Corpus Linguistics 13, 403–437. `normalised` divides by 1 − the
    smallest share of size, so that 1 can be reached: Lijffijt and Gries (2012), the same 17, 147–149.
    Raises ValueError when parts do not match, a size is 0, the word stands nowhere, or one part is normalised.
    """
    values, shares = _parts(counts, sizes, least=2 if normalised else 1)
    deviation = 0.5 * np.abs(values / values.sum(axis=-1, keepdims=True) - shares).sum(axis=-1)
    if normalised:
        deviation = deviation / (1 - shares.min(axis=-1))
    result: FloatArray = np.asarray(deviation)[()]
    return result


def juilland_d(counts: npt.ArrayLike, sizes: npt.ArrayLike) -> FloatArray:
    """Return Juilland's D = 1 − V / √(k − 1): 1 where the rate is the same in all k parts, 0 where one part has all.

    V is the coefficient of variation of the k rates, their population standard deviation ÷ their mean. Juilland
    and Chang-Rodríguez (1964), Frequency Dictionary of Spanish Words; with rates, for parts of unequal size, as
    in Gries (2020), A Practical Handbook of Corpus Linguistics, 99–118.
    Raises ValueError when parts do not match, a size is 0, the word stands nowhere, or there is one part only.
    """
    values, shares = _parts(counts, sizes, least=2)
    rates = values / shares
    variation = rates.std(axis=-1) / rates.mean(axis=-1)
    # at the bound rounding could pass below 0, where D is not defined
    result: FloatArray = np.maximum(1 - variation / np.sqrt(rates.shape[-1] - 1), 0.0)[()]
    return result


def _parts(counts: npt.ArrayLike, sizes: npt.ArrayLike, least: int) -> tuple[FloatArray, FloatArray]:
    """Return counts, and sizes as shares of their sum, both checked."""
    values, parts = numbers("counts", counts), numbers("sizes", sizes)
    if values.ndim == 0 or parts.ndim == 0 or values.shape[-1] != parts.shape[-1]:
        raise ValueError("counts and sizes must have one number for each part")
    if parts.shape[-1] < least:
        raise ValueError(f"dispersion needs at least {least} part{'s' if least > 1 else ''}")
    if np.any(parts == 0):
        raise ValueError("sizes must be greater than 0: leave empty parts out")
    if np.any(values.sum(axis=-1) == 0):
        raise ValueError("a word that stands in no part has no dispersion: leave it out")
    return values, parts / parts.sum(axis=-1, keepdims=True)
