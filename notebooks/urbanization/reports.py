"""The official reports, measured: what is counted, from what, and its evidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup

from policybook.analysis.compare import Sides, compare_eras, compare_places
from policybook.analysis.counts import FAMILIES, BlockCounts, Family, count_rows
from policybook.analysis.measured_counts import Denominator, Uptake, find_uptakes, make_denominators, measured_counts
from policybook.build.runs import load_runs, template_parameters
from policybook.charts.differences import share_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.measured import Measured, age_of, load_measured, measured_names
from policybook.coding.rules import Age
from policybook.corpus.corpus import records
from policybook.corpus.manifest import load_recommended
from policybook.errors import PolicybookError, SelectionError, suggest
from policybook.pages.book import Book
from policybook.pages.html import Html, render
from policybook.project import Project
from policybook.words.comparisons import not_counted_sentence
from policybook.words.say import percent, say

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
    def nothing(self) -> str:
        """Why there is nothing to show: no reports were measured, or none with the rules of now; else empty."""
        if not measured_names(self.book.project):
            return say("reports.none_measured")
        return "" if self.countable else self.not_counted

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
            self.measured, self.age, self.book.scheme, self.book.vocabulary,
            kind=s.kind, themes=s.themes, concepts=s.concepts,
        )  # fmt: skip

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
        return say("reports.centre") if place == self.settings.centre else self.book.vocabulary.label(place)

    def era_name(self, era: str) -> str:
        """Return what a sentence calls an era: its id, which is a span of years."""
        return self.era_years(era) if era.partition("-")[2] else say("reports.years_from", year=era.strip("-"))

    def era_years(self, era: str | None) -> str:
        """Return what a table calls an era, or all years for None."""
        return era.replace("-", "–") if era else say("reports.all_years")

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


# The outlines of plans side by side: counts and shares, no verdict ---------------------------------

def outline_rows(reports: Reports) -> pd.DataFrame:
    """Return how many blocks of each outline carry each theme and concept.

    Columns: family, id, label, anchor, year, document, total (its blocks), and blocks, share, low and high (missing
    where nobody counted it). Concepts that stand in no outline are left out; the others by how often they stand there.
    """
    if reports.nothing or reports.outlines is None:
        return pd.DataFrame()
    serial, parts = reports.denominators[0].serial, []
    for document in records(reports.outlines.documents.sort_values("year", kind="stable")):
        own = reports.outlines.select(document=document.document)
        for family in FAMILIES:
            found = count_rows(own, family, serial).reindex([i for f, i in reports.counts.rows if f == family])
            parts.append(
                found.rename_axis("id").reset_index().assign(
                    family=family, year=str(document.year), document=document.document, total=len(own.blocks)
                )
            )  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    rows["label"] = [reports.label(row.family, row.id) for row in records(rows)]
    rows["anchor"] = "row-outline-" + rows["family"] + "-" + rows["id"]
    order = rows.groupby("anchor")["blocks"].transform("sum", min_count=1).where(rows["family"] == "concept")
    rows = rows[order.ne(0)].assign(order=-order[order.ne(0)])
    columns = ["family", "id", "label", "anchor", "year", "document", "total", "blocks", "share", "low", "high"]
    rows = rows.sort_values(["family", "order"], ascending=[False, True], kind="stable", na_position="last")
    return rows[columns].reset_index(drop=True)


def outline_chart(outlines: pd.DataFrame) -> Chart | Html:
    """Draw the share of the blocks of each outline that carry each theme that was counted."""
    if outlines.empty:
        return Html(Markup(""))
    themes = outlines[outlines["family"].eq("theme") & outlines["blocks"].notna()]
    row = themes["anchor"].str.removeprefix("row-")
    sides = {str(year): rows.set_index(row[rows.index]) for year, rows in themes.groupby("year")}
    totals = [int(rows["total"].iloc[0]) for rows in sides.values()]
    labels = dict(zip(row, themes["label"], strict=True))
    return share_chart("outlines", sides, totals, labels, say("reports.outlines_caption"))


def outline_table(outlines: pd.DataFrame) -> pd.DataFrame:
    """Return one row a theme or concept: label, anchor, and for every year the blocks, YEAR_share and YEAR_href."""
    if outlines.empty:
        return outlines
    table = outlines[["family", "id", "label", "anchor"]].drop_duplicates("anchor").set_index("anchor", drop=False)
    for year, rows in outlines.set_index("anchor").groupby("year"):
        blocks = rows["blocks"].astype("Int64").astype(object)
        table[str(year)] = blocks.where(rows["blocks"].notna(), say("reports.not_counted"))
        table[f"{year}_share"] = rows["share"]
        table[f"{year}_href"] = "#document-" + rows["document"]
    return table


# What each place has, and each document -------------------------------------------------------------

def side_rows(reports: Reports) -> pd.DataFrame:
    """Return how many documents and blocks each place has, over all years and era by era.

    Columns: place, era, documents, blocks, within (blocks that speak of the field), mentions, href.
    """
    rows = []
    for place in () if reports.nothing else reports.places:
        for era in (None, *reports.eras):
            where = {"place": place, **({"era": era} if era else {})}
            counts, within = (one.counts.select(where) for one in reports.denominators)
            sizes = len(counts.documents), len(counts.blocks), len(within.blocks), int(counts.mentions.sum())
            rows.append((capitalise(reports.name(place)), reports.era_years(era), *sizes, "#table-documents"))
    return pd.DataFrame(rows, columns=["place", "era", "documents", "blocks", "within", "mentions", "href"])


def document_rows(reports: Reports) -> pd.DataFrame:
    """Return the documents with their sizes, official addresses where these are http addresses, and hashes.

    Columns: document, anchor, title, place, year, kind, era, characters, blocks, within (blocks that speak of the
    field), directives ("not counted" where they were measured with other rules), site and site_href, sha256.
    """
    if reports.nothing:
        return pd.DataFrame()
    found = reports.measured.documents
    found = found[found["kind"].isin([reports.settings.kind, reports.settings.outlines])]
    within = reports.denominators[1].counts.blocks.groupby("document").size()
    directives = reports.measured.blocks.groupby("document")["directives"].sum()
    address = found["address"].map(web_address)
    counted = found["document"].map(directives).fillna(0).astype(int)
    return pd.DataFrame({
        "document": found["document"], "anchor": "document-" + found["document"], "title": found["title"],
        "place": [capitalise(reports.name(place)) for place in found["place"]], "year": found["year"],
        "kind": found["kind"], "era": found["era"], "characters": found["characters"], "blocks": found["blocks_100"],
        "within": found["document"].map(within).fillna(0).astype(int),
        "directives": counted if reports.age.holds("directives") else say("reports.not_counted"),
        "site": address.map(lambda one: urlsplit(one).netloc), "site_href": address, "sha256": found["sha256"],
    })  # fmt: skip


def year_rows(reports: Reports) -> pd.DataFrame:
    """Return the shares of every theme that was counted year by year, as charts.lines.yearly_chart takes them."""
    if reports.nothing:
        return pd.DataFrame()
    rows = pd.concat(
        [
            reports.by_year("theme", place).assign(group=capitalise(reports.name(place)), place=place)
            for place in reports.places
        ],
        ignore_index=True,
    )
    order = {theme.id: n for n, theme in enumerate(reports.book.scheme.themes)}
    rows = rows.iloc[rows["id"].map(order).argsort(kind="stable")]
    rows["label"] = [reports.label("theme", str(row.id)) for row in records(rows)]
    rows["href"] = [f"#{evidence_anchor('theme', str(row.id), str(row.place))}" for row in records(rows)]
    return rows


def measuring_steps(reports: Reports) -> Html:
    """Return the commands that make the tables again from the texts."""
    if reports.nothing:
        return Html(Markup(""))
    hashes, book = set(reports.measured.documents["sha256"]), reports.book
    texts = load_recommended(book.project, book.vocabulary)
    group = next((text.group for text in texts if text.group and text.sha256 in hashes), "")
    tables, command = f"data/measured/{reports.settings.corpus}", ".venv/bin/policybook"
    lines = [f"{command} add --recommended {group} --from FOLDER"] if group else []
    lines.append(f"{command} measure data/documents --metadata {tables}/documents.csv --out {tables}")
    return render("report_steps", lines=[*lines, f"{command} check"])


# The counts of every document ----------------------------------------------------------------------

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
    if reports.nothing:
        return Html(Markup(""))
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
    totals = {p: [len(one.counts.select(place=p).blocks) for one in reports.denominators] for p in tables}
    held = {place: dict(list(table.groupby("id"))) for place, table in tables.items()}
    for identifier in next(iter(tables.values()))["id"].unique():
        cells = [
            _cell(rows[identifier], totals[place])
            | {"name": capitalise(reports.name(place)), "anchor": evidence_anchor(family, str(identifier), place)}
            for place, rows in held.items()
        ]
        if family == "theme" or any(cell["blocks"] for cell in cells):  # a theme is a row of every chart and table
            yield _head(reports, family, str(identifier)) | {"cells": cells}


def _cell(rows: pd.DataFrame, totals: Sequence[int]) -> dict[str, Any]:
    return {
        **{name: int(rows[name].sum()) for name in ("blocks", "mentions", "within")},
        "total": totals[0],
        "within_total": totals[1],
        "documents": rows.loc[rows["blocks"] > 0, ["document", "year", "blocks", "total"]].to_dict("records"),
    }


# What the measured texts are, how many there are, and what is missing ------------------------------

def texts_sentence(reports: Reports) -> str:
    """Return how many documents of which places and years these are."""
    places = [
        {"name": reports.name(place), "years": year_span(years),
         "number": len(reports.counts.select(place=place).documents)}
        for place, years in reports.years.items()
    ]  # fmt: skip
    return say(
        "reports.texts",
        total=len(reports.counts.documents), kind=reports.settings.kind, places=places,
        outlines=len(reports.outlines.documents) if reports.outlines else 0, outline_kind=reports.settings.outlines,
    )  # fmt: skip


def missing_sentence(reports: Reports) -> str:
    """Return which years each place lacks."""
    lacking = [(capitalise(reports.name(place)), reports.missing_years(place)) for place in reports.places]
    return say("reports.missing", lacking=[one for one in lacking if one[1]])


def addresses_sentence(reports: Reports) -> str:
    """Return of how many documents the official address is known."""
    addresses = reports.measured.documents["address"]
    return say("reports.addresses", known=sum(bool(web_address(one)) for one in addresses), total=len(addresses))


def early_sentence(reports: Reports) -> str:
    """Return what is known of documents from a year in which an era began: years do not tell them apart."""
    told = []
    for era in reports.book.vocabulary.eras:
        year = era.begins[:4]
        mine = reports.counts.documents[reports.counts.documents["year"] == year]
        if era.id in reports.eras and not era.begins.endswith("-01-01") and len(mine):
            counted = [reports.era_years(one) for one in reports.eras if one in set(mine["era"])]
            name = reports.era_years(era.id)
            told.append(
                say("reports.early", era=name, began=era.begins, documents=len(mine), year=year, counted=counted)
            )
    return " ".join(told)


def rests_sentence(reports: Reports) -> str:
    """Return what the tables are, and who can check them."""
    measured = reports.measured
    return say(
        "reports.rests",
        corpus=reports.settings.corpus, documents=len(measured.documents), blocks=f"{len(measured.blocks):,}",
        made_by=measured.record.made_by,
    )  # fmt: skip


def outlines_note(reports: Reports) -> str:
    """Return what may be read from the outlines, and how small they are."""
    if reports.outlines is None:
        return say("reports.outlines_none")
    documents = reports.outlines.documents.sort_values("year", kind="stable")
    blocks = reports.outlines.blocks.groupby("document").size()
    found = [(row.year, blocks.get(row.document, 0)) for row in records(documents)]
    return say("reports.outlines_note", outlines=found)


def capitalise(text: str) -> str:
    """Return a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def share_in_percent(share: float) -> str:
    """Return a share in percent, with a decimal where it is small; "–" where there is none."""
    return "–" if math.isnan(share) else percent(share, 0 if share >= 0.1 else 1)
