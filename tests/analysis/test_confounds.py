from __future__ import annotations

from collections.abc import Callable

import pytest

from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.comparisons import ComparisonEntry, compare_sides
from policybook.analysis.confounds import find_confounds
from policybook.corpus.model import Corpus
from policybook.corpus.vocabulary import Vocabulary

FindConfounds = Callable[..., list[str]]


@pytest.fixture
def confounds(coded: Corpus, counts: BlockCounts, effect: float, vocabulary: Vocabulary) -> FindConfounds:
    """Return a function that names the confounds between two selections."""

    def find(left: dict[str, object], right: dict[str, object]) -> list[str]:
        sides = {side: {"label": side, "select": select} for side, select in (("left", left), ("right", right))}
        entry = ComparisonEntry.model_validate({"id": "x", "title": "X", "question": "?", **sides})
        return find_confounds(compare_sides(coded, counts, effect, entry), vocabulary.label)

    return find


def test_place_against_place_names_era_voice_and_the_single_document(confounds: FindConfounds) -> None:
    found = confounds({"speaker": "national"}, {"speaker": "liaoning"})
    assert any("“right” is one document" in line for line in found)
    assert not any("“left” is one document" in line for line in found)
    (era,) = [line for line in found if line.startswith("Era is mixed in")]
    assert "right: 2014–2020, the 2014 plan in force" in era
    assert any(line.startswith("Voice is mixed in") for line in found)


def test_plan_against_plan_names_language_translation_and_both_documents(confounds: FindConfounds) -> None:
    found = confounds({"plan": "nnup-2014"}, {"plan": "action-2024"})
    assert sum("is one document" in line for line in found) == 2
    assert any(line.startswith("Language is mixed in (left: Chinese; right: English)") for line in found)
    assert any("Translation is mixed in (left: as written; right: machine-translated)" in line for line in found)


def test_what_a_comparison_asks_about_is_no_confound(confounds: FindConfounds) -> None:
    found = confounds({"era": "2014-2020"}, {"era": "2024-"})
    assert not any(line.startswith("Era") for line in found)
    assert any(line.startswith("Standpoint is mixed in (left: Liaoning; right: National)") for line in found)


def test_sides_that_agree_have_no_confound_but_their_shared_passages(confounds: FindConfounds, coded: Corpus) -> None:
    english = len(coded.select(language="en").passages)
    found = confounds({"language": "en"}, {"machine_translated": True})
    assert found == [f"{english} passages stand on more than one side and are counted on each."]


def test_one_shared_passage_is_told_in_the_singular(confounds: FindConfounds) -> None:
    found = confounds({"plan": "fyp14", "level": "county"}, {"plan": "fyp14", "places": "national", "level": "county"})
    assert found[-1] == "1 passage stands on more than one side and is counted on each."


def test_an_empty_side_is_told(confounds: FindConfounds) -> None:
    found = confounds({"places": "tibet"}, {"places": "fujian"})
    assert found[0] == "No passage of this corpus is on the side “left”."
    assert len(found) == 2
