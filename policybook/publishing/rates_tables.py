"""Tables about rates: paces, what a goal takes, other places, conflicts, vintages."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from policybook.analysis.facts import Facts
from policybook.analysis.paces import Need, Pace
from policybook.charts.theme import download_link
from policybook.publishing.markup import Html, render
from policybook.publishing.numbers import assumed, computed, of_rows, printed, tally, worked_out
from policybook.publishing.origins import Cell, describe, fact_table


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
