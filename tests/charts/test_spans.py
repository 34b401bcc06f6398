from __future__ import annotations

from datetime import date

import pandas as pd
from svg import download, texts

from policybook.charts.spans import span_chart
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
