"""What the notebook templates use, under one name."""

from __future__ import annotations

from policybook.publishing.book import Book, open_book
from policybook.publishing.comparison_page import ComparisonPage
from policybook.publishing.corpus_page import CorpusPage
from policybook.publishing.document_page import DocumentPage
from policybook.publishing.markup import Html, glue, render
from policybook.publishing.tables import show_table

__all__ = [
    "Book",
    "ComparisonPage",
    "CorpusPage",
    "DocumentPage",
    "glue",
    "made",
    "open_book",
    "show_table",
]


def made(template: str, page: str, **parameters: object) -> Html:
    """Return the table that says how a page was made: its template, its parameters, the command."""
    return render("made", template=template, page=page, parameters=parameters)
