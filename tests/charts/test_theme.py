from __future__ import annotations

import base64
import re

import pandas as pd
import pytest
from svg import download, ids, parse, references, texts

from policybook.charts.theme import (
    FAMILY,
    FULL_WIDTH,
    INK,
    NARROW_WIDTH,
    PAPER,
    Chart,
    accessible,
    at_both_widths,
    check_columns,
    download_link,
    figure,
    font_file,
    font_number,
    groups_of,
    is_narrow,
    label_address,
    name_rows,
    to_chart,
    to_csv,
    to_svg,
    width,
    wrap,
)
from policybook.errors import MissingGlyphError


def draw(name: str, label: str = "城镇化率, 2014–2024", alt: str = "An alternative") -> str:
    with figure(4, 2) as drawing:
        axes = drawing.subplots()
        axes.plot([1, 2], [3, -4])
        axes.scatter([1], [3], urls=["@row-people"])
        axes.set_title(label)
        return to_svg(drawing, name, alt)


def test_a_figure_is_named_scaled_and_drawn_in_the_colours_of_the_page() -> None:
    svg = draw("x", alt='Rates of "towns" & <counties>')
    root = parse(svg)
    assert root.get("aria-label") == 'Rates of "towns" & <counties>'
    assert root.get("role") in ("img", "group")
    assert root.get("viewBox")
    assert root.get("width") is None
    assert "currentColor" in svg
    assert INK not in svg


def test_a_figure_with_links_is_a_group_so_that_they_can_be_reached() -> None:
    svg = draw("x")
    assert 'href="#row-people"' in svg
    assert parse(svg).get("role") == "group"
    with figure(4, 2) as drawing:
        drawing.subplots().plot([1, 2], [3, 4])
        assert parse(to_svg(drawing, "y", "No link")).get("role") == "img"


def test_ids_bear_the_name_of_the_figure_and_references_resolve() -> None:
    one, two = draw("one"), draw("two")
    assert ids(one)
    assert all(id.startswith("one-") for id in ids(one))
    assert not set(ids(one)) & set(ids(two))
    assert {reference for reference in references(one) if reference.startswith("one-")} <= set(ids(one))


def test_the_same_figure_is_the_same_file_without_date_or_maker() -> None:
    assert draw("x") == draw("x")
    assert not re.search(r"<metadata|dc:date|Date|Matplotlib v", draw("x"))


def test_chinese_is_text_in_the_simplified_face() -> None:
    svg = draw("x")
    assert "城镇化率, 2014–2024" in texts(svg)
    assert FAMILY in svg
    assert font_file().is_file()
    assert font_number() >= 0


def test_a_character_that_the_font_lacks_is_an_error_that_names_it() -> None:
    with pytest.raises(MissingGlyphError, match=r"GRINNING FACE.*Spell"):
        draw("x", "growth 😀")


def test_other_errors_while_drawing_pass_through() -> None:
    with pytest.raises(UserWarning, match="another"), figure(4, 2):
        raise UserWarning("another")


def test_accessible_gives_a_view_box_where_there_was_a_size() -> None:
    root = parse(accessible('<svg width="740" height="360"><text>x</text></svg>', "Cloud"))
    assert (root.get("viewBox"), root.get("role"), root.get("aria-label")) == ("0 0 740 360", "img", "Cloud")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_download_acts_as_a_formula(cell: str) -> None:
    (row,) = download(str(download_link(pd.DataFrame({"label": [cell]}), "x")))
    assert row["label"] == f"'{cell}"


def test_a_download_decodes_back_to_the_data() -> None:
    data = pd.DataFrame({"label": ['城镇化, "quoted"\nline', "a - b"], "share": [0.25, -0.5], "none": [None, None]})
    link = str(download_link(data, "shares"))
    assert 'download="shares.csv"' in link
    assert download(link) == [
        {"label": '城镇化, "quoted"\nline', "share": "0.25", "none": ""},
        {"label": "a - b", "share": "-0.5", "none": ""},
    ]


def test_csv_has_one_kind_of_line_end_and_no_index() -> None:
    assert to_csv(pd.DataFrame({"a": [1, 2]})) == "a\r\n1\r\n2\r\n"


def test_a_chart_on_a_page_has_figure_caption_and_download() -> None:
    chart = Chart("shares", "<svg></svg>", "Shares <of> & blocks", "alt", "a\r\n1\r\n")
    html = chart._repr_html_()
    assert html.startswith('<figure class="pb-chart" id="figure-shares">')
    assert 'href="#figure-shares">Figure</a> Shares &lt;of&gt; &amp; blocks <span class="pb-downloads"><a ' in html
    assert download(html) == [{"a": "1"}]


def test_links_say_where_they_lead_and_lead_within_the_page_or_to_another() -> None:
    with figure(4, 2) as drawing:
        drawing.subplots().scatter([1, 2], [3, 4], urls=["@row-x", "documents/a.html#p07"])
        svg = to_svg(drawing, "x", "Two links", {"#row-x": 'Land & "housing" <b>: 3 of 9'})
    links = list(parse(svg).iter("{http://www.w3.org/2000/svg}a"))
    assert [link.get("href") for link in links] == ["#row-x", "documents/a.html#p07"]
    titles = [link.find("{http://www.w3.org/2000/svg}title") for link in links]
    assert titles[0] is not None
    assert titles[0].text == 'Land & "housing" <b>: 3 of 9'
    assert titles[1] is None
    assert parse(svg).get("role") == "group"


def test_what_is_hollow_is_filled_with_the_background_of_the_page() -> None:
    with figure(4, 2) as drawing:
        drawing.subplots().scatter([1], [3], facecolor=PAPER, edgecolor=INK)
        svg = to_svg(drawing, "x", "Hollow")
    assert "fill: var(--pst-color-background, #fff)" in svg
    assert PAPER not in svg


@pytest.mark.parametrize(
    ("inches", "style"), [(4, "min-width: 20rem; max-width: 25rem"), (10, "min-width: 62.5rem; max-width: 62.5rem")]
)
def test_a_natural_figure_keeps_its_size_and_a_wide_one_scrolls(inches: float, style: str) -> None:
    with figure(inches, 2) as drawing:
        drawing.subplots().plot([1, 2], [3, 4])
        assert parse(to_svg(drawing, "x", "Natural", natural=True)).get("style") == style
        assert parse(to_svg(drawing, "x", "Not natural")).get("style") is None


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
    assert label_address(href) == expected


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.org/x", '#a" onclick="x', "#a b", "<b>", 7, "#"]
)
def test_no_other_address_comes_into_a_figure(href: object) -> None:
    with pytest.raises(ValueError, match="no address"):
        label_address(href)


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


@at_both_widths
def bars(name: str, labels: list[str]) -> Chart:
    """A chart with a named row for every label."""
    with figure(FULL_WIDTH, 2) as drawing:
        axes = drawing.subplots()
        axes.scatter(
            [1] * len(labels), range(len(labels)), color="#0072B2", urls=[label_address("#a", "A <b>")] * len(labels)
        )
        name_rows(axes, range(len(labels)), labels, ["#a"] * len(labels))
        return to_chart(drawing, name, "Caption", "Bars", pd.DataFrame({"label": labels}))


def test_a_chart_is_drawn_for_both_widths_with_ids_of_their_own() -> None:
    chart = bars("bars", ["Land", "Jobs"])
    wide, narrow = (float(str(parse(svg).get("viewBox")).split()[2]) for svg in (chart.svg, chart.narrow))
    assert (round(wide), round(narrow)) == (round(72 * FULL_WIDTH), round(72 * NARROW_WIDTH))
    assert {"Land", "Jobs"} <= {*texts(chart.svg)} & {*texts(chart.narrow)}
    assert not {*ids(chart.svg)} & {*ids(chart.narrow)} and not is_narrow()
    html = chart._repr_html_()
    assert html.index("pb-wide") < html.index("pb-narrow") and chart.png.startswith(b"\x89PNG")
    assert re.findall(r'download="figure-bars\.(\w+)"', html) == ["csv", "svg", "png"]


def test_a_file_of_a_figure_has_plain_colours_and_no_link_of_the_page() -> None:
    chart = bars("bars", ["Land"])
    assert "<a " in chart.svg and "var(--pb-colour-1, #0072B2)" in chart.svg
    encoded = re.search(r'href="data:image/svg\+xml;base64,([^"]+)"', chart._repr_html_())
    assert encoded is not None
    alone = base64.b64decode(encoded[1]).decode()
    assert "#0072B2" in alone and not re.search("<a |var\\(|currentColor", alone) and parse(alone) is not None


def test_by_keyboard_one_comes_to_an_address_once_and_every_link_says_its_own() -> None:
    links = list(parse(bars("bars", ["Land", "Jobs"]).svg).iter("{http://www.w3.org/2000/svg}a"))
    assert {link.get("href") for link in links} == {"#a"} and len(links) == 4
    assert [link.get("tabindex") for link in links] == [None, "-1", "-1", "-1"]
    assert [title.text for link in links for title in link.iter("{http://www.w3.org/2000/svg}title")] == ["A <b>"] * 2


def test_of_the_groups_of_a_drawing_only_those_that_do_something_are_left() -> None:
    chart = bars("bars", ["Land", "Jobs"])
    root = parse(chart.svg)
    groups = [one for one in root.iter() if str(one.tag).endswith("}g")]
    assert groups and all(set(one.keys()) - {"id"} for one in groups)
    clipped = [one for one in root.iter() if "clip-path" in one.attrib]
    assert [sum(str(mark.tag).endswith("}use") for mark in one.iter()) for one in clipped] == [2]


def test_a_group_with_a_look_of_its_own_keeps_it_whoever_stands_beside_it() -> None:
    def looks(*rows: tuple[str, float | None]) -> dict[str, int]:
        return groups_of(pd.DataFrame(rows, columns=["group", "look"]))

    assert looks(("north", 3), ("", None), ("south", 1)) == {"north": 2, "south": 0}
    assert looks(("south", 1), ("north", 3)) == {"south": 0, "north": 2}
    assert looks(("other", None), ("south", 1), ("more", None)) == {"other": 1, "south": 0, "more": 2}
    assert looks(("north", 3), ("south", 3)) == {"north": 0, "south": 1}, "two that look alike could not be told apart"
    assert groups_of(pd.DataFrame({"group": ["north", "", "south"]})) == {"north": 0, "south": 1}
