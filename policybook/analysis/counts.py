"""Counts of a word in two collections, checked before anything is computed from them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class Counts(NamedTuple):
    """How often something stands in two collections: `a` of `n1` words, `b` of `n2` words; one shape for all."""

    a: FloatArray
    b: FloatArray
    n1: FloatArray
    n2: FloatArray

    def observed(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the four cells of the table: the word in a, in b; other words in a, in b."""
        return self.a, self.b, self.n1 - self.a, self.n2 - self.b

    def expected(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the counts expected if the rates were equal, in the same order."""
        total, others = self.n1 + self.n2, (self.n1 - self.a) + (self.n2 - self.b)
        word, other = (self.a + self.b) / total, others / total
        return self.n1 * word, self.n2 * word, self.n1 * other, self.n2 * other

    def excess(self) -> FloatArray:
        """Return observed minus expected of the word in a; exactly 0 where the rates are equal."""
        return (self.a * self.n2 - self.b * self.n1) / (self.n1 + self.n2)


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide arrays of one shape, giving 0 where the denominator is 0: an empty row of a table says nothing."""
    return np.divide(numerator, denominator, out=np.zeros(np.shape(denominator)), where=np.asarray(denominator) != 0)


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


def checked_counts(a: npt.ArrayLike, b: npt.ArrayLike, n1: npt.ArrayLike, n2: npt.ArrayLike) -> Counts:
    """Return the four as arrays of one shape, having broadcast them.

    Raises ValueError when one is not a finite number ≥ 0, when a total is 0, when a count exceeds its total,
    or when the shapes do not fit.
    """
    arrays = [numbers(name, values) for name, values in zip(Counts._fields, (a, b, n1, n2), strict=True)]
    try:
        counts = Counts(*np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ValueError(f"a, b, n1 and n2 must have one length, or be single numbers; they have {shapes}") from None
    for count, total, names in ((counts.a, counts.n1, ("a", "n1")), (counts.b, counts.n2, ("b", "n2"))):
        if np.any(total == 0):
            raise ValueError(f"{names[1]} must be greater than 0: a collection without words has no rates")
        if np.any(count > total):
            raise ValueError(f"{names[0]} must not exceed {names[1]}")
    return counts
