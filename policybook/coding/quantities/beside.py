"""The words beside a number, ready to be looked up: units, measure words, nouns, qualifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from policybook.coding.quantities.entries import Thing, Unit
from policybook.coding.quantities.words import QuantityWords
from policybook.corpus.matching import FormTable, plurals, skip_spaces, skip_spaces_back

#: Units of time that may follow a "last" without becoming "almost" (近三年), and that 内 may follow.
DURATIONS = frozenset({"year", "month", "week", "day", "hour", "minute"})
PERSON = "person"
#: Quantities of these belong to no indicator.
BESIDE_THE_POINT = DURATIONS | {"time", "quarter"}


_DISTANT = 14
_CLAUSE_END = re.compile(r"[，。；：、,;:0-9]")


@dataclass(frozen=True)
class Use:
    """What a word behind a number makes of it.

    `one`: "one" before it is a number. `measure`: a noun decides the unit, of `only` some units where they are
    given, and with `next` the one right behind. `qualified`: it counts only with a
    qualifier.
    """

    unit: str | None
    kind: str = "count"
    factor: Decimal = Decimal(1)
    one: bool = False
    measure: bool = False
    only: frozenset[str] = frozenset()
    next: bool = False
    qualified: bool = False
    power: int | None = None


@dataclass(frozen=True)
class Qualified:
    """A qualifier beside a number and the place where it begins (before) or ends (behind)."""

    place: int
    qualifier: str


def _use(unit: Unit) -> Use:
    return Use(unit.unit, unit.kind, Decimal(str(unit.factor)), unit.one, qualified=unit.qualified, power=unit.power)


def units_zh(words: QuantityWords) -> FormTable[Use | None]:
    """Return everything that may stand right behind a Chinese number; None for words that only begin like a unit."""

    def forms() -> Iterator[tuple[str, Use | None]]:
        for unit in words.units:
            yield from ((form, _use(unit)) for form in unit.zh)
        for measure in words.measures:
            use = Use(measure.unit, measure=not measure.fixed, only=frozenset(measure.only), next=measure.next)
            yield from ((form, use) for form in measure.zh)
        for thing in words.things:
            yield from ((form, Use(thing.unit)) for form in thing.direct)
        yield from ((form, None) for unit in words.units for form in unit.unless)
        yield from ((form, None) for thing in words.things for form in thing.unless)

    return FormTable(forms())


def nouns_zh(words: QuantityWords) -> FormTable[Thing | str]:
    """Return the Chinese nouns that make a unit; "end" at words that end a noun phrase, "word" at other words."""

    def forms() -> Iterator[tuple[str, Thing | str]]:
        for thing in words.things:
            yield from ((form, thing) for form in (*thing.zh, *thing.direct))
        yield from ((form, "end") for form in words.noun_phrases.end_at)
        yield from ((form, "word") for thing in words.things for form in thing.unless)
        yield from ((form, "word") for form in words.noun_phrases.unless)

    return FormTable(forms())


def units_en(words: QuantityWords) -> FormTable[Use]:
    """Return the English units, in the singular and the plural, hyphens as spaces."""
    return FormTable((form, _use(unit)) for unit in words.units for form in with_plurals(unit.en))


def things_en(words: QuantityWords) -> FormTable[str]:
    """Return the English nouns that make a unit, in the singular and the plural, hyphens as spaces."""
    return FormTable((form, thing.unit) for thing in words.things for form in with_plurals(thing.en))


def with_plurals(forms: list[str]) -> Iterator[str]:
    """Yield each English form and its plurals, hyphens as spaces."""
    for form in forms:
        spaced = form.replace("-", " ")
        yield spaced
        yield from plurals(spaced)


def units_by_name(words: QuantityWords) -> dict[str, Use]:
    """Return what a number with each unit is, for numbers whose indicator names it."""
    named = {unit.unit: Use(unit.unit, unit.kind) for unit in reversed(words.units)}
    return {thing.unit: Use(thing.unit) for thing in words.things} | named


def currencies(words: QuantityWords) -> FormTable[Use]:
    """Return what stands in front of an amount instead of a unit behind it."""
    return FormTable((form, _use(unit)) for unit in words.units for form in unit.before)


class QualifierTable:
    """The words that make a number inexact."""

    def __init__(self, words: QuantityWords) -> None:
        self._words = words.qualifiers
        self._before: FormTable[str | None] = FormTable(
            [
                *((form, None) for one in self._words for form in one.unless),
                *((form, one.qualifier) for one in self._words for form in one.before),
            ]
        )
        self._after: FormTable[str | None] = FormTable(
            [
                *((form, None) for one in self._words for form in one.unless),
                *((form, one.qualifier) for one in self._words for form in one.after),
            ]
        )
        self._durations = FormTable((form, one.qualifier) for one in self._words for form in one.after_durations)
        distant = (
            (form, one.qualifier)
            for one in self._words
            if one.qualifier not in ("about", "almost")
            for form in one.before
            if len(form) > 1 and not form.isascii()
        )
        self._distant = sorted(distant, key=lambda pair: (-len(pair[0]), pair))

    def before(self, flat: str, start: int) -> Qualified | None:
        """Return the qualifier that ends in front of `start`."""
        found = self._before.ending(flat, skip_spaces_back(flat, start))
        return Qualified(found[0], found[1]) if found and found[1] else None

    def behind(self, flat: str, end: int, unit: str | None) -> Qualified | None:
        """Return the qualifier that begins behind `end`."""
        place = skip_spaces(flat, end)
        found = self._after.at(flat, place)
        if found and found[1] and not flat.startswith(" than", found[0]):
            return Qualified(found[0], found[1])
        if unit in DURATIONS and (short := self._durations.at(flat, place)):
            return Qualified(*short)
        return None

    def a_little_before(self, flat: str, start: int) -> str | None:
        """Return the qualifier of a Chinese number some words on: 不超过总投资的30%, 最高补助5000万元, 至少建有1所."""
        window = flat[max(0, start - _DISTANT) : start]
        clause = _CLAUSE_END.split(window)[-1]
        for form, qualifier in self._distant:
            place = clause.rfind(form)
            between = clause[place + len(form) :]
            if place >= 0 and (between.endswith("的") or (len(between) <= 4 and qualifier in ("at_least", "at_most"))):
                return qualifier
        return None
