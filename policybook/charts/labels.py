"""What the rows of a chart are called and where they lead: checked columns, wrapped labels, safe addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

_SAFE = re.compile(r"#?[\w.~/%-]+(?:\?[\w.~/=&%-]*)?(?:#[\w.~:%-]+)?|https?://[^\s\"'<>]+")
#: Chinese characters with their punctuation, for use within a character class.
_HAN = "\u2e80-\u9fff\uff00-\uffef"


def check_columns(rows: pd.DataFrame, columns: Iterable[str], least: int = 1) -> None:
    """Raise ValueError when a table lacks a column, or has fewer than `least` rows to draw."""
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ValueError(f"the table lacks {', '.join(missing)}")
    if len(rows) < least:
        raise ValueError("no row to draw" if not len(rows) else f"a chart of this kind needs at least {least} rows")


def address(href: object) -> str | None:
    """Return a link as matplotlib takes it, None where there is none.

    `href` is an anchor of the page ("#row-land"), a relative page with or without anchor, or an http address.
    Raises ValueError for anything else: an address never comes from a document's text.
    """
    if href is None or pd.isna(href) or href == "":  # type: ignore[call-overload]
        return None
    if not isinstance(href, str) or not _SAFE.fullmatch(href) or href.startswith("//"):
        raise ValueError(f"{href!r} is no address of a page or of an anchor on it")
    return f"@{href[1:]}" if href.startswith("#") else href


def width(text: str) -> int:
    """Return how many Latin letters a text takes the room of; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def wrap(label: str, room: int, lines: int = 2) -> str:
    """Break a label into at most `lines` lines of about `room` Latin letters; what is left is cut off with "…".

    Breaks stand at spaces and before a run of Chinese; within one only where it is longer than a line.
    """
    pieces = []
    for piece in re.findall(rf"\s*(?:[^\s{_HAN}]+|[{_HAN}]+)", label.strip()):
        pieces += re.findall(rf"\s*[^\s{_HAN}]+|\s*[{_HAN}]", piece) if width(piece.strip()) > room else [piece]
    out = [""]
    for piece in pieces:
        if out[-1] and width(out[-1] + piece) > room:
            if len(out) == lines:
                return "\n".join(out).rstrip() + " …"
            out.append("")
        out[-1] += piece if out[-1] else piece.lstrip()
    return "\n".join(line.rstrip() for line in out)
