"""The grammar of English directives: markers, bare imperatives, and the verb phrases that follow in their wake."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.coding.begun_en import Begun, span
from policybook.coding.clauses import Directing
from policybook.coding.headings_en import PRONOUNS, Headings
from policybook.coding.instrument_scheme import EnglishWords
from policybook.coding.markers_en import Marker, Markers
from policybook.coding.openings_en import Opening, Openings
from policybook.coding.requests_en import Requests
from policybook.coding.wake_en import Wake
from policybook.coding.words_en import Token, Verbs, tokens_of
from policybook.corpus.matching import word_set

OBLIGATION, REQUIREMENT, ENCOURAGEMENT = "obligation", "requirement", "encouragement"
_LEADS = word_set(
    "in by with on at for through according based under during from since after as given considering throughout within "
    "to regarding concerning following"
)
_INSERTION = 16  # words at most between the commas behind a marker


class EnglishDirectives:
    """Finds the directing clauses of English sentences."""

    def __init__(self, words: EnglishWords) -> None:
        """Prepare the words."""
        self._verbs = Verbs(words)
        self._openings = Openings(words, self._verbs)
        self._markers = Markers(words, self._verbs, self._openings)
        self._requests = Requests(words, self._verbs, self._openings)
        self._wake = Wake(words, self._verbs, self._openings)
        self._headings = Headings(words, self._verbs, self._openings)
        self._finite = frozenset(words.finite)

    def find(self, text: str) -> list[Directing]:
        """Return the directing clauses of one sentence, in order.

        A directive begins at a marker, at a verb in the base form where an imperative can stand, or, in the wake of
        either, at such a verb behind a comma or conjunction. It ends before the next one or at the clause's end.
        """
        tokens = tokens_of(text)
        begun = self._headings.read(tokens)
        if not begun or tokens[begun[0].start].text == "to":
            opening = None if begun else self._opening_of_sentence(tokens)
            if opening is not None:
                begun.append(self._imperative(tokens, opening, REQUIREMENT))
            self._follow(tokens, begun, begun[-1].after if begun else 0)
        return [
            Directing(*span(tokens, begun, n), tokens[one.subject].start, one.strength, one.passive)
            for n, one in enumerate(begun)
        ]

    def _opening_of_sentence(self, tokens: Sequence[Token]) -> Opening | None:
        """Return the imperative with which a sentence begins, be it behind a phrase that leads to it."""
        start = self._openings.skip(tokens, 0)
        opening = self._openings.read(tokens, start)
        if opening is not None or start >= len(tokens):
            return opening
        lead = self._openings.adverbs(tokens, start)
        if tokens[start].text not in _LEADS and lead == start:
            return None
        for n in range(start, len(tokens)):
            if tokens[n].text in self._finite or tokens[n].text in PRONOUNS or tokens[n].text in (";", ":"):
                return None
            if tokens[n].text == ",":
                opening = self._openings.read(tokens, n + 1)
                if opening is not None:
                    return opening if tokens[start].text != "to" else None
        return None

    def _follow(self, tokens: Sequence[Token], begun: list[Begun], place: int) -> None:
        """Add the directives that begin at or behind `place`."""
        while place < len(tokens):
            marker, behind = self._markers.read(tokens, place, begun[-1].after if begun else 0, live=bool(begun))
            if marker is not None and self._foretells(tokens, begun, marker):
                marker = None
            one = self._marked(tokens, marker) if marker else self._unmarked(tokens, begun, place, behind)
            if one is not None:
                begun.append(one)
            place = one.after if one else behind

    def _marked(self, tokens: Sequence[Token], marker: Marker) -> Begun:
        verb = self._openings.adverbs(tokens, self._behind_insertion(tokens, marker.after))
        strength = self._strength(tokens, verb, marker.strength)
        after = min(verb + max(1, self._verbs.base.at(tokens, verb)), len(tokens))
        return Begun(marker.start, after, marker.subject, strength, marker.passive)

    def _unmarked(self, tokens: Sequence[Token], begun: Sequence[Begun], place: int, behind: int) -> Begun | None:
        """Return what is asked for at `place`, or what directs there in the wake of another."""
        asked = self._requests.read(tokens, place)
        if asked is not None:
            return Begun(asked.start, asked.after, asked.start, REQUIREMENT)
        opening = self._wake.read(tokens, begun, place) if behind == place + 1 else None
        if opening is None:
            return None
        return self._imperative(tokens, opening, begun[-1].strength if begun else REQUIREMENT)

    def _imperative(self, tokens: Sequence[Token], opening: Opening, live: str) -> Begun:
        strength = self._strength(tokens, opening.verb, REQUIREMENT if live == ENCOURAGEMENT else live)
        return Begun(opening.start, opening.after, opening.start, strength)

    def _behind_insertion(self, tokens: Sequence[Token], place: int) -> int:
        """Return the place behind what a marker has between commas behind it: shall, according to the law, retain."""
        if place < len(tokens) and tokens[place].text == ",":
            for n in range(place + 1, min(place + _INSERTION, len(tokens))):
                if tokens[n].text == ",":
                    return n + 1
        return place

    def _foretells(self, tokens: Sequence[Token], begun: Sequence[Begun], marker: Marker) -> bool:
        """Whether will or can stands in what is to follow from a directive: so that people can stay."""
        tells = tokens[marker.start].text in ("will", "'ll", "can", "could", "may")
        return tells and bool(begun) and self._wake.in_consequence(tokens, begun[-1].after, marker.start)

    def _strength(self, tokens: Sequence[Token], verb: int, otherwise: str) -> str:
        """Return the strength that a verb gives itself, or the one given to it."""
        encourages = verb < len(tokens) and tokens[verb].text in self._verbs.encouraging
        return ENCOURAGEMENT if encourages and otherwise != OBLIGATION else otherwise
