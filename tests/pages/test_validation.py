"""The validation and codebook pages of this project, of one without hand coding, and of one with fewer documents."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import lxml.html
import pandas as pd
import pytest
from copies import ROOT, copy_project, keep_documents
from lxml.html import HtmlElement

from policybook.analysis.agreement import OUTCOME_COLUMNS, SCORED_CODES, SENTENCE_COLUMNS, Outcomes, score_outcomes
from policybook.analysis.validation import (
    agreement_table,
    confusion_table,
    count_gold,
    pair_table,
    score_certain,
    score_kinds,
    score_presence,
    score_table,
)
from policybook.build.new import make_project
from policybook.charts.theme import Chart
from policybook.coding.gold import Codebook, Details, known_codes, load_codebook, load_gold
from policybook.pages.book import Book, open_book
from policybook.pages.html import Html, render, show
from policybook.pages.validation import (
    ERROR_KINDS,
    SCORED,
    codebook_table,
    confusion_chart,
    find_errors,
    list_errors,
    say_scores,
    scores_chart,
)
from policybook.project import Project
from policybook.words.say import language_name, name_of, say

# The list of errors: complete, and silent about sentences that may not be shown --------------------


SECRET = "secret words of a sentence"
SENTENCES = [
    ("doc:p01.1", "en", "received", "test", None, "The <b>quick</b> county shall act."),
    ("doc:p01.2", "en", "received", "test", None, SECRET),
    ("written:1", "zh", "written", "test", None, "要推进试点，约60%的村"),
    ("written:2", "zh", "written", "tuning", None, "加快建设"),
]


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
    html = list_errors(find_errors(outcomes, {"doc:p01.1"}, part="test"), "errors-test")
    return lxml.html.fragment_fromstring(str(html.markup), create_parent=True)


def test_every_error_is_there_and_nothing_else(outcomes: Outcomes) -> None:
    found = find_errors(outcomes, frozenset(), part="test")
    assert found[["error", "outcome", "gold", "found"]].apply(tuple, axis=1).tolist() == [
        ("concept", "missed", "县域", ""),
        ("directive", "missed", "obligation, none", ""),
        ("quantity", "differs", "60 percent, about (percent)", "60 percent, exact (percent)"),
        ("instrument", "differs", "demand", "supply"),
        ("strength", "differs", "requirement", "intention"),
        ("subtype", "differs", "pilots", "market"),
    ]
    assert find_errors(outcomes, frozenset(), part="tuning")["error"].tolist() == ["actor"]


def test_a_sentence_that_may_not_be_shown_is_not(page: HtmlElement) -> None:
    whole = lxml.html.tostring(page, encoding="unicode")
    assert SECRET not in whole
    entry = page.cssselect("#errors-directive .pb-error")[0]
    assert entry.cssselect(".pb-left-out") and not entry.cssselect("mark")
    assert "obligation, none" in entry.text_content()


def test_words_of_hidden_sentences_are_not_in_the_data_either(outcomes: Outcomes) -> None:
    errors = find_errors(outcomes, {"doc:p01.1"}, part="test").groupby("sentence")[["gold_text", "text"]].first()
    assert errors.loc["doc:p01.2"].tolist() == ["", ""]
    assert errors.loc["doc:p01.1"].tolist() == ["<b>quick</b> county", SENTENCES[0][-1]]


def test_a_sentence_links_to_its_passage_and_is_text(page: HtmlElement) -> None:
    entry = page.cssselect("#errors-concept .pb-error")[0]
    assert [a.get("href") for a in entry.cssselect("a")] == ["../documents/doc.html#p01.1"]
    assert entry.cssselect("b") == []
    assert [m.text for m in entry.cssselect("mark")] == ["<b>quick</b> county"]
    assert page.cssselect("#errors-quantity .pb-error a") == []


def test_overlapping_words_are_one_mark(page: HtmlElement) -> None:
    assert [m.text for m in page.cssselect("#errors-quantity mark")] == ["约60%"]


def test_a_cell_of_the_confusion_table_finds_its_directives(page: HtmlElement) -> None:
    ids = [e.get("id") for e in page.cssselect("[id]")]
    assert ids.count("errors-instrument-demand-supply") == 1
    kinds = [f"errors-{kind}" for kind in ERROR_KINDS]
    assert [i for i in ids if i in kinds] == kinds


def test_what_has_no_error_says_so(page: HtmlElement) -> None:
    assert page.cssselect("#errors-actor > p") and not page.cssselect("#errors-concept > p")


@pytest.fixture(scope="module")
def scored(book: Book) -> Outcomes:
    return score_outcomes(load_gold(book.project), book.corpus, book.coding)


@pytest.fixture(scope="module")
def codes(book: Book) -> pd.DataFrame:
    return codebook_table(book.scheme, load_codebook(book.project))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A new project with one document and no hand coding."""
    folder = tmp_path_factory.mktemp("fresh")
    made = Project(make_project(folder / "made", Project(ROOT)))
    copied = copy_project(folder / "copied")
    keep_documents(copied, 1)
    for path in copied.documents.iterdir():
        (made.documents / path.name).write_bytes(path.read_bytes())
    made.corpus_file.write_bytes(copied.corpus_file.read_bytes())
    return open_book(made.root)


def tree(html: Html | Chart) -> HtmlElement:
    return lxml.html.fragment_fromstring(html._repr_html_(), create_parent=True)


def linked(scores: pd.DataFrame) -> pd.DataFrame:
    return scores.assign(what_href="#errors-" + scores["what"])


def test_the_answer_has_the_scores_of_the_tables(scored: Outcomes) -> None:
    scores, agreement = score_table(scored, part="test"), agreement_table(scored, part="test")
    answer = say_scores(scores, agreement)
    both = scores[scores["source"] == "all"]
    assert len(both) == 2 * len(SCORED_CODES)
    for number in (*both["f1"], agreement["kappa"].iloc[0]):
        assert f"{number:.2f}" in answer
    assert not re.search(r"\d in \w+ \d|,\.|nan", answer)


def test_scores_are_shown_by_the_names_of_codes_with_intervals(scored: Outcomes) -> None:
    scores = linked(score_table(scored, part="test"))
    page = tree(show(scores, formats=SCORED, name="scores-test"))
    cells = [cell.text_content() for cell in page.cssselect("tbody tr")[0].cssselect("th, td")]
    assert cells[:3] == [name_of("scored", "concept"), language_name("zh"), "received"]
    assert [cell.count("(") for cell in cells[-3:]] == [1, 1, 1]
    assert len(page.cssselect("thead th")) == len(cells) == len(scores.columns) - 6 - 1


def test_a_mark_and_a_row_lead_to_errors_that_are_there(scored: Outcomes, book: Book) -> None:
    errors = tree(list_errors(find_errors(scored, book.quotable, part="test"), "errors-test"))
    ids = {e.get("id") for e in errors.cssselect("[id]")}
    scores = linked(score_table(scored, part="test"))
    shown = [tree(show(scores)), tree(scores_chart(scores, "C"))]
    shown.append(tree(confusion_chart(confusion_table(scored, part="test"), "C")))
    links = [{a.get("href") for a in one.cssselect("tbody a, svg a")} for one in shown]
    assert min(map(len, links)) >= 4
    assert {link.removeprefix("#") for some in links for link in some} <= ids


def test_no_sentence_is_shown_that_may_only_be_left_out(scored: Outcomes, book: Book) -> None:
    wrong = find_errors(scored, book.quotable, part="test")["sentence"]
    left_out = book.corpus.sentences[book.corpus.sentences["sentence"].isin(wrong)]
    errors = find_errors(scored, book.quotable - set(wrong), part="test")
    assert len(left_out) and not set(errors["text"]) & set(left_out["text"])
    shown = tree(list_errors(errors, "errors-test")).text_content()
    assert [s for s in left_out["text"] if len(s) > 30 and s in shown] == []


def test_the_codebook_marks_what_is_here_because_it_was_seen_to_change(book: Book) -> None:
    first, second, *others = book.scheme.concepts
    marked = first.model_copy(update={"chosen_by_outcome": True})
    plain = second.model_copy(update={"chosen_by_outcome": False})
    scheme = replace(book.scheme, concepts=(marked, plain, *others))
    rows = codebook_table(scheme, load_codebook(book.project)).set_index("code")
    assert "not tested between eras" in rows.loc[first.id, "called"].markup
    assert "not tested between eras" not in rows.loc[second.id, "called"].markup


def test_every_code_has_one_row_with_an_address_of_its_own(codes: pd.DataFrame, book: Book) -> None:
    assert codes["anchor"].is_unique
    anchors = set(codes["anchor"])
    assert {"concept-citizenization", "theme-people", "subtype-land", "quantity-kind-year-range"} <= anchors
    assert all(anchor.isascii() and " " not in anchor for anchor in codes["anchor"])
    known = known_codes([concept.id for concept in book.scheme.concepts])
    assert {of: set(some["code"]) for of, some in codes[codes["of"] != "theme"].groupby("of")} == {
        of: set(some) for of, some in known.items()
    }
    page = tree(show(codes, labels={"called": "Code"}, anchors="anchor"))
    assert [row.get("id") for row in page.cssselect("tbody tr")] == codes["anchor"].tolist()
    assert [row.cssselect("a.pb-permalink")[0].get("href") for row in page.cssselect("tbody tr")] == (
        "#" + codes["anchor"]
    ).tolist()


def test_every_entry_of_the_codebook_and_every_form_is_in_the_table(codes: pd.DataFrame, book: Book) -> None:
    by_code = codes.set_index(["of", "code"])
    for entry in load_codebook(book.project).entries:
        said = by_code.loc[(entry.of, entry.code), ["definition", "example", "counter_example"]].tolist()
        assert said == [entry.definition, entry.example, entry.counter_example]
    for concept in book.scheme.concepts:
        row = by_code.loc[("concept", concept.id)]
        assert concept.term_zh in tree(row["called"]).text_content()
        forms = tree(row["forms"]).text_content()
        rules = [form for rule in concept.rules for form in (*rule.zh, *rule.en, *rule.when, *rule.unless)]
        assert [form for form in (*concept.zh, *concept.en, *concept.ambiguous_en, *rules) if form not in forms] == []


def test_a_new_project_has_no_scores_and_says_so(fresh: Book) -> None:
    outcomes = score_outcomes(load_gold(fresh.project), fresh.corpus, fresh.coding)
    scores, agreement = linked(score_table(outcomes, part="test")), agreement_table(outcomes, part="test")
    none = say("coded.scores.none")
    assert none == say_scores(scores, agreement)
    assert none in tree(scores_chart(scores, "C")).text_content()
    coding = load_codebook(fresh.project).coding
    assert coding and none in tree(render("hand_coding", coding=coding, outcomes=outcomes)).text_content()
    assert coding.coder not in tree(render("hand_coding", coding=coding, outcomes=outcomes)).text_content()
    assert tree(confusion_chart(confusion_table(outcomes, part="test"), "C")).cssselect("svg") == []
    tables = [scores, agreement, count_gold(outcomes), score_certain(outcomes, part="test"),
              score_kinds(outcomes, part="test"), score_presence(outcomes, "directive", part="test")]  # fmt: skip
    assert [len(table) for table in tables] == [0] * 6
    for table in (*tables, pair_table(outcomes, part="test")):
        assert tree(show(table, formats=SCORED)).cssselect("tbody td")
    errors = find_errors(outcomes, fresh.quotable, part="test")
    assert len(tree(list_errors(errors, "errors-test")).cssselect("details")) == len(ERROR_KINDS)
    for part in ("aligned", "official"):
        assert tree(render(part if part == "aligned" else "official_coding", **{part: None})).cssselect("p")


def test_sentences_of_documents_that_are_gone_are_counted(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    keep_documents(project, 1)
    book = open_book(project.root)
    outcomes = score_outcomes(load_gold(project), book.corpus, book.coding)
    assert outcomes.absent > 100
    assert str(outcomes.absent) in tree(render("hand_coding", coding=None, outcomes=outcomes)).text_content()
    assert len(score_table(outcomes, part="test"))


def test_a_code_without_an_entry_is_shown_by_its_name(book: Book) -> None:
    codes = codebook_table(book.scheme, Codebook((), None, Details())).set_index(["of", "code"])
    assert set(codes["definition"]) == {""}
    assert "supply" in tree(codes.loc[("instrument", "supply"), "called"]).text_content()
