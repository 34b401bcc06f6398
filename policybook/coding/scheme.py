"""The coding scheme: concepts in two languages, grouped in themes, from data/lexicon/concepts.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policybook.coding.notation import Form, parse, plain, spell_out
from policybook.coding.scheme_checks import check_concepts, read_groups
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import YamlFile


class Theme(BaseModel):
    """A group of concepts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    label_zh: str


class Rule(BaseModel):
    """Forms of a concept whose meaning the words around them settle.

    The forms mean the concept for certain where one of `when` stands near, and do not where one of `unless`
    does. `otherwise` says what they are where neither decides; without `when`, they mean the concept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)
    when: list[str] = Field(default_factory=list)
    unless: list[str] = Field(default_factory=list)
    otherwise: Literal["ambiguous", "nothing"] | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Rule:
        if bool(self.zh) == bool(self.en):
            raise ValueError("a rule has forms in one language: write either 'zh' or 'en'.")
        if not self.when and not self.unless:
            raise ValueError("a rule needs 'when' or 'unless'.")
        return self

    @property
    def language(self) -> str:
        """Language of the forms and of the words around them."""
        return "zh" if self.zh else "en"

    @property
    def undecided(self) -> Literal["ambiguous", "nothing", "sure"]:
        """What the forms are where no word around them decides."""
        return self.otherwise or ("ambiguous" if self.when else "sure")


class Concept(BaseModel):
    """A policy term and the forms under which texts carry it, in the notation of policybook.coding.notation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    term_zh: str
    term_en: str
    pinyin: str
    theme: str
    broader: str | None = None
    exclude_from_comparison: Literal["corpus", "institution"] | None = None
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)
    ambiguous_zh: list[str] = Field(default_factory=list)
    ambiguous_en: list[str] = Field(default_factory=list)
    not_zh: list[str] = Field(default_factory=list)
    not_en: list[str] = Field(default_factory=list)
    rules: list[Rule] = Field(default_factory=list)
    note: str | None = None


@dataclass(frozen=True)
class Scheme:
    """Every theme and concept of a project."""

    themes: tuple[Theme, ...]
    concepts: tuple[Concept, ...]
    groups: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Concept]:
        """Concepts by id."""
        return {concept.id: concept for concept in self.concepts}

    @cached_property
    def theme_label(self) -> Mapping[str, str]:
        """English labels of the themes by id."""
        return {theme.id: theme.label for theme in self.themes}

    def counted(self, concept: str) -> bool:
        """Whether a concept enters comparisons: it neither defines the corpus nor names an institution."""
        return self.by_id[concept].exclude_from_comparison is None

    def parse(self, form: str, language: str) -> Form:
        """Return a form of this scheme as read."""
        return parse(form, language, self.groups)

    def words(self, concept: Concept, language: str) -> Iterator[str]:
        """Yield the sure forms of a concept written out, the first one first; those with a gap are left out."""
        for written in concept.zh if language == "zh" else concept.en:
            for steps in spell_out(self.parse(written, language)):
                text = plain(steps, language)
                if text is not None:
                    yield text

    def broader(self, concept: str) -> Iterator[str]:
        """Yield the concepts that contain this one, nearest first."""
        above = self.by_id[concept].broader
        while above is not None:
            yield above
            above = self.by_id[above].broader


def load_scheme(project: Project) -> Scheme:
    """Read data/lexicon/concepts.yml.

    Raises InvalidDataError with every mistake: schema, ids or forms used twice, unknown themes or concepts,
    concepts broader than themselves, forms not in the notation.
    """
    path = project.lexicon / "concepts.yml"
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    groups = read_groups(file, problems)
    themes = tuple(file.parse_entries("themes", Theme, problems).values())
    concepts = file.parse_entries("concepts", Concept, problems, unique="id")
    problems.extend(check_concepts(file, [theme.id for theme in themes], concepts, groups))
    if problems:
        raise InvalidDataError(problems)
    return Scheme(themes, tuple(concepts.values()), groups)
