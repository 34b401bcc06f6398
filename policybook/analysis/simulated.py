"""The summary of a simulation on measured counts: made once by benchmarks/simulation_places.py, kept, and shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import pandas as pd

from policybook.analysis.by_place import Sides
from policybook.analysis.reports import Denominator
from policybook.analysis.simulation import ErrorRates, error_rates, sizes_of
from policybook.coding.measured import Measured
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import Column, CsvTable

_TEXTS = ("concepts_sha256", "within", "left", "right", "era")
_NUMBERS = ("left_blocks", "right_blocks", "draws", "seed", "false_themes", "false_concepts", "coverage", "judged")
COLUMNS = (*_TEXTS, *_NUMBERS)


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
        yield {"concepts_sha256": concepts_sha256, **where, **_numbers(rates), "seed": seed}


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


def _numbers(rates: ErrorRates) -> dict[str, object]:
    return {
        "left_blocks": sum(rates.sizes.left),
        "right_blocks": sum(rates.sizes.right),
        "draws": rates.draws,
        "false_themes": round(rates.themes, 4),
        "false_concepts": round(rates.concepts, 4),
        "coverage": round(rates.coverage, 4),
        "judged": round(rates.judged, 1),
    }
