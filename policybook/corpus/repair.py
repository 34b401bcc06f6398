"""Undoing what scrapers and translators did to a text, each kind of repair counted.

The received paragraph is kept beside the repaired one, so every repair can be looked at and undone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache

import opencc
from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_GLOSS = re.compile(rf"(?<=([{_HAN}]))[(（]\s*([a-zA-Z\u00c0-\u024fɑɡ\u0300-\u030c]{{1,8}})\s*[)）]")
_PHONETIC = str.maketrans("ɑɡ", "ag")  # how some typesetting writes the a and g of pinyin
_STOP_THEN_CAPITAL = re.compile(r"(?<=[a-z0-9)\]%\"”'’])([.!?][\"”]?)(?=[\"“(]?[A-Z][a-z ])")
_STOP_THEN_SMALL = re.compile(r"(?<=[a-z]{3})\.(?=[a-z]{3,}(?![\w@/]|\.\w))")
_COMMA_THEN_LETTER = re.compile(r"(?<=[A-Za-z\"”)])([,;])(?=[A-Za-z\"“])")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|cn|org|net|gov|edu|info|html?|pdf|txt|docx?)\b"
)


def repair_paragraph(text: str, language: str, script: str) -> tuple[str, Counter[str]]:
    """Return the repaired text of one paragraph and how often each kind of repair was made.

    `language` is zh or en; `script` is hans, hant or latn and says whether characters are converted.
    """
    counts: Counter[str] = Counter()
    steps: list[tuple[str, Callable[[str], tuple[str, int]]]] = [("invisible_character", _drop_invisible)]
    if language == "zh":
        steps.append(("pinyin_gloss", _drop_pinyin))
        if script == "hant":
            steps.append(("traditional_character", _simplify))
    else:
        steps.append(("missing_space", _space_after_stops))
    for kind, step in steps:
        text, made = step(text)
        counts[kind] += made
    return text.strip(), +counts


def guess_script(text: str, language: str) -> str:
    """Return latn, hans or hant: hant where simplifying would change over one Chinese character in fifty."""
    if language != "zh":
        return "latn"
    han = re.findall(f"[{_HAN}]", text)
    changed = sum(a != b for a, b in zip(han, _converter().convert("".join(han)), strict=False))
    return "hant" if han and changed / len(han) > 0.02 else "hans"


def guess_language(text: str) -> str:
    """Return zh where Chinese characters outnumber a fifth of the Latin letters, else en."""
    han, latin = len(re.findall(f"[{_HAN}]", text)), len(re.findall("[A-Za-z]", text))
    return "zh" if han * 5 > latin and han else "en"


def _drop_invisible(text: str) -> tuple[str, int]:
    return _INVISIBLE.subn("", text)


def _drop_pinyin(text: str) -> tuple[str, int]:
    total = 0
    while True:  # a doubled gloss comes right behind the character once the first is gone
        made = 0

        def drop(match: re.Match[str]) -> str:
            nonlocal made
            if not _is_reading(match.group(1), match.group(2)):
                return match.group(0)
            made += 1
            return ""

        text = _GLOSS.sub(drop, text)
        total += made
        if not made:
            return text, total


def _is_reading(character: str, gloss: str) -> bool:
    """Whether a bracketed Latin word is a reading: any toned syllable, or the character's own, toneless."""
    gloss = gloss.translate(_PHONETIC)
    folded = unicodedata.normalize("NFC", gloss.lower())
    plain = _without_tone(folded)
    if folded != plain:
        return plain in _syllables()
    return gloss == folded and plain in _readings(character)


def _without_tone(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable)
    kept = "".join(char for char in decomposed if char not in "\u0300\u0301\u0304\u0306\u030c")
    return unicodedata.normalize("NFC", kept).replace("ü", "v")


@cache
def _syllables() -> frozenset[str]:
    return frozenset(_without_tone(reading) for readings in PINYIN_DICT.values() for reading in readings.split(","))


@lru_cache(maxsize=4096)
def _readings(character: str) -> frozenset[str]:
    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0])


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplify(text: str) -> tuple[str, int]:
    simplified = _converter().convert(text)
    return simplified, sum(a != b for a, b in zip(text, simplified, strict=False))


def _space_after_stops(text: str) -> tuple[str, int]:
    addresses: list[tuple[int, int]] = []
    total = 0

    def insert(match: re.Match[str]) -> str:
        nonlocal total
        if any(start <= match.start() < end for start, end in addresses):
            return match.group(0)
        total += 1
        return f"{match.group(0)} "

    for pattern in (_STOP_THEN_CAPITAL, _STOP_THEN_SMALL, _COMMA_THEN_LETTER):
        addresses = [match.span() for match in _ADDRESS.finditer(text)]
        text = pattern.sub(insert, text)
    return text, total
