"""Intervals for shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

FloatArray = npt.NDArray[np.float64]


def wilson(x: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper bounds of Wilson's score interval for x successes in n trials.

    `x` and `n` broadcast and need not be whole (effective sizes are not). Where n is 0 the bounds are 0
    and 1.
    Source: E. B. Wilson (1927), Journal of the American Statistical Association 22, 209–212.
    Raises ValueError when some x is negative or exceeds its n.
    """
    successes, trials = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(n, dtype=float))
    if np.any(successes < 0) or np.any(successes > trials + 1e-9):
        raise ValueError("x must lie between 0 and n")
    z = float(ndtri(0.5 + confidence / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = successes / trials
        centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
        half = z / (1 + z**2 / trials) * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    empty = trials == 0
    low = np.where(empty, 0.0, np.clip(centre - half, 0.0, 1.0))
    high = np.where(empty, 1.0, np.clip(centre + half, 0.0, 1.0))
    return np.minimum(low, np.where(empty, 0.0, share)), np.maximum(high, np.where(empty, 1.0, share))
