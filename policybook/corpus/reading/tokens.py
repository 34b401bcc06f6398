"""HTML as a flat stream of tags and texts, in one pass and in linear time whatever the page does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

_NAME = re.compile(r"/?[A-Za-z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_DECODED_RAW = frozenset({"textarea", "title"})
_ATTRIBUTE_CHARACTERS = 20_000  # of one tag that are looked at; what is beyond is data, such as pictures


@dataclass(frozen=True)
class Token:
    """One start tag, end tag or run of text (entities decoded)."""

    kind: Literal["start", "end", "text"]
    name: str = ""
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def tokenize(html: str) -> Iterator[Token]:
    """Yield the tags and texts of a page; comments, declarations and processing instructions are left out.

    Follows the tokenizer of the HTML standard except where that loses text: a quotation mark that never closes
    ends at the next >, and a comment that never closes hides only its own tag.
    """
    position, end = 0, len(html)
    finder = _Finder(html)
    while position < end:
        start = html.find("<", position)
        if start < 0:
            break
        if start > position:
            yield Token("text", text=unescape(html[position:start]))
        name = _NAME.match(html, start + 1)
        if name is None:
            position = finder.past_declaration(start)
            if position == start:
                yield Token("text", text="<")
                position = start + 1
            elif html.startswith("<![CDATA[", start):
                yield Token("text", text=html[start + 9 : position].removesuffix("]]>"))
            continue
        close = finder.tag_end(name.end())
        tag = name.group().lower()
        position = min(close + 1, end)
        if tag.startswith("/"):
            yield Token("end", tag[1:])
            continue
        yield Token("start", tag, attributes=_attributes(html[name.end() : close]))
        if tag in _RAW:
            raw_end = finder.raw_end(tag, position)
            content = html[position:raw_end]
            yield Token("text", text=unescape(content) if tag in _DECODED_RAW else content)
            position = raw_end
    if position < end:
        yield Token("text", text=unescape(html[position:]))


class _Finder:
    """Looks for what ends a construct, and remembers what is not there, so that no search is made twice in vain."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._missing: set[str] = set()

    def _find(self, what: str, start: int) -> int:
        if what in self._missing:
            return -1
        found = self._html.find(what, start)
        if found < 0:
            self._missing.add(what)
        return found

    def tag_end(self, start: int) -> int:
        """Return the place of the > that ends a tag, quoted attribute values skipped."""
        html, position = self._html, start
        while True:
            close = self._find(">", position)
            if close < 0:
                return len(html)
            quote = _first_quote(html, position, close)
            if quote < 0:
                return close
            after = self._find(html[quote], quote + 1)
            if after < 0:
                return close
            position = after + 1

    def past_declaration(self, start: int) -> int:
        """Return the place after a comment, declaration or instruction; `start` itself when there is none."""
        html = self._html
        if html[start : start + 9].lower() == "<!doctype":
            subset, close = self._find("[", start), self._find(">", start)
            if 0 <= subset < close and (end := self._find("]>", subset)) >= 0:
                return end + 2
        for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">"), ("</", ">")):
            if html.startswith(opening, start):
                found = self._find(closing, start + len(opening) - (2 if opening == "<!--" else 0))
                if found < 0:
                    found, closing = self._find(">", start), ">"
                return found + len(closing) if found >= 0 else start
        return start

    def raw_end(self, tag: str, start: int) -> int:
        """Return where the content of a script, style or the like ends."""
        if f"</{tag}" in self._missing:
            return self._missing_end(tag, start)
        found = re.compile(f"</{tag}", re.IGNORECASE).search(self._html, start)
        if found is None:
            self._missing.add(f"</{tag}")
            return self._missing_end(tag, start)
        return found.start()

    def _missing_end(self, tag: str, start: int) -> int:
        """Return where a raw element ends that is never closed: a title at the next tag, a script nowhere."""
        found = self._find("<", start) if tag in _DECODED_RAW else -1
        return found if found >= 0 else len(self._html)


def _first_quote(html: str, start: int, end: int) -> int:
    """Return the place of the first quotation mark that opens a value (after =) before `end`, or -1."""
    position = start
    while True:
        equals = html.find("=", position, end)
        if equals < 0:
            return -1
        position = equals + 1
        while position < end and html[position] in " \t\r\n\f":
            position += 1
        if position < end and html[position] in "\"'":
            return position


def _attributes(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text[:_ATTRIBUTE_CHARACTERS]):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found
