"""Charts of differences, of shares, and of shares period by period."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from policybook.analysis.intervals import FloatArray
from policybook.charts.network import check_columns, label_address, wrap
from policybook.charts.theme import COLOURS, GREY, INK, PAPER, Chart, figure, to_svg
from policybook.corpus.corpus import records
from policybook.words.say import points, say

# Differences of shares with their intervals, ordered by effect: themes, then concepts, blocks at both margins ---

DIFFERENCE_COLUMNS = (
    "family", "id", "label", "difference", "low95", "high95", "low", "high", "eligible", "verdict", "left_blocks",
    "right_blocks", "left_total", "right_total", "href",
)  # fmt: skip
_FAMILIES = ("theme", "concept")
#: Colour and mark of every verdict.
_LOOKS = {
    "more in left": (COLOURS[0], "o"),
    "more in right": (COLOURS[1], "s"),
    "alike": (GREY, "o"),
    "not settled": (GREY, "^"),
    "too little evidence": (GREY, "D"),
}


@dataclass(frozen=True)
class _Sides:
    left: str
    right: str

    def says(self, verdict: str) -> str:
        """Return a verdict with the names of the sides."""
        return say(f"charts.differences.verdict.{verdict}", left=self.left, right=self.right)


def difference_chart(
    name: str, rows: pd.DataFrame, left: str, right: str, caption: str, smallest: float | None = None
) -> Chart:
    """Draw one row a theme or concept: the difference of shares with its 95 % and its simultaneous interval.

    `rows` has COLUMNS: family "theme" or "concept"; difference, low95, high95, low and high between −1 and 1, above 0
    where the share is higher in left; eligible; the verdict's words; blocks with and all blocks of each side; href,
    where the mark leads. `left` and `right` name the sides. What is more in left leans to the left. `smallest` marks
    the smallest difference that is worth a sentence. Rows are ordered by their difference, those that are not
    eligible behind the others.
    Raises ValueError when a column is missing, there is no row, or a verdict or family is unknown.
    """
    check_columns(rows, DIFFERENCE_COLUMNS)
    for column, known in (("verdict", _LOOKS), ("family", _FAMILIES)):
        if unknown := sorted(set(rows[column]) - set(known)):
            raise ValueError(f"unknown {column} {unknown[0]!r}; known: {', '.join(known)}")
    sides = _Sides(left, right)
    ordered = _order(rows)
    places = dict(_places(ordered))
    last = max(places.values())
    with figure(7.4, 1.75 + 0.27 * (last + 1)) as drawing:
        axes = drawing.subplots()
        _frame(axes, ordered, places, sides, smallest)
        if smallest:
            axes.axvspan(-smallest, smallest, color=GREY, alpha=0.12, lw=0, zorder=0)
        for row in records(ordered):
            _draw(axes, row, places[row.family, row.id])
        _legend(axes, ordered, sides, smallest)
        titles = {str(row.href): _sentence(row, sides) for row in records(ordered)}
        alt = _describe(ordered, sides)
        svg = to_svg(drawing, name, alt, titles)
    return Chart(name, svg, caption, alt, ordered[list(DIFFERENCE_COLUMNS)].drop(columns="href").reset_index(drop=True))


def _order(rows: pd.DataFrame) -> pd.DataFrame:
    keys = pd.DataFrame(
        {
            "family": [_FAMILIES.index(family) for family in rows["family"]],
            "left out": ~rows["eligible"].astype(bool).to_numpy(),
            "difference": -rows["difference"].fillna(0).to_numpy(dtype=float),
            "label": rows["label"].astype(str).to_numpy(),
        }
    )
    return rows.iloc[keys.sort_values(list(keys.columns), kind="stable").index]


def _places(rows: pd.DataFrame) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield family and id of a row, or family and "" of a heading, with how far down it stands."""
    place = 0.0
    for family in [family for family in _FAMILIES if (rows["family"] == family).any()]:
        yield (family, ""), place
        for identifier in rows.loc[rows["family"] == family, "id"]:
            place += 1
            yield (family, identifier), place
        place += 1.4


def _reach(bounds: FloatArray, smallest: float | None) -> float:
    """Return how far the axis reaches to either side: where small differences matter it may be short."""
    least = 0.2 if smallest is None or smallest > 0.05 else 0.03
    steps = 100 if least < 0.2 else 20
    return float(min(1.0, np.ceil(np.nanmax(np.append(bounds, least)) * steps) / steps))


def _frame(
    axes: Axes, rows: pd.DataFrame, places: dict[tuple[str, str], float], sides: _Sides, smallest: float | None
) -> None:
    bounds = rows[["difference", "low", "high", "low95", "high95"]].abs().to_numpy(dtype=float)
    reach = _reach(bounds, smallest)
    axes.set_xlim(1.03 * reach, -1.03 * reach)  # more in left leans to the left
    axes.set_ylim(max(places.values()) + 0.7, -0.6)
    step = next(
        step for most, step in ((0.06, 0.01), (0.12, 0.02), (0.2, 0.05), (0.5, 0.1), (1.0, 0.25)) if reach <= most
    )
    ticks = np.arange(-np.floor(reach / step), np.floor(reach / step) + 1) * step
    axes.set_xticks(ticks, [f"{abs(round(100 * tick))}" for tick in ticks])
    axes.set_xlabel(say("charts.differences.axis"))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=INK, lw=0.9)
    axes.grid(axis="x", color=INK, lw=0.4, alpha=0.15)
    small: dict[str, Any] = {"textcoords": "offset points", "fontsize": 8.5, "color": INK, "annotation_clip": False}
    top = {"xycoords": ("axes fraction", "data"), "va": "bottom"} | small
    for name, side, x in (("left", sides.left, 0.0), ("right", sides.right, 1.0)):
        text = say(f"charts.differences.more_{name}", side=wrap(side, 30, 1))
        axes.annotate(text, (x, -0.6), xytext=(0, 4), ha=name, **top)
    blocks = say("charts.differences.blocks")
    for (family, identifier), place in places.items():
        if not identifier:
            at = {"xycoords": ("axes fraction", "data"), "va": "center"} | small
            axes.annotate(say(f"charts.headings.{family}").upper(), (0, place), xytext=(-46, 0), ha="right", **at)
            axes.annotate(blocks, (0, place), xytext=(-4, 0), ha="right", alpha=0.75, **at)
            axes.annotate(blocks, (1, place), xytext=(4, 0), ha="left", alpha=0.75, **at)
            axes.plot([0, 1], [place + 0.45] * 2, transform=axes.get_yaxis_transform(), color=INK, lw=0.6, alpha=0.4)


def _draw(axes: Axes, row: Any, place: float) -> None:
    colour, mark = _LOOKS[row.verdict]
    link, faint = label_address(row.href), 1.0 if row.eligible else 0.7
    if pd.notna(row.difference):
        if pd.notna(row.low):
            axes.plot([row.low, row.high], [place] * 2, color=colour, lw=1.0, alpha=faint, marker="|", ms=5)
        if pd.notna(row.low95):
            axes.plot([row.low95, row.high95], [place] * 2, color=colour, lw=3.2, alpha=0.55 * faint)
        axes.scatter(
            [row.difference], [place], s=44, marker=mark, facecolor=colour if row.eligible else PAPER,
            edgecolor=colour, linewidth=1.3, zorder=3, urls=[link], clip_on=False,
        )  # fmt: skip
    at: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "color": INK,
        "annotation_clip": False,
    }  # fmt: skip
    text = wrap(str(row.label), 34)
    size = 8.0 if "\n" in text else 9.5
    label = axes.annotate(text, (0, place), xytext=(-46, 0), ha="right", fontsize=size, linespacing=1.0, **at)
    label.set_url(link)
    counts = {"fontsize": 8, **at}
    axes.annotate(f"{int(row.left_blocks)}/{int(row.left_total)}", (0, place), xytext=(-4, 0), ha="right", **counts)
    axes.annotate(f"{int(row.right_blocks)}/{int(row.right_total)}", (1, place), xytext=(4, 0), ha="left", **counts)


def _legend(axes: Axes, rows: pd.DataFrame, sides: _Sides, smallest: float | None) -> None:
    for verdict, (colour, mark) in _LOOKS.items():
        for eligible in (True, False):
            if ((rows["verdict"] == verdict) & (rows["eligible"].astype(bool) == eligible)).any():
                label = sides.says(verdict) if eligible else say("charts.differences.not_eligible")
                axes.scatter(
                    [], [], s=44, marker=mark, facecolor=colour if eligible else PAPER, edgecolor=colour,
                    linewidth=1.3, label=label,
                )  # fmt: skip
    axes.plot([], [], color=GREY, lw=3.2, alpha=0.7, label=say("charts.differences.interval95"))
    axes.plot([], [], color=GREY, lw=1, marker="|", ms=5, label=say("charts.differences.interval_all"))
    if smallest:
        band = say("charts.differences.band", points=float(f"{100 * smallest:.2g}"))
        axes.fill_between([], [], color=GREY, alpha=0.25, lw=0, label=band)
    drawing = axes.get_figure()
    assert drawing is not None
    drawing.legend(loc="outside lower left", ncols=2, frameon=False, fontsize=8.5)


def _sentence(row: Any, sides: _Sides) -> str:
    """Return one row in words: what a mark says when pointed at."""
    numbers = {name: int(getattr(row, name)) for name in ("left_blocks", "left_total", "right_blocks", "right_total")}
    counts = say("charts.differences.counts", label=row.label, left=sides.left, right=sides.right, **numbers)
    difference = points(row.difference, signed=True) if pd.notna(row.difference) else ""
    known = bool(difference) and pd.notna(row.low95)
    interval = say("charts.differences.interval", low=row.low95, high=row.high95) if known else ""
    told = {"counts": counts, "difference": difference, "interval": interval, "verdict": sides.says(row.verdict)}
    return say("charts.differences.row", **told)


def _describe(rows: pd.DataFrame, sides: _Sides) -> str:
    parts = []
    for family in [family for family in _FAMILIES if (rows["family"] == family).any()]:
        some = rows[rows["family"] == family]
        told = some if family == "theme" else some[some["verdict"].isin(["more in left", "more in right"])]
        counts = some["verdict"].value_counts()
        verdicts = [f"{counts[verdict]} {sides.says(verdict)}" for verdict in _LOOKS if verdict in counts]
        listed = [_sentence(row, sides) for row in records(told)]
        heading = say(f"charts.headings.{family}")
        parts.append(say("charts.differences.family", heading=heading, verdicts=verdicts, rows=listed))
    return say("charts.differences.alt", left=sides.left, right=sides.right, families=parts)


# Shares of blocks period by period: one small panel a theme or concept, all on the same scale ------

PERIOD_COLUMNS = ("family", "id", "label", "period", "share", "low", "high", "blocks", "total", "href")
_PERIODS_FAMILIES = ("theme", "concept")
#: Panels side by side.
_ACROSS = 3


def period_chart(name: str, rows: pd.DataFrame, caption: str) -> Chart:
    """Draw one panel for every family and id of `rows`, in their order, and in it one mark a period.

    `rows` has COLUMNS: a share of blocks with the bounds of its interval (0 to 1), the blocks with and all blocks
    of the period, and where the mark leads. Periods stand in the order in which they first come. A period without
    blocks has no mark.
    Raises ValueError when a column is missing, there is no row, or a family is unknown.
    """
    check_columns(rows, PERIOD_COLUMNS)
    if unknown := sorted(set(rows["family"]) - set(_PERIODS_FAMILIES)):
        raise ValueError(f"unknown family {unknown[0]!r}; known: {', '.join(_PERIODS_FAMILIES)}")
    families = {family: some for family in _PERIODS_FAMILIES if len(some := rows[rows["family"] == family])}
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
        svg = to_svg(drawing, name, alt := _describe_periods(rows), _titles(rows))
    data = rows[list(PERIOD_COLUMNS)].drop(columns="href").reset_index(drop=True)
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
    title.set_url(label_address(rows["href"].iloc[0]))
    shown = [row for row in records(rows) if row.total and pd.notna(row.share)]
    places = [periods.index(str(row.period)) for row in shown]
    axes.plot(places, [100 * row.share for row in shown], color=COLOURS[0], lw=0.9, alpha=0.55)
    for place, row in zip(places, shown, strict=True):
        axes.plot([place] * 2, [100 * row.low, 100 * row.high], color=COLOURS[0], lw=2.2, alpha=0.6)
        axes.scatter(
            [place], [100 * row.share], s=30, color=COLOURS[0], zorder=3, clip_on=False, urls=[label_address(row.href)]
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


def _describe_periods(rows: pd.DataFrame) -> str:
    parts = []
    for (_, _), some in rows.groupby(["family", "id"], sort=False):
        parts.append(say("charts.told", label=some["label"].iloc[0], cells=[_says(row) for row in records(some)]))
    return say("charts.periods.alt", rows=parts)
