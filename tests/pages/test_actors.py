from __future__ import annotations

import re

import pandas as pd
import pytest
from coded_books import CHINESE, ENGLISH, BookOf, ids, joined, links, shown

from policybook.analysis.directives import MIN_ROWS, addressees
from policybook.charts.theme import COLOURS
from policybook.pages.actors import (
    VIEWS,
    asked_actors,
    asked_clauses,
    cautions,
    directive_clauses,
    directive_counts,
    kinds_by_document,
    named_actors,
    named_pairs,
    spread,
    subtype_counts,
)
from policybook.pages.book import Book
from policybook.pages.html import show


@pytest.fixture(scope="module")
def small(book_of: BookOf) -> Book:
    """A book of three short texts."""
    english, chinese = book_of(ENGLISH), book_of(CHINESE, language="zh")
    return Book(english.project, english.vocabulary, english.coding, joined(english.corpus, chinese.corpus))


@pytest.fixture
def nobody(book_of: BookOf) -> Book:
    """A book in which nobody is named and nothing asked."""
    return book_of({"a": "The river is wide."})


def test_an_actor_has_its_names_in_both_languages_and_its_places(small: Book) -> None:
    actors = named_actors(small).set_index("actor")
    assert actors.loc["state-council", ["name_zh", "name_en", "documents", "anchor"]].tolist() == [
        "国务院", "State Council", 1, "actor-state-council",
    ]  # fmt: skip
    assert actors.loc["state-council", "passages"] == ["second:p01"]


def test_those_in_one_sentence_are_together(small: Book) -> None:
    pairs = named_pairs(small, "sentence")
    assert ["Ministry of Finance", "State Council"] in pairs[["name_en", "with_name_en"]].to_numpy().tolist()


def test_who_is_asked_to_do_what_is_quoted(small: Book) -> None:
    addressed = addressees(small.corpus)
    asked = asked_actors(small, addressed)
    assert asked["times"].sum() == addressed["actor"].notna().sum() > 0
    assert asked["actor"].tolist()[:1] == asked.sort_values("times", ascending=False)["actor"].tolist()[:1]
    clauses = asked_clauses(small, asked, addressed, 60)
    assert set(addressed.loc[addressed["actor"] == "ministry-of-finance", "text"]) <= set(
        re.findall(r"<li[^>]*>(.*?) <a", clauses._repr_html_())
    )


def test_every_link_leads_to_a_passage_or_to_something_on_the_page(book: Book) -> None:
    addressed = addressees(book.corpus)
    asked = asked_actors(book, addressed)
    pieces = [show(named_actors(book), anchors="anchor", name="actors"),
              show(named_pairs(book, "sentence"), anchors="anchor", name="pairs"),
              show(asked, name="addressees"), asked_clauses(book, asked, addressed, 60)]  # fmt: skip
    anchors = [i for piece in pieces for i in ids(piece)]
    assert len(set(anchors)) == len(anchors)
    inner = [link for piece in pieces for link in links(piece)]
    assert {link.removeprefix("#") for link in inner if link.startswith("#")} <= set(anchors)
    assert all(link.startswith(("#", "../documents/")) for link in inner)
    assert set(kinds_by_document(book)["href"].str.removeprefix("#")) <= set(anchors)


@pytest.mark.parametrize("within", ["sentence", "passage"])
def test_pairs_have_as_many_places_as_they_stand_together(book: Book, within: str) -> None:
    actors, pairs = book.corpus.actors, named_pairs(book, within)  # type: ignore[arg-type]
    first = pairs.iloc[0]
    places = [set(actors.loc[actors["actor"] == one, within]) for one in first[["actor", "with_actor"]]]
    assert len(places[0] & places[1]) == first["times"] == len(first["passages"])
    assert first["anchor"] == f"pair-{first['actor']}-and-{first['with_actor']}"
    assert len(pairs) >= len(named_pairs(book, "sentence"))


def test_kinds_are_no_more_than_colours_and_count_every_mention(book: Book) -> None:
    kinds = kinds_by_document(book)
    assert kinds["code"].nunique() <= len(COLOURS)
    assert kinds["count"].sum() == len(book.corpus.actors)


def test_a_book_without_actors_has_empty_tables(nobody: Book) -> None:
    addressed = addressees(nobody.corpus)
    asked = asked_actors(nobody, addressed)
    assert [len(table) for table in (named_actors(nobody), named_pairs(nobody, "sentence"), asked)] == [0, 0, 0]
    assert {"actor", "name_en", "times", "times_href"} <= set(asked)
    assert ids(asked_clauses(nobody, asked, addressed, 60)) == []
    assert not kinds_by_document(nobody)["share"].notna().any()


def test_every_directive_is_counted_once_in_every_view(book: Book) -> None:
    for view in VIEWS:
        counts = directive_counts(book, view)
        assert counts["count"].sum() == len(book.corpus.directives), view
        assert counts.groupby("value")["count"].sum().equals(counts.groupby("value")["total"].first().rename("count"))


def test_every_number_leads_to_its_clauses(book: Book) -> None:
    anchors = ids(directive_clauses(book, 60))
    assert len(set(anchors)) == len(anchors)
    tables = [spread(subtype_counts(book)), *(spread(directive_counts(book, view), "blocks") for view in VIEWS)]
    inner = [link for table in tables for link in links(show(table))]
    assert len(inner) > 50
    assert {link.removeprefix("#") for link in inner} <= set(anchors)


def test_the_clauses_behind_a_cell_are_as_many_as_it_says(book: Book) -> None:
    html = directive_clauses(book, 60)._repr_html_()
    for row in directive_counts(book, "document").itertuples():
        if row.href:
            cell = re.search(rf'id="{row.href[1:]}">.*?</details>', html, re.S)
            assert cell and cell[0].count("<li") == row.count


def test_a_table_spreads_its_categories_beside_each_other() -> None:
    counts = pd.DataFrame({"group": ["a", "a", "b", "b"], "category": ["x", "y"] * 2, "count": [1, 2, 0, 4],
                           "total": [3, 3, 4, 4], "href": ["#1", "#2", "", "#4"]})  # fmt: skip
    assert spread(counts).to_dict("records") == [
        {"group": "a", "x": 1, "x_href": "#1", "y": 2, "y_href": "#2", "all": 3},
        {"group": "b", "x": 0, "x_href": "", "y": 4, "y_href": "#4", "all": 4},
    ]


def test_a_text_too_small_has_no_share_and_is_named(book: Book) -> None:
    sizes = book.corpus.blocks.groupby("document").size()
    counts = directive_counts(book, "document")
    assert set(counts.loc[counts["share"].notna(), "value"]) == {name for name, blocks in sizes.items() if blocks >= 12}
    said = shown(cautions(counts, "document"))
    assert all((book.told_apart[name] in said) == (blocks < 12) for name, blocks in sizes.items())


def test_short_texts_are_counted_without_shares(small: Book) -> None:
    counts = directive_counts(small, "document")
    assert counts["share"].isna().all() and counts["count"].sum() == len(small.corpus.directives)
    assert str(MIN_ROWS) in shown(cautions(counts, "document"))


def test_only_so_many_clauses_are_listed(small: Book) -> None:
    lists = directive_clauses(small, 1)._repr_html_().split("<ul")[1:]
    assert {one.count("<li") for one in lists} == {1}
    assert directive_clauses(small, 60)._repr_html_().count("<li") > len(lists)


def test_clauses_of_sentences_that_may_not_be_shown_are_left_out(small: Book) -> None:
    hidden = small.corpus.directives["sentence"].iloc[0]
    assert f'title="{hidden}"' in directive_clauses(small, 60)._repr_html_()
    small.__dict__["quotable"] = frozenset(small.quotable - {hidden})
    try:
        assert hidden not in directive_clauses(small, 60)._repr_html_()
    finally:
        del small.__dict__["quotable"]


def test_a_book_without_directives_has_counts_of_0(nobody: Book) -> None:
    for table in (subtype_counts(nobody), *(directive_counts(nobody, view) for view in VIEWS)):
        assert len(table) and table["count"].sum() == 0 and not any(table["href"])
    assert ids(directive_clauses(nobody, 60)) == []


def test_of_many_documents_a_list_has_fewer_clauses_and_says_how_many_more(book_of: BookOf) -> None:
    text = "The city should build new schools. The city should build new roads. The city should build new parks."
    book = book_of({f"text-{n}": text for n in range(50)})
    assert book.is_large and len(book.corpus.directives) >= 100
    markup = directive_clauses(book, 60)._repr_html_()
    assert max(part.count("<li") for part in markup.split("</ul>")) == 15
    assert f"{len(book.corpus.directives) - 15}" in shown(directive_clauses(book, 60))
