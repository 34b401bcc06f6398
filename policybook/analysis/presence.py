"""Block presence: in how many blocks a theme or concept stands, and how alike neighbours are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policybook.analysis.block_counts import BlockCounts, BoolArray, Family, IntArray
from policybook.analysis.intervals import wilson
from policybook.analysis.sides import row_groups
from policybook.analysis.thresholds import CONFIDENCE

# Neighbours are never taken to be more alike than this, which makes 39 blocks worth one.
_MOST_ALIKE = 0.95


def presence(counts: BlockCounts, family: Family) -> pd.DataFrame:
    """Return blocks × themes (or concepts): True where a block holds a counted mention of it.

    Rows are block ids in reading order, columns ids in the scheme's order.
    """
    groups = row_groups(counts, np.ones(len(counts.concepts), dtype=bool))
    wanted = [n for n, row in enumerate(counts.rows) if row[0] == family]
    names = [row[1] for row in counts.rows if row[0] == family]
    return pd.DataFrame((counts.mentions @ groups[:, wanted]) > 0, index=counts.blocks["block"].tolist(), columns=names)


def serial_correlation(counts: BlockCounts) -> float:
    """Return r, the lag-1 autocorrelation of theme presence within documents, pooled over themes.

    0 when no document has two blocks or nothing varies.
    """
    matrix = presence(counts, "theme").to_numpy()
    _, documents = np.unique(counts.blocks["document"].to_numpy(dtype=str), return_inverse=True)
    return _correlation(matrix, documents)[0]


def design_effect(counts: BlockCounts) -> float:
    """Return f = (1 + r)/(1 − r), at least 1: how many blocks are worth one independent block.

    r is what the measured serial_correlation stands for (see true_correlation); without two blocks in a document, 0.
    """
    matrix = presence(counts, "theme").to_numpy()
    _, documents = np.unique(counts.blocks["document"].to_numpy(dtype=str), return_inverse=True)
    return serial_effect(matrix, documents)


def serial_effect(present: BoolArray, document: IntArray) -> float:
    """Return f of blocks × themes in reading order, given the number of each block's document."""
    measured, sizes = _correlation(present, document)
    r = true_correlation(measured, sizes) if max(sizes, default=0) > 1 else 0.0
    return (1 + r) / (1 - r)


def true_correlation(measured: float, sizes: Sequence[int]) -> float:
    """Return the lag-1 autocorrelation, 0 to 0.95, that `measured` in documents of `sizes` blocks stands for.

    Deviations from a document's own mean lean against each other, so in short documents too little is measured. Where
    the correlation falls off as rᵏ, the sums over documents of n blocks give r − (1 + 2r)/n, to the order of 1/n;
    this is turned round. Documents of fewer than four blocks on average are treated as of four.
    Source: F. H. C. Marriott and J. A. Pope (1954), Biometrika 41, 390–402, for a single series.
    """
    blocks = sum(sizes)
    hidden = min(len(sizes) / blocks, 0.25) if blocks else 0.0
    return float(np.clip((measured + hidden) / (1 - 2 * hidden), 0.0, _MOST_ALIKE))


def count_rows(counts: BlockCounts, family: Family, effect: float, usable: BoolArray | None = None) -> pd.DataFrame:
    """Return one row a theme or concept: blocks, passages, documents, mentions, share and its interval.

    `usable` marks the concepts that count for their theme; by default all do. What was not counted is no row.

    Index: ids in the scheme's order. `share` = blocks ÷ all blocks of `counts`; `low` and `high` bound it by
    Wilson's interval at the effective size, blocks ÷ `effect`. `passages` is 0 where passages are not known.
    """
    groups = row_groups(counts, np.ones(len(counts.concepts), dtype=bool) if usable is None else usable)
    counted = counts.counted_rows
    wanted = [n for n, row in enumerate(counts.rows) if row[0] == family and counted[n]]
    per_block = (counts.mentions @ groups[:, wanted]).astype(int)
    rows = pd.DataFrame(index=[counts.rows[n][1] for n in wanted])
    rows["blocks"] = (per_block > 0).sum(axis=0).astype(int)
    rows["passages"] = 0
    if counts.pieces is not None:
        per_piece = counts.pieces.mentions @ groups[:, wanted] > 0
        rows["passages"] = _distinct(counts.pieces.passage, per_piece)
    rows["documents"] = _distinct(counts.blocks["document"].to_numpy(dtype=str), per_block > 0)
    rows["mentions"] = per_block.sum(axis=0).astype(int)
    total = len(per_block)
    rows["share"] = rows["blocks"] / total if total else 0.0
    rows["low"], rows["high"] = wilson(rows["blocks"] / effect, total / effect, CONFIDENCE)
    return rows


def _correlation(present: BoolArray, document: IntArray) -> tuple[float, list[int]]:
    """Return the lag-1 autocorrelation within documents, and the documents' sizes."""
    products, squares = 0.0, 0.0
    sizes = []
    for number in np.unique(document):
        rows = present[document == number].astype(float)
        centred = rows - rows.mean(axis=0)
        products += float((centred[:-1] * centred[1:]).sum())
        squares += float((centred**2).sum())
        sizes.append(len(rows))
    return products / squares if squares else 0.0, sizes


def _distinct(keys: np.ndarray[tuple[int], np.dtype[np.generic]], present: BoolArray) -> list[int]:
    """Return, for every column, how many different keys the rows have in which it is present."""
    return [len(np.unique(keys[column])) for column in present.T]
