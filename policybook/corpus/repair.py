"""A received paragraph is repaired, step by step; what was done is counted."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import opencc
import pandas as pd
from rapidfuzz.distance import Levenshtein

from policybook.corpus.glued_words import GluedWords, addresses
from policybook.corpus.matching import read_patterns
from policybook.corpus.pinyin import HAN, drop_glosses, gloss_style
from policybook.errors import Problem, raise_problems
from policybook.tables import CsvTable

_FORMS = read_patterns(__file__)
# Printed forms that OpenCC's table does not know. 着 and 著 are one character in Traditional text, see below.
_VARIANTS = str.maketrans(
    "戸靑淸晩硏緖値鄕郞吿畧囯圏擧厰凖衞廻徧隄韮馀閧衹暸枱艶騐稺筦炤碪賛瑯隷恊歩毎壊黒",
    "户青清晚研绪值乡郎告略国圈举厂准卫回遍堤韭余哄只了台艳验稚管照砧赞琅隶协步每坏黑",
)
# Chinese radicals, compatibility forms and ligatures that PDFs give in place of the characters themselves.
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\U0002f800-\U0002fa1f]")
_RADICALS = str.maketrans(
    "⺟⺠⻄⻅⻆⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻮⻰⻳", "母民西见角车长门青韦页风飞食马骨鬼鱼鸟黄齐齿龙龟"
)


def simplify(text: str) -> tuple[str, int]:
    """Return Traditional text in Simplified characters, and how many characters changed."""
    plain = text.translate(_VARIANTS)
    simplified = _FORMS["written"].sub("着", _converter().convert(plain))
    return simplified, _differences(text, simplified)


def is_original(text: str) -> bool:
    """Return whether a Traditional text was written so, in Taiwan, Hong Kong or Macau, and not converted by a scraper.

    Its own words tell (計畫, 臺, 民國), where they outnumber those of mainland papers (國務院, 城鎮化).
    """
    return len(_FORMS["original"].findall(text)) > len(_FORMS["converted"].findall(text))


def for_matching(text: str, script: str) -> str:
    """Return a text as words are looked for in it: in Simplified characters, each in the place of its own."""
    if script != "hant":
        return text
    simplified = simplify(text)[0]
    return simplified if len(simplified) == len(text) else text


def plain_forms(text: str, *, simplified: bool = False) -> tuple[str, int]:
    """Return the text with radicals, ligatures and compatibility forms as the characters they stand for, and how many.

    `simplified` is whether the text is: there ⼾ stands for 户, elsewhere for 戶.
    """
    def put(found: re.Match[str]) -> str:
        plain = unicodedata.normalize("NFKC", found.group().translate(_RADICALS))
        return _converter().convert(plain) if simplified else plain

    return _COMPATIBLE.subn(put, text)


def changed_by_simplifying(text: str) -> int:
    """Return how many characters of a text simplifying would change."""
    return _differences(text, _converter().convert(text))


def changed_by_complicating(text: str) -> int:
    """Return how many characters of a text are Simplified ones only."""
    return _differences(text, _converter("s2t").convert(text))


def _differences(before: str, after: str) -> int:
    return sum(a != b for a, b in zip(before, after, strict=False))


@cache
def _converter(name: str = "t2s") -> opencc.OpenCC:
    return opencc.OpenCC(name)


# Zero-width and bidi characters, control characters, annotation anchors, variation selectors, tags.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    rf"\ufdd0-\ufdef\ufffe\uffff]|(?<=[{HAN}])\ufe0f"
)
_ODD_SPACE = re.compile("[\ue5e5\x0b\x0c\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
# Between two Chinese characters a thin space is a remnant of typesetting, and stands for no space at all.
_THIN_SPACE = re.compile(rf"(?<=[{HAN}])[\u2005-\u200a\u202f\u205f]+(?=[{HAN}])")
# What the fonts of Word and of PDFs have for bullets; and GB 18030's full-width space, as some readers give it.
_BULLET = re.compile("[\uf06c\uf06e\uf071\uf075\uf076\uf09f\uf0a7\uf0a8\uf0b7\uf0d8\uf0e0\uf0fc]")
_RUN = re.compile("[ \t]{2,}|\t| *(?:\u3000 *){2,}| +\u3000 *|\u3000 +")


def drop_invisible(text: str) -> tuple[str, int]:
    """Return the text without unseen characters and with plain spaces, and how many changes that took.

    A single ideographic space is punctuation in Chinese and stays; a run of spaces counts as one change.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text, 0
    total = 0
    for pattern, put in ((_UNSEEN, ""), (_BULLET, "•"), (_THIN_SPACE, ""), (_ODD_SPACE, " "), (_RUN, None)):
        text, made = pattern.subn(_one_space if put is None else put, text)
        total += made
    return text, total


def _one_space(run: re.Match[str]) -> str:
    return "\u3000" if "\u3000" in run.group() else " "


def drop_markup(text: str) -> tuple[str, int]:
    """Return the text without tags of HTML, entities as their characters, and how many of both there were."""
    if "<" not in text and "&" not in text:
        return text, 0
    text, entities = _FORMS["entity"].subn(lambda m: html.unescape(m.group()), text)
    text, line_ends = _FORMS["block_tag"].subn(_one_break, text)
    text, tags = _FORMS["tag"].subn("", text)
    return text, entities + line_ends + tags


def _one_break(tag: re.Match[str]) -> str:
    text = tag.string
    beside = text[max(0, tag.start() - 1) : tag.start()] + text[tag.end() : tag.end() + 1]
    return " " if beside.isascii() else ""


_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def single_punctuation(text: str) -> tuple[str, int]:
    """Return the text with commas, stops and the like once where they were doubled, and how many were."""
    total = 0
    for form, put in (
        ("stop_between", lambda _: "。"), ("doubled_chinese", lambda m: m.group(1) or m.group(2)),
        ("mixed", lambda m: m.group()[0] if ord(m.group()[0]) > 127 else m.group()[-1]),
        ("doubled_latin", lambda m: m.group(1)), ("doubled_stop", lambda _: "."),
        ("comma_and_stop", lambda _: "。"), ("two_commas", lambda m: m.group().replace("、", "")[:1] or "、"),
    ):  # fmt: skip
        text, made = _FORMS[form].subn(put, text)
        total += made
    return text, total


def half_width(text: str) -> tuple[str, int]:
    """Return the text with full-width digits, letters and % as plain ones; Chinese punctuation stays."""
    text, total = _FORMS["full_width"].subn(lambda m: m.group().translate(_TO_HALF), text)
    if total:
        text, made = _FORMS["between_digits"].subn(lambda m: m.group().translate(_TO_HALF), text)
        total += made
    return text, total


_LATIN = re.compile("[A-Za-z]")
_TO_FULL = {code - 0xFEE0: code for code in map(ord, "，；：？！（）")}
#: What undoes full_width_marks, for str.translate: of two texts that differ by it alone, one is made.
HALF_WIDTH_MARKS = {full: half for half, full in _TO_FULL.items()} | {ord("—"): ord("-")}


def full_width_marks(text: str) -> tuple[str, int]:
    """Return Chinese with commas, colons, brackets and the like in the width of its characters, and how many were not.

    Every mark stays in its place, so that what was found in the text stands where it did. In a text with more Latin
    letters than Chinese characters nothing changes. Source: GB/T 15834-2011.
    """
    if len(_HAN.findall(text)) <= len(_LATIN.findall(text)):
        return text, 0
    before = text
    text = _FORMS["half_width_brackets"].sub(lambda m: f"（{m.group()[1:-1]}）", text)
    text = _FORMS["half_width_mark"].sub(lambda m: m.group().translate(_TO_FULL), text)
    text = _FORMS["half_width_range"].sub("—", text)
    return text, sum(one != other for one, other in zip(before, text, strict=True))


def space_after_stops(text: str) -> tuple[str, int]:
    """Return English with a space after stops, commas and semicolons; addresses and numbers are left alone."""
    total = 0
    for form in ("stop_then_capital", "stop_then_capitals", "stop_then_small", "comma_then_letter", "comma_and_number"):
        inside = addresses(text)
        ends = [match.end() for match in _FORMS[form].finditer(text) if match.start() not in inside]
        text = " ".join(text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True))
        total += len(ends)
    return text, total


# Characters that are gone for good: nothing here puts them back, but a reader must be told.
_LOST = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]|ï¿½|锟斤拷")
_QUESTION_MARKS = re.compile(
    rf"(?<=[{HAN}])\?++(?=[{HAN}，。、；：])|(?<=[，。、；：])\?++(?=[{HAN}])|(?<=[A-Za-z])\?{{1,2}}(?=[a-z])"
    r"|(?<=[a-z,;] )\?(?= [a-z])|(?<=[a-z] )\?(?=[A-Za-z])|(?<!\?)\?{3,}+(?=\w)"
)
_BOX = re.compile(rf"(?<=[{HAN}])□+(?=[{HAN}，。、；：])")
#: Boxes within words for each that is there to be ticked: more are characters that were lost.
_TICKED = 5
_CLAUSE = re.compile(r"[^，。；：！？\n]*\Z")
_BEFORE = 60  # characters in which a question asks


def lost_characters(text: str) -> int:
    """Return how many characters of a text were lost: replacement signs, empty boxes, question marks in their place."""
    text = mark_lost(drop_invisible(text)[0])[0]
    lost = len(_LOST.findall(text)) + sum(len(run) for run in re.findall(r"\?{3,}", text))
    boxes = sum(len(run) for run in _BOX.findall(text))
    return lost + boxes * (boxes > _TICKED * len(_FORMS["tick_box"].findall(text)))


def mark_lost(text: str) -> tuple[str, int]:
    """Return the text with U+FFFD for every question mark that stands for a lost character, and how many do.

    One that ends a question, or stands in an address, is what it is.
    """
    if "?" not in text:
        return text, 0
    inside, total, pieces, last = addresses(text), 0, list[str](), 0
    for found in _QUESTION_MARKS.finditer(text):
        clause = _CLAUSE.search(text[max(0, found.start() - _BEFORE) : found.start()])
        asked = len(found.group()) == 1 and clause and _FORMS["question"].search(clause.group())
        if found.start() not in inside and not asked:
            pieces += [text[last : found.start()], "\ufffd" * len(found.group())]
            last, total = found.end(), total + len(found.group())
    return "".join([*pieces, text[last:]]), total


RepairStep = Callable[[str], tuple[str, int]]
#: A paragraph is Traditional, whatever its document, where simplifying changes this many characters …
MANY_TRADITIONAL = 6
#: … and this share of all.
TRADITIONAL_PARAGRAPH = 0.12


class Repairer:
    """Repairs the paragraphs of one document, knowing what only the whole document shows.

    That is whether it is glossed throughout, and which words it uses. `language` is zh or en; `script` is hans,
    hant or latn and says whether characters are converted; those of a Traditional original are not.
    """

    def __init__(self, document_text: str, language: str, script: str) -> None:
        forms = partial(plain_forms, simplified=script == "hans")
        text = drop_invisible(forms(document_text)[0])[0]
        self._steps: list[tuple[str, RepairStep]] = [
            ("compatibility_form", forms), ("markup", drop_markup), ("invisible_character", drop_invisible),
            ("lost_character", mark_lost),
        ]  # fmt: skip
        if language == "zh":
            style = gloss_style(text)
            self._steps += [
                ("pinyin_gloss", lambda paragraph: drop_glosses(paragraph, style)),
                ("traditional_character", _kept if script == "hant" and is_original(text) else
                 simplify if script == "hant" else _simplify_if_traditional),
                ("doubled_punctuation", single_punctuation),
                ("fullwidth_digit", half_width),
            ]
        else:
            self._steps += [
                ("doubled_punctuation", single_punctuation), ("fullwidth_digit", half_width),
                ("glued_word", GluedWords(text).split), ("missing_space", space_after_stops),
            ]  # fmt: skip

    def repair(self, paragraph: str) -> tuple[str, Counter[str]]:
        """Return the repaired text of one paragraph and how often each kind of repair was made."""
        counts: Counter[str] = Counter()
        for kind, step in self._steps:
            paragraph, made = step(paragraph)
            counts[kind] += made
        return paragraph.strip(), +counts


def repair_paragraph(text: str, language: str, script: str) -> tuple[str, Counter[str]]:
    """Repair a text that stands by itself: see Repairer."""
    return Repairer(text, language, script).repair(text)


def _kept(paragraph: str) -> tuple[str, int]:
    return paragraph, 0


def _simplify_if_traditional(paragraph: str) -> tuple[str, int]:
    """Convert a Traditional paragraph of a Simplified document; leave a character or two alone."""
    changed = changed_by_simplifying(paragraph)
    if changed < MANY_TRADITIONAL or changed < TRADITIONAL_PARAGRAPH * len(paragraph):
        return paragraph, 0
    if changed_by_complicating(paragraph) > changed:
        return paragraph, 0
    return simplify(paragraph)


_HAN = re.compile(f"[{HAN}]")
#: A text is Traditional where simplifying would change more than this share of its Chinese characters.
TRADITIONAL_SHARE = 0.02


def guess_language(text: str) -> str:
    """Return zh where Chinese characters outnumber a fifth of the Latin letters, else en."""
    han, latin = len(_HAN.findall(text)), len(re.findall("[A-Za-z]", text))
    return "zh" if han * 5 > latin and han else "en"


def guess_script(text: str, language: str) -> str:
    """Return latn, hans or hant: hant where simplifying would change over one Chinese character in fifty.

    And more than are Simplified only: one in fifty of a short text may be the right character of a name (乾安).
    """
    if language != "zh":
        return "latn"
    han = "".join(_HAN.findall(plain_forms(text)[0]))
    changed = changed_by_simplifying(han)
    return "hant" if changed > max(TRADITIONAL_SHARE * len(han), changed_by_complicating(han)) else "hans"


def score_cases(path: Path) -> pd.DataFrame:
    """Repair every case of a file of cases (form, language, noisy, clean) and score each form.

    Columns: form, cases, characters, errors (edits still needed), cer, brackets_lost (brackets of the clean text
    that are not in the repaired one). Raises InvalidDataError when the file is no such table.
    """
    problems: list[Problem] = []
    cases = CsvTable(path, path.name, ["form", "language", "noisy", "clean"], problems, others=True).frame()
    raise_problems(problems)
    repaired = [
        repair_paragraph(noisy, language, guess_script(noisy, language))[0]
        for noisy, language in zip(cases["noisy"], cases["language"], strict=True)
    ]
    pairs = list(zip(repaired, cases["clean"], strict=True))
    scored = cases.assign(
        cases=1, characters=cases["clean"].str.len(), errors=[Levenshtein.distance(got, want) for got, want in pairs],
        brackets_lost=[brackets_lost(got, want) for got, want in pairs],
    )  # fmt: skip
    forms = scored.groupby("form", as_index=False)[["cases", "characters", "errors", "brackets_lost"]].sum()
    forms["cer"] = forms["errors"] / forms["characters"]
    return forms[["form", "cases", "characters", "errors", "cer", "brackets_lost"]]


def brackets_lost(got: str, want: str) -> int:
    """Return how many brackets of the right text are missing from a repaired one."""
    return sum((Counter(_FORMS["bracket"].findall(want)) - Counter(_FORMS["bracket"].findall(got))).values())
