"""Policy instruments: the scheme of means, its words, and the instrument of a clause."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policybook.coding.scheme import INSTRUMENTS
from policybook.corpus.matching import Phrases, WordList, fold, spelling
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import FileModel, YamlFile


@dataclass(frozen=True)
class Directing:
    """A clause that directs.

    `start` and `end` are its directive words and what belongs to them; its subject, if it has one, stands between
    `subject` and `start`, its verb begins at `verb`. A `passive` clause is about its subject.
    """

    start: int
    end: int
    subject: int
    strength: str
    verb: int
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
    counted: SchemeWords = Field(default_factory=list)
    adverbs: SchemeWords
    willing: SchemeWords
    reports: SchemeWords
    deadlines: SchemeWords = Field(default_factory=list)
    not_completed: SchemeWords
    states: SchemeWords
    nominal: SchemeWords
    measures: SchemeWords = Field(default_factory=list)
    not_nominal: SchemeWords
    endings: SchemeWords
    not_endings: SchemeWords
    drafting: SchemeWords = Field(default_factory=list)
    told: SchemeWords
    agents: SchemeWords
    predicted: SchemeWords
    complement_verbs: SchemeWords
    causatives: SchemeWords
    reporters: SchemeWords
    aims: SchemeWords
    object_prepositions: SchemeWords
    prepositions: SchemeWords
    topics: SchemeWords = Field(default_factory=list)
    not_prepositions: SchemeWords = Field(default_factory=list)
    thanks: SchemeWords = Field(default_factory=list)
    thanked: SchemeWords = Field(default_factory=list)
    purpose_prepositions: SchemeWords
    services_for: SchemeWords
    placed: SchemeWords
    reporting: SchemeWords
    light: SchemeWords = Field(default_factory=list)


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
    """Words that point to one subtype of an instrument; of several rules that fit, the weightiest decides.

    With `where` they count only as the verb of their clause, or, in Chinese, as the head of its object.
    """

    instrument: Instrument
    subtype: str | None = None
    weight: int = Field(ge=0, le=9)
    where: Literal["verb", "head"] | None = None
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
    owners: dict[tuple[str, str, str | None], str] = {}
    for n, rule in rules.items():
        for language in ("zh", "en"):
            for m, word in enumerate(getattr(rule, language)):
                owner = owners.setdefault((language, word.lower(), rule.where), f"{rule.instrument}/{rule.subtype}")
                if owner != f"{rule.instrument}/{rule.subtype}":
                    message = f"{word!r} belongs to {owner} already."
                    problems.append(file.problem(["instruments", n, language, m], message, "Take it out of one."))
    return problems


NONE = ("none", None)
_WORD = re.compile("[a-z]+")
#: How much or how many, at the end of a Chinese clause: 1000公里以上.
_COUNTED = re.compile(r"\d[\d.,]{0,12}\D{0,6}$")


class InstrumentClassifier:
    """Names the instrument of a clause by the rules of data/lexicon/instruments.yml.

    The three kinds of instrument are those of R. Rothwell and W. Zegveld, Industrial Innovation and Public Policy
    (London: Pinter, 1981): supply gives inputs, environment sets conditions, demand pulls.
    """

    def __init__(self, rules: Sequence[InstrumentRule], light: Iterable[str] = ()) -> None:
        """Take the rules, and the Chinese words behind the head of an object that say nothing of it."""
        self._rules = rules
        self._phrases = {"zh": Phrases((word, str(n)) for n, rule in enumerate(rules) if not rule.where
                                       for word in rule.zh),
                         "en": Phrases(((_american(word), str(n)) for n, rule in enumerate(rules) if not rule.where
                                        for word in rule.en), with_plurals=True)}  # fmt: skip
        self._verbs = {"zh": {word: rule for rule in rules if rule.where == "verb" for word in rule.zh},
                       "en": {_american(word): rule for rule in rules if rule.where == "verb" for word in rule.en}}
        self._heads = {word: rule for rule in rules if rule.where == "head" for word in rule.zh}
        self._light, self._head_words = WordList(light), WordList(self._heads)
        self._verb_words = {language: WordList(words) for language, words in self._verbs.items()}
        # a clause is asked about several times, with other weights
        self._found = lru_cache(maxsize=64)(lambda *asked: tuple(self._find(*asked)))

    def classify(self, clause: str, language: str, *, least: int = 1, verb: int = 0) -> tuple[str, str | None]:
        """Return instrument and subtype of a clause whose verb begins at `verb`; ("none", None) where no word tells.

        The weightiest word decides. Of equals it is the first in English and the last in Chinese, because there
        the head of the object stands. Words of less weight than `least` do not count.
        """
        best: InstrumentRule | None = None
        for rule in self._found(_american(clause) if language == "en" else clause, language, verb):
            if rule.weight < least:
                continue
            if best is None or rule.weight > best.weight or (language == "zh" and rule.weight == best.weight):
                best = rule
        return (best.instrument, best.subtype) if best else NONE

    def _find(self, clause: str, language: str, verb: int) -> Iterator[InstrumentRule]:
        """Yield the rules whose words stand in a clause: its verb's, those of any place in order, its object's head's.

        A longer word that holds the head settles it: 社会保障制度 is no mere 制度.
        """
        after = verb + self._verb_words[language].at(clause, verb, len(clause))
        if after > verb and not (language == "en" and clause[after : after + 1].isalpha()):
            yield self._verbs[language][clause[verb:after]]
        end = self._head_end(clause) if language == "zh" else 0
        start = end - next(iter(self._head_words.ending(clause, verb, end)), 0)
        head = self._heads.get(clause[start:end])
        for match in self._phrases[language].find(clause):
            rule = self._rules[int(match.key)]
            yield rule
            if head and match.start <= start and match.end >= end and match.end - match.start > end - start:
                head = head if head.subtype == rule.subtype else None
        if head:
            yield head

    def _head_end(self, clause: str) -> int:
        """Return where the head of a Chinese clause's object ends, before a number and light words (… 体系建设)."""
        counted = _COUNTED.search(clause)
        end = counted.start() if counted else len(clause)
        while end and (length := next(iter(self._light.ending(clause, 0, end)), 0)):
            end -= length
        return end


def _american(text: str) -> str:
    """Return English text with its words in American spelling, so that one entry reads both."""
    return _WORD.sub(lambda word: spelling(word.group()), fold(text))
