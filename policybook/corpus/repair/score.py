"""How well repair does on texts whose right form is known: character error rate, form by form."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
from rapidfuzz.distance import Levenshtein

from policybook.corpus.repair.guess import guess_script
from policybook.corpus.repair.repairer import repair_paragraph
from policybook.errors import InvalidDataError, Problem
from policybook.tables import CsvTable

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
