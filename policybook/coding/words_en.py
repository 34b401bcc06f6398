"""English words of a sentence, with the verbs among them in any of their forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policybook.coding.instrument_scheme import EnglishWords
from policybook.corpus.phrases import fold

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]")
_MARKS = {"；": ";", "：": ":", "。": "."}
_DASHES = "—–―"
_VOWELS = "aeiou"


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


def word_set(words: str) -> frozenset[str]:
    """Return the words of a line as a set."""
    return frozenset(words.split())


def gerund(verb: str) -> str:
    """Return the -ing form of a regular verb: make → making, plan → planning."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return _doubled(verb) + "ing"


def past(verb: str) -> str:
    """Return the past form and participle of a regular verb: carry → carried, plan → planned."""
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    return _doubled(verb) + "ed"


def third(verb: str) -> str:
    """Return the third person singular: carry → carries, push → pushes."""
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in _VOWELS else verb + "s"


def _doubled(verb: str) -> str:
    """Return a verb with its last consonant doubled where the one stressed vowel before it asks for it."""
    short = len(verb) > 2 and verb[-1] in "bdgmnprt" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS
    syllables = len(re.findall("[aeiouy]+", verb))
    if short and (syllables == 1 or verb.endswith(("mit", "fer", "cur", "pel", "bar"))):
        return verb + verb[-1]
    return verb


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
        """Derive the forms of every verb."""
        irregular = {base: (before, participle) for base, before, participle in words.irregular}
        heads = dict.fromkeys(verb.split()[0] for verb in words.verbs)
        self.base = PhraseSet(words.verbs)
        self.nouns = frozenset(words.noun_verbs)
        self.encouraging = frozenset(words.encouraging)
        self.gerunds = {gerund(verb): verb for verb in heads}
        self.thirds = frozenset(third(verb) for verb in heads if verb not in self.nouns)
        self.participles = {irregular.get(verb, ("", past(verb)))[1]: verb for verb in heads}
        self.reporting = {form: verb for verb in words.reporting for form in _forms(verb)}
        self.calling = frozenset(form for verb in words.calling for form in _forms(verb))
        self.stressed = frozenset(form for verb in words.stressed for form in _forms(verb))


def _forms(verb: str) -> list[str]:
    """Return a verb, of one or two words, in its forms."""
    head, *rest = verb.split()
    return [" ".join([form, *rest]) for form in (head, third(head), past(head), gerund(head))]
