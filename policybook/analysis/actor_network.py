"""Who appears with whom: a network of the actors that a corpus names together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Literal

import networkx as nx
import pandas as pd

from policybook.coding.actor_scheme import ActorScheme
from policybook.corpus.model import Corpus

Within = Literal["sentence", "passage"]


def actor_network(corpus: Corpus, scheme: ActorScheme, within: Within = "sentence") -> nx.Graph[str]:
    """Return the graph of the actors of a corpus; two are joined where one sentence (or passage) names both.

    A node is an actor's id with `mentions` (how often it is named), `kind`, `name_zh` and `name_en`. An edge has
    `weight`, the number of sentences or passages that name both. Nodes stand in the order of their mentions, most
    first, then of their ids, edges in the order of their nodes: the same corpus gives the same graph.
    """
    mentions = Counter(corpus.actors["actor"])
    ordered = sorted(mentions, key=lambda actor: (-mentions[actor], actor))
    rank = {actor: n for n, actor in enumerate(ordered)}
    graph: nx.Graph[str] = nx.Graph()
    for actor in ordered:
        entry = scheme.by_id[actor]
        graph.add_node(actor, mentions=mentions[actor], kind=entry.kind, name_zh=entry.name_zh, name_en=entry.name_en)
    weights: Counter[tuple[str, str]] = Counter()
    for _, together in corpus.actors.groupby(within, sort=False)["actor"]:
        weights.update(combinations(sorted(set(together), key=rank.__getitem__), 2))
    for one, other in sorted(weights, key=lambda pair: (rank[pair[0]], rank[pair[1]])):
        graph.add_edge(one, other, weight=weights[one, other])
    return graph


def edge_table(graph: nx.Graph[str]) -> pd.DataFrame:
    """Return the edges of a network as a table, heaviest first: actor, with_actor, weight."""
    rows = [(one, other, weight) for one, other, weight in graph.edges(data="weight")]
    rows.sort(key=lambda row: -row[2])  # stable: equals stay in the graph's order
    return pd.DataFrame(rows, columns=["actor", "with_actor", "weight"])
