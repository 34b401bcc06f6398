"""An id for a new document: publisher, year and title in lower-case ASCII, pinyin for Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from pypinyin import lazy_pinyin

_LONGEST = 60
_SMALL_WORDS = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with")
)
_NO_NAME = frozenset(("www", "com", "cn", "org", "net", "edu", "info", "html", "m"))


def make_id(publisher: str, year: str, title: str, taken: Container[str]) -> str:
    """Return an id that is not `taken`. Empty parts are left out; a document without any is called document."""
    parts = [*slug_words(publisher)[:2], *([year] if year else [])]
    parts += [word for word in slug_words(title) if word not in _SMALL_WORDS][:6]
    base = ""
    for part in parts:
        if base and len(base) + len(part) >= _LONGEST:
            break
        base = f"{base}-{part}" if base else part[:_LONGEST]
    base = base or "document"
    identifier, n = base, 2
    while identifier in taken:
        identifier, n = f"{base}-{n}", n + 1
    return identifier


def slug_words(text: str) -> list[str]:
    """Return the words of a text in lower-case ASCII, a Chinese character as its reading."""
    read = " ".join(lazy_pinyin(text, errors=lambda other: f" {other} "))
    plain = unicodedata.normalize("NFKD", read).encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain.replace("'", "")) if word]


def host_words(host: str) -> str:
    """Return what of a server's name tells who it is: ndrc gov for www.ndrc.gov.cn."""
    words = [word for word in host.lower().split(".") if word not in _NO_NAME and not word.isdigit()]
    return " ".join(words)
