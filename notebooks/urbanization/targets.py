"""The targets of plans, the headings of plans, and events: tables of them, and their charts."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from policybook.charts.lines import DOCUMENT_LANE, EVENTS, timeline_chart

from policybook.charts.theme import (  # isort: skip
    COLOURS, FULL_WIDTH, INK, Chart, at_both_widths, download_link, figure, is_narrow, label_address, name_rows,
    to_chart,
)
from policybook.corpus.corpus import records
from policybook.pages.book import Book
from policybook.pages.html import Html, of_corpus, of_rows, printed, render, row_anchor
from policybook.tables import parse_span
from policybook.words.say import name_of, names_of, say
from urbanization.checks import FactCheck, check_quantities
from urbanization.facts import STEPS, Event, FactRow, Facts, PlanHeading, Target
from urbanization.outcomes import CODES, code_headings, judge_target, set_side_by_side
from urbanization.rates import conflicting, describe, origin_said, passage_links, plan_periods

# Where a goal started, what was set and what was reached: one line a goal --------------------------

GOAL_COLUMNS = ("label", "unit", "baseline", "target", "outcome", "outcome_year", "verdict", "recount", "row", "origin",
                "outcome_source", "cite_url", "outcome_url")  # fmt: skip
_COLOUR = {"met": COLOURS[2], "missed": COLOURS[1], "not comparable": COLOURS[4]}
_NO_VERDICT = COLOURS[6]
_WIDTH = 34


@at_both_widths
def goal_chart(name: str, goals: pd.DataFrame, caption: str, *, percent: tuple[float, float] = (0, 100),
               height: float = 0.52) -> Chart:  # fmt: skip
    """Draw `goals` (columns GOAL_COLUMNS, as target_rows gives them): one panel for each unit, in the order given.

    A ring is the baseline, a bar the target, a diamond the outcome in the colour of its verdict (met, missed, not
    comparable, else grey), hollow where a recount lies between. The numbers stand at the end of the line. `percent` is
    the span of the axis of percentages, `height` that of a line in inches. Rows that are not `drawable`, where that
    column is there, are left out.
    """
    goals = goals[goals["drawable"].astype(bool)] if "drawable" in goals else goals
    units = list(dict.fromkeys(goals["unit"]))
    sizes = [max(1, int((goals["unit"] == unit).sum())) for unit in units]
    told = [(goal.label, goal_numbers(goal), goal.verdict) for goal in records(goals)]
    alt = say("facts.goals_alt", caption=caption, goals=told)
    height = max(height, 0.44) if is_narrow() else height
    with figure(FULL_WIDTH, 1.0 + height * sum(sizes) + 0.35 * (len(units) - 1)) as drawing:
        panels = drawing.subplots(len(units), 1, squeeze=False, gridspec_kw={"height_ratios": sizes})
        for axes, unit in zip(panels[:, 0], units, strict=True):
            _panel(axes, goals[goals["unit"] == unit], unit, percent)
        _explain(panels[0, 0], goals)
        return to_chart(drawing, name, caption, alt, goals.reindex(columns=list(GOAL_COLUMNS)))


def _panel(axes: Axes, goals: pd.DataFrame, unit: str, percent: tuple[float, float]) -> None:
    for n, goal in enumerate(records(goals)):
        ends = [v for v in (goal.baseline, goal.target, goal.outcome) if not pd.isna(v)]
        axes.plot([min(ends), max(ends)], [n, n], color=INK, alpha=0.25, lw=1.2, zorder=1)
        looks = (_RING, _BAR, _diamond(goal.verdict, goal.recount))
        for value, look in zip((goal.baseline, goal.target, goal.outcome), looks, strict=True):
            if not pd.isna(value):
                axes.scatter([value], [n], urls=[label_address(f"#row-{goal.row}", goal_numbers(goal))], **look)
        axes.annotate(goal_numbers(goal), (1, n), xycoords=("axes fraction", "data"), xytext=(8, 0),
                      textcoords="offset points", va="center", fontsize=8.5, color=INK,
                      url=label_address(f"#row-{goal.row}", goal_numbers(goal)))  # fmt: skip
    name_rows(axes, range(len(goals)), goals["label"], "#row-" + goals["row"], room=_WIDTH, lines=3)
    axes.set(ylim=(len(goals) - 0.5, -0.5), xlabel=unit)
    if unit == "%":
        axes.set_xlim(*percent)
    else:
        axes.set_xlim(left=0)
        axes.margins(x=0.1)
    axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)


def goal_numbers(goal: Any) -> str:
    """Return "35.3 → 45: 45.4", with a dash for what is not known; a baseline that is not known is left out."""
    base, target, outcome = ("–" if pd.isna(v) else f"{v:g}" for v in (goal.baseline, goal.target, goal.outcome))
    return f"{target}: {outcome}" if pd.isna(goal.baseline) else f"{base} → {target}: {outcome}"


def _explain(axes: Axes, goals: pd.DataFrame) -> None:
    axes.scatter([], [], label=say("facts.goal.baseline"), **_RING)
    axes.scatter([], [], label=say("facts.goal.target"), **_BAR)
    for verdict in dict.fromkeys(goals.loc[goals["outcome"].notna(), "verdict"]):
        known = name_of("target_verdict", verdict if verdict in _COLOUR else "none")
        axes.scatter([], [], label=say("facts.goal.outcome", verdict=known), **_diamond(verdict, False))
    if goals["recount"].astype(bool).any():
        axes.scatter([], [], label=say("facts.goal.recount"), **_diamond("", True))
    axes.figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=1 if is_narrow() else 4,
                       frameon=False, fontsize=8.5, columnspacing=0.8, handletextpad=0.2)  # fmt: skip


_RING: dict[str, Any] = {"marker": "o", "s": 42, "facecolor": "none", "edgecolor": COLOURS[0], "linewidth": 1.5,
                         "zorder": 3}  # fmt: skip
_BAR: dict[str, Any] = {"marker": "|", "s": 190, "clip_on": False, "color": INK, "linewidth": 2.2, "zorder": 2}


def _diamond(verdict: str, hollow: bool) -> dict[str, Any]:
    colour = _COLOUR.get(verdict, _NO_VERDICT)
    return {"marker": "D", "s": 36, "clip_on": False, "edgecolor": colour, "zorder": 4, "linewidth": 1.5,
            "facecolor": "white" if hollow else colour}  # fmt: skip


# Targets, with what became of each, and quantities of documents held against the facts --------------

def target_rows(facts: Facts) -> pd.DataFrame:
    """Return every target, and what became of it by rule, in the order of the table.

    Columns: row, plan_id, plan (short), group, indicator_no, indicator_en, indicator_zh, unit, qualifier; of baseline,
    target and outcome each the number in its plain unit (NaN where words or nothing stand there), X_value (as stated),
    X_year; verdict, reason, recount (whether a recount lies between baseline and outcome), rows (on which it rests, ids
    with spaces between); label, drawable (whether two of its figures are known, or one of a numbered indicator),
    confidence, origin, cite_url, note, outcome_source, outcome_url.
    """
    return pd.DataFrame([_target(row, facts) for row in facts.plan_targets])


def _target(row: Target, facts: Facts) -> dict[str, Any]:
    judgement = judge_target(row, facts)
    amounts = {step: getattr(row, step) for step in STEPS}
    numbers = {step: float("nan") if one is None or one.number is None else one.number for step, one in amounts.items()}
    known = sum(not pd.isna(number) for number in numbers.values())
    told = ("plan_id", "group", "indicator_no", "indicator_en", "indicator_zh", "rate_region", "qualifier",
            "confidence", "origin", "cite_url", "note", "outcome_source", "outcome_url")  # fmt: skip
    return {"row": row.id, **{name: getattr(row, name) for name in told}, "plan": facts.plan(row.plan_id).short,
            "unit": row.unit if row.unit != "-" else row.outcome_unit, **numbers,
            **{f"{step}_{part}": getattr(row, f"{step}_{part}") for step in STEPS for part in ("value", "year")},
            "recount": judgement.reason in ("recounted", "risen", "passed"), "verdict": CODES[judgement.verdict],
            "reason": say(f"facts.reason.{judgement.reason}", **judgement.values),
            "rows": " ".join([row.id, *(other.id for other in judgement.rests_on)]), "label": row.indicator_en,
            "drawable": known > 1 or bool(known and row.indicator_no)}  # fmt: skip


def cite_targets(targets: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Return rows of `target_rows` as a page shows them: cells that lead to their rows, the verdict with its reason.

    Columns besides: indicator, status (the verdict in a word), and sources (links to the official addresses).
    """
    rows = [(facts.by_id[row.row], row) for row in records(targets)]
    cited: dict[str, list[Any]] = {step: [_amount(target, step) for target, _ in rows] for step in STEPS}
    name = Markup('{} {}<div class="pb-quiet" lang="zh-Hans">{}</div>')
    names = [name.format(row.indicator_no, row.indicator_en, row.indicator_zh) for _, row in rows]
    verdict = Markup('<span class="pb-verdict">{}</span>: <span data-rows="{}" data-how="other">{}</span>'
                     '<div class="pb-quiet">{}</div>')  # fmt: skip
    verdicts = [verdict.format(name_of("target_verdict", row.verdict), row.rows, row.reason, row.note)
                for _, row in rows]  # fmt: skip
    link = Markup('<a href="{}" title="{}">{}</a>')
    cited["sources"] = [
        Html(Markup(", ").join(link.format(url, said, say(f"facts.goal.of_{step}")) for step, url, said in (
            ("target", row.cite_url, row.origin), ("outcome", row.outcome_url, row.outcome_source)) if url))
        for _, row in rows
    ]  # fmt: skip
    cited |= {"indicator": [*map(Html, names)], "verdict": [*map(Html, verdicts)], "status": list(targets["verdict"])}
    return targets.drop(columns=["drawable", "label"]).assign(**cited)


def _amount(row: Any, step: str) -> Html | str:
    amount = getattr(row, step)
    if amount is None:
        return "–"
    year = getattr(row, f"{step}_year")
    when = Markup(' <div class="pb-quiet">{}</div>').format(year) if year else ""
    if amount.number is None:
        words = of_rows(row.qualifier if step == "target" and amount.stated.startswith("(") else amount.printed, row)
        return Html(Markup("{}{}").format(words.markup, when))
    unit = f" {names_of('amount_unit').get(amount.unit or '', row.unit if row.unit != '-' else '')}".rstrip()
    shown = printed(amount.printed, row).markup
    qualifier = f"{row.qualifier.split(' (')[0].split(';')[0]} " if step == "target" and row.qualifier != "-" else ""
    behind = f" {amount.words}" if amount.words else ""
    number = Markup('{}<span class="pb-amount">{}{}</span>{}{}')
    return Html(number.format(qualifier, shown, unit, behind, when))


def quantity_checks(book: Book, facts: Facts) -> pd.DataFrame:
    """Return every percentage, count and area of the documents and what the facts say to it.

    Columns: document, passage, sentence, quantity (as it stands there), outcome ("agrees", "disagrees",
    "at another time", "its own source", "not in the facts"), said, rows (ids of the facts it was held against).
    """
    rows = [(c.document, c.passage, c.sentence, c.text, c.outcome, tell_check(c),
             " ".join(dict.fromkeys(figure.row.id for figure in c.figures)))
            for c in check_quantities(book.corpus, facts, book.coding.concepts)]  # fmt: skip
    columns = ["document", "passage", "sentence", "quantity", "outcome", "said", "rows"]
    return pd.DataFrame(rows, columns=columns)


def tell_check(check: FactCheck) -> str:
    """Return what the facts say to a quantity."""
    times: dict[float, set[int]] = {}
    for one in sorted(check.others, key=lambda one: one.number):
        times.setdefault(one.number, set()).add(one.year or 0)
    years = sorted({one.year for one in check.same if one.year})
    return say(f"facts.check.{check.why}", rows=len(check.same), years=years, times=times)


def cite_checks(checks: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Return `quantity_checks` as a page shows them: a quantity with its passage, the rows with what they say."""
    said: list[Any] = []
    for row in records(checks):
        rows = [facts.by_id[one] for one in row.rows.split()]
        told = "; ".join(describe(one, facts) for one in rows[:3]) + (" …" if len(rows) > 3 else "")
        said.append(of_rows(f"{row.said}. {told}", *rows))
    quantities: list[Any] = [of_corpus(text) for text in checks["quantity"]]
    return checks.assign(quantity=quantities, outcome=checks["outcome"].map(names_of("fact_outcome")), said=said)


def rows_of_targets(facts: Facts, targets: pd.DataFrame, checks: pd.DataFrame) -> list[FactRow]:
    """Return every row that targets, their verdicts, and quantities held against the facts rest on."""
    named = " ".join([*targets["rows"], *checks["rows"]]).split()
    return [facts.by_id[one] for one in dict.fromkeys(named)]


# The headings of plans, and which of them are counterparts -----------------------------------------

def heading_rows(book: Book, facts: Facts, plans: Sequence[str]) -> pd.DataFrame:
    """Return the headings of plans, coded with the concept scheme.

    Columns: row, plan_id, plan (short), level, number, parent, title_en, title_zh, concepts (a list of ids; see
    outcomes.code_headings), confidence, origin, title (both languages, as a page shows it).
    """
    found = [row for plan in plans for row in facts.headings(plan)]
    names = ("plan_id", "level", "number", "parent", "title_en", "title_zh", "confidence", "origin")
    title = Markup('<div>{}<div class="pb-quiet" lang="zh-Hans">{}</div></div>')
    return pd.DataFrame([{"row": one.heading.id, "plan": facts.plan(one.heading.plan_id).short,
                          **{name: getattr(one.heading, name) for name in names},
                          "concepts": list(one.concepts),
                          "title": Html(title.format(one.heading.title_en, one.heading.title_zh))}
                         for one in code_headings(found, book.coding.concepts)])  # fmt: skip


def main_headings(headings: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the headings on the levels that are compared of each plan."""
    main = [row.level in levels.get(row.plan_id, ()) for row in records(headings)]
    return headings[main]


def heading_families(book: Book, facts: Facts, headings: pd.DataFrame, plans: Sequence[str]) -> pd.DataFrame:
    """Return headings with the family that they belong to: those that share a concept, or are the same words.

    Columns besides those of `headings`: family (a number, in the order of the scheme), about (the terms of its
    concepts), status over `plans` ("in all", "in some", "new", "gone"; "" where it carries no concept).
    """
    rows = [facts.by_id[row] for row in headings["row"]]
    coded = code_headings([row for row in rows if isinstance(row, PlanHeading)], book.coding.concepts)
    families = set_side_by_side(coded, book.scheme)
    terms = {concept.id: concept.term_en.partition(" (")[0] for concept in book.scheme.concepts}
    about = [", ".join(terms[concept] for concept in family.concepts) for family in families]
    members = [(one.heading.id, n, about[n], family.status(plans)) for n, family in enumerate(families)
               for plan in plans for one in family.headings.get(plan, ())]  # fmt: skip
    found = pd.DataFrame(members, columns=["row", "family", "about", "status"])
    return found.merge(headings, on="row", how="left")


def side_by_side(families: pd.DataFrame) -> pd.DataFrame:
    """Return one row a family: about, a column a plan with its headings, status, rows (their ids)."""
    wide = families.groupby(["family", "plan"], sort=False)["title"].agg(list).unstack()
    wide = wide.map(lambda cell: Html(Markup("").join(x.markup for x in cell)) if isinstance(cell, list) else "–")
    families = families.assign(status=families["status"].map(names_of("heading_status")))
    each = families.groupby("family").agg(about=("about", "first"), status=("status", "first"), rows=("row", " ".join))
    return each[["about"]].join(wide[list(dict.fromkeys(families["plan"]))]).join(each[["status", "rows"]])


# Events by place, and the documents at the time they were written ----------------------------------

def event_rows(facts: Facts, places: Sequence[str]) -> pd.DataFrame:
    """Return a row for every event and lane, in the order of lanes and then of dates: columns EVENTS of charts.lines.

    A lane is one of `places` that the event's jurisdiction names; an event that names none is "elsewhere".
    """
    elsewhere = say("facts.elsewhere")
    rows = [(lane, event.date, *parse_span(event.date), event.event_en, event.id, row_anchor(event))
            for lane in (*places, elsewhere) for event in _in_order(facts)
            if lane in ([place for place in places if place in event.jurisdiction] or [elsewhere])]  # fmt: skip
    return pd.DataFrame(rows, columns=list(EVENTS))


def _in_order(facts: Facts) -> list[Event]:
    """Return events in the order of their dates; within a year those known by the year only come first."""
    return sorted(facts.events, key=lambda event: (parse_span(event.date)[0], event.line))


def document_times(book: Book) -> pd.DataFrame:
    """Return the documents in the order of writing: columns DOCUMENT_LANE of charts.lines, title and published."""
    rows = [(d.document, d.written or d.published, *parse_span(d.written or d.published), f"document-{d.document}",
             d.title, d.published)
            for d in records(book.corpus.documents)]  # fmt: skip
    ordered = sorted(rows, key=lambda row: (row[2], row[3], row[0]))
    return pd.DataFrame(ordered, columns=[*DOCUMENT_LANE, "title", "published"], dtype=object)


def event_chart(events: pd.DataFrame, documents: pd.DataFrame, facts: Facts, plans: Sequence[str],
                caption: str) -> Chart:  # fmt: skip
    """Draw events in their lanes, the documents below them, the periods of `plans` behind."""
    lanes = events["lane"].value_counts(sort=False)
    alt = say("facts.events_alt", caption=caption, lanes=lanes.items(), documents=documents.to_dict("records"))
    documents = documents.assign(label=documents["title"])
    return timeline_chart("timeline", events, documents, plan_periods(facts, plans), caption, alt)


def event_list(book: Book, facts: Facts, documents: pd.DataFrame) -> Html:
    """Return every event and document in order of time, a year at a time, each with its origin."""
    items = [(parse_span(event.date)[0], _event(event, book, facts)) for event in _in_order(facts)]
    items += [(row.written_from, {"kind": "document", **row._asdict()}) for row in records(documents)]
    years: dict[int, list[dict[str, Any]]] = {}
    for day, item in sorted(items, key=lambda item: item[0]):
        years.setdefault(day.year, []).append(item)
    return render("timeline", years=years, download=download_link(facts.frame("events"), "events"))


def _event(event: Event, book: Book, facts: Facts) -> dict[str, Any]:
    conflicts = [{"row": row.id, "said": describe(row, facts)} for row in conflicting(facts, event)]
    return {"kind": "event", "event": event, "anchor": row_anchor(event),
            "facts": [fact for fact in (event.document_no, event.actors) if fact not in ("", "-")],
            "places": [place.strip() for place in event.jurisdiction.split(";")],
            "passages": passage_links(book, event), "origin": origin_said(book, event),
            "conflicts": conflicts}  # fmt: skip
