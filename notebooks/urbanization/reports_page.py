"""What the page of the official reports shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison, Sides
from policybook.analysis.counts import Row
from policybook.analysis.directives import shares_of_total
from policybook.analysis.measured_counts import PlaceUptake, Uptake, UptakeOutcome
from policybook.analysis.robustness import Halves, check_sensitivity, compare_halves
from policybook.analysis.simulation import hash_concepts, read_simulation
from policybook.charts.bars import bar_chart
from policybook.charts.differences import difference_chart
from policybook.charts.lines import yearly_chart
from policybook.charts.theme import Chart
from policybook.coding.measured import measured_names
from policybook.corpus.corpus import records
from policybook.corpus.manifest import load_recommended
from policybook.pages.book import Book
from policybook.pages.html import Html, in_words, render, show_table
from policybook.words.comparisons import change_words, lacking_words, reason_words, share_words
from policybook.words.say import listed, names_of, say
from urbanization.reports import (
    REPORTS_PAGE,
    Reports,
    ReportSettings,
    addresses_sentence,
    capitalise,
    documents_table,
    early_sentence,
    evidence,
    evidence_anchor,
    find_settings,
    missing_sentence,
    outline_chart,
    outline_table,
    outlines_note,
    percent,
    rests_sentence,
    sides_table,
    texts_sentence,
    year_span,
)

# What the page of measured reports says in sentences; every number in them comes from the tables ---


LEFT_SIDE, RIGHT_SIDE = "more in left", "more in right"
#: What stands in the place of a number that nobody counted.
NOT_COUNTED = "not counted"


def reports_answer(reports: Reports) -> str:
    """Return who speaks more often of what, over all years and within all blocks."""
    documents = len(reports.counts.documents)
    every = [year for years in reports.years.values() for year in years]
    start = f"Judged by {documents} {reports.settings.kind}s of {year_span(every)}"
    pairs = [sides for sides in reports.compared[0] if sides.over_all_years]
    return f"{start}, {_clauses(reports, pairs)}."


def answer_within(reports: Reports) -> str:
    """Return the end of a sentence that says the same within the blocks that speak of the field."""
    pairs = [sides for sides in reports.compared[1] if sides.over_all_years]
    return f"{_clauses(reports, pairs)}."


def answer_concepts(reports: Reports) -> str:
    """Return which concepts differ between two places over all years and within all blocks."""
    pairs = [sides.result for sides in reports.compared[0] if sides.over_all_years and sides.result]
    rows = [[row for row in result.rows if row.family == "concept"] for result in pairs]
    found = [clause for result, some in zip(pairs, rows, strict=True) for clause in _directions(reports, result, some)]
    if not found:
        return "Of the single concepts, none is clearly more frequent in one place than in another."
    return f"Of the single concepts, {'; '.join(found)}."


def answer_change(reports: Reports) -> str:
    """Return what changed in the places between eras that have documents enough."""
    made = [sides.result for sides in reports.changes if sides.result]
    changed = [row for one in made for row in one.rows if row.family == "theme" and row.verdict in (LEFT_SIDE, RIGHT_SIDE)]
    if not made:
        return "No place has documents enough in two eras for a statement on change."
    if changed:
        return changes_sentence(reports)
    spans = listed(list(dict.fromkeys(f"{one.labels[0]} to {one.labels[1]}" for one in made)))
    places = listed(list(dict.fromkeys(reports.name(str(sides.place)) for sides in reports.changes)))
    return f"From {spans}, no theme changed clearly in the reports of {places}."


def eras_sentence(reports: Reports) -> str:
    """Return what holds in each era, and where there are too few documents to say."""
    parts = []
    for era in reports.eras:
        pairs = [sides for sides in reports.compared[0] if sides.era == era]
        if any(sides.result for sides in pairs):
            parts.append(f"In {reports.era_name(era)}, {_clauses(reports, pairs)}.")
        else:
            why = listed(list(dict.fromkeys(lacking_words(part) for sides in pairs for part in sides.why)))
            parts.append(f"For {reports.era_name(era)} nothing can be said in general: {why}.")
    return " ".join(parts)


def changes_sentence(reports: Reports) -> str:
    """Return what changed in each place from era to era."""
    parts = []
    for place in reports.places:
        own = [sides for sides in reports.changes if sides.place == place]
        name = capitalise(reports.name(place))
        if not own:
            parts.append(f"{name} has no two eras with {thresholds.MIN_DOCUMENTS} documents each.")
        for sides in own:
            assert sides.result is not None
            parts.append(f"{name}, {_change(reports, sides.result)}.")
    left_out = [
        f"{reports.era_name(era)} of {reports.name(place)}"
        for place in reports.places
        for era in reports.eras
        if 0 < len(reports.counts.select(place=place, era=era).documents) < thresholds.MIN_DOCUMENTS
    ]
    few = f" Too few documents for a general statement: {listed(left_out)}." if left_out else ""
    return " ".join(parts) + few


def concepts_sentence(reports: Reports, result: PairComparison) -> str:
    """Return which concepts differ between two places, and how many can be judged."""
    rows = [row for row in result.rows if row.family == "concept"]
    judged = sum(row.verdict != "too little evidence" for row in rows)
    found = _directions(reports, result, rows)
    said = "; ".join(found) if found else "none is clearly more frequent on one side"
    return f"Of {judged} concepts that can be judged, {said}."


def _clauses(reports: Reports, pairs: Iterable[Sides]) -> str:
    """Return a clause for every pair; those without any difference are told together."""
    found, same, unsaid = [], [], []
    for sides in pairs:
        both = f"{reports.name(sides.left)} and {reports.name(sides.right)}"
        themes = [row for row in sides.result.rows if row.family == "theme"] if sides.result else []
        if sides.result and (clauses := _directions(reports, sides.result, themes)):
            found += clauses
        elif any(row.eligible for row in themes):
            same.append(both)
        else:
            unsaid.append(both)
    if same and not found and not unsaid and len(same) > 1:
        return "no theme differs clearly between any two of them"
    if same:
        found.append(f"between {' or between '.join(same)} no theme differs clearly")
    if unsaid:
        found.append(f"of {' and of '.join(unsaid)} nothing can be said")
    return "; ".join(found)


def _directions(reports: Reports, result: PairComparison, rows: Sequence[Row]) -> list[str]:
    left, right = result.labels
    clauses = []
    for verdict, more, less in ((RIGHT_SIDE, right, left), (LEFT_SIDE, left, right)):
        named = [_named(reports, row) for row in rows if row.verdict == verdict]
        if named:
            clauses.append(f"{more} speaks more often than {less} of {listed(named)}")
    return clauses


def _change(reports: Reports, result: PairComparison) -> str:
    rows = [row for row in result.rows if row.family == "theme" and row.counted]
    before, after = result.labels
    parts = [
        f"{word} often of {listed(named)}"
        for verdict, word in ((RIGHT_SIDE, "more"), (LEFT_SIDE, "less"))
        if (named := [_named(reports, row) for row in rows if row.verdict == verdict])
    ]
    when = f"in {after} against {before}"
    judged = sum(row.verdict != "too little evidence" for row in rows)
    if not parts:
        largest = max(rows, key=lambda row: abs(row.difference))
        shares = f"{percent(largest.left.share)} to {percent(largest.right.share)}"
        return (
            f"{when}: none of {judged} themes that can be judged differs clearly; the largest difference is in "
            f"“{reports.label(largest.family, largest.id)}” ({shares})"
        )
    return f"{when}: speaks {' and '.join(parts)}"


def _named(reports: Reports, row: Row) -> str:
    return f"“{reports.label(row.family, row.id)}” ({share_words(row)})"


# Charts and tables of places compared, for the page of measured reports ----------------------------


#: A chart shows every theme, every concept with a direction, and of the others those that differ most, up to this many.
CONCEPTS_IN_CHART = 12
#: What shares are of, by the name of their denominator.
OF = {"all": "all blocks", "within": "the blocks that speak of the field"}


def pair_name(sides: Sides) -> str:
    """Return the name of a comparison, for addresses on the page."""
    return "-".join(part.strip("-") for part in (sides.place, sides.left, sides.right, sides.era) if part)


def difference_charts(reports: Reports, compared: Iterable[tuple[str, Sides]]) -> Iterator[Chart]:
    """Yield a chart for every comparison that was made; `compared`: name of the denominator and comparison."""
    for within, sides in compared:
        if sides.result is not None:
            yield _difference_chart(reports, within, sides, sides.result)


def _difference_chart(reports: Reports, within: str, sides: Sides, result: PairComparison) -> Chart:
    left, right = result.labels
    sizes = len(result.left.blocks), len(result.right.blocks)
    smallest = thresholds.LARGE_MIN_DIFFERENCE if min(sizes) >= thresholds.LARGE_BLOCKS else thresholds.MIN_DIFFERENCE
    rows = pd.DataFrame([_chart_row(reports, row, sizes) for row in _shown(result)])
    unshown = sum(row.eligible for row in result.rows) - len(rows)
    uncounted = [reports.label(row.family, row.id) for row in result.rows if not row.counted and row.family == "theme"]
    lacking = f" Not counted: {listed(uncounted)}." if uncounted else ""
    rest = f" {unshown} more concepts can be judged; the table has all." if unshown > 0 else ""
    caption = (
        f"{capitalise(left)} and {right}: differences in the share of {OF[within]}, {sizes[0]:,} and {sizes[1]:,}, "
        f"from {sides.documents[0]} and {sides.documents[1]} documents.{rest}{lacking}"
    )
    name = f"difference-{pair_name(sides)}-{within}"
    return difference_chart(name, rows, left, right, caption, smallest)


def _shown(result: PairComparison) -> list[Row]:
    """Return the rows for a chart: themes, concepts with a direction, and those of the others that differ most."""
    themes = [row for row in result.rows if row.family == "theme" and row.counted]
    concepts = [row for row in result.rows if row.family == "concept" and row.eligible]
    ranked = sorted(concepts, key=lambda row: (not row.verdict.startswith("more"), -abs(row.difference), row.id))
    directed = sum(row.verdict.startswith("more") for row in concepts)
    return themes + ranked[: max(CONCEPTS_IN_CHART, directed)]


def _chart_row(reports: Reports, row: Row, sizes: tuple[int, int]) -> dict[str, object]:
    return {
        "family": row.family,
        "id": row.id,
        "label": reports.label(row.family, row.id),
        **{
            name: getattr(row, name) for name in ("difference", "low95", "high95", "low", "high", "eligible", "verdict")
        },
        "left_blocks": row.left.blocks,
        "right_blocks": row.right.blocks,
        "left_total": sizes[0],
        "right_total": sizes[1],
        "href": f"#{evidence_anchor(row.family, row.id)}",
    }


def reports_pair_table(reports: Reports, both: Sequence[tuple[str, Sides]]) -> Html:
    """Return a table of one comparison within all blocks and within the field, side by side: a row a theme or concept.

    Rows that stand on neither side are left out, those that were not counted say so. Labels and counts lead to their
    evidence.
    """
    first = both[0][1]
    data = pd.DataFrame(_table_rows(reports, both))
    left, right = (capitalise(label) for label in (reports.name(first.left), reports.name(first.right)))
    labels = {"label": "Theme or concept"}
    for within, name in (("all", "of all"), ("within", "of the field")):
        labels |= {
            f"{within}_left": f"{left}, {name}",
            f"{within}_right": f"{right}, {name}",
            f"{within}_difference": "Points (at once)",
            f"{within}_verdict": "Verdict",
        }
    links = {"label": "evidence"}
    links |= {f"{w}_{side}": f"evidence_{side}" for w, _ in both for side in ("left", "right")}
    when = f", {reports.era_years(first.era)}" if first.era else ""
    caption = f"{left} and {right}{when}: blocks that carry each row, the difference of shares, and the verdict"
    shown = {column: heading for column, heading in labels.items() if column in data}
    return show_table(data, shown, caption=caption, name=f"places-{pair_name(first)}", links=links)


def _table_rows(reports: Reports, both: Sequence[tuple[str, Sides]]) -> Iterator[dict[str, object]]:
    made = [(within, sides, sides.result) for within, sides in both if sides.result is not None]
    for rows in zip(*(result.rows for _, _, result in made), strict=True):
        if rows[0].counted and not rows[0].left.blocks + rows[0].right.blocks:
            continue
        sides = made[0][1]
        family, identifier = rows[0].family, rows[0].id
        cells: dict[str, object] = {
            "family": family,
            "id": identifier,
            "label": reports.label(family, identifier),
            "evidence": f"#{evidence_anchor(family, identifier)}",
            "evidence_left": f"#{evidence_anchor(family, identifier, sides.left)}",
            "evidence_right": f"#{evidence_anchor(family, identifier, sides.right)}",
        }
        for (within, _, result), row in zip(made, rows, strict=True):
            cells |= _cells(within, row, result)
        yield cells


def _cells(within: str, row: Row, result: PairComparison) -> dict[str, object]:
    if not row.counted:
        nowhere = dict.fromkeys((f"{within}_left", f"{within}_right", f"{within}_verdict"), NOT_COUNTED)
        return {**nowhere, f"{within}_difference": "", f"{within}_reason": row.reason}
    verdict = {"more in left": f"more: {result.labels[0]}", "more in right": f"more: {result.labels[1]}"}
    said = verdict.get(row.verdict, row.verdict) + (", fragile" if row.fragile else "")
    bounds = f"{100 * row.difference:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f})".replace("-", "−")
    return {
        f"{within}_left": f"{row.left.blocks} ({percent(row.left.share)})",
        f"{within}_right": f"{row.right.blocks} ({percent(row.right.share)})",
        f"{within}_difference": bounds if row.eligible else "",
        f"{within}_verdict": said,
        f"{within}_reason": reason_words(row.reason),
    }


def theme_grid(reports: Reports, compared: Sequence[Sides], name: str, caption: str) -> Html:
    """Return a table with a row a theme and a column a comparison: both shares and the verdict."""
    made = [(sides, sides.result) for sides in compared if sides.result is not None]
    labels = {"label": "Theme"} | {f"c{n}": _heading(reports, sides) for n, (sides, _) in enumerate(made)}
    rows = []
    for theme in reports.book.scheme.themes:
        cells: dict[str, object] = {"label": theme.label, "href": f"#{evidence_anchor('theme', theme.id)}"}
        for n, (_, result) in enumerate(made):
            row = result.row(("theme", theme.id))
            said = str(_cells("x", row, result)["x_verdict"])
            shares = f"{percent(row.left.share)} and {percent(row.right.share)}"
            cells[f"c{n}"] = f"{shares}: {said}" if row.counted else said
        rows.append(cells)
    links = dict.fromkeys(labels, "href")
    return show_table(pd.DataFrame(rows), labels, caption=caption, name=name, links=links)


def _heading(reports: Reports, sides: Sides) -> str:
    assert sides.result is not None
    left, right = sides.result.labels
    where = f"{reports.name(sides.place)}: " if sides.place else ""
    return f"{capitalise(where + left)} and {right}"


def yearly(reports: Reports) -> Chart:
    """Return the shares of every theme year by year, a column a place."""
    parts = []
    for place in reports.places:
        rows = reports.by_year("theme", place)
        parts.append(rows.assign(group=capitalise(reports.name(place)), place=place))
    rows = pd.concat(parts, ignore_index=True)
    order = {theme.id: n for n, theme in enumerate(reports.book.scheme.themes)}
    rows = rows.iloc[rows["id"].map(order).argsort(kind="stable")]
    rows["label"] = [reports.label("theme", str(row.id)) for row in records(rows)]
    rows["href"] = [f"#{evidence_anchor('theme', str(row.id), str(row.place))}" for row in records(rows)]
    uncounted = [t.label for t in reports.book.scheme.themes if not reports.is_counted("theme", t.id)]
    lacking = f" Not counted: {listed(uncounted)}." if uncounted else ""
    ends = [int(era.ends[:4]) for era in reports.book.vocabulary.eras if era.id in reports.eras and era.ends]
    caption = (
        "Share of the blocks of each year that carry each theme, with 95 % intervals for each share by itself. "
        "The panels of a theme have one scale. Dotted lines part the eras. A mark leads to its counts."
        f"{lacking}"
    )
    return yearly_chart("years", rows, caption, [end + 0.5 for end in ends])


# How far the comparisons of measured reports can be trusted: placebo, sensitivity, simulation ------


def find_halves(reports: Reports) -> list[Halves]:
    """Return the placebo of every place that has documents enough for two halves."""
    serial = reports.denominators[0].serial
    made = (compare_halves(reports.counts, place, serial=serial) for place in reports.places)
    return [one for one in made if one is not None]


def reports_placebo(reports: Reports, halves: list[Halves]) -> str:
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


# Uptake and means, for the page of measured reports ------------------------------------------------


_TOLD: Mapping[UptakeOutcome, str] = {
    "later": "{} later",
    "same year": "{} in the same year",
    "before": "{} before the centre",
    "not yet": "{} not at all",
}


def uptake_sentence(reports: Reports) -> str:
    """Return how many words are new with the centre, and what became of them in each place."""
    found = reports.uptakes
    if not found:
        return "No word can be shown to be new with the centre in these years."
    parts = [f"Of the words compared, {len(found)} can be shown to be new with the centre in these years"]
    for place in reports.settings.places:
        outcomes = Counter(one.outcome for word in found for one in word.places if one.place == place)
        told = [text.format(outcomes[outcome]) for outcome, text in _TOLD.items() if outcomes[outcome]]
        unsaid = outcomes["too little"]
        rest = f"; for {unsaid} there is too little to tell" if unsaid else ""
        parts.append(f"{reports.name(place)} has {listed(told) or 'none that can be dated'}{rest}")
    return "; ".join(parts) + "."


def uptake_table(reports: Reports) -> Html:
    """Return a row for every word that is new with the centre: when there, and when in each place."""
    if not reports.uptakes:
        return render("nothing", sentence="No word can be shown to be new with the centre.")
    rows = [_uptake_row(reports, word) for word in reports.uptakes]
    labels = {"label": "Word", "first": f"New with {reports.name(reports.settings.centre)}"}
    labels |= {place: capitalise(reports.name(place)) for place in reports.settings.places}
    links = {"label": "href", "first": "href_centre"} | {place: f"href_{place}" for place in reports.settings.places}
    caption = "Words that are new with the centre, by the first year, and when each place has them"
    return show_table(pd.DataFrame(rows), labels, caption=caption, name="uptake", links=links)


def _uptake_row(reports: Reports, word: Uptake) -> dict[str, object]:
    row: dict[str, object] = {
        "concept": word.concept,
        "label": reports.label("concept", word.concept),
        "href": f"#{evidence_anchor('concept', word.concept)}",
        "href_centre": f"#{evidence_anchor('concept', word.concept, reports.settings.centre)}",
        "first": f"{word.first} ({word.blocks} blocks)",
    }
    for one in word.places:
        row[one.place] = _outcome(one)
        row[f"href_{one.place}"] = f"#{evidence_anchor('concept', word.concept, one.place)}" if one.blocks else ""
    return row


def _outcome(one: PlaceUptake) -> str:
    years = abs(one.years or 0)
    many = f"{years} year{'s' * (years != 1)}"
    return {
        "later": f"{many} later ({one.first})",
        "same year": "in the same year",
        "before": f"{many} before ({one.first})",
        "not yet": "not in these reports",
        "too little": say(f"measured.uptake.{one.why}") if one.why else "",
    }[one.outcome]


def directive_shares(reports: Reports, what: str) -> pd.DataFrame:
    """Return the shares of directives by instrument or strength in each place, as charts.bars takes them."""
    names = names_of(what)
    columns = [f"{what}_{code}" for code in names]
    blocks = reports.measured.blocks
    parts = []
    for place in reports.places:
        documents = reports.counts.select(place=place).documents["document"]
        shares = shares_of_total(blocks[blocks["document"].isin(documents)], columns)
        parts.append(
            shares.reset_index(drop=True).assign(
                category=list(names.values()), group=capitalise(reports.name(place)), href="#table-documents"
            )
        )
    return pd.concat(parts, ignore_index=True)


def means_sentence(reports: Reports) -> str:
    """Return which instrument and which strength are the most frequent in each place."""
    if not reports.age.holds("directives"):
        return f"Directives are not counted. {reports.not_counted}"
    parts = []
    for what in ("instrument", "strength"):
        rows = directive_shares(reports, what)
        if not rows["total"].sum():
            return "No directive was coded in these texts."
        said: dict[str, list[str]] = {}
        for place, some in zip(reports.places, (some for _, some in rows.groupby("group", sort=False)), strict=True):
            first = some.sort_values("count", ascending=False, kind="stable").iloc[0]
            said.setdefault(str(first["category"]), []).append(
                f"{reports.name(place)} {percent(float(first['share']))}"
            )
        told = listed([f"“{category}” ({', '.join(places)})" for category, places in said.items()])
        parts.append(f"The most frequent {what} is {told}.")
    return " ".join(parts)


def directive_chart(reports: Reports, what: str) -> Chart | Html:
    """Return a chart of the shares of directives by instrument or strength, place by place."""
    if not reports.age.holds("directives"):
        return render("nothing", sentence="Directives are not counted: these texts were measured with other rules.")
    rows = directive_shares(reports, what)
    if not rows["total"].sum():
        return render("nothing", sentence="No directive was coded in these texts.")
    caption = (
        f"Share of the directives of each place's documents by {what}, with 95 % intervals that take whole documents "
        "as what is sampled. In brackets: all directives. Bars lead to the documents with their counts."
    )
    return bar_chart(f"directives-{what}", rows.fillna({"low": 0.0, "high": 0.0}), caption, stacked=False)


# What the page of measured reports shows, and the sentence that other pages take from it -----------


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
            "answer": f"{reports_answer(reports)} {reports.not_counted}".strip(),
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
            "placebo": reports_placebo(reports, self._halves),
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
                parts.append((f"{capitalise(left)} and {right}. {said}", reports_pair_table(self.reports, both)))
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


# What other pages take from the measured reports: their answer in a sentence, what they are not, and a link ---


def headline(book: Book, base: str = "") -> Html:
    """Return what the reports answer, with a link to their page; empty where nothing is measured or no page is made.

    `base` leads from the page it stands on to the root of the site ("" or "../").
    """
    found = _measured(book)
    if found is None:
        return _empty()
    sentence = f"{reports_answer(found)} {answer_change(found)}" if found.countable else ""
    sentence = f"{sentence} {found.not_counted}".strip()
    lead = "The centre and the provinces in their own reports."
    return _sentence(sentence, base, "answer", "What else they show, and how it was counted", lead)


def reports_limits(book: Book, base: str = "../") -> Html:
    """Return which measured texts there are and which are missing; empty where nothing is measured."""
    found = _measured(book)
    if found is None:
        return _empty()
    sentence = " ".join((texts_sentence(found), missing_sentence(found), early_sentence(found), found.not_counted))
    return _sentence(sentence.strip(), base, "texts", "More on these texts", "What was measured.")


def _measured(book: Book) -> Reports | None:
    settings = find_settings(book.project)
    if settings is None or settings.corpus not in measured_names(book.project):
        return None
    return Reports(book, settings)


def _sentence(sentence: str, base: str, anchor: str, link: str, lead: str) -> Html:
    said = in_words(sentence).markup
    return render("headline", lead=lead, sentence=said, address=f"{base}{REPORTS_PAGE}.html#{anchor}", link=link)


def _empty() -> Html:
    return Html(Markup(""))
