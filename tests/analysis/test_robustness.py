from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from kinds import CorpusOf
from made_counts import blocks, made_counts, with_passages

from policybook.analysis import thresholds
from policybook.analysis.compare import compare_counts, compare_periods
from policybook.analysis.counts import BlockCounts, Finding, block_counts
from policybook.analysis.intervals import newcombe_difference
from policybook.analysis.robustness import (
    SensitivityCheck,
    Variant,
    blocks_needed,
    check_sensitivity,
    find_placebo,
    judge_placebo,
    leave_out_units,
    make_variants,
    placebo_pairs,
    power,
    reach,
    rows_to_test,
    shares_apart,
    what_would_settle,
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


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("most", [1, 7, 10_000])
def test_pairs_are_those_that_are_found_one_by_one(seed: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thresholds, "MAX_PLACEBO_PAIRS", most)
    rng = np.random.default_rng(seed)
    documents = pd.DataFrame({"document": [f"d{n}" for n in range(12)], "place": rng.choice(["b", "a", "c"], 12)})
    left, right = (frozenset(documents["document"][rng.random(12) < 0.4]) for _ in range(2))
    ends = [left - right, right - left]
    expected = [
        (one, other, place)
        for place, group in documents.groupby("place")
        for one, other in combinations(group["document"], 2)
        if not any(one in ends[n] and other in ends[1 - n] for n in (0, 1))
    ]
    if len(expected) > most:
        expected = [expected[n] for n in np.linspace(0, len(expected) - 1, most).round().astype(int)]
    assert placebo_pairs(documents, left, right) == expected


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


# What would settle a row ---------------------------------------------------------------------------


def exact(n1: int, n2: int, p1: float, p2: float, confidence: float) -> float:
    """Enumerate every pair of counts of independent blocks."""
    x1, x2 = np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij")
    low, _ = newcombe_difference(x1, n1, x2, n2, confidence)
    found = (low > 0) & (x1 / n1 - x2 / n2 >= thresholds.MIN_DIFFERENCE - 1e-9)
    return float((found * np.outer(_binomial(n1, p1), _binomial(n2, p2))).sum())


def _binomial(n: int, p: float) -> np.ndarray:
    from scipy.stats import binom

    return binom.pmf(np.arange(n + 1), n, p)


@pytest.mark.parametrize(("n1", "n2"), [(40, 23), (60, 60), (120, 30), (200, 150)])
@pytest.mark.parametrize("middle", [0.2, 0.4, 0.5])
def test_without_leaving_out_the_power_is_that_of_every_outcome_counted(n1: int, n2: int, middle: float) -> None:
    p1, p2 = shares_apart(middle)
    for rows in (1, 8):
        confidence = 1 - 0.05 / rows
        assert power([n1], [n2], p1, p2, 1.0, confidence) == pytest.approx(exact(n1, n2, p1, p2, confidence), abs=0.06)


def test_likeness_of_neighbours_makes_blocks_worth_less() -> None:
    assert power([80], [80], 0.6, 0.3, 2.0, 0.99) == pytest.approx(power([40], [40], 0.6, 0.3, 1.0, 0.99), abs=0.01)


def test_a_verdict_that_must_survive_is_rarer() -> None:
    alone, halves, tenths = (power(u, u, 0.6, 0.3, 1.5, 0.99) for u in ([100], [50, 50], [10] * 10))
    assert alone > tenths > halves > 0.1


def test_sides_too_small_to_be_compared_have_no_power() -> None:
    assert power([11], [500], 0.9, 0.1, 1.0, 0.95) == 0.0
    assert power([], [500], 0.9, 0.1, 1.0, 0.95) == 0.0


def test_the_reach_is_where_the_interval_touches_nothing() -> None:
    gap = float(reach(40, 60, 0.5, 0.3, 1.4, 0.99))
    m1, m2 = 40 / 1.4, 60 / 1.4
    middle = (m1 * 0.5 + m2 * 0.3) / (m1 + m2)
    one, other = middle + gap * m2 / (m1 + m2), middle - gap * m1 / (m1 + m2)
    assert float(newcombe_difference(one * m1, m1, other * m2, m2, 0.99)[0]) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("middle", "high", "low"), [(0.5, 0.65, 0.35), (0.05, 0.3, 0.0), (0.98, 1.0, 0.7)])
def test_shares_stand_apart_around_the_middle_where_there_is_room(middle: float, high: float, low: float) -> None:
    assert shares_apart(middle) == pytest.approx((high, low))


def test_the_blocks_needed_are_enough_and_a_document_less_is_not() -> None:
    situation = (0.5, 0.2, 1.7, 0.99)
    _, _, each = blocks_needed([19, 28, 8, 10], [23], *situation, 20)
    assert each is not None

    def grown(sizes: list[int], total: int) -> list[int]:
        more = total - sum(sizes)
        return [*sizes, *[20] * (more // 20), *([more % 20] if more % 20 else [])]

    assert power(grown([19, 28, 8, 10], each), grown([23], each), *situation) >= 0.8
    assert power(grown([19, 28, 8, 10], each - 20), grown([23], each - 20), *situation) < 0.8


def test_no_text_on_one_side_makes_up_for_a_tiny_other() -> None:
    left, right, each = blocks_needed([60], [1], 0.5, 0.2, 1.7, 0.99, 20)
    assert left is None
    assert right is not None
    assert each is not None


def test_enough_is_as_it_is() -> None:
    assert blocks_needed([100] * 10, [100] * 10, 0.5, 0.2, 1.0, 0.99, 20) == (1000, 1000, 1000)


PEOPLE = ("theme", "people")


def test_more_text_would_settle_it_and_how_much(counts: BlockCounts, effect: float) -> None:
    everything = frozenset(counts.concepts)
    result = compare_counts(
        counts.select(speaker="national"),
        counts.select(speaker="liaoning"),
        serial=effect,
        labels=("the nation", "Liaoning"),
        comparable=everything,
    )
    settling = what_would_settle(result, PEOPLE)
    assert settling.power < 0.3
    assert settling.each is not None
    assert settling.each > 65


def test_a_tiny_side_has_no_power_at_all(counts: BlockCounts, effect: float) -> None:
    everything = frozenset(counts.concepts)
    result = compare_counts(
        counts.select(plan="nnup-2014"), counts.select(plan="action-2024"), serial=effect, comparable=everything
    )
    settling = what_would_settle(result, PEOPLE)
    assert settling.power == 0.0
    assert settling.each is not None


def test_large_sides_need_nothing_more() -> None:
    left = made_counts({f"a{n}": blocks(50, 100) for n in range(5)})
    right = made_counts({f"b{n}": blocks(50, 100) for n in range(5)})
    settling = what_would_settle(compare_counts(left, right, serial=1.0), ("theme", "land"))
    assert settling.power > 0.95
    assert (settling.left, settling.right, settling.each) == (500, 500, 500)


def test_units_are_documents_or_the_passages_of_a_single_one() -> None:
    assert leave_out_units(made_counts({"a": [""] * 3, "b": [""] * 5})) == [8]
    assert leave_out_units(made_counts({"a": [""] * 3})) == [3]
    assert leave_out_units(with_passages({"a": [["p1 farm"], ["p1 farm", "p2 farm"], ["p2 farm"]]})) == [2, 1]


def test_rows_that_more_text_would_add_are_reckoned_with() -> None:
    left, right = made_counts({"a": ["farm school"] * 4}), made_counts({"b": ["factory"] * 4})
    result = compare_counts(left, right, serial=1.0)
    assert not any(row.eligible for row in result.rows)
    assert rows_to_test(result, ("theme", "land")) == 3


@pytest.mark.parametrize("key", [("theme", "land"), ("concept", "farm")])
def test_a_row_that_stands_nowhere_can_still_be_asked_for(key: tuple[str, str]) -> None:
    left, right = made_counts({"a": ["school"] * 30}), made_counts({"b": ["school"] * 30})
    assert what_would_settle(compare_counts(left, right, serial=1.0), key).each is not None
