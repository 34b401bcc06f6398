"""The simulation of few documents, with fewer draws: bars are held within twice the Monte Carlo error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from made_counts import blocks, made_counts, with_passages
from simulation import (
    ErrorRates,
    Sizes,
    draw_side,
    error_rates,
    even_source,
    measured_power,
    run_length,
    sizes_in_book,
    summarise,
    tilted_source,
)

from policybook.analysis.comparisons import load_comparisons
from policybook.analysis.counts import BlockCounts, SideCounts, make_side
from policybook.project import Project

LAND = 0


def side_of(documents: dict[str, list[str]]) -> SideCounts:
    return make_side(made_counts(documents), np.ones(4, dtype=bool))


def numbered(sizes: dict[str, int]) -> SideCounts:
    """A side whose blocks can be told apart: block k mentions things k + 1 times."""
    counts = made_counts({name: [""] * size for name, size in sizes.items()})
    side = make_side(counts, np.ones(4, dtype=bool))
    return SideCounts(side.present, np.arange(1, len(side.present) + 1), side.document)


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


DRAWS = 300
FALSE, COVERAGE = 0.05, (0.93, 0.98)


@pytest.fixture(scope="module")
def sizes(project: Project, counts: BlockCounts) -> Sequence[Sizes]:
    return sizes_in_book(counts, load_comparisons(project, counts.known))


@pytest.fixture(scope="module")
def rates(counts: BlockCounts, sizes: Sequence[Sizes]) -> Mapping[str, ErrorRates]:
    return {one.name: error_rates(counts, one, draws=DRAWS) for one in sizes}


def test_every_comparison_of_the_book_is_imitated(sizes: Sequence[Sizes]) -> None:
    by_name = {one.name: one for one in sizes}
    assert by_name["national-liaoning"] == Sizes("national-liaoning", (19, 28, 8, 10), (23,))
    assert sum(name.startswith("eras: ") for name in by_name) == 3
    assert {"plans-2014-2024", "national-fujian", "liaoning-fujian"} <= set(by_name)


def test_false_verdicts_are_no_more_than_one_family_in_twenty(rates: Mapping[str, ErrorRates]) -> None:
    for name, rate in rates.items():
        assert rate.themes <= FALSE + rate.uncertainty, name
        assert rate.concepts <= FALSE + rate.uncertainty, name


def test_intervals_cover_the_truth_about_as_often_as_they_say(rates: Mapping[str, ErrorRates]) -> None:
    judged = {name: rate for name, rate in rates.items() if rate.judged >= 1}
    assert len(judged) >= 4
    for name, rate in judged.items():
        error = 2 * rate.coverage_error
        assert error < 0.02, name
        assert COVERAGE[0] - error <= rate.coverage <= COVERAGE[1] + error, name


def test_sides_too_small_never_get_a_verdict(rates: Mapping[str, ErrorRates]) -> None:
    for name in ("plans-2014-2024", "national-fujian", "liaoning-fujian"):
        assert (rates[name].themes, rates[name].concepts, rates[name].judged) == (0, 0, 0)


def test_the_power_is_as_calculated(counts: BlockCounts) -> None:
    for one in (
        Sizes("small", (19, 28, 8, 10), (23,)),
        Sizes("halves", (50, 50), (50, 50)),
        Sizes("one", (60,), (60,)),
    ):
        power = measured_power(counts, one, "people", draws=200)
        assert power.found == pytest.approx(power.calculated, abs=0.1 + 2 * np.sqrt(0.25 / 200)), one


def test_neighbours_that_resemble_each_other_are_reckoned_with(
    counts: BlockCounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the effective size the intervals of this simulation miss the truth too often: the test can fail."""
    one = Sizes("two long documents", (60,), (60,))
    honest = error_rates(counts, one, draws=200, run=8)
    monkeypatch.setattr("simulation.serial_effect", lambda *_: 1.0)
    naive = error_rates(counts, one, draws=200, run=8)
    assert naive.coverage + 2 * naive.coverage_error < COVERAGE[0] < honest.coverage
    assert naive.themes + naive.concepts > honest.themes + honest.concepts


def test_the_same_seed_gives_the_same_numbers(counts: BlockCounts) -> None:
    one = Sizes("x", (20, 20), (30,))
    first, again, other = (error_rates(counts, one, draws=20, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.coverage != other.coverage
    table = summarise([first, other])
    assert table["left"].tolist() == [40, 40]
    assert table.columns[0] == "comparison"


@pytest.mark.parametrize(("blocks", "run"), [(1, 2), (88, 4), (4846, 17)])
def test_runs_are_the_cube_root_of_the_blocks(blocks: int, run: int) -> None:
    assert run_length(blocks) == run
