"""Asking for references: of a built site, which answers at once, else of the project's files."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from policybook.build.anchors import follow_address
from policybook.build.references import STYLES, book_item, format_items, items_of, read_on
from policybook.build.styles import CslItem

from policybook.build.targets import (  # isort: skip
    DATA, find_page, find_part, find_table, load_record, pages_of, read_target, whole_anchor,
)
from policybook.errors import PolicybookError, UnknownPageError, shown
from policybook.project import REGISTER_PAGE, Project

if TYPE_CHECKING:  # heavy, and a built site is asked without
    from policybook.pages.book import Book
    from policybook.pages.html import Html


def cite_target(project: Project, target: str, style: str, side: str | None = None, accessed: str = "",
                tell: Callable[[str], object] = lambda _: None) -> str:  # fmt: skip
    """Return the reference of a page, PAGE#anchor, document, passage or address in a style, as the built site has it.

    Where there is no site, or something was changed since, it is looked for in the project's files. Raises
    UnknownPageError, with the five nearest, when the book has no such target, and for one that was published and is
    gone. One that moved since it was published is found where it is now, and `tell` is given a sentence that says so.
    """
    items = find_items(project, target, side, tell)
    return format_items(read_on(items, accessed or date.today().isoformat()), style)


def find_items(project: Project, text: str, side: str | None = None,
               tell: Callable[[str], object] = lambda _: None) -> list[CslItem]:  # fmt: skip
    """Return the items of a target (see cite_target). Raises UnknownPageError when the book has no such target."""
    page, anchor = _read_target(project, text.strip())
    if page.startswith(f"{DATA}/") and page.endswith(".csv"):
        table = find_table(project.site, page.removeprefix(f"{DATA}/"))
        if table.is_file:
            from policybook.build.edition import read_edition

            return items_of(table, book_item(read_edition(project)), None, side)
        page, anchor = table.page, table.anchor
    if not os.path.isfile(text.partition("#")[0]):  # noqa: PTH113 of a name too long it says no; a file is meant as it is
        page, anchor, moved = follow_address(project, page, anchor)
        if moved:
            tell(moved)
    if _is_current(project):
        try:
            return _from_site(project.site, page, anchor, side)
        except UnknownPageError:
            if not _has_more(project, page):
                raise
    from policybook.build.unbuilt import items_in_files

    return items_in_files(project, page, anchor, side, tell)


def _read_target(project: Project, text: str) -> tuple[str, str]:
    """Return the page and the anchor of a target. Raises UnknownPageError for an address of another book."""
    if not text.startswith(("http:", "https:", "file:", "/")) and ".html" not in text:
        return read_target(text)
    asked, (here, pages) = urlsplit(text), _address_and_pages(project)
    if here and asked.hostname and asked.hostname not in (urlsplit(here).hostname, *_OF_THIS_MACHINE):
        raise UnknownPageError(f"{shown(text, 120)}: that is no address of this book, which stands at {here}")
    return read_target(here if f"{text}/" == here else text, project.site, pages)


def _address_and_pages(project: Project) -> tuple[str, list[str]]:
    """Return where the book stands, if that is known, and its pages: as its site has them, where there is one."""
    if (front := load_record(project.site, "index")):
        return front["book"].get("URL", ""), pages_of(project.site)
    from policybook.build.edition import book_address
    from policybook.build.unbuilt import page_templates

    return book_address(project), [*page_templates(project)]


_OF_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def _from_site(site: Path, page: str, anchor: str, side: str | None) -> list[CslItem]:
    record = load_record(site, page)
    if record is None:
        page = find_page(page, pages_of(site))
        record = load_record(site, page) or {"page": page, "title": page, "parts": []}
    target = find_part(record, whole_anchor(page, anchor))
    return items_of(target, record["book"], record.get("document") if target.document else None, side)


#: What the records of a site are made from, besides the pages.
_MADE_FROM = ("CITATION.cff", "_config.yml", "data/corpus.yml", "notebooks/runs.yml")


def _is_current(project: Project) -> bool:
    """Whether there is a site that is younger than what its references are made from."""
    try:
        made = (project.site / "index.cite.js").stat().st_mtime
        return all((project.root / name).stat().st_mtime <= made for name in _MADE_FROM)
    except OSError:
        return False


def _has_more(project: Project, page: str) -> bool:
    """Whether the project's files have a page that the site does not."""
    made = any((project.book / f"{page}{end}").is_file() for end in (".ipynb", ".md"))
    rows = "/" not in page or page.startswith("documents/")  # of a document, which may have one in the register
    registered = rows and (project.site / f"{REGISTER_PAGE}.html").is_file()
    return (made or registered) and not (project.site / f"{page}.html").is_file()


def cite_all(project: Project, style: str = "biblatex") -> str:
    """Return the references of all pages, documents, figures and tables of the built site. Raises PolicybookError."""
    if not (project.site / "index.cite.js").is_file():
        raise PolicybookError("There is no built book whose parts could be listed. Build it first: policybook build.")
    items: dict[str, CslItem] = {}
    for page in ["index", *(one for one in pages_of(project.site) if one != "index")]:
        record = load_record(project.site, page)
        if record is None:
            continue
        targets = [find_part(record, ""), *(find_part(record, part[0]) for part in record["parts"]
                                            if part[1] in ("figure", "table"))]  # fmt: skip
        for target in targets:
            for item in items_of(target, record["book"], record.get("document") if target.document else None):
                items.setdefault(str(item["id"]), item)
    return format_items(list(items.values()), style)


#: A page that is built once cannot know the day on which it is read.
ACCESSED = "0000-00-00"


def references(book: Book, target: str = "", side: str | None = None) -> Html:
    """Return the reference of a target (see `policybook cite`; default: the book) in every style."""
    from policybook.build.unbuilt import items_in_files
    from policybook.pages.html import render

    items = items_in_files(book.project, *read_target(target), side)
    for item in items:  # which changes with every change of data that this page does not show
        item.get("custom", {}).pop("made_from", None)
    return render("references", rows=[(name, format_items(items, style)) for style, name in STYLES.items()])
