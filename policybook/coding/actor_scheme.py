"""The actors of a project: those that data/lexicon/actors.yml lists, and those that its patterns make of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

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
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import YamlFile


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
    listed = file.parse_entries("actors", Actor, problems, unique="id")
    suffixes = file.parse_entries("provinces", ProvinceSuffix, problems)
    places = file.parse_entries("place_classes", PlaceClass, problems)
    officials = file.parse_entries("officials", OfficialClass, problems)
    departments = file.parse_entries("departments", Department, problems)
    acting = file.parse(Acting, file.mapping("acting"), ["acting"], problems)
    decoys = file.parse(Decoys, file.mapping("decoys"), ["decoys"], problems)
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


def _check_actors(file: YamlFile, actors: Mapping[int, Actor], problems: list[Problem]) -> None:
    """Note ids that are none, and forms that name two actors."""
    owners: dict[str, str] = {}
    for n, actor in actors.items():
        if not SLUG.fullmatch(actor.id):
            fix = "Use lower-case letters, digits and hyphens."
            problems.append(file.problem(["actors", n, "id"], f"{actor.id!r} is no id.", fix))
        for form in (actor.name_zh, *actor.zh, *actor.zh_acting, actor.name_en, *actor.en, *actor.en_acting):
            owner = owners.setdefault(fold(form), actor.id)
            if owner != actor.id:
                message = f"the form {form!r} belongs to {owner!r} already."
                problems.append(file.problem(["actors", n], message, "Take it out of one of them."))
