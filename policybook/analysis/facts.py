"""Figures from outside the documents, each with its origin and how sure we are of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from policybook.corpus.model import records
from policybook.errors import InvalidDataError, Problem, SelectionError, suggest
from policybook.project import Project

_ORIGIN = ("source_title", "source_publisher", "source_date", "confidence", "cite_url")
#: The columns that every table must have; those of NUMBERS hold numbers.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "urbanization_rate": (
        "year",
        "indicator",
        "indicator_zh",
        "region",
        "value_percent",
        "vintage",
        *_ORIGIN,
    ),
    "plan_targets": (
        "plan_id",
        "indicator_zh",
        "indicator_en",
        "target_year",
        "target_value",
        "unit",
        *_ORIGIN,
    ),
    "plan_structure": ("plan_id", "level", "number", "parent", "title_zh", "title_en", *_ORIGIN),
    "events": ("date", "event_en", "event_zh_name", *_ORIGIN),
}
NUMBERS: Mapping[str, Callable[[str], float]] = {"year": int, "value_percent": float}
#: How sure a figure is: it stands in a document of the corpus, was seen on a page, or is remembered.
CONFIDENCE = ("document", "seen", "recalled")


@dataclass(frozen=True)
class Fact:
    """One figure and where it comes from. A recalled one must be printed as unverified."""

    value: float
    printed: str
    year: int
    what: str
    vintage: str
    title: str
    publisher: str
    date: str
    confidence: str
    url: str

    @property
    def origin(self) -> str:
        """Publisher, title and date, with a mark where the figure is only remembered."""
        mark = " (recalled, unverified)" if self.confidence == "recalled" else ""
        parts = (part for part in (self.publisher, self.title, self.date) if part and part != "-")
        return f"{'. '.join(parts)}{mark}"


@dataclass(frozen=True)
class Facts:
    """The tables of data/facts as they stand there."""

    rates: pd.DataFrame
    targets: pd.DataFrame
    structure: pd.DataFrame
    events: pd.DataFrame

    def rate(self, region: str, indicator: str, year: int, vintage: str = "as first published") -> Fact:
        """Return one rate in percent. Rows not merely recalled, with more digits, with an address to cite come first.

        Raises SelectionError when there is none, or when equally good rows disagree.
        """
        return self._best(self._rows(region, indicator, vintage).query("year == @year"), region, indicator, year)

    def series(self, region: str, indicator: str, vintage: str = "as first published") -> pd.DataFrame:
        """Return year, value, vintage and origin of one series, one row a year.

        Recalled figures are left out, and so are years whose equally good sources disagree (see `disputed`).
        """
        rows = self._rows(region, indicator, vintage)
        rows = rows[rows["confidence"] != "recalled"]
        years = sorted(set(rows["year"]) - set(self.disputed(region, indicator, vintage)))
        found = [self._best(rows[rows["year"] == year], region, indicator, year) for year in years]
        return pd.DataFrame(
            [{"year": f.year, "value": f.value, "vintage": f.vintage, "origin": f.origin} for f in found],
            columns=["year", "value", "vintage", "origin"],
        )

    def disputed(self, region: str, indicator: str, vintage: str = "as first published") -> list[int]:
        """Return the years for which equally good rows of one series give different values."""
        rows = self._rows(region, indicator, vintage)
        best = [self._equally_good(rows[rows["year"] == year]) for year in sorted(set(rows["year"]))]
        return [int(group["year"].iloc[0]) for group in best if group["value_percent"].nunique() > 1]

    def target(self, plan: str, indicator_zh: str) -> pd.Series:
        """Return the row of one target. Raises SelectionError when there is none."""
        rows = self.targets[(self.targets["plan_id"] == plan) & (self.targets["indicator_zh"] == indicator_zh)]
        if rows.empty:
            known = self.targets.loc[self.targets["plan_id"] == plan, "indicator_zh"]
            raise SelectionError(f"no target {indicator_zh!r} of {plan!r}. {suggest(indicator_zh, known)}")
        row: pd.Series = rows.iloc[0]
        return row

    def headings(self, plan: str, contains: str, level: str | None = None) -> pd.DataFrame:
        """Return the headings of a plan that hold the words `contains`, recalled ones left out."""
        rows = self.structure[(self.structure["plan_id"] == plan) & (self.structure["confidence"] != "recalled")]
        if level:
            rows = rows[rows["level"] == level]
        return rows[rows["title_zh"].str.contains(contains, regex=False)]

    def _rows(self, region: str, indicator: str, vintage: str) -> pd.DataFrame:
        rates = self.rates
        for column, value in (("region", region), ("indicator_zh", indicator), ("vintage", vintage)):
            known = rates[column].unique()
            if value not in known:
                raise SelectionError(f"no rate has the {column} {value!r}. {suggest(value, known)}")
        fits = (rates["region"] == region) & (rates["indicator_zh"] == indicator) & (rates["vintage"] == vintage)
        return rates[fits]

    @staticmethod
    def _equally_good(rows: pd.DataFrame) -> pd.DataFrame:
        """Return the best rows: seen before in a document, then the most digits, then an address to cite."""
        confidence = rows["confidence"].map({"seen": 0, "document": 1, "recalled": 2})
        digits = rows["printed"].str.partition(".")[2].str.len()
        rank = 100 * confidence - 10 * digits + (rows["cite_url"] == "")
        return rows[rank == rank.min()]

    @staticmethod
    def _best(rows: pd.DataFrame, region: str, indicator: str, year: int) -> Fact:
        if rows.empty:
            raise SelectionError(f"no {indicator} of {region} for {year} in data/facts/urbanization_rate.csv.")
        best = Facts._equally_good(rows)
        if best["value_percent"].nunique() > 1:
            raise SelectionError(f"the rows for {indicator} of {region} in {year} disagree: name a vintage.")
        row = best.iloc[-1]
        return Fact(
            value=float(row["value_percent"]),
            printed=row["printed"],
            year=int(row["year"]),
            what=f"{row['indicator']}, {region}",
            vintage=row["vintage"],
            title=row["source_title"],
            publisher=row["source_publisher"],
            date=row["source_date"],
            confidence=row["confidence"],
            url=row["cite_url"],
        )


def load_facts(project: Project) -> Facts:
    """Read data/facts.

    Raises InvalidDataError with every mistake: a table or column that is missing, a row without an origin,
    a figure that is none.
    """
    problems: list[Problem] = []
    tables = {name: _read_table(project, name, problems) for name in COLUMNS}
    if problems:
        raise InvalidDataError(problems)
    rates = tables["urbanization_rate"].assign(year=lambda t: t["year"].astype(int))
    rates["printed"] = rates["value_percent"]
    rates["value_percent"] = rates["value_percent"].astype(float)
    return Facts(rates, tables["plan_targets"], tables["plan_structure"], tables["events"])


def _read_table(project: Project, name: str, problems: list[Problem]) -> pd.DataFrame:
    path = project.facts / f"{name}.csv"
    file = project.name(path)
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        problems.append(Problem(file, 0, "", "the file is missing.", "Restore it."))
        return pd.DataFrame()
    except ValueError as error:  # a row too long, an empty file, not UTF-8
        problems.append(Problem(file, 0, "", f"not a table: {error}.", "Save it as CSV in UTF-8."))
        return pd.DataFrame()
    if missing := [column for column in COLUMNS[name] if column not in table]:
        problems.append(Problem(file, 1, "", f"no column {', '.join(missing)}.", "Restore the heading."))
        return table
    for n, row in enumerate(records(table), 2):
        problems.extend(_check_row(file, n, row))
    return table


def _check_row(file: str, line: int, row: Any) -> Iterator[Problem]:
    if not row.source_title:
        yield Problem(file, line, "source_title", "the row has no origin.", "Give its source.")
    if row.confidence not in CONFIDENCE:
        known = suggest(row.confidence, CONFIDENCE)
        yield Problem(file, line, "confidence", f"unknown confidence {row.confidence!r}.", known)
    for column, number in NUMBERS.items():
        value = getattr(row, column, "0")
        try:
            number(value)
        except ValueError:
            yield Problem(file, line, column, f"{value!r} is no number.", "Give digits only.")
