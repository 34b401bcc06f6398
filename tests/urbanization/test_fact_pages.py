"""What the pages about facts show when their tables are empty, and when documents hold quantities."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
from kinds import MakeProject
from number_origins import foreign, unexplained
from urbanization.checks import load_facts
from urbanization.rates import origin_rows, show_origins
from urbanization.targets import (
    cite_checks,
    document_times,
    event_list,
    event_rows,
    quantity_checks,
    rows_of_targets,
    target_rows,
)

from policybook.corpus.corpus import table
from policybook.pages.book import Book, open_book
from policybook.pages.html import show


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


def test_hostile_cells_stay_text(make_project: MakeProject) -> None:
    project = make_project()
    path = project.facts / "events.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("中央城镇化工作会议", "<script>alert(1)</script>", 1), encoding="utf-8")
    book = open_book(project.root)
    facts = load_facts(project)
    assert "elsewhere" in set(event_rows(facts, ["China"])["lane"])
    held = show_origins(origin_rows(book, facts.events), "e", "E")
    shown = event_list(book, facts, document_times(book))._repr_html_() + held._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
