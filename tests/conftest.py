"""What tests of every room share: this repository's project, its corpus as coded, and copies to break."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import yaml
from coded_books import BookOf
from copies import ROOT, copy_project
from kinds import CorpusOf, MakeProject
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tiny_templates import WriteRuns, WriteTemplate

from policybook.analysis.counts import BlockCounts, block_counts, design_effect
from policybook.coding.code import Coding, code_corpus, load_coding
from policybook.coding.concepts import ConceptFinder
from policybook.coding.scheme import Scheme
from policybook.corpus.build import load_corpus, make_corpus
from policybook.corpus.corpus import Corpus
from policybook.corpus.manifest import DocumentEntry
from policybook.corpus.scope import Vocabulary, load_vocabulary
from policybook.pages.book import Book, open_book
from policybook.project import Project

#: What an entry of the manifest needs besides its id and file.
ENTRY = {
    "title": "A text made for a test",
    "publisher": "the tests",
    "written": "2022",
    "language": "en",
    "speaker": "national",
    "voice": "official",
    "rights": "full",
    "rights_note": "made for a test",
}

#: The files of tests/site that take longest.
LONGEST = ("test_readme_commands.py", "test_search.py", "test_in_browser.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what builds books, so that processes side by side do other things meanwhile, and end with the site.

    One file of tests/site comes first and has the book built; the others find it built. The longest stand before the
    short ones, so that no process waits long for the other at the end.
    """
    found = dict.fromkeys(item.path for item in items if item.path.parent.name == "site")
    site = sorted(found, key=lambda path: LONGEST.index(path.name) if path.name in LONGEST else len(LONGEST))
    building = [*site[:1], *(ROOT / "tests" / "build" / name for name in ("test_new.py", "test_site.py"))]
    place = {path: number for number, path in enumerate([*building, None, *site[1:]])}
    items.sort(key=lambda item: place.get(item.path, len(building)))


@pytest.fixture(scope="session")
def project() -> Project:
    """This repository. Never write into it: take `make_project` for that."""
    return Project(ROOT)


@pytest.fixture(scope="session")
def vocabulary(project: Project) -> Vocabulary:
    return load_vocabulary(project)


@pytest.fixture(scope="session")
def coding(project: Project) -> Coding:
    return load_coding(project)


@pytest.fixture(scope="session")
def scheme(coding: Coding) -> Scheme:
    return coding.scheme


@pytest.fixture(scope="session")
def finder(coding: Coding) -> ConceptFinder:
    """What finds the concepts of the scheme; making it takes a second."""
    return coding.concepts


@pytest.fixture(scope="session")
def corpus(project: Project) -> Corpus:
    """The five documents, not coded."""
    return load_corpus(project)


@pytest.fixture(scope="session")
def coded(corpus: Corpus, coding: Coding) -> Corpus:
    """The five documents with all that is coded in them."""
    return code_corpus(corpus, coding)


@pytest.fixture(scope="session")
def book(project: Project) -> Book:
    """This repository's book, opened once for every test of a process."""
    return open_book(project.root)


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Return a function that copies the project, as a fresh clone has it, into a new folder."""
    return lambda name="project": copy_project(tmp_path / name)


@pytest.fixture(scope="session")
def reference(corpus: Corpus) -> pd.DataFrame:
    """A person's reading of every paragraph; the documents bear the ids of data/corpus.yml."""
    hand = pd.read_csv(ROOT / "tests" / "reference" / "passages.csv", dtype=str, keep_default_na=False)
    ids = corpus.documents["document"].tolist()
    return hand.assign(document=[ids[int(number)] for number in hand["document"]])


@pytest.fixture(scope="session")
def corpus_of(project: Project, vocabulary: Vocabulary) -> CorpusOf:
    """Return a function that makes a corpus of texts: id → text, and fields that all entries share."""

    def make(texts: Mapping[str, str], **fields: object) -> Corpus:
        entries = [DocumentEntry.model_validate({**ENTRY, "id": id, "file": f"{id}.txt", **fields}) for id in texts]
        received = [(entry, texts[entry.id].encode()) for entry in entries]
        return make_corpus(received, vocabulary, project)

    return make


# The five documents as block counts -----------------------------------------------------------------


@pytest.fixture(scope="session")
def counts(coded: Corpus, scheme: Scheme) -> BlockCounts:
    """The five documents as block counts."""
    return block_counts(coded, scheme)


@pytest.fixture(scope="session")
def effect(counts: BlockCounts) -> float:
    """How many of their blocks are worth one independent block."""
    return design_effect(counts)


# A project with a book of one tiny page, whose notebook runs in a second ---------------------------


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """A copy of the project in which nothing is made by notebooks."""
    project = copy_project(tmp_path / "project")
    for template in project.notebooks.glob("*.ipynb"):
        template.unlink()
    project.runs_file.write_text("runs: []\n", encoding="utf-8")
    order = "format: jb-book\nroot: how-to-read\nchapters:\n  - glob: chapters/*\n"
    (project.root / "_toc.yml").write_text(order, encoding="utf-8")
    config = project.root / "_config.yml"
    settings = re.sub(r"moved:\n(?: {6}.+\n)+", "moved: {}\n", config.read_text(encoding="utf-8"))
    config.write_text(settings, encoding="utf-8")
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


def _code(cells: Sequence[str]) -> list[nbformat.NotebookNode]:
    made = [new_code_cell(source) for source in cells]
    made[0].metadata["tags"] = ["parameters"]
    return made
