"""What the front page shows besides its prose."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from policybook.analysis.facts import Fact
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.publishing.tables import show_table


def show_origins(facts: Iterable[Fact], caption: str, name: str) -> Html:
    """Return a table of figures with the origin of each, linked where there is an address to cite."""
    rows = [
        {
            "what": f.what,
            "year": str(f.year),
            "value": f.printed,
            "vintage": f.vintage,
            "origin": f.origin,
            "url": f.url,
        }
        for f in facts
    ]
    labels = {"what": "Figure", "year": "Year", "value": "%", "vintage": "Vintage", "origin": "Origin"}
    data = pd.DataFrame(rows, columns=["what", "year", "value", "vintage", "origin", "url"])
    return show_table(data, labels, caption=caption, name=name, links={"origin": "url"})


def ways(book: Book) -> Html:
    """Return the comparisons with their questions, and the documents, as links from the front page."""
    return render("ways", comparisons=book.comparisons, documents=book.corpus.documents.to_dict("records"))
