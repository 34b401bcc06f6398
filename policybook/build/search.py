"""What the pages of a site hold: their texts as an index for the search, and whether their links lead anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import unquote, urlsplit

from lxml import etree, html
from pagefind.service import get_executable

from policybook.errors import BuildError


class PageText(TypedDict):
    """A built page: its hash, (address, title, text) of every passage and section, its links, and its ids."""

    hash: str
    records: list[list[str]]
    links: list[str]
    ids: list[str]


def read_pages(site: Path, known: Mapping[str, PageText] | None = None) -> dict[str, PageText]:
    """Read every page of a site, in Sphinx's order; what is `known` of a page with the same hash stands."""
    names = sorted(path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html"))
    return {f"{name}.html": read_page(site, f"{name}.html", known) for name in names}


def read_page(site: Path, address: str, known: Mapping[str, PageText] | None = None) -> PageText:
    """Read a built page. Only what it shows becomes a record: a sentence left out of it is not found either."""
    content = (site / address).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    before = known.get(address) if known else None
    if before and before["hash"] == digest:
        return before
    root = html.document_fromstring(content, html.HTMLParser(encoding="utf-8", huge_tree=True))
    links = root.xpath("//a/@href | //link/@href | //use/@href | //img/@src | //script/@src")
    links, ids = [*dict.fromkeys(map(str, links))], [*dict.fromkeys(map(str, root.xpath("//@id")))]
    articles = [] if address == "search.html" else root.xpath("//article[contains(@class, 'bd-article')]")
    records = [record for article in articles for record in _read_records(article, address)]
    return {"hash": digest, "records": records, "links": links, "ids": ids}


def _read_records(article: html.HtmlElement, address: str) -> Iterator[list[str]]:
    """Yield (address, title, text) of every passage and every section that shows any."""
    _drop(article, lambda one: one.tag in _NOT_TEXT or not _NOISE.isdisjoint(one.classes))
    for inline in article.xpath(".//mark | .//a | .//em | .//strong | .//code | .//data | .//span"):
        if "pb-left-out" not in inline.classes:
            inline.drop_tag()  # a term cut up by its marks would not be found
    title = next(map(_text, article.iter("h1")), address)
    passages = [one for one in article.iter("p") if "pb-passage" in one.classes and one.get("id")]
    for passage in passages:
        _drop(passage, lambda one: "pb-left-out" in one.classes)
        if text := _text(passage):
            yield [f"{address}#{passage.get('id')}", f"{title}, ¶{passage.get('id').lstrip('p').lstrip('0')}", text]
    _drop(article, lambda one: "pb-passages" in one.classes or "data-pagefind-ignore" in one.attrib)
    for section in reversed(article.xpath(".//section[@id]")):  # the innermost first, each taken out when read
        if text := _text(section):
            label = next(map(_text, section.iter("h1", "h2", "h3", "h4")), title)
            yield [f"{address}#{section.get('id')}", title if label == title else f"{title}: {label}", text]
        section.drop_tree()


def _drop(root: html.HtmlElement, unwanted: Callable[[html.HtmlElement], bool]) -> None:
    for element in [one for one in root.iterdescendants(etree.Element) if unwanted(one)]:
        element.drop_tree()


def _text(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


_NOT_TEXT = ("style", "script", "svg")
_NOISE = {"headerlink", "pb-paragraph", "cell_input", "pb-kwic", "pb-download", "pb-permalink"}


def find_broken_links(site: Path, pages: Mapping[str, PageText] | None = None) -> list[str]:
    """Return "page: address" for every link, image, style or script inside the site that is not there."""
    pages = pages or read_pages(site)
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    ids = {address: frozenset(page["ids"]) for address, page in pages.items()}
    return [f"{address}: {link}" for address, page in pages.items() for link in page["links"]
            if not _leads_somewhere(link, address, files, ids)]  # fmt: skip


def _leads_somewhere(link: str, address: str, files: set[str], ids: Mapping[str, frozenset[str]]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not link.strip("#"):
        return True
    target = address
    if parts.path:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(address), unquote(parts.path)))
        target = target if target in files else posixpath.normpath(f"{target}/index.html")
    return target in files and (not parts.fragment or target not in ids or unquote(parts.fragment) in ids[target])


# The search index: pagefind, one index for both languages, a record a passage ---------------------

# Chinese is segmented only in an index of that language; English terms are found in it all the same.
_LANGUAGE = "zh"


class SearchIndex:
    """pagefind, at work beside Sphinx. Its own Python client waits a tenth of a second a record: this is another.

    The process ends with its standard input, so with its parent.
    """

    def __enter__(self) -> SearchIndex:
        command = [str(get_executable()), "--service"]
        streams: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._thread = ThreadPoolExecutor(1)
        self._asked: list[Future[dict[str, Any]]] = []
        self._number = -1
        self._process = subprocess.Popen(command, **streams)
        try:
            self._begin()
        except BaseException:  # Ctrl-C: a thread that waits for an answer would keep all alive
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._process.communicate()

    def _begin(self) -> None:
        self._added: dict[str, list[list[str]]] = {}
        self._number += 1  # as pagefind counts them
        self._asked.append(self._ask({"type": "NewIndex", "config": {"force_language": _LANGUAGE}}))

    def add(self, address: str, records: list[list[str]]) -> None:
        """Have the records of a page indexed, without waiting."""
        if address not in self._added:
            self._added[address] = records
            for url, title, text in records:
                said = {"url": url, "content": text, "language": _LANGUAGE, "meta": {"title": title}}
                self._asked.append(self._ask({"type": "AddRecord", "index_id": self._number, **said}))

    def write(self, records: Mapping[str, list[list[str]]], folder: Path) -> None:
        """Write the index of these pages to `folder`. Raises BuildError when nothing could be indexed."""
        if not any(records.values()):
            raise BuildError("No page shows anything that the search could find.")
        if [*self._added.items()] != [*records.items()][: len(self._added)]:  # the index depends on their order
            self._begin()
        for address, found in records.items():
            self.add(address, found)
        for asked in self._asked:
            asked.result()
        # told to write files, pagefind answers before all are whole
        for file in self._ask({"type": "GetFiles", "index_id": self._number}).result()["files"]:
            target = folder / file["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(base64.b64decode(file["content"]))

    def _ask(self, payload: dict[str, Any]) -> Future[dict[str, Any]]:
        return self._thread.submit(self._answer, payload)

    def _answer(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Send one message and return what is answered: both are Base64 of JSON, ended by a comma."""
        question, answers, answer = self._process.stdin, self._process.stdout, b""
        assert question and answers
        try:
            question.write(base64.b64encode(json.dumps({"message_id": 1, "payload": payload}).encode()) + b",")
            question.flush()
        except OSError:
            raise BuildError("The search index was not made: pagefind stopped.") from None
        while not answer.endswith(b","):
            if not (part := answers.read1()):  # type: ignore[attr-defined]
                raise BuildError("The search index was not made: pagefind stopped.")
            answer += part
        said: dict[str, Any] = json.loads(base64.b64decode(answer[:-1]))["payload"]
        if said["type"] == "Error":
            raise BuildError(f"The search index was not made: {said['message']}")
        return said
