"""A PDF's text layer: lines joined into paragraphs across pages, running heads and page numbers labelled."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from policybook.corpus.reading.limits import PAGES, check_length
from policybook.corpus.reading.page_lines import Line, PageText, page_lines
from policybook.corpus.reading.page_metadata import iso_date
from policybook.corpus.reading.paragraphs import join_lines
from policybook.corpus.reading.pdf_streams import check_streams
from policybook.corpus.reading.received import Received, RefusedError

_FEW = 20  # characters: a page with fewer has next to no text
_OCR = "run character recognition (OCR) on it and give the result"
_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: ("the PDF needs a password", "save it without one and try again"),
    pdfium.FPDF_ERR_SECURITY: ("the PDF is protected in a way that cannot be read", "save it without protection"),
}


def read_pdf(content: bytes, limit: int) -> Received:
    """Return a PDF's text layer as paragraphs. Raises RefusedError for damaged, locked and scanned files."""
    check_streams(content)
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
        if count > PAGES:
            raise RefusedError(f"the PDF has {count:,} pages and at most {PAGES:,} are read", "split it")
        pages = list(_pages(document, count, limit))
        title, published = _metadata(document)
    finally:
        document.close()
    return _received(pages, title, published)


def _pages(document: pypdfium2.PdfDocument, count: int, limit: int) -> Iterator[PageText]:
    """Yield the lines of every page; a page that cannot be read yields None for its lines."""
    characters = 0
    for index in range(count):
        page = page_lines(document, index, few=_FEW)
        characters += sum(len(line.text) for line in page.lines)
        check_length(characters, limit)
        yield page


def _received(pages: list[PageText], title: str | None, published: str | None) -> Received:
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
    paragraphs = join_lines(pages)
    furniture = {number: one.reason for number, one in enumerate(paragraphs, 1) if one.reason}
    texts = tuple(one.text for one in paragraphs)
    warnings = tuple(_warnings(pages, pictures, unknown))
    return Received("pdf", "", texts, furniture, title or _heading(lines), published, warnings)


def _warnings(pages: list[PageText], pictures: list[int], unknown: int) -> Iterator[str]:
    if pictures:
        yield f"{_listed(pictures)} only pictures; text in them was not read."
    if broken := [page.number for page in pages if page.broken]:
        yield f"{_listed(broken)} damage and could not be read."
    if unknown:
        yield f"{unknown} characters are unknown because the PDF's fonts do not name them."


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
    return f"Page {shown} holds" if len(numbers) == 1 else f"Pages {shown} hold"


def _heading(lines: list[Line]) -> str | None:
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
    return (None if unusable else title or None), iso_date(said.get("CreationDate", "").removeprefix("D:")[:8])
