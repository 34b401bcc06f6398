from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from kinds import CorpusOf, MakeProject
from scipy.stats import binomtest, chi2, chi2_contingency, false_discovery_control
from statsmodels.stats.multitest import multipletests

from policybook.analysis import keyness
from policybook.analysis.keyness import (
    frequent_terms,
    gries_dp,
    key_terms,
    list_terms,
    log_likelihood,
    log_odds_dirichlet,
    log_ratio,
    log_ratio_conservative,
    read_stopwords,
    term_frequencies,
    uncoded_terms,
)
from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus
from policybook.errors import ComparisonError
from policybook.project import Project

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
WORDS = pd.read_csv(REFERENCE / "keyness_reference.csv", keep_default_na=False)
BOOK = json.loads((REFERENCE / "textbook_values.json").read_text("utf-8"))
#: All words of both speeches; the file holds 400 of them.
VOCABULARY = 1193
SPREAD = BOOK["dispersion"]
TOTALS = (int(WORDS["total_a"].iloc[0]), int(WORDS["total_b"].iloc[0]))
Measure = Callable[..., Any]

COLUMNS: dict[str, Measure] = {
    "g2_4cell": log_likelihood,
    "log_ratio_corpora_r": log_ratio,
    "log_ratio_conservative": lambda *counts: log_ratio_conservative(*counts, family=VOCABULARY),
}
MEASURES: list[Measure] = [
    log_likelihood,
    log_ratio,
    log_ratio_conservative,
]


def counts_of(row: Any) -> tuple[int, int, int, int]:
    return int(row.count_a), int(row.count_b), int(row.total_a), int(row.total_b)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_word_of_the_reference_by_itself(column: str) -> None:
    for row in WORDS.itertuples(index=False):
        found = float(COLUMNS[column](*counts_of(row)))
        assert found == pytest.approx(getattr(row, column), rel=1e-7, abs=1e-13), row.feature


@pytest.mark.parametrize("column", COLUMNS)
def test_every_word_of_the_reference_at_once(column: str) -> None:
    got = COLUMNS[column](WORDS["count_a"], WORDS["count_b"], WORDS["total_a"], WORDS["total_b"])
    np.testing.assert_allclose(got, WORDS[column], rtol=1e-7, atol=1e-13)


def test_quanteda_agrees_but_for_what_it_adds() -> None:
    """It adds 1e-9 to every O / E, the definition nothing: 2e-9 for each of the words of both speeches."""
    got = log_likelihood(WORDS["count_a"], WORDS["count_b"], *TOTALS)
    np.testing.assert_allclose(got, WORDS["g2_quanteda"], rtol=0, atol=2.1e-9 * sum(TOTALS))
    np.testing.assert_allclose(chi2.sf(np.abs(WORDS["g2_quanteda"]), 1), WORDS["p_g2"], rtol=1e-9)


@pytest.mark.parametrize("column", ["z_monroe_full", "z_scattertext_pooled"])
def test_the_log_odds_of_the_reference(column: str) -> None:
    """The words that the file leaves out stand as one: only the totals matter to the others."""
    a = np.append(WORDS["count_a"], TOTALS[0] - WORDS["count_a"].sum())
    b = np.append(WORDS["count_b"], TOTALS[1] - WORDS["count_b"].sum())
    delta, z = log_odds_dirichlet(a, b, a + b)
    np.testing.assert_allclose(z[:-1], WORDS[column], rtol=1e-7)
    assert (np.sign(delta) == np.sign(z)).all()


def test_the_adjusted_p_values_of_the_reference() -> None:
    """The words left out get p-values that put every word of the file at its rank among all."""
    words = WORDS.assign(p=chi2.sf(np.abs(log_likelihood(WORDS["count_a"], WORDS["count_b"], *TOTALS)), 1))
    steps = words.groupby("q_bh")["p"].agg(["max", "size"])
    ranks = [*(steps["max"].iloc[:-1] * VOCABULARY / steps.index[:-1]), VOCABULARY]
    assert all(rank == pytest.approx(round(rank), rel=1e-9) for rank in ranks)
    ends = [*steps["max"].iloc[:-1], steps.index[-1]]  # the last step ends with a word that is not in the file
    others: list[float] = []
    for rank, end, seen in zip(ranks, ends, steps["size"].cumsum(), strict=True):
        others += [end] * (round(rank) - len(others) - seen)
    got = false_discovery_control([*words["p"], *others])
    assert len(got) == VOCABULARY
    np.testing.assert_allclose(got[: len(words)], words["q_bh"], rtol=1e-9)


def test_published_log_likelihoods() -> None:
    dunning, small, rayson, nltk = BOOK["G2_4term"]
    o11, o12, o21, o22 = dunning["o"]
    assert float(log_likelihood(o11, o12, o11 + o21, o12 + o22)) == pytest.approx(dunning["value"], abs=0.005)
    counts = [small[name] for name in ("a", "b", "n1", "n2")]
    assert float(log_likelihood(*counts)) == pytest.approx(small["none"], rel=1e-6)
    counts = [rayson[name] for name in ("a", "b", "n1", "n2")]
    assert float(log_likelihood(*counts)) == pytest.approx(rayson["4term"], rel=1e-9)
    assert float(log_likelihood(*counts)) - rayson["2term_Rayson"] > 0.3  # four cells and not two
    # of 31,777 pairs of words 2,552 begin with the first word, 221 end with the second, 110 do both
    assert float(log_likelihood(110, 2552 - 110, 221, 31777 - 221)) == pytest.approx(nltk["value"], rel=1e-6)


def test_a_published_log_ratio() -> None:
    (published,) = [row for row in BOOK["effect"] if row["measure"] == "log ratio"]
    million = 10**10  # so many words that the halves weigh nothing
    assert float(log_ratio(6 * million, 2 * million, 10**4 * million, 10**4 * million)) == pytest.approx(
        published["value"], rel=1e-6
    )


@pytest.mark.parametrize("counts", [(7, 2, 10, 9), (40, 19, 1445, 2390), (3, 30, 900, 800), (12, 12, 20, 21)])
def test_agreement_with_scipy(counts: tuple[int, int, int, int]) -> None:
    a, b, n1, n2 = counts
    table = [[a, b], [n1 - a, n2 - b]]
    sign = 1 if a / n1 > b / n2 else -1
    expected = sign * chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert float(log_likelihood(*counts)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("confidence", [0.9, 0.95])
@pytest.mark.parametrize("counts", [(40, 19, 1445, 2390), (19, 40, 2390, 1445), (9, 0, 500, 500), (0, 30, 700, 400)])
@pytest.mark.parametrize("family", [1, 20])
def test_the_conservative_ratio_is_the_bound_of_the_exact_interval(
    counts: tuple[int, int, int, int], family: int, confidence: float
) -> None:
    a, b, n1, n2 = counts
    interval = binomtest(a, a + b).proportion_ci(1 - (1 - confidence) / family, method="exact")
    share = interval.low if a / n1 > b / n2 else interval.high
    expected = math.log2(n2 / n1 * share / (1 - share))
    expected = max(expected, 0.0) if a / n1 > b / n2 else min(expected, 0.0)
    assert expected != 0 or family == 20
    assert float(log_ratio_conservative(*counts, confidence, family)) == pytest.approx(expected, rel=1e-9)


def test_the_conservative_ratio_says_nothing_where_the_interval_holds_no_difference() -> None:
    assert log_ratio_conservative([6, 0, 1, 0], [6, 0, 0, 2], 1000, [1000, 10, 1000, 2000]).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("measure", MEASURES)
def test_the_sign_changes_with_the_sides_and_equal_rates_give_plain_zero(measure: Measure) -> None:
    for counts in ((9, 1, 50, 60), (0, 12, 40, 45), (30, 30, 30, 90), (1, 7, 8, 9)):
        a, b, n1, n2 = counts
        there, back = float(measure(a, b, n1, n2)), float(measure(b, a, n2, n1))
        assert there == pytest.approx(-back, rel=1e-9, abs=1e-12)
        assert there == 0 or (there > 0) == (a / n1 > b / n2)
    for equal in ((0, 0, 10, 10), (5, 5, 10, 10), (10, 10, 10, 10)):
        value = float(measure(*equal))
        assert value == 0
        assert math.copysign(1, value) == 1


@pytest.mark.parametrize("measure", [m for m in MEASURES if m is not log_ratio])
def test_equal_rates_of_unequal_collections_give_plain_zero(measure: Measure) -> None:
    for equal in ((3, 9, 7, 21), (1, 3, 10, 30), (0, 0, 3, 17), (7, 21, 7, 21)):
        assert str(float(measure(*equal))) == "0.0"


def test_a_word_of_one_side_only() -> None:
    assert float(log_likelihood(10, 0, 100, 100)) == pytest.approx(
        2 * (10 * math.log(2) + 90 * math.log(90 / 95) + 100 * math.log(100 / 95))
    )
    assert float(log_likelihood(0, 10, 100, 100)) == -float(log_likelihood(10, 0, 100, 100))
    assert float(log_ratio(0, 0, 9, 19)) == pytest.approx(math.log2((0.5 / 9.5) / (0.5 / 19.5)))


def test_a_collection_of_one_word_only() -> None:
    assert float(log_likelihood(5, 2, 5, 10)) == pytest.approx(
        2 * (5 * math.log(5 / (7 / 3)) + 2 * math.log(2 / (14 / 3)) + 8 * math.log(8 / (16 / 3)))
    )


def test_nearly_equal_rates_of_huge_collections_keep_their_digits() -> None:
    """For O near E, G² is chi-squared to first order; summing O ln(O / E) as it stands would drown in rounding."""
    n = 10**9
    a, b = 500_000_100, 500_000_000
    expected = chi2_contingency([[a, b], [n - a, n - b]], correction=False).statistic
    assert float(log_likelihood(a, b, n, n)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("measure", MEASURES)
def test_shapes_follow_the_counts(measure: Measure) -> None:
    assert np.ndim(measure(3, 1, 10, 10)) == 0
    assert measure([3, 0, 2], [1, 4, 2], 10, 10).shape == (3,)
    assert measure(np.ones((2, 3), dtype=int), [1, 2, 3], 10, 10.0).shape == (2, 3)
    assert measure([], [], 10, 10).shape == (0,)
    table = pd.DataFrame({"a": [3, 0], "b": [1, 4]}, index=["x", "y"])
    assert measure(table["a"], table["b"], 10, 12).tolist() == pytest.approx(
        [float(measure(3, 1, 10, 12)), float(measure(0, 4, 10, 12))]
    )


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((1, 1, 0, 10), "n1 must be greater than 0"),
        ((0, 0, 10, 0), "n2 must be greater than 0"),
        ((11, 1, 10, 10), "a must not exceed n1"),
        ((1, [1, 11], 10, 10), "b must not exceed n2"),
        ((-1, 1, 10, 10), "a must not be negative"),
        ((1, math.nan, 10, 10), "b must be finite"),
        ((1, 1, 10, math.inf), "n2 must be finite"),
        (("many", 1, 10, 10), "a must be numbers"),
        (([1, 2], [1, 2, 3], 10, 10), "one length"),
    ],
)
def test_impossible_counts_are_refused(measure: Measure, counts: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure(*counts)


def test_impossible_options_are_refused() -> None:
    refused: list[tuple[Callable[[], Any], str]] = [
        (lambda: log_ratio_conservative(1, 1, 9, 9, confidence=95), "confidence"),
        (lambda: log_ratio_conservative(1, 1, 9, 9, family=0), "family"),
    ]
    for call, message in refused:
        with pytest.raises(ValueError, match=message):
            call()


def test_log_odds_by_hand() -> None:
    """Four terms: with two the z of Monroe and others' equation 20 would be 1.19."""
    delta, z = log_odds_dirichlet([8, 12], [4, 26], 1.0)
    assert delta[0] == pytest.approx(math.log(9 / 13) - math.log(5 / 27))
    assert z[0] == pytest.approx(delta[0] / math.sqrt(1 / 9 + 1 / 13 + 1 / 5 + 1 / 27))
    assert (delta[1], z[1]) == (pytest.approx(-delta[0]), pytest.approx(-z[0]))
    assert log_odds_dirichlet([5, 5], [5, 5], [1, 2])[1].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("a", "b", "prior", "message"),
    [
        ([1, 2], [1, 2, 3], 1, "one length"),
        ([1, 2], [1, 2], [1, 2, 3], "one length"),
        ([1], [2], 1, "at least two words"),
        ([0, 1], [1, 1], 0, "above 0 on both sides"),
        ([0, 3], [0, 5], [0, 1], "above 0 on both sides"),
        ([1, 2], [1, 2], [-1, 2], "prior must not be negative"),
    ],
)
def test_log_odds_need_a_vocabulary(a: Any, b: Any, prior: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        log_odds_dirichlet(a, b, prior)


def test_the_dp_of_gries_and_of_lyne() -> None:
    for row, published in ((SPREAD[0], SPREAD[0]["DP"]), (SPREAD[6], 1 - SPREAD[6]["1-DP(gries2008)"])):
        assert float(gries_dp(row["v"], row["s"])) == pytest.approx(published, rel=1e-9)


def test_the_rounded_dp_of_words_in_the_toy_corpus() -> None:
    """b stands evenly in five parts of 9, 10, 10, 10 and 11 words; i, q and x each in one of 9, 10 and 11."""
    row = SPREAD[1]
    assert row["words"] == ["b", "i", "q", "x"]
    words = [[1, 1, 1, 1, 1], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0, 1]]
    assert gries_dp(words, [9, 10, 10, 10, 11]).round(2).tolist() == row["DP"]


def test_the_ends_of_dp() -> None:
    sizes = [100, 50, 150]
    assert float(gries_dp([10, 5, 15], sizes)) == pytest.approx(0, abs=1e-15)
    assert float(gries_dp([0, 7, 0], sizes)) == pytest.approx(1 - 50 / 300)
    assert float(gries_dp([3], [9])) == 0
    assert gries_dp([[1, 2, 3], [0, 0, 4]], [1 / 6, 2 / 6, 3 / 6]).tolist() == pytest.approx([0, 0.5])


@pytest.mark.parametrize(
    ("counts", "sizes", "message"),
    [
        ([1, 2], [1, 2, 3], "one number for each part"),
        (3, 4, "one number for each part"),
        ([], [], "at least one part"),
        ([1, 2], [0, 2], "sizes must be greater than 0"),
        ([[1, 0], [0, 0]], [1, 2], "stands in no part"),
        ([-1, 2], [1, 2], "counts must not be negative"),
        ([math.nan, 2], [1, 2], "counts must be finite"),
    ],
)
def test_impossible_parts_are_refused(counts: Any, sizes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gries_dp(counts, sizes)


@pytest.fixture(scope="module")
def terms(corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder, project: Project) -> pd.DataFrame:
    """Two texts about a harbour and an orchard, in which a river stands equally often."""
    texts = {
        "a": "Harbour boats and harbour cranes. " * 12 + "One river ran.",
        "b": "Orchard trees and orchard fruit. " * 12 + "One river ran.",
    }
    return list_terms(code_concepts(corpus_of(texts), scheme, finder), scheme, project)


def test_key_terms_come_first_and_have_the_sign_of_their_side(terms: pd.DataFrame) -> None:
    left, right = (terms[terms["document"] == document] for document in ("a", "b"))
    table = key_terms(left, right)
    assert set(table["term"][:2]) == {"harbour", "orchard"}
    assert table["g2"].abs().is_monotonic_decreasing
    rows = table.set_index("term")
    assert rows.loc["harbour", ["count_left", "count_right", "documents_left"]].tolist() == [24, 0, 1]
    assert rows.loc["harbour", "share_left"] == pytest.approx(24 / len(left))
    for column in ("log_ratio", "log_ratio_conservative", "g2", "log_odds_z"):
        assert rows.loc["harbour", column] > 0 > rows.loc["orchard", column]
        assert rows.loc["river", column] == pytest.approx(0, abs=1e-9)
    assert rows.loc["harbour", "g2"] == pytest.approx(float(log_likelihood(24, 0, len(left), len(right))))
    assert np.isnan(rows.loc["harbour", "dp_right"])
    adjusted = multipletests(chi2.sf(rows["g2"].abs(), 1), method="fdr_bh")[1]
    assert rows["q"].tolist() == pytest.approx(adjusted.tolist())
    assert adjusted[rows.index.get_loc("harbour")] > chi2.sf(rows.loc["harbour", "g2"], 1)


def test_key_terms_of_one_word_have_no_odds(terms: pd.DataFrame) -> None:
    river = terms[terms["term"] == "river"]
    (row,) = key_terms(river[river["document"] == "a"], river[river["document"] == "b"]).to_dict("records")
    assert (row["g2"], row["q"]) == (0, 1)
    assert np.isnan(row["log_odds_z"])


def test_frequent_terms_have_shares_documents_and_a_dispersion_over_blocks(terms: pd.DataFrame) -> None:
    table = frequent_terms(terms)
    assert table["term"][:2].tolist() == ["harbour", "orchard"]
    assert table["share"].sum() == pytest.approx(1)
    rows = table.set_index("term")
    assert rows.loc["river", ["count", "documents"]].tolist() == [2, 2]
    sizes = terms.groupby("block").size()
    counts = terms[terms["term"] == "harbour"].groupby("block").size().reindex(sizes.index, fill_value=0)
    assert len(sizes) > 1
    assert rows.loc["harbour", "dp"] == pytest.approx(float(gries_dp(counts, sizes)))
    assert frequent_terms(terms.iloc[:0]).empty


def test_what_no_concept_carries_is_listed_with_its_phrases_and_an_example(
    corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder, project: Project
) -> None:
    text = "Digital twin models help rural revitalization. The digital twin of a harbour. Twin rivers meet; a harbour."
    corpus = code_concepts(corpus_of({"a": text, "b": "A digital twin."}), scheme, finder)
    table = uncoded_terms(list_terms(corpus, scheme, project), corpus).set_index("term")
    assert table.loc["digital twin", ["language", "count", "documents"]].tolist() == ["en", 3, 2]
    assert "digital" not in table.index, "it stands in the phrase alone"
    assert table.loc["twin", "count"] == 4
    assert table.loc["harbour", "count"] == 2
    assert not [term for term in table.index if "revitalization" in term], "a concept carries it"
    assert "rivers meet harbour" not in table.index, "they do not stand side by side"
    assert table["count"].is_monotonic_decreasing
    assert table.loc["digital twin", "sentence"] == "a:p01.1"
    assert table.loc["digital twin", "example"].startswith("Digital twin models help")
    empty = corpus.select(document="a")
    assert uncoded_terms(list_terms(corpus, scheme, project).iloc[:0], empty).empty


def test_chinese_phrases_that_no_concept_carries_are_written_without_spaces(
    corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder, project: Project
) -> None:
    corpus = code_concepts(corpus_of({"a": "低空经济发展。推动低空经济发展！城镇化。"}, language="zh"), scheme, finder)
    table = uncoded_terms(list_terms(corpus, scheme, project), corpus)
    assert table["term"][0] == "低空经济发展"
    assert table["count"][0] == 2
    assert "低空" not in set(table["term"])


def test_words_are_counted_within_the_languages_that_both_sides_have(
    coded: Corpus, scheme: Scheme, project: Project
) -> None:
    whole = list_terms(coded, scheme, project)
    english, chinese = (whole[whole["language"] == language] for language in ("en", "zh"))
    with pytest.raises(ComparisonError, match="no_language") as apart:
        key_terms(english, chinese, ("here", "there"))
    assert apart.value.values == {"held": {"here": ["en"], "there": ["zh"]}}
    with pytest.raises(ComparisonError, match="no_words"):
        key_terms(english, english.iloc[:0], ("here", "there"))
    assert set(key_terms(whole, english)["language"]) == {"en"}
    assert frequent_terms(whole)["language"].unique().tolist() == ["en", "zh"]


# How often terms stand in a corpus, concepts as one term each ----------------------------------------


def test_concepts_count_as_one_term_and_stop_words_do_not_count(
    corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder, project: Project
) -> None:
    text = "农业转移人口市民化是关键。我们推进农业转移人口市民化，修建学校，修建医院。"
    corpus = code_concepts(corpus_of({"a": text}, language="zh"), scheme, finder)
    counts = term_frequencies(corpus, scheme, project)
    assert counts["农业转移人口市民化"] == 2
    assert counts["学校"] == counts["医院"] == 1
    assert not {"市民化", "人口", "我们", "是"} & set(counts.index)


def test_english_words_are_counted_between_the_concepts(
    corpus_of: CorpusOf, scheme: Scheme, finder: ConceptFinder, project: Project
) -> None:
    corpus = code_concepts(
        corpus_of({"a": "Rural revitalization needs schools. The SCHOOLS of the county."}), scheme, finder
    )
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


def test_no_temporary_folder_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    keyness.open_dictionary.cache_clear()
    assert keyness.open_dictionary().FREQ
    assert list(tmp_path.iterdir()) == []


def test_stop_words_may_have_comments_or_be_missing(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "stopwords-en.txt").write_text("# words\nthe # article\n\n of\n", encoding="utf-8")
    (project.lexicon / "stopwords-zh.txt").unlink()
    assert read_stopwords(project, "en") == {"the", "of"}
    assert read_stopwords(project, "zh") == frozenset()


def test_dispersion_over_blocks_is_that_of_the_whole_table(invented_terms: pd.DataFrame) -> None:
    blocks = pd.crosstab(invented_terms["term"], invented_terms["block"])
    found = frequent_terms(invented_terms).set_index("term")["dp"]
    np.testing.assert_allclose(found.loc[blocks.index], gries_dp(blocks, blocks.sum()), atol=1e-12)


@pytest.fixture
def invented_terms() -> pd.DataFrame:
    """Five terms in five blocks of two documents, one of them in one block alone."""
    held = {"one": "county town county", "two": "county homes", "three": "town town homes", "four": "a", "five": "a b"}
    rows = [(f"{block}.1", block, "first" if block < "o" else "second", "en", term, False)
            for block, words in held.items() for term in words.split()]  # fmt: skip
    return pd.DataFrame(rows, columns=["sentence", "block", "document", "language", "term", "coded"])


def test_terms_of_a_hundred_thousand_blocks_need_no_table_of_both() -> None:
    """A number for every term and block would be 160 gigabytes."""
    names = pd.Series(range(100_000)).astype(str)
    many = pd.DataFrame({"sentence": names, "block": names, "document": "one", "language": "en", "term": "w" + names,
                         "coded": False})  # fmt: skip
    found = frequent_terms(pd.concat([many.assign(term="common"), many]))
    assert found.iloc[0]["term"] == "common" and found.iloc[0]["dp"] == pytest.approx(0, abs=1e-9)
    assert found.iloc[1:]["dp"].to_numpy() == pytest.approx(1 - 1e-5)
