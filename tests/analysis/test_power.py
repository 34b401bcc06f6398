from __future__ import annotations

import numpy as np
import pytest
from made_counts import blocks, made_counts, with_passages

from policybook.analysis import thresholds
from policybook.analysis.compare import compare_counts
from policybook.analysis.counts import BlockCounts
from policybook.analysis.intervals import newcombe_difference
from policybook.analysis.power import (
    blocks_needed,
    leave_out_units,
    power,
    reach,
    rows_to_test,
    shares_apart,
    what_would_settle,
)


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
