"""What the page of methods shows: thresholds, how well repair does, what became of comparisons, how often they err."""

from __future__ import annotations

import inspect
import re

import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.compare import estimate_sides
from policybook.analysis.comparisons import ComparisonEntry
from policybook.analysis.measured_counts import SIMULATION_COLUMNS, read_simulation
from policybook.coding.measured import load_measured, measured_names
from policybook.corpus.repair import score_cases
from policybook.pages.book import Book
from policybook.project import Project
from policybook.words.say import say, say_finding

REPAIR_COLUMNS = ("form", "cases", "characters", "errors", "cer", "brackets_lost")
FORM_COLUMNS = ("comparison", "comparison_href", "form", "rows", "themes", "concepts", "different", "why")


def repair_scores(project: Project) -> pd.DataFrame:
    """Return how well repair does on data/gold/repair.csv, a row a form of noise; no row where there is no such file.

    Columns: REPAIR_COLUMNS, as score_cases explains them.
    """
    path = project.data / "gold" / "repair.csv"
    return score_cases(path) if path.is_file() else pd.DataFrame(columns=list(REPAIR_COLUMNS))


def threshold_table() -> pd.DataFrame:
    """Return every constant of the comparisons: name, value, and purpose, as the file that holds them says it."""
    found = re.findall(r"((?:^#: .*\n)+)([A-Z_]+) = ", inspect.getsource(thresholds), re.MULTILINE)
    rows = [(name, getattr(thresholds, name), " ".join(text.replace("#:", "").split())) for text, name in found]
    return pd.DataFrame(rows, columns=["name", "value", "purpose"])


def thresholds_in_words() -> dict[str, str]:
    """Return every constant by its name in small letters: shares of blocks in points, probabilities in percent."""
    return {name.lower(): _in_words(name, value) for name, value in vars(thresholds).items() if name.isupper()}


def _in_words(name: str, value: float) -> str:
    if "DIFFERENCE" in name or "WIDTH" in name:
        return say("methods.points", number=round(100 * value, 6))
    return f"{100 * value:g} %" if isinstance(value, float) and value < 1 else f"{value:,g}"


def comparison_forms(book: Book) -> pd.DataFrame:
    """Return what became of every comparison, a row each; the steps of a sequence are counted together.

    Columns: comparison (its title), comparison_href, form (chart or reading), rows (themes and concepts that stand
    in some text), themes and concepts (how many of them can be judged), different (clear differences), why (no chart).
    """
    return pd.DataFrame([_form(book, entry) for entry in book.comparisons], columns=list(FORM_COLUMNS))


def _form(book: Book, entry: ComparisonEntry) -> dict[str, object]:
    found = book.compare(entry.id)
    counts = [book.counts.select(side.selection) for side in found.sides]
    labels = [side.label for side in found.sides]
    estimates = estimate_sides(counts, labels, serial=book.effect, comparable=book.comparable)
    rows = [row for pair in estimates.pairs for row in pair.rows]
    reasons = [say_finding("comparison.lacking", one) for one in found.too_small]
    reasons = reasons or ([say_finding("comparison.clash", estimates.hindrance)] if estimates.hindrance else [])
    return {
        "comparison": entry.title,
        "comparison_href": f"../comparisons/{entry.id}.html#counts",
        "form": "reading" if reasons else "chart",
        "rows": sum(bool(row.left.blocks + row.right.blocks) for row in rows),
        "themes": sum(row.eligible for row in rows if row.family == "theme"),
        "concepts": sum(row.eligible for row in rows if row.family == "concept"),
        "different": sum(row.verdict.startswith("more") for row in rows),
        "why": "; ".join(reasons),
    }


def simulated_errors(book: Book) -> pd.DataFrame:
    """Return what simulations found that are kept beside measured corpora: SIMULATION_COLUMNS, corpus, and current.

    A row two places, or a place and its peers (an empty `right`); `current`: whether the counts are still those.
    Raises InvalidDataError where a table that was kept has mistakes.
    """
    tables = [pd.DataFrame(columns=[*SIMULATION_COLUMNS, "corpus", "current"])]
    for name in measured_names(book.project):
        if (table := read_simulation(book.project, name)) is not None:
            of = load_measured(book.project, name).record.counts_sha256
            tables.append(table.assign(corpus=name, current=table["counts_sha256"] == of))
    return pd.concat(tables[1:] or tables, ignore_index=True)
