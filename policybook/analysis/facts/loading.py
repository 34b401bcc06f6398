"""Reading data/facts: every row as its model, every mistake by file, line and column."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policybook.analysis.facts.dataset import Facts
from policybook.analysis.facts.rows import TABLES, Entry
from policybook.analysis.facts.rules import check_facts
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project

_OWN = ("id", "line")  # given to a row here, not written in its table
_SLUG_WORDS = 4


def load_facts(project: Project) -> Facts:
    """Read data/facts.

    Raises InvalidDataError with every mistake: a table or column that is missing, a row without an origin, a figure
    that is none, and whatever `check_facts` finds wrong between rows.
    """
    problems: list[Problem] = []
    tables = {name: _read(project, kind, problems) for name, kind in TABLES.items()}
    facts = Facts(**tables)
    problems += check_facts(facts, project.name(project.facts))
    if problems:
        raise InvalidDataError(problems)
    return facts


def columns(kind: type[Entry]) -> tuple[list[str], list[str]]:
    """Return the columns that a table must have, and those it may have."""
    fields = {name: field for name, field in kind.model_fields.items() if name not in _OWN}
    return [n for n, f in fields.items() if f.is_required()], [n for n, f in fields.items() if not f.is_required()]


def _read(project: Project, kind: type[Entry], problems: list[Problem]) -> tuple[Any, ...]:
    path = project.facts / f"{kind.file}.csv"
    file = project.name(path)
    try:
        rows = list(_lines(path))
    except FileNotFoundError:
        problems.append(Problem(file, 0, "", "the file is missing.", "Restore it."))
        return ()
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        problems.append(Problem(file, 0, "", f"not a table: {error}.", "Save it as CSV in UTF-8."))
        return ()
    if not rows:
        problems.append(Problem(file, 0, "", "the file is empty.", "Restore its first line, the names of the columns."))
        return ()
    head = rows.pop(0)[1]
    if mistakes := list(_check_head(file, head, kind)):
        problems.extend(mistakes)
        return ()
    return tuple(_entries(file, kind, head, rows, problems))


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of every row that is not empty."""
    reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True)
    line = 1
    for cells in reader:
        if cells:
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _check_head(file: str, head: Sequence[str], kind: type[Entry]) -> Iterator[Problem]:
    required, optional = columns(kind)
    if missing := [column for column in required if column not in head]:
        yield Problem(file, 1, "", f"no column {', '.join(missing)}.", "Restore the heading.")
    for column, times in Counter(head).items():
        if times > 1:
            yield Problem(file, 1, column, "the column is there twice.", "Keep one of the two.")
        if column not in required + optional:
            yield Problem(file, 1, "", f"no such column {column!r}.", suggest(column, required + optional))


def _entries(
    file: str, kind: type[Entry], head: Sequence[str], rows: Sequence[tuple[int, list[str]]], problems: list[Problem]
) -> Iterator[Entry]:
    taken: Counter[str] = Counter()
    for line, cells in rows:
        if len(cells) != len(head):
            fix = "Put a cell that holds commas in quotes."
            problems.append(Problem(file, line, "", f"{len(cells)} cells under {len(head)} headings.", fix))
            continue
        content = dict(zip(head, cells, strict=True))
        name = row_id(kind, content)
        taken[name] += 1
        identifier = name if taken[name] == 1 else f"{name}-{taken[name]}"
        try:
            yield kind.model_validate({**content, "id": identifier, "line": line})
        except ValidationError as error:
            problems.extend(_explain(file, line, details) for details in error.errors())


def row_id(kind: type[Entry], content: dict[str, str]) -> str:
    """Return the id that a row's key gives it: ASCII words and hyphens, the same wherever the row stands."""
    parts = (slug for column in kind.key if (slug := _slug(content[column])))
    return "-".join([kind.__name__.lower(), *parts])


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())[:_SLUG_WORDS])


def _explain(file: str, line: int, details: ErrorDetails) -> Problem:
    column, value = str(details["loc"][0]), details["input"]
    if column == "source_title":
        return Problem(file, line, column, "the row has no origin.", "Give its source.")
    if details["type"] == "literal_error":
        options = re.findall(r"'([^']*)'", str(details.get("ctx", {}).get("expected", "")))
        return Problem(file, line, column, f"unknown {column} {value!r}.", suggest(value, [o for o in options if o]))
    if details["type"] == "value_error":
        return Problem(file, line, column, str(details["ctx"]["error"]), "Correct the cell.")
    return Problem(file, line, column, f"{details['msg']} (found {value!r}).", "Correct the cell.")
