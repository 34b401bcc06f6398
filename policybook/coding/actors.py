"""Finding actors: ministries, levels of government, places that act, officials by title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policybook.coding.actor_scheme import ActorScheme, load_actor_scheme
from policybook.coding.clauses_zh import masked
from policybook.corpus.matching import Match, Phrases, WordList, fold
from policybook.project import Project

_JOINED = {"zh": ("", "、", "和", "与", "及", "以及", "，"), "en": (",", "and", "or", "as well as", ", and", "/")}
_DECOY = ""
_ACTING = "acting "  # before the keys of names that count only where they act
_COUNTED = re.compile("第?[一二三四五六七八九十百\\d]{1,4}[届次]")
_LISTED = 12  # characters at most between two actors of one list


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
        """Prepare the forms of every actor in both languages."""
        self.scheme = scheme
        forms = {"zh": list(_forms(scheme, "zh")), "en": list(_forms(scheme, "en"))}
        self._phrases = {
            "zh": Phrases([*forms["zh"], *((word, _DECOY) for word in scheme.decoys.zh)]),
            "en": Phrases([*forms["en"], *((word, _DECOY) for word in scheme.decoys.en)], with_plurals=True),
        }
        acting = scheme.acting
        self._acting = {"zh": WordList(acting.zh), "en": WordList(fold(word) for word in acting.en)}
        self._between = WordList(acting.between_zh)
        self._located_zh, self._located_en = WordList(acting.located_zh), frozenset(acting.located_en)

    @property
    def names_zh(self) -> Mapping[str, str]:
        """Official Chinese names of the actors by id."""
        return {actor.id: actor.name_zh for actor in self.scheme.actors}

    def find(self, text: str, language: str) -> Iterator[FoundActor]:
        """Yield the actors named in one sentence, in order."""
        folded, stood = _without_counts(fold(text), language)
        titles = fold(masked(folded))
        matches = [match for match in self._phrases[language].find(folded) if self._stands(folded, match, language)]
        counts = [False] * len(matches)
        for n in range(len(matches) - 1, -1, -1):
            following = matches[n + 1] if n + 1 < len(matches) and counts[n + 1] else None
            counts[n] = self._counts(folded, titles, matches[n], following, language)
        place: str | None = None
        for match, counted in zip(matches, counts, strict=True):
            actor = self._local(self._id(match), place)
            place = self.scheme.by_id[actor].place or place
            if counted:
                yield FoundActor(actor, stood[match.start], stood[match.end - 1] + 1)

    def _counts(self, folded: str, titles: str, match: Match, following: Match | None, language: str) -> bool:
        """Whether a name names an actor; `following`: the next name, if it counts; `titles`: the text without them."""
        if not match.key.startswith(_ACTING):
            return True
        if titles[match.start] != folded[match.start]:
            return False  # what a paper is called does not act
        acts = self._acts(folded, match, language) and not self._is_location(folded, match, language)
        return acts or (following is not None and self._are_listed(folded, match, following, language))

    def _local(self, actor: str, place: str | None) -> str:
        """Return whom a name means that names no place where the sentence named one before."""
        meant = self.scheme.by_id[actor].local
        if not meant or place is None:
            return actor
        kind = self.scheme.by_id[place].kind
        local = next((pattern.format(place=place) for area, pattern in meant.items() if area == kind), actor)
        return local if local in self.scheme.by_id else actor

    @staticmethod
    def _id(match: Match) -> str:
        return match.key.removeprefix(_ACTING)

    def _stands(self, text: str, match: Match, language: str) -> bool:
        """Whether the name ends where a Chinese name may end."""
        if match.key == _DECOY:
            return False
        return language != "zh" or text[match.end : match.end + 1] not in self.scheme.not_before_zh

    def _acts(self, folded: str, match: Match, language: str) -> bool:
        place = match.end
        if language == "zh":
            place += self._between.at(folded, place, len(folded))
            return self._acting["zh"].at(folded, place, len(folded)) > 0
        if folded[place : place + 1] != " ":
            return False
        length = self._acting["en"].at(folded, place + 1, len(folded))
        return length > 0 and not folded[place + 1 + length : place + 2 + length].isalnum()

    def _is_location(self, folded: str, match: Match, language: str) -> bool:
        """Whether a preposition before the name makes a location of it."""
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
    """Yield the forms of every actor with their keys."""
    for actor in scheme.actors:
        always = [getattr(actor, f"name_{language}"), *getattr(actor, language)]
        yield from ((form, _ACTING * actor.when_acting + actor.id) for form in always)
        yield from ((form, _ACTING + actor.id) for form in getattr(actor, f"{language}_acting"))


def _without_counts(text: str, language: str) -> tuple[str, Sequence[int]]:
    """Return text without what counts sessions within names (第十四届), and where each of its characters stood."""
    if language != "zh":
        return text, range(len(text))
    counted = {n for found in _COUNTED.finditer(text) for n in range(*found.span())}
    kept = [n for n in range(len(text)) if n not in counted]
    return "".join(text[n] for n in kept), kept


def load_actor_finder(project: Project) -> ActorFinder:
    """Return the finder with the actors of data/lexicon/actors.yml. Raises InvalidDataError when it has mistakes."""
    return ActorFinder(load_actor_scheme(project))
