"""The sentences that rows of a comparison were counted from: evidence, and the side-by-side reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from policybook.analysis.block_counts import BlockCounts, RowKey
from policybook.analysis.estimates import Estimates
from policybook.analysis.rows import members
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.comparison_words import row_name
from policybook.publishing.document_page import HTML_LANGUAGE, group_by, mark_mentions
from policybook.publishing.markup import Html, render

#: A cell of the side-by-side reading quotes at most this many sentences and links to the rest.
QUOTES_PER_CELL = 4


@dataclass(frozen=True)
class Quotes:
    """The sentences of a book as quotations with the words marked that they are quoted for."""

    book: Book

    def of(self, sentences: Iterable[str], concepts: Collection[str] | None = None) -> list[dict[str, Any]]:
        """Return quotations of `sentences` (ids) in which the counted mentions of `concepts` are marked, or all."""
        quotes = []
        for identifier in sentences:
            row = self._sentences[identifier]
            found = self._mentions[identifier]
            if concepts is not None:
                found = found[found["concept"].isin(concepts) & found["counted"].astype(bool)]
            quotes.append(
                {
                    "id": identifier,
                    "document": row.document,
                    "anchor": row.passage.split(":")[1],
                    "language": HTML_LANGUAGE[self._languages[row.document]],
                    "text": mark_mentions(self.book, row.text, found),
                }
            )
        return quotes

    def mentioning(self, side: BlockCounts) -> list[dict[str, Any]]:
        """Return quotations of every sentence of a side that mentions anything, compared or not."""
        mentions = self.book.corpus.mentions
        found = mentions.loc[mentions["block"].isin(side.blocks["block"]), "sentence"]
        return self.of(dict.fromkeys(found))

    @cached_property
    def _sentences(self) -> dict[str, Any]:
        return {row.sentence: row for row in records(self.book.corpus.sentences)}

    @cached_property
    def _mentions(self) -> dict[str, Any]:
        return group_by(self.book.corpus.mentions, "sentence")

    @cached_property
    def _languages(self) -> dict[str, str]:
        documents = self.book.corpus.documents
        return dict(zip(documents["document"], documents["language"], strict=True))


def show_evidence(quotes: Quotes, estimates: Estimates, keys: Sequence[RowKey], name: str, prefix: str = "") -> Html:
    """Return for every row the sentences on each side that it was counted from, folded.

    `prefix` tells the ids of several tables on one page apart. What has a `name` is folded together under it.
    """
    rows = []
    for family, identifier in keys:
        key = (family, identifier)
        concepts = frozenset(members(estimates.sides[0], key, estimates.usable))
        cells = [
            {"label": label, "quotes": quotes.of(found, concepts)}
            for label, found in zip(estimates.labels, estimates.evidence(key), strict=True)
        ]
        label = row_name(key, quotes.book.scheme)
        rows.append({"id": f"{prefix}{family}-{identifier}", "family": family, "label": label, "cells": cells})
    return render("evidence", rows=rows, name=name, prefix=prefix)


def show_reading(quotes: Quotes, estimates: Estimates) -> Html:
    """Return themes of the smallest side, each with the sentences of every side; themes only others have are named."""
    sides, labels, scheme = estimates.sides, estimates.labels, quotes.book.scheme
    smallest = min(range(len(sides)), key=lambda n: len(sides[n].blocks))
    in_theme = {theme.id: [c.id for c in scheme.concepts if c.theme == theme.id] for theme in scheme.themes}
    present = [theme for theme in scheme.themes if sides[smallest].evidence(in_theme[theme.id])]
    rows = [
        {"label": theme.label, "cells": [_cell(quotes, side, in_theme[theme.id]) for side in sides]}
        for theme in present
    ]
    return render(
        "reading",
        sides=labels,
        rows=rows,
        smallest=labels[smallest],
        absent=[theme.label for theme in scheme.themes if theme not in present],
        whole=[] if present else quotes.mentioning(sides[smallest]),
    )


def _cell(quotes: Quotes, side: BlockCounts, concepts: Sequence[str]) -> dict[str, Any]:
    """Return a few quotations, of every document in turn, and references to the rest by document."""
    found = _in_turn(quotes.of(side.evidence(concepts), concepts))
    more = sorted(found[QUOTES_PER_CELL:], key=lambda quote: str(quote["document"]))
    by_document = [(d, list(rest)) for d, rest in groupby(more, key=lambda quote: quote["document"])]
    return {"quotes": found[:QUOTES_PER_CELL], "n_more": len(more), "more": by_document}


def _in_turn(quotes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return quotations so that every document has its first before any has its second."""
    seen: Counter[str] = Counter()
    rank = []
    for quote in quotes:
        rank.append(seen[quote["document"]])
        seen[quote["document"]] += 1
    return [quote for _, quote in sorted(zip(rank, quotes, strict=True), key=lambda pair: pair[0])]
