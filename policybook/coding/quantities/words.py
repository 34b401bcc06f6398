"""The words beside numbers: data/lexicon/quantities.yml, checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

from policybook.coding.quantities.entries import (
    CarriedOn,
    Entry,
    Indicator,
    Measure,
    Names,
    NounPhrases,
    OrdinalWords,
    QualifierWords,
    Thing,
    Unit,
)
from policybook.corpus.manifest import SLUG
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import YamlFile


@dataclass(frozen=True)
class QuantityWords:
    """The whole file."""

    units: tuple[Unit, ...]
    measures: tuple[Measure, ...]
    things: tuple[Thing, ...]
    qualifiers: tuple[QualifierWords, ...]
    indicators: tuple[Indicator, ...]
    noun_phrases: NounPhrases
    names: Names
    ordinals: OrdinalWords
    carried_on: CarriedOn


Model = TypeVar("Model", bound=Entry)


def load_quantity_words(project: Project) -> QuantityWords:
    """Read data/lexicon/quantities.yml.

    Raises InvalidDataError with every mistake: schema, ids or forms used twice, patterns without one N.
    """
    path = project.lexicon / "quantities.yml"
    file = YamlFile(path, project.name(path))
    if not isinstance(file.content, dict):
        raise InvalidDataError([file.problem([], "a mapping is expected.", "Restore the file.")])
    problems: list[Problem] = []
    words = QuantityWords(
        units=tuple(file.parse_entries("units", Unit, problems).values()),
        measures=tuple(file.parse_entries("measures", Measure, problems).values()),
        things=tuple(file.parse_entries("things", Thing, problems).values()),
        qualifiers=tuple(file.parse_entries("qualifiers", QualifierWords, problems).values()),
        indicators=tuple(file.parse_entries("indicators", Indicator, problems).values()),
        noun_phrases=_mapping(file, "noun_phrases", NounPhrases, problems),
        names=_mapping(file, "names", Names, problems),
        ordinals=_mapping(file, "ordinals", OrdinalWords, problems),
        carried_on=_mapping(file, "carried_on", CarriedOn, problems),
    )
    problems += _unknown_keys(file)
    if not problems:  # places in the file are known only while every entry could be read
        problems += [*_repeated(file, words), *_wrong_patterns(file, words.names), *_wrong_ids(file, words.indicators)]
    if problems:
        raise InvalidDataError(problems)
    return words


def _mapping(file: YamlFile, key: str, model: type[Model], problems: list[Problem]) -> Model:
    return file.parse(model, file.mapping(key), [key], problems) or model()


def _unknown_keys(file: YamlFile) -> Iterator[Problem]:
    known = [field.name for field in fields(QuantityWords)]
    for key in file.content:
        if key not in known:
            yield file.problem([key], "no such field.", suggest(key, known))


def _repeated(file: YamlFile, words: QuantityWords) -> Iterator[Problem]:
    """Yield a problem for every form that two units claim, in front of a number, behind it, or as a noun."""
    owners: dict[tuple[str, str], str] = {}
    for where, n, field, form, unit in _claims(words):
        place = "before" if field == "before" else where
        owner = owners.setdefault((place, form.lower()), unit)
        if owner != unit:
            yield file.problem(
                [where, n, field], f"the form {form!r} belongs to {owner!r} already.", "Take it out of one of them."
            )


def _claims(words: QuantityWords) -> Iterator[tuple[str, int, str, str, str]]:
    for n, unit in enumerate(words.units):
        for field in ("zh", "en", "before"):
            yield from (("units", n, field, form, f"{unit.unit}") for form in getattr(unit, field))
    for n, thing in enumerate(words.things):
        for field in ("zh", "direct", "en"):
            yield from (("things", n, field, form, thing.unit) for form in getattr(thing, field))


def _wrong_patterns(file: YamlFile, names: Names) -> Iterator[Problem]:
    for n, pattern in enumerate(names.patterns):
        if pattern.count("N") != 1:
            yield file.problem(
                ["names", "patterns", n], f"{pattern!r} is no pattern.", "Write N, once, where the number stands."
            )


def _wrong_ids(file: YamlFile, indicators: Sequence[Indicator]) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, indicator in enumerate(indicators):
        if not SLUG.fullmatch(indicator.id):
            fix = "Use lower-case letters, digits and hyphens."
            yield file.problem(["indicators", n, "id"], f"{indicator.id!r} is no id.", fix)
        if indicator.id in seen:
            yield file.problem(["indicators", n, "id"], f"{indicator.id!r} is used twice.", "Give each its own id.")
        seen.add(indicator.id)
