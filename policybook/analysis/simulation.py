"""Simulated sides drawn from real blocks: false verdicts and coverage of the procedure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.compare import Sides, steps_of
from policybook.analysis.comparisons import ComparisonEntry
from policybook.analysis.counts import (
    BlockCounts,
    BoolArray,
    IntArray,
    SideCounts,
    SidePieces,
    make_side,
    serial_effect,
)
from policybook.analysis.decide import LEFT, Decision, Rows, decide, rows_of
from policybook.analysis.intervals import FloatArray
from policybook.analysis.measured_counts import Denominator
from policybook.analysis.power import blocks_by_document, power, shares_apart
from policybook.coding.measured import Measured
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import Column, CsvTable

# Sides drawn by chance from real blocks in their order, for the simulation: never single blocks, let alone words ---

@dataclass(frozen=True, eq=False)
class Source:
    """The blocks that sides are drawn from. `chances`: of a run to start at each block, in sum 1.

    With `nested`, a drawn document takes all its runs from one document of the source, chosen by the chances of its
    blocks; else each run may come from any.
    """

    side: SideCounts
    chances: FloatArray
    nested: bool = False


def even_source(side: SideCounts, nested: bool = False) -> Source:
    """Return a source of which every block is as likely as every other."""
    blocks = len(side.present)
    return Source(side, np.full(blocks, 1 / blocks), nested)


def draw_side(source: Source, sizes: Sequence[int], run: int, rng: np.random.Generator) -> SideCounts:
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

    @property
    def by_documents(self) -> bool:
        """Whether documents are what is sampled on both sides."""
        return min(len(self.left), len(self.right)) >= thresholds.MIN_DOCUMENTS


def sizes_of(name: str, left: BlockCounts, right: BlockCounts) -> Sizes:
    """Return the sizes of two selections."""
    return Sizes(name, tuple(blocks_by_document(left)), tuple(blocks_by_document(right)))


def sizes_in_book(counts: BlockCounts, entries: Iterable[ComparisonEntry]) -> list[Sizes]:
    """Return the sizes of every comparison: pairs, and of periods each with the next and the first with the last.

    Comparisons with an empty side are left out: nothing can be drawn for them.
    """
    found = []
    for entry in entries:
        sides = [counts.select(side.select) for side in entry.sides]
        for one, other in steps_of(range(len(sides))):
            name = entry.id if len(sides) == 2 else f"{entry.id}: {entry.sides[one].label}, {entry.sides[other].label}"
            if len(sides[one].blocks) and len(sides[other].blocks):
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


def error_rates(
    counts: BlockCounts, sizes: Sizes, *, draws: int, run: int | None = None, seed: int = 1
) -> ErrorRates:
    """Return how often a difference is found between sides drawn from the same blocks, and how intervals cover it.

    Where both sides have documents enough to be sampled, each drawn document is drawn from one document.
    """
    marks = np.ones(len(counts.concepts), dtype=bool)
    rows, source = rows_of(counts, marks), even_source(make_side(counts, marks), sizes.by_documents)
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
    """How often a difference that is there is found, beside how often it should be by `policybook.analysis.power`."""

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
    units = [list(side) if len(side) > 1 else _runs(side[0], run) for side in (sizes.left, sizes.right)]
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


# The summary of a simulation on measured counts: made once by benchmarks/simulation_places.py, kept, and shown ---

_TEXTS = ("concepts_sha256", "within", "left", "right", "era")
_NUMBERS = ("left_blocks", "right_blocks", "draws", "seed", "false_themes", "false_concepts", "coverage", "judged")
SIMULATION_COLUMNS = (*_TEXTS, *_NUMBERS)


def simulate(
    denominator: Denominator, compared: Iterable[Sides], *, concepts_sha256: str, draws: int, seed: int
) -> Iterator[dict[str, object]]:
    """Yield a row of COLUMNS for every comparison that was made: how often its method errs on sides drawn alike.

    Both sides have the sizes of the comparison and are drawn from the same blocks, those of all its places and years.
    """
    for sides in compared:
        if sides.result is None:
            continue
        sizes = sizes_of(f"{sides.left}, {sides.right}", sides.result.left, sides.result.right)
        rates = error_rates(denominator.counts, sizes, draws=draws, seed=seed)
        where = {"within": denominator.name, "left": sides.left, "right": sides.right, "era": sides.era or ""}
        yield {
            "concepts_sha256": concepts_sha256, **where, "left_blocks": sum(sizes.left),
            "right_blocks": sum(sizes.right), "draws": rates.draws, "false_themes": round(rates.themes, 4),
            "false_concepts": round(rates.concepts, 4), "coverage": round(rates.coverage, 4),
            "judged": round(rates.judged, 1), "seed": seed,
        }  # fmt: skip


def hash_concepts(measured: Measured) -> str:
    """Return a hash of what a simulation draws from: which concepts stand in which block of which document."""
    drawn = measured.blocks[["document", "number", "concepts"]].to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(drawn.encode()).hexdigest()


def read_simulation(project: Project, corpus: str) -> pd.DataFrame | None:
    """Return data/measured/CORPUS-simulation.csv, None where there is none.

    Raises InvalidDataError when it is not such a table.
    """
    path = project.measured / f"{corpus}-simulation.csv"
    if not path.is_file():
        return None
    fix = f"Make it again: .venv/bin/python benchmarks/simulation_places.py --out {project.name(path)}"
    numbers = [Column(name, "whole" if name in ("draws", "seed") else "number", filled=True) for name in _NUMBERS]
    problems: list[Problem] = []
    table = CsvTable(path, project.name(path), [*_TEXTS, *numbers], problems, remedy=fix)
    if problems:
        raise InvalidDataError(problems)
    return table.frame()
