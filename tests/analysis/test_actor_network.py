from __future__ import annotations

import networkx as nx
import pytest
from kinds import CorpusOf

from policybook.analysis.actor_network import actor_network, edge_table
from policybook.analysis.addressees import COLUMNS, addressees
from policybook.coding.code import Coding, code_corpus
from policybook.corpus.model import Corpus

TEXT = """国务院和财政部印发通知。教育部、财政部要增加投入。

财政部发布公告。教育部表示支持。
"""


@pytest.fixture
def network(corpus_of: CorpusOf, coding: Coding) -> nx.Graph[str]:
    corpus = code_corpus(corpus_of({"a": TEXT}, language="zh"), coding)
    return actor_network(corpus, coding.actors.scheme)


def told(corpus: Corpus) -> list[tuple[str, str | None]]:
    return [(row.text, row.actor) for row in addressees(corpus).itertuples()]


def test_nodes_count_mentions_and_edges_sentences_in_common(network: nx.Graph[str]) -> None:
    assert dict(network.nodes(data="mentions")) == {
        "ministry-of-finance": 3, "ministry-of-education": 2, "state-council": 1,
    }  # fmt: skip
    assert network.nodes["state-council"]["kind"] == "state-council"
    assert network.nodes["ministry-of-finance"]["name_zh"] == "财政部"
    assert {frozenset(edge): weight for *edge, weight in network.edges(data="weight")} == {
        frozenset({"ministry-of-finance", "ministry-of-education"}): 1,
        frozenset({"ministry-of-finance", "state-council"}): 1,
    }


def test_passages_join_more_than_sentences(corpus_of: CorpusOf, coding: Coding) -> None:
    corpus = code_corpus(corpus_of({"a": TEXT}, language="zh"), coding)
    wide = actor_network(corpus, coding.actors.scheme, "passage")
    assert wide["ministry-of-finance"]["ministry-of-education"]["weight"] == 2
    assert wide["state-council"]["ministry-of-education"]["weight"] == 1
    assert edge_table(wide).iloc[0].tolist() == ["ministry-of-finance", "ministry-of-education", 2]


def test_the_network_of_the_documents_stands_in_the_same_order_each_time(coded: Corpus, coding: Coding) -> None:
    first, second = (actor_network(coded, coding.actors.scheme) for _ in range(2))
    assert list(first.nodes) == list(second.nodes) and list(first.edges) == list(second.edges)
    counts = [mentions for _, mentions in first.nodes(data="mentions")]
    assert counts == sorted(counts, reverse=True) and sum(counts) == len(coded.actors)


def test_nobody_makes_an_empty_network(corpus_of: CorpusOf, coding: Coding) -> None:
    corpus = code_corpus(corpus_of({"a": "Nobody is named here."}), coding)
    assert actor_network(corpus, coding.actors.scheme).number_of_nodes() == 0
    assert list(addressees(corpus).columns) == list(COLUMNS)


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
