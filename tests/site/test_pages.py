"""What the pages of the built book hold: text, tables, figures, reading order."""

from __future__ import annotations

import csv
import io
import posixpath
import re
from fnmatch import fnmatchcase
from pathlib import Path

import nbformat
import pytest
import yaml
from copies import HOSTILE, SIXTH
from lxml import etree

from policybook.analysis.keyness import term_frequencies
from policybook.build.export import table_name
from policybook.build.runs import Run
from policybook.build.search import find_broken_links
from policybook.project import Project

SIDEBAR = "nav.bd-docs-nav"


def test_no_link_is_broken(site: Path):
    assert find_broken_links(site) == []


def test_chinese_is_never_written_as_escapes(pages):
    for name, page in pages.items():
        assert not re.search(r"\\u(?!003c|003e|0026)[0-9a-fA-F]{4}", page.source), name  # of a script, as markup is


def test_every_page_names_its_language(pages):
    wanted = {name: "zh-CN" if name.startswith("zh/") else "en" for name in pages}
    assert {name: page.tree.get("lang") for name, page in pages.items()} == wanted


def test_every_page_has_one_main_heading(pages):
    assert {name: len(page.select("article h1")) for name, page in pages.items()} == dict.fromkeys(pages, 1)


def test_the_title_of_the_window_begins_with_the_heading(book_pages):
    for name, page in book_pages.items():
        if name != "index":
            heading = page.text("article h1")[0].removesuffix("#")
            assert page.text("title")[0].startswith(heading), name


def test_a_document_is_headed_by_its_title(pages, book):
    for document in book.corpus.documents.itertuples():
        heading = pages[f"documents/{document.document}"].text("article h1")[0]
        assert _plain(heading) == _plain(f"{document.title}#"), document.document


def test_the_cloud_of_a_document_has_room_for_every_term(pages, book, built: Project):
    entries = yaml.safe_load(built.runs_file.read_text(encoding="utf-8"))["runs"]
    most = next(entry for entry in entries if entry["template"] == "document")["parameters"]["most"]
    for document in book.corpus.documents["document"]:
        terms = term_frequencies(book.corpus.select(document=document), book.scheme, built)
        drawn = pages[f"documents/{document}"].select(".pb-chart-scroll svg[class^=pb-cloud] text")
        assert len(drawn) == min(most, len(terms)), document


def test_no_script_of_a_title_or_text_becomes_markup(pages):
    for name, page in pages.items():
        assert "<script>alert" not in page.source, name
        assert page.select("img[onerror], a[href^='javascript:']") == [], name


def test_hostile_text_is_shown_as_it_was_received(pages):
    text = " ".join(pages[f"documents/{SIXTH}"].text("p.pb-passage"))
    assert [one for one in HOSTILE if one not in text] == []


def test_the_reading_order_stands_beside_every_page(pages, runs: dict[str, Run], built: Project):
    wanted = _reading_order(built, runs)
    for name, page in pages.items():
        links = [a.get("href") for a in page.select(f"{SIDEBAR} li.toctree-l1 > a")]
        assert [_target(link, name) for link in links] == wanted, name


def test_every_page_but_the_search_is_in_the_reading_order(pages, runs: dict[str, Run], built: Project):
    assert {"index", "search", "zh/search", *_reading_order(built, runs)} == set(pages)


def test_the_parts_of_the_book_are_named_in_the_sidebar(pages, built: Project):
    captions = [part["caption"] for part in _toc(built)["parts"]]
    assert all(page.text(f"{SIDEBAR} p.caption") == captions for page in pages.values())


def test_the_injected_cell_is_hidden(book_pages):
    for name, page in book_pages.items():
        assert page.select(".cell_input, .tag_parameters, .tag_injected-parameters") == [], name


def test_the_page_shows_its_parameters(pages, runs: dict[str, Run]):
    for name, run in runs.items():
        if run.template in ("document", "comparison"):
            rows = dict(zip(pages[name].text("#made th"), pages[name].text("#made td"), strict=True))
            assert rows["Template"] == f"notebooks/{run.template}.ipynb"
            assert rows[run.template] == name.split("/")[1]
            assert rows["Made anew by"].endswith(f"policybook build --only {name}")


def test_every_default_parameter_is_shown_or_injected(pages, built: Project):
    notebook = nbformat.read(built.notebooks / "document.ipynb", as_version=4)
    declared = next(c.source for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    names = re.findall(r"^(\w+)\s*=", declared, re.MULTILINE)
    assert set(names) <= set(pages[f"documents/{SIXTH}"].text("#made th"))


@pytest.mark.parametrize("comparison", ["eras", "plans-2014-2024"])
def test_a_new_document_is_on_the_sides_it_belongs_to(pages, comparison: str):
    page = pages[f"comparisons/{comparison}"]
    links = [a.get("href") for a in page.select("#counts table a")]
    assert f"../documents/{SIXTH}.html" in links


def test_a_new_document_is_on_no_side_of_other_places(pages):
    page = pages["comparisons/liaoning-fujian"]
    assert not [a for a in page.select("article a[href]") if SIXTH in a.get("href")]


def test_the_blocks_of_a_side_are_those_of_its_documents(pages):
    """Counted from the pages alone: documents with one era are on one side as a whole."""
    rows = {row[0]: row for row in _rows(pages["comparisons/eras"], "#counts table")}
    documents = [f"documents/{SIXTH}", "documents/web-2024-county-mobilization"]
    blocks = [int(re.search(r"joined into (\d+) blocks", pages[name].tree.text_content())[1]) for name in documents]
    side = next(row for label, row in rows.items() if label.startswith("from July 2024"))
    header = pages["comparisons/eras"].text("#counts table thead th")
    assert int(side[header.index("Blocks")]) == sum(blocks)


def test_every_figure_has_a_caption_and_a_text_alternative(book_pages):
    figures = [(name, f) for name, page in book_pages.items() for f in page.select("figure")]
    assert figures
    for name, figure in figures:
        assert figure.cssselect("figcaption")[0].text_content().strip(), name
        drawing = figure.cssselect("svg")[0]
        assert drawing.get("role") in ("img", "group"), name
        assert len(drawing.get("aria-label", "")) > 20, name


def test_every_figure_has_a_number_and_its_data_and_both_pictures_to_download(book_pages):
    for name, page in book_pages.items():
        for figure in page.select("figure"):
            for kind in ("csv", "svg", "png"):
                (link,) = figure.cssselect(f"figcaption a[download$='.{kind}']")
                file = (page.site / name).parent / link.get("href")
                wanted = f"{figure.get('id')}.{kind}"
                assert file.name == (table_name(name, wanted) if kind == "csv" else wanted) and file.stat().st_size > 50
            svg = etree.fromstring(page.saved(figure.cssselect("a[download$='.svg']")[0]).encode())
            assert svg.get("viewBox") and not svg.xpath("//*[local-name()='a']")
        said = "图" if name.startswith("zh/") else "Figure "
        assert page.text("a.pb-figure-number") == [f"{said}{n + 1}" for n in range(len(page.select("figure")))]


def test_every_download_is_a_table_without_formulas(book_pages):
    links = [(page, a) for page in book_pages.values() for a in page.select("a[download$='.csv']")]
    assert links
    for page, link in links:
        name, (head, *rows) = page.name, csv.reader(io.StringIO(page.saved(link)))
        assert len(set(head)) == len(head) > 1, name
        assert {len(row) for row in rows} <= {len(head)}, name
        cells = [cell for row in rows for cell in row]
        assert [c for c in cells if c[:1] in "=+@" and c and not _is_number(c)] == [], name


def test_a_publisher_that_is_a_formula_is_defused(pages):
    links = pages["chapters/corpus"].select("a[download='corpus.documents.csv']")
    rows = list(csv.DictReader(io.StringIO(pages["chapters/corpus"].saved(links[0]))))
    publisher = next(row["publisher"] for row in rows if row["document"] == SIXTH)
    assert publisher.startswith("'=HYPERLINK")


def test_every_table_has_header_cells_with_a_scope(book_pages):
    for name, page in book_pages.items():
        for table in page.select("article table"):
            headers = table.cssselect("th")
            assert headers, name
            assert {th.get("scope") for th in headers} <= {"row", "col"}, name


def test_every_image_has_a_text_alternative(pages):
    for name, page in pages.items():
        assert [img for img in page.select("img") if not img.get("alt")] == [], name


def test_no_page_takes_anything_from_another_host(pages):
    for name, page in pages.items():
        sources = [e.get("src") for e in page.select("script[src], img[src], iframe[src], source[src]")]
        sources += [e.get("href") for e in page.select("link[rel='stylesheet'], link[rel='preload'], link[rel='icon']")]
        assert [s for s in sources if re.match(r"(?:https?:)?//", s)] == [], name


def test_sphinx_leaves_no_index_or_source_behind(site: Path):
    assert not (site / "searchindex.js").exists()
    assert not (site / "_sources").exists()
    assert list(site.rglob("*.ipynb")) == []


def _plain(text: str) -> str:
    return re.sub(r"[“”]", '"', re.sub(r"[‘’]", "'", text))


def _toc(project: Project) -> dict:
    return yaml.safe_load((project.root / "_toc.yml").read_text(encoding="utf-8"))


def _reading_order(project: Project, runs: dict[str, Run]) -> list[str]:
    order: list[str] = []
    for part in _toc(project)["parts"]:
        for chapter in part["chapters"]:
            order += [chapter["file"]] if "file" in chapter else [r for r in runs if fnmatchcase(r, chapter["glob"])]
    return order


def _target(href: str, page: str) -> str:
    """Return the name of the page that a link on `page` leads to."""
    if href == "#":
        return page
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), href.removesuffix(".html")))


def _rows(page, selector: str) -> list[list[str]]:
    table = page.select(selector)[0]
    return [
        [" ".join(cell.text_content().split()) for cell in row.cssselect("th, td")]
        for row in table.cssselect("tbody tr")
    ]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
