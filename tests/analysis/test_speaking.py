"""Blocks that speak of a field."""

from __future__ import annotations

import pandas as pd
import pytest

from policybook.analysis.speaking import blocks_speaking, speaking_concepts
from policybook.coding.measured import BLOCK_COLUMNS, DOCUMENT_COLUMNS, make_measured
from policybook.coding.rules import CodingRules
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.errors import SelectionError


def concept(identifier: str, theme: str, **more: str) -> Concept:
    return Concept.model_validate(
        {"id": identifier, "term_zh": identifier, "term_en": identifier, "pinyin": identifier, "theme": theme, **more}
    )


SCHEME = Scheme(
    themes=(Theme(id="land", label="Land", label_zh="土地"), Theme(id="goals", label="Goals", label_zh="目标")),
    concepts=(
        concept("farm", "land"),
        concept("ministry", "land", exclude_from_comparison="institution"),
        concept("topic", "goals", exclude_from_comparison="corpus"),
        concept("aim", "goals"),
        concept("small-aim", "goals", broader="aim"),
    ),
)


def test_a_theme_brings_its_concepts_but_no_institution():
    assert speaking_concepts(SCHEME, ["land"], []) == {"farm"}
    assert speaking_concepts(SCHEME, ["goals"], []) == {"topic", "aim", "small-aim"}


def test_a_concept_brings_what_it_contains_and_an_institution_counts_if_named():
    assert speaking_concepts(SCHEME, [], ["aim", "ministry"]) == {"aim", "small-aim", "ministry"}
    assert speaking_concepts(SCHEME, [], ["small-aim"]) == {"small-aim"}


@pytest.mark.parametrize(("themes", "concepts", "said"), [(["lnad"], [], "'land'"), ([], ["fram"], "'farm'")])
def test_what_is_unknown_is_named_with_the_nearest(themes: list[str], concepts: list[str], said: str):
    with pytest.raises(SelectionError, match=said):
        speaking_concepts(SCHEME, themes, concepts)


def test_blocks_speak_if_they_mention_one_of_them():
    concepts = ["farm:2 aim:1", "", "ministry:1", "small-aim:3"]
    blocks = pd.DataFrame({"concepts": concepts}).reindex(columns=BLOCK_COLUMNS)
    measured = make_measured(pd.DataFrame(columns=DOCUMENT_COLUMNS), blocks, made_by="test", rules=CodingRules(versions={}, lexicon={}, concepts={}))
    assert blocks_speaking(measured, frozenset({"farm", "small-aim"})).tolist() == [True, False, False, True]
