"""The printed edition: every page in its order, contents with page numbers that are right, folds as their lines."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import yaml
from browser import require_test_browser
from copies import ROOT, policybook_here
from kinds import MakeProject

from policybook.build.pdf import find_browser, print_book
from policybook.errors import BuildError
from policybook.project import Project

TITLES = {"index": "A small book", "chapters/long": "A long chapter", "documents/zh": "关于城镇化的文件"}
PAGE = """<!DOCTYPE html><html lang="en"><head><title>x</title></head>
<body><nav>menu of the site</nav><article class="bd-article"><section id="start"><h1>{title}</h1>{body}
<details><summary>The line of a fold</summary><p>what is folded away</p></details>
<p><a href="{up}chapters/long.html#start">to the long one</a> <a href="{up}gone.html">nowhere</a>
<a href="https://example.org/far">far away</a></p></section></article></body></html>"""
BODIES = {
    "chapters/long": "<p>many words of a long chapter</p>" * 150,
    "documents/zh": "<p lang='zh'>常住人口城镇化率</p>",
    "index": "<p>&lt;script&gt;document.title = 'hostile'&lt;/script&gt;</p>",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A site of three pages, as a build leaves it."""
    project = Project(tmp_path_factory.mktemp("small") / "project")
    for page, title in TITLES.items():
        path = project.site / f"{page}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * page.count("/")
        path.write_text(PAGE.format(title=title, body=BODIES[page], up=up), encoding="utf-8")
    parts = [{"caption": "Chapters", "chapters": [{"file": "chapters/long", "sections": [{"file": "documents/zh"}]}]}]
    (project.build / "sphinx").mkdir()
    toc = yaml.safe_dump({"format": "jb-book", "root": "index", "parts": parts})
    (project.build / "sphinx" / "_toc.yml").write_text(toc, encoding="utf-8")
    settings = {"title": "A small book", "author": "Somebody", "html": {"baseurl": "https://example.org/book"}}
    (project.root / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (project.root / "CITATION.cff").write_bytes((ROOT / "CITATION.cff").read_bytes())
    return project


@pytest.fixture(scope="module")
def printed(small: Project) -> pypdfium2.PdfDocument:
    require_test_browser()
    path = print_book(small)
    assert [one.name for one in small.build.iterdir() if one.name not in {"html", "sphinx"}] == [path.name]
    return pypdfium2.PdfDocument(path)


@pytest.fixture(scope="module")
def texts(printed: pypdfium2.PdfDocument) -> list[str]:
    """What stands on each page; lines are joined."""
    return [" ".join(printed[n].get_textpage().get_text_range().split()) for n in range(len(printed))]


@pytest.mark.browser
def test_the_contents_name_the_page_on_which_each_chapter_begins(texts: list[str]) -> None:
    assert len(texts) > 5
    for title in TITLES.values():
        number = int(re.search(rf"{title} (\d+)", texts[1])[1])
        assert texts[number - 1].startswith((title, f"{number} {title}"))
    assert [texts[1].index(title) for title in TITLES.values()] == sorted(texts[1].index(t) for t in TITLES.values())


@pytest.mark.browser
def test_every_page_but_the_first_bears_its_number(texts: list[str]) -> None:
    assert not re.search(r"\b1$", texts[0])
    assert [n for n, text in enumerate(texts[1:], 2) if not re.search(rf"^{n}\b|\b{n}$", text)] == []


@pytest.mark.browser
def test_what_a_page_shows_is_printed_and_no_more(texts: list[str]) -> None:
    whole = " ".join(texts)
    assert "常住人口城镇化率" in whole
    assert whole.count("The line of a fold") == len(TITLES)
    assert "what is folded away" not in whole and "menu of the site" not in whole
    assert "<script>" in whole
    assert "https://example.org/far" in whole
    assert "Somebody" in texts[0]


@pytest.mark.browser
def test_links_lead_within_the_book_or_to_its_address(small: Project, printed: pypdfium2.PdfDocument) -> None:
    assert b"https://example.org/book/gone.html" in (small.build / "book.pdf").read_bytes()
    assert pdfium.FPDF_GetNamedDestByName(printed, b"chapters-long--start")


@pytest.mark.browser
def test_no_glyph_is_missing(printed: pypdfium2.PdfDocument) -> None:
    """What a font lacks is drawn as one and the same box; every letter of a word looks different from the others."""
    page = printed[len(printed) - 1]
    text, scale = page.get_textpage(), 4
    picture, found = page.render(scale=scale).to_pil().convert("L"), text.search("常住人口城镇化率").get_next()
    letters = []
    for n in range(found[0], sum(found)):
        left, bottom, right, top = text.get_charbox(n)
        box = [left, page.get_height() - top, right, page.get_height() - bottom]
        letters.append(picture.crop([round(side * scale) for side in box]).resize((20, 20)).tobytes())
    assert len(set(letters)) == found[1]
    assert all(min(one) < 128 for one in letters)


@pytest.mark.browser
def test_a_site_that_was_not_built_cannot_be_printed(tmp_path: Path) -> None:
    if find_browser():
        with pytest.raises(BuildError, match="Build it first"):
            print_book(Project(tmp_path))


def test_without_a_browser_a_sentence_says_so_before_anything_is_built(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project()
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    done = policybook_here("build", "--pdf", project=project)
    assert done.exit_code == 1
    assert re.fullmatch(r"policybook: No Chromium .*CHROMIUM to its path\.\n", done.output)
    assert not project.build.exists()


@pytest.mark.browser
def test_a_browser_that_fails_is_quoted(small: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho out of paper >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(broken))
    with pytest.raises(BuildError, match="did not print the book: out of paper"):
        print_book(small)
    assert not (small.build / "work-print").exists()
