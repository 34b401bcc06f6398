"""The door: the bytes of a received file become its numbered paragraphs, or one sentence that says why not."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from policybook.errors import UnreadableDocumentError
from policybook.reading.docx import read_docx
from policybook.reading.encodings import Decoded, check_readable, decode_bytes, two_languages, unscramble
from policybook.reading.html import read_html
from policybook.reading.pdf import read_pdf
from policybook.reading.received import (
    LIMIT_VARIABLE,
    Received,
    RefusedError,
    check_length,
    text_limit,
    wrapped_lines,
)

#: Bytes of one file.
_BYTES = 50_000_000
#: Characters of a page's source for each character of text that is allowed.
_SOURCE_FACTOR = 40
_TEXT = "give its text as a txt, html, pdf or docx file"
_PICTURE = "run character recognition (OCR) on it and give the text"
_UNPACK = "unpack it and give the documents inside"
_SAVE_DOCX = "open it in Word or LibreOffice and save it as .docx"
#: How files begin that are no text: first bytes, what they are, what to do.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "it is a rich text file (RTF)", _SAVE_DOCX), (b"\x89PNG", "it is a PNG picture", _PICTURE),
    (b"\xff\xd8\xff", "it is a JPEG picture", _PICTURE), (b"GIF8", "it is a GIF picture", _PICTURE),
    (b"II*\x00", "it is a TIFF picture", _PICTURE), (b"MM\x00*", "it is a TIFF picture", _PICTURE),
    (b"\x1f\x8b", "it is a gzip archive", _UNPACK), (b"BZh", "it is a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "it is an xz archive", _UNPACK), (b"\x28\xb5\x2f\xfd", "it is a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf", "it is a 7z archive", _UNPACK), (b"Rar!", "it is a RAR archive", _UNPACK),
    (b"PK\x05\x06", "it is an empty zip archive", _UNPACK), (b"MZ\x90", "it is a program for Windows", _TEXT),
    (b"\x7fELF", "it is a program", _TEXT), (b"RIFF", "it is a picture, sound or film (RIFF)", _TEXT),
    (b"ID3", "it is a sound recording", _TEXT), (b"OggS", "it is a sound or film", _TEXT),
    (b"SQLite format 3\x00", "it is a database", _TEXT), (b"PAR1", "it is a Parquet table", _TEXT),
    (b"%!PS", "it is a PostScript file", "convert it to PDF"),
)  # fmt: skip
_BLOCK = "div|p|article|section|table|main|h[1-6]|ul|ol|center|font|span|header|nav|script|style|form|meta|link|title"
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}\?>\s*)?(?:<!--(?>.{0,5000}?-->)\s*+)*+(?:<!doctype[^>\[]{0,300}\[[^\]]{0,5000}\]\s*>\s*)?<(?:!doctype\s+html|html|head|body|frameset)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(rf"\s*(?:<!--(?>.{{0,5000}}?-->)\s*+)*+<(?:{_BLOCK})\b[^<]*>", re.IGNORECASE | re.DOTALL)
_ONLY_COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*\Z", re.DOTALL)
_INSIDE = re.compile(r"^[^\S\n]*+<(?:!doctype\s+html|html|body)\b[^<>]*>", re.IGNORECASE | re.MULTILINE)
_PAGE_END = re.compile(r"</(?:html|body)>\s*\Z", re.IGNORECASE)
#: How archives of pages, kept as text, begin, and how mail writes the bytes of other characters: =E5=9F=8E.
_ARCHIVES = ("WARC/", "HTTP/1.", "HTTP/2", "From: <Saved by", "Snapshot-Content-Location:", "filedesc://", "bplist")
_QUOTED_BYTES = re.compile(r"=[89A-F][0-9A-F](?:=(?:\r?\n)?[89AB][0-9A-F]){2}")
#: What ends a line. Files of five systems and Word's own page and line breaks: \v \f NEL LS PS.
_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_TAG = re.compile(
    r"</(?:div|p|article|section|table|main|h[1-6]|ul|ol|center|font|span|header|nav|script|style|form|meta|link|title|"
    r"a|b|i|em|strong|li|td|tr)>",
    re.IGNORECASE,
)


def read_received(content: bytes, name: str, *, limit: int | None = None) -> Received:
    """Return the paragraphs of a file of any format that is read: plain text, HTML, PDF, Word (docx).

    The format is told by content. `name` is only what messages call the file. `limit` is the most characters
    of text; without it POLICYBOOK_TEXT_LIMIT or LIMIT.
    Raises UnreadableDocumentError with one sentence: the file, what is wrong, what to do.
    """
    try:
        _check_size(content)
        received = _read(content, text_limit(limit))
    except RefusedError as error:
        raise UnreadableDocumentError(f"{printable(name)}: {error}") from None
    return received


def printable(name: str) -> str:
    """Return a file's name with line ends, control characters and direction marks written as escapes."""
    return "".join(one if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else ascii(one)[1:-1]
                   for one in name)  # fmt: skip


def _read(content: bytes, limit: int) -> Received:
    container = _container(content)
    gaps: Sequence[int] = ()
    if container == "pdf":
        received = read_pdf(content, limit)
    elif container == "zip":
        received = read_docx(content)
    else:
        decoded = decode_bytes(content)
        if _is_html(decoded.text):
            _check_source(len(decoded.text), limit)
            received = read_html(decoded)
        else:
            check_length(len(decoded.text), limit)
            received, gaps = _read_txt(decoded)
    check_length(sum(map(len, received.paragraphs)), limit)
    if container == "zip":
        text, warnings = unscramble("\n".join(received.paragraphs))
        received = replace(received, paragraphs=tuple(text.split("\n")), warnings=(*received.warnings, *warnings))
    text = "\n".join(received.paragraphs)
    check_readable(text, *([_PICTURE] if container == "pdf" else []))
    received = replace(received, warnings=(*received.warnings, *two_languages(text)))
    if container != "pdf":  # its reader joins the lines it prints
        received = _unwrapped(received, gaps)
    if not any(map(str.strip, received.paragraphs)):
        raise RefusedError("the file holds no text", "give a file that holds text")
    return received


def _check_size(content: bytes) -> None:
    if not content:
        raise RefusedError("the file is empty", "give a file that holds text")
    if len(content) > _BYTES:
        raise RefusedError(f"the file has {len(content):,} bytes and at most {_BYTES:,} are read",
                           "split it into several documents")  # fmt: skip


def _check_source(characters: int, limit: int) -> None:
    """Raise RefusedError when a page's source is too long for any page with at most `limit` characters of text."""
    if characters > limit * _SOURCE_FACTOR:
        raise RefusedError(
            f"the page's source has {characters:,} characters and at most {limit * _SOURCE_FACTOR:,} are read",
            f"save only its text or set {LIMIT_VARIABLE} to a higher number than {limit}",
        )


def _container(content: bytes) -> str:
    """Return "pdf", "zip" or "text" for a file's bytes.

    Raises RefusedError for pictures, archives, programs and documents of formats that are not read.
    """
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        _refuse_ole(content)
    for start, what, remedy in _SIGNATURES:
        if content.startswith(start):
            raise RefusedError(what, remedy)
    if content[4:8] == b"ftyp":
        raise RefusedError("it is a film or sound recording", _TEXT)
    return "text"


def _is_html(text: str) -> bool:
    """Tell whether decoded text is a web page or a piece of one, and not prose in which a tag stands.

    Raises RefusedError for other XML and for saved web archives (MHTML), whose text would come with its code.
    """
    start = text[:20_000]
    if re.search(r"^MIME-Version:", start[:2000], re.IGNORECASE | re.MULTILINE) and "multipart/" in start[:4000]:
        raise RefusedError("it is a web archive or a mail (MIME)", "save the page again as HTML only")
    if start.startswith(_ARCHIVES) or len(_QUOTED_BYTES.findall(start)) * 12 > len(start) / 2:
        raise RefusedError("it is a saved page or mail with its envelope, not its text", "save the page as HTML only")
    if _PAGE.match(start) or (_INSIDE.search(start[:4000]) and _PAGE_END.search(text[-200:])):
        return True
    if re.match(r"\s*<\?xml\b|\s*<(?:rss|feed|svg|[a-z]+:[a-z]+)\b[^<]*>", start, re.IGNORECASE):
        raise RefusedError("it is XML data", _TEXT)
    return bool(_FRAGMENT.match(start) and text.rstrip().endswith(">")) or bool(_ONLY_COMMENT.match(text))


def _refuse_ole(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise RefusedError("it is an Office file that needs a password", "open it in Word and save it without one")
    raise RefusedError("it is an old Office file (.doc, .xls, .ppt)", _SAVE_DOCX)


def _unwrapped(received: Received, gaps: Sequence[int]) -> Received:
    """Return what was received with the lines that go on with the one before, and a warning that says so."""
    runs_on = wrapped_lines(received.paragraphs, gaps, received.furniture)
    if not runs_on:
        return received
    warning = f"The text is hard-wrapped: {len(runs_on)} of its {len(received.paragraphs)} lines go on with a paragraph"
    warning += " and were joined to it; paragraphs keep the numbers of their first lines."
    return replace(received, runs_on=runs_on, warnings=(*received.warnings, warning))


def split_paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a received text, as received; paragraph n is item n - 1."""
    return [line for line in _LINE_END.split(text) if line.strip()]


def _read_txt(decoded: Decoded) -> tuple[Received, list[int]]:
    """Return a decoded plain text, a paragraph a line that is not blank, and how many blank lines stand before each."""
    warnings = (*decoded.warnings, *_odd(decoded.text))
    gaps, blank = list[int](), 0
    for line in _LINE_END.split(decoded.text.replace("\n\f", "\n")):  # a new page parts no paragraphs
        if line.strip():
            gaps.append(blank)
        blank = 0 if line.strip("> \t\u3000") else blank + 1
    return Received("txt", decoded.encoding, tuple(split_paragraphs(decoded.text)), warnings=warnings), gaps


def _odd(text: str) -> list[str]:
    """Return a warning for plain text that looks like another kind of data."""
    start = text.lstrip()[:4000]
    if start[:1] in "{[" and re.match(r'(?:\{\s*"|\[\s*[\[{"\d])', start) and text.rstrip()[-1:] in "}]":
        return ["The file looks like JSON data and was read as plain text, braces and all."]
    if (tags := len(_TAG.findall(text))) >= 3:
        return [f"{tags} HTML tags stand in the text; they are left out of its passages."]
    lines = [line for line in start.splitlines()[:-1] if line.strip()][:20]
    for mark in ("\t", ",", ";"):
        counts = {line.count(mark) for line in lines}
        if len(lines) >= 3 and len(counts) == 1 and counts.pop() >= 2:
            return ["The file looks like a table (CSV) and was read as plain text, a line a paragraph."]
    return []
