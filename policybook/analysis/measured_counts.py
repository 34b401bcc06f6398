"""Measured counts as blocks and as documents that can be compared, and how long words take from place to place."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.counts import FAMILIES, BlockCounts
from policybook.analysis.intervals import IntArray
from policybook.analysis.paired import Panel
from policybook.coding.measured import LENGTHS, Measured, age_of, load_measured, parse_concepts
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
        raise no_blocks(made_from)
    known = known_of(_values(measured.documents), vocabulary)
    return block_counts_of(measured.documents, measured.blocks, age, scheme, known,
                         f"{made_from} sha256:{measured.record.blocks_sha256}")  # fmt: skip


def no_blocks(made_from: str) -> SelectionError:
    """Return the mistake of whoever asks for blocks that were not kept."""
    return SelectionError(f"{made_from} holds no blocks.csv. Measure again without --no-blocks.")


def block_counts_of(documents: pd.DataFrame, blocks: pd.DataFrame, age: Age, scheme: Scheme, known: KnownValues,
                  made_from: str) -> BlockCounts:  # fmt: skip
    """Return rows of documents and of blocks as BlockCounts."""
    concepts = [concept for concept in scheme.concepts if scheme.counted(concept.id)]
    column = {concept.id: n for n, concept in enumerate(concepts)}
    mentions = np.zeros((len(blocks), len(concepts)), dtype=np.int64)
    for row, cell in enumerate(blocks["concepts"]):
        for concept, number in parse_concepts(cell).items():
            if concept in column and concept not in age.not_counted:
                mentions[row, column[concept]] = number
    documents = documents.assign(speaker=documents["place"], places=documents["place"], machine_translated=False)
    return BlockCounts(
        concepts=tuple(column), theme_of=tuple(concept.theme for concept in concepts),
        themes=tuple(theme.id for theme in scheme.themes), documents=documents, blocks=_blocks(blocks),
        mentions=mentions, pieces=None, passages=None, found=None, known=known, made_from=(made_from,),
        not_counted={concept: why for concept, why in age.not_counted.items() if concept in column},
    )  # fmt: skip


def _blocks(blocks: pd.DataFrame) -> pd.DataFrame:
    identifiers = blocks["document"] + ":b" + blocks["number"].astype(str).str.zfill(2)
    return blocks[["document", "number", "length"]].assign(block=identifiers).reset_index(drop=True)


# Measured tables as documents to compare (see paired) ---

def make_panel(measured: Measured, age: Age, scheme: Scheme, vocabulary: Vocabulary, *, length: int = 100) -> Panel:
    """Return the documents of measured tables, counted by blocks of `length` characters (one of those measured).

    Rows are the scheme's themes, and its concepts that enter comparisons. What `age` says was not counted is NaN, and
    so is a theme of which a concept was not counted: how many blocks the others carry alone, nobody knows.
    Raises SelectionError for a length that was not measured.
    """
    name, counts = length_column(length), measured.counts
    rows = rows_of_panel(age, scheme)
    keys = pd.MultiIndex.from_frame(cells_of(rows))
    at = pd.Index(measured.documents["document"]).get_indexer(pd.Index(counts["document"]))
    cell = keys.get_indexer(pd.MultiIndex.from_frame(counts[["kind", "id"]]))
    there = (at >= 0) & (cell >= 0)
    part = at[there], cell[there], counts[name].to_numpy()[there], counts["mentions"].to_numpy()[there]
    known, kept = known_of(_values(measured.documents), vocabulary), measured.record.blocks_sha256 is not None
    return fill_panel(measured.documents, rows, [part], name, vocabulary, known, kept)


def length_column(length: int) -> str:
    """Return the column of blocks of a length."""
    if length not in LENGTHS:
        lengths = ", ".join(map(str, LENGTHS))
        raise SelectionError(f"blocks of {length} characters were not measured. Known are {lengths}.")
    return f"blocks_{length}"


def cells_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what is counted of a document, kind and id: the rows, then the themes as eras are compared by."""
    themes = rows[rows["family"] == "theme"].assign(family="theme-before")
    return pd.concat([rows, themes], ignore_index=True)[["family", "id"]].set_axis(["kind", "id"], axis=1)


#: Some counts: the number of the document, that of what is counted (see cells_of), blocks that carry it, its mentions.
Counted = tuple[IntArray, IntArray, IntArray, IntArray]


def fill_panel(documents: pd.DataFrame, rows: pd.DataFrame, parts: Iterable[Counted], name: str, vocabulary: Vocabulary,
                known: KnownValues, kept: bool) -> Panel:  # fmt: skip
    """Return counts that come in parts as a Panel, from whatever tables they come."""
    families = (rows["family"] == "theme").to_numpy()
    carrying = np.zeros((len(documents), len(rows) + int(families.sum())))
    mentions = np.zeros_like(carrying)
    for at, cell, blocks, said in parts:
        np.add.at(carrying, (at, cell), blocks)
        np.add.at(mentions, (at, cell), said)
    carrying[:, : len(rows)][:, unknown := (rows["why"] != "").to_numpy()] = np.nan
    mentions = mentions[:, : len(rows)]
    mentions[:, unknown] = np.nan
    before = carrying[:, : len(rows)].copy()
    before[:, families & ~unknown] = carrying[:, len(rows) :][:, ~unknown[families]]
    made = _panel_documents(documents, vocabulary).assign(blocks=documents[name].astype(int))
    return Panel(made, rows, carrying[:, : len(rows)], mentions, before, known, kept)


def rows_of_panel(age: Age, scheme: Scheme) -> pd.DataFrame:
    """Return the rows of a Panel: the themes, and the concepts that enter comparisons."""
    themes = [("theme", one.id, "concepts" if one.id in age.themes else "", False) for one in scheme.themes]
    concepts = [("concept", one.id, age.not_counted.get(one.id, ""), one.chosen_by_outcome)
                for one in scheme.concepts if scheme.counted(one.id)]  # fmt: skip
    return pd.DataFrame([*themes, *concepts], columns=["family", "id", "why", "chosen"])


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


#: The fields of a selection that documents have themselves; `places` and `speaker` select their place too.
OF_DOCUMENTS = ("document", "kind", "year", "language", "city", "place", "era")


def _values(documents: pd.DataFrame) -> Mapping[str, set[str]]:
    return {field: set(documents[field].astype(str)) for field in OF_DOCUMENTS}


def known_of(values: Mapping[str, set[str]], vocabulary: Vocabulary) -> KnownValues:
    """Return the values that each field of a selection may have: those that occur, in the vocabulary's order."""
    there = tuple(place for place in vocabulary.place_ids if place in values["place"])
    return {**dict.fromkeys(("places", "place", "speaker"), there),
            "era": tuple(era for era in (*vocabulary.era_ids, "unknown") if era in values["era"]),
            **{field: tuple(sorted(values[field] - {""})) for field in OF_DOCUMENTS[:5]}}  # fmt: skip


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
