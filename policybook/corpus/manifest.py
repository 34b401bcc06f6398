"""The entries of data/corpus.yml: what each document is, and the file that holds it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from policybook.corpus.dates import parse_span
from policybook.corpus.read import decode, split_paragraphs
from policybook.corpus.vocabulary import Vocabulary
from policybook.corpus.yamlfile import YamlFile
from policybook.errors import InvalidDataError, Problem, UnreadableDocumentError, suggest
from policybook.project import Project

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
    published: str | None = None
    written: str | None = None
    written_evidence: str | None = None
    language: Literal["zh", "en"]
    script: Literal["hans", "hant", "latn"] | None = None
    machine_translated: bool = False
    speaker: str
    voice: Literal["official", "reported", "commentary"]
    url: str | None = None
    rights: Literal["full", "quote"]
    rights_note: str
    plan: str = "none"
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

    @field_validator("published", "written", mode="before")
    @classmethod
    def _is_date(cls, value: object) -> object:
        if value is None:
            return None
        parse_span(str(value))
        return str(value)

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


def load_manifest(project: Project, vocabulary: Vocabulary) -> tuple[DocumentEntry, ...]:
    """Read data/corpus.yml and hold it against the files and the vocabulary.

    Raises InvalidDataError with every mistake: schema, missing or changed files, unknown names.
    """
    file = YamlFile(project.corpus_file, project.name(project.corpus_file))
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
        names = entry.model_dump() if entry else raw if isinstance(raw, dict) else {}
        problems.extend(_check_names(file, where, names, vocabulary))
        problems.extend(_check_file(file, where, names, project))
        if entry:
            problems.extend(_check_dates(file, where, entry, vocabulary))
            entries.append(entry)
    if not problems and not entries:
        problems.append(file.problem([], "it lists no document.", "Add an entry under 'documents:'."))
    if problems:
        raise InvalidDataError(problems)
    return tuple(entries)


def document_path(project: Project, name: str) -> Path | None:
    """Return the path of a received file, or None when `name` leads out of data/documents."""
    path = project.documents / name
    plain = Path(name).name == name and "\0" not in name
    return path if plain and path.resolve().is_relative_to(project.documents.resolve()) else None


def _check_names(
    file: YamlFile, where: list[str | int], entry: dict[str, object], vocabulary: Vocabulary
) -> list[Problem]:
    known = {
        "plan": vocabulary.plan_ids,
        "speaker": vocabulary.place_ids,
        "places": vocabulary.place_ids,
        "era": vocabulary.era_ids,
        "level": [*vocabulary.level_ids, "none"],
    }
    problems = []
    overrides = entry.get("overrides")
    scopes: list[tuple[list[str | int], object]] = [(where, entry)]
    scopes += [
        ([*where, "overrides", n], o) for n, o in enumerate(overrides if isinstance(overrides, list) else [])
    ]
    for location, scope in scopes:
        for field, options in known.items():
            value = scope.get(field) if isinstance(scope, dict) else None
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and one not in options:
                    kind = {"places": "place", "speaker": "place"}.get(field, field)
                    problems.append(
                        file.problem([*location, field], f"unknown {kind} {one!r}.", suggest(one, options))
                    )
    return problems


def _check_file(
    file: YamlFile, where: list[str | int], entry: dict[str, object], project: Project
) -> list[Problem]:
    name = entry.get("file")
    if not isinstance(name, str):
        return []
    place = [*where, "file"]
    path = document_path(project, name)
    folder = project.name(project.documents)
    if path is None:
        return [file.problem(place, f"{name!r} is not directly in {folder}.", "Give the file's name only.")]
    if not path.is_file():
        present = sorted(p.name for p in project.documents.glob("*")) if project.documents.is_dir() else []
        hint = suggest(name, present) if present else ""
        return [
            file.problem(
                place, f"{folder}/{name} is missing.", f"Put it there or correct the name. {hint}".strip()
            )
        ]
    content = path.read_bytes()
    actual = hashlib.sha256(content).hexdigest()
    stated = entry.get("sha256")
    if stated is None:
        return [file.problem(where, "'sha256' is missing.", f"Add a line 'sha256: {actual}'.")]
    if stated != actual:
        return [
            file.problem(
                [*where, "sha256"],
                f"{folder}/{name} has changed: its sha256 is {actual}.",
                "Restore the file as received, or put this hash here if the change is meant.",
            )
        ]
    try:
        text, _ = decode(content, f"{folder}/{name}")
    except UnreadableDocumentError as error:
        return [file.problem(place, str(error))]
    return _check_paragraphs(file, where, entry, len(split_paragraphs(text)))


def _check_paragraphs(
    file: YamlFile, where: list[str | int], entry: dict[str, object], count: int
) -> list[Problem]:
    """Return a problem for every override of a paragraph that does not exist or has one already."""
    overrides = entry.get("overrides")
    problems: list[Problem] = []
    seen: set[int] = set()
    for n, override in enumerate(overrides if isinstance(overrides, list) else []):
        numbers = override.get("paragraphs") if isinstance(override, dict) else None
        for number in (one for one in (numbers if isinstance(numbers, list) else []) if isinstance(one, int)):
            place = [*where, "overrides", n, "paragraphs"]
            if not 1 <= number <= count:
                message = f"there is no paragraph {number}."
                problems.append(file.problem(place, message, f"The text has paragraphs 1 to {count}."))
            elif number in seen:
                message = f"paragraph {number} has an override already."
                problems.append(file.problem(place, message, "Join the two."))
            seen.add(number)
    return problems


def _check_dates(
    file: YamlFile, where: list[str | int], entry: DocumentEntry, vocabulary: Vocabulary
) -> list[Problem]:
    problems = []
    if entry.dated is None:
        problems.append(
            file.problem(
                where, "neither 'published' nor 'written' is given.", "Add 'written: YEAR' with its evidence."
            )
        )
    elif entry.era is None and vocabulary.era_of(entry.dated) is None:
        problems.append(
            file.problem(
                where, f"no era of data/lexicon/plans.yml holds {entry.dated!r}.", "Add 'era:' to this entry."
            )
        )
    if entry.published and entry.written and parse_span(entry.written)[0] > parse_span(entry.published)[1]:
        problems.append(
            file.problem(
                [*where, "written"],
                f"written {entry.written!r} after it was published {entry.published!r}.",
                "Correct one of the two dates.",
            )
        )
    return problems
