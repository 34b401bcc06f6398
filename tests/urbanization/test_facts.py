from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from kinds import MakeProject
from urbanization.checks import columns, load_facts
from urbanization.facts import TABLES, Facts

from policybook.errors import InvalidDataError, SelectionError
from policybook.project import Project

RESIDENT = "常住人口城镇化率"
REGISTERED = "户籍人口城镇化率"


@pytest.fixture(scope="module")
def facts(project: Project) -> Facts:
    return load_facts(project)


@pytest.fixture
def mistakes(make_project: MakeProject) -> Callable[..., list[str]]:
    """Return a function that changes cells of one row of a table and gives the mistakes that are then named."""

    def change(table: str, where: dict[str, str], **cells: str) -> list[str]:
        project = make_project()
        edit(project.facts / f"{table}.csv", where, cells)
        with pytest.raises(InvalidDataError) as caught:
            load_facts(project)
        return [str(problem) for problem in caught.value.problems]

    return change


def edit(path: Path, where: dict[str, str], cells: dict[str, str]) -> int:
    """Change the first row that fits and return its line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), list(reader.fieldnames or ())
    n, row = next((n, row) for n, row in enumerate(rows, 2) if where.items() <= row.items())
    row.update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return n


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


def test_what_the_book_says_of_the_columns_is_what_they_are(project: Project) -> None:
    """data/facts/README.md documents every column of every table, and no other."""
    text = (project.facts / "README.md").read_text(encoding="utf-8")
    common, *sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    said = {
        name: [column for line in section.splitlines() if line.startswith("| `") for column in _named(line)]
        for section in sections
        for name in re.findall(r"(\w+)\.csv", section.splitlines()[0])
    }
    shared = [column for line in common.splitlines() if line.startswith("| `") for column in _named(line)]
    for name, kind in TABLES.items():
        required, optional = columns(kind)
        wanted = set(required + optional)
        if name in ("vintages", "hosts"):
            assert wanted < set(said[name])
        else:
            assert set(said[name]) | set(shared) == wanted, name


def _named(line: str) -> list[str]:
    return re.findall(r"`(\w+)`", line.split("|")[1])


def test_every_table_read_is_there_and_has_its_columns_in_the_file(project: Project) -> None:
    for name, kind in TABLES.items():
        head = (project.facts / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        required, optional = columns(kind)
        assert set(required) <= set(head) <= {*required, *optional}


def test_the_tables_of_a_new_project_are_empty(make_project: MakeProject) -> None:
    project = make_project()
    for path in project.facts.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert load_facts(project).rows == ()


def test_every_mistake_is_reported_at_once_by_line_and_with_a_fix(make_project: MakeProject) -> None:
    project = make_project()
    rates, plans = project.facts / "urbanization_rate.csv", project.facts / "plan_targets.csv"
    head = rates.read_text(encoding="utf-8").splitlines()[0]
    rates.write_text(
        f"{head}\n"
        "20x0,rate,率,China,65,as first published,,A title,us,2020,official,,,\n"
        '2020,rate,率,China,65%,as first published,"over\ntwo lines",A title,us,2020,official,,,\n'
        "2020,rate,率,China,65,as first published,,,us,2020,oficial,,,\n"
        "2020,rate,率,China,nan,as first published,,A title,us,2020,official,,,\n"
        "2020,rate,率,China\n",
        encoding="utf-8",
    )
    plans.write_text("plan_id,confidence,plan_id\nx,official,y\n", encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_facts(project)
    said = {(p.file.removeprefix("data/facts/"), p.line, p.field) for p in caught.value.problems}
    assert said == {
        ("plan_targets.csv", 1, ""), ("plan_targets.csv", 1, "plan_id"),
        ("urbanization_rate.csv", 2, "year"), ("urbanization_rate.csv", 3, "value_percent"),
        ("urbanization_rate.csv", 5, "source_title"), ("urbanization_rate.csv", 5, "confidence"),
        ("urbanization_rate.csv", 6, "value_percent"), ("urbanization_rate.csv", 7, ""),
    }  # fmt: skip


def test_a_table_that_the_pages_need_is_named_where_it_is_missing(make_project: MakeProject) -> None:
    project = make_project()
    (project.facts / "events.csv").unlink()
    with pytest.raises(InvalidDataError, match=r"events\.csv: the file is missing"):
        load_facts(project)


AN_OUTCOME = {"plan_id": "nnup-2014", "indicator_no": "18"}


@pytest.mark.parametrize(
    ("table", "where", "cells", "said"),
    [
        ("plan_targets", {"indicator_no": "16"}, {"met": "yes"}, "met: 'yes' is no verdict that .* no outcome was fo"),
        ("plan_targets", {"indicator_no": "18"}, {"met": "yes"}, "the outcome falls short. Write 'no'"),
        ("plan_targets", {"indicator_no": "16"}, {"met": "maybe"}, "unknown met 'maybe'"),
        ("plan_targets", {"indicator_no": "16"}, {"target_value": "5o"}, "target_value: '5o' is neither a number"),
        ("plan_targets", {"indicator_no": "16"}, {"unit": "per cent"}, "unit: unknown unit 'per cent'. Known"),
        ("plan_targets", {"indicator_no": "16"}, {"target_year": "2012"}, "target_year: 2012 is not after"),
        ("plan_targets", AN_OUTCOME, {"outcome_source": ""}, "an outcome without an origin"),
        ("plan_targets", AN_OUTCOME, {"outcome_url": "https://soolun.net/x"}, "outcome_url: the host soolun.net is"),
        ("plan_targets", {"plan_id": "fyp14-2021"}, {"met": "no"}, "by the rise, .* 4.4 points .* by 5.18. Write 'y"),
        ("counts", {"confidence": "document"}, {"passage": ""}, "passage: no passage of the document is named"),
        ("events", {"jurisdiction": "Fujian"}, {"source_publisher": "-"}, "source_publisher: '-' is no origin"),
        ("plan_targets", {"target_value": "100 (1亿)"}, {"target_value": "100 (10亿)"}, "two different numbers"),
        ("plan_targets", {"indicator_no": "16"}, {"plan_id": "nnup-2041"}, "Did you mean 'nnup-2014'"),
        ("plan_structure", {"level": "part"}, {"plan_id": "nnup"}, "unknown plan 'nnup'"),
        ("urbanization_rate", {"region": "Fujian"}, {"vintage": "as first publishd"}, "Did you mean 'as first publ"),
        ("urbanization_rate", {"region": "Fujian"}, {"value_percent": "157.1"}, "157.1 is more than 100"),
        ("urbanization_rate", {"region": "Fujian"}, {"conflicts_with": "rate-x"}, "conflicts_with: no row 'rate-x'"),
        ("events", {"jurisdiction": "Fujian"}, {"date": "2024-13"}, "is not in the calendar"),
        ("events", {"jurisdiction": "Fujian"}, {"source_title": ""}, "source_title: the cell is empty"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named_by_line(
    make_project: MakeProject, table: str, where: dict[str, str], cells: dict[str, str], said: str
) -> None:
    project = make_project()
    line = edit(project.facts / f"{table}.csv", where, cells)
    with pytest.raises(InvalidDataError, match=said) as caught:
        load_facts(project)
    assert {(p.file, p.line) for p in caught.value.problems} == {(f"data/facts/{table}.csv", line)}


@pytest.mark.parametrize("publisher", ["中新网 (reprint)", "gov.cn (big5 mirror)", "from memory", "AFP via a blog"])
def test_no_mirror_blog_or_memory_is_an_origin(mistakes: Callable[..., list[str]], publisher: str) -> None:
    (said,) = mistakes("events", {"jurisdiction": "Fujian"}, source_publisher=publisher)
    assert f"source_publisher: {publisher!r} is no origin" in said


def test_no_address_of_a_mirror_is_a_citation(mistakes: Callable[..., list[str]]) -> None:
    (said,) = mistakes("events", {"jurisdiction": "Fujian"}, cite_url="http://big5.www.gov.cn/gate/x.htm")
    assert "is a mirror, not the publisher's own page. Leave the cell empty" in said


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


def test_only_listed_hosts_may_be_cited(mistakes: Callable[..., list[str]]) -> None:
    (said,) = mistakes("events", {"jurisdiction": "Fujian"}, cite_url="https://soolun.net/x.html")
    assert "soolun.net is not known as a publisher's own" in said
    assert "hosts.csv" in said


def test_no_two_vintages_in_one_series(mistakes: Callable[..., list[str]]) -> None:
    row = {"region": "China", "year": "2012", "vintage": "as first published", "value_percent": "52.57"}
    (said,) = mistakes("urbanization_rate", {**row, "value_percent": "53.1", "vintage": "revised after 2020 census"},
                       vintage="as first published")  # fmt: skip
    assert "two vintages in one series" in said
    assert "gives 52.57 for 2012, this one 53.1" in said


def test_sources_that_differ_must_name_each_other(make_project: MakeProject) -> None:
    project = make_project()
    path = project.facts / "urbanization_rate.csv"
    line = edit(path, {"year": "2014", "value_percent": "36.3"}, {"conflicts_with": ""})
    edit(path, {"year": "2014", "value_percent": "35.9"}, {"conflicts_with": ""})
    with pytest.raises(InvalidDataError, match=rf":{line}: value_percent: .* name the other row in conflicts_with"):
        load_facts(project)


def test_no_row_stands_twice(make_project: MakeProject) -> None:
    project = make_project()
    path = project.facts / "events.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[4]]) + "\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=rf"events\.csv:{len(lines) + 1}: the row of line 5 stands here again"):
        load_facts(project)
