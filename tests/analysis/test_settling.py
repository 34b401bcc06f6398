from __future__ import annotations

import pytest
from made_counts import blocks, made_counts, with_passages

from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.compare import compare
from policybook.analysis.settling import leave_out_units, rows_to_test, what_would_settle

PEOPLE = ("theme", "people")


def test_more_text_would_settle_it_and_how_much(counts: BlockCounts, effect: float) -> None:
    everything = frozenset(counts.concepts)
    result = compare(
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
    result = compare(
        counts.select(plan="nnup-2014"), counts.select(plan="action-2024"), serial=effect, comparable=everything
    )
    settling = what_would_settle(result, PEOPLE)
    assert settling.power == 0.0
    assert settling.each is not None


def test_large_sides_need_nothing_more() -> None:
    left = made_counts({f"a{n}": blocks(50, 100) for n in range(5)})
    right = made_counts({f"b{n}": blocks(50, 100) for n in range(5)})
    settling = what_would_settle(compare(left, right, serial=1.0), ("theme", "land"))
    assert settling.power > 0.95
    assert (settling.left, settling.right, settling.each) == (500, 500, 500)


def test_units_are_documents_or_the_passages_of_a_single_one() -> None:
    assert leave_out_units(made_counts({"a": [""] * 3, "b": [""] * 5})) == [3, 5]
    assert leave_out_units(made_counts({"a": [""] * 3})) == [3]
    assert leave_out_units(with_passages({"a": [["p1 farm"], ["p1 farm", "p2 farm"], ["p2 farm"]]})) == [2, 1]


def test_rows_that_more_text_would_add_are_reckoned_with() -> None:
    left, right = made_counts({"a": ["farm school"] * 4}), made_counts({"b": ["factory"] * 4})
    result = compare(left, right, serial=1.0)
    assert not any(row.eligible for row in result.rows)
    assert rows_to_test(result, ("theme", "land")) == 3


@pytest.mark.parametrize("key", [("theme", "land"), ("concept", "farm")])
def test_a_row_that_stands_nowhere_can_still_be_asked_for(key: tuple[str, str]) -> None:
    left, right = made_counts({"a": ["school"] * 30}), made_counts({"b": ["school"] * 30})
    assert what_would_settle(compare(left, right, serial=1.0), key).each is not None
