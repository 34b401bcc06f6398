"""A Word file (docx): paragraphs and table rows in order, notes after the text, tracked changes accepted. No recursion.

The zip archive and its XML are a stranger's: nothing is unpacked to disk, nothing grows or reaches other files.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from policybook.reading.received import Received, RefusedError, ends_sentence, join_lines, squeeze_spaces, stated_date

#: Elements of one part of a Word file.
_ELEMENTS = 600_000
#: Files in a Word file, the bytes that they unpack to, and the bytes of a single one that is read.
_MEMBERS = 10_000
_UNPACKED_BYTES = 500_000_000
_MEMBER_BYTES = 60_000_000
_MAIN = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_UNTITLED = re.compile(r"^(?:document\d*|文档\s*\d*|untitled.*|microsoft word.*|.*\.docx?|\W*)$", re.IGNORECASE)
#: What tracked changes have taken out.
_DELETED = frozenset({"del", "moveFrom"})
#: What holds no text of the paragraph it stands in: properties, the second rendering of drawings, field codes.
_APART = frozenset({"pPr", "rPr", "Fallback", "instrText", "delText", "delInstrText", "txbxContent", "sectPr"})
_CHARACTERS = {"tab": " ", "noBreakHyphen": "-", "br": "\n", "cr": "\n", "ptab": " "}
_SAVE_AGAIN = "open it in Word and save it again as .docx"
_TEXT = "give its text as a txt, html, pdf or docx file"
#: What a member of the archive shows it to be, if it is no Word file.
_EXPORT = "open it in an OFD reader or in WPS Office and export it as PDF or .docx"
_OTHERS = (
    ("OFD.xml", "it is an OFD document"),
    ("xl/workbook.xml", "it is an Excel file"), ("ppt/presentation.xml", "it is a PowerPoint file"),
    ("META-INF/container.xml", "it is an electronic book (EPUB)"), ("content.xml", "it is an OpenDocument file"),
    ("AndroidManifest.xml", "it is a program for Android"), ("META-INF/MANIFEST.MF", "it is a Java archive"),
)  # fmt: skip
_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\x00-\x1f]")


def read_docx(content: bytes) -> Received:
    """Return a Word file as paragraphs. Raises RefusedError for every other or damaged zip archive."""
    archive = _Archive(content)
    main = _main_part(archive)
    body = _parse_xml(archive.read(main), main).find("body")
    if body is None:
        raise RefusedError(f"its part {main} has no text body", _SAVE_AGAIN)
    reader = _TextReader()
    items = list(reader.blocks(body))
    for part in _NOTES:
        if part in archive:
            items += _notes(reader, _parse_xml(archive.read(part), part))
    items += _heads(archive)
    items = [item for item in items if item.text]
    if not items:
        raise RefusedError("the Word file holds no text", "if it holds pictures, run character recognition (OCR)")
    title, created = _properties(archive)
    furniture = {number: item.reason for number, item in enumerate(items, 1) if item.reason}
    texts = tuple(item.text for item in items)
    title = title or next((item.text for item in items if item.style in {"title", "heading1"}), None)
    return Received("docx", "", texts, furniture, title, created, tuple(reader.warnings()),
                    reader.left_out)  # fmt: skip


def _main_part(archive: _Archive) -> str:
    """Return the part that holds the text, as the archive's relationships name it."""
    if _MAIN in archive:
        return _MAIN
    if "_rels/.rels" in archive:
        for one in _parse_xml(archive.read("_rels/.rels"), "_rels/.rels"):
            target = one.get("Target", "").lstrip("/")
            if one.get("Type", "").endswith("/officeDocument") and target.startswith("word/") and target in archive:
                return target
    archive.refuse_other_kinds()
    raise AssertionError("unreachable")


def _notes(reader: _TextReader, root: Element) -> Iterator[_Item]:
    """Yield footnotes or endnotes, each note one paragraph; the separator lines that Word keeps there are no notes."""
    for note in root:
        if note.tag in {"footnote", "endnote"} and note.get("type", "normal") == "normal":
            text = " ".join(item.text for item in reader.blocks(note) if item.text)
            yield _Item(text, style=note.tag)


def _heads(archive: _Archive) -> Iterator[_Item]:
    seen: set[str] = set()
    for kind, reason in (("header", "running head"), ("footer", "running foot")):
        for number in range(1, 31):
            part = f"word/{kind}{number}.xml"
            if part not in archive:
                continue
            for item in _TextReader().blocks(_parse_xml(archive.read(part), part)):
                if item.text and item.text not in seen:
                    seen.add(item.text)
                    yield _Item(item.text, reason=reason)


def _properties(archive: _Archive) -> tuple[str | None, str | None]:
    """Return the title and the date of creation in the file's core properties."""
    part = "docProps/core.xml"
    if part not in archive:
        return None, None
    root = _parse_xml(archive.read(part), part)
    title = " ".join((root.findtext("title") or "").split())
    if root.findtext("creator") == "python-docx":  # a library whose template says 2013 of every file
        return title or None, None
    return (None if _UNTITLED.match(title) else title), stated_date(root.findtext("created") or "")


@dataclass(frozen=True)
class _Item:
    """One paragraph or table row: its text, its style, and why it is furniture."""

    text: str
    style: str = ""
    reason: str = ""


class _TextReader:
    """Reads the blocks of a part, and counts what was changed, hidden or left out on the way."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.left_out = 0  # characters of hidden text

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each thing that is not plainly text in the file."""
        counts = self._counts
        if counts["inserted"] or counts["deleted"]:
            yield (f"The file has tracked changes, read as accepted: "
                   f"{counts['inserted']} insertions kept, {counts['deleted']} deletions left out.")  # fmt: skip
        if counts["hidden"]:
            yield f"{counts['hidden']} runs of hidden text were left out."
        if counts["numbered"]:
            yield f"Word numbers {counts['numbered']} paragraphs by itself; those numbers are not in the text."

    def blocks(self, container: Element) -> Iterator[_Item]:
        """Yield the paragraphs and table rows below `container` in document order."""
        stack: list[Iterator[Element]] = [iter(container)]
        pending = ""  # a paragraph whose end has been deleted runs on in the next
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
            elif element.tag == "p":
                item, boxes = self._paragraph(element)
                item = replace(item, text=join_lines(pending, item.text))
                pending = ""
                if _ends_deleted(element):
                    self._counts["deleted"] += 1
                    pending = item.text
                else:
                    yield from _split(item)
                stack.extend(iter(box) for box in reversed(boxes))
            elif element.tag == "tbl":
                yield from self._rows(element)
            elif element.tag not in _APART and element.tag not in _DELETED:
                stack.append(iter(element))
        if pending:
            yield _Item(squeeze_spaces(pending))

    def _paragraph(self, paragraph: Element) -> tuple[_Item, list[Element]]:
        """Return a paragraph, line breaks as \\n, and the text boxes that are anchored in it."""
        parts: list[str] = []
        boxes: list[Element] = []
        stack: list[Iterator[Element]] = [iter(paragraph)]
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
            elif element.tag == "t":
                parts.append(element.text or "")
            elif element.tag in _CHARACTERS:
                parts.append("" if element.get("type") in {"page", "column"} else _CHARACTERS[element.tag])
            elif element.tag == "txbxContent":
                boxes.append(element)
            elif element.tag in _DELETED:
                self._counts["deleted"] += 1
            elif element.tag == "r" and _is_hidden(element):
                self._counts["hidden"] += any(child.tag == "t" for child in element)
                self.left_out += sum(len(child.text or "") for child in element if child.tag == "t")
            elif element.tag not in _APART:
                self._counts["inserted"] += element.tag in {"ins", "moveTo"}
                stack.append(iter(element))
        return self._item(paragraph, "".join(parts)), boxes

    def _item(self, paragraph: Element, text: str) -> _Item:
        properties = paragraph.find("pPr")
        if properties is None:
            return _Item(text)
        style_element = properties.find("pStyle")
        style = (style_element.get("val", "") if style_element is not None else "").lower().replace(" ", "")
        if text.strip() and properties.find("numPr") is not None:
            self._counts["numbered"] += 1
        contents = style.startswith("toc") and style != "tocheading"
        return _Item(text, style, "table of contents" if contents else "")

    def _rows(self, table: Element) -> Iterator[_Item]:
        """Yield a row as one paragraph; the paragraphs of a row with one cell stay paragraphs."""
        for row in _below(table, "tr"):
            if row.find("trPr/del") is not None:
                self._counts["deleted"] += 1
                continue
            cells = [[self._paragraph(one)[0] for one in cell.iter("p")] for cell in _below(row, "tc")]
            if len(cells) == 1:
                yield from (item for paragraph in cells[0] for item in _split(paragraph))
            elif any(item.text.strip() for cell in cells for item in cell):
                yield _Item(" | ".join(squeeze_spaces(" ".join(item.text for item in cell)) for cell in cells), "tr")


def _below(parent: Element, tag: str) -> Iterator[Element]:
    """Yield children `tag` of an element, also inside content controls, not inside other `tag`s."""
    stack: list[Iterator[Element]] = [iter(parent)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag == tag:
            yield element
        elif element.tag in {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}:
            stack.append(iter(element))


def _split(item: _Item) -> Iterator[_Item]:
    """Yield a paragraph cut at the line breaks in it, unless a break stands in mid-sentence."""
    texts: list[str] = []
    for line in item.text.split("\n"):
        text = squeeze_spaces(line)
        if texts and text and not ends_sentence(texts[-1]) and len(texts[-1]) >= 25:
            texts[-1] = join_lines(texts[-1], text)
        elif text:
            texts.append(text)
    yield from (replace(item, text=text) for text in texts)


def _ends_deleted(paragraph: Element) -> bool:
    properties = paragraph.find("pPr")
    return properties is not None and properties.find("rPr/del") is not None


def _is_hidden(run: Element) -> bool:
    properties = run.find("rPr")
    vanish = properties.find("vanish") if properties is not None else None
    return vanish is not None and vanish.get("val", "true").lower() not in {"false", "0", "off"}


class _Archive:
    def __init__(self, content: bytes) -> None:
        """Open an archive. Raises RefusedError when it is damaged, a bomb, or has paths that lead out of it."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, UnicodeDecodeError):
            raise RefusedError("it is a damaged zip archive or Word file", _SAVE_AGAIN) from None
        if len(members) > _MEMBERS:
            raise RefusedError(f"it is an archive of {len(members):,} files, which no Word file is", _SAVE_AGAIN)
        if (size := sum(member.file_size for member in members)) > _UNPACKED_BYTES:
            raise RefusedError(f"it would unpack to {size:,} bytes, as a zip bomb does", _SAVE_AGAIN)
        if any(_UNSAFE.search(member.filename) for member in members):
            raise RefusedError("it is an archive with paths that lead out of it, as no Word file has", _SAVE_AGAIN)
        self._members = {member.filename: member for member in members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def refuse_other_kinds(self) -> None:
        """Raise RefusedError when the archive is another kind of file than Word's."""
        for member, what in _OTHERS:
            if member in self._members:
                raise RefusedError(what, _EXPORT if member == "OFD.xml" else _TEXT)
        if any(name.startswith("word/") for name in self._members) or "[Content_Types].xml" in self._members:
            raise RefusedError("it is a Word file without its text (word/document.xml)", _SAVE_AGAIN)
        raise RefusedError("it is a zip archive and not a document", "unpack it and give the documents inside")

    def read(self, name: str) -> bytes:
        """Return the bytes of one member, never more than _MEMBER_BYTES whatever the archive declares."""
        member = self._members[name]
        if member.flag_bits & 1:
            raise RefusedError("it is an archive that needs a password", "save it without one")
        try:
            with self._zip.open(member) as file:
                content = file.read(_MEMBER_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
            raise RefusedError(f"its part {name} is damaged", _SAVE_AGAIN) from None
        if len(content) > _MEMBER_BYTES:
            raise RefusedError(f"its part {name} unpacks to more than {_MEMBER_BYTES:,} bytes", _SAVE_AGAIN)
        return content


def _parse_xml(content: bytes, part: str) -> Element:
    """Return the tree of an XML part, names without their namespaces (w:p and the strict form's p are both p).

    Raises RefusedError when it is not well-formed, declares a document type (the only way to define entities)
    or holds more than _ELEMENTS elements.
    """
    if content.count(b"<") > 2 * _ELEMENTS:
        raise RefusedError(f"its part {part} has more than {_ELEMENTS:,} elements", "split the document")
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(part)
    try:
        parser.Parse(content, True)  # before any tree is built
        root = fromstring(content)
    except (expat.ExpatError, ParseError, LookupError, ValueError) as error:
        code = getattr(error, "code", None)
        reason = expat.ErrorString(code) if isinstance(code, int) else "unknown encoding"
        raise RefusedError(f"its part {part} is damaged ({reason})", _SAVE_AGAIN) from None
    for element in root.iter():
        element.tag = _local(element.tag)
        if element.attrib:
            element.attrib = {_local(name): value for name, value in element.attrib.items()}
    return root


def _refuse_doctype(part: str) -> None:
    raise RefusedError(f"its part {part} declares a document type, as no Word file does", _SAVE_AGAIN)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
