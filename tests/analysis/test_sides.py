from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_counts import made_counts, with_passages

from policybook.analysis.block_counts import BlockCounts, block_counts
from policybook.analysis.sides import Side, Totals, make_side
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus


def everything(counts: BlockCounts) -> Side:
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
