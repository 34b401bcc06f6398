"""How often comparisons of measured places err, and what they find: labels of places shuffled within years.

    .venv/bin/python benchmarks/simulation_places.py CORPUS PLACE… [--kind KIND] [--draws N] [--seed N] [--out CSV]

Every two of the places, and each of them and its peers, are compared as `policybook compare` does, on the real counts
with the labels of places shuffled within every year. Then one theme or concept at a time is made 1.5 and 1.8 times as
frequent on the left. The same seed gives the same numbers. With --out data/measured/CORPUS-simulation.csv pages show
them. Takes some ten minutes with 31 places.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

import pandas as pd

from policybook.analysis.paired import make_panel, peers_of
from policybook.analysis.simulation import SIMULATION_COLUMNS, simulate_places
from policybook.coding.measured import age_of, load_measured
from policybook.coding.scheme import load_scheme
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project


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
