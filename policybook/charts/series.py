"""Series over years with targets: lines that do not join what was measured differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from policybook.charts.theme import COLOURS, INK, MARKS, Chart, figure, mark_years, to_svg
from policybook.corpus.model import records

_PLACES: Mapping[str, Mapping[str, Any]] = {
    "below": {"xytext": (0, -12), "ha": "center"},
    "above": {"xytext": (0, 5), "ha": "center"},
    "left": {"xytext": (-11, -3), "ha": "right"},
    "right": {"xytext": (11, -3), "ha": "left"},
}


def series_chart(
    name: str, series: Mapping[str, pd.DataFrame], targets: pd.DataFrame, unit: str, caption: str, alt: str
) -> Chart:
    """Draw one line a series, and each target as a hollow mark in the colour of its series.

    Every table of `series` has year, value, vintage and origin, in order of years. A line breaks where a year
    is missing, and values of another vintage than the first stand beside it unjoined. `targets` has series,
    year, value, label, place (where the label stands: below, above, left or right) and origin.
    """
    with figure(7.4, 3.9) as drawing:
        axes = drawing.subplots()
        for n, (label, rows) in enumerate(series.items()):
            main = rows[rows["vintage"] == rows["vintage"].iloc[0]]
            others = rows[rows["vintage"] != rows["vintage"].iloc[0]]
            for run in _unbroken(main):
                axes.plot(run["year"], run["value"], marker=MARKS[n], ms=4.5, color=COLOURS[n], lw=1.6)
            axes.plot([], [], marker=MARKS[n], ms=4.5, color=COLOURS[n], lw=1.6, label=label)
            axes.scatter(
                others["year"], others["value"], marker=MARKS[n], s=40, facecolor="none",
                edgecolor=COLOURS[n], linewidth=1.2,
            )  # fmt: skip
            for row in records(targets[targets["series"] == label]):
                axes.scatter([row.year], [row.value], marker="_", s=320, color=COLOURS[n], linewidth=2.4)
                axes.annotate(
                    row.label, (row.year, row.value), textcoords="offset points", fontsize=8.5, color=INK,
                    **_PLACES[row.place],
                )  # fmt: skip
            last = main.iloc[-1]
            axes.annotate(
                f"{last['value']:g}", (last["year"], last["value"]), xytext=(6, 0),
                textcoords="offset points", va="center", fontsize=9, color=INK,
            )  # fmt: skip
        years = pd.concat([*(rows["year"] for rows in series.values()), targets["year"]])
        axes.set_xlim(years.min() - 0.7, years.max() + 1.2)
        mark_years(axes)
        axes.set_ylabel(unit)
        axes.grid(axis="y", color=INK, lw=0.4, alpha=0.2)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0.2)
        svg = to_svg(drawing, name, alt)
    data = pd.concat(
        [rows.assign(series=label, kind="value") for label, rows in series.items()] + [targets.assign(kind="target")]
    )
    columns = ["series", "kind", "year", "value", "vintage", "label", "origin"]
    return Chart(name, svg, caption, alt, data.reindex(columns=columns))


def _unbroken(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the runs of consecutive years of a series."""
    number = (rows["year"].diff() > 1).cumsum()
    return [rows[number == n] for n in sorted(set(number))]
