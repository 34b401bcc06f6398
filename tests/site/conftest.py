"""The book built once, from a copy with a sixth document, and what its pages hold."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import pytest
import yaml
from browser import require_test_browser
from copies import add_sixth_document, copy_project, hold_back, made_once, policybook
from lxml.html import HtmlElement
from playwright.sync_api import Browser, sync_playwright
from site_server import serve_folder

from policybook.build.runs import Run
from policybook.pages.book import Book, open_book
from policybook.project import Project, is_search_page

#: A browser that reports nothing and asks nobody for anything.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True)
class Page:
    """One page of the built site: its address without .html, its bytes as text, and its tree."""

    name: str
    source: str
    tree: HtmlElement
    site: Path

    def select(self, selector: str) -> list[HtmlElement]:
        """Return the elements that fit a CSS selector, in the order of the page."""
        return self.tree.cssselect(selector)

    def saved(self, link: HtmlElement) -> str:
        """Return the text of the file that a link of the page saves."""
        return (self.site / self.name).parent.joinpath(link.get("href")).read_bytes().decode("utf-8-sig")

    def text(self, selector: str) -> list[str]:
        """Return the text of the elements that fit a CSS selector."""
        return [" ".join(element.text_content().split()) for element in self.select(selector)]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with a sixth document and one that is shown in part, built by the command that a user types."""

    def make(folder: Path) -> None:
        project = copy_project(folder)
        add_sixth_document(project)
        hold_back(project, "guizhou-2024-two-strategies")
        done = policybook("build", project=project, timeout=900)
        assert done.returncode == 0, done.stderr

    return made_once(tmp_path_factory, "built", make)


@pytest.fixture(scope="session")
def site(built: Project) -> Path:
    """The folder of the built site."""
    return built.site


@pytest.fixture(scope="session")
def moved(built: Project) -> dict[str, str]:
    """The old addresses of pages, and where they lead."""
    config = yaml.safe_load((built.root / "_config.yml").read_text(encoding="utf-8"))
    return dict(config["sphinx"]["config"]["moved"])


@pytest.fixture(scope="session")
def pages(site: Path, moved: dict[str, str]) -> dict[str, Page]:
    """Every page of the built site by its name: documents/ID, index, …; not what stands where no page is."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).with_suffix("").as_posix()
        if name in moved or name == "404":
            continue
        source = path.read_text(encoding="utf-8")
        found[name] = Page(name, source, lxml.html.fromstring(source), site)
    return found


@pytest.fixture(scope="session")
def book_pages(pages: dict[str, Page]) -> dict[str, Page]:
    """The pages of the book, without those of the search."""
    return {name: page for name, page in pages.items() if not is_search_page(name)}


@pytest.fixture(scope="session")
def runs(built: Project) -> dict[str, Run]:
    """What makes each page, read from runs.yml by hand."""
    entries = yaml.safe_load(built.runs_file.read_text(encoding="utf-8"))["runs"]
    each = {
        "documents": ids_in(built.corpus_file, "documents"),
        "comparisons": ids_in(built.comparisons_file, "comparisons"),
        "topics": ids_in(built.topics_file, "topics"),
    }
    made = {}
    for entry in entries:
        for identifier in each.get(entry.get("each"), [""]):
            page = entry["page"].replace("{id}", identifier)
            made[page] = Run(page, entry["template"])
    return made


@pytest.fixture(scope="session")
def book(built: Project) -> Book:
    """Everything that the built book could show."""
    return open_book(built.root)


@pytest.fixture(scope="session")
def published_text(site: Path) -> str:
    """Everything in the site that is text, the search index unpacked, without what only separates words for it."""
    parts = []
    for path in sorted(site.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            parts.append(gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)
    return b"\n".join(parts).decode("utf-8", errors="replace").replace("\u200b", "")


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address of the served site, with a slash at its end."""
    with serve_folder(site) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser; without one the test is skipped, and fails in CI."""
    executable = require_test_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(executable), args=list(FLAGS))
        yield browser
        browser.close()


def ids_in(path: Path, key: str) -> list[str]:
    """Return the ids of the entries of a file of data/ that lists them under this key."""
    return [entry["id"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))[key]]
