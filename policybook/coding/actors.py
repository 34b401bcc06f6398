"""Finding actors: ministries, levels of government, places that act, officials by title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policybook.coding.actor_scheme import ActorScheme, load_actor_scheme
from policybook.coding.clauses_zh import masked
from policybook.coding.wordlists import WordList
from policybook.corpus.phrases import Match, Phrases, fold
from policybook.project import Project

_JOINED = {"zh": ("", "、", "和", "与", "及", "以及", "，"), "en": (",", "and", "or", "as well as", ", and", "/")}
_DECOY = ""
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
        actors = scheme.actors
        forms: dict[str, list[tuple[str, str]]] = {
            "zh": [(form, actor.id) for actor in actors for form in (actor.name_zh, *actor.zh)],
            "en": [(form, actor.id) for actor in actors for form in (actor.name_en, *actor.en)],
        }
        self._phrases = {
            "zh": Phrases([*forms["zh"], *((word, _DECOY) for word in scheme.decoys.zh)]),
            "en": Phrases([*forms["en"], *((word, _DECOY) for word in scheme.decoys.en)], plurals=True),
        }
        acting = scheme.acting
        self._acting = {"zh": WordList(acting.zh), "en": WordList(fold(word) for word in acting.en)}
        self._between = WordList(acting.between_zh)
        self._located_zh, self._located_en = WordList(acting.located_zh), frozenset(acting.located_en)

    def find(self, text: str, language: str) -> Iterator[FoundActor]:
        """Yield the actors named in one sentence, in order."""
        folded = fold(masked(text))
        matches = [match for match in self._phrases[language].find(folded) if self._stands(folded, match, language)]
        counts = [False] * len(matches)
        for n in range(len(matches) - 1, -1, -1):
            followed = n + 1 < len(matches) and counts[n + 1]
            counts[n] = (
                not self.scheme.by_id[matches[n].key].when_acting
                or (self._acts(folded, matches[n], language) and not self._is_location(folded, matches[n], language))
                or (followed and self._are_listed(folded, matches[n], matches[n + 1], language))
            )
        for match, counted in zip(matches, counts, strict=True):
            if counted:
                yield FoundActor(match.key, match.start, match.end)

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
        return len(gap) <= _LISTED and gap.strip() in _JOINED[language]


def load_actor_finder(project: Project) -> ActorFinder:
    """Return the finder with the actors of data/lexicon/actors.yml. Raises InvalidDataError when it has mistakes."""
    return ActorFinder(load_actor_scheme(project))


def names_of(scheme: ActorScheme, actors: Sequence[str], language: str) -> list[str]:
    """Return the names of actors, given by id, in Chinese ("zh") or English ("en")."""
    return [getattr(scheme.by_id[actor], f"name_{language}") for actor in actors]
