"""What the measured texts are, how many there are, and what is missing, for the page of measured reports."""

from __future__ import annotations

import pandas as pd

from policybook.publishing.markup import Html
from policybook.publishing.reports_data import Reports, span
from policybook.publishing.reports_evidence import web_address
from policybook.publishing.reports_words import capitalise
from policybook.publishing.tables import show_table
from policybook.words.say import listed


def texts_sentence(reports: Reports) -> str:
    """Return how many documents of which places and years these are."""
    parts = []
    for place, years in reports.years.items():
        number = len(reports.counts.select(place=place).documents)
        parts.append(f"{number} of {reports.name(place)} ({span(years)})")
    outlines = len(reports.outlines.documents) if reports.outlines else 0
    beside = f" Beside them stand {outlines} texts of the kind “{reports.settings.outlines}”." if outlines else ""
    total = len(reports.counts.documents)
    return f"{total} texts of the kind “{reports.settings.kind}”: {listed(parts)}.{beside}"


def missing_sentence(reports: Reports) -> str:
    """Return which years each place lacks."""
    lacking = {reports.name(place): reports.missing_years(place) for place in reports.places}
    told = [f"{capitalise(name)} lacks {listed([str(y) for y in years])}." for name, years in lacking.items() if years]
    return " ".join(told) or "No place lacks a year."


def addresses_sentence(reports: Reports) -> str:
    """Return of how many documents the official address is known."""
    documents = reports.measured.documents
    known = sum(bool(web_address(address)) for address in documents["address"])
    return f"The official address is known of {known} of {len(documents)}."


def early_sentence(reports: Reports) -> str:
    """Return what is known of documents from a year in which an era began: years do not tell them apart."""
    told = []
    for era in reports.book.vocabulary.eras:
        year = era.begins[:4]
        mine = reports.counts.documents[reports.counts.documents["year"] == year]
        if era.id in reports.eras and not era.begins.endswith("-01-01") and len(mine):
            counted = listed([reports.era_years(one) for one in reports.eras if one in set(mine["era"])])
            began = f"The era {reports.era_years(era.id)} began on {era.begins}"
            told.append(f"{began}; the {len(mine)} documents of {year} are counted to {counted}.")
    return " ".join(told)


def rests_sentence(reports: Reports) -> str:
    """Return what the tables are, and who can check them."""
    measured = reports.measured
    return (
        f"On data/measured/{reports.settings.corpus}: {len(measured.documents)} documents and "
        f"{len(measured.blocks):,} blocks, made by {measured.record.made_by}. The tables hold numbers and the titles "
        "of documents, no sentence and no place in a text. Whoever has the texts, byte for byte, can make the same "
        "tables again, and the check of the project holds the tables against texts at hand:"
    )


def sides_table(reports: Reports) -> Html:
    """Return how many documents and blocks each place has, era by era."""
    rows = []
    for place in reports.places:
        for era in (None, *reports.eras):
            where = {"place": place, **({"era": era} if era else {})}
            counts, within = (one.counts.select(where) for one in reports.denominators)
            rows.append(
                {
                    "place": capitalise(reports.name(place)),
                    "era": reports.era_years(era),
                    "documents": len(counts.documents),
                    "blocks": len(counts.blocks),
                    "within": len(within.blocks),
                    "mentions": int(counts.mentions.sum()),
                    "href": "#table-documents",
                }
            )
    labels = {
        "place": "Place", "era": "Years", "documents": "Documents", "blocks": "Blocks", "within": "of the field",
        "mentions": "Mentions",
    }  # fmt: skip
    links = dict.fromkeys(("documents", "blocks", "within", "mentions"), "href")
    return show_table(pd.DataFrame(rows), labels, caption="What each place has", name="sides", links=links)
