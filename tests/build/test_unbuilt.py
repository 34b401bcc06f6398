"""What can be cited of a book that was not built."""

from __future__ import annotations

import nbformat
import pytest
from copies import hold_back
from kinds import MakeProject
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from policybook.build.unbuilt import items_in_files, page_templates, record_in_files
from policybook.errors import UnknownPageError
from policybook.project import Project


def test_pages_are_those_of_the_runs_and_those_written_by_hand(project: Project):
    pages = page_templates(project)
    assert pages["documents/web-2021-joint-conference"] == "document"
    assert pages["index"] == "front"
    assert (pages["how-to-read"], pages["comparisons/eras"]) == ("", "comparison")


def test_sections_and_passages_are_known_before_anything_is_executed(make_project: MakeProject):
    project = make_project()
    record = record_in_files(project, "documents/web-2021-joint-conference", "document")
    parts = {part[0]: part[1] for part in record["parts"]}
    assert (parts["p03"], parts["p03.1"], parts["passages"]) == ("passage", "sentence", "section")
    assert record["title"] == "Second meeting of the inter-ministerial joint conference, 30 March 2021"
    assert "p08" not in parts
    found = items_in_files(project, "web-2021-joint-conference", "p3")
    assert [one["type"] for one in found] == ["webpage", "chapter"]


def test_figures_and_rows_are_known_from_the_executed_page(make_project: MakeProject):
    project = make_project()
    html = ('<figure id="figure-a"><figcaption>A &lt;b&gt;</figcaption></figure>'
            '<table><tr id="row-1"><th>x</th></tr></table>')  # fmt: skip
    output = new_output("display_data", data={"text/html": html})
    page = project.page("chapters/corpus")
    page.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[new_markdown_cell("# x"), new_code_cell("", outputs=[output])]), page)
    (item,) = items_in_files(project, "chapters/corpus", "figure-a")
    assert (item["type"], item["title"][:7]) == ("graphic", "A <b> (")
    assert items_in_files(project, "corpus", "row-1")[0]["title"].startswith("x (row of")


@pytest.mark.parametrize(("page", "anchor"), [("nobody", ""), ("documents/nobody", ""), ("chapters/corpus", "nothing")])
def test_what_is_not_there_is_refused(project: Project, page: str, anchor: str):
    with pytest.raises(UnknownPageError, match="Known: "):
        items_in_files(project, page, anchor)


def test_parts_of_a_chinese_page_have_chinese_names(project: Project):
    record = record_in_files(project, "zh/chapters/places", page_templates(project)["zh/chapters/places"])
    assert record["language"] == "zh-CN"
    assert all("：" in part[2] for part in record["parts"] if part[1] == "section")


def test_the_old_address_of_a_page_is_cited_at_its_new_one(project: Project):
    (item,) = items_in_files(project, "chapters/rates", "national")
    assert item["URL"].endswith("chapters/targets.html#national")


def test_a_passage_is_quoted_with_what_stands_around_it(make_project: MakeProject):
    source, book = items_in_files(make_project(), "web-2021-joint-conference", "p03.1")
    quote = source["custom"]["selector"]
    assert book["custom"]["selector"] == quote
    assert list(quote) == ["type", "prefix", "exact", "suffix"]
    assert quote["type"] == "TextQuoteSelector" and quote["exact"].startswith("据报道")
    assert 0 < len(quote["prefix"]) <= 32 and 0 < len(quote["suffix"]) <= 32


def test_what_is_not_shown_is_not_quoted(make_project: MakeProject):
    project = make_project()
    hold_back(project, "web-2021-joint-conference")
    source, _ = items_in_files(project, "web-2021-joint-conference", "p03")
    assert "selector" not in source.get("custom", {})
