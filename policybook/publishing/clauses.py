"""Directives as quotations: the clause, and a link to its passage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from policybook.corpus.model import records
from policybook.publishing.document_page import HTML_LANGUAGE
from policybook.publishing.places import address, number


def quote_clauses(
    directives: pd.DataFrame, languages: Mapping[str, str], quotable: Collection[str], most: int
) -> dict[str, Any]:
    """Return at most `most` clauses that may be shown, as clauses.html takes them, and how many more there are."""
    shown = directives[directives["sentence"].isin(quotable)]
    quotes = [
        {
            "text": row.text,
            "id": row.sentence,
            "href": address(row.sentence),
            "document": row.document,
            "number": number(row.sentence),
            "language": HTML_LANGUAGE[languages[row.document]],
        }
        for row in records(shown.head(most))
    ]
    return {"quotes": quotes, "more": len(directives) - len(quotes)}
