"""Every error of the rules against the hand coding, sentence by sentence, for a reader to go through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis.outcomes import Outcomes
from policybook.charts.theme import download_link
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.document_page import HTML_LANGUAGE
from policybook.publishing.markup import Html, mark_spans, render

#: What errors there are, in the order of the list: heading, and what an error of that kind is.
KINDS = {
    "concept": "Concepts",
    "quantity": "Quantities",
    "actor": "Actors",
    "directive": "Directives",
    "instrument": "Instruments of directives that both have",
    "subtype": "Subtypes of instruments that both have",
    "strength": "Strengths of directives that both have",
}
OUTCOMES = {"missed": "missed", "extra": "found, but not there by hand", "differs": "not the same"}
COLUMNS = ("error", "sentence", "outcome", "gold", "found", "gold_text", "found_text")


def list_errors(outcomes: Outcomes, book: Book, *, part: str) -> Html:
    """Return the errors of one part, grouped by what went wrong and by sentence, with all of them as CSV.

    A sentence is shown where it may be: written ones are ours, of the received those that the book may quote.
    """
    rows = pd.DataFrame(find_errors(outcomes, book.quotable, part=part), columns=[*COLUMNS, "start", "end"])
    sentences = {row.sentence: row for row in records(outcomes.sentences)}
    groups = []
    for kind, label in KINDS.items():
        some = rows[rows["error"] == kind]
        entries = [
            _entry(sentences[str(identifier)], group, kind, book) for identifier, group in _by_sentence(some, kind)
        ]
        groups.append({"id": kind, "label": label, "number": len(some), "entries": entries})
    return render("errors", groups=groups, part=part, download=download_link(rows[list(COLUMNS)], f"errors-{part}"))


def find_errors(outcomes: Outcomes, quotable: frozenset[str], *, part: str) -> Iterator[dict[str, Any]]:
    """Yield the errors of one part with COLUMNS, and where the words concerned stand, `start` and `end`.

    Words of a sentence that may not be shown are left out.
    """
    own = set(outcomes.sentences.loc[outcomes.sentences["source"] == "written", "sentence"])
    rows = outcomes.rows[outcomes.rows["part"] == part]
    for row in records(rows):
        shown = row.sentence in own or row.sentence in quotable
        starts = [n for n in (row.gold_start, row.found_start) if n >= 0]
        ends = [
            n + len(text) for n, text in ((row.gold_start, row.gold_text), (row.found_start, row.found_text)) if n >= 0
        ]
        where = {"start": min(starts), "end": max(ends)} if shown and starts else {"start": -1, "end": -1}
        words = {"gold_text": row.gold_text if shown else "", "found_text": row.found_text if shown else ""}
        for error, outcome, gold, found in _errors_of(row):
            yield {
                "error": error, "sentence": row.sentence, "outcome": outcome, "gold": gold, "found": found, **words,
                **where,
            }  # fmt: skip


def _errors_of(row: Any) -> Iterator[tuple[str, str, str, str]]:
    """Yield error, outcome, value by hand and value found of one row of outcomes; none for a right one."""
    gold, found = row.gold, row.found
    if row.what == "directive":
        gold = f"{row.gold}, {_instrument(row.gold_instrument, row.gold_subtype)}" if row.gold else ""
        found = f"{row.found}, {_instrument(row.found_instrument, row.found_subtype)}" if row.found else ""
    if row.outcome != "hit":
        yield row.what, row.outcome, gold, found
    elif row.what == "directive":
        if row.gold_instrument != row.found_instrument:
            yield "instrument", "differs", row.gold_instrument, row.found_instrument
        elif row.gold_subtype != row.found_subtype:
            yield "subtype", "differs", row.gold_subtype, row.found_subtype
        if row.gold != row.found:
            yield "strength", "differs", row.gold, row.found


def _by_sentence(rows: pd.DataFrame, kind: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the errors of each sentence; those of instruments once for each pair of them, pairs together."""
    if kind == "instrument":
        for _, pair in rows.groupby(["gold", "found"]):
            yield from ((str(key), group) for key, group in pair.groupby("sentence", sort=False))
    else:
        yield from ((str(key), group) for key, group in rows.groupby("sentence", sort=False))


def _entry(sentence: Any, errors: pd.DataFrame, kind: str, book: Book) -> dict[str, Any]:
    received = sentence.source == "received"
    document, _, place = sentence.sentence.partition(":")
    first = errors.iloc[0]
    return {
        "id": sentence.sentence,
        "anchor": f"errors-instrument-{first['gold']}-{first['found']}" if kind == "instrument" else "",
        "href": f"../documents/{document}.html#{place.rpartition('.')[0]}" if received else "",
        "language": HTML_LANGUAGE[sentence.language],
        "text": _marked(sentence.text, errors) if not received or sentence.sentence in book.quotable else None,
        "errors": [
            {
                "outcome": OUTCOMES[row.outcome],
                "gold": _side(row.gold_text, row.gold),
                "found": _side(row.found_text, row.found),
            }
            for row in records(errors)
        ],
    }  # fmt: skip


def _side(text: str, value: str) -> dict[str, str] | None:
    return {"text": text, "value": value} if value else None


def _marked(text: str, errors: pd.DataFrame) -> Markup:
    """Return a sentence with the words concerned marked; overlapping ones as one mark."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((row.start, row.end) for row in records(errors) if row.start >= 0):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return mark_spans(text, [(start, end, "what the codes differ about") for start, end in merged])


def _instrument(instrument: str, subtype: str) -> str:
    return f"{instrument} ({subtype})" if subtype else instrument
