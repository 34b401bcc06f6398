"""What the page of rates shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.charts.lines import PERIODS, POINTS, TARGETS, series_chart
from policybook.charts.theme import Chart, download_link
from policybook.pages.book import Book
from policybook.pages.html import Html, assumed, computed, of_rows, printed, render, row_anchor, tally, worked_out
from urbanization.checks import load_facts
from urbanization.facts import FIRST, Count, Event, FactRow, Facts, PlanFact, PlanHeading, Rate, Target
from urbanization.outcomes import Need, Pace, needs, pace

# Tables of facts: cells that lead to their rows, and the rows themselves with their origins --------


Cell = Html | Markup | str
CONFIDENCE_NAMES = {"document": "in a document of this book", "seen": "seen", "recalled": "recalled, unverified"}


def fact_table(
    labels: Mapping[str, str],
    rows: Sequence[Mapping[str, Cell]],
    data: pd.DataFrame,
    *,
    caption: str,
    name: str,
    numbers: Iterable[str] = (),
    stacked: bool = False,
) -> Html:
    """Return `rows` under the headings of `labels` (column → heading), with `data` as NAME.csv.

    A row may have "rows", ids of facts that its words rest on, and "status", a class of its own. On a narrow screen the
    cells of a `stacked` table stand below each other, each with its heading.
    """
    shown = [
        {
            "rows": row.get("rows", ""),
            "status": row.get("status", ""),
            "cells": [cell.markup if isinstance(cell := row[c], Html) else cell for c in labels],
        }
        for row in rows
    ]
    columns = [{"label": label, "number": c in set(numbers)} for c, label in labels.items()]
    download = download_link(data, name)
    return render(
        "facts", name=name, caption=caption, columns=columns, rows=shown, download=download, stacked=stacked
    )  # fmt: skip


def origins(book: Book, rows: Iterable[FactRow], name: str, caption: str, base: str = "../") -> Html:
    """Return every row once with what it says, its origin, its note and what it conflicts with, and all as CSV.

    `base` leads from the page to the site's root.
    """
    found, facts = list(dict.fromkeys(rows)), load_facts(book.project)
    shown = [
        {
            "id": row.id,
            "anchor": row_anchor(row),
            "said": describe(row),
            "confidence": CONFIDENCE_NAMES[row.confidence],
            "recalled": row.recalled,
            "origin": row.origin.removesuffix(" (recalled, unverified)"),
            "url": row.cite_url,
            "passages": passage_links(book, row, base),
            "note": row.note,
            "conflicts": [
                {"row": other.id, "anchor": row_anchor(other), "said": describe(other), "shown": other in found}
                for other in conflicting(facts, row)
            ],
        }
        for row in found
    ]
    return render(
        "origins", name=name, caption=caption, rows=shown, download=download_link(origins_table(found), name)
    )  # fmt: skip


def origins_table(rows: Iterable[FactRow]) -> pd.DataFrame:
    """Return rows of any table as one, for download: what each says, and where from. Addresses of mirrors stay out."""
    columns = ["row", "file", "line", "said", "confidence", "publisher", "title", "date", "cite_url", "passage", "note",
               "conflicts_with"]  # fmt: skip
    content = [
        (row.id, f"data/facts/{row.file}.csv", row.line, describe(row), row.confidence, row.source_publisher,
         row.source_title, row.source_date, row.cite_url, row.passage, row.note, row.conflicts_with)
        for row in rows
    ]  # fmt: skip
    return pd.DataFrame(content, columns=columns)


def conflicting(facts: Facts, row: FactRow) -> list[FactRow]:
    """Return the rows that a row, or a row with it, is said to conflict with."""
    return [other for group in facts.conflicts() if row in group for other in group if other != row]


def passage_links(book: Book, row: FactRow, base: str = "../") -> list[dict[str, str]]:
    """Return label and address of the passages of this book where a row stands, boilerplate included."""
    named = row.passage.split()
    known = set(book.corpus.passages["passage"]) if named else set()
    if named:
        aside = zip(book.corpus.boilerplate["document"], book.corpus.boilerplate["anchor"], strict=True)
        known |= {f"{document}:{anchor}" for document, anchor in aside}
    return [{"label": p, "href": f"{base}documents/{p.replace(':', '.html#')}"} for p in named if p in known]


def describe(row: FactRow) -> str:
    """Return what a row says, in a line."""
    match row:
        case Rate():
            return f"{row.region}, {row.indicator}, {row.year}: {row.value_percent} % ({row.vintage})"
        case Target():
            return _describe_target(row)
        case PlanHeading():
            return f"{row.plan_id}, {row.level} {row.number}: {row.title_zh} ({row.title_en})"
        case Event():
            return f"{row.date}: {row.event_en}"
        case Count():
            return f"{row.subject}, {row.year}: {row.qualifier} {row.value} {row.unit}"
        case PlanFact():
            return row.label
    return str(getattr(row, "what", row.id))


def _describe_target(row: Target) -> str:
    number = f"no. {row.indicator_no}, " if row.indicator_no else ""
    parts: list[Any] = [f"{row.plan_id}, {number}{row.indicator_en}"]
    for name, value, year in (
        ("baseline", row.baseline_value, row.baseline_year),
        ("target", row.target_value, row.target_year),
        ("outcome", row.outcome_value, row.outcome_year),
    ):
        if value:
            parts.append(f"{name} {value}{f' ({year})' if year else ''}")
    return f"{'; '.join(parts)}; in {row.unit}" if row.unit != "-" else "; ".join(parts)


# What the page about urbanization rates shows ------------------------------------------------------


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
        linked: list[FactRow] = [row for row in self.facts.plan_targets if row.rate_region]
        rows: list[FactRow] = [*self.facts.urbanization_rate, *linked, *self.facts.breaks]
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


# Tables about rates: paces, what a goal takes, other places, conflicts, vintages -------------------


def pace_table(paces: Sequence[Pace]) -> Html:
    """How fast the rate of residents rose, by period and vintage."""
    labels = {"period": "From – to", "first": "From, %", "last": "To, %", "pace": "Points a year",
              "measure": "Measured"}  # fmt: skip
    rows: list[dict[str, Cell]] = [
        {
            "period": of_rows(f"{p.first.year} – {p.last.year}", p.first, p.last),
            "first": printed(p.first.value_percent, p.first),
            "last": printed(p.last.value_percent, p.last),
            "pace": a_year(p),
            "measure": of_rows(_measured(p), p.first, p.last),
        }
        for p in paces
    ]
    data = pd.DataFrame(
        [(p.first.id, p.last.id, p.points, p.years, round(p.a_year, 3), p.alike) for p in paces],
        columns=["row_first", "row_last", "points", "years", "points_a_year", "measured_alike"],
    ).round({"points": 2})
    caption = "The pace of the national rate of residents"
    return fact_table(labels, rows, data, caption=caption, name="paces", numbers=("first", "last", "pace"))


def need_table(found: Sequence[Need], recent: Pace) -> Html:
    """What it takes to reach a goal, for every reading of it, and a form for the reader's own."""
    rows = [
        {
            "start": printed(need.start.value_percent, need.start).markup,
            "year": of_rows(need.start.year, need.start).markup,
            "goal": assumed(f"{need.goal:g}").markup,
            "by": assumed(need.year).markup,
            "need": worked_out(f"{need.a_year:.2f}").markup,
            "less": need.a_year < recent.a_year,
        }
        for need in found
    ]
    data = pd.DataFrame(
        [(n.start.id, n.start.value, n.goal, n.year, round(n.a_year, 3), n.a_year < recent.a_year) for n in found],
        columns=["row_start", "start", "goal", "by", "points_a_year", "less_than_recent"],
    )
    starts = list(dict.fromkeys(need.start for need in found))
    shown = next(need for need in reversed(found) if need.start == starts[0])
    return render(
        "needs", rows=rows, recent=a_year(recent).markup, download=download_link(data, "needs"),
        start=[(row.id, row.value_percent, row.year) for row in starts], goal=shown.goal, by=shown.year,
        result=f"{shown.a_year:.2f}", low=int(starts[-1].value), high=int(shown.goal) + 3,
        soonest=max(int(row.year) for row in starts) + 1,
    )  # fmt: skip


def other_places(facts: Facts, known: Sequence[str]) -> Html:
    """The rates of every other place, as far as they are not only recalled."""
    labels = {"region": "Place", "indicator": "Rate", "year": "Year", "value": "%", "vintage": "Vintage"}
    rows = [r for r in facts.urbanization_rate if r.region not in known and not r.recalled]
    shown: list[dict[str, Cell]] = [
        {
            "region": row.region,
            "indicator": row.indicator,
            "year": of_rows(row.year, row),
            "value": printed(row.value_percent, row),
            "vintage": of_rows(row.vintage, row),
        }
        for row in rows
    ]
    data = pd.DataFrame([r.model_dump(exclude={"seen_at", "line"}) for r in rows]).rename(columns={"id": "row"})
    caption = "Rates of other places"
    return fact_table(labels, shown, data, caption=caption, name="other-places", numbers=("value",))


def conflicts_table(facts: Facts) -> Html:
    """The rows that contradict each other, group by group."""
    labels = {"said": "One says", "origin": "Who", "note": "Note"}
    groups = facts.conflicts()
    rows: list[dict[str, Cell]] = [
        {"rows": row.id, "said": describe(row), "origin": row.origin, "note": row.note}
        for group in groups
        for row in group
    ]
    data = pd.DataFrame([(row.id, describe(row), row.origin, row.note) for group in groups for row in group],
                        columns=["row", "said", "origin", "note"])  # fmt: skip
    return fact_table(labels, rows, data, caption="Rows that conflict", name="conflicts", stacked=True)


def vintages_table(facts: Facts) -> Html:
    """The vintages that rates have, what each is, and how many rows are of it."""
    labels = {"vintage": "Vintage", "meaning": "What it is", "size": "Rows"}
    held = {
        vintage: [row for row in facts.urbanization_rate if row.vintage == vintage.vintage]
        for vintage in facts.vintages
    }
    rows: list[dict[str, Cell]] = [
        {"vintage": of_rows(v.vintage, rows[0]), "meaning": of_rows(v.meaning, rows[0]), "size": tally(rows)}
        for v, rows in held.items()
        if rows
    ]
    data = pd.DataFrame(
        [(v.vintage, v.meaning, len(rows), " ".join(row.id for row in rows)) for v, rows in held.items()],
        columns=["vintage", "meaning", "size", "rows"],
    )
    return fact_table(labels, rows, data, caption="Vintages", name="vintages", numbers=("size",), stacked=True)


def a_year(found: Pace) -> Html:
    """A pace, in points a year."""
    return computed(f"{found.a_year:.2f}", (found.first, found.last), "pace")


def _measured(found: Pace) -> str:
    if not found.alike:
        return "across a recount: no pace can be read from it"
    vintages = dict.fromkeys((found.first.vintage, found.last.vintage))
    return " to ".join(vintages)
