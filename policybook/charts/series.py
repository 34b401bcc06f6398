"""Series over years with targets: lines that do not join what was measured differently."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from policybook.charts.theme import COLOURS, INK, MARKS, Chart, figure, to_svg


def series_chart(
    name: str, series: Mapping[str, pd.DataFrame], targets: pd.DataFrame, unit: str, caption: str, alt: str
) -> Chart:
    """Draw one line a series, and each target as a hollow mark in the colour of its series.

    Every table of `series` has year, value, vintage and origin; values of another vintage than the series'
    first stand beside the line unjoined. `targets` has series, year, value, label and origin.
    """
    with figure(7.4, 3.9) as drawing:
        axes = drawing.subplots()
        for n, (label, rows) in enumerate(series.items()):
            main = rows[rows["vintage"] == rows["vintage"].iloc[0]]
            others = rows[rows["vintage"] != rows["vintage"].iloc[0]]
            axes.plot(main["year"], main["value"], marker=MARKS[n], ms=4.5, color=COLOURS[n], lw=1.6, label=label)
            axes.scatter(
                others["year"], others["value"], marker=MARKS[n], s=40, facecolor="none", edgecolor=COLOURS[n],
                linewidth=1.2,
            )  # fmt: skip
            for row in targets[targets["series"] == label].itertuples():
                axes.scatter([row.year], [row.value], marker="_", s=320, color=COLOURS[n], linewidth=2.4)
                axes.annotate(
                    row.label, (row.year, row.value), xytext=(0, -11), textcoords="offset points", ha="center",
                    fontsize=8.5, color=INK,
                )  # fmt: skip
            last = main.iloc[-1]
            axes.annotate(
                f"{last['value']:g}", (last["year"], last["value"]), xytext=(6, 0), textcoords="offset points",
                va="center", fontsize=9, color=INK,
            )  # fmt: skip
        years = pd.concat([*(rows["year"] for rows in series.values()), targets["year"]])
        axes.set_xlim(years.min() - 0.7, years.max() + 1.2)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_ylabel(unit)
        axes.grid(axis="y", color=INK, lw=0.4, alpha=0.2)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0.2)
        svg = to_svg(drawing, name, alt)
    data = pd.concat(
        [rows.assign(series=label, kind="value") for label, rows in series.items()] + [targets.assign(kind="target")]
    )
    columns = ["series", "kind", "year", "value", "vintage", "label", "origin"]
    return Chart(name, svg, caption, alt, data.reindex(columns=columns))
