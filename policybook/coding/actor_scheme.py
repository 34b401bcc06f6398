"""The actors of a project: those that data/lexicon/actors.yml lists, and those that its patterns make of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel

from policybook.coding.actor_classes import Patterns, expand
from policybook.coding.actor_entries import (
    Acting,
    Actor,
    Decoys,
    Department,
    OfficialClass,
    PlaceClass,
    ProvinceSuffix,
)
from policybook.corpus.manifest import SLUG
from policybook.corpus.matching import fold
from policybook.corpus.vocabulary import load_vocabulary
from policybook.corpus.yamlfile import YamlFile
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class ActorScheme:
    """Every actor of a project: `listed` ones first, then those made by patterns, in the file's order."""

    actors: tuple[Actor, ...]
    acting: Acting
    decoys: Decoys
    not_before_zh: tuple[str, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Actor]:
        """Actors by id."""
        return {actor.id: actor for actor in self.actors}


def load_actor_scheme(project: Project) -> ActorScheme:
    """Read data/lexicon/actors.yml and, for the patterns, places.yml.

    Raises InvalidDataError with every mistake: schema, ids or forms used twice, unknown places.
    """
    vocabulary = load_vocabulary(project)
    path = project.lexicon / "actors.yml"
    file = YamlFile(path, project.name(path))
    problems: list[Problem] = []
    listed = _parse(file, "actors", Actor, problems)
    suffixes = _parse(file, "provinces", ProvinceSuffix, problems)
    places = _parse(file, "place_classes", PlaceClass, problems)
    officials = _parse(file, "officials", OfficialClass, problems)
    departments = _parse(file, "departments", Department, problems)
    acting = file.parse(Acting, file.content.get("acting") or {}, ["acting"], problems)
    decoys = file.parse(Decoys, file.content.get("decoys") or {}, ["decoys"], problems)
    _check_actors(file, listed, problems)
    for n, suffix in suffixes.items():
        for m, place in enumerate(suffix.places):
            if place not in vocabulary.place_ids:
                hint = suggest(place, vocabulary.place_ids)
                problems.append(file.problem(["provinces", n, "places", m], f"unknown place {place!r}.", hint))
    if problems or acting is None or decoys is None:
        raise InvalidDataError(problems)
    patterns = Patterns(
        tuple(suffixes.values()), tuple(places.values()), tuple(departments.values()), tuple(officials.values())
    )
    made = expand(list(listed.values()), vocabulary, patterns)
    return ActorScheme(made, acting, decoys, tuple(str(char) for char in file.entries("not_before_zh")))


def _parse(file: YamlFile, key: str, model: type[Model], problems: list[Problem]) -> dict[int, Model]:
    parsed = ((n, file.parse(model, raw, [key, n], problems)) for n, raw in enumerate(file.entries(key)))
    return {n: entry for n, entry in parsed if entry is not None}


def _check_actors(file: YamlFile, actors: Mapping[int, Actor], problems: list[Problem]) -> None:
    """Note ids that are none or used twice, and forms that name two actors."""
    seen: set[str] = set()
    owners: dict[str, str] = {}
    for n, actor in actors.items():
        if not SLUG.fullmatch(actor.id):
            fix = "Use lower-case letters, digits and hyphens."
            problems.append(file.problem(["actors", n, "id"], f"{actor.id!r} is no id.", fix))
        if actor.id in seen:
            problems.append(file.problem(["actors", n, "id"], f"{actor.id!r} is used twice.", "Give each its own id."))
        seen.add(actor.id)
        for form in (actor.name_zh, *actor.zh, *actor.zh_acting, actor.name_en, *actor.en, *actor.en_acting):
            owner = owners.setdefault(fold(form), actor.id)
            if owner != actor.id:
                message = f"the form {form!r} belongs to {owner!r} already."
                problems.append(file.problem(["actors", n], message, "Take it out of one of them."))
