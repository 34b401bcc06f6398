"""Figures from outside the documents, each with its origin and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from policybook.errors import InvalidDataError, Problem, SelectionError, suggest
from policybook.project import Project

#: How sure a figure is: it stands in a document of the corpus, was seen on a page, or is remembered.
CONFIDENCE = ("document", "seen", "recalled")


@dataclass(frozen=True)
class Fact:
    """One figure and where it comes from. A recalled one must be printed as unverified."""

    value: float
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
        """Return one rate in percent. Rows not merely recalled, and with an address to cite, are preferred.

        Raises SelectionError when there is none, or when equally good rows disagree.
        """
        return self._best(self._rows(region, indicator, vintage).query("year == @year"), region, indicator, year)

    def series(self, region: str, indicator: str, vintage: str = "as first published") -> pd.DataFrame:
        """Return year, value, vintage and origin of one series, one row a year, recalled figures left out."""
        rows = self._rows(region, indicator, vintage)
        rows = rows[rows["confidence"] != "recalled"]
        found = [self._best(group, region, indicator, year) for year, group in rows.groupby("year")]
        return pd.DataFrame(
            [{"year": f.year, "value": f.value, "vintage": f.vintage, "origin": f.origin} for f in found],
            columns=["year", "value", "vintage", "origin"],
        )

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
    def _best(rows: pd.DataFrame, region: str, indicator: str, year: int) -> Fact:
        if rows.empty:
            raise SelectionError(f"no {indicator} of {region} for {year} in data/facts/urbanization_rate.csv.")
        rank = rows["confidence"].map({"seen": 0, "document": 1, "recalled": 2}) * 2 + (rows["cite_url"] == "")
        best = rows[rank == rank.min()]
        if best["value_percent"].nunique() > 1:
            raise SelectionError(f"the rows for {indicator} of {region} in {year} disagree: name a vintage.")
        row = best.iloc[-1]
        return Fact(
            value=float(row["value_percent"]),
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
    """Read data/facts. Raises InvalidDataError for a missing table and for every row without an origin."""
    problems: list[Problem] = []
    tables = {}
    for name in ("urbanization_rate", "plan_targets", "plan_structure", "events"):
        path = project.facts / f"{name}.csv"
        if not path.is_file():
            problems.append(Problem(project.name(path), 0, "", "the file is missing.", "Restore it."))
            continue
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        tables[name] = table
        for n, row in enumerate(table.itertuples(), 2):
            if not row.source_title or row.confidence not in CONFIDENCE:
                problems.append(
                    Problem(
                        project.name(path), n, "source_title" if not row.source_title else "confidence",
                        "the row has no origin." if not row.source_title else f"unknown confidence {row.confidence!r}.",
                        f"Give its source, and one of {', '.join(CONFIDENCE)}.",
                    )
                )  # fmt: skip
    if problems:
        raise InvalidDataError(problems)
    rates = tables["urbanization_rate"].assign(year=lambda t: t["year"].astype(int))
    rates["value_percent"] = rates["value_percent"].astype(float)
    return Facts(rates, tables["plan_targets"], tables["plan_structure"], tables["events"])
