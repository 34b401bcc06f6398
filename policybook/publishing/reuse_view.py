"""Passages that share wording, side by side with the shared words marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from policybook.analysis.reuse import Reuse, reuse_table
from policybook.charts.theme import download_link
from policybook.corpus.model import records
from policybook.publishing.book import Book
from policybook.publishing.document_page import HTML_LANGUAGE, group_by
from policybook.publishing.markup import Html, mark_spans, render

#: At most so many pairs of passages are shown, those with most words in common first; the data have all.
REUSE_SHOWN = 40


def show_reuse(book: Book, found: Sequence[Reuse]) -> Html:
    """Return the pairs of passages with their shared words marked, in the sentences that may be shown."""
    ranked = sorted(found, key=lambda one: (-one.words, one.left, one.right))
    languages = dict(zip(book.corpus.documents["document"], book.corpus.documents["language"], strict=True))
    sentences = group_by(book.corpus.sentences, "passage")
    rows = []
    for one in ranked[:REUSE_SHOWN]:
        language = languages[one.left.split(":")[0]]
        left = [(span.left_start, span.left_end) for span in one.spans]
        right = [(span.right_start, span.right_end) for span in one.spans]
        sides = [
            {"passage": passage, "pieces": _pieces(book, sentences[passage], spans)}
            | dict(zip(("document", "anchor"), passage.split(":"), strict=True))
            for passage, spans in ((one.left, left), (one.right, right))
        ]
        rows.append({"words": one.words, "share": f"{100 * one.share:.0f} %", "sides": sides,
                     "unit": "characters" if language == "zh" else "words",
                     "language": HTML_LANGUAGE[language]})  # fmt: skip
    download = download_link(reuse_table(ranked), "reuse") if ranked else ""
    titles = dict(zip(book.corpus.documents["document"], book.corpus.documents["title"], strict=True))
    return render("reuse", rows=rows, titles=titles, unshown=len(ranked) - len(rows), download=download)


def _pieces(book: Book, sentences: pd.DataFrame, spans: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return the sentences of a passage that hold shared words, these marked; without text where it may not be shown.

    `spans` are offsets in the passage's text, as are the beginning and end of its sentences.
    """
    pieces: list[dict[str, Any]] = []
    for row in records(sentences):
        size = len(row.text)
        inside = [
            (max(begin - row.start, 0), min(end - row.start, size))
            for begin, end in spans
            if begin < row.end and end > row.start
        ]
        if inside:
            shown = row.sentence in book.quotable
            marked = [(begin, end, "shared wording") for begin, end in inside]
            pieces.append({"id": row.sentence, "text": mark_spans(row.text, marked) if shown else None})
    return pieces
