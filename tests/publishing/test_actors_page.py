from __future__ import annotations

import pytest
from coded_books import CHINESE, ENGLISH, BookOf, ids, joined, links, shown

from policybook.charts.theme import Chart
from policybook.project import Project
from policybook.publishing.actors_page import ActorsPage
from policybook.publishing.book import Book, open_book


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
