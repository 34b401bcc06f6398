from __future__ import annotations

import pytest

from policybook.corpus.matching import Match, Phrases, fold, plural


def found(text: str, *phrases: str, plurals: bool = False) -> list[str]:
    finder = Phrases([(phrase, phrase) for phrase in phrases], plurals=plurals)
    return [text[match.start : match.end] for match in finder.find(text)]


def test_the_leftmost_longest_phrase_wins_and_what_is_in_it_is_not_counted() -> None:
    assert found("推进农业转移人口市民化", "市民化", "农业转移人口", "农业转移人口市民化") == ["农业转移人口市民化"]
    assert found("县域城镇化率", "县域城镇化", "城镇化率") == ["县域城镇化"]


def test_case_hyphens_quotes_and_brackets_do_not_matter() -> None:
    text = "URBAN–RURAL Integration and “three rights” in the plan（2014—2020年）"
    assert found(text, "urban-rural integration", '"three rights"', "plan(2014-2020年)") == [
        "URBAN–RURAL Integration",
        "“three rights”",
        "plan（2014—2020年）",
    ]


@pytest.mark.parametrize("gap", [" ", "  ", "\u00a0 ", " \t", "\n"])
def test_a_run_of_spaces_is_one(gap: str) -> None:
    text = f"of new{gap}urbanization  now"
    assert found(text, "new urbanization") == [f"new{gap}urbanization"]
    assert found("of new urbanization", f"new{gap}urbanization") == ["new urbanization"]


def test_latin_phrases_match_whole_words_only() -> None:
    assert found("counties, county-level, County", "county") == ["county", "County"]
    assert found("GDP增长", "gdp") == ["GDP"]
    assert found("landing island", "land") == []


@pytest.mark.parametrize(
    ("singular", "expected"),
    [
        ("city", "cities"),
        ("county", "counties"),
        ("key", "keys"),
        ("class", "classes"),
        ("branch", "branches"),
        ("town", "towns"),
    ],
)
def test_regular_plurals(singular: str, expected: str) -> None:
    assert plural(singular) == expected
    assert found(f"two {expected}", singular, with_plurals=True) == [expected]
    assert found(f"two {expected}", singular) == []


def test_a_listed_form_is_not_taken_over_by_the_plural_of_another() -> None:
    finder = Phrases([("migrant", "people"), ("migrants", "group")], with_plurals=True)
    assert [match.key for match in finder.find("a migrant and the migrants")] == ["people", "group"]


def test_offsets_count_code_points() -> None:
    assert Phrases([("县城", "k")]).find("😀在县城") == [Match("k", 2, 4)]


@pytest.mark.parametrize("text", ["İstanbul ẞ ﬁ", "Ａ－Ｂ", "“”—\u00a0"])
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_no_phrase_and_empty_phrases_find_nothing() -> None:
    assert found("text") == []
    assert found("text", "") == []
    assert found("") == []
