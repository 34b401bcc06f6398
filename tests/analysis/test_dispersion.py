from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policybook.analysis.dispersion import gries_dp, juilland_d

BOOK = json.loads((Path(__file__).resolve().parent.parent / "reference" / "textbook_values.json").read_text("utf-8"))
ROWS = BOOK["dispersion"]
#: Gries's toy corpus of five parts, in which a, b, i, q, x stand; the textbook gives four of the five words rounded.
TOY_SIZES = [9, 10, 10, 10, 11]
TOY = {"b": [2, 2, 2, 2, 2], "i": [0, 10, 0, 0, 0]}


def test_the_toy_corpus_of_gries() -> None:
    row = ROWS[0]
    assert float(gries_dp(row["v"], row["s"])) == pytest.approx(row["DP"], rel=1e-9)
    assert float(gries_dp(row["v"], row["s"], normalised=True)) == pytest.approx(row["DPnorm"], rel=1e-9)
    assert float(juilland_d(row["v"], row["s"])) == pytest.approx(row["D"], rel=1e-9)


def test_the_rounded_values_of_words_in_the_toy_corpus() -> None:
    row = ROWS[1]
    assert row["words"] == ["b", "i", "q", "x"]
    # b stands evenly; i, q and x each in one part, of 9, 10 and 11 words
    words = [[1, 1, 1, 1, 1], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0, 1]]
    assert gries_dp(words, TOY_SIZES).round(2).tolist() == row["DP"]
    assert gries_dp(words, TOY_SIZES, normalised=True).round(3).tolist() == pytest.approx(row["DPnorm"], abs=1e-9)
    assert juilland_d(words, TOY_SIZES).round(3).tolist() == pytest.approx(row["D"], abs=1e-9)


def test_carroll_and_lijffijt() -> None:
    carroll, lijffijt = ROWS[3], ROWS[5]
    assert round(float(juilland_d(carroll["v"], [1] * 5)), 4) == carroll["D"]
    assert float(gries_dp(lijffijt["v"], [1, 1, 1], normalised=True)) == pytest.approx(lijffijt["DPnorm"])


def test_lyne() -> None:
    row = ROWS[6]
    assert float(juilland_d(row["v"], row["s"])) == pytest.approx(row["D"], rel=1e-9)
    assert 1 - float(gries_dp(row["v"], row["s"])) == pytest.approx(row["1-DP(gries2008)"], rel=1e-9)
    assert 1 - float(gries_dp(row["v"], row["s"], normalised=True)) == pytest.approx(row["1-DPnorm(LG2012)"], rel=1e-9)


def test_the_ends_of_the_scales() -> None:
    sizes = [100, 50, 150]
    assert float(gries_dp([10, 5, 15], sizes)) == pytest.approx(0, abs=1e-15)
    assert float(juilland_d([10, 5, 15], sizes)) == pytest.approx(1)
    assert float(gries_dp([0, 7, 0], sizes, normalised=True)) == pytest.approx(1)
    assert float(juilland_d([0, 7, 0], sizes)) == pytest.approx(0, abs=1e-12)
    assert float(gries_dp([3], [9])) == 0


def test_sizes_may_be_shares_and_tables_give_a_value_a_row() -> None:
    table = np.array([[1, 2, 3], [0, 0, 4]])
    for measure in (gries_dp, juilland_d):
        whole = measure(table, [10, 20, 30])
        assert whole.shape == (2,)
        assert whole.tolist() == pytest.approx([float(measure(row, [1 / 6, 2 / 6, 3 / 6])) for row in table])
        assert np.ndim(measure(table[0], [1, 1, 1])) == 0


@pytest.mark.parametrize("measure", [gries_dp, juilland_d])
@pytest.mark.parametrize(
    ("counts", "sizes", "message"),
    [
        ([1, 2], [1, 2, 3], "one number for each part"),
        (3, 4, "one number for each part"),
        ([], [], "at least"),
        ([1, 2], [0, 2], "sizes must be greater than 0"),
        ([0, 0], [1, 2], "stands in no part"),
        ([[1, 0], [0, 0]], [1, 2], "stands in no part"),
        ([-1, 2], [1, 2], "counts must not be negative"),
        ([math.nan, 2], [1, 2], "counts must be finite"),
    ],
)
def test_impossible_parts_are_refused(measure: Any, counts: Any, sizes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure(counts, sizes)


def test_one_part_cannot_be_normalised() -> None:
    for call in (lambda: gries_dp([3], [9], normalised=True), lambda: juilland_d([3], [9])):
        with pytest.raises(ValueError, match="at least 2 parts"):
            call()
