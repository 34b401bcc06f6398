"""data/corpus.yml and data/recommended.yml: one entry a document, with every check of it."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from policybook.corpus.scope import UNKNOWN, Vocabulary
from policybook.errors import Problem, UnreadableDocumentError, raise_problems, suggest
from policybook.project import Project, read_file
from policybook.reading.read import read_received
from policybook.tables import DateText, FileModel, Location, YamlFile, parse_span

#: What an id looks like, which is also the name of a page and of files.
SLUG = re.compile(r"(?!.{81})[a-z0-9]+(?:-[a-z0-9]+)*")
RawEntry = Mapping[str, object]
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: How many paragraphs a file has, by the hash of its bytes and its ending: while many are added each is read once.
_paragraphs: dict[tuple[str, str], int] = {}


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError(f"{value!r} is no id. Use lower-case letters, digits and single hyphens (80 at most).")
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError(f"{value!r} is no web address. Begin it with https:// or leave the line out.")
    return value


_Slug = Annotated[str, AfterValidator(_slug)]
_Address = Annotated[str, AfterValidator(_address)]


class Override(FileModel):
    """What a person knows of single paragraphs that no rule can. `none` empties a field."""

    paragraphs: list[int] = Field(min_length=1)
    plan: str | None = None
    places: list[str] | None = None
    level: str | None = None
    era: str | None = None
    boilerplate: bool | None = None
    why: str


class TextEntry(FileModel):
    """What both data/corpus.yml and data/recommended.yml say of a text."""

    id: _Slug
    sha256: str | None = None
    title: str
    title_zh: str | None = None
    publisher: str
    published: DateText | None = None
    written: DateText | None = None
    written_evidence: str | None = None
    language: Literal["zh", "en"]
    machine_translated: bool = False
    speaker: str
    voice: Literal["official", "reported", "commentary"]
    rights: Literal["full", "quote", "evidence"]
    rights_note: str
    plan: str = "none"
    doc_number: str | None = None
    text_of: str | None = None
    places: list[str] | None = None
    era: str | None = None
    notes: list[str] = Field(default_factory=list)


class DocumentEntry(TextEntry):
    """One document as data/corpus.yml describes it."""

    file: str
    script: Literal["hans", "hant", "latn"] | None = None
    url: _Address | None = None
    accessed: DateText | None = None
    recommended: str | None = None
    overrides: list[Override] = Field(default_factory=list)

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
        return self.era or (vocabulary.era_of(self.dated) if self.dated else None) or UNKNOWN


class RecommendedText(TextEntry):
    """One text: what data/corpus.yml will say of it, and where it is to be had."""

    group: _Slug | None = None
    file: str | None = None
    address: _Address | None = None
    find: str | None = None
    unverified: list[str] = Field(default_factory=list)

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


def load_manifest(project: Project, vocabulary: Vocabulary, *, path: Path | bytes | None = None,
                  may_be_empty: bool = False) -> tuple[DocumentEntry, ...]:  # fmt: skip
    """Read data/corpus.yml and hold it against the files and the vocabulary.

    `path` is another file to read in its stead, or its bytes: a new version that is checked before it takes its place.
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
                message = (
                    f"{identifier!r} stands already in line {file.line(['documents', first_use[identifier], 'id'])}."
                )
                problems.append(file.problem([*where, "id"], message, "Choose another id."))
            first_use.setdefault(identifier, n)
        entry = file.parse(DocumentEntry, raw, where, problems)
        if isinstance(raw, dict):
            problems.extend(check_names(file, where, raw, vocabulary))
            problems.extend(check_file(file, where, raw, project))
            problems.extend(check_dates(file, where, raw, vocabulary))
        if entry:
            entries.append(entry)
    problems += _given_twice(file, "file")
    if not problems:  # the bytes of files are held against each other once each is the file that was meant
        problems += _given_twice(file, "sha256")
    if not problems and not entries and not may_be_empty:
        problems.append(file.problem([], "it lists no document yet.", "Add one: policybook add FILE."))
    raise_problems(problems)
    return tuple(entries)


def _given_twice(file: YamlFile, field: str) -> Iterator[Problem]:
    """Yield a problem for every entry whose file, or whose bytes, an entry before it has."""
    seen: dict[str, int] = {}
    for n, raw in enumerate(file.entries("documents")):
        value = str(raw.get(field) or "").casefold() if isinstance(raw, dict) else ""
        if value and seen.setdefault(value, n) != n:
            line = file.line(["documents", seen[value], field])
            yield file.problem(["documents", n, field], f"line {line} has this very {field}.", "Keep one entry.")


def load_recommended(project: Project, vocabulary: Vocabulary) -> tuple[RecommendedText, ...]:
    """Read data/recommended.yml; without the file nothing is recommended. Raises InvalidDataError for its mistakes."""
    path = project.recommended_file
    if not path.exists():
        return ()
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    for n, raw in enumerate(file.entries("texts")):
        if isinstance(raw, dict):
            problems += check_names(file, ["texts", n], raw, vocabulary)
            problems += check_dates(file, ["texts", n], raw, vocabulary)
    texts = file.parse_entries("texts", RecommendedText, problems, unique="id")
    fields = list(RecommendedText.model_fields)
    problems += [file.problem(["texts", n, "unverified"], f"there is no field {name!r}.", suggest(name, fields))
                 for n, text in texts.items() for name in text.unverified if name not in fields]  # fmt: skip
    problems += _groups_that_are_texts(file, texts)
    raise_problems(problems)
    return tuple(texts.values())


def offered_names(texts: Iterable[RecommendedText]) -> list[str]:
    """Return what can be asked for: every text's id, then every group."""
    listed = list(texts)
    return [*(text.id for text in listed), *dict.fromkeys(text.group for text in listed if text.group)]


def document_path(project: Project, name: str) -> Path | None:
    """Return the path of a received file, or None when `name` leads out of data/documents."""
    path = project.documents / name.replace("\0", "")
    plain = Path(name).name == name and "\0" not in name
    inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(project.documents))
    return path if plain and inside else None


def check_names(file: YamlFile, where: Location, entry: RawEntry, vocabulary: Vocabulary) -> list[Problem]:
    """Return a problem for every unknown plan, place, era or level, of the entry and of its overrides."""
    known = {"plan": vocabulary.plan_ids, "text_of": [plan.id for plan in vocabulary.plans],
             "speaker": [*vocabulary.place_ids, UNKNOWN], "places": vocabulary.place_ids,
             "era": [*vocabulary.era_ids, UNKNOWN],
             "level": [*vocabulary.level_ids, "none"]}  # fmt: skip
    problems = []
    overrides = entry.get("overrides")
    scopes: list[tuple[Location, object]] = [(where, entry)]
    scopes += [([*where, "overrides", n], o) for n, o in enumerate(overrides if isinstance(overrides, list) else [])]
    for location, scope in scopes:
        for field, options in known.items():
            value = scope.get(field) if isinstance(scope, Mapping) else None
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and one not in options:
                    kind = {"places": "place", "speaker": "place", "text_of": "plan"}.get(field, field)
                    problems.append(file.problem([*location, field], f"unknown {kind} {one!r}.", suggest(one, options)))
    return problems


def check_file(file: YamlFile, where: Location, entry: RawEntry, project: Project) -> list[Problem]:
    """Return what is wrong with the received file: its name, its content, or overrides of its paragraphs."""
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
            file.problem(place, f"{folder}/{name} is missing.", f"Put it there or correct the name. {hint}".strip())
        ]
    try:
        content = read_file(path)
    except UnreadableDocumentError as error:
        return [file.problem(place, str(error))]
    actual = hashlib.sha256(content).hexdigest()
    stated = entry.get("sha256")
    if stated is None:
        return [file.problem(where, "'sha256' is missing.", f"Add a line 'sha256: {actual}'.")]
    if stated != actual:
        return [
            file.problem([*where, "sha256"], f"{folder}/{name} has changed: its sha256 is {actual}.",
                         "Restore the file as received, or put this hash here if the change is meant.")
        ]  # fmt: skip
    read = (actual, path.suffix)
    if read not in _paragraphs:
        try:
            _paragraphs[read] = len(read_received(content, f"{folder}/{name}").paragraphs)
        except UnreadableDocumentError as error:
            return [file.problem(place, str(error))]
    return _check_paragraphs(file, where, entry, _paragraphs[read])


def _check_paragraphs(file: YamlFile, where: Location, entry: RawEntry, count: int) -> list[Problem]:
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


def check_dates(file: YamlFile, where: Location, entry: RawEntry, vocabulary: Vocabulary) -> list[Problem]:
    """Return a problem for dates that are missing, of no era, or in the wrong order."""
    written, published = (None if entry.get(f) is None else str(entry[f]) for f in ("written", "published"))
    dated = written or published
    if dated is None:
        message, fix = "neither 'published' nor 'written' is given.", "Add 'written: YEAR' with its evidence."
        return [file.problem(where, message, fix)]
    try:
        late = bool(written and published) and parse_span(str(written))[0] > parse_span(str(published))[1]
        era = entry.get("era") or vocabulary.era_of(dated)
        accessed = entry.get("accessed")
        hasty = bool(accessed and published) and parse_span(str(accessed))[1] < parse_span(str(published))[0]
    except ValueError:  # no date; the schema has said so
        return []
    problems = []
    if era is None and vocabulary.eras:
        message, fix = f"no era of data/lexicon/plans.yml holds {dated!r}.", "Add 'era:' to this entry, or the month."
        problems.append(file.problem(where, message, fix))
    if hasty:
        message = f"accessed {accessed!r} before it was published {published!r}."
        problems.append(file.problem([*where, "accessed"], message, "Correct one of the two dates."))
    if late:
        message = f"written {written!r} after it was published {published!r}."
        problems.append(file.problem([*where, "written"], message, "Correct one of the two dates."))
    return problems


def _groups_that_are_texts(file: YamlFile, texts: Mapping[int, RecommendedText]) -> list[Problem]:
    ids = {text.id for text in texts.values()}
    return [file.problem(["texts", n, "group"], f"{text.group!r} is the id of a text.", "Name the group otherwise.")
            for n, text in texts.items() if text.group in ids]  # fmt: skip
