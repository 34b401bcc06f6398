from __future__ import annotations

import pytest

from policybook.corpus.matching import cut, readings, spelling


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("cities", "city"),
        ("city's", "city"),
        ("workers'", "worker"),
        ("settled", "settle"),
        ("settling", "settle"),
        ("became", "become"),
        ("children", "child"),
        ("buildings", "building"),
        ("citizenizing", "citizenize"),
        ("urbanisation", "urbanization"),
        ("revitalising", "revitalize"),
        ("labourers", "laborer"),
        ("centres", "center"),
        ("centred", "centered"),
        ("programmes", "program"),
    ],
)
def test_an_inflected_word_can_be_taken_for_its_base_form(text: str, base: str) -> None:
    assert base in readings(text)


@pytest.mark.parametrize(
    ("text", "other"), [("settlement", "settle"), ("migrant", "migrants"), ("his", "hi"), ("news", "newss")]
)
def test_other_words_are_not_confused(text: str, other: str) -> None:
    assert other not in readings(text)


def test_a_word_not_inflected_is_itself() -> None:
    assert readings("rural") == ("rural",)
    assert spelling("urban") == "urban"


def test_english_is_cut_at_spaces_hyphens_and_marks_and_offsets_are_code_points() -> None:
    text = "😀 “Urban–rural” gap, workers’ pay."
    words = cut(text, "en")
    assert [text[word.start : word.end] for word in words] == [
        "😀", "Urban", "rural", "gap", ",", "workers’", "pay", ".",
    ]  # fmt: skip
    assert [word.mark for word in words] == [True, False, False, False, True, False, False, True]


def test_chinese_is_cut_into_characters_without_spaces_and_quotation_marks() -> None:
    assert [word.keys for word in cut("“三权” 分置，", "zh")] == [("三",), ("权",), ("分",), ("置",), (",",)]
