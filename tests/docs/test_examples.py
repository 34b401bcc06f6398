"""The worked examples of docs/ are what they say: every command does what it did, and the book is built."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from copies import ROOT, policybook
from lxml import html

from policybook.project import Project

BLOCK = re.compile(r"^```(sh|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps(name: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of an example and the files that it writes, in order: a kind, and the text of each."""
    for kind, text in BLOCK.findall((ROOT / "docs" / name / "README.md").read_text(encoding="utf-8")):
        yield from ((kind, line) for line in text.splitlines()) if kind == "sh" else [(kind, text)]


def walk(name: str, folder: Path) -> tuple[Project, dict[str, str]]:
    """Do what an example says, in a copy of its folder; return the project and what each command said."""
    here = Path(shutil.copytree(ROOT / "docs" / name, folder / name))
    said = {}
    for kind, text in steps(name):
        if kind == "yaml":
            path = here / text.split("\n", 1)[0].removeprefix("# ")
            assert path.is_file(), f"{path} is a file of every new project"
            path.write_text(text, encoding="utf-8")
        elif text.startswith("cd "):
            here = here / text.removeprefix("cd ")
        else:
            command, *words = shlex.split(text)
            assert command == "policybook"
            done = policybook(*words, cwd=here, timeout=900)
            assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
            said[text.removeprefix("policybook ")] = done.stdout + done.stderr
    return Project(here), said


@pytest.fixture(scope="module", params=["strategies", "registration"])
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str]]:
    return walk(request.param, tmp_path_factory.mktemp("docs"))


def test_every_text_is_added_and_every_word_of_it_kept(walked: tuple[Project, dict[str, str]]) -> None:
    project, said = walked
    texts = {*(project.root.parent / "texts").iterdir()}
    assert f"Of {len(texts)} files: {len(texts)} added." in said["add ../texts --metadata ../metadata.csv --yes"]
    assert f"{len(texts)} documents in data/corpus.yml." in said["documents"]


def test_each_concept_that_is_added_was_missing_before(walked: tuple[Project, dict[str, str]]) -> None:
    _, said = walked
    tried = [text for command, text in said.items() if command.startswith("concept try")]
    assert tried and all(re.search(r": \d+ that no concept carries\.", text) for text in tried)
    assert all("Added the concept" in text for command, text in said.items() if command.startswith("concept add"))


def test_the_book_has_a_page_for_each_document_and_for_the_comparison(walked: tuple[Project, dict[str, str]]) -> None:
    project, _ = walked
    documents = {path.stem for path in (project.site / "documents").glob("*.html")}
    assert len(documents) == len([*(project.root.parent / "texts").iterdir()])
    (page,) = (project.site / "comparisons").glob("*.html")
    shown = html.fromstring(page.read_text(encoding="utf-8"))
    named = {link.get("href").partition("#")[0].rpartition("/")[2] for link in shown.cssselect(".pb-quote a[href]")}
    assert {f"{one}.html" for one in documents} & named, "a sentence leads to its document"
    words = " ".join(shown.text_content().split())
    assert "cannot say how" in words or "too few" in words or "blocks needed" in words


def test_no_name_of_another_book_stands_in_it(walked: tuple[Project, dict[str, str]]) -> None:
    project, _ = walked
    front = html.fromstring((project.site / "index.html").read_text(encoding="utf-8")).text_content()
    assert not re.search(r"Liaoning|Fujian|urbanization", front)
