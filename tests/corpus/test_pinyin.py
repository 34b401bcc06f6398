from __future__ import annotations

import pytest
from repairing import repair, repaired

from policybook.corpus.pinyin import parse_reading, split_syllables


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


@pytest.mark.parametrize(
    ("letters", "syllables", "toned"),
    [
        ("guó", ("guo",), 1),
        ("guójiā", ("guo", "jia"), 2),
        ("nóngmíngōng", ("nong", "min", "gong"), 3),
        ("Xī'ān", ("xi", "an"), 2),
        ("lǜ", ("lu",), 1),
        ("guoˊ", ("guo",), 1),
        ("fɑ̄", ("fa",), 1),
    ],
)
def test_pinyin_is_read(letters: str, syllables: tuple[str, ...], toned: int) -> None:
    reading = parse_reading(letters)
    assert reading is not None
    assert (reading.syllables, reading.toned) == (syllables, toned)


@pytest.mark.parametrize(
    "letters", ["GDP", "family", "café", "São", "urbanization", "", "1", "CO2", "PM2.5", "R&D", "a" * 99]
)
def test_other_letters_are_no_pinyin(letters: str) -> None:
    assert parse_reading(letters) is None


def test_letters_that_are_no_syllables_cannot_be_split() -> None:
    assert split_syllables("zhuang") == ("zhuang",)
    assert split_syllables("xyz") == ()


@pytest.mark.parametrize("word", ["残(can)疾", "舍(she)弃", "孙(sun)女", "安(an)全", "长龙(long)口", "们(men)"])
def test_a_reading_that_is_an_english_word_is_certain_only_in_a_glossed_text(word: str) -> None:
    assert repaired(f"关于{word}的说明")[0] == f"关于{word}的说明"
    assert "(" not in repaired(f"国(guó)家支(zhī)持(chí)，关于{word}的说明")[0]


@pytest.mark.parametrize("kept", ["由残(you)决定", "工具(tool)", "网站(net)", "户籍(hukou)", "城市(men)"])
def test_letters_that_no_character_before_them_has_are_kept(kept: str) -> None:
    assert repaired(kept)[0] == kept


def test_a_place_name_in_latin_letters_is_a_translation_beside_toned_glosses() -> None:
    text = "國(guó)家支(zhī)持(chí)武漢(Wuhan)建設(shè)。"
    assert repaired(text)[0] == "国家支持武汉(Wuhan)建设。"
