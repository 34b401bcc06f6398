"""The words of directives and the rules of instruments, from data/lexicon/instruments.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policybook.coding.codes import INSTRUMENTS
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import YamlFile

Strength = Literal["obligation", "requirement", "intention", "encouragement"]
Instrument = Literal["supply", "environment", "demand", "none"]
Word = Annotated[str, Field(min_length=1)]
Words = list[Word]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChineseWords(_Model):
    """How Chinese clauses show that they direct; the file says what each list is for."""

    markers: Mapping[Strength, Words] = Field(min_length=1)
    decoys: Words
    verbs: Words
    encouraging: Words
    noun_verbs: Words
    adverbs: Words
    willing: Words
    reports: Words
    not_completed: Words
    states: Words
    nominal: Words
    not_nominal: Words
    endings: Words
    not_endings: Words
    told: Words
    agents: Words
    predicted: Words
    complement_verbs: Words
    causatives: Words
    reporters: Words
    aims: Words
    object_prepositions: Words
    prepositions: Words
    purpose_prepositions: Words
    services_for: Words
    placed: Words
    reporting: Words


class EnglishWords(_Model):
    """How English clauses show that they direct; the file says what each list is for."""

    markers: Mapping[Strength, Words] = Field(min_length=1)
    decoys: Words
    stressed: Words
    verbs: Words
    encouraging: Words
    noun_verbs: Words
    adjective_verbs: Words
    irregular: list[Annotated[Words, Field(min_length=3, max_length=3)]]
    light: Words
    adverbs: Words
    agents: Words
    permitted: Words
    predicted: Words
    foretelling: Words
    reporting: Words
    tellers: Words
    calling: Words
    tasks: Words
    finite: Words
    noun_gerunds: Words


class InstrumentRule(_Model):
    """Words that point to one subtype of an instrument; of several rules that fit, the weightiest decides."""

    instrument: Instrument
    subtype: str | None = None
    weight: int = Field(ge=0, le=9)
    zh: Words = Field(default_factory=list)
    en: Words = Field(default_factory=list)

    @model_validator(mode="after")
    def _subtype_fits(self) -> Self:
        known = INSTRUMENTS[self.instrument]
        if self.subtype not in known and (known or self.subtype):
            raise ValueError(f"{self.subtype!r} is no subtype of {self.instrument}. {suggest(self.subtype, known)}")
        return self


@dataclass(frozen=True)
class DirectiveScheme:
    """Everything that data/lexicon/instruments.yml says."""

    chinese: ChineseWords
    english: EnglishWords
    rules: tuple[InstrumentRule, ...]


def load_directive_scheme(project: Project) -> DirectiveScheme:
    """Read data/lexicon/instruments.yml. Raises InvalidDataError with every mistake in it."""
    path = project.lexicon / "instruments.yml"
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    chinese = file.parse(ChineseWords, file.mapping("chinese"), ["chinese"], problems)
    english = file.parse(EnglishWords, file.mapping("english"), ["english"], problems)
    rules = file.parse_entries("instruments", InstrumentRule, problems)
    problems.extend(_repeated(file, rules))
    if problems or chinese is None or english is None:
        raise InvalidDataError(problems)
    return DirectiveScheme(chinese, english, tuple(rules.values()))


def _repeated(file: YamlFile, rules: Mapping[int, InstrumentRule]) -> list[Problem]:
    """Return a problem for every word that stands in two rules: one of the two would never count."""
    problems: list[Problem] = []
    owners: dict[tuple[str, str], str] = {}
    for n, rule in rules.items():
        for language in ("zh", "en"):
            for m, word in enumerate(getattr(rule, language)):
                owner = owners.setdefault((language, word.lower()), f"{rule.instrument}/{rule.subtype}")
                if owner != f"{rule.instrument}/{rule.subtype}":
                    message = f"{word!r} belongs to {owner} already."
                    problems.append(file.problem(["instruments", n, language, m], message, "Take it out of one."))
    return problems
