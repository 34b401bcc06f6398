"""The English that official translations use for a term, from data/facts/glossary.csv."""

from __future__ import annotations

from collections.abc import Mapping

from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import CsvTable


def load_glossary(project: Project) -> Mapping[str, str]:
    """Return Chinese term → its standard English; a project without the file has none.

    Raises InvalidDataError with every mistake: no table, a column that is missing, a term given twice.
    """
    path = project.facts / "glossary.csv"
    if not path.is_file():
        return {}
    problems: list[Problem] = []
    columns = ("term_zh", "english_standard")
    table = CsvTable(path, project.name(path), columns, problems, key=["term_zh"], others=True)
    if problems:
        raise InvalidDataError(problems)
    return {row.cells["term_zh"]: row.cells["english_standard"] for row in table.rows}
