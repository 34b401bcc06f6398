from __future__ import annotations

import re

import pytest
from coded_books import CHINESE, ENGLISH, BookOf, ids, joined, links, shown

from policybook.analysis.directives import MIN_ROWS
from policybook.charts.theme import Chart
from policybook.corpus.corpus import Corpus
from policybook.pages.actors import VIEWS, ActorsPage, InstrumentsPage
from policybook.pages.book import Book, open_book
from policybook.project import Project


@pytest.fixture(scope="module")
def ours(project: Project) -> ActorsPage:
    """The page of this book."""
    return ActorsPage(open_book(project.root))


@pytest.fixture(scope="module")
def small(book_of: BookOf) -> ActorsPage:
    """The page of three short texts."""
    english, chinese = book_of(ENGLISH), book_of(CHINESE, language="zh")
    return ActorsPage(Book(english.project, english.vocabulary, english.coding, joined(english.corpus, chinese.corpus)))


def test_an_actor_is_one_in_both_languages(small: ActorsPage) -> None:
    text = shown(small.table())
    assert "国务院" in text and "State Council" in text
    assert "财政部" in text and "Ministry of Finance" in text


def test_those_in_one_sentence_are_together(small: ActorsPage) -> None:
    assert "State Council" in shown(small.pairs()) and "Ministry of Finance" in shown(small.pairs())
    chart = small.network_chart()
    assert isinstance(chart, Chart)
    assert "State Council" in chart.alt


def test_who_is_asked_to_do_what_is_quoted(small: ActorsPage) -> None:
    text = shown(small.asked())
    assert "support the pilot cities with 3 billion yuan" in text
    assert "Ministry of Finance" in text
    total = small.addressed.drop_duplicates(["sentence", "start"])
    assert f"Of {len(total)} directives" in str(small.values["asked"])


def test_every_link_leads_to_a_passage_or_to_something_on_the_page(ours: ActorsPage) -> None:
    pieces = [ours.kinds(), ours.table(), ours.network_chart(), ours.pairs(), ours.asked()]
    anchors = [i for piece in (ours.table(), ours.pairs(), ours.asked()) for i in ids(piece)]
    assert len(set(anchors)) == len(anchors)
    inner = [link for piece in pieces for link in links(piece)]
    assert {link.removeprefix("#") for link in inner if link.startswith("#")} <= set(anchors)
    assert all(link.startswith(("#", "../documents/")) for link in inner)


def test_the_table_counts_every_time_an_actor_is_named(ours: ActorsPage) -> None:
    assert f"{len(ours.named)} times" == ours.values["mentions"]
    assert len([i for i in ids(ours.table()) if i.startswith("actor-")]) == ours.named["actor"].nunique()


def test_pairs_have_as_many_passages_as_they_stand_together(ours: ActorsPage) -> None:
    first = next(iter(ours.network.edges(data="weight")))
    within = [set(ours.named.loc[ours.named["actor"] == actor, "sentence"]) for actor in first[:2]]
    assert len(within[0] & within[1]) == first[2]
    assert f"pair-{first[0]}-and-{first[1]}" in ids(ours.pairs())


@pytest.mark.parametrize("within", ["sentence", "passage"])
def test_a_passage_joins_more_than_a_sentence(ours: ActorsPage, within: str) -> None:
    page = ActorsPage(ours.book, within)  # type: ignore[arg-type]
    assert page.network.number_of_edges() >= ours.network.number_of_edges()
    assert f"stand in one {within}" in str(page.values["together"])


def test_a_book_without_actors_says_so(book_of: BookOf) -> None:
    page = ActorsPage(book_of({"a": "The river is wide."}))
    assert page.values["named"] == "No actor is named in these documents."
    pieces = [page.kinds(), page.cautions(), page.table(), page.network_chart(), page.pairs(), page.asked()]
    assert all(isinstance(piece._repr_html_(), str) for piece in pieces)
    assert not isinstance(page.network_chart(), Chart)


@pytest.fixture(scope="module")
def instruments_page_ours(project: Project) -> InstrumentsPage:
    """The page of this book."""
    return InstrumentsPage(open_book(project.root))


@pytest.fixture(scope="module")
def instruments_page_small(book_of: BookOf) -> InstrumentsPage:
    """The page of three short texts."""
    english, chinese = book_of(ENGLISH), book_of(CHINESE, language="zh")
    corpus = joined(english.corpus, chinese.corpus)
    return InstrumentsPage(Book(english.project, english.vocabulary, english.coding, corpus))


def test_every_directive_is_counted_once_in_every_view(instruments_page_ours: InstrumentsPage, coded: Corpus) -> None:
    total = len(coded.directives)
    assert str(total) in str(instruments_page_ours.values["directives"])
    for view in ("document", "strength", "speaker", "plan", "era"):
        last = re.findall(r'<td class="pb-number">(\d+)</td></tr>', instruments_page_ours.table(view)._repr_html_())
        assert sum(map(int, last)) == total, view


def test_every_number_leads_to_its_clauses(instruments_page_ours: InstrumentsPage) -> None:
    anchors = ids(instruments_page_ours.evidence())
    assert len(set(anchors)) == len(anchors)
    pieces = [instruments_page_ours.subtypes(), instruments_page_ours.chart_documents(), instruments_page_ours.chart_speakers(), *(instruments_page_ours.table(view) for view in VIEWS)]
    inner = [link for piece in pieces for link in links(piece)]
    assert len(inner) > 50
    assert {link.removeprefix("#") for link in inner} <= set(anchors)


def test_the_clauses_behind_a_cell_are_as_many_as_it_says(instruments_page_ours: InstrumentsPage) -> None:
    html = instruments_page_ours.evidence()._repr_html_()
    for value in instruments_page_ours.book.corpus.known["document"]:
        found = instruments_page_ours.directives[(instruments_page_ours.directives["document"] == value) & (instruments_page_ours.directives["instrument"] == "supply")]
        cell = re.search(
            rf'<details class="pb-evidence" id="evidence-document-{value}-supply">.*?</details>', html, re.S
        )
        assert (cell[0].count("<li") if cell else 0) == len(found)


def test_a_text_too_small_has_no_bar_and_no_share(instruments_page_ours: InstrumentsPage) -> None:
    sizes = instruments_page_ours.book.corpus.blocks.groupby("document").size()
    chart = instruments_page_ours.chart_documents()
    assert isinstance(chart, Chart)
    assert set(chart.data["group"]) == {name for name, blocks in sizes.items() if blocks >= 12}
    said = shown(instruments_page_ours.cautions("document"))
    assert all((name in said) == (blocks < 12) for name, blocks in sizes.items())


def test_short_texts_are_counted_and_not_charted(instruments_page_small: InstrumentsPage) -> None:
    assert not isinstance(instruments_page_small.chart_documents(), Chart)
    assert not isinstance(instruments_page_small.chart_speakers(), Chart)
    assert "%" not in shown(instruments_page_small.table("document")).partition("interval")[2]
    assert f"{MIN_ROWS} directives" in shown(instruments_page_small.cautions("document"))
    assert "12 new schools" in shown(instruments_page_small.evidence())


def test_only_so_many_clauses_are_listed_and_the_rest_is_counted(instruments_page_small: InstrumentsPage) -> None:
    one = InstrumentsPage(instruments_page_small.book, most=1)
    text = shown(one.evidence())
    assert "more in the data" in text


def test_clauses_of_sentences_that_may_not_be_shown_are_left_out(instruments_page_small: InstrumentsPage) -> None:
    page = InstrumentsPage(instruments_page_small.book)
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


def test_the_answer_gives_shares_of_all(instruments_page_ours: InstrumentsPage) -> None:
    numbers = [int(n) for n in re.findall(r"(\d+) \(\d+ %\)", str(instruments_page_ours.values["answer"]))]
    assert sum(numbers) == len(instruments_page_ours.directives)
