"""Finding quantities: numbers with their unit, qualifier and kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policybook.project import Project


@dataclass(frozen=True)
class FoundQuantity:
    """One quantity of a sentence: where it stands, its plain value, unit, qualifier, kind and indicator."""

    start: int
    end: int
    value: float | int | str | list[int]
    unit: str | None
    qualifier: str
    kind: str
    indicator: str | None


class QuantityFinder:
    """Finds quantities."""

    def find(self, text: str, language: str) -> Iterator[FoundQuantity]:
        """Yield the quantities of one sentence, in order."""
        yield from ()


def load_quantity_finder(project: Project) -> QuantityFinder:
    """Return the finder with the words of data/lexicon/quantities.yml."""
    return QuantityFinder()
