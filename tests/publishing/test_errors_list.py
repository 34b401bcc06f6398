"""The list of errors: complete, and silent about sentences that may not be shown."""

from __future__ import annotations

import dataclasses
from typing import cast

import lxml.html
import pandas as pd
import pytest
from lxml.html import HtmlElement

from policybook.analysis.outcomes import COLUMNS, SENTENCE_COLUMNS, Outcomes
from policybook.publishing.book import Book
from policybook.publishing.errors_list import KINDS, find_errors, list_errors

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
    usual = dict.fromkeys(COLUMNS, "") | {"gold_start": -1, "found_start": -1}
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
        pd.DataFrame(rows, columns=list(COLUMNS), dtype=object),
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
    assert [i for i in ids if i in {f"errors-{kind}" for kind in KINDS}] == [f"errors-{kind}" for kind in KINDS]


def test_what_has_no_error_says_so(page: HtmlElement) -> None:
    assert "No error of this kind in the test part." in page.cssselect("#errors-actor")[0].text_content()
