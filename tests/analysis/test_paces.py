from __future__ import annotations

import pytest

from policybook.analysis.facts import Facts, load_facts
from policybook.analysis.paces import needs, pace
from policybook.project import Project

RESIDENT = "常住人口城镇化率"


@pytest.fixture(scope="module")
def facts(project: Project) -> Facts:
    return load_facts(project)


@pytest.mark.parametrize(
    ("region", "first", "last", "a_year"),
    [("China", 2014, 2019, 1.166), ("China", 2021, 2025, 0.7925), ("Liaoning", 2015, 2019, 0.19)],
)
def test_a_pace_is_points_a_year(facts: Facts, region: str, first: int, last: int, a_year: float) -> None:
    """By hand: (60.60 - 54.77) / 5, (67.89 - 64.72) / 4, (68.11 - 67.35) / 4."""
    rows = [facts.rate(region, RESIDENT, year) for year in (first, last)]
    found = pace(*rows, facts.break_years(RESIDENT))
    assert found.a_year == pytest.approx(a_year)
    assert found.alike


def test_a_pace_across_a_recount_is_marked(facts: Facts) -> None:
    before, after = facts.rate("China", RESIDENT, 2014), facts.rate("China", RESIDENT, 2020, "2020 census")
    assert not pace(before, after, facts.break_years(RESIDENT)).alike
    revised = facts.rate("China", RESIDENT, 2012, "revised after 2020 census")
    assert pace(revised, after, facts.break_years(RESIDENT)).alike


def test_there_is_no_pace_backwards_or_between_places(facts: Facts) -> None:
    one, other = facts.rate("China", RESIDENT, 2019), facts.rate("Liaoning", RESIDENT, 2015)
    for pair in ((one, one), (one, other)):
        with pytest.raises(ValueError, match="there is no pace"):
            pace(*pair)


def test_every_reading_of_a_goal_is_worked_out(facts: Facts) -> None:
    start = facts.rate("China", RESIDENT, 2023)
    found = {(need.goal, need.year): round(need.a_year, 2) for need in needs([start], (69.5, 70), (2023, 2028, 2029))}
    assert found == {(69.5, 2028): 0.67, (69.5, 2029): 0.56, (70, 2028): 0.77, (70, 2029): 0.64}
