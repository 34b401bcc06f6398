"""XML of a stranger, read so that it can neither grow nor reach other files."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from policybook.corpus.reading.limits import ELEMENTS
from policybook.corpus.reading.received import RefusedError

_SAVE_AGAIN = "open it in Word and save it again as .docx"


def parse_xml(content: bytes, part: str) -> Element:
    """Return the tree of an XML part, names without their namespaces (w:p and the strict form's p are both p).

    Raises RefusedError when it is not well-formed, declares a document type (the only way to define entities)
    or holds more than ELEMENTS elements.
    """
    if content.count(b"<") > 2 * ELEMENTS:
        raise RefusedError(f"its part {part} has more than {ELEMENTS:,} elements", "split the document")
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
