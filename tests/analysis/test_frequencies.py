from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from kinds import CorpusOf, MakeProject

from policybook.analysis import keyness as frequencies
from policybook.analysis.keyness import read_stopwords, term_frequencies
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus
from policybook.project import Project


def test_concepts_count_as_one_term_and_stop_words_do_not_count(
    corpus_of: CorpusOf, scheme: Scheme, project: Project
) -> None:
    text = "农业转移人口市民化是关键。我们推进农业转移人口市民化，修建学校，修建医院。"
    corpus = code_concepts(corpus_of({"a": text}, language="zh"), scheme)
    counts = term_frequencies(corpus, scheme, project)
    assert counts["农业转移人口市民化"] == 2
    assert counts["学校"] == counts["医院"] == 1
    assert not {"市民化", "人口", "我们", "是"} & set(counts.index)


def test_english_words_are_counted_between_the_concepts(corpus_of: CorpusOf, scheme: Scheme, project: Project) -> None:
    corpus = code_concepts(corpus_of({"a": "Rural revitalization needs schools. The SCHOOLS of the county."}), scheme)
    counts = term_frequencies(corpus, scheme, project)
    assert counts["rural revitalization"] == 1
    assert counts["schools"] == 2
    assert not {"the", "of", "rural", "revitalization"} & set(counts.index)


def test_terms_come_most_frequent_first_and_in_one_order(coded: Corpus, scheme: Scheme, project: Project) -> None:
    counts = term_frequencies(coded, scheme, project)
    assert counts.is_monotonic_decreasing
    assert counts.index.is_unique
    pd.testing.assert_series_equal(counts, term_frequencies(coded, scheme, project))


def test_no_term_is_cut_out_of_another_in_the_chinese_document(coded: Corpus, scheme: Scheme, project: Project) -> None:
    counts = term_frequencies(coded.select(document="web-2021-joint-conference"), scheme, project)
    assert {"城乡融合发展", "部际联席会议", "国家发展和改革委员会"} & set(counts.index)
    assert not {"委主", "任何", "立峰", "亿非"} & set(counts.index)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_corpus_without_text_has_no_terms(coded: Corpus, scheme: Scheme, project: Project, language: str) -> None:
    assert term_frequencies(coded.select(places="tibet", language=language), scheme, project).empty


def test_no_temporary_folder_is_left_behind(
    coded: Corpus, scheme: Scheme, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    frequencies._make_tokenizer.cache_clear()
    frequencies._dictionary.cache_clear()
    term_frequencies(coded.select(language="zh"), scheme, project)
    assert list(tmp_path.iterdir()) == []


def test_stop_words_may_have_comments_or_be_missing(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "stopwords-en.txt").write_text("# words\nthe # article\n\n of\n", encoding="utf-8")
    (project.lexicon / "stopwords-zh.txt").unlink()
    assert read_stopwords(project, "en") == {"the", "of"}
    assert read_stopwords(project, "zh") == frozenset()
