"""The search index: pagefind, one index for both languages, a record a passage."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from pagefind.index import IndexConfig, PagefindIndex

from policybook.errors import BuildError

# Chinese is segmented only in an index of that language; English terms are found in it all the same.
_LANGUAGE = "zh"


@dataclass(frozen=True)
class Record:
    """One thing that a search can lead to."""

    url: str
    title: str
    text: str


def index_site(site: Path) -> int:
    """Write the search index of a built site into its folder pagefind/; return the number of records.

    Only what the pages show is indexed, so a sentence left out of a page is not found either.
    Raises BuildError when nothing could be indexed.
    """
    found = [record for page in sorted(site.rglob("*.html")) for record in read_records(page, site)]
    if not found:
        raise BuildError(f"{site}: no page to index for the search.")
    logging.getLogger("pagefind").setLevel(logging.ERROR)
    asyncio.run(_write_index(found, site / "pagefind"))
    return len(found)


def read_records(page: Path, site: Path) -> Iterator[Record]:
    """Yield a record for every passage and every section of a built page."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article.bd-article")
    address = page.relative_to(site).as_posix()
    if article is None or address == "search.html":
        return
    for noise in article.select(".headerlink, .pb-paragraph, style, script, svg, .cell_input, .pb-kwic"):
        noise.decompose()
    for inline in article.select("mark, a, em, strong, code, data, span:not(.pb-left-out)"):
        inline.unwrap()  # a term cut up by its marks would not be found
    article.smooth()
    heading = article.find("h1")
    title = heading.get_text(" ", strip=True) if heading else address
    for passage in article.select("p.pb-passage[id]"):
        for left_out in passage.select(".pb-left-out"):
            left_out.decompose()
        if text := passage.get_text(" ", strip=True):
            number = str(passage["id"]).lstrip("p").lstrip("0")
            yield Record(f"{address}#{passage['id']}", f"{title}, ¶{number}", text)
    for passages in article.select(".pb-passages, [data-pagefind-ignore]"):
        passages.decompose()
    for section in reversed(article.select("section[id]")):  # the innermost first, each taken out when read
        if text := _own_text(section):
            name = section.find(["h1", "h2", "h3", "h4"])
            label = name.get_text(" ", strip=True) if name else title
            yield Record(f"{address}#{section['id']}", title if label == title else f"{title}: {label}", text)
        section.decompose()


def _own_text(section: Tag) -> str:
    return section.get_text(" ", strip=True)


async def _write_index(records: list[Record], folder: Path) -> None:
    config = IndexConfig(force_language=_LANGUAGE, output_path=str(folder))
    async with PagefindIndex(config=config) as index:
        for record in records:
            await index.add_custom_record(
                url=record.url, content=record.text, language=_LANGUAGE, meta={"title": record.title}
            )
        await index.write_files(output_path=str(folder))
