"""How often comparisons of measured places err, and what they find: labels of places shuffled within years.

    .venv/bin/python benchmarks/simulation_places.py CORPUS PLACE… [--kind KIND] [--draws N] [--seed N] [--out CSV]

Every two of the places, and each of them and its peers, are compared as `policybook compare` does, on the real counts
with the labels of places shuffled within every year. Then one theme or concept at a time is made 1.5 and 1.8 times as
frequent on the left. The same seed gives the same numbers. With --out data/measured/CORPUS-simulation.csv pages show
them. Takes some ten minutes with 31 places.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.counts import FAMILIES
from policybook.analysis.intervals import BoolArray, FloatArray
from policybook.analysis.measured_counts import SIMULATION_COLUMNS, make_panel
from policybook.analysis.paired import (
    Panel,
    by_pairs,
    find_eligible,
    find_pairs,
    find_test,
    fit_row,
    peers_of,
    unpaired,
)
from policybook.coding.measured import age_of, load_measured
from policybook.coding.scheme import load_scheme
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project

# How often differences are found where labels of places say nothing, and where one is put in ---


def shuffle_places(panel: Panel, rng: np.random.Generator) -> Panel:
    """Return a panel of one level with the labels of its places shuffled within every year: they say nothing now."""
    units, years = panel.documents["unit"].to_numpy(copy=True), panel.documents["year"].to_numpy()
    for year in np.unique(years):
        own = np.flatnonzero(years == year)
        units[own] = rng.permutation(units[own])
    return replace(panel, documents=panel.documents.assign(unit=units))


def find_clear(left: Panel, right: Panel, unit: str | None = None, paired: bool = True) -> tuple[BoolArray, BoolArray]:
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
        found, _ = find_clear(*_sides(shuffle_places(panel, rng), left, right), None if right else left)
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
            found, _ = find_clear(replace(one, carrying=carrying), other, None if right else left, paired)
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


# The command ---


def main() -> None:
    """Print a row a comparison, and keep all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("places", nargs="+")
    parser.add_argument("--kind")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--project", type=Path, default=Path(__file__).parent)
    options = parser.parse_args()
    project = Project.find(options.project)
    measured = load_measured(project, options.corpus)
    panel = make_panel(measured, age_of(measured, project), load_scheme(project), load_vocabulary(project))
    peers = peers_of(panel, options.places[0], {"kind": options.kind} if options.kind else {})
    pairs = [*combinations(options.places, 2), *((place, None) for place in options.places)]
    rows = []
    for row in simulate_places(
        peers, pairs, counts_sha256=measured.record.counts_sha256, draws=options.draws, seed=options.seed
    ):
        rows.append(row)
        print("  ".join(f"{name} {value}" for name, value in row.items() if name != "counts_sha256"), flush=True)
    if options.out:
        pd.DataFrame(rows, columns=list(SIMULATION_COLUMNS)).to_csv(options.out, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
