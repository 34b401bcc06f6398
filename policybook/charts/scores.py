"""Scores with their intervals: a row a thing scored, a mark a source, grouped under headings."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.ticker import MultipleLocator

from policybook.charts.labels import address, check_columns
from policybook.charts.theme import COLOURS, INK, MARKS, Chart, figure, to_svg
from policybook.corpus.model import records
from policybook.words.say import say

COLUMNS = ("group", "label", "series", "value", "low", "high", "counted", "href")


def score_chart(name: str, rows: pd.DataFrame, caption: str, *, axis: str) -> Chart:
    """Draw scores from 0 to 1 with their intervals.

    `rows` has COLUMNS: rows of one `group` and `label` share a line and stand under their group's heading; a `series`
    has its own colour and mark; `counted` is what the score was counted from, printed at the right; `href` is where
    the mark leads. A value that is nan has no mark. Groups, labels and series keep their order. The axis begins a
    little below the lowest bound.
    Raises ValueError when a column is missing, there is no row, or there are more series than marks.
    """
    check_columns(rows, COLUMNS)
    series = list(dict.fromkeys(rows["series"]))
    if len(series) > len(MARKS):
        raise ValueError(f"{len(series)} series cannot be told apart; at most {len(MARKS)} can")
    places = _places(rows)
    last = max(places.values())
    with figure(7.4, 1.1 + 0.36 * (last + 1)) as drawing:
        axes = drawing.subplots()
        step = 0.6 / len(series)
        at: dict[str, Any] = {
            "xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center",
            "annotation_clip": False,
        }  # fmt: skip
        for row in records(rows):
            n = series.index(row.series)
            y = places[row.group, row.label] + (n - (len(series) - 1) / 2) * step
            axes.annotate(row.counted, (1, y), xytext=(8, 0), color=COLOURS[n], fontsize=8, **at)
            if pd.notna(row.value):
                axes.plot([row.low, row.high], [y, y], color=COLOURS[n], lw=1.8, alpha=0.55, solid_capstyle="butt")
                axes.scatter(
                    [row.value], [y], s=38, marker=MARKS[n], color=COLOURS[n], zorder=3, urls=[address(row.href)],
                    clip_on=False,
                )  # fmt: skip
        for (group, label), place in places.items():
            if not label:
                axes.annotate(group.upper(), (0, place), xytext=(-10, 0), ha="right", fontsize=8.5, **at)
        for n, one in enumerate(series):
            axes.scatter([], [], s=38, marker=MARKS[n], color=COLOURS[n], label=one)
        labelled = [(place, label) for (_, label), place in places.items() if label]
        axes.set_yticks([place for place, _ in labelled], [label for _, label in labelled])
        axes.set_ylim(last + 0.6, -0.6)
        first = _first_tick(rows)
        axes.set_xlim(first, 1)
        axes.xaxis.set_major_locator(MultipleLocator(0.1 if first >= 0.4 else 0.2))
        axes.set_xlabel(axis)
        axes.tick_params(axis="y", length=0, pad=10)
        axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)
        drawing.legend(loc="outside upper left", ncols=len(series), frameon=False)
        titles = {str(row.href): say("charts.scores.title", group=row.group) for row in records(rows) if row.href}
        alt = _describe(rows, axis)
        svg = to_svg(drawing, name, alt, titles)
    return Chart(name, svg, caption, alt, rows[list(COLUMNS[:-1])].round(4).reset_index(drop=True))


def _first_tick(rows: pd.DataFrame) -> float:
    """Return where the axis begins: the tenth below the lowest bound of a value that is known, at most 0.8."""
    lows = rows.loc[rows["value"].notna(), "low"]
    return min(0.8, math.floor(10 * lows.min()) / 10) if len(lows) else 0.0


def _places(rows: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return how far down each (group, label) stands; a label of "" is the group's heading."""
    places: dict[tuple[str, str], float] = {}
    place = -1.0
    for group in dict.fromkeys(rows["group"]):
        place += 1.0
        places[group, ""] = place
        for label in dict.fromkeys(rows.loc[rows["group"] == group, "label"]):
            place += 1.0
            places[group, label] = place
        place += 0.3
    return places


def _describe(rows: pd.DataFrame, axis: str) -> str:
    told = [
        say("charts.scores.row", group=row.group, label=row.label, series=row.series, value=_value(row))
        for row in records(rows)
    ]
    return say("charts.scores.alt", axis=axis, rows=told)


def _value(row: Any) -> str:
    if pd.isna(row.value):
        return say("charts.scores.not_defined")
    return say("charts.scores.value", value=row.value, low=row.low, high=row.high)
