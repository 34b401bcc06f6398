"""A Word file (docx): paragraphs and table rows in order, notes after the text, tracked changes accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from policybook.corpus.reading.archive import Archive
from policybook.corpus.reading.page_metadata import iso_date
from policybook.corpus.reading.received import Received, RefusedError
from policybook.corpus.reading.word_text import Item, TextReader
from policybook.corpus.reading.xml import parse_xml

_MAIN = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_UNTITLED = re.compile(r"^(?:document\d*|文档\s*\d*|untitled.*|microsoft word.*|.*\.docx?|\W*)$", re.IGNORECASE)


def read_docx(content: bytes) -> Received:
    """Return a Word file as paragraphs. Raises RefusedError for every other or damaged zip archive."""
    archive = Archive(content)
    main = _main_part(archive)
    body = parse_xml(archive.read(main), main).find("body")
    if body is None:
        raise RefusedError(f"its part {main} has no text body", "open it in Word and save it again as .docx")
    reader = TextReader()
    items = list(reader.blocks(body))
    for part in _NOTES:
        if part in archive:
            items += _notes(reader, parse_xml(archive.read(part), part))
    items += _heads(archive)
    items = [item for item in items if item.text]
    if not items:
        raise RefusedError("the Word file holds no text", "if it holds pictures, run character recognition (OCR)")
    title, created = _properties(archive)
    furniture = {number: item.reason for number, item in enumerate(items, 1) if item.reason}
    texts = tuple(item.text for item in items)
    title = title or next((item.text for item in items if item.style in {"title", "heading1"}), None)
    return Received("docx", "", texts, furniture, title, created, tuple(reader.warnings()))


def _main_part(archive: Archive) -> str:
    """Return the part that holds the text, as the archive's relationships name it."""
    if _MAIN in archive:
        return _MAIN
    if "_rels/.rels" in archive:
        for one in parse_xml(archive.read("_rels/.rels"), "_rels/.rels"):
            target = one.get("Target", "").lstrip("/")
            if one.get("Type", "").endswith("/officeDocument") and target.startswith("word/") and target in archive:
                return target
    archive.refuse_other_kinds()
    raise AssertionError("unreachable")


def _notes(reader: TextReader, root: Element) -> Iterator[Item]:
    """Yield footnotes or endnotes, each note one paragraph; the separator lines that Word keeps there are no notes."""
    for note in root:
        if note.tag in {"footnote", "endnote"} and note.get("type", "normal") == "normal":
            text = " ".join(item.text for item in reader.blocks(note) if item.text)
            yield Item(text, style=note.tag)


def _heads(archive: Archive) -> Iterator[Item]:
    """Yield the texts of running heads and feet, each once."""
    seen: set[str] = set()
    for kind, reason in (("header", "running head"), ("footer", "running foot")):
        for number in range(1, 31):
            part = f"word/{kind}{number}.xml"
            if part not in archive:
                continue
            for item in TextReader().blocks(parse_xml(archive.read(part), part)):
                if item.text and item.text not in seen:
                    seen.add(item.text)
                    yield Item(item.text, reason=reason)


def _properties(archive: Archive) -> tuple[str | None, str | None]:
    """Return the title and the date of creation in the file's core properties."""
    part = "docProps/core.xml"
    if part not in archive:
        return None, None
    root = parse_xml(archive.read(part), part)
    title = " ".join((root.findtext("title") or "").split())
    if root.findtext("creator") == "python-docx":  # a library whose template says 2013 of every file
        return title or None, None
    return (None if _UNTITLED.match(title) else title), iso_date(root.findtext("created") or "")
