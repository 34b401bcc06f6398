"""Shares of blocks year by year: a row of small panels a theme, one panel a place, the row on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policybook.charts.labels import address, check_columns, wrap
from policybook.charts.theme import COLOURS, INK, MARKS, Chart, figure, to_svg
from policybook.corpus.model import records
from policybook.words.say import say

COLUMNS = ("id", "label", "group", "year", "share", "low", "high", "blocks", "total", "href")


def yearly_chart(name: str, rows: pd.DataFrame, caption: str, breaks: Sequence[float] = ()) -> Chart:
    """Draw one panel for every id and group (a place) of `rows`, in their order, and in it one mark a year.

    `rows` has COLUMNS: a share of blocks with the bounds of its interval (0 to 1), the blocks with and all blocks, and
    where the mark leads. The panels of one id share their scale; all share their years. A year that a group lacks is a
    gap in its line. `breaks` are points in time at which an era ends, such as 2020.5.
    Raises ValueError when a column is missing, there is no row, or there are more groups than colours.
    """
    check_columns(rows, COLUMNS)
    ids, groups = list(dict.fromkeys(rows["id"])), list(dict.fromkeys(rows["group"].astype(str)))
    if len(groups) > len(COLOURS):
        raise ValueError(f"{len(groups)} groups cannot be told apart; at most {len(COLOURS)} can")
    years = sorted({int(year) for year in rows["year"]})
    with figure(7.4, 0.7 + 1.12 * len(ids)) as drawing:
        grid = drawing.subplots(len(ids), len(groups), squeeze=False, sharex=True)
        for identifier, line in zip(ids, grid, strict=True):
            some = rows[rows["id"] == identifier]
            top = _top(some)
            for n, (group, axes) in enumerate(zip(groups, line, strict=True)):
                _panel(axes, some[some["group"].astype(str) == group], n, years, breaks)
                axes.set_ylim(0, top)
                axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
                axes.tick_params(axis="y", labelleft=n == 0, labelsize=7.5)
            _name(line[0], some.iloc[0])
        for group, axes in zip(groups, grid[0], strict=True):
            axes.annotate(
                wrap(group, 28, 1), (0.5, 1), xytext=(0, 16), xycoords="axes fraction", textcoords="offset points",
                ha="center", fontsize=9.5, color=INK,
            )  # fmt: skip
        drawing.supylabel(say("charts.yearly.axis"), fontsize=8.5)
        svg = to_svg(drawing, name, alt := _describe(rows), _titles(rows))
    return Chart(name, svg, caption, alt, rows[list(COLUMNS)].drop(columns="href").reset_index(drop=True))


def _top(rows: pd.DataFrame) -> float:
    highest = 100 * float(np.nanmax(rows[["share", "high"]].to_numpy(dtype=float)))
    step = 5 if highest < 40 else 10
    return min(100.0, step * math.ceil(highest / step))


def _name(axes: Axes, row: pd.Series) -> None:
    title = axes.set_title(wrap(str(row["label"]), 60, 1), fontsize=8.5, loc="left", pad=3)
    title.set_url(address(row["href"]))


def _panel(axes: Axes, rows: pd.DataFrame, n: int, years: list[int], breaks: Sequence[float]) -> None:
    colour, mark = COLOURS[n], MARKS[n]
    shown = {int(row.year): row for row in records(rows) if row.total and pd.notna(row.share)}
    axes.plot(years, [100 * shown[year].share if year in shown else np.nan for year in years], color=colour, lw=0.9)
    at, found = list(shown), list(shown.values())
    axes.vlines(
        at, [100 * row.low for row in found], [100 * row.high for row in found], color=colour, lw=1.6, alpha=0.4
    )
    links = [address(row.href) for row in found]
    axes.scatter(at, [100 * row.share for row in found], s=13, marker=mark, color=colour, zorder=3, urls=links)
    for end in breaks:
        axes.axvline(end, color=INK, lw=0.7, ls=":", alpha=0.6)
    axes.set_xlim(years[0] - 0.7, years[-1] + 0.7)
    ticks = [year for year in years if (year - years[0]) % (3 if len(years) > 6 else 1) == 0]
    axes.set_xticks(ticks, [str(year) for year in ticks], fontsize=7.5)
    axes.tick_params(axis="x", length=2)
    axes.grid(axis="y", color=INK, lw=0.4, alpha=0.18)


def _says(row: Any) -> str:
    return say("charts.of_all", label=int(row.year), count=int(row.blocks), all=int(row.total))


def _titles(rows: pd.DataFrame) -> dict[str, str]:
    """Return what a link says: where it leads, and the counts of every year that leads there."""
    titles: dict[str, str] = {}
    for (_, group), some in rows.groupby(["id", "group"], sort=False):
        for href, same in some.groupby("href", sort=False):
            titles.setdefault(str(href), _told(same, group))
    return titles


def _describe(rows: pd.DataFrame) -> str:
    parts = [_told(some, group) for (_, group), some in rows.groupby(["id", "group"], sort=False)]
    return say("charts.yearly.alt", rows=parts)


def _told(rows: pd.DataFrame, group: object) -> str:
    """Return the counts of every year of one id and group."""
    years = [_says(row) for row in records(rows)]
    return say("charts.yearly.title", label=rows["label"].iloc[0], group=group, years=years)
