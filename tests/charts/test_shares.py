from __future__ import annotations

import pandas as pd
import pytest
from svg import SVG, parse, texts

from policybook.charts.shares import share_chart
from policybook.charts.theme import Chart

LABELS = {"people": "People and citizenship 人口", "land": "Land & <rights>"}


def side(people: int, land: int, total: int) -> pd.DataFrame:
    blocks = pd.Series({"people": people, "land": land})
    share = blocks / total if total else blocks * 0.0
    return pd.DataFrame({"blocks": blocks, "share": share, "low": share * 0.5, "high": share * 0.5 + 0.5})


def draw(name: str = "themes") -> Chart:
    return share_chart(name, {"national": side(10, 3, 20), "Liaoning": side(2, 6, 12)}, [20, 12], LABELS, "Shares")


def test_the_alternative_says_every_number_of_the_figure() -> None:
    assert draw().alt == (
        "Blocks that carry each row. People and citizenship 人口: national 10 of 20, Liaoning 2 of 12; "
        "Land & <rights>: national 3 of 20, Liaoning 6 of 12."
    )


def test_the_figure_shows_rows_sides_and_counts() -> None:
    shown = texts(draw().svg)
    assert set(LABELS.values()) <= set(shown)
    assert {"national (20 blocks)", "Liaoning (12 blocks)"} <= set(shown)
    assert {"10", "2", "3", "6"} <= set(shown)


def test_every_mark_links_to_its_row() -> None:
    links = [link.get("href") for link in parse(draw().svg).iter(f"{SVG}a")]
    assert sorted(filter(None, links)) == ["#row-land"] * 2 + ["#row-people"] * 2


def test_the_data_are_the_numbers_drawn() -> None:
    data = draw().data
    assert data.columns.tolist() == ["id", "label", "side", "blocks_with", "blocks", "share", "low95", "high95"]
    assert data[["id", "side", "blocks_with", "blocks", "share"]].to_numpy().tolist() == [
        ["people", "national", 10, 20, 0.5],
        ["people", "Liaoning", 2, 12, 0.1667],
        ["land", "national", 3, 20, 0.15],
        ["land", "Liaoning", 6, 12, 0.5],
    ]


def test_the_same_numbers_make_the_same_figure() -> None:
    assert draw().svg == draw().svg


@pytest.mark.parametrize("count", [1, 3, 8])
def test_any_number_of_sides_up_to_the_palette_can_be_drawn(count: int) -> None:
    sides = {f"side {n}": side(n, 1, 10) for n in range(count)}
    chart = share_chart("many", sides, [10] * count, LABELS, "Shares")
    assert len(chart.data) == 2 * count


def test_a_side_without_blocks_can_be_drawn() -> None:
    chart = share_chart("empty", {"a": side(1, 1, 4), "none": side(0, 0, 0)}, [4, 0], LABELS, "Shares")
    assert "none 0 of 0" in chart.alt
