from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from pace import within
from pydantic import BaseModel, ConfigDict, Field

from policybook.errors import InvalidDataError, Problem
from policybook.tables import Column, CsvTable, FileModel, YamlFile, head_file, parse_span

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


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a:\n" + "".join("  " * n + "- x:\n" for n in range(1, 40)), 14, "too deep"),
        ("a: 1\nb: " + "[" * 100_000, 2, "too deep"),
        ("a: 1\nb: " + "{a: " * 100_000, 2, "too deep"),
        ("a: &a [x]\nb: &b [*a, *b]\n", 2, "*b repeats"),
        ("a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30)), 12, "too much"),
        ("a:\n" + "- x\n" * 60_000, 50_000, "it holds too much"),
        ("a: 1\nb: !!str x\n", 2, "the tag"),
        ("a: 1\nb: !mine {}\n", 2, "the tag"),
        ("a: 1\nb: .nan\n", 2, "bounds"),
        ("a: 1\nb: " + "9" * 5000, 2, "bounds"),
        ("a: 1\nb: 0x" + "f" * 5000, 2, "bounds"),
        ("a: 1\nb: 'x\nc: 2\n", 4, "begins in line 2"),
        ("a: 1\rb: 2\r\tc: 3\r", 3, "not valid YAML"),
        ("a: 1\nb: \x1b[2J\n", 2, "U+001B"),
        ("a: 1\nb: \0\n", 2, "U+0000"),
        ("? [a, b]\n: 1\n", 1, "not valid YAML"),
    ],
)  # fmt: skip
def test_what_only_an_attacker_writes_is_refused_at_its_line_and_at_once(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with within(50):
        problem = problem_of(tmp_path, text)
    assert said in problem.message
    assert abs(problem.line - line) <= (20 if line > 1000 else 2 if "too" in said else 0)
    assert len(str(problem)) < 500


def test_an_alias_that_repeats_little_is_none_of_that(tmp_path: Path) -> None:
    assert read(tmp_path, "a: &a [x]\nb: {<<: &m {c: 1}, d: *a}\ne: *m\n").content == {
        "a": ["x"], "b": {"c": 1, "d": ["x"]}, "e": {"c": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (os.mkfifo, "a pipe or a device"),
        (Path.mkdir, "a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "a link"),
        (lambda path: path.symlink_to(path.name), "cannot be opened"),
        (lambda path: path.symlink_to("nowhere"), "leads to nothing"),
        (lambda path: path.write_bytes(b"# " + b"x" * (11 << 20)), "larger than"),
    ],
)
def test_only_regular_files_of_some_size_are_opened(tmp_path: Path, put: Callable[[Path], object], said: str) -> None:
    path = tmp_path / "x.file"
    put(path)
    with pytest.raises(InvalidDataError, match=said):
        YamlFile(path, "x.yml")
    problems: list[Problem] = []
    assert CsvTable(path, "x.csv", ["a"], problems).frame().empty
    assert said in str(problems[0]) and str(problems[0]).startswith("x.csv: ")


def test_of_very_many_mistakes_some_are_told(tmp_path: Path) -> None:
    file = read(tmp_path, "items:\n" + "- {titel: x}\n" * 5_000)
    with pytest.raises(InvalidDataError, match=r"more than 200 mistakes") as caught:
        file.parse_entries("items", Item, [])
    assert len(caught.value.problems) == 202
    with pytest.raises(InvalidDataError, match=r"more than 200 mistakes"):
        table(HEADING + "a,x,,,,,,\n" * 5_000)


def test_ids_that_differ_in_capitals_only_are_one(tmp_path: Path) -> None:
    problems: list[Problem] = []
    read(tmp_path, "items: [{name: Wells}, {name: wells}]").parse_entries("items", Item, problems, unique="name")
    assert [problem.message for problem in problems] == ["'wells' is used twice."]


def test_a_text_that_is_blank_is_named(tmp_path: Path) -> None:
    class Titled(FileModel):
        title: str
        tags: list[str]

    problems: list[Problem] = []
    file = read(tmp_path, "title: ' '\ntags: [a, '']\n")
    file.parse(Titled, file.content, [], problems)
    assert [(problem.field, "blank" in problem.message) for problem in problems] == [("title", True), ("tags", True)]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_spreadsheets_other_separator_is_named(mark: str) -> None:
    assert repr(mark) in table(HEADING.replace(",", mark) + f"a{mark}2014\n")[1][0]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_another_separator_is_read_where_spreadsheets_save(mark: str) -> None:
    text = f"name{mark}note\na{mark}\"x{mark} y\"\n"
    problems: list[Problem] = []
    read = CsvTable(text.encode(), "t.csv", ["name", "note"], problems, separators=True)
    assert not problems and dict(read.rows[0].cells) == {"name": "a", "note": f"x{mark} y"}


def test_a_table_may_end_its_lines_as_anybody_does() -> None:
    lines = f"{HEADING}a,2014,1,,,,,\n"
    rows = [table(mark + lines.replace("\n", end))[0].rows for mark in ("", "\ufeff") for end in ("\n", "\r\n", "\r")]
    assert all(found == rows[0] and found[0].line == 2 for found in rows)


def test_a_missing_file_and_one_in_another_encoding_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataError, match=r"^x\.yml: the file is missing"):
        YamlFile(tmp_path / "x.yml", "x.yml")
    (tmp_path / "gb.yml").write_bytes("标题: 城镇化".encode("gb18030"))
    with pytest.raises(InvalidDataError, match=r"^gb\.yml:1: byte 0 is not UTF-8\. Save"):
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


def test_entries_are_parsed_by_place_and_an_id_used_twice_is_named(tmp_path: Path) -> None:
    file, problems = read(tmp_path, "items:\n  - name: a\n  - nmae: b\n  - name: c\n  - name: a\n"), list[Problem]()
    entries = file.parse_entries("items", Item, problems, unique="name")
    assert {n: entry.name for n, entry in entries.items()} == {0: "a", 2: "c", 3: "a"}
    assert [problem.line for problem in problems] == [3, 3, 5]
    assert str(problems[2]) == "data.yml:5: items[4].name: 'a' is used twice. Give each its own name."


def test_a_list_that_is_missing_is_one_mistake_among_others(tmp_path: Path) -> None:
    file, problems = read(tmp_path, "items: 3\n"), list[Problem]()
    assert file.parse_entries("items", Item, problems) == {}
    assert "'items' is expected" in str(problems[0])
    assert file.mapping("others") == {}


COLUMNS = (
    "place",
    Column("year", "year", filled=True),
    Column("value", "number"),
    Column("rate", "percent"),
    Column("blocks", "whole"),
    Column("dated", "date"),
    Column("sure", "yes_no"),
    Column("kind", options=("plan", "report"), required=False),
)
HEADING = "place,year,value,rate,blocks,dated,sure,kind\n"


def table(content: str | bytes, **options: Any) -> tuple[CsvTable, list[str]]:
    problems: list[Problem] = []
    source = content.encode() if isinstance(content, str) else content
    return CsvTable(source, "t.csv", COLUMNS, problems, **options), [str(one) for one in problems]


def test_cells_have_the_values_of_their_kinds() -> None:
    read, problems = table(f"{HEADING} 青溪 ,2014,-1.5,60,12,2014-08/2015,yes,plan\n,2015,,,,,,\n")
    assert not problems
    assert dict(read.rows[0].values) == {
        "place": "青溪", "year": 2014, "value": -1.5, "rate": 60.0, "blocks": 12,
        "dated": (date(2014, 8, 1), date(2015, 12, 31)), "sure": True, "kind": "plan",
    }  # fmt: skip
    assert read.rows[0].cells["rate"] == "60"
    assert [read.rows[1].values[name] for name in ("place", "value", "sure", "kind")] == ["", None, None, ""]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("a,20x4,,,,,,", "year: '20x4' is no year. Correct the cell."),
        ("a,,,,,,,", "year: the cell is empty. Fill it."),
        ("a,2014,nan,,,,,", "value: 'nan' is no number. Correct the cell."),
        ("a,2014,,101,,,,", "rate: '101' is no percentage. Correct the cell."),
        ("a,2014,,,1.0,,,", "blocks: '1.0' is no whole number. Correct the cell."),
        ("a,2014,,,,2014-13,,", "dated: '2014-13' is not in the calendar. Check the month and the day."),
        ("a,2014,,,,,Yes,", "sure: 'Yes' is neither yes nor no. Correct the cell."),
        ("a,2014,,,,,,plans", "kind: unknown kind 'plans'. Did you mean 'plan'? Known: plan, report."),
        ("a,2014", "2 cells under 8 headings. Put a cell that holds commas in quotes."),
        ("a,2014,1,000,,,,,", "9 cells under 8 headings. Put a cell that holds commas in quotes."),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(cells: str, said: str) -> None:
    assert table(f"{HEADING}{cells}\n")[1] == [f"t.csv:2: {said}"]


def test_a_line_is_the_one_in_which_the_row_begins() -> None:
    text = f'# coder: A person\r\n# any words\r\n{HEADING}"two\r\nlines",2014,,,,,,\r\n\r\n,,,,,,,\r\nb,x,,,,,,\r\n'
    read, problems = table("\ufeff" + text)
    assert read.head == {"coder": "A person"}
    assert [row.line for row in read.rows] == [4, 8], "rows without any text do not count"
    assert problems == ["t.csv:8: year: 'x' is no year. Correct the cell."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "t.csv: the file is empty. Restore its first line, the names of the columns."),
        ("标题,年\n".encode("gb18030"), "t.csv:1: byte 0 is not UTF-8. Save the file as UTF-8."),
        (
            f'{HEADING}"a,2014\n',
            "t.csv:2: no row of a table: unexpected end of data. Check the quotation marks from here on.",
        ),
        (HEADING.replace("place,year,", ""), "t.csv:1: no column place, year. Restore the heading."),
        (HEADING.replace("kind", "year"), "t.csv:1: year: the column is there twice. Keep one of the two."),
        (
            HEADING.replace("kind", "kinds"),
            "t.csv:1: no such column 'kinds'. Did you mean 'kind'? "
            "Known: place, year, value, rate, blocks, dated, sure, kind.",
        ),
    ],
)
def test_what_is_no_such_table_is_named(content: str | bytes, said: str) -> None:
    read, problems = table(content)
    assert problems == [said]
    assert not read.columns and not read.rows
    assert list(read.frame()) == HEADING.strip().split(",")


def test_a_table_that_is_missing_is_named(tmp_path: Path) -> None:
    problems: list[Problem] = []
    for path in (tmp_path / "t.csv", tmp_path):
        assert CsvTable(path, path.name, ["a"], problems).frame().empty
    assert str(problems[0]) == "t.csv: the file is missing. Restore it."
    assert "folder" in problems[1].message


def test_a_key_given_twice_and_a_line_of_the_head_that_is_missing_are_named() -> None:
    rows = "a,2014,,,,,,\na,2015,,,,,,\na,2014,,,,,,\n"
    _, problems = table(f"# coder: x\n{HEADING}{rows}", key=["place", "year"], head=["coder", "sample"])
    assert problems == [
        "t.csv:1: no line '# sample: …' stands at its head. Add it.",
        "t.csv:5: place, year: 'a', '2014' is given twice. Keep one of the two.",
    ]


def test_a_file_made_by_a_program_is_made_anew_whatever_is_wrong() -> None:
    _, problems = table(f"{HEADING}a,x,,,,,,\na,2014\n", remedy="Make it again.", head=["seed"])
    assert len(problems) == 3
    assert all(problem.endswith(". Make it again.") for problem in problems)


def test_other_columns_may_be_there_where_they_are_allowed() -> None:
    read, problems = table(HEADING.replace("kind", "note") + "a,2014,,,,,,001\n", others=True)
    assert not problems
    assert read.frame()["note"].tolist() == ["001"]


def test_empty_columns_that_a_spreadsheet_leaves_do_not_count() -> None:
    read, problems = table(HEADING.replace("kind", "kind,,") + "a,2014,,,,,,plan,,\nb,2015,,,,,,,,x\n")
    assert [len(row.cells) for row in read.rows] == [8]
    assert problems == ["t.csv:3: 10 cells under 8 headings. Put a cell that holds commas in quotes."]


def test_a_frame_has_the_types_of_the_columns() -> None:
    frame = table(f"{HEADING}NA,2014,1,60,12,2014,yes,\nb,2015,,,,,,\n")[0].frame()
    assert frame["place"].tolist() == ["NA", "b"]
    assert [str(frame[name].dtype) for name in ("place", "year", "value", "blocks")] == [
        "str", "int64", "float64", "float64",
    ]  # fmt: skip


def test_a_row_is_parsed_as_a_model(tmp_path: Path) -> None:
    class Stated(BaseModel):
        model_config = ConfigDict(extra="forbid")

        name: str = Field(min_length=1)
        kind: Literal["plan", "report"]
        line: int

    (tmp_path / "m.csv").write_text("name,kind\na,plan\n,pln\n", encoding="utf-8")
    problems: list[Problem] = []
    read = CsvTable(tmp_path / "m.csv", "m.csv", ["name", "kind"], problems)
    parsed = [read.parse(Stated, row, problems, line=row.line) for row in read.rows]
    assert parsed == [Stated(name="a", kind="plan", line=2), None]
    assert [str(problem) for problem in problems] == [
        "m.csv:3: name: the cell is empty. Fill it.",
        "m.csv:3: kind: unknown kind 'pln'. Did you mean 'plan'? Known: plan, report.",
    ]


def test_comments_stand_at_the_head_or_in_a_file_beside(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    head_file(table).write_text("# coder: Beside\n# sample: all\n", encoding="utf-8")
    table.write_text("a\n1\n", encoding="utf-8")
    problems: list[Problem] = []
    assert CsvTable(table, "t.csv", ["a"], problems, head=["coder"]).head == {"coder": "Beside", "sample": "all"}
    table.write_text("# coder: Here\na\n1\n", encoding="utf-8")
    assert CsvTable(table, "t.csv", ["a"], problems).head == {"coder": "Here"}
    assert problems == []
