from __future__ import annotations

from decimal import Decimal

import pytest

from policybook.coding.quantities import numbers_en, numbers_zh
from policybook.coding.quantities.number import percent_of, plain

CHINESE = {
    "十": 10, "十七": 17, "二十": 20, "一百零八": 108, "一百二": 120, "两千": 2000, "四万五": 45_000, "两万三": 23_000,
    "二十一万三千": 213_000, "一亿二千万": 120_000_000, "十万亿": 10**13, "1.2万亿": 1_200_000_000_000,
    "3万2千亿": 3_200_000_000_000, "5千": 5000, "1,260,582亿": 126_058_200_000_000, "9 400": 9400, "十点五": 10.5,
    "千亿": 10**11, "百万": 10**6, "万亿": 10**12, "一九七八": 1978,
}  # fmt: skip
ENGLISH = {
    "nine": 9, "twenty-seven": 27, "twenty seven": 27, "one hundred and twenty": 120, "a hundred": 100, "a dozen": 12,
    "twelve hundred": 1200, "thirty thousand": 30_000, "one hundred million": 10**8, "half a million": 500_000,
    "two hundred and fifty trillion": 250 * 10**12, "1.2 million": 1_200_000, "120million": 120_000_000,
    "3.5bn": 3_500_000_000, "126,058.2 billion": 126_058_200_000_000, "12 000": 12_000, "two thousand and eight": 2008,
}  # fmt: skip


@pytest.mark.parametrize(("words", "value"), CHINESE.items())
def test_chinese_numbers(words: str, value: float) -> None:
    (number,) = numbers_zh.find_numbers(words)
    assert (number.start, number.end) == (0, len(words))
    assert [plain(one) for one in number.values] == [value]


@pytest.mark.parametrize(("words", "value"), ENGLISH.items())
def test_english_numbers(words: str, value: float) -> None:
    (number,) = numbers_en.find_numbers(words)
    assert (number.start, number.end) == (0, len(words))
    assert [plain(one) for one in number.values] == [value]


def test_every_chinese_numeral_below_ten_thousand_is_read_back() -> None:
    for value in range(1, 10_000):
        assert numbers_zh.read_mixed(spelled(value)) == value


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
    (number,) = numbers_zh.find_numbers(words)
    assert ([plain(one) for one in number.values], number.more) == (values, more)


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
    (number,) = numbers_zh.find_numbers(words)
    assert number.share
    assert plain(number.values[0]) == percent


@pytest.mark.parametrize(
    ("words", "percent"),
    [("a third", 33.33), ("two-thirds", 66.67), ("three quarters", 75), ("half of", 50), ("1/5", 20)],
)
def test_shares_in_english(words: str, percent: float) -> None:
    (number,) = numbers_en.find_numbers(words)
    assert number.share
    assert plain(number.values[0]) == percent


@pytest.mark.parametrize("words", ["十几", "几十", "数百", "上百", "成千", "每万", "零部件"])
def test_vague_chinese_numbers_are_none(words: str) -> None:
    assert not [number for number in numbers_zh.find_numbers(words) if number.values]


@pytest.mark.parametrize("words", ["hundreds of", "several hundred", "tens of millions", "someone", "often", "weight"])
def test_vague_english_numbers_are_none(words: str) -> None:
    assert not list(numbers_en.find_numbers(words))


@pytest.mark.parametrize("digits", ["9" * 5000, "1" * 19, "一" * 400])
def test_codes_are_too_long_for_numbers(digits: str) -> None:
    assert not list(numbers_zh.find_numbers(digits))
    assert not list(numbers_en.find_numbers(digits))


def test_percentages_are_exact_or_have_two_decimals() -> None:
    assert percent_of(Decimal(1), Decimal(8)) == Decimal("12.5")
    assert percent_of(Decimal(2), Decimal(7)) == Decimal("28.57")
    assert isinstance(plain(Decimal("60.0")), int)
    assert plain(Decimal("0.3")) == 0.3
