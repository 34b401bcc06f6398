"""The English that official translations use for a term, from data/facts/glossary.csv."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from policybook.errors import InvalidDataError, Problem
from policybook.project import Project

_COLUMNS = ("term_zh", "english_standard")


def load_glossary(project: Project) -> Mapping[str, str]:
    """Return Chinese term → its standard English; a project without the file has none.

    Raises InvalidDataError with every mistake: no table, a column that is missing, a term given twice.
    """
    path = project.facts / "glossary.csv"
    file = project.name(path)
    if not path.is_file():
        return {}
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True))
        head = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()).fieldnames or ()
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidDataError([Problem(file, 0, "", f"not a table: {error}.", "Save it as CSV in UTF-8.")]) from None
    if missing := [column for column in _COLUMNS if column not in head]:
        raise InvalidDataError([Problem(file, 1, "", f"no column {', '.join(missing)}.", "Restore the heading.")])
    glossary: dict[str, str] = {}
    problems = []
    for line, row in enumerate(rows, 2):
        term, english = (row["term_zh"] or "").strip(), (row["english_standard"] or "").strip()
        if term in glossary:
            problems.append(Problem(file, line, "term_zh", f"{term!r} is given twice.", "Keep one of the two."))
        glossary[term] = english
    if problems:
        raise InvalidDataError(problems)
    return glossary
