"""The texts that a project recommends to add, with all that is known of each: data/recommended.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from policybook.corpus.entry_checks import check_dates, check_names
from policybook.corpus.manifest import SLUG
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import DateText, YamlFile

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class RecommendedText(BaseModel):
    """One text: what data/corpus.yml will say of it, and where it is to be had."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    group: str | None = None
    file: str | None = None
    sha256: str | None = None
    address: str | None = None
    find: str | None = None
    unverified: list[str] = Field(default_factory=list)
    title: str
    title_zh: str | None = None
    publisher: str
    doc_number: str | None = None
    published: DateText | None = None
    written: DateText | None = None
    written_evidence: str | None = None
    era: str | None = None
    language: Literal["zh", "en"]
    machine_translated: bool = False
    speaker: str
    voice: Literal["official", "reported", "commentary"]
    places: list[str] | None = None
    plan: str = "none"
    text_of: str | None = None
    rights: Literal["full", "quote"]
    rights_note: str
    notes: list[str] = Field(default_factory=list)

    @field_validator("id", "group")
    @classmethod
    def _is_slug(cls, value: str | None) -> str | None:
        if value is not None and not SLUG.fullmatch(value):
            raise ValueError(f"{value!r} is no id. Use lower-case letters, digits and single hyphens.")
        return value

    @field_validator("address")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not _ADDRESS.fullmatch(value):
            raise ValueError(f"{value!r} is no web address. Begin it with https:// or write null.")
        return value

    @field_validator("sha256")
    @classmethod
    def _is_hash(cls, value: str | None) -> str | None:
        if value is not None and not _SHA256.fullmatch(value):
            raise ValueError("it is no sha256. Write its 64 digits in lower case.")
        return value

    @field_validator("file")
    @classmethod
    def _is_name(cls, value: str | None) -> str | None:
        if value is not None and (Path(value).name != value or value.startswith(".") or "\\" in value):
            raise ValueError(f"{value!r} is no name of a file. Give the name without a folder.")
        return value


def load_recommended(project: Project, vocabulary: Vocabulary) -> tuple[RecommendedText, ...]:
    """Read data/recommended.yml; without the file nothing is recommended. Raises InvalidDataError for its mistakes."""
    path = project.recommended_file
    if not path.is_file():
        return ()
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    for n, raw in enumerate(file.entries("texts")):
        if isinstance(raw, dict):
            problems += check_names(file, ["texts", n], raw, vocabulary)
            problems += check_dates(file, ["texts", n], raw, vocabulary)
    texts = file.parse_entries("texts", RecommendedText, problems, unique="id")
    fields = list(RecommendedText.model_fields)
    problems += [
        file.problem(["texts", n, "unverified"], f"there is no field {name!r}.", suggest(name, fields))
        for n, text in texts.items()
        for name in text.unverified
        if name not in fields
    ]
    problems += _groups_that_are_texts(file, texts)
    if problems:
        raise InvalidDataError(problems)
    return tuple(texts.values())


def names_of(texts: Iterable[RecommendedText]) -> list[str]:
    """Return what can be asked for: every text's id, then every group."""
    listed = list(texts)
    return [*(text.id for text in listed), *dict.fromkeys(text.group for text in listed if text.group)]


def _groups_that_are_texts(file: YamlFile, texts: Mapping[int, RecommendedText]) -> list[Problem]:
    ids = {text.id for text in texts.values()}
    return [
        file.problem(["texts", n, "group"], f"{text.group!r} is the id of a text.", "Name the group otherwise.")
        for n, text in texts.items()
        if text.group in ids
    ]
