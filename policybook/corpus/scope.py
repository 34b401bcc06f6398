"""What passages speak of: places, levels, plans and eras by the words of data/lexicon."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from policybook.corpus.matching import Phrases
from policybook.errors import InvalidDataError, Problem, raise_problems, suggest
from policybook.project import Project, once_for_the_same_lexicon
from policybook.tables import DateText, FileModel, YamlFile, parse_span


class _Entry(FileModel):
    id: str
    label: str


class Place(_Entry):
    """A place and the words that name it; `institutions_*` name the country by its institutions.

    `spoken_in`: words that name it only in a document of some speaker, by that place's id. `colour`: the number of its
    colour and mark wherever a chart shows it beside others (see policybook.charts.theme); no two have one.
    """

    label_zh: str = ""
    within: str | None = None
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)
    institutions_zh: list[str] = Field(default_factory=list)
    institutions_en: list[str] = Field(default_factory=list)
    spoken_in: dict[str, list[str]] = Field(default_factory=dict)
    together: list[str] = Field(default_factory=list)
    colour: int | None = Field(default=None, ge=1, le=8)


class Level(_Entry):
    """A level of government or territory, and the words that show a passage is about it."""

    label_zh: str = ""
    strong_zh: list[str] = Field(default_factory=list)
    strong_en: list[str] = Field(default_factory=list)
    weak_zh: list[str] = Field(default_factory=list)
    weak_en: list[str] = Field(default_factory=list)
    weak_needed: int = Field(default=2, ge=1)


class ScopeWords(FileModel):
    """Word forms in both languages."""

    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)


class NotPlaces(ScopeWords):
    """Words that contain a place's name and name none; `after_zh`: so does every Chinese name before one of these.

    `but_zh`: before these a name is the place's, whatever word begins with its last character (南通市 in 南通市区).
    """

    after_zh: list[str] = Field(default_factory=list)
    but_zh: list[str] = Field(default_factory=list)


class Plan(_Entry):
    """A plan and the names under which texts refer to it."""

    label_zh: str = ""
    short: str
    short_zh: str = ""
    zh: list[str] = Field(default_factory=list)
    en: list[str] = Field(default_factory=list)


class Era(_Entry):
    """A period named by the plan then in force."""

    begins: DateText
    ends: DateText | None = None

    @model_validator(mode="after")
    def _ends_behind_its_beginning(self) -> Self:
        if self.ends and parse_span(self.ends)[1] < parse_span(self.begins)[0]:
            raise ValueError(f"it ends {self.ends} before it begins {self.begins}. Correct one of the two.")
        return self


@dataclass(frozen=True)
class Vocabulary:
    """Every place, level, plan and era that a project knows."""

    places: tuple[Place, ...]
    not_places: NotPlaces
    self_reference: ScopeWords
    levels: tuple[Level, ...]
    plans: tuple[Plan, ...]
    eras: tuple[Era, ...]

    @cached_property
    def place_ids(self) -> list[str]:
        """Ids of the places, in the file's order."""
        return [place.id for place in self.places]

    @cached_property
    def plan_ids(self) -> list[str]:
        """Ids of the plans, and `none`."""
        return [*(plan.id for plan in self.plans), "none"]

    @cached_property
    def level_ids(self) -> list[str]:
        """Ids of the levels."""
        return [level.id for level in self.levels]

    @cached_property
    def era_ids(self) -> list[str]:
        """Ids of the eras."""
        return [era.id for era in self.eras]

    def place_phrases(self, speaker: str = "") -> Phrases:
        """Return what finds places by name in a document of `speaker`."""
        names = [(word, place.id) for place in self.places for word in (*place.zh, *place.en)]
        names += [(word + end, one.id) for one in self.places for word in one.zh for end in self.not_places.but_zh]
        theirs = [(word, place.id) for place in self.places for word in place.spoken_in.get(speaker, ())]
        return Phrases([*theirs, *names], decoys=[*self.not_places.zh, *self.not_places.en],
                       not_before=self.not_places.after_zh, whole_words=True)  # fmt: skip

    def label(self, value: str) -> str:
        """Return the English label of a place, level, plan or era; the id itself when there is none."""
        entries = (*self.places, *self.levels, *self.plans, *self.eras)
        return {entry.id: entry.label for entry in entries}.get(value, value)

    def label_zh(self, value: str) -> str:
        """Return the Chinese label of a place, level or plan; empty when there is none."""
        entries: tuple[Place | Level | Plan, ...] = (*self.places, *self.levels, *self.plans)
        return {one.id: one.label_zh for one in entries}.get(value, "")

    def colour(self, value: str) -> int | None:
        """Return the number of a place's own colour; None where it has none."""
        return {place.id: place.colour for place in self.places}.get(value)

    def short_plan(self, identifier: str, *, chinese: bool = False) -> str:
        """Return the short English name of a plan, or the Chinese one; when there is none the id, or nothing."""
        names = ((plan.short_zh if chinese else plan.short) for plan in self.plans if plan.id == identifier)
        return next(names, "" if chinese else identifier)

    def era_of(self, written: str) -> str | None:
        """Return the id of the era in which a text written on `written` was written.

        A month or a span belongs to the era that holds most of its days. None when no era holds the date, or when
        only the year is known and two eras share it.
        """
        first, last = parse_span(written)
        held: dict[str, int] = {}
        for era in self.eras:
            begins, ends = parse_span(era.begins)[0], parse_span(era.ends)[1] if era.ends else last
            if (days := (min(last, ends) - max(first, begins)).days + 1) > 0:
                held[era.id] = days
        if len(held) > 1 and len(written) == len("2014"):
            return None
        return max(held, key=held.__getitem__, default=None)


@once_for_the_same_lexicon
def load_vocabulary(project: Project) -> Vocabulary:
    """Read data/lexicon/places.yml and plans.yml; a project without plans.yml has no plans and no eras.

    Raises InvalidDataError with every mistake in the two files.
    """
    problems: list[Problem] = []
    places_file = _open(project, "places.yml", problems)
    has_plans = (project.lexicon / "plans.yml").exists()
    plans_file = _open(project, "plans.yml", problems) if has_plans else None
    if places_file is None or (has_plans and plans_file is None):
        raise InvalidDataError(problems)

    places = places_file.parse_entries("places", Place, problems, unique="id")
    levels = places_file.parse_entries("levels", Level, problems, unique="id")
    plans = plans_file.parse_entries("plans", Plan, problems, unique="id") if plans_file else {}
    eras = plans_file.parse_entries("eras", Era, problems, unique="id") if plans_file else {}
    reference = places_file.parse(ScopeWords, places_file.mapping("self_reference"), ["self_reference"], problems)
    not_places = places_file.parse(NotPlaces, places_file.mapping("not_places"), ["not_places"], problems)
    _check_references(places_file, places, problems)
    if plans_file:
        _check_eras(plans_file, eras, problems)
    raise_problems(problems)
    assert reference is not None and not_places is not None  # a failed parse has left a problem
    entries = (tuple(levels.values()), tuple(plans.values()), tuple(eras.values()))
    return Vocabulary(tuple(places.values()), not_places, reference, *entries)


def _open(project: Project, name: str, problems: list[Problem]) -> YamlFile | None:
    path = project.lexicon / name
    try:
        return YamlFile(path, project.name(path))
    except InvalidDataError as error:
        problems.extend(error.problems)
        return None


def _check_references(file: YamlFile, places: Mapping[int, Place], problems: list[Problem]) -> None:
    known = [str(raw.get("id")) for raw in file.entries("places") if isinstance(raw, dict)] if places else []
    coloured: dict[int, str] = {}
    for n, place in places.items():
        if place.colour and (first := coloured.setdefault(place.colour, place.id)) != place.id:
            message = f"{place.id!r} has the colour of {first!r}."
            problems.append(file.problem(["places", n, "colour"], message, "Give it another from 1 to 8."))
        within = [place.within] if place.within else []
        named = {"within": within, "together": place.together, "spoken_in": place.spoken_in}
        for field, names in named.items():
            for name in names:
                if name not in known:
                    problems.append(
                        file.problem(["places", n, field], f"unknown place {name!r}.", suggest(name, known))
                    )
    above = {place.id: place.within for place in places.values()}
    for n, place in places.items():
        over, passed = place.within, set[str]()
        while over is not None and over not in passed:
            passed.add(over)
            over = above.get(over)
        if place.id in passed:
            message = f"{place.id!r} lies within itself."
            problems.append(file.problem(["places", n, "within"], message, "Break the circle."))


def _check_eras(file: YamlFile, eras: Mapping[int, Era], problems: list[Problem]) -> None:
    """Note eras that begin before the one in front of them has ended: a day must lie in one era only."""
    listed = list(eras.items())
    for (_, one), (n, after) in pairwise(listed):
        if one.ends is None or parse_span(one.ends)[1] >= parse_span(after.begins)[0]:
            message = f"it begins {after.begins} before {one.id!r} has ended ({one.ends or 'no end is given'})."
            problems.append(file.problem(["eras", n, "begins"], message, "Put the eras in order, each with its end."))


# An override in data/corpus.yml stands above every rule; a document's defaults stand below them.
# A sentence that lists this many places below the nation gives examples; it does not speak of them.
ENUMERATION = 3
_NATION = "national"
_SELF = "(self)"
#: What names the nation of whoever speaks.
_OURS = re.compile("[我本]国|(?:our|my) (?:country|nation)|nationwide|(?:across|throughout) the country", re.IGNORECASE)
#: The standpoint, and the era, of a document of which nobody knows it.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Scope:
    """What one passage is about and when it was written."""

    plan: str
    era: str
    places: tuple[str, ...]
    level: str | None


class ScopeRules:
    """The rules of one project's vocabulary, applied passage by passage."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._order = [*vocabulary.place_ids, UNKNOWN]
        self._together = {place.id: frozenset(place.together) for place in vocabulary.places if place.together}
        others = [(w, _NATION) for p in vocabulary.places for w in (*p.institutions_zh, *p.institutions_en)]
        others += [(word, _SELF) for word in (*vocabulary.self_reference.zh, *vocabulary.self_reference.en)]
        self._places, self._others = cache(vocabulary.place_phrases), Phrases(others, whole_words=True)
        self._plans = Phrases((name, plan.id) for plan in vocabulary.plans for name in (*plan.zh, *plan.en))
        self._levels = [(level,
                         Phrases([(word, "strong") for word in (*level.strong_zh, *level.strong_en)]
                                 + [(word, "weak") for word in (*level.weak_zh, *level.weak_en)]))
                        for level in vocabulary.levels]  # fmt: skip

    def plan(self, text: str, default: str) -> str:
        """Return the plan that `text` names most often (the first named of equals), or `default`."""
        named = Counter(match.key for match in self._plans.find(text))
        return named.most_common(1)[0][0] if named else default

    def level(self, text: str) -> str | None:
        """Return the level that `text` names as its subject, or several times; None otherwise."""
        for level, phrases in self._levels:
            found = Counter(match.key for match in phrases.find(text))
            if found["strong"] or found["weak"] >= level.weak_needed:
                return level.id
        return None

    def elsewhere(self, speaker: str, text: str) -> bool:
        """Whether "our country" is an unknown one: so is the speaker, and no other word names the nation."""
        if speaker != UNKNOWN:
            return False
        found = [match for finder in (self._places(speaker), self._others) for match in finder.find(text)]
        return all(_OURS.fullmatch(text[match.start : match.end]) for match in found if match.key == _NATION)

    def places(self, sentences: Sequence[str], speaker: str, default: Sequence[str], *,
               elsewhere: bool = False) -> tuple[str, ...]:  # fmt: skip
        """Return the places that a passage speaks of, given its sentences; `elsewhere` is what that method says.

        A place counts once a sentence that names it. Kept are the places named in more than half as many
        sentences as the one named most; where none is named, `default`.
        """
        named, phrases = Counter[str](), self._places(speaker)
        for sentence in sentences:
            keys = {match.key for finder in (phrases, self._others) for match in finder.find(sentence)}
            found = {speaker if key == _SELF or (elsewhere and key == _NATION) else key for key in keys}
            named.update(self._without_examples(self._join(found)))
        together = self._join(set(named))
        for region, parts in self._together.items():
            if region in together and region not in named:
                named[region] = max(named[part] for part in parts)
        named = Counter({place: n for place, n in named.items() if place in together})
        if not named:
            return tuple(default)
        most = max(named.values())
        kept = {place for place, n in named.items() if n > most / 2}
        return tuple(place for place in self._order if place in kept)

    def _join(self, places: set[str]) -> set[str]:
        for region, parts in self._together.items():
            if parts <= places or region in places:
                places = (places - parts) | {region}
        return places

    @staticmethod
    def _without_examples(places: set[str]) -> set[str]:
        below = places - {_NATION}
        return places - below if len(below) >= ENUMERATION else places
