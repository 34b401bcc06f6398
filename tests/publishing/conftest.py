"""A project with a book of one tiny page, whose notebook runs in a second."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import nbformat
import pytest
import yaml
from coded_books import BookOf
from copies import copy_project
from kinds import CorpusOf
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tiny_templates import WriteRuns, WriteTemplate

from policybook.coding.code import Coding, code_corpus
from policybook.corpus.vocabulary import Vocabulary
from policybook.project import Project
from policybook.publishing.book import Book


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """A copy of the project in which nothing is made by notebooks."""
    project = copy_project(tmp_path / "project")
    for template in project.notebooks.glob("*.ipynb"):
        template.unlink()
    project.runs_file.write_text("runs: []\n", encoding="utf-8")
    return project


@pytest.fixture
def write_template(tiny: Project) -> WriteTemplate:
    def write(name: str, *cells: str) -> Path:
        path = tiny.notebooks / f"{name}.ipynb"
        notebook = new_notebook(cells=[new_markdown_cell(f"({name})=\n# A page"), *_code(cells)])
        notebook.metadata = {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        }
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def write_runs(tiny: Project) -> WriteRuns:
    def write(*entries: dict[str, object]) -> Path:
        text = yaml.safe_dump({"runs": list(entries)}, allow_unicode=True, sort_keys=False)
        tiny.runs_file.write_text(text, encoding="utf-8")
        return tiny.runs_file

    return write


@pytest.fixture(scope="session")
def book_of(project: Project, vocabulary: Vocabulary, coding: Coding, corpus_of: CorpusOf) -> BookOf:
    """Return a function that makes a coded book of texts: id → text, and fields that all entries share."""

    def make(texts: Mapping[str, str], **fields: object) -> Book:
        return Book(project, vocabulary, coding, code_corpus(corpus_of(texts, **fields), coding))

    return make


@pytest.fixture
def kernels_here() -> Iterator[None]:
    """Put the environment back that executing a notebook in this process changes."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def _code(cells: Sequence[str]) -> list[nbformat.NotebookNode]:
    made = [new_code_cell(source) for source in cells]
    made[0].metadata["tags"] = ["parameters"]
    return made
