"""Events in lanes above the documents, each document where it was written."""

from __future__ import annotations

from datetime import date

import pandas as pd
from matplotlib.axes import Axes

from policybook.charts.theme import COLOURS, INK, Chart, figure, mark_years, to_svg
from policybook.corpus.model import records

EVENTS = ("lane", "date", "first", "last", "label", "row", "anchor")
DOCUMENTS = ("label", "written", "written_from", "written_to", "anchor")


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
            start, end = _year(document.written_from), _year(document.written_to)
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
    start, end = _year(first), _year(last)
    if end - start > 0.02:
        bar = axes.barh([lane], [end - start], left=[start], height=0.12, color=COLOURS[0], alpha=0.35, lw=0)
        bar[0].set_url(f"@{anchor}")
    axes.scatter([(start + end) / 2], [lane], marker="o", s=44, color=COLOURS[0], alpha=0.75, lw=0, urls=[f"@{anchor}"])


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 366
