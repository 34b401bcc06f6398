"""The addresses of the book, which must not change once published."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from copies import SIXTH, SIXTH_TEXT
from lxml import html

from policybook.build.runs import Run
from policybook.project import Project

#: What scripts and papers may already point at.
PROMISED = [
    "index", "how-to-read", "search", "chapters/corpus", "chapters/methods", "chapters/limits", "chapters/cite",
    "chapters/validation", "chapters/codebook", "chapters/reports",
    "chapters/targets", "chapters/structure", "chapters/who", "chapters/topic-registration", "chapters/timeline",
    "chapters/similarity",
    "comparisons/plans-2014-2024", "comparisons/eras", "comparisons/national-liaoning",
    "comparisons/national-fujian", "comparisons/liaoning-fujian", "documents/web-2024-county-mobilization",
    "documents/guizhou-2024-two-strategies", "documents/mysheen-2024-liaoning-income-gap",
    "documents/gmw-2023-county-migrants", "documents/web-2021-joint-conference", f"documents/{SIXTH}",
]  # fmt: skip
LABEL = re.compile(r"^\(([^)\s]+)\)=\s*$", re.MULTILINE)


@pytest.mark.parametrize("name", PROMISED)
def test_page_is_where_it_was_promised(pages, name: str):
    assert name in pages


def test_old_addresses_lead_on(site: Path, pages, moved: dict[str, str]):
    assert moved["chapters/rates"] == "chapters/targets"
    for old, new in moved.items():
        page = html.parse(site / f"{old}.html").getroot()
        (canonical,) = page.xpath("//link[@rel='canonical']/@href")
        assert page.xpath("//main//a/@href") == [canonical]
        assert posixpath.normpath(posixpath.join(posixpath.dirname(old), canonical)) == f"{new}.html"
        assert new in pages
        assert "location.hash" in page.xpath("string(//script)")  # the section stays the same


def test_sections_of_the_page_of_rates_are_on_the_page_it_leads_to(pages):
    ids = {section.get("id") for section in pages["chapters/targets"].select("article section")}
    old = ("national", "gap", "pace", "liaoning", "fujian", "others", "conflicts", "vintages", "origins", "made")
    assert ids.issuperset(old)


def test_every_page_is_made_by_a_run_or_written_by_hand(pages, runs: dict[str, Run], built: Project):
    written = {path.stem for path in built.book.glob("*.md")}
    assert set(pages) == set(runs) | written | {"search", "zh/search"}


def test_sections_have_the_labels_of_their_source_and_no_other_id(book_pages, runs: dict[str, Run], built: Project):
    for name, page in book_pages.items():
        ids = [section.get("id") for section in page.select("article section")]
        assert ids == LABEL.findall(_source(name, runs, built)), name


def test_headings_hold_no_id_of_their_own(book_pages):
    for name, page in book_pages.items():
        article = "article.bd-article"
        inner = [f"{article} h{n}[id], {article} h{n} [id]" for n in range(1, 7)]
        assert page.select(", ".join([*inner, "article section > span[id]"])) == [], name


def test_every_section_begins_with_a_heading_that_links_to_it(book_pages):
    for name, page in book_pages.items():
        for section in page.select("article section"):
            link = section.cssselect("a.headerlink")[0]
            assert link.get("href") == f"#{section.get('id')}", name


def test_ids_are_ascii_and_stand_once_on_a_page(pages):
    for name, page in pages.items():
        ids = Counter(element.get("id") for element in page.select("[id]"))
        assert [i for i, count in ids.items() if count > 1 or not i.isascii() or " " in i] == [], name


def test_every_paragraph_has_its_number_as_id(pages, book):
    for document in book.corpus.documents.itertuples():
        page = pages[f"documents/{document.document}"]
        ids = [e.get("id") for e in page.select(".pb-passages > p[id]")]
        assert ids == [f"p{number:02d}" for number in range(1, document.paragraphs + 1)], document.document


def test_paragraphs_are_the_non_empty_lines_of_the_received_text(pages):
    assert len(pages[f"documents/{SIXTH}"].select(".pb-passages > p[id]")) == len(SIXTH_TEXT.splitlines())


def test_every_passage_and_quotation_names_its_language(pages):
    for name, page in pages.items():
        languages = {e.get("lang") for e in page.select("p.pb-passage, blockquote.pb-quote")}
        assert languages <= {"en", "zh-Hans"}, name
    assert {e.get("lang") for e in pages[f"documents/{SIXTH}"].select("p.pb-passage")} == {"zh-Hans"}


def test_links_inside_the_book_are_relative(book_pages):
    for name, page in book_pages.items():
        hrefs = [a.get("href") for a in page.select("article a[href]")]
        assert [h for h in hrefs if h.startswith(("/", "file:", "http://127.", "http://localhost"))] == [], name


def _source(name: str, runs: dict[str, Run], project: Project) -> str:
    """Return the Markdown that a page is made from."""
    if name not in runs:
        return (project.book / f"{name}.md").read_text(encoding="utf-8")
    notebook = nbformat.read(project.notebooks / f"{runs[name].template}.ipynb", as_version=4)
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
