"""What can be cited: pages, their sections, figures and rows, and the passages of documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat

from policybook.corpus.build import anchor as paragraph_anchor
from policybook.corpus.build import load_corpus
from policybook.errors import UnknownPageError, suggest
from policybook.project import Project
from policybook.publishing.runs import Run
from policybook.tables import YamlFile

_LABEL = re.compile(r"^\(([a-z0-9]+(?:-[a-z0-9]+)*)\)=\s*$", re.MULTILINE)
_PASSAGE = re.compile(r"([a-z0-9-]+):p(\d+)(?:\.\d+)?")
_PARAGRAPH = re.compile(r"p(\d+)")
_TITLE = re.compile(r"^#\s+(.+?)\s*$", re.MULTILINE)
_SHOWN = re.compile(r"<(?:figure|details|tr|table)\b[^>]*? id=\"([a-z0-9][a-z0-9-]*)\"")
_FOLDERS = ("documents", "comparisons", "chapters")


def list_pages(project: Project, runs: tuple[Run, ...]) -> list[str]:
    """Return every page of the book: those that notebooks make, then those written by hand."""
    return [run.page for run in runs] + sorted(path.stem for path in project.book.glob("*.md"))


def resolve_target(project: Project, target: str, runs: tuple[Run, ...]) -> tuple[str, str]:
    """Return the page and the anchor (or "") of PAGE, PAGE#anchor or DOCUMENT:p07; "" is the front page.

    A page may be named with or without its folder and `.html`. Raises UnknownPageError when the book has no
    such page, or the page no such section, figure, row or passage.
    """
    pages = list_pages(project, runs)
    if passage := _PASSAGE.fullmatch(target):
        target = f"documents/{passage.group(1)}#p{passage.group(2)}"
    page, _, anchor = target.partition("#")
    page = page.removesuffix(".html") or "index"
    if page not in pages:
        page = next((f"{folder}/{page}" for folder in _FOLDERS if f"{folder}/{page}" in pages), page)
    if page not in pages:
        raise UnknownPageError(f"no page {page!r} in this book. {suggest(page, pages)}")
    if page.startswith("documents/") and (paragraph := _PARAGRAPH.fullmatch(anchor)):
        anchor = paragraph_anchor(int(paragraph.group(1)))
    anchors = _anchors(project, page, runs) if anchor else []
    if anchor and anchor not in anchors:
        raise UnknownPageError(f"nothing on {page} has the address {anchor!r}. {suggest(anchor, anchors)}")
    return page, anchor


def target_title(project: Project, page: str, anchor: str, runs: tuple[Run, ...]) -> str:
    """Return the title of a page, and behind it what the anchor points to."""
    name = _page_title(project, page, runs)
    if _PARAGRAPH.fullmatch(anchor):
        return f"{name}, paragraph {int(anchor[1:])}"
    if anchor.startswith("figure-"):
        return f"{name}, figure {anchor.removeprefix('figure-')}"
    heading = rf"^\({re.escape(anchor)}\)=\s*\n##+\s+(.+?)\s*$"
    section = re.search(heading, _source(project, page, runs), re.MULTILINE)
    return f"{name}: {section.group(1)}" if anchor and section and "{glue" not in section.group(1) else name


def _anchors(project: Project, page: str, runs: tuple[Run, ...]) -> list[str]:
    """Labels of the sections, numbers of the paragraphs, and what the executed page shows under an id."""
    labels = _LABEL.findall(_source(project, page, runs))
    if page.startswith("documents/"):
        row = load_corpus(project).document(page.split("/")[1])
        labels += [paragraph_anchor(number) for number in range(1, int(row["paragraphs"]) + 1)]
    return labels + _shown(project.book / f"{page}.ipynb")


def _shown(executed: Path) -> list[str]:
    if not executed.is_file():
        return []
    outputs = (output for cell in _cells(executed) for output in cell.get("outputs", []))
    pages = (output.get("data", {}).get("text/html", "") for output in outputs)
    return [identifier for html in pages for identifier in _SHOWN.findall(html)]


def _cells(notebook: Path) -> list[Any]:
    return list(nbformat.read(notebook, as_version=4).cells)


def _page_title(project: Project, page: str, runs: tuple[Run, ...]) -> str:
    folder, _, identifier = page.partition("/")
    files: dict[str, tuple[Path, str]] = {
        "documents": (project.corpus_file, "documents"),
        "comparisons": (project.comparisons_file, "comparisons"),
    }
    if folder in files:
        path, key = files[folder]
        entries: list[dict[str, Any]] = YamlFile(path, project.name(path)).entries(key)
        return next((str(entry["title"]) for entry in entries if entry["id"] == identifier), page)
    title = _TITLE.search(_source(project, page, runs))
    return title.group(1) if title else page


def _source(project: Project, page: str, runs: tuple[Run, ...]) -> str:
    """Return the Markdown of a page: of its hand-written file or of its template."""
    for run in runs:
        if run.page == page:
            cells = _cells(project.notebooks / f"{run.template}.ipynb")
            return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return (project.book / f"{page}.md").read_text(encoding="utf-8")
