"""Policy instruments: the scheme of means, its words, and the instrument of a clause."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policybook.coding.scheme import INSTRUMENTS
from policybook.corpus.matching import Phrases, fold, spelling
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import FileModel, YamlFile


@dataclass(frozen=True)
class Directing:
    """A clause that directs.

    `start` and `end` are its directive words and what belongs to them; its subject, if it has one, stands between
    `subject` and `start`. A `passive` clause is about its subject.
    """

    start: int
    end: int
    subject: int
    strength: str
    passive: bool = False


Strength = Literal["obligation", "requirement", "intention", "encouragement"]
Instrument = Literal["supply", "environment", "demand", "none"]
SchemeWord = Annotated[str, Field(min_length=1)]
SchemeWords = list[SchemeWord]


class ChineseWords(FileModel):
    """How Chinese clauses show that they direct; the file says what each list is for."""

    markers: Mapping[Strength, SchemeWords] = Field(min_length=1)
    decoys: SchemeWords
    verbs: SchemeWords
    encouraging: SchemeWords
    noun_verbs: SchemeWords
    adverbs: SchemeWords
    willing: SchemeWords
    reports: SchemeWords
    not_completed: SchemeWords
    states: SchemeWords
    nominal: SchemeWords
    not_nominal: SchemeWords
    endings: SchemeWords
    not_endings: SchemeWords
    told: SchemeWords
    agents: SchemeWords
    predicted: SchemeWords
    complement_verbs: SchemeWords
    causatives: SchemeWords
    reporters: SchemeWords
    aims: SchemeWords
    object_prepositions: SchemeWords
    prepositions: SchemeWords
    purpose_prepositions: SchemeWords
    services_for: SchemeWords
    placed: SchemeWords
    reporting: SchemeWords


class EnglishWords(FileModel):
    """How English clauses show that they direct; the file says what each list is for."""

    markers: Mapping[Strength, SchemeWords] = Field(min_length=1)
    decoys: SchemeWords
    stressed: SchemeWords
    verbs: SchemeWords
    encouraging: SchemeWords
    noun_verbs: SchemeWords
    adjective_verbs: SchemeWords
    irregular: list[Annotated[SchemeWords, Field(min_length=3, max_length=3)]]
    light: SchemeWords
    adverbs: SchemeWords
    agents: SchemeWords
    permitted: SchemeWords
    predicted: SchemeWords
    foretelling: SchemeWords
    reporting: SchemeWords
    tellers: SchemeWords
    calling: SchemeWords
    tasks: SchemeWords
    finite: SchemeWords
    noun_gerunds: SchemeWords


class InstrumentRule(FileModel):
    """Words that point to one subtype of an instrument; of several rules that fit, the weightiest decides."""

    instrument: Instrument
    subtype: str | None = None
    weight: int = Field(ge=0, le=9)
    zh: SchemeWords = Field(default_factory=list)
    en: SchemeWords = Field(default_factory=list)

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
    file = YamlFile.of(project, project.lexicon / "instruments.yml")
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


NONE = ("none", None)
_WORD = re.compile("[a-z]+")


class InstrumentClassifier:
    """Names the instrument of a clause by the rules of data/lexicon/instruments.yml.

    The three kinds of instrument are those of R. Rothwell and W. Zegveld, Industrial Innovation and Public Policy
    (London: Pinter, 1981): supply gives inputs, environment sets conditions, demand pulls.
    """

    def __init__(self, rules: tuple[InstrumentRule, ...]) -> None:
        self._rules = rules
        self._phrases = {"zh": Phrases((word, str(n)) for n, rule in enumerate(rules) for word in rule.zh),
                         "en": Phrases(((_american(word), str(n)) for n, rule in enumerate(rules) for word in rule.en),
                                       with_plurals=True)}  # fmt: skip

    def classify(self, clause: str, language: str, *, least: int = 1) -> tuple[str, str | None]:
        """Return instrument and subtype of a clause; ("none", None) where no rule's words stand in it.

        The weightiest word decides. Of equals it is the first in English and the last in Chinese, because there
        the head of the object stands. Words of less weight than `least` do not count.
        """
        best: InstrumentRule | None = None
        read = _american(clause) if language == "en" else clause
        for match in self._phrases[language].find(read):
            rule = self._rules[int(match.key)]
            if rule.weight < least:
                continue
            if best is None or rule.weight > best.weight or (language == "zh" and rule.weight == best.weight):
                best = rule
        return (best.instrument, best.subtype) if best else NONE


def _american(text: str) -> str:
    """Return English text with its words in American spelling, so that one entry reads both."""
    return _WORD.sub(lambda word: spelling(word.group()), fold(text))
