"""Spans of time: when documents were written and published, and events."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from policybook.charts.theme import COLOURS, INK, Chart, figure, mark_years, to_svg
from policybook.corpus.corpus import records
from policybook.words.say import say

# When documents were written and when they were published: one row a document ----------------------


def span_chart(name: str, rows: pd.DataFrame, caption: str) -> Chart:
    """Draw, for every row of label, written_from, written_to and published (dates), a bar and a mark.

    `published` may be missing; the bar is when the text was written, as far as that is known.
    """
    told = [
        say("charts.spans.row", label=row.label, first=row.written_from, last=row.written_to, published=row.published)
        for row in records(rows)
    ]
    alt = say("charts.spans.alt", rows=told)
    published: dict[str, Any] = {
        "marker": "D", "s": 34, "facecolor": "none", "edgecolor": COLOURS[1], "linewidth": 1.6, "zorder": 3
    }  # fmt: skip
    with figure(7.4, 1.0 + 0.42 * len(rows)) as drawing:
        axes = drawing.subplots()
        for n, row in enumerate(records(rows)):
            start, end = _year(row.written_from), _year(row.written_to)
            axes.plot(
                [start, max(end, start + 0.06)], [n, n], lw=7, color=COLOURS[0], solid_capstyle="butt",
                label=say("charts.spans.written") if not n else None,
            )  # fmt: skip
            if row.published:
                axes.scatter([_year(row.published)], [n], **published)
        axes.scatter([], [], label=say("charts.spans.published"), **published)
        axes.set_yticks(range(len(rows)), rows["label"])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        mark_years(axes)
        axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0.2)
        svg = to_svg(drawing, name, alt)
    return Chart(name, svg, caption, alt, rows.astype(str).replace("None", ""))


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366


# Events in lanes above the documents, each document where it was written ---------------------------


EVENTS = ("lane", "date", "first", "last", "label", "row", "anchor")
DOCUMENT_LANE = ("label", "written", "written_from", "written_to", "anchor")


def timeline_chart(
    name: str, events: pd.DataFrame, documents: pd.DataFrame, periods: pd.DataFrame, caption: str, alt: str
) -> Chart:
    """Draw a mark for each of `events` (columns EVENTS) in its lane, and below a bar a document (columns DOCUMENTS).

    Dates are `datetime.date`. A mark and a bar lead to `anchor` on the page. `periods` has label, first and last
    (years). What is known by the year or the month only is a bar over that time.
    """
    lanes = list(dict.fromkeys(events["lane"]))
    names = [*lanes, *documents["label"]]
    with figure(7.4, 1.2 + 0.4 * len(names)) as drawing:
        axes = drawing.subplots()
        for n, period in enumerate(records(periods)):
            axes.axvspan(period.first, period.last + 1, color=INK, alpha=0.07 if n % 2 == 0 else 0.025, lw=0)
            axes.annotate(
                period.label, ((period.first + period.last + 1) / 2, 1), xycoords=("data", "axes fraction"),
                xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8.5, color=INK,
            )  # fmt: skip
        for event in records(events):
            _event(axes, lanes.index(event.lane), event.first, event.last, event.anchor)
        for n, document in enumerate(records(documents), len(lanes)):
            start, end = _decimal_year(document.written_from), _decimal_year(document.written_to)
            bar = axes.barh(
                [n], [max(end - start, 0.09)], left=[start], height=0.36, color=COLOURS[1], lw=0
            )  # fmt: skip
            bar[0].set_url(f"@{document.anchor}")
        axes.axhline(len(lanes) - 0.5, color=INK, lw=0.6, alpha=0.5)
        axes.set_yticks(range(len(names)), names, fontsize=8.5)
        axes.set_ylim(len(names) - 0.5, -0.6)
        axes.tick_params(axis="y", length=0)
        mark_years(axes)
        axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)
        svg = to_svg(drawing, name, alt)
    data = pd.concat([
        events.assign(kind="event"),
        documents.assign(kind="document", lane="documents").rename(
            columns={"written": "date", "written_from": "first", "written_to": "last"}
        ),
    ])  # fmt: skip
    shown = data.reindex(columns=["kind", "lane", "date", "first", "last", "label", "row"])
    return Chart(name, svg, caption, alt, shown.astype({"first": str, "last": str}))


def _event(axes: Axes, lane: int, first: date, last: date, anchor: str) -> None:
    start, end = _decimal_year(first), _decimal_year(last)
    if end - start > 0.02:
        bar = axes.barh([lane], [end - start], left=[start], height=0.12, color=COLOURS[0], alpha=0.35, lw=0)
        bar[0].set_url(f"@{anchor}")
    axes.scatter([(start + end) / 2], [lane], marker="o", s=44, color=COLOURS[0], alpha=0.75, lw=0, urls=[f"@{anchor}"])


def _decimal_year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366
