from __future__ import annotations

import pytest
from kinds import MakeProject

from policybook.corpus.entry_checks import document_path
from policybook.project import Project


@pytest.mark.parametrize("name", ["../corpus.yml", "/etc/passwd", "sub/x.txt", "..", ".", "", "a\0b", "./x.txt"])
def test_a_file_name_cannot_lead_out_of_the_documents(project: Project, name: str) -> None:
    path = document_path(project, name)
    assert path is None or not path.is_file()


def test_a_link_that_leads_out_of_the_documents_is_refused(make_project: MakeProject) -> None:
    project = make_project()
    (project.documents / "link.txt").symlink_to(project.corpus_file)
    assert document_path(project, "link.txt") is None
