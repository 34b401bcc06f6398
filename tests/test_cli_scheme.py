"""`policybook concept` as a user types it."""

from __future__ import annotations

import csv
import io

from copies import policybook_here
from kinds import MakeProject

from policybook.coding.scheme import load_scheme
from policybook.project import Project


def test_a_form_is_shown_in_context_before_it_is_kept(project: Project) -> None:
    before = (project.lexicon / "concepts.yml").read_bytes()
    done = policybook_here("concept", "try", "county seat", "--most", "1", project=project)
    assert done.exit_code == 0
    assert "documents: " in done.output and "[county seat" in done.output
    assert "shared with county-seat" in done.output and "--most" in done.output
    done = policybook_here("concept", "try", "quantum gardening", project=project)
    assert done.output == "“quantum gardening” stands nowhere in these texts (5 documents).\n"
    asked = policybook_here("concept", "try", "collective-income-right", project=project)
    assert "“collective-income-right” is the id of a concept; what is looked for is one of its forms" in asked.output
    assert (project.lexicon / "concepts.yml").read_bytes() == before


def test_places_are_printed_as_csv(project: Project) -> None:
    done = policybook_here("concept", "try", "population", "speaker=liaoning", "--csv", project=project)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) > 3 and {row["document"] for row in rows} == {"mysheen-2024-liaoning-income-gap"}


def test_a_selection_that_cannot_be_read_and_a_form_that_is_none_are_sentences(project: Project) -> None:
    done = policybook_here("concept", "try", "county", "speaker", project=project)
    assert done.exit_code == 2 and "SELECTION" in done.output
    done = policybook_here("concept", "try", "county (", project=project)
    assert (done.exit_code, done.output.count("\n")) == (1, 1)


def test_a_concept_is_added_and_found(make_project: MakeProject) -> None:
    project = make_project()
    before = (project.lexicon / "concepts.yml").read_bytes()
    done = policybook_here("concept", "add", "room-to-carry", "--en", "carrying … of industry", "--en", "capacity",
                           "--theme", "means", "--new-theme", "Means", project=project)  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "and the theme means" in done.output
    assert load_scheme(project).by_id["room-to-carry"].term_en == "capacity"
    done = policybook_here("concept", "add", "more", "--en", "capacity", "--theme", "means", project=project)
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "belongs to 'room-to-carry' already" in done.output
    done = policybook_here("undo", project=project)
    assert "Undone: added the concept room-to-carry" in done.output
    assert (project.lexicon / "concepts.yml").read_bytes() == before
