from __future__ import annotations

import pytest

from policybook.coding.quantities import calendar_en, calendar_zh
from policybook.coding.quantities.documents import find_documents
from policybook.corpus.matching import fold

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


@pytest.mark.parametrize(("text", "values"), CHINESE.items())
def test_chinese_dates(text: str, values: list[object]) -> None:
    assert [one.value for one in calendar_zh.find_calendar(fold(text, keep_dashes=True))] == values


@pytest.mark.parametrize(("text", "values"), ENGLISH.items())
def test_english_dates(text: str, values: list[object]) -> None:
    assert [one.value for one in calendar_en.find_calendar(fold(text, keep_dashes=True))] == values


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("根据国发〔2024〕17号文件", "zh", ["国发〔2024〕17号"]),
        ("（发改规划〔2021〕493号）和中发[2014]4号", "zh", ["发改规划〔2021〕493号", "中发[2014]4号"]),
        ("国办发（2019）12号", "zh", ["国办发（2019）12号"]),
        ("国务院令第654号", "zh", ["第654号"]),
        ("issued as Guofa [2024] No. 17", "en", ["Guofa [2024] No. 17"]),
        ("the plan (2014-2020)", "en", []),
        ("the law (2014) is 3 pages", "en", []),
    ],
)
def test_document_numbers(text: str, language: str, numbers: list[str]) -> None:
    found = list(find_documents(text, fold(text, keep_dashes=True), language))
    assert [one.value for one in found] == numbers
    assert [text[one.start : one.end] for one in found] == numbers
