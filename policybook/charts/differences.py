"""Charts of differences, of shares, and of shares period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

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
