"""What an entry of data/lexicon/quantities.yml may hold; the head of that file explains it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Kind = Literal["percent", "money", "area", "count"]
Form = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Forms = list[Form]


class Entry(BaseModel):
    """What all entries have in common: no other fields, and no change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Unit(Entry):
    """What a number is measured in, and the forms under which texts write it."""

    unit: str
    kind: Kind = "count"
    zh: Forms = Field(default_factory=list)
    en: Forms = Field(default_factory=list)
    before: Forms = Field(default_factory=list)
    unless: Forms = Field(default_factory=list)
    factor: float = 1
    one: bool = False
    qualified: bool = False
    power: int | None = None


class Measure(Entry):
    """Chinese measure words, with the unit where no noun decides it."""

    zh: Forms
    unit: str | None = None
    fixed: bool = False
    next: bool = False
    only: list[str] = Field(default_factory=list)


class Thing(Entry):
    """Nouns that make a unit."""

    unit: str
    zh: Forms = Field(default_factory=list)
    direct: Forms = Field(default_factory=list)
    unless: Forms = Field(default_factory=list)
    modifier: Literal["no", "inside", "everywhere"] = "no"
    en: Forms = Field(default_factory=list)


class QualifierWords(Entry):
    """Words that make a number inexact."""

    qualifier: Literal["about", "almost", "over", "at_least", "at_most", "under"]
    before: Forms = Field(default_factory=list)
    after: Forms = Field(default_factory=list)
    after_durations: Forms = Field(default_factory=list)
    unless: Forms = Field(default_factory=list)


class Names(Entry):
    """Expressions with a number that are no quantities."""

    zh: Forms = Field(default_factory=list)
    en: Forms = Field(default_factory=list)
    patterns: Forms = Field(default_factory=list)


class OrdinalWords(Entry):
    """Words that make an ordinal a quantity."""

    zh: Forms = Field(default_factory=list)
    ranks_zh: Forms = Field(default_factory=list)
    en: Forms = Field(default_factory=list)
    ranks_en: Forms = Field(default_factory=list)


class CarriedOn(Entry):
    """Words that begin a further clause about the same indicator."""

    zh: Forms = Field(default_factory=list)
    en: Forms = Field(default_factory=list)


class Indicator(Entry):
    """A statistical indicator and the forms under which texts name it."""

    id: str
    term_zh: str
    unit: str | None = None
    zh: Forms = Field(default_factory=list)
    en: Forms = Field(default_factory=list)


class NounPhrases(Entry):
    """Words at which a Chinese noun phrase ends."""

    end_at: Forms = Field(default_factory=list)
    unless: Forms = Field(default_factory=list)
