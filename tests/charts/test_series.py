from __future__ import annotations

import pandas as pd
from svg import parse, texts

from policybook.charts.series import series_chart
from policybook.charts.theme import Chart

RATES = pd.DataFrame(
    {
        "year": [2014, 2015, 2016, 2018, 2020],
        "value": [54.77, 56.1, 57.35, 59.58, 63.89],
        "vintage": ["as first published"] * 4 + ["2020 census"],
        "origin": ["NBS"] * 5,
    }
)
TARGETS = pd.DataFrame(
    {
        "series": ["resident"], "year": [2020], "value": [60.0], "label": ["2014 plan: about 60"],
        "place": ["below"], "origin": ["the plan"],
    }
)  # fmt: skip


def draw(targets: pd.DataFrame = TARGETS) -> Chart:
    return series_chart("rates", {"resident": RATES}, targets, "% of the population", "Rates", "Rates by year")


def test_the_figure_shows_series_targets_and_the_last_value() -> None:
    shown = texts(draw().svg)
    assert {"resident", "2014 plan: about 60", "59.58", "% of the population"} <= set(shown)
    assert parse(draw().svg).get("aria-label") == "Rates by year"


def test_years_are_whole() -> None:
    years = [text for text in texts(draw().svg) if text.startswith("20") and len(text) < 8]
    assert years
    assert all(text.isdigit() for text in years)


def test_the_data_hold_values_and_targets_with_their_origin() -> None:
    data = draw().data
    assert data.columns.tolist() == ["series", "kind", "year", "value", "vintage", "label", "origin"]
    assert data["kind"].tolist() == ["value"] * 5 + ["target"]
    assert data["origin"].tolist() == ["NBS"] * 5 + ["the plan"]


def test_a_series_without_targets_can_be_drawn_twice_alike() -> None:
    none = TARGETS.iloc[:0]
    assert draw(none).svg == draw(none).svg
