"""How much is read of one file, so that no file can take the machine with it."""

from __future__ import annotations

import os

from policybook.corpus.reading.received import RefusedError

#: Characters of text in one document, unless POLICYBOOK_TEXT_LIMIT says otherwise. A five-year plan has some 70,000;
#: more than this would keep a reader waiting for over ten seconds.
LIMIT = 500_000
#: Bytes of one file.
BYTES = 50_000_000
#: Tags and texts of one page: long pages with tables have some 50,000.
TAGS = 150_000
#: Characters of a page's source for each character of text that is allowed.
SOURCE_FACTOR = 40
#: Elements of one part of a Word file.
ELEMENTS = 600_000
#: Pages of one PDF.
PAGES = 5_000
#: Bytes that one stream of a PDF's page contents unpacks to, and all of them; a page of text has 20,000 to 100,000.
STREAM_BYTES = 12_000_000
STREAMS_BYTES = 300_000_000
#: Files in a Word file, the bytes that they unpack to, and the bytes of a single one that is read.
MEMBERS = 10_000
UNPACKED_BYTES = 500_000_000
MEMBER_BYTES = 60_000_000

_VARIABLE = "POLICYBOOK_TEXT_LIMIT"


def text_limit(limit: int | None = None) -> int:
    """Return `limit`, or what the environment variable POLICYBOOK_TEXT_LIMIT says, or LIMIT."""
    if limit is not None:
        return limit
    stated = os.environ.get(_VARIABLE, "").replace("_", "").replace(",", "")
    return int(stated) if stated.isascii() and stated.isdigit() else LIMIT


def check_size(content: bytes) -> None:
    """Raise RefusedError when a file holds nothing or is larger than BYTES."""
    if not content:
        raise RefusedError("the file is empty", "give a file that holds text")
    if len(content) > BYTES:
        raise RefusedError(
            f"the file has {len(content):,} bytes and at most {BYTES:,} are read", "split it into several documents"
        )


def check_source(characters: int, limit: int) -> None:
    """Raise RefusedError when a page's source is too long for any page with at most `limit` characters of text."""
    if characters > limit * SOURCE_FACTOR:
        raise RefusedError(
            f"the page's source has {characters:,} characters and at most {limit * SOURCE_FACTOR:,} are read",
            f"save only its text or set {_VARIABLE} to a higher number than {limit}",
        )


def check_length(characters: int, limit: int) -> None:
    """Raise RefusedError when a text is longer than the limit."""
    if characters > limit:
        raise RefusedError(
            f"the text has {characters:,} characters and at most {limit:,} are read",
            f"split it into several documents or set {_VARIABLE} to a higher number",
        )
