"""Small multiples by year: panels, marks, links, gaps."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from svg import parse, texts

from policybook.charts.yearly import COLUMNS, yearly_chart


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
    assert list(CHART.data.columns) == [column for column in COLUMNS if column != "href"]
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
