from __future__ import annotations

import pytest
from made_counts import blocks, made_counts

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.compare import compare
from policybook.analysis.placebo import find_placebo, judge_placebo

FOUR = {"a1": blocks(30, 40), "a2": blocks(10, 40), "b1": blocks(12, 40), "b2": blocks(20, 40)}


def test_pairs_of_the_same_place_are_compared_and_opposed_ones_left_out() -> None:
    counts = made_counts(FOUR)
    result = compare(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    pairs = find_placebo(counts, result)
    assert [(pair.left, pair.right, pair.place) for pair in pairs] == [("a1", "a2", "a"), ("b1", "b2", "b")]
    assert pairs[0].largest_difference == pytest.approx(0.5)
    assert pairs[0].directional == 2  # land and its one concept
    assert pairs[1].directional == 0
    years = compare(counts.select(document="a1"), counts.select(document="a2"), serial=1.0)
    assert find_placebo(counts, years) == ()


def test_a_pair_is_compared_as_the_sides_are() -> None:
    counts = made_counts(FOUR)
    result = compare(counts.select(place="a"), counts.select(place="b"), serial=1.4)
    pair = find_placebo(counts, result)[0]
    alone = compare(counts.select(document="a1"), counts.select(document="a2"), serial=1.4)
    assert pair.eligible == sum(row.eligible for row in alone.rows)
    assert pair.directional == sum(row.verdict.startswith("more") for row in alone.rows)


def test_documents_elsewhere_than_the_sides_are_no_placebo() -> None:
    counts = made_counts({**FOUR, "c1": blocks(30, 40), "c2": blocks(1, 40)})
    result = compare(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert {pair.place for pair in find_placebo(counts, result)} == {"a", "b"}


def test_of_very_many_pairs_some_are_taken_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thresholds, "MAX_PLACEBO_PAIRS", 3)
    counts = made_counts({f"a{n}": ["farm"] for n in range(6)} | {"b": ["farm"]})
    result = compare(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert [(pair.left, pair.right) for pair in find_placebo(counts, result)] == [
        ("a0", "a1"),
        ("a1", "a4"),
        ("a4", "a5"),
    ]


def test_the_page_says_when_documents_of_one_place_differ_as_much(counts: BlockCounts, effect: float) -> None:
    """The two long national texts differ by 48 points in a theme, the nation and Liaoning by 27 at most."""
    everything = frozenset(counts.concepts)
    result = compare(
        counts.select(speaker="national"), counts.select(speaker="liaoning"), serial=effect, comparable=everything
    )
    pairs = find_placebo(counts, result, everything)
    assert len(pairs) == 6
    found = judge_placebo(result, pairs)
    assert (found.code, found.values["judged"], found.values["found"]) == ("as_much_few", 1, 0)
    assert found.values["usual"] > found.values["largest"]


def test_sides_that_differ_more_than_their_documents_are_told_so() -> None:
    counts = made_counts({f"a{n}": blocks(30, 40) for n in range(3)} | {f"b{n}": blocks(8, 40) for n in range(3)})
    result = compare(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    pairs = find_placebo(counts, result)
    assert len(pairs) == 6
    assert judge_placebo(result, pairs).code == "less"


def test_single_documents_cannot_stand_for_sides_of_many() -> None:
    counts = made_counts({f"{place}{n}": blocks(4 + 12 * (n % 2), 40) for place in "ab" for n in range(4)})
    result = compare(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert judge_placebo(result, find_placebo(counts, result)).code == "as_much_many"


def test_without_documents_large_enough_there_is_no_placebo() -> None:
    counts = made_counts({"a1": ["farm"], "a2": ["farm"], "b": ["farm"]})
    result = compare(counts.select(place="a"), counts.select(place="b"), serial=1.0)
    assert judge_placebo(result, find_placebo(counts, result)).code == "none"
