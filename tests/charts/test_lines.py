"""Small multiples by year: panels, marks, links, gaps."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from svg import parse, texts

from policybook.charts.lines import POINTS, TARGETS, YEARLY_COLUMNS, series_chart, unbroken, yearly_chart
from policybook.charts.theme import Chart

YEARS = (2014, 2015, 2016, 2018, 2020)
RATES = pd.DataFrame(
    [
        ("resident", "first" if year < 2020 else "other", year, value, "as first published", f"rate-{year}", "NBS")
        for year, value in zip(YEARS, (54.77, 56.1, 57.35, 59.58, 63.89), strict=True)
    ],
    columns=list(POINTS),
)
TARGET = ("resident", 2020, 60.0, "2014 plan: about 60", "below", "target-1", "the plan")
TARGETS_ = pd.DataFrame([TARGET], columns=list(TARGETS))
PERIODS = pd.DataFrame([("the plan", 2014, 2020)], columns=["label", "first", "last"])


def draw(targets: pd.DataFrame = TARGETS_, points: pd.DataFrame = RATES, **more: pd.DataFrame) -> Chart:
    return series_chart("rates", points, targets, "% of the population", "Rates", "Rates by year", **more)


def test_the_figure_shows_series_targets_periods_and_the_last_value_of_the_line() -> None:
    shown = texts(draw(periods=PERIODS).svg)
    assert {"resident", "2014 plan: about 60", "59.58", "% of the population", "the plan"} <= set(shown)
    assert parse(draw().svg).get("aria-label") == "Rates by year"


def test_years_are_whole() -> None:
    years = [text for text in texts(draw().svg) if text.startswith("20") and len(text) < 8]
    assert years
    assert all(text.isdigit() for text in years)


def test_the_data_hold_values_and_targets_with_their_rows_and_origin() -> None:
    data = draw().data
    assert data.columns.tolist() == ["series", "kind", "year", "value", "vintage", "label", "row", "origin"]
    assert data["kind"].tolist() == ["first"] * 4 + ["other", "target"]
    assert data["row"].tolist() == [*(f"rate-{year}" for year in YEARS), "target-1"]
    assert data["origin"].tolist() == ["NBS"] * 5 + ["the plan"]


def test_only_what_is_there_is_explained() -> None:
    assert "recalled, unverified" not in texts(draw().svg)
    recalled = pd.concat([RATES, RATES.iloc[:1].assign(kind="recalled", year=2013)])
    assert "recalled, unverified" in texts(draw(points=recalled).svg)


@pytest.mark.parametrize(
    ("breaks", "runs"),
    [((), [[2014, 2015, 2016], [2018]]), ((2016,), [[2014, 2015], [2016], [2018]])],
)
def test_a_line_breaks_where_a_year_is_missing_and_at_a_recount(breaks: tuple[int, ...], runs: list[list[int]]) -> None:
    line = RATES[RATES["kind"] == "first"]
    assert [run["year"].tolist() for run in unbroken(line, breaks)] == runs


def test_a_series_without_targets_can_be_drawn_twice_alike() -> None:
    none = TARGETS_.iloc[:0]
    assert draw(none).svg == draw(none).svg


def rows(years: dict[str, list[int]], ids: tuple[str, ...] = ("land", "jobs")) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "id": identifier, "label": identifier.title(), "group": group, "year": year, "share": 0.1, "low": 0.05,
                "high": 0.2, "blocks": 6, "total": 60, "href": f"#evidence-{identifier}-{group.lower()}",
            }
            for identifier in ids
            for group, own in years.items()
            for year in own
        ]
    )  # fmt: skip


CHART = yearly_chart("years", rows({"North": [2014, 2015, 2016], "South": [2015, 2016]}), "By year.", [2014.5])


def test_every_mark_leads_to_the_counts_of_its_place():
    wanted = {f"#evidence-{identifier}-{group}" for identifier in ("land", "jobs") for group in ("north", "south")}
    assert wanted <= set(re.findall(r'<a href="([^"]+)"', CHART.svg))
    parse(CHART.svg)


def test_the_data_are_those_given_without_links():
    assert list(CHART.data.columns) == [column for column in YEARLY_COLUMNS if column != "href"]
    assert len(CHART.data) == 2 * 5


def test_the_text_alternative_gives_every_number():
    assert "Land, South: 2015 6 of 60, 2016 6 of 60" in CHART.alt
    assert {"North", "South", "Jobs", "2014"} <= set(texts(CHART.svg))


def test_it_is_the_same_every_time():
    again = yearly_chart("years", rows({"North": [2014, 2015, 2016], "South": [2015, 2016]}), "By year.", [2014.5])
    assert again.svg == CHART.svg


def test_too_many_groups_and_missing_columns_are_refused():
    with pytest.raises(ValueError, match="cannot be told apart"):
        yearly_chart("x", rows({f"G{n}": [2014] for n in range(9)}), "")
    with pytest.raises(ValueError, match="lacks share"):
        yearly_chart("x", rows({"North": [2014]}).drop(columns="share"), "")
