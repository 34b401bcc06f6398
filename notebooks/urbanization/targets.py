"""What the pages of targets, of the plans' structure and of the timeline show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from policybook.charts.lines import DOCUMENT_LANE, EVENTS, timeline_chart
from policybook.charts.theme import COLOURS, INK, Chart, download_link, figure, to_svg
from policybook.corpus.corpus import records
from policybook.pages.book import Book
from policybook.pages.html import Html, of_corpus, of_rows, printed, render, row_anchor, tally, unverified_mark
from policybook.tables import parse_span
from urbanization.checks import FactCheck, check_quantities, load_facts
from urbanization.facts import Event, FactRow, Facts, PlanHeading, Target
from urbanization.outcomes import CodedHeading, HeadingFamily, Judgement, code_headings, judge_target, set_side_by_side
from urbanization.rates import Cell, conflicting, describe, fact_table, origins, origins_table, passage_links

# Where a goal started, what was set and what was reached: one line a goal --------------------------


GOAL_COLUMNS = (
    "label", "unit", "baseline", "baseline_recalled", "target", "target_recalled", "outcome", "outcome_recalled",
    "verdict", "row", "origin",
)  # fmt: skip
_COLOUR = {"met": COLOURS[2], "missed": COLOURS[1], "not comparable": COLOURS[4]}
_NO_VERDICT = COLOURS[6]
_WIDTH = 34


def goal_chart(
    name: str, goals: pd.DataFrame, caption: str, alt: str, *, percent: tuple[float, float] = (0, 100)
) -> Chart:
    """Draw `goals` (columns COLUMNS): numbers or NaN, one panel for each unit, in the order given.

    A ring is the baseline, a bar the target, a diamond the outcome in the colour of its verdict (met, missed, not
    comparable, else grey). What is only recalled is drawn faint. The numbers stand at the end of the line. `percent` is
    the span of the axis of percentages.
    """
    units = list(dict.fromkeys(goals["unit"]))
    sizes = [max(1, int((goals["unit"] == unit).sum())) for unit in units]
    height = 1.0 + 0.52 * sum(sizes) + 0.35 * (len(units) - 1)
    with figure(7.4, height) as drawing:
        panels = drawing.subplots(len(units), 1, squeeze=False, gridspec_kw={"height_ratios": sizes})
        for axes, unit in zip(panels[:, 0], units, strict=True):
            _panel(axes, goals[goals["unit"] == unit], unit, percent)
        _explain(panels[0, 0], goals)
        svg = to_svg(drawing, name, alt)
    return Chart(name, svg, caption, alt, goals.reindex(columns=list(GOAL_COLUMNS)))


def _panel(axes: Axes, goals: pd.DataFrame, unit: str, percent: tuple[float, float]) -> None:
    for n, goal in enumerate(records(goals)):
        ends = [v for v in (goal.baseline, goal.target, goal.outcome) if not pd.isna(v)]
        axes.plot([min(ends), max(ends)], [n, n], color=INK, alpha=0.25, lw=1.2, zorder=1)
        if not pd.isna(goal.baseline):
            axes.scatter([goal.baseline], [n], **_ring(goal.baseline_recalled))
        if not pd.isna(goal.target):
            axes.scatter([goal.target], [n], **_bar(goal.target_recalled))
        if not pd.isna(goal.outcome):
            axes.scatter([goal.outcome], [n], **_diamond(goal.verdict, goal.outcome_recalled))
        axes.annotate(
            goal_numbers(goal), (1, n), xycoords=("axes fraction", "data"), xytext=(8, 0), textcoords="offset points",
            va="center", fontsize=8.5, color=INK,
        )  # fmt: skip
    axes.set_yticks(range(len(goals)), [textwrap.fill(label, _WIDTH) for label in goals["label"]], fontsize=8.5)
    axes.set_ylim(len(goals) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    if unit == "%":
        axes.set_xlim(*percent)
    else:
        axes.set_xlim(left=0)
        axes.margins(x=0.1)
    axes.set_xlabel(unit)
    axes.grid(axis="x", color=INK, lw=0.4, alpha=0.2)


def goal_numbers(goal: Any) -> str:
    """Return "35.3 → 45: 45.4", with a dash for what is not known."""
    shown = ["–" if pd.isna(v) else f"{v:g}" for v in (goal.baseline, goal.target, goal.outcome)]
    return f"{shown[0]} → {shown[1]}: {shown[2]}"


def _explain(axes: Axes, goals: pd.DataFrame) -> None:
    axes.scatter([], [], label="baseline", **_ring(False))
    axes.scatter([], [], label="target", **_bar(False))
    for verdict in dict.fromkeys(goals.loc[goals["outcome"].notna(), "verdict"]):
        known = verdict if verdict in _COLOUR else "no verdict"
        axes.scatter([], [], label=f"outcome: {known}", **_diamond(verdict, False))
    columns = [f"{which}_recalled" for which in ("baseline", "target", "outcome")]
    if goals[columns].astype(bool).to_numpy().any():
        axes.scatter([], [], label="faint: recalled", **_bar(True))
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.22, 1), ncols=6, frameon=False, borderaxespad=0.2, fontsize=7.5,
        columnspacing=0.8, handletextpad=0.2,
    )  # fmt: skip


def _ring(recalled: bool) -> dict[str, Any]:
    return {
        "marker": "o", "s": 42, "facecolor": "none", "edgecolor": COLOURS[0], "linewidth": 1.5, "zorder": 3,
        "alpha": 0.35 if recalled else 1,
    }  # fmt: skip


def _bar(recalled: bool) -> dict[str, Any]:
    return {
        "marker": "|", "s": 190, "clip_on": False, "color": INK, "linewidth": 2.2, "zorder": 2,
        "alpha": 0.3 if recalled else 1,
    }  # fmt: skip


def _diamond(verdict: str, recalled: bool) -> dict[str, Any]:
    return {
        "marker": "D", "s": 36, "clip_on": False, "color": _COLOUR.get(verdict, _NO_VERDICT), "zorder": 4,
        "alpha": 0.35 if recalled else 1,
    }  # fmt: skip


# What the page about targets shows -----------------------------------------------------------------


_UNIT = {"percent": " %", "percentage_point": " points", "m2": " m²", "Mbps": " Mbps"}
_STATUS = {"met": "met", "missed": "missed", "not comparable": "not-comparable", "unknown": "unknown"}


@dataclass(frozen=True)
class TargetsPage:
    """The targets of plans: baseline, target, outcome and what became of each, by rule."""

    book: Book

    @cached_property
    def facts(self) -> Facts:
        """The tables of data/facts."""
        return load_facts(self.book.project)

    def judgement(self, target: Target) -> Judgement:
        """What became of a target."""
        return judge_target(target, self.facts)

    def tallies(self, plan: str, groups: Sequence[str] = ()) -> dict[str, Html]:
        """How many targets of a plan (of `groups`) there are: all, numbered, recalled, seen, and by verdict."""
        rows = [row for row in self.facts.targets(plan) if not groups or row.group in groups]
        by_label = {
            _STATUS[label].replace("-", "_"): [row for row in rows if self.judgement(row).label == label]
            for label in _STATUS
        }
        sets = {
            "all": rows,
            "numbers": [row for row in rows if row.target and row.target.number is not None],
            "recalled": [row for row in rows if row.recalled],
            "seen": [row for row in rows if not row.recalled],
            **by_label,
        }
        return {name: tally(found) for name, found in sets.items()}

    def table(self, plan: str, groups: Sequence[str], caption: str, name: str) -> Html:
        """The targets of some groups of a plan, with verdict and reason."""
        rows = [row for row in self.facts.targets(plan) if row.group in groups]
        labels = {
            "indicator": "Indicator", "baseline": "Baseline", "target": "Target", "outcome": "Outcome",
            "verdict": "What became of it",
        }  # fmt: skip
        shown = [self._row(row) for row in rows]
        numbers = ("baseline", "target", "outcome")
        return fact_table(labels, shown, self._data(rows), caption=caption, name=name, numbers=numbers, stacked=True)

    def chart(
        self,
        name: str,
        targets: Iterable[Target],
        caption: str,
        label: str = "indicator_en",
        percent: tuple[float, float] = (0, 100),
    ) -> Chart:
        """Baseline, target and outcome of the targets that are numbers, one line each.

        Lines are named by their indicator, or by their plan and year if `label` is "plan".
        """  # fmt: skip
        rows = [row for row in targets if _drawable(row)]
        goals = pd.DataFrame([self._goal(row, label) for row in rows], columns=list(GOAL_COLUMNS))
        said = "; ".join(
            f"{row.indicator_en}{f' ({self.facts.plan(row.plan_id).short})' if label == 'plan' else ''}: "
            f"baseline {row.baseline_value or 'unknown'}, target {row.target_value}, "
            f"outcome {row.outcome_value or 'unknown'} ({self.judgement(row).label})"
            for row in rows
        )
        return goal_chart(name, goals, caption, f"{caption} {said}.", percent=percent)

    def of(self, plan: str, *groups: str) -> list[Target]:
        """The targets of a plan, of some groups."""
        return [row for row in self.facts.targets(plan) if not groups or row.group in groups]

    @cached_property
    def checks(self) -> list[FactCheck]:
        """The quantities of the documents held against the facts."""
        return check_quantities(self.book.corpus, self.facts, self.book.scheme)

    def check_table(self) -> Html:
        """What the facts say to each quantity of the documents that they know something about."""
        told = [check for check in self.checks if check.outcome != "not in the facts"]
        if not told:
            return render("nothing", sentence="No quantity of the documents is about a figure of the facts.")
        labels = {"quantity": "In the document", "outcome": "The facts", "said": "Which"}
        rows: list[dict[str, Cell]] = [
            {
                "quantity": Markup('{} <a class="pb-source" href="../documents/{}">{}</a>').format(
                    of_corpus(check.text).markup, check.passage.replace(":", ".html#"), check.passage
                ),
                "outcome": check.outcome,
                "said": self._said(check),
            }
            for check in told
        ]
        data = pd.DataFrame(
            [
                (c.document, c.sentence, c.text, c.outcome, c.said, " ".join(f.row.id for f in c.figures))
                for c in self.checks
            ],
            columns=["document", "sentence", "quantity", "outcome", "said", "rows"],
        )
        caption = "Quantities of the documents, and the figures that are about the same"
        return fact_table(labels, rows, data, caption=caption, name="quantities-checked", stacked=True)

    def check_tallies(self) -> dict[str, Html]:
        """How many quantities there are, and how many with each outcome."""
        outcomes = ("agrees", "disagrees", "at another time", "its own source", "not in the facts")
        counts = {o.replace(" ", "_"): sum(check.outcome == o for check in self.checks) for o in outcomes}
        return {f"q_{name}": of_corpus(count) for name, count in {"all": len(self.checks), **counts}.items()}

    def origins(self) -> Html:
        """Every row that this page rests on."""
        rows: list[FactRow] = list(self.facts.plan_targets)
        rows += [row for target in self.facts.plan_targets for row in self.judgement(target).rests_on]
        rows += [figure.row for check in self.checks for figure in check.figures]
        return origins(self.book, rows, "targets-rows", "All rows of this page, with their origins")

    def _said(self, check: FactCheck) -> Html:
        rows = tuple(dict.fromkeys(figure.row for figure in check.figures))
        listed = "; ".join(describe(row) for row in rows[:3])
        return of_rows(f"{check.said}. {listed}{' …' if len(rows) > 3 else ''}", *rows)

    def _row(self, row: Target) -> dict[str, Cell]:
        judgement = self.judgement(row)
        number = f"{row.indicator_no} " if row.indicator_no else ""
        name = Markup('{}{}<div class="pb-quiet" lang="zh-Hans">{}</div>').format(
            number, row.indicator_en, row.indicator_zh
        )
        return {
            "rows": " ".join([row.id, *(other.id for other in judgement.rests_on)]),
            "status": _STATUS[judgement.label],
            "indicator": name,
            "baseline": _amount(row, "baseline"),
            "target": _amount(row, "target"),
            "outcome": _amount(row, "outcome"),
            "verdict": _verdict(judgement, row),
        }

    def _goal(self, row: Target, label: str) -> dict[str, object]:
        def value(amount: object) -> float:
            number = getattr(amount, "number", None)
            return float("nan") if number is None else float(number)

        plan = self.facts.plan(row.plan_id).short
        return {
            "label": f"{plan}, {row.target_year}" if label == "plan" else row.indicator_en,
            "unit": row.unit if row.unit != "-" else row.outcome_unit,
            "baseline": value(row.baseline), "baseline_recalled": row.baseline_recalled,
            "target": value(row.target), "target_recalled": row.recalled,
            "outcome": value(row.outcome), "outcome_recalled": row.outcome_recalled,
            "verdict": self.judgement(row).label, "row": row.id, "origin": row.origin,
        }  # fmt: skip

    def _data(self, rows: Iterable[Target]) -> pd.DataFrame:
        content = [
            {
                **{name: getattr(row, name) for name in (
                    "id", "plan_id", "group", "indicator_no", "indicator_zh", "indicator_en", "baseline_year",
                    "baseline_value", "target_year", "target_value", "unit", "qualifier", "outcome_year",
                    "outcome_value",
                )},
                "target_number": row.target.number if row.target else None,
                "target_unit": row.target.unit if row.target else None,
                "verdict": self.judgement(row).label, "reason": self.judgement(row).reason,
                "confidence": row.confidence, "outcome_confidence": row.outcome_confidence, "origin": row.origin,
                "cite_url": row.cite_url, "note": row.note,
            }
            for row in rows
        ]  # fmt: skip
        return pd.DataFrame(content).rename(columns={"id": "row"})


def _drawable(row: Target) -> bool:
    amounts = [a for a in (row.baseline, row.target, row.outcome) if a and a.number is not None]
    return len(amounts) > 1 or bool(amounts and row.indicator_no)


def _amount(row: Target, which: str) -> Cell:
    amount = getattr(row, which)
    if amount is None:
        return "–"
    recalled = {"baseline": row.baseline_recalled, "target": row.recalled, "outcome": row.outcome_recalled}[which]
    year = getattr(row, f"{which}_year")
    when = Markup(' <div class="pb-quiet">{}</div>').format(year) if year else Markup("")
    if amount.number is None:
        words = of_rows(row.qualifier if which == "target" and amount.stated.startswith("(") else amount.printed, row)
        return words.markup + (unverified_mark() if recalled else "") + when
    unit = _UNIT.get(amount.unit or "", f" {row.unit}" if row.unit != "-" else "")
    shown = printed(amount.printed, row, unverified=False).markup
    qualifier = f"{row.qualifier.split(' (')[0].split(';')[0]} " if which == "target" and row.qualifier != "-" else ""
    behind = f" {amount.words}" if amount.words else ""
    mark = unverified_mark() if recalled else ""
    return Markup('{}<span class="pb-amount">{}{}</span>{}{}{}').format(qualifier, shown, unit, behind, mark, when)


def _verdict(judgement: Judgement, row: Target) -> Markup:
    note = Markup('<div class="pb-quiet">{}</div>').format(row.note) if row.note else Markup("")
    return Markup('<span class="pb-verdict">{}</span>: {}{}').format(judgement.label, judgement.reason, note)


# What the page about the headings of plans shows ---------------------------------------------------


@dataclass(frozen=True)
class StructurePage:
    """The main headings of plans side by side; `levels` says of each, earliest first, which levels are compared."""

    book: Book
    levels: Mapping[str, Sequence[str]]

    @property
    def plans(self) -> list[str]:
        """The plans, earliest first."""
        return list(self.levels)

    @cached_property
    def facts(self) -> Facts:
        """The tables of data/facts."""
        return load_facts(self.book.project)

    def headings(self, plan: str, *levels: str, recalled: bool | None = None) -> list[PlanHeading]:
        """The headings of a plan, of some levels, recalled ones or the others only."""
        rows = self.facts.headings(plan)
        rows = [row for row in rows if not levels or row.level in levels]
        return [row for row in rows if recalled is None or row.recalled == recalled]

    def main(self, plan: str) -> list[PlanHeading]:
        """The headings of a plan that are compared, nothing that is only recalled."""
        return self.headings(plan, *self.levels[plan], recalled=False)

    @cached_property
    def families(self) -> list[HeadingFamily]:
        """Headings that share a concept or their wording, across the plans."""
        rows = [row for plan in self.plans for row in self.main(plan)]
        return set_side_by_side(code_headings(rows, self.book.scheme), self.book.scheme)

    def side_by_side(self) -> Html:
        """A row a family, a column a plan."""
        labels = {"about": "About", **{plan: self.facts.plan(plan).short for plan in self.plans}}
        labels |= {"so": "Status"}
        coded = [family for family in self.families if family.concepts]
        rows: list[dict[str, Cell]] = [
            {
                "rows": " ".join(one.heading.id for found in family.headings.values() for one in found),
                "so": family.status(self.plans),
                "about": self._concepts(family),
                **{plan: _titles([one.heading for one in family.headings.get(plan, ())]) for plan in self.plans},
            }
            for family in coded
        ]
        caption = "Headings that share a concept, plan by plan"
        return fact_table(
            labels, rows, self._data(coded), caption=caption, name="side-by-side", stacked=True
        )  # fmt: skip

    def uncoded(self) -> Html:
        """The headings that carry no concept of the scheme, so that nothing is said of them."""
        labels = {"title": "Heading", "plans": "In"}
        families = [family for family in self.families if not family.concepts]
        rows: list[dict[str, Cell]] = [
            {
                "rows": " ".join(one.heading.id for found in family.headings.values() for one in found),
                "title": _titles([_first(family)]),
                "plans": ", ".join(self.facts.plan(plan).short for plan in self.plans if plan in family.headings),
            }
            for family in families
        ]
        caption = "Headings without a concept of the scheme"
        return fact_table(labels, rows, self._data(families), caption=caption, name="not-coded")

    def tallies(self) -> dict[str, Html]:
        """How many headings each plan has here, and how many families are new, gone and in all."""
        main = {f"n_{plan.replace('-', '_')}": tally(self.main(plan)) for plan in self.plans}
        of = {
            f"n_{status.replace(' ', '_')}": tally(
                [_first(family) for family in self.families if family.status(self.plans) == status]
            )
            for status in ("in all", "in some", "new", "gone")
        }
        return {**main, **of}

    def carrying(self, concept: str, plan: str, *levels: str) -> list[PlanHeading]:
        """The headings of a plan, recalled ones left out, that carry a concept."""
        rows = self.headings(plan, *levels, recalled=False)
        return [one.heading for one in code_headings(rows, self.book.scheme) if concept in one.concepts]

    def outline(self, plan: str, caption: str, name: str) -> Html:
        """All headings of a plan in their order, those that are only recalled with a mark, and no count of anything."""
        labels = {"level": "Level", "title": "Heading", "origin": "Origin"}
        rows = self.facts.headings(plan)
        shown: list[dict[str, Cell]] = [
            {
                "rows": row.id,
                "level": f"{row.level} {row.number}",
                "title": _title(row),
                "origin": Markup('<span class="pb-quiet">{}</span>').format(
                    row.origin.removesuffix(" (recalled, unverified)")
                ),
            }
            for row in rows
        ]
        data = pd.DataFrame(
            [(r.id, r.level, r.number, r.parent, r.title_zh, r.title_en, r.confidence, r.origin) for r in rows],
            columns=["row", "level", "number", "parent", "title_zh", "title_en", "confidence", "origin"],
        )
        return fact_table(labels, shown, data, caption=caption, name=name)

    def origins(self, *more: str) -> Html:
        """Every heading of the plans of this page, and of `more`, and the plans."""
        plans = (*more, *self.plans)
        rows: list[FactRow] = [row for plan in plans for row in (self.facts.plan(plan), *self.facts.headings(plan))]
        return origins(self.book, rows, "structure-rows", "All rows of this page, with their origins")

    def _concepts(self, family: HeadingFamily) -> str:
        by_id = self.book.scheme.by_id
        return ", ".join(by_id[concept].term_en.partition(" (")[0] for concept in family.concepts)

    def _data(self, families: Sequence[HeadingFamily]) -> pd.DataFrame:
        rows = [
            (
                " ".join(family.concepts), family.status(self.plans), plan, one.heading.id, one.heading.level,
                one.heading.number, one.heading.title_zh, one.heading.title_en, one.heading.origin,
            )
            for family in families
            for plan in self.plans
            for one in family.headings.get(plan, ())
        ]  # fmt: skip
        columns = ["concepts", "status", "plan", "row", "level", "number", "title_zh", "title_en", "origin"]
        return pd.DataFrame(rows, columns=columns)


def _first(family: HeadingFamily) -> PlanHeading:
    found: CodedHeading = next(one for headings in family.headings.values() for one in headings)
    return found.heading


def _titles(headings: Sequence[PlanHeading]) -> Cell:
    return Markup("").join(Markup("<div>{}</div>").format(_title(row)) for row in headings) if headings else "–"


def _title(row: PlanHeading) -> Markup:
    mark = unverified_mark() if row.recalled else Markup("")
    return Markup('{}{}<div class="pb-quiet" lang="zh-Hans">{}</div>').format(row.title_en, mark, row.title_zh)


# What the page about institutions and events shows -------------------------------------------------


@dataclass(frozen=True)
class TimelinePage:
    """Events by place, and the documents at the time they were written; `places` have a lane each."""

    book: Book
    places: Sequence[str]

    @cached_property
    def facts(self) -> Facts:
        """The tables of data/facts."""
        return load_facts(self.book.project)

    @cached_property
    def events(self) -> list[Event]:
        """Events in the order of their dates; within a year those known by the year only come first."""
        return sorted(self.facts.events, key=lambda event: (parse_span(event.date)[0], event.line))

    def lanes(self, event: Event) -> list[str]:
        """Where an event belongs: the places that its jurisdiction names, else everywhere else."""
        return [place for place in self.places if place in event.jurisdiction] or ["elsewhere"]

    def tallies(self) -> dict[str, Html]:
        """How many events there are, and for which place."""
        found = {"n_events": tally(self.events)}
        for lane in (*self.places, "elsewhere"):
            found[f"n_{lane.lower()}"] = tally([event for event in self.events if lane in self.lanes(event)])
        return found

    def chart(self, plans: Sequence[str], caption: str) -> Chart:
        """Events in their lanes, the documents below them, the plans' periods behind."""
        rows = [
            (lane, event.date, *parse_span(event.date), event.event_en, event.id, row_anchor(event))
            for lane in (*self.places, "elsewhere")
            for event in self.events
            if lane in self.lanes(event)
        ]
        periods = [(p.short, int(p.first_year), int(p.last_year)) for p in map(self.facts.plan, plans)]
        alt = f"{caption} " + "; ".join(
            f"{lane}: {sum(row[0] == lane for row in rows)} events" for lane in dict.fromkeys(row[0] for row in rows)
        )
        documents = self._documents()
        alt += "; documents: " + "; ".join(f"{row.label}, written {row.written}" for row in records(documents))
        return timeline_chart(
            "timeline", pd.DataFrame(rows, columns=list(EVENTS)), documents,
            pd.DataFrame(periods, columns=["label", "first", "last"]), caption, alt,
        )  # fmt: skip

    def list(self) -> Html:
        """Every event and document in order of time, a year at a time."""
        items = [(parse_span(event.date)[0], self._event(event)) for event in self.events]
        items += [(row.written_from, self._document(row)) for row in records(self._documents())]
        items.sort(key=lambda item: item[0])
        years: dict[int, list[dict[str, object]]] = {}
        for day, item in items:
            years.setdefault(day.year, []).append(item)
        return render("timeline", years=years, download=download_link(origins_table(self.events), "events"))

    def _event(self, event: Event) -> dict[str, object]:
        return {
            "kind": "event",
            "anchor": row_anchor(event),
            "row": event.id,
            "when": event.date,
            "precision": event.date_precision if event.date_precision not in ("day", "year", "month") else "",
            "title": event.event_en,
            "url": event.cite_url,
            "name": event.event_zh_name,
            "facts": [fact for fact in (event.document_no, event.actors) if fact],
            "places": [place.strip() for place in event.jurisdiction.split(";")],
            "note": event.note,
            "origin": event.origin.removesuffix(" (recalled, unverified)"),
            "recalled": event.recalled,
            "passages": passage_links(self.book, event),
            "conflicts": [{"row": row.id, "said": describe(row)} for row in conflicting(self.facts, event)],
        }

    @staticmethod
    def _document(row: Any) -> dict[str, object]:
        return {"kind": "document", **row._asdict()}

    def _documents(self) -> pd.DataFrame:
        """Columns DOCUMENTS and title and published, in the order of writing."""
        rows = [
            (d.document, d.written or d.published, *parse_span(d.written or d.published), f"document-{d.document}",
             d.title, d.published)
            for d in records(self.book.corpus.documents)
        ]  # fmt: skip
        ordered = sorted(rows, key=lambda row: (row[2], row[3], row[0]))
        return pd.DataFrame(ordered, columns=[*DOCUMENT_LANE, "title", "published"], dtype=object)
