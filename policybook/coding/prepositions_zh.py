"""Chinese clauses that begin with a preposition: 对企业给予补贴, 把就业摆在突出位置, 为群众提供服务."""

from __future__ import annotations

import re

from policybook.coding.instrument_scheme import ChineseWords
from policybook.corpus.matching import WordList

_FOR_WHOM = ("对", "对于")  # whom an act is for stays outside the directive
_TAKEN_AS = re.compile("以[^，]{1,60}为")


class Prepositions:
    """Finds the verb to which a prepositional phrase leads."""

    def __init__(self, words: ChineseWords) -> None:
        """Prepare the words."""
        self._objects = WordList(words.object_prepositions)
        self._all = WordList(words.prepositions)
        self._services = WordList(words.services_for)
        self._placed = WordList(words.placed, words.verbs)
        self._verbs = WordList(words.verbs, words.encouraging)
        self._nouns = WordList(words.noun_verbs)
        self._endings = WordList(words.endings)

    def led(self, text: str, start: int, end: int) -> int | None:
        """Return where a clause that begins with a preposition directs; None where its phrase leads to no act."""
        length = self._objects.at(text, start, end)
        if length:
            return start if self._placed.within(text, start + length + 1, end) else None
        length = self._all.at(text, start, end)
        if not length or _TAKEN_AS.match(text, start, end):
            return None
        verb = self.first_verb(text, start + length + 1, end)
        return verb if text[start : start + length] in _FOR_WHOM else None if verb is None else start

    def service(self, text: str, start: int, end: int) -> int | None:
        """Return where a clause directs that does something for someone (为 …); None where it says only why."""
        return start if text[start] == "为" and self._services.within(text, start + 1, end) else None

    def first_verb(self, text: str, start: int, end: int, *, any_verb: bool = False) -> int | None:
        """Return where the first verb stands that takes an object; only with `any_verb` one that is a noun as often."""
        place = start
        while place < end:
            length = self._verbs.at(text, place, end)
            if not length:
                place += 1
                continue
            noun = not any_verb and text[place : place + length] in self._nouns
            if not noun and place + length < end and text[place + length] not in "的、和与":
                return place
            place += length
        return None
