"""The tables of data/facts as one object, and finding the row that is wanted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from policybook.analysis.facts.amounts import agree, decimals
from policybook.analysis.facts.rows import (
    TABLES,
    Break,
    Count,
    Event,
    Heading,
    Host,
    Plan,
    Rate,
    Row,
    Target,
    Vintage,
)
from policybook.errors import SelectionError, suggest

FIRST = "as first published"
_PREFERENCE = {"seen": 0, "document": 1, "recalled": 2}


@dataclass(frozen=True)
class Facts:
    """Every row of data/facts. Nothing here is computed; see `verdicts` and `paces` for what is."""

    urbanization_rate: tuple[Rate, ...] = ()
    plan_targets: tuple[Target, ...] = ()
    plan_structure: tuple[Heading, ...] = ()
    events: tuple[Event, ...] = ()
    counts: tuple[Count, ...] = ()
    plans: tuple[Plan, ...] = ()
    breaks: tuple[Break, ...] = ()
    vintages: tuple[Vintage, ...] = ()
    hosts: tuple[Host, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row that states something, in the order of the tables."""
        tables: tuple[tuple[Row, ...], ...] = (
            self.urbanization_rate, self.plan_targets, self.plan_structure, self.events, self.counts, self.plans,
            self.breaks,
        )  # fmt: skip
        return tuple(row for table in tables for row in table)

    @cached_property
    def by_id(self) -> Mapping[str, Row]:
        """Rows by id."""
        return {row.id: row for row in self.rows}

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table by the name of its file, a column each; every cell is the text that stands there."""
        rows: tuple[Row, ...] = getattr(self, table)
        return pd.DataFrame([row.model_dump() for row in rows], columns=list(TABLES[table].model_fields))

    def plan(self, identifier: str) -> Plan:
        """Return one plan. Raises SelectionError when there is none."""
        plans = {plan.plan_id: plan for plan in self.plans}
        if identifier not in plans:
            raise SelectionError(f"no plan {identifier!r} in data/facts/plans.csv. {suggest(identifier, plans)}")
        return plans[identifier]

    def rate(self, region: str, indicator_zh: str, year: int, vintage: str = FIRST) -> Rate:
        """Return one rate. Rows not merely recalled, with more digits, with an address to cite come first.

        Raises SelectionError when there is none, or when equally good rows disagree.
        """
        rows = [row for row in self.rates(region, indicator_zh, vintage) if int(row.year) == year]
        if not rows:
            raise SelectionError(f"no {indicator_zh} of {region} for {year} in data/facts/urbanization_rate.csv.")
        best = equally_good(rows)
        if len({row.value for row in best}) > 1:
            raise SelectionError(f"the rows for {indicator_zh} of {region} in {year} disagree: name a vintage.")
        return best[-1]

    def rates(self, region: str, indicator_zh: str, vintage: str) -> list[Rate]:
        """Return every row of one series, recalled ones and several a year among them.

        Raises SelectionError, with what exists and the nearest spelling, for an unknown name.
        """
        wanted = {"region": region, "indicator_zh": indicator_zh, "vintage": vintage}
        for column, value in wanted.items():
            known = sorted({str(getattr(row, column)) for row in self.urbanization_rate})
            if value not in known:
                raise SelectionError(f"no rate has the {column} {value!r}. {suggest(value, known)}")
        return [r for r in self.urbanization_rate if all(getattr(r, c) == value for c, value in wanted.items())]

    def series(self, region: str, indicator_zh: str, vintage: str = FIRST) -> list[Rate]:
        """Return one series, one row a year, in order of years: one place, one indicator, one vintage.

        Recalled figures are left out, and so are years whose equally good sources disagree (see `disputed`).
        """
        by_year = _by_year(row for row in self.rates(region, indicator_zh, vintage) if not row.recalled)
        disputed = self.disputed(region, indicator_zh, vintage)
        return [equally_good(rows)[-1] for year, rows in sorted(by_year.items()) if year not in disputed]

    def only_recalled(self, region: str, indicator_zh: str, vintage: str = FIRST) -> list[Rate]:
        """Return the rows of the years of a series for which there is nothing but memory."""
        by_year = _by_year(self.rates(region, indicator_zh, vintage))
        return [rows[0] for _, rows in sorted(by_year.items()) if all(row.recalled for row in rows)]

    def disputed(self, region: str, indicator_zh: str, vintage: str = FIRST) -> list[int]:
        """Return the years for which equally good rows of one series give different values."""
        by_year = _by_year(row for row in self.rates(region, indicator_zh, vintage) if not row.recalled)
        return [year for year, rows in sorted(by_year.items()) if len({r.value for r in equally_good(rows)}) > 1]

    def break_years(self, indicator_zh: str) -> list[int]:
        """Return the years from which an indicator is measured anew."""
        return [int(row.year) for row in self.breaks if row.indicator_zh == indicator_zh]

    def targets(self, plan: str) -> list[Target]:
        """Return the targets of a plan in their order. Raises SelectionError for an unknown plan."""
        return [row for row in self.plan_targets if row.plan_id == self.plan(plan).plan_id]

    def target(self, plan: str, indicator_zh: str) -> Target:
        """Return one target. Raises SelectionError when there is none."""
        rows = {row.indicator_zh: row for row in self.targets(plan)}
        if indicator_zh not in rows:
            raise SelectionError(f"no target {indicator_zh!r} of {plan!r}. {suggest(indicator_zh, rows)}")
        return rows[indicator_zh]

    def headings(self, plan: str, level: str | None = None) -> list[Heading]:
        """Return the headings of a plan, recalled ones among them. Raises SelectionError for an unknown plan."""
        wanted = self.plan(plan).plan_id
        return [row for row in self.plan_structure if row.plan_id == wanted and level in (None, row.level)]

    def conflicts(self) -> list[tuple[Row, ...]]:
        """Return the groups of rows that say of each other, directly or through a third, that they conflict."""
        groups: list[set[str]] = []
        for row in self.rows:
            if row.conflicts_with:
                joined = {row.id, *(other for other in row.conflicts_with.split() if other in self.by_id)}
                for group in [group for group in groups if group & joined]:
                    groups.remove(group)
                    joined |= group
                groups.append(joined)
        return [tuple(row for row in self.rows if row.id in group) for group in groups]


def equally_good(rows: Sequence[Rate]) -> list[Rate]:
    """Return the best rows: seen before in a document, then the most digits, then an address to cite."""

    def rank(row: Rate) -> tuple[int, int, bool]:
        return _PREFERENCE[row.confidence], -decimals(row.value_percent), not row.cite_url

    best = min(rank(row) for row in rows)
    return [row for row in rows if rank(row) == best]


def contradict(rows: Sequence[Rate]) -> bool:
    """Whether values of one series and year differ by more than rounding."""
    return any(not agree(a.value_percent, b.value_percent) for n, a in enumerate(rows) for b in rows[:n])


def _by_year(rows: Iterable[Rate]) -> dict[int, list[Rate]]:
    by_year: dict[int, list[Rate]] = defaultdict(list)
    for row in rows:
        by_year[int(row.year)].append(row)
    return by_year
