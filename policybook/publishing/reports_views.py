"""Charts and tables of places compared, for the page of measured reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.by_place import Sides
from policybook.analysis.compare import PairComparison
from policybook.analysis.rows import Row
from policybook.charts.differences import difference_chart
from policybook.charts.theme import Chart
from policybook.charts.yearly import yearly_chart
from policybook.corpus.model import records
from policybook.publishing.markup import Html
from policybook.publishing.reports_data import Reports, evidence_anchor
from policybook.publishing.reports_words import NOT_COUNTED, capitalise, percent
from policybook.publishing.tables import show_table
from policybook.words.say import listed

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


def pair_table(reports: Reports, both: Sequence[tuple[str, Sides]]) -> Html:
    """Return a table of one comparison within all blocks and within the field, side by side: a row a theme or concept.

    Rows that stand on neither side are left out, those that were not counted say so. Labels and counts lead to their evidence.
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
        f"{within}_reason": row.reason,
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
