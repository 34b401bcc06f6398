"""Tables of scores from outcomes made by hand, against values computed here or published."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from scipy.stats import binomtest

from policybook.analysis.outcomes import COLUMNS, SENTENCE_COLUMNS, Outcomes, score_outcomes
from policybook.analysis.validation import (
    agreement_table,
    confusion_table,
    pair_table,
    score_certain,
    score_kinds,
    score_presence,
    score_table,
)
from policybook.coding.code import Coding
from policybook.coding.gold import load_gold
from policybook.corpus.model import Corpus
from policybook.project import Project

SENTENCES = [
    ("zh1", "zh", "written", "test", "en1", "…"),
    ("en1", "en", "written", "test", "zh1", "…"),
    ("zh2", "zh", "written", "test", "en2", "…"),
    ("en2", "en", "written", "test", "zh2", "…"),
    ("zh3", "zh", "received", "test", None, "…"),
    ("zh4", "zh", "received", "tuning", None, "…"),
]


def outcomes(*rows: dict[str, object]) -> Outcomes:
    """Return outcomes of SENTENCES; of each row what is not given is that of a hit without anything special."""
    sentences = pd.DataFrame(SENTENCES, columns=list(SENTENCE_COLUMNS), dtype=object)
    by_id = sentences.set_index("sentence")[["language", "source", "part"]].to_dict("index")
    usual = dict.fromkeys(COLUMNS, "") | {"outcome": "hit", "gold_start": 0, "found_start": 0, "ambiguous": False}
    made = [usual | by_id[str(row["sentence"])] | row for row in rows]
    return Outcomes(sentences, pd.DataFrame(made, columns=list(COLUMNS), dtype=object), 0)


def codes(what: str, sentence: str, **numbers: int) -> list[dict[str, object]]:
    return [
        {"what": what, "sentence": sentence, "outcome": outcome} for outcome, n in numbers.items() for _ in range(n)
    ]


def test_scores_count_a_difference_on_both_sides() -> None:
    table = score_table(
        outcomes(*codes("quantity", "zh3", hit=8, missed=1, extra=2, differs=1)), part="test"
    )  # fmt: skip
    row = table.query("what == 'quantity' and language == 'zh' and source == 'received'").iloc[0]
    assert (row["sentences"], row["gold"], row["found"], row["hits"]) == (1, 10, 11, 8)
    assert (row["precision"], row["recall"]) == (pytest.approx(8 / 11), pytest.approx(8 / 10))
    assert row["f1"] == pytest.approx(2 * 8 / (10 + 11))
    exact = binomtest(8, 10).proportion_ci(method="wilson")
    assert (row["recall_low"], row["recall_high"]) == (pytest.approx(exact.low), pytest.approx(exact.high))


def test_every_group_has_a_row_also_when_nothing_was_coded_in_it() -> None:
    table = score_table(outcomes(*codes("actor", "zh3", hit=1)), part="test")
    assert len(table) == 4 * 3  # what × groups of the test part
    empty = table.query("what == 'directive'").iloc[0]
    assert (empty["gold"], empty["found"]) == (0, 0)
    assert math.isnan(empty["f1"])


def test_parts_are_never_mixed() -> None:
    made = outcomes(*codes("actor", "zh3", hit=2), *codes("actor", "zh4", missed=5))
    assert score_table(made, ["language"], part="test").query("what == 'actor' and language == 'zh'")["gold"].sum() == 2
    assert score_table(made, ["language"], part="tuning").query("what == 'actor'")["gold"].tolist() == [5]


def test_ambiguous_mentions_are_taken_for_not_found() -> None:
    rows = [
        {"what": "concept", "sentence": "en1", "gold": "a", "found": "a"},
        {"what": "concept", "sentence": "en1", "gold": "b", "found": "b", "ambiguous": True},
        {"what": "concept", "sentence": "en1", "outcome": "extra", "found": "c", "ambiguous": True},
        {"what": "concept", "sentence": "en1", "outcome": "extra", "found": "d"},
    ]
    row = score_certain(outcomes(*rows), part="test").set_index("language").loc["en"]
    assert (row["gold"], row["found"], row["hits"]) == (2, 2, 1)


def test_presence_asks_only_whether_there_is_one() -> None:
    made = outcomes(
        *codes("directive", "zh1", hit=1, missed=3),
        *codes("directive", "zh2", missed=1),
        *codes("directive", "zh3", extra=2),
    )
    row = score_presence(made, "directive", part="test").set_index("language").loc["zh"]
    assert (row["sentences"], row["gold"], row["found"], row["hits"]) == (3, 2, 2, 1)


def test_kinds_are_scored_apart() -> None:
    rows = [
        {"what": "quantity", "sentence": "zh3", "kind": "percent"},
        {"what": "quantity", "sentence": "zh3", "kind": "money", "outcome": "missed"},
    ]
    table = score_kinds(outcomes(*rows), part="test").set_index("kind")
    assert table["recall"].to_dict() == {"money": 0.0, "percent": 1.0}


def directive(gold: str, found: str, outcome: str = "hit", sentence: str = "zh1") -> dict[str, object]:
    instruments = {"gold_instrument": gold, "found_instrument": found, "gold": "requirement", "found": "requirement"}
    return {"what": "directive", "sentence": sentence, "outcome": outcome, **instruments}


#: The well-known 2 × 2 table with κ = 0.4 (20, 5; 10, 15).
FIFTY = [("supply", "supply")] * 20 + [("supply", "demand")] * 5 + [("demand", "supply")] * 10
FIFTY += [("demand", "demand")] * 15


def test_kappa_is_that_of_the_matched_directives() -> None:
    made = outcomes(*(directive(*pair) for pair in FIFTY), directive("supply", "", "missed"))
    table = agreement_table(made, part="test").set_index(["of", "language"])
    row = table.loc[("instrument", "")]
    assert row["directives"] == 50
    assert row["agreed"] == pytest.approx(0.7)
    assert row["kappa"] == pytest.approx(0.4)
    assert row["low"] < 0.4 < row["high"]
    assert math.isnan(table.loc[("strength", ""), "kappa"]), "all have one label"
    assert table.loc[("instrument", "en"), "directives"] == 0


def test_the_confusion_table_has_every_instrument_and_the_hand_in_its_rows() -> None:
    table = confusion_table(outcomes(*(directive(*pair) for pair in FIFTY)), part="test")
    assert table.index.tolist() == table.columns.tolist() == ["supply", "environment", "demand", "none"]
    assert (table.loc["supply", "demand"], table.loc["demand", "supply"]) == (5, 10)
    assert table.to_numpy().sum() == 50


def concept(sentence: str, gold: str, found: str) -> dict[str, object]:
    outcome = "hit" if gold and found else "missed" if gold else "extra"
    return {"what": "concept", "sentence": sentence, "gold": gold, "found": found, "outcome": outcome}


def test_pairs_are_as_alike_as_their_concepts() -> None:
    rows = [
        concept("zh1", "a", "a"), concept("zh1", "b", "b"), concept("en1", "a", "a"), concept("en1", "b", ""),
        concept("zh2", "", "c"), concept("en2", "", "c"),
    ]  # fmt: skip
    table = pair_table(outcomes(*rows), part="test").set_index("by")
    assert table.loc["found", ["pairs", "mean"]].tolist() == [2, pytest.approx(0.75)]
    assert table.loc["gold", ["pairs", "mean"]].tolist() == [1, pytest.approx(1.0)]
    assert 0.5 <= table.loc["found", "low"] <= 0.75 <= table.loc["found", "high"] <= 1
    pd.testing.assert_frame_equal(table, pair_table(outcomes(*rows), part="test").set_index("by"))


def test_without_pairs_the_mean_is_not_defined() -> None:
    table = pair_table(outcomes(*codes("actor", "zh4", hit=1)), part="tuning")
    assert table["pairs"].tolist() == [0, 0]
    assert table["mean"].isna().all()


@pytest.fixture(scope="module")
def real(project: Project, corpus: Corpus, coding: Coding) -> Outcomes:
    return score_outcomes(load_gold(project), corpus, coding)


def test_every_code_of_the_gold_has_one_outcome(real: Outcomes, project: Project) -> None:
    gold = load_gold(project)
    counted = real.rows[real.rows["outcome"] != "extra"]["what"].value_counts()
    assert counted["directive"] == len(gold.directives)
    assert counted["quantity"] == len(gold.quantities)
    assert counted["actor"] == len(gold.actors)
    assert counted["concept"] == len(gold.concepts.drop_duplicates(["sentence", "term_zh"]))
    assert real.absent == 0
    assert (real.rows.loc[real.rows["outcome"] != "extra", "gold_start"] >= 0).all()


def test_offsets_are_those_of_the_words(real: Outcomes) -> None:
    texts = real.sentences.set_index("sentence")["text"]
    for side in ("gold", "found"):
        for row in real.rows[real.rows[f"{side}_text"] != ""].to_dict("records"):
            start, words = row[f"{side}_start"], row[f"{side}_text"]
            assert texts[row["sentence"]][start : start + len(words)] == words
