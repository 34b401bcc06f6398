"""Sides drawn by chance from real blocks in their order, for the simulation: never single blocks, let alone words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from policybook.analysis.block_counts import IntArray
from policybook.analysis.intervals import FloatArray
from policybook.analysis.sides import Side, SidePieces


@dataclass(frozen=True, eq=False)
class Source:
    """The blocks that sides are drawn from. `chances`: of a run to start at each block, in sum 1.

    With `nested`, a drawn document takes all its runs from one document of the source, chosen by the chances of its
    blocks; else each run may come from any.
    """

    side: Side
    chances: FloatArray
    nested: bool = False


def even_source(side: Side, nested: bool = False) -> Source:
    """Return a source of which every block is as likely as every other."""
    blocks = len(side.present)
    return Source(side, np.full(blocks, 1 / blocks), nested)


def draw_side(source: Source, sizes: Sequence[int], run: int, rng: np.random.Generator) -> Side:
    """Return a side with one document of each of `sizes` blocks, made of runs of `run` consecutive blocks.

    A run stays in its document of the source and goes on at its beginning when it meets its end, so that each
    block is as likely as its chances say (circular block bootstrap: Politis and Romano 1992, in LePage and Billard,
    Exploring the Limits of Bootstrap, 263–270). Passages come with their blocks, and each run has its own.
    """
    blocks: list[IntArray] = []
    documents: list[IntArray] = []
    runs: list[IntArray] = []
    for document, size in enumerate(sizes):
        drawn, run_numbers = _draw_document(source, size, run, rng)
        blocks.append(drawn)
        documents.append(np.full(size, document))
        runs.append(run_numbers + (runs[-1][-1] + 1 if runs else 0))
    index = np.concatenate(blocks)
    return _take(source.side, index, np.concatenate(documents), np.concatenate(runs))


def tilted_source(source: Source, row: int, share: float, run: int) -> Source:
    """Return a source whose runs are chosen so that `row` stands in `share` of the blocks drawn, to be expected.

    Runs with more of it get chances that grow exponentially with its share in them; the blocks stay as they are.
    Raises ValueError when no such chances exist.
    """
    carried = _run_shares(source.side, row, run)
    if not carried.min() < share < carried.max():
        raise ValueError(f"no runs of {run} blocks have a share of {share:.2f}")
    low, high = -200.0, 200.0
    for _ in range(80):  # bisection: the share grows with the tilt
        tilt = (low + high) / 2
        weights = source.chances * np.exp(tilt * (carried - (carried.max() if tilt > 0 else carried.min())))
        chances = weights / weights.sum()
        low, high = (tilt, high) if float(chances @ carried) < share else (low, tilt)
    return Source(source.side, chances, source.nested)


def _run_shares(side: Side, row: int, run: int) -> FloatArray:
    """Return, for every block, the share of `row` in the run that starts there."""
    shares = np.zeros(len(side.present))
    for document in np.unique(side.document):
        blocks = np.flatnonzero(side.document == document)
        steps = (np.arange(len(blocks))[:, None] + np.arange(run)) % len(blocks)
        shares[blocks] = side.present[blocks, row][steps].mean(axis=1)
    return shares


def _draw_document(source: Source, size: int, run: int, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Return the blocks of one drawn document, and the number of the run that each is of."""
    document, chances = source.side.document, source.chances
    if source.nested:
        chosen = document[rng.choice(len(document), p=chances)]
        chances = np.where(document == chosen, chances, 0.0)
        chances = chances / chances.sum()
    starts = rng.choice(len(document), size=-(-size // run), p=chances)
    first = np.searchsorted(document, document[starts], side="left")
    last = np.searchsorted(document, document[starts], side="right")
    length = last - first
    steps = (starts - first)[:, None] + np.arange(run)
    blocks = (first[:, None] + steps % length[:, None]).ravel()[:size]
    return blocks, np.repeat(np.arange(len(starts)), run)[:size]


def _take(side: Side, index: IntArray, documents: IntArray, runs: IntArray) -> Side:
    """Return a side of the blocks at `index`, with their pieces; a passage of another run is another passage."""
    drawn = None
    if side.pieces is not None:
        pieces = side.pieces
        order = np.argsort(pieces.block, kind="stable")
        per_block = np.bincount(pieces.block, minlength=len(side.present))
        starts = np.concatenate([[0], np.cumsum(per_block)[:-1]])
        counts = per_block[index]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        taken = order[np.repeat(starts[index], counts) + within]
        passages = np.repeat(runs, counts) * (int(pieces.passage.max(initial=0)) + 1) + pieces.passage[taken]
        block = np.repeat(np.arange(len(index)), counts)
        drawn = SidePieces(block, passages, pieces.present[taken], pieces.content[taken])
    return Side(side.present[index], side.content[index], documents, drawn)
