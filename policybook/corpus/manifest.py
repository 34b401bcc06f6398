"""The entries of data/corpus.yml: what each document is, and the file that holds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from policybook.corpus.entry_checks import check_dates, check_file, check_names
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import DateText, YamlFile

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Override(BaseModel):
    """What a person knows of single paragraphs that no rule can. `none` empties a field."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    paragraphs: list[int] = Field(min_length=1)
    plan: str | None = None
    places: list[str] | None = None
    level: str | None = None
    era: str | None = None
    boilerplate: bool | None = None
    why: str


class DocumentEntry(BaseModel):
    """One document as data/corpus.yml describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    file: str
    sha256: str | None = None
    title: str
    title_zh: str | None = None
    publisher: str
    published: DateText | None = None
    written: DateText | None = None
    written_evidence: str | None = None
    language: Literal["zh", "en"]
    script: Literal["hans", "hant", "latn"] | None = None
    machine_translated: bool = False
    speaker: str
    voice: Literal["official", "reported", "commentary"]
    url: str | None = None
    accessed: DateText | None = None
    rights: Literal["full", "quote"]
    rights_note: str
    plan: str = "none"
    doc_number: str | None = None
    text_of: str | None = None
    recommended: str | None = None
    places: list[str] | None = None
    era: str | None = None
    notes: list[str] = Field(default_factory=list)
    overrides: list[Override] = Field(default_factory=list)

    @field_validator("id")
    @classmethod
    def _is_slug(cls, value: str) -> str:
        if not SLUG.fullmatch(value):
            raise ValueError(f"{value!r} is no id. Use lower-case letters, digits and single hyphens.")
        return value

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s\"'<>]+", value):
            raise ValueError(f"{value!r} is no web address. Begin it with https:// or leave the line out.")
        return value

    @property
    def dated(self) -> str | None:
        """When the text was written, or failing that published."""
        return self.written or self.published

    @property
    def default_places(self) -> tuple[str, ...]:
        """The places of a passage that names none."""
        return tuple(self.places) if self.places is not None else (self.speaker,)

    def era_in(self, vocabulary: Vocabulary) -> str:
        """Return the era the document was written in; `unknown` when nothing tells."""
        return self.era or (vocabulary.era_of(self.dated) if self.dated else None) or "unknown"


def load_manifest(
    project: Project, vocabulary: Vocabulary, *, path: Path | None = None, may_be_empty: bool = False
) -> tuple[DocumentEntry, ...]:
    """Read data/corpus.yml and hold it against the files and the vocabulary.

    `path` is another file to read in its stead: a new version that is checked before it takes its place.
    Raises InvalidDataError with every mistake: schema, missing or changed files, unknown names, no document.
    """
    file = YamlFile(path or project.corpus_file, project.name(project.corpus_file))
    problems: list[Problem] = []
    entries: list[DocumentEntry] = []
    first_use: dict[str, int] = {}
    for n, raw in enumerate(file.entries("documents")):
        where: list[str | int] = ["documents", n]
        identifier = raw.get("id") if isinstance(raw, dict) else None
        if isinstance(identifier, str):
            if identifier in first_use:
                earlier = file.line(["documents", first_use[identifier], "id"])
                problems.append(
                    file.problem(
                        [*where, "id"],
                        f"{identifier!r} stands already in line {earlier}.",
                        "Choose another id.",
                    )
                )
            first_use.setdefault(identifier, n)
        entry = file.parse(DocumentEntry, raw, where, problems)
        if isinstance(raw, dict):
            problems.extend(check_names(file, where, raw, vocabulary))
            problems.extend(check_file(file, where, raw, project))
            problems.extend(check_dates(file, where, raw, vocabulary))
        if entry:
            entries.append(entry)
    if not problems and not entries and not may_be_empty:
        problems.append(file.problem([], "it lists no document yet.", "Add one: policybook add FILE."))
    if problems:
        raise InvalidDataError(problems)
    return tuple(entries)
