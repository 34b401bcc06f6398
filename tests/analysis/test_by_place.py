"""Places and eras compared: which pairs, which have too few documents, and that they are what compare gives."""

from __future__ import annotations

import pytest
from made_counts import blocks, made_counts

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.by_place import compare_eras, compare_places
from policybook.analysis.compare import compare
from policybook.analysis.findings import Finding
from policybook.errors import SelectionError

ERAS = ["old", "new"]


@pytest.fixture
def counts() -> BlockCounts:
    """Six documents of a and b in each era, b's full of farms; c has two documents of the new era."""
    documents = {f"a{n}": blocks(4, 60, rest="school") for n in range(12)}
    documents |= {f"b{n}": blocks(36 if n < 6 else 4, 60, rest="school") for n in range(12)}
    documents |= {f"c{n}": blocks(9, 60) for n in range(2)}
    eras = {name: "old" if name[0] != "c" and int(name[1:]) < 6 else "new" for name in documents}
    made = made_counts(documents, era=eras)
    return made.__class__(**{**made.__dict__, "known": {**made.known, "era": tuple(ERAS)}})


def test_every_two_places_are_compared_over_all_years_and_in_each_era(counts: BlockCounts):
    made = compare_places(counts, ["a", "b", "c"], ERAS, serial=1.0, labels=["A", "B", "C"])
    assert [(one.left, one.right, one.era) for one in made[:4]] == [
        ("a", "b", None), ("a", "c", None), ("b", "c", None), ("a", "b", "old"),
    ]  # fmt: skip
    assert len(made) == 9 and [one.over_all_years for one in made] == [True] * 3 + [False] * 6
    assert made[0].documents == (12, 12) and made[3].documents == (6, 6)


def test_a_side_with_too_few_documents_says_so(counts: BlockCounts):
    made = compare_places(counts, ["a", "c"], ERAS, serial=1.0, labels=["A", "the place C"])
    assert [one.result is None for one in made] == [True, True, True]
    lacking = {"side": "the place C", "have": 2, "needed": thresholds.MIN_DOCUMENTS}
    assert made[0].why == (Finding("too_few_documents", lacking),)
    assert made[1].why == (Finding("too_few_documents", lacking | {"have": 0}),)


def test_a_comparison_is_the_one_that_compare_makes(counts: BlockCounts):
    made = compare_places(counts, ["a", "b"], ERAS, serial=1.3, labels=["A", "B"])[1]
    alone = compare(
        counts.select(place="a", era="old"), counts.select(place="b", era="old"), serial=1.3, labels=("A", "B")
    )
    assert made.result is not None and made.result.rows == alone.rows
    assert made.result.row(("theme", "land")).verdict == "more in right"
    assert counts.select(made.selections[1]).blocks.equals(made.result.right.blocks)


def test_eras_of_a_place_are_compared_where_both_have_documents_enough(counts: BlockCounts):
    made = compare_eras(counts, ["a", "b", "c"], ERAS, serial=1.0, labels=["then", "now"])
    assert [(one.place, one.left, one.right, one.documents) for one in made] == [
        ("a", "old", "new", (6, 6)), ("b", "old", "new", (6, 6)),
    ]  # fmt: skip
    assert all(one.result and one.result.labels == ("then", "now") for one in made)
    verdicts = [one.result.row(("theme", "land")).verdict for one in made if one.result]
    assert verdicts == ["no clear difference", "more in left"]


def test_an_unknown_era_is_named(counts: BlockCounts):
    with pytest.raises(SelectionError, match="odl"):
        compare_places(counts, ["a", "b"], ["odl"], serial=1.0, labels=["A", "B"])
