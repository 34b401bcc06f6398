"""A Word file (docx) or an OpenDocument text (odt): paragraphs and table rows in order, then notes; changes accepted.

The zip archive and its XML are a stranger's: nothing is unpacked to disk, nothing grows or reaches other files, and
nothing calls itself as deep as they go.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from policybook.errors import many

from policybook.reading.received import (  # isort: skip
    GIVE_TEXT, Format, Received, RefusedError, ends_sentence, join_lines, squeeze_spaces, stated_date,
)

#: Elements of one part of a file.
_ELEMENTS = 600_000
#: Files in an archive, the bytes that they unpack to, and the bytes of a single one that is read.
_MEMBERS = 10_000
UNPACKED_BYTES = 500_000_000
_MEMBER_BYTES = 60_000_000
_MAIN = "word/document.xml"
_STYLES = "word/styles.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_UNTITLED = re.compile(r"^(?:document\d*|文档\s*\d*|untitled.*|microsoft word.*|.*\.(?:docx?|odt)|\W*)$", re.IGNORECASE)
#: What tracked changes have taken out.
_DELETED = frozenset({"del", "moveFrom"})
#: What holds no text of the paragraph it stands in: properties, the second rendering of drawings, field codes.
_APART = frozenset({"pPr", "rPr", "Fallback", "instrText", "delText", "delInstrText", "txbxContent", "sectPr"})
_GROUPS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "table-header-rows", "table-rows",
                     "table-row-group"})  # fmt: skip
_HEADS = {"header": "running head", "footer": "running foot"}
_CHARACTERS = {"tab": " ", "noBreakHyphen": "-", "br": "\n", "cr": "\n", "ptab": " "}
_SAVE_AGAIN = "open it in Word or LibreOffice and save it again as .docx or .odt"
_BOOK = "it is an electronic book (EPUB)"
#: What a member of the archive shows it to be, if it is no Word file.
_EXPORT = "open it in an OFD reader or in WPS Office and export it as PDF or .docx"
_OTHERS = (
    ("OFD.xml", "it is an OFD document"),
    ("xl/workbook.xml", "it is an Excel file"), ("ppt/presentation.xml", "it is a PowerPoint file"),
    ("META-INF/container.xml", _BOOK), ("META-INF/MANIFEST.MF", "it is a Java archive"),
    ("AndroidManifest.xml", "it is a program for Android"),
)  # fmt: skip
_OPEN = "content.xml"
#: What holds no text of the paragraph it stands in, in an OpenDocument text; what is drawn and may hold paragraphs.
_OPEN_APART = frozenset({"annotation", "annotation-end", "note-citation", "ruby-text", "forms", "sequence-decls"})
_DRAWN = frozenset({"frame", "custom-shape", "rect", "ellipse", "circle", "polygon", "path", "line", "connector", "g"})
_OPEN_CHARACTERS = {"tab": " ", "s": " ", "line-break": "\n"}
UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\x00-\x1f]")


def read_office(content: bytes) -> Received:
    """Return a Word file or OpenDocument text as paragraphs. Raises RefusedError for every other or damaged archive."""
    archive = Archive(content)
    if (size := sum(member.file_size for member in archive.members.values())) > UNPACKED_BYTES:
        raise RefusedError(f"it would unpack to {size:,} bytes, as a zip bomb does", _SAVE_AGAIN)
    if any(UNSAFE.search(name) for name in archive.members):
        raise RefusedError("it is an archive with paths that lead out of it, as no document has", _SAVE_AGAIN)
    return _read_odt(archive) if archive.is_open_document else _read_docx(archive)


def _read_docx(archive: Archive) -> Received:
    main = _main_part(archive)
    body = _parse_xml(archive.read(main), main).find("body")
    if body is None:
        raise RefusedError(f"its part {main} has no text body", _SAVE_AGAIN)
    reader = _TextReader()
    with suppress(RefusedError):  # a text is read without its styles
        reader = _TextReader(_parse_xml(archive.read(_STYLES), _STYLES) if _STYLES in archive else None)
    items = list(reader.blocks(body))
    for part in _NOTES:
        if part in archive:
            items += _notes(reader, _parse_xml(archive.read(part), part))
    heads = ((_parse_xml(archive.read(part), part), reason) for kind, reason in _HEADS.items()
             for number in range(1, 31) if (part := f"word/{kind}{number}.xml") in archive)  # fmt: skip
    items += _heads(heads, _TextReader())
    return _received("docx", items, _properties(archive, "docProps/core.xml"), reader)


def _received(form: Format, items: Sequence[_Item], properties: tuple[str | None, str | None],
              reader: _Reader) -> Received:  # fmt: skip
    items = [item for item in items if item.text]
    if not items:
        raise RefusedError("the file holds no text", "if it holds pictures, run character recognition (OCR)")
    title, created = properties
    furniture = {number: item.reason for number, item in enumerate(items, 1) if item.reason}
    texts = tuple(item.text for item in items)
    title = title or _headed(items)
    return Received(form, "", texts, furniture, title, created, tuple(reader.warnings()),
                    left_out=reader.left_out)  # fmt: skip


def _headed(items: Sequence[_Item]) -> str | None:
    """Return the title by its style: what is set as one, or the only chief heading, or the first where it is first."""
    titles = [item.text for item in items if item.style == "title"]
    headings = [item.text for item in items if item.style == "heading1"]
    first = next((item for item in items if not item.reason), None)
    sure = len(headings) == 1 or (first is not None and first.style == "heading1")
    return next(iter(titles or (headings if sure else ())), None)


def _main_part(archive: Archive) -> str:
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


def _heads(heads: Iterable[tuple[Element, str]], reader: _Reader) -> Iterator[_Item]:
    """Yield what stands in running heads and feet, each line once, for the reason that stands beside them."""
    seen: set[str] = set()
    for head, reason in heads:
        for item in reader.blocks(head):
            if item.text and item.text not in seen:
                seen.add(item.text)
                yield _Item(item.text, reason=reason)


def _properties(archive: Archive, part: str) -> tuple[str | None, str | None]:
    """Return the title and the date of creation in the file's own properties."""
    if part not in archive:
        return None, None
    root = _parse_xml(archive.read(part), part)
    root = root if (inner := root.find("meta")) is None else inner
    title = " ".join((root.findtext("title") or "").split())
    if root.findtext("creator") == "python-docx":  # a library whose template says 2013 of every file
        return title or None, None
    created = root.findtext("created") or root.findtext("creation-date") or ""
    return (None if _UNTITLED.match(title) else title), stated_date(created)


@dataclass(frozen=True)
class _Item:
    """One paragraph or table row: its text, its style, and why it is furniture."""

    text: str
    style: str = ""
    reason: str = ""


class _Reader(ABC):
    """Reads the blocks of a part, and counts what was changed, hidden or left out on the way."""

    program = "Word"

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.left_out = 0  # characters of hidden text

    @abstractmethod
    def blocks(self, container: Element) -> Iterator[_Item]:
        """Yield the paragraphs and table rows below `container` in document order."""

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each thing that is not plainly text in the file."""
        counts = self._counts
        if counts["inserted"] or counts["deleted"]:
            yield (f"The file has tracked changes, read as accepted: {many(counts['inserted'], 'insertion')} kept, "
                   f"{many(counts['deleted'], 'deletion')} left out.")  # fmt: skip
        if counts["hidden"]:
            yield f"{many(counts['hidden'], 'run of hidden text was', 'runs of hidden text were')} left out."
        if counts["numbered"]:
            numbered = f"{self.program} numbers {many(counts['numbered'], 'paragraph')} by itself"
            yield f"{numbered}; {'that number is' if counts['numbered'] == 1 else 'those numbers are'} not in the text."
        if counts["comments"]:
            yield f"{many(counts['comments'], 'comment on the text was', 'comments on the text were')} left out."


class _TextReader(_Reader):
    """Reads the blocks of a Word file, of which `styles` say what numbers have."""

    def __init__(self, styles: Element | None = None) -> None:
        super().__init__()
        self._numbering = {one.get("styleId", "") for one in (styles if styles is not None else ())
                           if _is_numbered(one.find("pPr"))}  # fmt: skip

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
        name = style_element.get("val", "") if style_element is not None else ""
        style = name.lower().replace(" ", "")
        if text.strip() and _is_numbered(properties, by_style=name in self._numbering):
            self._counts["numbered"] += 1
        contents = style.startswith("toc") and style != "tocheading"
        return _Item(text, style, "table of contents" if contents else "")

    def _rows(self, table: Element) -> Iterator[_Item]:
        for row in _below(table, {"tr"}):
            if row.find("trPr/del") is not None:
                self._counts["deleted"] += 1
                continue
            yield from _row([[self._paragraph(one)[0] for one in cell.iter("p")] for cell in _below(row, {"tc"})])


def _row(cells: Sequence[Sequence[_Item]]) -> Iterator[_Item]:
    """Yield a row as one paragraph; the paragraphs of a row with one cell stay paragraphs."""
    if len(cells) == 1:
        yield from (item for paragraph in cells[0] for item in _split(paragraph))
    elif any(item.text.strip() for cell in cells for item in cell):
        yield _Item(" | ".join(squeeze_spaces(" ".join(item.text for item in cell)) for cell in cells), "tr")


def _below(parent: Element, tags: Set[str]) -> Iterator[Element]:
    """Yield children of an element that have one of these names, also inside content controls and groups of rows."""
    stack: list[Iterator[Element]] = [iter(parent)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag in tags:
            yield element
        elif element.tag in _GROUPS:
            stack.append(iter(element))


def _read_odt(archive: Archive) -> Received:
    manifest = "META-INF/manifest.xml"
    if _OPEN not in archive or (manifest in archive and b"encryption-data" in archive.read(manifest)):
        raise RefusedError("it is an OpenDocument file that needs a password",
                           "open it in LibreOffice and save it without one")  # fmt: skip
    root = _parse_xml(archive.read(_OPEN), _OPEN)
    if (body := root.find("body/text")) is None:
        raise RefusedError("it is an OpenDocument file but no text: a table, slides or a drawing", GIVE_TEXT)
    styles = _parse_xml(archive.read("styles.xml"), "styles.xml") if "styles.xml" in archive else Element("styles")
    reader = _OpenReader(root, styles)
    items = list(reader.blocks(body))
    for note in reader.notes:  # a note in a note is put behind it
        items.append(_Item(" ".join(item.text for item in reader.blocks(note) if item.text), "note"))
    heads = ((one, reason) for tag, reason in _HEADS.items() for one in styles.iter(tag))
    items += _heads(heads, _OpenReader(styles))
    return _received("odt", items, _properties(archive, "meta.xml"), reader)


class _OpenReader(_Reader):
    """Reads the blocks of an OpenDocument text by the styles in `roots`; its notes are gathered, to follow."""

    program = "LibreOffice"

    def __init__(self, *roots: Element) -> None:
        super().__init__()
        self.notes: list[Element] = []
        styles = {one.get("name", ""): one for root in roots for one in root.iter("style")}
        self._parents = {name: one.get("parent-style-name", "") for name, one in styles.items()}
        self._hidden = {name for name, one in styles.items() for kind in one if kind.get("display") == "none"}
        self._numbering = {one.get("name") for root in roots for one in root.iter("list-style")
                           if one.find("list-level-style-number") is not None}  # fmt: skip
        self._listed = {name: one.get("list-style-name") for name, one in styles.items()}
        self._outline = {one.get("level") for root in roots for one in root.iter("outline-level-style")
                         if one.get("num-format")}  # fmt: skip

    def blocks(self, container: Element, *, flat: bool = False) -> Iterator[_Item]:
        """Yield the paragraphs and table rows below `container` in order; with `flat` tables are paragraphs too."""
        stack = [(iter(container), "", False)]  # with why it is furniture, and whether it is numbered
        number = ""
        while stack:
            children, reason, numbered = stack[-1]
            element = next(children, None)
            if element is None:
                stack.pop()
            elif element.tag in {"p", "h"}:
                item, boxes = self._paragraph(element)
                numbers = numbered or (element.tag == "h" and element.get("outline-level", "1") in self._outline)
                self._counts["numbered"] += numbers and not number and bool(item.text.strip())
                yield from _split(replace(item, text=f"{number} {item.text}", reason=reason))
                number = ""
                stack.extend((iter(box), reason, False) for box in reversed(boxes))
            elif element.tag == "number":
                number = element.text or ""
            elif element.tag == "table" and not flat:
                for row in _below(element, {"table-row"}):
                    cells = _below(row, {"table-cell", "covered-table-cell"})
                    yield from _row([list(self.blocks(cell, flat=True)) for cell in cells])
            elif element.tag == "tracked-changes":
                self._counts["deleted"] += sum(1 for _ in element.iter("deletion"))
                self._counts["inserted"] += sum(1 for _ in element.iter("insertion"))
            elif element.get("display") == "none":
                self._hide(element)
            elif element.tag not in _OPEN_APART:
                if element.tag == "list":
                    numbered = self._is_numbered(element, numbered)
                contents = element.tag == "table-of-content"
                stack.append((iter(element), "table of contents" if contents else reason, numbered))

    def _hide(self, element: Element) -> None:
        self._counts["hidden"] += 1
        self.left_out += sum(map(len, element.itertext()))

    def _is_numbered(self, listed: Element, around: bool) -> bool:
        """Return whether a list has numbers: by its own style, that of the list around it, or its first paragraph's."""
        if style := listed.get("style-name"):
            return style in self._numbering
        first = listed.find("list-item/p")
        return around or (first is not None and self._listed.get(first.get("style-name", "")) in self._numbering)

    def _paragraph(self, paragraph: Element) -> tuple[_Item, list[Element]]:
        """Return a paragraph, line breaks as \n, and what is drawn in it."""
        parts: list[str] = []
        boxes: list[Element] = []
        stack: list[Element | str] = [paragraph]
        while stack:
            one = stack.pop()
            if isinstance(one, str):
                parts.append(one.replace("\n", " "))
            elif one.tag in _OPEN_CHARACTERS:
                parts.append(_OPEN_CHARACTERS[one.tag])
            elif one.tag in _DRAWN:
                boxes.append(one)
            elif one.tag == "note":
                self.notes.append(one)
            elif one.tag in _OPEN_APART:
                self._counts["comments"] += one.tag == "annotation"
            elif one.get("style-name") in self._hidden:
                self._hide(one)
            else:
                stack.append(" " if one.tag == "number" else "")
                for child in reversed(one):
                    stack += [child.tail or "", child]
                stack.append(one.text or "")
        style = paragraph.get("style-name", "")
        named = (self._parents.get(style) or style).lower().replace("_20_", "")
        style = f"heading{paragraph.get('outline-level', '1')}" if paragraph.tag == "h" else named
        return _Item("".join(parts), style), boxes


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


def _is_numbered(properties: Element | None, *, by_style: bool = False) -> bool:
    """Return whether a paragraph or a style has numbers: by itself, where it does not say 0, or else by its style."""
    said = properties.find("numPr") if properties is not None else None
    number = said.find("numId") if said is not None else None
    return by_style if said is None else number is None or number.get("val") != "0"


def _is_hidden(run: Element) -> bool:
    properties = run.find("rPr")
    vanish = properties.find("vanish") if properties is not None else None
    return vanish is not None and vanish.get("val", "true").lower() not in {"false", "0", "off"}


class Archive:
    """A zip archive: `members` are what it holds, by their names."""

    def __init__(self, content: bytes) -> None:
        """Open an archive. Raises RefusedError when it is damaged or holds too many files."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, UnicodeDecodeError):
            raise RefusedError("it is a damaged zip archive or Word file", _SAVE_AGAIN) from None
        if len(members) > _MEMBERS:
            raise RefusedError(f"it is an archive of {len(members):,} files, and at most {_MEMBERS:,} are read",
                               "split it")  # fmt: skip
        self.members = {_member_name(member): member for member in members}

    def __contains__(self, name: str) -> bool:
        return name in self.members

    @property
    def is_open_document(self) -> bool:
        """Whether it is an OpenDocument file, be it a text or not."""
        return (_OPEN in self or "encrypted-package" in self) and _MAIN not in self

    @property
    def holds_files(self) -> bool:
        """Whether it is no document itself, nor a program, but files that somebody packed."""
        own = {_MAIN, "[Content_Types].xml", "mimetype", "META-INF/manifest.xml", *(member for member, _ in _OTHERS)}
        return not self.is_open_document and not self._is_book and own.isdisjoint(self.members)

    @property
    def _is_book(self) -> bool:
        return any(name.lower().endswith(".opf") for name in self.members) or (
            "mimetype" in self and self.read("mimetype").strip() == b"application/epub+zip")

    def refuse_other_kinds(self) -> None:
        """Raise RefusedError when the archive is another kind of file than Word's."""
        for member, what in _OTHERS:
            if member in self:
                raise RefusedError(what, _EXPORT if member == "OFD.xml" else GIVE_TEXT)
        if self._is_book:
            raise RefusedError(_BOOK, GIVE_TEXT)
        if not self.holds_files:
            raise RefusedError("it is a Word file without its text (word/document.xml)", _SAVE_AGAIN)
        raise RefusedError("it is a zip archive and not a document", "unpack it and give the documents inside")

    def read(self, name: str) -> bytes:
        """Return the bytes of one member, never more than _MEMBER_BYTES whatever the archive declares."""
        member = self.members[name]
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
    raise RefusedError(f"its part {part} declares a document type, as no such file does", _SAVE_AGAIN)


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a file in an archive; programs in China write it in GB18030 and do not say so."""
    if member.flag_bits & 0x800 or member.filename.isascii():
        return member.filename
    with suppress(UnicodeError):
        written = member.filename.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeDecodeError):
                return written.decode(encoding)
    return member.filename


def _local(name: str) -> str:
    return name.rpartition("}")[2]
