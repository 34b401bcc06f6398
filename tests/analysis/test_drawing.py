from __future__ import annotations

import numpy as np
import pytest
from made_counts import blocks, made_counts, with_passages

from policybook.analysis.drawing import draw_side, even_source, tilted_source
from policybook.analysis.sides import Side, make_side

LAND = 0


def side_of(documents: dict[str, list[str]]) -> Side:
    return make_side(made_counts(documents), np.ones(4, dtype=bool))


def numbered(sizes: dict[str, int]) -> Side:
    """A side whose blocks can be told apart: block k mentions things k + 1 times."""
    counts = made_counts({name: [""] * size for name, size in sizes.items()})
    side = make_side(counts, np.ones(4, dtype=bool))
    return Side(side.present, np.arange(1, len(side.present) + 1), side.document)


def test_runs_are_neighbours_that_stay_in_their_document() -> None:
    source = numbered({"a": 7, "b": 5})
    drawn = draw_side(even_source(source), [12, 9], 3, np.random.default_rng(0))
    assert drawn.document.tolist() == [0] * 12 + [1] * 9
    for start in range(0, 21, 3):
        one, two, three = drawn.content[start : start + 3] - 1
        first, last = (0, 7) if one < 7 else (7, 12)
        assert two == first + (one - first + 1) % (last - first)
        assert three == first + (two - first + 1) % (last - first)


def test_every_block_is_as_likely_as_every_other() -> None:
    source = numbered({"a": 7, "b": 5})
    rng = np.random.default_rng(1)
    found = np.concatenate([draw_side(even_source(source), [12], 4, rng).content for _ in range(3000)])
    shares = np.bincount(found, minlength=13)[1:] / len(found)
    assert shares == pytest.approx(np.full(12, 1 / 12), abs=0.005)


def test_a_document_of_a_nested_source_is_of_one_document() -> None:
    source = numbered({"a": 7, "b": 5})
    for seed in range(10):
        drawn = draw_side(even_source(source, nested=True), [8, 8], 2, np.random.default_rng(seed))
        for document in (0, 1):
            assert len(set(drawn.content[drawn.document == document] > 7)) == 1


def test_passages_come_with_their_blocks_and_each_run_has_its_own() -> None:
    counts = with_passages({"a": [["p1 farm", "p2 school"], ["p2 forest"], ["p3 factory"], ["p3 farm"]]})
    drawn = draw_side(even_source(make_side(counts, np.ones(4, dtype=bool))), [8], 2, np.random.default_rng(2))
    assert drawn.pieces is not None
    together = np.zeros_like(drawn.present)
    np.logical_or.at(together, drawn.pieces.block, drawn.pieces.present)
    assert (together == drawn.present).all()
    assert np.bincount(drawn.pieces.block, weights=drawn.pieces.content).tolist() == drawn.content.tolist()
    runs = {passage: set() for passage in drawn.pieces.passage.tolist()}
    for block, passage in zip(drawn.pieces.block.tolist(), drawn.pieces.passage.tolist(), strict=True):
        runs[passage].add(block // 2)
    assert all(len(blocks_of) == 1 for blocks_of in runs.values())


def test_a_tilted_source_gives_the_share_asked_for() -> None:
    source = even_source(side_of({"a": blocks(10, 60), "b": ["farm"] * 10 + [""] * 30}))
    rng = np.random.default_rng(3)
    for share in (0.1, 0.35, 0.6):
        tilted = tilted_source(source, LAND, share, 4)
        assert tilted.chances.sum() == pytest.approx(1)
        found = np.mean([draw_side(tilted, [40], 4, rng).present[:, LAND].mean() for _ in range(800)])
        assert found == pytest.approx(share, abs=0.02)
    with pytest.raises(ValueError, match="no runs of 4 blocks have a share of"):
        tilted_source(even_source(side_of({"a": blocks(10, 60)})), LAND, 0.9, 4)
