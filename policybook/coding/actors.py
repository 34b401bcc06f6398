"""Finding actors: ministries, levels of government, places that act, officials by title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policybook.project import Project


@dataclass(frozen=True)
class FoundActor:
    """One actor named in a sentence, and where."""

    actor: str
    start: int
    end: int


class ActorFinder:
    """Finds actors."""

    @property
    def names_zh(self) -> Mapping[str, str]:
        """Official Chinese names of the actors by id."""
        return {}

    def find(self, text: str, language: str) -> Iterator[FoundActor]:
        """Yield the actors named in one sentence, in order."""
        yield from ()


def load_actor_finder(project: Project) -> ActorFinder:
    """Return the finder with the actors of data/lexicon/actors.yml."""
    return ActorFinder()
