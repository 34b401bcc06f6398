from __future__ import annotations

import re

import pytest
from urbanization.checks import load_facts
from urbanization.facts import Facts

from policybook.errors import SelectionError
from policybook.project import Project

RESIDENT = "常住人口城镇化率"
REGISTERED = "户籍人口城镇化率"


@pytest.fixture(scope="module")
def facts(project: Project) -> Facts:
    return load_facts(project)


def test_every_statement_has_an_origin_and_an_id_of_its_own(facts: Facts) -> None:
    assert len(facts.by_id) == len(facts.rows) > 300
    assert all(row.source_title and re.fullmatch(r"[a-z0-9-]+", row.id) for row in facts.rows)


@pytest.mark.parametrize(("year", "value"), [(1978, 17.92), (2023, 66.16)])
def test_a_rate_is_the_one_printed_with_its_origin(facts: Facts, year: int, value: float) -> None:
    """Both stand in the corpus: guizhou-2024-two-strategies, paragraph 4."""
    row = facts.rate("China", RESIDENT, year)
    assert (row.value, int(row.year), row.vintage) == (value, year, "as first published")
    assert row.origin


def test_unknown_names_are_answered_with_what_exists(facts: Facts) -> None:
    with pytest.raises(SelectionError, match=r"no rate has the region 'Laoning'\. Did you mean 'Liaoning'"):
        facts.rate("Laoning", RESIDENT, 2020)
    with pytest.raises(SelectionError, match="for 1066"):
        facts.rate("China", RESIDENT, 1066)
    with pytest.raises(SelectionError, match=f"Did you mean '{RESIDENT}'"):
        facts.target("nnup-2014", "常住人口城镇率")
    with pytest.raises(SelectionError, match="Did you mean 'nnup-2014'"):
        facts.targets("nnup-2041")


def test_a_series_is_one_vintage_one_row_a_year(facts: Facts) -> None:
    for region, indicator, vintage in {(r.region, r.indicator_zh, r.vintage) for r in facts.urbanization_rate}:
        series = facts.series(region, indicator, vintage)
        years = [int(row.year) for row in series]
        assert years == sorted(set(years))
        assert {row.vintage for row in series} <= {vintage}
        assert not set(years) & set(facts.disputed(region, indicator, vintage))


def test_disputed_years_are_left_out_and_the_rows_say_with_which_they_conflict(facts: Facts) -> None:
    assert facts.disputed("China", REGISTERED) == [2014]
    (group,) = facts.conflicts()
    assert {row.value_percent for row in group if hasattr(row, "value_percent")} == {"35.9", "36.3"}


def test_amounts_are_plain_numbers_with_a_unit(facts: Facts) -> None:
    goals = {row.indicator_en: row.target for row in facts.plan_targets}
    found = {
        name: (goal.number, goal.unit)
        for name, goal in goals.items()
        if goal and name.startswith(("farm-to-city", "new construction", "ordinary"))
    }
    assert found == {
        "farm-to-city migrants and other residents gaining urban hukou": (100_000_000, "person"),
        "new construction land": (29_500_000, "mu"),
        "ordinary railways to cities above 200,000": (None, "city"),
    }


def test_every_row_says_whose_word_it_is(facts: Facts) -> None:
    """Official texts, named newspapers and agencies, or documents of this book; what is decided stands corrected."""
    assert {row.confidence for row in facts.rows} == {"official", "reported", "document"}
    national = [r for r in facts.urbanization_rate if (r.region, r.indicator_zh) == ("China", RESIDENT)]
    rates = {(row.year, row.vintage): row for row in national}
    printed = [rates[f"20{year:02}", "as first published"].value_percent for year in (2, 4, 5, 7, 8, 9)]
    assert printed == ["39.1", "41.8", "43.0", "44.9", "45.7", "46.6"]
    revised = rates["2019", "revised after 2020 census"]
    assert (revised.value_percent, revised.source_publisher) == ("62.71", "国家统计局")
    assert {"2014-03-12", "2014-03-16"} <= {one.date for one in facts.events if "National New-Type" in one.event_en}
    assert facts.rate("Liaoning", RESIDENT, 2015).value_percent == "67.4"
