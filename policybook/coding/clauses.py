"""What both grammars of directives return: a directing clause."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Directing:
    """A clause that directs.

    `start` and `end` are its directive words and what belongs to them; its subject, if it has one, stands between
    `subject` and `start`. A `passive` clause is about its subject.
    """

    start: int
    end: int
    subject: int
    strength: str
    passive: bool = False
