"""Which of the centre's words other places take up, and how many years later, where counts allow to say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import poisson

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts
from policybook.corpus.corpus import records

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
        mine = tables[centre].with_concept(n)
        first = _first(mine)
        if first is None or not _is_new(mine, first, serial):
            continue
        share = _share(mine, first)
        others = tuple(_in_place(place, tables[place].with_concept(n), first, share, serial) for place in places)
        found.append(Uptake(concept, first, int(mine["with"].loc[first]), others))
    order = {concept: n for n, concept in enumerate(counts.concepts)}
    return tuple(sorted(found, key=lambda one: (one.first, order[one.concept])))


@dataclass(frozen=True, eq=False)
class _Years:
    """Blocks of one place by year: all, and years × concepts those that carry each."""

    years: list[int]
    blocks: np.ndarray[tuple[int], np.dtype[np.int64]]
    carrying: np.ndarray[tuple[int, int], np.dtype[np.int64]]

    def with_concept(self, number: int) -> pd.DataFrame:
        return pd.DataFrame({"blocks": self.blocks, "with": self.carrying[:, number]}, index=self.years)


def _by_year(counts: BlockCounts, place: str) -> _Years:
    own = counts.select(place=place)
    year_of = {row.document: int(row.year) for row in records(own.documents)}
    years = sorted(set(year_of.values()))
    row = own.blocks["document"].map(year_of).map({year: n for n, year in enumerate(years)}).to_numpy(dtype=np.int64)
    carrying = np.zeros((len(years), len(own.concepts)), dtype=np.int64)
    np.add.at(carrying, row, (own.mentions > 0).astype(np.int64))
    return _Years(years, np.bincount(row, minlength=len(years)), carrying)


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
