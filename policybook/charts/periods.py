"""Shares of blocks period by period: one small panel a theme or concept, all on the same scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from policybook.charts.labels import address, check_columns, wrap
from policybook.charts.theme import COLOURS, INK, Chart, figure, to_svg
from policybook.corpus.model import records
from policybook.words.say import say

COLUMNS = ("family", "id", "label", "period", "share", "low", "high", "blocks", "total", "href")
_FAMILIES = ("theme", "concept")
#: Panels side by side.
_ACROSS = 3


def period_chart(name: str, rows: pd.DataFrame, caption: str) -> Chart:
    """Draw one panel for every family and id of `rows`, in their order, and in it one mark a period.

    `rows` has COLUMNS: a share of blocks with the bounds of its interval (0 to 1), the blocks with and all blocks
    of the period, and where the mark leads. Periods stand in the order in which they first come. A period without
    blocks has no mark.
    Raises ValueError when a column is missing, there is no row, or a family is unknown.
    """
    check_columns(rows, COLUMNS)
    if unknown := sorted(set(rows["family"]) - set(_FAMILIES)):
        raise ValueError(f"unknown family {unknown[0]!r}; known: {', '.join(_FAMILIES)}")
    families = {family: some for family in _FAMILIES if len(some := rows[rows["family"] == family])}
    periods = list(dict.fromkeys(rows["period"].astype(str)))
    totals = rows.groupby(rows["period"].astype(str))["total"].agg(lambda values: "–".join(_ends(values)))
    ticks = [f"{wrap(period, 11)}\n({totals[period]})" for period in periods]
    top = min(1.0, math.ceil(float(np.nanmax(rows[["share", "high"]].to_numpy(dtype=float))) * 10 + 0.4) / 10)
    lines = {family: math.ceil(some["id"].nunique() / _ACROSS) for family, some in families.items()}
    heights = [0.42 + 1.42 * count for count in lines.values()]
    with figure(7.4, 0.75 + sum(heights)) as drawing:
        parts = drawing.subfigures(len(families), 1, height_ratios=heights, squeeze=False)[:, 0]
        for part, (family, some) in zip(parts, families.items(), strict=True):
            part.suptitle(say(f"charts.headings.{family}").upper(), fontsize=9.5, x=0.01, ha="left")
            _panels(part, some, lines[family], periods, ticks, top)
        drawing.supxlabel(say("charts.periods.axis"), fontsize=8.5)
        svg = to_svg(drawing, name, alt := _describe(rows), _titles(rows))
    data = rows[list(COLUMNS)].drop(columns="href").reset_index(drop=True)
    return Chart(name, svg, caption, alt, data)


def _panels(part: SubFigure, rows: pd.DataFrame, lines: int, periods: list[str], ticks: list[str], top: float) -> None:
    grid = part.subplots(lines, _ACROSS, squeeze=False, sharex=True, sharey=True)
    panels = list(grid.flat)
    ids = list(dict.fromkeys(rows["id"]))
    for axes, identifier in zip(panels, ids, strict=False):
        _panel(axes, rows[rows["id"] == identifier], periods, top)
        axes.set_xticks(range(len(periods)), ticks, fontsize=7.5 if len(periods) < 4 else 6.5)
    for axes in panels[len(ids) :]:
        axes.set_visible(False)
    for n in range(max(0, len(ids) - _ACROSS), len(ids)):  # the lowest panel of every column names the periods
        panels[n].tick_params(axis="x", labelbottom=True)
    for axes in grid[:, 0]:
        axes.set_ylabel(say("charts.periods.percent"), fontsize=8)


def _panel(axes: Axes, rows: pd.DataFrame, periods: list[str], top: float) -> None:
    title = axes.set_title(wrap(str(rows["label"].iloc[0]), 26), fontsize=8.5, loc="left", linespacing=1.0)
    title.set_url(address(rows["href"].iloc[0]))
    shown = [row for row in records(rows) if row.total and pd.notna(row.share)]
    places = [periods.index(str(row.period)) for row in shown]
    axes.plot(places, [100 * row.share for row in shown], color=COLOURS[0], lw=0.9, alpha=0.55)
    for place, row in zip(places, shown, strict=True):
        axes.plot([place] * 2, [100 * row.low, 100 * row.high], color=COLOURS[0], lw=2.2, alpha=0.6)
        axes.scatter(
            [place], [100 * row.share], s=30, color=COLOURS[0], zorder=3, clip_on=False, urls=[address(row.href)]
        )
        axes.annotate(
            f"{row.blocks}", (place, 100 * row.high), xytext=(0, 2), textcoords="offset points", ha="center",
            fontsize=7.5, color=INK,
        )  # fmt: skip
    axes.set_xlim(-0.5, len(periods) - 0.5)
    axes.set_ylim(0, 100 * top)
    axes.tick_params(axis="y", labelsize=7.5)
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="y", color=INK, lw=0.4, alpha=0.18)


def _ends(values: pd.Series) -> list[str]:
    return [str(value) for value in sorted({values.min(), values.max()})]


def _titles(rows: pd.DataFrame) -> dict[str, str]:
    """Return what a link says: its mark, or where one address serves all of a row its periods one after another."""
    titles: dict[str, str] = {}
    for row in records(rows):
        says = _says(row)
        before = titles.get(str(row.href))
        titles[str(row.href)] = f"{before}, {says}" if before else say("charts.told", label=row.label, cells=[says])
    return titles


def _says(row: Any) -> str:
    return say("charts.of_all", label=row.period, count=row.blocks, all=row.total)


def _describe(rows: pd.DataFrame) -> str:
    parts = []
    for (_, _), some in rows.groupby(["family", "id"], sort=False):
        parts.append(say("charts.told", label=some["label"].iloc[0], cells=[_says(row) for row in records(some)]))
    return say("charts.periods.alt", rows=parts)
