"""The tables of data/facts: whatever data/facts/tables.yml says of their columns, and no table that must exist."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import YamlFile, parse_span

TABLES_FILE = "tables.yml"
_KINDS = {"year": r"(1[89]|20)\d\d", "number": r"-?\d+(\.\d+)?"}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactsColumn(_Model):
    """What the cells of a column hold, in whatever table it stands."""

    kind: Literal["text", "number", "year", "date"] = "text"
    empty: bool = True
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _bounds_are_of_numbers(self) -> Self:
        if self.kind != "number" and (self.least is not None or self.most is not None):
            raise ValueError("least and most are for columns of the kind number.")
        return self

    def mistake(self, cell: str) -> tuple[str, str] | None:
        """Return what is wrong with a cell and how to put it right, or None."""
        if not cell:
            return None if self.empty else ("the cell is empty.", "Fill it in.")
        if self.values and cell not in self.values:
            return f"{cell!r} is not allowed.", suggest(cell, self.values)
        if self.kind in _KINDS and not re.fullmatch(_KINDS[self.kind], cell):
            return f"{cell!r} is no {self.kind}.", "Correct the cell."
        if self.kind == "date":
            try:
                parse_span(cell)
            except ValueError as error:
                return str(error), "Correct the cell."
        if self.least is not None and float(cell) < self.least:
            return f"{cell} is less than {self.least:g}.", "Correct the cell."
        if self.most is not None and float(cell) > self.most:
            return f"{cell} is more than {self.most:g}.", "Correct the cell."
        return None


class FactsTable(_Model):
    """The columns of one table: those that it must have, those that it may have, and those that name its rows."""

    table: str = Field(pattern=r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
    key: tuple[str, ...] = Field(min_length=1)
    columns: tuple[str, ...] = Field(min_length=1)
    optional: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _key_is_there(self) -> Self:
        if missing := [column for column in self.key if column not in self.columns]:
            raise ValueError(f"the key names {missing[0]!r}, which is none of its columns.")
        return self


def check_facts_tables(project: Project) -> None:
    """Check every table of data/facts against data/facts/tables.yml; a project without that file has nothing to check.

    Raises InvalidDataError with every mistake: a table that the file does not name, a column too many or too few, a
    cell that its column does not allow, a row that stands twice.
    """
    path = project.facts / TABLES_FILE
    if not path.is_file():
        return
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    columns, tables = _described(file, problems)
    if not problems:
        for table in sorted(project.facts.glob("*.csv")):
            problems.extend(_check_table(table, project.name(table), tables, columns))
    if problems:
        raise InvalidDataError(problems)


def _described(file: YamlFile, problems: list[Problem]) -> tuple[dict[str, FactsColumn], dict[str, FactsTable]]:
    """Return what the file says of columns and of tables, by name."""
    raw_tables = file.entries("tables")  # also makes sure that the content is a mapping
    raw_columns = file.content.get("columns") or {}
    if not isinstance(raw_columns, dict):
        problems.append(file.problem(["columns"], "a mapping is expected.", "Write 'NAME: {kind: year}', one a line."))
        raw_columns = {}
    parsed = {str(name): file.parse(FactsColumn, raw, ["columns", name], problems) for name, raw in raw_columns.items()}
    tables: dict[str, FactsTable] = {}
    for n, raw in enumerate(raw_tables):
        table = file.parse(FactsTable, raw, ["tables", n], problems)
        if table is not None and table.table in tables:
            problems.append(file.problem(["tables", n], f"{table.table!r} is given twice.", "Keep one of the two."))
        elif table is not None:
            tables[table.table] = table
    return {name: column for name, column in parsed.items() if column}, tables


def _check_table(
    path: Path, file: str, tables: Mapping[str, FactsTable], columns: Mapping[str, FactsColumn]
) -> Iterator[Problem]:
    table = tables.get(path.stem)
    if table is None:
        hint = suggest(path.stem, tables)
        yield Problem(file, 0, "", f"data/facts/{TABLES_FILE} has no table {path.stem!r}.", hint)
        return
    try:
        lines = list(_lines(path))
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        yield Problem(file, 0, "", f"not a table: {error}.", "Save it as CSV in UTF-8.")
        return
    head = lines[0][1] if lines else []
    found = list(_check_names(file, head, table))
    yield from found or _check_rows(file, head, lines[1:], columns)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of every row that is not empty."""
    reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True)
    line = 1
    for cells in reader:
        if cells:
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _check_names(file: str, head: Sequence[str], table: FactsTable) -> Iterator[Problem]:
    if missing := [column for column in table.columns if column not in head]:
        yield Problem(file, 1, "", f"no column {', '.join(missing)}.", "Restore the heading.")
    for column, times in Counter(head).items():
        if times > 1:
            yield Problem(file, 1, column, "the column is there twice.", "Keep one of the two.")
        if column not in (known := table.columns + table.optional):
            yield Problem(file, 1, "", f"no such column {column!r}.", suggest(column, known))


def _check_rows(
    file: str, head: Sequence[str], rows: Sequence[tuple[int, list[str]]], columns: Mapping[str, FactsColumn]
) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        if len(cells) != len(head):
            fix = "Put a cell that holds commas in quotes."
            yield Problem(file, line, "", f"{len(cells)} cells under {len(head)} headings.", fix)
            continue
        for name, cell in zip(head, cells, strict=True):
            wrong = columns[name].mistake(cell) if name in columns else None
            if wrong:
                yield Problem(file, line, name, *wrong)
        if (first := seen.setdefault(tuple(cells), line)) != line:
            yield Problem(file, line, "", f"the row of line {first} stands here again.", "Take one of them out.")
