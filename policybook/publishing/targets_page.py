"""What the page about targets shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from markupsafe import Markup

from policybook.analysis.fact_check import Check, check_quantities
from policybook.analysis.facts import Facts, Row, Target, load_facts
from policybook.analysis.facts.verdicts import Judgement, judge
from policybook.charts.goals import COLUMNS, goal_chart
from policybook.charts.theme import Chart
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.publishing.numbers import of_corpus, of_rows, printed, tally, unverified_mark
from policybook.publishing.origins import Cell, describe, fact_table, origins

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
        return judge(target, self.facts)

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
        goals = pd.DataFrame([self._goal(row, label) for row in rows], columns=list(COLUMNS))
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
    def checks(self) -> list[Check]:
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
        rows: list[Row] = list(self.facts.plan_targets)
        rows += [row for target in self.facts.plan_targets for row in self.judgement(target).rests_on]
        rows += [figure.row for check in self.checks for figure in check.figures]
        return origins(self.book, rows, "targets-rows", "All rows of this page, with their origins")

    def _said(self, check: Check) -> Html:
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
