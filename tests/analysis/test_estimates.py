from __future__ import annotations

import pytest
from made_counts import blocks, made_counts

from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.compare import compare, compare_periods
from policybook.analysis.estimates import estimate_sides, within_language
from policybook.analysis.findings import Finding

LABELS = ("one", "two", "three")


def mixed(name: str, english: int, chinese: int) -> BlockCounts:
    """Forty blocks in each language, so many of which carry a concept."""
    documents = {f"{name}-en": blocks(english, 40), f"{name}-zh": blocks(chinese, 40, "school")}
    return made_counts(documents, language={f"{name}-en": "en", f"{name}-zh": "zh"})


def test_two_sides_are_compared_once_and_a_sequence_step_by_step() -> None:
    sides = [made_counts({name: blocks(count, 60)}) for name, count in (("a", 40), ("b", 10), ("c", 12))]
    pair = estimate_sides(sides[:2], LABELS[:2], serial=1.0, comparable=None)
    assert [p.labels for p in pair.pairs] == [("one", "two")] and not pair.is_sequence
    assert pair.pairs[0].rows == compare(sides[0], sides[1], serial=1.0, labels=("one", "two")).rows
    sequence = estimate_sides(sides, LABELS, serial=1.0, comparable=None)
    assert [p.labels for p in sequence.pairs] == [("one", "two"), ("two", "three"), ("one", "three")]
    expected = compare_periods(sides, serial=1.0, labels=LABELS).pairs
    assert [p.rows for p in sequence.pairs] == [p.rows for p in expected]


def test_what_cannot_be_estimated_says_why_and_still_has_shares() -> None:
    empty = made_counts({"a": blocks(5, 20)}).select(place="a")
    nothing = empty.keep(empty.blocks["block"].eq("no such block").to_numpy(dtype=bool), "nothing")
    found = estimate_sides([empty, nothing], LABELS[:2], serial=1.0, comparable=None)
    assert found.pairs == () and found.hindrance == Finding("empty_side", {"side": "two"})
    assert found.shares("theme")[0].loc["land", "blocks"] == 5
    assert not found.large


def test_only_concepts_that_may_enter_are_shared_and_proved() -> None:
    found = estimate_sides([mixed("a", 30, 20), mixed("b", 10, 20)], LABELS[:2], serial=1.0,
                           comparable=frozenset(["school"]))  # fmt: skip
    assert found.languages == found.shared_languages == ("en", "zh")
    assert [table.loc["land", "blocks"] for table in found.shares("theme")] == [0, 0]
    assert found.evidence(("theme", "land")) == [(), ()]
    complete = found.with_every_concept()
    assert [table.loc["land", "blocks"] for table in complete.shares("theme")] == [30, 10]
    assert complete.evidence(("theme", "land")) == [("a-en",), ("b-en",)]
    assert complete.pairs == ()


@pytest.mark.parametrize(("language", "row", "blocks_there"), [("en", "land", (30, 10)), ("zh", "services", (20, 20))])
def test_within_one_language_every_concept_enters(language: str, row: str, blocks_there: tuple[int, int]) -> None:
    found = within_language(estimate_sides([mixed("a", 30, 20), mixed("b", 10, 20)], LABELS[:2], serial=1.0,
                                           comparable=None), language)  # fmt: skip
    assert found.usable.all() and found.languages == (language,) and found.shared_languages == ()
    theme = found.pairs[0].row(("theme", row))
    assert (theme.left.blocks, theme.right.blocks) == blocks_there


def test_one_measure_serves_a_whole_sequence() -> None:
    """Two periods of one language are not measured otherwise than the one of two languages between them."""
    sides = [made_counts({"a": blocks(30, 40)}), mixed("b", 10, 20), made_counts({"c": blocks(5, 40, often=7)})]
    found = estimate_sides(sides, LABELS, serial=1.0, comparable=frozenset(["school"]))
    assert not any(pair.row(("theme", "land")).eligible for pair in found.pairs)
    assert within_language(found, "en").pairs[2].row(("theme", "land")).verdict == "more in left"
