"""What every code of the hand coding means, from data/gold/codebook.yml: a page for people who read or repeat it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from policybook.coding.codes import INSTRUMENTS, KINDS, QUALIFIERS, STRENGTHS
from policybook.coding.scheme import load_scheme
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import YamlFile


class Entry(BaseModel):
    """One code: what bears it and what does not. `term_zh` is given for a concept only."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    of: Literal["concept", "quantity_kind", "qualifier", "actor", "directive", "strength", "instrument", "subtype"]
    term_zh: str | None = None
    definition: str = Field(min_length=1)
    example: str = Field(min_length=1)
    counter_example: str = Field(min_length=1)


class HandCoding(BaseModel):
    """Who coded the sentences of data/gold, in which order, and how they were split."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    coder: str = Field(min_length=1)
    order: str = Field(min_length=1)
    split: str = Field(min_length=1)
    second_pass: str | None = None
    written: str | None = None


class Details(BaseModel):
    """Of each thing coded, what the entries leave open."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    concept: str | None = None
    quantity: str | None = None
    actor: str | None = None
    directive: str | None = None


@dataclass(frozen=True)
class Codebook:
    """The entries in the order of the file, and what is said of the coding as a whole."""

    entries: tuple[Entry, ...]
    coding: HandCoding | None
    details: Details

    @cached_property
    def by_code(self) -> Mapping[tuple[str, str], Entry]:
        """Entries by what they are a code of, and the code."""
        return {(entry.of, entry.code): entry for entry in self.entries}


def load_codebook(project: Project) -> Codebook:
    """Read data/gold/codebook.yml.

    Raises InvalidDataError with every mistake: schema, a code that exists nowhere or is given twice, a Chinese term
    that is not the concept's. A code without an entry is allowed, so that a scheme can grow.
    """
    path = codebook_file(project)
    file = YamlFile(path, project.name(path))
    terms = {concept.id: concept.term_zh for concept in load_scheme(project).concepts}
    known = known_codes(terms)
    problems: list[Problem] = []
    content = file.content if isinstance(file.content, dict) else {}
    coding = file.parse(HandCoding, content["coding"], ["coding"], problems) if "coding" in content else None
    details = file.parse(Details, content.get("details", {}), ["details"], problems)
    parsed = file.parse_entries("entries", Entry, problems)
    seen: set[tuple[str, str]] = set()
    for n, entry in parsed.items():
        where: list[str | int] = ["entries", n, "code"]
        if entry.code not in known[entry.of]:
            hint = suggest(entry.code, known[entry.of])
            problems.append(file.problem(where, f"unknown {entry.of} {entry.code!r}.", hint))
        elif (entry.of, entry.code) in seen:
            problems.append(file.problem(where, f"{entry.code!r} is given twice.", "Keep one of the two."))
        elif entry.term_zh != terms.get(entry.code if entry.of == "concept" else ""):
            term = terms.get(entry.code) if entry.of == "concept" else None
            fix = f"Write {term!r}." if term else "Take it out."
            problems.append(file.problem(["entries", n, "term_zh"], f"{entry.term_zh!r} is not its term.", fix))
        seen.add((entry.of, entry.code))
    if problems:
        raise InvalidDataError(problems)
    return Codebook(tuple(parsed.values()), coding, details or Details())


def codebook_file(project: Project) -> Path:
    """Return where the codebook is kept."""
    return project.data / "gold" / "codebook.yml"


def known_codes(concepts: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return every code there is, by what it is a code of, given the ids of the scheme's concepts."""
    return {
        "concept": tuple(concepts),
        "quantity_kind": KINDS,
        "qualifier": QUALIFIERS,
        "actor": ("actor",),
        "directive": ("directive",),
        "strength": STRENGTHS,
        "instrument": tuple(INSTRUMENTS),
        "subtype": tuple(subtype for subtypes in INSTRUMENTS.values() for subtype in subtypes),
    }
