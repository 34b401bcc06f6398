from __future__ import annotations

import time

import pytest
from kinds import CorpusOf, MakeProject
from marked import Marked, read

from policybook.coding.code import (
    Coding,
    DirectiveFinder,
    code_corpus,
    load_coding,
    quotable_sentences,
)
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import STRENGTHS
from policybook.corpus.corpus import CODED, Corpus, records
from policybook.errors import InvalidDataError

CASES = list(read("directives_cases.csv"))
STRENGTH_OF = {strength[0]: strength for strength in STRENGTHS}


@pytest.fixture(scope="module")
def finder(coding: Coding) -> DirectiveFinder:
    return coding.directives


def test_there_are_two_hundred_cases_in_many_fields() -> None:
    assert len(CASES) >= 200
    assert min(sum(case.language == language for case in CASES) for language in ("zh", "en")) >= 100
    assert 0.25 < sum(not case.found for case in CASES) / len(CASES) < 0.5, "half of the art is what to leave out"


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.language}" for n, case in enumerate(CASES)])
def test_every_directive_of_a_sentence_is_found_where_it_stands(finder: DirectiveFinder, case: Marked) -> None:
    found = list(finder.find(case.text, case.language))
    assert len(found) == len(case.found), [case.text[one.start : one.end] for one in found]
    for one, (start, end, _) in zip(found, case.found, strict=True):
        common = min(one.end, end) - max(one.start, start)
        assert common >= 0.7 * (max(one.end, end) - min(one.start, start))


def test_the_strength_of_the_cases_is_that_of_their_words(finder: DirectiveFinder) -> None:
    pairs = [
        (one.strength, STRENGTH_OF[label[0]])
        for case in CASES
        for one, (_, _, label) in zip(finder.find(case.text, case.language), case.found, strict=True)
    ]
    assert sum(given == coded for given, coded in pairs) / len(pairs) >= 0.97
    assert {given for given, _ in pairs} == set(STRENGTHS)


def test_in_the_wake_of_a_marker_the_strength_stays_until_a_verb_has_its_own(finder: DirectiveFinder) -> None:
    found = finder.find("财政部将增加投入，完善政策，鼓励社会资本参与。", "zh")
    assert [one.strength for one in found] == ["intention", "intention", "encouragement"]
    found = finder.find("Localities must build schools, improve roads and encourage firms to hire.", "en")
    assert [one.strength for one in found] == ["obligation", "obligation", "obligation"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "piece",
    ["推进改革，", "将", "要", "一是", "《", "1,1,", "达到", "improve the system and ", "should improve roads, ",
     ", and ", "improve, ", "promoting growth, ", "is to ", "—", "so that ", "“", "to "],
)  # fmt: skip
def test_time_grows_with_length_only(finder: DirectiveFinder, language: str, piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begun = time.process_time()
        list(finder.find(text, language))
        return time.process_time() - begun

    # eight times the text; quadratic work would be 64 times, each time that it is measured
    assert any(seconds(16_000) < 24 * max(seconds(2_000), 0.001) for _ in range(3))


def test_mistakes_in_the_file_are_named_with_their_lines(make_project: MakeProject) -> None:
    project = make_project()
    path = project.lexicon / "instruments.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = next(n for n, line in enumerate(lines) if line.strip() == "subtype: pilots")
    lines[wrong] = "    subtype: pilotts"
    extra = next(n for n, line in enumerate(lines) if line.strip().startswith("adverbs:"))
    lines[extra] = lines[extra].replace("adverbs:", "advverbs:")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidDataError) as caught:
        load_coding(project)
    message = str(caught.value)
    assert f"instruments.yml:{wrong}: " in message or f"instruments.yml:{wrong + 1}: " in message
    assert "Did you mean 'pilots'?" in message
    assert f"instruments.yml:{extra + 1}: chinese.advverbs: no such field." in message


TEXT = {"a": "Rural revitalization comes first. The weather was fine in all of June."}


@pytest.mark.parametrize("rights", ["full", "quote", "evidence"])
def test_rights_decide_what_is_shown(corpus_of: CorpusOf, coding: Coding, rights: str) -> None:
    corpus = code_concepts(corpus_of(TEXT, rights=rights), coding.scheme, coding.concepts)
    assert quotable_sentences(corpus) == {"a:p01.1"} | ({"a:p01.2"} if rights != "evidence" else set())


def test_this_book_shows_every_sentence_of_its_texts(coded: Corpus) -> None:
    shown = quotable_sentences(coded)
    assert shown == set(coded.sentences["sentence"])
    assert shown > set().union(*(getattr(coded, name)["sentence"] for name in CODED))


#: Long runs that an expression with a fault reads again from each of their characters: classes, and shapes.
RUNS = [
    ("en", "a"), ("en", "A1"), ("en", "“"), ("en", "\\ / "), ("en", ". "), ("en", "hundred by 2 "),
    ("zh", "国"), ("zh", "。"), ("zh", "”) "), ("zh", "国(guó)"), ("zh", "1、"), ("zh", "，到2031年"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "shape"), RUNS)
def test_a_text_of_one_kind_of_character_takes_time_in_proportion_to_its_length(
    corpus_of: CorpusOf, coding: Coding, language: str, shape: str
) -> None:
    assert coding.concepts, "made once for all"

    def seconds(characters: int) -> float:
        run = shape * (characters // len(shape))
        before = time.process_time()
        code_corpus(corpus_of({"long": f"The council will repair wells.\n{run} x\n"}, language=language), coding)
        return time.process_time() - before

    long = seconds(150_000)
    assert long < 5 or long < 7 * seconds(50_000), "what is three times as long takes more than seven times as long"


def test_a_traditional_original_is_coded_in_its_own_characters(corpus_of: CorpusOf, coding: Coding) -> None:
    text = "為推動都市更新，本府訂定本計畫，加強戶籍登記，設籍人口達一百二十萬人。"
    coded = code_corpus(corpus_of({"a": text}, language="zh"), coding)
    assert "戶籍" in "".join(coded.mentions["text"]) and coded.quantities["text"].tolist() == ["一百二十萬人"]
    for table in (coded.mentions, coded.quantities, coded.directives):
        assert len(table) and [text[row.start : row.end] for row in records(table)] == table["text"].tolist()


TWO_LANGUAGES = """第一条 到2025年，常住人口城镇化率达到67.8%，新增城镇就业12万人。
Article 1. By 2025 the urbanization rate of permanent residents shall reach 67.8%, with 120,000 new urban jobs.
第二条 各县人民政府应当推进农业转移人口市民化。
Article 2. County governments shall promote the citizenization of agricultural migrants and invest 300 million yuan."""


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_every_part_is_coded_in_its_own_language_and_counts_once(
    corpus_of: CorpusOf, coding: Coding, language: str, other: str
) -> None:
    coded = code_corpus(corpus_of({"two": TWO_LANGUAGES}, language=language), coding)
    assert set(coded.foreign.values()) == {other}
    by_part = coded.mentions.assign(own=~coded.mentions["sentence"].isin(coded.foreign))
    assert set(by_part["own"]) == {True, False}, "concepts are found in both"
    assert set(by_part.loc[by_part["counted"].astype(bool), "own"]) == {True}
    amounts = coded.quantities[coded.quantities["kind"] != "year"]
    assert sorted(amounts["value"]) == [67.8, 120_000, 300_000_000]
    assert list(coded.actors["actor"]) == ["county-governments"]
    assert not coded.directives.empty
    assert not set(coded.directives["sentence"]) & set(coded.foreign)


def test_a_name_of_another_language_is_no_part_of_it(corpus_of: CorpusOf) -> None:
    texts = {"zh": "城市更新（Urban Renewal）是指改造旧城区，称为TOD（Transit-Oriented Development）。"}
    assert not corpus_of(texts, language="zh").foreign
    assert not corpus_of({"en": "It speaks of citizenization (农业转移人口市民化) and 县城."}, language="en").foreign
