"""The rates of urbanization as tables and charts, and how a table of facts names the rows its numbers come from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from numbers import Integral
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.charts.lines import PERIODS, POINTS, TARGETS, series_chart
from policybook.charts.theme import Chart
from policybook.pages.book import Book

from policybook.pages.html import (  # isort: skip
    How, Html, assumed, computed, of_rows, printed, render, row_anchor, show, tally, worked_out,
)
from policybook.words.say import has_text, mark, name_of, names_of, say, term_in_words
from urbanization.checks import load_facts
from urbanization.facts import FIRST, FactRow, Facts, Rate
from urbanization.outcomes import Pace, pace

# Tables of facts: cells that lead to their rows, and the rows themselves with their origins --------

#: How the numbers of a column were computed of several rows, so that it can be done again.
HOW: Mapping[str, How] = {"gap": "difference", "a_year": "pace", "size": "count"}


def cite_rows(data: pd.DataFrame, facts: Facts, *columns: str, assumptions: Sequence[str] = (),
              consequences: Sequence[str] = ()) -> pd.DataFrame:  # fmt: skip
    """Return a table of facts whose cells lead to the rows that they come from; for `show`, and for the prose.

    A column X is of the row whose id stands in row_X, or computed of those in rows_X (ids with spaces between);
    `columns` are of the row named in the column `row`. `assumptions` are numbers that the page assumes, `consequences`
    are worked out from these. Raises KeyError for an id that is none.
    """
    cited: dict[str, list[Html]] = {}
    for column in data.columns:
        keys = [key for key in (f"row_{column}", f"rows_{column}") if key in data] + ["row"] * (column in columns)
        if keys:
            rows = [[facts.by_id[one] for one in ids.split()] for ids in data[keys[0]]]
            how = HOW.get(column)
            cited[column] = [_cited(value, of, how) for value, of in zip(data[column], rows, strict=True)]
    for column in assumptions:
        cited[column] = [assumed(f"{value:g}") for value in data[column]]
    for column in consequences:
        cited[column] = [worked_out(f"{value:.2f}") for value in data[column]]
    return data.assign(**pd.DataFrame(cited, index=data.index))


def _cited(value: Any, rows: Sequence[FactRow], how: How | None) -> Html:
    if isinstance(value, str) or not (how or len(rows) > 1 or not isinstance(value, Integral)):
        return of_rows(str(value), *rows)
    if how or len(rows) > 1:
        return computed(str(value) if isinstance(value, Integral) else f"{value:.2f}", rows, how or "other")
    row, number = rows[0], float(value)
    return printed(row.value_percent if isinstance(row, Rate) and row.value == number else f"{number:g}", row)


def tally_rows(data: pd.DataFrame, facts: Facts) -> Html:
    """Return how many rows of facts a table names in its column `row`."""
    return tally(facts.by_id[one] for one in dict.fromkeys(data["row"]))


def origin_rows(book: Book, rows: Iterable[FactRow], base: str = "../") -> pd.DataFrame:
    """Return every row once: what it says with its note and what it conflicts with, its origin, and how sure it is.

    Columns: row (its id), anchor, said, origin and confidence (all three as the page shows them), file, line,
    cite_url. `base` leads from the page to the site's root. Addresses of mirrors stay out.
    """
    found, facts = list(dict.fromkeys(rows)), load_facts(book.project)
    sure = names_of("confidence")
    content = [(row.id, row_anchor(row), _said(row, facts, found), _origin(book, row, base), sure[row.confidence],
                f"data/facts/{row.file}.csv", row.line, row.cite_url)
               for row in found]  # fmt: skip
    columns = ["row", "anchor", "said", "origin", "confidence", "file", "line", "cite_url"]
    return pd.DataFrame(content, columns=columns)


def show_origins(data: pd.DataFrame, name: str, caption: str) -> Html:
    """Return rows with their origins (as `origin_rows` gives them), folded; links of numbers lead to them."""
    labels = {column: say(f"facts.origins.{column}") for column in ("said", "origin", "confidence")}
    table = show(data, labels=labels, caption=caption, name=name, anchors="anchor", sources="row")
    number = worked_out(len(data)).markup
    return folded([(Markup("").join((Markup.escape(caption), mark("open"), number, mark("close"))), table)])


def folded(parts: Iterable[tuple[str, Html]]) -> Html:
    """Return pieces of a page, each folded behind its title."""
    return render("folded", parts=[(title, part.markup) for title, part in parts])


def _said(row: FactRow, facts: Facts, shown: Sequence[FactRow]) -> Html:
    note = say("facts.note", note=term_in_words(row.note, row.note_zh)[0]) if row.note else ""
    noted = Markup('<div class="pb-quiet">{}</div>').format(note) if note else ""
    conflicts = [{"row": other.id, "anchor": row_anchor(other), "said": describe(other, facts), "shown": other in shown}
                 for other in conflicting(facts, row)]  # fmt: skip
    return Html(Markup("{}{}{}").format(describe(row, facts), noted, render("conflicts", conflicts=conflicts).markup))


def _origin(book: Book, row: FactRow, base: str) -> Html:
    of_outcome = (getattr(row, "outcome_source", ""), getattr(row, "outcome_url", ""))
    link = Markup(mark("semicolon")).join(Markup('<a href="{}">{}</a>').format(url, said) if url else said
                             for said, url in ((origin_said(book, row), row.cite_url), of_outcome) if said)  # fmt: skip
    sources = (Markup(' <a class="pb-source" href="{}">{}</a>').format(passage["href"], passage["label"])
               for passage in passage_links(book, row, base))  # fmt: skip
    return Html(Markup("{}{}").format(link, Markup("").join(sources)))


def origin_said(book: Book, row: FactRow) -> str:
    """Return publisher, title and date of what a row comes from; of a document of the book, its title and date."""
    documents = book.corpus.documents
    own = documents[documents["document"] == row.source_title]
    titles = (term_in_words(*both)[0] for both in zip(own["title"], own["title_zh"], strict=True))
    return next((f"{title}. {row.source_date}" for title in titles), row.origin)


def conflicting(facts: Facts, row: FactRow) -> list[FactRow]:
    """Return the rows that a row, or a row with it, is said to conflict with."""
    return [other for group in facts.conflicts() if row in group for other in group if other != row]


def passage_links(book: Book, row: FactRow, base: str = "../") -> list[dict[str, str]]:
    """Return label and address of the passages of this book where a row stands, boilerplate included."""
    named = row.passage.split()
    aside = book.corpus.boilerplate
    known = {*book.corpus.passages["passage"], *(aside["document"] + ":" + aside["anchor"])} if named else set()
    return [{"label": f"¶{int(p.partition(':p')[2])}", "href": f"{base}documents/{p.replace(':', '.html#')}"}
            for p in named if p in known]  # fmt: skip


def describe(row: FactRow, facts: Facts) -> str:
    """Return what a row says, in a line (words facts.row, by the name of its table's rows)."""
    key, plan = f"facts.row.{row.name}", str(getattr(row, "plan_id", ""))
    plan = plan_name(facts, plan) if plan else ""
    return say(key, row=row, plan=plan) if has_text(key) else str(getattr(row, "what", row.id))


# Rates of residents and of the registered: lines, gaps, paces, and what a goal takes ---------------

Point = tuple[int, str]  # a year and a vintage
Series = Mapping[str, tuple[str, str]]  # label → region and Chinese name of the rate


def rate_points(facts: Facts, series: Series, since: int = 0) -> pd.DataFrame:
    """Return the rates of `series` since a year, in the columns POINTS of charts.lines.

    The kind is "first" for a figure as first published, "other" for another vintage.
    """
    rows = [(label, kind, int(row.year), row.value, row.vintage, row.id, row.origin)
            for label, (region, indicator) in series.items() for kind, row in _points(facts, region, indicator)
            if int(row.year) >= since]  # fmt: skip
    order = {label: n for n, label in enumerate(series)}
    points = pd.DataFrame(rows, columns=list(POINTS)).sort_values(["series", "year"], kind="stable")
    return points.sort_values("series", key=lambda labels: labels.map(order), kind="stable")


def rate_targets(facts: Facts, series: Series, places: Sequence[str] = ()) -> pd.DataFrame:
    """Return the targets set for `series`, in the columns TARGETS of charts.lines.

    `places` say where the label of each stands in a chart, in the order of the table.
    """
    rows = [
        (label, target, goal.number) for target in facts.plan_targets for label, of in series.items()
        if (target.rate_region, target.rate_indicator_zh) == of and (goal := target.target) and goal.number is not None
    ]  # fmt: skip
    content = [(label, int(t.target_year), value,
                say("facts.target", plan=plan_name(facts, t.plan_id), value=t.target_value),
                places[n] if n < len(places) else "below", t.id, t.origin)
               for n, (label, t, value) in enumerate(rows)]  # fmt: skip
    return pd.DataFrame(content, columns=list(TARGETS)).astype({"year": float, "value": float})


def rate_chart(name: str, points: pd.DataFrame, targets: pd.DataFrame, facts: Facts, plans: Sequence[str], caption: str,
               unit: str = "rate", page: str = "") -> Chart:  # fmt: skip
    """Draw `points` and `targets` over the periods of `plans`; lines break where a rate is measured anew.

    `unit` is a name of words names.axis, `page` where the rows of the points stand, if not on this page.
    """
    breaks = {label: facts.break_years(rate.indicator_zh)
              for label, row in points.drop_duplicates("series")[["series", "row"]].itertuples(index=False)
              if isinstance(rate := facts.by_id[row.split()[0]], Rate)}  # fmt: skip
    spans = plan_periods(facts, plans) if plans else None
    alt = say("facts.rates_alt", caption=caption, series=_ends(points), targets=targets.to_dict("records"))
    return series_chart(name, points, targets, name_of("axis", unit), caption, alt, breaks=breaks, periods=spans,
                        page=page)  # fmt: skip


def plan_name(facts: Facts, plan: str) -> str:
    """Return the short name of a plan."""
    return term_in_words(facts.plan(plan).short, facts.plan(plan).short_zh)[0]


def plan_periods(facts: Facts, plans: Sequence[str]) -> pd.DataFrame:
    """Return the years that plans cover, in the columns PERIODS of charts.lines."""
    periods = [(plan_name(facts, plan.plan_id), int(plan.first_year), int(plan.last_year))
               for plan in map(facts.plan, plans)]  # fmt: skip
    return pd.DataFrame(periods, columns=list(PERIODS))


def rate_gaps(facts: Facts, resident: str, registered: str, vintages: Sequence[str] = (FIRST,),
              region: str = "China") -> pd.DataFrame:  # fmt: skip
    """Return both rates and their gap in percentage points, a row for every year of which both are known.

    The rate of residents is the first of `vintages` that has the year, the registered one as first published. The index
    is the year. Columns: year, resident, registered (percent), gap, vintage (of the first), and the rows that each cell
    comes from.
    """
    second = {row.year: row for row in facts.series(region, registered)}
    found: dict[str, Rate] = {}
    for row in (row for vintage in vintages for row in facts.series(region, resident, vintage)):
        if row.year in second:
            found.setdefault(row.year, row)
    rows = [(int(year), one.value, second[year].value, round(one.value - second[year].value, 2), one.vintage, one.id,
             second[year].id)
            for year, one in sorted(found.items())]  # fmt: skip
    columns = ["year", "resident", "registered", "gap", "vintage", "row_resident", "row_registered"]
    gaps = pd.DataFrame(rows, columns=columns, index=[row[0] for row in rows])
    return gaps.assign(row_year=gaps["row_resident"], row_vintage=gaps["row_resident"],
                       rows_gap=gaps["row_registered"] + " " + gaps["row_resident"])  # fmt: skip


def gap_chart(gaps: pd.DataFrame, facts: Facts, caption: str) -> Chart:
    """Draw the gap of `rate_gaps` year by year; years whose rate of residents is a census count stand apart."""
    origins = [f"{facts.by_id[a].origin}; {facts.by_id[b].origin}" for b, a in gaps["rows_gap"].str.split()]
    points = gaps.assign(series="gap", value=gaps["gap"], origin=origins,
                         row=gaps["row_resident"] + " " + gaps["row_registered"],
                         kind=gaps["vintage"].eq(FIRST).map({True: "first", False: "other"}))  # fmt: skip
    none = rate_targets(facts, {})
    return rate_chart("gap", points[list(POINTS)], none, facts, (), caption, "gap")


def rate_paces(facts: Facts, indicator_zh: str, spans: Sequence[tuple[Point, Point]],
               region: str = "China") -> pd.DataFrame:  # fmt: skip
    """Return how fast a rate rose between each two of (year, vintage).

    Columns: period, first and last (percent), a_year (percentage points a year), measured (the vintages, or that a
    recount lies between), alike (False then), and the rows that each cell comes from.
    """
    breaks = facts.break_years(indicator_zh)
    found = [pace(facts.rate(region, indicator_zh, *first), facts.rate(region, indicator_zh, *last), breaks)
             for first, last in spans]  # fmt: skip
    rows = [(f"{p.first.year}{mark('years')}{p.last.year}", p.first.value, p.last.value, p.a_year, _measured(p),
             p.alike, p.first.id, p.last.id)
            for p in found]  # fmt: skip
    columns = ["period", "first", "last", "a_year", "measured", "alike", "row_first", "row_last"]
    paces = pd.DataFrame(rows, columns=columns)
    both = paces["row_first"] + " " + paces["row_last"]
    return paces.assign(rows_period=both, rows_a_year=both, rows_measured=both)


def _measured(found: Pace) -> str:
    vintages = list(dict.fromkeys((found.first.vintage, found.last.vintage)))
    return say("facts.measured", vintages=vintages, alike=found.alike)


def needed_paces(starts: Iterable[Rate], goals: Sequence[float], years: Sequence[int]) -> pd.DataFrame:
    """Return what every reading of a goal takes: where to start, what to reach (percent), and by the end of which year.

    Columns: start (percent), year, goal, by, a_year (percentage points a year), and the rows of the start.
    """
    rows = [(start.value, int(start.year), goal, by, (goal - start.value) / (by - int(start.year)), start.id)
            for start, goal, by in product(starts, goals, years) if by > int(start.year)]  # fmt: skip
    needed = pd.DataFrame(rows, columns=["start", "year", "goal", "by", "a_year", "row_start"])
    return needed.assign(row_year=needed["row_start"])


def needs_form(needed: pd.DataFrame, facts: Facts) -> Html:
    """Return a form for a reading of the reader's own, with what needed_paces gives; a script answers it."""
    starts = needed.drop_duplicates("row_start")
    shown = needed[needed["row_start"] == starts["row_start"].iloc[0]].iloc[-1]
    rates = [facts.by_id[row] for row in starts["row_start"]]
    return render(
        "needs", start=rates, goal=shown["goal"], by=shown["by"], result=f"{shown['a_year']:.2f}",
        low=int(starts["start"].iloc[-1]), high=int(shown["goal"]) + 3, soonest=starts["year"].max() + 1,
    )  # fmt: skip


def conflict_rows(facts: Facts) -> pd.DataFrame:
    """Return the rows that contradict each other, group by group. Columns: row, said, origin, note."""
    rows = [(row.id, describe(row, facts), row.origin, row.note) for group in facts.conflicts() for row in group]
    return pd.DataFrame(rows, columns=["row", "said", "origin", "note"])


def vintage_rows(facts: Facts) -> pd.DataFrame:
    """Return the vintages that rates have. Columns: vintage, meaning, size (how many rows), and these rows."""
    rates = facts.frame("urbanization_rate")
    ids = rates.groupby("vintage")["row"].agg([" ".join, "size"])
    held = facts.frame("vintages")[["vintage", "meaning"]].join(ids, on="vintage", how="inner")
    first = held["join"].str.split(" ").str[0]
    return held.assign(rows_size=held["join"], row_vintage=first, row_meaning=first).drop(columns="join")


def _points(facts: Facts, region: str, indicator: str) -> Iterator[tuple[str, Rate]]:
    """Yield (kind, row) of one place and rate: its line, and figures of other vintages."""
    held = [r for r in facts.urbanization_rate if (r.region, r.indicator_zh) == (region, indicator)]
    for vintage in dict.fromkeys(row.vintage for row in held):
        kind = "first" if vintage == FIRST else "other"
        yield from ((kind, row) for row in facts.series(region, indicator, vintage))


def _ends(points: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the first and the last point of every series."""
    seen = points.sort_values("year")
    return [{"label": label, "first": rows.iloc[0], "last": rows.iloc[-1]} for label in dict.fromkeys(points["series"])
            if len(rows := seen[seen["series"] == label])]  # fmt: skip
