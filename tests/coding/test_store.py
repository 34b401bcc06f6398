"""Coded documents that are kept: the same as coded anew, one by one, and done without when they are no good."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from copies import SIXTH, add_sixth_document
from kinds import MakeProject

from policybook.coding import store
from policybook.coding.code import Coding, code_corpus
from policybook.coding.store import STORE, coded_hashes, load_coded
from policybook.corpus.corpus import TABLE_COLUMNS, Corpus
from policybook.project import Project


@pytest.fixture
def kept(make_project: MakeProject) -> Project:
    """A copy of the project whose documents are kept."""
    project = make_project()
    load_coded(project)
    return project


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that are read and coded, as it happens."""
    names: list[str] = []
    before = store.read_document

    def noting(entry, *rest):  # type: ignore[no-untyped-def]
        names.append(entry.id)
        return before(entry, *rest)

    monkeypatch.setattr(store, "read_document", noting)
    return names


def assert_alike(one: Corpus, other: Corpus) -> None:
    for name in TABLE_COLUMNS:
        left, right = getattr(one, name), getattr(other, name)
        assert left.equals(right), name
        for column in left.columns:
            assert [*map(type, left[column])] == [*map(type, right[column])], (name, column)
    assert (one.made_from, one.known) == (other.made_from, other.known)


def test_what_is_kept_is_what_was_coded(kept: Project, coded: Corpus, read: list[str]):
    assert_alike(load_coded(kept), coded)
    assert read == []


def test_only_a_document_that_is_new_or_has_changed_is_coded(kept: Project, coded: Corpus, read: list[str]):
    add_sixth_document(kept)
    assert list(load_coded(kept).documents["document"]) == [*coded.documents["document"], SIXTH]
    assert read == [SIXTH]
    text = kept.corpus_file.read_text(encoding="utf-8")
    kept.corpus_file.write_text(text.replace("speaker: yunnan", "speaker: fujian"), encoding="utf-8")
    assert load_coded(kept).document(SIXTH)["speaker"] == "fujian"
    assert read == [SIXTH, SIXTH]
    kept.corpus_file.write_text(text, encoding="utf-8")
    assert load_coded(kept).document(SIXTH)["speaker"] == "yunnan"
    assert read == [SIXTH, SIXTH], "a change that is taken back costs nothing"


def test_a_change_of_the_scheme_codes_everything_anew(kept: Project, coded: Corpus, read: list[str]):
    before = coded_hashes(kept)
    path = kept.lexicon / "stopwords-en.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert_alike(load_coded(kept), coded)
    assert read == [*coded.documents["document"]]
    assert coded_hashes(kept) == before, "the same was found: what depends on it is not old"


def spoil(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def cut_rows(path: Path) -> None:
    with sqlite3.connect(path) as kept:
        kept.execute("UPDATE coded SET rows = substr(rows, 1, 40)")


def block(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [spoil, cut_rows, block])
def test_a_store_that_is_no_good_is_done_without(kept: Project, coded: Corpus, read: list[str], harm):  # type: ignore[no-untyped-def]
    harm(kept.build / STORE)
    assert_alike(load_coded(kept), coded)
    assert len(read) == len(coded.documents)
    assert set(coded_hashes(kept)) == set(coded.documents["document"])
    assert_alike(load_coded(kept), coded)


def test_what_was_coded_before_an_end_is_kept(make_project: MakeProject, coded: Corpus, read: list[str],
                                              monkeypatch: pytest.MonkeyPatch):  # fmt: skip
    project, before = make_project(), code_corpus
    ended = [*coded.documents["document"]][3]

    def until(corpus: Corpus, coding: Coding) -> Corpus:
        if ended in {*corpus.documents["document"]}:
            raise KeyboardInterrupt
        return before(corpus, coding)

    monkeypatch.setattr(store, "_PART", 2)
    monkeypatch.setattr(store, "code_corpus", until)
    with pytest.raises(KeyboardInterrupt):
        load_coded(project)
    monkeypatch.setattr(store, "code_corpus", before)
    read.clear()
    assert_alike(load_coded(project), coded)
    assert read == [*coded.documents["document"]][2:], "two were kept"


def test_processes_code_as_one_does(make_project: MakeProject, coded: Corpus, read: list[str],
                                    monkeypatch: pytest.MonkeyPatch):  # fmt: skip
    monkeypatch.setattr(store, "usual_workers", lambda _: store.Workers(jobs=2))
    assert_alike(load_coded(make_project(), together=True), coded)
    assert read == [], "others read them"
