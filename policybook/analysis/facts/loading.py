"""Reading data/facts: every row as its model, every mistake by file, line and column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from policybook.analysis.facts.dataset import Facts
from policybook.analysis.facts.rows import TABLES, Entry
from policybook.analysis.facts.rules import check_facts
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import Column, CsvTable

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
    required, optional = columns(kind)
    known = [Column(name, required=name in required) for name in (*required, *optional)]
    return tuple(_entries(CsvTable(path, project.name(path), known, problems), kind, problems))


def _entries(table: CsvTable, kind: type[Entry], problems: list[Problem]) -> Iterator[Entry]:
    taken: Counter[str] = Counter()
    for row in table.rows:
        name = row_id(kind, row.cells)
        taken[name] += 1
        identifier = name if taken[name] == 1 else f"{name}-{taken[name]}"
        entry = table.parse(kind, row, problems, id=identifier, line=row.line)
        if entry is not None:
            yield entry


def row_id(kind: type[Entry], content: Mapping[str, str]) -> str:
    """Return the id that a row's key gives it: ASCII words and hyphens, the same wherever the row stands."""
    parts = (slug for column in kind.key if (slug := _slug(content[column])))
    return "-".join([kind.__name__.lower(), *parts])


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())[:_SLUG_WORDS])
