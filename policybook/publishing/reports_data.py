"""The measured reports of a book, compared once: what every part of their page draws on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from policybook.analysis.block_counts import BlockCounts, Family
from policybook.analysis.by_place import Sides, compare_eras, compare_places
from policybook.analysis.measured_counts import measured_counts
from policybook.analysis.not_counted import not_counted_sentence
from policybook.analysis.presence import count_rows
from policybook.analysis.reports import Denominator, make_denominators
from policybook.analysis.uptake import Uptake, find_uptakes
from policybook.coding.measured import Measured, age_of, load_measured
from policybook.coding.rules import Age
from policybook.corpus.model import records
from policybook.errors import SelectionError, suggest
from policybook.publishing.book import Book
from policybook.publishing.reports_settings import ReportSettings


@dataclass(frozen=True)
class Reports:
    """The measured corpus that `settings` name, in a book.

    Raises SelectionError where the settings name a corpus, kind, place, era, theme or concept that there is not.
    """

    book: Book
    settings: ReportSettings

    @cached_property
    def measured(self) -> Measured:
        """The tables as measured."""
        return load_measured(self.book.project, self.settings.corpus)

    @cached_property
    def age(self) -> Age:
        """What of the tables does not hold with the rules as they are now."""
        return age_of(self.measured, self.book.project)

    @property
    def not_counted(self) -> str:
        """What is not counted, why, and how to count it; empty where everything is."""
        return not_counted_sentence(self.age, self.book.scheme, self.settings.corpus)

    @property
    def countable(self) -> bool:
        """Whether any concept that enters comparisons was counted with the rules as they are now."""
        return bool(self.counts.counted.any())

    def is_counted(self, family: str, identifier: str) -> bool:
        """Return whether a theme or concept was counted."""
        marks = zip(self.counts.rows, self.counts.counted_rows, strict=True)
        return all(counted for row, counted in marks if row == (family, identifier))

    @cached_property
    def denominators(self) -> tuple[Denominator, Denominator]:
        """All blocks of the documents compared, and those that speak of the field."""
        s = self.settings
        kinds = sorted(set(self.measured.documents["kind"]))
        if s.kind not in kinds:
            raise SelectionError(
                f"no document of the kind {s.kind!r} in data/measured/{s.corpus}. {suggest(s.kind, kinds)}"
            )
        return make_denominators(
            self.measured,
            self.age,
            self.book.scheme,
            self.book.vocabulary,
            kind=s.kind,
            themes=s.themes,
            concepts=s.concepts,
        )

    @property
    def counts(self) -> BlockCounts:
        """All blocks of the documents compared."""
        return self.denominators[0].counts

    @property
    def places(self) -> tuple[str, ...]:
        """The centre, then the other places."""
        return (self.settings.centre, *self.settings.places)

    @cached_property
    def compared(self) -> tuple[tuple[Sides, ...], tuple[Sides, ...]]:
        """Every two places over all years and by era: within all blocks, and within those that speak of the field."""
        names = [self.name(place) for place in self.places]
        one, other = (
            compare_places(each.counts, self.places, self.eras, serial=each.serial, labels=names)
            for each in self.denominators
        )
        return one, other

    @cached_property
    def changes(self) -> tuple[Sides, ...]:
        """The eras of each place compared, within all blocks."""
        labels = [self.era_name(era) for era in self.eras]
        return compare_eras(self.counts, self.places, self.eras, serial=self.denominators[0].serial, labels=labels)

    @cached_property
    def uptakes(self) -> tuple[Uptake, ...]:
        """The words that are new with the centre, and what became of them elsewhere."""
        serial = self.denominators[0].serial
        return find_uptakes(self.counts, self.settings.centre, self.settings.places, serial=serial)

    @cached_property
    def outlines(self) -> BlockCounts | None:
        """The outlines that stand side by side; None where there are none."""
        if self.settings.outlines not in set(self.measured.documents["kind"]):
            return None
        counts = measured_counts(
            self.measured, self.age, self.book.scheme, self.book.vocabulary, made_from="measured"
        )
        return counts.select(kind=self.settings.outlines)

    @property
    def eras(self) -> tuple[str, ...]:
        """The eras that are asked for and occur."""
        return tuple(era for era in self.settings.eras if era in self.counts.known["era"])

    @cached_property
    def years(self) -> dict[str, list[int]]:
        """The years of each place's documents."""
        documents = self.counts.documents
        return {p: sorted({int(y) for y in documents.loc[documents["place"] == p, "year"]}) for p in self.places}

    def missing_years(self, place: str) -> list[int]:
        """Return the years from the first to the last of any place's documents in which a place has none."""
        every = [year for years in self.years.values() for year in years]
        return [year for year in range(min(every), max(every) + 1) if year not in self.years[place]]

    def by_year(self, family: Family, place: str) -> pd.DataFrame:
        """Return rows of count_rows for every document of a place, with its document, year and all its blocks.

        What was not counted has no row.
        """
        parts = []
        for document in records(self.counts.select(place=place).documents.sort_values("year", kind="stable")):
            own = self.counts.select(document=document.document)
            rows = count_rows(own, family, self.denominators[0].serial).rename_axis("id").reset_index()
            parts.append(rows.assign(document=document.document, year=int(document.year), total=len(own.blocks)))
        return pd.concat(parts, ignore_index=True)

    def name(self, place: str) -> str:
        """Return what a sentence calls a place."""
        return "the centre" if place == self.settings.centre else self.book.vocabulary.label(place)

    def era_name(self, era: str) -> str:
        """Return what a sentence calls an era: its id, which is a span of years."""
        return self.era_years(era) if era.partition("-")[2] else f"the years from {era.strip('-')}"

    def era_years(self, era: str | None) -> str:
        """Return what a table calls an era, or all years for None."""
        return era.replace("-", "–") if era else "all years"

    def label(self, family: str, identifier: str) -> str:
        """Return what a theme or concept is called."""
        scheme = self.book.scheme
        return scheme.theme_label[identifier] if family == "theme" else scheme.by_id[identifier].term_en


def span(years: Sequence[int]) -> str:
    """Return the first and the last of some years."""
    return f"{min(years)}–{max(years)}" if min(years) != max(years) else str(min(years))


def evidence_anchor(family: str, identifier: str, place: str = "") -> str:
    """Return the anchor of the evidence of a theme or concept, in one place."""
    return "-".join(part for part in ("evidence", family, identifier, place) if part)
