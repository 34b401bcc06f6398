"""`policybook compare --each`: a pair for every two values of a field, as sentences, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

from click.testing import Result
from copies import policybook_here

from policybook.project import Project


def compare(project: Project, *arguments: str) -> Result:
    return policybook_here("compare", *arguments, project=project)


def test_every_two_values_of_a_field_are_compared(project: Project) -> None:
    said = compare(project, "--each", "document", "language=en").stdout
    assert "6 pairs" in said and said.count("\n\n") == 6
    assert compare(project, "--each", "document", "language=en", "--rest").stdout.count("\n\n") == 4
    rows = list(csv.DictReader(io.StringIO(compare(project, "--each", "speaker", "--csv").stdout)))
    assert {(row["left"], row["right"]) for row in rows} == {("speaker=national", "speaker=liaoning")}
    told = json.loads(compare(project, "--each", "speaker", "--json").stdout)["pairs"]
    assert [len(pair["rows"]) for pair in told] == [len(rows)]
