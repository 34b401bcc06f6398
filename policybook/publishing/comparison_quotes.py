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
from policybook.publishing.document_page import HTML_LANGUAGE
from policybook.publishing.markup import Html, mark_spans, render
from policybook.words.comparisons import row_name

#: A cell of the side-by-side reading quotes at most this many sentences and links to the rest.
QUOTES_PER_CELL = 4
#: The evidence of a row quotes at most this many sentences a side and refers to the rest.
QUOTES_PER_ROW = 25


@dataclass(frozen=True)
class Quotes:
    """The sentences of a book as quotations with the words marked that they are quoted for."""

    book: Book

    def of(self, sentences: Iterable[str], concepts: Collection[str] | None = None) -> list[dict[str, Any]]:
        """Return quotations of `sentences` (ids) in which the counted mentions of `concepts` are marked, or all."""
        return [self._quote(identifier, concepts) for identifier in sentences]

    def some(
        self, sentences: Sequence[str], concepts: Collection[str] | None, most: int, in_turn: bool = False
    ) -> dict[str, Any]:
        """Return at most so many quotations, and references to the other sentences by document.

        Quotations stand in reading order, or with one of every document before any has a second.
        """
        ordered = _in_turn(sentences) if in_turn else list(sentences)
        more = sorted(ordered[most:], key=lambda identifier: identifier.split(":")[0])  # stable: reading order stays
        references = [
            {"sentence": one, "anchor": self._sentences[one].passage.split(":")[1], "document": one.split(":")[0]}
            for one in more
        ]
        by_document = [(d, list(rest)) for d, rest in groupby(references, key=lambda one: str(one["document"]))]
        return {
            "quotes": self.of(ordered[:most], concepts),
            "number": len(sentences),
            "n_more": len(more),
            "more": by_document,
        }

    def mentioning(self, side: BlockCounts) -> list[dict[str, Any]]:
        """Return quotations of every sentence of a side that mentions anything, compared or not."""
        mentions = self.book.corpus.mentions
        found = mentions.loc[mentions["block"].isin(side.blocks["block"]), "sentence"]
        return self.of(dict.fromkeys(found))

    def _quote(self, identifier: str, concepts: Collection[str] | None) -> dict[str, Any]:
        row = self._sentences[identifier]
        spans = [
            (mention.start, mention.end, self._names[mention.concept])
            for mention in self._mentions.get(identifier, ())
            if concepts is None or (mention.concept in concepts and mention.counted)
        ]
        return {
            "id": identifier,
            "document": row.document,
            "anchor": row.passage.split(":")[1],
            "language": HTML_LANGUAGE[self._languages[row.document]],
            "text": mark_spans(row.text, spans),
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        return {one.id: row_name(("concept", one.id), self.book.scheme) for one in self.book.scheme.concepts}

    @cached_property
    def _sentences(self) -> dict[str, Any]:
        return {row.sentence: row for row in records(self.book.corpus.sentences)}

    @cached_property
    def _mentions(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for mention in records(self.book.corpus.mentions):
            found.setdefault(mention.sentence, []).append(mention)
        return found

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
            {"label": label, **quotes.some(found, concepts, QUOTES_PER_ROW)}
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
        {
            "label": theme.label,
            "cells": [
                quotes.some(side.evidence(in_theme[theme.id]), in_theme[theme.id], QUOTES_PER_CELL, in_turn=True)
                for side in sides
            ],
        }
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


def _in_turn(sentences: Sequence[str]) -> list[str]:
    """Return sentences so that every document has its first before any has its second."""
    seen: Counter[str] = Counter()
    rank = []
    for identifier in sentences:
        document = identifier.split(":")[0]
        rank.append(seen[document])
        seen[document] += 1
    return [identifier for _, identifier in sorted(zip(rank, sentences, strict=True), key=lambda pair: pair[0])]
