from __future__ import annotations

import pytest
from kinds import CorpusOf
from made_counts import blocks, made_counts

from policybook.analysis import thresholds
from policybook.analysis.compare import compare_counts, compare_periods
from policybook.analysis.counts import BlockCounts, Finding, block_counts
from policybook.analysis.robustness import (
    SensitivityCheck,
    Variant,
    check_sensitivity,
    find_placebo,
    judge_placebo,
    make_variants,
)
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.corpus.corpus import Corpus

# The placebo of places: halves of one place's years ------------------------------------------------


FOUR = {"a1": blocks(30, 40), "a2": blocks(10, 40), "b1": blocks(12, 40), "b2": blocks(20, 40)}


def test_pairs_of_the_same_place_are_compared_and_opposed_ones_left_out() -> None:
    counts = made_counts(FOUR)
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    pairs = find_placebo(counts, result)
    assert [(pair.left, pair.right, pair.place) for pair in pairs] == [("a1", "a2", "a"), ("b1", "b2", "b")]
    assert pairs[0].largest_difference == pytest.approx(0.5)
    assert pairs[0].directional == 2  # land and its one concept
    assert pairs[1].directional == 0
    years = compare_counts(counts.select(document="a1"), counts.select(document="a2"), serial=1.0)
    assert find_placebo(counts, years) == ()


def test_a_pair_is_compared_as_the_sides_are() -> None:
    counts = made_counts(FOUR)
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.4)
    pair = find_placebo(counts, result)[0]
    alone = compare_counts(counts.select(document="a1"), counts.select(document="a2"), serial=1.4)
    assert pair.eligible == sum(row.eligible for row in alone.rows)
    assert pair.directional == sum(row.verdict.startswith("more") for row in alone.rows)


def test_documents_elsewhere_than_the_sides_are_no_placebo() -> None:
    counts = made_counts({**FOUR, "c1": blocks(30, 40), "c2": blocks(1, 40)})
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert {pair.place for pair in find_placebo(counts, result)} == {"a", "b"}


def test_of_very_many_pairs_some_are_taken_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thresholds, "MAX_PLACEBO_PAIRS", 3)
    counts = made_counts({f"a{n}": ["farm"] for n in range(6)} | {"b": ["farm"]})
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert [(pair.left, pair.right) for pair in find_placebo(counts, result)] == [
        ("a0", "a1"),
        ("a1", "a4"),
        ("a4", "a5"),
    ]


def test_the_page_says_when_documents_of_one_place_differ_as_much(counts: BlockCounts, effect: float) -> None:
    """The two long national texts differ by 48 points in a theme, the nation and Liaoning by 27 at most."""
    everything = frozenset(counts.concepts)
    result = compare_counts(
        counts.select(speaker="national"), counts.select(speaker="liaoning"), serial=effect, comparable=everything
    )
    pairs = find_placebo(counts, result, everything)
    assert len(pairs) == 6
    found = judge_placebo(result, pairs)
    assert (found.code, found.values["judged"], found.values["found"]) == ("as_much_few", 1, 0)
    assert found.values["usual"] > found.values["largest"]


def test_sides_that_differ_more_than_their_documents_are_told_so() -> None:
    counts = made_counts({f"a{n}": blocks(30, 40) for n in range(3)} | {f"b{n}": blocks(8, 40) for n in range(3)})
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    pairs = find_placebo(counts, result)
    assert len(pairs) == 6
    assert judge_placebo(result, pairs).code == "less"


def test_single_documents_cannot_stand_for_sides_of_many() -> None:
    counts = made_counts({f"{place}{n}": blocks(4 + 12 * (n % 2), 40) for place in "ab" for n in range(4)})
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert judge_placebo(result, find_placebo(counts, result)).code == "as_much_many"


def test_without_documents_large_enough_there_is_no_placebo() -> None:
    counts = made_counts({"a1": ["farm"], "a2": ["farm"], "b": ["farm"]})
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert judge_placebo(result, find_placebo(counts, result)).code == "none"


LAND = ("theme", "land")


@pytest.fixture(scope="module")
def variants(coded: Corpus, scheme: Scheme) -> tuple[Variant, ...]:
    return make_variants(coded, scheme)


def by_name(checks: tuple[SensitivityCheck, ...]) -> dict[str, SensitivityCheck]:
    return {str(check.what.values.get("unit", check.what.code)): check for check in checks[:3]}


def sentence(first: str, number: int) -> str:
    """Return a sentence of some sixty words, one block, of words that no other has."""
    return f"{first} {' '.join(f'w{number}x{k}' for k in range(60))}."


OWN = Scheme(
    themes=(Theme(id="land", label="Land", label_zh="土地"), Theme(id="jobs", label="Jobs", label_zh="就业")),
    concepts=tuple(
        Concept.model_validate({"id": id, "term_zh": "词", "term_en": id, "pinyin": "cí", "theme": theme, "en": [id]})
        for id, theme in (("farm", "land"), ("factory", "jobs"))
    ),
)


def test_texts_are_cut_otherwise_and_left_out_one_by_one(corpus_of: CorpusOf) -> None:
    """In a, farms stand in headings; they are gone without them. In b, factories stand in every other passage."""
    texts = {
        "a": "\n".join(f"The farm farm farm of part {n}\n{sentence('Plain', n)}" for n in range(30)),
        "b": "\n".join(sentence("Factory factory factory" if n % 2 else "Plain", n) for n in range(30, 60)),
    }
    corpus = code_concepts(corpus_of(texts, machine_translated=True), OWN)
    counts = block_counts(corpus, OWN)
    selections = {"document": "a"}, {"document": "b"}
    result = compare_counts(*(counts.select(selection) for selection in selections), serial=1.0, labels=("A", "B"))
    assert result.row(LAND).verdict == "more in left"
    checks = check_sensitivity(result, selections, make_variants(corpus, OWN))
    passage, document, text = by_name(checks).values()
    assert passage.outcomes[LAND] == "survives"
    assert document.outcomes[LAND] == "not possible"
    assert document.why == Finding("too_little_left", {"sides": ["A", "B"]})
    assert text.outcomes[LAND] == "not possible"
    assert text.why == Finding("nothing_left", {"sides": ["A", "B"]})
    assert len(checks) == 7
    for check in checks:
        assert set(check.outcomes) == set(result.left.rows)
        assert set(check.changed) == {key for key, outcome in check.outcomes.items() if outcome == "does not survive"}
    headless = next(check for check in checks if check.what.code == "no_headings")
    assert headless.outcomes[LAND] == "does not survive"
    assert headless.changed[LAND] == "too little evidence"


def test_a_verdict_that_rests_on_one_document_does_not_survive_without_it() -> None:
    left = made_counts({"a1": blocks(30, 30), "a2": blocks(5, 30), "a3": blocks(5, 30)})
    right = made_counts({f"b{n}": blocks(5, 30) for n in range(3)})
    result = compare_counts(left, right, serial=1.0)
    passage, document, text = by_name(check_sensitivity(result, ({}, {}), ())).values()
    assert (document.outcomes[LAND], document.changed[LAND]) == ("does not survive", "not settled")
    assert passage.outcomes[LAND] == "not possible"
    assert passage.why == Finding("no_units", {"unit": "passage"})
    assert text.outcomes[LAND] == "survives"  # nothing was translated by a machine


def test_what_only_a_machine_said_does_not_survive_without_it() -> None:
    marks = {"a1": True, "a2": False, "b1": False}
    counts = made_counts({"a1": blocks(40, 40), "a2": blocks(9, 40), "b1": blocks(10, 60)}, machine_translated=marks)
    result = compare_counts(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    text = by_name(check_sensitivity(result, ({"place": "a"}, {"place": "b"}), ()))["not_translated"]
    assert text.outcomes[LAND] == "does not survive"


def test_counts_without_texts_say_that_they_cannot_be_cut_otherwise() -> None:
    result = compare_counts(made_counts({"a": blocks(5, 30)}), made_counts({"b": blocks(5, 30)}), serial=1.0)
    last = check_sensitivity(result, ({}, {}), ())[-1]
    assert set(last.outcomes.values()) == {"not possible"}
    assert (last.what.code, last.why) == ("other_text", Finding("no_texts"))


def test_variants_change_what_they_say(variants: tuple[Variant, ...], counts: BlockCounts) -> None:
    half, twice, headless, complete = variants
    assert len(half.counts.blocks) > len(counts.blocks) > len(twice.counts.blocks)
    assert half.what == Finding("blocks", {"en": 30, "zh": 50})
    for same in (half, twice):
        assert same.counts.mentions.sum(axis=0).tolist() == counts.mentions.sum(axis=0).tolist()
    assert headless.counts.mentions.sum() < counts.mentions.sum()
    assert complete.counts.mentions.sum() >= counts.mentions.sum()
    assert len(complete.counts.passages or ()) > len(counts.passages or ()) > len(headless.counts.passages or ())
    assert all(variant.effect >= 1 for variant in variants)


def test_a_step_of_a_sequence_goes_on_holding_for_all_of_it() -> None:
    """Alone the pair would be clear; as one of three its interval is wider, and a check must not forget that."""
    counts = (("a", 18), ("b", 8), ("c", 40))
    periods = [made_counts({name: blocks(count, 60, often=5)}) for name, count in counts]
    pair = compare_periods(periods, serial=1.0, labels=["a", "b", "c"])[0]
    in_sequence, alone = (
        {check.what.code: check for check in check_sensitivity(pair, ({}, {}), (), in_sequence=mark)}
        for mark in (True, False)
    )
    name = "not_translated"  # nothing is, so nothing may change
    assert set(in_sequence[name].outcomes.values()) == {"survives"}
    assert alone[name].outcomes[LAND] == "does not survive"
