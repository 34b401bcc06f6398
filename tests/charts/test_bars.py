from __future__ import annotations

import re

import pandas as pd
import pytest
from svg import SVG, ids, parse, references, texts

from policybook.charts.bars import BAR_COLUMNS, DOT_COLUMNS, SCORE_COLUMNS, bar_chart, dot_chart, score_chart
from policybook.charts.theme import COLOURS, FULL_WIDTH, MOST_ROWS, Chart
from policybook.words.say import say

ROWS = pd.DataFrame(
    [
        ("National 全国", "supply", 30, 50, "#a-supply"),
        ("National 全国", "environment", 20, 50, "#a-environment"),
        ("Liaoning", "supply", 6, 12, "#b-supply"),
        ("Liaoning", "environment", 4, 12, "#b-environment"),
    ],
    columns=list(BAR_COLUMNS),
)
WITH_INTERVALS = ROWS.assign(low=ROWS["count"] / ROWS["total"] - 0.1, high=ROWS["count"] / ROWS["total"] + 0.1)


def draw(rows: pd.DataFrame = ROWS, stacked: bool = True) -> Chart:
    return bar_chart("bars", rows, "Instruments", stacked=stacked)


def spans(svg: str) -> dict[str, tuple[float, float]]:
    """Return address → left and right end of the bar that leads there."""
    found = {}
    for link in parse(svg).iter(f"{SVG}a"):
        for path in link.iter(f"{SVG}path"):
            across = [float(x) for x in re.findall(r"[ML] ([\d.]+) [\d.]+", path.get("d", ""))]
            if "url(#" in path.get("style", "") or "fill: var(--pb-colour" in path.get("style", ""):
                found.setdefault(link.get("href", ""), (min(across), max(across)))
    return found


def test_stacked_bars_follow_each_other_and_their_lengths_are_shares() -> None:
    found = spans(draw().svg)
    (a_start, a_end), (b_start, b_end) = found["#a-supply"], found["#a-environment"]
    assert b_start == pytest.approx(a_end, abs=0.1)
    whole = b_end - a_start
    assert (a_end - a_start) / whole == pytest.approx(0.6, abs=0.01)
    c_start, c_end = found["#b-supply"]
    assert (c_end - c_start) / whole == pytest.approx(0.5, abs=0.01)


def test_a_category_may_bear_another_name_in_each_group() -> None:
    rows = ROWS.replace({"category": {"supply": "first", "environment": "second"}}).assign(called=list("abcd"))
    chart = draw(rows)
    assert "a 30 of 50 (60 %)" in chart.alt and "d 4 of 12 (33 %)" in chart.alt
    assert chart.data["called"].tolist() == list("abcd")
    assert {"first", "second"} <= set(texts(chart.svg)) and "a" not in texts(chart.svg)
    assert "called" not in draw().data


def test_bars_side_by_side_begin_at_nothing_and_show_intervals() -> None:
    chart = draw(WITH_INTERVALS, stacked=False)
    assert len({round(start, 1) for start, _ in spans(chart.svg).values()}) == 1
    assert any("95 % intervals" in text for text in texts(chart.svg))
    assert not any("95 % intervals" in text for text in texts(draw(stacked=False).svg))
    assert {"low", "high"} <= set(chart.data.columns)


@pytest.mark.parametrize("stacked", [True, False])
def test_groups_totals_categories_and_counts_are_shown(stacked: bool) -> None:
    shown = texts(draw(stacked=stacked).svg)
    assert {"National 全国", "(50)", "Liaoning", "(12)", "supply", "environment", "30", "20", "6", "4"} <= set(shown)


def test_categories_differ_in_colour_and_in_pattern() -> None:
    svg = draw().svg
    assert f"fill: var(--pb-colour-1, {COLOURS[0]})" in svg
    assert svg.count("<pattern") >= 1
    assert {r for r in references(svg) if r.startswith("bars-")} <= set(ids(svg))


def test_the_alternative_titles_and_data_say_the_numbers() -> None:
    chart = draw()
    assert chart.alt == (
        "Shares of directives by category. National 全国: supply 30 of 50 (60 %), environment 20 of 50 (40 %); "
        "Liaoning: supply 6 of 12 (50 %), environment 4 of 12 (33 %)."
    )
    titles = {title.text for title in parse(chart.svg).iter(f"{SVG}title")}
    assert "Liaoning: supply 6 of 12 (50 %) directives" in titles
    assert chart.data["share"].tolist() == [0.6, 0.4, 0.5, 0.3333]


@pytest.mark.parametrize("stacked", [True, False])
def test_a_group_without_anything_has_no_bar(stacked: bool) -> None:
    empty = pd.DataFrame([("Fujian", "supply", 0, 0, "#c")], columns=list(BAR_COLUMNS))
    chart = draw(pd.concat([ROWS, empty]), stacked)
    assert "(0)" in texts(chart.svg)
    assert "#c" not in spans(chart.svg)
    assert "Fujian: supply 0 of 0." in chart.alt
    assert draw(empty, stacked).svg


def test_the_figure_is_reproducible() -> None:
    assert draw().svg == draw().svg


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS.drop(columns="total"), "lacks total"),
        (ROWS.iloc[:0], "no row to draw"),
        (ROWS.assign(count=60), "between 0 and its total"),
        (ROWS.assign(count=-1), "between 0 and its total"),
        (ROWS.assign(count=12), "'Liaoning' exceed their total"),
        (ROWS.assign(total=[50, 51, 12, 12]), "'National 全国' have different totals"),
        (pd.concat([ROWS.iloc[:1].assign(category=str(n), count=1) for n in range(9)]), "9 categories"),
    ],
)
def test_tables_that_cannot_be_drawn_are_refused(rows: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(rows)


# The chart of scores with their intervals ----------------------------------------------------------


def rows(*values: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=list(SCORE_COLUMNS))


CONCEPTS = ("Concepts", "Chinese", "received", 0.9, 0.82, 0.95, "41 codes", "#errors-concept")
WRITTEN = ("Concepts", "Chinese", "written", 1.0, 0.9, 1.0, "69 codes", "#errors-concept")
ACTORS = ("Actors", "English", "received", float("nan"), 0.0, 1.0, "0 codes", "")


def test_the_chart_says_its_values_in_words_and_has_them_as_data() -> None:
    chart = score_chart("scores", rows(CONCEPTS, WRITTEN, ACTORS), "A caption", axis="F1")
    assert "Concepts, Chinese, received: 0.90 (0.82 to 0.95)" in chart.alt
    assert "Actors, English, received: not defined" in chart.alt
    assert chart.data["value"].tolist()[:2] == [0.9, 1.0]
    assert "href" not in chart.data
    assert ">41 codes<" in chart.svg
    assert ">CONCEPTS<" in chart.svg


def test_a_mark_leads_to_its_errors_and_a_value_that_is_not_known_has_none() -> None:
    chart = score_chart("scores", rows(CONCEPTS, ACTORS), "A caption", axis="F1")
    assert set(re.findall(r'<a href="([^"]*)"', chart.svg)) == {"#errors-concept"}
    assert f"{say('charts.scores.title', group='Concepts')}</title>" in chart.svg


@pytest.mark.parametrize(("low", "first"), [(0.82, "0.8"), (0.97, "0.8"), (0.41, "0.4"), (0.0, "0.0")])
def test_the_axis_begins_below_the_lowest_bound(low: float, first: str) -> None:
    chart = score_chart("s", rows((*CONCEPTS[:4], low, *CONCEPTS[5:])), "A caption", axis="F1")
    ticks = re.findall(r">(\d\.\d+)<", chart.svg)
    assert ticks[0] == first


def test_the_same_rows_give_the_same_bytes() -> None:
    charts = [score_chart("s", rows(CONCEPTS, WRITTEN), "A caption", axis="F1").svg for _ in range(2)]
    assert charts[0] == charts[1]


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="no row"):
        score_chart("s", rows(), "A caption", axis="F1")
    with pytest.raises(ValueError, match="lacks href"):
        score_chart("s", rows(CONCEPTS).drop(columns="href"), "A caption", axis="F1")
    many = rows(*((*CONCEPTS[:2], f"series {n}", *CONCEPTS[3:]) for n in range(9)))
    with pytest.raises(ValueError, match="cannot be told apart"):
        score_chart("s", many, "A caption", axis="F1")


DOTS = pd.DataFrame(
    [
        (identifier, identifier.title(), unit, unit, group, value, f"#row-{identifier}")
        for identifier in ("land", "jobs")
        for unit, group, value in (("a", "", 0.1), ("b", "", 0.3), ("c", "The place", 0.2))
    ],
    columns=list(DOT_COLUMNS),
)


def test_dots_stand_on_the_line_of_their_row_and_what_stands_out_is_named() -> None:
    chart = dot_chart("dots", DOTS, "Dots", axis="% of blocks")
    assert {"Land", "Jobs", "The place", "the others", "% of blocks"} <= set(texts(chart.svg))
    assert chart.alt.startswith("% of blocks. Land: The place 20.0 %, the others 10.0 % to 30.0 %; Jobs")
    assert set(re.findall(r'<a href="([^"]+)"', chart.svg)) == {"#row-land", "#row-jobs"}
    assert len(re.findall(r'<a href="[^"]+">', chart.svg)) == 2  # by keyboard once to each
    assert "<title>Land: a 10.0 %</title>" in chart.svg
    assert chart.data.columns.tolist() == list(DOT_COLUMNS[:-1]) and len(chart.data) == len(DOTS)


def test_a_narrow_chart_keeps_its_own_size() -> None:
    narrow, wide = (dot_chart("dots", DOTS, "Dots", axis="x", width=width).svg for width in (4, FULL_WIDTH))
    assert "max-width: 25rem" in narrow and "max-width" not in wide


def test_dots_of_several_units_of_a_group_stand_apart_by_group() -> None:
    grouped = DOTS.assign(group=["one", "other", "one"] * 2)
    assert "Land: one 10.0 % to 20.0 %, other 30.0 %" in dot_chart("dots", grouped, "Dots", axis="x").alt
    assert "the others" not in texts(dot_chart("dots", grouped, "Dots", axis="x").svg)
    with pytest.raises(ValueError, match="no row to draw"):
        dot_chart("dots", DOTS[:0], "Dots", axis="x")


def test_of_very_many_groups_the_first_are_drawn_and_the_caption_says_so() -> None:
    many = pd.DataFrame([(f"d{n}", "supply", 1, 2, f"#d{n}") for n in range(500)], columns=list(BAR_COLUMNS))
    chart = draw(many)
    assert chart.caption == f"Instruments Drawn are the first {MOST_ROWS} of 500."
    assert len(chart.data) == MOST_ROWS
    assert draw(many.head(MOST_ROWS)).caption == "Instruments"


@pytest.mark.parametrize(("more", "columns"), [("", 2), (" and many others of their kind", 1)])
def test_the_legend_has_room_on_a_telephone(more: str, columns: int) -> None:
    rows = ROWS.assign(category=ROWS["category"] + more)
    labels = [element for element in parse(draw(rows).narrow).iter(f"{SVG}text")
              if "".join(element.itertext()) in {*rows["category"]}]  # fmt: skip
    places = {re.sub(r" [\d.]+\)$", "", element.get("transform") or element.get("x", "")) for element in labels}
    assert len(labels) == 2 and len(places) == columns


def test_a_link_says_what_its_own_group_says_where_all_lead_to_one_table() -> None:
    svg = draw(ROWS.assign(href="#all")).svg
    assert repr(draw()) == "<chart bars: Instruments>", "a notebook keeps it beside the drawing"
    titles = {"".join(title.itertext()) for title in parse(svg).iter(f"{SVG}title")}
    assert len(titles) == 2 and all(("Liaoning" in one) != ("National" in one) for one in titles)
