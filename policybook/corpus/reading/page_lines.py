"""The lines of one PDF page, with where they stand on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from policybook.corpus.reading.lines import squeeze

#: PDFium takes two lines for one where a word was divided, and puts one of these for the hyphen.
_HYPHENS = "\ufffe\x02"
_LINE_END = re.compile("[\ufffe\x02]\\s*|\r\n")


@dataclass(frozen=True)
class Line:
    """One printed line: its text and its box, in points from the lower left corner of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """Return the height of the line's letters."""
        return self.top - self.bottom


@dataclass(frozen=True)
class PageText:
    """The lines of a page in reading order."""

    number: int
    lines: tuple[Line, ...] = field(default=())
    height: float = 0.0
    is_picture: bool = False  # pictures and next to no text
    broken: bool = False


def page_lines(document: pypdfium2.PdfDocument, index: int, *, few: int) -> PageText:
    """Return page `index` of a document; with fewer than `few` characters it is looked through for pictures."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return PageText(index + 1, broken=True)
    try:
        height = page.get_height()
        text_page = page.get_textpage()
        try:
            lines = tuple(_lines(text_page))
        finally:
            text_page.close()
        sparse = sum(len(line.text) for line in lines) < few
        return PageText(index + 1, lines, height, is_picture=sparse and _has_picture(page))
    except pypdfium2.PdfiumError:
        return PageText(index + 1, broken=True)
    finally:
        page.close()


def _lines(text_page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    text = text_page.get_text_range(errors="replace")
    start = 0
    for end in [*_LINE_END.finditer(text), None]:
        raw = text[start : end.start() if end else len(text)]
        if stripped := raw.strip():
            first = start + raw.index(stripped)
            left, bottom, _, top = _box(text_page, first)
            _, last_bottom, right, last_top = _box(text_page, first + len(stripped) - 1)
            hyphen = "-" if end and end.group()[0] in _HYPHENS else ""
            yield Line(squeeze(stripped) + hyphen, left, right, min(bottom, last_bottom), max(top, last_top))
        start = end.end() if end else start


def _box(text_page: pypdfium2.PdfTextPage, text_index: int) -> tuple[float, float, float, float]:
    """Return (left, bottom, right, top) of the character at a place in the page's text."""
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, text_index)
    box = pdfium.FS_RECTF()  # the loose box: as high as the font, whatever the letter
    if index < 0 or not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
        return 0.0, 0.0, 0.0, 0.0
    return box.left, box.bottom, box.right, box.top


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))
