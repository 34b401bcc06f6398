"""Hand codings against what rules find, on rules and codings made for the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from policybook.analysis.outcomes import COLUMNS, Outcomes, score_outcomes
from policybook.analysis.sentence_codes import show_quantity
from policybook.coding.code import Coding
from policybook.coding.gold import COLUMNS as GOLD_COLUMNS
from policybook.coding.gold import Gold
from policybook.corpus.model import Corpus

TEXT = "要推进试点，加快建设，约60%的村"


@dataclass(frozen=True)
class Finder:
    """Finds what it was told, in every sentence."""

    found: tuple[Any, ...] = ()
    names_zh: Mapping[str, str] = field(default_factory=lambda: {"state-council": "国务院"})

    def find(self, text: str, language: str) -> Iterator[Any]:
        assert (text, language) == (TEXT, "zh")
        yield from self.found


def made(**fields: Any) -> Any:
    return SimpleNamespace(**fields)


def coding(**found: tuple[Any, ...]) -> Coding:
    concept = made(id="pilot", term_zh="试点", theme="governance")
    other = made(id="village", term_zh="村", theme="countryside")
    scheme = made(concepts=(concept, other), by_id={"pilot": concept, "village": other})
    finders = {name: Finder(found.get(name, ())) for name in ("concepts", "quantities", "actors", "directives")}
    return cast(Coding, made(scheme=scheme, **finders))


def gold(**rows: list[tuple[Any, ...]]) -> Gold:
    sentences = [("written:1", "zh", "written", "test", None, TEXT)]
    tables = {"sentences": rows.pop("sentences", sentences), **rows}
    return Gold(**{
        name: pd.DataFrame(
            [(row if name == "sentences" else ("written:1", *row)) for row in tables.get(name, [])],
            columns=list(columns), dtype=object,
        )
        for name, columns in GOLD_COLUMNS.items()
    })  # fmt: skip


@pytest.fixture
def nothing(corpus: Corpus) -> Corpus:
    return corpus.select(plan="fyp14", level="county", language="zh")


def outcomes_of(what: str, scored: Outcomes) -> list[tuple[str, str, str]]:
    rows = scored.rows[scored.rows["what"] == what]
    return list(rows[["outcome", "gold", "found"]].itertuples(index=False, name=None))


def quantity(start: int, end: int, value: object, qualifier: str = "exact") -> Any:
    return made(start=start, end=end, value=value, unit="percent", qualifier=qualifier, kind="percent")


def test_a_concept_counts_once_a_sentence(nothing: Corpus) -> None:
    found = (
        made(concept="pilot", start=3, end=5, ambiguous=True),
        made(concept="pilot", start=3, end=5, ambiguous=False),
        made(concept="village", start=15, end=16, ambiguous=True),
    )
    scored = score_outcomes(gold(concepts=[("试点", "试点"), ("试点", "试点")]), nothing, coding(concepts=found))
    assert sorted(outcomes_of("concept", scored)) == [("extra", "", "村"), ("hit", "试点", "试点")]
    assert scored.rows.set_index("outcome")["ambiguous"].to_dict() == {"hit": False, "extra": True}
    assert set(scored.rows["kind"]) == {"governance", "countryside"}
    assert list(scored.rows.columns) == list(COLUMNS)


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (quantity(11, 15, 60, "about"), "hit"),
        (quantity(12, 15, 60, "about"), "hit"),
        (quantity(12, 15, 60), "differs"),
        (quantity(11, 15, 6, "about"), "differs"),
    ],
)
def test_a_quantity_is_right_where_all_of_it_is(found: Any, outcome: str, nothing: Corpus) -> None:
    coded = [("约60%", 60, "percent", "about", "percent", None)]
    scored = score_outcomes(gold(quantities=coded), nothing, coding(quantities=(found,)))
    assert [row[0] for row in outcomes_of("quantity", scored)] == [outcome]
    assert scored.rows["gold_start"].tolist() == [11]


def test_a_quantity_elsewhere_is_missed_and_extra(nothing: Corpus) -> None:
    coded = [("约60%", 60, "percent", "about", "percent", None)]
    scored = score_outcomes(gold(quantities=coded), nothing, coding(quantities=(quantity(0, 2, 60, "about"),)))
    shown = "60 percent, about (percent)"
    assert outcomes_of("quantity", scored) == [("missed", shown, ""), ("extra", "", shown)]


def test_pairs_are_chosen_so_that_the_most_agree(nothing: Corpus) -> None:
    """The first found overlaps both; taken greedily it would leave the second gold code without its own."""
    coded = [("约60%的", 1, "percent", "exact", "percent", None), ("60%", 2, "percent", "exact", "percent", None)]
    found = (quantity(12, 15, 1), quantity(11, 15, 2))
    scored = score_outcomes(gold(quantities=coded), nothing, coding(quantities=found))
    assert [row[0] for row in outcomes_of("quantity", scored)] == ["hit", "hit"]


def test_an_actor_is_called_by_its_chinese_name(nothing: Corpus) -> None:
    found = (made(actor="state-council", start=0, end=3),)
    scored = score_outcomes(gold(actors=[("国务院", "要推进")]), nothing, coding(actors=found))
    assert outcomes_of("actor", scored) == [("hit", "国务院", "国务院")]


def directive(start: int, end: int, strength: str = "requirement", subtype: str | None = "pilots") -> Any:
    return made(start=start, end=end, strength=strength, instrument="demand", subtype=subtype)


def test_a_directive_is_found_where_half_of_the_clause_is_shared(nothing: Corpus) -> None:
    coded = [("要推进试点", "requirement", "demand", "pilots"), ("加快建设", "requirement", "supply", "infrastructure")]
    found = (directive(1, 5), directive(7, 16))
    scored = score_outcomes(gold(directives=coded), nothing, coding(directives=found))
    rows = scored.rows.sort_values("outcome")
    assert rows["outcome"].tolist() == ["extra", "hit", "missed"]
    hit = rows[rows["outcome"] == "hit"].iloc[0]
    assert (hit["gold_instrument"], hit["found_instrument"], hit["found_subtype"]) == ("demand", "demand", "pilots")


def test_a_directive_of_another_strength_is_found_all_the_same(nothing: Corpus) -> None:
    coded = [("要推进试点", "requirement", "demand", "pilots")]
    scored = score_outcomes(gold(directives=coded), nothing, coding(directives=(directive(0, 5, "intention", None),)))
    assert outcomes_of("directive", scored) == [("hit", "requirement", "intention")]


def test_equal_words_are_told_apart_by_their_order(nothing: Corpus) -> None:
    scored = score_outcomes(
        gold(actors=[("甲", "进"), ("乙", "，"), ("丙", "，")]), nothing, coding()
    )  # fmt: skip
    assert scored.rows["gold_start"].tolist() == [2, 5, 10]


def test_words_that_do_not_stand_in_the_sentence_any_more_are_missed(nothing: Corpus) -> None:
    found = (made(actor="state-council", start=0, end=3),)
    scored = score_outcomes(gold(actors=[("国务院", "国务院")]), nothing, coding(actors=found))
    assert [row[0] for row in outcomes_of("actor", scored)] == ["missed", "extra"]


def test_a_sentence_whose_document_is_gone_is_counted_and_left_out(nothing: Corpus) -> None:
    sentences = [
        ("written:1", "zh", "written", "test", None, TEXT),
        ("gone:p01.1", "zh", "received", "test", None, ""),
    ]
    scored = score_outcomes(gold(sentences=sentences), nothing, coding())
    assert (scored.sentences["sentence"].tolist(), scored.absent) == (["written:1"], 1)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (60, "percent", "60 percent, exact (percent)"),
        (60.0, "percent", "60 percent, exact (percent)"),
        ([2014, 2020], None, "2014–2020, exact (percent)"),
        ((3, 5), "zone", "3–5 zone, exact (percent)"),
        ("2024-08", None, "2024-08, exact (percent)"),
        (120000000000.5, "CNY", "120000000000 CNY, exact (percent)"),
    ],
)
def test_equal_quantities_are_shown_alike(value: object, unit: object, shown: str) -> None:
    assert show_quantity(value, unit, "exact", "percent") == shown
