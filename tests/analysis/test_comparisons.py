from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest
from kinds import CorpusOf, MakeProject

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts, block_counts
from policybook.analysis.comparisons import Comparison, ComparisonEntry, compare_sides, load_comparisons
from policybook.analysis.presence import design_effect
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus
from policybook.errors import InvalidDataError
from policybook.project import Project


@pytest.fixture(scope="module")
def comparisons(project: Project, coded: Corpus, counts: BlockCounts, effect: float) -> Mapping[str, Comparison]:
    entries = load_comparisons(project, coded.known)
    return {entry.id: compare_sides(coded, counts, effect, entry) for entry in entries}


def sizes(comparison: Comparison) -> list[int]:
    return [len(side.corpus.passages) for side in comparison.sides]


def test_the_sides_are_as_large_as_a_person_counted(
    comparisons: Mapping[str, Comparison], reference: pd.DataFrame
) -> None:
    """Counted in the hand reading, without the corpus room."""
    hand = reference[reference["is_boilerplate"] == "no"]
    places = hand["places"].str.split()
    liaoning_speaks = hand["document"] == "mysheen-2024-liaoning-income-gap"
    of_fujian, of_the_nation = (
        places.map(lambda named, place=place: place in named) for place in ("fujian", "national")
    )
    assert {id: sizes(comparison) for id, comparison in comparisons.items()} == {
        "plans-2014-2024": [int((hand["plan"] == plan).sum()) for plan in ("nnup-2014", "action-2024")],
        "eras": [int((hand["era"] == era).sum()) for era in ("2014-2020", "2021-2024", "2024-")],
        "national-liaoning": [int((~liaoning_speaks).sum()), int(liaoning_speaks.sum())],
        "national-fujian": [int((of_the_nation & ~liaoning_speaks).sum()), int(of_fujian.sum())],
        "liaoning-fujian": [int(liaoning_speaks.sum()), int(of_fujian.sum())],
    }
    assert sizes(comparisons["plans-2014-2024"]) == [2, 34]


def test_sides_too_small_for_a_chart_are_named_with_the_reason(comparisons: Mapping[str, Comparison]) -> None:
    lacking = {id: [(one.code, *one.values.values()) for one in c.too_small] for id, c in comparisons.items()}
    assert lacking == {
        "plans-2014-2024": [("too_few_blocks", "about the 2014 plan", 2, thresholds.MIN_BLOCKS)],
        "eras": [],
        "national-liaoning": [],
        "national-fujian": [("too_few_blocks", "passages about Fujian", 1, thresholds.MIN_BLOCKS)],
        "liaoning-fujian": [("too_few_blocks", "passages about Fujian", 1, thresholds.MIN_BLOCKS)],
    }


def test_enough_blocks_with_too_few_mentions_are_too_small(
    comparisons: Mapping[str, Comparison], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thresholds, "MIN_MENTIONS", 10_000)
    found = [(one.code, one.values["needed"]) for one in comparisons["eras"].too_small]
    assert found == [("too_few_mentions", 10_000)] * 3


def test_every_side_counts_its_own_blocks(comparisons: Mapping[str, Comparison]) -> None:
    for comparison in comparisons.values():
        for side in comparison.sides:
            blocks = len(side.corpus.blocks)
            for rows in (side.themes, side.concepts):
                assert (rows["blocks"] <= blocks).all()
                assert (rows["share"] * blocks).round(6).equals(rows["blocks"].astype(float))
                assert ((rows["low"] <= rows["share"]) & (rows["share"] <= rows["high"])).all()
            assert side.themes["mentions"].sum() == side.concepts["mentions"].sum() == side.counted_mentions


def test_the_design_effect_is_that_of_the_whole_corpus(comparisons: Mapping[str, Comparison]) -> None:
    assert len({comparison.effect for comparison in comparisons.values()}) == 1


def entry(left: Mapping[str, object], right: Mapping[str, object]) -> ComparisonEntry:
    sides = {side: {"label": side, "select": select} for side, select in (("left", left), ("right", right))}
    return ComparisonEntry.model_validate({"id": "x", "title": "X", "question": "?", **sides})


def test_passages_on_both_sides_are_counted_and_told(coded: Corpus, counts: BlockCounts) -> None:
    comparison = compare_sides(coded, counts, 1.5, entry({"places": "national"}, {"speaker": "liaoning"}))
    both = [p for p in coded.select(speaker="liaoning").passages["places"] if "national" in p]
    assert comparison.shared_passages == len(both) == 3


def test_a_side_that_nothing_fits_is_empty_and_too_small(coded: Corpus, counts: BlockCounts) -> None:
    comparison = compare_sides(coded, counts, 1.5, entry({"places": "tibet"}, {"places": "tibet"}))
    assert sizes(comparison) == [0, 0]
    found = [(one.code, one.values["side"], one.values["have"]) for one in comparison.too_small]
    assert found == [("too_few_blocks", "left", 0), ("too_few_blocks", "right", 0)]
    assert comparison.shared_passages == 0


def test_a_corpus_of_one_document_can_be_compared(corpus_of: CorpusOf, scheme: Scheme) -> None:
    corpus = code_concepts(corpus_of({"only": "Rural revitalization leads.\nFujian builds county towns."}), scheme)
    counts = block_counts(corpus, scheme)
    two = entry({"places": "national"}, {"places": "fujian"})
    comparison = compare_sides(corpus, counts, design_effect(counts), two)
    assert sizes(comparison) == [1, 1]
    assert comparison.effect >= 1.0


def test_more_periods_than_a_figure_can_tell_apart_are_refused(make_project: MakeProject, coded: Corpus) -> None:
    project = make_project()
    period = "      - {label: one, select: {era: 2024-}}\n"
    project.comparisons_file.write_text(
        "comparisons:\n  - id: a\n    title: A\n    question: What?\n    periods:\n" + 9 * period, encoding="utf-8"
    )
    with pytest.raises(InvalidDataError, match=r":5: comparisons\[1\]\.periods: the list is too long\. .*at most 8"):
        load_comparisons(project, coded.known)


def test_every_mistake_is_reported_at_once_by_line_and_with_a_fix(make_project: MakeProject, coded: Corpus) -> None:
    project = make_project()
    project.comparisons_file.write_text(
        "comparisons:\n"
        "  - id: a\n"
        "    title: A\n"
        "    question: What?\n"
        "    left: {label: l, select: {plam: none}}\n"
        "    right:\n"
        "      label: r\n"
        "      select:\n"
        "        places: [fujian, fujien]\n"
        "        era: 2024\n"
        "        plan:\n"
        "  - id: a\n"
        "    title: B\n"
        "    question: Which?\n"
        "    left: {label: l, select: {plan: none}}\n"
        "  - id: C 1\n"
        "    title: C\n"
        "    periods:\n"
        "      - {label: one, select: {era: 2024-}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDataError) as caught:
        load_comparisons(project, coded.known)
    found = [str(problem).removeprefix("data/comparisons.yml:") for problem in caught.value.problems]
    beginnings = [
        "5: comparisons[1].left.select.plam: a selection has no field 'plam'. Did you mean 'plan'?",
        "9: comparisons[1].right.select.places: unknown places 'fujien'. Did you mean 'fujian'?",
        "10: comparisons[1].right.select.era: unknown era 2024.",
        "11: comparisons[1].right.select.plan: unknown plan None.",
        "12: comparisons[2]: give either 'left' and 'right' or 'periods'. Keep one of the two forms.",
        "12: comparisons[2].id: 'a' is used twice. Give each its own id.",
        "16: comparisons[3]: 'question' is missing. Add a line 'question: …'.",
        "16: comparisons[3].id: 'C 1' is no id. Use lower-case letters",
        "18: comparisons[3].periods: the list is empty or too short. List should have at least 2 items",
    ]
    assert len(found) == len(beginnings)
    for line, beginning in zip(found, beginnings, strict=True):
        assert line.startswith(beginning)
