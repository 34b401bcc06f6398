"""Finding directives: clauses that tell someone to do something, with their strength and policy instrument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policybook.project import Project


@dataclass(frozen=True)
class FoundDirective:
    """One directive of a sentence: its clause, its strength, its instrument and the instrument's subtype."""

    start: int
    end: int
    strength: str
    instrument: str
    subtype: str | None


class DirectiveFinder:
    """Finds directives."""

    def find(self, text: str, language: str) -> Iterator[FoundDirective]:
        """Yield the directives of one sentence, in order."""
        yield from ()


def load_directive_finder(project: Project) -> DirectiveFinder:
    """Return the finder with the words of data/lexicon/instruments.yml."""
    return DirectiveFinder()
