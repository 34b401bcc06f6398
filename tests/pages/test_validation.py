"""The validation and codebook pages of this project, of one without hand coding, and of one with fewer documents."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import cast

import lxml.html
import pandas as pd
import pytest
from copies import ROOT, copy_project, keep_documents
from lxml.html import HtmlElement

from policybook.analysis.agreement import OUTCOME_COLUMNS, SENTENCE_COLUMNS, Outcomes
from policybook.build.new import make_project
from policybook.charts.theme import Chart
from policybook.coding.gold import load_codebook
from policybook.pages.book import Book, open_book
from policybook.pages.html import Html
from policybook.pages.validation import (
    ERROR_KINDS,
    NO_ALIGNED,
    NO_OFFICIAL,
    NOTHING_CODED,
    CodebookPage,
    OutsideTexts,
    ValidationPage,
    find_errors,
    list_errors,
)
from policybook.project import Project

# The list of errors: complete, and silent about sentences that may not be shown --------------------


SECRET = "secret words of a sentence"
SENTENCES = [
    ("doc:p01.1", "en", "received", "test", None, "The <b>quick</b> county shall act."),
    ("doc:p01.2", "en", "received", "test", None, SECRET),
    ("written:1", "zh", "written", "test", None, "要推进试点，约60%的村"),
    ("written:2", "zh", "written", "tuning", None, "加快建设"),
]


@dataclasses.dataclass(frozen=True)
class Shelf:
    """What the list needs of a book."""

    quotable: frozenset[str]


def row(sentence: str, what: str, outcome: str, **fields: object) -> dict[str, object]:
    part = next(s[3] for s in SENTENCES if s[0] == sentence)
    usual = dict.fromkeys(OUTCOME_COLUMNS, "") | {"gold_start": -1, "found_start": -1}
    return usual | {"sentence": sentence, "what": what, "outcome": outcome, "part": part} | fields


@pytest.fixture
def outcomes() -> Outcomes:
    pilots = {
        "gold_start": 0,
        "gold_text": "要推进试点",
        "found_start": 1,
        "found_text": "推进试点",
        "gold": "requirement",
    }
    rows = [
        row("doc:p01.1", "concept", "missed", gold="县域", gold_text="<b>quick</b> county", gold_start=4),
        row("doc:p01.1", "concept", "hit", gold="市民化", found="市民化", gold_start=0, found_start=0),
        row("doc:p01.2", "directive", "missed", gold="obligation", gold_text=SECRET, gold_start=0,
            gold_instrument="none"),
        row("written:1", "quantity", "differs", gold="60 percent, about (percent)", gold_text="约60%", gold_start=6,
            found="60 percent, exact (percent)", found_text="60%", found_start=7),
        row("written:1", "directive", "hit", found="intention", gold_instrument="demand", found_instrument="supply",
            gold_subtype="pilots", found_subtype="people", **pilots),
        row("written:1", "directive", "hit", found="requirement", gold_instrument="demand", found_instrument="demand",
            gold_subtype="pilots", found_subtype="market", **pilots),
        row("written:2", "actor", "extra", found="国务院", found_text="加快", found_start=0),
    ]  # fmt: skip
    return Outcomes(
        pd.DataFrame(SENTENCES, columns=list(SENTENCE_COLUMNS), dtype=object),
        pd.DataFrame(rows, columns=list(OUTCOME_COLUMNS), dtype=object),
        0,
    )


@pytest.fixture
def page(outcomes: Outcomes) -> HtmlElement:
    book = cast(Book, Shelf(frozenset({"doc:p01.1"})))
    html = list_errors(outcomes, book, part="test")
    return lxml.html.fragment_fromstring(str(html.markup), create_parent=True)


def test_every_error_is_there_and_nothing_else(outcomes: Outcomes) -> None:
    found = [(e["error"], e["outcome"], e["gold"], e["found"]) for e in find_errors(outcomes, frozenset(), part="test")]
    assert found == [
        ("concept", "missed", "县域", ""),
        ("directive", "missed", "obligation, none", ""),
        ("quantity", "differs", "60 percent, about (percent)", "60 percent, exact (percent)"),
        ("instrument", "differs", "demand", "supply"),
        ("strength", "differs", "requirement", "intention"),
        ("subtype", "differs", "pilots", "market"),
    ]
    assert [e["error"] for e in find_errors(outcomes, frozenset(), part="tuning")] == ["actor"]


def test_a_sentence_that_may_not_be_shown_is_not(page: HtmlElement) -> None:
    whole = lxml.html.tostring(page, encoding="unicode")
    assert SECRET not in whole
    entry = page.cssselect("#errors-directive .pb-error")[0]
    assert "may not be shown" in entry.text_content()
    assert "missed: by hand obligation, none; found nothing" in entry.text_content()


def test_words_of_hidden_sentences_are_not_in_the_data_either(outcomes: Outcomes) -> None:
    errors = list(find_errors(outcomes, frozenset({"doc:p01.1"}), part="test"))
    assert {e["gold_text"] for e in errors if e["sentence"] == "doc:p01.2"} == {""}
    assert {e["gold_text"] for e in errors if e["sentence"] == "doc:p01.1"} == {"<b>quick</b> county"}


def test_a_sentence_links_to_its_passage_and_is_text(page: HtmlElement) -> None:
    entry = page.cssselect("#errors-concept .pb-error")[0]
    assert [a.get("href") for a in entry.cssselect("a")] == ["../documents/doc.html#p01"]
    assert entry.cssselect("b") == []
    assert [m.text for m in entry.cssselect("mark")] == ["<b>quick</b> county"]
    assert page.cssselect("#errors-quantity .pb-error a") == []


def test_overlapping_words_are_one_mark(page: HtmlElement) -> None:
    assert [m.text for m in page.cssselect("#errors-quantity mark")] == ["约60%"]


def test_a_cell_of_the_confusion_table_finds_its_directives(page: HtmlElement) -> None:
    ids = [e.get("id") for e in page.cssselect("[id]")]
    assert ids.count("errors-instrument-demand-supply") == 1
    assert [i for i in ids if i in {f"errors-{kind}" for kind in ERROR_KINDS}] == [f"errors-{kind}" for kind in ERROR_KINDS]


def test_what_has_no_error_says_so(page: HtmlElement) -> None:
    assert "No error of this kind in the test part." in page.cssselect("#errors-actor")[0].text_content()


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
def validation_page_page(book: Book) -> ValidationPage:
    return ValidationPage(book)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A new project with one document and no hand coding."""
    folder = tmp_path_factory.mktemp("fresh")
    made = Project(make_project(folder / "made", Project(ROOT)))
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


def test_the_answer_names_everything_coded_and_both_languages(validation_page_page: ValidationPage) -> None:
    answer = str(validation_page_page.values["answer"])
    for word in ("concepts", "quantities", "actors", "directives", "Chinese", "English", "κ of instruments"):
        assert word in answer


def test_the_coder_is_named(validation_page_page: ValidationPage) -> None:
    assert "One coder coded all sentences: a language model" in text(validation_page_page.hand_coding())


def test_scores_are_shown_for_either_source_and_both(validation_page_page: ValidationPage) -> None:
    rows = [[td.text_content() for td in tr.cssselect("td")] for tr in tree(validation_page_page.scores()).cssselect("tbody tr")]
    assert [row[:3] for row in rows[:6]] == [
        ["Concepts", language, source] for language in ("Chinese", "English")
        for source in ("received", "written", "both")
    ]  # fmt: skip
    hands = [int(row[3]) for row in rows[:3]]
    assert hands[2] == hands[0] + hands[1]


def test_a_mark_and_a_row_lead_to_errors_that_are_there(validation_page_page: ValidationPage) -> None:
    ids = {e.get("id") for e in tree(validation_page_page.errors()).cssselect("[id]")}
    charts = [validation_page_page.chart(), validation_page_page.confusion()]
    links = {a.get("href") for a in tree(validation_page_page.scores()).cssselect("tbody a")}
    for chart in charts:
        links |= {a.get("href") for a in lxml.html.fromstring(chart._repr_html_()).cssselect("svg a")}
    assert len(links) > 4
    assert {link.removeprefix("#") for link in links} <= ids


def test_no_sentence_is_shown_that_may_only_be_left_out(validation_page_page: ValidationPage, book: Book) -> None:
    left_out = book.corpus.sentences[~book.corpus.sentences["sentence"].isin(book.quotable)]
    shown = text(validation_page_page.errors())
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
    assert page.values["answer"] == NOTHING_CODED
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
