from __future__ import annotations

from datetime import date

import pandas as pd
from svg import download, texts

from policybook.charts.theme import Chart
from policybook.charts.timeline import DOCUMENTS, EVENTS, timeline_chart

EVENT_ROWS = pd.DataFrame(
    [
        ("China", "2014-03-16", date(2014, 3, 16), date(2014, 3, 16), "a plan", "event-1", "row-event-1"),
        ("Fujian", "2019", date(2019, 1, 1), date(2019, 12, 31), "a meeting", "event-2", "row-event-2"),
    ],
    columns=list(EVENTS),
)
DOCUMENT_ROWS = pd.DataFrame(
    [("a report", "2014-08/2015", date(2014, 8, 1), date(2015, 12, 31), "document-a")], columns=list(DOCUMENTS)
)
PERIODS = pd.DataFrame([("the plan", 2014, 2020)], columns=["label", "first", "last"])


def draw() -> Chart:
    return timeline_chart("timeline", EVENT_ROWS, DOCUMENT_ROWS, PERIODS, "Events", "Two events")


def test_lanes_documents_and_periods_are_named() -> None:
    assert {"China", "Fujian", "a report", "the plan"} <= set(texts(draw().svg))


def test_marks_lead_to_the_list() -> None:
    for anchor in ("row-event-1", "row-event-2", "document-a"):
        assert f'href="#{anchor}"' in draw().svg


def test_the_download_has_events_and_documents() -> None:
    rows = download(draw()._repr_html_())
    assert [(row["kind"], row["row"], row["first"]) for row in rows] == [
        ("event", "event-1", "2014-03-16"), ("event", "event-2", "2019-01-01"), ("document", "", "2014-08-01"),
    ]  # fmt: skip


def test_the_same_events_make_the_same_figure() -> None:
    assert draw().svg == draw().svg
