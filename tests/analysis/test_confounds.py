from __future__ import annotations

from collections.abc import Callable

import pytest

from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.comparisons import ComparisonEntry, compare_sides
from policybook.analysis.confounds import find_confounds
from policybook.analysis.findings import Finding
from policybook.corpus.model import Corpus

FindConfounds = Callable[..., list[Finding]]


@pytest.fixture
def confounds(coded: Corpus, counts: BlockCounts, effect: float) -> FindConfounds:
    """Return a function that names the confounds between two selections."""

    def find(left: dict[str, object], right: dict[str, object]) -> list[Finding]:
        sides = {side: {"label": side, "select": select} for side, select in (("left", left), ("right", right))}
        entry = ComparisonEntry.model_validate({"id": "x", "title": "X", "question": "?", **sides})
        return find_confounds(compare_sides(coded, counts, effect, entry))

    return find


def alone(found: list[Finding]) -> list[str]:
    return [one.values["side"] for one in found if one.code == "one_document"]


def mixed(found: list[Finding]) -> dict[str, list[list[str]]]:
    """Return what is mixed in: field → its values on the left and on the right."""
    return {
        one.values["field"]: [side["values"] for side in one.values["sides"]] for one in found if one.code == "mixed"
    }


def test_place_against_place_names_era_voice_and_the_single_document(confounds: FindConfounds) -> None:
    found = confounds({"speaker": "national"}, {"speaker": "liaoning"})
    assert alone(found) == ["right"]
    assert mixed(found)["era"][1] == ["2014-2020"]
    assert "voice" in mixed(found) and "speaker" not in mixed(found)


def test_plan_against_plan_names_language_translation_and_both_documents(confounds: FindConfounds) -> None:
    found = confounds({"plan": "nnup-2014"}, {"plan": "action-2024"})
    assert alone(found) == ["left", "right"]
    assert mixed(found)["language"] == [["zh"], ["en"]]
    assert mixed(found)["machine_translated"] == [["False"], ["True"]]


def test_what_a_comparison_asks_about_is_no_confound(confounds: FindConfounds) -> None:
    found = mixed(confounds({"era": "2014-2020"}, {"era": "2024-"}))
    assert "era" not in found
    assert found["speaker"] == [["liaoning"], ["national"]]


def test_sides_that_agree_have_no_confound_but_their_shared_passages(confounds: FindConfounds, coded: Corpus) -> None:
    english = len(coded.select(language="en").passages)
    found = confounds({"language": "en"}, {"machine_translated": True})
    assert found == [Finding("shared", {"passages": english})]


def test_an_empty_side_is_told(confounds: FindConfounds) -> None:
    found = confounds({"places": "tibet"}, {"places": "fujian"})
    assert [(one.code, one.values["side"]) for one in found] == [("empty_side", "left"), ("one_document", "right")]
