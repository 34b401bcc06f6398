"""How often the method errs, and how often it finds what is there, on sides drawn from real blocks in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts, BoolArray
from policybook.analysis.comparisons import ComparisonEntry
from policybook.analysis.deciding import Decision, Rows, decide, rows_of
from policybook.analysis.drawing import Source, draw_side, even_source, tilted_source
from policybook.analysis.judging import LEFT
from policybook.analysis.power import power, shares_apart
from policybook.analysis.presence import serial_effect
from policybook.analysis.sides import Side, make_side


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
    left_sizes, right_sizes = (
        tuple(int(n) for n in side.blocks.groupby("document", sort=False).size()) for side in (left, right)
    )
    return Sizes(name, left_sizes, right_sizes)


def sizes_in_book(counts: BlockCounts, entries: Iterable[ComparisonEntry]) -> list[Sizes]:
    """Return the sizes of every comparison: pairs, and of periods each with the next and the first with the last.

    Comparisons with an empty side are left out: nothing can be drawn for them.
    """
    found = []
    for entry in entries:
        sides = [counts.select(side.select) for side in entry.sides]
        pairs = [*pairwise(range(len(sides))), *([(0, len(sides) - 1)] if len(sides) > 2 else [])]
        for one, other in pairs:
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


def _serial(left: Side, right: Side, themes: BoolArray) -> float:
    """Return the design effect as a corpus of these two sides would show it."""
    present = np.vstack([left.present, right.present])[:, themes]
    return serial_effect(present, np.concatenate([left.document, right.document + left.document.max() + 1]))


def summarise(rates: Sequence[ErrorRates]) -> pd.DataFrame:
    """Return the error rates as a table, a row a comparison."""
    return pd.DataFrame(
        [
            {
                "comparison": rate.sizes.name,
                "left": sum(rate.sizes.left),
                "right": sum(rate.sizes.right),
                "draws": rate.draws,
                "false_themes": rate.themes,
                "false_concepts": rate.concepts,
                "uncertainty": rate.uncertainty,
                "coverage": rate.coverage,
                "coverage_error": rate.coverage_error,
                "judged": rate.judged,
            }
            for rate in rates
        ]
    )
