"""What kind of file some bytes are, by their content and never by the file's name."""

from __future__ import annotations

import re

from policybook.corpus.reading.received import RefusedError

_TEXT = "give its text as a txt, html, pdf or docx file"
_PICTURE = "run character recognition (OCR) on it and give the text"
_UNPACK = "unpack it and give the documents inside"
_SAVE_DOCX = "open it in Word or LibreOffice and save it as .docx"
#: How files begin that are no text: first bytes, what they are, what to do.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "it is a rich text file (RTF)", _SAVE_DOCX),
    (b"\x89PNG", "it is a PNG picture", _PICTURE),
    (b"\xff\xd8\xff", "it is a JPEG picture", _PICTURE),
    (b"GIF8", "it is a GIF picture", _PICTURE),
    (b"II*\x00", "it is a TIFF picture", _PICTURE),
    (b"MM\x00*", "it is a TIFF picture", _PICTURE),
    (b"\x1f\x8b", "it is a gzip archive", _UNPACK),
    (b"BZh", "it is a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "it is an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "it is a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf", "it is a 7z archive", _UNPACK),
    (b"Rar!", "it is a RAR archive", _UNPACK),
    (b"PK\x05\x06", "it is an empty zip archive", _UNPACK),
    (b"MZ\x90", "it is a program for Windows", _TEXT),
    (b"\x7fELF", "it is a program", _TEXT),
    (b"RIFF", "it is a picture, sound or film (RIFF)", _TEXT),
    (b"ID3", "it is a sound recording", _TEXT),
    (b"OggS", "it is a sound or film", _TEXT),
    (b"SQLite format 3\x00", "it is a database", _TEXT),
    (b"PAR1", "it is a Parquet table", _TEXT),
    (b"%!PS", "it is a PostScript file", "convert it to PDF"),
)
_BLOCK = "div|p|article|section|table|main|h[1-6]|ul|ol|center|font|span|header|nav|script|style|form|meta|link|title"
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}\?>\s*)?(?:<!--.{0,5000}?-->\s*)*(?:<!doctype[^>\[]{0,300}\[[^\]]{0,5000}\]\s*>\s*)?<(?:!doctype\s+html|html|head|body|frameset)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(rf"\s*(?:<!--.{{0,5000}}?-->\s*)*<(?:{_BLOCK})\b[^<]*>", re.IGNORECASE | re.DOTALL)
_ONLY_COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*\Z", re.DOTALL)
_INSIDE = re.compile(r"^\s*<(?:!doctype\s+html|html|body)\b[^<>]*>", re.IGNORECASE | re.MULTILINE)
_PAGE_END = re.compile(r"</(?:html|body)>\s*\Z", re.IGNORECASE)
_TAG = re.compile(rf"</(?:{_BLOCK}|a|b|i|em|strong|li|td|tr)>", re.IGNORECASE)


def sniff_container(content: bytes) -> str:
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


def is_html(text: str) -> bool:
    """Tell whether decoded text is a web page or a piece of one, and not prose in which a tag stands.

    Raises RefusedError for other XML and for saved web archives (MHTML), whose text would come with its code.
    """
    start = text[:20_000]
    if re.search(r"^MIME-Version:", start[:2000], re.IGNORECASE | re.MULTILINE) and "multipart/" in start[:4000]:
        raise RefusedError("it is a web archive or a mail (MIME)", "save the page again as HTML only")
    if _PAGE.match(start) or (_INSIDE.search(start[:4000]) and _PAGE_END.search(text[-200:])):
        return True
    if re.match(r"\s*<\?xml\b|\s*<(?:rss|feed|svg|[a-z]+:[a-z]+)\b[^<]*>", start, re.IGNORECASE):
        raise RefusedError("it is XML data", _TEXT)
    return bool(_FRAGMENT.match(start) and text.rstrip().endswith(">")) or bool(_ONLY_COMMENT.match(text))


def odd_text(text: str) -> list[str]:
    """Return a warning for plain text that looks like another kind of data."""
    start = text.lstrip()[:4000]
    if start[:1] in "{[" and re.match(r'(?:\{\s*"|\[\s*[\[{"\d])', start) and text.rstrip()[-1:] in "}]":
        return ["The file looks like JSON data and was read as plain text, braces and all."]
    if (tags := len(_TAG.findall(text))) >= 3:
        return [f"{tags} HTML tags stand in the text; they were kept as characters."]
    lines = [line for line in start.splitlines()[:-1] if line.strip()][:20]
    for mark in ("\t", ",", ";"):
        counts = {line.count(mark) for line in lines}
        if len(lines) >= 3 and len(counts) == 1 and counts.pop() >= 2:
            return ["The file looks like a table (CSV) and was read as plain text, a line a paragraph."]
    return []


def _refuse_ole(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise RefusedError("it is an Office file that needs a password", "open it in Word and save it without one")
    raise RefusedError("it is an old Office file (.doc, .xls, .ppt)", _SAVE_DOCX)
