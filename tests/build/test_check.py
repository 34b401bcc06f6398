"""The tables of data/facts against what data/facts/tables.yml says of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from copies import ROOT

from policybook.build.check import check_facts_tables
from policybook.errors import InvalidDataError
from policybook.project import Project

TABLES = """\
columns:
  year: {kind: year, empty: false}
  depth: {kind: number, least: 0, most: 30}
  day: {kind: date}
  sure: {values: [seen, told]}
tables:
  - table: wells
    key: [place, year]
    columns: [place, year, depth, sure]
    optional: [day]
"""
HEAD = "place,year,depth,sure,day\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "data" / "facts").mkdir(parents=True)
    (tmp_path / "data" / "facts" / "tables.yml").write_text(TABLES, encoding="utf-8")
    return Project(tmp_path)


def mistakes(project: Project) -> list[str]:
    with pytest.raises(InvalidDataError) as caught:
        check_facts_tables(project)
    return [str(problem) for problem in caught.value.problems]


def test_no_table_must_exist(project: Project, tmp_path: Path):
    check_facts_tables(project)
    check_facts_tables(Project(tmp_path / "nowhere"))


def test_the_tables_of_this_book_are_as_described():
    check_facts_tables(Project(ROOT))


def test_a_right_table_passes(project: Project):
    rows = 'north,2031,12.5,seen,2031-02-03\nsouth,2031,,,\n"west, upper",2032,0,told,2031/2032\n'
    (project.facts / "wells.csv").write_text(HEAD + rows, encoding="utf-8")
    check_facts_tables(project)


@pytest.mark.parametrize(
    ("row", "line", "column", "said"),
    [
        ("north,31,1,seen,", 2, "year", "'31' is no year"),
        ("north,,1,seen,", 2, "year", "empty"),
        ("north,2031,deep,seen,", 2, "depth", "'deep' is no number"),
        ("north,2031,-1,seen,", 2, "depth", "less than 0"),
        ("north,2031,31,seen,", 2, "depth", "more than 30"),
        ("north,2031,1,sene,", 2, "sure", "Did you mean 'seen'?"),
        ("north,2031,1,seen,2031-02-30", 2, "day", "calendar"),
        ("north,2031,1,seen", 2, "", "4 cells under 5 headings"),
        ("north,2031,1,seen,\nnorth,2031,1,seen,", 3, "", "the row of line 2 stands here again"),
    ],
)
def test_a_wrong_cell_is_named(project: Project, row: str, line: int, column: str, said: str):
    (project.facts / "wells.csv").write_text(f"{HEAD}{row}\n", encoding="utf-8")
    (found,) = mistakes(project)
    assert found.startswith(f"data/facts/wells.csv:{line}: {column}{': ' if column else ''}")
    assert said in found


@pytest.mark.parametrize(
    ("head", "said"),
    [("place,year,depth", "no column sure"), ("place,year,depth,sure,dya", "Did you mean 'day'?"),
     ("place,year,depth,sure,sure", "twice"), ("", "the file is empty")],
)  # fmt: skip
def test_a_wrong_heading_is_named(project: Project, head: str, said: str):
    (project.facts / "wells.csv").write_text(head, encoding="utf-8")
    assert said in mistakes(project)[0]


def test_a_table_that_is_not_described_is_named(project: Project):
    (project.facts / "well.csv").write_text(HEAD, encoding="utf-8")
    assert "Did you mean 'wells'?" in mistakes(project)[0]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [("kind: year", "kind: yaer", "Did you mean 'year'?"), ("key: [place, year]", "key: [well]", "'well'"),
     ("least: 0", "leats: 0", "Did you mean 'least'?"), ("{kind: date}", "{kind: date, most: 3}", "most")],
)  # fmt: skip
def test_a_wrong_description_is_named_by_its_line(project: Project, right: str, wrong: str, said: str):
    path = project.facts / "tables.yml"
    path.write_text(TABLES.replace(right, wrong), encoding="utf-8")
    (found,) = mistakes(project)
    assert found.startswith("data/facts/tables.yml:") and said in found


RULE = """\
from policybook.errors import InvalidDataError, Problem


def deep_enough(project):
    if "2031" in (project.facts / "wells.csv").read_text(encoding="utf-8"):
        raise InvalidDataError([Problem("data/facts/wells.csv", 2, "year", "2031 is not yet.", "Wait.")])
"""


def test_rules_between_rows_are_a_books_own(project: Project) -> None:
    project.notebooks.mkdir()
    (project.notebooks / "well_rules.py").write_text(RULE, encoding="utf-8")
    tables = project.facts / "tables.yml"
    tables.write_text(f"rules: well_rules:deep_enough\n{TABLES}", encoding="utf-8")
    wells = project.facts / "wells.csv"
    wells.write_text(f"{HEAD}Ashford,2030,3,seen,\n", encoding="utf-8")
    check_facts_tables(project)
    wells.write_text(f"{HEAD}Ashford,2031,3,seen,\n", encoding="utf-8")
    assert mistakes(project) == ["data/facts/wells.csv:2: year: 2031 is not yet. Wait."]
    wells.write_text(f"{HEAD}Ashford,2031,300,seen,\n", encoding="utf-8")
    assert "300 is more than 30" in mistakes(project)[0], "the tables by themselves come first"


@pytest.mark.parametrize("named", ["no_such_module:rule", "well_rules:no_such_rule", "well_rules"])
def test_rules_that_are_not_there_are_named_with_their_line(project: Project, named: str) -> None:
    project.notebooks.mkdir()
    (project.notebooks / "well_rules.py").write_text(RULE, encoding="utf-8")
    (project.facts / "tables.yml").write_text(f"rules: {named}\n{TABLES}", encoding="utf-8")
    (said,) = mistakes(project)
    assert said.startswith("data/facts/tables.yml:1: rules: ") and named in said
