"""Texts as steps: English words with what they are inflections of, Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import simplemma

from policybook.corpus.phrases import fold

#: A word with its apostrophes, or one other character that is no space.
ENGLISH = r"[^\W_]+(?:'[^\W_]+)*'?|[^\w\s\"()|?]|_"
_ENGLISH = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?|[^\s\"']")
_CHINESE = re.compile(r"[^\s\"']")

# British spelling is read as American; what a rule does to a word it does not mean (promise), it does on both sides.
_BRITISH = (
    (re.compile(r"is(e|ed|es|er|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"(\w{3,})our(s|ed|ing|er|ers|able)?$"), r"\1or\2"),
    (re.compile(r"^(cent|met|theat)re(s?)$"), r"\1er\2"),
    (re.compile(r"^centr(ed|ing)$"), r"center\1"),
    (re.compile(r"^programme(s)?$"), r"program\1"),
)


class Word(NamedTuple):
    """A word or character of a text: the steps it can be taken for, where it stands, whether it is punctuation."""

    keys: tuple[str, ...]
    start: int
    end: int
    mark: bool


def cut(text: str, language: str) -> list[Word]:
    """Return the words (Chinese: characters) of a text; spaces, hyphens and quotation marks are left out."""
    pattern = _CHINESE if language == "zh" else _ENGLISH
    keys = _character if language == "zh" else readings
    words = []
    for found in pattern.finditer(fold(text)):
        word = found.group()
        words.append(Word(keys(word), found.start(), found.end(), not word[0].isalnum()))
    return words


def spelling(word: str) -> str:
    """Return a word, in small letters, in American spelling and without a genitive ending."""
    word = word.removesuffix("'").removesuffix("'s")
    for british, american in _BRITISH:
        word = british.sub(american, word)
    return word


@lru_cache(maxsize=20_000)
def _character(char: str) -> tuple[str, ...]:
    return (char,)


@lru_cache(maxsize=50_000)
def readings(word: str) -> tuple[str, ...]:
    """Return what an English word can be taken for: itself, and the words it may be an inflection of.

    simplemma's dictionary knows the irregular ones; a regular ending is taken off words it does not know
    (citizenizing) and off nouns that it takes for verbs (building, buildings).
    """
    word = word.removesuffix("'").removesuffix("'s")
    found = [word, simplemma.lemmatize(word, lang="en").lower(), *_singular(word)]
    if not simplemma.is_known(word, lang="en"):
        found.extend(_infinitive(word))
    return tuple(dict.fromkeys(spelling(one) for one in found if one))


def _singular(word: str) -> Sequence[str]:
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return ()
    if word.endswith("ies"):
        return (f"{word[:-3]}y",)
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return (word[:-2],)
    return (word[:-1],)


def _infinitive(word: str) -> Sequence[str]:
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            stem = word.removesuffix(ending)
            return (stem, f"{stem}e")
    return ()
