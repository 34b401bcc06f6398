from __future__ import annotations

from dataclasses import replace

import lxml.html
import pandas as pd
from number_origins import foreign, unexplained
from svg import download, parse, texts
from urbanization.checks import load_facts
from urbanization.rates import origin_rows, show_origins
from urbanization.targets import (
    GOAL_COLUMNS,
    cite_checks,
    document_times,
    event_list,
    goal_chart,
    quantity_checks,
    rows_of_targets,
    target_rows,
)

from policybook.charts.theme import Chart
from policybook.corpus.corpus import table
from policybook.pages.book import Book
from policybook.pages.html import show

NONE = float("nan")
GOALS = pd.DataFrame(
    [
        ("green buildings", "%", 2, 50, 77, "2020", "met", False, "target-16", "AFP", "", "", ""),
        ("air", "%", 40.9, 60, 59.9, "2020", "missed", True, "target-18", "AFP", "", "", ""),
        ("broadband access", "Mbps", NONE, 50, NONE, "", "unknown", False, "target-12", "us", "", "", ""),
    ],
    columns=list(GOAL_COLUMNS),
)


def draw(goals: pd.DataFrame = GOALS) -> Chart:
    return goal_chart("goals", goals, "Three goals")


def test_each_goal_has_its_numbers_on_its_line() -> None:
    shown = texts(draw().svg)
    assert {"green buildings", "air", "2 → 50: 77", "40.9 → 60: 59.9", "50: –"} <= set(shown)
    assert parse(draw().svg).get("aria-label") .startswith("Three goals")


def test_units_have_an_axis_each() -> None:
    assert {"%", "Mbps"} <= set(texts(draw().svg))


def test_the_legend_names_the_verdicts_that_occur() -> None:
    shown = set(texts(draw().svg))
    assert {"outcome: met", "outcome: missed", "hollow: beyond a recount"} <= shown
    assert "outcome: not comparable" not in shown
    assert "hollow: beyond a recount" not in texts(draw(GOALS.iloc[:1]).svg)


def test_the_download_names_the_rows() -> None:
    rows = download(draw()._repr_html_())
    assert [row["row"] for row in rows] == ["target-16", "target-18", "target-12"]
    assert rows[2]["outcome"] == ""


def test_the_same_goals_make_the_same_figure() -> None:
    assert draw().svg == draw().svg


def test_quantities_of_documents_are_shown_with_what_the_facts_say(book: Book) -> None:
    corpus = book.corpus
    rows = []
    for passage, text, value in (
        ("web-2021-joint-conference:p03", "27", 27),
        ("web-2024-county-mobilization:p40", "28", 28),
    ):
        found = next(s for s in corpus.sentences.to_dict("records") if s["passage"] == passage and text in s["text"])
        start = found["text"].index(text)
        place = {name: found[name] for name in ("sentence", "passage", "block", "document")}
        rows.append({**place, "start": start, "end": start + 2, "text": text, "value": value, "unit": "department",
                     "qualifier": "exact", "kind": "count", "indicator": None})  # fmt: skip
    facts = load_facts(book.project)
    checks = quantity_checks(replace(book, corpus=replace(corpus, quantities=table("quantities", rows))), facts)
    assert set(checks["outcome"]) == {"at another time"}
    labels = {"passage": "There", "quantity": "Quantity", "outcome": "The facts", "said": "Which"}
    shown = lxml.html.fromstring(show(cite_checks(checks, facts), labels=labels)._repr_html_())
    assert [a.get("href") for a in shown.cssselect("a")] == [
        "../documents/web-2021-joint-conference.html#p03", "../documents/web-2024-county-mobilization.html#p40",
    ]  # fmt: skip
    text = " ".join(shown.text_content().split())
    assert "28 in 2019" in text
    assert unexplained(shown) == []
    assert foreign(shown, dict(facts.by_id)) == []
    held = show_origins(origin_rows(book, rows_of_targets(facts, target_rows(facts), checks)), "rows", "Rows")
    anchors = {e.get("id") for e in lxml.html.fromstring(held._repr_html_()).cssselect("[id]")}
    named = {name for e in shown.cssselect("[data-rows]") for name in e.get("data-rows").split()}
    assert {f"row-{name}" for name in named} <= anchors


def test_without_quantities_nothing_is_held_against_the_facts(book: Book) -> None:
    empty = replace(book, corpus=replace(book.corpus, quantities=table("quantities", [])))
    facts = load_facts(book.project)
    checks = quantity_checks(empty, facts)
    assert checks.empty
    assert cite_checks(checks, facts).empty
    assert len(rows_of_targets(facts, target_rows(facts), checks)) >= len(facts.plan_targets)


def test_a_document_stands_at_the_time_it_was_written(book: Book) -> None:
    shown = lxml.html.fromstring(event_list(book, load_facts(book.project), document_times(book))._repr_html_())
    order = [e.get("id") for e in shown.cssselect("li.pb-written")]
    assert order[0] == "document-mysheen-2024-liaoning-income-gap"
    assert order[-1] == "document-web-2024-county-mobilization"
    years = [
        e.cssselect("time")[0].text for e in shown.cssselect(".pb-year") if e.getnext().cssselect(f"#{order[0]}")
    ]  # fmt: skip
    assert years == ["2014"]
