from __future__ import annotations

import re
from collections.abc import Iterator

import opencc
import pytest

from policybook.corpus.model import Corpus, records
from policybook.corpus.repair import guess_language, guess_script, repair_paragraph

SCRAPED = "web-2021-joint-conference"
#: Letters in brackets, toned or not.
GLOSS = r"[(（]\s*[^\W\d_一-鿿]+\s*[)）]"
TO_SIMPLIFIED = opencc.OpenCC("t2s")


def repair(text: str, language: str = "zh", script: str = "hant") -> str:
    return repair_paragraph(text, language, script)[0]


def scraped(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Yield (received, repaired) for every passage of the document that was scraped."""
    passages = corpus.passages[corpus.passages["document"] == SCRAPED]
    return ((row.raw, row.text) for row in records(passages))


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("國(guó)家發(fā)展", "国家发展"),
        ("國（guó）家（jiā）", "国家"),
        ("會(huì)(huì)議", "会议"),
        ("國( guó )家", "国家"),
        ("國(guo\u0301)家", "国家"),
        ("綠(lǜ)色", "绿色"),
        ("綠(lu\u0308\u0300)色", "绿色"),
        ("網(wǎnɡ)站(zhàn)", "网站"),
        ("發(fɑ̄)展", "发展"),
        ("國(Guó)家", "国家"),
        ("國(guo)家", "国家"),
    ],
    ids=[
        "plain", "full width", "doubled", "inner spaces", "decomposed", "ü", "decomposed ü", "script g",
        "script a", "capital", "toneless own reading",
    ],
)  # fmt: skip
def test_a_reading_in_brackets_goes(received: str, expected: str) -> None:
    assert repair(received) == expected


@pytest.mark.parametrize(
    "kept",
    [
        "国内生产总值(GDP)增长",
        "合作模式(PPP)推广",
        "会议(以下简称“会议”)召开",
        "规划(2014-2020年)实施",
        "规则(修订版)施行",
        "要求(一)落实",
        "办法（试行）",
        "网站(web)上",
        "国(family)家",
        "国(jia)家",
        "城镇化(urbanization)率",
        "第二条(a)款",
        "方案(plan)草案",
        "Xi'an (xī ān)",
    ],
)
def test_brackets_that_are_no_reading_stay(kept: str) -> None:
    assert repair(kept) == kept


def test_the_real_text_keeps_every_bracket_that_is_content(corpus: Corpus) -> None:
    text = "".join(after for _, after in scraped(corpus))
    assert re.findall(r"[(（][^()（）]*[)）]", text) == [
        "(以下简称“会议”)",
        "(2014-2020年)",
        "(修订版)",
        "(国家发展改革委规划司)",
        "(2014—2020年)",
    ]


def test_no_reading_and_no_traditional_character_is_left(corpus: Corpus) -> None:
    for _, after in scraped(corpus):
        assert not re.search(GLOSS, after)
        assert TO_SIMPLIFIED.convert(after) == after


def test_nothing_but_readings_is_lost(corpus: Corpus) -> None:
    """Without the rules: align the two texts character by character; what is left must be glosses."""
    for before, after in scraped(corpus):
        simplified = TO_SIMPLIFIED.convert(before)
        assert len(simplified) == len(before)
        dropped, place = "", 0
        for char in simplified:
            if place < len(after) and char == after[place]:
                place += 1
            else:
                dropped += char
        assert place == len(after), "a character of the repaired text does not stand in the received text"
        assert not re.findall(r"[一-鿿0-9A-Z，。、:《》“”%]", dropped)
        assert re.fullmatch(r"(?:\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\))*", dropped)


def test_every_kind_of_repair_is_counted(corpus: Corpus) -> None:
    counted = corpus.document(SCRAPED)["repairs"]
    brackets = sum(len(re.findall(GLOSS, before)) for before, _ in scraped(corpus))
    assert counted["pinyin_gloss"] == brackets == 204
    assert set(counted) == {"pinyin_gloss", "traditional_character"}


def test_invisible_characters_go_and_are_counted() -> None:
    text, counts = repair_paragraph("\ufeff城\u200b镇\u00ad化\u2060 ", "zh", "hans")
    assert (text, dict(counts)) == ("城镇化", {"invisible_character": 4})


def test_simplified_text_is_not_converted() -> None:
    assert repair("干燥的後院", script="hans") == "干燥的後院"


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("the plan.The county", "the plan. The county"),
        ("said “yes.”The county", "said “yes.” The county"),
        ("first,second;third", "first, second; third"),
        ("the text ends.then it begins", "the text ends. then it begins"),
        ("in 2020.By then", "in 2020. By then"),
    ],
)
def test_a_space_is_put_after_stops_in_english(received: str, expected: str) -> None:
    assert repair(received, "en", "latn") == expected


@pytest.mark.parametrize(
    "kept",
    [
        "see www.example.com and a.b@mail.gov.cn",
        "1,000.50 yuan",
        "the U.S. economy",
        "https://x.org/A.Bc,D",
        "3.5 percent",
    ],
)
def test_addresses_and_numbers_are_left_alone(kept: str) -> None:
    assert repair(kept, "en", "latn") == kept


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("國家發展改革委員會", "zh", "hant"),
        ("国家发展改革委员会", "zh", "hans"),
        ("The State Council (国务院) met", "en", "latn"),
        ("2024 %", "en", "latn"),
    ],
)
def test_language_and_script_are_told_from_the_text(text: str, language: str, script: str) -> None:
    assert guess_language(text) == language
    assert guess_script(text, language) == script


def test_repairing_twice_changes_nothing(corpus: Corpus) -> None:
    scripts = corpus.documents.set_index("document")[["language", "script"]]
    for row in records(corpus.passages):
        language, script = scripts.loc[row.document]
        assert repair_paragraph(row.text, language, script)[0] == row.text
