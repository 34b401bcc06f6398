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
from policybook.coding.quantities import QuantityFinder, find_documents, misread_digits
from policybook.coding.quantity_words import FoundQuantity, load_quantity_words
from policybook.corpus.matching import fold

# What holds for every text: order, offsets, linear work, no surprise from strange input ------------


PIECES = (
    "1", "三", "万", "亿", "多", "%", "％", "个", "年", "月", "日", "2014", "-", "—", "至", "第", "号", "〔2024〕",
    "近", "以上", "，", " ", ".", ",", "one", " million ", "half", "and", "between ", "$", "€", "人", "翻一番",
    "分之", "百", "“", "”", "/", "+", "the ", "3rd", "İ", "ß", "𠀀", "é", "\u200b", "点", "两", "个多月", "半",
    "|", "−", "负", "（%）", "½", "×10⁸", "O", "pages ", " from ", "NT$", "民国", "亿3,500",
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
        "1|",
        "负1",
        "1 . ",
        "亿1",
        "（%）1",
        "2O",
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
        "1|",
        "-1 ",
        "$1 to ",
        "pages 1, ",
        "1(2)",
        "3m to ",
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


# A number is read whole or not at all: (text, language, every value with its unit).
WHOLE = [
    ("岗位达一点四亿个，投入两点五万元，占百分之六十七点八九", "zh",
     [(140_000_000, "job"), (25_000, "CNY"), (67.89, "percent")]),
    ("零点五万亩，三点五千万元，点五亿元，重点五个村", "zh", [(5000, "mu"), (35_000_000, "CNY"), (5, "village")]),
    ("占26,7%，投资3亿2,500万元，有5万3,456人，另1,20,000户", "zh",
     [(26.7, "percent"), (325_000_000, "CNY"), (53_456, "person"), (120_000, "household")]),
    ("为12.1万60周岁以上老人，共12,345,6人", "zh", [(121_000, None), (60, "year")]),
    ("Jobless 9,5 %, 1,5 million people, 2,34,000 homes; in 3,5,7 months; 1 234,5 km", "en",
     [(9.5, "percent"), (1_500_000, "person"), (234_000, "housing_unit"), (3, None), (5, None), (7, "month")]),
    ("3.1 crore people, Rs 48,000 crore, 2 lakh crore trees", "en",
     [(31_000_000, "person"), (480_000_000_000, "INR"), (2 * 10**12, "tree")]),
    ("1.2 x 10^8 tonnes, 3 × 10⁵ ha, 10⁶ homes; 1.2 × 108 tonnes", "en",
     [(120_000_000, "tonne"), (300_000, "hectare"), (1_000_000, "housing_unit")]),
    ("A rate of 6 5 % in 2 0 2 6; 1 2 0 towns; 5 of the 9", "en",
     [(65, "percent"), (2026, None), (120, "town"), (5, None), (9, None)]),
    ("到 2 0 2 6 年有 1 2 0 万人，1 3个村", "zh", [(2026, None), (1_200_000, "person"), (3, "village")]),
    ("到2O26年占6O%，l2万人，二O二四年，O2O平台", "zh",
     [(2026, None), (60, "percent"), (120_000, "person"), (2024, None)]),
    ("2½ years, a quarter of a million people, two and a half percent, sixty point five percent", "en",
     [(2.5, "year"), (250_000, "person"), (2.5, "percent"), (60.5, "percent")]),
    ("税率降两成半，为两倍半", "zh", [(25, "percent"), (2.5, "fold")]),
    ("由 5 2. 6 %增至 6 3 . 9 %，投资 12. 5 亿元，占 3. 5%", "zh",
     [(52.6, "percent"), (63.9, "percent"), (1_250_000_000, "CNY"), (3.5, "percent")]),
]  # fmt: skip
# The unit, the sign, the scale and the qualifier that belong to a number, wherever they stand.
BESIDE = [
    ("The rate rose from 60 to 65 per cent and the area from 1.2 to 1.5 million mu, from 3 to 5 years.", "en",
     [(60, "percent"), (65, "percent"), (1_200_000, "mu"), (1_500_000, "mu"), (3, "year"), (5, "year")]),
    ("to 65 percent from 60; from $5 to $8 million; from 500 to 1.2 million homes", "en",
     [(65, "percent"), (60, "percent"), (5_000_000, "USD"), (8_000_000, "USD"), (500, "housing_unit"),
      (1_200_000, "housing_unit")]),
    ("It rose from 60 percent to 65 by 2025, from 52% in 2015 to 58.5 in 2020, from 30 percent (2015) to 40.", "en",
     [(60, "percent"), (65, "percent"), (2025, None), (52, "percent"), (2015, None), (58.5, "percent"), (2020, None),
      (30, "percent"), (2015, None), (40, "percent")]),
    ("from 60 percent to 65 schools, 10 percent to 2 counties, up 5 percent to 12 of them; 2015-20, 2015 to 2020", "en",
     [(60, "percent"), (65, "school"), (10, "percent"), (2, "county"), (5, "percent"), (12, None), ([2015, 2020], None),
      ([2015, 2020], None)]),
    ("由52.6增加到63.9%，从3.2提高到4.5万亿元，由2012年的52提高到2020年的60%", "zh",
     [(52.6, "percent"), (63.9, "percent"), (3.2 * 10**12, "CNY"), (4.5 * 10**12, "CNY"), (2012, None), (52, "percent"),
      (2020, None), (60, "percent")]),
    ("Cities of 3m to 5m residents, 20k people, £20k; 3m of pipe, a 5m wide road, 4K video", "en",
     [([3_000_000, 5_000_000], "person"), (20_000, "person"), (20_000, "GBP"), (3, "m"), (5, "m")]),
    ("3 out of 5 residents, seven in ten homes; 5 in 12 provinces", "en",
     [(60, "percent"), (70, "percent"), (5, None)]),
    ("增速-2.3%，为−1.2%，负3%，气温零下5℃，从-2%到3%；3-5%，北京-3家，——4%，下降2%", "zh",
     [(-2.3, "percent"), (-1.2, "percent"), (-3, "percent"), (-5, "degree_celsius"), (-2, "percent"), (3, "percent"),
      ([3, 5], "percent"), (3, "enterprise"), (4, "percent"), (2, "percent")]),
    ("Growth of –0.5%, (-2.3 per cent), minus 5 percent, -$5 million; fell 3%, 5-8 towns", "en",
     [(-0.5, "percent"), (-2.3, "percent"), (-5, "percent"), (-5_000_000, "USD"), (3, "percent"), ([5, 8], "town")]),
    ("-12 towns were renewed", "en", [(12, "town")]),
    ("补助新台币1,200元，约港币3亿元，NT$5亿，3亿新加坡元，5亿比索；人民币3亿元，2亿元", "zh",
     [(1200, "TWD"), (300_000_000, "HKD"), (500_000_000, "TWD"), (300_000_000, "SGD"), (500_000_000, None),
      (300_000_000, "CNY"), (200_000_000, "CNY")]),
    ("J$40 million, S$2.5bn, R200 million, 20 Canadian dollars, line R1; US$5", "en",
     [(40_000_000, None), (2_500_000_000, "SGD"), (200_000_000, "ZAR"), (20, "CAD"), (5, "USD")]),
    ("5,000 square miles, 300 sq. ft.; 20 miles", "en", [(5000, "mi2"), (300, "ft2"), (20, "mile")]),
    ("面积2万平方呎和30平方英里，300平方米", "zh", [(20_000, "ft2"), (30, "mi2"), (300, "m2")]),
]  # fmt: skip
# What only looks like a count, and counts that look like something else.
NO_COUNTS = [
    ("1 城市更新行动", "zh", []),
    ("3 项目建设情况", "zh", []),
    ("附件2 企业名单", "zh", []),
    ("12 个镇完成改造。", "zh", [(12, "town")]),
    ("1 Urban renewal of towns", "en", []),
    ("12 Chinese cities were renewed.", "en", [(12, "city")]),
    ("Under Article 5(2)(a), Articles 3, 4 and 6, section 3(4) and pages 12 to 15, 12 towns shall report.[3]", "en",
     [(12, "town")]),
    ("The new rules 12 towns follow; see Table 2, 300 homes", "en", [(12, "town"), (300, "housing_unit")]),
    ("民国113年5月8日，民国110年至125年，114年底；历时113年，期限20年", "zh",
     [("2024-05-08", None), ([2021, 2036], None), (2025, None), (113, "year"), (20, "year")]),
    ("In 2015/16 and FY2020/21; 2015/06, 3/4 of homes", "en", [([2015, 2016], None), ([2020, 2021], None), (2015, None),
     (75, "percent")]),
    ("It built 2000 homes and 1950 shops; in 2010 homes were few, the 2024 jobs report", "en",
     [(2000, "housing_unit"), (1950, "store"), (2010, None), (2024, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "values"), [*WHOLE, *BESIDE, *NO_COUNTS])
def test_values_and_units(finder: QuantityFinder, text: str, language: str,
                          values: list[tuple[Any, str | None]]) -> None:  # fmt: skip
    assert [(one.value, one.unit) for one in finder.find(text, language)] == values


@pytest.mark.parametrize(
    ("text", "qualifier", "value"),
    [("超过了60%", "over", 60), ("突破了3万元", "over", 30_000), ("过20个", "over", 20), ("过百万", "over", 10**6),
     ("上千家", "over", 1000), ("≥23%", "at_least", 23), ("迈上万亿元台阶", "exact", 10**12), ("经过5个县", "exact", 5),
     ("2家以上千亿元企业", "exact", 10**11)],
)  # fmt: skip
def test_over(finder: QuantityFinder, text: str, qualifier: str, value: int) -> None:
    found = list(finder.find(text, "zh"))[-1]
    assert (found.qualifier, found.value) == (qualifier, value)


TABLES = [
    ("zh", ["指标（%） | 2012 | 2020", "城镇化率（%） | 52.6 | 60左右", "常住人口（万人） | 120 | ≥150"],
     [(52.6, "percent"), (60, "percent"), (1_200_000, "person"), (1_500_000, "person")]),
    ("zh", ["序号 | 指标 | 单位 | 2020", "1 | 常住人口 | 万人 | 120", "2 | 投资 | 亿元 | 1.5", "3 | 县城 | 个 | 12"],
     [(1_200_000, "person"), (150_000_000, "CNY")]),
    ("zh", ["地区 | 城镇化率（%） | 面积（公顷）", "示例市 | 52.6 | 30", "城市更新12个。", "样本县 | 7"],
     [(52.6, "percent"), (30, "hectare"), (12, None)]),
    ("zh", ["单位：万人", "地区 | 2020", "示例市 | 12", "新增12个岗位。"], [(120_000, "person"), (12, "job")]),
    ("zh", ["城镇化率（%） 52.6 60以上", "增长（同比）5%"], [(52.6, "percent"), (60, "percent"), (5, "percent")]),
    ("en", ["No. | Indicator | Unit | 2020", "1 | Homes | thousand homes | 12", "2 | Rate | % | 60.5"],
     [(2020, None), (12_000, "housing_unit"), (60.5, "percent")]),
    ("en", ["Spending (US$ billion) | 12", "Residents (10,000 persons) | 1.5"],
     [(12 * 10**9, "USD"), (15_000, "person")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "rows", "values"), TABLES)
def test_a_table_gives_its_numbers_their_unit(finder: QuantityFinder, language: str, rows: list[str],
                                              values: list[tuple[Any, str | None]]) -> None:  # fmt: skip
    find = finder.reader("hans" if language == "zh" else "latn")
    assert [(one.value, one.unit) for row in rows for one in find(row, language)] == values


@pytest.mark.parametrize(
    ("script", "sentences", "units"),
    [("hant", ["总经费新台币3亿元。", "补助5千元。"], ["TWD", "TWD"]),
     ("hans", ["投资港币3亿元。", "投资5千元。"], ["HKD", "CNY"]),
     ("hant", ["民国113年。", "补助5千元。"], [None, None]), ("hant", ["投资5千元。"], ["CNY"])],
)  # fmt: skip
def test_yuan_of_other_places(finder: QuantityFinder, script: str, sentences: list[str],
                              units: list[str | None]) -> None:  # fmt: skip
    find = finder.reader(script)
    assert [one.unit for sentence in sentences for one in find(sentence, "zh")] == units


@pytest.mark.parametrize(
    ("text", "found"),
    [("自110年起推动", [2021]), ("107年至110年补助", [[2018, 2021]]), ("98年完成", [2009]), ("一一五年完成", [2026]),
     ("于115年前完成", [2026]), ("预计115年前完成", [2026]), ("110年的预算", [2021]), ("110年前建成", [110]),
     ("有110年历史", [110]), ("已有120年的老树", [120]), ("近80年来", [80]), ("租期长达99年", [99]),
     ("使用年限3年", [3]), ("不得超过99年", [99])],
)  # fmt: skip
@pytest.mark.parametrize(("script", "told"), [("hant", "民国112年"), ("hant", ""), ("hans", "民国112年")])
def test_years_without_their_calendar_are_years_where_the_text_names_it(finder: QuantityFinder, text: str,
                                                                        found: list[Any], script: str,
                                                                        told: str) -> None:  # fmt: skip
    values = [(one.value, one.kind) for one in finder.reader(script, told)(text, "zh") if one.unit in ("year", None)]
    if script == "hant" and told:
        assert [value for value, _ in values] == found
        assert all(kind.startswith("year") == ("20" in str(value) and value != 120) for value, kind in values)
    elif "起" not in text:
        assert all(kind == "count" for _, kind in values)


@pytest.mark.parametrize(
    ("text", "values"),
    [("1 8 0万人，2 0 2 5年完成。", [1_800_000, 2025]), ("达到1 8 0万人，占6 5 %。", [1_800_000, 65]),
     ("占3 . 5%，增加12 . 5万人。", [3.5, 125_000]), ("达到3. 5%。", [3.5]), ("附件1 2%的居民。", [2]),
     ("表1 2020年指标。", [2020]), ("在2014 5%的居民。", [5]), ("It built 1998 units.", [1998])],
)  # fmt: skip
def test_digits_set_apart_are_one_number_wherever_they_stand(finder: QuantityFinder, text: str,
                                                             values: list[float]) -> None:  # fmt: skip
    found = list(finder.find(text, "en" if text.isascii() else "zh"))
    assert [one.value for one in found] == values
    assert {one.kind for one in found if one.value == 2025} <= {"year"}
    assert all(one.kind == "count" for one in found if one.value == 1998)


def test_misread_digits_are_told() -> None:
    assert misread_digits("到2O25年，占6O%，有l2万人；CO2、O2O、in 2014") == ["2O25", "6O", "l2"]


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
    finder = QuantityFinder(load_quantity_words(project))
    (found,) = finder.find("5号院的绿道长度超过30华里。", "zh")
    assert (found.value, found.unit, found.qualifier, found.indicator) == (30, "li", "over", "绿道长度")
    (english,) = finder.find("The greenway length is 30 li.", "en")
    assert (english.value, english.unit, english.indicator) == (30, "li", "绿道长度")


@pytest.mark.parametrize("digits", ["9" * 5000, "1" * 19, "一" * 400])
def test_codes_are_too_long_for_numbers(digits: str) -> None:
    assert not list(quantities_zh.NUMBERS_ZH.find(digits))
    assert not list(quantities_en.NUMBERS_EN.find(digits))
