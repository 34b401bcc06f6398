"""Measured tables as counts: the same numbers as the texts themselves give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from coding.measuring_texts import lay_texts

from policybook.analysis.counts import block_counts
from policybook.analysis.measured_counts import blocks_speaking, measured_counts, speaking_concepts
from policybook.coding.code import Coding, code_corpus
from policybook.coding.measured import BLOCK_COLUMNS, DOCUMENT_COLUMNS, make_measured, measure, read_metadata
from policybook.coding.rules import Age, CodingRules
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.corpus.build import make_corpus
from policybook.corpus.scope import Vocabulary
from policybook.errors import SelectionError
from policybook.project import Project


def test_counts_equal_those_of_the_texts(
    tmp_path: Path, project: Project, vocabulary: Vocabulary, coding: Coding
) -> None:
    described = read_metadata(*lay_texts(tmp_path), vocabulary)
    measured = measured_counts(measure(described, project), Age(), coding.scheme, vocabulary, made_from="a test")
    corpus = make_corpus([(one.entry, one.content) for one in described], vocabulary, project)
    direct = block_counts(code_corpus(corpus, coding), coding.scheme)
    assert measured.mentions.sum() > 5
    np.testing.assert_array_equal(measured.mentions, direct.mentions)
    assert measured.blocks["block"].tolist() == direct.blocks["block"].tolist()
    assert measured.evidence(direct.concepts) == ("qingshan-2019", "qingshan-2023")


def test_selections_name_what_exists(
    tmp_path: Path, project: Project, vocabulary: Vocabulary, coding: Coding
) -> None:
    described = read_metadata(*lay_texts(tmp_path), vocabulary)
    counts = measured_counts(measure(described, project), Age(), coding.scheme, vocabulary, made_from="a test")
    assert set(counts.select(era="2021-2024").blocks["document"]) == {"qingshan-2023"}
    assert len(counts.select(places="yunnan").blocks) == len(counts.blocks)
    with pytest.raises(SelectionError, match="Known: yunnan"):
        counts.select(place="liaoning")


# Blocks that speak of a field ----------------------------------------------------------------------


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
