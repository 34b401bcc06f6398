"""How often the comparisons of measured reports err: false verdicts and coverage on sides drawn from the same blocks.

    .venv/bin/python benchmarks/simulation_places.py [--draws N] [--seed N] [--out FILE.csv]

Every comparison of places that the page chapters/reports makes is imitated: both sides have its sizes, and every
document of a side is drawn, in runs of neighbours, from one document of all places and years. The same seed gives the
same numbers. With --out data/measured/NAME-simulation.csv the page shows them. Takes some twenty minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from urbanization.reports import find_settings

from policybook.analysis.compare import compare_places
from policybook.analysis.measured_counts import make_denominators
from policybook.analysis.simulation import SIMULATION_COLUMNS, hash_concepts, simulate
from policybook.coding.measured import age_of, load_measured
from policybook.coding.scheme import load_scheme
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project


def main() -> None:
    """Print a row a comparison, and keep all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = []
    for row in _rows(options.draws, options.seed):
        rows.append(row)
        print("  ".join(f"{row[name]}" for name in SIMULATION_COLUMNS[1:]), flush=True)
    if options.out:
        pd.DataFrame(rows, columns=list(SIMULATION_COLUMNS)).to_csv(options.out, index=False, lineterminator="\n")


def _rows(draws: int, seed: int) -> Iterator[dict[str, object]]:
    project = Project.find(Path(__file__).parent)
    settings = find_settings(project)
    if settings is None:
        sys.exit("notebooks/runs.yml makes no page chapters/reports, whose comparisons could be imitated.")
    measured = load_measured(project, settings.corpus)
    scheme, vocabulary = load_scheme(project), load_vocabulary(project)
    places = [settings.centre, *settings.places]
    for one in make_denominators(
        measured, age_of(measured, project), scheme, vocabulary,
        kind=settings.kind, themes=settings.themes, concepts=settings.concepts,
    ):  # fmt: skip
        compared = compare_places(one.counts, places, settings.eras, serial=one.serial, labels=places)
        yield from simulate(one, compared, concepts_sha256=hash_concepts(measured), draws=draws, seed=seed)


if __name__ == "__main__":
    main()
