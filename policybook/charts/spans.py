"""When documents were written and when they were published: one row a document."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from policybook.charts.theme import COLOURS, INK, Chart, figure, mark_years, to_svg
from policybook.corpus.model import records
from policybook.words.say import say


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
