"""Bar charts and charts of scores with their intervals."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from policybook.charts.theme import (  # isort: skip
    CHART_MARKS, COLOURS, FULL_WIDTH, GREY, INK, PAPER, Chart, at_both_widths, check_columns, figure, first_of,
    groups_of, is_narrow, label_address, legend_of, name_rows, to_chart, width, wrap,
)
from policybook.corpus.corpus import records
from policybook.words.say import say

# Shares of categories as horizontal bars, stacked to a whole or side by side, told apart by colour and hatching ---

BAR_COLUMNS = ("group", "category", "count", "total", "href")
#: Patterns for print, one a category, in the order of COLOURS. Many dots would weigh more than all else in a drawing.
_HATCHES = ("", "///", "|||", "\\\\\\", "xxx", "---", "+++", ".")
#: So many letters stand beside each other in a legend of two columns on a telephone.
_TWO_COLUMNS = 30
#: A segment narrower than this share of the axis has no number printed in it.
_NARROW = 0.045


@at_both_widths
def bar_chart(name: str, rows: pd.DataFrame, caption: str, unit: str = "", stacked: bool = True) -> Chart:
    """Draw for every group (a place, a document) the share of each category in its total.

    `rows` has BAR_COLUMNS: `count` of `total` (the same for all rows of a group), and where the bar leads; with
    columns low and high (0 to 1) bars that are not stacked show intervals. Groups and categories stand in the order
    in which they first come. `unit` says what is counted, by default directives; a column `called` says what a
    category is called in its row, where each group has names of its own (the commonest word of each). A group whose
    total is 0 has no bar.
    Raises ValueError when a column is missing, there is no row, a count exceeds its total, stacked counts exceed it
    together, or there are more categories than colours.
    """
    check_columns(rows, BAR_COLUMNS)
    unit = unit or say("charts.bars.unit")
    categories = list(dict.fromkeys(rows["category"].astype(str)))
    groups, caption = first_of(rows["group"], caption)
    rows = rows[rows["group"].astype(str).isin(groups)]
    _check_counts(rows, categories, stacked)
    thick = 1.0 if stacked else len(categories)
    pitch, above = 0.16 + 0.3 * thick * (1 if stacked else 0.8), 1.15
    if is_narrow():
        pitch, above = 2 * pitch, above + 0.24 * len(categories) / _legend_columns(categories)
    with figure(FULL_WIDTH, above + len(groups) * pitch) as drawing:
        axes = drawing.subplots()
        links = _links(rows, unit)
        for row, link in zip(records(rows), links, strict=True):
            if not row.total:
                continue
            y, n = groups.index(str(row.group)), categories.index(str(row.category))
            if stacked:
                _draw_segment(axes, row, link, y, n, _before(rows, row))
            else:
                height = _thickness() / thick
                _draw_bar(axes, row, link, y - _thickness() / 2 + (n + 0.5) * height, n, 0.92 * height)
        _frame(axes, rows, groups, unit, stacked)
        for n, category in enumerate(categories):
            axes.barh([0], [0], color=COLOURS[n], hatch=_HATCHES[n], edgecolor="white", lw=0, label=category)
        drawing.legend(loc="outside upper left", ncols=_legend_columns(categories), frameon=False, fontsize=9,
                       handlelength=2.2, handleheight=1.3)  # fmt: skip
        return to_chart(drawing, name, caption, _describe(rows, unit), _data(rows))


def _legend_columns(categories: list[str]) -> int:
    """Return in how many columns the categories have room: on a telephone in two where these are short."""
    first = (len(categories) + 1) // 2
    halves = (categories[:first], categories[first:])
    short = sum(max(map(width, half), default=0) for half in halves) <= _TWO_COLUMNS
    return 3 if not is_narrow() else 1 + short


def _thickness() -> float:
    """Return how much of its row a bar takes; on a telephone the row's name stands above it."""
    return 0.42 if is_narrow() else 0.72


def _check_counts(rows: pd.DataFrame, categories: list[str], stacked: bool) -> None:
    if len(categories) > len(COLOURS):
        raise ValueError(f"{len(categories)} categories cannot be told apart; at most {len(COLOURS)} can")
    if (rows["count"] < 0).any() or (rows["count"] > rows["total"]).any():
        raise ValueError("every count must lie between 0 and its total")
    for group, some in rows.groupby("group", sort=False):
        if some["total"].nunique() > 1:
            raise ValueError(f"the rows of {group!r} have different totals")
        if stacked and some["count"].sum() > some["total"].iloc[0]:
            raise ValueError(f"the counts of {group!r} exceed their total; draw them side by side (stacked=False)")


def _before(rows: pd.DataFrame, row: Any) -> float:
    """Return the share of the group that stands left of a row's segment."""
    mine = rows[rows["group"] == row.group]
    end = mine["category"].tolist().index(row.category)
    return float(mine["count"].iloc[:end].sum() / row.total)


def _draw_segment(axes: Axes, row: Any, link: str | None, y: float, n: int, start: float) -> None:
    """Draw a part of a stacked bar, its count on a plain ground where there is room."""
    share = row.count / row.total
    _rectangle(axes, (100 * start, 100 * share), y, _thickness(), n).set_url(link)
    if share >= _NARROW * (1 + is_narrow()):
        axes.text(100 * (start + share / 2), y, f"{row.count}", ha="center", va="center_baseline", fontsize=8.5,
                  color=INK, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.2}, url=link)  # fmt: skip


def _draw_bar(axes: Axes, row: Any, link: str | None, y: float, n: int, height: float) -> None:
    """Draw one of several bars of a group with its interval, its count behind."""
    end = 100 * row.count / row.total
    _rectangle(axes, (0.0, end), y, height, n).set_url(link)
    if hasattr(row, "low") and hasattr(row, "high"):
        axes.plot([100 * row.low, 100 * row.high], [y, y], color=INK, lw=1.1, marker="|", ms=4, zorder=3)
        end = max(end, 100 * row.high)
    axes.annotate(f"{row.count}", (end, y), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8,
                  color=INK, annotation_clip=False, url=link)  # fmt: skip


def _rectangle(axes: Axes, span: tuple[float, float], y: float, height: float, n: int) -> Rectangle:
    corner = (span[0], y - height / 2)
    bar = Rectangle(corner, span[1], height, facecolor=COLOURS[n], hatch=_HATCHES[n], edgecolor="white", lw=0.8)
    axes.add_patch(bar)
    return bar


def _frame(axes: Axes, rows: pd.DataFrame, groups: list[str], unit: str, stacked: bool) -> None:
    totals = rows.groupby(rows["group"].astype(str))["total"].first()
    named = [f"{wrap(group, 30)}\n({totals[group]})" for group in groups]
    tops = [n - _thickness() / 2 * is_narrow() for n in range(len(groups))]
    name_rows(axes, tops, named, room=80, lines=3, lift=2)
    axes.set(xlim=(0, 100.0 if stacked else _reach(rows)), ylim=(len(groups) - 0.45, -0.55))
    intervals = not stacked and {"low", "high"} <= set(rows.columns)
    axes.set_xlabel(say("charts.bars.axis", unit=unit, intervals=intervals), fontsize=9)
    axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2, zorder=0)
    axes.set_axisbelow(True)


def _reach(rows: pd.DataFrame) -> float:
    """Return where the axis of bars side by side ends: at the next ten above the longest, and its number."""
    longest = max((row.count / row.total for row in records(rows) if row.total), default=1.0)
    if "high" in rows.columns:
        longest = max(longest, float(rows["high"].max()))
    return min(108.0, 10.0 * (int(10 * longest) + 1) + 4)


def _says(row: Any) -> str:
    share = row.count / row.total if row.total else 0.0
    label = getattr(row, "called", row.category)
    return say("charts.bars.cell", label=label, count=row.count, all=row.total, share=share)


def _links(rows: pd.DataFrame, unit: str) -> list[str | None]:
    """Return where each row leads, with what of its group leads there too."""
    told: dict[tuple[str, str], str] = {}
    for row in records(rows):
        whole, cell = (str(row.group), str(row.href)), _says(row)
        title = say("charts.bars.title", group=row.group, cell=cell, unit=unit)
        told[whole] = f"{told[whole]}, {cell}" if whole in told else title
    return [label_address(row.href, told[str(row.group), str(row.href)]) for row in records(rows)]


def _describe(rows: pd.DataFrame, unit: str) -> str:
    parts = [say("charts.told", label=group, cells=[_says(row) for row in records(some)])
             for group, some in rows.groupby("group", sort=False)]  # fmt: skip
    return say("charts.bars.alt", unit=unit, groups=parts)


def _data(rows: pd.DataFrame) -> pd.DataFrame:
    kept = [one for one in (*BAR_COLUMNS[:2], "called", *BAR_COLUMNS[2:-1], "low", "high") if one in rows.columns]
    shares = (rows["count"] / rows["total"].where(rows["total"] > 0)).astype(float).round(4)
    return rows[kept].assign(share=shares).reset_index(drop=True)


# Scores with their intervals: a row a thing scored, a mark a source, grouped under headings --------

SCORE_COLUMNS = ("group", "label", "series", "value", "low", "high", "counted", "href")


@at_both_widths
def score_chart(name: str, rows: pd.DataFrame, caption: str, *, axis: str) -> Chart:
    """Draw scores from 0 to 1 with their intervals.

    `rows` has SCORE_COLUMNS: rows of one `group` and `label` share a line, under their group's heading; a `series`
    has its own colour and mark; `counted` is what the score was counted from, printed at the right; `href` is where
    the mark leads. A value that is nan has no mark. Groups, labels and series keep their order. The axis begins a
    little below the lowest bound.
    Raises ValueError when a column is missing, there is no row, or there are more series than marks.
    """
    check_columns(rows, SCORE_COLUMNS)
    series = list(dict.fromkeys(rows["series"]))
    if len(series) > len(CHART_MARKS):
        raise ValueError(f"{len(series)} series cannot be told apart; at most {len(CHART_MARKS)} can")
    places = _places(rows)
    with figure(FULL_WIDTH, 1.1 + (0.36 + 0.14 * is_narrow()) * (max(places.values()) + 1)) as drawing:
        axes = drawing.subplots()
        for row in records(rows):
            n = series.index(row.series)
            _draw_score(axes, row, places[row.group, row.label] + (n - (len(series) - 1) / 2) * 0.6 / len(series), n)
        for n, one in enumerate(series):
            axes.scatter([], [], s=38, marker=CHART_MARKS[n], color=COLOURS[n], label=one)
        _frame_scores(axes, rows, places, axis)
        drawing.legend(loc="outside upper left", ncols=1 if is_narrow() else len(series), frameon=False, fontsize=9)
        titles = {str(row.href): say("charts.scores.title", group=row.group) for row in records(rows) if row.href}
        data = rows[list(SCORE_COLUMNS[:-1])].round(4)
        return to_chart(drawing, name, caption, _describe_scores(rows, axis), data, titles)


#: Where a note at the side of the axes stands.
_BESIDE: Mapping[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center",
                              "annotation_clip": False}  # fmt: skip


def _draw_score(axes: Axes, row: Any, y: float, n: int) -> None:
    """Draw a score of the n-th series with its interval, and at the side what it was counted from."""
    axes.annotate(row.counted, (1, y), xytext=(8, 0), color=COLOURS[n], fontsize=8, url=label_address(row.href),
                  **_BESIDE)  # fmt: skip
    if pd.notna(row.value):
        axes.plot([row.low, row.high], [y, y], color=COLOURS[n], lw=1.8, alpha=0.55, solid_capstyle="butt")
        axes.scatter([row.value], [y], s=38, marker=CHART_MARKS[n], color=COLOURS[n], zorder=3,
                     urls=[label_address(row.href)], clip_on=False)  # fmt: skip


def _frame_scores(axes: Axes, rows: pd.DataFrame, places: Mapping[tuple[str, str], float], axis: str) -> None:
    """Write headings and labels where they stand, and set the axes' bounds."""
    for (group, label), place in places.items():
        if not label:
            aside, side = (0, "left") if is_narrow() else (-10, "right")
            axes.annotate(group.upper(), (0, place), xytext=(aside, 0), ha=side, fontsize=8.5, **_BESIDE)
    labelled = {place: label for (_, label), place in places.items() if label}
    name_rows(axes, [*labelled], labelled.values())
    first = _first_tick(rows)
    axes.set(xlim=(first, 1), ylim=(max(places.values()) + 0.6, -0.6), xlabel=axis)
    axes.xaxis.set_major_locator(MultipleLocator(0.1 if first >= 0.4 else 0.2))
    axes.tick_params(axis="y", pad=10)
    axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)


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


def _describe_scores(rows: pd.DataFrame, axis: str) -> str:
    told = [say("charts.scores.row", group=row.group, label=row.label, series=row.series, value=_value(row))
            for row in records(rows)]  # fmt: skip
    return say("charts.scores.alt", axis=axis, rows=told)


def _value(row: Any) -> str:
    if pd.isna(row.value):
        return say("charts.scores.not_defined")
    return say("charts.scores.value", value=row.value, low=row.low, high=row.high)


# Dots: a row a theme, a dot a place, some of them standing out --------------------------------------

DOT_COLUMNS = ("id", "label", "unit", "name", "group", "value", "href")


@at_both_widths
def dot_chart(name: str, rows: pd.DataFrame, caption: str, *, axis: str, width: float = FULL_WIDTH) -> Chart:
    """Draw one line for every id of `rows`, in their order, and on it a dot for every unit.

    `rows` has DOT_COLUMNS: a share (0 to 1) of a unit and its `name`; `group` is what is written at the colour and mark
    of units that stand out, "" for the others, which are grey; `href` is where a line's label leads; a column `look`
    gives a group its own colour (see groups_of). A `width` (in inches) below FULL_WIDTH makes a figure of its own size.
    Raises ValueError when a column is missing, there is no row, or there are more groups than colours.
    """
    check_columns(rows, DOT_COLUMNS)
    groups, ids = groups_of(rows), list(dict.fromkeys(rows["id"]))
    with figure(width, 1.0 + (0.4 + 0.06 * is_narrow()) * len(ids)) as drawing:
        axes = drawing.subplots()
        for y, identifier in enumerate(ids):
            _draw_dots(axes, rows[rows["id"] == identifier], y, groups)
        firsts = [next(records(rows[rows["id"] == identifier])) for identifier in ids]
        name_rows(axes, range(len(ids)), [row.label for row in firsts], [row.href for row in firsts],
                  room=30 if width == FULL_WIDTH else 22)  # fmt: skip
        axes.set(ylim=(len(ids) - 0.5, -0.5), xlabel=axis)
        axes.set_xlim(left=min(0, axes.get_xlim()[0]))
        axes.grid(axis="both", color=INK, lw=0.4, alpha=0.15)
        legend_of(drawing, groups, "" in set(rows["group"]))
        told = [_describe_dots(some, groups) for _, some in rows.groupby("id", sort=False)]
        alt = say("charts.dots.alt", axis=axis, rows=told)
        data = rows[list(DOT_COLUMNS[:-1])].round(5)
        return to_chart(drawing, name, caption, alt, data, natural=width < FULL_WIDTH)


def _draw_dots(axes: Axes, rows: pd.DataFrame, y: float, groups: Mapping[str, int]) -> None:
    """Draw the dots of a row, each leading where the row does and saying whose it is."""
    for place, group in [(0, ""), *enumerate(groups)]:
        own = rows[rows["group"] == group]
        links = [label_address(row.href, say("charts.dots.title", row=row)) for row in records(own)]
        if not group:
            axes.scatter(100 * own["value"], [y] * len(own), s=22, color=GREY, alpha=0.45, lw=0, urls=links)
            continue
        # dots of several units stand apart by group
        n, lift = groups[group], (place - (len(groups) - 1) / 2) * 0.22 if len(own) > 1 else 0.0
        axes.scatter(
            100 * own["value"], [y + lift] * len(own), s=46 if len(own) == 1 else 22, marker=CHART_MARKS[n],
            color=COLOURS[n], alpha=1 if len(own) == 1 else 0.7, zorder=3, edgecolor=PAPER, linewidth=0.5, urls=links,
        )  # fmt: skip


def _describe_dots(rows: pd.DataFrame, groups: Iterable[str]) -> str:
    cells = []
    for group in [*groups, ""]:
        own = rows.loc[rows["group"] == group, "value"]
        if len(own):
            cells.append(say("charts.dots.cell", group=group, low=own.min(), high=own.max(), number=len(own)))
    return say("charts.told", label=rows["label"].iloc[0], cells=cells)
