"""A look at a PDF's compressed streams before it is opened: none may unpack to more than a page can need."""

from __future__ import annotations

import re
import zlib

from policybook.corpus.reading.limits import STREAM_BYTES, STREAMS_BYTES
from policybook.corpus.reading.received import RefusedError

_STREAM = re.compile(rb"stream\r?\n")
_PIECE = 1_000_000
_DICTIONARY = 2_000  # bytes before a stream in which its dictionary stands


def check_streams(content: bytes) -> None:
    """Raise RefusedError when one stream of page content unpacks to more than STREAM_BYTES, or all to STREAMS_BYTES.

    Pictures and fonts are left out: they are large and are not unpacked to read text.
    """
    total = 0
    for found in _STREAM.finditer(content):
        before = content[max(0, found.start() - _DICTIONARY) : found.start()]
        dictionary = before[before.rfind(b" obj") + 1 :]
        if b"Flate" not in dictionary or re.search(rb"/Image\b|/Length1\b|/FontFile|/CIDFontType|/Type1C", dictionary):
            continue
        size = _unpacked(content, found.end(), STREAM_BYTES)
        total += size
        if size > STREAM_BYTES or total > STREAMS_BYTES:
            raise RefusedError(
                f"a page of the PDF unpacks to {size:,} bytes or more, as a bomb does",
                "print it to a new PDF or split it",
            )


def _unpacked(content: bytes, start: int, most: int) -> int:
    """Return how many bytes a stream unpacks to, counted to a little over `most`."""
    unpacker, size, data = zlib.decompressobj(), 0, content[start : start + _PIECE]
    while data and size <= most and not unpacker.eof:
        try:
            size += len(unpacker.decompress(data, _PIECE))
        except zlib.error:
            break
        data = unpacker.unconsumed_tail
        if not data:
            start += _PIECE
            data = content[start : start + _PIECE]
    return size
