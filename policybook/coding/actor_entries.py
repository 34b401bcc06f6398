"""The entries of data/lexicon/actors.yml: actors, and the patterns that make further ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["party", "state-council", "state", "ministry", "level", "province", "city", "official", "mechanism"]
Head = Literal["director", "minister", "bureau-head", "governor"]
Form = Annotated[str, Field(min_length=1)]
Forms = list[Form]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Actor(_Model):
    """An actor and the forms under which texts name it."""

    id: str
    name_zh: str
    name_en: str
    kind: Kind
    when_acting: bool = False
    head: Head | None = None
    zh: Forms = Field(default_factory=list)
    en: Forms = Field(default_factory=list)


class ProvinceSuffix(_Model):
    """The places whose official names end in one word."""

    suffix_zh: str
    suffix_en: Forms
    places: list[str]


class PlaceClass(_Model):
    """A pattern that makes an actor of every place of its kinds."""

    id: str
    of: list[Literal["province", "city"]]
    kind: Kind | None = None
    name_zh: str
    names: Mapping[str, str] = Field(default_factory=dict)
    name_en: str
    when_acting: bool = False
    zh: Forms
    en: Forms


class OfficialClass(_Model):
    """A pattern that makes an official of every organ with one kind of head."""

    id: str
    head: Head
    name_zh: str
    name_en: str
    zh: Forms
    en: Forms


class Decoys(_Model):
    """Words that contain an actor's name and name none."""

    zh: Forms
    en: Forms


class Acting(_Model):
    """The words by which an actor marked when_acting is seen to act, or to be only a place where others act."""

    zh: Forms
    en: Forms
    between_zh: Forms
    located_zh: Forms
    located_en: Forms
