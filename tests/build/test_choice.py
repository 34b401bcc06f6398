"""Books of more documents than have a page each: which have one, the register of all, links, references, the rest."""

from __future__ import annotations

import csv
import json

import lxml.html
import nbformat
import pytest
from copies import policybook_here
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from policybook.build.check import check_project
from policybook.build.choice import choose_pages, lead_to_rows
from policybook.build.new import make_project
from policybook.build.search import find_broken_links
from policybook.errors import InvalidDataError
from policybook.project import Project

NAMES = ("one", "two", "three", "four", "five")
RUNS = """\
runs:
  - template: front
    page: index
  - template: pointing
    page: chapters/pointing
    parameters:
      passage: "one:p02"
  - template: document
    each: documents
    page: documents/{id}
    up_to: 3
    always: [two]
    parameters: {document: "{id}"}
"""
TOC = """\
format: jb-book
root: index
parts:
  - caption: Findings
    chapters:
      - file: chapters/pointing
  - caption: Documents
    chapters:
      - glob: documents/*
"""
POINTING = """\
import pandas as pd

from policybook import open_book, show

documents = open_book().corpus.documents
everywhere = [f"{name}:p01" for name in documents["document"]]
show(pd.DataFrame({"passage": [passage], "passages": [everywhere]}), name="evidence")"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of five documents of which three may have a page without further ado."""
    project = Project(make_project(tmp_path_factory.mktemp("many") / "book"))
    for n, name in enumerate(NAMES):
        file = project.root / f"{name}.txt"
        file.write_text(f"The plan of town {name}\nThe town council will spend {n + 2} million on staff training.\n"
                        f"Monitoring of the budget showed in year {n} what the law of town {name} requires.\n",
                        encoding="utf-8")  # fmt: skip
        said = {"id": name, "title": f"The plan of town {name}", "written": f"203{n}", "speaker": "national"}
        options = [part for field, value in said.items() for part in (f"--{field}", value)]
        done = policybook_here("add", str(file), *options, "--rights", "full", "--yes", project=project)
        assert done.exit_code == 0, done.output
        file.unlink()
    project.runs_file.write_text(RUNS, encoding="utf-8")
    (project.root / "_toc.yml").write_text(TOC, encoding="utf-8")
    for path in project.book.glob("*.md"):
        path.unlink()
    cells = [new_markdown_cell("(pointing)=\n# What is pointed at"),
             new_code_cell('passage = ""', metadata={"tags": ["parameters"]}),
             new_code_cell(POINTING, metadata={"tags": ["remove-input"]})]  # fmt: skip
    notebook = new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    nbformat.write(notebook, project.notebooks / "pointing.ipynb")
    return project


@pytest.fixture(scope="module")
def built(many: Project) -> Project:
    """The same, built."""
    done = policybook_here("build", "--jobs", "1", project=many)
    assert done.exit_code == 0, done.output
    return many


def _documents(project: Project) -> list[str]:
    return sorted(path.stem for path in (project.site / "documents").glob("*.html"))


def _page(project: Project, name: str) -> lxml.html.HtmlElement:
    return lxml.html.parse(project.site / f"{name}.html").getroot()


def test_pages_are_made_of_documents_that_evidence_points_to_or_that_are_named(built: Project):
    assert _documents(built) == ["one", "two"]
    assert find_broken_links(built.site) == []


def test_every_document_has_a_row_that_leads_to_its_page_where_there_is_one(built: Project):
    rows = _page(built, "chapters/register").xpath("//noscript//tr[@id]")
    assert [row.get("id") for row in rows] == [f"document-{name}" for name in NAMES]
    links = {row.get("id"): row.xpath(".//a[contains(@href, 'documents/')]/@href") for row in rows}
    assert links["document-one"] == ["../documents/one.html"]
    assert links["document-four"] == []
    assert all(f"203{n}" in row.text_content() for n, row in enumerate(rows))
    assert "Rules" in rows[0].text_content()  # a theme


def test_links_to_documents_without_a_page_lead_to_their_rows(built: Project):
    links = _page(built, "index").xpath("//article//a/@href")
    assert "documents/one.html" in links
    assert "chapters/register.html#document-three" in links


def test_the_sidebar_has_the_register_and_no_page_of_a_document(built: Project):
    for name in ("index", "documents/one"):
        links = _page(built, name).xpath("//nav[contains(@class, 'bd-links')]//a/@href")
        assert any(link.endswith("chapters/register.html") or link == "#" for link in links)
        assert not any("documents/" in link for link in links)


def test_the_search_finds_documents_without_a_page(built: Project):
    text = (built.site / "search" / "0.js").read_text(encoding="utf-8")
    found = json.loads(text[text.index("(") + 1 : text.rindex(")")])
    assert "chapters/register.html#document-four" in [record[0] for record in found]


@pytest.mark.parametrize("target", ["four", "four:p02", "four:p02.1", "documents/four#p03"])
def test_a_document_without_a_page_is_cited_by_its_row(built: Project, target: str):
    done = policybook_here("cite", target, "--style", "csl-json", project=built)
    assert done.exit_code == 0, done.output
    assert "chapters/register.html#document-four" in done.stdout
    assert "evidence" in done.stderr
    passage = "paragraph" in done.stdout
    assert passage == (":" in target or "#" in target)


def test_a_passage_that_is_not_there_is_not_cited(built: Project):
    done = policybook_here("cite", "four:p77", project=built)
    assert done.exit_code == 1
    assert "p77" in done.stderr


def test_check_says_nothing_of_pages_that_stand_nowhere(built: Project):
    done = policybook_here("check", project=built)
    assert done.exit_code == 0, done.output
    assert "stands nowhere" not in done.stderr


def test_a_page_that_nothing_points_to_is_not_built_by_itself(built: Project):
    done = policybook_here("build", "--only", "documents/four", project=built)
    assert done.exit_code == 1
    assert "'always'" in done.stderr


def test_a_document_that_gains_evidence_gets_a_page_with_the_next_build_and_another_loses_it(built: Project):
    runs = RUNS.replace("one:p02", "four:p03")
    built.runs_file.write_text(runs, encoding="utf-8")
    done = policybook_here("build", "--jobs", "1", project=built)
    assert done.exit_code == 0, done.output
    assert _documents(built) == ["four", "two"]
    assert find_broken_links(built.site) == []
    assert "chapters/register.html#document-one" in _page(built, "index").xpath("//article//a/@href")
    again = policybook_here("build", project=built)
    assert "4 of 4 pages are up to date" in again.stderr
    assert "The site is up to date" in again.stderr


def test_what_was_published_keeps_its_page(many: Project):
    runs = check_project(many)
    before = {run.page for run in choose_pages(many, runs)}
    row = ["documents/five", "", "page", "The plan of town five", "", "1.0.0", "", ""]
    with many.anchors_file.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["page", "anchor", "kind", "title", "words", "edition", "now", "gone"], row])
    try:
        assert {run.page for run in choose_pages(many, runs)} == before | {"documents/five"}
    finally:
        many.anchors_file.unlink()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("always: [two]", "always: [tow]", "no document 'tow' .* 'two'"),
        ("up_to: 3", "up_to: -1", "up_to"),
        ("    page: index", "    page: index\n    up_to: 4", "up_to can stand in an entry with 'each: documents' only"),
    ],
)
def test_mistakes_of_the_setting_are_said_in_a_sentence(many: Project, old: str, new: str, said: str):
    whole = many.runs_file.read_text(encoding="utf-8")
    many.runs_file.write_text(whole.replace(old, new), encoding="utf-8")
    try:
        with pytest.raises(InvalidDataError, match=rf"notebooks/runs\.yml:\d+: (?s:.*){said}"):
            check_project(many)
    finally:
        many.runs_file.write_text(whole, encoding="utf-8")


def test_a_book_without_the_template_of_the_register_is_told_what_to_do(many: Project):
    template = many.notebooks / "register.ipynb"
    aside = template.rename(many.root / "aside")
    try:
        with pytest.raises(InvalidDataError, match=r"register\.ipynb must list them.*up_to: 5"):
            check_project(many)
    finally:
        aside.rename(template)


def test_a_link_is_led_to_the_register_of_its_language_and_left_alone_where_there_is_a_page():
    pages = {"chapters/register", "zh/chapters/register", "documents/a", "index"}
    link = '<a href="documents/a.html#p01">a</a>'
    assert lead_to_rows(link, "index", pages) == link
    assert lead_to_rows('<a class="x" href="../documents/b.html#p01"><b>b</b></a>', "chapters/c", pages) == (
        '<a class="x" href="register.html#document-b"><b>b</b></a>')  # fmt: skip
    assert lead_to_rows('<a href="documents/b.html">b</a>', "zh/index", pages) == (
        '<a href="chapters/register.html#document-b">b</a>')  # fmt: skip
    assert lead_to_rows('<a href="../documents/b.html">b</a>', "chapters/register", pages) == "b"
    assert lead_to_rows('<a href="https://x.y/documents/b.html">b</a>', "index", pages).startswith('<a href="https:')
