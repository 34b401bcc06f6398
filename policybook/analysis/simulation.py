"""Simulations on real counts: sides drawn from blocks, labels of places shuffled; false verdicts, coverage, power."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.compare import steps_of
from policybook.analysis.comparisons import ComparisonEntry
from policybook.analysis.counts import (
    FAMILIES,
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
from policybook.analysis.paired import (
    Panel,
    by_pairs,
    find_eligible,
    find_pairs,
    find_test,
    fit_row,
    unpaired,
)
from policybook.analysis.power import blocks_by_document, power, shares_apart
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import Column, CsvTable

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


# Many documents: how often differences are found where labels of places say nothing, and where one is put in ---

_TEXTS = ("counts_sha256", "left", "right")
_NUMBERS = (
    "draws", "seed", "judged_themes", "judged_concepts", "false_themes", "false_concepts",
    *(f"power_{family}s_{how}" for how in ("1.5", "1.8", "1.8_unpaired") for family in FAMILIES),
)  # fmt: skip
SIMULATION_COLUMNS = (*_TEXTS, *_NUMBERS)


def shuffle_places(panel: Panel, rng: np.random.Generator) -> Panel:
    """Return a panel of one level with the labels of its places shuffled within every year: they say nothing now."""
    units, years = panel.documents["unit"].to_numpy(copy=True), panel.documents["year"].to_numpy()
    for year in np.unique(years):
        own = np.flatnonzero(years == year)
        units[own] = rng.permutation(units[own])
    return replace(panel, documents=panel.documents.assign(unit=units))


def found_rows(left: Panel, right: Panel, unit: str | None = None, paired: bool = True) -> tuple[BoolArray, BoolArray]:
    """Return which rows of a contrast (of `unit` with its peers, where given) get a direction, and which are judged.

    It is contrast without what nobody asks of a simulation; without `paired`, documents are dealt regardless of years.
    """
    pairing = find_pairs(left, right) if paired else unpaired(left, right)
    blocks = left.blocks, right.blocks
    sides = tuple(by_pairs(s, n, len(pairing.names)) for s, n in ((left, pairing.left), (right, pairing.right)))
    judged, _ = find_eligible(left, right, pairing)
    test = find_test(left, right, (sides[0], sides[1]), pairing, judged, unit)
    found = np.zeros(len(judged), dtype=bool)
    for row in np.flatnonzero(judged & (test.probability <= 1 - thresholds.CONFIDENCE)):
        fit = fit_row((sides[0], sides[1]), int(row), pairing, blocks)
        found[row] = fit is not None and fit.is_clear(test.reach[row], test.freedom)
    return found, judged


def false_verdicts(panel: Panel, left: str, right: str | None, draws: int, seed: int) -> FloatArray:
    """Return draws × families: 1 where some row of a family gets a direction though labels were shuffled.

    `left` and `right` are places of the panel, which is of one level; without `right`, `left` is held against peers.
    """
    rng, hits = np.random.default_rng(seed), np.zeros((draws, 2))
    for draw in range(draws):
        found, _ = found_rows(*_sides(shuffle_places(panel, rng), left, right), None if right else left)
        hits[draw] = [found[panel.families == family].any() for family in (0, 1)]
    return hits


def paired_power(
    panel: Panel, left: str, right: str | None, ratio: float, draws: int, seed: int, paired: bool = True
) -> FloatArray:
    """Return for themes and concepts the share of judged rows found where the left carries one `ratio` times as often.

    Labels are shuffled first, then one row at a time is put in: each block that carries it brings another with
    probability `ratio` − 1, at most 1. NaN where no row can be judged.
    """
    rng = np.random.default_rng(seed)
    hits: tuple[list[bool], list[bool]] = ([], [])
    for _ in range(draws):
        one, other = _sides(shuffle_places(panel, rng), left, right)
        for row in np.flatnonzero(find_eligible(one, other, find_pairs(one, other))[0]):
            more = one.carrying[:, row] + rng.binomial(one.carrying[:, row].astype(int), ratio - 1)
            carrying = one.carrying.copy()
            carrying[:, row] = np.minimum(more, one.blocks)
            found, _ = found_rows(replace(one, carrying=carrying), other, None if right else left, paired)
            hits[panel.families[row]].append(bool(found[row]))
    return np.array([np.mean(one) if one else np.nan for one in hits])


def _sides(panel: Panel, left: str, right: str | None) -> tuple[Panel, Panel]:
    """Return the documents of both sides that have a partner in the same year."""
    units, years = (panel.documents[name].to_numpy() for name in ("unit", "year"))
    mine = units == left
    others = ~mine if right is None else units == right
    shared = np.isin(years, np.intersect1d(years[mine], years[others]))
    return panel.keep(mine & shared), panel.keep(others & shared)


def simulate_places(
    panel: Panel, pairs: Iterable[tuple[str, str | None]], *, counts_sha256: str, draws: int, seed: int
) -> Iterator[dict[str, object]]:
    """Yield a row of SIMULATION_COLUMNS for every two places of a panel of one level, or place and its peers.

    Rates are over `draws` shufflings, the power over a fiftieth of them. It is that of the paired comparison and, for
    the largest ratio, that of the same documents dealt to the sides regardless of their years.
    """
    for left, right in pairs:
        false = false_verdicts(panel, left, right, draws, seed).mean(axis=0)
        judged = find_eligible(*(sides := _sides(panel, left, right)), find_pairs(*sides))[0]
        row: dict[str, object] = {"counts_sha256": counts_sha256, "left": left, "right": right or ""}
        row |= {"draws": draws, "seed": seed}
        for number, family in enumerate(FAMILIES):
            row[f"judged_{family}s"] = int(judged[panel.families == number].sum())
            row[f"false_{family}s"] = round(float(false[number]), 4)
        for name, ratio, paired in (("1.5", 1.5, True), ("1.8", 1.8, True), ("1.8_unpaired", 1.8, False)):
            if paired or right:
                power_of = paired_power(panel, left, right, ratio, max(1, draws // 50), seed, paired)
                row |= {f"power_{f}s_{name}": round(float(p), 4) for f, p in zip(FAMILIES, power_of, strict=True)}
        yield row


def read_simulation(project: Project, corpus: str) -> pd.DataFrame | None:
    """Return data/measured/CORPUS-simulation.csv, None where there is none; `right` is empty of a place's peers.

    It is of the counts whose hash (counts_sha256 of measured.yml) it names. Raises InvalidDataError when it is not such
    a table.
    """
    path = project.measured / f"{corpus}-simulation.csv"
    if not path.is_file():
        return None
    fix = f"Make it again: .venv/bin/python benchmarks/simulation_places.py --out {project.name(path)}"
    filled = ("draws", "seed", "false_themes", "false_concepts")
    numbers = [
        Column(name, "whole" if name in ("draws", "seed") else "number", filled=name in filled) for name in _NUMBERS
    ]
    problems: list[Problem] = []
    table = CsvTable(path, project.name(path), [*_TEXTS, *numbers], problems, remedy=fix)
    if problems:
        raise InvalidDataError(problems)
    return table.frame()
