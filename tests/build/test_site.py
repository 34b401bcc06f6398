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
from policybook.build.site import find_broken_links, index_site, read_records, write_toc
from policybook.errors import BuildError, InvalidDataError
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


# Whether links lead somewhere ----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "other.html").write_text('<p id="p07">x</p>', encoding="utf-8")
    (tmp_path / "part" / "index.html").write_text("<p>x</p>", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "href",
    ["part/other.html", "part/other.html#p07", "part/", "#", "#here", "https://example.org/x", "data:text/csv,a",
     "mailto:a@example.org", "part/other.html?q=1#p07"],
)  # fmt: skip
def test_a_good_link_is_not_reported(folder: Path, href: str):
    (folder / "page.html").write_text(f'<a href="{href}" id="here">x</a>', encoding="utf-8")
    assert find_broken_links(folder) == []


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="gone.html">',
        '<a href="part/other.html#p08">',
        '<a href="#gone">',
        '<a href="../outside.html">',
        '<a href="/etc/passwd">',
        '<img src="gone.png">',
        '<script src="gone.js"></script>',
        '<link href="gone.css">',
    ],
)
def test_a_broken_link_is_named_with_its_page(folder: Path, tag: str):
    (folder.parent / "outside.html").write_text("", encoding="utf-8")
    (folder / "page.html").write_text(tag, encoding="utf-8")
    broken = find_broken_links(folder)
    assert len(broken) == 1
    assert broken[0].startswith("page.html: ")


# What the search can lead to ----------------------------------------------------------------------


PAGE = """<html><body><nav>menu words</nav><article class="bd-article"><section id="document"><h1>Title<a
class="headerlink">#</a></h1><p>Opening words.</p><section id="passages"><h2>Passages</h2><div class="pb-passages">
<p class="pb-scope"><a class="pb-paragraph">¶7</a></p>
<p id="p07" class="pb-passage"><span class="pb-sentence">新型城镇化。</span> <span class="pb-left-out">[2 sentences
left out]</span></p><p id="p08" class="pb-passage"><span class="pb-left-out">[1 sentence left out]</span></p>
</div></section><section id="errors"><h2>Errors</h2><div data-pagefind-ignore>A sentence made up for a
test.</div></section></section></article></body></html>"""


@pytest.fixture
def records(tmp_path: Path) -> dict[str, str]:
    page = tmp_path / "documents" / "one.html"
    page.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    return {record.url: record.text for record in read_records(page, tmp_path)}


def test_every_passage_has_a_record_of_its_own(records: dict[str, str]):
    assert records["documents/one.html#p07"] == "新型城镇化。"


def test_a_passage_of_which_nothing_is_shown_has_none(records: dict[str, str]):
    assert "documents/one.html#p08" not in records


def test_a_section_does_not_repeat_its_passages_or_the_menu(records: dict[str, str]):
    rest = " ".join(text for url, text in records.items() if "#p0" not in url)
    assert "新型城镇化" not in rest
    assert "menu words" not in rest
    assert "made up" not in rest, "what is marked as not to be indexed"
    assert "Opening words." in records["documents/one.html#document"]


def test_a_folder_without_pages_cannot_be_indexed(tmp_path: Path):
    with pytest.raises(BuildError, match="no page to index"):
        index_site(tmp_path)
