"""What holds for every text: order, offsets, linear work, no surprise from strange input."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from kinds import CorpusOf

from policybook.coding.code import Coding, code_corpus
from policybook.coding.quantities import QuantityFinder

PIECES = (
    "1", "三", "万", "亿", "多", "%", "％", "个", "年", "月", "日", "2014", "-", "—", "至", "第", "号", "〔2024〕",
    "近", "以上", "，", " ", ".", ",", "one", " million ", "half", "and", "between ", "$", "€", "人", "翻一番",
    "分之", "百", "“", "”", "/", "+", "the ", "3rd", "İ", "ß", "𠀀", "é", "\u200b", "点", "两", "个多月", "半",
)  # fmt: skip
#: Texts that a careless pattern would need quadratic time for.
HOSTILE = {
    "zh": (
        "1",
        "一",
        "1,111",
        "2014-",
        "2014年",
        "1、",
        "1 ",
        "“三",
        "第1",
        "不超过",
        "的1%",
        "国发〔2024〕17号",
        "城1个",
        "多",
        "个",
    ),
    "en": (
        "1 ",
        "one ",
        "a ",
        "2014-",
        "march 1 ",
        "between 3 ",
        "from 1 ",
        "first ",
        "number of 1 ",
        "[2024] ",
        "-",
        " ",
        "1,",
    ),
}


@pytest.fixture(scope="module")
def finder(coding: Coding) -> QuantityFinder:
    return coding.quantities


@pytest.mark.parametrize("language", ["zh", "en"])
def test_any_text_gives_ordered_spans_that_do_not_overlap(finder: QuantityFinder, language: str) -> None:
    draw = random.Random(4)
    found_any = 0
    for _ in range(1500):
        text = "".join(draw.choices(PIECES, k=draw.randint(1, 25)))
        found = list(finder.find(text, language))
        found_any += len(found)
        for one in found:
            assert 0 <= one.start < one.end <= len(text)
            assert text[one.start : one.end] == text[one.start : one.end].strip()
            assert one.qualifier in {"exact", "about", "almost", "over", "at_least", "at_most", "under", "range"}
            assert (one.qualifier == "range") == (isinstance(one.value, list) and one.kind != "year_range")
        for first, second in pairwise(found):
            assert first.end <= second.start
    assert found_any > 300


@pytest.mark.parametrize(("language", "piece"), [(lang, piece) for lang, pieces in HOSTILE.items() for piece in pieces])
def test_work_grows_with_the_length_of_the_text(finder: QuantityFinder, language: str, piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            for _ in finder.find(text, language):
                pass
            best = min(best, time.process_time() - started)
        return best

    short, long = seconds(4_000), seconds(32_000)
    assert long < 24 * max(short, 0.001)  # eight times the text; quadratic work would be 64 times


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [("常住人口城镇化率 达到 ６０ ％ 左右", "zh", 60), ("NEARLY 70 PERCENT", "en", 70), ("nearly 70%。", "en", 70)],
)
def test_spaces_width_and_case_do_not_matter(finder: QuantityFinder, text: str, language: str, value: int) -> None:
    assert [one.value for one in finder.find(text, language)] == [value]


def test_a_sentence_in_the_other_language_is_read_in_it(finder: QuantityFinder) -> None:
    (found,) = finder.find("More than 10 million people moved.", "zh")
    assert (found.value, found.unit, found.qualifier) == (10_000_000, "person", "over")
    (found,) = finder.find("常住人口1000万人。", "en")
    assert (found.value, found.unit) == (10_000_000, "person")


def test_the_tables_of_a_corpus_hold_the_quantities(corpus_of: CorpusOf, coding: Coding) -> None:
    coded = code_corpus(corpus_of({"a": "The urbanization rate rose to nearly 70% in 2023.\n"}), coding)
    rows = coded.quantities[["text", "value", "unit", "qualifier", "kind", "indicator"]].to_dict("records")
    assert rows == [
        {"text": "nearly 70%", "value": 70, "unit": "percent", "qualifier": "almost", "kind": "percent",
         "indicator": "城镇化率"},
        {"text": "2023", "value": 2023, "unit": None, "qualifier": "exact", "kind": "year", "indicator": None},
    ]  # fmt: skip


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
def test_names_and_marks_are_no_quantities_in_chinese(finder: QuantityFinder, text: str) -> None:
    assert [text[one.start : one.end] for one in finder.find(text, "zh")] == []


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
def test_names_and_marks_are_no_quantities_in_english(finder: QuantityFinder, text: str) -> None:
    assert [text[one.start : one.end] for one in finder.find(text, "en")] == []
