"""Block presence: in how many blocks a theme or concept stands, and how alike neighbours are."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from policybook.analysis.intervals import wilson
from policybook.analysis.thresholds import CONFIDENCE
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus

Family = Literal["theme", "concept"]


def presence(corpus: Corpus, scheme: Scheme, family: Family) -> pd.DataFrame:
    """Return blocks × themes (or concepts): True where a block holds a counted mention of it.

    Rows are block ids in reading order, columns the scheme's ids in the scheme's order.
    """
    columns = [t.id for t in scheme.themes] if family == "theme" else [c.id for c in scheme.concepts]
    blocks = corpus.blocks["block"].tolist()
    matrix = pd.DataFrame(False, index=blocks, columns=columns)
    mentions = corpus.mentions[corpus.mentions["counted"].astype(bool)]
    keys = mentions["concept"] if family == "concept" else mentions["concept"].map(lambda c: scheme.by_id[c].theme)
    values = matrix.to_numpy(copy=True)
    rows = matrix.index.get_indexer(pd.Index(mentions["block"]))
    values[rows, matrix.columns.get_indexer(pd.Index(keys))] = True
    return pd.DataFrame(values, index=matrix.index, columns=matrix.columns)


def serial_correlation(corpus: Corpus, scheme: Scheme) -> float:
    """Return r, the lag-1 autocorrelation of theme presence within documents, pooled over themes.

    0 when no document has two blocks or nothing varies.
    """
    matrix = presence(corpus, scheme, "theme").astype(float)
    documents = corpus.blocks.set_index("block").loc[matrix.index, "document"]
    products, squares = 0.0, 0.0
    for _, rows in matrix.groupby(documents, sort=False):
        centred = rows.to_numpy() - rows.to_numpy().mean(axis=0)
        products += float((centred[:-1] * centred[1:]).sum())
        squares += float((centred**2).sum())
    return products / squares if squares else 0.0


def design_effect(corpus: Corpus, scheme: Scheme) -> float:
    """Return f = (1 + r)/(1 − r), at least 1: how many blocks are worth one independent block."""
    r = float(np.clip(serial_correlation(corpus, scheme), 0.0, 0.95))
    return (1 + r) / (1 - r)


def count_rows(corpus: Corpus, scheme: Scheme, family: Family, effect: float) -> pd.DataFrame:
    """Return one row a theme or concept: blocks, passages, documents, mentions, share and its interval.

    Index: ids in the scheme's order. `share` = blocks ÷ all blocks of `corpus`; `low` and `high` bound it by
    Wilson's interval at the effective size, blocks ÷ `effect`.
    """
    matrix = presence(corpus, scheme, family)
    mentions = corpus.mentions[corpus.mentions["counted"].astype(bool)]
    keys = mentions["concept"] if family == "concept" else mentions["concept"].map(lambda c: scheme.by_id[c].theme)
    grouped = mentions.groupby(keys)
    rows = pd.DataFrame(index=matrix.columns)
    rows["blocks"] = matrix.sum(axis=0).astype(int)
    rows["passages"] = grouped["passage"].nunique().reindex(rows.index, fill_value=0).astype(int)
    rows["documents"] = grouped["document"].nunique().reindex(rows.index, fill_value=0).astype(int)
    rows["mentions"] = grouped.size().reindex(rows.index, fill_value=0).astype(int)
    total = len(matrix)
    rows["share"] = rows["blocks"] / total if total else 0.0
    rows["low"], rows["high"] = wilson(rows["blocks"] / effect, total / effect, CONFIDENCE)
    return rows
