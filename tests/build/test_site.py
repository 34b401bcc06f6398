"""A site: its table of contents, its links, what its search can lead to, and a book of one document."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest
import yaml
from copies import ROOT, add_sixth_document, copy_project, keep_documents
from notebooks_here import run_here

from policybook.build.check import check_project
from policybook.build.execute import remove_stale_pages
from policybook.build.site import write_toc
from policybook.errors import InvalidDataError
from policybook.project import Project

# A book about a single document: most comparisons have an empty side, and say so -------------------


FIRST = "web-2024-county-mobilization"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every page of the book shows that is made of the first document only."""
    project = copy_project(tmp_path_factory.mktemp("alone") / "project")
    keep_documents(project, 1)
    return {run.page: run_here(project, run) for run in check_project(project)}


def test_every_page_is_made_and_the_other_documents_have_none(alone: dict[str, str]):
    assert [page for page in alone if page.startswith("documents/")] == [f"documents/{FIRST}"]
    assert all(_text(shown) for shown in alone.values())


@pytest.mark.parametrize("comparison", ["liaoning-fujian", "national-liaoning", "plans-2014-2024", "eras"])
def test_an_empty_side_is_named_as_too_small(alone: dict[str, str], comparison: str):
    text = _text(alone[f"comparisons/{comparison}"])
    assert "These texts cannot say" in text
    assert "0 of the 12 blocks needed" in text


def test_the_corpus_is_counted_as_one_document(alone: dict[str, str]):
    assert "1 document" in (text := _text(alone["chapters/corpus"])) and "1 documents" not in text


def test_a_document_that_is_removed_takes_its_page_along(tmp_path: Path):
    project = copy_project(tmp_path / "project")
    before = project.corpus_file.read_bytes()
    add_sixth_document(project)
    made = [run.page for run in check_project(project)]
    for page in made:
        path = project.book / f"{page}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    project.corpus_file.write_bytes(before)
    runs = check_project(project)
    assert remove_stale_pages(project, runs) == [page for page in made if page not in {run.page for run in runs}]
    assert sorted(p.stem for p in (project.book / "documents").iterdir()) == sorted(
        run.page.split("/")[1] for run in runs if run.page.startswith("documents/")
    )


def _text(shown: str) -> str:
    return " ".join(lxml.html.fromstring(f"<div>{shown}</div>").text_content().split())


#: Two documents, and every chapter that this book's own _toc.yml names.
PAGES = [
    "index",
    "documents/b",
    "documents/a",
    *re.findall(r"file: (chapters/\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8")),
]


def test_a_glob_is_filled_in_the_order_of_the_runs(tiny: Project, tmp_path: Path):
    parts = _written(tiny, tmp_path, PAGES)
    assert [c["file"] for c in parts["Documents"]] == ["documents/b", "documents/a"]


def test_a_part_without_pages_is_left_out(tiny: Project, tmp_path: Path):
    without = [page for page in PAGES if not page.startswith("documents/")]
    assert "Documents" not in _written(tiny, tmp_path, without)


def test_a_page_that_does_not_exist_is_named_with_the_nearest_line(tiny: Project, tmp_path: Path):
    toc = tiny.root / "_toc.yml"
    toc.write_text(toc.read_text(encoding="utf-8").replace("how-to-read", "how-to-raed"), encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"^_toc\.yml:.*'how-to-raed'"):
        write_toc(tiny, PAGES, tmp_path / "toc.yml")


def _written(project: Project, folder: Path, pages: list[str]) -> dict[str, list[dict[str, str]]]:
    write_toc(project, pages, folder / "toc.yml")
    toc = yaml.safe_load((folder / "toc.yml").read_text(encoding="utf-8"))
    return {part["caption"]: part["chapters"] for part in toc["parts"]}
