"""What the page about urbanization rates shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from policybook.analysis.facts import Facts, Rate, Row, Target, load_facts
from policybook.analysis.facts.dataset import FIRST
from policybook.analysis.paces import Need, Pace, needs, pace
from policybook.charts.series import PERIODS, POINTS, TARGETS, series_chart
from policybook.charts.theme import Chart
from policybook.publishing.book import Book
from policybook.publishing.markup import Html
from policybook.publishing.numbers import computed, of_rows, printed
from policybook.publishing.origins import Cell, fact_table, origins

Point = tuple[int, str]  # a year and a vintage


@dataclass(frozen=True)
class RatesPage:
    """Rates of residents and of the registered, by place; `resident` and `registered` are their Chinese names."""

    book: Book
    resident: str
    registered: str

    @cached_property
    def facts(self) -> Facts:
        """The tables of data/facts."""
        return load_facts(self.book.project)

    def rate(self, year: int, vintage: str = FIRST, region: str = "China", registered: bool = False) -> Rate:
        """One rate; see `Facts.rate`."""
        return self.facts.rate(region, self.registered if registered else self.resident, year, vintage)

    def chart(
        self,
        name: str,
        series: Mapping[str, tuple[str, str]],
        since: int,
        plans: Sequence[str],
        places: Sequence[str],
        caption: str,
    ) -> Chart:
        """Draw `series`, label → (region, indicator), with the targets set for them since `since`.

        `plans` are shaded as periods; `places` say where the label of each target stands, in the order of the table.
        """  # fmt: skip
        rows = [
            {"series": label, **_point(kind, row)}
            for label, (region, indicator) in series.items()
            for kind, row in self._points(region, indicator)
            if int(row.year) >= since
        ]
        points = pd.DataFrame(rows, columns=list(POINTS)).sort_values(["series", "year"], kind="stable")
        points = pd.concat([points[points["series"] == label] for label in series])
        breaks = {label: self.facts.break_years(indicator) for label, (_, indicator) in series.items()}
        targets = self._targets(series, places)
        spans = [(p.short, int(p.first_year), int(p.last_year)) for p in map(self.facts.plan, plans)]
        return series_chart(
            name, points, targets, "% of the population", caption, _alternative(caption, points, targets),
            breaks=breaks, periods=pd.DataFrame(spans, columns=list(PERIODS)),
        )  # fmt: skip

    def gaps(self, points: Sequence[Point], region: str = "China") -> list[tuple[Rate, Rate]]:
        """Both rates of each (year, vintage of the residents' rate)."""
        return [
            (self.rate(year, vintage, region), self.rate(year, region=region, registered=True))
            for year, vintage in points
        ]  # fmt: skip

    def gap_years(self, region: str = "China") -> list[Point]:
        """Every year with both rates, neither recalled: as first published, else as counted in a census."""
        registered = {row.year for row in self.facts.series(region, self.registered)}
        found: dict[str, str] = {}
        for kind, row in self._points(region, self.resident):
            if row.year in registered and (kind == "first" or row.vintage.endswith("census")):
                found[row.year] = FIRST if kind == "first" else found.get(row.year, row.vintage)
        return [(int(year), vintage) for year, vintage in sorted(found.items())]

    def gap_chart(self, since: int, caption: str) -> Chart:
        """The gap between the two rates year by year; years whose rate of residents is a census count stand apart."""
        pairs = self.gaps([(year, vintage) for year, vintage in self.gap_years() if year >= since])
        content = [
            ("gap", "first" if one.vintage == FIRST else "other", int(one.year), round(one.value - other.value, 2),
             one.vintage, f"{one.id} {other.id}", f"{one.origin}; {other.origin}")
            for one, other in pairs
        ]  # fmt: skip
        points = pd.DataFrame(content, columns=list(POINTS))
        none = pd.DataFrame([], columns=list(TARGETS)).astype({"year": float, "value": float})
        breaks = {"gap": self.facts.break_years(self.resident)}
        alt = _alternative(caption, points, none)
        return series_chart("gap", points, none, "percentage points", caption, alt, breaks=breaks)

    def gap_table(self, since: int, name: str = "gaps") -> Html:
        """The gap between the two rates, year by year."""
        labels = {"year": "Year", "resident": "Resident, %", "registered": "Registered, %", "gap": "Gap, points",
                  "vintage": "Vintage of the first"}  # fmt: skip
        pairs = self.gaps([(year, vintage) for year, vintage in self.gap_years() if year >= since])
        rows: list[dict[str, Cell]] = [
            {
                "year": of_rows(resident.year, resident),
                "resident": printed(resident.value_percent, resident),
                "registered": printed(registered.value_percent, registered),
                "gap": gap(resident, registered),
                "vintage": of_rows(resident.vintage, resident),
            }
            for resident, registered in pairs
        ]
        data = pd.DataFrame(
            [(int(a.year), a.value, b.value, a.value - b.value, a.vintage, a.id, b.id) for a, b in pairs],
            columns=["year", "resident", "registered", "gap", "vintage", "row_resident", "row_registered"],
        ).round({"gap": 2})
        caption = "The gap between the two rates of China"
        return fact_table(
            labels, rows, data, caption=caption, name=name, numbers=("resident", "registered", "gap")
        )  # fmt: skip

    def paces(self, spans: Sequence[tuple[Point, Point]]) -> list[Pace]:
        """The national pace between each two of (year, vintage)."""
        breaks = self.facts.break_years(self.resident)
        return [pace(self.rate(*first), self.rate(*last), breaks) for first, last in spans]

    def needed(self, starts: Sequence[int], goals: Sequence[float], years: Sequence[int]) -> list[Need]:
        """What every reading of a goal takes, from the rate first published for each of `starts`."""
        return list(needs([self.rate(year) for year in starts], goals, years))

    def origins(self) -> Html:
        """Every row that this page rests on."""
        linked: list[Row] = [row for row in self.facts.plan_targets if row.rate_region]
        rows: list[Row] = [*self.facts.urbanization_rate, *linked, *self.facts.breaks]
        return origins(self.book, rows, "rates-rows", "All rows of this page, with their origins")

    def _points(self, region: str, indicator: str) -> Iterable[tuple[str, Rate]]:
        """Yield (kind, row) of one place and rate: its line, figures of other vintages, what is only recalled."""
        held = [r for r in self.facts.urbanization_rate if (r.region, r.indicator_zh) == (region, indicator)]
        for vintage in dict.fromkeys(row.vintage for row in held):
            kind = "first" if vintage == FIRST else "other"
            yield from ((kind, row) for row in self.facts.series(region, indicator, vintage))
            if kind == "first":
                yield from (("recalled", row) for row in self.facts.only_recalled(region, indicator, vintage))

    def _targets(self, series: Mapping[str, tuple[str, str]], places: Sequence[str]) -> pd.DataFrame:
        rows = [
            (label, int(t.target_year), t.target.number, f"{self.facts.plan(t.plan_id).short}: {t.target_value}", t)
            for t in self.facts.plan_targets
            for label, (region, indicator) in series.items()
            if (t.rate_region, t.rate_indicator_zh) == (region, indicator) and t.target and t.target.number is not None
        ]
        content = [
            (label, year, value, text, places[n] if n < len(places) else "below", t.id, t.origin)
            for n, (label, year, value, text, t) in enumerate(rows)
        ]
        return pd.DataFrame(content, columns=list(TARGETS))


def gap(resident: Rate, registered: Rate) -> Html:
    """The gap between two rates, in points."""
    return computed(f"{resident.value - registered.value:.2f}", (registered, resident), "difference")


def target_gap(resident: Target, registered: Target) -> Html:
    """The gap between two targets, in points."""
    wanted = [row.target.number for row in (resident, registered) if row.target and row.target.number is not None]
    return computed(f"{wanted[0] - wanted[1]:g}", (registered, resident))


def _point(kind: str, row: Rate) -> dict[str, object]:
    return {"kind": kind, "year": int(row.year), "value": row.value, "vintage": row.vintage, "row": row.id,
            "origin": row.origin}  # fmt: skip


def _alternative(caption: str, points: pd.DataFrame, targets: pd.DataFrame) -> str:
    said = [caption]
    for label in dict.fromkeys(points["series"]):
        rows = points[(points["series"] == label) & (points["kind"] != "recalled")].sort_values("year")
        if len(rows):
            ends = (rows.iloc[0], rows.iloc[-1])
            said.append(f"{label}: " + " to ".join(f"{end['value']:g} in {end['year']}" for end in ends) + ".")
    said += [f"{row['label']} for {row['year']}." for row in targets.to_dict("records")]
    return " ".join(said)
