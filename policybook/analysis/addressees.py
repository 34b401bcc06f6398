"""Who is asked to do what: the actors to whom a corpus addresses its directives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from policybook.corpus.model import Corpus, records

COLUMNS = (
    "sentence", "passage", "document", "start", "end", "text", "strength", "instrument", "subtype", "actor",
)  # fmt: skip

# An actor is the subject of a directive if nothing but this stands between them: adverbs, a list, a few words.
_SUBJECT_GAP = re.compile(r"[^，,；;：:。.!?！？]{0,24}")
_LIST_GAP = re.compile(
    r"[\s、，,]{0,2}(?:等|和|与|及|以及|and|or|as well as|the|all|以及)?[\s、，,]{0,2}(?:the |all )?", re.IGNORECASE
)
# Behind these an actor is an object or attribute, not the subject.
_NOT_SUBJECT = re.compile(
    r"(?:\b(?:of|by|for|with|in|to|from)(?: the| all)?\s*|[对向由在把被给为与同]|关于)$", re.IGNORECASE
)
_BREAK = re.compile(r"[；;：:。]")


def addressees(corpus: Corpus) -> pd.DataFrame:
    """Return one row for each directive and actor it is addressed to; `actor` is None where nobody is named.

    Columns as in COLUMNS, directives in reading order. A heuristic: the addressee is the actor, or the list of actors,
    that stands last before the directive in its sentence with no other clause between, and is not itself behind a
    preposition; a directive that follows another in one sentence without a subject of its own keeps the other's.
    Passive directives (the policy should be improved by …) and those whose addressee stands in an earlier sentence get
    None.
    """
    actors = {key: list(records(rows)) for key, rows in corpus.actors.groupby("sentence", sort=False)}
    sentences = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    rows: list[tuple[Any, ...]] = []
    sentence, before = "", 0  # of the directive before: its sentence and its end …
    last: list[str] = []  # … and whom it addresses
    for directive in records(corpus.directives):
        text, named = sentences[directive.sentence], actors.get(directive.sentence, [])
        same = directive.sentence == sentence
        floor = before if same else 0
        found = _subjects(
            text, [one for one in named if floor <= one.start and one.end <= directive.start], directive.start
        )
        if not found and same and not _BREAK.search(text, before, directive.start):
            found = last if not _has_subject(text, before, directive.start) else []
        sentence, before, last = directive.sentence, directive.end, found
        told: Sequence[str | None] = found or [None]
        rows.extend((*(getattr(directive, name) for name in COLUMNS[:-1]), actor) for actor in told)
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _subjects(text: str, named: Sequence[Any], start: int) -> list[str]:
    """Return the actors that are the subject of what begins at `start`, in their order."""
    subjects: list[str] = []
    gap, border = _SUBJECT_GAP, start
    for actor in reversed(named):
        if not gap.fullmatch(text, actor.end, border):
            break
        if _NOT_SUBJECT.search(text, max(0, actor.start - 12), actor.start):
            break
        if actor.actor not in subjects:
            subjects.insert(0, actor.actor)
        gap, border = _LIST_GAP, actor.start
    return subjects


def _has_subject(text: str, before: int, start: int) -> bool:
    """Whether words between two directives can be a subject of the second."""
    return re.search(r"[^\W\d_]{2,}", re.sub(r"\b(?:and|but|or|also|then)\b", "", text[before:start])) is not None
