"""What a passage is about: its plan, era, places and level, by rule, from names in its text.

An override in data/corpus.yml stands above every rule; a document's defaults stand below them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from policybook.corpus.matching import Phrases
from policybook.corpus.vocabulary import Vocabulary

# A sentence that lists this many places below the nation gives examples; it does not speak of them.
ENUMERATION = 3
_NATION = "national"
_SELF = "(self)"


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
        """Prepare the gazetteer, the names of plans and the words for levels."""
        self._order = vocabulary.place_ids
        self._together = {place.id: frozenset(place.together) for place in vocabulary.places if place.together}
        names = [(word, place.id) for place in vocabulary.places for word in (*place.zh, *place.en)]
        names += [(w, _NATION) for p in vocabulary.places for w in (*p.institutions_zh, *p.institutions_en)]
        names += [(word, _SELF) for word in (*vocabulary.self_reference.zh, *vocabulary.self_reference.en)]
        self._places = Phrases(names)
        self._plans = Phrases((name, plan.id) for plan in vocabulary.plans for name in (*plan.zh, *plan.en))
        self._levels = [
            (
                level,
                Phrases(
                    [(word, "strong") for word in (*level.strong_zh, *level.strong_en)]
                    + [(word, "weak") for word in (*level.weak_zh, *level.weak_en)]
                ),
            )
            for level in vocabulary.levels
        ]

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

    def places(self, sentences: Sequence[str], speaker: str, default: Sequence[str]) -> tuple[str, ...]:
        """Return the places that a passage speaks of, given its sentences.

        A place counts once a sentence that names it. Kept are the places named in more than half as many
        sentences as the one named most; where none is named, `default`.
        """
        named: Counter[str] = Counter()
        for sentence in sentences:
            found = {speaker if m.key == _SELF else m.key for m in self._places.find(sentence)}
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
