"""What the page about the headings of plans shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from markupsafe import Markup

from policybook.analysis.facts import Facts, Heading, Row, load_facts
from policybook.analysis.headings import CodedHeading, Family, code_headings, set_side_by_side
from policybook.publishing.book import Book
from policybook.publishing.markup import Html
from policybook.publishing.numbers import tally, unverified_mark
from policybook.publishing.origins import Cell, fact_table, origins


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

    def headings(self, plan: str, *levels: str, recalled: bool | None = None) -> list[Heading]:
        """The headings of a plan, of some levels, recalled ones or the others only."""
        rows = self.facts.headings(plan)
        rows = [row for row in rows if not levels or row.level in levels]
        return [row for row in rows if recalled is None or row.recalled == recalled]

    def main(self, plan: str) -> list[Heading]:
        """The headings of a plan that are compared, nothing that is only recalled."""
        return self.headings(plan, *self.levels[plan], recalled=False)

    @cached_property
    def families(self) -> list[Family]:
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

    def carrying(self, concept: str, plan: str, *levels: str) -> list[Heading]:
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
        rows: list[Row] = [row for plan in plans for row in (self.facts.plan(plan), *self.facts.headings(plan))]
        return origins(self.book, rows, "structure-rows", "All rows of this page, with their origins")

    def _concepts(self, family: Family) -> str:
        by_id = self.book.scheme.by_id
        return ", ".join(by_id[concept].term_en.partition(" (")[0] for concept in family.concepts)

    def _data(self, families: Sequence[Family]) -> pd.DataFrame:
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


def _first(family: Family) -> Heading:
    found: CodedHeading = next(one for headings in family.headings.values() for one in headings)
    return found.heading


def _titles(headings: Sequence[Heading]) -> Cell:
    return Markup("").join(Markup("<div>{}</div>").format(_title(row)) for row in headings) if headings else "–"


def _title(row: Heading) -> Markup:
    mark = unverified_mark() if row.recalled else Markup("")
    return Markup('{}{}<div class="pb-quiet" lang="zh-Hans">{}</div>').format(row.title_en, mark, row.title_zh)
