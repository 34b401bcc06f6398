"""Repair against texts whose right form is known: the hand-made cases, and a held-out set made by code."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from noise import CHINESE as CHINESE_NOISE
from noise import ENGLISH as ENGLISH_NOISE
from rapidfuzz.distance import Levenshtein
from texts import CHINESE, CHINESE_CONTROLS, CHINESE_PAGE, ENGLISH, ENGLISH_CONTROLS, ENGLISH_PAGE

from policybook.corpus.repair import Repairer, guess_script, repair_paragraph
from policybook.corpus.repair.score import brackets_lost, score_cases
from policybook.project import Project

OVERALL, EACH_FORM = 0.005, 0.02


@pytest.fixture(scope="module")
def gold(project: Project) -> Path:
    return project.root / "data" / "gold" / "repair.csv"


@pytest.fixture(scope="module")
def scores(gold: Path) -> pd.DataFrame:
    return score_cases(gold)


def test_there_are_enough_cases_of_enough_forms(gold: Path) -> None:
    cases = pd.read_csv(gold, dtype=str, keep_default_na=False)
    controls = cases[cases["form"].str.endswith("(control)")]
    assert len(cases) >= 260
    assert cases["form"].nunique() - controls["form"].nunique() >= 24
    assert len(controls) >= 60
    assert (controls["noisy"] == controls["clean"]).all()
    assert set(cases["origin"]) == {"generated", "written"}
    assert not cases.duplicated(["noisy"]).any()


def test_the_error_rate_of_the_cases(scores: pd.DataFrame) -> None:
    assert scores["errors"].sum() / scores["characters"].sum() <= OVERALL
    assert (scores["cer"] <= EACH_FORM).all(), scores[scores["cer"] > EACH_FORM].to_string()
    assert scores["brackets_lost"].sum() == 0


def test_controls_come_out_as_they_went_in(scores: pd.DataFrame) -> None:
    assert scores.loc[scores["form"].str.endswith("(control)"), "errors"].sum() == 0


def held_out() -> Iterator[tuple[str, str, str]]:
    """Yield (form, repaired, clean) of the sentences, each repaired alone, and of the pages, repaired whole."""
    for language, kinds, sentences, page in (
        ("zh", CHINESE_NOISE, CHINESE, CHINESE_PAGE),
        ("en", ENGLISH_NOISE, ENGLISH, ENGLISH_PAGE),
    ):
        for form, damage in kinds.items():
            for number, clean in enumerate(sentences):
                noisy = damage(clean, random.Random(f"{form} {number}"))
                yield form, repair_paragraph(noisy, language, guess_script(noisy, language))[0], clean
            noisy_page = [damage(clean, random.Random(f"page {form} {n}")) for n, clean in enumerate(page)]
            text = "\n".join(noisy_page)
            repairer = Repairer(text, language, guess_script(text, language))
            for noisy, clean in zip(noisy_page, page, strict=True):
                yield f"page: {form}", repairer.repair(noisy)[0], clean
    for language, controls in (("zh", CHINESE_CONTROLS), ("en", ENGLISH_CONTROLS)):
        for clean in controls:
            yield f"control {language}", repair_paragraph(clean, language, guess_script(clean, language))[0], clean


def test_the_error_rate_of_the_held_out_set() -> None:
    rows = pd.DataFrame(held_out(), columns=["form", "got", "clean"])
    rows["errors"] = [Levenshtein.distance(g, c) for g, c in zip(rows["got"], rows["clean"], strict=True)]
    rows["characters"] = rows["clean"].str.len()
    forms = rows.groupby("form")[["errors", "characters"]].sum()
    assert len(rows) >= 500
    assert forms["errors"].sum() / forms["characters"].sum() <= OVERALL
    assert (forms["errors"] / forms["characters"] <= EACH_FORM).all()
    assert sum(brackets_lost(g, c) for g, c in zip(rows["got"], rows["clean"], strict=True)) == 0


def test_the_score_counts_lost_brackets() -> None:
    assert brackets_lost("增长5%", "增长(GDP)5%") == 1
    assert brackets_lost("增长(GDP)5%", "增长5%") == 0
