"""References to the book, its parts and its documents: one item of CSL a target, and every style formatted from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policybook.build import bibliographies, styles
from policybook.build.targets import Target, find_page, find_part, load_record, pages_of, read_target
from policybook.errors import PolicybookError, UnknownPageError
from policybook.project import Project

if TYPE_CHECKING:  # heavy, and a built site is asked without
    from policybook.build.edition import Edition
    from policybook.pages.book import Book
    from policybook.pages.html import Html

#: The styles a reference can be had in, and what a reader calls them.
STYLES = {
    "gb-t-7714": "GB/T 7714—2025", "gb-t-7714-2015": "GB/T 7714—2015", "apa": "APA", "chicago": "Chicago",
    "biblatex": "BibLaTeX", "bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON",
}  # fmt: skip
#: Whose references of a document or passage are given: its own, the book's, or one after the other.
SIDES = ("source", "book", "both")

Item = dict[str, Any]


def format_items(items: Sequence[Mapping[str, Any]], style: str) -> str:
    """Return references to items in one of STYLES, a line or an entry each."""
    if style == "csl-json":
        return bibliographies.csl_json(items)
    made = {
        "gb-t-7714": styles.gb, "gb-t-7714-2015": lambda item: styles.gb(item, old=True), "apa": styles.apa,
        "chicago": styles.chicago, "biblatex": bibliographies.biblatex, "bibtex": bibliographies.bibtex,
        "ris": bibliographies.ris,
    }[style]  # fmt: skip
    between = "\n\n" if style in ("biblatex", "bibtex") else "\n"
    return between.join(made(item) for item in items).rstrip("\n")


# Items ---------------------------------------------------------------------------------------------


def csl_date(text: str) -> dict[str, Any]:
    """Return 2024, 2024-08, 2024-08-19 or a span 2014-08/2015 as CSL has a date: of a span what both ends share."""
    first, _, last = text.partition("/")
    parts = first.split("-")
    if last and last[:4] == parts[0]:
        both = zip(parts, last.split("-"), strict=False)
        parts = [one for one, _ in takewhile(lambda two: two[0] == two[1], both)]
    elif last:
        parts = [last[:4]]
    return {"date-parts": [[*map(int, parts)]], **({"circa": True} if last else {})}


def book_item(edition: Edition) -> Item:
    """Return the item of the book itself."""
    item: Item = {"id": "policybook", "type": "book", "title": edition.title,
                  "author": [one.csl for one in edition.authors]}  # fmt: skip
    if edition.released:
        item["issued"] = csl_date(edition.released)
    item |= {"version": edition.version, "edition": f"Version {edition.version}", "language": "en"}
    if edition.address:
        item["URL"] = edition.address
    return item


_TYPES = {"figure": "graphic", "table": "dataset", "book": "book"}

def part_item(book: Item, target: Target) -> Item:
    """Return the item of a part of the book: as a chapter of it, a figure or a table."""
    kind = _TYPES.get(target.kind, "chapter")
    address = f"{book.get('URL', '')}{target.path}"
    key = f"policybook-{target.page}{'--' * bool(target.anchor)}{target.anchor}"
    if kind == "book":
        return {**book, "URL": book.get("URL", "") or target.path}
    return {**book, "id": bibliographies.plain_key(key), "type": kind, "title": target.title,
            "container-title": book["title"], "language": target.language, "URL": address}  # fmt: skip


def document_item(entry: Mapping[str, Any]) -> Item:
    """Return the item of a document as data/corpus.yml describes it: who published it, when, under which title."""
    from policybook.words.say import say

    original, title = entry.get("title_zh"), str(entry["title"])
    said = [title] if original and str(original) != title else []
    if entry.get("machine_translated"):
        said.append(say("cite.machine"))
    written, published = str(entry.get("written") or ""), str(entry.get("published") or "")
    if published and written and written[:4] != published[:4]:
        said.append(say("cite.written", first=written.partition("/")[0], last=written.partition("/")[2]))
    official = entry.get("doc_number") and entry.get("voice") == "official"
    item: Item = {"id": bibliographies.plain_key(str(entry["id"])), "type": "legislation" if official else "webpage",
                  "title": str(original or title), "author": [{"literal": str(entry["publisher"])}]}  # fmt: skip
    if entry.get("doc_number"):
        item["number"] = str(entry["doc_number"])
    if published or written:
        item["issued"] = csl_date(published or written)
    chinese = str(entry.get("language")) == "zh" or bool(original)
    item["language"] = "zh-CN" if chinese else "en"
    if entry.get("url"):
        item["URL"] = str(entry["url"])
        if entry.get("accessed"):
            item["accessed"] = csl_date(str(entry["accessed"]))
    return {**item, "custom": {"remarks": said}} if said else item


def source_item(document: Item, book: Item, target: Target) -> Item:
    """Return the item of a document; where its own address is not known it is cited from its place in the book."""
    if document.get("URL"):
        return document
    custom = {**document.get("custom", {}), "cited_from": part_item(book, target)}
    return {**document, "custom": custom}


def items_of(target: Target, book: Item, document: Item | None, side: str | None = None) -> list[Item]:
    """Return the items of a target: of a document or its passages its own and the book's, of all else the book's.

    Raises PolicybookError where its own is asked for and there is none.
    """
    if document is None:
        if side == "source":
            raise PolicybookError(f"{target.path}: it is no document and no passage of one, so it has no source of its "
                                  "own. Use --of book.")  # fmt: skip
        return [part_item(book, target)]
    sides = [source_item(document, book, target), part_item(book, target)]
    return sides if side in (None, "both") else sides[:1] if side == "source" else sides[1:]


def read_on(items: Sequence[Item], day: str) -> list[Item]:
    """Return items with the day on which they were read, and what they are cited from too."""
    def dated(item: Item) -> Item:
        found = item.get("custom", {}).get("cited_from")
        custom = {"custom": {**item["custom"], "cited_from": dated(found)}} if found else {}
        return {**item, "accessed": item.get("accessed") or csl_date(day), **custom}

    return [dated(item) for item in items]


# Asking for a reference ----------------------------------------------------------------------------


def cite_target(project: Project, target: str, style: str, side: str | None = None, accessed: str = "") -> str:
    """Return the reference of a page, PAGE#anchor, document, passage or address in a style, as the built site has it.

    Where there is no site, or something was changed since, it is looked for in the project's files. Raises
    UnknownPageError, with the five nearest, when the book has no such target.
    """
    items = find_items(project, target, side)
    return format_items(read_on(items, accessed or date.today().isoformat()), style)


def find_items(project: Project, text: str, side: str | None = None) -> list[Item]:
    """Return the items of a target. Raises UnknownPageError when the book has no such target."""
    page, anchor = read_target(text, project.site)
    if _is_current(project):
        try:
            return _from_site(project.site, page, anchor, side)
        except UnknownPageError:
            if not _has_more(project, page):
                raise
    from policybook.build.unbuilt import items_in_files

    return items_in_files(project, page, anchor, side)


def _from_site(site: Path, page: str, anchor: str, side: str | None) -> list[Item]:
    record = load_record(site, page)
    if record is None:
        page = find_page(page, pages_of(site))
        record = load_record(site, page) or {"page": page, "title": page, "parts": []}
        page_anchor = re.fullmatch(r"p(\d+)((?:\.\d+)?)", anchor) if page.startswith("documents/") else None
        anchor = f"p{int(page_anchor[1]):02}{page_anchor[2]}" if page_anchor else anchor
    target = find_part(record, anchor)
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
    return made and not (project.site / f"{page}.html").is_file()


def cite_all(project: Project, style: str = "biblatex") -> str:
    """Return the references of all pages, documents, figures and tables of the built site. Raises PolicybookError."""
    if not (project.site / "index.cite.js").is_file():
        raise PolicybookError("There is no built book whose parts could be listed. Build it first: policybook build.")
    items: dict[str, Item] = {}
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
    return render("references", rows=[(name, format_items(items, style)) for style, name in STYLES.items()])
