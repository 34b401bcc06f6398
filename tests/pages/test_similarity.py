"""The page on how alike documents are: no sentence that may not be shown, and numbers that agree."""

from __future__ import annotations

import lxml.html
import pytest
from copies import keep_documents
from kinds import MakeProject
from lxml.html import HtmlElement

from policybook.analysis.similarity import concept_profiles, profile_similarity
from policybook.charts.theme import Chart
from policybook.pages.book import Book, open_book
from policybook.pages.html import Html
from policybook.pages.similarity import SimilarityPage
from policybook.project import Project

ONE, OTHER = "web-2024-county-mobilization", "guizhou-2024-two-strategies"


@pytest.fixture(scope="module")
def book(project: Project) -> Book:
    return open_book(project.root)


@pytest.fixture(scope="module")
def page(book: Book) -> SimilarityPage:
    return SimilarityPage(book)


def tree(shown: Html | Chart) -> HtmlElement:
    return lxml.html.fromstring(f"<div>{shown._repr_html_()}</div>")


def test_every_cell_of_the_map_leads_to_a_row_with_its_number(page: SimilarityPage, book: Book) -> None:
    rows = {row.get("id"): row for row in tree(page.pairs()).cssselect("tbody tr")}
    assert len(rows) == 10
    targets = {a.get("href")[1:] for a in tree(page.by_concepts()).cssselect("svg a[href^='#']")}
    assert targets == set(rows)
    alike = profile_similarity(concept_profiles(book.corpus, book.scheme)).loc[ONE, OTHER]
    cells = [cell.text_content() for cell in rows[f"pair-{OTHER}-{ONE}"].cssselect("td")]
    assert cells[1] == f"{alike:.2f}"


def test_words_are_compared_within_one_language_only(page: SimilarityPage, book: Book) -> None:
    maps = tree(page.by_words()).cssselect("figure")
    assert len(maps) == 1  # there is one Chinese document
    links = {a.get("href") for a in maps[0].cssselect("svg a")}
    english = book.corpus.select(language="en").documents["document"]
    assert links == {f"../documents/{document}.html" for document in english}


def test_words_that_set_sides_apart_are_more_frequent_there_and_lead_to_a_passage_that_has_them(
    page: SimilarityPage, book: Book
) -> None:
    apart = page.words_apart(most=4)
    assert set(apart.groupby(["comparison", "side", "other"]).size()) == {4}
    assert set(apart["language"]) == {"en"}  # there is one Chinese document
    assert (apart["share"] > apart["other_share"]).all()
    assert (apart["g2"] > 0).all()
    texts = book.corpus.passages.set_index("passage")["text"]
    mentions = book.corpus.mentions.groupby("passage")["concept"].agg(set)
    for row in apart.to_dict("records"):
        document, anchor = row["passage"].split(":")
        assert row["href"] == f"../documents/{document}.html#{anchor}"
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
    apart = SimilarityPage(open_book(copy.root)).words_apart()
    assert apart.empty
    assert "term" in apart


def test_shared_wording_is_marked_on_both_sides(page: SimilarityPage) -> None:
    shown = tree(page.reuse())
    sides = shown.cssselect(".pb-reading-cell")
    assert [side.cssselect("a")[0].text_content() for side in sides] == [f"{ONE}:p22", f"{OTHER}:p14"]
    marked = [side.cssselect("mark")[0].text_content() for side in sides]
    assert marked[0] == marked[1]
    assert len(marked[0].split()) == 18


def test_a_sentence_that_may_not_be_shown_is_left_out(book: Book) -> None:
    page = SimilarityPage(Book(book.project, book.vocabulary, book.coding, book.corpus))
    object.__setattr__(page.book, "quotable", frozenset())
    shown = tree(page.reuse())
    assert shown.cssselect("mark, blockquote") == []
    assert len(shown.cssselect(".pb-left-out")) == 2


def test_one_document_is_like_no_other(make_project: MakeProject) -> None:
    project = make_project()
    keep_documents(project, 1)
    page = SimilarityPage(open_book(project.root))
    assert "fewer than two documents" in str(page.values["answer"])
    for part in (page.by_concepts, page.by_words, page.pairs, page.reuse):
        assert tree(part()).text_content().strip()
