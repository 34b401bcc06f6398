from __future__ import annotations

import pytest
from kinds import MakeProject

from policybook.analysis.glossary import load_glossary
from policybook.errors import InvalidDataError
from policybook.project import Project


def test_terms_have_their_standard_english(project: Project) -> None:
    glossary = load_glossary(project)
    assert glossary["城镇化"] == "urbanization"
    assert len(glossary) > 80


def test_a_project_may_have_no_glossary_or_only_its_heading(make_project: MakeProject) -> None:
    project = make_project()
    path = project.facts / "glossary.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert load_glossary(project) == {}
    path.unlink()
    assert load_glossary(project) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("term,english\n城市,city\n", "no column term_zh, english_standard"),
        ("term_zh,english_standard\n城市,city\n城市,town\n", "'城市' is given twice"),
        ("", "the file is empty"),
    ],
)
def test_mistakes_are_named(make_project: MakeProject, content: str, said: str) -> None:
    project = make_project()
    (project.facts / "glossary.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidDataError, match=said):
        load_glossary(project)


def test_a_glossary_in_another_encoding_is_refused(make_project: MakeProject) -> None:
    project = make_project()
    (project.facts / "glossary.csv").write_bytes("term_zh,english_standard\n城市,city\n".encode("gb18030"))
    with pytest.raises(InvalidDataError, match="Save it as CSV in UTF-8"):
        load_glossary(project)
