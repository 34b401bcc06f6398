from __future__ import annotations

import json
from dataclasses import replace

import pytest
from kinds import CorpusOf
from made_counts import blocks, made_counts

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison, compare_counts, compare_periods
from policybook.analysis.counts import BlockCounts, Finding, Row, count_rows
from policybook.analysis.robustness import find_placebo
from policybook.coding.rules import Age, Part, Why
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.corpus.corpus import Corpus
from policybook.words.comparisons import (
    answer,
    answer_sequence,
    confound_words,
    missing_plans,
    not_counted_sentence,
    placebo_sentence,
    plans_sentence,
    reason_words,
    to_json,
    to_table,
)

SELECTIONS = ({"document": "guizhou-2024-two-strategies"}, {"speaker": ["liaoning"]})


@pytest.fixture(scope="module")
def result(counts: BlockCounts, effect: float) -> PairComparison:
    left, right = (counts.select(selection) for selection in SELECTIONS)
    return compare_counts(left, right, serial=effect)

PLANS = ("nnup-2014", "action-2024")


def test_the_json_has_the_keys_of_the_contract(
    result: PairComparison, counts: BlockCounts, scheme: Scheme, coded: Corpus
) -> None:
    printed = json.loads(json.dumps(to_json(result, SELECTIONS, find_placebo(counts, result), scheme)))
    assert list(printed) == ["design", "left", "right", "thresholds", "placebo", "rows"]
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
    assert [row["reason"] for row in printed["rows"]] == [reason_words(row.reason) for row in result.rows]
    for row in printed["rows"]:
        assert list(row) == keys
        assert list(row["left"]) == ["blocks", "passages", "documents", "mentions", "share"]
        assert row["low"] <= row["low95"] <= row["difference"] <= row["high95"] <= row["high"]
        for side in ("left", "right"):
            assert set(row["evidence"][side]) <= set(coded.sentences["sentence"])
            assert bool(row["evidence"][side]) == bool(row[side]["mentions"])


def test_the_table_has_a_row_each_with_labels(result: PairComparison, scheme: Scheme) -> None:
    table = to_table(result, scheme)
    assert len(table) == len(result.rows)
    first = table.iloc[0]
    assert (first["label"], first["term_zh"]) == (scheme.themes[0].label, scheme.themes[0].label_zh)
    assert first["left_share"] == pytest.approx(first["left_blocks"] / 28, abs=1e-6)
    assert not any(column.endswith(("_en", "_zh")) for column in table if column != "term_zh")


def test_the_table_shows_each_language_by_itself_where_they_cannot_be_joined(
    counts: BlockCounts, effect: float, scheme: Scheme
) -> None:
    result = compare_counts(counts.select(speaker="national"), counts.select(speaker="liaoning"), serial=effect)
    table = to_table(result, scheme)
    row = table[table["id"] == "county"].iloc[0]
    chinese = int((counts.select(language="zh").mentions[:, counts.concepts.index("county")] > 0).sum())
    assert row["left_zh"] == f"{chinese} of 10"
    assert row["right_zh"] == "0 of 0"


def label(row: Row) -> str:
    return row.id


def test_a_difference_is_said_in_these_texts_and_marked_fragile() -> None:
    left, right = made_counts({"a": blocks(40, 60)}), made_counts({"b": blocks(10, 60)})
    said = answer(compare_counts(left, right, serial=1.0, labels=("one", "other")), label)
    assert said.startswith(
        "In these texts, “one” speaks more often of land (67 % of its blocks against 17 %, fragile);"
    )
    assert "for 2 there is too little evidence" in said
    assert said.endswith("“one” speaks more often of farm (67 % of its blocks against 17 %, fragile).")


def test_with_four_documents_a_side_it_is_said_of_more_than_these_texts() -> None:
    left = made_counts({f"a{n}": blocks(30, 40) for n in range(4)})
    right = made_counts({f"b{n}": blocks(5, 40) for n in range(4)})
    said = answer(compare_counts(left, right, serial=1.0), label)
    assert said.startswith("Judged by these documents as a sample of their kind, “left” speaks more often of land")
    assert "fragile" not in said


def test_a_difference_that_is_not_settled_is_no_answer() -> None:
    left, right = made_counts({"a": blocks(20, 60)}), made_counts({"b": blocks(21, 60)})
    said = answer(compare_counts(left, right, serial=1.0), label)
    assert said == (
        "These texts cannot say how “left” and “right” differ in emphasis, because not even the one theme that can "
        "be judged is settled."
    )


def test_what_cannot_be_said_has_its_reason() -> None:
    few, many = made_counts({"a": blocks(3, 3)}), made_counts({"b": blocks(20, 60)})
    assert "because “left” has 3 of the 12 blocks needed." in answer(compare_counts(few, many, serial=1.0), label)
    silent = made_counts({"a": blocks(3, 60)})
    assert "because “left” has 9 of the 30 mentions needed." in answer(compare_counts(silent, many, serial=1.0), label)
    chinese = made_counts({"a": blocks(20, 60)}, language={"a": "zh"})
    assert "in different languages" in answer(compare_counts(chinese, many, serial=1.0), label)
    spread = made_counts({"a": ["farm factory school"] * 2 + [""] * 598}), made_counts({"b": blocks(1, 12, often=30)})
    rare = answer(compare_counts(*spread, serial=1.0), label)
    assert "These texts cannot say how “left” and “right” differ in emphasis" in rare


def test_a_sequence_is_told_step_by_step() -> None:
    periods = [made_counts({name: blocks(count, 60)}) for name, count in (("a", 40), ("b", 10), ("c", 12))]
    labels = ("one", "two", "three")
    said = answer_sequence(compare_periods(periods, serial=1.0, labels=labels), labels, label)
    assert said.startswith("In these texts, between “one” and “two” “one” speaks more often of land")
    assert "between “two” and “three” nothing is settled; between “one” and “three” “one”" in said
    few = [made_counts({name: blocks(3, 3)}) for name in "abc"]
    unsaid = answer_sequence(compare_periods(few, serial=1.0, labels=labels), labels, label)
    assert unsaid.startswith("These texts cannot say how “one”, “two” and “three” differ in emphasis, because ")
    assert unsaid.count("“one” has 3 of the 12 blocks needed") == 2


def test_across_languages_it_says_how_little_could_be_counted() -> None:
    left = made_counts({"a": blocks(30, 60, "school")}, language={"a": "zh"})
    right = made_counts({"b": blocks(28, 60, "school")})
    said = answer(compare_counts(left, right, serial=1.0, comparable=frozenset(["school"])), label)
    assert "so only 1 of 4 concepts could enter" in said


def test_a_reason_is_a_sentence_or_two() -> None:
    left, right = made_counts({"a": blocks(40, 60)}), made_counts({"b": blocks(10, 60)})
    said = reason_words(compare_counts(left, right, serial=1.0).row(("theme", "land")).reason)
    assert said.startswith("“left” 40 of 60 blocks, “right” 10 of 60 blocks: 50 points apart, and at least ")
    assert said.endswith(
        "Fragile: “left” is one document and “right” is one document, so whether it depends on that cannot be checked."
    )


def test_confounds_name_eras_and_languages_for_a_reader() -> None:
    sides = [{"side": "a", "values": ["2014-2020", "2024-"]}, {"side": "b", "values": ["2024-"]}]
    languages = [{"side": "a", "values": ["zh"]}, {"side": "b", "values": ["en"]}]
    translated = [{"side": "a", "values": ["False"]}, {"side": "b", "values": ["True"]}]
    found = [
        Finding("mixed", {"field": "era", "sides": sides}),
        Finding("mixed", {"field": "language", "sides": languages}),
        Finding("mixed", {"field": "machine_translated", "sides": translated}),
        Finding("shared", {"passages": 1}),
    ]
    assert confound_words(found, {"2014-2020": "later", "2024-": "earlier"}.__getitem__) == [
        "The sides also differ in era (a: earlier, later; b: earlier), and a difference between them may come from "
        "that.",
        "The sides also differ in language (a: Chinese; b: English), and a difference between them may come from "
        "that.",
        "The sides also differ in translation (a: as written; b: machine-translated), and a difference between them "
        "may come from that.",
        "1 passage stands on more than one side and is counted on each.",
    ]


def test_the_placebo_is_told_with_its_numbers() -> None:
    counts = made_counts({f"a{n}": blocks(30, 40) for n in range(3)} | {f"b{n}": blocks(8, 40) for n in range(3)})
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert placebo_sentence(result, find_placebo(counts, result)) == (
        "Placebo: 3 pairs of documents of the same place could be compared, and none differs in some row as a "
        "comparison would report it; the largest difference of a theme between two such documents is 0 points at the "
        "median, here 55. Documents of one place differ less often or less far than these sides do."
    )


def test_the_plans_in_words(corpus_of: CorpusOf) -> None:
    news = {"news": "The National New-type Urbanization Plan (2014-2020) says what to do."}
    without, own = corpus_of(news), corpus_of({"own": "We build."}, plan="nnup-2014", text_of="nnup-2014")
    said = plans_sentence(without, PLANS, str.upper)
    assert said.startswith("None of these plans") and "about the NNUP-2014" in said and "cannot say" in said
    said = plans_sentence(own, PLANS, str.upper)
    assert "the NNUP-2014 itself (1 block)" in said and "but only 0 passages" in said and "cannot say" in said
    said = plans_sentence(own, PLANS[:1], str.upper)
    assert "cannot say" not in said and "two documents cannot show" in said
    assert missing_plans(without, PLANS, str) == "the nnup-2014 and the action-2024 themselves"
    assert missing_plans(own, PLANS, str) == "the action-2024 itself"
    assert missing_plans(own, PLANS[:1], str) == ""


# What is not counted: never 0, and a sentence that says which, why, and how to count it --------------


def compared(*uncounted: str) -> PairComparison:
    why: dict[str, Why] = dict.fromkeys(uncounted, "new")
    texts = {f"{place}{n}": ["farm school", "forest", "farm", "factory"] * 6 for place in "ab" for n in range(4)}
    counts = replace(made_counts(texts), not_counted=why)
    one, other = (counts.select(place=place) for place in "ab")
    return compare_counts(one, other, serial=1.0)


def counted(comparison: PairComparison) -> set[str]:
    return {row.id for row in comparison.rows if row.counted}


def test_a_concept_that_nobody_counted_is_no_row_to_judge() -> None:
    result = compared("forest")
    assert counted(compared()) - counted(result) == {"forest"}
    row = result.row(("concept", "forest"))
    assert (row.eligible, row.verdict) == (False, "too little evidence")
    assert [one.code for one in row.reason] == ["not_counted"]


def test_a_theme_is_judged_by_those_of_its_concepts_that_were_counted() -> None:
    whole, part = (result.row(("theme", "land")) for result in (compared(), compared("forest")))
    assert part.counted and part.eligible and part.left.blocks < whole.left.blocks
    assert [one.values for one in part.reason if one.code == "without"] == [{"concepts": ["forest"]}]
    assert "without" not in {one.code for one in whole.reason}


def test_a_theme_without_any_is_not_counted() -> None:
    result = compared("farm", "forest")
    assert not result.row(("theme", "land")).counted
    assert result.row(("theme", "jobs")).counted


def test_what_was_not_counted_is_no_row_of_counts() -> None:
    counts: BlockCounts = compared("farm", "forest").left
    assert list(count_rows(counts, "theme", 1.0).index) == ["jobs", "services"]
    assert list(count_rows(counts, "concept", 1.0).index) == ["factory", "school"]


def concept(name: str, theme: str) -> Concept:
    return Concept(id=name, term_zh=name, term_en=f"the {name}", pinyin=name, theme=theme, en=[name])


SCHEME = Scheme(
    (Theme(id="land", label="Land", label_zh="地"), Theme(id="jobs", label="Jobs", label_zh="工")),
    (concept("farm", "land"), concept("forest", "land"), concept("factory", "jobs")),
)


def test_nothing_is_said_where_all_is_counted() -> None:
    assert not_counted_sentence(Age(), SCHEME, "reports") == ""
    assert not_counted_sentence(Age(gone=("orchard",)), SCHEME, "reports") == ""


def test_themes_are_named_that_other_concepts_make_up() -> None:
    said = not_counted_sentence(Age(themes=("land",)), SCHEME, "reports")
    assert said.startswith("Other concepts make up “Land” than ") and "policybook measure FOLDER" in said


def test_concepts_are_named_with_why_and_their_themes() -> None:
    said = not_counted_sentence(Age({"forest": "new", "factory": "changed"}), SCHEME, "reports")
    assert "“the forest”, new in the scheme" in said and "“the factory”, whose forms have changed" in said
    assert "“Land” is judged without" in said and "Jobs" not in said
    assert said.endswith("--metadata data/measured/reports/documents.csv --out data/measured/reports")


def test_of_many_concepts_the_first_are_named_and_the_others_counted() -> None:
    age = Age({"forest": "new", "factory": "new"})
    said = not_counted_sentence(age, SCHEME, "reports", most=1)
    assert "“the forest” and 1 more, new in the scheme" in said and "the factory" not in said
    assert "“the factory”, new" in not_counted_sentence(age, SCHEME, "reports", most=2)


@pytest.mark.parametrize(
    ("part", "which", "lost"),
    [
        ("text", "cut into blocks", "anything"), ("concepts", "concepts are found", "any concept"),
        ("quantities", "quantities are found", "quantities"), ("directives", "directives are found", "directives"),
    ],
)  # fmt: skip
def test_rules_are_named_with_what_nobody_counted(part: Part, which: str, lost: str) -> None:
    said = not_counted_sentence(Age(rules=(part,)), SCHEME, "reports")
    assert which in said and f"nobody counted {lost}." in said


def test_a_file_of_the_lexicon_is_named() -> None:
    assert "(data/lexicon/places.yml or plans.yml)" in not_counted_sentence(Age(lexicon=("text",)), SCHEME, "reports")
