"""Measured tables as counts: the same numbers as the texts themselves give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from measuring_texts import lay_texts

from policybook.analysis.counts import block_counts
from policybook.analysis.measured_counts import (
    measured_counts,
)
from policybook.coding.code import Coding, code_corpus
from policybook.coding.described import read_metadata
from policybook.coding.measure import measure
from policybook.coding.rules import Age
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
