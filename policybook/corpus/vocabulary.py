"""The names that scope is made of: places, levels, plans and eras, from data/lexicon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import DateText, YamlFile, parse_span


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Model):
    id: str
    label: str


class Place(_Entry):
    """A place and the words that name it; `institutions_*` name the country by its institutions."""

    label_zh: str
    within: str | None = None
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)
    institutions_zh: list[str] = Field(default_factory=list)
    institutions_en: list[str] = Field(default_factory=list)
    together: list[str] = Field(default_factory=list)


class Level(_Entry):
    """A level of government or territory, and the words that show a passage is about it."""

    label_zh: str
    strong_zh: list[str] = Field(default_factory=list)
    strong_en: list[str] = Field(default_factory=list)
    weak_zh: list[str] = Field(default_factory=list)
    weak_en: list[str] = Field(default_factory=list)
    weak_needed: int = 2


class Words(_Model):
    """Word forms in both languages."""

    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)


class Plan(_Entry):
    """A plan and the names under which texts refer to it."""

    label_zh: str
    short: str
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)


class Era(_Entry):
    """A period named by the plan then in force."""

    begins: DateText
    ends: DateText | None = None


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
        labels = {place.id: place.label for place in self.places}
        labels |= {level.id: level.label for level in self.levels}
        labels |= {plan.id: plan.label for plan in self.plans}
        labels |= {era.id: era.label for era in self.eras}
        return labels.get(value, value)

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
    """Read data/lexicon/places.yml and plans.yml; a project without plans.yml has no plans and no eras.

    Raises InvalidDataError with every mistake in the two files.
    """
    problems: list[Problem] = []
    places_file = _open(project, "places.yml", problems)
    has_plans = (project.lexicon / "plans.yml").is_file()
    plans_file = _open(project, "plans.yml", problems) if has_plans else None
    if places_file is None or (has_plans and plans_file is None):
        raise InvalidDataError(problems)

    places = places_file.parse_entries("places", Place, problems, unique="id")
    levels = places_file.parse_entries("levels", Level, problems, unique="id")
    plans = plans_file.parse_entries("plans", Plan, problems, unique="id") if plans_file else {}
    eras = plans_file.parse_entries("eras", Era, problems, unique="id") if plans_file else {}
    reference = places_file.parse(Words, places_file.mapping("self_reference"), ["self_reference"], problems)
    _check_references(places_file, places, problems)
    if problems:
        raise InvalidDataError(problems)
    assert reference is not None  # a failed parse has left a problem
    return Vocabulary(
        tuple(places.values()), reference, tuple(levels.values()), tuple(plans.values()), tuple(eras.values())
    )


def _open(project: Project, name: str, problems: list[Problem]) -> YamlFile | None:
    path = project.lexicon / name
    try:
        return YamlFile(path, project.name(path))
    except InvalidDataError as error:
        problems.extend(error.problems)
        return None


def _check_references(file: YamlFile, places: Mapping[int, Place], problems: list[Problem]) -> None:
    """Note places that name a place which the file does not have."""
    known = [str(raw.get("id")) for raw in file.entries("places") if isinstance(raw, dict)] if places else []
    for n, place in places.items():
        for field, names in (("within", [place.within]), ("together", place.together)):
            for name in names:
                if name is not None and name not in known:
                    problems.append(
                        file.problem(["places", n, field], f"unknown place {name!r}.", suggest(name, known))
                    )
