"""What is read of a web page before it is judged: its blocks of text and its metadata."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Stands in the text of a block for <br>.
BREAK = "\x00"


@dataclass
class Block:
    """A run of text between block boundaries."""

    text: str
    element: str  # the block element that holds it
    reason: str = ""  # why it is furniture, where an element says so
    mains: tuple[int, ...] = ()  # the main-text elements around it, numbered
    linked: int = 0  # characters inside links
    row: tuple[int, int, int] | None = None  # table, row and cell, all numbered


@dataclass
class Page:
    """All that the tokens of one page hold."""

    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    metadata: list[dict[str, str]] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)  # JSON-LD, which may hold the date
    readings: int = 0  # ruby annotations left out
    nested: set[int] = field(default_factory=set)  # tables that hold tables
    cells: dict[int, list[int]] = field(default_factory=dict)  # row -> its cells, empty ones too
    unclosed: str = ""  # a script or style that never ends, and so hides the rest
