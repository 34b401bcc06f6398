"""Small multiples by year: panels, marks, links, gaps."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from svg import download, parse, texts

from policybook.charts.lines import (
    CHANGE_COLUMNS,
    DOCUMENT_LANE,
    EVENTS,
    MULTIPLES_COLUMNS,
    POINTS,
    SLOPE_COLUMNS,
    TARGETS,
    change_chart,
    multiples_chart,
    series_chart,
    slope_chart,
    span_chart,
    timeline_chart,
    unbroken,
)
from policybook.charts.theme import Chart
from policybook.words.say import say

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
    assert say("charts.series.other") in texts(draw().svg)
    assert say("charts.series.other") not in texts(draw(points=RATES[RATES["kind"] == "first"]).svg)


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


def rows(units: dict[str, str], ids: tuple[str, ...] = ("land", "jobs")) -> pd.DataFrame:
    """Shares of three years; the last unit lacks the first."""
    return pd.DataFrame(
        [
            (identifier, identifier.title(), unit, group, year, 0.1, f"#row-{identifier}")
            for identifier in ids
            for unit, group in units.items()
            for year in (2014, 2015, 2016)
            if year > 2014 or unit != "south"
        ],
        columns=list(MULTIPLES_COLUMNS),
    )


UNITS = {"other": "", "north": "North", "south": "South"}


def test_a_panel_has_a_line_a_unit_names_what_stands_out_and_leads_to_its_row() -> None:
    chart = multiples_chart("years", rows(UNITS), "By year.", [2014.5])
    links = re.findall(r'<a href="([^"]+)"(?! tab)', chart.svg)
    assert links == ["#row-land", "#row-jobs"]  # by keyboard to the title; each line leads there too
    assert re.findall(r'<a href="([^"]+)" tabindex="-1"', chart.svg)
    assert {"North", "South", "the others", "Land", "Jobs", "2014"} <= set(texts(chart.svg))
    assert "Jobs: North 10.0 % in 2014, North 10.0 % in 2016, South 10.0 % in 2015" in chart.alt
    assert list(chart.data.columns) == list(MULTIPLES_COLUMNS[:-1]) and len(chart.data) == 2 * 8
    assert multiples_chart("years", rows(UNITS), "By year.", [2014.5]).svg == chart.svg


def test_too_many_groups_and_missing_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be told apart"):
        multiples_chart("x", rows({f"u{n}": f"G{n}" for n in range(9)}), "")
    with pytest.raises(ValueError, match="lacks share"):
        multiples_chart("x", rows(UNITS).drop(columns="share"), "")


ROWS = pd.DataFrame(
    {
        "label": ["reposted", "known to the day"],
        "written_from": [date(2014, 8, 1), date(2024, 9, 2)],
        "written_to": [date(2015, 12, 31), date(2024, 9, 2)],
        "published": [date(2024, 9, 6), None],
        "href": ["../documents/reposted.html", None],
    },
    dtype=object,
)


def spans_draw() -> Chart:
    return span_chart("dates", ROWS, "Dates")


def test_the_alternative_says_when_each_was_written_and_published() -> None:
    told = [
        "reposted: written between 2014-08-01 and 2015-12-31, published 2024-09-06",
        "known to the day: written 2024-09-02, publication date unknown",
    ]
    assert spans_draw().alt == say("charts.spans.alt", rows=told)


def test_the_figure_shows_rows_and_the_legend() -> None:
    assert {"reposted", "known to the day", "written", "published"} <= set(texts(spans_draw().svg))
    assert spans_draw().svg.count('<a href="../documents/reposted.html"') == 3  # bar, mark and name


def test_the_download_has_iso_dates_and_an_empty_cell_for_the_unknown() -> None:
    first, second = download(spans_draw()._repr_html_())
    assert (first["written_from"], first["published"]) == ("2014-08-01", "2024-09-06")
    assert second["published"] == ""


def test_the_same_dates_make_the_same_figure() -> None:
    assert spans_draw().svg == spans_draw().svg


EVENT_ROWS = pd.DataFrame(
    [
        ("China", "2014-03-16", date(2014, 3, 16), date(2014, 3, 16), "a plan", "event-1", "row-event-1"),
        ("Fujian", "2019", date(2019, 1, 1), date(2019, 12, 31), "a meeting", "event-2", "row-event-2"),
    ],
    columns=list(EVENTS),
)
DOCUMENT_ROWS = pd.DataFrame(
    [("a report", "2014-08/2015", date(2014, 8, 1), date(2015, 12, 31), "document-a")], columns=list(DOCUMENT_LANE)
)
SPANS_PERIODS = pd.DataFrame([("the plan", 2014, 2020)], columns=["label", "first", "last"])


def timeline_draw() -> Chart:
    return timeline_chart("timeline", EVENT_ROWS, DOCUMENT_ROWS, SPANS_PERIODS, "Events", "Two events")


def test_lanes_documents_and_periods_are_named() -> None:
    assert {"China", "Fujian", "a report", "the plan"} <= set(texts(timeline_draw().svg))


def test_marks_lead_to_the_list() -> None:
    for anchor in ("row-event-1", "row-event-2", "document-a"):
        assert f'href="#{anchor}"' in timeline_draw().svg


def test_the_download_has_events_and_documents() -> None:
    rows = download(timeline_draw()._repr_html_())
    assert [(row["kind"], row["row"], row["first"]) for row in rows] == [
        ("event", "event-1", "2014-03-16"), ("event", "event-2", "2019-01-01"), ("document", "", "2014-08-01"),
    ]  # fmt: skip


def test_the_same_events_make_the_same_figure() -> None:
    assert timeline_draw().svg == timeline_draw().svg


# Slopes from period to period, and rows before and after


SLOPES = pd.DataFrame(
    [
        (one, f"theme {one}", period, share, round(100 * share), 100, looks, f"#evidence-{one}")
        for one, shares, looks in (("a", (0.2, 0.1), "fell"), ("b", (0.05, 0.101), "rose"), ("c", (0.0, 0.0), ""))
        for period, share in zip(("before", "after"), shares, strict=True)
    ],
    columns=list(SLOPE_COLUMNS),
)


def test_a_slope_ends_in_its_label_which_leads_on() -> None:
    chart = slope_chart("slopes", SLOPES, "Slopes")
    assert {"theme a, 10.0 %", "theme b, 10.1 %", "before", "after"} <= set(texts(chart.svg))
    assert {a.get("href") for a in parse(chart.svg).iter("{http://www.w3.org/2000/svg}a")} >= {"#evidence-a"}
    assert "theme a: before 20 of 100, after 10 of 100" in chart.alt
    assert download(chart._repr_html_())[0]["count"] == "20"


def test_labels_of_lines_that_end_together_stand_apart_and_in_the_figure() -> None:
    svg = slope_chart("slopes", SLOPES.assign(share=0.1, looks=""), "Slopes").svg
    found = re.findall(r'translate\([\d.]+ ([\d.]+)\)[^>]*>\s*theme|<text[^>]* y="([\d.]+)"[^>]*>\s*theme', svg)
    heights = sorted(float(one or other) for one, other in found)
    assert len(heights) == 3
    assert min(later - one for one, later in pairwise(heights)) > 8
    assert heights[0] > 0


def test_slopes_need_two_periods_and_colours() -> None:
    with pytest.raises(ValueError, match="at least two periods"):
        slope_chart("slopes", SLOPES[SLOPES["period"] == "before"], "Slopes")
    many = pd.concat([SLOPES[SLOPES["id"] == "c"].assign(id=f"row {n}") for n in range(9)])
    with pytest.raises(ValueError, match="9 lines"):
        slope_chart("slopes", many, "Slopes")


CHANGES = pd.DataFrame(
    [
        ("Rose", "a", "concept a", 0.0, 0.004, "23 of 31", "rose", "#row-a"),
        ("Rose", "b", "concept b", 0.03, 0.1, "31 of 31", "untested", "#row-b"),
        ("Fell", "c", "concept c", 0.02, 0.01, "27 of 31", "fell", "#row-c"),
    ],
    columns=list(CHANGE_COLUMNS),
)


def test_every_row_stands_under_its_heading_with_what_is_said_of_it() -> None:
    chart = change_chart("changes", CHANGES, ("2014", "2024"), "Changes")
    shown = texts(chart.svg)
    assert {"ROSE", "FELL", "2014", "2024", "23 of 31", "concept c"} <= set(shown)
    assert shown.count("ROSE") == 1
    assert "concept a: 0.00 % → 0.40 %, 23 of 31" in chart.alt
    assert [row["id"] for row in download(chart._repr_html_())] == ["a", "b", "c"]
    assert "max-width: 25rem" in change_chart("changes", CHANGES, ("2014", "2024"), "Changes", width=4).svg


def test_rows_without_the_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="lacks said"):
        change_chart("changes", CHANGES.drop(columns="said"), ("2014", "2024"), "Changes")


def test_a_title_with_signs_of_mathematics_is_drawn_as_it_stands() -> None:
    drawn = span_chart("dates", ROWS.assign(label="$$y$$"), "Dates")
    assert "$$y$$" in drawn.svg
