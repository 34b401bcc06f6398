from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from svg import SVG, download, height_of, ids, parse, references, texts

from policybook.charts.differences import (
    DIFFERENCE_COLUMNS,
    difference_chart,
)
from policybook.charts.theme import COLOURS, GREY, Chart


def row(id: str, difference: float, verdict: str, eligible: bool = True, family: str = "theme") -> dict[str, Any]:
    return {
        "family": family, "id": id, "label": id.capitalize(), "difference": difference, "low95": difference - 0.1,
        "high95": difference + 0.1, "low": difference - 0.2, "high": difference + 0.2, "eligible": eligible,
        "verdict": verdict, "left_blocks": 12, "right_blocks": 3, "left_total": 40, "right_total": 65,
        "href": f"#row-{family}-{id}",
    }  # fmt: skip


ROWS = pd.DataFrame(
    [
        row("towns 县城", 0.05, "not settled", family="concept"),
        row("space", -0.3, "more in right"),
        row("rare", 0.6, "too little evidence", eligible=False),
        row("land", 0.4, "more in left"),
        row("people", 0.02, "not settled"),
        row("goals", 0.1, "too little evidence"),
    ]
).assign(href=[f"#row-{n}" for n in range(6)])


def draw(rows: pd.DataFrame = ROWS, **options: Any) -> Chart:
    return difference_chart("diff", rows, "national", "Liaoning", "Differences", **options)


def marks(svg: str) -> dict[str, str]:
    """Return address → style of the mark that leads there."""
    found = {}
    for link in parse(svg).iter(f"{SVG}a"):
        for use in link.iter(f"{SVG}use"):
            found[link.get("href", "")] = use.get("style", "")
    return found


def test_themes_stand_before_concepts_by_effect_and_the_not_eligible_behind() -> None:
    assert draw().data["id"].tolist() == ["land", "goals", "people", "space", "rare", "towns 县城"]
    svg = draw().svg
    order = ["THEMES", "Land", "Goals", "People", "Space", "Rare", "CONCEPTS", "Towns 县城"]
    heights = [height_of(svg, text) for text in order]
    assert heights == sorted(heights)


def test_colour_and_filling_tell_the_verdict() -> None:
    styles = marks(draw().svg)
    assert len(styles) == 6
    assert f"fill: {COLOURS[0].lower()}" in styles["#row-3"]
    assert f"fill: {COLOURS[1].lower()}" in styles["#row-1"]
    for grey in ("#row-0", "#row-4", "#row-5"):
        assert f"fill: {GREY.lower()}" in styles[grey]
    assert "fill: var(--pst-color-background" in styles["#row-2"]
    assert f"stroke: {GREY.lower()}" in styles["#row-2"]


def test_what_is_more_in_left_leans_to_the_left() -> None:
    places = {
        link.get("href"): float(use.get("x", "nan"))
        for link in parse(draw().svg).iter(f"{SVG}a")
        for use in link.iter(f"{SVG}use")
    }
    assert places["#row-3"] < places["#row-4"] < places["#row-1"]


def test_names_counts_and_the_legend_are_shown() -> None:
    shown = texts(draw(smallest=0.15).svg)
    assert {"12/40", "3/65", "◀ more in national", "more in Liaoning ▶", "95 % interval", "less than 15 points"} <= set(
        shown
    )
    assert {"not settled", "too little evidence", "too few blocks to judge"} <= set(shown)
    assert shown.count("12/40") == shown.count("3/65") == 6
    assert "too few blocks to judge" not in texts(draw(ROWS[ROWS["eligible"]]).svg)


def test_a_mark_says_its_numbers() -> None:
    titles = [title.text for title in parse(draw().svg).iter(f"{SVG}title")]
    assert (
        "Land: 12 of 40 blocks in national, 3 of 65 in Liaoning; +40 points (95 % +30 to +50); more in national"
        in titles
    )


def test_the_alternative_counts_verdicts_and_tells_themes() -> None:
    alt = draw().alt
    assert alt.startswith("Differences in the share of blocks, national less Liaoning. Themes: 1 more in national, ")
    assert "Space: 12 of 40 blocks in national, 3 of 65 in Liaoning; −30 points" in alt
    assert "Concepts: 1 not settled." in alt
    assert "Towns" not in alt


def test_the_data_are_the_rows_in_the_order_drawn() -> None:
    rows = download(draw()._repr_html_())
    assert list(rows[0]) == [column for column in DIFFERENCE_COLUMNS if column != "href"]
    assert [float(r["difference"]) for r in rows] == [0.4, 0.1, 0.02, -0.3, 0.6, 0.05]


def test_a_row_without_estimate_has_no_mark_but_its_counts() -> None:
    nothing = dict.fromkeys(["difference", "low95", "high95", "low", "high"], float("nan"))
    rows = pd.DataFrame([row("land", 0.4, "more in left"), row("x", 0, "too little evidence", False) | nothing])
    chart = draw(rows)
    assert set(marks(chart.svg)) == {"#row-theme-land"}
    assert texts(chart.svg).count("12/40") == 2
    assert "X: 12 of 40 blocks in national, 3 of 65 in Liaoning; too little evidence." in chart.alt


def test_the_figure_is_reproducible_and_its_references_resolve() -> None:
    svg = draw().svg
    assert svg == draw().svg
    assert all(id.startswith("diff-") for id in ids(svg))
    assert {r for r in references(svg) if r.startswith("diff-")} <= set(ids(svg))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS.drop(columns=["low95", "href"]), "lacks low95, href"),
        (ROWS.iloc[:0], "no row to draw"),
        (ROWS.assign(verdict="perhaps"), "unknown verdict 'perhaps'"),
        (ROWS.assign(family="genus"), "unknown family 'genus'"),
        (ROWS.assign(href="javascript:x"), "no address"),
    ],
)
def test_tables_that_cannot_be_drawn_are_refused(rows: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(rows)
