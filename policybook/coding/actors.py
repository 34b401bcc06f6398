"""Actors are found in sentences: entries, classes by place and office, names."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from policybook.coding.directives_zh import masked
from policybook.corpus.manifest import SLUG
from policybook.corpus.matching import Match, Phrases, WordList, fold
from policybook.corpus.scope import Place, Vocabulary, load_vocabulary
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import FileModel, YamlFile

ActorKind = Literal["party", "state-council", "state", "ministry", "level", "province", "city", "official", "mechanism",
                    "institution", "mass-organisation", "other"]  # fmt: skip
ActorHead = Literal["director", "minister", "bureau-head", "governor"]
Area = Literal["province", "city"]
ActorForm = Annotated[str, Field(min_length=1)]
ActorForms = list[ActorForm]


class Actor(FileModel):
    """An actor and the forms under which texts name it."""

    id: str
    #: Where it is not given, the English name: a book in English alone needs no other.
    name_zh: str
    name_en: str
    kind: ActorKind
    when_acting: bool = False
    head: ActorHead | None = None
    people: ActorForms = Field(default_factory=list)
    zh: ActorForms = Field(default_factory=list)
    en: ActorForms = Field(default_factory=list)
    zh_acting: ActorForms = Field(default_factory=list)
    en_acting: ActorForms = Field(default_factory=list)
    local: Mapping[Area, str] = Field(default_factory=dict)
    place: str | None = None  # id of the place that it is or belongs to, of those that patterns make

    @model_validator(mode="before")
    @classmethod
    def _is_named(cls, given: Any) -> Any:
        named = isinstance(given, dict) and "name_en" in given
        return {"name_zh": given["name_en"], **given} if named else given


class ProvinceSuffix(FileModel):
    """The places whose official names end in one word."""

    suffix_zh: str
    suffix_en: ActorForms
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


class PlaceClass(FileModel):
    """A pattern that makes an actor of every place of its kinds."""

    id: Annotated[str, _pattern("place")]
    of: list[Area]
    kind: ActorKind | None = None
    name_zh: Annotated[str, _pattern("place", "full")]
    names: Mapping[str, Annotated[str, _pattern("place", "full")]] = Field(default_factory=dict)
    name_en: Annotated[str, _pattern("place", "full")]
    names_en: Mapping[str, Annotated[str, _pattern("place", "full")]] = Field(default_factory=dict)
    when_acting: bool = False
    zh: list[Annotated[ActorForm, _pattern("place", "full")]]
    en: list[Annotated[ActorForm, _pattern("place", "suffix")]]


class Department(FileModel):
    """A department that the government of every province and city has."""

    id: str
    province: ActorForm
    city: ActorForm
    zh: ActorForms = Field(default_factory=list)
    en: Annotated[ActorForms, Field(min_length=1)]


class OfficialClass(FileModel):
    """A pattern that makes an official of every organ with one kind of head."""

    id: Annotated[str, _pattern("organ")]
    head: ActorHead
    name_zh: Annotated[str, _pattern("name")]
    name_en: Annotated[str, _pattern("name")]
    zh: list[Annotated[ActorForm, _pattern("organ", "person")]]
    en: list[Annotated[ActorForm, _pattern("organ", "field")]]


class Decoys(FileModel):
    """Words that contain an actor's name and name none."""

    zh: ActorForms = Field(default_factory=list)
    en: ActorForms = Field(default_factory=list)


class Acting(FileModel):
    """The words by which an actor marked when_acting acts, those that only begin so, or by which others act there.

    `cited_zh`: what officials leave behind, which others follow: they are no actors before it unless they say it.
    """

    zh: ActorForms = Field(default_factory=list)
    en: ActorForms = Field(default_factory=list)
    not_zh: ActorForms = Field(default_factory=list)
    cited_zh: ActorForms = Field(default_factory=list)
    said_zh: ActorForms = Field(default_factory=list)
    between_zh: ActorForms = Field(default_factory=list)
    located_zh: ActorForms = Field(default_factory=list)
    located_en: ActorForms = Field(default_factory=list)


_CITY, _AREAS = "市", "省市自"
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
class ActorPatterns:
    """What actors are made of: the official endings of provinces, and the patterns of data/lexicon/actors.yml."""

    suffixes: tuple[ProvinceSuffix, ...]
    places: tuple[PlaceClass, ...]
    departments: tuple[Department, ...]
    officials: tuple[OfficialClass, ...]


def expand(listed: Sequence[Actor], vocabulary: Vocabulary, patterns: ActorPatterns) -> tuple[Actor, ...]:
    """Return the listed actors and all that the patterns make. Of actors with one id the first stands."""
    named = list(_named_places(vocabulary, patterns.suffixes))
    first: dict[str, Actor] = {}
    for actor in (*listed, *_officials(listed, patterns.officials), *_of_places(named, patterns.places),
                  *_departments(named, patterns.departments)):  # fmt: skip
        first.setdefault(actor.id, actor)
    return tuple(first.values())


def _named_places(vocabulary: Vocabulary, suffixes: Sequence[ProvinceSuffix]) -> Iterator[_Named]:
    by_id = {place.id: place for place in vocabulary.places}
    for suffix in suffixes:
        for identifier in suffix.places:
            place = by_id[identifier]
            if not place.label_zh:
                continue
            yield _province(place, suffix)
            if suffix.suffix_zh != _CITY:
                yield from _cities(place)


def _province(place: Place, suffix: ProvinceSuffix) -> _Named:
    full = place.label_zh + suffix.suffix_zh
    plain = [place.label_zh + ending for ending in ("省", "市", "自治区") if suffix.suffix_zh.endswith(ending)]
    english = tuple(name.strip(" )").lower() for name in place.label.split("("))
    return _Named(place.id, "province", place.label, full, suffix.suffix_zh, _unique(full, *plain, place.label_zh),
                  english, tuple(suffix.suffix_en))  # fmt: skip


def _cities(place: Place) -> Iterator[_Named]:
    """Yield the cities of a province whose Chinese and English names agree by their pinyin."""
    from pypinyin import Style, lazy_pinyin  # slow to import

    english = {_letters(name): name for name in place.en}
    for name in place.zh:
        short = name.removesuffix(_CITY)
        spelled = "".join(lazy_pinyin(short, style=Style.NORMAL))
        if short == place.label_zh or spelled not in english or spelled == place.id:
            continue
        full = short + _CITY
        yield _Named(spelled, "city", english[spelled].title(), full, _CITY, _unique(full, name), (english[spelled],),
                     ("city",))  # fmt: skip


def _of_places(places: Sequence[_Named], classes: Sequence[PlaceClass]) -> Iterator[Actor]:
    for one in classes:
        for place in places:
            if place.kind not in one.of:
                continue
            names = {"place": place.label, "full": place.full}
            name_zh, name_en = (
                next((name for end, name in listed.items() if place.suffix.endswith(end)), otherwise)
                for listed, otherwise in ((one.names, one.name_zh), (one.names_en, one.name_en))
            )
            yield Actor(id=one.id.format(place=place.id), name_zh=name_zh.format(**names),
                        name_en=name_en.format(**names), kind=one.kind or place.kind, when_acting=one.when_acting,
                        place=place.id, zh=list(_chinese(one.zh, place)), en=list(_english(one.en, place)))  # fmt: skip


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
        yield _unplaced(one, "provincial", ("省", "自治区"), one.province, ("province",))
        yield _unplaced(one, "municipal", ("市",), one.city, ("city", "province"))
        yield from (_department(one, place) for place in places)


def _unplaced(one: Department, level: str, areas_zh: Sequence[str], name: str, areas: Iterable[Area]) -> Actor:
    """Return the department that a text calls only the province's or the city's."""
    return Actor(id=f"{level}-{one.id}", name_zh=areas_zh[0] + name, name_en=f"{level} {one.en[0]}", kind="level",
                 local=dict.fromkeys(areas, f"{{place}}-{one.id}"),
                 zh=[area + form for area in areas_zh for form in _unique(one.province, one.city, *one.zh)],
                 en=[f"{level} {form}" for form in one.en])  # fmt: skip


_DEPARTMENT = Actor(id="department", name_zh="部门", name_en="department", kind="other")


def _department(one: Department, place: _Named) -> Actor:
    """Return the department of a place; those of cities are known by their Chinese names only, there are so many."""
    name = one.city if place.suffix.endswith(_CITY) else one.province
    province = place.kind == "province"
    level = "municipal" if place.suffix == _CITY else "provincial"
    patterns = ("{place} " + level + " %s", "{place} %s", "%s of {place}", "%s of {place} {suffix}")
    return _DEPARTMENT.model_copy(update={  # there are ten thousand, of parts that were checked
        "id": f"{place.id}-{one.id}", "name_zh": place.full + name, "name_en": f"{place.label} {one.en[0]}",
        "kind": "province" if province else "city", "place": place.id,
        "zh": [full + form for full in (place.zh if province else place.zh[:1]) for form in _unique(name, *one.zh)],
        "en": list(_english([pattern % form for form in one.en for pattern in patterns], place)) if province else [],
    })  # fmt: skip


def _officials(listed: Sequence[Actor], classes: Sequence[OfficialClass]) -> Iterator[Actor]:
    for one in classes:
        for organ in listed:
            if organ.head != one.head:
                continue
            found = _FIELD.match(organ.name_en)
            yield Actor(id=one.id.format(organ=organ.id), name_zh=one.name_zh.format(name=organ.name_zh),
                        name_en=one.name_en.format(name=organ.name_en), kind="official",
                        zh=[form.format(organ=name, person=name) for form in one.zh
                            for name in (organ.people if "{person}" in form else (organ.name_zh, *organ.zh))],
                        en=[form.format(organ=name, field=found[1] if found else "") for form in one.en
                            if found or "{field}" not in form for name in (organ.name_en, *organ.en)])  # fmt: skip


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def _unique(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class ActorScheme:
    """The actors that a project lists, and what others are made of."""

    listed: tuple[Actor, ...]
    vocabulary: Vocabulary
    patterns: ActorPatterns
    acting: Acting
    decoys: Decoys
    not_before_zh: tuple[str, ...]

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """Every actor: `listed` ones first, then those made by patterns, in the file's order. It takes a second."""
        return expand(self.listed, self.vocabulary, self.patterns)

    @cached_property
    def by_id(self) -> Mapping[str, Actor]:
        """Actors by id."""
        return {actor.id: actor for actor in self.actors}


def load_actor_scheme(project: Project) -> ActorScheme:
    """Read data/lexicon/actors.yml and, for the patterns, places.yml; a project without actors.yml looks for none.

    Raises InvalidDataError with every mistake: schema, ids or forms used twice, unknown places.
    """
    vocabulary = load_vocabulary(project)
    path = project.lexicon / "actors.yml"
    file = YamlFile.of(project, path) if os.path.lexists(path) else YamlFile(b"actors: []", path.name)
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
    patterns = ActorPatterns(tuple(suffixes.values()), tuple(places.values()), tuple(departments.values()),
                             tuple(officials.values()))  # fmt: skip
    return ActorScheme(tuple(listed.values()), vocabulary, patterns, acting, decoys,
                       tuple(str(char) for char in file.entries("not_before_zh")))  # fmt: skip


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


_JOINED = {"zh": ("", "、", "和", "与", "及", "以及", "，"), "en": (",", "and", "or", "as well as", ", and", "/")}
_ACTING = "acting "  # before the keys of names that count only where they act
_COUNTED = re.compile("第?[一二三四五六七八九十百\\d]{1,4}[届次]")
_LISTED = 12  # characters at most between two actors of one list
_CITING = 30  # characters at most between an official and the name of what was said
_CLAUSE_END = re.compile("[,;:。!?]")


@dataclass(frozen=True)
class FoundActor:
    """One actor named in a sentence, and where."""

    actor: str
    start: int
    end: int


class ActorFinder:
    """Finds the actors of a scheme: the leftmost-longest form wins.

    A name that is also a mere place or word counts only where it acts: before one of the scheme's words of acting, or
    in a list with an actor that counts.
    """

    def __init__(self, scheme: ActorScheme) -> None:
        self.scheme = scheme
        forms = {"zh": list(_forms(scheme, "zh")), "en": list(_forms(scheme, "en"))}
        self._phrases = {"zh": Phrases(forms["zh"], decoys=scheme.decoys.zh, not_before=scheme.not_before_zh,
                                       whole_words=True),
                         "en": Phrases(forms["en"], decoys=scheme.decoys.en, with_plurals=True)}  # fmt: skip
        acting = scheme.acting
        self._acting = {"zh": WordList(acting.zh), "en": WordList(fold(word) for word in acting.en)}
        self._not_acting, self._between = WordList(acting.not_zh), WordList(acting.between_zh)
        self._located_zh, self._located_en = WordList(acting.located_zh), frozenset(acting.located_en)
        self._cited, self._said = WordList(acting.cited_zh), WordList(acting.said_zh)

    @cached_property
    def names_zh(self) -> Mapping[str, str]:
        """Official Chinese names of the actors by id."""
        return {actor.id: actor.name_zh for actor in self.scheme.actors}

    def find(self, text: str, language: str) -> Iterator[FoundActor]:
        """Yield the actors named in one sentence, in order."""
        folded, stood = _without_counts(fold(text), language)
        matches = self._phrases[language].find(folded)
        if not matches:
            return
        titles = fold(masked(folded))
        counts = [False] * len(matches)
        listed = [False, *(self._are_listed(folded, *pair, language) for pair in pairwise(matches))]
        located = [self._is_location(folded, match, language) for match in matches]
        for n in range(1, len(matches)):
            located[n] |= listed[n] and located[n - 1]
        for n in range(len(matches) - 1, -1, -1):
            goes_on = n + 1 < len(matches) and listed[n + 1] and counts[n + 1]
            counts[n] = self._counts(folded, titles, matches[n], located[n], goes_on, language)
        place: str | None = None
        for match, counted in zip(matches, counts, strict=True):
            actor = self._local(self._id(match), folded[match.start], place)
            place = self.scheme.by_id[actor].place or place
            if counted:
                yield FoundActor(actor, stood[match.start], stood[match.end - 1] + 1)

    def _counts(self, folded: str, titles: str, match: Match, located: bool, goes_on: bool, language: str) -> bool:
        """Whether a name names an actor; `titles`: the text without them; `goes_on`: so does the next of its list."""
        if not match.key.startswith(_ACTING):
            return not (language == "zh" and self._is_cited(folded, match))
        if titles[match.start] != folded[match.start]:
            return False  # what a paper is called does not act
        return not located and (goes_on or self._acts(folded, match, language))

    def _is_cited(self, folded: str, match: Match) -> bool:
        """Whether an official is named for what was said, which somebody else follows."""
        if self.scheme.by_id[self._id(match)].kind != "official":
            return False
        end = match.end + len(_CLAUSE_END.split(folded[match.end : match.end + _CITING], maxsplit=1)[0])
        cited, said = self._cited.within(folded, match.end, end), self._said.within(folded, match.end, end)
        return cited is not None and (said is None or said > cited)

    def _local(self, actor: str, begins: str, place: str | None) -> str:
        """Return whom a name means that names no place, where the sentence named one before (for 省政府 no city)."""
        meant = self.scheme.by_id[actor].local
        if not meant or place is None or (begins in _AREAS and begins not in self.scheme.by_id[place].name_zh):
            return actor
        kind = self.scheme.by_id[place].kind
        local = next((pattern.format(place=place) for area, pattern in meant.items() if area == kind), actor)
        return local if local in self.scheme.by_id else actor

    @staticmethod
    def _id(match: Match) -> str:
        return match.key.removeprefix(_ACTING)

    def _acts(self, folded: str, match: Match, language: str) -> bool:
        place = match.end
        if language == "zh":
            place += self._between.at(folded, place, len(folded))
            return self._acting["zh"].at(folded, place, len(folded)) > self._not_acting.at(folded, place, len(folded))
        if folded[place : place + 1] != " ":
            return False
        length = self._acting["en"].at(folded, place + 1, len(folded))
        return length > 0 and not folded[place + 1 + length : place + 2 + length].isalnum()

    def _is_location(self, folded: str, match: Match, language: str) -> bool:
        before = folded[max(0, match.start - 16) : match.start]
        if language == "zh":
            return self._located_zh.closes(before, 0, len(before))
        words = before.split()
        return bool(words) and words[-1] in self._located_en

    def _are_listed(self, folded: str, match: Match, following: Match, language: str) -> bool:
        gap = folded[match.end : following.start]
        if not gap and self.scheme.by_id[self._id(match)].kind != self.scheme.by_id[self._id(following)].kind:
            return False  # 湖北省黄冈市 is one place
        return len(gap) <= _LISTED and gap.strip() in _JOINED[language]


def _forms(scheme: ActorScheme, language: str) -> Iterator[tuple[str, str]]:
    for actor in scheme.actors:
        always = [getattr(actor, f"name_{language}"), *getattr(actor, language)]
        yield from ((form, _ACTING * actor.when_acting + actor.id) for form in always)
        yield from ((form, _ACTING + actor.id) for form in getattr(actor, f"{language}_acting"))


def _without_counts(text: str, language: str) -> tuple[str, Sequence[int]]:
    """Return text without what counts sessions within names (第十四届), and where each of its characters stood."""
    if language != "zh":
        return text, range(len(text))
    counted = {n for found in _COUNTED.finditer(text) for n in range(*found.span())}
    if not counted:
        return text, range(len(text))
    kept = [n for n in range(len(text)) if n not in counted]
    return "".join(text[n] for n in kept), kept
