from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from kinds import MakeProject
from marked import read

from policybook.coding.code import Coding
from policybook.coding.instruments import InstrumentClassifier, InstrumentRule, load_directive_scheme
from policybook.coding.scheme import INSTRUMENTS
from policybook.errors import InvalidDataError
from policybook.project import Project

INSTRUMENT_OF = {subtype: name for name, subtypes in INSTRUMENTS.items() for subtype in subtypes} | {"none": "none"}


@pytest.fixture(scope="module")
def classifier(project: Project) -> InstrumentClassifier:
    return InstrumentClassifier(load_directive_scheme(project).rules)


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's (1960) agreement beyond chance."""
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(one == other for one, other in pairs) / len(pairs)
    chance = sum(first[code] * second[code] for code in first) / len(pairs) ** 2
    return (observed - chance) / (1 - chance)


def test_kappa_is_that_of_the_textbook_example() -> None:
    """Cohen's measure for 20, 5, 10, 15 in the cells of two by two is .4."""
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert kappa(pairs) == pytest.approx(0.4)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_instruments_of_the_cases_agree_with_the_hand(coding: Coding, language: str) -> None:
    coded, subtypes = [], []
    for case in read("directives_cases.csv"):
        if case.language == language:
            found = coding.directives.find(case.text, language)
            for one, (_, _, label) in zip(found, case.found, strict=True):
                subtype = label.split(".")[1]
                coded.append((one.instrument, INSTRUMENT_OF[subtype]))
                subtypes.append((one.subtype or "none", subtype))
    assert kappa(coded) >= 0.9
    assert kappa(subtypes) >= 0.85
    assert {instrument for _, instrument in coded} == set(INSTRUMENTS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_instruments_of_short_directives_of_all_fields_agree_with_the_hand(coding: Coding, language: str) -> None:
    with (Path(__file__).parent / "instruments_cases.csv").open(encoding="utf-8", newline="") as file:
        cases = [row for row in csv.DictReader(file) if row["language"] == language]
    coded = []
    for case in cases:
        found = next(iter(coding.directives.find(case["text"], language)), None)
        if found is not None:
            coded.append((found.instrument, INSTRUMENT_OF[case["subtype"]]))
    assert len(coded) >= 0.95 * len(cases)
    assert kappa(coded) >= 0.9


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("开展职业技能培训", "provide vocational training", ("supply", "people")),
        ("安排专项资金", "allocate special funds", ("supply", "money")),
        ("保障用地需求", "guarantee the supply of land", ("supply", "land")),
        ("修建农村公路", "build rural roads", ("supply", "infrastructure")),
        ("建设信息平台", "build an information platform", ("supply", "information")),
        ("完善社会保障制度", "improve the social security system", ("supply", "services")),
        ("编制发展规划", "draw up a development plan", ("environment", "goals")),
        ("深化户籍制度改革", "deepen the reform of the household registration system", ("environment", "regulation")),
        ("建立成本分担机制", "establish a cost sharing mechanism", ("environment", "finance_tax")),
        ("加强统筹协调", "strengthen overall coordination", ("environment", "organisation")),
        ("扩大政府采购", "expand government procurement", ("demand", "procurement")),
        ("开展试点", "carry out pilot projects", ("demand", "pilots")),
        ("扩大消费", "expand consumption", ("demand", "market")),
        ("扩大对外贸易", "expand foreign trade", ("demand", "opening")),
        ("让日子更有滋味", "make days sweeter", ("none", None)),
    ],
)
def test_both_languages_name_the_same_means(
    classifier: InstrumentClassifier, zh: str, en: str, expected: tuple[str, str | None]
) -> None:
    assert classifier.classify(zh, "zh") == expected
    assert classifier.classify(en, "en") == expected


def test_the_weightier_word_decides_then_the_place_of_the_objects_head() -> None:
    rules = (
        InstrumentRule(instrument="supply", subtype="people", weight=2, zh=["人"], en=["person"]),
        InstrumentRule(instrument="demand", subtype="market", weight=2, zh=["市"], en=["market"]),
        InstrumentRule(instrument="environment", subtype="goals", weight=1, zh=["目"], en=["goal"]),
    )
    classifier = InstrumentClassifier(rules)
    assert classifier.classify("人市目", "zh") == ("demand", "market")
    assert classifier.classify("goal person markets", "en") == ("supply", "people")
    assert classifier.classify("目", "zh", least=2) == ("none", None)


@pytest.mark.parametrize(
    ("text", "subtype"),
    [
        # the verb before the noun
        ("依法打击侵害企业权益的行为。", "regulation"),
        ("着力整治校外培训市场。", "regulation"),
        ("编制产业发展规划。", "goals"),
        ("压实企业主体责任。", "organisation"),
        ("开工建设一批医院。", "infrastructure"),
        ("Crack down on illegal job agencies.", "regulation"),
        # the head of the object before what stands before it, also behind light words and a number
        ("培育一批大数据企业。", "market"),
        ("深化教育领域综合改革。", "regulation"),
        ("扩大乡镇财力保障机制试点范围。", "pilots"),
        ("加快构建绿色制造体系。", "market"),
        ("培育科技型企业200家以上。", "market"),
        ("分级建立公共资源交易平台。", "market"),
        ("建设大数据应用平台。", "information"),
        # a longer word that holds the head settles it, and a verb or head elsewhere decides nothing
        ("完善社会保障制度。", "services"),
        ("提高最低生活保障标准。", "services"),
        ("开展打击假冒宣传。", "regulation"),
        ("推进企业职工养老服务。", "services"),
    ],
)
def test_the_verb_decides_then_the_head_of_the_object(coding: Coding, text: str, subtype: str) -> None:
    found = next(iter(coding.directives.find(text, "zh" if text[0] > "一" else "en")))
    assert found.subtype == subtype


def test_words_of_a_place_count_there_alone_and_may_stand_in_another_rule() -> None:
    rules = (
        InstrumentRule(instrument="supply", subtype="people", weight=2, zh=["人"], en=["person"]),
        InstrumentRule(instrument="demand", subtype="market", weight=5, where="verb", zh=["买"], en=["buy"]),
        InstrumentRule(instrument="environment", subtype="goals", weight=5, where="head", zh=["人", "目"]),
    )
    classifier = InstrumentClassifier(rules, ["大业"])
    assert classifier.classify("要买人手", "zh", verb=1) == ("demand", "market")
    assert classifier.classify("要人买手", "zh") == ("supply", "people")
    assert classifier.classify("育人大业", "zh") == classifier.classify("育人30个", "zh") == ("environment", "goals")
    assert classifier.classify("buyers and persons", "en") == ("supply", "people")
    assert classifier.classify("we buy persons", "en", verb=3) == ("demand", "market")


def test_the_purpose_behind_a_clause_settles_only_what_it_leaves_open(coding: Coding) -> None:
    find = coding.directives.find
    assert [one.subtype for one in find("Improve rural roads so as to raise employment.", "en")] == ["infrastructure"]
    assert [one.subtype for one in find("Efforts should be made to improve rural roads.", "en")] == ["infrastructure"]


def test_a_passive_clause_is_about_its_subject(coding: Coding) -> None:
    assert [one.subtype for one in coding.directives.find("Rural roads should be improved.", "en")] == [
        "infrastructure"
    ]


def test_every_code_has_words_in_both_languages(project: Project) -> None:
    rules = load_directive_scheme(project).rules
    for instrument, subtypes in INSTRUMENTS.items():
        for subtype in subtypes:
            mine = [rule for rule in rules if (rule.instrument, rule.subtype) == (instrument, subtype)]
            assert any(rule.zh for rule in mine) and any(rule.en for rule in mine), subtype


def test_a_word_in_two_rules_is_a_mistake(make_project: MakeProject) -> None:
    project = make_project()
    path = project.lexicon / "instruments.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + "  - instrument: supply\n    subtype: land\n    weight: 2\n    zh: [政府采购]\n", encoding="utf-8"
    )
    with pytest.raises(InvalidDataError, match="'政府采购' belongs to demand/procurement already"):
        load_directive_scheme(project)
