"""What the notebook templates use, under one name."""

from __future__ import annotations

from policybook.charts.series import series_chart
from policybook.publishing.actors_page import ActorsPage
from policybook.publishing.book import Book, open_book
from policybook.publishing.check import check_project
from policybook.publishing.cite import STYLES, make_reference
from policybook.publishing.comparison_page import ComparisonPage
from policybook.publishing.corpus_page import CorpusPage
from policybook.publishing.document_page import DocumentPage
from policybook.publishing.front_page import show_origins, ways
from policybook.publishing.instruments_page import InstrumentsPage
from policybook.publishing.markup import Html, glue, render
from policybook.publishing.tables import show_table
from policybook.publishing.terms_page import TermsPage

__all__ = [
    "ActorsPage",
    "Book",
    "ComparisonPage",
    "CorpusPage",
    "DocumentPage",
    "InstrumentsPage",
    "TermsPage",
    "glue",
    "made",
    "open_book",
    "references",
    "series_chart",
    "show_origins",
    "show_table",
    "ways",
]

#: A page that is built once cannot know the day on which it is read.
ACCESSED = "accessed: your date"


def made(template: str, page: str, **parameters: object) -> Html:
    """Return the table that says how a page was made: its template, its parameters, the command."""
    return render("made", template=template, page=page, parameters=parameters)


def references(book: Book, target: str = "") -> Html:
    """Return the reference of a target (see `policybook cite`; default: the book) in every style."""
    reference = make_reference(book.project, target, check_project(book.project))
    rows = [(name, reference.format(style, ACCESSED)) for style, name in STYLES.items()]
    return render("references", rows=rows)
