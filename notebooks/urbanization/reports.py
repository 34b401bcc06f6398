"""The official reports, measured: what is counted, from what, and its evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from policybook.analysis.compare import Sides, compare_eras, compare_places
from policybook.analysis.counts import FAMILIES, BlockCounts, Family, count_rows
from policybook.analysis.measured_counts import Denominator, Uptake, find_uptakes, make_denominators, measured_counts
from policybook.build.runs import load_runs, template_parameters
from policybook.charts.differences import share_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.measured import Measured, age_of, load_measured
from policybook.coding.rules import Age
from policybook.coding.scheme import Theme
from policybook.corpus.corpus import records
from policybook.errors import PolicybookError, SelectionError, suggest
from policybook.pages.book import Book
from policybook.pages.document import HTML_LANGUAGE
from policybook.pages.html import Html, render, show_table
from policybook.project import Project
from policybook.words.comparisons import not_counted_sentence
from policybook.words.say import listed

# What the page of measured reports is about: the parameters of its run, read by every page that quotes it ---


TEMPLATE, REPORTS_PAGE = "reports", "chapters/reports"


@dataclass(frozen=True)
class ReportSettings:
    """A measured corpus and what of it is compared.

    `corpus` names a folder of data/measured; documents of `kind` are compared, those of `outlines` set side by side;
    `centre` and `places` are ids of places, `eras` of eras. `themes` and `concepts` mark the blocks of the field within
    which shares are taken besides.
    """

    corpus: str
    kind: str
    outlines: str
    centre: str
    places: Sequence[str]
    eras: Sequence[str]
    themes: Sequence[str]
    concepts: Sequence[str]


def find_settings(project: Project) -> ReportSettings | None:
    """Return the settings of the run that makes chapters/reports; None in a project without it.

    Mistakes in notebooks/runs.yml are not for this to name: `policybook check` does.
    """
    try:
        runs = load_runs(project, {"document": (), "comparison": ()})
        run = next((run for run in runs if run.page == REPORTS_PAGE and run.template == TEMPLATE), None)
        declared = template_parameters(project.notebooks / f"{TEMPLATE}.ipynb") if run else {}
    except (PolicybookError, OSError):
        return None
    return make_settings({**declared, **run.parameters}) if run else None


def make_settings(parameters: Mapping[str, Any]) -> ReportSettings:
    """Return the parameters of a run as settings; those that are no settings are left out."""
    return ReportSettings(**{name: parameters[name] for name in ReportSettings.__dataclass_fields__})


# The measured reports of a book, compared once: what every part of their page draws on -------------


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


def year_span(years: Sequence[int]) -> str:
    """Return the first and the last of some years."""
    return f"{min(years)}–{max(years)}" if min(years) != max(years) else str(min(years))


def evidence_anchor(family: str, identifier: str, place: str = "") -> str:
    """Return the anchor of the evidence of a theme or concept, in one place."""
    return "-".join(part for part in ("evidence", family, identifier, place) if part)


# The documents and what was counted in each, for the page of measured reports ----------------------


def documents_table(reports: Reports) -> Html:
    """Return a row a document with its size, its official address where it is an http address, and its hash."""
    within = reports.denominators[1].counts.blocks.groupby("document").size()
    directives = reports.measured.blocks.groupby("document")["directives"].sum()
    hold = reports.age.holds("directives")
    rows = [
        {
            "document": d.document, "title": d.title, "place": capitalise(reports.name(d.place)), "year": d.year,
            "kind": d.kind, "era": d.era, "language": HTML_LANGUAGE.get(d.language, d.language),
            "address": web_address(d.address), "site": urlsplit(web_address(d.address)).netloc, "sha256": d.sha256,
            "characters": d.characters, "blocks": d.blocks, "within": int(within.get(d.document, 0)),
            "directives": int(directives.get(d.document, 0)) if hold else None,
        }
        for d in records(reports.measured.documents)
        if d.kind in (reports.settings.kind, reports.settings.outlines)
    ]  # fmt: skip
    data = pd.DataFrame(rows).drop(columns="site")
    return render("report_documents", rows=rows, download=download_link(data, "report-documents"))


def web_address(address: str) -> str:
    """Return an address that a page may link to; empty for one that is not http or https, or none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def evidence(reports: Reports) -> Html:
    """Return, for every theme, and every concept that stands somewhere, the blocks of each document that carry it.

    A theme or concept that was not counted has its place too, and says so.
    """
    tables = {family: _tables(reports, family) for family in FAMILIES}
    rows = [
        row for family in FAMILIES for row in (*_rows(reports, family, tables[family]), *_uncounted(reports, family))
    ]
    parts = [
        table.assign(place=place, family=family, within=table["within"].astype(int))
        for family, places in tables.items()
        for place, table in places.items()
    ]
    data = pd.concat(parts)[["family", "id", "place", "document", "year", "blocks", "total", "mentions", "within"]]
    return render("report_evidence", rows=rows, download=download_link(data, "report-evidence"))


def _uncounted(reports: Reports, family: Family) -> Iterator[dict[str, Any]]:
    """Yield a row without counts for what was not counted."""
    for row, counted in zip(reports.counts.rows, reports.counts.counted_rows, strict=True):
        if row[0] == family and not counted:
            yield _head(reports, *row) | {
                "cells": [],
                "anchors": [evidence_anchor(*row, place) for place in reports.places],
            }


def _head(reports: Reports, family: Family, identifier: str) -> dict[str, Any]:
    return {
        "family": family,
        "anchor": evidence_anchor(family, identifier),
        "label": reports.label(family, identifier),
        "term_zh": reports.book.scheme.by_id[identifier].term_zh if family == "concept" else "",
    }


def _tables(reports: Reports, family: Family) -> dict[str, pd.DataFrame]:
    """Return, place by place, a row for each document and theme or concept, and its blocks within the field."""
    within = reports.denominators[1].counts
    tables = {}
    for place in reports.places:
        rows = reports.by_year(family, place)
        inside = {document: _blocks(within, family, document) for document in rows["document"].unique()}
        tables[place] = rows.assign(within=[inside[str(row.document)].get(str(row.id), 0) for row in records(rows)])
    return tables


def _blocks(counts: BlockCounts, family: Family, document: str) -> dict[str, int]:
    mine = counts.blocks["document"].to_numpy(dtype=str) == document
    if not mine.any():
        return {}
    blocks = count_rows(counts.keep(mine, "one document"), family, 1.0)["blocks"]
    return {str(identifier): int(number) for identifier, number in blocks.items()}


def _rows(reports: Reports, family: Family, tables: dict[str, pd.DataFrame]) -> Iterator[dict[str, Any]]:
    of_field = reports.denominators[1].counts
    places = [_Place.of(reports, of_field, place, table) for place, table in tables.items()]
    for identifier in next(iter(tables.values()))["id"].unique():
        cells = [place.cell(reports, family, str(identifier)) for place in places]
        if family == "concept" and not any(cell["blocks"] for cell in cells):
            continue  # a theme is a row of every chart and table
        yield _head(reports, family, str(identifier)) | {"cells": cells}


@dataclass(frozen=True, eq=False)
class _Place:
    """The counts of one place, by theme or concept."""

    place: str
    rows: dict[str, pd.DataFrame]
    total: int
    within_total: int

    @classmethod
    def of(cls, reports: Reports, of_field: BlockCounts, place: str, table: pd.DataFrame) -> _Place:
        total = len(reports.counts.select(place=place).blocks)
        return cls(
            place,
            {str(identifier): rows for identifier, rows in table.groupby("id")},
            total,
            len(of_field.select(place=place).blocks),
        )

    def cell(self, reports: Reports, family: Family, identifier: str) -> dict[str, Any]:
        rows = self.rows[identifier]
        return {
            "name": capitalise(reports.name(self.place)),
            "anchor": evidence_anchor(family, identifier, self.place),
            "blocks": int(rows["blocks"].sum()),
            "total": self.total,
            "mentions": int(rows["mentions"].sum()),
            "within": int(rows["within"].sum()),
            "within_total": self.within_total,
            "documents": [
                {"document": row.document, "year": row.year, "blocks": row.blocks, "total": row.total}
                for row in records(rows)
                if row.blocks
            ],
        }


# The outlines of plans side by side, for the page of measured reports: counts and shares, no verdict ---


_NONE = "There are no outlines among these texts."


@dataclass(frozen=True, eq=False)
class _Outline:
    document: str
    year: str
    total: int
    tables: dict[Family, pd.DataFrame]


def outlines_note(reports: Reports) -> str:
    """Return what may be read from the outlines, and how small they are."""
    found = _outlines(reports)
    if not found:
        return _NONE
    told = listed([f"{one.year} ({one.total} blocks)" for one in found])
    return (
        f"The parts on urbanization of the outlines of {told} are one document each, and short. What follows describes "
        "these texts: no difference between them is tested, and none should be read as a change of policy."
    )


def outline_chart(reports: Reports) -> Chart | Html:
    """Return the share of the blocks of each outline that carry each theme."""
    found = _outlines(reports)
    if not found:
        return render("nothing", sentence=_NONE)
    sides = {one.year: one.tables["theme"].rename(index=lambda theme: f"outline-theme-{theme}") for one in found}
    labels = {f"outline-theme-{theme.id}": theme.label for theme in _themes(reports)}
    caption = (
        "Share of the blocks of each outline that carry each theme; a block may carry several. The intervals are those "
        "of each share by itself and no test. A mark leads to its counts."
    )
    return share_chart("outlines", sides, [one.total for one in found], labels, caption)


def outline_table(reports: Reports) -> Html:
    """Return how many blocks of each outline carry each theme and concept; a count leads to its document."""
    found = _outlines(reports)
    rows = [row for family in FAMILIES for row in _outline_rows(reports, found, family)]
    data = pd.DataFrame(
        [
            {"family": row["family"], "id": row["id"], "label": row["label"], "year": one.year, "blocks": count,
             "all_blocks": one.total, "share": _share(count, one.total)}
            for row in rows
            for one, count in zip(found, row["counts"] or [None] * len(found), strict=True)
        ]
    )  # fmt: skip
    if len(data):
        data = data.astype({"blocks": "Int64"})  # whole numbers, also beside rows that nobody counted
    return render("outlines", outlines=found, rows=rows, percent=percent, download=download_link(data, "outlines"))


def _share(count: int | None, total: int) -> float | None:
    return None if count is None else round(count / total, 4) if total else 0.0


def _themes(reports: Reports) -> list[Theme]:
    return [theme for theme in reports.book.scheme.themes if reports.is_counted("theme", theme.id)]


def _reports_outlines_uncounted(reports: Reports, family: Family) -> list[dict[str, Any]]:
    """Return a row without counts for what was not counted."""
    return [
        {"family": family, "id": row[1], "label": reports.label(*row), "counts": []}
        for row, counted in zip(reports.counts.rows, reports.counts.counted_rows, strict=True)
        if row[0] == family and not counted
    ]


def _outline_rows(reports: Reports, found: Sequence[_Outline], family: Family) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for identifier in found[0].tables[family].index if found else ():
        counts = [int(one.tables[family]["blocks"][identifier]) for one in found]
        if any(counts) or family == "theme":
            label = reports.label(family, str(identifier))
            rows.append({"family": family, "id": str(identifier), "label": label, "counts": counts})
    if family == "concept":
        rows.sort(key=lambda row: -sum(row["counts"]))
    return rows + (_reports_outlines_uncounted(reports, family) if found else [])


def _outlines(reports: Reports) -> list[_Outline]:
    if reports.outlines is None:
        return []
    serial = reports.denominators[0].serial
    found = []
    for document in records(reports.outlines.documents.sort_values("year", kind="stable")):
        own = reports.outlines.select(document=document.document)
        tables = {family: count_rows(own, family, serial) for family in FAMILIES}
        found.append(_Outline(document.document, str(document.year), len(own.blocks), tables))
    return found


# What the measured texts are, how many there are, and what is missing, for the page of measured reports ---


def texts_sentence(reports: Reports) -> str:
    """Return how many documents of which places and years these are."""
    parts = []
    for place, years in reports.years.items():
        number = len(reports.counts.select(place=place).documents)
        parts.append(f"{number} of {reports.name(place)} ({year_span(years)})")
    outlines = len(reports.outlines.documents) if reports.outlines else 0
    beside = f" Beside them stand {outlines} texts of the kind “{reports.settings.outlines}”." if outlines else ""
    total = len(reports.counts.documents)
    return f"{total} texts of the kind “{reports.settings.kind}”: {listed(parts)}.{beside}"


def missing_sentence(reports: Reports) -> str:
    """Return which years each place lacks."""
    lacking = {reports.name(place): reports.missing_years(place) for place in reports.places}
    told = [f"{capitalise(name)} lacks {listed([str(y) for y in years])}." for name, years in lacking.items() if years]
    return " ".join(told) or "No place lacks a year."


def addresses_sentence(reports: Reports) -> str:
    """Return of how many documents the official address is known."""
    documents = reports.measured.documents
    known = sum(bool(web_address(address)) for address in documents["address"])
    return f"The official address is known of {known} of {len(documents)}."


def early_sentence(reports: Reports) -> str:
    """Return what is known of documents from a year in which an era began: years do not tell them apart."""
    told = []
    for era in reports.book.vocabulary.eras:
        year = era.begins[:4]
        mine = reports.counts.documents[reports.counts.documents["year"] == year]
        if era.id in reports.eras and not era.begins.endswith("-01-01") and len(mine):
            counted = listed([reports.era_years(one) for one in reports.eras if one in set(mine["era"])])
            began = f"The era {reports.era_years(era.id)} began on {era.begins}"
            told.append(f"{began}; the {len(mine)} documents of {year} are counted to {counted}.")
    return " ".join(told)


def rests_sentence(reports: Reports) -> str:
    """Return what the tables are, and who can check them."""
    measured = reports.measured
    return (
        f"On data/measured/{reports.settings.corpus}: {len(measured.documents)} documents and "
        f"{len(measured.blocks):,} blocks, made by {measured.record.made_by}. The tables hold numbers and the titles "
        "of documents, no sentence and no place in a text. Whoever has the texts, byte for byte, can make the same "
        "tables again, and the check of the project holds the tables against texts at hand:"
    )


def sides_table(reports: Reports) -> Html:
    """Return how many documents and blocks each place has, era by era."""
    rows = []
    for place in reports.places:
        for era in (None, *reports.eras):
            where = {"place": place, **({"era": era} if era else {})}
            counts, within = (one.counts.select(where) for one in reports.denominators)
            rows.append(
                {
                    "place": capitalise(reports.name(place)),
                    "era": reports.era_years(era),
                    "documents": len(counts.documents),
                    "blocks": len(counts.blocks),
                    "within": len(within.blocks),
                    "mentions": int(counts.mentions.sum()),
                    "href": "#table-documents",
                }
            )
    labels = {
        "place": "Place", "era": "Years", "documents": "Documents", "blocks": "Blocks", "within": "of the field",
        "mentions": "Mentions",
    }  # fmt: skip
    links = dict.fromkeys(("documents", "blocks", "within", "mentions"), "href")
    return show_table(pd.DataFrame(rows), labels, caption="What each place has", name="sides", links=links)


def capitalise(text: str) -> str:
    """Return a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """Return a share in percent, with a decimal where it is small."""
    if math.isnan(share):
        return "–"
    return f"{100 * share:.{0 if share >= 0.1 else 1}f} %"
