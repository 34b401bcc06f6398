"""Measured counts as blocks that can be compared, and when places took words up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import poisson

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts, BoolArray, design_effect
from policybook.analysis.intervals import FloatArray
from policybook.analysis.paired import Panel
from policybook.coding.measured import Measured, age_of, load_measured, parse_concepts
from policybook.coding.rules import Age, Why
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import KnownValues, records
from policybook.corpus.scope import Vocabulary, load_vocabulary
from policybook.errors import SelectionError, suggest
from policybook.project import Project

# Measured tables as counts to compare: their evidence is documents, not sentences ------------------

def open_counts(project: Project, name: str, scheme: Scheme) -> tuple[BlockCounts, Age]:
    """Return the counts of the measured corpus NAME, which stand in data/measured/NAME, and what of them is too old.

    Raises SelectionError when there is no such folder, InvalidDataError when its files have mistakes.
    """
    measured = load_measured(project, name)
    age = age_of(measured, project)
    return measured_counts(measured, age, scheme, load_vocabulary(project), made_from=f"data/measured/{name}"), age


def measured_counts(
    measured: Measured, age: Age, scheme: Scheme, vocabulary: Vocabulary, *, made_from: str
) -> BlockCounts:
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
    documents = measured.documents.assign(
        speaker=measured.documents["place"], places=measured.documents["place"], machine_translated=False
    )
    return BlockCounts(
        concepts=tuple(column),
        theme_of=tuple(concept.theme for concept in concepts),
        themes=tuple(theme.id for theme in scheme.themes),
        documents=documents,
        blocks=_blocks(measured.blocks),
        mentions=mentions,
        pieces=None,
        passages=None,
        found=None,
        known=_known(documents, vocabulary),
        made_from=(f"{made_from} sha256:{measured.record.blocks_sha256}",),
        not_counted={concept: why for concept, why in age.not_counted.items() if concept in column},
    )


def _blocks(blocks: pd.DataFrame) -> pd.DataFrame:
    identifiers = blocks["document"] + ":b" + blocks["number"].astype(str).str.zfill(2)
    return blocks[["document", "number", "length"]].assign(block=identifiers).reset_index(drop=True)


def _known(documents: pd.DataFrame, vocabulary: Vocabulary) -> KnownValues:
    """Return the values that each field of a selection may have: those that occur, in the vocabulary's order."""
    there = set(documents["place"])
    places = tuple(place for place in vocabulary.place_ids if place in there)
    eras = set(documents["era"])
    return {
        **dict.fromkeys(("places", "place", "speaker"), places),
        "era": tuple(era for era in (*vocabulary.era_ids, "unknown") if era in eras),
        **{field: tuple(sorted(set(documents[field]) - {""})) for field in ("document", "kind", "year", "language")},
    }


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
    known, kept = _panel_known(documents, vocabulary), measured.record.blocks_sha256 is not None
    return Panel(documents, rows, tables[0], tables[1], before, known, kept)


def _panel_rows(age: Age, scheme: Scheme) -> pd.DataFrame:
    concepts = [concept for concept in scheme.concepts if scheme.counted(concept.id)]
    themes = [("theme", one.id, "concepts" if one.id in age.themes else "", False) for one in scheme.themes]
    found: list[tuple[str, str, Why | str, bool]] = [*themes]
    for one in concepts:
        found.append(("concept", one.id, age.not_counted.get(one.id, ""), one.chosen_by_outcome))
    return pd.DataFrame(found, columns=["family", "id", "why", "chosen"])


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


def _panel_known(documents: pd.DataFrame, vocabulary: Vocabulary) -> KnownValues:
    """Return the values that each field of a selection may have: those that occur, in the vocabulary's order."""
    places, eras = set(documents["place"]), set(documents["era"])
    there = tuple(place for place in vocabulary.place_ids if place in places)
    others = ("document", "kind", "year", "language", "city")
    return {
        **dict.fromkeys(("places", "place", "speaker"), there),
        "era": tuple(era for era in (*vocabulary.era_ids, "unknown") if era in eras),
        **{field: tuple(sorted(set(documents[field].astype(str)) - {""})) for field in others},
    }


# Which blocks speak of a field of policy, so that shares can be taken within it as well as within all blocks ---

def speaking_concepts(scheme: Scheme, themes: Iterable[str], concepts: Iterable[str]) -> frozenset[str]:
    """Return the concepts that mark a field: those of `themes`, `concepts`, and what these contain.

    Words that define a corpus count here, which they do not in comparisons: they say what a block speaks of. Names of
    institutions do not, unless they are named in `concepts`.
    Raises SelectionError for an unknown theme or concept, with the nearest spelling.
    """
    wanted_themes, wanted = frozenset(themes), frozenset(concepts)
    for what, asked, known in (
        ("theme", wanted_themes, list(scheme.theme_label)),
        ("concept", wanted, list(scheme.by_id)),
    ):
        for unknown in sorted(asked - set(known)):
            raise SelectionError(f"unknown {what} {unknown!r}. {suggest(unknown, known)}")
    return frozenset(
        concept.id
        for concept in scheme.concepts
        if wanted & {concept.id, *scheme.broader(concept.id)}
        or (concept.theme in wanted_themes and concept.exclude_from_comparison != "institution")
    )


def blocks_speaking(measured: Measured, concepts: frozenset[str]) -> BoolArray:
    """Return, for every block of measured tables in their order, whether it mentions one of `concepts`."""
    return np.array([bool(concepts & parse_concepts(cell).keys()) for cell in measured.blocks["concepts"]], dtype=bool)


# A measured corpus as comparisons want it: its counts within all blocks, and within those that speak of a field ---

@dataclass(frozen=True, eq=False)
class Denominator:
    """The blocks that shares are of, and the design effect of neighbours among them."""

    name: str
    counts: BlockCounts
    serial: float


def make_denominators(
    measured: Measured, age: Age, scheme: Scheme, vocabulary: Vocabulary, *,
    kind: str, themes: Iterable[str], concepts: Iterable[str],
) -> tuple[Denominator, Denominator]:
    """Return "all" blocks of the documents of one kind, and "within": those that speak of `themes` or `concepts`.

    In the second, blocks stand beside each other that did not in the document; a document none of whose blocks speak
    of the field is not in it. A concept that `age` says was not counted marks no block.
    Raises SelectionError for an unknown kind, theme or concept.
    """
    counts = measured_counts(measured, age, scheme, vocabulary, made_from="measured")
    speaking = speaking_concepts(scheme, themes, concepts) - set(age.not_counted)
    field = counts.keep(blocks_speaking(measured, speaking), "within the field")
    whole, within = counts.select(kind=kind), field.select(kind=kind)
    return Denominator("all", whole, design_effect(whole)), Denominator("within", within, design_effect(within))


# Which of the centre's words other places take up, and how many years later, where counts allow to say so ---

UptakeOutcome = Literal["later", "same year", "before", "not yet", "too little"]


@dataclass(frozen=True)
class PlaceUptake:
    """What became of a word in one place. `first`: the first year with UPTAKE_BLOCKS blocks, None without one.

    `years` is `first` less the centre's first year, None where nothing can be said; `why` is then `too_rare`,
    `no_document_before` or `may_be_chance`.
    """

    place: str
    first: int | None
    blocks: int
    outcome: UptakeOutcome
    years: int | None
    why: str = ""


@dataclass(frozen=True)
class Uptake:
    """A word that is new with the centre: the first year, the blocks of that year, and what became of it elsewhere."""

    concept: str
    first: int
    blocks: int
    places: tuple[PlaceUptake, ...]


def find_uptakes(counts: BlockCounts, centre: str, places: Sequence[str], *, serial: float) -> tuple[Uptake, ...]:
    """Return every concept that is new with the centre, by first year, and whether and when each place took it up.

    A place uses a word from the first year in which UPTAKE_BLOCKS blocks of its documents carry it. To be new with the
    centre, it must have been missing there before, and missing must mean something: used at the rate of the years
    since, as few blocks as these would have come by chance in at most UPTAKE_CHANCE of cases (Poisson; blocks are
    divided by `serial`, their design effect). A place that begins later took it up later only if its own blocks of
    the years between pass the same test at the centre's rate; a place that began before the centre, or is first
    measured after it, did not take it up from there. Years are those of `counts.documents`.
    Raises SelectionError for an unknown place.
    """
    tables = {place: _by_year(counts, place) for place in (centre, *places)}
    found = []
    for n, concept in enumerate(counts.concepts):
        mine = _with_concept(tables[centre], n)
        first = _first(mine)
        if first is None or not _is_new(mine, first, serial):
            continue
        share = _share(mine, first)
        others = tuple(_in_place(place, _with_concept(tables[place], n), first, share, serial) for place in places)
        found.append(Uptake(concept, first, int(mine["with"].loc[first]), others))
    return tuple(sorted(found, key=lambda one: one.first))  # stable: the scheme's order stays


def _by_year(counts: BlockCounts, place: str) -> tuple[pd.Series, pd.DataFrame]:
    """Return blocks of one place by year: all, and years × concepts (numbers) those that carry each."""
    own = counts.select(place=place)
    year_of = {row.document: int(row.year) for row in records(own.documents)}
    years = own.blocks["document"].map(year_of).to_numpy(dtype=np.int64)
    carrying = pd.DataFrame(own.mentions > 0).groupby(years).sum()
    return pd.Series(np.ones(len(years), dtype=np.int64)).groupby(years).sum(), carrying


def _with_concept(table: tuple[pd.Series, pd.DataFrame], number: int) -> pd.DataFrame:
    return pd.DataFrame({"blocks": table[0], "with": table[1][number]})


def _first(table: pd.DataFrame) -> int | None:
    years = table.index[table["with"] >= thresholds.UPTAKE_BLOCKS]
    return int(years[0]) if len(years) else None


def _share(table: pd.DataFrame, first: int) -> float:
    since = table.loc[first:]
    return float(since["with"].sum() / since["blocks"].sum())


def _is_new(table: pd.DataFrame, first: int, serial: float) -> bool:
    return _missing(table.loc[: first - 1], _share(table, first), serial)


def _missing(table: pd.DataFrame, share: float, serial: float) -> bool:
    """Return whether the word's rarity in these years means something."""
    expected = share * table["blocks"].sum() / serial
    chance = poisson.cdf(max(thresholds.UPTAKE_BLOCKS - 1, int(table["with"].sum())), expected)
    return bool(len(table) and chance <= thresholds.UPTAKE_CHANCE)


def _in_place(place: str, table: pd.DataFrame, centre: int, share: float, serial: float) -> PlaceUptake:
    first = _first(table)
    blocks = int(table.loc[centre:, "with"].sum())
    if first is None:
        if _missing(table.loc[centre:], share, serial):
            return PlaceUptake(place, None, blocks, "not yet", None)
        return PlaceUptake(place, None, blocks, "too little", None, "too_rare")
    if first < centre:
        return PlaceUptake(place, first, blocks, "before", first - centre)
    if not len(table.loc[: centre - 1]):
        return PlaceUptake(place, first, blocks, "too little", None, "no_document_before")
    if first == centre:
        return PlaceUptake(place, first, blocks, "same year", 0)
    if _missing(table.loc[centre : first - 1], share, serial):
        return PlaceUptake(place, first, blocks, "later", first - centre)
    return PlaceUptake(place, first, blocks, "too little", None, "may_be_chance")
