"""Items of the book, its parts and its documents, one of CSL for each target, and every style formatted from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from policybook.build import bibliographies, styles
from policybook.build.styles import CslItem
from policybook.build.targets import Citable
from policybook.errors import PolicybookError

if TYPE_CHECKING:  # heavy, and a built site is asked without
    from policybook.build.edition import Edition

#: The styles a reference can be had in, and what a reader calls them.
STYLES = {
    "gb-t-7714": "GB/T 7714—2025", "gb-t-7714-2015": "GB/T 7714—2015", "apa": "APA", "chicago": "Chicago",
    "biblatex": "BibLaTeX", "bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON",
}  # fmt: skip
#: Whose references of a document or passage are given: its own, the book's, or one after the other.
SIDES = ("source", "book", "both")

def format_items(items: Sequence[CslItem], style: str) -> str:
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


def book_item(edition: Edition) -> CslItem:
    """Return the item of the book itself."""
    item: CslItem = {"id": "policybook", "type": "book", "title": edition.title,
                  "author": [one.csl for one in edition.authors]}  # fmt: skip
    if edition.released:
        item["issued"] = csl_date(edition.released)
    item |= {"version": edition.version, "edition": f"Version {edition.version}", "language": "en"}
    if edition.address:
        item["URL"] = edition.address
    return {**item, "custom": {"made_from": edition.made_from}} if edition.made_from else item


_TYPES = {"figure": "graphic", "table": "dataset", "book": "book"}

def part_item(book: CslItem, target: Citable) -> CslItem:
    """Return the item of a part of the book: as a chapter of it, a figure or a table."""
    kind = _TYPES.get(target.kind, "chapter")
    address = f"{book.get('URL', '')}{target.path}"
    key = f"policybook-{target.page}{'--' * bool(target.anchor)}{target.anchor}"
    if kind == "book":
        return {**book, "URL": book.get("URL", "") or target.path}
    return {**book, "id": bibliographies.plain_key(key), "type": kind, "title": target.title,
            "container-title": book["title"], "language": target.language, "URL": address}  # fmt: skip


def document_item(entry: Mapping[str, Any]) -> CslItem:
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
    item: CslItem = {"id": bibliographies.plain_key(str(entry["id"])), "type": "legislation" if official else "webpage",
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


def source_item(document: CslItem, book: CslItem, target: Citable) -> CslItem:
    """Return the item of a document; where its own address is not known it is cited from its place in the book."""
    if document.get("URL"):
        return document
    custom = {**document.get("custom", {}), "cited_from": part_item(book, target)}
    return {**document, "custom": custom}


def items_of(target: Citable, book: CslItem, document: CslItem | None, side: str | None = None) -> list[CslItem]:
    """Return the items of a target: of a document or its passages its own and the book's, of all else the book's.

    A passage and a sentence have their words as a text-quote selector (`custom`), so that they are found under another
    address too. Raises PolicybookError where its own is asked for and there is none.
    """
    items = _items_of(target, book, document, side)
    if target.quote is None:
        return items
    return [{**item, "custom": {**item.get("custom", {}), "selector": target.quote.selector}} for item in items]


def _items_of(target: Citable, book: CslItem, document: CslItem | None, side: str | None) -> list[CslItem]:
    if document is None:
        if side == "source":
            raise PolicybookError(f"{target.path}: it is no document and no passage of one, so it has no source of its "
                                  "own. Use --of book.")  # fmt: skip
        return [part_item(book, target)]
    sides = [source_item(document, book, target), part_item(book, target)]
    return sides if side in (None, "both") else sides[:1] if side == "source" else sides[1:]


def read_on(items: Sequence[CslItem], day: str) -> list[CslItem]:
    """Return items with the day on which they were read, and what they are cited from too."""
    def dated(item: CslItem) -> CslItem:
        found = item.get("custom", {}).get("cited_from")
        custom = {"custom": {**item["custom"], "cited_from": dated(found)}} if found else {}
        return {**item, "accessed": item.get("accessed") or csl_date(day), **custom}

    return [dated(item) for item in items]
