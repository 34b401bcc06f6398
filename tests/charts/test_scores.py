"""The chart of scores with their intervals."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from policybook.charts.scores import COLUMNS, score_chart


def rows(*values: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=list(COLUMNS))


CONCEPTS = ("Concepts", "Chinese", "received", 0.9, 0.82, 0.95, "41 codes", "#errors-concept")
WRITTEN = ("Concepts", "Chinese", "written", 1.0, 0.9, 1.0, "69 codes", "#errors-concept")
ACTORS = ("Actors", "English", "received", float("nan"), 0.0, 1.0, "0 codes", "")


def test_the_chart_says_its_values_in_words_and_has_them_as_data() -> None:
    chart = score_chart("scores", rows(CONCEPTS, WRITTEN, ACTORS), "A caption", axis="F1")
    assert "Concepts, Chinese, received: 0.90 (0.82 to 0.95)" in chart.alt
    assert "Actors, English, received: not defined" in chart.alt
    assert chart.data["value"].tolist()[:2] == [0.9, 1.0]
    assert "href" not in chart.data
    assert ">41 codes<" in chart.svg
    assert ">CONCEPTS<" in chart.svg


def test_a_mark_leads_to_its_errors_and_a_value_that_is_not_known_has_none() -> None:
    chart = score_chart("scores", rows(CONCEPTS, ACTORS), "A caption", axis="F1")
    assert re.findall(r'<a href="([^"]*)"', chart.svg) == ["#errors-concept"]
    assert "to what it was counted from</title>" in chart.svg


@pytest.mark.parametrize(("low", "first"), [(0.82, "0.8"), (0.97, "0.8"), (0.41, "0.4"), (0.0, "0.0")])
def test_the_axis_begins_below_the_lowest_bound(low: float, first: str) -> None:
    chart = score_chart("s", rows((*CONCEPTS[:4], low, *CONCEPTS[5:])), "A caption", axis="F1")
    ticks = re.findall(r">(\d\.\d+)<", chart.svg)
    assert ticks[0] == first


def test_the_same_rows_give_the_same_bytes() -> None:
    charts = [score_chart("s", rows(CONCEPTS, WRITTEN), "A caption", axis="F1").svg for _ in range(2)]
    assert charts[0] == charts[1]


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="no row"):
        score_chart("s", rows(), "A caption", axis="F1")
    with pytest.raises(ValueError, match="lacks href"):
        score_chart("s", rows(CONCEPTS).drop(columns="href"), "A caption", axis="F1")
    many = rows(*((*CONCEPTS[:2], f"series {n}", *CONCEPTS[3:]) for n in range(9)))
    with pytest.raises(ValueError, match="cannot be told apart"):
        score_chart("s", many, "A caption", axis="F1")
