"""Which edition a book is: its version, its day and its address."""

from __future__ import annotations

import os
import subprocess

import pytest

from policybook.build.edition import URL, book_address, read_about, read_edition
from policybook.errors import InvalidDataError, PolicybookError
from policybook.project import Project

CFF = """\
cff-version: 1.2.0
message: cite it
title: A book
authors:
  - name: Somebody
version: 1.2.0
"""


@pytest.fixture
def own(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project of two files, without an address."""
    monkeypatch.delenv(URL, raising=False)
    (tmp_path / "CITATION.cff").write_text(CFF + "date-released: 2026-01-02\n", encoding="utf-8")
    (tmp_path / "_config.yml").write_text("title: A book\n", encoding="utf-8")
    return Project(tmp_path)


def git(project: Project, *arguments: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = {"GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@t", "GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@t",
           "GIT_COMMITTER_DATE": "2026-03-04T12:00:00Z", "GIT_CONFIG_GLOBAL": os.devnull}  # fmt: skip
    subprocess.run(["git", "-C", str(project.root), *arguments], check=True, capture_output=True, env=kept | who)


def commit(project: Project) -> None:
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "first")


def test_without_git_it_is_what_the_file_says(own: Project):
    edition = read_edition(own)
    assert (edition.version, edition.released, edition.commit, edition.address) == ("1.2.0", "2026-01-02", "", "")


def test_pages_alone_are_named_by_their_configuration(own: Project):
    (own.root / "CITATION.cff").unlink()
    edition = read_edition(own)
    assert (edition.title, edition.version) == ("A book", "0, unreleased")


def test_what_names_no_day_of_release_is_not_released(own: Project):
    (own.root / "CITATION.cff").write_text(CFF, encoding="utf-8")
    assert read_edition(own).version == "1.2.0, unreleased"


def test_without_a_tag_it_names_the_commit_and_its_day(own: Project):
    commit(own)
    edition = read_edition(own)
    assert edition.version == f"1.2.0+{edition.commit}, unreleased"
    assert (len(edition.commit), edition.released) == (10, "2026-03-04")


@pytest.mark.parametrize(("tag", "version", "day"),
                         [("v1.2.0", "1.2.0", "2026-01-02"), ("v1.3.0", "1.3.0", "2026-03-04")])  # fmt: skip
def test_a_tag_names_the_version(own: Project, tag: str, version: str, day: str):
    commit(own)
    git(own, "tag", tag)
    git(own, "tag", "not-a-version")
    assert (read_edition(own).version, read_edition(own).released) == (version, day)


def test_the_address_of_the_environment_goes_before_that_of_the_configuration(
    own: Project, monkeypatch: pytest.MonkeyPatch
):
    (own.root / "_config.yml").write_text("html: {baseurl: https://example.org/book}\n", encoding="utf-8")
    assert book_address(own) == "https://example.org/book/"
    monkeypatch.setenv(URL, "https://example.org/v2/")
    assert book_address(own) == "https://example.org/v2/"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.org", "https://example.org/\"><script>", "ftp://x"])
def test_what_is_no_address_is_refused(own: Project, monkeypatch: pytest.MonkeyPatch, address: str):
    monkeypatch.setenv(URL, address)
    with pytest.raises(PolicybookError, match=URL):
        book_address(own)


def test_the_licence_of_the_texts_is_that_of_the_preferred_citation(own: Project):
    more = "preferred-citation:\n  type: book\n  title: A book\n  license: CC-BY-4.0\n"
    (own.root / "CITATION.cff").write_text(CFF + more, encoding="utf-8")
    assert read_edition(own).terms == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(("wrong", "field"), [("date-released: soon\n", "date-released"), ("authors: []\n", "authors"),
                                              ("title: {}\n", "title")])  # fmt: skip
def test_mistakes_are_named(own: Project, wrong: str, field: str):
    kept = "".join(line for line in CFF.splitlines(keepends=True) if not line.startswith((field, *"- "))) if field != (
        "date-released") else CFF  # fmt: skip
    (own.root / "CITATION.cff").write_text(kept + wrong, encoding="utf-8")
    with pytest.raises(InvalidDataError, match=field):
        read_about(own)


def test_it_says_of_which_commit_and_data_it_was_made(own: Project):
    assert read_edition(own).made_from == ""
    own.data.mkdir()
    (own.data / "a.csv").write_text("a\n", encoding="utf-8")
    commit(own)
    made = read_edition(own)
    assert made.made_from == f"commit {made.commit}, data sha256 {made.data}"
    own.anchors_file.write_text("page\n", encoding="utf-8")  # where things stand is not what they are
    assert read_edition(own).data == made.data
    (own.data / "a.csv").rename(own.data / "b.csv")
    assert read_edition(own).data not in ("", made.data)
