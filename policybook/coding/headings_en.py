"""English headings that direct: an infinitive without a sentence around it. A gerund only names a subject."""

from __future__ import annotations

from collections.abc import Sequence

from policybook.coding.begun_en import Begun
from policybook.coding.instrument_scheme import EnglishWords
from policybook.coding.openings_en import Openings
from policybook.coding.words_en import Token, Verbs
from policybook.corpus.matching import word_set

PRONOUNS = word_set("we i it they he she this these those there you")
_DETERMINERS = word_set("the a an many some all its our more")
_REQUIREMENT = "requirement"


class Headings:
    """Reads sentences that have no finite verb."""

    def __init__(self, words: EnglishWords, verbs: Verbs, openings: Openings) -> None:
        """Prepare the words."""
        self._finite = frozenset(words.finite)
        self._verbs, self._openings = verbs, openings

    def read(self, tokens: Sequence[Token]) -> list[Begun]:
        """Return the first directive of a heading; none where a finite verb or a pronoun makes it a sentence.

        Others follow it as they follow an imperative.
        """
        start = self._openings.skip(tokens, 0)
        if any(token.text in self._finite or token.text in PRONOUNS for token in tokens):
            return []
        if any(token.text in self._verbs.thirds for token in tokens[start + 1 :]):
            return []
        if start < len(tokens) and tokens[start].text == "to":
            return self._infinitive(tokens, start)
        return []

    def _infinitive(self, tokens: Sequence[Token], start: int) -> list[Begun]:
        opening = self._openings.read(tokens, start + 1)
        if opening is None or self._has_subject_later(tokens, opening.after):
            return []
        return [Begun(start, opening.after, start, _REQUIREMENT)]

    def _has_subject_later(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a comma is followed by what looks like a subject: To do this, the county built …."""
        return any(tokens[n].text == "," and tokens[n + 1].text in _DETERMINERS for n in range(place, len(tokens) - 1))
