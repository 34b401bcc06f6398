"""From the bytes of a received file to its numbered paragraphs."""

from __future__ import annotations

import unicodedata

from policybook.corpus.reading.docx import read_docx
from policybook.corpus.reading.encodings import decode_bytes
from policybook.corpus.reading.html import read_html
from policybook.corpus.reading.limits import check_length, check_size, check_source, text_limit
from policybook.corpus.reading.pdf import read_pdf
from policybook.corpus.reading.received import Received, RefusedError
from policybook.corpus.reading.sniff import is_html, sniff_container
from policybook.corpus.reading.txt import read_txt
from policybook.errors import UnreadableDocumentError


def read_received(content: bytes, name: str, *, limit: int | None = None) -> Received:
    """Return the paragraphs of a file of any format that is read: plain text, HTML, PDF, Word (docx).

    The format is told by content. `name` is only what messages call the file. `limit` is the most characters
    of text; without it POLICYBOOK_TEXT_LIMIT or limits.LIMIT.
    Raises UnreadableDocumentError with one sentence: the file, what is wrong, what to do.
    """
    try:
        check_size(content)
        received = _read(content, text_limit(limit))
    except RefusedError as error:
        raise UnreadableDocumentError(f"{printable(name)}: {error}") from None
    return received


def printable(name: str) -> str:
    """Return a file's name with line ends, control characters and direction marks written as escapes."""
    return "".join(
        one if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else ascii(one)[1:-1] for one in name
    )


def _read(content: bytes, limit: int) -> Received:
    container = sniff_container(content)
    if container == "pdf":
        received = read_pdf(content, limit)
    elif container == "zip":
        received = read_docx(content)
    else:
        decoded = decode_bytes(content)
        if is_html(decoded.text):
            check_source(len(decoded.text), limit)
            received = read_html(decoded)
        else:
            check_length(len(decoded.text), limit)
            received = read_txt(decoded)
    check_length(sum(map(len, received.paragraphs)), limit)
    if not any(map(str.strip, received.paragraphs)):
        raise RefusedError("the file holds no text", "give a file that holds text")
    return received
