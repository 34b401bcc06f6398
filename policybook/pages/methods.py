"""What the page of methods shows."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.counts import FAMILIES
from policybook.analysis.simulation import ErrorRates, error_rates, run_length, sizes_in_book, summarise
from policybook.corpus.repair import score_cases
from policybook.pages.book import Book
from policybook.pages.comparison import ComparisonPage
from policybook.pages.html import Html, render, show_table
from policybook.words.comparisons import clash_words, lacking_words


@dataclass(frozen=True)
class MethodsPage:
    """The parts of the methods page that are worked out when the book is built; `draws` a comparison are simulated."""

    book: Book
    draws: int = 300

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says: every threshold by its name, and what the simulation came to."""
        constants = {name.lower(): _plainly(name, value) for name, value in _constants()}
        rates = self._rates
        uncertainty = max((rate.uncertainty for rate in rates), default=0.0)
        worst = max((max(rate.themes, rate.concepts) for rate in rates), default=0.0)
        covered = [rate for rate in rates if rate.judged]
        coverage = [rate.coverage for rate in covered]
        return {
            **constants,
            "draws": self.draws,
            "run": run_length(len(self.book.counts.blocks)),
            "uncertainty": f"{100 * uncertainty:.1f} points",
            "worst": f"{100 * worst:.1f} %",
            "coverage": f"{100 * min(coverage):.1f} to {100 * max(coverage):.1f} %" if coverage else "not known",
            "coverage_error": f"{200 * max((rate.coverage_error for rate in covered), default=0.0):.1f} points",
            "n_comparable": len(self.book.comparable or ()),
            "n_compared": len(self.book.counts.concepts),
            "n_simulated": len(rates),
            "repair_scored": self._repair_scored(),
        }

    def repair(self) -> Html:
        """How well repair does on the cases of data/gold/repair.csv, form by form; nothing where there are none."""
        if self._repairs is None:
            return render("nothing", sentence="")
        table = self._repairs.assign(percent=(100 * self._repairs["cer"]).round(2))
        labels = {"form": "Form of noise", "cases": "Cases", "characters": "Characters", "percent": "Still wrong, %"}
        labels |= {"brackets_lost": "Brackets lost"}
        return show_table(table, labels, caption="Repair, form by form", name="repair-scores")

    @cached_property
    def _repairs(self) -> pd.DataFrame | None:
        path = self.book.project.data / "gold" / "repair.csv"
        return score_cases(path) if path.is_file() else None

    def _repair_scored(self) -> str:
        if self._repairs is None:
            return "How well repair does on texts like these was not measured in this book."
        scores = self._repairs
        controls = scores.loc[scores["form"].str.endswith("(control)"), "cases"].sum()
        return (
            f"How well repair does is measured on {scores['cases'].sum()} cases whose right form is known, written by "
            f"hand or made by adding noise to sentences of our own, with {controls} clean ones among them that must "
            "stay as they are: the share of characters still wrong after repair is "
            f"{100 * scores['errors'].sum() / scores['characters'].sum():.2f} %, and {scores['brackets_lost'].sum()} "
            "brackets that belong were lost. The rules were tuned on these cases."
        )

    def thresholds(self) -> Html:
        """Every constant with what it is for, as the file that holds them says."""
        found = re.findall(r"((?:^#: .*\n)+)([A-Z_]+) = ", inspect.getsource(thresholds), re.MULTILINE)
        rows = [(name, getattr(thresholds, name), " ".join(text.replace("#:", "").split())) for text, name in found]
        labels = {"name": "Name", "value": "Value", "purpose": "What it is for"}
        return show_table(pd.DataFrame(rows, columns=list(labels)), labels, caption="Thresholds", name="thresholds")

    def comparisons(self) -> Html:
        """What became of every comparison: chart or reading, and how many rows got which verdict."""
        rows = []
        for entry in self.book.comparisons:
            page = ComparisonPage(self.book, entry.id)
            estimates = page.estimates
            found = [row for pair in estimates.pairs for row in pair.rows]
            verdicts = {f"{family}s": sum(row.eligible for row in found if row.family == family) for family in FAMILIES}
            reasons = [lacking_words(one) for one in page.result.too_small]
            reasons = reasons or ([clash_words(estimates.hindrance)] if estimates.hindrance else [])
            rows.append(
                {"comparison": entry.title, "page": f"../comparisons/{entry.id}.html#counts"}
                | {"form": "reading" if reasons else "chart", **verdicts}
                | {"different": sum(row.verdict.startswith("more") for row in found), "why": "; ".join(reasons)}
            )
        labels = {"comparison": "Comparison", "form": "Form", "themes": "Themes judged", "concepts": "Concepts judged"}
        labels |= {"different": "Clear differences", "why": "Why no chart"}
        table = pd.DataFrame(rows, columns=[*labels, "page"])
        caption = "Every comparison of this book; the steps of a sequence together"
        return show_table(table, labels, caption=caption, name="forms", links={"comparison": "page"})

    def simulation(self) -> Html:
        """How often a difference is found where there is none, and how often intervals cover, at the book's sizes."""
        if not self._rates:
            return render("nothing", sentence="No comparison of this book has two sides large enough to be judged.")
        table = summarise(self._rates)
        for column in ("false_themes", "false_concepts", "coverage"):
            table[column] = [f"{100 * value:.1f} %" if pd.notna(value) else "–" for value in table[column]]
        table["judged"] = table["judged"].round(1)
        labels = {"comparison": "At the sizes of", "left": "Blocks left", "right": "Blocks right"}
        labels |= {"judged": "Rows judged", "false_themes": "False: themes", "false_concepts": "False: concepts"}
        labels |= {"coverage": "95 % intervals that cover"}
        caption = f"Both sides drawn from the same blocks, {self.draws} times: any verdict of a difference is false"
        return show_table(table, labels, caption=caption, name="simulation")

    @cached_property
    def _rates(self) -> list[ErrorRates]:
        """Return the error rates at the sizes at which anything can be judged; smaller sides never err."""
        sizes = sizes_in_book(self.book.counts, self.book.comparisons)
        large = [one for one in sizes if min(sum(one.left), sum(one.right)) >= thresholds.MIN_BLOCKS]
        return [error_rates(self.book.counts, one, draws=self.draws) for one in large]


def count_verdicts(book: Book) -> dict[str, int]:
    """Return how many rows of the book's comparisons stand in some text, can be judged, and differ clearly."""
    pairs = [pair for entry in book.comparisons for pair in ComparisonPage(book, entry.id).estimates.pairs]
    rows = [row for pair in pairs for row in pair.rows if row.left.blocks + row.right.blocks]
    judged = [row for row in rows if row.eligible]
    clear = [row for row in judged if row.verdict.startswith("more")]
    return {"n_rows": len(rows), "n_judged": len(judged), "n_clear": len(clear)}


def _constants() -> list[tuple[str, float]]:
    return [(name, value) for name, value in vars(thresholds).items() if name.isupper()]


def _plainly(name: str, value: float) -> str:
    """Return a threshold as prose says it: a share of blocks in points, a probability in percent."""
    if "DIFFERENCE" in name or "WIDTH" in name:
        return f"{100 * value:g} point{'s' * (round(100 * value, 6) != 1)}"
    return f"{100 * value:g} %" if isinstance(value, float) and value < 1 else f"{value:,g}"
