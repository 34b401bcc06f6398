"""The placebo of places: halves of one place's years."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from made_counts import CONCEPTS, blocks, made_counts

from policybook.analysis import halves, thresholds
from policybook.analysis.halves import compare_halves


def random_texts(documents: int, seed: int) -> dict[str, list[str]]:
    rng = np.random.default_rng(seed)
    words = np.array([*CONCEPTS, ""])
    return {f"a{n}": rng.choice(words, size=40).tolist() for n in range(documents)}


def test_too_few_documents_make_no_halves():
    assert compare_halves(made_counts(random_texts(2 * thresholds.MIN_DOCUMENTS - 1, 1)), "a", serial=1.0) is None


def test_years_that_are_alike_hardly_ever_differ():
    made = compare_halves(made_counts(random_texts(12, 2)), "a", serial=1.0)
    assert made is not None and made.documents == 12 and made.deals == thresholds.PLACEBO_HALVES
    assert made.directional <= 0.05 * made.deals and 0 < made.usual_difference < 0.15


def test_a_difference_can_be_found(monkeypatch: pytest.MonkeyPatch):
    """Dealt so that all that speak of farms come together, halves do differ: the placebo can fail."""
    texts = {f"a{n}": blocks(30 if n < 4 else 4, 40, rest="school") for n in range(8)}
    monkeypatch.setattr(halves, "_deals", lambda _: iter([(0, 1, 2, 3)]))
    made = compare_halves(made_counts(texts), "a", serial=1.0)
    assert made is not None and made.directional == made.deals == 1
    assert made.usual_difference == pytest.approx(26 / 40)


@pytest.mark.parametrize("documents", [8, 9, 12, 13])
def test_deals_are_halves_and_none_comes_twice(documents: int):
    deals = list(halves._deals(documents))
    assert len(deals) <= thresholds.PLACEBO_HALVES
    assert {len(deal) for deal in deals} == {documents // 2}
    sides = {frozenset([frozenset(deal), frozenset(set(range(documents)) - set(deal))]) for deal in deals}
    assert len(sides) == len(deals)


def test_with_few_documents_every_deal_is_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(thresholds, "PLACEBO_HALVES", 200)
    assert len(list(halves._deals(8))) == comb(8, 4) // 2
    assert sorted(halves._deals(9)) == sorted(combinations(range(9), 4))
