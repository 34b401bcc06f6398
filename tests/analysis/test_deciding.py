from __future__ import annotations

import numpy as np
import pytest
from made_counts import blocks, made_counts, with_passages

from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.deciding import Decision, decide, rows_of
from policybook.analysis.judging import LEFT, NO_CLEAR, RIGHT, TOO_LITTLE
from policybook.analysis.sides import make_side

LAND = 0


def decided(left: BlockCounts, right: BlockCounts, serial: float = 1.0) -> Decision:
    usable = np.ones(len(left.concepts), dtype=bool)
    return decide(make_side(left, usable), make_side(right, usable), rows_of(left, usable), serial)


def test_a_difference_of_one_document_a_side_is_found_and_fragile() -> None:
    decision = decided(made_counts({"a": blocks(40, 60)}), made_counts({"b": blocks(10, 60)}))
    assert decision.verdict[LAND] == LEFT
    assert decision.fragile[LAND]
    assert not decision.by_documents
    assert np.isnan(decision.probability).all()


def test_a_difference_that_every_document_shares_is_found_and_firm() -> None:
    left = made_counts({f"a{n}": blocks(14, 20, often=5) for n in range(3)})
    right = made_counts({f"b{n}": blocks(4, 20, often=5) for n in range(3)})
    decision = decided(left, right)
    assert decision.verdict[LAND] == LEFT
    assert not decision.fragile[LAND]
    assert decided(right, left).verdict[LAND] == RIGHT


def test_a_difference_that_one_document_makes_is_not_said() -> None:
    left = made_counts({"a1": blocks(30, 30), "a2": blocks(5, 30), "a3": blocks(5, 30)})
    right = made_counts({f"b{n}": blocks(5, 30) for n in range(3)})
    decision = decided(left, right)
    assert decision.found[LAND] == LEFT
    assert decision.verdict[LAND] == NO_CLEAR
    assert decision.fragile[LAND]


def test_a_difference_that_one_passage_makes_is_not_said() -> None:
    """Of thirty blocks fifteen stand in one passage, and it alone speaks of land."""
    long = [["p1 farm farm farm"]] * 15 + [[f"p{n + 2} school school"] for n in range(15)]
    left = with_passages({"a1": long, "a2": [[f"p{n} school school"] for n in range(15)]})
    right = with_passages({"b1": [[f"p{n} school school"] for n in range(30)]})
    decision = decided(left, right)
    assert decision.found[LAND] == LEFT
    assert decision.verdict[LAND] == NO_CLEAR
    assert [one.unit for one in decision.left_out] == ["passage", "document", "passage", "document"]
    passages = decision.left_out[0]
    assert (passages.verdicts[:, LAND] != LEFT).tolist() == [True] + [False] * 30


def test_two_sentences_more_do_not_make_a_side_of_two_documents() -> None:
    """Leaving out the long document leaves a side too small: that cannot be checked, and is not taken for a failure."""
    left = made_counts({"a1": blocks(40, 60), "a2": ["", "school"]})
    decision = decided(left, made_counts({"b": blocks(10, 60)}))
    assert decision.verdict[LAND] == LEFT
    assert decision.fragile[LAND]
    documents = decision.left_out[0]
    assert documents.possible.tolist() == [False, True]


def test_with_four_documents_a_side_their_differences_widen_the_interval() -> None:
    left = made_counts({f"a{n}": blocks(with_it, 50) for n, with_it in enumerate((3, 40, 5, 44))})
    right = made_counts({f"b{n}": blocks(with_it, 50) for n, with_it in enumerate((2, 30, 3, 9))})
    decision = decided(left, right, serial=1.5)
    assert decision.by_documents
    assert decision.effect[LAND] > 10
    assert decision.verdict[LAND] in (NO_CLEAR, TOO_LITTLE)
    blocks_only = decided(made_counts({"a": blocks(92, 200)}), made_counts({"b": blocks(44, 200)}), serial=1.5)
    assert blocks_only.verdict[LAND] == LEFT


def test_the_effect_is_never_below_that_of_neighbours() -> None:
    same = made_counts({f"a{n}": blocks(10, 40) for n in range(4)})
    decision = decided(same, same, serial=1.7)
    assert (decision.effect == 1.7).all()


def test_a_permutation_of_whole_documents_must_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    left = made_counts({f"a{n}": blocks(28 + n, 40) for n in range(4)})
    right = made_counts({f"b{n}": blocks(10 + n, 40) for n in range(4)})
    decision = decided(left, right)
    assert decision.verdict[LAND] == LEFT
    assert decision.probability[LAND] == pytest.approx(2 / 70)
    monkeypatch.setattr(
        "policybook.analysis.deciding.permute_documents", lambda *_: np.full(len(decision.found), 0.051)
    )
    again = decided(left, right)
    assert (again.found[LAND], again.verdict[LAND]) == (LEFT, NO_CLEAR)
    assert not again.fragile[LAND]


def test_rows_tested_elsewhere_widen_the_interval() -> None:
    left, right = made_counts({"a": blocks(40, 60)}), made_counts({"b": blocks(20, 60)})
    usable = np.ones(4, dtype=bool)
    sides = make_side(left, usable), make_side(right, usable)
    rows = rows_of(left, usable)
    alone, among = (decide(*sides, rows, 1.0, np.full(len(left.rows), n)) for n in (1, 500))
    assert among.simultaneous.low[LAND] < alone.simultaneous.low[LAND]
    assert among.at_95.low[LAND] == alone.at_95.low[LAND]
    assert (alone.verdict[LAND], among.verdict[LAND]) == (LEFT, NO_CLEAR)
