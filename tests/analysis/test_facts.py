from __future__ import annotations

import pytest
from kinds import MakeProject

from policybook.analysis.facts import CONFIDENCE, Facts, load_facts
from policybook.errors import InvalidDataError, SelectionError
from policybook.project import Project

RESIDENT = "常住人口城镇化率"


@pytest.fixture(scope="module")
def facts(project: Project) -> Facts:
    return load_facts(project)


def test_no_figure_is_without_an_origin(facts: Facts) -> None:
    for table in (facts.rates, facts.targets, facts.structure, facts.events):
        assert (table["source_title"] != "").all()
        assert table["confidence"].isin(CONFIDENCE).all()


@pytest.mark.parametrize(("year", "value"), [(1978, 17.92), (2023, 66.16)])
def test_a_rate_is_the_one_printed_with_its_origin(facts: Facts, year: int, value: float) -> None:
    """Both stand in the corpus: document 001, paragraph 4."""
    fact = facts.rate("China", RESIDENT, year)
    assert (fact.value, fact.year, fact.vintage) == (value, year, "as first published")
    assert fact.origin
    assert "recalled" not in fact.origin


def test_unknown_names_are_answered_with_what_exists(facts: Facts) -> None:
    with pytest.raises(SelectionError, match=r"no rate has the region 'Laoning'\. Did you mean 'Liaoning'"):
        facts.rate("Laoning", RESIDENT, 2020)
    with pytest.raises(SelectionError, match="for 1066"):
        facts.rate("China", RESIDENT, 1066)
    with pytest.raises(SelectionError, match=f"Did you mean '{RESIDENT}'"):
        facts.target("nnup-2014", "常住人口城镇率")


def test_a_series_has_one_row_a_year_in_order_and_nothing_recalled(facts: Facts) -> None:
    series = facts.series("China", RESIDENT)
    assert series["year"].is_monotonic_increasing
    assert series["year"].is_unique
    assert series["value"].between(0, 100).all()
    assert not series["origin"].str.contains("recalled").any()
    assert not set(series["year"]) & set(facts.disputed("China", RESIDENT))


def test_the_target_of_60_percent_is_that_of_the_corpus(facts: Facts) -> None:
    target = facts.target("nnup-2014", RESIDENT)
    assert (target["target_value"], target["target_year"]) == ("60", "2020")


def test_headings_leave_out_what_is_only_remembered(facts: Facts) -> None:
    headings = facts.headings("nnup-2014", "规划", level="part")
    assert (headings["level"] == "part").all()
    assert headings["title_zh"].str.contains("规划").all()
    assert not (headings["confidence"] == "recalled").any()


def test_a_recalled_figure_says_so(facts: Facts) -> None:
    recalled = facts.rates[facts.rates["confidence"] == "recalled"]
    for row in recalled.itertuples():
        same = facts.rates[
            (facts.rates["region"] == row.region)
            & (facts.rates["indicator_zh"] == row.indicator_zh)
            & (facts.rates["year"] == row.year)
            & (facts.rates["vintage"] == row.vintage)
        ]
        if (same["confidence"] == "recalled").all() and same["value_percent"].nunique() == 1:
            fact = facts.rate(str(row.region), str(row.indicator_zh), int(str(row.year)), str(row.vintage))
            assert fact.origin.endswith("(recalled, unverified)")


def test_every_mistake_is_reported_at_once_by_line_and_with_a_fix(make_project: MakeProject) -> None:
    project = make_project()
    rates, plans = project.facts / "urbanization_rate.csv", project.facts / "plan_targets.csv"
    lines = rates.read_text(encoding="utf-8").splitlines()
    lines[1:] = [
        "20x0,rate,率,China,65,as first published,,A title,us,2020,seen,,",
        "2020,rate,率,China,65%,as first published,,A title,us,2020,seen,,",
        "2020,rate,率,China,65,as first published,,,us,2020,sen,,",
    ]
    rates.write_text("\n".join(lines) + "\n", encoding="utf-8")
    plans.write_text("plan_id,confidence\nx,seen\n", encoding="utf-8")
    (project.facts / "events.csv").unlink()
    (project.facts / "plan_structure.csv").write_bytes(b"")
    with pytest.raises(InvalidDataError) as caught:
        load_facts(project)
    assert [str(problem).removeprefix("data/facts/") for problem in caught.value.problems] == [
        "events.csv: the file is missing. Restore it.",
        "plan_structure.csv: not a table: No columns to parse from file. Save it as CSV in UTF-8.",
        "plan_targets.csv:1: no column indicator_zh, indicator_en, target_year, target_value, unit, source_title, "
        "source_publisher, source_date, cite_url. Restore the heading.",
        "urbanization_rate.csv:2: year: '20x0' is no number. Give digits only.",
        "urbanization_rate.csv:3: value_percent: '65%' is no number. Give digits only.",
        "urbanization_rate.csv:4: confidence: unknown confidence 'sen'. Did you mean 'seen'? "
        "Known: document, seen, recalled.",
        "urbanization_rate.csv:4: source_title: the row has no origin. Give its source.",
    ]
