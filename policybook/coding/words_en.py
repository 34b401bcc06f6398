"""English words of a sentence, with the verbs among them in any of their forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policybook.coding.instrument_scheme import EnglishWords
from policybook.corpus.matching import fold, gerunds, participles, past_forms, third_person

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]")
_MARKS = {"；": ";", "：": ":", "。": "."}
_DASHES = "—–―"


@dataclass(frozen=True)
class Token:
    """A word, folded, or a mark of punctuation, and where it stands."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or number."""
        return self.text[0].isalnum()


def tokens_of(text: str) -> list[Token]:
    """Return the words and marks of a sentence; hyphens part words, dashes are marks."""
    plain = text.replace("--", "——")
    folded = fold(plain)
    if any(dash in plain for dash in _DASHES):
        folded = "".join("—" if mark in _DASHES else char for mark, char in zip(plain, folded, strict=True))
    return [
        Token(_MARKS.get(match.group(), match.group()), match.start(), match.end()) for match in _WORD.finditer(folded)
    ]


class PhraseSet:
    """Phrases of one or more words, asked for at one place of a sentence."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take the phrases."""
        split = {tuple(token.text for token in tokens_of(phrase)) for phrase in phrases}
        self._longest_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(split - {()}, key=lambda words: (-len(words), words)):
            self._longest_first.setdefault(phrase[0], []).append(phrase)
        self._words = frozenset(phrase[0] for phrase in split if len(phrase) == 1)

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def at(self, tokens: Sequence[Token], place: int) -> int:
        """Return how many words the longest phrase has that begins at `place`; 0 where none does."""
        if place >= len(tokens):
            return 0
        for phrase in self._longest_first.get(tokens[place].text, ()):
            behind = tokens[place : place + len(phrase)]
            if len(behind) == len(phrase) and all(
                token.text == word for token, word in zip(behind, phrase, strict=True)
            ):
                return len(phrase)
        return 0


class Verbs:
    """The verbs of directives in the forms that grammar asks for."""

    def __init__(self, words: EnglishWords) -> None:
        """Derive the forms of every verb; a participle that the scheme gives is taken beside those of the inflector."""
        given = {base: (participle,) for base, _, participle in words.irregular}
        heads = dict.fromkeys(verb.split()[0] for verb in words.verbs)
        self.base = PhraseSet(words.verbs)
        self.nouns = frozenset(words.noun_verbs)
        self.encouraging = frozenset(words.encouraging)
        self.gerunds = {form: verb for verb in heads for form in gerunds(verb)}
        self.thirds = frozenset(form for verb in heads if verb not in self.nouns for form in third_person(verb))
        self.participles = {form: verb for verb in heads for form in (*given.get(verb, ()), *participles(verb))}
        self.reporting = frozenset(form for verb in words.reporting for form in _forms(verb))
        self.calling = frozenset(form for verb in words.calling for form in _forms(verb))
        self.stressed = frozenset(form for verb in words.stressed for form in _forms(verb))


def _forms(verb: str) -> list[str]:
    """Return a verb, of one or two words, in its forms."""
    head, *rest = verb.split()
    forms = (head, *third_person(head), *past_forms(head), *gerunds(head))
    return [" ".join([form, *rest]) for form in forms]
