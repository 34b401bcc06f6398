"""Series over years: lines that do not join what was measured differently, targets, and the periods of plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from policybook.charts.theme import COLOURS, INK, MARKS, Chart, figure, mark_years, to_svg
from policybook.corpus.model import records
from policybook.words.say import say

POINTS = ("series", "kind", "year", "value", "vintage", "row", "origin")
TARGETS = ("series", "year", "value", "label", "place", "row", "origin")
PERIODS = ("label", "first", "last")
_PLACES: Mapping[str, Mapping[str, Any]] = {
    "below": {"xytext": (0, -12), "ha": "center"},
    "above": {"xytext": (0, 5), "ha": "center"},
    "left": {"xytext": (-11, -3), "ha": "right"},
    "right": {"xytext": (11, -3), "ha": "left"},
}


def series_chart(
    name: str,
    points: pd.DataFrame,
    targets: pd.DataFrame,
    unit: str,
    caption: str,
    alt: str,
    *,
    breaks: Mapping[str, Iterable[int]] | None = None,
    periods: pd.DataFrame | None = None,
) -> Chart:
    """Draw the series of `points` (columns POINTS), each a line of its own vintage.

    The kind of a point is `first` for the series' line, `other` for a figure of another vintage, drawn as a hollow
    mark that no line meets, or `recalled`, drawn as a faint cross. A line breaks where a year is missing and before
    every year of `breaks` of its series. `targets` (columns TARGETS) become bars in the colour of their series with
    their label below, above, left or right of them; `periods` (columns PERIODS) are shaded by turns.
    """
    breaks = breaks or {}
    with figure(7.4, 4.1) as drawing:
        axes = drawing.subplots()
        if periods is not None:
            _shade(axes, periods)
        for n, label in enumerate(dict.fromkeys(points["series"])):
            rows = points[points["series"] == label]
            _draw(axes, n, label, rows, breaks.get(label, ()))
            _mark_targets(axes, n, targets[targets["series"] == label])
        _explain(axes, set(points["kind"]))
        years = pd.concat([points["year"], targets["year"]])
        axes.set_xlim(years.min() - 0.7, years.max() + 1.2)
        mark_years(axes)
        axes.set_ylabel(unit)
        axes.grid(axis="y", color=INK, lw=0.4, alpha=0.2)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0.2)
        svg = to_svg(drawing, name, alt)
    data = pd.concat([points, targets.assign(kind="target", vintage="target")])
    columns = ["series", "kind", "year", "value", "vintage", "label", "row", "origin"]
    return Chart(name, svg, caption, alt, data.reindex(columns=columns))


def _draw(axes: Axes, n: int, label: str, rows: pd.DataFrame, breaks: Iterable[int]) -> None:
    mark, colour = MARKS[n], COLOURS[n]
    main = rows[rows["kind"] == "first"]
    for run in unbroken(main, breaks):
        axes.plot(run["year"], run["value"], marker=mark, ms=4.5, color=colour, lw=1.6)
    axes.plot([], [], marker=mark, ms=4.5, color=colour, lw=1.6, label=label)
    others, recalled = rows[rows["kind"] == "other"], rows[rows["kind"] == "recalled"]
    axes.scatter(
        others["year"], others["value"], marker=mark, s=40, facecolor="none", edgecolor=colour, linewidth=1.2
    )  # fmt: skip
    axes.scatter(recalled["year"], recalled["value"], marker="x", s=26, color=colour, alpha=0.45, linewidth=1.1)
    if len(main):
        last = main.iloc[-1]
        axes.annotate(
            f"{last['value']:g}", (last["year"], last["value"]), xytext=(6, 0), textcoords="offset points",
            va="center", fontsize=9, color=INK,
        )  # fmt: skip


def _mark_targets(axes: Axes, n: int, targets: pd.DataFrame) -> None:
    for row in records(targets):
        axes.scatter([row.year], [row.value], marker="_", s=320, color=COLOURS[n], linewidth=2.4)
        axes.annotate(
            row.label, (row.year, row.value), textcoords="offset points", fontsize=8.5, color=INK,
            **_PLACES[row.place],
        )  # fmt: skip


def _shade(axes: Axes, periods: pd.DataFrame) -> None:
    for n, row in enumerate(records(periods)):
        axes.axvspan(row.first - 0.5, row.last + 0.5, color=INK, alpha=0.07 if n % 2 == 0 else 0.025, lw=0)
        axes.annotate(
            row.label, ((row.first + row.last) / 2, 0), xycoords=("data", "axes fraction"),
            xytext=(0, 4 + 11 * (n % 2)), textcoords="offset points", ha="center", fontsize=8, color=INK, alpha=0.75,
        )  # fmt: skip


def _explain(axes: Axes, kinds: set[str]) -> None:
    if "other" in kinds:
        other = say("charts.series.other")
        axes.scatter([], [], marker="o", s=40, facecolor="none", edgecolor=INK, linewidth=1.2, label=other)
    if "recalled" in kinds:
        recalled = say("charts.series.recalled")
        axes.scatter([], [], marker="x", s=26, color=INK, alpha=0.45, linewidth=1.1, label=recalled)


def unbroken(rows: pd.DataFrame, breaks: Iterable[int] = ()) -> Iterator[pd.DataFrame]:
    """Yield the runs of consecutive years of a series that cross no break."""
    starts = (rows["year"].diff() > 1) | rows["year"].isin(list(breaks))
    number = starts.cumsum()
    for n in sorted(set(number)):
        yield rows[number == n]
