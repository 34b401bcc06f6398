"""The names that scope is made of: places, levels, plans and eras, from data/lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, field_validator

from policybook.corpus.dates import parse_span
from policybook.corpus.yamlfile import YamlFile
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Entry):
    """A place and the words that name it; `institutions_*` name the country by its institutions."""

    id: str
    label: str
    label_zh: str
    within: str | None = None
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)
    institutions_zh: list[str] = Field(default_factory=list)
    institutions_en: list[str] = Field(default_factory=list)
    together: list[str] = Field(default_factory=list)


class Level(_Entry):
    """A level of government or territory, and the words that show a passage is about it."""

    id: str
    label: str
    label_zh: str
    strong_zh: list[str] = Field(default_factory=list)
    strong_en: list[str] = Field(default_factory=list)
    weak_zh: list[str] = Field(default_factory=list)
    weak_en: list[str] = Field(default_factory=list)
    weak_needed: int = 2


class Words(_Entry):
    """Word forms in both languages."""

    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)


class Plan(_Entry):
    """A plan and the names under which texts refer to it."""

    id: str
    label: str
    label_zh: str
    short: str
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)


class Era(_Entry):
    """A period named by the plan then in force."""

    id: str
    label: str
    begins: str
    ends: str | None = None

    @field_validator("begins", "ends", mode="before")
    @classmethod
    def _is_date(cls, value: object) -> object:
        if value is not None:
            parse_span(str(value))
            return str(value)
        return value


@dataclass(frozen=True)
class Vocabulary:
    """Every place, level, plan and era that a project knows."""

    places: tuple[Place, ...]
    self_reference: Words
    levels: tuple[Level, ...]
    plans: tuple[Plan, ...]
    eras: tuple[Era, ...]

    @cached_property
    def place_ids(self) -> list[str]:
        """Ids of the places, in the file's order."""
        return [place.id for place in self.places]

    @cached_property
    def plan_ids(self) -> list[str]:
        """Ids of the plans, and `none`."""
        return [*(plan.id for plan in self.plans), "none"]

    @cached_property
    def level_ids(self) -> list[str]:
        """Ids of the levels."""
        return [level.id for level in self.levels]

    @cached_property
    def era_ids(self) -> list[str]:
        """Ids of the eras."""
        return [era.id for era in self.eras]

    def label(self, value: str) -> str:
        """Return the English label of a place, level, plan or era; the id itself when there is none."""
        for entry in (*self.places, *self.levels, *self.plans, *self.eras):
            if entry.id == value:
                return entry.label
        return value

    def short_plan(self, identifier: str) -> str:
        """Return the short English name of a plan; the id itself when there is none."""
        return next((plan.short for plan in self.plans if plan.id == identifier), identifier)

    def era_of(self, written: str) -> str | None:
        """Return the id of the era in which a text written on `written` was written.

        A span belongs to the era in which it begins. None when no era holds the date.
        """
        first, _ = parse_span(written)
        for era in self.eras:
            begins = parse_span(era.begins)[0]
            ends = parse_span(era.ends)[1] if era.ends else None
            if begins <= first and (ends is None or first <= ends):
                return era.id
        return None


def load_vocabulary(project: Project) -> Vocabulary:
    """Read data/lexicon/places.yml and plans.yml.

    Raises InvalidDataError with every mistake in the two files.
    """
    problems: list[Problem] = []
    places_file = _open(project, "places.yml", problems)
    plans_file = _open(project, "plans.yml", problems)
    if places_file is None or plans_file is None:
        raise InvalidDataError(problems)

    def parse(file: YamlFile, key: str, model: type[_Entry]) -> tuple[_Entry, ...]:
        parsed = [file.parse(model, entry, [key, n], problems) for n, entry in enumerate(file.entries(key))]
        return tuple(entry for entry in parsed if entry)

    places, levels = parse(places_file, "places", Place), parse(places_file, "levels", Level)
    plans, eras = parse(plans_file, "plans", Plan), parse(plans_file, "eras", Era)
    reference = places_file.parse(Words, _mapping(places_file, "self_reference"), ["self_reference"], problems)
    for file, key in ((places_file, "places"), (places_file, "levels"), (plans_file, "plans"), (plans_file, "eras")):
        _unique_ids(file, key, problems)
    known = {entry.get("id") for entry in places_file.entries("places") if isinstance(entry, dict)}
    for n, place in enumerate(places_file.entries("places")):
        for name in [place.get("within"), *(place.get("together") or [])] if isinstance(place, dict) else []:
            if name is not None and name not in known:
                problems.append(places_file.problem(["places", n], f"names the unknown place {name!r}."))
    if problems:
        raise InvalidDataError(problems)
    assert reference is not None  # a failed parse has left a problem
    return Vocabulary(places, reference, levels, plans, eras)  # type: ignore[arg-type]


def _open(project: Project, name: str, problems: list[Problem]) -> YamlFile | None:
    path = project.lexicon / name
    try:
        return YamlFile(path, project.name(path))
    except InvalidDataError as error:
        problems.extend(error.problems)
        return None


def _mapping(file: YamlFile, key: str) -> object:
    content = file.content
    return dict(content.get(key) or {}) if isinstance(content, dict) else {}


def _unique_ids(file: YamlFile, key: str, problems: list[Problem]) -> None:
    seen: set[object] = set()
    for n, entry in enumerate(file.entries(key)):
        identifier = entry.get("id") if isinstance(entry, dict) else None
        if identifier in seen:
            problems.append(file.problem([key, n, "id"], f"{identifier!r} is used twice.", "Give each its own id."))
        seen.add(identifier)
