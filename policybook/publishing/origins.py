"""Tables of facts: cells that lead to their rows, and the rows themselves with their origins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis.facts import Count, Event, Facts, Heading, Plan, Rate, Row, Target, load_facts
from policybook.charts.theme import download_link
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.publishing.numbers import row_anchor

Cell = Html | Markup | str
CONFIDENCE = {"document": "in a document of this book", "seen": "seen", "recalled": "recalled, unverified"}


def fact_table(
    labels: Mapping[str, str],
    rows: Sequence[Mapping[str, Cell]],
    data: pd.DataFrame,
    *,
    caption: str,
    name: str,
    numbers: Iterable[str] = (),
    stacked: bool = False,
) -> Html:
    """Return `rows` under the headings of `labels` (column → heading), with `data` as NAME.csv.

    A row may have "rows", ids of facts that its words rest on, and "status", a class of its own. On a narrow screen the
    cells of a `stacked` table stand below each other, each with its heading.
    """
    shown = [
        {
            "rows": row.get("rows", ""),
            "status": row.get("status", ""),
            "cells": [cell.markup if isinstance(cell := row[c], Html) else cell for c in labels],
        }
        for row in rows
    ]
    columns = [{"label": label, "number": c in set(numbers)} for c, label in labels.items()]
    download = download_link(data, name)
    return render(
        "facts", name=name, caption=caption, columns=columns, rows=shown, download=download, stacked=stacked
    )  # fmt: skip


def origins(book: Book, rows: Iterable[Row], name: str, caption: str, base: str = "../") -> Html:
    """Return every row once with what it says, its origin, its note and what it conflicts with, and all as CSV.

    `base` leads from the page to the site's root.
    """
    found, facts = list(dict.fromkeys(rows)), load_facts(book.project)
    shown = [
        {
            "id": row.id,
            "anchor": row_anchor(row),
            "said": describe(row),
            "confidence": CONFIDENCE[row.confidence],
            "recalled": row.recalled,
            "origin": row.origin.removesuffix(" (recalled, unverified)"),
            "url": row.cite_url,
            "passages": passage_links(book, row, base),
            "note": row.note,
            "conflicts": [
                {"row": other.id, "anchor": row_anchor(other), "said": describe(other), "shown": other in found}
                for other in conflicting(facts, row)
            ],
        }
        for row in found
    ]
    return render(
        "origins", name=name, caption=caption, rows=shown, download=download_link(as_table(found), name)
    )  # fmt: skip


def as_table(rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows of any table as one, for download: what each says, and where from. Addresses of mirrors stay out."""
    columns = ["row", "file", "line", "said", "confidence", "publisher", "title", "date", "cite_url", "passage", "note",
               "conflicts_with"]  # fmt: skip
    content = [
        (row.id, f"data/facts/{row.file}.csv", row.line, describe(row), row.confidence, row.source_publisher,
         row.source_title, row.source_date, row.cite_url, row.passage, row.note, row.conflicts_with)
        for row in rows
    ]  # fmt: skip
    return pd.DataFrame(content, columns=columns)


def conflicting(facts: Facts, row: Row) -> list[Row]:
    """Return the rows that a row, or a row with it, is said to conflict with."""
    return [other for group in facts.conflicts() if row in group for other in group if other != row]


def passage_links(book: Book, row: Row, base: str = "../") -> list[dict[str, str]]:
    """Return label and address of the passages of this book where a row stands, boilerplate included."""
    named = row.passage.split()
    known = set(book.corpus.passages["passage"]) if named else set()
    if named:
        aside = zip(book.corpus.boilerplate["document"], book.corpus.boilerplate["anchor"], strict=True)
        known |= {f"{document}:{anchor}" for document, anchor in aside}
    return [{"label": p, "href": f"{base}documents/{p.replace(':', '.html#')}"} for p in named if p in known]


def describe(row: Row) -> str:
    """Return what a row says, in a line."""
    match row:
        case Rate():
            return f"{row.region}, {row.indicator}, {row.year}: {row.value_percent} % ({row.vintage})"
        case Target():
            return _describe_target(row)
        case Heading():
            return f"{row.plan_id}, {row.level} {row.number}: {row.title_zh} ({row.title_en})"
        case Event():
            return f"{row.date}: {row.event_en}"
        case Count():
            return f"{row.subject}, {row.year}: {row.qualifier} {row.value} {row.unit}"
        case Plan():
            return row.label
    return str(getattr(row, "what", row.id))


def _describe_target(row: Target) -> str:
    number = f"no. {row.indicator_no}, " if row.indicator_no else ""
    parts: list[Any] = [f"{row.plan_id}, {number}{row.indicator_en}"]
    for name, value, year in (
        ("baseline", row.baseline_value, row.baseline_year),
        ("target", row.target_value, row.target_year),
        ("outcome", row.outcome_value, row.outcome_year),
    ):
        if value:
            parts.append(f"{name} {value}{f' ({year})' if year else ''}")
    return f"{'; '.join(parts)}; in {row.unit}" if row.unit != "-" else "; ".join(parts)
