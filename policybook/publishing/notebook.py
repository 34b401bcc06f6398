"""What the notebook templates of any book use, under one name."""

from __future__ import annotations

from policybook.publishing.actors_page import ActorsPage
from policybook.publishing.book import Book, open_book
from policybook.publishing.check import check_project
from policybook.publishing.cite import STYLES, make_reference
from policybook.publishing.codebook_page import CodebookPage
from policybook.publishing.comparison_page import ComparisonPage
from policybook.publishing.corpus_page import CorpusPage
from policybook.publishing.document_page import DocumentPage
from policybook.publishing.front_page import ways
from policybook.publishing.instruments_page import InstrumentsPage
from policybook.publishing.markup import Html, glue, render
from policybook.publishing.methods_page import MethodsPage
from policybook.publishing.numbers import assumed, computed, in_words, of_corpus, printed, tally, worked_out
from policybook.publishing.outside_texts import OutsideTexts
from policybook.publishing.similarity_page import SimilarityPage
from policybook.publishing.tables import show_table
from policybook.publishing.terms_page import TermsPage
from policybook.publishing.validation_page import ValidationPage
from policybook.words.comparisons import missing_plans, plans_sentence

__all__ = [
    "ActorsPage",
    "Book",
    "CodebookPage",
    "ComparisonPage",
    "CorpusPage",
    "DocumentPage",
    "InstrumentsPage",
    "MethodsPage",
    "OutsideTexts",
    "SimilarityPage",
    "TermsPage",
    "ValidationPage",
    "assumed",
    "computed",
    "glue",
    "in_words",
    "made",
    "missing_plans",
    "of_corpus",
    "open_book",
    "plans_sentence",
    "printed",
    "references",
    "show_table",
    "tally",
    "ways",
    "worked_out",
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
