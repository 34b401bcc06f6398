"""How often the comparisons of this book err: false verdicts, coverage and power, on sides drawn from real blocks.

    .venv/bin/python benchmarks/simulation.py [--draws N] [--corpus NAME] [--seed N]

Both sides are drawn from the same blocks, in runs of neighbours, at the sizes of each comparison in
data/comparisons.yml; then with a difference of 30 points made by choosing runs. The same seed gives the same numbers.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.compare import steps_of
from policybook.analysis.comparisons import ComparisonEntry
from policybook.analysis.counts import (
    BlockCounts,
    SideCounts,
    SidePieces,
    make_side,
    serial_effect,
)
from policybook.analysis.decide import LEFT, Decision, Rows, decide, rows_of
from policybook.analysis.intervals import BoolArray, FloatArray, IntArray
from policybook.analysis.measured_counts import open_counts
from policybook.analysis.robustness import blocks_by_document, power, shares_apart
from policybook.pages.book import open_book

# Sides drawn by chance from real blocks in their order, for the simulation: never single blocks, let alone words ---


@dataclass(frozen=True, eq=False)
class Source:
    """The blocks that sides are drawn from. `chances`: of a run to start at each block, in sum 1."""

    side: SideCounts
    chances: FloatArray


def even_source(side: SideCounts) -> Source:
    """Return a source of which every block is as likely as every other."""
    blocks = len(side.present)
    return Source(side, np.full(blocks, 1 / blocks))


def draw_side(source: Source, sizes: Sequence[int], run: int, rng: np.random.Generator) -> SideCounts:
    """Return a side with one document of each of `sizes` blocks, made of runs of `run` consecutive blocks.

    A run stays in its document of the source and goes on at its beginning when it meets its end, so that each
    block is as likely as its chances say (circular block bootstrap: Politis and Romano 1992, in LePage and Billard,
    Exploring the Limits of Bootstrap, 263–270). Passages come with their blocks, and each run has its own.
    """
    drawn = [_draw_document(source, size, run, rng) for size in sizes]
    of = np.repeat(np.arange(len(sizes)), [len(blocks) for blocks, _ in drawn])
    first = np.cumsum([0, *(runs[-1] + 1 for _, runs in drawn[:-1])])
    runs = np.concatenate([number for _, number in drawn]) + first[of]
    return _take(source.side, np.concatenate([blocks for blocks, _ in drawn]), of, runs)


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
    return Source(source.side, chances)


def _run_shares(side: SideCounts, row: int, run: int) -> FloatArray:
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
    starts = rng.choice(len(document), size=-(-size // run), p=chances)
    first = np.searchsorted(document, document[starts], side="left")
    length = np.searchsorted(document, document[starts], side="right") - first
    steps = (starts - first)[:, None] + np.arange(run)
    blocks = (first[:, None] + steps % length[:, None]).ravel()[:size]
    return blocks, np.repeat(np.arange(len(starts)), run)[:size]


def _take(side: SideCounts, index: IntArray, documents: IntArray, runs: IntArray) -> SideCounts:
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
    return SideCounts(side.present[index], side.content[index], documents, drawn)


# How often the method errs, and how often it finds what is there, on sides drawn from real blocks in their order ---


def run_length(blocks: int) -> int:
    """Return how long runs are when they are drawn from so many blocks: their cube root, at least two.

    That is the order of length at which such draws estimate a variance best.
    Source: P. Hall, J. L. Horowitz and B.-Y. Jing (1995), Biometrika 82, 561–574.
    """
    return max(2, round(float(np.cbrt(blocks))))


@dataclass(frozen=True)
class Sizes:
    """The sides of a comparison to imitate: the blocks of each document on the left and on the right."""

    name: str
    left: tuple[int, ...]
    right: tuple[int, ...]


def sizes_of(name: str, left: BlockCounts, right: BlockCounts) -> Sizes:
    """Return the sizes of two selections."""
    return Sizes(name, tuple(blocks_by_document(left)), tuple(blocks_by_document(right)))


def sizes_in_book(counts: BlockCounts, entries: Iterable[ComparisonEntry]) -> list[Sizes]:
    """Return the sizes of every comparison: pairs, and of periods each with the next and the first with the last.

    Comparisons with an empty side, for which nothing can be drawn, are left out, and those of many documents, which
    are not compared by blocks.
    """
    found = []
    for entry in entries:
        sides = [counts.select(side.select) for side in entry.sides]
        for one, other in steps_of(range(len(sides))):
            name = entry.id if len(sides) == 2 else f"{entry.id}: {entry.sides[one].label}, {entry.sides[other].label}"
            if 0 < min(len(sides[n].documents) for n in (one, other)) < thresholds.MIN_DOCUMENTS:
                found.append(sizes_of(name, sides[one], sides[other]))
    return found


@dataclass(frozen=True)
class ErrorRates:
    """What the method does where both sides are drawn from the same blocks.

    `themes` and `concepts`: the share of draws in which some row of the family gets a directional verdict;
    `coverage`: of the 95 % intervals of eligible rows, how many hold 0, and its standard error, which knows that the
    rows of one draw hang together; `judged`: rows eligible in a draw.
    """

    sizes: Sizes
    draws: int
    themes: float
    concepts: float
    coverage: float
    coverage_error: float
    judged: float

    @property
    def uncertainty(self) -> float:
        """Twice the standard error of a rate of .05 in so many draws."""
        return float(2 * np.sqrt(0.05 * 0.95 / self.draws))


def error_rates(counts: BlockCounts, sizes: Sizes, *, draws: int, run: int | None = None, seed: int = 1) -> ErrorRates:
    """Return how often a difference is found between sides drawn from the same blocks, and how intervals cover it."""
    marks = np.ones(len(counts.concepts), dtype=bool)
    rows, source = rows_of(counts, marks), even_source(make_side(counts, marks))
    run = run or run_length(len(counts.blocks))
    false = np.zeros(2)
    covered: list[int] = []
    judged: list[int] = []
    for decision in _decisions(source, source, sizes, rows, draws, run, seed):
        false += [bool(((decision.verdict >= LEFT) & (rows.families == family)).any()) for family in (0, 1)]
        holds = (decision.at_95.low <= 0) & (decision.at_95.high >= 0)
        covered.append(int((holds & decision.eligible).sum()))
        judged.append(int(decision.eligible.sum()))
    themes, concepts = (float(rate) for rate in false / draws)
    return ErrorRates(sizes, draws, themes, concepts, *_ratio(covered, judged), float(np.mean(judged)))


@dataclass(frozen=True)
class MeasuredPower:
    """How often a difference that is there is found, beside how often it should be (see robustness.power)."""

    sizes: Sizes
    theme: str
    difference: float
    draws: int
    found: float
    calculated: float


def measured_power(counts: BlockCounts, sizes: Sizes, theme: str, *, draws: int, seed: int = 1) -> MeasuredPower:
    """Return how often a difference of SETTLED_DIFFERENCE in `theme` is found when runs are chosen to make it.

    Raises ValueError when runs cannot be chosen so.
    """
    marks = np.ones(len(counts.concepts), dtype=bool)
    rows, side = rows_of(counts, marks), make_side(counts, marks)
    row = counts.rows.index(("theme", theme))
    run = run_length(len(counts.blocks))
    p1, p2 = shares_apart(max(float(side.present[:, row].mean()), thresholds.SETTLED_DIFFERENCE / 2 + 0.02))
    left, right = (tilted_source(even_source(side), row, p, run) for p in (p1, p2))
    found, effects, confidences = 0, [], []
    for decision in _decisions(left, right, sizes, rows, draws, run, seed):
        found += int(decision.verdict[row] == LEFT)
        effects.append(float(decision.effect[row]))
        confidences.append(float(decision.confidence[row]))
    units = [[n for size in side for n in _runs(size, run)] for side in (sizes.left, sizes.right)]
    calculated = power(units[0], units[1], p1, p2, float(np.mean(effects)), float(np.mean(confidences)))
    return MeasuredPower(sizes, theme, p1 - p2, draws, found / draws, calculated)


def _decisions(
    left: Source, right: Source, sizes: Sizes, rows: Rows, draws: int, run: int, seed: int
) -> Iterator[Decision]:
    rng = np.random.default_rng(seed)
    themes = rows.families == 0
    for _ in range(draws):
        one, other = draw_side(left, sizes.left, run, rng), draw_side(right, sizes.right, run, rng)
        yield decide(one, other, rows, _serial(one, other, themes))


def _ratio(part: Sequence[int], whole: Sequence[int]) -> tuple[float, float]:
    """Return Σ part ÷ Σ whole over draws, and its standard error as a ratio estimate; NaN where nothing is in any."""
    total = sum(whole)
    if not total:
        return float("nan"), float("nan")
    ratio = sum(part) / total
    off = np.asarray(part) - ratio * np.asarray(whole)
    return ratio, float(np.sqrt((off**2).sum()) / total)


def _runs(size: int, run: int) -> list[int]:
    """Return the blocks of each run of a document: its passages, as drawn, are about as long."""
    return [run] * (size // run) + [size % run] * (size % run > 0)


def _serial(left: SideCounts, right: SideCounts, themes: BoolArray) -> float:
    """Return the design effect as a corpus of these two sides would show it."""
    present = np.vstack([left.present, right.present])[:, themes]
    return serial_effect(present, np.concatenate([left.document, right.document + left.document.max() + 1]))


def summarise(rates: Sequence[ErrorRates]) -> pd.DataFrame:
    """Return the error rates as a table, a row a comparison."""
    return pd.DataFrame(
        [
            {
                "comparison": rate.sizes.name, "left": sum(rate.sizes.left), "right": sum(rate.sizes.right),
                "draws": rate.draws, "false_themes": rate.themes, "false_concepts": rate.concepts,
                "uncertainty": rate.uncertainty, "coverage": rate.coverage, "coverage_error": rate.coverage_error,
                "judged": rate.judged,
            }
            for rate in rates
        ]
    )  # fmt: skip


# The command ---


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", help="measured counts; sizes are those of every two places in them")
    options = parser.parse_args()
    book = open_book(Path(__file__).parent)
    counts = open_counts(book.project, options.corpus, book.scheme)[0] if options.corpus else book.counts
    sizes = _places(counts) if options.corpus else sizes_in_book(counts, book.comparisons)
    usual = run_length(len(counts.blocks))
    for run in sorted({3, usual, 2 * usual}):
        print(f"\nNo difference, runs of {run} blocks{' (the rule)' * (run == usual)}, {options.draws} draws")
        print(f"{'':44} {'blocks':>11} {'false themes':>13} {'false concepts':>15} {'coverage':>9}")
        for one in sizes:
            rate = error_rates(counts, one, draws=options.draws, run=run, seed=options.seed)
            print(f"{_name(one)} {rate.themes:13.3f} {rate.concepts:15.3f} {rate.coverage:9.3f}")
    print(f"A rate of .05 is known to ± {rate.uncertainty:.3f}.")
    print(f"\nA difference of 30 points in a theme, runs of {usual} blocks")
    print(f"{'':44} {'blocks':>11} {'theme':>13} {'found':>15} {'calculated':>10}")
    for one in sizes:
        for theme in counts.themes:
            try:
                power = measured_power(counts, one, theme, draws=options.draws // 4, seed=options.seed)
            except ValueError:
                continue  # no choice of runs makes such a difference
            print(f"{_name(one)} {theme:>13} {power.found:15.3f} {power.calculated:10.3f}")


def _places(counts: BlockCounts) -> list[Sizes]:
    places = sorted(set(counts.documents["place"]))
    sides = {place: counts.select(speaker=place) for place in places}
    return [sizes_of(f"{a}, {b}", sides[a], sides[b]) for a in places for b in places if a < b]


def _name(sizes: Sizes) -> str:
    return f"{sizes.name[:44]:44} {f'{sum(sizes.left)}, {sum(sizes.right)}':>11}"


if __name__ == "__main__":
    main()
