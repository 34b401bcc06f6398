"""Where an English verb phrase can begin: at the start, behind a mark or a conjunction, after adverbs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policybook.coding.instrument_scheme import EnglishWords
from policybook.coding.words_en import PhraseSet, Token, Verbs
from policybook.corpus.matching import word_set

CONJUNCTIONS = frozenset({"and", "or", "but", "nor", "then"})
MARKS = frozenset([",", ";", ":", "—", ".", "(", "[", "!", "?", "•"])
_SKIPPED = frozenset("\"'()[]*#•·-")
_FEW = 8  # marks, conjunctions or adverbs in a row; more of them are no language, and would cost time
_ORDINALS = word_set(
    "first second third fourth fifth firstly secondly thirdly fourthly finally lastly meanwhile moreover furthermore "
    "besides again therefore then"
)
_BETWEEN_ADVERBS = _SKIPPED | {",", "and"}
_NUMBER = re.compile(r"\d{1,3}|[a-h]|[ivx]{1,5}")
#: After a word that can be verb or noun, these show the noun.
_BEHIND_NOUN = word_set(
    "of for in from to by with and or at between that which who is are was were has have had will should "
    "must shall can may does among as need needs"
) | {",", ";", ".", ":", ")", '"'}

_BEFORE_OBJECT = word_set("a an the our more all new these this its their")


@dataclass(frozen=True)
class Opening:
    """A verb phrase as it begins: its first word, its verb, the word behind the verb."""

    start: int
    verb: int
    after: int


class Openings:
    """Reads the beginnings of verb phrases."""

    def __init__(self, words: EnglishWords, verbs: Verbs) -> None:
        """Prepare the words."""
        self._adverbs = PhraseSet(words.adverbs)
        self._verbs = verbs
        self._adjectives = frozenset(words.adjective_verbs)
        self._noun_gerunds = frozenset(words.noun_gerunds)

    def skip(self, tokens: Sequence[Token], place: int) -> int:
        """Return the place behind quotation marks, brackets, list markers and what else says nothing."""
        for _ in range(_FEW):
            if place >= len(tokens):
                break
            text = tokens[place].text
            if text in _SKIPPED or text == "—":
                place += 1
            elif _NUMBER.fullmatch(text) and place + 1 < len(tokens) and tokens[place + 1].text in (".", ")"):
                place += 2
            else:
                break
        return place

    def _behind_conjunctions(self, tokens: Sequence[Token], place: int) -> int:
        start = self.skip(tokens, place)
        for _ in range(_FEW):
            if start < len(tokens) and tokens[start].text in CONJUNCTIONS:
                start += 1
        return start

    def adverbs(self, tokens: Sequence[Token], place: int) -> int:
        """Return the place behind the adverbs that begin at `place`; commas between them are skipped."""
        for _ in range(_FEW):
            if place >= len(tokens):
                break
            length = self._adverbs.at(tokens, place) or self._is_manner(tokens[place])
            if not length:
                break
            place += int(length)
            if place + 1 < len(tokens) and tokens[place].text in _BETWEEN_ADVERBS and self._opens(tokens, place + 1):
                place += 1
        return place

    def _opens(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether behind a comma, quotation mark or "and" another adverb, or behind the first two a verb, goes on."""
        if self._adverbs.at(tokens, place) or self._is_manner(tokens[place]):
            return True
        if tokens[place - 1].text == "and":
            return False
        return tokens[place].text in self._verbs.gerunds or self._verbs.base.at(tokens, place) > 0

    @staticmethod
    def _is_manner(token: Token) -> bool:
        return token.text.endswith("ly") and len(token.text) > 4

    def read(self, tokens: Sequence[Token], place: int, *, sure: bool = False) -> Opening | None:
        """Return the verb phrase, its verb in the base form, that begins at `place`; None where none does.

        With `sure` it is known (behind "to") that a word which can be verb or noun is a verb.
        """
        start = self._behind_conjunctions(tokens, place)
        verb = self.skip(tokens, self.adverbs(tokens, start))
        length = self._verbs.base.at(tokens, verb)
        if not length or not (sure or self.is_verb(tokens, verb, length)):
            return None
        if verb - start > 1 and tokens[start].text in _ORDINALS and tokens[start + 1].text == ",":
            start += 2  # First, integrate …
        return Opening(self.skip(tokens, start), verb, verb + length)

    def gerund(self, tokens: Sequence[Token], place: int) -> Opening | None:
        """Return the phrase with a gerund that begins at `place`; None where none does."""
        start = self._behind_conjunctions(tokens, place)
        verb = self.adverbs(tokens, start)
        if verb + 1 >= len(tokens) or tokens[verb].text not in self._verbs.gerunds:
            return None
        if not self._is_noun(tokens, verb):
            return Opening(start, verb, verb + 1)
        return None

    def is_verb(self, tokens: Sequence[Token], place: int, length: int) -> bool:
        """Whether the word is a verb where it stands: many are nouns as often (support for, plans to)."""
        after = place + length
        if after >= len(tokens):
            return length > 1 or tokens[place].text not in self._verbs.nouns
        if length > 1:
            return True
        if tokens[place].text in self._adjectives:
            return tokens[after].text in _BEFORE_OBJECT or tokens[after].text[0].isdigit()
        if tokens[place].text not in self._verbs.nouns:
            return tokens[after].text not in ("of", "is", "are", "was", "were") or tokens[place].text == "dispose"
        return tokens[after].text not in _BEHIND_NOUN or self._shares(tokens, after)

    def _is_noun(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a gerund that is a noun as often is one here: housing security, but building a market."""
        return tokens[place].text in self._noun_gerunds and tokens[place + 1].text not in _BEFORE_OBJECT

    def _shares(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether the word behind a conjunction is a verb that shares its object with the one before it."""
        if tokens[place].text not in ("and", "or") or place + 2 >= len(tokens):
            return False
        text = tokens[place + 1].text
        return text in self._verbs.base and tokens[place + 2].is_word and tokens[place + 2].text not in _BEHIND_NOUN
