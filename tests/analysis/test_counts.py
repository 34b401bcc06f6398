from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from kinds import CorpusOf
from made_counts import made_counts, with_passages
from scipy.stats import binomtest

from policybook.analysis.counts import (
    BlockCounts,
    SideCounts,
    Totals,
    block_counts,
    count_rows,
    design_effect,
    design_effect_of,
    make_side,
    presence,
    serial_correlation,
    true_correlation,
)
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Concept, Scheme, Theme
from policybook.corpus.corpus import Corpus
from policybook.errors import SelectionError

SELECTIONS = [
    {},
    {"speaker": "national"},
    {"plan": ["nnup-2014", "fyp14"]},
    {"places": "fujian"},
    {"places": ["national", "liaoning"], "era": "2024-"},
    {"level": "county"},
    {"level": "none"},
    {"machine_translated": False},
    {"language": "en", "voice": "commentary"},
    {"document": "web-2021-joint-conference"},
    {"places": "tibet"},
]


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_selecting_counts_selects_what_selecting_the_corpus_does(
    counts: BlockCounts, coded: Corpus, scheme: Scheme, selection: dict[str, object]
) -> None:
    part, again = counts.select(selection), block_counts(coded.select(selection), scheme)
    assert part.blocks["block"].tolist() == again.blocks["block"].tolist()
    assert part.documents["document"].tolist() == again.documents["document"].tolist()
    assert (part.mentions == again.mentions).all()
    assert part.pieces is not None
    assert again.pieces is not None
    assert part.pieces.block.tolist() == again.pieces.block.tolist()
    assert [part.passages[n] for n in part.pieces.passage] == [again.passages[n] for n in again.pieces.passage]
    assert (part.pieces.mentions == again.pieces.mentions).all()
    assert part.evidence(counts.concepts) == again.evidence(counts.concepts)


def test_counts_are_the_mentions_that_enter_comparisons(counts: BlockCounts, coded: Corpus, scheme: Scheme) -> None:
    counted = coded.mentions[coded.mentions["counted"].astype(bool)]
    assert counts.mentions.sum() == len(counted)
    for (block, concept), n in counted.groupby(["block", "concept"]).size().items():
        row = counts.blocks["block"].tolist().index(block)
        assert counts.mentions[row, counts.concepts.index(concept)] == n
    assert not any(scheme.by_id[concept].exclude_from_comparison for concept in counts.concepts)


def test_pieces_add_up_to_blocks(counts: BlockCounts) -> None:
    assert counts.pieces is not None
    total = np.zeros_like(counts.mentions)
    np.add.at(total, counts.pieces.block, counts.pieces.mentions)
    assert (total == counts.mentions).all()


def test_evidence_is_the_sentences_of_a_concept_and_without_texts_the_documents(
    counts: BlockCounts, coded: Corpus
) -> None:
    counted = coded.mentions[coded.mentions["counted"].astype(bool)]
    assert counts.evidence(["county"]) == tuple(counted.loc[counted["concept"] == "county", "sentence"].unique())
    measured = made_counts({"a": ["farm", ""], "b": ["school"], "c": ["forest farm"]})
    assert measured.evidence(["farm", "factory"]) == ("a", "c")
    assert measured.evidence(["factory"]) == ()


def test_counts_say_how_they_were_made_and_what_they_know(counts: BlockCounts) -> None:
    assert counts.select(era="2024-").made_from[-1] == "selection: era=2024-"
    with pytest.raises(SelectionError, match=r"no field 'plam'\. Did you mean 'plan'"):
        counts.select(plam="x")
    with pytest.raises(SelectionError, match="Did you mean 'fujian'"):
        counts.select(places="fujien")


def test_measured_counts_select_by_the_fields_of_their_documents() -> None:
    measured = made_counts({"a1": ["farm"], "a2": ["school", ""], "b1": [""]})
    assert measured.select(place="a").blocks["document"].tolist() == ["a1", "a2", "a2"]
    assert measured.select(document=["a2", "b1"]).mentions.sum() == 1


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
def tiny(corpus_of: CorpusOf) -> BlockCounts:
    """Two documents of four and two blocks, each block one sentence."""
    return coded_blocks(
        corpus_of,
        a=["Farm farm", "Farm and forest", "Reform and plant", "Factory"],
        b=["Factory", "Nothing"],
    )


def coded_blocks(corpus_of: CorpusOf, **documents: list[str]) -> BlockCounts:
    texts = {id: " ".join(f"{block} {FILLER}end." for block in blocks) for id, blocks in documents.items()}
    return block_counts(code_concepts(corpus_of(texts), TINY), TINY)


def test_presence_marks_the_blocks_that_hold_a_counted_mention(tiny: BlockCounts) -> None:
    themes = presence(tiny, "theme")
    assert themes.index.tolist() == ["a:b01", "a:b02", "a:b03", "a:b04", "b:b01", "b:b02"]
    assert themes["land"].tolist() == [True, True, False, False, False, False]
    assert themes["jobs"].tolist() == [False, False, False, True, True, False]
    concepts = presence(tiny, "concept")
    assert concepts.columns.tolist() == ["farm", "forest", "factory"]  # reform enters no comparison
    assert concepts.sum().tolist() == [2, 1, 2]


def test_rows_count_blocks_passages_documents_and_mentions(tiny: BlockCounts) -> None:
    rows = count_rows(tiny, "theme", effect=1.0)
    assert rows.loc["land", ["blocks", "passages", "documents", "mentions"]].tolist() == [2, 1, 1, 4]
    assert rows.loc["jobs", ["blocks", "passages", "documents", "mentions"]].tolist() == [2, 2, 2, 2]
    concepts = count_rows(tiny, "concept", effect=1.0)
    assert concepts["mentions"].to_dict() == {"farm": 3, "forest": 1, "factory": 2}


def test_shares_are_of_all_blocks_with_wilsons_interval(tiny: BlockCounts) -> None:
    rows = count_rows(tiny, "concept", effect=1.0)
    assert rows["share"].to_dict() == pytest.approx({"farm": 2 / 6, "forest": 1 / 6, "factory": 2 / 6})
    for name, row in rows.iterrows():
        expected = binomtest(int(row["blocks"]), 6).proportion_ci(0.95, method="wilson")
        assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high)), name


def test_the_effect_of_parts_is_that_of_the_whole() -> None:
    texts = {f"a{n}": ["farm", "farm mill", "", "school", "farm"][: n % 4 + 2] for n in range(9)}
    parts = [made_counts({name: texts[name] for name in list(texts)[n : n + 4]}) for n in (0, 4, 8)]
    assert design_effect_of(parts) == design_effect(made_counts(texts)) > 1


def test_a_design_effect_widens_the_interval_and_leaves_the_share(tiny: BlockCounts) -> None:
    plain, widened = (count_rows(tiny, "theme", effect) for effect in (1.0, 2.0))
    assert widened["share"].equals(plain["share"])
    assert (widened["low"] < plain["low"]).all()
    assert (widened["high"] > plain["high"]).all()


def test_serial_correlation_by_hand(tiny: BlockCounts) -> None:
    """a: land ½ ½ −½ −½ gives ¼ of 1, jobs −¼ −¼ −¼ ¾ gives −1/16 of ¾; b: jobs ½ −½ gives −¼ of ½."""
    measured = (1 / 4 - 1 / 16 - 1 / 4) / (1 + 3 / 4 + 1 / 2)
    assert serial_correlation(tiny) == pytest.approx(measured)
    r = (measured + 1 / 4) / (1 - 2 / 4)  # two documents of six blocks count as of four each
    assert design_effect(tiny) == pytest.approx((1 + r) / (1 - r))


def test_neighbours_that_resemble_each_other_make_blocks_worth_less(corpus_of: CorpusOf) -> None:
    """½ ½ ½ −½ −½ −½: products ¼ ¼ −¼ ¼ ¼, squares 6/4, so ½ is measured; six blocks hide as much again."""
    counts = coded_blocks(corpus_of, a=["Farm", "Farm", "Farm", "None", "None", "None"])
    assert serial_correlation(counts) == pytest.approx(0.5)
    assert design_effect(counts) == pytest.approx((1 + 0.95) / (1 - 0.95))


def test_documents_are_not_neighbours(corpus_of: CorpusOf) -> None:
    counts = coded_blocks(corpus_of, a=["Farm", "Farm", "Farm"], b=["None", "None", "None"])
    assert serial_correlation(counts) == 0


def test_a_side_without_passages_has_rows_of_nothing(tiny: BlockCounts) -> None:
    empty = tiny.select(places="fujian")
    assert presence(empty, "theme").shape == (0, 2)
    assert design_effect(empty) == 1.0
    rows = count_rows(empty, "theme", effect=1.5)
    assert rows.index.tolist() == ["land", "jobs"]
    assert (rows[["blocks", "passages", "documents", "mentions", "share", "low"]] == 0).all(axis=None)
    assert (rows["high"] == 1).all()


def test_one_document_of_one_block_is_enough_to_count(corpus_of: CorpusOf) -> None:
    counts = coded_blocks(corpus_of, a=["Farm"])
    rows = count_rows(counts, "theme", design_effect(counts))
    assert rows["share"].tolist() == [1.0, 0.0]
    assert np.isfinite(rows[["low", "high"]].to_numpy()).all()


def test_theme_rows_agree_with_the_mentions_counted_by_hand(
    coded: Corpus, scheme: Scheme, counts: BlockCounts, effect: float
) -> None:
    rows = count_rows(counts, "theme", effect)
    counted = coded.mentions[coded.mentions["counted"].astype(bool)]
    themes = counted["concept"].map({c.id: c.theme for c in scheme.concepts})
    assert rows["mentions"].sum() == len(counted)
    for theme in rows.index:
        assert rows.loc[theme, "blocks"] == counted.loc[themes == theme, "block"].nunique()
        assert rows.loc[theme, "documents"] == counted.loc[themes == theme, "document"].nunique()
    assert 1.0 <= effect < 2.5


@pytest.mark.parametrize(("r", "n"), [(0.0, 6), (0.0, 17), (0.2, 17), (0.25, 40), (0.5, 40), (0.5, 100)])
def test_what_short_documents_hide_of_a_correlation_is_put_back(r: float, n: int) -> None:
    """Gaussian AR(1) series of a known correlation: the pooled measured one is too small, the corrected one right."""
    rng = np.random.default_rng(5)
    series = rng.normal(size=(4000, n))
    for step in range(1, n):
        series[:, step] = r * series[:, step - 1] + np.sqrt(1 - r**2) * series[:, step]
    centred = series - series.mean(axis=1, keepdims=True)
    measured = (centred[:, :-1] * centred[:, 1:]).sum() / (centred**2).sum()
    assert measured < r - 0.5 / n
    assert true_correlation(measured, [n] * 4000) == pytest.approx(r, abs=0.5 / n + 0.005)


def test_no_correlation_is_below_0_or_at_1() -> None:
    assert true_correlation(-0.7, [20]) == 0.0
    assert true_correlation(0.9, [10]) == 0.95
    assert true_correlation(0.0, []) == 0.0


def everything(counts: BlockCounts) -> SideCounts:
    return make_side(counts, np.ones(len(counts.concepts), dtype=bool))


def equal(found: Totals, expected: Totals) -> bool:
    pairs = ((found.x, expected.x), (found.n, expected.n), (found.content, expected.content))
    return all(np.array_equal(one, other) for one, other in pairs)


def test_totals_count_blocks_of_themes_then_concepts_and_mentions() -> None:
    side = everything(made_counts({"a": ["farm farm forest", "forest", "", "school"], "b": ["factory farm"]}))
    assert side.totals.x.tolist() == [3, 1, 1, 2, 2, 1, 1]
    assert (int(side.totals.n), int(side.totals.content)) == (5, 7)
    assert side.by_document.x.tolist() == [[2, 0, 1, 1, 2, 0, 1], [1, 1, 0, 1, 0, 1, 0]]
    assert side.without_documents.n.tolist() == [1, 4]
    assert side.without_passages is None


def test_concepts_that_may_not_enter_count_for_no_theme() -> None:
    counts = made_counts({"a": ["farm", "forest", "farm forest school"]})
    side = make_side(counts, np.array([True, False, True, True]))
    assert side.totals.x.tolist() == [2, 0, 1, 2, 2, 0, 1]
    assert int(side.totals.content) == 5


def test_without_a_passage_a_shared_block_keeps_what_the_others_say() -> None:
    counts = with_passages({"a": [["p1 farm", "p2 farm school"], ["p2 forest"], ["p2", "p3 factory"]]})
    rest = everything(counts).without_passages
    assert rest is not None
    assert rest.n.tolist() == [3, 2, 3]  # the middle block stands in p2 alone
    land, jobs, services = 0, 1, 2
    assert rest.x[:, [land, jobs, services]].tolist() == [[2, 1, 1], [1, 1, 0], [2, 0, 1]]
    assert rest.content.tolist() == [4, 2, 4]


def test_leaving_out_by_arithmetic_is_leaving_out_by_hand(coded: Corpus, counts: BlockCounts, scheme: Scheme) -> None:
    """Each passage and each document taken out of the corpus itself, block by block."""
    side = everything(counts)
    assert side.without_passages is not None
    for n, passage in enumerate(coded.passages["passage"]):
        kept = coded.sentences[coded.sentences["passage"] != passage]
        smaller = replace(
            coded,
            sentences=kept,
            blocks=coded.blocks[coded.blocks["block"].isin(kept["block"])],
            mentions=coded.mentions[coded.mentions["passage"] != passage],
        )
        rest = side.without_passages
        expected = everything(block_counts(smaller, scheme)).totals
        assert equal(Totals(rest.x[n], rest.n[n], rest.content[n]), expected), passage
    for n, document in enumerate(counts.documents["document"]):
        others = counts.keep((counts.blocks["document"] != document).to_numpy(), "without it")
        rest = side.without_documents
        assert equal(Totals(rest.x[n], rest.n[n], rest.content[n]), everything(others).totals), document


@pytest.mark.parametrize("selection", [{"places": "fujian"}, {"speaker": "liaoning"}])
def test_a_selection_leaves_out_its_own_passages_only(counts: BlockCounts, selection: dict[str, str]) -> None:
    part = counts.select(selection)
    rest = everything(part).without_passages
    assert rest is not None
    assert part.pieces is not None
    assert len(rest.n) == len(set(part.pieces.passage))
