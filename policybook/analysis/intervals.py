"""Intervals and tests of shares, of their differences and of their ratios, from arrays alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from math import comb

import numpy as np
import numpy.typing as npt
import scipy

from policybook.analysis import thresholds

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
_HAIR = 1e-9


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
    z = scipy.special.ndtri(0.5 + level / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = successes / trials
        centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
        inside = np.maximum(share * (1 - share), 0.0) / trials + z**2 / (4 * trials**2)
        half = z / (1 + z**2 / trials) * np.sqrt(inside)
    empty = trials == 0
    low = np.where(empty, 0.0, np.clip(centre - half, 0.0, 1.0))
    high = np.where(empty, 1.0, np.clip(centre + half, 0.0, 1.0))
    return np.minimum(low, np.where(empty, 0.0, share)), np.maximum(high, np.where(empty, 1.0, share))


def newcombe_difference(x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike,
                        confidence: npt.ArrayLike = 0.95) -> tuple[FloatArray, FloatArray]:  # fmt: skip
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


# Permutations: signs of paired differences, or documents dealt to the sides, the largest of a family at once ---

def sign_flips(pairs: int, seed: int = thresholds.SEED) -> FloatArray:
    """Return flips × pairs of signs over √pairs, the first one real: all that differ in more than every sign, or draws.

    All are taken up to EXACT_PAIRS pairs, else PERMUTATIONS draws beside the real one.
    """
    if pairs <= thresholds.EXACT_PAIRS:
        signs = np.array(list(product((1.0, -1.0), repeat=pairs - 1)))
        flips = np.hstack([np.ones((len(signs), 1)), signs.reshape(len(signs), pairs - 1)])
    else:
        drawn = np.random.default_rng(seed).choice((1.0, -1.0), size=(thresholds.PERMUTATIONS, pairs))
        flips = np.vstack([np.ones(pairs), drawn])
    return np.asarray(flips / np.sqrt(pairs))


@lru_cache(maxsize=64)
def deal_documents(left: int, right: int, seed: int = thresholds.SEED) -> FloatArray:
    """Return deals × documents of weights that make a correlation, the first one real: all deals, or draws."""
    return np.vstack(list(_deals(left, right, seed)))


#: So many cells of deals × documents are made at a time, and remembered where they are all.
_DEALT = 2_000_000


def deal_in_parts(left: int, right: int) -> Iterable[FloatArray]:
    """Return the deals of `deal_documents` in parts that are not large, however many documents there are."""
    few = (thresholds.PERMUTATIONS + 1) * (left + right) <= _DEALT
    return [deal_documents(left, right)] if few else _deals(left, right, thresholds.SEED)


def _deals(left: int, right: int, seed: int) -> Iterator[FloatArray]:
    total = left + right
    scale = np.sqrt(left * right / total)
    if total <= thresholds.PERMUTATIONS and comb(total, left) <= thresholds.PERMUTATIONS:
        deals = np.zeros((comb(total, left), total))
        for row, chosen in enumerate(combinations(range(total), left)):
            deals[row, list(chosen)] = 1
        yield np.asarray((deals - left / total) / scale)
        return
    rng, real, size = np.random.default_rng(seed), np.arange(total)[None], max(1, _DEALT // total)
    for begin in range(0, thresholds.PERMUTATIONS, size):
        order = rng.random((min(size, thresholds.PERMUTATIONS - begin), total)).argsort(axis=1)
        deals = (np.vstack([real, order]) < left).astype(np.float64)
        real = real[:0]
        yield np.asarray((deals - left / total) / scale)


@dataclass(frozen=True, eq=False)
class MaxTest:
    """For every row the probability within its family, and how many standard errors its interval reaches."""

    probability: FloatArray
    reach: FloatArray
    freedom: int


def max_test(statistics: FloatArray, families: IntArray, tested: BoolArray, freedom: int, steps: int = 1) -> MaxTest:
    """Return the test of Westfall and Young on the largest statistic of the `tested` rows of a family.

    `statistics`: permutations × rows, Student's t or as large as that, without signs, the first ones real. `reach` is
    what one permutation in twenty exceeds; never less than Student's for a row alone or more than Bonferroni's. Of
    families in so many `steps` both hold for all at once, by Bonferroni.
    Source: P. H. Westfall and S. S. Young (1993), Resampling-Based Multiple Testing, Wiley.
    """
    probability, reach = np.full(statistics.shape[1], np.nan), np.full(statistics.shape[1], np.inf)
    tail = (1 - thresholds.CONFIDENCE) / 2
    for family in np.unique(families) if freedom > 0 else ():
        rows = tested & (families == family)
        widest = steps * max(1, int(rows.sum()))
        least, most = (float(scipy.special.stdtrit(freedom, 1 - tail / n)) for n in (1, widest))
        reach[families == family] = most
        if rows.any():
            largest = statistics[:, rows].max(axis=1)
            as_large = largest[:, None] >= statistics[0, rows] * (1 - _HAIR)
            probability[rows] = np.minimum(steps * as_large.mean(axis=0), 1.0)
            edge = np.quantile(largest, 1 - 2 * tail / steps, method="higher")
            reach[families == family] = np.clip(edge, least, most)
    return MaxTest(probability, reach, freedom)


def studentise(weights: FloatArray, values: FloatArray, freedom: int) -> FloatArray:
    """Return permutations × rows of Student's t, without signs: r·√(freedom/(1 − r²)) of the correlations r.

    `weights`: permutations × units, each of length 1; `values`: units × rows.
    """
    length = np.sqrt((values**2).sum(axis=0))
    r = np.abs(weights @ np.divide(values, length, out=np.zeros_like(values), where=length > _HAIR))
    return np.asarray(r * np.sqrt(max(freedom, 0) / np.maximum(1 - r**2, _HAIR)))


# Ratios: a quasi-binomial model of the paired shares ------------------------------------------------

@dataclass(frozen=True)
class RatioFit:
    """The ratio of the shares of two sides: its logarithm and standard error.

    Where one side has nothing, the logarithm is infinite and `most` says what a probability of 1 less the confidence
    leaves possible: `blocks` that the other side has (over their dispersion), and its size over that of the empty side.
    """

    log_ratio: float
    error: float
    blocks: float = 0.0
    sizes: float = 0.0

    def bounds(self, reach: float, freedom: int) -> tuple[float, float]:
        """Return the bounds of the logarithm, `reach` standard errors off, or as exact as they can be beside nothing.

        Source: C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404–413.
        """
        if np.isfinite(self.log_ratio) or np.isnan(self.log_ratio):
            return self.log_ratio - reach * self.error, self.log_ratio + reach * self.error
        if not (tail := float(scipy.special.stdtr(max(freedom, 1), -reach))):  # nothing was tested: anything may be
            return -np.inf, np.inf
        part = -np.expm1(np.log(tail) / self.blocks)
        most = float(np.log(part / (1 - part) * self.sizes)) if 0 < part < 1 else np.inf
        return (-np.inf, most) if self.log_ratio < 0 else (-most, np.inf)

    def is_clear(self, reach: float, freedom: int) -> bool:
        """Return whether the bounds exclude a ratio of 1 and it is one worth a sentence."""
        low, high = self.bounds(reach, freedom)
        return bool(abs(self.log_ratio) > np.log(thresholds.MIN_RATIO) and not low <= 0 <= high)


def fit_ratio(left: FloatArray, left_size: FloatArray, right: FloatArray, right_size: FloatArray) -> RatioFit | None:
    """Return the ratio of shares between two sides of pairs, by a quasi-binomial model with side and pair effects.

    Given what a pair carries on both sides together, the part of the left is binomial with odds ratio·n₁/n₂, which
    takes the effects of pairs (years, or places) out; its dispersion is Pearson's X² over its freedom, where fewer than
    MIN_PAIRS pairs carry any at least that of independent blocks, 1 − share. None where neither side has any.
    Source: P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, 2nd ed., sections 4.5 and 7.4.2.
    """
    from scipy.optimize import brentq  # takes longer to import than most of what is asked of this package

    carried, sizes = np.column_stack([left * left_size, right * right_size]), np.column_stack([left_size, right_size])
    if empty := _one_sided(carried, sizes):
        return empty
    carried, sizes = carried[carried.sum(axis=1) > _HAIR], sizes[carried.sum(axis=1) > _HAIR]
    if not len(carried):
        return None
    both, offset = carried.sum(axis=1), np.log(sizes[:, 0] / sizes[:, 1])
    # Of all pairs; the score is 0 at this less one of their offsets.
    middle = scipy.special.logit(carried[:, 0].sum() / both.sum())
    ratio = brentq(lambda log: (both * scipy.special.expit(log + offset) - carried[:, 0]).sum(),
                   middle - offset.max() - _HAIR, middle - offset.min() + _HAIR, xtol=1e-12)  # fmt: skip
    fitted = scipy.special.expit(ratio + offset)
    information = both * fitted * (1 - fitted)
    scale = float(((carried[:, 0] - both * fitted) ** 2 / information).sum()) / max(len(both) - 1, 1)
    if len(both) < thresholds.MIN_PAIRS:
        scale = max(scale, 1 - carried.sum() / sizes.sum())
    return RatioFit(float(ratio), float(np.sqrt(scale / information.sum())))


def _one_sided(carried: FloatArray, sizes: FloatArray) -> RatioFit | None:
    """Return the fit where just one side has any; its dispersion is that about one rate."""
    totals, whole = carried.sum(axis=0), sizes.sum(axis=0)
    if (totals > _HAIR).sum() != 1:
        return None
    full = int(totals.argmax())
    expected = totals[full] * sizes[:, full] / whole[full]
    scale = max(1.0, float(((carried[:, full] - expected) ** 2 / expected).sum()) / max(len(carried) - 1, 1))
    return RatioFit((-np.inf, np.inf)[1 - full], 0.0, totals[full] / scale, whole[full] / whole[1 - full])


def fit_unpaired(shares: tuple[FloatArray, FloatArray], sizes: tuple[FloatArray, FloatArray]) -> RatioFit | None:
    """Return the ratio of shares of unpaired documents, by a quasi-binomial model with a side effect alone."""
    carried = [share * size for share, size in zip(shares, sizes, strict=True)]
    totals, whole = (np.array([float(one.sum()) for one in both]) for both in (carried, sizes))
    p, documents = totals / whole, sum(len(size) for size in sizes)
    expected = [q * size for q, size in zip(p, sizes, strict=True)]
    off = sum(float(((x - e) ** 2 / e).sum()) / (1 - q + _HAIR) for x, e, q in zip(carried, expected, p, strict=True)
              if q)  # fmt: skip
    if not p.any():
        return None
    scale = off / (documents - 2) if documents > 2 else 1.0
    if not p.all():
        full, scale = int(totals.argmax()), max(scale, 1.0)
        return RatioFit((-np.inf, np.inf)[1 - full], 0.0, totals[full] / scale, whole[full] / whole[1 - full])
    return RatioFit(float(np.log(p[0] / p[1])), float(np.sqrt(scale * ((1 - p) / totals).sum())))
