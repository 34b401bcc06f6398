from __future__ import annotations

from pathlib import Path

import pytest

from policybook.errors import ProjectNotFoundError
from policybook.project import Project, pad, text_width


def test_a_project_is_found_from_any_folder_inside_it(project: Project) -> None:
    assert Project.find(project.lexicon).root == project.root


def test_the_working_directory_is_the_default(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.documents)
    assert Project.find() == project


def test_a_folder_outside_any_project_is_told_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ProjectNotFoundError, match=r"data/corpus\.yml.*--project"):
        Project.find(tmp_path)


def test_files_are_named_as_a_user_would_type_them(project: Project, tmp_path: Path) -> None:
    assert project.name(project.corpus_file) == "data/corpus.yml"
    assert project.name(tmp_path / "x") == str(tmp_path / "x")


def test_a_cell_is_as_wide_as_a_terminal_shows_it() -> None:
    assert text_width("a青") == 3
    assert [pad("a青b", width) for width in (6, 4, 3)] == ["a青b  ", "a青b", "a… "]
