"""What tests of every room share: this repository's project, its corpus as coded, and copies to break."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from kinds import CorpusOf, MakeProject

from policybook.coding.code import Coding, code_corpus, load_coding
from policybook.coding.scheme import Scheme
from policybook.corpus.build import load_corpus, make_corpus
from policybook.corpus.manifest import DocumentEntry
from policybook.corpus.model import Corpus
from policybook.corpus.vocabulary import Vocabulary, load_vocabulary
from policybook.project import Project

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("data", "notebooks", "book", "_config.yml", "_toc.yml", "CITATION.cff")
#: What a build makes inside the copied folders; .gitignore says the same.
MADE = frozenset({"index.ipynb", "documents", "comparisons", "chapters", "_build"})

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
def corpus(project: Project) -> Corpus:
    """The five documents, not coded."""
    return load_corpus(project)


@pytest.fixture(scope="session")
def coded(corpus: Corpus, coding: Coding) -> Corpus:
    """The five documents with all that is coded in them."""
    return code_corpus(corpus, coding)


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Return a function that copies the project, as a fresh clone has it, into a new folder."""

    def make(name: str = "project") -> Project:
        folder = tmp_path / name
        folder.mkdir()
        for source in (ROOT / entry for entry in COPIED):
            if source.is_dir():
                shutil.copytree(source, folder / source.name, ignore=_skip_made)
            elif source.is_file():
                shutil.copy(source, folder / source.name)
        return Project(folder)

    return make


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


def _skip_made(folder: str, names: list[str]) -> list[str]:
    """Name what copying leaves out: the pages that notebooks make, and caches."""
    made = MADE if Path(folder) == ROOT / "book" else frozenset[str]()
    return [name for name in names if name in made or name in ("__pycache__", ".ipynb_checkpoints")]
