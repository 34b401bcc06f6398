"""Intervals for shares and for differences of shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

FloatArray = npt.NDArray[np.float64]


def wilson(x: npt.ArrayLike, n: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper bounds of Wilson's score interval for x successes in n trials.

    `x`, `n` and `confidence` broadcast; x and n need not be whole (effective sizes are not). Where n is 0
    the bounds are 0 and 1.
    Source: E. B. Wilson (1927), Journal of the American Statistical Association 22, 209–212.
    Raises ValueError when some x is negative or exceeds its n.
    """
    successes, trials, level = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (x, n, confidence)))
    if np.any(successes < 0) or np.any(successes > trials + 1e-9):
        raise ValueError("x must lie between 0 and n")
    z = ndtri(0.5 + level / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = successes / trials
        centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
        inside = np.maximum(share * (1 - share), 0.0) / trials + z**2 / (4 * trials**2)
        half = z / (1 + z**2 / trials) * np.sqrt(inside)
    empty = trials == 0
    low = np.where(empty, 0.0, np.clip(centre - half, 0.0, 1.0))
    high = np.where(empty, 1.0, np.clip(centre + half, 0.0, 1.0))
    return np.minimum(low, np.where(empty, 0.0, share)), np.maximum(high, np.where(empty, 1.0, share))


def newcombe_difference(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper bounds for the difference of two shares, x1/n1 − x2/n2.

    The arguments broadcast and need not be whole. The bounds are made of Wilson's for each share, l and u:
    d − √((p₁ − l₁)² + (u₂ − p₂)²) and d + √((u₁ − p₁)² + (p₂ − l₂)²), so low ≤ d ≤ high, within −1 and 1. Where a
    side has no trials, nothing is known of its share, and the bounds are those of the other side less 1 and less 0.
    Source: R. G. Newcombe (1998), Statistics in Medicine 17, 873–890, method 10 (no continuity correction).
    Raises ValueError when some x is negative or exceeds its n.
    """
    trials1, trials2 = np.asarray(n1, dtype=float), np.asarray(n2, dtype=float)
    low1, high1 = wilson(x1, trials1, confidence)
    low2, high2 = wilson(x2, trials2, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = np.asarray(x1, dtype=float) / trials1, np.asarray(x2, dtype=float) / trials2
    difference = p1 - p2
    low = difference - np.hypot(p1 - low1, high2 - p2)
    high = difference + np.hypot(high1 - p1, p2 - low2)
    unknown = (trials1 == 0) | (trials2 == 0)
    low, high = np.where(unknown, low1 - high2, low), np.where(unknown, high1 - low2, high)
    return np.clip(low, -1.0, 1.0), np.clip(high, -1.0, 1.0)


def numbers(name: str, values: npt.ArrayLike) -> FloatArray:
    """Return `values` as an array of finite numbers that are not negative. Raises ValueError otherwise."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers") from None
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must be finite numbers; leave out what is missing")
    if np.any(array < 0):
        raise ValueError(f"{name} must not be negative")
    return array
