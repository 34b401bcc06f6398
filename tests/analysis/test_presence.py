from __future__ import annotations

import numpy as np
import pytest
from kinds import CorpusOf
from scipy.stats import binomtest

from policybook.analysis.presence import count_rows, design_effect, presence, serial_correlation
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.corpus.model import Corpus

FILLER = "and so on " * 20  # 60 words: one sentence is one block


def concept(id: str, theme: str, **fields: object) -> Concept:
    return Concept.model_validate(
        {"id": id, "term_zh": "词", "term_en": id, "pinyin": "cí", "theme": theme, "zh": [], "en": [id], **fields}
    )


TINY = Scheme(
    themes=(Theme(id="land", label="Land", label_zh="土地"), Theme(id="jobs", label="Jobs", label_zh="就业")),
    concepts=(
        concept("farm", "land"),
        concept("forest", "land"),
        concept("factory", "jobs", ambiguous_en=["plant"]),
        concept("reform", "jobs", exclude_from_comparison="corpus"),
    ),
)


@pytest.fixture
def tiny(corpus_of: CorpusOf) -> Corpus:
    """Two documents of four and two blocks, each block one sentence."""
    return coded_blocks(
        corpus_of,
        a=["Farm farm", "Farm and forest", "Reform and plant", "Factory"],
        b=["Factory", "Nothing"],
    )


def coded_blocks(corpus_of: CorpusOf, **documents: list[str]) -> Corpus:
    texts = {id: " ".join(f"{block} {FILLER}end." for block in blocks) for id, blocks in documents.items()}
    return code_concepts(corpus_of(texts), TINY)


def test_presence_marks_the_blocks_that_hold_a_counted_mention(tiny: Corpus) -> None:
    themes = presence(tiny, TINY, "theme")
    assert themes.index.tolist() == ["a:b01", "a:b02", "a:b03", "a:b04", "b:b01", "b:b02"]
    assert themes["land"].tolist() == [True, True, False, False, False, False]
    assert themes["jobs"].tolist() == [False, False, False, True, True, False]
    concepts = presence(tiny, TINY, "concept")
    assert concepts.columns.tolist() == ["farm", "forest", "factory", "reform"]
    assert concepts.sum().tolist() == [2, 1, 2, 0]


def test_rows_count_blocks_passages_documents_and_mentions(tiny: Corpus) -> None:
    rows = count_rows(tiny, TINY, "theme", effect=1.0)
    assert rows.loc["land", ["blocks", "passages", "documents", "mentions"]].tolist() == [2, 1, 1, 4]
    assert rows.loc["jobs", ["blocks", "passages", "documents", "mentions"]].tolist() == [2, 2, 2, 2]
    concepts = count_rows(tiny, TINY, "concept", effect=1.0)
    assert concepts["mentions"].to_dict() == {"farm": 3, "forest": 1, "factory": 2, "reform": 0}


def test_shares_are_of_all_blocks_with_wilsons_interval(tiny: Corpus) -> None:
    rows = count_rows(tiny, TINY, "concept", effect=1.0)
    assert rows["share"].to_dict() == pytest.approx({"farm": 2 / 6, "forest": 1 / 6, "factory": 2 / 6, "reform": 0})
    for name, row in rows.iterrows():
        expected = binomtest(int(row["blocks"]), 6).proportion_ci(0.95, method="wilson")
        assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high)), name


def test_a_design_effect_widens_the_interval_and_leaves_the_share(tiny: Corpus) -> None:
    plain, widened = (count_rows(tiny, TINY, "theme", effect) for effect in (1.0, 2.0))
    assert widened["share"].equals(plain["share"])
    assert (widened["low"] < plain["low"]).all()
    assert (widened["high"] > plain["high"]).all()


def test_serial_correlation_by_hand(tiny: Corpus) -> None:
    """a: land ½ ½ −½ −½ gives ¼ of 1, jobs −¼ −¼ −¼ ¾ gives −1/16 of ¾; b: jobs ½ −½ gives −¼ of ½."""
    assert serial_correlation(tiny, TINY) == pytest.approx((1 / 4 - 1 / 16 - 1 / 4) / (1 + 3 / 4 + 1 / 2))
    assert design_effect(tiny, TINY) == 1.0


def test_neighbours_that_resemble_each_other_make_blocks_worth_less(corpus_of: CorpusOf) -> None:
    """½ ½ ½ −½ −½ −½: products ¼ ¼ −¼ ¼ ¼, squares 6/4, so r = ½ and f = 1.5/0.5."""
    corpus = coded_blocks(corpus_of, a=["Farm", "Farm", "Farm", "None", "None", "None"])
    assert serial_correlation(corpus, TINY) == pytest.approx(0.5)
    assert design_effect(corpus, TINY) == pytest.approx(3.0)


def test_documents_are_not_neighbours(corpus_of: CorpusOf) -> None:
    corpus = coded_blocks(corpus_of, a=["Farm", "Farm", "Farm"], b=["None", "None", "None"])
    assert serial_correlation(corpus, TINY) == 0


def test_a_side_without_passages_has_rows_of_nothing(tiny: Corpus) -> None:
    empty = tiny.select(places="fujian")
    assert presence(empty, TINY, "theme").shape == (0, 2)
    assert design_effect(empty, TINY) == 1.0
    rows = count_rows(empty, TINY, "theme", effect=1.5)
    assert rows.index.tolist() == ["land", "jobs"]
    assert (rows[["blocks", "passages", "documents", "mentions", "share", "low"]] == 0).all(axis=None)
    assert (rows["high"] == 1).all()


def test_one_document_of_one_block_is_enough_to_count(corpus_of: CorpusOf) -> None:
    corpus = coded_blocks(corpus_of, a=["Farm"])
    rows = count_rows(corpus, TINY, "theme", design_effect(corpus, TINY))
    assert rows["share"].tolist() == [1.0, 0.0]
    assert np.isfinite(rows[["low", "high"]].to_numpy()).all()


def test_theme_rows_agree_with_the_mentions_counted_by_hand(coded: Corpus, scheme: Scheme) -> None:
    rows = count_rows(coded, scheme, "theme", design_effect(coded, scheme))
    counted = coded.mentions[coded.mentions["counted"].astype(bool)]
    themes = counted["concept"].map({c.id: c.theme for c in scheme.concepts})
    assert rows["mentions"].sum() == len(counted)
    for theme in rows.index:
        assert rows.loc[theme, "blocks"] == counted.loc[themes == theme, "block"].nunique()
        assert rows.loc[theme, "documents"] == counted.loc[themes == theme, "document"].nunique()
    assert 1.0 <= design_effect(coded, scheme) < 2.0
