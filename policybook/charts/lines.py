"""Charts over time: lines with breaks, vintages and targets; spans of documents and events."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator
from scipy.optimize import isotonic_regression

from policybook.charts.theme import (  # isort: skip
    CHART_MARKS, COLOURS, FULL_WIDTH, GREY, INK, PAPER, Chart, at_both_widths, check_columns, figure, first_of,
    groups_of, is_narrow, label_address, legend_of, mark_years, name_rows, to_chart, wrap,
)
from policybook.corpus.corpus import records
from policybook.words.say import percent, say

# Series over years: lines that do not join what was measured differently, targets, and the periods of plans ---

POINTS = ("series", "kind", "year", "value", "vintage", "row", "origin")
TARGETS = ("series", "year", "value", "label", "place", "row", "origin")
PERIODS = ("label", "first", "last")
_PLACES: Mapping[str, Mapping[str, Any]] = {"below": {"xytext": (0, -12), "ha": "center"},
                                            "above": {"xytext": (0, 5), "ha": "center"},
                                            "left": {"xytext": (-11, -3), "ha": "right"},
                                            "right": {"xytext": (11, -3), "ha": "left"}}  # fmt: skip


@at_both_widths
def series_chart(
    name: str, points: pd.DataFrame, targets: pd.DataFrame, unit: str, caption: str, alt: str, *,
    breaks: Mapping[str, Iterable[int]] | None = None, periods: pd.DataFrame | None = None, page: str = "",
) -> Chart:  # fmt: skip
    """Draw the series of `points` (columns POINTS), each a line of its own vintage.

    The kind of a point is `first` for the series' line, `other` for a figure of another vintage, drawn as a hollow
    mark that no line meets. A line breaks where a year is missing and before
    every year of `breaks` of its series. `targets` (columns TARGETS) become bars in the colour of their series with
    their label below, above, left or right of them; `periods` (columns PERIODS) are shaded by turns. Points and targets
    lead to their rows on `page`, by default the one they stand on.
    """
    breaks = breaks or {}
    with figure(FULL_WIDTH, 4.1) as drawing:
        axes = drawing.subplots()
        if periods is not None:
            _shade(axes, periods)
        for n, label in enumerate(dict.fromkeys(points["series"])):
            rows = points[points["series"] == label]
            _draw(axes, n, label, rows, breaks.get(label, ()), page)
            _mark_targets(axes, n, targets[targets["series"] == label], page)
        if "other" in set(points["kind"]):
            other = say("charts.series.other")
            axes.scatter([], [], marker="o", s=40, facecolor="none", edgecolor=INK, linewidth=1.2, label=other)
        years = pd.concat([points["year"], targets["year"]])
        axes.set_xlim(years.min() - 0.7, years.max() + 1.2)
        mark_years(axes)
        axes.set_ylabel(unit)
        axes.grid(axis="y", color=INK, lw=0.4, alpha=0.2)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=1 if is_narrow() else 2, frameon=False,
                    borderaxespad=0.2, fontsize=9)  # fmt: skip
        data = pd.concat([points, targets.assign(kind="target", vintage="target")])
        columns = ["series", "kind", "year", "value", "vintage", "label", "row", "origin"]
        return to_chart(drawing, name, caption, alt, data.reindex(columns=columns))


def _fact_link(row: Any, page: str) -> str | None:
    """Return the link of a point to the row that it stands for; of a point worked out of several to the first."""
    title = say("charts.series.title", row=row, value=f"{row.value:g}")
    return label_address(f"{page}#row-{row.row.partition(' ')[0]}", title) if row.row else None


def _draw(axes: Axes, n: int, label: str, rows: pd.DataFrame, breaks: Iterable[int], page: str) -> None:
    mark, colour = CHART_MARKS[n], COLOURS[n]
    main = rows[rows["kind"] == "first"]
    for run in unbroken(main, breaks):
        axes.plot(run["year"], run["value"], color=colour, lw=1.6)
    axes.scatter(main["year"], main["value"], marker=mark, s=22, color=colour, zorder=2,
                 urls=[_fact_link(row, page) for row in records(main)])  # fmt: skip
    axes.plot([], [], marker=mark, ms=4.5, color=colour, lw=1.6, label=label)
    others = rows[rows["kind"] == "other"]
    axes.scatter(others["year"], others["value"], marker=mark, s=40, facecolor="none", edgecolor=colour, linewidth=1.2,
                 urls=[_fact_link(row, page) for row in records(others)])  # fmt: skip
    if len(main):
        last = main.iloc[-1]
        axes.annotate(f"{last['value']:g}", (last["year"], last["value"]), xytext=(6, 0), textcoords="offset points",
                      va="center", fontsize=9, color=INK, url=_fact_link(last, page))  # fmt: skip


def _mark_targets(axes: Axes, n: int, targets: pd.DataFrame, page: str) -> None:
    for row in records(targets.assign(again=targets["label"].duplicated() & is_narrow())):
        axes.scatter([row.year], [row.value], marker="_", s=320, color=COLOURS[n], linewidth=2.4,
                     urls=[_fact_link(row, page)])  # fmt: skip
        axes.annotate("" if row.again else row.label, (row.year, row.value), textcoords="offset points", fontsize=8.5,
                      color=INK, bbox={"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 0.4},
                      zorder=2.5, **_PLACES[row.place])  # fmt: skip


def _shade(axes: Axes, periods: pd.DataFrame) -> None:
    for n, row in enumerate(records(periods)):
        axes.axvspan(row.first - 0.5, row.last + 0.5, color=INK, alpha=0.07 if n % 2 == 0 else 0.025, lw=0)
        axes.annotate(row.label, ((row.first + row.last) / 2, 0), xycoords=("data", "axes fraction"),
                      xytext=(0, 4 + 11 * (n % 2)), textcoords="offset points", ha="center", fontsize=8, color=INK,
                      alpha=0.75, annotation_clip=True)  # fmt: skip


def unbroken(rows: pd.DataFrame, breaks: Iterable[int] = ()) -> Iterator[pd.DataFrame]:
    """Yield the runs of consecutive years of a series that cross no break."""
    starts = (rows["year"].diff() > 1) | rows["year"].isin(list(breaks))
    number = starts.cumsum()
    for n in sorted(set(number)):
        yield rows[number == n]


# Shares year by year: a small panel a theme, a line a place, some of them standing out ---

MULTIPLES_COLUMNS = ("id", "label", "unit", "group", "year", "share", "href")


@at_both_widths
def multiples_chart(name: str, rows: pd.DataFrame, caption: str, breaks: Sequence[float] = ()) -> Chart:
    """Draw one panel for every id of `rows`, in their order, and in it one line over years for every unit.

    `rows` has MULTIPLES_COLUMNS: a share (0 to 1) of a unit in a year; `group` is what a unit is called that stands out
    with its own colour and mark, "" for the others, which are grey; a column `look` says which (see groups_of);
    `href` is where a panel's title leads. A year that a unit lacks is a gap in its line. `breaks` are points
    in time that part the years, such as 2020.5.
    Raises ValueError when a column is missing, there is no row, or there are more groups than colours.
    """
    check_columns(rows, MULTIPLES_COLUMNS)
    groups, ids = groups_of(rows), list(dict.fromkeys(rows["id"]))
    across = 1 if is_narrow() else 2
    lines = math.ceil(len(ids) / across)
    with figure(FULL_WIDTH, 0.6 + 1.5 * lines) as drawing:
        grid = list(drawing.subplots(lines, across, squeeze=False, sharex=True).flat)
        for identifier, axes in zip(ids, grid, strict=False):
            _multiple(axes, rows[rows["id"] == identifier], groups, breaks)
        for axes in grid[len(ids) :]:
            axes.set_visible(False)
        legend_of(drawing, groups, "" in set(rows["group"]))
        drawing.supylabel(say("charts.multiples.axis"), fontsize=8.5)
        told = [_told(some, groups) for _, some in rows.groupby("id", sort=False)]
        alt = say("charts.multiples.alt", rows=told)
        return to_chart(drawing, name, caption, alt, rows[list(MULTIPLES_COLUMNS[:-1])])


def _multiple(axes: Axes, rows: pd.DataFrame, groups: Mapping[str, int], breaks: Sequence[float]) -> None:
    table = rows.pivot_table(index="year", columns="unit", values="share") * 100
    table = table.reindex(range(int(table.index.min()), int(table.index.max()) + 1))
    group_of, link = dict(zip(rows["unit"], rows["group"], strict=True)), label_address(rows["href"].iloc[0])
    years = table.index.to_numpy(dtype=float)
    others = [np.column_stack((years, table[unit])) for unit in table if not group_of[unit]]
    axes.add_collection(LineCollection(others, colors=GREY, linewidths=0.5, alpha=0.35, capstyle="projecting"))
    for unit in filter(group_of.get, table):
        n = groups[group_of[unit]]
        axes.plot(years, table[unit], color=COLOURS[n], lw=1.3, marker=CHART_MARKS[n], ms=3.2, url=link)
    axes.autoscale_view()
    for end in breaks:
        axes.axvline(end, color=INK, lw=0.7, ls=":", alpha=0.6)
    axes.set_title(wrap(str(rows["label"].iloc[0]), 48, 1), fontsize=9, loc="left", pad=3, url=link)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.tick_params(labelsize=8, length=2)
    axes.grid(axis="y", color=INK, lw=0.4, alpha=0.18)


def _told(rows: pd.DataFrame, groups: Iterable[str]) -> str:
    """Return the first and last share of every group that stands out in a panel."""
    cells = []
    for group in groups:
        own = rows[(rows["group"] == group) & rows["share"].notna()].sort_values("year")
        cells += [say("charts.multiples.cell", group=group, year=row.year, share=row.share)
                  for row in records(own.iloc[[0, -1]] if len(own) > 1 else own)]  # fmt: skip
    return say("charts.told", label=rows["label"].iloc[0], cells=cells)


# Slopes: a line a row from period to period, its name at its end -------------------------------------

SLOPE_COLUMNS = ("id", "label", "period", "share", "count", "total", "looks", "href")
#: Colour and mark of what rose, what fell, what stayed; without one each line has its own.
CHANGE_LOOKS = {"rose": (COLOURS[0], "o"), "fell": (COLOURS[1], "s"), "same": (GREY, "^"), "untested": (GREY, "D")}


@at_both_widths
def slope_chart(name: str, rows: pd.DataFrame, caption: str) -> Chart:
    """Draw one line an id of `rows` over its periods, in the order in which these come, its label at the end.

    `rows` has SLOPE_COLUMNS: a share of blocks (0 to 1), the blocks with and all blocks of the period, how the line
    looks ("rose", "fell", "same", "untested", or "" for a colour of its own), and where the label leads.
    Raises ValueError when a column is missing, there are no two periods, or more lines than can be told apart.
    """
    check_columns(rows, SLOPE_COLUMNS)
    periods, ids = list(dict.fromkeys(rows["period"])), list(dict.fromkeys(rows["id"]))
    if len(periods) < 2 or (len(ids) > len(COLOURS) and (rows["looks"] == "").any()):
        raise ValueError(f"{len(ids)} lines over {len(periods)} periods: at least two periods, and a colour a line")
    lines = {str(one): some.set_index("period").reindex(periods) for one, some in rows.groupby("id", sort=False)}
    top = 100 * float(rows["share"].max()) or 1.0
    with figure(FULL_WIDTH, max(2.6, 0.9 + (0.27 + 0.2 * is_narrow()) * len(ids))) as drawing:
        axes = drawing.subplots()
        axes.set(xlim=(-0.15, 1.05 * (len(periods) - 1)), ylim=(0, 1.06 * top), ylabel=say("charts.slopes.axis"))
        room = (9, 3) if is_narrow() else (22, 2)
        axes.set_xticks(range(len(periods)), [wrap(str(period), *room) for period in periods])
        axes.grid(axis="x", color=INK, lw=0.6, alpha=0.25)
        ends = _spread({one: 100 * line["share"].iloc[-1] for one, line in lines.items()}, top)
        for n, (identifier, line) in enumerate(lines.items()):
            own = CHANGE_LOOKS.get(line["looks"].iloc[0]) or (COLOURS[n], CHART_MARKS[n])
            _slope(axes, line, own, ends[identifier], 0.05 * (len(periods) - 1))
        told = {one: say("charts.told", label=line["label"].iloc[0], cells=[
                    say("charts.of_all", label=period, count=int(row["count"]), all=int(row["total"]))
                    for period, row in line.iterrows()])
                for one, line in lines.items()}  # fmt: skip
        titles = {str(line["href"].iloc[-1]): told[one] for one, line in lines.items()}
        alt = say("charts.slopes.alt", rows=list(told.values()))
        return to_chart(drawing, name, caption, alt, rows[list(SLOPE_COLUMNS)].drop(columns="href"), titles)


def _slope(axes: Axes, line: pd.DataFrame, looks: tuple[str, str], end: float, beyond: float) -> None:
    (colour, mark), values, last = looks, 100 * line["share"].to_numpy(dtype=float), len(line) - 1
    link = label_address(line["href"].iloc[-1])
    axes.plot(range(len(line)), values, color=colour, marker=mark, ms=5, lw=1.6, clip_on=False, url=link)
    axes.plot([last, last + beyond], [values[-1], end], color=colour, lw=0.7, clip_on=False)
    share = line["share"].iloc[-1]
    text = say("charts.slopes.end", label=line["label"].iloc[-1], share=percent(share, 1 + (share < 0.01)))
    text = wrap(text, *((24, 3) if is_narrow() else (50, 1)))
    axes.annotate(text, (last + beyond, end), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8.5,
                  color=INK, annotation_clip=False, linespacing=1.0, url=link)  # fmt: skip


def _spread(ends: Mapping[str, float], top: float) -> dict[str, float]:
    """Return where labels stand that shall stand at `ends`, from 0 to `top`, none too close to another."""
    order = sorted(ends, key=lambda one: ends[one])
    steps = top / max(8, len(ends)) * np.arange(len(order))
    wanted = isotonic_regression(np.array([ends[one] for one in order]) - steps).x
    return dict(zip(order, (np.clip(wanted, 0, top - steps[-1]) + steps).tolist(), strict=True))


# Before and after: a row each, from a hollow mark to a full one ---------------------------------------

CHANGE_COLUMNS = ("group", "id", "label", "before", "after", "said", "looks", "href")


@at_both_widths
def change_chart(name: str, rows: pd.DataFrame, sides: tuple[str, str], caption: str, *,
                 width: float = FULL_WIDTH) -> Chart:  # fmt: skip
    """Draw one row each of `rows`, in their order under headings of their groups, from its share before to that after.

    `rows` has CHANGE_COLUMNS: shares of blocks (0 to 1), what is said at the right, how the row looks (see
    CHANGE_LOOKS) and where it leads. `sides` names before and after. The scale is that of square roots, so that
    small shares can be read beside large ones. A `width` (in inches) below FULL_WIDTH makes a figure of its own size.
    """
    check_columns(rows, CHANGE_COLUMNS)
    told = [say("charts.changes.row", label=row.label, said=row.said,
                before=percent(row.before, 2), after=percent(row.after, 2))
            for row in records(rows)]  # fmt: skip
    starts = rows["group"].ne(rows["group"].shift()).cumsum()
    places = (np.arange(len(rows)) + 1.3 * starts.to_numpy()).tolist()
    pitch = 0.44 if is_narrow() else 0.25 if width == FULL_WIDTH else 0.31
    with figure(width, 1.1 + pitch * (places[-1] + 1)) as drawing:
        axes = drawing.subplots()
        axes.set_xscale("function", functions=(lambda x: np.sqrt(np.maximum(x, 0)), np.square))
        highest = 100 * float(rows[["before", "after"]].to_numpy().max())
        axes.set(xlim=(0, 1.05 * highest), ylim=(places[-1] + 0.8, -0.2), xlabel=say("charts.changes.axis"))
        ticks = [t for t in (0, 0.1, 0.5, 1, 2, 5, 10, 20, 40, 60, 80) if t <= highest <= 100 * t or not t]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        room, lines = (40, 1) if width == FULL_WIDTH else (24, 2)
        name_rows(axes, places, rows["label"], rows["href"], room=room, lines=lines)
        axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)
        for row, place in zip(records(rows), places, strict=True):
            _change(axes, row, place)
        heads = [place for place, new in zip(places, starts.diff().ne(0), strict=True) if new]
        for start, place in zip(rows["group"][starts.diff().ne(0)], heads, strict=True):
            axes.annotate(str(start).upper(), (0, place - 0.8 - 0.1 * is_narrow()), fontsize=8.5, color=INK,
                          annotation_clip=False)  # fmt: skip
        for side, face in zip(sides, (PAPER, INK), strict=True):
            axes.scatter([], [], s=34, facecolor=face, edgecolor=INK, label=side)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0.2)
        titles = dict(zip(rows["href"].astype(str), told, strict=True))
        alt = say("charts.changes.alt", sides=sides, rows=told)
        data = rows[list(CHANGE_COLUMNS)].drop(columns="href")
        return to_chart(drawing, name, caption, alt, data, titles, natural=width < FULL_WIDTH)


def _change(axes: Axes, row: Any, place: float) -> None:
    colour, mark = CHANGE_LOOKS[row.looks]
    axes.plot([100 * row.before, 100 * row.after], [place] * 2, color=colour, lw=1.6, alpha=0.7, clip_on=False,
              url=label_address(row.href))  # fmt: skip
    for share, face in ((row.before, PAPER), (row.after, colour)):
        axes.scatter([100 * share], [place], s=34, marker=mark, facecolor=face, edgecolor=colour, zorder=3,
                     clip_on=False, urls=[label_address(row.href)])  # fmt: skip
    axes.annotate(row.said, (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
                  va="center", fontsize=8, color=INK, annotation_clip=False)  # fmt: skip


# When documents were written and when they were published: one row a document ----------------------

@at_both_widths
def span_chart(name: str, rows: pd.DataFrame, caption: str) -> Chart:
    """Draw, for every row of label, written_from, written_to, published (dates) and href, a bar and a mark.

    Both lead to `href`. `published` may be missing; the bar is when the text was written, as far as that is known.
    """
    drawn, caption = first_of(rows["label"], caption)
    rows = rows[rows["label"].astype(str).isin(drawn)]
    told = [say("charts.spans.row", label=row.label, first=row.written_from, last=row.written_to,
                published=row.published) for row in records(rows)]  # fmt: skip
    alt = say("charts.spans.alt", rows=told)
    published: dict[str, Any] = {"marker": "D", "s": 34, "facecolor": "none", "edgecolor": COLOURS[1], "linewidth": 1.6,
                                 "zorder": 3}  # fmt: skip
    links = [*map(label_address, rows["href"])]
    with figure(FULL_WIDTH, 1.0 + 0.42 * len(rows)) as drawing:
        axes = drawing.subplots()
        for n, row in enumerate(records(rows)):
            start, end = _year(row.written_from), _year(row.written_to)
            axes.plot([start, max(end, start + 0.06)], [n, n], lw=7, color=COLOURS[0], solid_capstyle="butt",
                      url=links[n],
                      label=say("charts.spans.written") if not n else None)  # fmt: skip
            if row.published:
                axes.scatter([_year(row.published)], [n], urls=[links[n]], **published)
        axes.scatter([], [], label=say("charts.spans.published"), **published)
        name_rows(axes, range(len(rows)), rows["label"], rows["href"])
        axes.set_ylim(len(rows) - 0.4, -0.6 - 0.2 * is_narrow())
        mark_years(axes)
        axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0.2)
        data = rows.drop(columns="href").astype(str).replace("None", "")
        return to_chart(drawing, name, caption, alt, data)


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366


# Events in lanes above the documents, each document where it was written ---------------------------

EVENTS = ("lane", "date", "first", "last", "label", "row", "anchor")
DOCUMENT_LANE = ("label", "written", "written_from", "written_to", "anchor")


@at_both_widths
def timeline_chart(name: str, events: pd.DataFrame, documents: pd.DataFrame, periods: pd.DataFrame, caption: str,
                   alt: str) -> Chart:  # fmt: skip
    """Draw a mark for each of `events` (columns EVENTS) in its lane, and below a bar a document (columns DOCUMENTS).

    Dates are `datetime.date`. A mark and a bar lead to `anchor` on the page. `periods` has label, first and last
    (years). What is known by the year or the month only is a bar over that time.
    """
    lanes = list(dict.fromkeys(events["lane"]))
    names = [*lanes, *documents["label"]]
    with figure(FULL_WIDTH, 1.2 + 0.4 * len(names)) as drawing:
        axes = drawing.subplots()
        for n, period in enumerate(records(periods)):
            axes.axvspan(period.first, period.last + 1, color=INK, alpha=0.07 if n % 2 == 0 else 0.025, lw=0)
            axes.annotate(period.label, ((period.first + period.last + 1) / 2, 1), xycoords=("data", "axes fraction"),
                          xytext=(0, 3 + 11 * (n % 2) * is_narrow()), textcoords="offset points", ha="center",
                          fontsize=8.5, color=INK)  # fmt: skip
        for event in records(events):
            _event(axes, lanes.index(event.lane), event.first, event.last, event.anchor)
        for n, document in enumerate(records(documents), len(lanes)):
            start, end = _year(document.written_from), _year(document.written_to)
            axes.barh([n], [max(end - start, 0.09)], left=[start], height=0.36, color=COLOURS[1], lw=0,
                      url=f"@{document.anchor}")  # fmt: skip
        axes.axhline(len(lanes) - 0.5, color=INK, lw=0.6, alpha=0.5)
        name_rows(axes, range(len(names)), names)
        axes.set_ylim(len(names) - 0.5, -0.6 - 0.2 * is_narrow())
        mark_years(axes)
        axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)
        return to_chart(drawing, name, caption, alt, _timeline_data(events, documents))


def _timeline_data(events: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return events and documents in one table, told apart by kind."""
    data = pd.concat([events.assign(kind="event"),
                      documents.assign(kind="document", lane="documents").rename(
                          columns={"written": "date", "written_from": "first", "written_to": "last"}
                      )])  # fmt: skip
    shown = data.reindex(columns=["kind", "lane", "date", "first", "last", "label", "row"])
    return shown.astype({"first": str, "last": str})


def _event(axes: Axes, lane: int, first: date, last: date, anchor: str) -> None:
    start, end = _year(first), _year(last)
    if end - start > 0.02:
        axes.barh(lane, end - start, left=start, height=0.12, color=COLOURS[0], alpha=0.35, lw=0, url=f"@{anchor}")
    axes.scatter([(start + end) / 2], [lane], marker="o", s=44, color=COLOURS[0], alpha=0.75, lw=0, urls=[f"@{anchor}"])
