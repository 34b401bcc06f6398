"""A received paragraph is repaired, step by step; what was done is counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from rapidfuzz.distance import Levenshtein

from policybook.corpus.repair.characters import (
    changed_by_complicating,
    changed_by_simplifying,
    drop_invisible,
    half_width,
    plain_forms,
    simplify,
    single_punctuation,
    space_after_stops,
)
from policybook.corpus.repair.glued_words import GluedWords
from policybook.corpus.repair.pinyin import HAN, drop_glosses, gloss_style
from policybook.errors import InvalidDataError, Problem
from policybook.tables import CsvTable

# All repairs of a document, in their order, each kind counted --------------------------------------


RepairStep = Callable[[str], tuple[str, int]]
#: A paragraph is Traditional, whatever its document, where simplifying changes this many characters …
MANY_TRADITIONAL = 6
#: … and this share of all.
TRADITIONAL_PARAGRAPH = 0.12


class Repairer:
    """Repairs the paragraphs of one document, knowing what only the whole document shows.

    That is whether it is glossed throughout, and which words it uses. `language` is zh or en; `script` is hans,
    hant or latn and says whether characters are converted.
    """

    def __init__(self, document_text: str, language: str, script: str) -> None:
        text = drop_invisible(document_text)[0]
        self._steps: list[tuple[str, RepairStep]] = [("invisible_character", drop_invisible)]
        if language == "zh":
            style = gloss_style(text)
            self._steps += [
                ("pinyin_gloss", lambda paragraph: drop_glosses(paragraph, style)),
                ("traditional_character", simplify if script == "hant" else _simplify_if_traditional),
                ("doubled_punctuation", single_punctuation),
                ("fullwidth_digit", half_width),
            ]
        else:
            self._steps += [
                ("doubled_punctuation", single_punctuation),
                ("fullwidth_digit", half_width),
                ("glued_word", GluedWords(text).split),
                ("missing_space", space_after_stops),
            ]

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


def _simplify_if_traditional(paragraph: str) -> tuple[str, int]:
    """Convert a Traditional paragraph of a Simplified document; leave a character or two alone."""
    paragraph, made = plain_forms(paragraph)
    changed = changed_by_simplifying(paragraph)
    if changed < MANY_TRADITIONAL or changed < TRADITIONAL_PARAGRAPH * len(paragraph):
        return paragraph, made
    if changed_by_complicating(paragraph) > changed:
        return paragraph, made
    return simplify(paragraph)


# Telling a text's language and script from its characters ------------------------------------------


_HAN = re.compile(f"[{HAN}]")
#: A text is Traditional where simplifying would change more than this share of its Chinese characters.
TRADITIONAL_SHARE = 0.02


def guess_language(text: str) -> str:
    """Return zh where Chinese characters outnumber a fifth of the Latin letters, else en."""
    han, latin = len(_HAN.findall(text)), len(re.findall("[A-Za-z]", text))
    return "zh" if han * 5 > latin and han else "en"


def guess_script(text: str, language: str) -> str:
    """Return latn, hans or hant: hant where simplifying would change over one Chinese character in fifty."""
    if language != "zh":
        return "latn"
    han = "".join(_HAN.findall(text))
    return "hant" if han and changed_by_simplifying(han) / len(han) > TRADITIONAL_SHARE else "hans"


# How well repair does on texts whose right form is known: character error rate, form by form -------


_BRACKET = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]")


def score_cases(path: Path) -> pd.DataFrame:
    """Repair every case of a file of cases (form, language, noisy, clean) and score each form.

    Columns: form, cases, characters, errors (edits still needed), cer, brackets_lost (brackets of the clean text
    that are not in the repaired one). Raises InvalidDataError when the file is no such table.
    """
    problems: list[Problem] = []
    cases = CsvTable(path, path.name, ["form", "language", "noisy", "clean"], problems, others=True).frame()
    if problems:
        raise InvalidDataError(problems)
    repaired = [
        repair_paragraph(noisy, language, guess_script(noisy, language))[0]
        for noisy, language in zip(cases["noisy"], cases["language"], strict=True)
    ]
    pairs = list(zip(repaired, cases["clean"], strict=True))
    scored = cases.assign(
        cases=1,
        characters=cases["clean"].str.len(),
        errors=[Levenshtein.distance(got, want) for got, want in pairs],
        brackets_lost=[brackets_lost(got, want) for got, want in pairs],
    )
    forms = scored.groupby("form", as_index=False)[["cases", "characters", "errors", "brackets_lost"]].sum()
    forms["cer"] = forms["errors"] / forms["characters"]
    return forms[["form", "cases", "characters", "errors", "cer", "brackets_lost"]]


def brackets_lost(got: str, want: str) -> int:
    """Return how many brackets of the right text are missing from a repaired one."""
    return sum((Counter(_BRACKET.findall(want)) - Counter(_BRACKET.findall(got))).values())
