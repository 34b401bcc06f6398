"""A PDF's text layer: lines joined into paragraphs across pages, running heads and page numbers labelled."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from policybook.errors import many

from policybook.reading.received import (  # isort: skip
    EDGE, Received, RefusedError, check_length, edge_reason, ends_sentence, join_lines, repeated_edges, squeeze_spaces,
    stated_date,
)

#: Pages of one PDF.
_PAGES = 5_000
#: Bytes that one stream of a PDF's page contents unpacks to, and all of them; a page of text has 20,000 to 100,000.
_STREAM_BYTES = 12_000_000
_STREAMS_BYTES = 300_000_000
_FEW = 20  # characters: a page with fewer has next to no text
_OCR = "run character recognition (OCR) on it and give the result"
_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: ("the PDF needs a password", "save it without one and try again"),
    pdfium.FPDF_ERR_SECURITY: ("the PDF is protected in a way that cannot be read", "save it without protection"),
}
_LIST_MARK = re.compile(
    r"^(?:[•●○■◆▪‣·]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]{1,4}[章节条]|"
    r"\d{1,2}(?:\.\d{1,2}){0,3}[.、)]?\s+[A-Z\u4e00-\u9fff]|\d{1,2}[.、](?=[\u4e00-\u9fff])|[a-z]\)\s)"
)
_WIDE_GAP = 1.3  # heights of a line's letters: wider than between words, as between the cells of a row
_WORDS_IN_ROW = 16
_NARROW = 0.3  # share of a page's width: a line that fills less of it ends where it was meant to, unless on a page of
_FEW_LINES = 12  # columns, where more lines than this are that short
_CONTENTS = re.compile(r"(?:[.·•…]\s{0,2}){3}\s{0,3}\d{1,4}$")  # a line of a table of contents
_EDGE_SHARE = 0.15  # of the page's height, where furniture stands
#: PDFium takes two lines for one where a word was divided, and puts one of these for the hyphen.
_HYPHENS = "\ufffe\x02"
_LINE_END = re.compile("[\ufffe\x02]\\s*|\r\n")
_STREAM = re.compile(rb"stream\r?\n")
_PIECE = 1_000_000
_DICTIONARY = 2_000  # bytes before a stream in which its dictionary stands


def read_pdf(content: bytes, limit: int) -> Received:
    """Return a PDF's text layer as paragraphs. Raises RefusedError for damaged, locked and scanned files."""
    _check_streams(content)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        damaged = ("the PDF is damaged", "open it in a PDF reader and save it again, or get a sound copy")
        code = getattr(error, "err_code", None) or 0
        locked = b"/Encrypt" in content  # PDFium may still report what was wrong with the file before
        raise RefusedError(*(_ERRORS.get(code, damaged) if locked else damaged)) from None
    try:
        count = len(document)
        if count == 0:
            raise RefusedError("the PDF has no pages", "get a sound copy of it")
        if count > _PAGES:
            raise RefusedError(f"the PDF has {count:,} pages and at most {_PAGES:,} are read", "split it")
        pages = list(_pages(document, count, limit))
        title, published = _metadata(document)
    finally:
        document.close()
    return _received(pages, title, published)


def _pages(document: pypdfium2.PdfDocument, count: int, limit: int) -> Iterator[_PageText]:
    """Yield the lines of every page; a page that cannot be read yields None for its lines."""
    characters = 0
    for index in range(count):
        page = _page_lines(document, index, few=_FEW)
        characters += sum(len(line.text) for line in page.lines)
        check_length(characters, limit)
        yield page


def _received(pages: list[_PageText], title: str | None, published: str | None) -> Received:
    lines = [line for page in pages for line in page.lines]
    text = "".join(line.text for line in lines)
    pictures = [page.number for page in pages if page.is_picture]
    if len(pictures) >= 0.8 * len(pages) and len(text) < _FEW * 2 * len(pages):
        raise RefusedError("the PDF holds scanned pages without a text layer", _OCR)
    if not text.strip():
        if all(page.broken for page in pages):
            raise RefusedError("the PDF is damaged: none of its pages can be read", "get a sound copy of it")
        raise RefusedError("the PDF has no text layer", _OCR)
    unknown = sum(1 for character in text if character == "\ufffd" or "\ue000" <= character <= "\uf8ff")
    if unknown > 0.3 * len(text):
        raise RefusedError("the PDF's fonts do not say which characters they show", _OCR)
    paragraphs = _joined(pages)
    furniture = {number: one.reason for number, one in enumerate(paragraphs, 1) if one.reason}
    texts = tuple(one.text for one in paragraphs)
    warnings = tuple(_warnings(pages, pictures, unknown))
    return Received("pdf", "", texts, furniture, title or _heading(lines), published, warnings)


def _warnings(pages: list[_PageText], pictures: list[int], unknown: int) -> Iterator[str]:
    if pictures:
        yield f"{_listed(pictures)} only pictures; text in them was not read."
    if broken := [page.number for page in pages if page.broken]:
        yield f"{_listed(broken)} damage and could not be read."
    if unknown:
        yield f"{many(unknown, 'character is', 'characters are')} unknown because the PDF's fonts do not name them."


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
    return f"Page {shown} holds" if len(numbers) == 1 else f"Pages {shown} hold"


def _heading(lines: list[_Line]) -> str | None:
    """Return the first line when it is set larger than the text."""
    if not lines:
        return None
    sizes = sorted(line.height for line in lines)
    first = lines[0]
    return first.text if first.height > 1.25 * sizes[len(sizes) // 2] and len(first.text) <= 80 else None


def _metadata(document: pypdfium2.PdfDocument) -> tuple[str | None, str | None]:
    try:
        said = document.get_metadata_dict()
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return None, None
    title = " ".join(said.get("Title", "").split())
    lower = title.lower()
    unusable = lower.startswith(("microsoft word", "untitled")) or lower.endswith((".doc", ".docx"))
    return (None if unusable else title or None), stated_date(said.get("CreationDate", "").removeprefix("D:")[:8])


@dataclass(frozen=True)
class _Paragraph:
    """A paragraph, and why it is furniture."""

    text: str
    reason: str = ""


def _joined(pages: Sequence[_PageText]) -> list[_Paragraph]:
    """Return the paragraphs of a document. Furniture between the two halves of one follows it."""
    repeated = repeated_edges([(page.number, {line.text for line in _edges(page)}) for page in pages])
    paragraphs: list[_Paragraph] = []
    current: int | None = None  # the paragraph that may go on
    before: _Line | None = None
    margins = _Margins(())
    for page in pages:
        edges = _edges(page)
        body = [line for line in page.lines if not _reason(line, page, edges, repeated)]
        turned, earlier, margins = True, margins, _Margins(body, page.width)
        for line in page.lines:
            if reason := _reason(line, page, edges, repeated):
                paragraphs.append(_Paragraph(line.text, reason))
                continue
            goes_on = before is not None and (
                earlier.goes_over(before, line) if turned else not margins.begins_anew(before, line)
            )
            if current is not None and goes_on:
                text = paragraphs[current].text
                beside = before is not None and before.stands_beside(line)
                paragraphs[current] = _Paragraph(f"{text} {line.text}" if beside else join_lines(text, line.text))
            else:
                paragraphs.append(_Paragraph(line.text))
                current = len(paragraphs) - 1
            before, turned = line, False
    return [_Paragraph(_clean(one.text), one.reason) for one in paragraphs if _clean(one.text)]


class _Margins:
    def __init__(self, lines: Sequence[_Line], width: float = 0.0) -> None:
        narrow = sum(line.right - line.left < _NARROW * width for line in lines)
        self._narrow = 0.0 if narrow > _FEW_LINES and narrow > len(lines) / 2 else _NARROW * width
        self._rows = frozenset(line for pair in pairwise(lines) if _in_columns(*pair) for line in pair)
        gaps = sorted(a.bottom - b.bottom for a, b in pairwise(lines) if a.bottom > b.bottom)
        self._gap = gaps[len(gaps) // 3] if gaps else 0.0
        rights: dict[int, list[float]] = {}
        for line in lines:
            rights.setdefault(int(line.left // 60), []).append(line.right)
        # not the largest: one wide line would make all others look short
        self._rights = {column: sorted(ends)[-1 - len(ends) // 10] for column, ends in rights.items()}

    def begins_anew(self, before: _Line, line: _Line) -> bool:
        """Tell whether `line` begins a paragraph after `before` on the same page."""
        size = max(before.height, 1.0)
        gap = before.bottom - line.bottom
        if before.stands_beside(line):
            return False
        if not 0.75 * size <= line.height <= 1.25 * size and abs(line.height - size) > 2.5:
            return True
        if self._gap and gap > 1.5 * self._gap:
            return True
        if {before, line} & self._rows or before.left - line.left > 4 * size < 8 * gap or _CONTENTS.search(before.text):
            return True
        if line.text[0].islower() and before.text.isascii() and not ends_sentence(before.text):
            return False
        if before.right - before.left < self._narrow:
            return True
        missing = self._right(before) - before.right
        if _LIST_MARK.match(line.text) and (ends_sentence(before.text) or missing > 2 * size):
            return True
        if gap < 0:  # the next column
            return ends_sentence(before.text) and missing > 2 * size
        if line.left - before.left > 1.2 * size and missing < 60:
            return True
        width = self._right(before) - before.left
        if ends_sentence(before.text) and missing > max(1.2 * size, 0.03 * width):
            return missing > 0.12 * width or line.left - before.left > -0.5 * size
        return missing > 0.3 * width

    def goes_over(self, before: _Line, line: _Line) -> bool:
        """Tell whether a paragraph goes on over the page: its last line ends no sentence and is no heading."""
        if ends_sentence(before.text) or _LIST_MARK.match(line.text):
            return False
        if abs(before.height - line.height) > max(2.5, 0.3 * before.height):
            return False
        if before.right - before.left < self._narrow and not line.text[0].islower():
            return False
        right = max(self._right(before), line.right)
        short = right - before.right > 0.3 * (right - before.left)
        return not short or (before.text.isascii() and line.text[0].islower())

    def _right(self, line: _Line) -> float:
        column = int(line.left // 60)
        return max(self._rights.get(near, 0.0) for near in (column - 1, column, column + 1))


def _in_columns(above: _Line, below: _Line) -> bool:
    """Tell whether two lines are rows of one table: something stands apart in both at the same place."""
    if _LIST_MARK.match(above.text) or _LIST_MARK.match(below.text):
        return False
    return any(abs(one - other) < above.height for one in above.cells for other in below.cells)


def _edges(page: _PageText) -> frozenset[_Line]:
    """Return the lines that stand apart at the head and foot of a page, by place and not by reading order."""
    rising = sorted(page.lines, key=lambda line: line.bottom)
    gaps = sorted(b.bottom - a.bottom for a, b in pairwise(rising))
    usual = gaps[len(gaps) // 3] if len(gaps) > 2 else 0.0
    low = [line for line in rising[: EDGE + 1] if line.top < _EDGE_SHARE * page.height]
    high = [line for line in rising[::-1][: EDGE + 1] if line.bottom > (1 - _EDGE_SHARE) * page.height]
    return frozenset(_apart(low, rising, usual) + _apart(high, rising[::-1], usual))


def _apart(edge: Sequence[_Line], ordered: Sequence[_Line], usual: float) -> list[_Line]:
    """Return the lines of an edge that a gap or another size of letters sets apart from what follows inwards."""
    last = 0
    for place, (line, inner) in enumerate(zip(edge[:EDGE], ordered[1:], strict=False), 1):
        gap = abs(inner.bottom - line.bottom)
        if gap > 1.3 * usual or abs(inner.height - line.height) > 0.1 * line.height:
            last = place
    return list(edge[: last or int(len(ordered) == 1)])


def _reason(line: _Line, page: _PageText, edges: frozenset[_Line], repeated: frozenset[str]) -> str:
    return edge_reason(line.text, repeated, head=line.bottom > page.height / 2) if line in edges else ""


def _clean(text: str) -> str:
    return re.sub("[\ufffe\x02\xad]", "", text).strip()


@dataclass(frozen=True)
class _Line:
    """One printed line: its text and its box, in points from the lower left corner of the page.

    `cells` are the places where something begins behind a wide gap, as in the row of a table.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    cells: tuple[float, ...] = ()

    @property
    def height(self) -> float:
        """Return the height of the line's letters."""
        return self.top - self.bottom

    def stands_beside(self, other: _Line) -> bool:
        """Tell whether another line is the next cell of the same row."""
        return abs(self.bottom - other.bottom) < 0.3 * self.height and other.left - self.right > _WIDE_GAP * self.height


@dataclass(frozen=True)
class _PageText:
    number: int
    lines: tuple[_Line, ...] = field(default=())
    height: float = 0.0
    width: float = 0.0
    is_picture: bool = False  # pictures and next to no text
    broken: bool = False


def _page_lines(document: pypdfium2.PdfDocument, index: int, *, few: int) -> _PageText:
    """Return page `index` of a document; with fewer than `few` characters it is looked through for pictures."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return _PageText(index + 1, broken=True)
    try:
        height, width = page.get_size()[::-1]
        text_page = page.get_textpage()
        try:
            lines = tuple(_lines(text_page))
        finally:
            text_page.close()
        sparse = sum(len(line.text) for line in lines) < few
        return _PageText(index + 1, lines, height, width, is_picture=sparse and _has_picture(page))
    except pypdfium2.PdfiumError:
        return _PageText(index + 1, broken=True)
    finally:
        page.close()


def _lines(text_page: pypdfium2.PdfTextPage) -> Iterator[_Line]:
    text = text_page.get_text_range(errors="replace")
    start = 0
    for end in [*_LINE_END.finditer(text), None]:
        raw = text[start : end.start() if end else len(text)]
        if stripped := raw.strip():
            first = start + raw.index(stripped)
            left, bottom, _, top = _box(text_page, first)
            _, last_bottom, right, last_top = _box(text_page, first + len(stripped) - 1)
            cells = tuple(_cells(text_page, stripped, first, top - bottom))
            hyphen = "-" if end and end.group()[0] in _HYPHENS else ""
            yield _Line(squeeze_spaces(stripped) + hyphen, left, right, min(bottom, last_bottom), max(top, last_top),
                        cells)  # fmt: skip
        start = end.end() if end else start


def _cells(text_page: pypdfium2.PdfTextPage, text: str, first: int, size: float) -> Iterator[float]:
    """Yield where something begins behind a gap that is wider than between words."""
    spaces = [gap.span() for gap in re.finditer(r"\s+", text)]
    if len(spaces) <= _WORDS_IN_ROW:
        for start, end in spaces:
            left = _box(text_page, first + end)[0]
            if left - _box(text_page, first + start - 1)[2] > _WIDE_GAP * max(size, 1.0):
                yield left


def _box(text_page: pypdfium2.PdfTextPage, text_index: int) -> tuple[float, float, float, float]:
    """Return (left, bottom, right, top) of the character at a place in the page's text."""
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, text_index)
    box = pdfium.FS_RECTF()  # the loose box: as high as the font, whatever the letter
    if index < 0 or not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
        return 0.0, 0.0, 0.0, 0.0
    return box.left, box.bottom, box.right, box.top


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))


def _check_streams(content: bytes) -> None:
    """Raise RefusedError when one stream of page content unpacks to more than _STREAM_BYTES, or all to _STREAMS_BYTES.

    Pictures and fonts are left out: they are large and are not unpacked to read text.
    """
    total = 0
    for found in _STREAM.finditer(content):
        before = content[max(0, found.start() - _DICTIONARY) : found.start()]
        dictionary = before[before.rfind(b" obj") + 1 :]
        if b"Flate" not in dictionary or re.search(rb"/Image\b|/Length1\b|/FontFile|/CIDFontType|/Type1C", dictionary):
            continue
        size = _unpacked(content, found.end(), _STREAM_BYTES)
        total += size
        if size > _STREAM_BYTES or total > _STREAMS_BYTES:
            raise RefusedError(f"a page of the PDF unpacks to {size:,} bytes or more, as a bomb does",
                               "print it to a new PDF or split it")  # fmt: skip


def _unpacked(content: bytes, start: int, most: int) -> int:
    """Return how many bytes a stream unpacks to, counted to a little over `most`."""
    unpacker, size, data = zlib.decompressobj(), 0, content[start : start + _PIECE]
    while data and size <= most and not unpacker.eof:
        try:
            size += len(unpacker.decompress(data, _PIECE))
        except zlib.error:
            break
        data = unpacker.unconsumed_tail
        if not data:
            start += _PIECE
            data = content[start : start + _PIECE]
    return size
