from __future__ import annotations

import pandas as pd
import pytest

from policybook.charts.labels import address, check_columns, width, wrap


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("#row-land", "@row-land"),
        ("../documents/web-2021.html#p07", "../documents/web-2021.html#p07"),
        ("search.html?q=land", "search.html?q=land"),
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_addresses_of_pages_and_anchors(href: object, expected: str | None) -> None:
    assert address(href) == expected


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.org/x", '#a" onclick="x', "#a b", "<b>", 7, "#"]
)
def test_no_other_address_comes_into_a_figure(href: object) -> None:
    with pytest.raises(ValueError, match="no address"):
        address(href)


def test_chinese_takes_twice_the_room() -> None:
    assert (width("land"), width("土地"), width("土地 land")) == (4, 4, 9)


@pytest.mark.parametrize(
    ("label", "room", "expected"),
    [
        ("Land", 20, "Land"),
        ("Land and housing", 9, "Land and\nhousing"),
        ("urban-rural integration 城乡融合", 24, "urban-rural integration\n城乡融合"),
        ("农业转移人口市民化", 10, "农业转移人\n口市民化"),
        ("one two three four five six", 8, "one two\nthree …"),
        ("  spaced   out  ", 20, "spaced   out"),
        ("", 10, ""),
    ],
)
def test_labels_break_at_words_and_before_chinese(label: str, room: int, expected: str) -> None:
    assert wrap(label, room) == expected


def test_a_long_word_is_kept_whole_and_one_line_can_be_asked_for() -> None:
    assert wrap("counterurbanisation", 5) == "counterurbanisation"
    assert wrap("Land and housing", 9, lines=1) == "Land and …"


def test_missing_columns_and_empty_tables_are_named() -> None:
    with pytest.raises(ValueError, match="lacks label, href"):
        check_columns(pd.DataFrame({"id": [1]}), ["id", "label", "href"])
    with pytest.raises(ValueError, match="no row to draw"):
        check_columns(pd.DataFrame({"id": []}), ["id"])
    with pytest.raises(ValueError, match="at least 2 rows"):
        check_columns(pd.DataFrame({"id": [1]}), ["id"], least=2)
