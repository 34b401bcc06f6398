from __future__ import annotations

import random
import time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from kinds import CorpusOf, MakeProject

from policybook.coding import quantities_en, quantities_zh
from policybook.coding.code import Coding, code_corpus
from policybook.coding.quantities import QuantityFinder, find_documents, load_quantity_finder
from policybook.coding.quantity_words import FoundQuantity, QuantityWords, load_quantity_words, percent_of, plain_number
from policybook.corpus.matching import fold
from policybook.errors import InvalidDataError
from policybook.project import Project

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
    assert any(seconds(32_000) < 24 * max(seconds(4_000), 0.001) for _ in range(3))


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
    assert [one.value for one in quantities_zh.find_calendar_zh(fold(text, keep_dashes=True))] == values


@pytest.mark.parametrize(("text", "values"), ENGLISH.items())
def test_english_dates(text: str, values: list[object]) -> None:
    assert [one.value for one in quantities_en.find_calendar_en(fold(text, keep_dashes=True))] == values


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


@pytest.fixture(scope="module")
def words(project: Project) -> QuantityWords:
    return load_quantity_words(project)


def test_every_list_has_words(words: QuantityWords) -> None:
    assert words.units and words.measures and words.things and words.qualifiers and words.indicators
    assert {one.qualifier for one in words.qualifiers} == {"about", "almost", "over", "at_least", "at_most", "under"}


def test_units_are_named_the_same_way(words: QuantityWords) -> None:
    for unit in (*words.units, *words.things):
        assert " " not in unit.unit
        assert unit.zh or unit.en or getattr(unit, "direct", ()) or getattr(unit, "before", ()), unit.unit


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("kind: area", "kind: areas", "'areas' is not allowed. Did you mean 'area'?"),
        (
            "  - {unit: percent, kind: percent, one: true, zh: ['%']",
            "  - {kind: percent, one: true, zh: ['%']",
            "missing",
        ),
        ("factor: 10,", "factors: 10,", "no such field. Did you mean 'factor'?"),
        ("zh: [公顷]", "zh: [公顷, 亩]", "the form '亩' belongs to 'mu' already."),
        ("第N产业", "第一产业", "'第一产业' is no pattern. Write N, once, where the number stands."),
        ("{id: gdp,", "{id: GDP,", "'GDP' is no id."),
        ("{id: births,", "{id: urbanization-rate,", "'urbanization-rate' is used twice."),
        ("qualifier: almost", "qualifier: nearly", "'nearly' is not allowed."),
        ("noun_phrases:", "noun_phrase:", "no such field. Did you mean 'noun_phrases'?"),
        ("zh: [公顷]", "zh: ['']", "at least 1 character"),
        ("zh: [公顷]", "zh: [12]", "12 is not text. Put it in quotes."),
    ],
)
def test_a_mistake_is_named_by_file_and_line(make_project: MakeProject, wrong: str, right: str, message: str) -> None:
    project = make_project()
    path = project.lexicon / "quantities.yml"
    text = path.read_text(encoding="utf-8")
    assert wrong in text
    path.write_text(text.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError) as error:
        load_quantity_finder(project)
    changed = path.read_text(encoding="utf-8").split("\n")
    line = next(n for n, (old, new) in enumerate(zip(text.split("\n"), changed, strict=True), 1) if old != new)
    assert all(problem.file == "data/lexicon/quantities.yml" for problem in error.value.problems)
    assert any(message in str(problem) for problem in error.value.problems), str(error.value)
    assert any(abs(problem.line - line) <= 3 for problem in error.value.problems if message in str(problem))


def test_a_file_that_is_no_mapping(make_project: MakeProject) -> None:
    project = make_project()
    (project.lexicon / "quantities.yml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"data/lexicon/quantities\.yml:1: a mapping is expected"):
        load_quantity_finder(project)


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


NUMBERS_CHINESE = {
    "十": 10, "十七": 17, "二十": 20, "一百零八": 108, "一百二": 120, "两千": 2000, "四万五": 45_000, "两万三": 23_000,
    "二十一万三千": 213_000, "一亿二千万": 120_000_000, "十万亿": 10**13, "1.2万亿": 1_200_000_000_000,
    "3万2千亿": 3_200_000_000_000, "5千": 5000, "1,260,582亿": 126_058_200_000_000, "9 400": 9400, "十点五": 10.5,
    "三点二万": 32_000, "千亿": 10**11, "百万": 10**6, "万亿": 10**12, "一九七八": 1978,
}  # fmt: skip
NUMBERS_ENGLISH = {
    "nine": 9, "twenty-seven": 27, "twenty seven": 27, "one hundred and twenty": 120, "a hundred": 100, "a dozen": 12,
    "twelve hundred": 1200, "thirty thousand": 30_000, "one hundred million": 10**8, "half a million": 500_000,
    "two hundred and fifty trillion": 250 * 10**12, "1.2 million": 1_200_000, "120million": 120_000_000,
    "3.5bn": 3_500_000_000, "126,058.2 billion": 126_058_200_000_000, "12 000": 12_000, "two thousand and eight": 2008,
}  # fmt: skip


@pytest.mark.parametrize(("words", "value"), NUMBERS_CHINESE.items())
def test_chinese_numbers(words: str, value: float) -> None:
    (number,) = quantities_zh.find_numbers_zh(words)
    assert (number.start, number.end) == (0, len(words))
    assert [plain_number(one) for one in number.values] == [value]


@pytest.mark.parametrize(("words", "value"), NUMBERS_ENGLISH.items())
def test_english_numbers(words: str, value: float) -> None:
    (number,) = quantities_en.find_numbers_en(words)
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
    (number,) = quantities_zh.find_numbers_zh(words)
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
    (number,) = quantities_zh.find_numbers_zh(words)
    assert number.share
    assert plain_number(number.values[0]) == percent


@pytest.mark.parametrize(
    ("words", "percent"),
    [("a third", 33.33), ("two-thirds", 66.67), ("three quarters", 75), ("half of", 50), ("1/5", 20)],
)
def test_shares_in_english(words: str, percent: float) -> None:
    (number,) = quantities_en.find_numbers_en(words)
    assert number.share
    assert plain_number(number.values[0]) == percent


@pytest.mark.parametrize("words", ["十几", "几十", "数百", "上百", "成千", "每万", "零部件"])
def test_vague_chinese_numbers_are_none(words: str) -> None:
    assert not [number for number in quantities_zh.find_numbers_zh(words) if number.values]


@pytest.mark.parametrize("words", ["hundreds of", "several hundred", "tens of millions", "someone", "often", "weight"])
def test_vague_english_numbers_are_none(words: str) -> None:
    assert not list(quantities_en.find_numbers_en(words))


@pytest.mark.parametrize("digits", ["9" * 5000, "1" * 19, "一" * 400])
def test_codes_are_too_long_for_numbers(digits: str) -> None:
    assert not list(quantities_zh.find_numbers_zh(digits))
    assert not list(quantities_en.find_numbers_en(digits))


def test_percentages_are_exact_or_have_two_decimals() -> None:
    assert percent_of(Decimal(1), Decimal(8)) == Decimal("12.5")
    assert percent_of(Decimal(2), Decimal(7)) == Decimal("28.57")
    assert isinstance(plain_number(Decimal("60.0")), int)
    assert plain_number(Decimal("0.3")) == 0.3
