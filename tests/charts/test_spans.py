from __future__ import annotations

from datetime import date

import pandas as pd
from svg import download, texts

from policybook.charts.spans import DOCUMENT_LANE, EVENTS, span_chart, timeline_chart
from policybook.charts.theme import Chart

ROWS = pd.DataFrame(
    {
        "label": ["reposted", "known to the day"],
        "written_from": [date(2014, 8, 1), date(2024, 9, 2)],
        "written_to": [date(2015, 12, 31), date(2024, 9, 2)],
        "published": [date(2024, 9, 6), None],
    },
    dtype=object,
)


def draw() -> Chart:
    return span_chart("dates", ROWS, "Dates")


def test_the_alternative_says_when_each_was_written_and_published() -> None:
    assert draw().alt == (
        "When each document was written and published. "
        "reposted: written between 2014-08-01 and 2015-12-31, published 2024-09-06; "
        "known to the day: written 2024-09-02, publication date unknown"
    )


def test_the_figure_shows_rows_and_the_legend() -> None:
    assert {"reposted", "known to the day", "written", "published"} <= set(texts(draw().svg))


def test_the_download_has_iso_dates_and_an_empty_cell_for_the_unknown() -> None:
    first, second = download(draw()._repr_html_())
    assert (first["written_from"], first["published"]) == ("2014-08-01", "2024-09-06")
    assert second["published"] == ""


def test_the_same_dates_make_the_same_figure() -> None:
    assert draw().svg == draw().svg


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
PERIODS = pd.DataFrame([("the plan", 2014, 2020)], columns=["label", "first", "last"])


def timeline_draw() -> Chart:
    return timeline_chart("timeline", EVENT_ROWS, DOCUMENT_ROWS, PERIODS, "Events", "Two events")


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
