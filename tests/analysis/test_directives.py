"""Shares of directives with documents as what is sampled, against the formula written out."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest
from kinds import CorpusOf
from scipy.stats import binomtest, norm

from policybook.analysis.directives import (
    ADDRESSEE_COLUMNS,
    MIN_ROWS,
    SHARE_COLUMNS,
    addressees,
    commonest,
    count_actors,
    count_codes,
    find_cautions,
    pair_actors,
    shares_of_total,
    split_corpus,
)
from policybook.analysis.thresholds import MIN_BLOCKS, MIN_DOCUMENTS
from policybook.coding.code import Coding, code_corpus
from policybook.corpus.corpus import Corpus
from policybook.errors import SelectionError

TEXT = """国务院和财政部印发通知。教育部、财政部要增加投入。

财政部发布公告。教育部表示支持。
"""


@pytest.fixture
def named(corpus_of: CorpusOf, coding: Coding) -> Corpus:
    return code_corpus(corpus_of({"a": TEXT}, language="zh"), coding)


def told(corpus: Corpus) -> list[tuple[str, str | None]]:
    return [(row.text, row.actor) for row in addressees(corpus).itertuples()]


def test_actors_are_counted_with_their_names_words_and_places(named: Corpus, coding: Coding) -> None:
    actors = count_actors(named, coding.actors.scheme)
    assert actors[["actor", "times"]].to_numpy().tolist() == [
        ["ministry-of-finance", 3], ["ministry-of-education", 2], ["state-council", 1],
    ]  # fmt: skip
    assert actors.loc[0, ["name_zh", "documents", "forms", "passages"]].tolist() == [
        "财政部", 1, ["财政部"], ["a:p01", "a:p01", "a:p02"],
    ]  # fmt: skip
    assert actors.loc[2, "kind"] == "state-council"


def test_those_in_one_sentence_are_a_pair(named: Corpus) -> None:
    assert pair_actors(named).to_numpy().tolist() == [
        ["ministry-of-finance", "ministry-of-education", 1, ["a:p01"]],
        ["ministry-of-finance", "state-council", 1, ["a:p01"]],
    ]


def test_passages_join_more_than_sentences(named: Corpus) -> None:
    wide = pair_actors(named, "passage")
    assert wide.iloc[0].tolist() == ["ministry-of-finance", "ministry-of-education", 2, ["a:p01", "a:p02"]]
    assert wide[["actor", "with_actor", "times"]].to_numpy().tolist()[1:] == [
        ["ministry-of-finance", "state-council", 1], ["ministry-of-education", "state-council", 1],
    ]  # fmt: skip


def test_the_actors_of_the_documents_are_all_counted_most_first(coded: Corpus, coding: Coding) -> None:
    actors = count_actors(coded, coding.actors.scheme)
    assert actors["times"].is_monotonic_decreasing and actors["times"].sum() == len(coded.actors)
    assert pair_actors(coded)["times"].is_monotonic_decreasing


def test_nobody_makes_empty_tables(corpus_of: CorpusOf, coding: Coding) -> None:
    corpus = code_corpus(corpus_of({"a": "Nobody is named here."}), coding)
    assert count_actors(corpus, coding.actors.scheme).empty and pair_actors(corpus).empty
    assert list(addressees(corpus).columns) == list(ADDRESSEE_COLUMNS)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("财政部要增加投入，完善政策。", "zh",
         [("要增加投入", "ministry-of-finance"), ("完善政策", "ministry-of-finance")]),
        ("重庆、四川要编制规划。", "zh", [("要编制规划", "chongqing"), ("要编制规划", "sichuan")]),
        ("加强与财政部的沟通，推进改革。", "zh", [("加强与财政部的沟通", None), ("推进改革", None)]),
        ("完善住房政策。", "zh", [("完善住房政策", None)]),
        ("Provincial governments should improve roads and build schools.", "en",
         [("should improve roads", "provincial-governments"), ("build schools", "provincial-governments")]),
        ("The plan of the Ministry of Finance should be improved.", "en", [("should be improved", None)]),
        ("The Ministry of Finance and the Ministry of Education shall cooperate.", "en",
         [("shall cooperate", "ministry-of-finance"), ("shall cooperate", "ministry-of-education")]),
        ("Provincial governments should improve roads, and county governments must build schools.", "en",
         [("should improve roads", "provincial-governments"), ("must build schools", "county-governments")]),
    ],
)  # fmt: skip
def test_a_directive_is_addressed_to_its_subject(
    corpus_of: CorpusOf, coding: Coding, text: str, language: str, expected: list[tuple[str, str | None]]
) -> None:
    corpus = code_corpus(corpus_of({"a": text}, language=language), coding)
    assert told(corpus) == expected


def test_every_directive_of_the_documents_has_a_row(coded: Corpus) -> None:
    rows = addressees(coded)
    keys = ["sentence", "start"]
    assert rows[keys].drop_duplicates().to_numpy().tolist() == coded.directives[keys].to_numpy().tolist()
    assert 0 < rows["actor"].notna().sum() < len(rows)


def part(blocks: int, documents: int = 1) -> Corpus:
    """Return a corpus of so many blocks and documents, with one passage, p."""
    tables = {
        "documents": pd.DataFrame({"document": range(documents)}),
        "passages": pd.DataFrame({"passage": ["p"]}),
        "blocks": pd.DataFrame({"block": range(blocks)}),
    }
    return cast(Corpus, SimpleNamespace(**tables))


def counted(blocks: int, instruments: list[str], codes: list[str]) -> pd.DataFrame:
    rows = pd.DataFrame({"passage": "p", "instrument": instruments})
    return count_codes({"x": part(blocks)}, rows, "instrument", codes)


def test_shares_have_wilsons_intervals() -> None:
    rows = counted(MIN_BLOCKS, ["supply"] * 6 + ["none"] * 14, ["supply", "demand", "none"])
    assert list(rows) == list(SHARE_COLUMNS)
    assert rows["count"].tolist() == [6, 0, 14]
    assert rows["share"].tolist() == pytest.approx([0.3, 0, 0.7])
    # computed by hand from Wilson (1927) with z = 1.959964
    assert rows["low"].tolist() == pytest.approx([0.1455, 0.0, 0.4810], abs=1e-4)
    assert rows["high"].tolist() == pytest.approx([0.5190, 0.1611, 0.8545], abs=1e-4)


def test_a_small_part_has_counts_and_no_share() -> None:
    for blocks, rows_ in ((MIN_BLOCKS - 1, 50), (50, MIN_ROWS - 1)):
        rows = counted(blocks, ["supply"] * rows_, ["supply"])
        assert rows["count"].tolist() == [rows_]
        assert rows[["share", "low", "high"]].isna().all(axis=None)


def test_a_part_without_rows_has_no_share() -> None:
    rows = counted(99, [], ["supply"])
    assert rows["total"].tolist() == [0] and rows["share"].isna().all()


def test_rows_of_other_parts_do_not_count() -> None:
    rows = pd.DataFrame({"passage": ["p", "q"], "instrument": "supply"})
    assert count_codes({"x": part(50)}, rows, "instrument", ["supply"])["count"].tolist() == [1]


def test_parts_are_those_that_have_text(coded: Corpus) -> None:
    parts = split_corpus(coded, "speaker")
    assert list(parts) == ["national", "liaoning"]
    assert sum(len(one.directives) for one in parts.values()) == len(coded.directives)
    assert sum(len(one.blocks) for one in parts.values()) == len(coded.blocks)
    assert list(split_corpus(coded, "document")) == list(coded.known["document"])


def test_an_unknown_field_is_refused(coded: Corpus) -> None:
    with pytest.raises(SelectionError, match="'speaker'"):
        split_corpus(coded, "speeker")


def test_cautions_are_computed_from_sizes() -> None:
    nan = float("nan")
    counts = pd.DataFrame(
        [("a", "A", 1, 10, 20, nan), ("b", "B", 3, 50, 20, 0.5), ("c", "C", MIN_DOCUMENTS, 50, 20, 0.5),
         ("d", "D", 9, 50, 5, nan)],
        columns=["value", "group", "documents", "blocks", "total", "share"],
    )  # fmt: skip
    small, single, few = find_cautions(counts, "speaker", "group")
    assert (small.code, small.values["blocks"], small.values["rows"]) == ("small", MIN_BLOCKS, MIN_ROWS)
    assert small.values["parts"] == [
        {"name": "A", "blocks": 10, "rows": 20}, {"name": "D", "blocks": 50, "rows": 5}
    ]  # fmt: skip
    assert (single.code, single.values["names"]) == ("single", ["A"])
    assert (few.code, few.values["parts"]) == ("few", [{"name": "B", "documents": 3}])
    assert list(find_cautions(counts.iloc[2:3], "speaker")) == []
    assert [one.code for one in find_cautions(counts, "document")] == ["small"]


def test_the_commonest_come_first_and_equals_by_name() -> None:
    rows = pd.DataFrame({"code": ["b", "a", "b", "a", "c", None]})
    assert list(commonest(rows, "code").items()) == [("a", 2), ("b", 2), ("c", 1)]
    assert commonest(rows.iloc[:0], "code").empty


COLUMNS = ["supply", "demand"]


def table(per_document: list[tuple[int, int]]) -> pd.DataFrame:
    rows = [(f"d{n}", *counts) for n, counts in enumerate(per_document)]
    return pd.DataFrame(rows, columns=["document", *COLUMNS])


def test_counts_and_shares_are_of_the_common_total():
    shares = shares_of_total(table([(3, 1), (2, 4), (5, 5), (1, 9)]), COLUMNS)
    assert shares["count"].tolist() == [11, 19] and set(shares["total"]) == {30}
    assert shares["share"].tolist() == pytest.approx([11 / 30, 19 / 30])


def test_documents_that_differ_widen_the_interval():
    x, n = [30, 2, 28, 3], [40, 40, 40, 40]
    shares = shares_of_total(table([(a, b - a) for a, b in zip(x, n, strict=True)]), COLUMNS)
    p, total = sum(x) / sum(n), sum(n)
    clustered = 4 / 3 * sum((a - p * b) ** 2 for a, b in zip(x, n, strict=True)) / total**2
    effect = clustered / (p * (1 - p) / total)
    m, z = total / effect, norm.ppf(0.975)
    middle, half = p + z**2 / (2 * m), z * math.sqrt(p * (1 - p) / m + z**2 / (4 * m**2))
    low, high = (middle - half) / (1 + z**2 / m), (middle + half) / (1 + z**2 / m)
    assert effect > 10
    assert (shares.loc["supply", "low"], shares.loc["supply", "high"]) == pytest.approx((low, high))


def test_documents_that_are_alike_are_as_many_things():
    shares = shares_of_total(table([(10, 10)] * 5), COLUMNS)
    bounds = binomtest(50, 100).proportion_ci(method="wilson")
    assert (shares.loc["supply", "low"], shares.loc["supply", "high"]) == pytest.approx((bounds.low, bounds.high))


@pytest.mark.parametrize("documents", [[(1, 2)] * 3, [(0, 0)] * 6])
def test_without_documents_enough_or_anything_coded_there_is_no_interval(documents: list[tuple[int, int]]):
    shares = shares_of_total(table(documents), COLUMNS)
    assert shares[["low", "high"]].isna().all(axis=None)
    assert math.isnan(shares.loc["supply", "share"]) == (documents[0] == (0, 0))
