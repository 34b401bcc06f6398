from __future__ import annotations

import random
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from kinds import CorpusOf, MakeProject

from policybook.coding import quantities_en, quantities_zh
from policybook.coding.code import Coding, code_corpus
from policybook.coding.quantities import QuantityFinder, find_documents, load_quantity_finder
from policybook.coding.quantity_words import FoundQuantity
from policybook.corpus.matching import fold

# What holds for every text: order, offsets, linear work, no surprise from strange input ------------


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
        started = time.process_time()
        for _ in finder.find(text, language):
            pass
        return time.process_time() - started

    # eight times the text; quadratic work would be 64 times, each time that it is measured
    assert any(seconds(16_000) < 24 * max(seconds(2_000), 0.001) for _ in range(3))


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


# Sentences with every quantity in them: cases_zh.yml and cases_en.yml were written before the rules ---


HERE = Path(__file__).resolve().parent
CASES = [
    pytest.param(language, case, id=f"{language}: {register}: {case['text'][:40]}")
    for language in ("zh", "en")
    for register, cases in yaml.safe_load((HERE / f"cases_{language}.yml").read_text(encoding="utf-8")).items()
    for case in cases
]


def test_there_are_enough_cases_in_each_language() -> None:
    languages = [case.values[0] for case in CASES]
    assert languages.count("zh") >= 150
    assert languages.count("en") >= 120


@pytest.mark.parametrize(("language", "case"), CASES)
def test_every_quantity_and_nothing_else_is_found(coding: Coding, language: str, case: dict[str, Any]) -> None:
    expected, place = [], 0
    for text, value, unit, qualifier, kind, *indicator in case.get("found", ()):
        start = case["text"].index(str(text), place)
        place = start + len(str(text))
        named = indicator[0] if indicator else None
        expected.append(FoundQuantity(start, place, value, unit, qualifier, kind, named))
    assert list(coding.quantities.find(case["text"], language)) == expected


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


def test_a_person_can_add_a_unit_a_name_and_an_indicator(make_project: MakeProject) -> None:
    project = make_project()
    path = project.lexicon / "quantities.yml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("\nunits:\n", "\nunits:\n  - {unit: li, one: true, zh: [华里], en: [li]}\n", 1)
    text = text.replace("patterns: [", "patterns: [N号院, ", 1)
    text = text.replace(
        "indicators:\n", "indicators:\n  - {id: x, term_zh: 绿道长度, zh: [绿道长度], en: [greenway length]}\n", 1
    )
    path.write_text(text, encoding="utf-8")
    finder = load_quantity_finder(project)
    (found,) = finder.find("5号院的绿道长度超过30华里。", "zh")
    assert (found.value, found.unit, found.qualifier, found.indicator) == (30, "li", "over", "绿道长度")
    (english,) = finder.find("The greenway length is 30 li.", "en")
    assert (english.value, english.unit, english.indicator) == (30, "li", "绿道长度")


@pytest.mark.parametrize("digits", ["9" * 5000, "1" * 19, "一" * 400])
def test_codes_are_too_long_for_numbers(digits: str) -> None:
    assert not list(quantities_zh.NUMBERS_ZH.find(digits))
    assert not list(quantities_en.NUMBERS_EN.find(digits))
