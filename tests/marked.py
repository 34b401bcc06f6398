"""Sentences marked by hand: {what is found|what it is}."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PART = re.compile(r"\{([^{}|]*)\|([^{}]*)\}")


@dataclass(frozen=True)
class Marked:
    """A sentence, and of everything marked in it start, end and label."""

    language: str
    text: str
    found: tuple[tuple[int, int, str], ...]


def read(name: str) -> Iterator[Marked]:
    """Yield the sentences of a file in tests/coding, with columns `language` and `marked`."""
    with (Path(__file__).parent / "coding" / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield parse(row["language"], row["marked"])


def parse(language: str, marked: str) -> Marked:
    """Return a marked sentence without its marks, and where they stood."""
    text, found, behind = "", [], 0
    for part in _PART.finditer(marked):
        text += marked[behind : part.start()]
        found.append((len(text), len(text) + len(part[1]), part[2]))
        text, behind = text + part[1], part.end()
    return Marked(language, text + marked[behind:], tuple(found))
