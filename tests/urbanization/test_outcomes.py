from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from kinds import CorpusOf
from urbanization.checks import FactCheck, check_quantities, load_facts
from urbanization.facts import Break, Facts, PlanHeading, Rate, Target
from urbanization.outcomes import HeadingFamily, code_headings, judge_target, pace, set_side_by_side
from urbanization.rates import needed_paces
from urbanization.targets import tell_check

from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, table
from policybook.project import Project
from policybook.words.say import say

TARGET = {
    "id": "target", "line": 2, "plan_id": "plan", "group": "", "indicator_no": "1", "indicator_zh": "率",
    "indicator_en": "rate", "baseline_year": "2012", "baseline_value": "50", "target_year": "2020",
    "target_value": "60", "unit": "%", "qualifier": "about", "outcome_value": "61", "outcome_year": "2020",
    "met": "unknown", "outcome_source": "us. 2020", "sense": "at_least", "source_title": "a title",
    "source_publisher": "us", "source_date": "2014", "confidence": "official",
}  # fmt: skip
RATE = {
    "indicator": "rate", "indicator_zh": "率", "region": "China", "vintage": "as first published", "source_title": "t",
    "source_publisher": "us", "source_date": "2020", "confidence": "official",
}  # fmt: skip
RECOUNT = Break.model_validate({
    "id": "b", "line": 2, "year": "2020", "indicator_zh": "率", "what": "a census", "source_title": "t",
    "source_publisher": "us", "source_date": "2020", "confidence": "official",
})  # fmt: skip


def verdict(facts: Facts | None = None, **cells: str) -> tuple[str, str]:
    """Return a verdict, and its reason in words."""
    judgement = judge_target(Target.model_validate({**TARGET, **cells}), facts or Facts())
    return judgement.verdict, say(f"facts.reason.{judgement.reason}", **judgement.values)


def with_rates(**values: str) -> Facts:
    rates = [
        Rate.model_validate({**RATE, "id": year, "line": n, "year": year.removeprefix("y"), "value_percent": value})
        for n, (year, value) in enumerate(values.items(), 2)
    ]
    return Facts(urbanization_rate=tuple(rates), breaks=(RECOUNT,))


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({}, "yes"),
        ({"outcome_value": "60"}, "yes"),
        ({"outcome_value": "59.9"}, "no"),
        ({"sense": "at_most"}, "no"),
        ({"sense": "at_most", "outcome_value": "60"}, "yes"),
        ({"sense": ""}, "unknown"),
        ({"outcome_value": ""}, "unknown"),
        ({"outcome_year": "2019"}, "unknown"),
        ({"target_value": "all"}, "unknown"),
        ({"target_value": "-", "sense": "rise"}, "yes"),
        ({"target_value": "-", "sense": "fall"}, "no"),
        ({"outcome_value": "achieved (as stated)", "met": "yes"}, "yes"),
    ],
)
def test_the_rows_decide(cells: dict[str, str], wanted: str) -> None:
    assert verdict(**cells)[0] == wanted


LINKED = {"rate_region": "China", "rate_indicator_zh": "率"}


def test_an_outcome_beyond_a_recount_is_not_compared() -> None:
    before = with_rates(y2015="57", y2019="59")
    assert verdict(before, **LINKED)[0] == "not comparable"
    assert verdict(before)[0] == "yes", "a target that is about no series cannot be known to cross a recount"


def test_unless_the_targets_own_series_got_there_before_it() -> None:
    said, reason = verdict(with_rates(y2015="57", y2019="60.6"), **LINKED)
    assert said == "yes"
    assert "2019" in reason


def test_a_baseline_counted_in_the_recount_crosses_nothing() -> None:
    later = {"baseline_year": "2020", "target_year": "2025", "outcome_year": "2025"}
    assert verdict(with_rates(y2019="59"), **LINKED, **later)[0] == "yes"


def test_every_verdict_in_the_tables_is_the_one_computed(project: Project) -> None:
    facts = load_facts(project)
    assert [row.id for row in facts.plan_targets if judge_target(row, facts).verdict != row.met] == []


PLANS = ("first", "second", "third")


def heading(plan: str, title: str) -> PlanHeading:
    return PlanHeading(
        id=f"{plan}-{title}", line=2, plan_id=plan, level="part", number="1", parent="", title_zh=title, title_en="",
        source_title="t", source_publisher="us", source_date="2021", confidence="official",
    )  # fmt: skip


def families(scheme: Scheme, *titles: tuple[str, str]) -> list[HeadingFamily]:
    return set_side_by_side(code_headings([heading(*title) for title in titles], scheme), scheme)


def test_a_heading_carries_also_what_stands_within_a_longer_form(scheme: Scheme) -> None:
    (coded,) = code_headings([heading("first", "加快农业转移人口市民化")], scheme)
    assert {"rural-migrants", "citizenization-of-rural-migrants"} <= set(coded.concepts)


def test_words_that_define_the_corpus_make_no_counterpart(scheme: Scheme) -> None:
    coded = code_headings([heading("first", "优化城镇化空间布局"), heading("second", "提高城镇化率")], scheme)
    assert [one.concepts for one in coded] == [(), ()]
    assert len(set_side_by_side(coded, scheme)) == 2


def test_headings_with_a_concept_in_common_are_one_family(scheme: Scheme) -> None:
    found = families(
        scheme, ("first", "促进农业转移人口进城"), ("second", "农业转移人口市民化"), ("third", "市民化行动")
    )
    assert len(found) == 1
    assert found[0].status(PLANS) == "in all"


def test_new_gone_and_what_is_only_in_some(scheme: Scheme) -> None:
    found = families(
        scheme, ("first", "城乡融合发展"), ("third", "城市更新"), ("second", "都市圈"), ("third", "现代化都市圈"),
        ("second", "没有概念的标题"),
    )  # fmt: skip
    status = {next(iter(f.concepts), ""): f.status(PLANS) for f in found}
    assert status == {"urban-rural-integration": "gone", "urban-renewal": "new", "metropolitan-area": "in some", "": ""}
    assert found[-1].concepts == ()


def test_the_same_words_are_counterparts_without_a_concept(scheme: Scheme) -> None:
    found = families(scheme, ("first", "提升治理水平"), ("second", "提升治理水平"))
    assert [set(family.headings) for family in found] == [{"first", "second"}]


RESIDENT = "常住人口城镇化率"


@pytest.fixture(scope="module")
def facts(project: Project) -> Facts:
    return load_facts(project)


@pytest.mark.parametrize(
    ("region", "first", "last", "a_year"),
    [("China", 2014, 2019, 1.166), ("China", 2021, 2025, 0.7925)],
)
def test_a_pace_is_points_a_year(facts: Facts, region: str, first: int, last: int, a_year: float) -> None:
    """By hand: (60.60 - 54.77) / 5, (67.89 - 64.72) / 4."""
    rows = [facts.rate(region, RESIDENT, year) for year in (first, last)]
    found = pace(*rows, facts.break_years(RESIDENT))
    assert found.a_year == pytest.approx(a_year)
    assert found.alike


def test_a_pace_across_a_recount_is_marked(facts: Facts) -> None:
    before, after = facts.rate("China", RESIDENT, 2014), facts.rate("China", RESIDENT, 2020, "2020 census")
    assert not pace(before, after, facts.break_years(RESIDENT)).alike
    revised = facts.rate("China", RESIDENT, 2012, "revised after 2020 census")
    assert pace(revised, after, facts.break_years(RESIDENT)).alike


def test_there_is_no_pace_backwards_or_between_places(facts: Facts) -> None:
    one, other = facts.rate("China", RESIDENT, 2019), facts.rate("Liaoning", RESIDENT, 2015)
    for pair in ((one, one), (one, other)):
        with pytest.raises(ValueError, match="there is no pace"):
            pace(*pair)


def test_every_reading_of_a_goal_is_worked_out(facts: Facts) -> None:
    start = facts.rate("China", RESIDENT, 2023)
    needed = needed_paces([start], (69.5, 70), (2023, 2028, 2029))
    found = needed.set_index(["goal", "by"])["a_year"].round(2).to_dict()
    assert found == {(69.5, 2028): 0.67, (69.5, 2029): 0.56, (70, 2028): 0.77, (70, 2029): 0.64}


Checked = Callable[..., FactCheck]


@pytest.fixture(scope="module")
def checks_facts(project: Project) -> Facts:
    return load_facts(project)


@pytest.fixture
def checked(corpus_of: CorpusOf, scheme: Scheme, checks_facts: Facts) -> Checked:
    """Return a function that checks one quantity of a one-sentence document."""

    def check(text: str, quantity: str, value: float, unit: str | None, kind: str = "count", **more: str) -> FactCheck:
        language = "en" if text.isascii() else "zh"
        corpus = code_concepts(corpus_of({"one": text}, language=language, written="2024"), scheme)
        (sentence,) = corpus.sentences.to_dict("records")
        start = sentence["text"].index(quantity)
        row = {
            "sentence": sentence["sentence"], "passage": sentence["passage"], "block": sentence["block"],
            "document": "one", "start": start, "end": start + len(quantity), "text": quantity, "value": value,
            "unit": unit, "qualifier": more.get("qualifier", "exact"), "kind": kind, "indicator": more.get("indicator"),
        }  # fmt: skip
        (found,) = check_quantities(replace(corpus, quantities=table("quantities", [row])), checks_facts, scheme)
        return found

    return check


def test_a_rate_of_a_year_agrees(checked: Checked) -> None:
    found = checked("2023年末我国常住人口城镇化率为66.16%。", "66.16%", 66.16, "percent", "percent")
    assert found.outcome == "agrees"
    assert {figure.year for figure in found.figures} == {2023}


def test_another_rate_for_the_same_year_disagrees_and_says_what_the_facts_have(checked: Checked) -> None:
    found = checked("2023年末我国常住人口城镇化率为68.2%。", "68.2%", 68.2, "percent", "percent")
    assert found.outcome == "disagrees"
    assert "66.16 in 2023" in tell_check(found)


def test_two_vintages_of_one_year_are_each_agreement(checked: Checked) -> None:
    for value in (52.57, 53.10):
        found = checked(f"2012年常住人口城镇化率为{value}%。", f"{value}%", value, "percent", "percent")
        assert found.outcome == "agrees"


def test_without_a_year_nothing_contradicts(checked: Checked) -> None:
    found = checked("常住人口城镇化率曾为31.4%。", "31.4%", 31.4, "percent", "percent")
    assert found.outcome == "not in the facts"


def test_a_goal_agrees_with_the_goal_of_the_plan(checked: Checked) -> None:
    text = "The plan aims at a permanent resident urbanization rate of about 60% by 2020."
    found = checked(text, "60%", 60, "percent", "percent", qualifier="about", indicator="urbanization-rate-permanent")
    assert found.outcome == "agrees"
    assert found.figures[0].row.id.startswith("target-nnup-2014-1-")


@pytest.mark.parametrize(
    ("year", "outcome"), [("2022年，", "agrees"), ("", "at another time"), ("2018年，", "at another time")]
)
def test_a_count_agrees_only_with_its_year(checked: Checked, year: str, outcome: str) -> None:
    found = checked(f"{year}部际联席会议由27个部门组成。", "27个部门", 27, "department")
    assert found.outcome == outcome
    assert "28 in 2019" in tell_check(found)


@pytest.mark.parametrize(("text", "outcome"), [
    ("辽宁省2020年常住人口城镇化率为{}。", "agrees"), ("2020年常住人口城镇化率为{}。", "disagrees"),
    ("福建省2020年常住人口城镇化率为{}。", "not in the facts"), ("辽宁省常住人口城镇化率为{}。", "not in the facts"),
])  # fmt: skip
def test_a_rate_agrees_only_with_its_place_and_year(checked: Checked, text: str, outcome: str) -> None:
    assert checked(text.format("72.14%"), "72.14%", 72.14, "percent", "percent").outcome == outcome


def test_nearly_70_is_the_goal_of_the_plan_and_not_a_city_of_70(checked: Checked) -> None:
    text = "深入实施以人为本的新型城镇化战略五年行动计划提出，常住人口城镇化率提升至接近70%。"
    about = {"qualifier": "almost", "indicator": "urbanization-rate-permanent"}
    found = checked(text, "接近70%", 70, "percent", "percent", **about)
    assert {figure.row.id for figure in found.figures} == {"target-action-2024-permanent-resident-urbanization-rate"}


def test_the_documents_own_counts_are_right_at_their_own_time(
    coded: Corpus, checks_facts: Facts, scheme: Scheme
) -> None:
    """27 units in the report of 2021, 28 departments in that of 2024: neither contradicts the other."""
    rows = []
    for passage, text, value in (
        ("web-2021-joint-conference:p03", "27", 27),
        ("web-2024-county-mobilization:p40", "28", 28),
    ):
        sentence = next(s for s in coded.sentences.to_dict("records") if s["passage"] == passage and text in s["text"])
        start = sentence["text"].index(text)
        place = {name: sentence[name] for name in ("sentence", "passage", "block", "document")}
        rows.append({**place, "start": start, "end": start + 2, "text": text, "value": value, "unit": None,
                     "qualifier": "exact", "kind": "count", "indicator": None})  # fmt: skip
    checks = check_quantities(replace(coded, quantities=table("quantities", rows)), checks_facts, scheme)
    assert [check.outcome for check in checks] == ["at another time", "at another time"]
    assert "28 in 2019" in tell_check(checks[0])
    assert tell_check(checks[1]) == "true of its own time; the facts have 27 in 2021 and 2022"


def test_a_threshold_is_held_against_no_count(checked: Checked) -> None:
    text = "Cities with a permanent resident population of less than 500 million cancel their limits."
    found = checked(text, "less than 500 million", 5e8, "person", qualifier="under")
    assert found.outcome == "not in the facts"


def test_rounded_numbers_agree_only_when_they_say_so(checked: Checked) -> None:
    text = "城镇常住人口在2024年{}9.4亿人。"
    about = checked(text.format("约"), "9.4亿人", 9.4e8, "person", qualifier="about")
    exact = checked(text.format("为"), "9.4亿人", 9.4e8, "person")
    assert (about.outcome, exact.outcome) == ("agrees", "disagrees")


def test_of_several_years_the_one_beside_counts(checked: Checked) -> None:
    text = "Permanent urban residents rose from 172 million in 1978 to over 930 million in 2023."
    assert checked(text, "172 million", 1.72e8, "person").outcome == "not in the facts"
    assert checked(text, "over 930 million", 9.3e8, "person", qualifier="over").outcome == "agrees"


def test_dates_and_ordinals_are_not_checked(corpus_of: CorpusOf, scheme: Scheme, checks_facts: Facts) -> None:
    corpus = code_concepts(corpus_of({"one": "部际联席会议第二次会议。"}, language="zh"), scheme)
    (sentence,) = corpus.sentences.to_dict("records")
    place = {name: sentence[name] for name in ("sentence", "passage", "block", "document")}
    row = {**place, "start": 6, "end": 9, "text": "第二次", "value": 2, "unit": None, "qualifier": "exact",
           "kind": "ordinal", "indicator": None}  # fmt: skip
    assert check_quantities(replace(corpus, quantities=table("quantities", [row])), checks_facts, scheme) == []
