from __future__ import annotations

import pytest

from policybook.corpus.matching import (
    FormTable,
    Match,
    Phrases,
    WordList,
    cut,
    cuts_words,
    fold,
    gerunds,
    participles,
    past_forms,
    plurals,
    readings,
    singular,
    spelling,
    third_person,
)


def found(text: str, *phrases: str, with_plurals: bool = False) -> list[str]:
    finder = Phrases([(phrase, phrase) for phrase in phrases], with_plurals=with_plurals)
    return [text[match.start : match.end] for match in finder.find(text)]


def test_the_leftmost_longest_phrase_wins_and_what_is_in_it_is_not_counted() -> None:
    assert found("推进农业转移人口市民化", "市民化", "农业转移人口", "农业转移人口市民化") == ["农业转移人口市民化"]
    assert found("县域城镇化率", "县域城镇化", "城镇化率") == ["县域城镇化"]


def test_what_stands_within_a_decoy_is_not_found_and_no_decoy_is() -> None:
    finder = Phrases([("宁德", "city"), ("时代", "age")], decoys=["宁德时代"])
    assert [match.start for match in finder.find("宁德时代在宁德，时代")] == [5, 8]


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
    ("phrase", "expected"),
    [
        ("new city", "new cities"), ("county", "counties"), ("key", "keys"), ("class", "classes"),
        ("child", "children"), ("branch", "branches"), ("life", "lives"), ("yuan", "yuans"), ("research", "researches"),
    ],
)  # fmt: skip
def test_a_phrase_is_found_in_the_plural_too(phrase: str, expected: str) -> None:
    assert expected in plurals(phrase)
    assert found(f"two {expected}", phrase, with_plurals=True) == [expected]
    assert found(f"two {expected}", phrase) == []


def test_no_plural_is_made_of_what_is_no_word() -> None:
    assert [plurals(phrase) for phrase in ("the city's", "co2", "城镇", "")] == [()] * 4


@pytest.mark.parametrize(
    ("verb", "gerund", "third", "past", "participle"),
    [
        ("offer", "offering", "offers", "offered", "offered"),
        ("limit", "limiting", "limits", "limited", "limited"),
        ("equip", "equipping", "equips", "equipped", "equipped"),
        ("control", "controlling", "controls", "controlled", "controlled"),
        ("buy", "buying", "buys", "bought", "bought"),
        ("undertake", "undertaking", "undertakes", "undertook", "undertaken"),
        ("carry", "carrying", "carries", "carried", "carried"),
        ("tie", "tying", "ties", "tied", "tied"),
        ("cancel", "cancelling", "cancels", "canceled", "cancelled"),
        ("strive", "striving", "strives", "strove", "strived"),
        ("informatize", "informatizing", "informatizes", "informatized", "informatized"),
    ],
)
def test_verbs_are_inflected(verb: str, gerund: str, third: str, past: str, participle: str) -> None:
    assert gerund in gerunds(verb)
    assert third in third_person(verb)
    assert past in past_forms(verb)
    assert participle in participles(verb)


@pytest.mark.parametrize(
    ("verb", "wrong"), [("offer", "offerred"), ("limit", "limitted"), ("equip", "equiped"), ("buy", "buyed")]
)
def test_no_form_is_made_up(verb: str, wrong: str) -> None:
    assert wrong not in {*past_forms(verb), *participles(verb)}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("clinics", "clinic"), ("principles", "principle"), ("masses", "mass"), ("crises", "crisis"), ("men", "man"),
        ("soes", "soe"), ("series", "series"), ("process", "process"), ("basis", "basis"), ("city", "city"),
    ],
)  # fmt: skip
def test_singulars(word: str, expected: str) -> None:
    assert singular(word) == expected


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＧＤＰ：２０％", "gdp:20%"),
        ("二〇二四", "二零二四"),
        ("“Three” ‘rights’", "\"three\" 'rights'"),
        ("A–B—C", "a b c"),
    ],
)
def test_what_is_the_same_to_a_reader_is_folded(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_dashes_are_kept_as_hyphens_where_they_say_something() -> None:
    assert fold("2014–2020 − 3", keep_dashes=True) == "2014-2020 - 3"


def test_the_longest_listed_word_at_a_place() -> None:
    words = WordList(["城镇", "城镇化"], ["人口"])
    assert (words.at("新城镇化", 1, 4), words.at("新城镇化", 1, 3), words.at("新城镇化", 0, 4)) == (3, 2, 0)
    assert words.closes("农业人口", 0, 4)
    assert not words.closes("农业人口", 3, 4)
    assert words.within("的城镇人口", 0, 5) == (1, 3)
    assert words.within("的", 0, 1) is None
    assert "人口" in words


def test_the_longest_form_at_a_place_between_word_boundaries() -> None:
    table = FormTable([("km", 1), ("ＫＭ", 2), ("km2", 3), ("万", 4), ("万人", 5)])
    assert (table.at("30km wide", 2), table.at("30km2", 2), table.at("30kmh", 2)) == ((4, 1), (5, 3), None)
    assert (table.ending("3km", 3), table.ending("akm", 3)) == ((1, 1), None)
    assert (table.at("3万人", 1), table.ending("3万", 2), table.at("3", 1)) == ((3, 5), (1, 4), None)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("cities", "city"),
        ("city's", "city"),
        ("workers'", "worker"),
        ("settled", "settle"),
        ("settling", "settle"),
        ("became", "become"),
        ("left", "leave"),
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


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("做好农民工作", "农民工", True),
        ("雨水流入地下河", "流入地", True),
        ("学员市民化装表演", "市民化", True),
        ("邻县城镇化肥厂", "城镇化", True),
        ("推广大棚改造", "棚改", True),
        ("降低保费", "低保", True),
        ("提高铁路运量", "高铁", True),
        ("县城建局负责", "县城", True),
        ("农民工作出贡献", "农民工", False),
        ("完善养老服务网络", "养老服务", False),
        ("绿色低碳循环产业", "绿色低碳", False),
        ("聂荣县城至萨迦县城公路", "县城", False),
        ("县城", "县城", False),
        ("农民工市民化", "市民化", False),
    ],
)
def test_a_chinese_word_made_of_pieces_of_others_is_none(text: str, found: str, expected: bool) -> None:
    start = text.index(found)
    assert cuts_words(text, start, start + len(found)) is expected
