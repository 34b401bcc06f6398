"""The page on the plans: facts side by side, words that came and went, eras, courses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import lxml.html
import numpy as np
import pandas as pd
import pytest
from urbanization.checks import load_facts
from urbanization.plans import (
    EraShift,
    MeasuredTexts,
    eras_headline,
    fact_sides,
    find_course,
    find_eras,
    genre_shares,
    goals_of,
    quote_sides,
    tell_rows,
    word_changes,
)

from policybook.coding.measured import Measured
from policybook.coding.rules import Age
from policybook.corpus.corpus import Selection
from policybook.pages.book import Book
from policybook.project import Project

CONCEPTS = ["hukou-reform", "urban-renewal"]


def course(first: str, later: str, overall: str) -> str:
    return find_course(SimpleNamespace(verdict=first, verdict_since=later, verdict_overall=overall))


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (("more in right", "more in left", "alike"), "fell and came back"),
        (("more in right", "not settled", "more in right"), "fell and stayed down"),
        (("more in right", "more in left", "more in right"), "fell and stayed down"),
        (("more in right", "not settled", "not settled"), "fell"),
        (("more in left", "more in right", "not settled"), "rose and fell back"),
        (("more in left", "more in left", "more in left"), "rose and stayed up"),
        (("not settled", "more in left", "more in left"), "not settled"),
        (("alike", "alike", "alike"), "not settled"),
    ],
)
def test_a_course_is_named_only_where_its_steps_are_settled(verdicts: tuple[str, str, str], said: str) -> None:
    assert course(*verdicts) == said


def test_facts_stand_beside_each_other_with_their_rows_and_sources(book: Book) -> None:
    facts = load_facts(book.project)
    left, right = facts.plan("nnup-2014"), facts.plan("action-2024")
    rows = fact_sides(book, facts, {"Horizon": [[left], [right]], "None": [[], [right]]}, ("2014", "2024"))
    assert rows["rows"].tolist() == [f"{left.id} {right.id}", right.id]
    cell = lxml.html.fromstring(rows["2014"][0]._repr_html_())
    assert [one.get("data-rows") for one in cell.cssselect("[data-rows]")] == [left.id]
    assert left.cite_url in [one.get("href") for one in cell.cssselect("a")]
    assert rows["2014"][1]._repr_html_() == "–"


def test_goals_are_numbers_or_words_and_rules_are_neither(book: Book) -> None:
    facts = load_facts(book.project)
    for plan in ("nnup-2014", "action-2024"):
        numbers, words = (goals_of(facts, plan, figures=figures) for figures in (True, False))
        assert all(row.target is not None and row.target.number is not None for row in numbers)
        assert {row.id for row in (*numbers, *words)} == {r.id for r in facts.targets(plan) if r.group != "rule"}
        assert numbers


def test_sentences_stand_on_the_side_whose_texts_say_them(book: Book) -> None:
    sides: dict[str, Selection] = {"then": {"era": "2014-2020"}, "now": {"era": ["2021-2024", "2024-"]}}
    shown = lxml.html.fromstring(quote_sides(book, ["residence-permit", "hukou-reform"], sides)._repr_html_())
    cells = [cell for cell in shown.cssselect(".pb-reading-cell") if cell.cssselect("mark")]
    era = book.corpus.documents.set_index("document")["era"]
    assert cells
    for cell in cells:
        (side,) = [one.text_content() for one in cell.cssselect(".pb-side")]
        found = {a.get("href").rpartition("/")[2].partition(".")[0] for a in cell.cssselect("a")}
        assert {era[one] == "2014-2020" for one in found} == {side == "then"}


def texts_of(book: Book, rows: list[tuple[str, str, str, int, dict[str, int]]]) -> MeasuredTexts:
    """Return a corpus of (document, place, era, year, blocks with each concept), of 100 blocks a document."""
    documents = pd.DataFrame([
        {"document": d, "title": d, "publisher": "-", "kind": "report", "place": place, "city": "", "era": era,
         "year": str(year), "language": "zh", "address": f"https://example.org/{d}" if n else "", "blocks_100": 100}
        for n, (d, place, era, year, _) in enumerate(rows)
    ])  # fmt: skip
    counts = pd.DataFrame([
        {"document": d, "kind": "concept", "id": concept, "mentions": 2 * blocks, "blocks_100": blocks, "form": "甲-乙"}
        for d, _, _, _, carried in rows for concept, blocks in carried.items() if blocks
    ])  # fmt: skip
    texts = MeasuredTexts(book, "made")
    record = SimpleNamespace(blocks_sha256=None)
    texts.__dict__["measured"] = Measured(documents, counts, pd.DataFrame(), record)  # type: ignore[arg-type]
    texts.__dict__["age"] = Age()
    return texts


@pytest.fixture
def pair(book: Book) -> MeasuredTexts:
    return texts_of(book, [
        ("old", "national", "2014-2020", 2014, {"hukou-reform": 5, "rural-revitalization": 1}),
        ("new", "national", "2024-", 2024, {"urban-renewal": 7, "rural-revitalization": 4}),
    ])  # fmt: skip


def test_words_that_came_and_went_lead_to_the_official_page(pair: MeasuredTexts) -> None:
    rows = word_changes(pair, kind="report").set_index("id")
    said = {"urban-renewal": "came", "hukou-reform": "went", "rural-revitalization": "stayed"}
    assert rows["change"].to_dict() == said
    assert (rows["2014"]["urban-renewal"], rows["2024"]["urban-renewal"]) == (0, 14)
    assert rows["2024_href"]["urban-renewal"] == "https://example.org/new#:~:text=%E7%94%B2%2D%E4%B9%99"
    assert rows["2014_href"]["hukou-reform"] == "", "an address that is none"
    assert rows["2014_href"]["urban-renewal"] == "", "words that do not stand there"


def test_shares_of_themes_stand_in_the_order_of_years(pair: MeasuredTexts) -> None:
    rows = genre_shares(pair, kind="report")
    assert list(dict.fromkeys(rows["period"])) == ["2014", "2024"]
    assert rows.groupby("period")["id"].nunique().tolist() == [len(pair.book.scheme.themes)] * 2
    assert set(rows["total"]) == {100}


@pytest.fixture(scope="module")
def shift(book: Book) -> EraShift:
    draw = np.random.default_rng(1)
    eras = [("2014-2020", 2016, (9, 1)), ("2021-2024", 2022, (1, 9)), ("2024-", 2025, (9, 9))]
    places = [one.id for one in book.vocabulary.places if one.within][:12]
    return EraShift(texts_of(book, [
        (f"{place}-{year}", place, era, year,
         {one: mean + int(draw.integers(3)) for one, mean in zip(CONCEPTS, means, strict=True)})
        for place in places for era, year, means in eras
    ]), ("2014-2020", "2021-2024", "2024-"))  # fmt: skip


def test_places_are_compared_with_themselves(shift: EraShift) -> None:
    rows = shift.rows[shift.rows["family"] == "concept"].set_index("id")
    assert rows["course"].to_dict() == {"hukou-reform": "fell and came back", "urban-renewal": "rose and stayed up"}
    assert (rows["places"] == 12).all()
    assert shift.years == ["2016", "2022", "2025"]


def test_what_rose_stands_before_what_fell_and_is_told_with_its_places(shift: EraShift) -> None:
    changes = shift.changes(shift.rows[shift.rows["family"] == "concept"], 1)
    assert changes["id"].tolist() == ["urban-renewal", "hukou-reform"]
    assert changes["looks"].tolist() == ["rose", "fell"]
    told = lxml.html.fromstring(f"<p>{tell_rows(changes, 'group')._repr_html_()}</p>")
    assert [a.get("href") for a in told.cssselect("a")] == [f"#evidence-concept-{one}" for one in changes["id"]]
    assert "12 of 12" in told.text_content()


def test_the_reports_behind_a_row_are_those_that_speak_of_it_most(shift: EraShift) -> None:
    row = shift.rows[shift.rows["id"] == "urban-renewal"]
    shown = lxml.html.fromstring(shift.evidence(row, most=2)._repr_html_())
    assert shown.get("id") == "evidence-concept-urban-renewal"
    assert len(shown.cssselect("a")) == 6
    assert all("#:~:text=" in a.get("href") for a in shown.cssselect("a"))


def test_nothing_chosen_for_its_movement_is_tested(shift: EraShift) -> None:
    rows = shift.changed.rows[shift.changed.left.rows["chosen"].astype(bool)]
    assert set(rows["verdict"]) == {"too little evidence"}


def test_the_front_page_says_what_came_and_what_left_and_leads_to_the_page(shift: EraShift) -> None:
    words = replace(shift, page="../chapters/plans.html")
    joint = replace(words, groups={"renewal and registration": CONCEPTS})
    told = lxml.html.fromstring(str(eras_headline((words, joint)).markup))
    links = [a.get("href") for a in told.cssselect("a")]
    assert links[:2] == [f"../chapters/plans.html#evidence-concept-{one}" for one in reversed(CONCEPTS)]
    assert links[-1].startswith("../chapters/plans.html#")
    assert "renewal and registration" in told.text_content() and "12 of 12" in told.text_content()
    assert str(eras_headline(None).markup) == ""


def test_a_theme_may_be_left_aside_where_concepts_are_named_first(shift: EraShift) -> None:
    theme = shift.texts.book.scheme.by_id["urban-renewal"].theme
    assert replace(shift, aside=theme).widest(3)["id"].tolist() == ["hukou-reform"]


def test_the_eras_of_the_front_page_are_those_of_the_page_on_the_plans(book: Book, tmp_path: Path) -> None:
    found = find_eras(book)
    assert found is not None and set(found[1].groups or ()) == set(found[1].rows["id"])
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "runs.yml").write_text("runs:\n  - {template: front, page: index}\n", encoding="utf-8")
    assert find_eras(replace(book, project=Project(tmp_path))) is None


def test_the_words_of_a_group_count_together(shift: EraShift) -> None:
    joint = EraShift(shift.texts, shift.eras, groups={"either": CONCEPTS}).rows
    single = shift.rows[shift.rows["id"].isin(CONCEPTS)]
    assert joint["label"].tolist() == ["either"]
    for era in ("before", "after", "since"):
        assert joint[era].iloc[0] == pytest.approx(single[era].sum())
