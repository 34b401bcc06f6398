"""The outlines of plans side by side, for the page of measured reports: counts and shares, no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from policybook.analysis.block_counts import FAMILIES, Family
from policybook.analysis.presence import count_rows
from policybook.charts.shares import share_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.scheme import Theme
from policybook.corpus.model import records
from policybook.publishing.markup import Html, render
from policybook.publishing.reports_data import Reports
from policybook.publishing.reports_words import percent
from policybook.words.say import listed

_NONE = "There are no outlines among these texts."


@dataclass(frozen=True, eq=False)
class _Outline:
    document: str
    year: str
    total: int
    tables: dict[Family, pd.DataFrame]


def outlines_note(reports: Reports) -> str:
    """Return what may be read from the outlines, and how small they are."""
    found = _outlines(reports)
    if not found:
        return _NONE
    told = listed([f"{one.year} ({one.total} blocks)" for one in found])
    return (
        f"The parts on urbanization of the outlines of {told} are one document each, and short. What follows describes "
        "these texts: no difference between them is tested, and none should be read as a change of policy."
    )


def outline_chart(reports: Reports) -> Chart | Html:
    """Return the share of the blocks of each outline that carry each theme."""
    found = _outlines(reports)
    if not found:
        return render("nothing", sentence=_NONE)
    sides = {one.year: one.tables["theme"].rename(index=lambda theme: f"outline-theme-{theme}") for one in found}
    labels = {f"outline-theme-{theme.id}": theme.label for theme in _themes(reports)}
    caption = (
        "Share of the blocks of each outline that carry each theme; a block may carry several. The intervals are those "
        "of each share by itself and no test. A mark leads to its counts."
    )
    return share_chart("outlines", sides, [one.total for one in found], labels, caption)


def outline_table(reports: Reports) -> Html:
    """Return how many blocks of each outline carry each theme and concept; a count leads to its document."""
    found = _outlines(reports)
    rows = [row for family in FAMILIES for row in _rows(reports, found, family)]
    data = pd.DataFrame(
        [
            {"family": row["family"], "id": row["id"], "label": row["label"], "year": one.year, "blocks": count,
             "all_blocks": one.total, "share": _share(count, one.total)}
            for row in rows
            for one, count in zip(found, row["counts"] or [None] * len(found), strict=True)
        ]
    )  # fmt: skip
    if len(data):
        data = data.astype({"blocks": "Int64"})  # whole numbers, also beside rows that nobody counted
    return render("outlines", outlines=found, rows=rows, percent=percent, download=download_link(data, "outlines"))


def _share(count: int | None, total: int) -> float | None:
    return None if count is None else round(count / total, 4) if total else 0.0


def _themes(reports: Reports) -> list[Theme]:
    return [theme for theme in reports.book.scheme.themes if reports.is_counted("theme", theme.id)]


def _uncounted(reports: Reports, family: Family) -> list[dict[str, Any]]:
    """Return a row without counts for what was not counted."""
    return [
        {"family": family, "id": row[1], "label": reports.label(*row), "counts": []}
        for row, counted in zip(reports.counts.rows, reports.counts.counted_rows, strict=True)
        if row[0] == family and not counted
    ]


def _rows(reports: Reports, found: Sequence[_Outline], family: Family) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for identifier in found[0].tables[family].index if found else ():
        counts = [int(one.tables[family]["blocks"][identifier]) for one in found]
        if any(counts) or family == "theme":
            label = reports.label(family, str(identifier))
            rows.append({"family": family, "id": str(identifier), "label": label, "counts": counts})
    if family == "concept":
        rows.sort(key=lambda row: -sum(row["counts"]))
    return rows + (_uncounted(reports, family) if found else [])


def _outlines(reports: Reports) -> list[_Outline]:
    if reports.outlines is None:
        return []
    serial = reports.denominators[0].serial
    found = []
    for document in records(reports.outlines.documents.sort_values("year", kind="stable")):
        own = reports.outlines.select(document=document.document)
        tables = {family: count_rows(own, family, serial) for family in FAMILIES}
        found.append(_Outline(document.document, str(document.year), len(own.blocks), tables))
    return found
