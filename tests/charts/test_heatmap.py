from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from svg import SVG, download, ids, parse, references, texts

from policybook.charts.heatmap import TILE_COLUMNS, HeatmapText, heatmap_chart, tile_chart
from policybook.charts.theme import Chart

IDS = ["a", "b", "c"]
LIKE = pd.DataFrame([[1.0, 0.456, 0.8], [0.456, 1.0, 0.1], [0.8, 0.1, 1.0]], index=IDS, columns=IDS)
LABELS = {"a": "Liaoning 2014 <辽宁>", "b": "Fujian", "c": "National"}
COUNTS = pd.DataFrame([[20, 3], [0, 8]], index=["supply", "demand"], columns=["supply", "demand"])
TEXT = HeatmapText("by hand", "by the program", "directives")


def draw(table: pd.DataFrame = LIKE, **options: Any) -> Chart:
    return heatmap_chart("heat", table, "Similarity", **options)


def shades(svg: str) -> list[float]:
    """Return the opacity of every cell, row by row."""
    styles = [path.get("style", "") for path in parse(svg).iter(f"{SVG}path")]
    return [
        float(found[1]) if (found := re.search(r"fill-opacity: ([\d.]+)", style)) else 0.0
        for style in styles
        if "stroke-width: 0.3" in style
    ]


def test_every_value_is_printed_and_rows_have_numbers_that_columns_bear() -> None:
    shown = texts(draw(labels=LABELS).svg)
    assert set(LABELS.values()) <= set(shown)
    assert [shown.count(text) for text in (".46", ".80", ".10", "1.00")] == [2, 2, 2, 3]
    assert [shown.count(number) for number in "123"] == [2, 2, 2]


def test_a_higher_value_is_darker() -> None:
    found = shades(draw().svg)
    assert len(found) == 9
    assert found[0] > found[2] > found[1] > found[5] > 0
    assert max(found) < 0.7  # the text must be legible on it


def test_the_diagonal_can_stay_empty_and_what_is_missing_is_a_dash() -> None:
    shown = texts(draw(diagonal=False).svg)
    assert "1.00" not in shown
    assert shown.count(".46") == 2
    assert texts(draw(LIKE.mask(LIKE == 0.1)).svg).count("–") == 2
    assert draw(LIKE * float("nan")).svg


def test_counts_are_printed_whole_under_the_names_of_their_columns() -> None:
    chart = draw(COUNTS, text=TEXT)
    shown = texts(chart.svg)
    assert {"20", "3", "0", "8", "by hand", "by the program"} <= set(shown)
    assert shown.count("supply") == shown.count("demand") == 2
    assert shades(chart.svg)[2] == 0


def test_rows_and_cells_lead_somewhere() -> None:
    svg = draw(
        labels=LABELS,
        links={"a": "../documents/a.html", "b": "../documents/b.html"},
        cell_links={("a", "c"): "#pair-a-c"},
    ).svg
    links = {link.get("href"): link for link in parse(svg).iter(f"{SVG}a")}
    assert set(links) == {"../documents/a.html", "../documents/b.html", "#pair-a-c"}
    title = links["#pair-a-c"].find(f"{SVG}title")
    assert title is not None
    assert title.text == "Liaoning 2014 <辽宁> – National: .80"


def test_the_alternative_tells_each_pair_once() -> None:
    assert draw(labels=LABELS).alt == (
        "Table of 3 by 3: similarity. Liaoning 2014 <辽宁> – National .80; Liaoning 2014 <辽宁> – Fujian .46; "
        "Fujian – National .10."
    )
    assert draw(COUNTS, text=TEXT).alt == "Table of 2 by 2: directives. supply – demand 3."
    big = pd.DataFrame(0.5, index=list("abcdef"), columns=list("abcdef"))
    assert "Highest: " in draw(big).alt


def test_the_data_are_every_cell() -> None:
    rows = download(draw(labels=LABELS)._repr_html_())
    assert len(rows) == 9
    assert rows[1] == {
        "row": "a", "row_label": LABELS["a"], "column": "b", "column_label": "Fujian", "similarity": "0.456",
    }  # fmt: skip


def test_a_wide_table_keeps_its_size_and_numbers_its_rows_at_both_ends() -> None:
    names = [f"document {n}" for n in range(30)]
    svg = draw(pd.DataFrame(0.5, index=names, columns=names)).svg
    found = re.search(r"min-width: ([\d.]+)rem", parse(svg).get("style", ""))
    assert found is not None
    assert float(found[1]) > 46
    assert texts(svg).count("30") == 3


@pytest.mark.parametrize("value", [0, 10, 0.0, 0.05, 10.5, -0.5])
def test_any_value_can_be_printed(value: float) -> None:
    expected = {"0": "0", "10": "10", "0.0": ".00", "0.05": ".05", "10.5": "10.50", "-0.5": "−0.50"}[str(value)]
    assert expected in texts(draw(pd.DataFrame({"x": [value]}, index=["y"])).svg)


def test_the_figure_is_reproducible_and_its_references_resolve() -> None:
    svg = draw(cell_links={("a", "b"): "#x"}).svg
    assert svg == draw(cell_links={("a", "b"): "#x"}).svg
    assert {r for r in references(svg) if r.startswith("heat-")} <= set(ids(svg))


def test_an_empty_table_or_one_with_a_row_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="no row to draw"):
        draw(LIKE.iloc[:0])
    with pytest.raises(ValueError, match="stands twice"):
        draw(pd.concat([LIKE, LIKE.iloc[:1]]))


def test_a_map_has_a_square_a_place_with_its_code_and_share_framed_where_it_stands_out() -> None:
    table = [
        ("land", "Land", "n", "North", "N", 0, 1, 0.1, ""),
        ("land", "Land", "s", "South", "S", 1, 1, 0.2, "South"),
    ]
    chart = tile_chart("tiles", pd.DataFrame(table, columns=list(TILE_COLUMNS)), "Map")
    assert {"Land", "N", "S", "10", "20"} <= set(texts(chart.svg))
    assert chart.svg.count("stroke-width: 1.6") == 1
    assert chart.alt == "Maps of places. Land: most South 20.0 %, North 10.0 %; least South 20.0 %, North 10.0 %."
    assert chart.data["value"].tolist() == [0.1, 0.2]
    with pytest.raises(ValueError, match="no row to draw"):
        tile_chart("tiles", pd.DataFrame(columns=list(TILE_COLUMNS)), "Map")


def test_of_a_table_with_very_many_rows_the_first_are_drawn_with_their_links() -> None:
    rows = [f"d{n}" for n in range(400)]
    table = pd.DataFrame(0.5, index=rows, columns=[f"t{n}" for n in range(12)])
    cells = {(row, "t0"): f"#{row}" for row in rows}
    chart = draw(table, cell_links=cells, links={row: f"x.html#{row}" for row in rows})
    assert chart.caption.endswith("Drawn are the first 60 of 400.")
    assert "#d59" in chart.svg and "#d60" not in chart.svg
