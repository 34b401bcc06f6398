"""Sentences with every quantity in them: cases_zh.yml and cases_en.yml were written before the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policybook.coding.code import Coding
from policybook.coding.quantities import FoundQuantity

HERE = Path(__file__).resolve().parent
CASES = [
    pytest.param(language, case, id=f"{language}: {register}: {case['text'][:40]}")
    for language in ("zh", "en")
    for register, cases in yaml.safe_load((HERE / f"cases_{language}.yml").read_text(encoding="utf-8")).items()
    for case in cases
]


def test_there_are_enough_cases_in_each_language() -> None:
    languages = [case.values[0] for case in CASES]
    assert languages.count("zh") >= 150
    assert languages.count("en") >= 120


@pytest.mark.parametrize(("language", "case"), CASES)
def test_every_quantity_and_nothing_else_is_found(coding: Coding, language: str, case: dict[str, Any]) -> None:
    expected, place = [], 0
    for text, value, unit, qualifier, kind, *indicator in case.get("found", ()):
        start = case["text"].index(str(text), place)
        place = start + len(str(text))
        named = indicator[0] if indicator else None
        expected.append(FoundQuantity(start, place, value, unit, qualifier, kind, named))
    assert list(coding.quantities.find(case["text"], language)) == expected
