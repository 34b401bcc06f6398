"""Ways in which a text gets damaged, each a function of a clean text and a source of chance."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

import opencc
from pypinyin import Style, lazy_pinyin, pinyin

Noise = Callable[[str, random.Random], str]
Gloss = Callable[[str, str], str]
HAN = re.compile("[\u4e00-\u9fff]+")
TO_TRADITIONAL = opencc.OpenCC("s2t")
#: How older printing writes characters for which OpenCC's table gives another Traditional form.
VARIANTS = str.maketrans(
    {
        "為": "爲",
        "產": "産",
        "說": "説",
        "裡": "裏",
        "麼": "麽",
        "線": "綫",
        "群": "羣",
        "峰": "峯",
        "戶": "戸",
        "青": "靑",
    }
)
WRONG = ["guò", "shì", "lǐ", "màn", "zhōng", "qián", "hé", "duō", "xiǎng", "yuè", "nǚ", "chuáng"]
# Toneless glosses of these are English words and are only certain where a text is glossed throughout.
_DOUBTFUL = """
a ai an ban bang bin can chi dang den die e fan fang gang gun ha hang he hen la lie long man me men mi mo o pa pan pang
pen pi pie pin ping ran rang run sang she shun song sun sung tan tang tie tong xi you yuan mu li jin jiao fen liang
"""
DOUBTFUL = frozenset(_DOUBTFUL.split())


def traditional(text: str) -> str:
    """Return Chinese in Traditional characters."""
    return TO_TRADITIONAL.convert(text)


def glossed(
    text: str,
    chance: random.Random,
    share: float = 1.0,
    gloss: Gloss = lambda character, reading: f"{character}({reading})",
    style: Style = Style.TONE,
    wrong: float = 0.0,
    skip: frozenset[str] = frozenset(),
) -> str:
    """Return a text with readings behind a share of its characters, some of them wrong."""

    def put(run: re.Match[str]) -> str:
        readings = [found[0] for found in pinyin(run.group(), style=style)]
        out = []
        for character, reading in zip(run.group(), readings, strict=True):
            if chance.random() < wrong:
                reading = chance.choice(WRONG)
            plain = chance.random() >= share or reading in skip
            out.append(character if plain else gloss(character, reading))
        return "".join(out)

    return HAN.sub(put, text)


def dense(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance)


def sparse(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.15)


def changed_only(text: str, chance: random.Random) -> str:
    """Gloss only what is different in Traditional, as the scraper of the real document did."""
    simple = iter(text)
    return "".join(
        glossed(character, chance) if character != before else character
        for character, before in zip(traditional(text), simple, strict=True)
    )


def toneless(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, style=Style.NORMAL)


def toneless_sparse(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.2, style=Style.NORMAL, skip=DOUBTFUL)


def _by_word(text: str, chance: random.Random, style: Style, joint: str) -> str:
    def put(run: re.Match[str]) -> str:
        word = run.group()
        if len(word) < 2 or chance.random() < 0.5:
            return word
        size = chance.randint(2, min(4, len(word)))
        return f"{word[:size]}({joint.join(lazy_pinyin(word[:size], style=style))}){word[size:]}"

    return HAN.sub(put, traditional(text))


def toned_word(text: str, chance: random.Random) -> str:
    return _by_word(text, chance, Style.TONE, chance.choice(["", " "]))


def toneless_word(text: str, chance: random.Random) -> str:
    return _by_word(text, chance, Style.NORMAL, " ")


def doubled(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.4, lambda c, r: f"{c}({r})({r})")


def inner_spaces(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.6, lambda c, r: f"{c}( {r} )")


def full_width_brackets(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.6, lambda c, r: f"{c}（{r}）")


def square_brackets(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.6, lambda c, r: f"{c}[{r}]")


def wrong_reading(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.7, wrong=0.3)


def tone_numbers(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.6, style=Style.TONE3)


def decomposed_accents(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.6, lambda c, r: f"{c}({unicodedata.normalize('NFD', r)})")


def lookalike_letters(text: str, chance: random.Random) -> str:
    def gloss(character: str, reading: str) -> str:
        decomposed = unicodedata.normalize("NFD", reading)
        return f"{character}({decomposed.replace('a', 'ɑ').replace('g', 'ɡ')})"

    return glossed(traditional(text), chance, 0.6, gloss)


def capitals(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.6, lambda c, r: f"{c}({r.capitalize()})")


def simplified_gloss(text: str, chance: random.Random) -> str:
    return glossed(text, chance, 0.5)


def space_before_bracket(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.5, lambda c, r: f"{c} ({r})")


def ruby_leftover(text: str, chance: random.Random) -> str:
    return glossed(traditional(text), chance, 0.5, lambda c, r: f"{c}{r}")


def variants(text: str, _: random.Random) -> str:
    return traditional(text).translate(VARIANTS)


def only_traditional(text: str, _: random.Random) -> str:
    return traditional(text)


def doubled_punctuation(text: str, chance: random.Random) -> str:
    return re.sub("[，。；、]", lambda m: m.group() * (2 if chance.random() < 0.6 else 1), text)


def full_width_digits(text: str, _: random.Random) -> str:
    return re.sub("[0-9%A-Z]", lambda m: chr(ord(m.group()) + 0xFEE0), text)


def zero_width(text: str, chance: random.Random) -> str:
    unseen = "\u200b\u200c\u200d\ufeff\u00ad\u2060"
    return "".join(c + (chance.choice(unseen) if chance.random() < 0.2 else "") for c in text)


def bidi_and_control(text: str, chance: random.Random) -> str:
    unseen = "\u202a\u202e\u2066\u2069\u200e\u200f\x07\x1f\x7f\x9c"
    return "".join(c + (chance.choice(unseen) if chance.random() < 0.15 else "") for c in text)


def odd_spaces(text: str, chance: random.Random) -> str:
    return re.sub(" ", lambda _: chance.choice(["\u00a0", "\u2003", "\u202f", "  ", " \u00a0 ", "\u2009"]), text)


def everything(text: str, chance: random.Random) -> str:
    return zero_width(wrong_reading(doubled_punctuation(text, chance), chance), chance)


def _glue(text: str, chance: random.Random, pattern: str, share: float) -> str:
    return re.sub(pattern, lambda m: "" if chance.random() < share else m.group(), text)


def glued_grammar(text: str, chance: random.Random) -> str:
    words = "the|of|in|to|and|for|should|will|must|that|with|by|is|are|from|as"
    return _glue(
        text, chance, rf"(?<=[a-z] (?:of|in)) (?=the )|(?<=[a-z]{{4}}) (?=(?:{words}) )|(?<= should) (?=[a-z])", 0.25
    )


def glued_content(text: str, chance: random.Random) -> str:
    return _glue(text, chance, r"(?<=[a-z]{6}) (?=[a-z]{6})", 0.5)


def missing_stop_space(text: str, _: random.Random) -> str:
    return re.sub(r"(?<=[a-z]\.) (?=[A-Z])", "", text)


def missing_comma_space(text: str, _: random.Random) -> str:
    return re.sub(r"(?<=[a-z][,;]) (?=[a-z])", "", text)


def doubled_latin(text: str, chance: random.Random) -> str:
    return re.sub("[,;]", lambda m: m.group() * (2 if chance.random() < 0.7 else 1), text)


CHINESE: dict[str, Noise] = {
    "dense gloss": dense,
    "sparse gloss": sparse,
    "gloss on changed characters only": changed_only,
    "toneless gloss": toneless,
    "sparse toneless gloss": toneless_sparse,
    "gloss of a word, with tones": toned_word,
    "gloss of a word, toneless": toneless_word,
    "doubled gloss": doubled,
    "inner spaces": inner_spaces,
    "full-width brackets": full_width_brackets,
    "square brackets": square_brackets,
    "wrong reading": wrong_reading,
    "tone numbers": tone_numbers,
    "decomposed accents": decomposed_accents,
    "look-alike letters": lookalike_letters,
    "capitals": capitals,
    "gloss on Simplified": simplified_gloss,
    "space before the bracket": space_before_bracket,
    "ruby leftovers": ruby_leftover,
    "Traditional characters": only_traditional,
    "variant characters": variants,
    "doubled punctuation": doubled_punctuation,
    "full-width digits": full_width_digits,
    "zero-width characters": zero_width,
    "bidi and control characters": bidi_and_control,
    "everything at once": everything,
}
ENGLISH: dict[str, Noise] = {
    "glued to a word of grammar": glued_grammar,
    "two words of content glued": glued_content,
    "no space after a stop": missing_stop_space,
    "no space after a comma": missing_comma_space,
    "doubled punctuation, English": doubled_latin,
    "zero-width characters, English": zero_width,
    "odd spaces": odd_spaces,
}
