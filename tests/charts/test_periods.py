from __future__ import annotations

import pandas as pd
import pytest
from svg import SVG, height_of, ids, parse, references, texts

from policybook.charts.periods import COLUMNS, period_chart
from policybook.charts.theme import Chart

PERIODS = {"2014–2020": 40, "2021–2024": 30, "2024–": 8}


def table(*rows: tuple[str, str, list[int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (family, id, f"{id} 主题", period, blocks / total, 0.6 * blocks / total, min(1, 0.1 + blocks / total),
             blocks, total, f"#row-{id}-{n}")
            for family, id, counts in rows
            for n, ((period, total), blocks) in enumerate(zip(PERIODS.items(), counts, strict=True))
        ],
        columns=list(COLUMNS),
    )  # fmt: skip


ROWS = table(("concept", "towns", [3, 9, 2]), ("theme", "land", [21, 10, 5]), ("theme", "people", [30, 7, 0]))


def draw(rows: pd.DataFrame = ROWS) -> Chart:
    return period_chart("periods", rows, "Shares by period")


def test_every_row_has_a_panel_and_every_period_a_mark_that_leads_to_it() -> None:
    svg = draw().svg
    shown = texts(svg)
    assert {"land 主题", "people 主题", "towns 主题", "THEMES", "CONCEPTS", "(40)", "(30)", "(8)"} <= set(shown)
    assert {"21", "10", "5", "30", "7", "0", "3", "9", "2"} <= set(shown)
    marks = [link.get("href") for link in parse(svg).iter(f"{SVG}a") if list(link.iter(f"{SVG}use"))]
    assert sorted(filter(None, marks)) == sorted(ROWS["href"])


def test_themes_stand_before_concepts() -> None:
    svg = draw().svg
    heights = [height_of(svg, text) for text in ("THEMES", "people 主题", "CONCEPTS", "towns 主题")]
    assert heights == sorted(heights)


def test_the_alternative_and_the_data_say_the_numbers() -> None:
    chart = draw()
    assert "land 主题: 2014–2020 21 of 40, 2021–2024 10 of 30, 2024– 5 of 8;" in chart.alt
    assert chart.data.columns.tolist() == [column for column in COLUMNS if column != "href"]
    assert chart.data["blocks"].tolist() == ROWS["blocks"].tolist()


def test_one_address_for_all_periods_says_them_all() -> None:
    (title, *_) = [t.text for t in parse(draw(ROWS.assign(href="#land").iloc[3:6]).svg).iter(f"{SVG}title")]
    assert title == "land 主题: 2014–2020 21 of 40, 2021–2024 10 of 30, 2024– 5 of 8"


def test_a_period_without_blocks_has_no_mark() -> None:
    rows = ROWS.copy()
    empty = rows["period"] == "2024–"
    rows.loc[empty, ["blocks", "total"]] = 0
    rows.loc[empty, ["share", "low", "high"]] = float("nan")
    marks = [link for link in parse(draw(rows).svg).iter(f"{SVG}a") if list(link.iter(f"{SVG}use"))]
    assert len(marks) == 6


@pytest.mark.parametrize("count", [1, 4, 30])
def test_any_number_of_panels_can_be_drawn(count: int) -> None:
    chart = draw(table(*[("theme", f"t{n}", [n, n, n % 8]) for n in range(count)]))
    assert sum(text.endswith("主题") for text in texts(chart.svg)) == count


def test_the_figure_is_reproducible_and_its_references_resolve() -> None:
    svg = draw().svg
    assert svg == draw().svg
    assert {r for r in references(svg) if r.startswith("periods-")} <= set(ids(svg))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS.drop(columns="total"), "lacks total"),
        (ROWS.iloc[:0], "no row to draw"),
        (ROWS.assign(family="genus"), "unknown family 'genus'"),
    ],
)
def test_tables_that_cannot_be_drawn_are_refused(rows: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(rows)
