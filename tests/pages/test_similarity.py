"""The page on how alike documents are: no sentence that may not be shown, and numbers that agree."""

from __future__ import annotations

import lxml.html
import pandas as pd
import pytest
from copies import keep_documents
from kinds import MakeProject
from lxml.html import HtmlElement

from policybook.analysis.similarity import concept_profiles, find_reuse, profile_similarity
from policybook.charts.theme import Chart
from policybook.pages.book import Book, open_book
from policybook.pages.html import Html, show
from policybook.pages.similarity import (
    likeness_by_concepts,
    likeness_by_words,
    likeness_chart,
    likeness_pairs,
    show_reuse,
    word_charts,
    words_apart,
)

ONE, OTHER = "web-2024-county-mobilization", "guizhou-2024-two-strategies"


def pairs_of(book: Book) -> pd.DataFrame:
    return likeness_pairs(book, likeness_by_concepts(book), likeness_by_words(book), find_reuse(book.corpus))


def tree(shown: Html | Chart) -> HtmlElement:
    return lxml.html.fromstring(f"<div>{shown._repr_html_()}</div>")


def test_every_cell_of_the_map_leads_to_a_row_with_its_number(book: Book) -> None:
    pairs = pairs_of(book)
    assert len(pairs) == 10
    chart = likeness_chart(book, "n", likeness_by_concepts(book), "c", pairs)
    assert {a.get("href")[1:] for a in tree(chart).cssselect("svg a[href^='#']")} == set(pairs["anchor"])
    assert {row.get("id") for row in tree(show(pairs, anchors="anchor")).cssselect("tbody tr")} == set(pairs["anchor"])
    alike = profile_similarity(concept_profiles(book.corpus, book.scheme)).loc[ONE, OTHER]
    row = pairs.set_index("anchor").loc[f"pair-{OTHER}-{ONE}"]
    assert row["concepts"] == pytest.approx(alike)
    assert (row["reused"], row["reused_href"]) == (1, "#reuse")
    assert pairs["concepts"].dropna().is_monotonic_decreasing
    assert all(len(shared) <= 5 for shared in pairs["in_common"])


def test_words_are_compared_within_one_language_only(book: Book) -> None:
    by_words = likeness_by_words(book)
    assert list(by_words) == ["en"]  # there is one Chinese document
    english = book.corpus.select(language="en").documents["document"]
    links = {a.get("href") for a in tree(word_charts(book, by_words)).cssselect("figure svg a")}
    assert links == {f"../documents/{document}.html" for document in english}
    cells = tree(word_charts(book, by_words, pairs_of(book))).cssselect("figure svg a[href^='#pair-']")
    assert len({a.get("href") for a in cells}) == len(english) * (len(english) - 1) / 2


def test_words_that_set_sides_apart_are_more_frequent_there_and_lead_to_a_passage_that_has_them(
    book: Book,
) -> None:
    apart = words_apart(book, most=4)
    assert set(apart.groupby(["comparison", "side", "other"]).size()) == {4}
    assert set(apart["language"]) == {"en"}  # there is one Chinese document
    assert (apart["share"] > apart["other_share"]).all()
    assert (apart["g2"] > 0).all()
    texts = book.corpus.passages.set_index("passage")["text"]
    mentions = book.corpus.mentions.groupby("passage")["concept"].agg(set)
    for row in apart.to_dict("records"):
        coded = {book.scheme.by_id[concept].term_en for concept in mentions.get(row["passage"], set())}
        assert row["term"] in texts[row["passage"]].lower() or any(name.startswith(row["term"]) for name in coded)


def test_sides_without_a_common_language_or_with_common_passages_are_left_out(
    make_project: MakeProject,
) -> None:
    copy = make_project()
    sides = ("{speaker: national, language: zh}", "{speaker: liaoning}"), ("{language: en}", "{speaker: liaoning}")
    entry = "  - {{id: c{}, title: T, question: Q, left: {{label: a, select: {}}}, right: {{label: b, select: {}}}}}"
    entries = [entry.format(n, *pair) for n, pair in enumerate(sides)]
    copy.comparisons_file.write_text("\n".join(["comparisons:", *entries, ""]), encoding="utf-8")
    apart = words_apart(open_book(copy.root))
    assert apart.empty
    assert "term" in apart


def test_shared_wording_is_marked_on_both_sides(book: Book) -> None:
    shown = tree(show_reuse(book, find_reuse(book.corpus)))
    sides = shown.cssselect(".pb-reading-cell")
    assert [side.cssselect("a")[0].get("href") for side in sides] == [
        f"../documents/{ONE}.html#p22", f"../documents/{OTHER}.html#p14"]  # fmt: skip
    assert [side.cssselect("a")[0].text_content().rpartition(", ")[2] for side in sides] == ["¶22", "¶14"]
    marked = [side.cssselect("mark")[0].text_content() for side in sides]
    assert marked[0] == marked[1]
    assert len(marked[0].split()) == 18


def test_a_sentence_that_may_not_be_shown_is_left_out(book: Book) -> None:
    copy = Book(book.project, book.vocabulary, book.coding, book.corpus)
    object.__setattr__(copy, "quotable", frozenset())
    shown = tree(show_reuse(copy, find_reuse(copy.corpus)))
    assert shown.cssselect("mark, blockquote") == []
    assert len(shown.cssselect(".pb-left-out")) == 2


def test_one_document_is_like_no_other(make_project: MakeProject) -> None:
    project = make_project()
    keep_documents(project, 1)
    book = open_book(project.root)
    assert pairs_of(book).empty and "anchor" in pairs_of(book)
    by_concepts, by_words = likeness_by_concepts(book), likeness_by_words(book)
    reuse = find_reuse(book.corpus)
    assert by_words == {} and reuse.empty
    for part in (likeness_chart(book, "n", by_concepts, "c"), word_charts(book, by_words), show_reuse(book, reuse)):
        assert isinstance(part, Html) and tree(part).text_content().strip()
