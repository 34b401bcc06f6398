from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from policybook.analysis.agreement import (
    OUTCOME_COLUMNS,
    Outcomes,
    cohen_kappa,
    precision_recall_f1,
    score_outcomes,
    show_quantity,
)
from policybook.analysis.intervals import wilson
from policybook.coding.code import Coding
from policybook.coding.gold import GOLD_COLUMNS, Gold
from policybook.corpus.corpus import Corpus


def labels(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Return the labels of two coders that make this cross table."""
    items = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in items], [j for _, j in items]


@pytest.mark.parametrize(
    ("table", "kappa", "low", "high"),
    [
        # two dermatologists, as in the SAS/STAT manual (FREQ); all bounds by statsmodels 0.14's cohens_kappa
        ([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]], 0.3448753463, 0.2029804464, 0.4867702461),
        # Cohen (1960), table 1: .492
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.4915254237, 0.3915637021, 0.5914871454),
        ([[20, 5], [10, 15]], 0.4, 0.1510922905, 0.6489077095),
        ([[3, 4], [6, 2]], -0.3157894737, -0.7859774518, 0.1543985045),
    ],
)
def test_kappa_agrees_with_independent_values(table: list[list[int]], kappa: float, low: float, high: float) -> None:
    assert [float(number) for number in cohen_kappa(*labels(table))] == pytest.approx([kappa, low, high], rel=1e-8)


def test_kappa_does_not_depend_on_the_order_of_items_or_names_of_labels() -> None:
    first, second = labels([[9, 2, 1], [3, 8, 0], [0, 2, 5]])
    order = np.random.default_rng(1).permutation(len(first))
    names = ["land", "people", "space"]
    renamed = cohen_kappa([names[first[i]] for i in order], [names[second[i]] for i in order])
    assert renamed == pytest.approx(cohen_kappa(first, second))


def test_full_agreement_on_few_items_is_not_certainty() -> None:
    few, many = cohen_kappa("aabb", "aabb"), cohen_kappa("ab" * 100, "ab" * 100)
    assert few.value == many.value == few.high == 1
    assert few.low == pytest.approx((float(wilson(4, 4)[0]) - 0.5) / 0.5)
    assert few.low < many.low < 1


def test_a_higher_confidence_widens_the_interval() -> None:
    first, second = labels([[20, 5], [10, 15]])
    narrow, wide = cohen_kappa(first, second, 0.8), cohen_kappa(first, second, 0.99)
    assert wide.low < narrow.low < narrow.high < wide.high
    low = cohen_kappa(*labels([[0, 3], [3, 0]]))
    assert low.low >= -1


@pytest.mark.parametrize(
    ("first", "second", "confidence", "message"),
    [
        ("ab", "abc", 0.95, "same items"),
        ("", "", 0.95, "at least one"),
        ("aaa", "aaa", 0.95, "not defined"),
        ("ab", "ab", 95, "confidence"),
    ],
)
def test_kappa_needs_two_codings(first: str, second: str, confidence: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cohen_kappa(first, second, confidence)


def test_precision_and_recall_are_shares_with_wilson_intervals() -> None:
    scores = precision_recall_f1(40, 10, 20)
    assert (scores.precision.value, scores.recall.value) == (0.8, pytest.approx(2 / 3))
    assert scores.precision[1:] == wilson(40, 50)
    assert scores.recall[1:] == wilson(40, 60)
    assert scores.f1.value == pytest.approx(2 * 0.8 * (2 / 3) / (0.8 + 2 / 3))


def test_the_interval_of_f1_covers() -> None:
    """Drawn 2,000 times from decisions of known F1, the 95 % interval holds it in 93 to 98 of 100."""
    random = np.random.default_rng(3)
    tp, fp, fn = random.multinomial(80, [0.6, 0.15, 0.25], size=2000).T
    f1 = precision_recall_f1(tp, fp, fn).f1
    truth = 2 * 0.6 / (2 * 0.6 + 0.15 + 0.25)
    covered = ((f1.low <= truth) & (truth <= f1.high)).mean()
    assert 0.93 <= covered <= 0.98


def test_nothing_found_or_nothing_there_is_unknown_not_zero() -> None:
    scores = precision_recall_f1([0, 0, 0], [0, 5, 0], [4, 0, 0])
    assert np.isnan(scores.precision.value).tolist() == [True, False, True]
    assert np.isnan(scores.recall.value).tolist() == [False, True, True]
    assert scores.f1.value[:2].tolist() == [0, 0]
    assert np.isnan(scores.f1.value[2])
    assert (scores.f1.low[2], scores.f1.high[2]) == (0, 1)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((-1, 1, 1), "true_positives must not be negative"),
        ((1, float("nan"), 1), "false_positives must be finite"),
        (([1, 2], [1, 2, 3], 1), "one length"),
    ],
)
def test_impossible_counts_are_refused(counts: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        precision_recall_f1(*counts)


# Hand codings against what rules find, on rules and codings made for the test ----------------------


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
    concept = made(id="pilot", term_zh="试点", term="试点", theme="governance")
    other = made(id="village", term_zh="村", term="村", theme="countryside")
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
    assert list(scored.rows.columns) == list(OUTCOME_COLUMNS)


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
