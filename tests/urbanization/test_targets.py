from __future__ import annotations

import pandas as pd
from svg import download, parse, texts
from urbanization.targets import GOAL_COLUMNS, goal_chart

from policybook.charts.theme import Chart

NONE = float("nan")
GOALS = pd.DataFrame(
    [
        ("green buildings", "%", 2, 50, 77, "2020", "met", False, "target-16", "AFP", "", "", ""),
        ("air", "%", 40.9, 60, 59.9, "2020", "missed", True, "target-18", "AFP", "", "", ""),
        ("broadband access", "Mbps", NONE, 50, NONE, "", "unknown", False, "target-12", "us", "", "", ""),
    ],
    columns=list(GOAL_COLUMNS),
)


def draw(goals: pd.DataFrame = GOALS) -> Chart:
    return goal_chart("goals", goals, "Three goals")


def test_each_goal_has_its_numbers_on_its_line() -> None:
    shown = texts(draw().svg)
    assert {"green buildings", "air", "2 → 50: 77", "40.9 → 60: 59.9", "50: –"} <= set(shown)
    assert parse(draw().svg).get("aria-label") .startswith("Three goals")


def test_units_have_an_axis_each() -> None:
    assert {"%", "Mbps"} <= set(texts(draw().svg))


def test_the_legend_names_the_verdicts_that_occur() -> None:
    shown = set(texts(draw().svg))
    assert {"outcome: met", "outcome: missed", "hollow: beyond a recount"} <= shown
    assert "outcome: not comparable" not in shown
    assert "hollow: beyond a recount" not in texts(draw(GOALS.iloc[:1]).svg)


def test_the_download_names_the_rows() -> None:
    rows = download(draw()._repr_html_())
    assert [row["row"] for row in rows] == ["target-16", "target-18", "target-12"]
    assert rows[2]["outcome"] == ""


def test_the_same_goals_make_the_same_figure() -> None:
    assert draw().svg == draw().svg
