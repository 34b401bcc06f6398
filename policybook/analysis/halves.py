"""The placebo of places: the years of one place dealt into two halves, and these compared as places are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.deciding import decide, rows_of
from policybook.analysis.judging import LEFT
from policybook.analysis.sides import make_side


@dataclass(frozen=True)
class Halves:
    """The documents of one place dealt into halves `deals` times, and each two halves compared.

    `directional`: deals in which some theme got a direction; `usual_difference`: the median over deals of the largest
    difference of an eligible theme, without its sign, NaN where none was eligible.
    """

    place: str
    documents: int
    deals: int
    directional: int
    usual_difference: float


def compare_halves(counts: BlockCounts, place: str, *, serial: float) -> Halves | None:
    """Return what the method finds between halves of one place's documents; None with too few for two sides.

    Every way to deal them is taken, or where there are more than PLACEBO_HALVES, so many by chance.
    """
    own = counts.select(place=place)
    documents = own.documents["document"].tolist()
    if len(documents) < 2 * thresholds.MIN_DOCUMENTS:
        return None
    usable = np.ones(len(own.concepts), dtype=bool)
    rows = rows_of(own, usable)
    of = own.blocks["document"].to_numpy(dtype=str)
    directional, largest = 0, []
    deals = list(_deals(len(documents)))
    for deal in deals:
        mine = np.isin(of, [documents[n] for n in deal])
        sides = [make_side(own.keep(part, "half"), usable) for part in (mine, ~mine)]
        decision = decide(sides[0], sides[1], rows, serial)
        themes = decision.eligible & (rows.families == 0)
        directional += bool(((decision.verdict >= LEFT) & themes).any())
        if themes.any():
            largest.append(float(np.abs(decision.at_95.difference[themes]).max()))
    usual = float(np.median(largest)) if largest else float("nan")
    return Halves(place, len(documents), len(deals), directional, usual)


def _deals(documents: int) -> Iterator[tuple[int, ...]]:
    """Yield which documents make the first half. With an even number, each deal and its mirror image are one."""
    half = documents // 2
    ways = comb(documents, half) // (2 if documents % 2 == 0 else 1)
    if ways <= thresholds.PLACEBO_HALVES:
        chosen = combinations(range(documents), half)
        yield from (deal for deal in chosen if documents % 2 or 0 in deal)
        return
    rng = np.random.default_rng(thresholds.SEED)
    seen: set[tuple[int, ...]] = set()
    while len(seen) < thresholds.PLACEBO_HALVES:
        deal = tuple(sorted(rng.permutation(documents)[:half].tolist()))
        if documents % 2 == 0 and 0 not in deal:
            deal = tuple(n for n in range(documents) if n not in deal)
        if deal not in seen:
            seen.add(deal)
            yield deal
