"""`policybook compare` as a user types it, also with one mistake each."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import Result
from copies import policybook_here
from kinds import MakeProject

from policybook.project import Project

GUIZHOU, LIAONING = "document=guizhou-2024-two-strategies", "speaker=liaoning"


def compare(project: Project, *arguments: str) -> Result:
    return policybook_here("compare", *arguments, project=project)


def test_the_answer_comes_first_then_the_table_and_the_placebo(project: Project) -> None:
    done = compare(project, GUIZHOU, LIAONING)
    assert done.exit_code == 0
    first, _, heading, *lines = done.stdout.splitlines()
    assert first.startswith("In these texts, ")
    assert heading.split() == ["left", "right", "difference", "(all", "at", "once)", "verdict"]
    assert any(line.startswith("Countryside") for line in lines)
    assert lines[-1].startswith("Placebo: ")


def test_json_is_one_object_and_the_same_every_time(project: Project) -> None:
    one, again = (compare(project, GUIZHOU, LIAONING, "--json").stdout for _ in range(2))
    assert one == again
    printed = json.loads(one)
    assert printed["left"]["selection"] == {"document": "guizhou-2024-two-strategies"}
    assert {row["family"] for row in printed["rows"]} == {"theme", "concept"}


def test_csv_has_every_row(project: Project) -> None:
    done = compare(project, GUIZHOU, LIAONING, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["verdict"] for row in rows} <= {
        "more in left", "more in right", "no clear difference", "too little evidence",
    }  # fmt: skip
    assert all(row["reason"] for row in rows)
    assert next(row for row in rows if row["id"] == "county")["evidence_left"].startswith(
        "guizhou-2024-two-strategies:p"
    )


def test_a_term_cannot_become_a_formula(make_project: MakeProject) -> None:
    project = make_project()
    scheme = project.lexicon / "concepts.yml"
    text = scheme.read_text(encoding="utf-8")
    label = "label: People and citizenship"
    assert label in text
    scheme.write_text(text.replace(label, "label: '=1+1'"), encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(compare(project, GUIZHOU, LIAONING, "--csv").stdout)))
    assert rows[0]["label"] == "'=1+1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((LIAONING, LIAONING), "select the same passages. Change one of them"),
        (("places=national", LIAONING), "overlap: 6 blocks of text"),
        (("places=tibet", LIAONING), "no passage fits “places=tibet”. Ask for less"),
        (("plam=none", LIAONING), "no field 'plam'. Did you mean 'plan'?"),
        (("plan=nnup-204", LIAONING), "unknown plan 'nnup-204'. Did you mean 'nnup-2014'?"),
        ((GUIZHOU, LIAONING, "--corpus", "no-such"), "no measured corpus 'no-such'"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(project: Project, arguments: tuple[str, ...], message: str) -> None:
    done = compare(project, *arguments)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.startswith("policybook: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("plan", LIAONING), "LEFT: 'plan' is not field=value"),
        ((LIAONING, "plan=a,plan=b"), "RIGHT: 'plan' stands twice"),
        ((GUIZHOU, LIAONING, "--json", "--csv"), "Choose one"),
        ((GUIZHOU,), "Missing argument 'RIGHT'"),
    ],
)
def test_wrong_usage_is_told_apart(project: Project, arguments: tuple[str, ...], message: str) -> None:
    done = compare(project, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
