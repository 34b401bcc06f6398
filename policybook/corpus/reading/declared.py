"""What encoding a page says it is in, and one name for encodings that have several."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)


def declared_encoding(content: bytes) -> str:
    """Return the encoding that a page declares in its meta element or XML declaration, or nothing."""
    found = _XML_DECLARED.match(content) or _DECLARED.search(content[:8192])
    return found.group(1).decode("ascii", "replace") if found else ""


def canonical(name: str) -> str:
    """Return one name for an encoding and its subsets and supersets."""
    lower = name.lower().replace("_", "-")
    if lower.startswith(("gb", "x-gbk", "cp936", "hz", "euc-cn")):
        return "gb18030"
    if lower.startswith(("big5", "cp950", "x-big5")):
        return "big5"
    try:
        return codecs.lookup(lower).name.removesuffix("-sig")
    except LookupError:
        return lower
