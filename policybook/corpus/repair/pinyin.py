"""Pinyin: which letters are syllables, with or without tone, and how a character may be read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

# How typesetting, keyboards and recognition write a, g and ü.
_LOOKALIKES = str.maketrans({"ɑ": "a", "α": "a", "а": "a", "ɡ": "g", "ı": "i", "е": "e", "о": "o", "’": "'", "‘": "'"})
# Tone marks set beside the letter instead of above it.
_SPACING_TONE = re.compile("[ˉ¯ˊ´ˇˋ`˙]")
_TONE = re.compile("[\u0300\u0301\u0304\u0306\u030c]")
_UMLAUT = "\u0308"
_TOKEN = re.compile(r"([a-z]+)|([0-5])|(['’\s·•\-‐—_,，、/.]+)")
#: A reading longer than this many letters is no gloss.
LONGEST = 96


@dataclass(frozen=True)
class Reading:
    """Bracketed letters understood as pinyin: its syllables without tone, and how they were written."""

    syllables: tuple[str, ...]
    toned: int
    numbered: int
    capital: bool
    all_capitals: bool
    parts: int


@lru_cache(maxsize=65536)
def parse_reading(letters: str) -> Reading | None:
    """Return what letters say as pinyin, or None where they are something else.

    Tones may be marks above, beside or after the letters, or numbers; ü may be v or u:.
    """
    text = unicodedata.normalize("NFKC", _SPACING_TONE.sub("", letters)).translate(_LOOKALIKES).strip()
    if not text or len(text) > LONGEST:
        return None
    beside = len(_SPACING_TONE.findall(letters))
    decomposed = unicodedata.normalize("NFD", text.replace("u:", "ü").replace("U:", "Ü"))
    marks = len(_TONE.findall(decomposed))
    plain = _TONE.sub("", decomposed).replace(f"u{_UMLAUT}", "v").replace(f"U{_UMLAUT}", "V")
    syllables: list[str] = []
    numbered = parts = end = 0
    for token in _TOKEN.finditer(plain.lower()):
        if token.start() != end:
            return None
        end = token.end()
        if token.group(1):
            found = split_syllables(token.group(1))
            if not found:
                return None
            syllables.extend(found)
            parts += 1
        elif token.group(2):
            numbered += 1
    if end != len(plain) or not syllables or marks + beside + numbered > len(syllables):
        return None
    capital = plain[0].isupper()
    all_capitals = plain.upper() == plain and len(plain) > 1
    return Reading(tuple(map(fold, syllables)), marks + beside, numbered, capital, all_capitals, parts)


@lru_cache(maxsize=65536)
def split_syllables(letters: str) -> tuple[str, ...]:
    """Return small letters as pinyin syllables, as few as will do, or nothing where they are no pinyin."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is not None and letters[start:end] in _syllables():
                known = best[end]
                if known is None or len(before) + 1 < len(known):
                    best[end] = (*before, letters[start:end])
    return best[-1] or ()


def is_reading_of(letters: str, characters: str) -> bool:
    """Return whether toneless letters (separators left out) are a reading of exactly these characters."""
    ends = {0}
    for character in characters:
        ends = {
            end + len(reading) for end in ends for reading in readings(character) if letters.startswith(reading, end)
        }
    return len(letters) in ends


def fold(syllable: str) -> str:
    """Return a syllable with ü written as u, as it is in many scraped texts."""
    return syllable.replace("v", "u")


@lru_cache(maxsize=16384)
def readings(character: str) -> frozenset[str]:
    """Return every toneless reading of a character, ü as u."""
    found = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)
    return frozenset(map(fold, found[0])) if found else frozenset()


@cache
def _syllables() -> frozenset[str]:
    """Return the syllables of pypinyin's dictionary: what has a vowel and is letters only."""
    found = set()
    for spellings in PINYIN_DICT.values():
        for spelling in spellings.split(","):
            plain = _TONE.sub("", unicodedata.normalize("NFD", spelling)).replace(f"u{_UMLAUT}", "v")
            if plain.isascii() and re.search("[aeiouv]", plain):
                found.add(plain)
    return frozenset(found | {"lue", "nue", "lve", "nve", "jv", "qv", "xv", "yv"})
