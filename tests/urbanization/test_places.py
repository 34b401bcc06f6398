"""The page on the centre and the provinces, on small tables made for it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import numpy as np
import pandas as pd
import pytest
from urbanization.places import (
    PLACE_COLUMNS,
    Places,
    city_dots,
    city_rows,
    document_rows,
    dot_rows,
    evidence_rows,
    find_places,
    mean_rows,
    means_table,
    new_words,
    place_rows,
    places_answer,
    places_headline,
    reports_limits,
    sensitivity_rows,
    services_sentence,
    settled_rows,
    texts_sentence,
    theme_keys,
    tile_rows,
    uptake_rows,
    uptake_sentence,
    year_rows,
)

from policybook.analysis.paired import Panel
from policybook.coding.rules import Age
from policybook.coding.scheme import INSTRUMENTS, STRENGTHS, load_scheme
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project

ROOT = Path(__file__).resolve().parents[2]
KEYS = [("theme", "space"), ("theme", "people"), ("concept", "urban-renewal"), ("concept", "county-economy")]
YEARS = range(2014, 2024)
BLOCKS = 200


def made_panel(level: dict[str, int], rates: Any, years: range = YEARS, city_of: str = "") -> Panel:
    """Return a document a unit and year, `rates(unit, year)` the blocks of 200 that carry each of KEYS."""
    table = [(unit, year) for unit in level for year in years]
    documents = pd.DataFrame({
        "document": [f"{unit}-{year}" for unit, year in table], "title": "a report",
        "unit": [unit for unit, _ in table], "place": [city_of or unit for unit, _ in table],
        "level": [level[unit] for unit, _ in table],
        "year": [year for _, year in table], "kind": "report", "era": "old", "language": "zh", "city": "",
        "blocks": BLOCKS, "characters": 20000, "sha256": "0", "address": "https://example.org/report",
    })  # fmt: skip
    carrying = np.array([rates(unit, year) for unit, year in table], dtype=float)
    rows = pd.DataFrame(KEYS, columns=["family", "id"]).assign(why="", chosen=False)
    known = {name: tuple(dict.fromkeys(documents[name].astype(str))) for name in ("place", "era", "kind", "document")}
    return Panel(documents, rows, carrying, carrying, carrying, known)


PROVINCES = ("liaoning", "fujian", "anhui", "hebei", "hunan", "henan", "shanxi", "jiangsu", "yunnan", "hainan")


def rate(unit: str, year: int) -> list[int]:
    """All provinces speak of space three times as often as the centre, Fujian alone of the county economy."""
    jitter = (sum(map(ord, unit)) * 7 + year * 13) % 5
    renewal = 4 if year >= (2016 if unit == "national" else 2018) else 0
    return [
        10 + jitter if unit == "national" else 33 + jitter,
        20 + jitter,
        renewal,
        40 if unit == "fujian" else 8 + jitter,
    ]


@pytest.fixture(scope="module")
def places() -> Places:
    project = Project(ROOT)
    book: Any = SimpleNamespace(project=project, scheme=load_scheme(project), vocabulary=load_vocabulary(project))
    made = Places(book, "made", "made-cities", "report", "national", ["liaoning", "fujian"])
    panel = made_panel({"national": 0, **dict.fromkeys(PROVINCES, 1)}, rate)
    named = [*(f"instrument_{one}" for one in INSTRUMENTS), *(f"strength_{one}" for one in STRENGTHS)]
    documents = panel.documents.assign(length=20000, subtype_services=2, **dict.fromkeys(named, 3))
    counts = pd.DataFrame([("fujian-2014", "concept", "county-economy", 40, 40, "县域经济")],
                          columns=["document", "kind", "id", "mentions", "blocks_100", "form"])  # fmt: skip
    cities = [made_panel(dict.fromkeys(names, 2), rate, city_of=place)
              for place, names in (("liaoning", "abcd"), ("fujian", "efg"))]  # fmt: skip
    vars(made.texts).update({
        "nothing": "", "missing": "",
        "panel_of": lambda _length: panel, "age": Age(),
        "measured": SimpleNamespace(documents=documents, counts=counts),
    })  # fmt: skip
    vars(made).update({
        "panel": panel,
        "city_panel": Panel(**{**cities[0].beside(cities[1]).__dict__, "known": {"place": ("liaoning", "fujian")}}),
    })  # fmt: skip
    return made


@pytest.fixture(scope="module")
def rows(places: Places) -> pd.DataFrame:
    return place_rows(places)


def test_what_all_provinces_do_is_the_level_and_what_one_does_is_the_place(rows: pd.DataFrame) -> None:
    assert list(rows.columns) == list(PLACE_COLUMNS) and len(rows) == 2 * len(KEYS)
    space = rows[rows["id"] == "space"]
    assert (
        set(space["centre_verdict"]) == {"more"} and set(space["same_direction"]) == {10} and set(space["of"]) == {10}
    )
    assert not space["peers_verdict"].isin(["more", "less"]).any()
    settled = settled_rows(rows)
    assert settled[["place", "id", "peers_verdict", "rank"]].to_numpy().tolist() == [
        ["fujian", "county-economy", "more", 1]
    ]
    assert (rows["rank_low"] <= rows["rank"]).all() and (rows["rank"] <= rows["rank_high"]).all()


def test_the_answer_is_three_sentences_with_ranks_and_how_many_go_the_same_way(rows: pd.DataFrame) -> None:
    level, place, rest = places_answer(rows)
    assert "10 of 10 provinces" in level and re.search(r"Liaoning ranks \d+ of 10\b", level)
    assert "county economy" in place and "rank 1 of 10" in place and "Liaoning differs clearly in nothing" in place
    assert re.search(r"for Liaoning \d+ of \d+", rest)
    assert not any("{" in sentence or "  " in sentence for sentence in (level, place, rest))
    assert places_answer(rows[:0]) == ["", "", ""]


def test_charts_have_every_place_and_mark_the_centre_and_both(places: Places) -> None:
    dots = dot_rows(places, theme_keys(places))
    assert len(dots) == 2 * 11 and set(dots["group"]) == {"", "Liaoning", "Fujian", "the centre"}
    mean = dots[(dots["unit"] == "fujian") & (dots["id"] == "space")]["value"].item()
    assert mean == pytest.approx(np.mean([rate("fujian", year)[0] for year in YEARS]) / BLOCKS)
    years = year_rows(places)
    assert len(years) == 2 * 11 * len(YEARS) and years["group"].iloc[0] == ""
    assert set(tile_rows(places)["id"]) <= {"space", "people"}


def test_only_themes_with_reliable_means_are_on_the_map(places: Places) -> None:
    tiles = tile_rows(places)
    assert len(tiles) == len(PROVINCES) * tiles["id"].nunique() and (tiles["reliability"] >= 0.7).all()


def test_the_tiles_are_one_a_province_and_none_on_another(places: Places) -> None:
    tiles = pd.read_csv(places.book.project.facts / "tiles.csv")
    within = {one.id for one in places.book.vocabulary.places if one.within == "national"}
    assert set(tiles["place"]) <= within and tiles["place"].is_unique and tiles["code"].is_unique
    assert not tiles.duplicated(["row", "column"]).any()


def test_cities_are_spread_within_their_province_and_compared_between(places: Places) -> None:
    cities = city_rows(places).set_index("id")
    means = [np.mean([rate(city, year)[0] for year in YEARS]) / BLOCKS for city in "abcd"]
    assert cities.loc["space", "liaoning_mean"] == pytest.approx(np.mean(means))
    assert cities.loc["space", "liaoning_spread"] == pytest.approx(np.std(means, ddof=1))
    assert city_dots(places).groupby(["id", "group"]).size().to_dict()["space", "Fujian"] == 3


def test_a_word_is_new_where_its_absence_before_means_something(places: Places) -> None:
    assert new_words(places.panel.select(place="national")) == {"urban-renewal"}
    rare = made_panel({"national": 0}, lambda _unit, year: [0, 0, 2 if year == 2020 else 0, 3])
    assert new_words(rare) == set()


def test_uptake_counts_who_was_first_and_how_long_the_others_waited(places: Places) -> None:
    words = uptake_rows(places)
    assert words[["id", "first", "before", "same", "after", "never"]].to_numpy().tolist() == [
        ["urban-renewal", 2016, 0, 0, 10, 0]
    ]
    assert words["liaoning"].item() == 2018
    assert "10" in uptake_sentence(places, words) and uptake_sentence(places, words[:0]).startswith("No word")


def test_means_are_shares_of_directives_by_place_and_of_all_provinces(places: Places) -> None:
    means = mean_rows(places, "instrument")
    assert means["group"].nunique() == 4 and means.groupby("group")["share"].sum().tolist() == pytest.approx([1] * 4)
    table = means_table(means, mean_rows(places, "strength"))
    assert list(table.columns) == ["what", "The centre", "Liaoning", "Fujian", "All 10 provinces"]
    assert len(table) == len(INSTRUMENTS) + len(STRENGTHS) and means_table(pd.DataFrame()).empty


def test_public_services_are_demand_as_in_the_source_or_not_told(places: Places) -> None:
    own, source = mean_rows(places, "instrument"), mean_rows(places, "source")
    kept = source[source["group"] == "Fujian"].set_index("code")
    assert kept["count"].to_dict() == {"supply": len(YEARS), "demand": 5 * len(YEARS)}
    assert set(kept["total"]) == set(own["total"][own["group"] == "Fujian"])
    assert not set(source["category"]) & set(own["category"]), "a table has both"
    told = services_sentence(own, source)
    assert "25 %" in told and "8 %" in told and "42 %" in told
    assert "42" not in services_sentence(own, source[:0])


def test_the_headline_has_no_probability_and_leads_to_the_page_and_its_rows(places: Places, rows: pd.DataFrame) -> None:
    told = lxml.html.fromstring(str(places_headline(places, "../").markup))
    *named, last = [(a.get("href"), a.text.strip("“”")) for a in told.cssselect("a")]
    assert last[0] == "../chapters/places.html#answer"
    labels = {f"../chapters/places.html#{row.anchor}": row.label for row in rows.itertuples()}
    assert named and all(labels[href] == said for href, said in named)
    assert "10 of 10 provinces" in told.text_content() and "rank 1 of 10)" in told.text_content()
    brief = " ".join(places_answer(rows, brief=True)[:2])
    assert brief in " ".join(told.text_content().split())
    assert not re.search(r"95 %|\bp 0", " ".join([brief, *places_answer(rows)]))


def test_counted_otherwise_every_cell_has_ratio_and_rank(places: Places) -> None:
    table = sensitivity_rows(places, [50, 100])
    assert list(table.columns) == ["label", "label_zh", "name", "50", "100", "rate"] and len(table) == 4
    assert table[["50", "rate"]].map(lambda cell: bool(re.fullmatch(r"\d+\.\d\d · \d+", cell))).to_numpy().all()


def test_evidence_leads_to_the_words_on_the_official_page(places: Places, rows: pd.DataFrame) -> None:
    found = evidence_rows(places, settled_rows(rows))
    assert len(found) == 1 and found["site"].item() == "example.org" and found["share"].item() == 40 / BLOCKS
    assert found["site_href"].item().startswith("https://example.org/report#:~:text=%E5%8E%BF")
    assert len(document_rows(places)) == 3 * len(YEARS) and document_rows(places)["anchor"].is_unique


def test_a_place_without_a_year_is_named(places: Places) -> None:
    panel = places.panel.keep((places.panel.documents["document"] != "fujian-2014").to_numpy())
    lacking = Places(places.book, "made", "none", "report", "national", ["liaoning", "fujian"])
    vars(lacking).update({"panel": panel, "texts": places.texts})
    assert texts_sentence(lacking).endswith("Fujian lacks 2014.") and "lacks" not in texts_sentence(places)


def test_a_book_without_the_page_or_the_counts_says_nothing_or_why(tmp_path: Path, places: Places) -> None:
    for name in ("notebooks", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "notebooks" / "runs.yml").write_text("runs:\n  - {template: front, page: index}\n", encoding="utf-8")
    book: Any = SimpleNamespace(project=Project(tmp_path), scheme=places.book.scheme, vocabulary=places.book.vocabulary)
    assert find_places(book) is None
    assert str(places_headline(None).markup) == str(reports_limits(None).markup) == ""
    empty = Places(book, "made", "none", "report", "national", ["liaoning", "fujian"])
    assert "measure" in empty.texts.nothing and place_rows(empty).empty and year_rows(empty).empty
    assert all(made(empty).empty for made in (tile_rows, city_rows, uptake_rows, document_rows))


def test_most_cells_of_the_page_show_or_work_on_a_table() -> None:
    cells = json.loads((ROOT / "notebooks" / "places.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert sum("show(" in source for source in code) >= 0.4 * len(code)
    assert not any(re.search(r"^\s*def |lambda ", source, re.MULTILINE) for source in code)
