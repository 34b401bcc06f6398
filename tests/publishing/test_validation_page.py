"""The validation and codebook pages of this project, of one without hand coding, and of one with fewer documents."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from copies import ROOT, copy_project, keep_documents
from lxml.html import HtmlElement

from policybook.charts.theme import Chart
from policybook.coding.codebook import load_codebook
from policybook.project import Project
from policybook.publishing.book import Book, open_book
from policybook.publishing.codebook_page import CodebookPage
from policybook.publishing.markup import Html
from policybook.publishing.new import make_project
from policybook.publishing.outside_texts import NO_ALIGNED, NO_OFFICIAL, OutsideTexts
from policybook.publishing.validation_page import NOTHING, ValidationPage

PARTS = (
    "hand_coding", "sentences", "absent", "chart", "scores", "certain", "presence", "kinds", "agreement", "confusion",
    "pairs", "errors",
)  # fmt: skip
OUTSIDE = ("made_of", "alike", "by_concept", "official_coding", "official_scores")
CODES = ("concepts", "groups", "quantities", "actors", "directives", "instruments")


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book(ROOT)


@pytest.fixture(scope="module")
def page(book: Book) -> ValidationPage:
    return ValidationPage(book)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A new project with one document and no hand coding."""
    folder = tmp_path_factory.mktemp("fresh")
    made = Project(make_project(Project(ROOT), folder / "made"))
    copied = copy_project(folder / "copied")
    keep_documents(copied, 1)
    for path in copied.documents.iterdir():
        (made.documents / path.name).write_bytes(path.read_bytes())
    made.corpus_file.write_bytes(copied.corpus_file.read_bytes())
    return made


def tree(html: Html) -> HtmlElement:
    return lxml.html.fragment_fromstring(str(html.markup), create_parent=True)


def text(html: Html | Chart) -> str:
    return " ".join(lxml.html.fromstring(f"<div>{html._repr_html_()}</div>").text_content().split())


def test_the_answer_names_everything_coded_and_both_languages(page: ValidationPage) -> None:
    answer = str(page.values["answer"])
    for word in ("concepts", "quantities", "actors", "directives", "Chinese", "English", "κ of instruments"):
        assert word in answer


def test_the_coder_is_named(page: ValidationPage) -> None:
    assert "One coder coded all sentences: a language model" in text(page.hand_coding())


def test_scores_are_shown_for_either_source_and_both(page: ValidationPage) -> None:
    rows = [[td.text_content() for td in tr.cssselect("td")] for tr in tree(page.scores()).cssselect("tbody tr")]
    assert [row[:3] for row in rows[:6]] == [
        ["Concepts", language, source] for language in ("Chinese", "English")
        for source in ("received", "written", "both")
    ]  # fmt: skip
    hands = [int(row[3]) for row in rows[:3]]
    assert hands[2] == hands[0] + hands[1]


def test_a_mark_and_a_row_lead_to_errors_that_are_there(page: ValidationPage) -> None:
    ids = {e.get("id") for e in tree(page.errors()).cssselect("[id]")}
    charts = [page.chart(), page.confusion()]
    links = {a.get("href") for a in tree(page.scores()).cssselect("tbody a")}
    for chart in charts:
        links |= {a.get("href") for a in lxml.html.fromstring(chart._repr_html_()).cssselect("svg a")}
    assert len(links) > 4
    assert {link.removeprefix("#") for link in links} <= ids


def test_no_sentence_is_shown_that_may_only_be_left_out(page: ValidationPage, book: Book) -> None:
    left_out = book.corpus.sentences[~book.corpus.sentences["sentence"].isin(book.quotable)]
    shown = text(page.errors())
    assert [s for s in left_out["text"] if len(s) > 30 and s in shown] == []


def test_ids_stand_once(book: Book) -> None:
    page, ids = CodebookPage(book), list[str]()
    for name in CODES:
        ids += [str(e.get("id")) for e in tree(getattr(page, name)()).cssselect("[id]")]
    assert len(ids) == len(set(ids))
    assert {"concept-citizenization", "theme-people", "subtype-land", "quantity-kind-year-range"} <= set(ids)
    assert all(i.isascii() and " " not in i for i in ids)


def test_every_entry_of_the_codebook_is_on_its_page(book: Book) -> None:
    page = CodebookPage(book)
    shown = " ".join(text(getattr(page, name)()) for name in CODES)
    for entry in load_codebook(book.project).entries:
        for said in (entry.definition, entry.example, entry.counter_example):
            assert " ".join(said.split()) in shown, entry.code
    for concept in book.scheme.concepts:
        assert concept.term_zh in shown
        assert all(form in shown for form in concept.zh)


def test_aligned_texts_are_shown_concept_by_concept(book: Book) -> None:
    others = OutsideTexts(book)
    assert others.aligned is not None
    rows = [[td.text_content() for td in tr.cssselect("td")] for tr in tree(others.by_concept()).cssselect("tbody tr")]
    assert len(rows) == len(others.aligned.concepts)
    may = {row[0] for row in rows if row[-1] != "no"}
    assert may == {book.scheme.by_id[concept].term_zh for concept in others.aligned.comparable}


def test_a_project_without_hand_coding_says_so_everywhere(fresh: Project) -> None:
    book = open_book(fresh.root)
    page, others, codes = ValidationPage(book), OutsideTexts(book), CodebookPage(book)
    assert page.values["answer"] == NOTHING
    for name in PARTS:
        shown = text(getattr(page, name)())
        assert "coded by hand" in shown or not shown or "No directive" in shown, name
    assert text(others.made_of()) == NO_ALIGNED
    assert text(others.official_coding()) == NO_OFFICIAL
    assert [text(getattr(others, name)()) for name in ("alike", "by_concept", "official_scores")] == ["", "", ""]
    assert "People who live in a place for most of the year" not in text(codes.concepts())
    assert "percent" in text(codes.quantities())


def test_a_new_project_has_the_codes_of_the_tool_and_not_those_of_a_subject(fresh: Project) -> None:
    made, own = load_codebook(fresh), load_codebook(Project(ROOT))
    assert {entry.of for entry in made.entries} == {entry.of for entry in own.entries} - {"concept"}
    assert (made.coding, made.details.concept) == (None, None)


def test_sentences_of_documents_that_are_gone_are_counted(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    keep_documents(project, 1)
    page = ValidationPage(open_book(project.root))
    assert page.outcomes is not None
    assert page.outcomes.absent > 100
    assert f"{page.outcomes.absent} hand-coded sentences of documents that are not in the corpus" in text(page.absent())
    for name in PARTS:
        assert text(getattr(page, name)())


def test_a_project_without_a_codebook_shows_its_codes_by_name(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    (project.data / "gold" / "codebook.yml").unlink()
    book = open_book(project.root)
    shown = text(CodebookPage(book).instruments())
    assert "supply" in shown and "infrastructure" in shown
    assert "data" in text(ValidationPage(book).scores()).lower()
