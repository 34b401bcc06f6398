"""The documents and what was counted in each, for the page of measured reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from policybook.analysis.block_counts import FAMILIES, BlockCounts, Family
from policybook.analysis.presence import count_rows
from policybook.charts.theme import download_link
from policybook.corpus.model import records
from policybook.publishing.document_page import HTML_LANGUAGE
from policybook.publishing.markup import Html, render
from policybook.publishing.reports_data import Reports, evidence_anchor
from policybook.publishing.reports_words import capitalise


def documents_table(reports: Reports) -> Html:
    """Return a row a document with its size, its official address where it is an http address, and its hash."""
    within = reports.denominators[1].counts.blocks.groupby("document").size()
    directives = reports.measured.blocks.groupby("document")["directives"].sum()
    hold = reports.age.holds("directives")
    rows = [
        {
            "document": d.document, "title": d.title, "place": capitalise(reports.name(d.place)), "year": d.year,
            "kind": d.kind, "era": d.era, "language": HTML_LANGUAGE.get(d.language, d.language),
            "address": web_address(d.address), "site": urlsplit(web_address(d.address)).netloc, "sha256": d.sha256,
            "characters": d.characters, "blocks": d.blocks, "within": int(within.get(d.document, 0)),
            "directives": int(directives.get(d.document, 0)) if hold else None,
        }
        for d in records(reports.measured.documents)
        if d.kind in (reports.settings.kind, reports.settings.outlines)
    ]  # fmt: skip
    data = pd.DataFrame(rows).drop(columns="site")
    return render("report_documents", rows=rows, download=download_link(data, "report-documents"))


def web_address(address: str) -> str:
    """Return an address that a page may link to; empty for one that is not http or https, or none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def evidence(reports: Reports) -> Html:
    """Return, for every theme, and every concept that stands somewhere, the blocks of each document that carry it.

    A theme or concept that was not counted has its place too, and says so.
    """
    tables = {family: _tables(reports, family) for family in FAMILIES}
    rows = [row for family in FAMILIES for row in (*_rows(reports, family, tables[family]), *_uncounted(reports, family))]
    parts = [
        table.assign(place=place, family=family, within=table["within"].astype(int))
        for family, places in tables.items()
        for place, table in places.items()
    ]
    data = pd.concat(parts)[["family", "id", "place", "document", "year", "blocks", "total", "mentions", "within"]]
    return render("report_evidence", rows=rows, download=download_link(data, "report-evidence"))


def _uncounted(reports: Reports, family: Family) -> Iterator[dict[str, Any]]:
    """Yield a row without counts for what was not counted."""
    for row, counted in zip(reports.counts.rows, reports.counts.counted_rows, strict=True):
        if row[0] == family and not counted:
            yield _head(reports, *row) | {
                "cells": [],
                "anchors": [evidence_anchor(*row, place) for place in reports.places],
            }


def _head(reports: Reports, family: Family, identifier: str) -> dict[str, Any]:
    return {
        "family": family,
        "anchor": evidence_anchor(family, identifier),
        "label": reports.label(family, identifier),
        "term_zh": reports.book.scheme.by_id[identifier].term_zh if family == "concept" else "",
    }


def _tables(reports: Reports, family: Family) -> dict[str, pd.DataFrame]:
    """Return, place by place, a row for each document and theme or concept, and its blocks within the field."""
    within = reports.denominators[1].counts
    tables = {}
    for place in reports.places:
        rows = reports.by_year(family, place)
        inside = {document: _blocks(within, family, document) for document in rows["document"].unique()}
        tables[place] = rows.assign(within=[inside[str(row.document)].get(str(row.id), 0) for row in records(rows)])
    return tables


def _blocks(counts: BlockCounts, family: Family, document: str) -> dict[str, int]:
    mine = counts.blocks["document"].to_numpy(dtype=str) == document
    if not mine.any():
        return {}
    blocks = count_rows(counts.keep(mine, "one document"), family, 1.0)["blocks"]
    return {str(identifier): int(number) for identifier, number in blocks.items()}


def _rows(reports: Reports, family: Family, tables: dict[str, pd.DataFrame]) -> Iterator[dict[str, Any]]:
    of_field = reports.denominators[1].counts
    places = [_Place.of(reports, of_field, place, table) for place, table in tables.items()]
    for identifier in next(iter(tables.values()))["id"].unique():
        cells = [place.cell(reports, family, str(identifier)) for place in places]
        if family == "concept" and not any(cell["blocks"] for cell in cells):
            continue  # a theme is a row of every chart and table
        yield _head(reports, family, str(identifier)) | {"cells": cells}


@dataclass(frozen=True, eq=False)
class _Place:
    """The counts of one place, by theme or concept."""

    place: str
    rows: dict[str, pd.DataFrame]
    total: int
    within_total: int

    @classmethod
    def of(cls, reports: Reports, of_field: BlockCounts, place: str, table: pd.DataFrame) -> _Place:
        total = len(reports.counts.select(place=place).blocks)
        return cls(
            place,
            {str(identifier): rows for identifier, rows in table.groupby("id")},
            total,
            len(of_field.select(place=place).blocks),
        )

    def cell(self, reports: Reports, family: Family, identifier: str) -> dict[str, Any]:
        rows = self.rows[identifier]
        return {
            "name": capitalise(reports.name(self.place)),
            "anchor": evidence_anchor(family, identifier, self.place),
            "blocks": int(rows["blocks"].sum()),
            "total": self.total,
            "mentions": int(rows["mentions"].sum()),
            "within": int(rows["within"].sum()),
            "within_total": self.within_total,
            "documents": [
                {"document": row.document, "year": row.year, "blocks": row.blocks, "total": row.total}
                for row in records(rows)
                if row.blocks
            ],
        }
