from __future__ import annotations

import pytest

from policybook.coding import quantities_zh
from policybook.coding.code import Coding
from policybook.coding.quantity_words import plain_number
from policybook.corpus.matching import fold


@pytest.mark.parametrize(
    "text",
    [
        "三农、十四五、80后、一是、两横三纵、四化同步、一体化、万众创新、千方百计、一批、一些、一个、双城、十九大、三中全会",
        "第一，要抓落实；第二，要抓创新。",
        "“5+9”工程、211工程、“1+N”体系、一带一路、三权分置、五位一体",
        "第一产业、第三产业、第三方、一流、唯一、统一、百姓、亿万群众",
        "拨打110或者12345热线。",
        "第三章 第二条 第5款",
        "五年行动计划、三年行动、九年义务教育",
        "城乡居民收入比为2.5:1，会议9:30开始。",
    ],
)
def test_names_and_marks_are_no_quantities_in_chinese(coding: Coding, text: str) -> None:
    assert [text[one.start : one.end] for one in coding.quantities.find(text, "zh")] == []


CHINESE = {
    "2024年8月29日": ["2024-08-29"],
    "8月29日": ["08-29"],
    "2024年8月": ["2024-08"],
    "2024-08-29": ["2024-08-29"],
    "2024/08/29": ["2024-08-29"],
    "2024.8.29": ["2024-08-29"],
    "二〇二四年八月二十九日": ["2024-08-29"],
    "２０２４年８月２９日": ["2024-08-29"],
    "2014-2020年": [[2014, 2020]],
    "2014—2020年": [[2014, 2020]],
    "2014年至2020年": [[2014, 2020]],
    "2014年—2020年": [[2014, 2020]],
    "（2014-2020）": [[2014, 2020]],
    "2021—25年": [[2021, 2025]],
    "2021年": [2021],
    "一九七八年": [1978],
    "5月4日至6日": ["05-04", "05-06"],
    "2024年5月4日-6日": ["2024-05-04", "2024-05-06"],
    "5月30日-31日": ["05-30", "05-31"],
    "2023年1—9月": [2023],
    "2月30日": [],
    "13月1日": [],
    "8月": [],
    "29日": [],
    "2000年代": [],
    "12021年": [],
}


@pytest.mark.parametrize(("text", "values"), CHINESE.items())
def test_chinese_dates(text: str, values: list[object]) -> None:
    assert [one.value for one in quantities_zh.CALENDAR_ZH.find(fold(text, keep_dashes=True))] == values


NUMBERS_CHINESE = {
    "十": 10, "十七": 17, "二十": 20, "一百零八": 108, "一百二": 120, "两千": 2000, "四万五": 45_000, "两万三": 23_000,
    "二十一万三千": 213_000, "一亿二千万": 120_000_000, "十万亿": 10**13, "1.2万亿": 1_200_000_000_000,
    "3万2千亿": 3_200_000_000_000, "5千": 5000, "1,260,582亿": 126_058_200_000_000, "9 400": 9400, "十点五": 10.5,
    "三点二万": 32_000, "千亿": 10**11, "百万": 10**6, "万亿": 10**12, "一九七八": 1978,
}  # fmt: skip


@pytest.mark.parametrize(("words", "value"), NUMBERS_CHINESE.items())
def test_chinese_numbers(words: str, value: float) -> None:
    (number,) = quantities_zh.NUMBERS_ZH.find(words)
    assert (number.start, number.end) == (0, len(words))
    assert [plain_number(one) for one in number.values] == [value]


def test_every_chinese_numeral_below_ten_thousand_is_read_back() -> None:
    for value in range(1, 10_000):
        assert quantities_zh.read_mixed(spelled(value)) == value


def spelled(value: int) -> str:
    """Return a number below ten thousand in Chinese numerals, by the rules of the language."""
    words, gap = "", False
    for power, scale in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + scale
        gap = not digit
    return words


@pytest.mark.parametrize(
    ("words", "values", "more"),
    [
        ("三千多", [3000], "over"),
        ("三十多万", [300_000], "over"),
        ("6800多万", [68_000_000], "over"),
        ("5亿多", [500_000_000], "over"),
        ("20来", [20], "about"),
        ("二三十", [20, 30], ""),
        ("十七八", [17, 18], ""),
        ("三五", [3, 5], ""),
        ("七八百", [700, 800], ""),
    ],
)
def test_numbers_that_are_inexact_by_themselves(words: str, values: list[int], more: str) -> None:
    (number,) = quantities_zh.NUMBERS_ZH.find(words)
    assert ([plain_number(one) for one in number.values], number.more) == (values, more)


@pytest.mark.parametrize(
    ("words", "percent"),
    [
        ("百分之六十", 60),
        ("百分之九十八点六", 98.6),
        ("千分之五", 0.5),
        ("三分之一", 33.33),
        ("2/3", 66.67),
        ("一半", 50),
    ],
)
def test_shares_in_words(words: str, percent: float) -> None:
    (number,) = quantities_zh.NUMBERS_ZH.find(words)
    assert number.share
    assert plain_number(number.values[0]) == percent


@pytest.mark.parametrize("words", ["十几", "几十", "数百", "成千", "每万", "零部件"])
def test_vague_chinese_numbers_are_none(words: str) -> None:
    assert not [number for number in quantities_zh.NUMBERS_ZH.find(words) if number.values]
