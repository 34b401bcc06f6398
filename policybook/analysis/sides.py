"""A side of a comparison as arrays, and what is left of it without each passage and without each document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from policybook.analysis.block_counts import BlockCounts, BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Totals:
    """The sums of a side, or of many versions of it along leading axes.

    `x`: … × rows, blocks that carry each row; `n`: …, blocks; `content`: …, mentions of any concept.
    """

    x: IntArray
    n: IntArray
    content: IntArray


@dataclass(frozen=True, eq=False)
class SidePieces:
    """The pieces of a side (see block_counts.Pieces): the numbers of their block and passage, and what they hold."""

    block: IntArray
    passage: IntArray
    present: BoolArray
    content: IntArray


@dataclass(frozen=True, eq=False)
class Side:
    """The blocks of one side. `present`: blocks × rows; `content` and `document` (numbers from 0): one a block."""

    present: BoolArray
    content: IntArray
    document: IntArray
    pieces: SidePieces | None = None

    @cached_property
    def totals(self) -> Totals:
        """The whole side."""
        return Totals(self.present.sum(axis=0), np.array(len(self.present)), np.array(self.content.sum()))

    @cached_property
    def by_document(self) -> Totals:
        """Each document of the side by itself."""
        size = int(self.document.max(initial=-1)) + 1
        return _sum_by(self.document, size, self.present, np.ones_like(self.content), self.content)

    @cached_property
    def without_documents(self) -> Totals:
        """The side without each document in turn."""
        return _less(self.totals, self.by_document)

    @cached_property
    def without_passages(self) -> Totals | None:
        """The side without each passage in turn; None where passages are not known.

        What a passage says goes from the blocks that it shares with others, and they stay blocks; a block that
        stands in it alone goes with it.
        """
        pieces = self.pieces
        if pieces is None:
            return None
        n = len(self.present)
        carrying = _sum_rows(pieces.block, n, pieces.present)
        only_here = pieces.present & (carrying[pieces.block] == 1)
        alone = np.bincount(pieces.block, minlength=n)[pieces.block] == 1
        _, passage = np.unique(pieces.passage, return_inverse=True)
        size = int(passage.max(initial=-1)) + 1
        return _less(self.totals, _sum_by(passage, size, only_here, alone, pieces.content))


def make_side(counts: BlockCounts, usable: BoolArray) -> Side:
    """Return the arrays of a selection. `usable`: one mark a concept, whether it may count for its theme."""
    groups = row_groups(counts, usable)
    order = {document: n for n, document in enumerate(counts.documents["document"])}
    pieces = counts.pieces
    return Side(
        present=(counts.mentions @ groups) > 0,
        content=counts.mentions.sum(axis=1),
        document=counts.blocks["document"].map(order).to_numpy(dtype=np.int64),
        pieces=SidePieces(
            pieces.block, pieces.passage, (pieces.mentions @ groups) > 0, pieces.mentions.sum(axis=1)
        )
        if pieces
        else None,
    )


def row_groups(counts: BlockCounts, usable: BoolArray) -> npt.NDArray[np.float64]:
    """Return concepts × rows, 1 where a concept counts for the row: for itself, and for its theme if it is usable."""
    themes = np.array([[of == theme for theme in counts.themes] for of in counts.theme_of], dtype=bool)
    themes = themes.reshape(len(counts.concepts), len(counts.themes)) & usable[:, None]
    return np.hstack([themes, np.eye(len(counts.concepts), dtype=bool)]).astype(np.float64)


def _sum_by(keys: IntArray, size: int, x: BoolArray, n: npt.NDArray[np.generic], content: IntArray) -> Totals:
    """Return the sums of rows that share a key, 0 to size − 1."""
    return Totals(_sum_rows(keys, size, x), _bincount(keys, n, size), _bincount(keys, content, size))


def _sum_rows(keys: IntArray, size: int, rows: npt.NDArray[np.generic]) -> IntArray:
    sums = np.zeros((size, rows.shape[1]), dtype=np.int64)
    if len(keys):
        order = np.argsort(keys, kind="stable")
        first = np.flatnonzero(np.diff(keys[order], prepend=-1))
        sums[keys[order][first]] = np.add.reduceat(rows[order].astype(np.int64), first, axis=0)
    return sums


def _bincount(keys: IntArray, weights: npt.NDArray[np.generic], size: int) -> IntArray:
    return np.bincount(keys, weights=weights.astype(np.float64), minlength=size).astype(np.int64)


def _less(whole: Totals, parts: Totals) -> Totals:
    return Totals(whole.x - parts.x, whole.n - parts.n, whole.content - parts.content)
