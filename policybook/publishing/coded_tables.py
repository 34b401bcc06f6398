"""Quantities, actors and directives of one document, as tables on its page."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from policybook.charts.theme import download_link
from policybook.coding.actor_scheme import ActorScheme
from policybook.corpus.model import Corpus, records
from policybook.publishing.markup import Html, render
from policybook.words.coded import name_code
from policybook.words.say import name_of, names_of

#: Kinds whose numbers are names of years and not amounts.
_PLAIN = ("year", "year_range", "ordinal", "doc_number", "date")


def show_quantities(corpus: Corpus, document: str) -> Html:
    """Return the quantities of a document with value, unit, kind and indicator, linked to their sentences."""
    rows = [
        {
            "text": row.text,
            "value": print_value(row.value, row.kind),
            "unit": "%" if row.unit == "percent" else name_code(row.unit or ""),
            "qualifier": name_code(row.qualifier),
            "kind": name_code(row.kind),
            "indicator": row.indicator or "",
            "place": _place(row),
        }
        for row in records(corpus.quantities)
    ]
    data = corpus.quantities.drop(columns=["block", "document"])
    return render("quantities", rows=rows, download=download_link(data, f"{document}-quantities"))


def show_actors(corpus: Corpus, scheme: ActorScheme, document: str) -> Html:
    """Return the actors that a document names, the one named most often first, with a link to every passage."""
    rows = []
    for actor, times in sorted(Counter(corpus.actors["actor"]).items(), key=lambda item: (-item[1], item[0])):
        entry = scheme.by_id[actor]
        places = Counter(_place(row).partition(".")[0] for row in records(corpus.actors) if row.actor == actor)
        rows.append(
            {
                "name_zh": entry.name_zh, "name_en": entry.name_en, "kind": name_of("actor_kind", entry.kind),
                "times": times, "places": [(place, int(place[1:]), count) for place, count in places.items()],
            }
        )  # fmt: skip
    data = corpus.actors.drop(columns=["block", "document"])
    return render("document_actors", rows=rows, download=download_link(data, f"{document}-actors"))


def show_directives(corpus: Corpus, language: str, document: str) -> Html:
    """Return the directives of a document with strength and instrument, linked to their sentences."""
    instruments, strengths = names_of("instrument"), names_of("strength")
    rows = [
        {
            "text": row.text,
            "strength": strengths[row.strength].partition(" (")[0],
            "instrument": instruments[row.instrument],
            "subtype": name_code(row.subtype or ""),
            "place": _place(row),
        }
        for row in records(corpus.directives)
    ]
    counts = Counter(row["instrument"] for row in rows)
    told = [(name, counts[name]) for name in instruments.values() if counts[name]]
    data = corpus.directives.drop(columns=["block", "document"])
    return render(
        "document_directives", rows=rows, counts=told, language=language,
        download=download_link(data, f"{document}-directives"),
    )  # fmt: skip


def print_value(value: Any, kind: str) -> str:
    """Return a quantity's value as a page prints it: amounts with thousands parted, ranges with a dash."""
    if isinstance(value, list | tuple):
        return "–".join(print_value(one, kind) for one in value)
    if kind in _PLAIN or isinstance(value, str) or pd.isna(value):
        return "" if value is None else str(value)
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"


def _place(row: Any) -> str:
    """Return the anchor of a row's sentence on its document's page."""
    return str(row.sentence).partition(":")[2]
