"""The text of WordprocessingML as it stands when all tracked changes are accepted. No recursion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from policybook.corpus.reading.lines import ends_sentence, join, squeeze

#: What tracked changes have taken out.
_DELETED = frozenset({"del", "moveFrom"})
#: What holds no text of the paragraph it stands in: properties, the second rendering of drawings, field codes.
_APART = frozenset({"pPr", "rPr", "Fallback", "instrText", "delText", "delInstrText", "txbxContent", "sectPr"})
_CHARACTERS = {"tab": " ", "noBreakHyphen": "-", "br": "\n", "cr": "\n", "ptab": " "}


@dataclass(frozen=True)
class Item:
    """One paragraph or table row: its text, its style, and why it is furniture."""

    text: str
    style: str = ""
    reason: str = ""


class TextReader:
    """Reads the blocks of a part, and counts what was changed, hidden or left out on the way."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each thing that is not plainly text in the file."""
        counts = self._counts
        if counts["inserted"] or counts["deleted"]:
            yield (
                f"The file has tracked changes, read as accepted: "
                f"{counts['inserted']} insertions kept, {counts['deleted']} deletions left out."
            )
        if counts["hidden"]:
            yield f"{counts['hidden']} runs of hidden text were left out."
        if counts["numbered"]:
            yield f"Word numbers {counts['numbered']} paragraphs by itself; those numbers are not in the text."

    def blocks(self, container: Element) -> Iterator[Item]:
        """Yield the paragraphs and table rows below `container` in document order."""
        stack: list[Iterator[Element]] = [iter(container)]
        pending = ""  # a paragraph whose end has been deleted runs on in the next
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
            elif element.tag == "p":
                item, boxes = self._paragraph(element)
                item = replace(item, text=join(pending, item.text))
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
            yield Item(squeeze(pending))

    def _paragraph(self, paragraph: Element) -> tuple[Item, list[Element]]:
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
            elif element.tag not in _APART:
                self._counts["inserted"] += element.tag in {"ins", "moveTo"}
                stack.append(iter(element))
        return self._item(paragraph, "".join(parts)), boxes

    def _item(self, paragraph: Element, text: str) -> Item:
        properties = paragraph.find("pPr")
        if properties is None:
            return Item(text)
        style_element = properties.find("pStyle")
        style = (style_element.get("val", "") if style_element is not None else "").lower().replace(" ", "")
        if text.strip() and properties.find("numPr") is not None:
            self._counts["numbered"] += 1
        contents = style.startswith("toc") and style != "tocheading"
        return Item(text, style, "table of contents" if contents else "")

    def _rows(self, table: Element) -> Iterator[Item]:
        """Yield a row as one paragraph; the paragraphs of a row with one cell stay paragraphs."""
        for row in _below(table, "tr"):
            if row.find("trPr/del") is not None:
                self._counts["deleted"] += 1
                continue
            cells = [self._cell(cell) for cell in _below(row, "tc")]
            if len(cells) == 1:
                yield from (item for paragraph in cells[0] for item in _split(paragraph))
            elif any(item.text.strip() for cell in cells for item in cell):
                yield Item(" | ".join(squeeze(" ".join(item.text for item in cell)) for cell in cells), "tr")

    def _cell(self, cell: Element) -> list[Item]:
        return [self._paragraph(paragraph)[0] for paragraph in cell.iter("p")]


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


def _split(item: Item) -> Iterator[Item]:
    """Yield a paragraph cut at the line breaks in it, unless a break stands in mid-sentence."""
    texts: list[str] = []
    for line in item.text.split("\n"):
        text = squeeze(line)
        if texts and text and not ends_sentence(texts[-1]) and len(texts[-1]) >= 25:
            texts[-1] = join(texts[-1], text)
        elif text:
            texts.append(text)
    yield from (replace(item, text=text) for text in texts)


def _ends_deleted(paragraph: Element) -> bool:
    """Tell whether a tracked change has deleted the end of a paragraph."""
    properties = paragraph.find("pPr")
    return properties is not None and properties.find("rPr/del") is not None


def _is_hidden(run: Element) -> bool:
    properties = run.find("rPr")
    vanish = properties.find("vanish") if properties is not None else None
    return vanish is not None and vanish.get("val", "true").lower() not in {"false", "0", "off"}
