from __future__ import annotations

import time
import tracemalloc

import pytest

from policybook.coding import patterns
from policybook.coding.notation import parse
from policybook.coding.patterns import Patterns
from policybook.corpus.matching import cut


def found(text: str, *forms: str, language: str = "en") -> list[str]:
    words = cut(text, language)
    hits = Patterns((parse(form, language), form) for form in forms).find(words)
    return [text[words[hit.first].start : words[hit.last - 1].end] for hit in hits]


def test_every_occurrence_is_found_also_inside_another() -> None:
    assert found("rural migrant workers", "rural migrant worker", "migrant worker", "worker") == [
        "rural migrant workers",
        "migrant workers",
        "workers",
    ]


def test_words_match_in_any_inflection_and_whole_only() -> None:
    assert found("Cities, city-level; capacity", "city") == ["Cities", "city"]
    assert found("settles settled settling settlement", "settle") == ["settles", "settled", "settling"]
    assert found("a migrant and the migrants", "migrants") == ["migrants"]


def test_a_gap_spans_no_more_words_than_it_says_and_no_mark() -> None:
    assert found("turn many rural people into citizens", "turn … into citizen") == [
        "turn many rural people into citizens"
    ]
    assert found("turn a b c d into citizens", "turn … into citizen") == []
    assert found("turn a, b into citizens", "turn … into citizen") == []
    assert found("turn into citizens", "turn … into citizen") == ["turn into citizens"]


def test_an_optional_part_behind_a_gap_does_not_let_the_gap_trail() -> None:
    assert found("start a b c", "start …2 (business)?") == ["start"]
    assert found("start a business", "start …2 (business)?") == ["start", "start a business"]


def test_chinese_matches_characters() -> None:
    assert found("推进农业转移人口有序市民化。", "转移人口…6市民化", language="zh") == ["转移人口有序市民化"]
    assert found("转移人口，市民化", "转移人口…6市民化", language="zh") == []


def test_one_sequence_of_two_forms_has_both_keys() -> None:
    finder = Patterns([(parse("new (town | city)", "en"), "a"), (parse("new town", "en"), "b")])
    assert sorted(hit.key for hit in finder.find(cut("a new town", "en"))) == ["a", "b"]


def test_forgetting_what_is_remembered_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_MOST_REMEMBERED", 0)
    finder = Patterns([(parse("new town", "en"), "a")])
    for _ in range(3):
        assert [hit.key for hit in finder.find(cut("new towns and a new town", "en"))] == ["a", "a"]


@pytest.mark.parametrize("unit", ["a ", "a b ", "turn ", "turn a ", "a, "])
def test_time_and_memory_grow_no_faster_than_the_text(unit: str) -> None:
    forms = [
        "turn …12 into (a | b)? …12 citizen",
        "(a | b)? (a | b)? (a | b)? (a | b)? (a | b)? a b c",
        "turn (a)? …9 b …9 c",
    ]
    finder = Patterns((parse(form, "en"), form) for form in forms)

    def seconds(times: int) -> float:
        words = cut(unit * times, "en")
        start = time.perf_counter()
        assert sum(1 for _ in finder.find(words)) >= 0
        return time.perf_counter() - start

    seconds(100)
    tracemalloc.start()
    seconds(2000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    small, large = min(seconds(4000) for _ in range(3)), min(seconds(16000) for _ in range(3))
    assert large < 12 * small + 0.05
