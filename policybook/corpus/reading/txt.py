"""Plain text: a paragraph is a line that is not blank."""

from __future__ import annotations

import re

from policybook.corpus.reading.encodings import Decoded
from policybook.corpus.reading.received import Received
from policybook.corpus.reading.sniff import odd_text

#: What ends a line. Files of five systems and Word's own page and line breaks: \v \f NEL LS PS.
_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


def split_paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a received text, as received; paragraph n is item n - 1."""
    return [line for line in _LINE_END.split(text) if line.strip()]


def read_txt(decoded: Decoded) -> Received:
    """Return a decoded plain text as paragraphs."""
    warnings = (*decoded.warnings, *odd_text(decoded.text))
    return Received("txt", decoded.encoding, tuple(split_paragraphs(decoded.text)), warnings=warnings)
