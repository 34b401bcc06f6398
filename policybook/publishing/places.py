"""Where coded things stand: links from other pages to passages, document by document."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from policybook.corpus.model import records


def address(sentence: str) -> str:
    """Return the address of a sentence's passage, from a page in chapters/ or comparisons/."""
    document, _, place = sentence.partition(":")
    return f"../documents/{document}.html#{place.partition('.')[0]}"


def number(sentence: str) -> int:
    """Return the number of a sentence's paragraph."""
    return int(sentence.partition(":")[2].partition(".")[0].removeprefix("p"))


def passages_by_document(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return, for every document in which rows of a coded table stand, how many do and a link to each passage."""
    found: list[dict[str, Any]] = []
    for document, some in rows.groupby("document", sort=False):
        times = Counter((address(row.sentence), number(row.sentence)) for row in records(some))
        links = [{"href": href, "number": n, "times": count} for (href, n), count in times.items()]
        found.append({"document": str(document), "times": len(some), "links": links})
    return found


def held_by_document(rows: pd.DataFrame, held: pd.DataFrame) -> list[dict[str, Any]]:
    """Return, for every document, how many rows there are, how many of them are held, and links to these."""
    by_document = {one["document"]: one for one in passages_by_document(held)}
    found = []
    for document, some in rows.groupby("document", sort=False):
        one = by_document.get(str(document), {"times": 0, "links": []})
        found.append({"document": str(document), "times": len(some), "held": one["times"], "links": one["links"]})
    return found
