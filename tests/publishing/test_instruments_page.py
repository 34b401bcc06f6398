from __future__ import annotations

import re

import pytest
from coded_books import CHINESE, ENGLISH, BookOf, ids, joined, links, shown

from policybook.analysis.coded_shares import MIN_ROWS
from policybook.charts.theme import Chart
from policybook.corpus.model import Corpus
from policybook.project import Project
from policybook.publishing.book import Book, open_book
from policybook.publishing.instrument_views import VIEWS
from policybook.publishing.instruments_page import InstrumentsPage


@pytest.fixture(scope="module")
def ours(project: Project) -> InstrumentsPage:
    """The page of this book."""
    return InstrumentsPage(open_book(project.root))


@pytest.fixture(scope="module")
def small(book_of: BookOf) -> InstrumentsPage:
    """The page of three short texts."""
    english, chinese = book_of(ENGLISH), book_of(CHINESE, language="zh")
    corpus = joined(english.corpus, chinese.corpus)
    return InstrumentsPage(Book(english.project, english.vocabulary, english.coding, corpus))


def test_every_directive_is_counted_once_in_every_view(ours: InstrumentsPage, coded: Corpus) -> None:
    total = len(coded.directives)
    assert str(total) in str(ours.values["directives"])
    for view in ("document", "strength", "speaker", "plan", "era"):
        last = re.findall(r'<td class="pb-number">(\d+)</td></tr>', ours.table(view)._repr_html_())
        assert sum(map(int, last)) == total, view


def test_every_number_leads_to_its_clauses(ours: InstrumentsPage) -> None:
    anchors = ids(ours.evidence())
    assert len(set(anchors)) == len(anchors)
    pieces = [ours.subtypes(), ours.chart_documents(), ours.chart_speakers(), *(ours.table(view) for view in VIEWS)]
    inner = [link for piece in pieces for link in links(piece)]
    assert len(inner) > 50
    assert {link.removeprefix("#") for link in inner} <= set(anchors)


def test_the_clauses_behind_a_cell_are_as_many_as_it_says(ours: InstrumentsPage) -> None:
    html = ours.evidence()._repr_html_()
    for value in ours.book.corpus.known["document"]:
        found = ours.directives[(ours.directives["document"] == value) & (ours.directives["instrument"] == "supply")]
        cell = re.search(
            rf'<details class="pb-evidence" id="evidence-document-{value}-supply">.*?</details>', html, re.S
        )
        assert (cell[0].count("<li") if cell else 0) == len(found)


def test_a_text_too_small_has_no_bar_and_no_share(ours: InstrumentsPage) -> None:
    sizes = ours.book.corpus.blocks.groupby("document").size()
    chart = ours.chart_documents()
    assert isinstance(chart, Chart)
    assert set(chart.data["group"]) == {name for name, blocks in sizes.items() if blocks >= 12}
    said = shown(ours.cautions("document"))
    assert all((name in said) == (blocks < 12) for name, blocks in sizes.items())


def test_short_texts_are_counted_and_not_charted(small: InstrumentsPage) -> None:
    assert not isinstance(small.chart_documents(), Chart)
    assert not isinstance(small.chart_speakers(), Chart)
    assert "%" not in shown(small.table("document")).partition("interval")[2]
    assert f"{MIN_ROWS} directives" in shown(small.cautions("document"))
    assert "12 new schools" in shown(small.evidence())


def test_only_so_many_clauses_are_listed_and_the_rest_is_counted(small: InstrumentsPage) -> None:
    one = InstrumentsPage(small.book, most=1)
    text = shown(one.evidence())
    assert "more in the data" in text


def test_clauses_of_sentences_that_may_not_be_shown_are_left_out(small: InstrumentsPage) -> None:
    page = InstrumentsPage(small.book)
    hidden = page.directives["sentence"].iloc[0]
    page.book.__dict__["quotable"] = frozenset(page.book.quotable - {hidden})
    try:
        assert hidden not in shown(page.evidence())
    finally:
        del page.book.__dict__["quotable"]


def test_a_book_without_directives_says_so(book_of: BookOf) -> None:
    page = InstrumentsPage(book_of({"a": "The river is wide."}))
    assert page.values["answer"] == "No directive was found in these documents."
    assert "no directive was found" in shown(page.evidence())
    pieces = [page.subtypes(), page.chart_documents(), page.chart_speakers(), *(page.table(view) for view in VIEWS)]
    assert all(isinstance(piece._repr_html_(), str) for piece in pieces)


def test_the_answer_gives_shares_of_all(ours: InstrumentsPage) -> None:
    numbers = [int(n) for n in re.findall(r"(\d+) \(\d+ %\)", str(ours.values["answer"]))]
    assert sum(numbers) == len(ours.directives)
