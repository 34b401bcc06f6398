from __future__ import annotations

import math

import pandas as pd
import pytest
from kinds import CorpusOf

from policybook.analysis.coded_shares import (
    MIN_ROWS,
    Part,
    commonest,
    count_codes,
    find_cautions,
    in_reading_order,
    split_parts,
)
from policybook.analysis.thresholds import MIN_BLOCKS
from policybook.coding.code import Coding, code_corpus
from policybook.corpus.model import Corpus
from policybook.errors import SelectionError


def part(value: str, blocks: int, codes: list[str], documents: int = 1) -> Part:
    return Part(value, documents, blocks, pd.DataFrame({"instrument": codes}))


def test_shares_have_wilsons_intervals() -> None:
    codes = ["supply"] * 6 + ["none"] * 14
    rows = count_codes([part("x", MIN_BLOCKS, codes)], "instrument", ["supply", "demand", "none"])
    assert rows["count"].tolist() == [6, 0, 14]
    assert rows["share"].tolist() == pytest.approx([0.3, 0, 0.7])
    # computed by hand from Wilson (1927) with z = 1.959964
    assert rows["low"].tolist() == pytest.approx([0.1455, 0.0, 0.4810], abs=1e-4)
    assert rows["high"].tolist() == pytest.approx([0.5190, 0.1611, 0.8545], abs=1e-4)


def test_a_small_part_has_counts_and_no_share() -> None:
    for blocks, rows_ in ((MIN_BLOCKS - 1, 50), (50, MIN_ROWS - 1)):
        rows = count_codes([part("x", blocks, ["supply"] * rows_)], "instrument", ["supply"])
        assert rows["count"].tolist() == [rows_]
        assert all(math.isnan(value) for value in rows.loc[0, ["share", "low", "high"]])


def test_a_part_without_rows_has_no_share() -> None:
    rows = count_codes([part("x", 99, [])], "instrument", ["supply"])
    assert rows["total"].tolist() == [0] and rows["share"].isna().all()


def test_parts_are_those_that_have_text(coded: Corpus) -> None:
    parts = split_parts(coded, "speaker")
    assert [one.value for one in parts] == ["national", "liaoning"]
    assert sum(len(one.rows) for one in parts) == len(coded.directives)
    assert sum(one.blocks for one in parts) == len(coded.blocks)
    assert [one.value for one in split_parts(coded, "document", "actors")] == list(coded.known["document"])


def test_an_unknown_field_is_refused(coded: Corpus) -> None:
    with pytest.raises(SelectionError, match="'speaker'"):
        split_parts(coded, "speeker")


def test_cautions_are_computed_from_sizes() -> None:
    many = ["supply"] * 20
    parts = [part("a", 10, many), part("b", 50, many, documents=3), part("c", 50, many, documents=4)]
    found = find_cautions([*parts, part("d", 50, many[:5], documents=9)], ["A", "B", "C", "D"], "speaker")
    small, single, few = found
    assert (small.code, small.values["blocks"], small.values["rows"]) == ("small", MIN_BLOCKS, MIN_ROWS)
    assert small.values["parts"] == [
        {"name": "A", "blocks": 10, "rows": 20}, {"name": "D", "blocks": 50, "rows": 5}
    ]  # fmt: skip
    assert (single.code, single.values["names"]) == ("single", ["A"])
    assert (few.code, few.values["parts"]) == ("few", [{"name": "B", "documents": 3}])
    assert list(find_cautions(parts[2:], ["C"], "speaker")) == []
    assert [one.code for one in find_cautions(parts, ["A", "B", "C"], "document")] == ["small"]


def test_the_commonest_come_first_and_equals_by_name() -> None:
    rows = pd.DataFrame({"code": ["b", "a", "b", "a", "c", None]})
    assert commonest(rows, "code") == [("a", 2), ("b", 2), ("c", 1)]
    assert commonest(rows.iloc[:0], "code") == []


def test_reading_order_is_that_of_the_text(corpus_of: CorpusOf, coding: Coding) -> None:
    corpus = code_corpus(
        corpus_of({"a": "We should build roads and must protect rivers. We will open schools."}), coding
    )
    shuffled = corpus.directives.sample(frac=1, random_state=3)
    assert len(shuffled) >= 3
    assert in_reading_order(corpus, shuffled).index.tolist() == corpus.directives.index.tolist()
