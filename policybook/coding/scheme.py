"""The coding scheme of concepts and themes: its notation, its codes and its checks."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast

from ahocorasick_rs import AhoCorasick
from pydantic import Field, model_validator

from policybook.corpus.manifest import SLUG
from policybook.corpus.matching import ENGLISH, fold, spelling
from policybook.errors import Problem, raise_problems, suggest

from policybook.project import (  # isort: skip
    STANDS, Project, note_read, once_for_the_same_lexicon, reads_unnoted, records_reads,
)
from policybook.tables import FileModel, Location, YamlFile

#: What a quantity may be. Lengths, weights and durations are counts with a unit.
KINDS = ("percent", "count", "money", "area", "year", "year_range", "date", "ordinal", "doc_number")

#: What the unit of a kind may look like, as a pattern for the whole of it; kinds that are not named have none.
UNITS: Mapping[str, str] = MappingProxyType(
    {"percent": "percent|percentage_point", "count": "(?:[A-Za-z][A-Za-z0-9_]*)?", "money": "[A-Z]{3}",
     "area": "mu|hectare|m2|km2"}
)  # fmt: skip

#: How exactly a quantity is said.
QUALIFIERS = ("exact", "about", "almost", "over", "at_least", "at_most", "under", "range")

#: How strongly a directive binds, strongest first.
STRENGTHS = ("obligation", "requirement", "intention", "encouragement")

#: Instruments, the kinds of Rothwell and Zegveld (1981), and this project's subtypes: supply gives inputs, environment
#: sets rules and conditions, demand pulls; `none` where a clause names no means.
INSTRUMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"supply": ("people", "money", "land", "infrastructure", "information", "services"),
     "environment": ("goals", "regulation", "finance_tax", "organisation"),
     "demand": ("procurement", "pilots", "market", "opening"), "none": ()}
)  # fmt: skip


# The notation of forms in the schemes: alternatives, optional parts, gaps and named groups.
# settle in (cities | towns)          one of the alternatives
# people (who)? move to cities        an optional part
# promote … participation             a gap of up to three words (Chinese: six characters) without punctuation
# grant …6 residency                  a gap of up to six
# settle in <cities>                  a group of alternatives that has a name
#
# In English a step is a word, in Chinese a character. A comma in an English form may be missing in the text.


#: The longest gap that can be asked for, and the one that is meant where no number stands.
LONGEST_GAP = 12
USUAL_GAP = MappingProxyType({"en": 3, "zh": 6})
NO_GROUPS: Mapping[str, str] = MappingProxyType({})

#: Groups may name groups, so deep, and a form with its groups written out is at most so long, in characters.
_DEEPEST, _LONGEST_FORM = 5, 20_000
_DEEPEST_CHOICE = 20
#: In a text of so many characters all words are looked for at once, which takes seconds to prepare.
_LONG = 50_000
#: Words that a form with alternatives stands for, at most.
_MOST_WORDS = 100_000
_NAMED = re.compile(r"<([^<>]*)>")
_PARTS = re.compile(rf"(?P<gap>(?:…|\.\.\.)(?P<size>\d*))|(?P<mark>[()|?])|(?P<word>{ENGLISH})|(?P<space>[\s\"']+)")


@dataclass(frozen=True)
class Gap:
    """Up to `most` words (characters, in Chinese) that may stand between two steps."""

    most: int


@dataclass(frozen=True)
class Choice:
    """One of several sequences, or none of them where it is optional."""

    options: tuple[NotationForm, ...]
    optional: bool


NotationStep = str | Gap
Steps = tuple[NotationStep, ...]
#: A form as read: its parts in order.
NotationForm = tuple["str | Gap | Choice", ...]


class NotationError(ValueError):
    """A form is not written in the notation; the message says what is wrong with it."""


def parse(form: str, language: str, groups: Mapping[str, str] = NO_GROUPS) -> NotationForm:
    """Return a form as read. `groups` are the named ones, which may name each other. Raises NotationError."""
    reader = _Reader(_cut(write_out(form, groups), language), language)
    parts = reader.read()
    if all(isinstance(part, Choice) and part.optional for part in parts):
        raise NotationError("all of it is optional")
    if any(isinstance(end, Gap) for end in (parts[0], parts[-1])):
        raise NotationError("a gap stands at its beginning or end")
    return parts


def write_out(form: str, groups: Mapping[str, str]) -> str:
    """Return a form with alternatives in brackets for the groups that it names. Raises NotationError."""
    for _ in range(_DEEPEST):
        for name in _NAMED.findall(form):
            if name not in groups:
                raise NotationError(f"no group is named {name!r}. {suggest(name, groups)}")
        if len(form) + sum(len(groups[name]) for name in _NAMED.findall(form)) > _LONGEST_FORM:
            raise NotationError(f"with its groups it is longer than {_LONGEST_FORM:,} characters")
        written = _NAMED.sub(lambda found: f"({groups[found[1]]})", form)
        if written == form:
            return form
        form = written
    raise NotationError("its groups name each other without end")


def spell_out(form: NotationForm, most: int | None = None,
              keep: Callable[[Steps], bool] | None = None) -> Iterator[Steps]:  # fmt: skip
    """Yield the sequences of steps that a form stands for, in the order of its alternatives.

    There may be very many: with `most`, that many of them at the most, and so of every part; with `keep`, those alone
    of whose alternatives it keeps each.
    """
    if most == 0:
        return
    if not any(isinstance(part, Choice) for part in form):
        yield cast(Steps, form)
        return
    chosen: list[list[Steps]] = []
    for part in form:
        if isinstance(part, Choice):
            options = chain.from_iterable(spell_out(option, most, keep) for option in part.options)
            chosen.append([*islice(filter(keep, options) if keep else options, most), *([()] if part.optional else [])])
        else:
            chosen.append([(part,)])
    for steps in islice(product(*chosen), most):
        yield tuple(step for some in steps for step in some)


def plain_form(steps: Steps, language: str) -> str | None:
    """Return steps as a text that they match; None where there is a gap."""
    if any(isinstance(step, Gap) for step in steps):
        return None
    return ("" if language == "zh" else " ").join(str(step) for step in steps)


class _Reader:
    def __init__(self, parts: list[str | Gap], language: str) -> None:
        self._parts = parts
        self._language = language
        self._next, self._depth = 0, 0

    def read(self) -> NotationForm:
        """Return the whole form; alternatives at its outermost level are one choice."""
        options = self._options(end="")
        return options[0] if len(options) == 1 else (Choice(options, optional=False),)

    def _peek(self) -> str | Gap:
        return self._parts[self._next] if self._next < len(self._parts) else ""

    def _take(self) -> str | Gap:
        part = self._peek()
        self._next += 1
        return part

    def _options(self, end: str) -> tuple[NotationForm, ...]:
        found = []
        while True:
            found.append(self._sequence())
            if not found[-1]:
                raise NotationError("an alternative is empty" if end or len(found) > 1 else "it is empty")
            part = self._take()
            if part == end:
                return tuple(found)
            if part != "|":
                raise NotationError("a ')' has no '('" if part == ")" else "a '(' is not closed")

    def _sequence(self) -> NotationForm:
        parts: list[str | Gap | Choice] = []
        while (part := self._peek()) not in ("", "|", ")"):
            self._take()
            if part == "?":
                raise NotationError("a '?' stands behind no ')'")
            if part == "(":
                parts.append(self._choice())
            elif part == "," and self._language == "en":
                parts.append(Choice(((",",),), optional=True))
            else:
                parts.append(part)
        return tuple(parts)

    def _choice(self) -> Choice:
        self._depth += 1
        if self._depth > _DEEPEST_CHOICE:
            raise NotationError(f"more than {_DEEPEST_CHOICE} brackets stand within each other")
        options = self._options(end=")")
        self._depth -= 1
        optional = self._peek() == "?"
        if optional:
            self._take()
        return Choice(options, optional)


def _cut(form: str, language: str) -> list[str | Gap]:
    parts: list[str | Gap] = []
    for found in _PARTS.finditer(fold(form)):
        if found["gap"]:
            most = int(found["size"] or USUAL_GAP[language])
            if not 0 < most <= LONGEST_GAP:
                raise NotationError(f"a gap of {most} is not between 1 and {LONGEST_GAP}")
            parts.append(Gap(most))
        elif found["mark"]:
            parts.append(found["mark"])
        elif found["word"] and language == "zh":
            parts.extend(found["word"])
        elif found["word"]:
            parts.append(spelling(found["word"]))
    return parts


_GROUP = "Write 'name: [form, form]'."
#: So many of the spellings that a form stands for are compared with those of other concepts.
_COMPARED = 100
#: The lists of forms of a concept, and whether a form in them belongs to it alone.
_LISTS = {"zh": True, "en": True, "ambiguous_zh": True, "ambiguous_en": True, "not_zh": False, "not_en": False}


def read_groups(file: YamlFile, problems: list[Problem]) -> dict[str, str]:
    """Return the named groups, name to alternatives joined by |, with every mistake in them appended to `problems`."""
    groups = file.content.get("groups", {}) if isinstance(file.content, dict) else {}
    if not isinstance(groups, dict):
        problems.append(file.problem(["groups"], "names with lists of forms are expected.", _GROUP))
        return {}
    read = {}
    for name, forms in groups.items():
        if isinstance(forms, list) and forms and all(isinstance(form, str) for form in forms):
            read[str(name)] = " | ".join(forms)
        else:
            problems.append(file.problem(["groups", name], "this is not a list of forms.", _GROUP))
    return read


def check_concepts(file: YamlFile, themes: Sequence[str], concepts: Mapping[int, Concept],
                   groups: Mapping[str, str]) -> Iterator[Problem]:  # fmt: skip
    """Yield every mistake; `concepts` are those of the right shape, by their place in the file."""
    known = [concept.id for concept in concepts.values()]
    broader = {concept.id: concept.broader for concept in concepts.values()}
    for n, concept in concepts.items():
        yield from _check_names(file, ["concepts", n], concept, themes, known)
        yield from _check_circle(file, ["concepts", n], concept.id, broader)
    yield from _check_forms(file, concepts, groups)


def _check_names(file: YamlFile, where: Location, concept: Concept, themes: Sequence[str],
                 known: Sequence[str]) -> Iterator[Problem]:  # fmt: skip
    if not SLUG.fullmatch(concept.id):
        yield file.problem([*where, "id"], f"{concept.id!r} is no id.", "Use lower-case letters, digits and hyphens.")
    if missing := [name for name in ("term_zh", "pinyin") if not getattr(concept, name) and concept.has_chinese]:
        message = f"{concept.id!r} has Chinese forms and no {' and no '.join(missing)}."
        yield file.problem(where, message, "Add it, or take its Chinese forms out.")
    if concept.theme not in themes:
        yield file.problem([*where, "theme"], f"unknown theme {concept.theme!r}.", suggest(concept.theme, themes))
    if concept.broader is not None and concept.broader not in known:
        hint = suggest(concept.broader, known)
        yield file.problem([*where, "broader"], f"unknown concept {concept.broader!r}.", hint)


def _check_circle(file: YamlFile, where: Location, concept: str, broader: dict[str, str | None]) -> Iterator[Problem]:
    above, passed = broader[concept], {concept}
    while above is not None and above not in passed:
        passed.add(above)
        above = broader.get(above)
    if above == concept:
        yield file.problem([*where, "broader"], f"{concept!r} contains itself.", "Break the circle.")


def _check_forms(file: YamlFile, concepts: Mapping[int, Concept], groups: Mapping[str, str]) -> Iterator[Problem]:
    """Yield forms not in the notation, and forms that stand for the same words as another concept's."""
    owners: dict[tuple[str, Steps], str] = {}
    for n, concept in concepts.items():
        for where, form, language, owned in _forms(concept, n):
            try:
                sequences = spell_out(parse(form, language, groups), _COMPARED if owned else 0)
            except NotationError as error:
                yield file.problem(where, f"the form {form!r} cannot be read: {str(error).rstrip('.')}.",
                                   "See the head of the file.")  # fmt: skip
                continue
            rivals = {owners.setdefault((language, steps), concept.id) for steps in sequences}
            for owner in sorted(rivals - {concept.id})[:1]:
                hint = "Take it out of one of them."
                yield file.problem(where[:2], f"the form {form!r} belongs to {owner!r} already.", hint)


def _forms(concept: Concept, n: int) -> Iterator[tuple[Location, str, str, bool]]:
    """Yield where a form stands, the form, its language, and whether no other concept may have it.

    Two concepts may share a form if each has a rule that says when it is meant.
    """
    for name, owned in _LISTS.items():
        for k, form in enumerate(getattr(concept, name)):
            yield ["concepts", n, name, k], form, name[-2:], owned
    for r, rule in enumerate(concept.rules):
        for name in ("zh", "en", "when", "unless"):
            for k, form in enumerate(getattr(rule, name)):
                yield ["concepts", n, "rules", r, name, k], form, rule.language, False


class Theme(FileModel):
    """A group of concepts."""

    id: str
    label: str
    label_zh: str = ""


class Rule(FileModel):
    """Forms of a concept whose meaning the words around them settle.

    The forms mean the concept for certain where one of `when` stands near, and do not where one of `unless`
    does. `otherwise` says what they are where neither decides; without `when`, they mean the concept.
    """

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


#: The fields of a concept that say where texts carry it, and nothing of what it is called.
FORMS = ("zh", "en", "ambiguous_zh", "ambiguous_en", "not_zh", "not_en", "rules")


class Concept(FileModel):
    """A policy term and the forms under which texts carry it, in the notation that this module reads."""

    id: str
    #: Needed, with pinyin, by a concept that has Chinese forms only.
    term_zh: str = ""
    term_en: str
    #: The official translation in which term_en stands for the term; None where it is the project's own.
    english_seen: str | None = None
    pinyin: str = ""
    theme: str
    broader: str | None = None
    exclude_from_comparison: Literal["corpus", "institution"] | None = None
    #: It came into the scheme because its use rose or fell, so no comparison of eras may test or count it.
    chosen_by_outcome: bool = False
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)
    ambiguous_zh: list[str] = Field(default_factory=list)
    ambiguous_en: list[str] = Field(default_factory=list)
    not_zh: list[str] = Field(default_factory=list)
    not_en: list[str] = Field(default_factory=list)
    rules: list[Rule] = Field(default_factory=list)
    note: str | None = None

    @property
    def term(self) -> str:
        """What the concept is called where one name stands for it: its Chinese, where it has any."""
        return self.term_zh or self.term_en

    @property
    def has_chinese(self) -> bool:
        """Whether it is looked for in Chinese."""
        return any((self.zh, self.ambiguous_zh, *(rule.zh for rule in self.rules)))

    if not TYPE_CHECKING:

        def __getattribute__(self, name: str) -> Any:
            """Write down that forms were read: a page that shows but names does not depend on them."""
            if name in FORMS:
                note_read("forms")
            return super().__getattribute__(name)


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

    @cached_property
    def compared_themes(self) -> Mapping[str, Mapping[str, str]]:
        """Concept → theme of those that enter comparisons, and of these without those chosen by the outcome."""
        counted = [concept for concept in self.concepts if self.counted(concept.id)]
        before = [concept for concept in counted if not concept.chosen_by_outcome]
        return {kind: {c.id: c.theme for c in those} for kind, those in (("theme", counted), ("theme-before", before))}

    def parse(self, form: str, language: str) -> NotationForm:
        """Return a form of this scheme as read."""
        return parse(form, language, self.groups)

    def words(self, concept: Concept, language: str, within: str | None = None) -> Iterator[str]:
        """Yield the sure forms of a concept written out, the first one first; those with a gap are left out.

        With a text `within`, those alone that stand in it.
        """

        for written in concept.zh if language == "zh" else concept.en:
            yield from self._words_of(written, language, within)

    def _words_of(self, written: str, language: str, within: str | None) -> Iterator[str]:
        def stands(steps: Steps) -> bool:
            text = plain_form(steps, language)
            return text is not None and (within is None or text in within)

        found = filter(stands, spell_out(self.parse(written, language), _MOST_WORDS, stands))
        yield from (str(plain_form(steps, language)) for steps in found)

    def words_in(self, language: str, text: str) -> tuple[str, ...]:
        """Return the words of all concepts that stand in a text (see words); that it was asked for is noted."""
        if records_reads():
            note_read(f"{STANDS} {language} {json.dumps(text)}")
        with reads_unnoted():
            if len(text) < _LONG:
                return tuple(word for concept in self.concepts for word in self.words(concept, language, text))
            if language not in self._spelt:
                self._spelt[language] = self._spell(language)
            forms, find = self._spelt[language]
            stand = {text[start:end] for _, start, end in find.find_matches_as_indexes(text, overlapping=True)}
            found = (self._words_of(form, language, text) if words is None else filter(stand.__contains__, words)
                     for form, words in forms)  # fmt: skip
            return tuple(chain.from_iterable(found))

    @cached_property
    def _spelt(self) -> dict[str, tuple[Sequence[tuple[str, Sequence[str] | None]], AhoCorasick]]:
        return {}

    def _spell(self, language: str) -> tuple[Sequence[tuple[str, Sequence[str] | None]], AhoCorasick]:
        """Return every form with its words, None for a form of too many, and what finds all these words in a text."""
        every = [form for concept in self.concepts for form in (concept.zh if language == "zh" else concept.en)]
        words = [[*self._words_of(form, language, None)] for form in every]
        forms = [(form, some if len(some) < _MOST_WORDS else None) for form, some in zip(every, words, strict=True)]
        return forms, AhoCorasick([word for _, some in forms for word in some or ()])

    def broader(self, concept: str) -> Iterator[str]:
        """Yield the concepts that contain this one, nearest first."""
        above = self.by_id[concept].broader
        while above is not None:
            yield above
            above = self.by_id[above].broader


@once_for_the_same_lexicon
def load_scheme(project: Project) -> Scheme:
    """Read data/lexicon/concepts.yml.

    Raises InvalidDataError with every mistake: schema, ids or forms used twice, unknown themes or concepts,
    concepts broader than themselves, forms not in the notation.
    """
    return read_scheme(YamlFile.of(project, project.lexicon / "concepts.yml"))


def read_scheme(file: YamlFile) -> Scheme:
    """Return the scheme that a file holds. Raises InvalidDataError as load_scheme does."""
    problems: list[Problem] = []
    groups = read_groups(file, problems)
    themes = tuple(file.parse_entries("themes", Theme, problems, unique="id").values())
    concepts = file.parse_entries("concepts", Concept, problems, unique="id")
    problems.extend(check_concepts(file, [theme.id for theme in themes], concepts, groups))
    named = {raw.get("theme") for raw in file.entries("concepts") if isinstance(raw, dict)}
    problems += [file.problem(["themes", n], f"the theme {theme.id!r} has no concept.", "Give it one, or take it out.")
                 for n, theme in enumerate(themes) if theme.id not in named]  # fmt: skip
    raise_problems(problems)
    return Scheme(themes, tuple(concepts.values()), groups)


# Topics: concepts of which a book brings the passages together, a page each --------------------------

class Topic(FileModel):
    """One entry of data/topics.yml; the page's title is its title and, after it, its question."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    concepts: list[str] = Field(min_length=1)


def load_topics(project: Project, scheme: Scheme) -> dict[str, Topic]:
    """Return the topics of data/topics.yml by id; none where a project has no such file.

    Raises InvalidDataError with every mistake: an id given twice, a concept that the scheme does not have.
    """
    if not os.path.lexists(project.topics_file):
        return {}
    file, problems = YamlFile.of(project, project.topics_file), list[Problem]()
    topics = file.parse_entries("topics", Topic, problems, unique="id")
    problems += [file.problem(["topics", n, "concepts", m], f"unknown concept {one!r}.", suggest(one, scheme.by_id))
                 for n, topic in topics.items() for m, one in enumerate(topic.concepts) if one not in scheme.by_id]
    raise_problems(problems)
    return {topic.id: topic for topic in topics.values()}
