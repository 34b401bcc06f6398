"""From the tokens of a page to its blocks of text, each with where it stands. No recursion: depth costs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from policybook.corpus.reading.elements import BLOCKS, CLOSES, HEADINGS, VOID, furniture_reason, is_hidden, is_main
from policybook.corpus.reading.limits import TAGS
from policybook.corpus.reading.page import BREAK, Block, Page
from policybook.corpus.reading.received import RefusedError
from policybook.corpus.reading.tokens import Token
from policybook.corpus.reading.words import words

_IN_HEAD = words("head title meta link script style base noscript template")


@dataclass(slots=True)
class _Open:
    name: str
    hidden: bool
    reason: str
    mains: tuple[int, ...]
    cell: tuple[int, int, int] | None
    article: bool


def read_page(tokens: Iterable[Token]) -> Page:
    """Return the blocks and metadata of a page. Raises RefusedError when it has too many tags."""
    reader = _Reader()
    for number, token in enumerate(tokens):
        if number > TAGS:
            raise RefusedError(f"the page has more than {TAGS:,} tags and texts", "save only its text and give that")
        reader.take(token)
    reader.finish()
    return reader.page


class _Reader:
    def __init__(self) -> None:
        self.page = Page()
        self._stack: list[_Open] = []
        self._open: Counter[str] = Counter()
        self._buffer: list[str] = []
        self._blank = True  # nothing but white space in the buffer
        self._linked = 0
        self._count = 0  # numbers tables, rows, cells and main elements

    def take(self, token: Token) -> None:
        """Take the next token."""
        if token.kind == "text":
            self._text(token.text)
        elif token.kind == "start":
            self._start(token)
        else:
            self._end(token.name)

    def finish(self) -> None:
        """Close what is open at the end of the page."""
        self.flush()
        if self._stack and self._stack[-1].name in {"script", "style"}:
            self.page.unclosed = self._stack[-1].name

    def flush(self) -> None:
        """Close the block that is being read."""
        text = "".join(self._buffer)
        self._buffer.clear()
        self._blank = True
        top = self._stack[-1] if self._stack else None
        if text.strip(BREAK + " \t\r\n\f\xa0"):
            element = next((one.name for one in reversed(self._stack[-50:]) if one.name in BLOCKS), "")
            block = Block(text, element, linked=self._linked)
            if top:
                block.reason, block.mains, block.row = top.reason, top.mains, top.cell
            self.page.blocks.append(block)
        self._linked = 0

    def _text(self, text: str) -> None:
        top = self._stack[-1] if self._stack else None
        if top and top.name == "title" and not self._open["svg"]:
            self.page.title = self.page.title or text
        elif top and top.name == "script":
            self.page.scripts.append(text[:100_000])
        elif not (top and top.hidden):
            self._buffer.append(text)
            self._blank = self._blank and not text.strip()
            self._linked += len("".join(text.split())) if self._open["a"] else 0

    def _start(self, token: Token) -> None:
        name, attributes = token.name, token.attributes
        if name == "br":
            self._buffer.append(BREAK)
        elif name == "meta":
            self.page.metadata.append(dict(attributes))
        elif name == "time" and attributes.get("datetime"):
            self.page.times.append(attributes["datetime"])
        elif name == "rt":
            self.page.readings += 1
        if self._stack and self._stack[-1].name in {"title", "textarea"}:  # never closed; they hold no elements
            self._pop()
        if name not in _IN_HEAD and self._stack and self._stack[-1].name == "head":
            self._pop()
        if name in BLOCKS:
            self.flush()
            self._imply_ends(name)
        elif name == "a" and self._open["a"]:
            self._forget("a")
        if name not in VOID and (name != "a" or "href" in attributes):
            self._push(name, token)

    def _push(self, name: str, token: Token) -> None:
        top = self._stack[-1] if self._stack else None
        hidden = bool(top and top.hidden) or is_hidden(name, token.attributes) or name in {"title", "head"}
        one = _Open(name, hidden, "", (), None, False)
        if top:
            one.reason, one.mains, one.cell, one.article = top.reason, top.mains, top.cell, top.article
        if name in BLOCKS or self._blank:
            one.reason = one.reason or furniture_reason(name, token.attributes, one.article)
        if is_main(name, token.attributes):
            one.mains, one.article = (*one.mains[-8:], self._number()), True
        if name == "table":
            self._open_table(one)
        elif name == "tr" and one.cell:
            one.cell = (one.cell[0], self._number(), 0)
            self.page.cells[one.cell[1]] = []
        elif name in {"td", "th"} and one.cell:
            one.cell = (one.cell[0], one.cell[1], self._number())
            self.page.cells.setdefault(one.cell[1], []).append(one.cell[2])
        self._stack.append(one)
        self._open[name] += 1

    def _open_table(self, one: _Open) -> None:
        table = self._number()
        if one.cell:
            self.page.nested.add(one.cell[0])
        one.cell = (table, 0, 0)

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _imply_ends(self, name: str) -> None:
        """End the elements that a start tag ends by itself: a p at any block, an li at the next li."""
        if self._open["p"] and name not in {"button", "option"}:
            self._close_until(frozenset({"p"}), frozenset({"td", "th", "table", "div", "button", "li", "caption"}), 12)
        if name in HEADINGS and self._stack and self._stack[-1].name in HEADINGS:
            self._pop()
        if name in CLOSES:
            targets, limits = CLOSES[name]
            while self._close_until(targets, limits, 40):
                pass

    def _close_until(self, targets: frozenset[str], limits: frozenset[str], depth: int) -> bool:
        """Pop down to the nearest open element of `targets` unless one of `limits` stands before it."""
        for steps, one in enumerate(reversed(self._stack[-depth:]), 1):
            if one.name in limits:
                return False
            if one.name in targets:
                for _ in range(steps):
                    self._pop()
                return True
        return False

    def _end(self, name: str) -> None:
        if name in BLOCKS:
            self.flush()
        if name == "br":
            self._buffer.append(BREAK)
        if name == "p" and not self._open["p"]:
            self.flush()
        if not self._open[name]:
            return
        if name in BLOCKS or self._stack[-1].name == name:
            while self._pop() != name:
                pass
            return
        if not self._close_until(frozenset({name}), BLOCKS, 60):
            self._forget(name)

    def _forget(self, name: str) -> None:
        """End an inline element across a block boundary, as badly nested pages do; the block stays open."""
        for index in range(len(self._stack) - 1, max(-1, len(self._stack) - 60), -1):
            if self._stack[index].name == name:
                del self._stack[index]
                self._open[name] -= 1
                return

    def _pop(self) -> str:
        one = self._stack[-1]
        if one.reason and self._buffer and (len(self._stack) < 2 or one.reason != self._stack[-2].reason):
            self.flush()
        self._stack.pop()
        self._open[one.name] -= 1
        return one.name
