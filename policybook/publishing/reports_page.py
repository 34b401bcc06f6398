"""What the page of measured reports shows, and the sentence that other pages take from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from policybook.analysis import thresholds
from policybook.analysis.by_place import Sides
from policybook.analysis.halves import Halves
from policybook.charts.theme import Chart
from policybook.coding.measured import measured_names
from policybook.corpus.manifest import load_recommended
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.publishing.reports_data import Reports
from policybook.publishing.reports_evidence import documents_table, evidence
from policybook.publishing.reports_more import directive_chart, means_sentence, uptake_sentence, uptake_table
from policybook.publishing.reports_outlines import outline_chart, outline_table, outlines_note
from policybook.publishing.reports_settings import ReportSettings
from policybook.publishing.reports_texts import (
    addresses_sentence,
    early_sentence,
    missing_sentence,
    rests_sentence,
    sides_table,
    texts_sentence,
)
from policybook.publishing.reports_trust import (
    find_halves,
    placebo_sentence,
    sensitivity_sentence,
    sensitivity_table,
    simulation_sentence,
    simulation_table,
)
from policybook.publishing.reports_views import OF, difference_charts, pair_table, theme_grid, yearly
from policybook.publishing.reports_words import (
    answer,
    answer_change,
    answer_concepts,
    answer_within,
    capitalise,
    changes_sentence,
    concepts_sentence,
    eras_sentence,
)

_EMPTY = "No official reports have been measured in this project: `policybook measure` does it."


@dataclass(frozen=True)
class ReportsPage:
    """The page of a measured corpus."""

    reports: Reports

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        reports = self.reports
        sizes = [len(one.counts.blocks) for one in reports.denominators]
        return {
            "answer": f"{answer(reports)} {reports.not_counted}".strip(),
            "answer_concepts": answer_concepts(reports),
            "answer_change": answer_change(reports),
            "answer_within": answer_within(reports),
            "texts": texts_sentence(reports),
            "missing": missing_sentence(reports),
            "addresses": addresses_sentence(reports),
            "early": early_sentence(reports),
            "n_all": f"{sizes[0]:,}",
            "n_within": f"{sizes[1]:,}",
            "eras": eras_sentence(reports),
            "over_time": changes_sentence(reports),
            "uptake": uptake_sentence(reports),
            "uptake_blocks": thresholds.UPTAKE_BLOCKS,
            "uptake_chance": f"{100 * thresholds.UPTAKE_CHANCE:.0f} %",
            "means": means_sentence(reports),
            "means_source": "Rothwell and Zegveld (1981)",
            "outlines_note": outlines_note(reports),
            "placebo": placebo_sentence(reports, self._halves),
            "sensitivity": sensitivity_sentence(),
            "simulation": simulation_sentence(reports),
            "rests": rests_sentence(reports),
        }

    def sides(self) -> Html:
        """How many documents and blocks each place has, era by era."""
        return sides_table(self.reports)

    def charts(self) -> Html:
        """Every two places over all years, within all blocks and within the field."""
        return _stack(difference_charts(self.reports, self._pairs(None)))

    def tables(self) -> Html:
        """Every theme and concept of every two places over all years, each pair folded."""
        return self._folded_tables(None)

    def eras(self) -> Html:
        """The themes of every two places in each era, with charts and all concepts folded."""
        parts: list[Chart | Html] = []
        for era in self.reports.eras:
            pairs = self._pairs(era)
            if any(sides.result for _, sides in pairs):
                name = self.reports.era_name(era)
                grids = {within: self._grid(era, within) for within in OF}
                parts.append(grids["all"])
                parts.append(_fold([(f"{capitalise(name)}: the same of {OF['within']}", grids["within"])]))
                charts = difference_charts(self.reports, [pair for pair in pairs if pair[0] == "all"])
                parts.append(_fold([(f"{capitalise(name)}: charts", _stack(charts))]))
                parts.append(self._folded_tables(era))
        return _stack(parts)

    def over_time(self) -> Html:
        """The eras of each place, theme by theme."""
        if not self.reports.changes:
            return render("nothing", sentence="No place has documents enough in two eras.")
        caption = "Shares of all blocks in the earlier and in the later era, and the verdict"
        return theme_grid(self.reports, self.reports.changes, "over-time", caption)

    def years(self) -> Chart:
        """Every theme year by year in each place."""
        return yearly(self.reports)

    def uptakes(self) -> Html:
        """The words that are new with the centre, and what became of them."""
        return uptake_table(self.reports)

    def means(self) -> Html:
        """Directives by instrument and by strength in each place."""
        return _stack(directive_chart(self.reports, what) for what in ("instrument", "strength"))

    def outlines(self) -> Html:
        """The outlines of plans side by side."""
        return _stack([outline_chart(self.reports), outline_table(self.reports)])

    def trust(self) -> Html:
        """What becomes of the verdicts when something is left out, and how often the method errs."""
        return _stack([sensitivity_table(self.reports), simulation_table(self.reports)])

    def documents(self) -> Html:
        """The documents with their sizes and addresses."""
        return documents_table(self.reports)

    def evidence(self) -> Html:
        """The counts of every theme and concept, document by document."""
        return evidence(self.reports)

    def reproduce(self) -> Html:
        """The commands that make the tables again from the texts."""
        tables = f"data/measured/{self.reports.settings.corpus}"
        command = ".venv/bin/policybook"
        lines = [f"{command} add --recommended {self._group} --from FOLDER"] if self._group else []
        lines.append(f"{command} measure data/documents --metadata {tables}/documents.csv --out {tables}")
        return render("report_steps", lines=[*lines, f"{command} check"])

    @cached_property
    def _halves(self) -> list[Halves]:
        return find_halves(self.reports)

    @cached_property
    def _group(self) -> str:
        """The group of data/recommended.yml that holds the texts; empty where none does."""
        hashes = set(self.reports.measured.documents["sha256"])
        texts = load_recommended(self.reports.book.project, self.reports.book.vocabulary)
        return next((text.group for text in texts if text.group and text.sha256 in hashes), "")

    def _pairs(self, era: str | None) -> list[tuple[str, Sides]]:
        """Every two places in an era (None: all years), each within all blocks and then within the field."""
        one, other = ([sides for sides in compared if sides.era == era] for compared in self.reports.compared)
        return [pair for a, b in zip(one, other, strict=True) for pair in (("all", a), ("within", b))]

    def _grid(self, era: str, within: str) -> Html:
        caption = (
            f"{capitalise(self.reports.era_name(era))}, of {OF[within]}: the shares of both sides, and the verdict"
        )
        mine = [sides for which, sides in self._pairs(era) if which == within]
        return theme_grid(self.reports, mine, f"themes-{era.strip('-')}-{within}", caption)

    def _folded_tables(self, era: str | None) -> Html:
        pairs = self._pairs(era)
        parts: list[tuple[str, Html]] = []
        for both in zip(pairs[::2], pairs[1::2], strict=True):
            result = both[0][1].result
            if result is not None:
                left, right = result.labels
                said = concepts_sentence(self.reports, result)
                parts.append((f"{capitalise(left)} and {right}. {said}", pair_table(self.reports, both)))
        return _fold(parts)


@dataclass(frozen=True)
class NoReports:
    """The page where nothing has been measured, or nothing with the rules of now: it says so, and is else empty."""

    said: str = _EMPTY

    @property
    def values(self) -> dict[str, object]:
        """The names of ReportsPage.values, empty but for the answer."""
        empty: dict[str, object] = dict.fromkeys(_VALUES, "")
        return empty | {"answer": self.said}

    def __getattr__(self, name: str) -> Callable[[], Html]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda: Html(Markup(""))


_VALUES = (
    "answer", "answer_concepts", "answer_change", "answer_within", "texts", "missing", "addresses", "early", "n_all",
    "n_within", "eras", "over_time", "uptake", "uptake_blocks", "uptake_chance", "means", "means_source",
    "outlines_note", "placebo", "sensitivity", "simulation", "rests",
)  # fmt: skip


def open_reports(book: Book, **parameters: Any) -> ReportsPage | NoReports:
    """Return the page of the measured corpus that the parameters of ReportSettings name.

    Raises SelectionError where they name something that there is not.
    """
    if not measured_names(book.project):
        return NoReports()
    reports = Reports(book, ReportSettings(**parameters))
    return ReportsPage(reports) if reports.countable else NoReports(reports.not_counted)


def _stack(parts: Iterable[Chart | Html]) -> Html:
    return render("stacked", parts=[Markup(part._repr_html_()) for part in parts])


def _fold(parts: Iterable[tuple[str, Html]]) -> Html:
    return render("folded", parts=[(title, part.markup) for title, part in parts])
