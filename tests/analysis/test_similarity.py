from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from kinds import CorpusOf

from policybook.analysis.similarity import (
    cluster_order,
    concept_profiles,
    document_terms,
    profile_similarity,
    similarity_across,
    weigh_terms,
)
from policybook.coding.code import Coding, code_corpus
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus
from policybook.errors import SelectionError
from policybook.project import Project

PROFILES = pd.DataFrame({"land": [0.4, 0.2, 0.0, 0.0], "people": [0.2, 0.1, 0.8, 0.0]}, index=["a", "b", "c", "none"])


def test_cosine_by_hand() -> None:
    like = profile_similarity(PROFILES)
    assert like.loc["a", "b"] == pytest.approx(1)
    assert like.loc["a", "c"] == pytest.approx(0.2 / math.hypot(0.4, 0.2))
    assert np.diag(like.loc["a":"c", "a":"c"]).tolist() == [1, 1, 1]  # type: ignore[misc]


def test_the_matrix_is_symmetric_and_a_document_without_concepts_is_like_nothing() -> None:
    like = profile_similarity(PROFILES)
    assert like.index.tolist() == like.columns.tolist() == PROFILES.index.tolist()
    np.testing.assert_array_equal(like, like.T)
    assert like["none"].isna().all()
    assert ((like.loc["a":"c", "a":"c"] >= 0) & (like.loc["a":"c", "a":"c"] <= 1)).all(axis=None)  # type: ignore[misc]
    assert profile_similarity(PROFILES.iloc[:0]).shape == (0, 0)


def test_impossible_profiles_are_refused() -> None:
    for bad in (-1.0, math.nan):
        with pytest.raises(ValueError, match="not negative"):
            profile_similarity(pd.DataFrame({"land": [1.0, bad]}))


def test_profiles_are_shares_of_blocks(corpus_of: CorpusOf, coding: Coding) -> None:
    counted = (c for c in coding.scheme.concepts if coding.scheme.counted(c.id))
    concept, form = next((c, form) for c in counted for form in c.en if form.replace(" ", "").isalpha())
    block = f"Then they spoke of {form}. " + "It is all to be done one day. " * 15
    other = "They met again, and nobody had anything to say of it. " * 8
    coded = code_corpus(corpus_of({"both": f"{block}\n\n{other}", "nothing": other}), coding)
    blocks = int((coded.blocks["document"] == "both").sum())
    profiles = concept_profiles(coded, coding.scheme)
    assert profiles.index.tolist() == ["both", "nothing"]
    assert profiles.loc["both", concept.id] == pytest.approx(1 / blocks)
    assert profiles.loc["nothing"].sum() == 0
    assert all(coding.scheme.counted(str(concept)) for concept in profiles.columns)


def test_the_documents_of_the_book_have_profiles_in_both_languages(coded: Corpus, scheme: Scheme) -> None:
    profiles = concept_profiles(coded, scheme)
    assert profiles.index.tolist() == coded.documents["document"].tolist()
    assert (profiles.sum(axis=1) > 0).all()
    assert ((profiles >= 0) & (profiles <= 1)).all(axis=None)
    assert sorted(cluster_order(profile_similarity(profiles))) == sorted(profiles.index)


def test_tf_idf_agrees_with_scikit_learn() -> None:
    """Values of TfidfTransformer() of scikit-learn for the same counts."""
    counts = pd.DataFrame([[3, 0, 1], [2, 1, 0], [0, 4, 2]], index=["a", "b", "c"], columns=["x", "y", "z"])
    weights = weigh_terms(counts)
    np.testing.assert_allclose(weights, SCIKIT, atol=1e-9)
    assert profile_similarity(weights).loc["a", "b"] == pytest.approx(0.8485281374)


SCIKIT = [[0.9486832981, 0.0, 0.316227766], [0.894427191, 0.4472135955, 0.0], [0.0, 0.894427191, 0.4472135955]]


def test_a_term_of_few_documents_weighs_more_and_an_empty_document_stays_empty() -> None:
    weights = weigh_terms(pd.DataFrame({"all": [1, 1, 0], "one": [1, 0, 0]}))
    assert weights.loc[0, "one"] > weights.loc[0, "all"] > 0  # type: ignore[operator]
    assert weights.loc[2].tolist() == [0, 0]


def test_terms_are_compared_within_one_language_only(coded: Corpus, scheme: Scheme, project: Project) -> None:
    with pytest.raises(SelectionError, match=r"within one language only.*en and zh.*language=zh"):
        document_terms(coded, scheme, project)
    counts = document_terms(coded.select(language="en"), scheme, project)
    assert len(counts) == 4
    assert counts.columns.is_monotonic_increasing
    assert counts.to_numpy().min() == 0
    assert (counts.sum(axis=1) > 20).all()


def test_like_stands_beside_like() -> None:
    labels = ["n1", "f1", "n2", "f2", "n3"]
    group = np.array([label[0] for label in labels])
    like = np.where(group[:, None] == group, 0.9, 0.2)
    np.fill_diagonal(like, 1.0)
    order = cluster_order(pd.DataFrame(like, index=labels, columns=labels))
    assert "".join(label[0] for label in order) in ("nnnff", "ffnnn")
    assert sorted(order) == sorted(labels)
    assert order == cluster_order(pd.DataFrame(like, index=labels, columns=labels))


@pytest.mark.parametrize("size", [0, 1, 2])
def test_few_documents_keep_their_order(size: int) -> None:
    labels = list("ab")[:size]
    assert cluster_order(pd.DataFrame(np.eye(size), index=labels, columns=labels)) == labels


def test_documents_without_a_similarity_come_last() -> None:
    assert cluster_order(profile_similarity(PROFILES.loc[["none", "a", "c", "b"]]))[-1] == "none"


def test_what_is_no_similarity_matrix_is_refused() -> None:
    for bad in (
        pd.DataFrame([[1, 0.2], [0.3, 1]], index=["a", "b"], columns=["a", "b"]),
        pd.DataFrame([[1, 0.2], [0.2, 1]], index=["a", "b"], columns=["b", "a"]),
    ):
        with pytest.raises(ValueError, match="symmetric"):
            cluster_order(bad)


def test_across_languages_only_comparable_concepts_make_documents_alike() -> None:
    profiles = pd.DataFrame(
        {"farm": [0.5, 0.5, 0.5], "school": [0.5, 0.0, 0.5], "factory": [0.0, 0.5, 0.0]}, index=["a", "b", "c"]
    )
    languages = {"a": "en", "b": "en", "c": "zh"}
    found = similarity_across(profiles, languages, frozenset(["school"]))
    assert found.loc["a", "b"] == pytest.approx(0.5)  # one of two concepts in common
    assert found.loc["a", "c"] == pytest.approx(1.0)
    assert np.isnan(found.loc["b", "c"])  # b has nothing that may be compared
    assert np.isnan(similarity_across(profiles, languages, None).loc["a", "c"])
    assert sorted(cluster_order(found)) == ["a", "b", "c"]
