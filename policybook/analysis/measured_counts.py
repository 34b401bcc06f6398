"""Measured counts as blocks and as documents that can be compared, and how long words take from place to place."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.counts import FAMILIES, BlockCounts
from policybook.analysis.intervals import FloatArray
from policybook.analysis.paired import Panel
from policybook.coding.measured import Measured, age_of, load_measured, parse_concepts
from policybook.coding.rules import Age
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import KnownValues
from policybook.corpus.scope import Vocabulary, load_vocabulary
from policybook.errors import Problem, SelectionError, raise_problems
from policybook.project import Project
from policybook.tables import Column, CsvTable

# Measured tables as counts to compare: their evidence is documents, not sentences ------------------

def open_counts(project: Project, name: str, scheme: Scheme) -> tuple[BlockCounts, Age]:
    """Return the counts of the measured corpus NAME, which stand in data/measured/NAME, and what of them is too old.

    Raises SelectionError when there is no such folder, InvalidDataError when its files have mistakes.
    """
    measured = load_measured(project, name)
    age = age_of(measured, project)
    return measured_counts(measured, age, scheme, load_vocabulary(project), made_from=f"data/measured/{name}"), age


def measured_counts(measured: Measured, age: Age, scheme: Scheme, vocabulary: Vocabulary, *,
                    made_from: str) -> BlockCounts:  # fmt: skip
    """Return measured tables as BlockCounts: concepts that enter comparisons, without passages and sentences.

    Every block speaks for its document's place, so `places`, `place` and `speaker` select the same. A concept that
    the scheme no longer has is left out; those that `age` says were not counted have no mentions and are marked.
    Raises SelectionError where no blocks were kept.
    """
    if measured.record.blocks_sha256 is None:
        raise SelectionError(f"{made_from} holds no blocks.csv. Measure again without --no-blocks.")
    concepts = [concept for concept in scheme.concepts if scheme.counted(concept.id)]
    column = {concept.id: n for n, concept in enumerate(concepts)}
    mentions = np.zeros((len(measured.blocks), len(concepts)), dtype=np.int64)
    for row, cell in enumerate(measured.blocks["concepts"]):
        for concept, number in parse_concepts(cell).items():
            if concept in column and concept not in age.not_counted:
                mentions[row, column[concept]] = number
    documents = measured.documents.assign(speaker=measured.documents["place"], places=measured.documents["place"],
                                          machine_translated=False)  # fmt: skip
    return BlockCounts(
        concepts=tuple(column), theme_of=tuple(concept.theme for concept in concepts),
        themes=tuple(theme.id for theme in scheme.themes), documents=documents, blocks=_blocks(measured.blocks),
        mentions=mentions, pieces=None, passages=None, found=None, known=_known(documents, vocabulary),
        made_from=(f"{made_from} sha256:{measured.record.blocks_sha256}",),
        not_counted={concept: why for concept, why in age.not_counted.items() if concept in column},
    )  # fmt: skip


def _blocks(blocks: pd.DataFrame) -> pd.DataFrame:
    identifiers = blocks["document"] + ":b" + blocks["number"].astype(str).str.zfill(2)
    return blocks[["document", "number", "length"]].assign(block=identifiers).reset_index(drop=True)


# Measured tables as documents to compare (see paired) ---

def open_panel(project: Project, name: str, scheme: Scheme, *, length: int = 100) -> tuple[Panel, Age]:
    """Return the measured corpus NAME, which stands in data/measured/NAME, and what of its counts is too old.

    Raises SelectionError when there is no such folder, InvalidDataError when its files have mistakes.
    """
    measured = load_measured(project, name)
    age = age_of(measured, project)
    return make_panel(measured, age, scheme, load_vocabulary(project), length=length), age


def make_panel(measured: Measured, age: Age, scheme: Scheme, vocabulary: Vocabulary, *, length: int = 100) -> Panel:
    """Return the documents of measured tables, counted by blocks of `length` characters (one of those measured).

    Rows are the scheme's themes, and its concepts that enter comparisons. What `age` says was not counted is NaN, and
    so is a theme of which a concept was not counted: how many blocks the others carry alone, nobody knows.
    Raises SelectionError for a length that was not measured.
    """
    name = f"blocks_{length}"
    if name not in measured.documents:
        lengths = [str(column)[7:] for column in measured.documents if str(column).startswith("blocks_")]
        raise SelectionError(f"blocks of {length} characters were not measured. Known are {', '.join(lengths)}.")
    rows = _panel_rows(age, scheme)
    tables = [_pivot(measured, rows, value, {}) for value in (name, "mentions")]
    before = _pivot(measured, rows, name, {"theme": "theme-before"})
    unknown = (rows["why"] != "").to_numpy()
    for table in (*tables, before):
        table[:, unknown] = np.nan
    documents = _panel_documents(measured.documents, vocabulary).assign(blocks=measured.documents[name].astype(int))
    known, kept = _known(documents, vocabulary), measured.record.blocks_sha256 is not None
    return Panel(documents, rows, tables[0], tables[1], before, known, kept)


def _panel_rows(age: Age, scheme: Scheme) -> pd.DataFrame:
    themes = [("theme", one.id, "concepts" if one.id in age.themes else "", False) for one in scheme.themes]
    concepts = [("concept", one.id, age.not_counted.get(one.id, ""), one.chosen_by_outcome)
                for one in scheme.concepts if scheme.counted(one.id)]  # fmt: skip
    return pd.DataFrame([*themes, *concepts], columns=["family", "id", "why", "chosen"])


def _pivot(measured: Measured, rows: pd.DataFrame, value: str, kinds: Mapping[str, str]) -> FloatArray:
    """Return documents × rows of one column of the counts; `kinds` names another kind to read for a family."""
    table = measured.counts.pivot_table(index="document", columns=["kind", "id"], values=value, aggfunc="sum")
    wanted = pd.MultiIndex.from_arrays([rows["family"].replace(dict(kinds)), rows["id"]])
    filled = table.reindex(index=measured.documents["document"], columns=wanted).fillna(0)
    return filled.to_numpy(dtype=np.float64, copy=True)


def _panel_documents(documents: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    within = {place.id: place.within for place in vocabulary.places}
    city = documents["city"].fillna("") if "city" in documents else pd.Series("", index=documents.index)
    depth = documents["place"].map(lambda place: _depth(place, within))
    made = documents.assign(city=city, unit=city.where(city != "", documents["place"]), level=depth + (city != ""))
    return made.assign(year=pd.to_numeric(documents["year"])).reset_index(drop=True)


def _depth(place: str | None, within: Mapping[str, str | None]) -> int:
    depth = -1
    while place is not None:
        place, depth = within.get(place), depth + 1
    return depth


def _known(documents: pd.DataFrame, vocabulary: Vocabulary) -> KnownValues:
    """Return the values that each field of a selection may have: those that occur, in the vocabulary's order."""
    places, eras = set(documents["place"]), set(documents["era"])
    there = tuple(place for place in vocabulary.place_ids if place in places)
    others = ("document", "kind", "year", "language", "city")
    return {**dict.fromkeys(("places", "place", "speaker"), there),
            "era": tuple(era for era in (*vocabulary.era_ids, "unknown") if era in eras),
            **{field: tuple(sorted(set(documents[field].astype(str)) - {""})) for field in others}}  # fmt: skip


# Which words come to one place after they have come to another, and how many years later ---

def find_lags(panel: Panel, origin: str) -> pd.DataFrame:
    """Return how long after `origin` every other unit took up each concept: a row a unit and concept.

    Columns: unit, id, began (the first year in which UPTAKE_BLOCKS blocks of the origin carry it), first (that of
    the unit, NaN without one), before (the unit began earlier), lag (years from `began` to `first`, or to the unit's
    last document where there is none) and happened. Concepts that origin carried in its first year, or never, are left
    out, as are units whose documents begin after `began`. For the other direction `origin` is each unit in turn.
    """
    years, units = panel.documents["year"].to_numpy(), panel.documents["unit"].to_numpy()
    carries = panel.carrying >= thresholds.UPTAKE_BLOCKS
    dated = np.where(carries, years[:, None], np.inf)
    firsts = {unit: dated[units == unit].min(axis=0) for unit in np.unique(units)}
    spans = {unit: (years[units == unit].min(), years[units == unit].max()) for unit in firsts}
    rows = []
    for row in np.flatnonzero(panel.families == 1):
        began = firsts[origin][row]
        for unit in firsts if spans[origin][0] < began < np.inf else ():
            if unit != origin and spans[unit][0] <= began <= spans[unit][1]:
                first, happened = firsts[unit][row], firsts[unit][row] < np.inf
                lag = (first if happened else spans[unit][1]) - began
                rows.append((unit, panel.rows["id"].iloc[row], began, first, first < began, lag, happened))
    table = pd.DataFrame(rows, columns=["unit", "id", "began", "first", "before", "lag", "happened"])
    return table.replace({"first": {np.inf: np.nan}})


# What simulations of comparisons of measured places found, kept beside the tables ---

_TEXTS = ("counts_sha256", "left", "right")
_NUMBERS = ("draws", "seed", "judged_themes", "judged_concepts", "false_themes", "false_concepts",
            *(f"power_{family}s_{how}" for how in ("1.5", "1.8", "1.8_unpaired") for family in FAMILIES))  # fmt: skip
SIMULATION_COLUMNS = (*_TEXTS, *_NUMBERS)


def read_simulation(project: Project, corpus: str) -> pd.DataFrame | None:
    """Return data/measured/CORPUS-simulation.csv, None where there is none; `right` is empty of a place's peers.

    It is of the counts whose hash (counts_sha256 of measured.yml) it names. Raises InvalidDataError when it is not such
    a table.
    """
    path = project.measured / f"{corpus}-simulation.csv"
    if not path.exists():
        return None
    fix = f"Make it again: .venv/bin/python benchmarks/simulation_places.py --out {project.name(path)}"
    filled = ("draws", "seed", "false_themes", "false_concepts")
    numbers = [Column(name, "whole" if name in ("draws", "seed") else "number", filled=name in filled)
               for name in _NUMBERS]  # fmt: skip
    problems: list[Problem] = []
    table = CsvTable(path, project.name(path), [*_TEXTS, *numbers], problems, remedy=fix)
    raise_problems(problems)
    return table.frame()
