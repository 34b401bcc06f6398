from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from policybook.errors import InvalidDataError, Problem
from policybook.tables import YamlFile, parse_span

TEXT = """\
# a comment
documents:
  - id: one
    written: 2024-09-02

  - id: two
    scope:
      places: [a, b]
"""


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    kind: Literal["official", "reported"] = "official"
    pages: list[int] = Field(default_factory=lambda: [1], min_length=1)


def read(folder: Path, text: str) -> YamlFile:
    path = folder / "data.yml"
    path.write_text(text, encoding="utf-8")
    return YamlFile(path, "data.yml")


def problem_of(folder: Path, text: str) -> Problem:
    with pytest.raises(InvalidDataError) as caught:
        read(folder, text)
    (problem,) = caught.value.problems
    return problem


def parsed(folder: Path, text: str) -> list[Problem]:
    file, problems = read(folder, text), list[Problem]()
    file.parse(Item, file.content, [], problems)
    return problems


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (["documents"], 2),
        (["documents", 0, "id"], 3),
        (["documents", 1, "scope", "places", 1], 8),
        (["documents", 1, "missing"], 6),
        (["documents", 7], 2),
        (["nothing"], 1),
    ],
)
def test_everything_has_a_line_or_that_of_what_encloses_it(
    tmp_path: Path, location: list[str | int], line: int
) -> None:
    assert read(tmp_path, TEXT).line(location) == line


def test_dates_stay_as_they_are_written(tmp_path: Path) -> None:
    assert read(tmp_path, TEXT).entries("documents")[0]["written"] == "2024-09-02"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
        ("a: 1\nb: 2\na: 3\n", 3, "given twice"),
        ("x:\n  - a: 1\n    a: 2\n", 3, "given twice"),
        ("a: !!python/object:os.system x\n", 1, "not valid YAML"),
        ("a: 1\n---\nb: 2\n", 2, "not valid YAML"),
    ],
)
def test_what_is_not_yaml_is_named_by_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    problem = problem_of(tmp_path, text)
    assert (problem.file, problem.line) == ("data.yml", line)
    assert message in problem.message
    assert problem.fix


def test_a_missing_file_and_one_in_another_encoding_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataError, match=r"^x\.yml: the file is missing"):
        YamlFile(tmp_path / "x.yml", "x.yml")
    (tmp_path / "gb.yml").write_bytes("标题: 城镇化".encode("gb18030"))
    with pytest.raises(InvalidDataError, match=r"^gb\.yml: byte 0 is not UTF-8\. Save"):
        YamlFile(tmp_path / "gb.yml", "gb.yml")


def test_a_field_may_override_one_that_is_merged_in(tmp_path: Path) -> None:
    file = read(tmp_path, "base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  x: 3\n")
    assert file.content["other"] == {"x": 3, "y": 2}


@pytest.mark.parametrize("text", ["documents: 3", "documents: {a: 1}", "- a", "", "documents:"])
def test_a_list_is_asked_for_where_there_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidDataError, match="'documents' is expected"):
        read(tmp_path, text).entries("documents")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: official", "data.yml:1: 'name' is missing. Add a line 'name: …'."),
        (
            "name: a\nnmae: b",
            "data.yml:2: nmae: no such field. Did you mean 'name'? Known: name, kind, pages.",
        ),
        (
            "name: a\nkind: oficial",
            "data.yml:2: kind: 'oficial' is not allowed. Did you mean 'official'? Known: official, reported.",
        ),
        ("name: 2024", "data.yml:1: name: 2024 is not text. Put it in quotes."),
        ("name:", "data.yml:1: name: no value is given. Give one or take the line out."),
    ],
)
def test_each_mistake_says_where_it_is_and_how_to_mend_it(tmp_path: Path, text: str, expected: str) -> None:
    assert [str(problem) for problem in parsed(tmp_path, text)] == [expected]


def test_lists_are_checked_item_by_item(tmp_path: Path) -> None:
    (problem,) = parsed(tmp_path, "name: a\npages:\n  - 1\n  - x\n")
    assert (problem.line, problem.field) == (4, "pages[2]")
    (problem,) = parsed(tmp_path, "name: a\npages: []")
    assert (problem.line, problem.message) == (2, "the list is empty or too short.")


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    assert len(parsed(tmp_path, "kind: x\npages: y\nother: z")) == 4


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2014-08", date(2014, 8, 1), date(2014, 8, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2014-08-19", date(2014, 8, 19), date(2014, 8, 19)),
        ("2014-08/2015", date(2014, 8, 1), date(2015, 12, 31)),
        ("2024-01-17/2024-07", date(2024, 1, 17), date(2024, 7, 31)),
    ],
)
def test_a_date_spans_all_that_it_may_mean(text: str, first: date, last: date) -> None:
    assert parse_span(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2014-13", "not in the calendar"),
        ("2023-02-29", "not in the calendar"),
        ("0000", "not in the calendar"),
        ("2014-8", "is not a date"),
        ("19 August 2014", "is not a date"),
        ("2014/2015/2016", "is not a date"),
        ("2014/", "is not a date"),
        ("", "is not a date"),
        ("2015/2014-08", "ends before it begins"),
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_span(text)
