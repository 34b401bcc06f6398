"""Actors made by pattern: the government, governor and departments of every place, the officials of every organ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from policybook.coding.actor_entries import Actor, Area, Department, OfficialClass, PlaceClass, ProvinceSuffix
from policybook.corpus.vocabulary import Place, Vocabulary

_CITY = "市"
_FIELD = re.compile(r"^ministry of (?:the )?(.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class _Named:
    """A place under all its names. `suffix` makes its official Chinese name; `suffixes_en` follow its English one."""

    id: str
    kind: str
    label: str
    full: str
    suffix: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    suffixes_en: tuple[str, ...]


@dataclass(frozen=True)
class Patterns:
    """What actors are made of: the official endings of provinces, and the patterns of data/lexicon/actors.yml."""

    suffixes: tuple[ProvinceSuffix, ...]
    places: tuple[PlaceClass, ...]
    departments: tuple[Department, ...]
    officials: tuple[OfficialClass, ...]


def expand(listed: Sequence[Actor], vocabulary: Vocabulary, patterns: Patterns) -> tuple[Actor, ...]:
    """Return the listed actors and all that the patterns make. Of actors with one id the first stands."""
    named = list(_named_places(vocabulary, patterns.suffixes))
    first: dict[str, Actor] = {}
    for actor in (
        *listed,
        *_officials(listed, patterns.officials),
        *_of_places(named, patterns.places),
        *_departments(named, patterns.departments),
    ):
        first.setdefault(actor.id, actor)
    return tuple(first.values())


def _named_places(vocabulary: Vocabulary, suffixes: Sequence[ProvinceSuffix]) -> Iterator[_Named]:
    by_id = {place.id: place for place in vocabulary.places}
    for suffix in suffixes:
        for identifier in suffix.places:
            place = by_id[identifier]
            yield _province(place, suffix)
            if suffix.suffix_zh != _CITY:
                yield from _cities(place)


def _province(place: Place, suffix: ProvinceSuffix) -> _Named:
    full = place.label_zh + suffix.suffix_zh
    plain = [place.label_zh + ending for ending in ("省", "市", "自治区") if suffix.suffix_zh.endswith(ending)]
    english = tuple(name.strip(" )").lower() for name in place.label.split("("))
    return _Named(
        place.id, "province", place.label, full, suffix.suffix_zh, _unique(full, *plain, place.label_zh), english,
        tuple(suffix.suffix_en),
    )  # fmt: skip


def _cities(place: Place) -> Iterator[_Named]:
    """Yield the cities of a province whose Chinese and English names agree by their pinyin."""
    english = {_letters(name): name for name in place.en}
    for name in place.zh:
        short = name.removesuffix(_CITY)
        spelled = "".join(lazy_pinyin(short, style=Style.NORMAL))
        if short == place.label_zh or spelled not in english or spelled == place.id:
            continue
        full = short + _CITY
        yield _Named(
            spelled, "city", english[spelled].title(), full, _CITY, _unique(full, name), (english[spelled],), ("city",)
        )


def _of_places(places: Sequence[_Named], classes: Sequence[PlaceClass]) -> Iterator[Actor]:
    for one in classes:
        for place in places:
            if place.kind not in one.of:
                continue
            names = {"place": place.label, "full": place.full}
            name_zh = next((name for end, name in one.names.items() if place.suffix.endswith(end)), one.name_zh)
            yield Actor(
                id=one.id.format(place=place.id),
                name_zh=name_zh.format(**names),
                name_en=one.name_en.format(**names),
                kind=one.kind or place.kind,
                when_acting=one.when_acting,
                place=place.id,
                zh=list(_chinese(one.zh, place)),
                en=list(_english(one.en, place)),
            )


def _chinese(forms: Iterable[str], place: _Named) -> Iterator[str]:
    """Yield forms with every name of the place, or where they ask for the full name with those that say what it is."""
    for form in forms:
        names = [name for name in place.zh if name.endswith(place.suffix[-1])] if "{full}" in form else place.zh
        yield from (form.format(place=name, full=name) for name in names)


def _english(forms: Iterable[str], place: _Named) -> Iterator[str]:
    for form in forms:
        for name in place.en:
            for suffix in place.suffixes_en if "{suffix}" in form else ("",):
                yield form.format(place=name, suffix=suffix)


def _departments(places: Sequence[_Named], departments: Sequence[Department]) -> Iterator[Actor]:
    for one in departments:
        yield _unplaced(one, "provincial", "省", one.province, ("province",))
        yield _unplaced(one, "municipal", "市", one.city, ("city", "province"))
        yield from (_department(one, place) for place in places)


def _unplaced(one: Department, level: str, level_zh: str, name: str, areas: Iterable[Area]) -> Actor:
    """Return the department that a text calls only the province's or the city's."""
    return Actor(
        id=f"{level}-{one.id}",
        name_zh=level_zh + name,
        name_en=f"{level} {one.en[0]}",
        kind="level",
        local=dict.fromkeys(areas, f"{{place}}-{one.id}"),
        zh=[level_zh + form for form in _unique(one.province, one.city, *one.zh)],
        en=[f"{level} {form}" for form in one.en],
    )


def _department(one: Department, place: _Named) -> Actor:
    """Return the department of a place; those of cities are known by their Chinese names only, there are so many."""
    name = one.city if place.suffix.endswith(_CITY) else one.province
    province = place.kind == "province"
    level = "municipal" if place.suffix == _CITY else "provincial"
    patterns = ("{place} " + level + " %s", "{place} %s", "%s of {place}", "%s of {place} {suffix}")
    return Actor(
        id=f"{place.id}-{one.id}",
        name_zh=place.full + name,
        name_en=f"{place.label} {one.en[0]}",
        kind="province" if province else "city",
        place=place.id,
        zh=[full + form for full in (place.zh if province else place.zh[:1]) for form in _unique(name, *one.zh)],
        en=list(_english([pattern % form for form in one.en for pattern in patterns], place)) if province else [],
    )


def _officials(listed: Sequence[Actor], classes: Sequence[OfficialClass]) -> Iterator[Actor]:
    for one in classes:
        for organ in listed:
            if organ.head != one.head:
                continue
            found = _FIELD.match(organ.name_en)
            yield Actor(
                id=one.id.format(organ=organ.id),
                name_zh=one.name_zh.format(name=organ.name_zh),
                name_en=one.name_en.format(name=organ.name_en),
                kind="official",
                zh=[form.format(organ=name) for form in one.zh for name in (organ.name_zh, *organ.zh)],
                en=[
                    form.format(organ=name, field=found[1] if found else "")
                    for form in one.en
                    if found or "{field}" not in form
                    for name in (organ.name_en, *organ.en)
                ],
            )


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def _unique(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
