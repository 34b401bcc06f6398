"""How far the comparisons of measured reports can be trusted: placebo, sensitivity, simulation."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.by_place import Sides
from policybook.analysis.compare import PairComparison
from policybook.analysis.halves import Halves, compare_halves
from policybook.analysis.rows import Row
from policybook.analysis.sensitivity import check_sensitivity
from policybook.analysis.simulated import hash_concepts, read_simulation
from policybook.publishing.markup import Html, render
from policybook.publishing.reports_data import Reports
from policybook.publishing.reports_views import pair_name
from policybook.publishing.reports_words import capitalise
from policybook.publishing.tables import show_table
from policybook.words.comparisons import change_words
from policybook.words.say import listed


def find_halves(reports: Reports) -> list[Halves]:
    """Return the placebo of every place that has documents enough for two halves."""
    serial = reports.denominators[0].serial
    made = (compare_halves(reports.counts, place, serial=serial) for place in reports.places)
    return [one for one in made if one is not None]


def placebo_sentence(reports: Reports, halves: list[Halves]) -> str:
    """Return how often halves of one place differ as places are said to."""
    if not halves:
        return "No place has documents enough to set one half of its years against the other as a placebo."
    told = [
        f"{one.directional} of {one.deals} deals of {reports.name(one.place)} (the largest difference of a theme is "
        f"{100 * one.usual_difference:.1f} points at the median)"
        for one in halves
    ]
    made = [sides.result for sides in reports.compared[0] if sides.over_all_years and sides.result]
    largest = [max(abs(row.difference) for row in one.rows if row.family == "theme") for one in made]
    here = listed([f"{100 * one:.1f}" for one in largest])
    return (
        "The years of one place were dealt into two halves by chance, and the halves compared as places "
        f"are. Some theme got a direction in {listed(told)}. Halves are smaller than places, so they differ further by "
        f"chance. Between the places the largest differences are {here} points."
    )


def sensitivity_table(reports: Reports) -> Html:
    """Return, for every comparison that gave a direction, how many directions stay when something is left out."""
    rows = [_checks(reports, sides, sides.result) for sides in reports.compared[0] if _directed(sides)]
    if not rows:
        return render("nothing", sentence="No difference was found that could be lost.")
    labels = {"name": "Comparison"} | {name: capitalise(name) for name in rows[0] if name not in ("pair", "name")}
    caption = "How many of the differences found stay"
    return show_table(pd.DataFrame(rows), labels, caption=caption, name="sensitivity")


def sensitivity_sentence() -> str:
    """Return what can be varied where only counts are at hand."""
    return (
        "A difference is stated only if it survives leaving out each document. Passages and other block "
        "lengths cannot be tried, because the measured tables hold counts of blocks and no text; whoever has the texts "
        "can measure them again."
    )


def _directed(sides: Sides) -> list[Row]:
    return [row for row in sides.result.rows if row.verdict.startswith("more")] if sides.result else []


def _checks(reports: Reports, sides: Sides, result: PairComparison | None) -> dict[str, str]:
    assert result is not None
    directed = _directed(sides)
    when = f", {reports.era_years(sides.era)}" if sides.era else ""
    row = {"pair": pair_name(sides), "name": f"{capitalise(result.labels[0])} and {result.labels[1]}{when}"}
    for check in check_sensitivity(result, sides.selections, ()):
        outcomes = Counter(check.outcomes[one.family, one.id] for one in directed)
        possible = outcomes["not possible"] < len(directed)
        row[change_words(check.what)] = f"{outcomes['survives']} of {len(directed)}" if possible else "not possible"
    return row


def simulation_sentence(reports: Reports) -> str:
    """Return how often the method errs on sides drawn from these blocks, as the kept summary says."""
    table = read_simulation(reports.book.project, reports.settings.corpus)
    bar = 1 - thresholds.CONFIDENCE
    if table is None:
        return "None has been made on these counts; benchmarks/simulation_places.py does."
    worst = max(float(table["false_themes"].max()), float(table["false_concepts"].max()))
    held = "stays below" if worst < bar else "reaches" if worst == bar else "exceeds"
    stale = set(table["concepts_sha256"]) != {hash_concepts(reports.measured)}
    old = " It was made on an earlier measurement of these texts." if stale else ""
    if reports.age.not_counted:
        old += " It was made with the concepts of these texts as they were measured."
    coverage = table["coverage"]
    return (
        f"Both sides were drawn {int(table['draws'].min()):,} times from the same blocks, document by "
        f"document, at the sizes of each of the {len(table)} comparisons of places. The share of draws with a false "
        f"verdict in a family of rows is at most {worst:.3f} and {held} the {bar:.2f} allowed; the 95 % intervals hold "
        f"the truth in {100 * coverage.min():.1f} to {100 * coverage.max():.1f} % of cases.{old}"
    )


def simulation_table(reports: Reports) -> Html:
    """Return the error rates of every comparison imitated."""
    table = read_simulation(reports.book.project, reports.settings.corpus)
    if table is None:
        return render("nothing", sentence="No simulation was kept for these counts.")
    shown = table.assign(
        sides=[
            f"{capitalise(reports.name(a))} and {reports.name(b)}"
            for a, b in zip(table["left"], table["right"], strict=True)
        ],
        of=table["within"].map({"all": "all", "within": "of the field"}),
        when=[reports.era_years(era) for era in table["era"]],
    ).astype({"left_blocks": int, "right_blocks": int})
    labels = {
        "sides": "Sides", "of": "Blocks", "when": "Years", "left_blocks": "left", "right_blocks": "right",
        "false_themes": "False, themes", "false_concepts": "False, concepts", "coverage": "Coverage",
    }  # fmt: skip
    caption = "Share of draws with a false verdict in each family, and coverage of the 95 % intervals"
    return show_table(shown, labels, caption=caption, name="simulation")
