from __future__ import annotations

import re
from itertools import combinations

import pandas as pd
import pytest
from svg import SVG, ids, parse, references, texts

from policybook.charts.network import (
    EDGE_COLUMNS,
    MAP_COLUMNS,
    NODE_COLUMNS,
    _layout,
    cloud_chart,
    map_chart,
    network_chart,
)
from policybook.charts.theme import FULL_WIDTH, Chart
from policybook.words.say import say

NODES = pd.DataFrame(
    [
        ("council", "Council 国务院", "centre", 25, "#actor-council"),
        ("bureau", "Bureau", "centre", 9, "#actor-bureau"),
        ("county", "County", "places", 4, "#actor-county"),
        ("town", "Town", "", 1, None),
    ],
    columns=list(NODE_COLUMNS),
)
EDGES = pd.DataFrame(
    [("council", "bureau", 6, "#pair-1"), ("bureau", "county", 2, "#pair-2")], columns=list(EDGE_COLUMNS)
)


def draw(nodes: pd.DataFrame = NODES, edges: pd.DataFrame = EDGES, **options: int) -> Chart:
    return network_chart("net", nodes, edges, "Actors", **options)


def circles(svg: str) -> dict[str, str]:
    """Return address → path definition of the mark drawn for it."""
    root = parse(svg)
    paths = {path.get("id"): path.get("d", "") for path in root.iter(f"{SVG}path")}
    found = {}
    for link in root.iter(f"{SVG}a"):
        for use in link.iter(f"{SVG}use"):
            found[link.get("href", "")] = paths[use.get("{http://www.w3.org/1999/xlink}href", "#")[1:]]
    return found


def size_of(path: str) -> float:
    return max(abs(float(number)) for number in re.findall(r"-?\d+(?:\.\d+)?", path))


def test_actors_are_larger_where_named_more_often_and_lead_to_their_evidence() -> None:
    svg = draw().svg
    assert {"Council 国务院", "Bureau", "County", "Town", "centre", "places"} <= set(texts(svg))
    found = circles(draw(NODES.assign(group="one mark for all")).svg)
    assert size_of(found["#actor-council"]) > size_of(found["#actor-bureau"]) > size_of(found["#actor-county"])
    hrefs = {link.get("href") for link in parse(svg).iter(f"{SVG}a")}
    assert {"#actor-council", "#actor-bureau", "#actor-county", "#pair-1", "#pair-2"} == hrefs


def test_lines_are_thicker_where_actors_stand_together_more_often() -> None:
    widths = {
        link.get("href"): float(re.search(r"stroke-width: ([\d.]+)", path.get("style", ""))[1])  # type: ignore[index]
        for link in parse(draw().svg).iter(f"{SVG}a")
        for path in link.iter(f"{SVG}path")
        if (link.get("href") or "").startswith("#pair")
    }
    assert widths["#pair-1"] > widths["#pair-2"]


def test_groups_that_hang_together_stand_apart_the_largest_on_top() -> None:
    many = pd.DataFrame([(f"m{n}", f"M {n}", "", 9, f"#m{n}") for n in range(7)], columns=list(NODE_COLUMNS))
    pair = pd.DataFrame([(f"p{n}", f"P {n}", "", 2, f"#p{n}") for n in range(2)], columns=list(NODE_COLUMNS))
    edges = pd.DataFrame(
        [*((f"m{n}", f"m{n + 1}", 1, "#e") for n in range(6)), ("p0", "p1", 1, "#f")], columns=list(EDGE_COLUMNS)
    )
    nodes = pd.concat([many, pair, NODES.tail(1)])
    places, high = _layout(nodes, edges, 7)
    lowest = min(places[f"m{n}"][1] for n in range(7))
    assert lowest > places["p0"][1] and lowest > places["p1"][1], "larger groups above smaller ones"
    assert places["town"][1] < min(places["p0"][1], places["p1"][1]), "and those named alone at the foot"
    assert all(0 <= x <= 72 * FULL_WIDTH and 0 <= y <= high for x, y in places.values())
    assert len({(round(x), round(y)) for x, y in places.values()}) == len(nodes)


def test_the_alternative_and_titles_say_the_numbers() -> None:
    chart = draw()
    assert chart.alt == (
        "Network of 4 actors and 2 links. Named most often: Council 国务院 25, Bureau 9, County 4, Town 1. "
        "Most often together: Council 国务院 and Bureau 6, Bureau and County 2."
    )
    titles = {title.text for title in parse(chart.svg).iter(f"{SVG}title")}
    assert {"Council 国务院: 25 mentions", "Bureau and County: together 2 times"} <= titles


def test_the_data_hold_actors_and_links() -> None:
    data = draw(most=2).data
    assert data["kind"].tolist() == ["actor"] * 4 + ["link"] * 2
    assert data.loc[4, ["id", "target", "weight"]].tolist() == ["council", "bureau", 6]


def test_only_the_most_named_are_drawn_and_the_rest_is_counted() -> None:
    chart = draw(most=2)
    assert "County" not in texts(chart.svg)
    assert chart.alt.startswith("Network of 2 actors and 1 links.")
    left_out = say("charts.network.alt", actors=0, links=0, most=[], pairs=[], left_out=2).rpartition(". ")[2]
    assert left_out.startswith("2 ") and chart.alt.endswith(left_out)


def test_the_same_actors_give_the_same_drawing() -> None:
    assert draw().svg == draw().svg
    assert draw(NODES.iloc[::-1]).svg == draw().svg
    svg = draw().svg
    assert {r for r in references(svg) if r.startswith("net-")} <= set(ids(svg))


def test_labels_of_a_crowd_rarely_cover_each_other() -> None:
    names = [f"Office of matter {n} 部门" for n in range(30)]
    nodes = pd.DataFrame([(n, n, "", 30 - i, "#x") for i, n in enumerate(names)], columns=list(NODE_COLUMNS))
    pairs = [(a, b, 1 + (i + j) % 4, "#y") for (i, a), (j, b) in combinations(enumerate(names), 2) if (i * j) % 11 == 1]
    svg = draw(nodes, pd.DataFrame(pairs, columns=list(EDGE_COLUMNS))).svg
    spots = []
    for text in parse(svg).iter(f"{SVG}text"):
        place = re.search(r"translate\(([\d.]+) ([\d.]+)\)", text.get("transform", ""))
        spots.append(
            (float(place[1]), float(place[2])) if place else (float(text.get("x", 0)), float(text.get("y", 0)))
        )
    close = sum(abs(x1 - x2) < 40 and abs(y1 - y2) < 6 for (x1, y1), (x2, y2) in combinations(spots, 2))
    assert len(spots) >= 30
    assert close <= 3


@pytest.mark.parametrize("count", [1, 2, 9])
def test_actors_who_are_never_together_can_be_drawn(count: int) -> None:
    nodes = pd.DataFrame([(str(n), f"Actor {n}", None, 0, None) for n in range(count)], columns=list(NODE_COLUMNS))
    chart = draw(nodes, EDGES.iloc[:0])
    assert sum(text.startswith("Actor") for text in texts(chart.svg)) == count
    assert "None stand together." in chart.alt


def test_an_actor_is_not_linked_to_itself() -> None:
    loop = pd.DataFrame([("council", "council", 3, "#loop")], columns=list(EDGE_COLUMNS))
    assert "#loop" not in draw(edges=loop).svg


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        (NODES.drop(columns="mentions"), EDGES, "lacks mentions"),
        (NODES, EDGES.drop(columns="weight"), "lacks weight"),
        (NODES.iloc[:0], EDGES.iloc[:0], "no row to draw"),
        (pd.concat([NODES, NODES.iloc[:1]]), EDGES, "'council' stands twice"),
        (NODES, EDGES.assign(target="mayor"), "leads to 'mayor'"),
    ],
)
def test_networks_that_cannot_be_drawn_are_refused(nodes: pd.DataFrame, edges: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(nodes, edges)


# Clouds of words ------------------------------------------------------------------------------------

TERMS = pd.Series({"新型城镇化": 9, "县城": 5, "rural revitalization": 4, "市民化": 2})


def draw_cloud(terms: pd.Series = TERMS, name: str = "cloud-a", most: int = 60) -> Chart:
    return cloud_chart(name, terms, "Terms", most)


@pytest.fixture(scope="module")
def cloud() -> Chart:
    """The picture of TERMS, drawn once."""
    return draw_cloud()


def word_size(chart: Chart, term: str) -> float:
    (found,) = [t for t in parse(chart.svg).iter(f"{SVG}text") if "".join(t.itertext()) == term]
    size = re.search(r"font-size:\s*(\d+)", found.get("style", "")) or re.match(r"(\d+)", found.get("font-size", ""))
    assert size is not None
    return float(size.group(1))


def test_every_term_is_in_the_picture_larger_where_more_frequent(cloud: Chart) -> None:
    assert set(texts(cloud.svg)) == set(TERMS.index)
    assert word_size(cloud, "新型城镇化") > word_size(cloud, "市民化")


def test_the_alternative_and_the_data_say_the_numbers(cloud: Chart) -> None:
    assert cloud.alt.startswith("Word cloud of 4 terms. The most frequent: 新型城镇化 9, 县城 5,")
    assert cloud.data.to_numpy().tolist() == [[term, count] for term, count in TERMS.items()]


def test_the_same_frequencies_make_the_same_picture(cloud: Chart) -> None:
    assert draw_cloud().svg == cloud.svg


def test_two_clouds_on_a_page_keep_their_fonts_apart() -> None:
    terms = TERMS.tail(1)
    one, two = draw_cloud(terms, name="one").svg, draw_cloud(terms, name="two").svg
    assert "'cloud-one'" in one
    assert "cloud-one" not in two
    assert one.count("@font-face") == 1
    assert not re.search(r"(?<![\w-] )(?<!\w)text\{", one.replace(".pb-cloud-one text {", ""))


def test_the_picture_has_a_name_and_needs_no_file(cloud: Chart) -> None:
    root = parse(cloud.svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == cloud.alt
    assert not re.search(r"(?:href|src|url\()=?[\"']?https?:", cloud.svg)


def test_only_the_most_frequent_terms_are_shown() -> None:
    chart = draw_cloud(most=2)
    assert set(texts(chart.svg)) == {"新型城镇化", "县城"}
    assert len(chart.data) == 2


def test_a_term_that_the_font_lacks_is_left_out() -> None:
    chart = draw_cloud(pd.Series({"县城": 2, "😀": 1}))
    assert chart.data["term"].tolist() == ["县城"]


def test_nothing_to_draw_is_said() -> None:
    for nothing in (pd.Series({"😀": 1}), pd.Series({}, dtype=int)):
        with pytest.raises(ValueError, match="no term"):
            draw_cloud(nothing)


def test_a_long_term_is_cut_off_in_the_picture_only() -> None:
    term = "granting full urban-resident status to people moving out of agriculture"
    chart = draw_cloud(pd.Series({"county": 3, term: 2}))
    assert set(texts(chart.svg)) == {"county", "granting full urban-resident …"}
    assert chart.data["term"].tolist() == ["county", term]


def test_what_finds_no_room_is_not_claimed() -> None:
    crowd = pd.Series({f"a rather long term number {n}": 100 for n in range(200)})
    chart = draw_cloud(crowd, most=200)
    drawn = texts(chart.svg)
    assert len(drawn) < 200
    assert set(chart.data["term"]) == set(drawn)
    assert chart.alt.startswith(f"Word cloud of {len(drawn)} terms.")


POINTS = pd.DataFrame(
    [("d1", "First text", "document", 0.5, 0.1, "../documents/first.html"),
     ("d2", "Second 文", "document", -0.4, -0.2, "../documents/second.html"),
     ("t1", "Land & water", "theme", 0.7, 0.0, "#theme-land")],
    columns=list(MAP_COLUMNS),
)  # fmt: skip


def test_a_map_says_what_lies_where_and_leads_there() -> None:
    chart = map_chart("map", POINTS, "Texts among themes", ("axis 1", "axis 2"))
    assert {"First text", "Land & water", "axis 1", "document", "theme"} <= set(texts(chart.svg))
    assert "#theme-land" in chart.svg and "../documents/first.html" in chart.svg
    assert "Land & water (0.70, 0.00); First text (0.50, 0.10)" in chart.alt
    assert chart.data.columns.tolist() == ["id", "label", "group", "x", "y"]
    assert "First text" not in texts(chart.narrow) and "Land & water" in " ".join(texts(chart.narrow))


def test_a_map_of_one_point_is_drawn() -> None:
    assert map_chart("one", POINTS.head(1).assign(x=0.0, y=0.0), "One", ("a", "b")).svg
