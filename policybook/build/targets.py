"""What of a book can be cited: pages, sections, figures, tables, rows, evidence, passages and sentences, with titles.

A built page has a record beside it, PAGE.cite.js, a script that says what of the page can be cited; whoever asks for a
reference reads that alone. Where there is no built page, its notebook and its template are read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict
from urllib.parse import unquote, urlsplit

from policybook.errors import CLOSE, UnknownPageError, likeness, shown

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Only what is light is imported here, so that a reference is there at once.

#: The end of the name of a page's record, and the call it is written as, so that a page opened from a folder reads it.
_RECORD, _CALL = ".cite.js", "policybookCite"
#: Folders in which a page is looked for that is named without its own.
FOLDERS = ("documents", "comparisons", "chapters")
#: The folder of the site that holds the tables, and the file in it that describes them.
DATA, PACKAGE = "data", "datapackage.json"
#: What the parts of a page are.
_PART_KINDS = ("section", "figure", "table", "row", "evidence", "passage", "sentence")
_PASSAGE = re.compile(r"([a-z0-9-]+):(?:p|¶)?(\d+)((?:\.\d+)?)")
_PLACE = re.compile(r"p(\d+)((?:\.\d+)?)")


class PageRecord(TypedDict):
    """What of a page can be cited: its title and language, what it begins with, and its parts.

    A part is its id, its kind, its title, such that no other part of the book has the same, and its number. `quotes`
    has the words of each passage that the page shows: pieces, each with its sentence's id or none.
    """

    page: str
    title: str
    language: str
    description: str
    parts: list[list[str]]
    quotes: dict[str, list[list[str]]]


class Quote(NamedTuple):
    """Words, and what stands right before and behind them: a TextQuoteSelector of the Web Annotation Data Model."""

    prefix: str
    exact: str
    suffix: str

    @property
    def selector(self) -> dict[str, str]:
        """The selector as the model writes it."""
        return {"type": "TextQuoteSelector", **self._asdict()}


#: So many characters before and behind a quotation tell it from another of the same words.
_AROUND = 32


def quotes_of(texts: Sequence[str]) -> list[Quote]:
    """Return texts that stand one behind the other as quotations."""
    sides = ["", *texts, ""]
    return [Quote(before[-_AROUND:], text, behind[:_AROUND])
            for before, text, behind in zip(sides, sides[1:], sides[2:], strict=False)]  # fmt: skip


@dataclass(frozen=True)
class Citable:
    """A page, or a part of it: `kind` is page, book or one of _PART_KINDS."""

    page: str
    anchor: str
    kind: str
    title: str
    number: str = ""
    language: str = "en"
    quote: Quote | None = None

    @property
    def path(self) -> str:
        """The address from the root of the site."""
        return self.page if self.is_file else f"{self.page}.html{'#' * bool(self.anchor)}{self.anchor}"

    @property
    def is_file(self) -> bool:
        """Whether this is a table of data/ that no page shows."""
        return self.page.startswith(f"{DATA}/")

    @property
    def document(self) -> str:
        """The id of the document whose page, passage or sentence this is; otherwise empty."""
        folder, _, document = self.page.partition("/")
        return document if folder == "documents" and self.kind in ("page", "passage", "sentence") else ""


# Reading a page ------------------------------------------------------------------------------------

_LEFT_OUT = ("headerlink", "pb-permalink", "pb-downloads", "pb-download", "pb-figure-number", "pb-table-number",
             "pb-quiet")  # fmt: skip


def read_article(markup: str) -> tuple[HtmlElement, str]:
    """Return what a page shows, without its frame, and the language it is in."""
    from lxml import html

    root = html.document_fromstring(markup or "<p></p>", html.HTMLParser(encoding="utf-8", huge_tree=True))
    found = root.xpath("//article[contains(@class, 'bd-article')]")
    return (found[0] if found else root), root.get("lang") or "en"


def read_record(article: HtmlElement, page: str, language: str = "en") -> PageRecord:
    """Return what of a page can be cited, from what it shows."""
    from policybook.words.say import say

    title = next((words_of(one) for one in article.iter("h1")), page)
    said = next((text for one in article.iter("p") if len(text := words_of(one)) > 40
                 and "pb-passage" not in one.get("class", "")), "")  # fmt: skip
    parts: dict[str, list[str]] = {}
    tables, figures, heading = 0, 0, ""
    cells, under = dict[str, list[str]](), dict[str, str]()
    quotes = dict[str, list[list[str]]]()
    for one in article.iter("section", "figure", "details", "div", "table", "tr", "p", "span"):
        anchor, classes = one.get("id", ""), one.get("class", "").split()
        if not anchor or anchor in parts or not re.fullmatch(r"[A-Za-z][\w.:-]*", anchor):
            continue
        if one.tag == "section":
            if found := next((words_of(child) for child in one if child.tag in ("h2", "h3", "h4", "h5")), ""):
                heading = found
                parts[anchor] = [anchor, "section", heading, ""]
            elif next((True for child in one if child.tag == "h1"), False):
                parts[anchor] = [anchor, "page", title, ""]
        elif one.tag == "figure":
            under[anchor] = heading
            figures += (numbered := _is_numbered(one, "figure"))
            parts[anchor] = [anchor, "figure", _first(one, "figcaption") or anchor, str(figures) * numbered]
        elif anchor.startswith("table-"):
            under[anchor] = heading
            tables += (numbered := _is_numbered(one, "table"))
            name = _first(one, "caption") or _first(one, "summary") or anchor
            parts[anchor] = [anchor, "table", name, str(tables) * numbered]
        elif one.tag == "tr":
            texts = [text for cell in one if cell.tag in ("th", "td") and (text := words_of(cell))]
            cells[anchor] = texts[:3] or [anchor]
            parts[anchor] = [anchor, "row", cells[anchor][0], _of_table(one, parts)]
        elif one.tag == "details":
            parts[anchor] = [anchor, "evidence", _first(one, "summary") or anchor, ""]
        elif "pb-passage" in classes or "pb-boilerplate" in classes:
            parts[anchor] = [anchor, "passage", "", anchor.lstrip("p").lstrip("0")]
            quotes[anchor] = _pieces(one)
        elif "pb-sentence" in classes:
            parts[anchor] = [anchor, "sentence", "", anchor.lstrip("p").lstrip("0")]
    for many in (2, 3):  # rows that begin alike are told apart by their next cells
        names = Counter((parts[one][2], parts[one][3]) for one in cells)
        for one in (one for one in cells if names[parts[one][2], parts[one][3]] > 1):
            parts[one][2] = ", ".join(cells[one][:many])
    for more in (under, {one: one for one in under}):  # as are figures and tables, by their sections or else their ids
        names = Counter((parts[one][2], parts[one][3]) for one in under)
        for one in (one for one in under if names[parts[one][2], parts[one][3]] > 1):
            parts[one][2] = ": ".join(filter(None, (parts[one][2], more[one])))
    for part in parts.values():
        if part[1] != "page":
            whole, _, second = part[3].partition(".")
            part[2] = say(f"cite.{part[1]}", page=title, title=part[2], number=whole, second=second)
    return {"page": page, "title": title, "language": language, "description": _cut(said, 300),
            "parts": list(parts.values()), "quotes": quotes}  # fmt: skip


def _pieces(passage: HtmlElement) -> list[list[str]]:
    """Return the words of a passage that are shown, each sentence's with its id; what is left out has none."""
    return [[one.get("id", ""), words_of(one, most=0)] for one in passage.iter("span")
            if {"pb-sentence", "pb-left-out"} & {*one.get("class", "").split()}]  # fmt: skip


def quote_of(record: Mapping[str, Any], anchor: str) -> Quote | None:
    """Return the words of a passage or a sentence and what stands around them; None where they are not shown."""
    quotes: Mapping[str, list[list[str]]] = record.get("quotes", {})
    passage = anchor.partition(".")[0]
    if passage == anchor:
        names, texts = [*quotes], [_joined(pieces) for pieces in quotes.values()]
    else:
        found = [piece for pieces in quotes.values() for piece in pieces]
        names, texts = [name for name, _ in found], [text * bool(name) for name, text in found]
    return quotes_of(texts)[names.index(anchor)] if anchor in names and texts[names.index(anchor)] else None


def _joined(pieces: Iterable[Sequence[str]]) -> str:
    """Return sentences as one text, with a space between those that end in Latin script; none with a gap."""
    joined = "".join(f"{text} " if text[-1:].isascii() else text for _, text in pieces).rstrip()
    return joined if all(name for name, _ in pieces) else ""


def _is_numbered(element: HtmlElement, kind: str) -> bool:
    """Whether a figure or table has the sign that is numbered in a built page (see site._lay_files_aside)."""
    return any(f"pb-{kind}-number" in one.get("class", "") for one in element.iter("a"))


def _of_table(row: Any, parts: dict[str, list[str]]) -> str:
    """Return the number of the table that a row stands in; empty where that cannot be cited."""
    above = (one.get("id", "") for one in row.iterancestors() if one.get("id", "").startswith("table-"))
    return parts.get(next(above, ""), ["", "", "", ""])[3]


def _first(element: Any, tag: str) -> str:
    return next((words_of(one) for one in element.iter(tag)), "")


def words_of(element: Any, most: int = 240) -> str:
    """Return the text of an element without links to itself, downloads and what is said in passing, cut at `most`."""
    def text(one: Any) -> str:
        if not isinstance(one.tag, str) or not set(_LEFT_OUT).isdisjoint(one.get("class", "").split()):
            return ""
        return (one.text or "") + "".join(text(child) + (child.tail or "") for child in one)

    said = " ".join(text(element).replace("\u200b", "").split())
    return _cut(said, most) if most else said


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 2].rsplit(' ', 1)[0] if ' ' in text else text[:most]} …"


# Records beside pages ------------------------------------------------------------------------------


def write_record(site: Path, record: PageRecord, more: Mapping[str, object]) -> None:
    """Write a page's record, and what else its dialog needs, as a script beside it."""
    path = site / f"{record['page']}{_RECORD}"
    said = json.dumps({**record, **more}, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"{_CALL}({said});\n", encoding="utf-8")


def load_record(site: Path, page: str) -> dict[str, Any] | None:
    """Return the record of a page of a built site; None where there is none that can be read."""
    try:
        text = (site / f"{page}{_RECORD}").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text[len(_CALL) + 1 : text.rindex(")")])
        return found if {"page", "title", "parts"} <= found.keys() else None
    except (OSError, ValueError):
        return None


def pages_of(site: Path) -> list[str]:
    """Return the pages of a built site that have a record."""
    return sorted(path.relative_to(site).as_posix().removesuffix(_RECORD) for path in site.rglob(f"*{_RECORD}"))


# Finding what is asked for -------------------------------------------------------------------------


def read_target(text: str, site: Path | None = None, known: Collection[str] = ()) -> tuple[str, str]:
    """Return the page and the anchor that are asked for: PAGE, PAGE#anchor, DOCUMENT:p07.2, an address or a file.

    A page may be named with or without its folder and `.html`; an empty text is the front page, data/NAME.csv a table.
    Of an address as much is taken from its end as names one of the `known` pages, wherever the book stands.
    """
    text = text.strip()
    if passage := _PASSAGE.fullmatch(text):
        return f"documents/{passage[1]}", f"p{int(passage[2]):02}{passage[3]}"
    parts = urlsplit(text)
    if parts.scheme in ("http", "https", "file") or text.startswith("/"):
        page, anchor = _page_at(unquote(parts.path), known), unquote(parts.fragment)
    else:
        page, _, anchor = text.partition("#")
        if site is not None and page.endswith(".html") and Path(page).exists():
            return read_target(f"{Path(page).resolve()}{'#' * bool(anchor)}{anchor}", None, known)
    page = page.removesuffix(".html").strip("/") or "index"
    return page, whole_anchor(page, anchor)


def _page_at(path: str, known: Collection[str]) -> str:
    names = [name for name in path.split("/") if name]
    if path.endswith("/") or not names:
        names.append("index.html")
    if names[-2:-1] == [DATA] and names[-1].endswith(".csv"):
        return f"{DATA}/{names[-1]}"
    ends = ["/".join(names[-n:]).removesuffix(".html") for n in (3, 2, 1)]
    folder = "" if len(names) < 2 or names[-2] not in FOLDERS else f"{names[-2]}/"
    return next((end for end in ends if end in known), folder + names[-1])


def whole_anchor(page: str, anchor: str) -> str:
    """Return an anchor as the pages have it: the passage p3 of a document is p03."""
    place = _PLACE.fullmatch(anchor) if page.startswith("documents/") else None
    return f"p{int(place[1]):02}{place[2]}" if place else anchor


def find_page(page: str, pages: Sequence[str]) -> str:
    """Return the page that is meant. Raises UnknownPageError, with the five nearest, where there is none."""
    found = next((one for one in (page, *(f"{folder}/{page}" for folder in FOLDERS)) if one in pages), None)
    if found is None:
        raise UnknownPageError(f"no page {shown(page, 80)!r} in this book. {_nearest(page, pages)}")
    return found


def find_part(record: dict[str, Any] | PageRecord, anchor: str) -> Citable:
    """Return the part of a page under an id, "" for the page. Raises UnknownPageError, with the five nearest."""
    page, title, language = record["page"], record["title"], record.get("language", "en")
    if not anchor:
        return Citable(page, "", "book" if page == "index" else "page", title, language=language)
    for identifier, kind, name, number in record["parts"]:
        if identifier == anchor:
            quote = quote_of(record, anchor) if kind in ("passage", "sentence") else None
            return Citable(page, anchor, kind, name, number, language, quote)
    ids = [part[0] for part in record["parts"]]
    raise UnknownPageError(
        f"nothing on {page} has the address {shown(anchor, 80)!r}. {_nearest(anchor, ids)}"
    )


def find_table(site: Path, file: str) -> Citable:
    """Return a table of data/ by the name of its file: on the page that shows it, or the file where none does.

    Raises UnknownPageError, with the five nearest, where there is none.
    """
    with suppress(OSError, ValueError, KeyError):
        tables = {one["path"]: one for one in json.loads((site / DATA / PACKAGE).read_bytes())["resources"]}
        if file not in tables:
            raise UnknownPageError(f"no table {shown(file, 80)!r} in {DATA}/. {_nearest(file, tables)}")
        title, sources = str(tables[file]["title"]), tables[file].get("sources")
        if not sources:
            return Citable(f"{DATA}/{file}", "", "table", title)
        return Citable(str(sources[0]["title"]), str(sources[0]["path"]).partition("#")[2], "table", title)
    raise UnknownPageError(f"{DATA}/{shown(file, 80)}: no book is built whose tables are known. Build it first: "
                           "policybook build.")  # fmt: skip


def _nearest(word: str, options: Iterable[str]) -> str:
    known = list(options)
    wanted = word[:80].lower()
    close = nlargest(5, known, key=lambda one: _likeness(one[:80].lower(), wanted))
    hint = f"Did you mean {close[0]!r}? " if close and _likeness(close[0][:80].lower(), wanted) >= CLOSE else ""
    rest = f" … and {len(known) - 5} others" if len(known) > 5 else ""
    return f"{hint}Known: {', '.join(close) or '(none)'}{rest}."


def _likeness(one: str, other: str) -> float:
    """Return how alike two names are; names of pages also by what stands behind their folder."""
    behind = one.rpartition("/")[2]
    return max(likeness(one, other), likeness(behind, other) if behind != one else 0)


def complete_target(site: Path, begun: str) -> list[str]:
    """Return what begins so and can be cited of a built site, for a shell: pages, or the parts of one."""
    for sign in "#:":
        page, found, _ = begun.partition(sign)
        name = f"documents/{page}" if sign == ":" else page.removesuffix(".html")
        names = [name, *(f"{folder}/{name}" for folder in FOLDERS)]
        record = next(filter(None, (load_record(site, one) for one in names)), None) if found else None
        if record:
            kinds = ("passage", "sentence") if sign == ":" else _PART_KINDS
            options = [f"{page}{sign}{part[0]}" for part in record["parts"] if part[1] in kinds]
            return [one for one in options if one.startswith(begun)][:200]
    pages = pages_of(site)
    documents = [f"{one.partition('/')[2]}:" for one in pages if one.startswith("documents/")]
    return [one for one in (*pages, *documents) if one.startswith(begun)]
