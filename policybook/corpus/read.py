"""From the bytes of a received file to its text and its numbered paragraphs."""

from __future__ import annotations

import codecs

from policybook.errors import UnreadableDocumentError


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text of a received file and the name of its encoding.

    UTF-8 and UTF-16 (with a byte-order mark) are read.
    Raises UnreadableDocumentError, naming `name`, when the bytes are neither, or hold no text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocumentError(
            f"{name}: byte {error.start} is not {encoding.upper()} text. "
            "Save the file as UTF-8 plain text and try again."
        ) from None
    if "\x00" in text:
        raise UnreadableDocumentError(f"{name}: it holds NUL bytes, so it is not plain text. Save its text as UTF-8.")
    if not text.strip():
        raise UnreadableDocumentError(f"{name}: the file holds no text.")
    return text, encoding


def split_paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a received text, as received; paragraph n is item n - 1."""
    return [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
