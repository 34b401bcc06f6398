from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison, compare
from policybook.analysis.counts import BlockCounts
from policybook.analysis.decide import Finding
from policybook.analysis.reporting import to_json, to_table
from policybook.analysis.robustness import find_placebo
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus

SELECTIONS = ({"document": "guizhou-2024-two-strategies"}, {"speaker": ["liaoning"]})


@pytest.fixture(scope="module")
def result(counts: BlockCounts, effect: float) -> PairComparison:
    left, right = (counts.select(selection) for selection in SELECTIONS)
    return compare(left, right, serial=effect)


def codes(reason: Sequence[Finding]) -> str:
    """Return a reason as words would be given in its place."""
    return " ".join(one.code for one in reason)


def test_the_json_has_the_keys_of_the_contract(
    result: PairComparison, counts: BlockCounts, scheme: Scheme, coded: Corpus
) -> None:
    printed = json.loads(json.dumps(to_json(result, SELECTIONS, find_placebo(counts, result), scheme, codes)))
    assert list(printed) == ["left", "right", "thresholds", "placebo", "rows"]
    assert printed["left"] == {
        "selection": {"document": "guizhou-2024-two-strategies"},
        "documents": 1,
        "passages": 15,
        "blocks": 28,
        "mentions": result.mentions[0],
        "languages": ["en"],
    }
    assert printed["right"]["selection"] == {"speaker": ["liaoning"]}
    assert printed["thresholds"]["min_blocks"] == thresholds.MIN_BLOCKS
    assert printed["thresholds"]["design_effect"] == pytest.approx(result.serial, abs=1e-6)
    assert {"left", "right", "place", "eligible", "directional", "largest_difference"} == set(printed["placebo"][0])
    keys = [
        "family", "id", "label", "term_zh", "left", "right", "difference", "low95", "high95", "low", "high",
        "eligible", "verdict", "reason", "fragile", "evidence",
    ]  # fmt: skip
    assert [row["reason"] for row in printed["rows"]] == [codes(row.reason) for row in result.rows]
    for row in printed["rows"]:
        assert list(row) == keys
        assert list(row["left"]) == ["blocks", "passages", "documents", "mentions", "share"]
        assert row["low"] <= row["low95"] <= row["difference"] <= row["high95"] <= row["high"]
        for side in ("left", "right"):
            assert set(row["evidence"][side]) <= set(coded.sentences["sentence"])
            assert bool(row["evidence"][side]) == bool(row[side]["mentions"])


def test_the_table_has_a_row_each_with_labels(result: PairComparison, scheme: Scheme) -> None:
    table = to_table(result, scheme, codes)
    assert len(table) == len(result.rows)
    first = table.iloc[0]
    assert (first["label"], first["term_zh"]) == (scheme.themes[0].label, scheme.themes[0].label_zh)
    assert first["left_share"] == pytest.approx(first["left_blocks"] / 28, abs=1e-6)
    assert not any(column.endswith(("_en", "_zh")) for column in table if column != "term_zh")


def test_the_table_shows_each_language_by_itself_where_they_cannot_be_joined(
    counts: BlockCounts, effect: float, scheme: Scheme
) -> None:
    result = compare(counts.select(speaker="national"), counts.select(speaker="liaoning"), serial=effect)
    table = to_table(result, scheme, codes)
    row = table[table["id"] == "county"].iloc[0]
    chinese = int((counts.select(language="zh").mentions[:, counts.concepts.index("county")] > 0).sum())
    assert row["left_zh"] == f"{chinese} of 10"
    assert row["right_zh"] == "0 of 0"
