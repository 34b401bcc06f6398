"""The grammar of English directives: markers, bare imperatives, and the verb phrases that follow in their wake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policybook.coding.clauses import Directing
from policybook.coding.instrument_scheme import EnglishWords
from policybook.coding.markers_en import Marker, Markers
from policybook.coding.openings_en import CONJUNCTIONS, MARKS, Opening, Openings
from policybook.coding.requests_en import Requests
from policybook.coding.words_en import PhraseSet, Token, Verbs, tokens_of

REQUIREMENT, ENCOURAGEMENT = "requirement", "encouragement"
_PRONOUNS = frozenset("we i it they he she this these those there you".split())
_LEADS = frozenset(
    "in by with on at for through according based under during from since after as given considering throughout "
    "within to regarding concerning following".split()
)
_INSERTION = 16
_REACH = 60  # words that are looked back upon
_INSIDE = frozenset({"which", "that", "who", "where", "whose", "whereby"})


@dataclass
class _Begun:
    """A directive whose end is not known yet: places of words."""

    start: int
    after: int
    subject: int
    strength: str
    passive: bool = False


class EnglishDirectives:
    """Finds the directing clauses of English sentences."""

    def __init__(self, words: EnglishWords) -> None:
        """Prepare the words."""
        self._verbs = Verbs(words)
        self._openings = Openings(words, self._verbs)
        self._markers = Markers(words, self._verbs, self._openings)
        self._requests = Requests(words, self._verbs, self._openings)
        self._light = PhraseSet(words.light)
        self._finite = frozenset(words.finite)

    def find(self, text: str) -> list[Directing]:
        """Return the directing clauses of one sentence, in order.

        A directive begins at a marker, at a verb in the base form where an imperative can stand, or, in the wake of
        either, at such a verb behind a comma or conjunction. It ends before the next one or at the clause's end.
        """
        tokens = tokens_of(text)
        begun = self._headings(tokens) or self._begin(tokens)
        return [
            Directing(*self._span(tokens, begun, n), tokens[one.subject].start, one.strength, one.passive)
            for n, one in enumerate(begun)
        ]

    def _headings(self, tokens: Sequence[Token]) -> list[_Begun]:
        """Return the directives of a heading: a gerund, or an infinitive, and no sentence around it."""
        start = self._openings.skip(tokens, 0)
        if any(token.text in self._finite or token.text in _PRONOUNS for token in tokens):
            return []
        if any(token.text in self._verbs.thirds for token in tokens[start + 1 :]):
            return []
        if start < len(tokens) and tokens[start].text == "to":
            return self._infinitives(tokens, start)
        first = self._openings.gerund(tokens, start)
        begun = []
        while first is not None:
            begun.append(_Begun(first.start, first.after, first.start, REQUIREMENT))
            first = self._next_gerund(tokens, first.after)
        return begun

    def _next_gerund(self, tokens: Sequence[Token], place: int) -> Opening | None:
        for n in range(place + 1, len(tokens)):
            if tokens[n].text in CONJUNCTIONS and tokens[n - 1].text != "," and self._is_inside(tokens, place, n):
                continue
            if tokens[n].text in MARKS or tokens[n].text in CONJUNCTIONS:
                opening = self._openings.gerund(tokens, n + 1)
                if opening is not None:
                    return opening
        return None

    def _infinitives(self, tokens: Sequence[Token], start: int) -> list[_Begun]:
        opening = self._openings.read(tokens, start + 1)
        if opening is None or self._has_subject_later(tokens, opening.after):
            return []
        begun = [_Begun(start, opening.after, start, REQUIREMENT)]
        self._follow(tokens, begun, opening.after)
        return begun

    def _has_subject_later(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a comma is followed by what looks like a subject: To do this, the county built …."""
        return any(
            tokens[n].text == "," and tokens[n + 1].text in ("the", "a", "an", "many", "some", "all", "its", "our", "more")
            for n in range(place, len(tokens) - 1)
        )

    def _begin(self, tokens: Sequence[Token]) -> list[_Begun]:
        begun: list[_Begun] = []
        opening = self._opening_of_sentence(tokens)
        place = 0
        if opening is not None:
            begun.append(_Begun(opening.start, opening.after, opening.start, self._strength(tokens, opening, REQUIREMENT)))
            place = opening.after
        self._follow(tokens, begun, place)
        return begun

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
            if tokens[n].text in self._finite or tokens[n].text in _PRONOUNS or tokens[n].text in (";", ":"):
                return None
            if tokens[n].text == ",":
                opening = self._openings.read(tokens, n + 1)
                if opening is not None:
                    return opening if tokens[start].text != "to" else None
        return None

    def _follow(self, tokens: Sequence[Token], begun: list[_Begun], place: int) -> None:
        """Add the directives that begin at or behind `place`."""
        while place < len(tokens):
            marker, behind = self._markers.read(tokens, place, begun[-1].after if begun else 0, live=bool(begun))
            if marker is not None and self._foretells(tokens, begun, marker):
                place = marker.after
                continue
            if marker is not None:
                place = self._add_marked(tokens, begun, marker)
                continue
            asked = self._requests.read(tokens, place)
            if asked is not None:
                begun.append(_Begun(asked.start, asked.after, asked.start, REQUIREMENT))
                place = asked.after
                continue
            if behind > place + 1:
                place = behind
                continue
            opening = self._wake(tokens, begun, place)
            if opening is not None:
                strength = begun[-1].strength if begun and begun[-1].strength != ENCOURAGEMENT else REQUIREMENT
                begun.append(_Begun(opening.start, opening.after, opening.start, self._strength(tokens, opening, strength)))
                place = opening.after
            else:
                place += 1

    def _add_marked(self, tokens: Sequence[Token], begun: list[_Begun], marker: Marker) -> int:
        verb = self._openings.adverbs(tokens, self._behind_insertion(tokens, marker.after))
        opening = Opening(verb, verb, verb + 1)
        strength = self._strength(tokens, opening, marker.strength)
        begun.append(_Begun(marker.start, min(verb + 1, len(tokens)), marker.subject, strength, marker.passive))
        return min(verb + 1, len(tokens))

    def _behind_insertion(self, tokens: Sequence[Token], place: int) -> int:
        """Return the place behind what stands between commas after a marker: shall, in accordance with the law, retain."""
        if place < len(tokens) and tokens[place].text == ",":
            for n in range(place + 1, min(place + _INSERTION, len(tokens))):
                if tokens[n].text == ",":
                    return n + 1
        return place

    def _foretells(self, tokens: Sequence[Token], begun: list[_Begun], marker: Marker) -> bool:
        """Whether will or can stands in what is to follow from a directive: so that people can stay."""
        tells = tokens[marker.start].text in ("will", "'ll", "can", "could", "may")
        return tells and bool(begun) and self._in_consequence(tokens, begun[-1].after, marker.start)

    def _strength(self, tokens: Sequence[Token], opening: Opening, otherwise: str) -> str:
        """Return the strength that a verb gives itself, or the one given to it."""
        if opening.verb < len(tokens) and tokens[opening.verb].text in self._verbs.encouraging and otherwise != "obligation":
            return ENCOURAGEMENT
        return otherwise

    def _wake(self, tokens: Sequence[Token], begun: list[_Begun], place: int) -> Opening | None:
        """Return the verb phrase that follows the mark or conjunction at `place` and belongs to what directs before."""
        text = tokens[place].text
        if text not in MARKS and text not in CONJUNCTIONS:
            return None
        opening = self._openings.read(tokens, place + 1)
        if opening is None:
            return None
        if text in (":", ";"):
            return opening if begun or tokens[opening.verb].text not in self._verbs.nouns else None
        if not begun:
            return None
        last = begun[-1]
        if text in CONJUNCTIONS and self._shares_object(tokens, place):
            return None
        if self._in_consequence(tokens, last.after, place):
            return None
        if not self._has_object(tokens, last.after, place):
            return None
        if text in CONJUNCTIONS and tokens[place - 1].text != "," and self._is_inside(tokens, last.after, place):
            return None
        return opening

    def _shares_object(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether the word before a conjunction is a verb too: experts oversee and evaluate the quality."""
        if tokens[place - 1].text == ",":
            return tokens[place - 2].text in self._verbs.base and tokens[place - 3].text == ","
        before = tokens[place - 1].text
        if before not in self._verbs.base:
            return False
        return before not in self._verbs.nouns or tokens[place - 2].text in (",", "to")

    def _in_consequence(self, tokens: Sequence[Token], after: int, place: int) -> bool:
        """Whether a verb stands in what is to follow: so that people can stay, live well and work."""
        return any(
            tokens[n].text == "so" and tokens[n + 1].text == "that" for n in range(max(after, place - _REACH), place - 1)
        )

    def _has_object(self, tokens: Sequence[Token], after: int, place: int) -> bool:
        """Whether the verb before has an object of its own, else the two share the one that follows."""
        place = min(place, after + _REACH)
        while after < place:
            if tokens[after].is_word and tokens[after].text not in CONJUNCTIONS:
                opening = self._openings.read(tokens, after)
                if opening is None or opening.after > place:
                    return True
                after = opening.after
            else:
                after += 1
        return False

    def _is_inside(self, tokens: Sequence[Token], after: int, place: int) -> bool:
        """Whether a verb behind a bare "and" belongs to an infinitive or relative clause inside the one before."""
        for n in range(place - 1, max(after - 1, place - _REACH), -1):
            text = tokens[n].text
            if text == ",":
                return False
            if text in _INSIDE:
                return True
            if text == "to" and self._verbs.base.at(tokens, n + 1) and not self._is_light(tokens, n - 1):
                return True
        return False

    def _is_light(self, tokens: Sequence[Token], place: int) -> bool:
        return any(
            place - length + 1 >= 0 and self._light.at(tokens, place - length + 1) >= length for length in (1, 2)
        )

    def _span(self, tokens: Sequence[Token], begun: list[_Begun], n: int) -> tuple[int, int]:
        """Return where the n-th directive begins and ends in the text."""
        one = begun[n]
        last = begun[n + 1].subject if n + 1 < len(begun) else len(tokens)
        end = max(last, one.after)
        stop = next((m for m in range(one.after, end) if tokens[m].text == ";"), end)
        while stop > one.after and (not tokens[stop - 1].is_word or tokens[stop - 1].text in CONJUNCTIONS):
            if tokens[stop - 1].text in (")", "%"):
                break
            stop -= 1
        return tokens[one.start].start, tokens[max(stop, one.start + 1) - 1].end
