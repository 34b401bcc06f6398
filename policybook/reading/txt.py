"""Plain text: a paragraph is a line that is not blank."""

from __future__ import annotations

import re

from policybook.reading.encodings import Decoded
from policybook.reading.received import Received

#: What ends a line. Files of five systems and Word's own page and line breaks: \v \f NEL LS PS.
_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_TAG = re.compile(
    r"</(?:div|p|article|section|table|main|h[1-6]|ul|ol|center|font|span|header|nav|script|style|form|meta|link|title|"
    r"a|b|i|em|strong|li|td|tr)>",
    re.IGNORECASE,
)


def split_paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a received text, as received; paragraph n is item n - 1."""
    return [line for line in _LINE_END.split(text) if line.strip()]


def read_txt(decoded: Decoded) -> Received:
    """Return a decoded plain text as paragraphs."""
    warnings = (*decoded.warnings, *_odd(decoded.text))
    return Received("txt", decoded.encoding, tuple(split_paragraphs(decoded.text)), warnings=warnings)


def _odd(text: str) -> list[str]:
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
