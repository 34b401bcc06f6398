from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from policybook.analysis.sides import Totals
from policybook.analysis.whole_documents import document_effect, permute_documents


def documents(x: list[list[int]], n: list[int]) -> Totals:
    return Totals(np.array(x), np.array(n), np.array(n))


def test_the_effect_is_rao_and_scotts_by_hand() -> None:
    """Left: p = 6/30, deviations −1, 0, 1, so v = 3/2·2/900; right: p = 8/20, deviations ±4, v = 2·32/400."""
    left, right = documents([[1], [2], [3]], [10, 10, 10]), documents([[0], [8]], [10, 10])
    independent = 0.2 * 0.8 / 30 + 0.4 * 0.6 / 20
    clustered = 3 / 2 * 2 / 900 + 2 * 32 / 400
    assert document_effect(left, right)[0] == pytest.approx(clustered / independent)


def test_documents_that_agree_have_no_effect_and_rows_without_variation_the_neutral_one() -> None:
    same = documents([[2, 0], [4, 0]], [10, 20])
    assert document_effect(same, same).tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match="one document"):
        document_effect(same, documents([[1, 0]], [10]))


def test_independent_blocks_have_an_effect_of_one_on_average() -> None:
    rng = np.random.default_rng(3)
    n = np.full(8, 40)
    effects = [
        document_effect(documents(rng.binomial(40, 0.3, (8, 1)), n), documents(rng.binomial(40, 0.3, (8, 1)), n))[0]
        for _ in range(2000)
    ]
    assert np.mean(effects) == pytest.approx(1.0, abs=0.05)


def by_hand(left: Totals, right: Totals) -> np.ndarray:
    """Every deal, one by one."""
    x, n = np.vstack([left.x, right.x]), np.concatenate([left.n, right.n])
    everyone = set(range(len(n)))
    differences = []
    for chosen in combinations(sorted(everyone), len(left.n)):
        rest = sorted(everyone - set(chosen))
        differences.append(abs(x[list(chosen)].sum(0) / n[list(chosen)].sum() - x[rest].sum(0) / n[rest].sum()))
    deals = np.array(differences)
    scaled = deals / np.sqrt((deals**2).mean(axis=0))
    return np.array([(scaled.max(axis=1) >= observed - 1e-9).mean() for observed in scaled[0]])


def test_every_deal_is_made_where_there_are_few() -> None:
    rng = np.random.default_rng(8)
    left = documents(rng.integers(0, 12, (4, 3)).tolist(), [12, 20, 15, 12])
    right = documents(rng.integers(0, 12, (4, 3)).tolist(), [30, 12, 14, 18])
    one_family = np.zeros(3, dtype=int)
    found = permute_documents(left, right, one_family, np.ones(3, dtype=bool))
    assert found == pytest.approx(by_hand(left, right))
    assert found.min() >= 1 / 70


def test_rows_of_another_family_and_rows_not_tested_do_not_matter() -> None:
    left = documents([[9, 1, 5], [8, 1, 2], [9, 2, 9], [7, 0, 1]], [10] * 4)
    right = documents([[1, 1, 1], [2, 1, 8], [0, 2, 3], [1, 1, 4]], [10] * 4)
    alone = permute_documents(left, right, np.array([0, 1, 0]), np.array([True, True, False]))
    assert alone[0] == pytest.approx(2 / 70)  # only the real deal and its mirror image are as far apart
    assert alone[2] == 1.0
    assert alone[1] > 0.5


def test_many_documents_are_dealt_at_random_from_the_seed() -> None:
    rng = np.random.default_rng(1)
    left = documents(rng.binomial(100, 0.5, (13, 2)).tolist(), [100] * 13)
    right = documents(rng.binomial(100, [[0.5, 0.2]], (13, 2)).tolist(), [100] * 13)
    families, tested = np.zeros(2, dtype=int), np.ones(2, dtype=bool)
    one, again = (permute_documents(left, right, families, tested) for _ in range(2))
    assert one.tolist() == again.tolist()
    assert one[1] == 1 / 2000
    assert one[0] > 0.05
    other = permute_documents(left, right, families, tested, seed=5)
    assert other[0] == pytest.approx(one[0], abs=0.06)


def test_documents_of_one_kind_are_told_apart_in_one_of_twenty_deals() -> None:
    """The p-value is valid: among draws without a difference it is below .05 no more often than that."""
    rng = np.random.default_rng(2)
    draws = 400
    hits = 0
    for _ in range(draws):
        shares = rng.beta(3, 7, (10, 4))  # documents differ widely
        x = rng.binomial(30, shares)
        left, right = documents(x[:5].tolist(), [30] * 5), documents(x[5:].tolist(), [30] * 5)
        hits += bool((permute_documents(left, right, np.zeros(4, dtype=int), np.ones(4, dtype=bool)) <= 0.05).any())
    assert hits / draws <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / draws)
    assert hits > 4
