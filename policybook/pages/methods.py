"""What the page of methods shows: thresholds, how well repair does, what became of comparisons, how often they err."""

import inspect
import re
from collections.abc import Sequence

import pandas as pd

from policybook.analysis import robustness, thresholds
from policybook.analysis.compare import PairComparison, steps_of
from policybook.analysis.comparisons import ComparisonEntry
from policybook.analysis.counts import FAMILIES
from policybook.analysis.decide import rows_of
from policybook.analysis.measured_counts import SIMULATION_COLUMNS, read_simulation
from policybook.analysis.robustness import SensitivityCheck
from policybook.coding.measured import load_measured, measured_names
from policybook.coding.scheme import Scheme
from policybook.corpus.repair import score_cases
from policybook.pages.book import Book
from policybook.pages.comparison import ComparisonPage
from policybook.project import Project
from policybook.words import comparisons as wording
from policybook.words.say import say, say_finding

REPAIR_COLUMNS = ("form", "cases", "characters", "errors", "cer", "brackets_lost")
TRUST_COLUMNS = (
    "comparison", "comparison_href", "judged", "found", "usual", "largest", "says",
    "verdicts", "kept", "changed", "impossible", "gained", "by", "open", "theme", "power", "left", "right", "each",
)  # fmt: skip
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
    page = ComparisonPage(book, entry.id)
    estimates = page.estimates
    rows = [row for pair in estimates.pairs for row in pair.rows]
    reasons = [say_finding("comparison.lacking", one) for one in page.result.too_small]
    reasons = reasons or ([say_finding("comparison.clash", estimates.hindrance)] if estimates.hindrance else [])
    return {"comparison": entry.title, "comparison_href": f"../comparisons/{entry.id}.html#counts",
            "form": "reading" if reasons else "chart",
            "rows": sum(bool(row.left.blocks + row.right.blocks) for row in rows),
            **{f"{family}s": sum(row.eligible for row in rows if row.family == family) for family in FAMILIES},
            "different": sum(row.verdict.startswith("more") for row in rows), "why": "; ".join(reasons)}  # fmt: skip


def trust_table(book: Book) -> pd.DataFrame:
    """Return how far every comparison can be trusted, a row every two sides between which something can be estimated.

    Columns: comparison (its title; of a sequence with the step), comparison_href, and

    - of the placebo (see robustness.judge_placebo): judged and found (pairs of documents), usual and largest (shares:
      the largest difference of a theme at the median of them, and here), says;
    - of the checks (see robustness.check_sensitivity): verdicts (rows that have one), how many of them are kept in
      every check, changed in one, or impossible to try in one; gained (rows that get one in some), by (what changes);
    - of what would settle it (see power.what_would_settle): open (themes of which too little is known or that are not
      settled), theme (the most frequent of them), its power, and the blocks needed left, right, or on each side.
    """
    variants, rows = robustness.make_variants(book.corpus, book.scheme, book.coding.concepts), []
    for entry in book.comparisons:
        if entry.is_grouped:  # two of its groups, as an entry of their own, are tried like any other two sides
            continue
        page = ComparisonPage(book, entry.id)
        steps = steps_of(side.selection for side in page.result.sides)
        for pair, selections in zip(page.estimates.pairs, steps, strict=False):  # of sides that clash there is none
            between = wording.between_words(pair, page.estimates)
            row = {"comparison": f"{entry.title}: {between}" if between else entry.title}
            row["comparison_href"] = f"../comparisons/{entry.id}.html#counts"
            sequence = page.estimates.is_sequence
            checks = robustness.check_sensitivity(pair, selections, variants, book.comparable, sequence)
            rows.append(row | _placebo(book, pair) | _survival(pair, checks) | _settling(pair, book.scheme))
    return pd.DataFrame(rows, columns=list(TRUST_COLUMNS))


def _placebo(book: Book, pair: PairComparison) -> dict[str, object]:
    found = robustness.judge_placebo(pair, robustness.find_placebo(book.counts, pair, book.comparable))
    told = {"as_much_few", "as_much_many", "less", "unclear", "none"}
    says = say(f"comparison.placebo.{found.code}") if found.code in told else "–"
    return {"judged": 0, "found": 0, "usual": None, "largest": None, **found.values, "says": says}


def _survival(pair: PairComparison, checks: Sequence[SensitivityCheck]) -> dict[str, object]:
    verdicts = {(row.family, row.id) for row in pair.rows if wording.is_judged(row)}
    outcomes = [{check.outcomes[key] for check in checks} for key in verdicts]
    changed = sum("does not survive" in one for one in outcomes)
    kept = sum(one == {"survives"} for one in outcomes)
    gained = {key for check in checks for key in check.changed} - verdicts
    by = [say_finding("comparison.change", check.what) for check in checks if check.changed]
    impossible = len(verdicts) - kept - changed
    return {"verdicts": len(verdicts), "kept": kept, "changed": changed, "impossible": impossible,
            "gained": len(gained), "by": "; ".join(by) or "–"}  # fmt: skip


def _settling(pair: PairComparison, scheme: Scheme) -> dict[str, object]:
    usable = rows_of(pair.left, pair.usable).usable
    themes = [row for row, may in zip(pair.rows, usable, strict=True) if may and row.family == "theme"]
    waiting = [row for row in themes if not wording.is_judged(row) and row.left.blocks + row.right.blocks]
    if not waiting:
        return {"open": 0}
    row = max(waiting, key=lambda row: row.left.blocks + row.right.blocks)
    found = robustness.what_would_settle(pair, ("theme", row.id))
    sizes = (len(pair.left.blocks), len(pair.right.blocks))
    needs = {"left": found.left, "right": found.right, "each": found.each}
    needed = {name: "–" if need is None else say("methods.blocks_needed", needed=need, there=there)
              for (name, need), there in zip(needs.items(), (*sizes, max(sizes)), strict=True)}  # fmt: skip
    return {"open": len(waiting), "theme": scheme.theme_label[row.id], "power": found.power, **needed}


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
