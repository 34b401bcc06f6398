"""The coding scheme: concepts in two languages, grouped in themes, from data/lexicon/concepts.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from policybook.corpus.manifest import SLUG
from policybook.corpus.phrases import fold
from policybook.corpus.yamlfile import YamlFile
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project


class Theme(BaseModel):
    """A group of concepts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    label_zh: str


class Concept(BaseModel):
    """A policy term and the forms under which texts carry it."""

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
    ambiguous_en: list[str] = Field(default_factory=list)
    note: str | None = None


@dataclass(frozen=True)
class Scheme:
    """Every theme and concept of a project."""

    themes: tuple[Theme, ...]
    concepts: tuple[Concept, ...]

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


def load_scheme(project: Project) -> Scheme:
    """Read data/lexicon/concepts.yml.

    Raises InvalidDataError with every mistake: schema, ids or forms used twice, unknown themes or concepts.
    """
    path = project.lexicon / "concepts.yml"
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    themes = [file.parse(Theme, raw, ["themes", n], problems) for n, raw in enumerate(file.entries("themes"))]
    concepts = [file.parse(Concept, raw, ["concepts", n], problems) for n, raw in enumerate(file.entries("concepts"))]
    theme_ids = [theme.id for theme in themes if theme]
    concept_ids = [concept.id for concept in concepts if concept]
    owners: dict[str, str] = {}
    seen: set[str] = set()
    for n, concept in enumerate(concepts):
        if concept is None:
            continue
        where: list[str | int] = ["concepts", n]
        if not SLUG.fullmatch(concept.id):
            problems.append(
                file.problem([*where, "id"], f"{concept.id!r} is no id.", "Use lower-case letters, digits and hyphens.")
            )
        if concept.id in seen:
            problems.append(file.problem([*where, "id"], f"{concept.id!r} is used twice.", "Give each its own id."))
        seen.add(concept.id)
        if concept.theme not in theme_ids:
            problems.append(
                file.problem([*where, "theme"], f"unknown theme {concept.theme!r}.", suggest(concept.theme, theme_ids))
            )
        if concept.broader is not None and concept.broader not in concept_ids:
            hint = suggest(concept.broader, concept_ids)
            problems.append(file.problem([*where, "broader"], f"unknown concept {concept.broader!r}.", hint))
        for form in (*concept.zh, *concept.en, *concept.ambiguous_en):
            owner = owners.setdefault(fold(form), concept.id)
            if owner != concept.id:
                problems.append(
                    file.problem(
                        where,
                        f"the form {form!r} belongs to {owner!r} already.",
                        "Take it out of one of them.",
                    )
                )
    if problems:
        raise InvalidDataError(problems)
    return Scheme(tuple(t for t in themes if t), tuple(c for c in concepts if c))
