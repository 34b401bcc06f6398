"""What reading a file gives, and why a file is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["txt", "html", "pdf", "docx"]


@dataclass(frozen=True)
class Received:
    """The text of one file as numbered paragraphs, and everything doubtful about it.

    format      what the content shows it to be; the file's name is never asked
    encoding    of the text as decoded, "" where the format has none of its own (pdf, docx)
    paragraphs  in order, none empty; paragraph n is item n - 1
    furniture   paragraph number -> reason, where the format itself shows that it is not text
    title       from the file's own metadata or headings
    published   ISO date from the file's own metadata
    warnings    one sentence each: what is doubtful
    """

    format: Format
    encoding: str
    paragraphs: tuple[str, ...]
    furniture: Mapping[int, str] = field(default_factory=dict)
    title: str | None = None
    published: str | None = None
    warnings: tuple[str, ...] = ()


class RefusedError(Exception):
    """A file cannot be read: `wrong` says why and `remedy` what to do, neither of them names the file."""

    def __init__(self, wrong: str, remedy: str) -> None:
        self.wrong, self.remedy = wrong, remedy
        super().__init__(f"{wrong}; {remedy}.")
