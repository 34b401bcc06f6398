"""The door: the bytes of a received file become its numbered paragraphs, or one sentence that says why not."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from operator import itemgetter
from pathlib import Path
from typing import Any

from policybook.errors import InvalidDataError, UnreadableDocumentError
from policybook.reading.encodings import Decoded, check_readable, decode_bytes, two_languages, unscramble
from policybook.reading.records import SENTENCE, one_record, several_texts

from policybook.reading.received import (  # isort: skip
    EDGE, GIVE_TEXT, LIMIT_VARIABLE, LISTS, Received, RefusedError, check_length, edge_reason, ends_sentence,
    repeated_edges, stated_date, text_limit, wrapped_lines,
)
from policybook.tables import YamlFile

#: Bytes of one file.
_BYTES = 50_000_000
#: Characters of a page's source for each character of text that is allowed.
_SOURCE_FACTOR = 40
_PICTURE = "run character recognition (OCR) on it and give the text"
_UNPACK = "unpack it and give the documents inside"
_SAVE_PAGE = "open the page in a browser and save it as HTML only, or print it as PDF"
_SAVE_MAIL = "open it in a mail program and save each text or attachment as a file"
_OTHER_KINDS = (("WARC/", "a web archive (WARC)", _SAVE_PAGE),
                ("[InternetShortcut]", "a shortcut to a page", _SAVE_PAGE),
                ("\\documentclass", "the source of a page (LaTeX)", "print it as PDF and give that"))  # fmt: skip
_SAVE_DOCX = "open it in Word or LibreOffice and save it as .docx"
#: How files begin that are no text: first bytes, what they are, what to do.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "it is a rich text file (RTF)", _SAVE_DOCX), (b"\x89PNG", "it is a PNG picture", _PICTURE),
    (b"\xff\xd8\xff", "it is a JPEG picture", _PICTURE), (b"GIF8", "it is a GIF picture", _PICTURE),
    (b"II*\x00", "it is a TIFF picture", _PICTURE), (b"MM\x00*", "it is a TIFF picture", _PICTURE),
    (b"\x1f\x8b", "it is a gzip archive", _UNPACK), (b"BZh", "it is a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "it is an xz archive", _UNPACK), (b"\x28\xb5\x2f\xfd", "it is a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf", "it is a 7z archive", _UNPACK), (b"Rar!", "it is a RAR archive", _UNPACK),
    (b"PK\x05\x06", "it is an empty zip archive", _UNPACK), (b"MZ\x90", "it is a program for Windows", GIVE_TEXT),
    (b"\x7fELF", "it is a program", GIVE_TEXT), (b"RIFF", "it is a picture, sound or film (RIFF)", GIVE_TEXT),
    (b"ID3", "it is a sound recording", GIVE_TEXT), (b"OggS", "it is a sound or film", GIVE_TEXT),
    (b"SQLite format 3\x00", "it is a database", GIVE_TEXT), (b"PAR1", "it is a Parquet table", GIVE_TEXT),
    (b"%!PS", "it is a PostScript file", "convert it to PDF"),
    (b"bplist", "it is a web archive of Safari (.webarchive) or another property list", _SAVE_PAGE),
)  # fmt: skip
#: How the names of texts in Markdown end, also behind a web address with a question.
_MARKDOWN = re.compile(r"\.(?:md|markdown)(?:[?#]|\Z)", re.IGNORECASE)
_FRONT = re.compile(r"\s*---[ \t]*\n((?:.{0,20000}?\n)??)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.{0,20000}?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = r"([\w-]{1,40})[ \t]*[:：][ \t]*([^\n]*)\n"
_FIELDS = re.compile(rf"\s*---[ \t]*\n(?:{_FIELD}(?:(?:[ \t]|- )[^\n]*\n)*)+(?:---|\.\.\.)?")
#: Programs that read old Word files, and the seconds that one may take.
_CONVERTERS, _CONVERSION_SECONDS = ("soffice", "libreoffice"), 90
#: What such a program is told: no macros, no active content, no pictures from elsewhere.
_NO_MACROS = """<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item></oor:items>"""
_BLOCK = "div|p|article|section|table|main|h[1-6]|ul|ol|center|font|span|header|nav|script|style|form|meta|link|title"
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}\?>\s*)?(?:<!--(?>.{0,5000}?-->)\s*+)*+(?:<!doctype[^>\[]{0,300}\[[^\]]{0,5000}\]\s*>\s*)?<(?:!doctype\s+html|html|head|body|frameset)\b",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(rf"\s*(?:<!--(?>.{{0,5000}}?-->)\s*+)*+<(?:{_BLOCK})\b[^<]*>", re.IGNORECASE | re.DOTALL)
_ONLY_COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*\Z", re.DOTALL)
_INSIDE = re.compile(r"^[^\S\n]*+<(?:!doctype\s+html|html|body)\b[^<>]*>", re.IGNORECASE | re.MULTILINE)
#: What is no longer than _BARRED may stand in place of a text, with at most _FRAME characters of a site's names around
#: it; a barrier's lines are short.
_BARRED, _FRAME, _BARRIER_LINE = 600, 150, 160
_BARRIER = re.compile(rf"[\W_]{{0,4}}(?:{'|'.join(LISTS['barriers'].splitlines())})", re.IGNORECASE)
#: A mail's fields stand at its beginning; two of those that no paper has, which may have a From and a To.
_HEAD_OF_MAIL = 6_000
_MAILBOX = re.compile(r"From \S{1,80} .{10,60}\d{4}\s*\n")
_MAIL = re.compile(
    rf"^(?:{'|'.join(LISTS['mail_fields'].split())}|from(?=:[^\n]{{0,80}}@)):[ \t]"
    r"|^(?:[发寄]件[人者]|收件[人者])\s?[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_PART_OF_ARCHIVE = re.compile(r"\bContent-Transfer-Encoding: ?(?:base64|quoted-printable|[78]bit)\b", re.IGNORECASE)
_PAGE_END = re.compile(r"</(?:html|body)>\s*\Z", re.IGNORECASE)
#: How archives of pages, kept as text, begin, and how mail writes the bytes of other characters: =E5=9F=8E.
_ARCHIVES = ("HTTP/1.", "HTTP/2", "From: <Saved by", "Snapshot-Content-Location:", "filedesc://", "bplist")
_QUOTED_BYTES = re.compile(r"=[89A-F][0-9A-F](?:=(?:\r?\n)?[89AB][0-9A-F]){2}")
#: What ends a line. Files of five systems and Word's own page and line breaks: \v \f NEL LS PS.
_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_TAG = re.compile(
    r"</(?:div|p|article|section|table|main|h[1-6]|ul|ol|center|font|span|header|nav|script|style|form|meta|link|title|"
    r"a|b|i|em|strong|li|td|tr)>",
    re.IGNORECASE,
)


def read_received(content: bytes, name: str, *, limit: int | None = None) -> Received:
    """Return the paragraphs of a file of any format that is read: see Format, and without_old_word.

    The format is told by content; only whether a text is Markdown is told by its `name`, which is else no more than
    what messages call the file. `limit` is the most characters of text; without it POLICYBOOK_TEXT_LIMIT or LIMIT.
    Raises UnreadableDocumentError with one sentence: the file, what is wrong, what to do.
    """
    try:
        _check_size(content)
        converted = _converted(content)
        received = _read(converted, name, text_limit(limit))
    except RefusedError as error:
        raise UnreadableDocumentError(f"{printable(name)}: {error}") from None
    if converted is not content:
        made = "It is an old Word file (.doc), read as what LibreOffice makes of it."
        received = replace(received, warnings=(*received.warnings, made))
    return received


def printable(name: str) -> str:
    """Return a file's name with line ends, control characters and direction marks written as escapes."""
    return "".join(one if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else ascii(one)[1:-1]
                   for one in name)  # fmt: skip


def _read(content: bytes, name: str, limit: int) -> Received:
    container, text, unfit = _container(content), "", ""
    gaps: Sequence[int] = ()
    if container == "pdf":
        from policybook.reading.pdf import read_pdf  # its library is loaded when there is a PDF, and so the others

        received = read_pdf(content, limit)
    elif container == "zip":
        from policybook.reading.docx import read_office

        received = read_office(content)
    else:
        decoded = decode_bytes(content)
        text, unfit = decoded.text, decoded.unfit
        if _MARKDOWN.search(name) and not _PAGE.match(decoded.text[:20_000]):
            _check_source(len(decoded.text), limit)
            received = _read_markdown(decoded)
        elif _is_html(decoded.text):
            _check_source(len(decoded.text), limit)
            from policybook.reading.html import read_html

            received = read_html(decoded)
        elif (record := _record(decoded)) is not None:
            received, text = record, ""
        else:
            check_length(len(decoded.text), limit)
            received, gaps = _read_txt(decoded)
    check_length(sum(map(len, received.paragraphs)), limit)
    if container == "zip":
        whole, warnings, unfit = unscramble("\n".join(received.paragraphs))
        received = replace(received, paragraphs=tuple(whole.split("\n")), warnings=(*received.warnings, *warnings))
    whole = "\n".join(received.paragraphs)
    try:
        check_readable(whole, *([_PICTURE] if container == "pdf" else []))
    except RefusedError as error:
        unfit = unfit or f"{str(error)[0].upper()}{str(error)[1:]}"
    received = replace(received, warnings=(*received.warnings, *two_languages(whole)))
    if container != "pdf":  # its reader joins the lines it prints
        received = _unwrapped(received, gaps)
    if not any(map(str.strip, received.paragraphs)):
        raise RefusedError("the file holds no text", "give a file that holds text")
    return _judged(received, text, unfit)


def _judged(received: Received, text: str, unfit: str) -> Received:
    """Return what was received, with why it is not one text: another kind of file, or what came instead of a page."""
    unfit = unfit or _other_kind(text) or (several_texts(text) if received.format == "txt" else "")
    kept = [text.strip() for n, text in enumerate(received.paragraphs, 1) if n not in received.furniture]
    said: list[str] = []
    if not unfit and sum(map(len, kept)) <= _BARRED:
        said = [text for text in kept if len(text) < _BARRIER_LINE and _BARRIER.match(text)]
    warnings = [f"It says “{said[0][:60]}”: the page may have come without all of its text."] if said else []
    others = [text for text in kept if text not in said and text != received.title]
    sentences = [text for text in others if ends_sentence(text) and len(text) >= SENTENCE * (1 + 2 * text.isascii())]
    if said and not sentences and sum(map(len, others)) <= _FRAME:
        unfit = (f"The page holds no text but an error, a log-in or the like (“{said[0][:60]}”); open its address in a "
                 "browser, wait until the text shows, and save that page.")  # fmt: skip
    if unfit:
        warnings = [unfit]
    return replace(received, warnings=(*received.warnings, *warnings), unfit=unfit)


def _other_kind(text: str) -> str:
    """Return what a file is that holds more than a text and was yet read as one, and what to do; else nothing."""
    start = text[:_HEAD_OF_MAIL].lstrip("\ufeff\r\n")
    what, remedy = next((told for begins, *told in _OTHER_KINDS if start.startswith(begins)), ("", ""))
    if _MAILBOX.match(start) or len(_MAIL.findall(start)) > 1:
        what, remedy = "a mail or a box of mails", _SAVE_MAIL
    elif not what and len(_PART_OF_ARCHIVE.findall(text)) > 1:
        what, remedy = "an archive of a page, with the page's pictures and styles as text", _SAVE_PAGE
    return f"It is {what}, not one text; {remedy}." if what else ""


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
        raise RefusedError("it is an old Office file (.doc, .xls, .ppt)", _SAVE_DOCX)
    for start, what, remedy in _SIGNATURES:
        if content.startswith(start):
            raise RefusedError(what, remedy)
    if content[4:8] == b"ftyp":
        raise RefusedError("it is a film or sound recording", GIVE_TEXT)
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
        raise RefusedError("it is XML data", GIVE_TEXT)
    return bool(_FRAGMENT.match(start) and text.rstrip().endswith(">")) or bool(_ONLY_COMMENT.match(text))


def without_old_word(content: bytes, name: str) -> tuple[bytes, str]:
    """Return what is kept of a received file, and a sentence where that is not the file itself.

    Of an old Word file (.doc) that is the docx which LibreOffice makes of it, so that nobody else needs that program.
    Without one on the PATH it is the file itself, which read_received refuses.
    Raises UnreadableDocumentError when it cannot be converted.
    """
    try:
        converted = _converted(content)
    except RefusedError as error:
        raise UnreadableDocumentError(f"{printable(name)}: {error}") from None
    if converted is content:
        return content, ""
    digest = hashlib.sha256(content).hexdigest()
    return converted, f"It came as an old Word file (.doc, sha256 {digest}); what LibreOffice made of it is kept."


def _converted(content: bytes) -> bytes:
    """Return an old Word file as docx where there is a program for it, and any other file as it is."""
    if not content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return content
    streams = {one for one in ("EncryptedPackage", "WordDocument", "Workbook", "PowerPoint Document")
               if one.encode("utf-16-le") in content}  # fmt: skip
    if "EncryptedPackage" in streams and "WordDocument" not in streams:
        raise RefusedError("it is an Office file that needs a password", "open it in Word and save it without one")
    program = next((path for one in _CONVERTERS if (path := shutil.which(one))), None)
    return _docx_of(content, program) if program and ("WordDocument" in streams or not streams) else content


@lru_cache(maxsize=4)
def _docx_of(content: bytes, program: str) -> bytes:
    """Return what `program` (LibreOffice) makes of an old Word file, in a folder and with a profile of its own."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_NO_MACROS, encoding="utf-8")
        (folder / "out").mkdir()
        (folder / "text.doc").write_bytes(content)
        done = subprocess.Popen(
            [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
             "--convert-to", "docx", "--outdir", str(folder / "out"), str(folder / "text.doc")],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            done.wait(_CONVERSION_SECONDS)
        except subprocess.TimeoutExpired:
            raise RefusedError("it is an old Word file (.doc) that LibreOffice takes too long to read",
                               _SAVE_DOCX) from None  # fmt: skip
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(done.pid, signal.SIGKILL)  # also what it started
            done.wait()
        result = folder / "out" / "text.docx"
        if result.is_symlink() or not result.is_file() or result.stat().st_size > _BYTES:
            raise RefusedError("it is an old Word file (.doc) that LibreOffice cannot read", _SAVE_DOCX)
        return result.read_bytes()


def _unwrapped(received: Received, gaps: Sequence[int]) -> Received:
    """Return what was received with the lines that go on with the one before, and a warning that says so."""
    runs_on = wrapped_lines(received.paragraphs, gaps, received.furniture)
    if not runs_on:
        return received
    goes_on = "goes on with a paragraph and was" if len(runs_on) == 1 else "go on with a paragraph and were"
    warning = f"The text is hard-wrapped: {len(runs_on)} of its {len(received.paragraphs)} lines {goes_on} joined to it"
    warning += "; paragraphs keep the numbers of their first lines."
    return replace(received, runs_on=runs_on, warnings=(*received.warnings, warning))


def split_paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a received text, as received; paragraph n is item n - 1."""
    return [line for line in _LINE_END.split(text) if line.strip()]


def _read_txt(decoded: Decoded) -> tuple[Received, list[int]]:
    """Return a decoded plain text, a paragraph a line that is not blank, and how many blank lines stand before each.

    What stands at the edges of many of its pages, which form feeds part, is furniture; a new page parts no paragraphs.
    """
    warnings = (*decoded.warnings, *_odd(decoded.text))
    gaps, pages = list[int](), list[list[tuple[int, str]]]()
    for page in decoded.text.split("\f"):
        blank, lines = 0, list[tuple[int, str]]()
        for line in _LINE_END.split(page):
            if line.strip():
                gaps.append(blank if lines or not pages else 0)
                lines.append((len(gaps), line.strip()))
            blank = 0 if line.strip("> \t\u3000") else blank + 1
        pages.append(lines)
    furniture = _page_furniture([lines for lines in pages if lines])
    for first in (next((n for n, _ in lines if n not in furniture), 0) for lines in pages[1:]):
        gaps[first - 1 : first] = [0] * (first > 0)  # a page may begin behind its head
    received = Received("txt", decoded.encoding, tuple(split_paragraphs(decoded.text)), furniture, warnings=warnings)
    return received, gaps


def _page_furniture(pages: Sequence[Sequence[tuple[int, str]]]) -> dict[int, str]:
    """Return the lines at the edges of printed pages that are no text, with the reason; pages are numbered lines."""
    edges = [(lines[:EDGE], lines[EDGE:][:-EDGE - 1 : -1]) for lines in pages]  # each from the edge inwards
    repeated = repeated_edges([(n, {text for edge in both for _, text in edge}) for n, both in enumerate(edges, 1)])
    found: dict[int, str] = {}
    for top, bottom in edges if len(pages) > 2 else ():
        for edge in (top, bottom):
            reasons = takewhile(itemgetter(1), ((n, edge_reason(text, repeated, head=edge is top)) for n, text in edge))
            found |= dict(reasons)
    counted = 2 * sum(why == "page number" for why in found.values()) > len(pages)
    return {n: why for n, why in found.items() if counted or why != "page number"}


def _read_markdown(decoded: Decoded) -> Received:
    """Return a decoded Markdown text as paragraphs; its front matter is metadata and no text."""
    from policybook.reading.html import page_of_markdown, read_html

    text, stated, warnings = _front_matter(re.sub("\r\n?", "\n", decoded.text))
    if not (page := page_of_markdown(text)):
        raise RefusedError("the file holds no text", "give a file that holds text")
    read = read_html(Decoded(page, decoded.encoding, (*decoded.warnings, *warnings)))
    return _stating(replace(read, format="md"), stated)


def _stating(received: Received, stated: Mapping[str, str]) -> Received:
    """Return what was received with what a file says of its text under the names of LISTS: title, date, publisher."""
    told = {field: next((said for name in names.split() if (said := stated.get(name)) and "://" not in said), None)
            for field, names in LISTS["front_matter"].items()}  # fmt: skip
    published = (told["published"] or "")[:40]
    return replace(received, title=told["title"] or received.title, publisher=told["publisher"],
                   published=stated_date(published) or published or None, language=told["language"])  # fmt: skip


def _front_matter(text: str) -> tuple[str, dict[str, str], list[str]]:
    """Return a text without its front matter, what that says, and what is doubtful about it."""
    if toml := _TOML.match(text):
        with suppress(tomllib.TOMLDecodeError):
            told = {name.lower(): _said(value) for name, value in tomllib.loads(toml[1]).items()}
            return text[toml.end() :], told, []
    if not (fields := _FIELDS.match(text)):
        return text, {}, []
    wrong = "its end (---) is missing"
    if whole := _FRONT.match(text):
        try:
            stated = YamlFile(whole[1].encode("utf-8", "replace"), "front matter").content
            if isinstance(stated, dict):
                return text[whole.end() :], {str(name).lower(): _said(value) for name, value in stated.items()}, []
            wrong = "its lines name no fields"
        except InvalidDataError as error:
            wrong = error.problems[0].message.rstrip(".")
    lines = re.findall(rf"^{_FIELD}", fields[0], re.MULTILINE)
    return text[fields.end() :], {name.lower(): said.strip(" \t\"'") for name, said in lines}, [
        f"The front matter is not as it should be ({wrong}); it was read line by line."
    ]  # fmt: skip


def _said(value: Any) -> str:
    """Return a value of the front matter as one line: several authors, an author with a name."""
    if isinstance(value, Mapping):
        value = value.get("name", "")
    parts = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return " ".join(", ".join(_said(one) if isinstance(one, Mapping) else str(one) for one in parts if one).split())


def _record(decoded: Decoded) -> Received | None:
    """Return the text in a file of one record, whose other fields say what it is; None where there is none."""
    found = one_record(decoded.text)
    if found is None:
        return None
    received = _read_txt(replace(decoded, text=found.text))[0]
    return _stating(replace(received, warnings=(*received.warnings, found.warning)), found.stated)


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
