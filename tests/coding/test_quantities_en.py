from __future__ import annotations

import pytest

from policybook.coding import quantities_en
from policybook.coding.code import Coding
from policybook.coding.quantity_words import plain_number
from policybook.corpus.matching import fold


@pytest.mark.parametrize(
    "text",
    [
        "The first is reform; the second is two-way opening; first of all, one must learn from one of them.",
        "Four-in-one, one-stop, COVID-19, G20, PM2.5, 5G and the five-year plan.",
        "one country, two systems; the three rural issues; the two sessions",
        "See Chapter 3, Article 5, Section 4.2, Table 2 and Room 301.",
        "In the second half of the 21st century, hundreds of cities and tens of thousands of towns.",
        "(1) Improve. ",
        "At 9:30 a.m. the tertiary industry of the Three Gorges was second to none.",
    ],
)
def test_names_and_marks_are_no_quantities_in_english(coding: Coding, text: str) -> None:
    assert [text[one.start : one.end] for one in coding.quantities.find(text, "en")] == []


ENGLISH = {
    "March 30, 2021": ["2021-03-30"],
    "30 March 2021": ["2021-03-30"],
    "30th of March": ["03-30"],
    "september 2": ["09-02"],
    "Sept. 2nd": ["09-02"],
    "on August 29,the": ["08-29"],
    "in March 2014": ["2014-03"],
    "2014-2020": [[2014, 2020]],
    "2014–20": [[2014, 2020]],
    "from 2014 to 2020": [[2014, 2020]],
    "between 2014 and 2020": [[2014, 2020]],
    "2014 and 2020": [2014, 2020],
    "in 2014": [2014],
    "May 4-6, 2024": ["2024-05-04", "2024-05-06"],
    "2024-08-29": ["2024-08-29"],
    "in the 1990s": [],
    "2,014": [],
    "$2014": [],
    "2014 yuan": [],
    "May 2 million": [],
    "February 30": [],
    "in August": [],
    "12021": [],
}


@pytest.mark.parametrize(("text", "values"), ENGLISH.items())
def test_english_dates(text: str, values: list[object]) -> None:
    assert [one.value for one in quantities_en.CALENDAR_EN.find(fold(text, keep_dashes=True))] == values


NUMBERS_ENGLISH = {
    "nine": 9, "twenty-seven": 27, "twenty seven": 27, "one hundred and twenty": 120, "a hundred": 100, "a dozen": 12,
    "twelve hundred": 1200, "thirty thousand": 30_000, "one hundred million": 10**8, "half a million": 500_000,
    "two hundred and fifty trillion": 250 * 10**12, "1.2 million": 1_200_000, "120million": 120_000_000,
    "3.5bn": 3_500_000_000, "126,058.2 billion": 126_058_200_000_000, "12 000": 12_000, "two thousand and eight": 2008,
}  # fmt: skip


@pytest.mark.parametrize(("words", "value"), NUMBERS_ENGLISH.items())
def test_english_numbers(words: str, value: float) -> None:
    (number,) = quantities_en.NUMBERS_EN.find(words)
    assert (number.start, number.end) == (0, len(words))
    assert [plain_number(one) for one in number.values] == [value]


@pytest.mark.parametrize(
    ("words", "percent"),
    [("a third", 33.33), ("two-thirds", 66.67), ("three quarters", 75), ("half of", 50), ("1/5", 20)],
)
def test_shares_in_english(words: str, percent: float) -> None:
    (number,) = quantities_en.NUMBERS_EN.find(words)
    assert number.share
    assert plain_number(number.values[0]) == percent


@pytest.mark.parametrize("words", ["hundreds of", "several hundred", "tens of millions", "someone", "often", "weight"])
def test_vague_english_numbers_are_none(words: str) -> None:
    assert not list(quantities_en.NUMBERS_EN.find(words))
