"""The entries of data/lexicon/actors.yml: actors, and the patterns that make further ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from policybook.errors import suggest

Kind = Literal[
    "party", "state-council", "state", "ministry", "level", "province", "city", "official", "mechanism", "other"
]
Head = Literal["director", "minister", "bureau-head", "governor"]
Area = Literal["province", "city"]
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
    zh_acting: Forms = Field(default_factory=list)
    en_acting: Forms = Field(default_factory=list)
    local: Mapping[Area, str] = Field(default_factory=dict)
    place: str | None = None  # id of the place that it is or belongs to, of those that patterns make


class ProvinceSuffix(_Model):
    """The places whose official names end in one word."""

    suffix_zh: str
    suffix_en: Forms
    places: list[str]


def check_pattern(pattern: str, fields: Iterable[str]) -> str:
    """Return a pattern if it has none but the given fields in braces. Raises ValueError otherwise."""
    known = list(fields)
    try:
        pattern.format(**dict.fromkeys(known, ""))
    except (KeyError, IndexError, ValueError, AttributeError):
        raise ValueError(f"{pattern!r} has a field in braces that is not known. {suggest('', known)}") from None
    return pattern


def _pattern(*fields: str) -> AfterValidator:
    return AfterValidator(lambda pattern: check_pattern(pattern, fields))


class PlaceClass(_Model):
    """A pattern that makes an actor of every place of its kinds."""

    id: Annotated[str, _pattern("place")]
    of: list[Area]
    kind: Kind | None = None
    name_zh: Annotated[str, _pattern("place", "full")]
    names: Mapping[str, Annotated[str, _pattern("place", "full")]] = Field(default_factory=dict)
    name_en: Annotated[str, _pattern("place", "full")]
    when_acting: bool = False
    zh: list[Annotated[Form, _pattern("place", "full")]]
    en: list[Annotated[Form, _pattern("place", "suffix")]]


class Department(_Model):
    """A department that the government of every province and city has."""

    id: str
    province: Form
    city: Form
    zh: Forms = Field(default_factory=list)
    en: Annotated[Forms, Field(min_length=1)]


class OfficialClass(_Model):
    """A pattern that makes an official of every organ with one kind of head."""

    id: Annotated[str, _pattern("organ")]
    head: Head
    name_zh: Annotated[str, _pattern("name")]
    name_en: Annotated[str, _pattern("name")]
    zh: list[Annotated[Form, _pattern("organ")]]
    en: list[Annotated[Form, _pattern("organ", "field")]]


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
