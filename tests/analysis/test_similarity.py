from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from coded_books import joined
from kinds import CorpusOf
from pace import within

from policybook.analysis.similarity import (
    FORMULA,
    LEAST,
    REUSE_COLUMNS,
    cluster_order,
    concept_profiles,
    correspond,
    document_terms,
    find_reuse,
    profile_similarity,
    similarity_across,
    weigh_terms,
)
from policybook.coding.code import Coding, code_corpus
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus
from policybook.errors import SelectionError
from policybook.project import Project

RUN_EN = "every township shall open one counter where newly arrived workers register for school places"
RUN_ZH = "各乡镇均应设立一处窗口供新来务工人员登记子女入学"


def english(corpus_of: CorpusOf, *texts: str) -> Corpus:
    return corpus_of({f"d{n}": text for n, text in enumerate(texts)}, language="en")


def chinese(corpus_of: CorpusOf, *texts: str) -> Corpus:
    return corpus_of({f"d{n}": text for n, text in enumerate(texts)}, language="zh")


def words_of(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def shared(corpus: Corpus, reuse: pd.DataFrame) -> list[tuple[str, str]]:
    texts = dict(zip(corpus.passages["passage"], corpus.passages["text"], strict=True))
    return [
        (texts[run.left][run.left_start : run.left_end], texts[run.right][run.right_start : run.right_end])
        for run in reuse.itertuples()
    ]


def test_a_shared_run_of_english_words_is_found_with_its_offsets(corpus_of: CorpusOf) -> None:
    corpus = english(
        corpus_of,
        f"From next spring, {RUN_EN}; the county pays.",
        f"Some say so. {RUN_EN.capitalize().replace('counter where', 'counter, where')} and clinics.",
    )
    found = find_reuse(corpus)
    ((here, there),) = shared(corpus, found)
    assert here == RUN_EN
    assert there == "Every township shall open one counter, where newly arrived workers register for school places"
    words = len(RUN_EN.split())
    assert found.loc[0, ["left", "right", "words"]].tolist() == ["d0:p01", "d1:p01", words]
    # the shorter passage: three words before and two behind
    assert found.loc[0, "share"] == pytest.approx(words / (words + 5))


def test_a_shared_run_of_chinese_characters_is_found_whatever_the_punctuation(corpus_of: CorpusOf) -> None:
    corpus = chinese(
        corpus_of, f"自明年起，{RUN_ZH}，费用由县财政承担。", f"有人主张：{RUN_ZH.replace('窗口', '窗口，')}等事项。"
    )
    found = find_reuse(corpus)
    ((here, there),) = shared(corpus, found)
    assert (here, there) == (RUN_ZH, RUN_ZH.replace("窗口", "窗口，"))
    assert found["words"].tolist() == [len(RUN_ZH)]


def test_two_runs_of_one_pair_stand_together(corpus_of: CorpusOf) -> None:
    second = "the fee for this service is waived during the first two years of residence"
    corpus = english(corpus_of, f"{RUN_EN}. Nobody objects. {second}.", f"Again {second}. Afterwards {RUN_EN}.")
    found = find_reuse(corpus)
    assert [here for here, _ in shared(corpus, found)] == [RUN_EN, second]
    assert all(words_of(here) == words_of(there) for here, there in shared(corpus, found))


def test_shorter_runs_and_names_of_plans_are_no_reuse(corpus_of: CorpusOf) -> None:
    short_en = " ".join(RUN_EN.split()[: LEAST["en"] - 1])
    assert find_reuse(english(corpus_of, f"First {short_en} here indeed.", f"Then {short_en} there again.")).empty
    short_zh = RUN_ZH[: LEAST["zh"] - 1]
    assert find_reuse(chinese(corpus_of, f"首先{short_zh}甲乙丙丁。", f"其次{short_zh}子丑寅卯。")).empty
    name = "《关于在全省各乡镇设立务工人员登记窗口的五年行动方案》"
    corpus = chinese(corpus_of, f"会议讨论了{name}，没有结论。", f"记者读到{name}以后提问。")
    assert find_reuse(corpus).empty


def test_the_least_length_can_be_chosen(corpus_of: CorpusOf) -> None:
    corpus = english(corpus_of, "First the county pays for it all here.", "Then the county pays for it all again.")
    assert find_reuse(corpus).empty
    found = find_reuse(corpus, {"en": 4})
    assert shared(corpus, found) == [("the county pays for it all", "the county pays for it all")]
    with pytest.raises(ValueError, match="at least 2"):
        find_reuse(corpus, {"en": 1})


def test_nothing_is_compared_within_a_document_or_across_languages(corpus_of: CorpusOf) -> None:
    within = english(corpus_of, f"One says that {RUN_EN}.\n\nAnother says that {RUN_EN} too, and more than that.")
    assert len(within.passages) == 2
    assert find_reuse(within).empty
    mixed = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    both = joined(corpus_of({"e": mixed}), corpus_of({"z": "会议指出有关情况如下所述。" + mixed}, language="zh"))
    assert find_reuse(both).empty


def test_each_pair_is_given_once_in_the_order_of_the_texts(corpus_of: CorpusOf) -> None:
    found = find_reuse(english(corpus_of, f"A: {RUN_EN} now.", f"B: {RUN_EN} soon.", f"C: {RUN_EN} later."))
    assert found[["left", "right"]].to_numpy().tolist() == [
        ["d0:p01", "d1:p01"], ["d0:p01", "d2:p01"], ["d1:p01", "d2:p01"],
    ]  # fmt: skip


def test_a_formula_of_the_genre_starts_no_match_but_may_stand_in_one(corpus_of: CorpusOf) -> None:
    others = [f"Number {n} reports that {RUN_EN}." for n in "abcdefgh"[:FORMULA]]
    assert find_reuse(english(corpus_of, *others)).empty
    longer = f"On the first of May the mayor of our town wrote to all villages that {RUN_EN}"
    corpus = english(corpus_of, *others, f"{longer}, we hear.", f"{longer}, they hear.")
    found = find_reuse(corpus)
    assert [here for here, _ in shared(corpus, found)] == [longer]


def test_runs_that_overlap_are_marked_once(corpus_of: CorpusOf) -> None:
    corpus = english(corpus_of, f"{RUN_EN} and {RUN_EN} again.", f"It says {RUN_EN}.")
    found = find_reuse(corpus)
    assert [here for here, _ in shared(corpus, found)] == [RUN_EN]
    assert found["share"].tolist() <= [1]


def test_the_table_has_a_row_a_run(corpus_of: CorpusOf) -> None:
    corpus = english(corpus_of, f"A: {RUN_EN} now.", f"B: {RUN_EN} soon.")
    found = find_reuse(corpus)
    words = len(RUN_EN.split())
    offsets = [3, 3 + len(RUN_EN)]
    assert list(found) == list(REUSE_COLUMNS)
    assert found.to_numpy().tolist() == [["d0:p01", "d1:p01", *offsets, *offsets, words, words / (words + 2)]]


def test_in_this_book_every_mark_shows_the_same_words_on_both_sides(corpus: Corpus) -> None:
    found = find_reuse(corpus)
    assert len(found)
    assert found.equals(find_reuse(corpus))
    assert all(words_of(here) == words_of(there) for here, there in shared(corpus, found))


@pytest.mark.parametrize("unit", ["城镇化", "发展"])
def test_long_texts_that_repeat_themselves_take_seconds(corpus_of: CorpusOf, unit: str) -> None:
    text = unit * (120_000 // len(unit))
    corpus = chinese(corpus_of, f"一{text}。", f"二{text}。")
    with within(120):
        found = find_reuse(corpus)
    assert found["words"].sum() == len(text)


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


#: Smoking by rank of employees: Greenacre (1984), Theory and Applications of Correspondence Analysis, section 3.1.
SMOKING = pd.DataFrame(
    [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]],
    index=["senior managers", "junior managers", "senior employees", "junior employees", "secretaries"],
    columns=["none", "light", "medium", "heavy"],
)


def test_correspondence_agrees_with_published_values() -> None:
    found = correspond(SMOKING)
    assert found is not None
    assert found.inertia == pytest.approx(0.0852, abs=5e-5)
    assert found.explained == pytest.approx((0.8776, 0.1176), abs=5e-5)
    assert np.abs(found.rows["x"]).tolist() == pytest.approx([0.0658, 0.2590, 0.3806, 0.2330, 0.2011], abs=5e-5)
    assert np.abs(found.columns["x"]).tolist() == pytest.approx([0.3933, 0.0995, 0.1963, 0.2938], abs=5e-5)
    for table in (found.rows, found.columns):
        assert (table["mass"] * table["x"]).sum() == pytest.approx(0, abs=1e-12)
    assert found.columns["x"]["none"] > 0, "what lies furthest out is positive"


def test_what_has_no_counts_is_left_out_and_what_is_all_alike_is_not_drawn() -> None:
    more = SMOKING.assign(never=0)
    more.loc["nobody"] = 0
    found, plain = correspond(more), correspond(SMOKING)
    assert found is not None and plain is not None
    pd.testing.assert_frame_equal(found.rows, plain.rows)
    assert correspond(pd.DataFrame([[1, 2], [2, 4]])) is None
    assert correspond(SMOKING.head(1)) is None
    with pytest.raises(ValueError, match="not negative"):
        correspond(-SMOKING)


def test_two_themes_lie_on_one_line() -> None:
    found = correspond(SMOKING[["none", "heavy"]])
    assert found is not None
    assert np.abs(found.rows["y"]).max() < 1e-9
