"""A web page: its main text, headings, lists and tables as paragraphs; what surrounds them labelled as furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from policybook.corpus.reading.blocks import read_page
from policybook.corpus.reading.elements import HEADINGS
from policybook.corpus.reading.encodings import Decoded
from policybook.corpus.reading.lines import ends_sentence, join, squeeze
from policybook.corpus.reading.page import BREAK, Block, Page
from policybook.corpus.reading.page_metadata import page_published, page_title
from policybook.corpus.reading.received import Received, RefusedError
from policybook.corpus.reading.tokens import tokenize

_CELL = " | "
_LONG_CELL = 300  # characters: a table with longer cells in several paragraphs lays out a page
_LINKED = 0.8  # share of a block's characters in links that makes it a list of links
_LINKS_IN_A_ROW = 3
_FULL_LINE = 25  # characters: a line shorter than this was broken on purpose


_VISIBLE = re.compile("[^\\s\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class _Paragraph:
    text: str
    block: Block


def read_html(decoded: Decoded) -> Received:
    """Return a decoded web page as paragraphs. Raises RefusedError when it shows no text."""
    page = read_page(tokenize(decoded.text))
    paragraphs = [one for one in _paragraphs(page) if _VISIBLE.search(one.text)]
    if not paragraphs:
        raise RefusedError(*_no_text(page))
    title = page_title(page, [p.text for p in paragraphs if p.block.element == "h1"])
    reasons = _reasons([_unheaded(one, title) for one in paragraphs])
    furniture = {number: reason for number, reason in enumerate(reasons, 1) if reason}
    warnings = list(decoded.warnings)
    if page.readings:
        warnings.append(f"{page.readings} readings set above characters (ruby) were left out.")
    if page.unclosed:
        warnings.append(f"A {page.unclosed} element never ends and hides whatever follows it.")
    if len(furniture) == len(paragraphs):
        warnings.append("All of the page's text stands in navigation, head, foot or the like.")
    texts = tuple(one.text for one in paragraphs)
    return Received("html", decoded.encoding, texts, furniture, title, page_published(page), tuple(warnings))


def _no_text(page: Page) -> tuple[str, str]:
    if page.scripts or page.unclosed:
        return "the page shows text only through scripts", "open it in a browser and save its text or print it as PDF"
    return "the page holds no text", "open it in a browser and save its text"


def _paragraphs(page: Page) -> Iterator[_Paragraph]:
    """Yield the paragraphs of a page: blocks split at <br>, and rows of data tables as one paragraph each."""
    layout = _layout_tables(page)
    row: list[Block] = []
    for block in page.blocks:
        here = block.row if block.row and block.row[1] and block.row[2] and block.row[0] not in layout else None
        if row and (here is None or row[0].row is None or row[0].row[1] != here[1]):
            yield _row(row, page)
            row = []
        if here:
            row.append(block)
        else:
            yield from (_Paragraph(text, block) for text in _split(block))
    if row:
        yield _row(row, page)


def _layout_tables(page: Page) -> set[int]:
    """Return the tables that lay out a page: they hold tables, or long cells of several paragraphs."""
    blocks = Counter(block.row for block in page.blocks if block.row)
    long = Counter[tuple[int, int, int]]()
    for block in page.blocks:
        if block.row:
            long[block.row] += len(block.text)
    lengthy = {row[0] for row, size in long.items() if size > _LONG_CELL and blocks[row] > 2}
    return page.nested | lengthy


def _row(blocks: Sequence[Block], page: Page) -> _Paragraph:
    """Return a row as one paragraph, its cells in order, empty ones kept so that columns stay in place."""
    texts: dict[int, str] = {}
    for block in blocks:
        assert block.row is not None  # rows are made of blocks in cells
        for text in _split(block):
            texts[block.row[2]] = join(texts.get(block.row[2], ""), text)
    assert blocks[0].row is not None
    cells = page.cells.get(blocks[0].row[1], sorted(texts))
    joined = _CELL.join(texts.get(cell, "") for cell in cells)
    merged = replace(blocks[0], element="tr", linked=sum(block.linked for block in blocks))
    return _Paragraph(joined if joined.strip(" |") else "", merged)


def _split(block: Block) -> list[str]:
    """Return the paragraphs of one block. A <br> splits unless it only breaks a line in mid-sentence."""
    if block.element in {"pre", "textarea", "xmp", "listing"}:
        lines = block.text.replace(BREAK, "\n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return [text for line in lines if (text := squeeze(line))]
    paragraphs: list[str] = []
    apart = True
    for raw in block.text.split(BREAK):
        text = squeeze(raw)
        if not text:
            apart = True
            continue
        indented = raw.lstrip("\r\n\t ").startswith(("\u3000", "\xa0\xa0", "\u2003"))
        if not apart and not indented and _runs_on(paragraphs[-1], text, block.element):
            paragraphs[-1] = join(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        apart = False
    return paragraphs


def _runs_on(before: str, after: str, element: str) -> bool:
    if element in HEADINGS or element in {"td", "th", "caption", "figcaption"}:
        return True
    if before.isascii() and after[0].islower():
        return True
    return len(before) >= _FULL_LINE and not ends_sentence(before)


def _unheaded(paragraph: _Paragraph, title: str | None) -> _Paragraph:
    """Return the page's title as text although it stands in the page's head."""
    block = paragraph.block
    if block.element == "h1" and block.reason == "page head" and title and paragraph.text == title:
        return _Paragraph(paragraph.text, replace(block, reason=""))
    return paragraph


def _reasons(paragraphs: Sequence[_Paragraph]) -> list[str]:
    """Return for every paragraph why it is furniture, or nothing."""
    reasons = [one.block.reason for one in paragraphs]
    main = _main(paragraphs)
    for index, one in enumerate(paragraphs):
        if main and main not in one.block.mains and one.block.element != "h1":
            reasons[index] = reasons[index] or "outside the main text"
    for start, end in _link_lists(paragraphs):
        reasons[start:end] = [reason or "links to other pages" for reason in reasons[start:end]]
    if all(reasons):  # rules that leave no text have misjudged the page
        reasons = [one.block.reason if one.block.element != "p" else "" for one in paragraphs]
    return reasons


def _main(paragraphs: Sequence[_Paragraph]) -> int:
    """Return the number of the main-text element that holds most of the page's text, the innermost such, or 0."""
    sizes: Counter[int] = Counter()
    total = 0
    for one in paragraphs:
        if not one.block.reason:
            total += len(one.text)
            sizes.update(dict.fromkeys(one.block.mains, len(one.text)))
    large = [number for number, size in sizes.items() if size >= 0.6 * total]
    return max(large, default=0)


def _link_lists(paragraphs: Sequence[_Paragraph]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of runs of at least three paragraphs that are all but links."""
    start = 0
    for index in range(len(paragraphs) + 1):
        if index < len(paragraphs) and _is_linked(paragraphs[index]):
            continue
        if index - start >= _LINKS_IN_A_ROW:
            yield start, index
        start = index + 1


def _is_linked(paragraph: _Paragraph) -> bool:
    size = len("".join(paragraph.block.text.split())) if paragraph.block.element != "tr" else len(paragraph.text)
    return paragraph.block.linked >= _LINKED * size
