from __future__ import annotations

import re

import pandas as pd
import pytest
from svg import SVG, parse, texts

from policybook.charts.cloud import cloud_chart
from policybook.charts.theme import Chart

TERMS = pd.Series({"新型城镇化": 9, "县城": 5, "rural revitalization": 4, "市民化": 2})


def draw(terms: pd.Series = TERMS, name: str = "cloud-a", most: int = 60) -> Chart:
    return cloud_chart(name, terms, "Terms", most)


@pytest.fixture(scope="module")
def cloud() -> Chart:
    """The picture of TERMS, drawn once."""
    return draw()


def size_of(chart: Chart, term: str) -> float:
    (found,) = [t for t in parse(chart.svg).iter(f"{SVG}text") if "".join(t.itertext()) == term]
    size = re.search(r"font-size:\s*(\d+)", found.get("style", "")) or re.match(r"(\d+)", found.get("font-size", ""))
    assert size is not None
    return float(size.group(1))


def test_every_term_is_in_the_picture_larger_where_more_frequent(cloud: Chart) -> None:
    assert set(texts(cloud.svg)) == set(TERMS.index)
    assert size_of(cloud, "新型城镇化") > size_of(cloud, "市民化")


def test_the_alternative_and_the_data_say_the_numbers(cloud: Chart) -> None:
    assert cloud.alt.startswith("Word cloud of 4 terms. The most frequent: 新型城镇化 9, 县城 5,")
    assert cloud.data.to_numpy().tolist() == [[term, count] for term, count in TERMS.items()]


def test_the_same_frequencies_make_the_same_picture(cloud: Chart) -> None:
    assert draw().svg == cloud.svg


def test_two_clouds_on_a_page_keep_their_fonts_apart() -> None:
    terms = TERMS.tail(1)
    one, two = draw(terms, name="one").svg, draw(terms, name="two").svg
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
    chart = draw(most=2)
    assert set(texts(chart.svg)) == {"新型城镇化", "县城"}
    assert len(chart.data) == 2


def test_a_term_that_the_font_lacks_is_left_out() -> None:
    chart = draw(pd.Series({"县城": 2, "😀": 1}))
    assert chart.data["term"].tolist() == ["县城"]


def test_nothing_to_draw_is_said() -> None:
    for nothing in (pd.Series({"😀": 1}), pd.Series({}, dtype=int)):
        with pytest.raises(ValueError, match="no term"):
            draw(nothing)


def test_a_long_term_is_cut_off_in_the_picture_only() -> None:
    term = "granting full urban-resident status to people moving out of agriculture"
    chart = draw(pd.Series({"county": 3, term: 2}))
    assert set(texts(chart.svg)) == {"county", "granting full urban-resident …"}
    assert chart.data["term"].tolist() == ["county", term]


def test_what_finds_no_room_is_not_claimed() -> None:
    crowd = pd.Series({f"a rather long term number {n}": 100 for n in range(200)})
    chart = draw(crowd, most=200)
    drawn = texts(chart.svg)
    assert len(drawn) < 200
    assert set(chart.data["term"]) == set(drawn)
    assert chart.alt.startswith(f"Word cloud of {len(drawn)} terms.")
