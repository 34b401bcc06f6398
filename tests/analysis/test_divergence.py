from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from policybook.analysis.divergence import jensen_shannon

BOOK = json.loads((Path(__file__).resolve().parent.parent / "reference" / "textbook_values.json").read_text("utf-8"))


def test_the_published_value() -> None:
    (row,) = BOOK["JSD_base2"]
    assert float(jensen_shannon(row["p"], row["q"])) == pytest.approx(row["value"], rel=1e-12)


def test_it_is_the_square_of_the_distance_that_scipy_gives() -> None:
    random = np.random.default_rng(5)
    p, q = random.gamma(0.4, size=(50, 7)), random.gamma(0.4, size=(50, 7))
    np.testing.assert_allclose(jensen_shannon(p, q), jensenshannon(p, q, base=2, axis=1) ** 2, rtol=1e-9)


def test_the_ends_of_the_scale() -> None:
    assert str(float(jensen_shannon([0.2, 0.8], [0.2, 0.8]))) == "0.0"
    assert float(jensen_shannon([1, 0, 0], [0, 0, 1])) == 1
    assert float(jensen_shannon([3], [5])) == 0
    assert float(jensen_shannon([0, 1], [0.5, 0.5])) == pytest.approx(float(jensen_shannon([0.5, 0.5], [0, 1])))


def test_counts_are_made_shares_and_tables_give_a_value_a_row() -> None:
    assert float(jensen_shannon([5, 5], [9, 1])) == pytest.approx(float(jensen_shannon([0.5, 0.5], [0.9, 0.1])))
    assert jensen_shannon([[5, 5], [9, 1]], [9, 1]).tolist() == pytest.approx([0.1467931024, 0], abs=1e-9)
    assert np.ndim(jensen_shannon([1, 2], [2, 1])) == 0


@pytest.mark.parametrize(
    ("p", "q", "message"),
    [
        ([1, 2], [1, 2, 3], "same categories"),
        ([1], [1, 2], "same categories"),
        ([0, 0], [1, 2], "p must not sum to 0"),
        ([1, 2], [[1, 1], [0, 0]], "q must not sum to 0"),
        ([-1, 2], [1, 2], "p must not be negative"),
        ([1, math.nan], [1, 2], "p must be finite"),
        ([], [], "one number for each category"),
        (1, 1, "one number for each category"),
    ],
)
def test_what_is_no_distribution_is_refused(p: Any, q: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        jensen_shannon(p, q)
