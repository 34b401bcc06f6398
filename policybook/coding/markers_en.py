"""Markers of duty and will in English clauses: should, must, will, need to, are encouraged to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policybook.coding.instrument_scheme import EnglishWords
from policybook.coding.openings_en import CONJUNCTIONS, Openings
from policybook.coding.words_en import PhraseSet, Token, Verbs
from policybook.corpus.matching import word_set

_RELATIVE = frozenset({"who", "which", "that", "whoever", "what"})
_PREPOSITIONS = word_set("of in for to with on at by from including among under through between over")
_EDGES = frozenset([",", ";", ":", "—", ".", "!", "?"])
_BEFORE_SUBJECT = word_set("that whether if because when where while and but so as")
_PASSIVE_STATES = frozenset({"achieve", "realize", "realise", "reach", "bring", "see", "lead", "base"})
_ARTICLES = frozenset({"a", "an", "the", "this", "its", "year"})
_NOUNS_TOO = frozenset({"need", "needs", "plan", "plans", "aim", "aims"})
_BEFORE_NOUN = word_set("its this a urgent an that no their the of")
_SUBJECT = 40  # no subject is looked for further back than this many words


@dataclass(frozen=True)
class Marker:
    """A marker: its first word, the word behind it, its strength, where its subject begins."""

    start: int
    after: int
    strength: str
    subject: int
    passive: bool


class Markers:
    """Finds the markers that hold in a sentence."""

    def __init__(self, words: EnglishWords, verbs: Verbs, openings: Openings) -> None:
        """Prepare the words."""
        self._sets = {strength: PhraseSet(listed) for strength, listed in words.markers.items()}
        self._decoys = PhraseSet(words.decoys)
        self._verbs, self._openings = verbs, openings
        self._agents, self._permitted = frozenset(words.agents), frozenset(words.permitted)
        self._predicted = PhraseSet(words.predicted)
        self._foretelling = frozenset(words.foretelling)

    def read(self, tokens: Sequence[Token], place: int, floor: int, *, live: bool) -> tuple[Marker | None, int]:
        """Return the marker that begins at `place`, or None, and behind which word to read on.

        Its subject cannot begin before `floor`; `live`: what directs before it can have given it its subject.
        """
        decoy = self._decoys.at(tokens, place)
        length, strength = max((phrases.at(tokens, place), strength) for strength, phrases in self._sets.items())
        if decoy >= length:
            return None, place + max(decoy, 1)
        if not length:
            return None, place + 1
        after = place + length
        subject = self._subject(tokens, place, floor)
        marker = Marker(
            place, after, self._negated(tokens, subject, place, strength), subject, self._passive(tokens, after)
        )
        return (marker if self._holds(tokens, marker, live=live) else None), after

    def _subject(self, tokens: Sequence[Token], place: int, floor: int) -> int:
        """Return where the subject before a marker begins."""
        first, joined = place, None
        while first > max(floor, place - _SUBJECT):
            text = tokens[first - 1].text
            if text in _EDGES or (text in _BEFORE_SUBJECT and text != "and"):
                break
            first -= 1
            if text == "and":
                joined = first
        if (
            first == floor and floor > 0
        ):  # what directs before has no comma behind it: … be respected and farmers should …
            return place if joined is None else joined
        return first

    def _passive(self, tokens: Sequence[Token], after: int) -> bool:
        place = self._openings.adverbs(tokens, after)
        if place < len(tokens) and tokens[place].text == "be":
            place = self._openings.adverbs(tokens, place + 1)
            return place < len(tokens) and tokens[place].text in self._verbs.participles
        before = tokens[after - 1].text
        return before == "be" and place < len(tokens) and tokens[place].text in self._verbs.participles

    def _negated(self, tokens: Sequence[Token], subject: int, place: int, strength: str) -> str:
        """No unit may … is a duty."""
        if tokens[place].text != "may":
            return strength
        forbids = any(
            token.text in ("no", "neither", "nobody", "none") for token in tokens[subject : min(subject + 2, place)]
        )
        return "obligation" if forbids else strength

    def _holds(self, tokens: Sequence[Token], marker: Marker, *, live: bool) -> bool:
        """Whether the words are a marker where they stand."""
        if marker.after >= len(tokens) or self._is_relative(tokens, marker.start):
            return False
        word = tokens[marker.start].text
        if word == "plan" and any(token.text in _ARTICLES for token in tokens[max(0, marker.start - 4) : marker.start]):
            return False
        verb = self._openings.adverbs(tokens, marker.after)
        if word in _NOUNS_TOO and marker.start and tokens[marker.start - 1].text in _BEFORE_NOUN:
            return False
        if word not in ("will", "'ll", "can", "could", "may"):
            return True
        if word == "may" and tokens[marker.after].text[0].isdigit():
            return False
        if any(token.text in self._foretelling for token in tokens[marker.after : verb]):
            return False
        if self._predicted.at(tokens, verb):
            return False
        if tokens[verb : verb + 1] and tokens[verb].text == "be" and not marker.passive:
            return False
        return self._is_announced(tokens, marker, live=live)

    def _is_relative(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether the marker stands in a clause that says which one is meant: problems that should be solved."""
        if not place or tokens[place - 1].text not in _RELATIVE:
            return False
        return tokens[place - 1].text != "which" or place < 2 or tokens[place - 2].text != ","

    def _is_announced(self, tokens: Sequence[Token], marker: Marker, *, live: bool) -> bool:
        """Whether the subject of will, can or may makes or carries out policy, or is what policy will act on."""
        head = self._head(tokens, marker)
        if not head:  # its subject is that of what directs before: we will improve A and will build B
            return live and tokens[marker.start - 1].text in (*CONJUNCTIONS, ",")
        if any(word in self._agents for word in head):
            return True
        if marker.strength == "obligation":
            return True
        if tokens[marker.start].text == "may":
            return any(word in self._permitted for word in head)
        if tokens[marker.start].text in ("can", "could") or not marker.passive:
            return False
        return not self._states_result(tokens, marker) and head[0] not in ("it", "this", "these", "which")

    def _states_result(self, tokens: Sequence[Token], marker: Marker) -> bool:
        place = self._openings.adverbs(tokens, self._openings.adverbs(tokens, marker.after) + 1)
        return self._verbs.participles[tokens[place].text] in _PASSIVE_STATES

    def _head(self, tokens: Sequence[Token], marker: Marker) -> list[str]:
        """Return the words of the subject up to its first preposition."""
        head: list[str] = []
        for token in tokens[marker.subject : marker.start]:
            if token.text in _PREPOSITIONS and head:
                break
            if token.is_word and token.text not in CONJUNCTIONS and not self._is_adverb(token):
                head.append(token.text)
        return head

    def _is_adverb(self, token: Token) -> bool:
        return self._openings.adverbs([token], 0) == 1
