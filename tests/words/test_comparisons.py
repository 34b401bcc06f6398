from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from made_counts import blocks, made_counts

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison, compare, compare_periods
from policybook.analysis.counts import BlockCounts, Finding, Row
from policybook.analysis.robustness import find_placebo
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus
from policybook.words.comparisons import answer, answer_sequence, to_json, to_table

SELECTIONS = ({"document": "guizhou-2024-two-strategies"}, {"speaker": ["liaoning"]})


@pytest.fixture(scope="module")
def result(counts: BlockCounts, effect: float) -> PairComparison:
    left, right = (counts.select(selection) for selection in SELECTIONS)
    return compare(left, right, serial=effect)


def codes(reason: Sequence[Finding]) -> str:
    """Return a reason as words would be given in its place."""
    return " ".join(one.code for one in reason)


def test_the_json_has_the_keys_of_the_contract(
    result: PairComparison, counts: BlockCounts, scheme: Scheme, coded: Corpus
) -> None:
    printed = json.loads(json.dumps(to_json(result, SELECTIONS, find_placebo(counts, result), scheme, codes)))
    assert list(printed) == ["left", "right", "thresholds", "placebo", "rows"]
    assert printed["left"] == {
        "selection": {"document": "guizhou-2024-two-strategies"},
        "documents": 1,
        "passages": 15,
        "blocks": 28,
        "mentions": result.mentions[0],
        "languages": ["en"],
    }
    assert printed["right"]["selection"] == {"speaker": ["liaoning"]}
    assert printed["thresholds"]["min_blocks"] == thresholds.MIN_BLOCKS
    assert printed["thresholds"]["design_effect"] == pytest.approx(result.serial, abs=1e-6)
    assert {"left", "right", "place", "eligible", "directional", "largest_difference"} == set(printed["placebo"][0])
    keys = [
        "family", "id", "label", "term_zh", "left", "right", "difference", "low95", "high95", "low", "high",
        "eligible", "verdict", "reason", "fragile", "evidence",
    ]  # fmt: skip
    assert [row["reason"] for row in printed["rows"]] == [codes(row.reason) for row in result.rows]
    for row in printed["rows"]:
        assert list(row) == keys
        assert list(row["left"]) == ["blocks", "passages", "documents", "mentions", "share"]
        assert row["low"] <= row["low95"] <= row["difference"] <= row["high95"] <= row["high"]
        for side in ("left", "right"):
            assert set(row["evidence"][side]) <= set(coded.sentences["sentence"])
            assert bool(row["evidence"][side]) == bool(row[side]["mentions"])


def test_the_table_has_a_row_each_with_labels(result: PairComparison, scheme: Scheme) -> None:
    table = to_table(result, scheme, codes)
    assert len(table) == len(result.rows)
    first = table.iloc[0]
    assert (first["label"], first["term_zh"]) == (scheme.themes[0].label, scheme.themes[0].label_zh)
    assert first["left_share"] == pytest.approx(first["left_blocks"] / 28, abs=1e-6)
    assert not any(column.endswith(("_en", "_zh")) for column in table if column != "term_zh")


def test_the_table_shows_each_language_by_itself_where_they_cannot_be_joined(
    counts: BlockCounts, effect: float, scheme: Scheme
) -> None:
    result = compare(counts.select(speaker="national"), counts.select(speaker="liaoning"), serial=effect)
    table = to_table(result, scheme, codes)
    row = table[table["id"] == "county"].iloc[0]
    chinese = int((counts.select(language="zh").mentions[:, counts.concepts.index("county")] > 0).sum())
    assert row["left_zh"] == f"{chinese} of 10"
    assert row["right_zh"] == "0 of 0"


def label(row: Row) -> str:
    return row.id


def test_a_difference_is_said_in_these_texts_and_marked_fragile() -> None:
    left, right = made_counts({"a": blocks(40, 60)}), made_counts({"b": blocks(10, 60)})
    said = answer(compare(left, right, serial=1.0, labels=("one", "other")), label)
    assert said.startswith(
        "In these texts, “one” speaks more often of land (67 % of its blocks against 17 %, fragile);"
    )
    assert "for 2 there is too little evidence" in said
    assert said.endswith("“one” speaks more often of farm (67 % of its blocks against 17 %, fragile).")


def test_with_four_documents_a_side_it_is_said_of_more_than_these_texts() -> None:
    left = made_counts({f"a{n}": blocks(30, 40) for n in range(4)})
    right = made_counts({f"b{n}": blocks(5, 40) for n in range(4)})
    said = answer(compare(left, right, serial=1.0), label)
    assert said.startswith("Judged by these documents as a sample of their kind, “left” speaks more often of land")
    assert "fragile" not in said


def test_no_difference_is_an_answer_too() -> None:
    left, right = made_counts({"a": blocks(20, 60)}), made_counts({"b": blocks(21, 60)})
    said = answer(compare(left, right, serial=1.0), label)
    assert said.startswith("In these texts, 1 theme (land) shows no clear difference and for 2 there is too little")
    assert said.endswith("none is clearly more frequent on one side.")


def test_what_cannot_be_said_has_its_reason() -> None:
    few, many = made_counts({"a": blocks(3, 3)}), made_counts({"b": blocks(20, 60)})
    assert "because “left” has 3 of the 12 blocks needed." in answer(compare(few, many, serial=1.0), label)
    silent = made_counts({"a": blocks(3, 60)})
    assert "because “left” has 9 of the 30 mentions needed." in answer(compare(silent, many, serial=1.0), label)
    chinese = made_counts({"a": blocks(20, 60)}, language={"a": "zh"})
    assert "not in one language" in answer(compare(chinese, many, serial=1.0), label)
    spread = made_counts({"a": ["farm factory school"] * 2 + [""] * 598}), made_counts({"b": blocks(1, 12, often=30)})
    rare = answer(compare(*spread, serial=1.0), label)
    assert "These texts cannot say how “left” and “right” differ in emphasis" in rare


def test_a_theme_that_is_known_too_loosely_is_no_answer() -> None:
    left, right = made_counts({"a": blocks(8, 14, often=5)}), made_counts({"b": blocks(7, 14, often=5)})
    said = answer(compare(left, right, serial=2.5), label)
    assert said.startswith("These texts cannot say how “left” and “right” differ in emphasis, because they are too ")
    assert "±30 points" in said


def test_a_sequence_is_told_step_by_step() -> None:
    periods = [made_counts({name: blocks(count, 60)}) for name, count in (("a", 40), ("b", 10), ("c", 12))]
    labels = ("one", "two", "three")
    said = answer_sequence(compare_periods(periods, serial=1.0, labels=labels).pairs, labels, label)
    assert said.startswith("In these texts, between “one” and “two” “one” speaks more often of land")
    assert "between “two” and “three” 1 theme (land) shows no clear difference; between “one” and “three” “one”" in said
    few = [made_counts({name: blocks(3, 3)}) for name in "abc"]
    unsaid = answer_sequence(compare_periods(few, serial=1.0, labels=labels).pairs, labels, label)
    assert unsaid.startswith("These texts cannot say how “one”, “two” and “three” differ in emphasis, because ")
    assert unsaid.count("“one” has 3 of the 12 blocks needed") == 2


def test_across_languages_it_says_how_little_could_be_counted() -> None:
    left = made_counts({"a": blocks(30, 60, "school")}, language={"a": "zh"})
    right = made_counts({"b": blocks(28, 60, "school")})
    said = answer(compare(left, right, serial=1.0, comparable=frozenset(["school"])), label)
    assert "so only 1 of 4 concepts could enter" in said
