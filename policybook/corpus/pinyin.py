"""Pinyin that a page put behind characters: syllables, readings, and glosses to take out."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from policybook.corpus.matching import word_sets

# How typesetting, keyboards and recognition write a, g and ü.
_LOOKALIKES = str.maketrans({"ɑ": "a", "α": "a", "а": "a", "ɡ": "g", "ı": "i", "е": "e", "о": "o", "’": "'", "‘": "'"})
# Tone marks set beside the letter instead of above it.
_SPACING_TONE = re.compile("[ˉ¯ˊ´ˇˋ`˙]")
_TONE = re.compile("[\u0300\u0301\u0304\u0306\u030c]")
_UMLAUT = "\u0308"
_TOKEN = re.compile(r"([a-z]+)|([0-5])|(['’\s·•\-‐—_,，、/.]+)")
#: A reading longer than this many letters is no gloss.
LONGEST_SYLLABLE = 96


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
    if not text or len(text) > LONGEST_SYLLABLE:
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
    return Reading(tuple(map(fold_tones, syllables)), marks + beside, numbered, capital, all_capitals, parts)


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
            end + len(reading)
            for end in ends
            for reading in character_readings(character)
            if letters.startswith(reading, end)
        }
    return len(letters) in ends


def fold_tones(syllable: str) -> str:
    """Return a syllable with ü written as u, as it is in many scraped texts."""
    return syllable.replace("v", "u")


@lru_cache(maxsize=16384)
def character_readings(character: str) -> frozenset[str]:
    """Return every toneless reading of a character, ü as u."""
    from pypinyin import Style, pinyin  # slow to import

    found = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)
    return frozenset(map(fold_tones, found[0])) if found else frozenset()


@cache
def _syllables() -> frozenset[str]:
    """Return the syllables of pypinyin's dictionary: what has a vowel and is letters only."""
    from pypinyin.constants import PINYIN_DICT  # slow to import

    found = set()
    for spellings in PINYIN_DICT.values():
        for spelling in spellings.split(","):
            plain = _TONE.sub("", unicodedata.normalize("NFD", spelling)).replace(f"u{_UMLAUT}", "v")
            if plain.isascii() and re.search("[aeiouv]", plain):
                found.add(plain)
    return frozenset(found | {"lue", "nue", "lve", "nve", "jv", "qv", "xv", "yv"})


HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


_MARKED = "\u00c0-\u024f\u0300-\u030cɑɡαıаео"
_TONES = "āáǎàăēéěèĕīíǐìĭōóǒòŏūúǔùŭǖǘǚǜĀÁǍÀĒÉĚÈŌÓǑÒ\u0300\u0301\u0304\u0306\u030cˉˊˇˋ"
_LETTER = rf"a-zA-Zａ-ｚＡ-Ｚ{_MARKED}"
_BETWEEN = r"\s:'’‘·•\-ˉ¯ˊ´ˇˋ`˙0-5¹²³⁴"
# Letters in brackets behind a character, whatever the brackets.
_BRACKETED = (
    rf"\s{{0,4}}[(（\[［【〔{{｛〈]\s*(?P<inside>[{_LETTER}][{_LETTER}{_BETWEEN}]{{0,95}}?)\s*[)）\]］】〕}}｝〉]"
)
# A remnant of ruby text, or a gloss that lost a bracket: letters with a tone between two characters.
_SMALL = rf"a-z{_MARKED}"
_OPENED = r"(?:[(（\[［](?![^()（）\[\]［］]{0,80}[)）\]］]))?"
_BARE = rf"\s{{0,4}}{_OPENED}(?P<bare>(?<![{_LETTER}])[A-Z{_SMALL}][{_SMALL}ˉˊˇˋ’']{{0,60}}+)(?![{_SMALL}])"
_PLAIN = rf"(?P<plain>(?<=[{HAN}])[a-z]{{1,6}})(?![{_SMALL}])"
_SLASHED = rf"\s{{0,4}}/(?P<slashed>[{_LETTER}]{{0,30}}[{_TONES}][{_LETTER}{_TONES}’'\s]{{0,30}})/"
_BOPOMOFO = r"\s{0,4}[(（\[]\s*(?P<bopomofo>[\u3105-\u312f\u31a0-\u31bf][\u3105-\u312fˉˊˇˋ˙\s]*)[)）\]]"
_CANDIDATE = re.compile(rf"{_BRACKETED}|{_BOPOMOFO}|{_SLASHED}|{_PLAIN}|{_BARE}")
_RUBY_TAG = re.compile(r"</?(?:ruby|rb|rt|rp|rtc)>", re.IGNORECASE)
_HAN_BEHIND = re.compile(rf"(?<![{HAN}])[{HAN}]+$")
_SPACE_BEFORE_HAN = re.compile(rf"[ \t\u00a0]+(?=[{HAN}])")
_ANY_LETTER = re.compile(f"[{_LETTER}\u3105-\u312f]")

#: English words that may be taken for a gloss, and the other way round; english.yml says when.
_WORDS = word_sets(__file__)
#: So many characters before a gloss are more than it can be a reading of.
_LONGEST_RUN = 200
#: A text is glossed throughout when it has this many certain glosses and they outnumber its other Latin brackets.
ENOUGH_GLOSSES = 3


@dataclass(frozen=True)
class GlossStyle:
    """What a whole document shows of how it was glossed."""

    throughout: bool = False
    toneless: bool = False
    capitals: bool = False
    bare: bool = False


def gloss_style(text: str) -> GlossStyle:
    """Count the certain glosses of a document: they decide about those that are not certain by themselves."""
    kinds: Counter[str] = Counter()
    for start, end, kind in _scan(text, GlossStyle()):
        kinds[kind] += 1
        letters = text[start:end].strip(" \t(（[［【〔{")[:1]
        kinds["capital"] += kind == "toned" and letters.isupper()
        kinds["bare"] += kind == "toned" and letters == text[start:end][:1]
    certain = kinds["toned"] + kinds["toneless"]
    likely = certain + kinds["doubtful"] if certain else 0
    throughout = likely >= ENOUGH_GLOSSES and likely > kinds["other"]
    return GlossStyle(
        throughout, toneless=throughout and kinds["toneless"] > kinds["toned"],
        capitals=throughout and kinds["capital"] * 2 > certain, bare=kinds["plain"] + kinds["bare"] >= ENOUGH_GLOSSES,
    )  # fmt: skip


def drop_glosses(text: str, style: GlossStyle) -> tuple[str, int]:
    """Return the text without its glosses, and how many there were."""
    text, tags = _RUBY_TAG.subn("", text)
    pieces: list[str] = []
    last = made = 0
    for start, end, kind in _scan(text, style):
        if kind in ("other", "doubtful") or start == end:
            continue
        made += 1
        pieces.append(text[last:start])
        space = _SPACE_BEFORE_HAN.match(text, end)
        last = space.end() if space else end
    pieces.append(text[last:])
    return "".join(pieces), made + (1 if tags and not made else 0)


def _scan(text: str, style: GlossStyle) -> list[tuple[int, int, str]]:
    """Return (start, end, kind) of every candidate; kind is toned, toneless, doubtful, plain or other."""
    if not _ANY_LETTER.search(text):
        return []
    found: list[tuple[int, int, str]] = []
    behind, place, dropped = "", 0, False
    for match in _CANDIDATE.finditer(text):
        between = text[place : match.start()]
        behind = _run_behind(between, behind if dropped else "")
        kind = _kind(match, behind, style) if behind else "other"
        if match.group("plain") and kind == "plain" and not style.bare:
            found.append((match.start(), match.start(), kind))
            kind = "other"
        elif kind != "other" or match.group("inside"):
            found.append((match.start(), match.end(), kind))
        place, dropped = match.end(), kind not in ("other", "doubtful")
    return found


def _run_behind(between: str, before: str) -> str:
    """Return the characters that a candidate stands behind; `before` is the run that the last gloss stood behind."""
    between = between.strip(" \t")
    if not between:
        return before
    run = _HAN_BEHIND.search(between.rstrip("”》’」』"))
    if not run:
        return ""
    return ((before if run.start() == 0 else "") + run.group())[-_LONGEST_RUN:]


def _kind(match: re.Match[str], behind: str, style: GlossStyle) -> str:
    if match.group("bopomofo"):
        return "toned"
    letters = match.group("inside") or match.group("slashed") or match.group("bare") or match.group("plain")
    reading = parse_reading(letters)
    if reading is None:
        return "other"
    own = _is_own(reading, behind)
    if match.group("plain"):
        return "plain" if own else "other"
    if match.group("bare") and not reading.toned:
        return "other"
    if reading.toned:
        return "toned" if own or _is_toned_gloss(reading) else "other"
    if reading.numbered:
        return "toned" if _is_numbered_gloss(reading, own, style) else "other"
    if _is_toneless_gloss(reading, own, style):
        return "toneless"
    return "doubtful" if own and not reading.capital else "other"


def _is_own(reading: Reading, behind: str) -> bool:
    """Whether it is a reading of exactly the characters before it, one syllable each."""
    letters = "".join(reading.syllables)
    return any(
        is_reading_of(letters, behind[-count:])
        for count in range(len(reading.syllables), min(len(behind), len(reading.syllables) + 2) + 1)
    )


def _is_toned_gloss(reading: Reading) -> bool:
    """A wrong reading: most of its syllables must bear a tone, so that foreign names with an accent stay."""
    return reading.toned * 2 >= len(reading.syllables)


def _is_numbered_gloss(reading: Reading, own: bool, style: GlossStyle) -> bool:
    if own:
        return not (reading.capital and len("".join(reading.syllables)) == 1)
    return style.throughout and all(len(one) > 1 for one in reading.syllables) and not reading.capital


def _is_toneless_gloss(reading: Reading, own: bool, style: GlossStyle) -> bool:
    letters = "".join(reading.syllables)
    if own:
        if reading.capital:
            return style.toneless or style.capitals
        if letters in _WORDS["loans"]:
            return style.toneless
        return style.throughout or not (len(reading.syllables) == 1 and letters in _WORDS["readings"])
    plain = len(reading.syllables) == 1 and not reading.capital and len(letters) > 1
    return style.toneless and plain and letters not in _WORDS["readings"]
