"""What the page of the official reports shows and says, and the sentences that other pages take from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison, Sides
from policybook.analysis.counts import Row
from policybook.analysis.directives import shares_of_total
from policybook.analysis.measured_counts import PlaceUptake
from policybook.analysis.robustness import check_sensitivity, compare_halves
from policybook.analysis.simulation import read_simulation
from policybook.charts.bars import bar_chart
from policybook.charts.differences import difference_chart
from policybook.charts.lines import yearly_chart
from policybook.charts.theme import Chart
from policybook.coding.measured import measured_names
from policybook.pages.book import Book
from policybook.pages.html import Html, in_words, render, show
from policybook.words.comparisons import reason_words, share_words
from policybook.words.say import names_of, say, say_finding
from urbanization.rates import folded
from urbanization.reports import (
    REPORTS_PAGE,
    Reports,
    ReportSettings,
    addresses_sentence,
    capitalise,
    early_sentence,
    evidence_anchor,
    find_settings,
    missing_sentence,
    outlines_note,
    rests_sentence,
    share_in_percent,
    texts_sentence,
    year_span,
)

# What the page of measured reports says in sentences; every number in them comes from the tables ---

LEFT_SIDE, RIGHT_SIDE = "more in left", "more in right"


def open_reports(book: Book, **parameters: Any) -> Reports:
    """Return the measured corpus that the parameters of ReportSettings name; its `nothing` says if there is none.

    Raises SelectionError, when it is first counted, where they name something that there is not.
    """
    return Reports(book, ReportSettings(**parameters))


def report_values(reports: Reports) -> Mapping[str, object]:
    """Return what the page's prose says; nothing but why there is nothing where nothing is measured."""
    if reports.nothing:
        return dict.fromkeys(_SENTENCES, "") | {"answer": reports.nothing}
    return {name: make(reports) for name, make in _SENTENCES.items()}


def reports_answer(reports: Reports) -> str:
    """Return who speaks more often of what, over all years and within all blocks."""
    every = [year for years in reports.years.values() for year in years]
    return say(
        "reports.answer",
        documents=len(reports.counts.documents), kind=reports.settings.kind, years=year_span(every),
        clauses=_clauses(reports, _over_all_years(reports)),
    )  # fmt: skip


def answer_within(reports: Reports) -> str:
    """Return the end of a sentence that says the same within the blocks that speak of the field."""
    return f"{_clauses(reports, [sides for sides in reports.compared[1] if sides.over_all_years])}."


def answer_concepts(reports: Reports) -> str:
    """Return which concepts differ between two places over all years and within all blocks."""
    pairs = [sides.result for sides in _over_all_years(reports) if sides.result]
    found = [clause for result in pairs for clause in _directions(reports, result, _of_family(result, "concept"))]
    return say("reports.concepts.found", clauses=found) if found else say("reports.concepts.none")


def answer_change(reports: Reports) -> str:
    """Return what changed in the places between eras that have documents enough."""
    made = [sides.result for sides in reports.changes if sides.result]
    if not made:
        return say("reports.change.no_eras")
    if any(row.verdict in (LEFT_SIDE, RIGHT_SIDE) for one in made for row in _of_family(one, "theme")):
        return changes_sentence(reports)
    spans = dict.fromkeys(f"{one.labels[0]} to {one.labels[1]}" for one in made)
    places = dict.fromkeys(reports.name(str(sides.place)) for sides in reports.changes)
    return say("reports.change.none", spans=spans, places=places)


def eras_sentence(reports: Reports) -> str:
    """Return what holds in each era, and where there are too few documents to say."""
    parts = []
    for era in reports.eras:
        pairs, name = [sides for sides in reports.compared[0] if sides.era == era], reports.era_name(era)
        if any(sides.result for sides in pairs):
            parts.append(say("reports.eras.found", era=name, clauses=_clauses(reports, pairs)))
        else:
            why = dict.fromkeys(say_finding("comparison.lacking", part) for sides in pairs for part in sides.why)
            parts.append(say("reports.eras.nothing", era=name, why=why))
    return " ".join(parts)


def changes_sentence(reports: Reports) -> str:
    """Return what changed in each place from era to era."""
    parts = []
    for place in reports.places:
        own, name = [sides.result for sides in reports.changes if sides.place == place], capitalise(reports.name(place))
        if not own:
            parts.append(say("reports.change.no_two", place=name, least=thresholds.MIN_DOCUMENTS))
        parts += [_change(reports, name, result) for result in own if result]
    few = [
        say("reports.change.era_of", era=reports.era_name(era), place=reports.name(place))
        for place in reports.places
        for era in reports.eras
        if 0 < len(reports.counts.select(place=place, era=era).documents) < thresholds.MIN_DOCUMENTS
    ]
    return " ".join([*parts, *([say("reports.change.too_few", eras=few)] if few else [])])


def concepts_sentence(reports: Reports, result: PairComparison) -> str:
    """Return which concepts differ between two places, and how many can be judged."""
    rows = _of_family(result, "concept")
    return say("reports.concepts.judged", judged=_judged(rows), clauses=_directions(reports, result, rows))


def _over_all_years(reports: Reports) -> list[Sides]:
    return [sides for sides in reports.compared[0] if sides.over_all_years]


def _of_family(result: PairComparison, family: str) -> list[Row]:
    return [row for row in result.rows if row.family == family]


def _judged(rows: Iterable[Row]) -> int:
    return sum(row.verdict != "too little evidence" for row in rows)


def _clauses(reports: Reports, pairs: Iterable[Sides]) -> str:
    """Return a clause for every pair; those without any difference are told together."""
    found: list[str] = []
    same: list[str] = []
    unsaid: list[str] = []
    for sides in pairs:
        both = say("reports.and", one=reports.name(sides.left), other=reports.name(sides.right))
        themes = _of_family(sides.result, "theme") if sides.result else []
        if sides.result and (clauses := _directions(reports, sides.result, themes)):
            found += clauses
        else:
            (same if any(row.eligible for row in themes) else unsaid).append(both)
    if len(same) > 1 and not found and not unsaid:
        return say("reports.clauses.none_differs")
    found += [say("reports.clauses.same", pairs=same)] if same else []
    found += [say("reports.clauses.unsaid", pairs=unsaid)] if unsaid else []
    return "; ".join(found)


def _directions(reports: Reports, result: PairComparison, rows: Sequence[Row]) -> list[str]:
    left, right = result.labels
    return [
        say("reports.clauses.speaks", more=more, less=less, named=named)
        for verdict, more, less in ((RIGHT_SIDE, right, left), (LEFT_SIDE, left, right))
        if (named := _named(reports, rows, verdict))
    ]


def _named(reports: Reports, rows: Iterable[Row], verdict: str) -> list[str]:
    return [
        say("reports.clauses.named", label=reports.label(row.family, row.id), shares=share_words(row))
        for row in rows
        if row.verdict == verdict
    ]


def _change(reports: Reports, place: str, result: PairComparison) -> str:
    rows = [row for row in _of_family(result, "theme") if row.counted]
    parts = [
        say(f"reports.change.{word}", named=named)
        for verdict, word in ((RIGHT_SIDE, "more"), (LEFT_SIDE, "less"))
        if (named := _named(reports, rows, verdict))
    ]
    largest = max(rows, key=lambda row: abs(row.difference))
    shares = f"{share_in_percent(largest.left.share)} to {share_in_percent(largest.right.share)}"
    return say(
        "reports.change.told",
        place=place, before=result.labels[0], after=result.labels[1], parts=parts, judged=_judged(rows),
        label=reports.label(largest.family, largest.id), shares=shares,
    )  # fmt: skip


# Charts and tables of places compared --------------------------------------------------------------

#: A chart shows every theme, every concept with a direction, and of the others those that differ most, up to this many.
CONCEPTS_IN_CHART = 12
#: By what shares are taken: all blocks, and those that speak of the field.
DENOMINATORS = ("all", "within")


def pairs_of(reports: Reports, era: str | None = None) -> list[tuple[str, Sides]]:
    """Return every two places in an era (None: all years), each within all blocks and then within the field."""
    if reports.nothing:
        return []
    one, other = ([sides for sides in compared if sides.era == era] for compared in reports.compared)
    return [pair for both in zip(one, other, strict=True) for pair in zip(DENOMINATORS, both, strict=True)]


def pair_name(sides: Sides) -> str:
    """Return the name of a comparison, for addresses on the page."""
    return "-".join(part.strip("-") for part in (sides.place, sides.left, sides.right, sides.era) if part)


def difference_charts(reports: Reports, pairs: Iterable[tuple[str, Sides]]) -> Html:
    """Return a chart for every comparison that was made (see pairs_of)."""
    return stacked(
        _difference_chart(reports, within, sides, sides.result) for within, sides in pairs if sides.result is not None
    )


def _difference_chart(reports: Reports, within: str, sides: Sides, result: PairComparison) -> Chart:
    sizes = len(result.left.blocks), len(result.right.blocks)
    shown = _shown(result)
    rows = pd.DataFrame([_chart_row(reports, row, sizes) for row in shown])
    uncounted = [reports.label("theme", row.id) for row in _of_family(result, "theme") if not row.counted]
    left, right = result.labels
    caption = say(
        "reports.difference_caption",
        left=capitalise(left), right=right, of=say(f"reports.of.{within}"), sizes=[f"{size:,}" for size in sizes],
        documents=sides.documents, more=sum(row.eligible for row in result.rows) - len(shown),
        lacking=say("reports.lacking", themes=uncounted),
    )  # fmt: skip
    return difference_chart(f"difference-{pair_name(sides)}-{within}", rows, left, right, caption)


def _shown(result: PairComparison) -> list[Row]:
    """Return the rows for a chart: themes, concepts with a direction, and those of the others that differ most."""
    concepts = [row for row in _of_family(result, "concept") if row.eligible]
    ranked = sorted(concepts, key=lambda row: (not row.verdict.startswith("more"), -abs(row.difference), row.id))
    directed = sum(row.verdict.startswith("more") for row in concepts)
    return [row for row in _of_family(result, "theme") if row.counted] + ranked[: max(CONCEPTS_IN_CHART, directed)]


def _chart_row(reports: Reports, row: Row, sizes: tuple[int, int]) -> dict[str, object]:
    names = ("family", "id", "difference", "low95", "high95", "low", "high", "eligible", "verdict")
    return {
        **{name: getattr(row, name) for name in names},
        "label": reports.label(row.family, row.id), "href": f"#{evidence_anchor(row.family, row.id)}",
        "left_blocks": row.left.blocks, "right_blocks": row.right.blocks,
        "left_total": sizes[0], "right_total": sizes[1],
    }  # fmt: skip


def pair_tables(reports: Reports, era: str | None = None) -> Html:
    """Return every theme and concept of every two places in an era (None: all years), each pair folded."""
    pairs, parts = pairs_of(reports, era), []
    for both in zip(pairs[::2], pairs[1::2], strict=True):
        if (result := both[0][1].result) is not None:
            left, right = result.labels
            said = concepts_sentence(reports, result)
            title = say("reports.fold_pair", left=capitalise(left), right=right, said=said)
            parts.append((title, _pair_table(reports, both)))
    return folded(parts) if parts else Html(Markup(""))


def _pair_table(reports: Reports, both: Sequence[tuple[str, Sides]]) -> Html:
    first = both[0][1]
    left, right = (capitalise(reports.name(place)) for place in (first.left, first.right))
    labels = {"label": say("reports.pair_labels.label")}
    for within, sides in both:
        of = say(f"reports.of_short.{within}") if within != "all" else "of all"
        if sides.result is not None:
            labels |= {f"{within}_{side}": say("reports.pair_labels.side", side=name, of=of)
                       for side, name in (("left", left), ("right", right))}  # fmt: skip
            labels |= {f"{within}_{what}": say(f"reports.pair_labels.{what}") for what in ("difference", "verdict")}
    links = {"label": "evidence"}
    links |= {f"{within}_{side}": f"evidence_{side}" for within, _ in both for side in ("left", "right")}
    when = f", {reports.era_years(first.era)}" if first.era else ""
    caption = say("reports.pair_caption", left=left, right=right, when=when)
    shown = {column: link for column, link in links.items() if column in labels}
    rows, name = pair_rows(reports, both), f"places-{pair_name(first)}"
    return show(rows, labels=labels, links=shown, caption=caption, name=name)


def pair_rows(reports: Reports, both: Sequence[tuple[str, Sides]]) -> pd.DataFrame:
    """Return one comparison within all blocks and within the field, a row a theme or concept that stands on a side.

    Columns: family, id, label, evidence, evidence_left and evidence_right (addresses); of each denominator X the cells
    X_left and X_right (blocks and share), X_difference (points with the simultaneous interval), X_verdict, X_reason.
    What was not counted says so.
    """
    made = [(within, sides.result) for within, sides in both if sides.result is not None]
    sides, found = both[0][1], []
    for rows in zip(*(result.rows for _, result in made), strict=True):
        if rows[0].counted and not rows[0].left.blocks + rows[0].right.blocks:
            continue
        family, identifier = rows[0].family, rows[0].id
        cells: dict[str, object] = {"family": family, "id": identifier, "label": reports.label(family, identifier)}
        for name, place in (("evidence", ""), ("evidence_left", sides.left), ("evidence_right", sides.right)):
            cells[name] = f"#{evidence_anchor(family, identifier, place)}"
        for (within, result), row in zip(made, rows, strict=True):
            cells |= {f"{within}_{name}": cell for name, cell in _cells(row, result).items()}
        found.append(cells)
    return pd.DataFrame(found)


def _cells(row: Row, result: PairComparison) -> dict[str, object]:
    if not row.counted:
        nothing = say("reports.not_counted")
        return {"left": nothing, "right": nothing, "verdict": nothing, "difference": "", "reason": row.reason}
    side = {LEFT_SIDE: result.labels[0], RIGHT_SIDE: result.labels[1]}.get(row.verdict)
    verdict = say("reports.more_in", side=side) if side else row.verdict
    bounds = f"{100 * row.difference:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f})".replace("-", "−")
    return {
        "left": f"{row.left.blocks} ({share_in_percent(row.left.share)})",
        "right": f"{row.right.blocks} ({share_in_percent(row.right.share)})",
        "difference": bounds if row.eligible else "",
        "verdict": verdict + (say("reports.fragile") if row.fragile else ""),
        "reason": reason_words(row.reason),
    }


def theme_grid(reports: Reports, compared: Iterable[Sides]) -> pd.DataFrame:
    """Return a row a theme and a column a comparison, named by its sides: both shares and the verdict.

    The first column is that of the themes; Theme_href leads to the evidence.
    """
    first = say("reports.theme")
    themes = reports.book.scheme.themes
    grid = pd.DataFrame({first: [theme.label for theme in themes],
                         f"{first}_href": [f"#{evidence_anchor('theme', theme.id)}" for theme in themes]})  # fmt: skip
    for sides in compared:
        if (result := sides.result) is not None:
            where = f"{reports.name(sides.place)}: " if sides.place else ""
            heading = capitalise(where + say("reports.and", one=result.labels[0], other=result.labels[1]))
            grid[heading] = [_grid_cell(result.row(("theme", theme.id)), result) for theme in themes]
            grid[f"{heading}_href"] = grid[f"{first}_href"]
    return grid


def _grid_cell(row: Row, result: PairComparison) -> str:
    said = str(_cells(row, result)["verdict"])
    left, right = share_in_percent(row.left.share), share_in_percent(row.right.share)
    return say("reports.grid_cell", left=left, right=right, verdict=said) if row.counted else said


def show_grid(grid: pd.DataFrame, caption: str, name: str, empty: str = "") -> Html:
    """Return a theme_grid as a table; `empty` is said where it has no rows."""
    columns = [str(column) for column in grid if not str(column).endswith("_href")]
    return show(grid, labels=dict(zip(columns, columns, strict=True)), caption=caption, name=name, empty=empty)


def era_parts(reports: Reports) -> Html:
    """Return the themes of every two places in each era, with charts and all concepts folded."""
    parts: list[Chart | Html] = []
    for era in () if reports.nothing else reports.eras:
        pairs = pairs_of(reports, era)
        if any(sides.result for _, sides in pairs):
            name, of = capitalise(reports.era_name(era)), {one: say(f"reports.of.{one}") for one in DENOMINATORS}
            grids = {
                one: show_grid(
                    theme_grid(reports, [sides for within, sides in pairs if within == one]),
                    say("reports.grid_caption", era=name, of=of[one]), f"themes-{era.strip('-')}-{one}",
                )
                for one in DENOMINATORS
            }  # fmt: skip
            charts = difference_charts(reports, [pair for pair in pairs if pair[0] == "all"])
            parts += [
                grids["all"],
                folded([(say("reports.fold_same", era=name, of=of["within"]), grids["within"])]),
                folded([(say("reports.fold_charts", era=name), charts)]),
                pair_tables(reports, era),
            ]
    return stacked(parts)


def stacked(parts: Iterable[Chart | Html]) -> Html:
    """Return pieces of a page below each other."""
    return render("stacked", parts=[Markup(part._repr_html_()) for part in parts])


def change_rows(reports: Reports) -> pd.DataFrame:
    """Return the eras of each place compared, theme by theme (see theme_grid); empty where no place has two eras."""
    return pd.DataFrame() if reports.nothing or not reports.changes else theme_grid(reports, reports.changes)


def year_chart(reports: Reports, rows: pd.DataFrame) -> Chart | Html:
    """Draw `year_rows`, a column a place; lines part the eras."""
    if rows.empty:
        return Html(Markup(""))
    uncounted = [t.label for t in reports.book.scheme.themes if not reports.is_counted("theme", t.id)]
    ends = [int(era.ends[:4]) for era in reports.book.vocabulary.eras if era.id in reports.eras and era.ends]
    caption = say("reports.years_caption", lacking=say("reports.lacking", themes=uncounted))
    return yearly_chart("years", rows, caption, [end + 0.5 for end in ends])


# How far the comparisons can be trusted: placebo, sensitivity, simulation --------------------------

def reports_placebo(reports: Reports) -> str:
    """Return how often halves of one place differ as places are said to."""
    serial = reports.denominators[0].serial
    halves = [compare_halves(reports.counts, place, serial=serial) for place in reports.places]
    told = [
        say("reports.placebo.place", directional=one.directional, deals=one.deals, place=reports.name(one.place),
            usual=f"{100 * one.usual_difference:.1f}")
        for one in halves if one is not None
    ]  # fmt: skip
    if not told:
        return say("reports.placebo.none")
    made = [sides.result for sides in _over_all_years(reports) if sides.result]
    largest = [max(abs(row.difference) for row in _of_family(one, "theme")) for one in made]
    return say("reports.placebo.told", told=told, largest=[f"{100 * one:.1f}" for one in largest])


def sensitivity_rows(reports: Reports) -> pd.DataFrame:
    """Return, for every comparison that gave a direction, how many directions stay when something is left out.

    Columns: comparison, and one for everything that can be left out.
    """
    if reports.nothing:
        return pd.DataFrame()
    return pd.DataFrame([
        _checks(reports, sides, sides.result, directed)
        for sides in reports.compared[0]
        if sides.result and (directed := [row for row in sides.result.rows if row.verdict.startswith("more")])
    ])  # fmt: skip


def _checks(reports: Reports, sides: Sides, result: PairComparison, directed: Sequence[Row]) -> dict[str, str]:
    when = f", {reports.era_years(sides.era)}" if sides.era else ""
    row = {"comparison": capitalise(say("reports.and", one=result.labels[0], other=result.labels[1])) + when}
    for check in check_sensitivity(result, sides.selections, ()):
        outcomes = Counter(check.outcomes[one.family, one.id] for one in directed)
        possible = outcomes["not possible"] < len(directed)
        stays = say("reports.sensitivity.stays", number=outcomes["survives"], all=len(directed))
        change = say_finding("comparison.change", check.what)
        row[change] = stays if possible else say("reports.sensitivity.not_possible")
    return row


def simulation_rows(reports: Reports) -> pd.DataFrame:
    """Return what analysis.simulation.read_simulation does, with sides as a page names them; empty without one."""
    table = None if reports.nothing else read_simulation(reports.book.project, reports.settings.corpus)
    if table is None:
        return pd.DataFrame()
    named = [
        (reports.name(one), reports.name(other) if other else say("reports.simulation.peers"))
        for one, other in zip(table["left"], table["right"], strict=True)
    ]
    return table.assign(sides=[capitalise(say("reports.and", one=one, other=other)) for one, other in named])


def simulation_sentence(reports: Reports) -> str:
    """Return how often differences are found where labels of places were shuffled, as the kept summary says."""
    table = simulation_rows(reports)
    if table.empty:
        return say("reports.simulation.none")
    bar, worst = 1 - thresholds.CONFIDENCE, float(table[["false_themes", "false_concepts"]].to_numpy().max())
    held = "below" if worst < bar else "reaches" if worst == bar else "exceeds"
    return say(
        "reports.simulation.told",
        draws=f"{int(table['draws'].min()):,}", comparisons=len(table), worst=f"{worst:.3f}", bar=f"{bar:.2f}",
        held=say(f"reports.simulation.held.{held}"),
        stale=set(table["counts_sha256"]) != {reports.measured.record.counts_sha256}, aged=reports.age.not_counted,
    )  # fmt: skip


# Uptake and means ----------------------------------------------------------------------------------

def uptake_rows(reports: Reports) -> pd.DataFrame:
    """Return a row for every word that is new with the centre: when there, and when in each place.

    Columns: concept, label, first (the year and its blocks), a column a place, and the addresses of the evidence.
    """
    rows = []
    for word in () if reports.nothing else reports.uptakes:
        where = {"label": "", "first": reports.settings.centre} | {one.place: one.place for one in word.places}
        row: dict[str, object] = {
            "concept": word.concept,
            "label": reports.label("concept", word.concept),
            "first": say("reports.uptake.first", year=word.first, blocks=word.blocks),
        }
        row |= {one.place: _outcome(one) for one in word.places}
        row |= {f"{c}_href": f"#{evidence_anchor('concept', word.concept, place)}" for c, place in where.items()}
        row |= {f"{one.place}_href": "" for one in word.places if not one.blocks}
        rows.append(row)
    return pd.DataFrame(rows)


def _outcome(one: PlaceUptake) -> str:
    if one.outcome == "too little":
        return say(f"reports.uptake.{one.why}") if one.why else ""
    return say(f"reports.uptake.cell.{one.outcome}", years=abs(one.years or 0), first=one.first)


def uptake_sentence(reports: Reports) -> str:
    """Return how many words are new with the centre, and what became of them in each place."""
    found, places = reports.uptakes, []
    if not found:
        return say("reports.uptake.none")
    for place in reports.settings.places:
        outcomes = Counter(one.outcome for word in found for one in word.places if one.place == place)
        told = [
            say(f"reports.uptake.many.{outcome}", number=outcomes[outcome])
            for outcome in ("later", "same year", "before", "not yet")
            if outcomes[outcome]
        ]  # fmt: skip
        places.append({"name": reports.name(place), "told": told, "unsaid": outcomes["too little"]})
    return say("reports.uptake.told", words=len(found), places=places)


def directive_shares(reports: Reports, what: str) -> pd.DataFrame:
    """Return the shares of directives by instrument or strength in each place, as charts.bars takes them.

    Empty where nobody counted them with the rules of now, or there are none.
    """
    if reports.nothing or not reports.age.holds("directives"):
        return pd.DataFrame()
    names, blocks, parts = names_of(what), reports.measured.blocks, []
    for place in reports.places:
        documents = reports.counts.select(place=place).documents["document"]
        shares = shares_of_total(blocks[blocks["document"].isin(documents)], [f"{what}_{code}" for code in names])
        parts.append(
            shares.reset_index(drop=True).assign(
                category=list(names.values()), group=capitalise(reports.name(place)), href="#table-documents"
            )
        )
    rows = pd.concat(parts, ignore_index=True)
    return rows if rows["total"].sum() else rows.iloc[:0]


def means_sentence(reports: Reports) -> str:
    """Return which instrument and which strength are the most frequent in each place."""
    if not reports.age.holds("directives"):
        return say("reports.directives.not_counted_why", why=reports.not_counted)
    parts = []
    for what in ("instrument", "strength"):
        rows = directive_shares(reports, what)
        if rows.empty:
            return say("reports.directives.none")
        said: dict[str, list[str]] = {}
        for place, some in zip(reports.places, (some for _, some in rows.groupby("group", sort=False)), strict=True):
            first = some.sort_values("count", ascending=False, kind="stable").iloc[0]
            said.setdefault(str(first["category"]), []).append(
                f"{reports.name(place)} {share_in_percent(float(first['share']))}"
            )
        told = [say("reports.directives.of_places", category=category, places=of) for category, of in said.items()]
        parts.append(say("reports.directives.most", what=what, told=told))
    return " ".join(parts)


def directive_chart(reports: Reports, shares: pd.DataFrame, what: str) -> Chart | Html:
    """Draw `directive_shares` by instrument or strength, place by place; say why where there are none."""
    if reports.nothing:
        return Html(Markup(""))
    if shares.empty:
        why = "none" if reports.age.holds("directives") else "not_counted"
        return render("nothing", sentence=say(f"reports.directives.{why}"))
    caption = say("reports.directives.caption", what=what)
    return bar_chart(f"directives-{what}", shares.fillna({"low": 0.0, "high": 0.0}), caption, stacked=False)


_SENTENCES: Mapping[str, Callable[[Reports], object]] = {
    "answer": lambda reports: f"{reports_answer(reports)} {reports.not_counted}".strip(),
    "answer_concepts": answer_concepts,
    "answer_change": answer_change,
    "answer_within": answer_within,
    "texts": texts_sentence,
    "missing": missing_sentence,
    "addresses": addresses_sentence,
    "early": early_sentence,
    "n_all": lambda reports: f"{len(reports.denominators[0].counts.blocks):,}",
    "n_within": lambda reports: f"{len(reports.denominators[1].counts.blocks):,}",
    "eras": eras_sentence,
    "over_time": changes_sentence,
    "uptake": uptake_sentence,
    "uptake_blocks": lambda _: thresholds.UPTAKE_BLOCKS,
    "uptake_chance": lambda _: share_in_percent(thresholds.UPTAKE_CHANCE).replace(".0", ""),
    "means": means_sentence,
    "outlines_note": outlines_note,
    "placebo": reports_placebo,
    "simulation": simulation_sentence,
    "rests": rests_sentence,
}


# What other pages take from the measured reports: their answer in a sentence, what they are not, and a link ---

def headline(book: Book, base: str = "") -> Html:
    """Return what the reports answer, with a link to their page; empty where nothing is measured or no page is made.

    `base` leads from the page it stands on to the root of the site ("" or "../").
    """
    found = _measured(book)
    if found is None:
        return Html(Markup(""))
    sentence = f"{reports_answer(found)} {answer_change(found)}" if found.countable else ""
    return _sentence(f"{sentence} {found.not_counted}", base, "answer", "headline")


def reports_limits(book: Book, base: str = "../") -> Html:
    """Return which measured texts there are and which are missing; empty where nothing is measured."""
    found = _measured(book)
    if found is None:
        return Html(Markup(""))
    told = (texts_sentence(found), missing_sentence(found), early_sentence(found), found.not_counted)
    return _sentence(" ".join(told), base, "texts", "limits")


def _measured(book: Book) -> Reports | None:
    settings = find_settings(book.project)
    if settings is None or settings.corpus not in measured_names(book.project):
        return None
    return Reports(book, settings)


def _sentence(sentence: str, base: str, anchor: str, words: str) -> Html:
    return render(
        "headline", lead=say(f"reports.{words}.lead"), sentence=in_words(sentence.strip()).markup,
        address=f"{base}{REPORTS_PAGE}.html#{anchor}", link=say(f"reports.{words}.link"),
    )  # fmt: skip
