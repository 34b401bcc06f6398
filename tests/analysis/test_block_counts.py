from __future__ import annotations

import numpy as np
import pytest
from made_counts import made_counts

from policybook.analysis.block_counts import BlockCounts, block_counts
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus
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
