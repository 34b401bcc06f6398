from __future__ import annotations

import pytest
from urbanization.checks import load_facts
from urbanization.facts import Break, Facts, PlanHeading, Rate, Target
from urbanization.outcomes import HeadingFamily, code_headings, judge_target, pace, set_side_by_side

from policybook.coding.concepts import ConceptFinder
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


def families(finder: ConceptFinder, *titles: tuple[str, str]) -> list[HeadingFamily]:
    return set_side_by_side(code_headings([heading(*title) for title in titles], finder), finder.scheme)


def test_a_heading_carries_also_what_stands_within_a_longer_form(finder: ConceptFinder) -> None:
    (coded,) = code_headings([heading("first", "加快农业转移人口市民化")], finder)
    assert {"rural-migrants", "citizenization-of-rural-migrants"} <= set(coded.concepts)


def test_words_that_define_the_corpus_make_no_counterpart(finder: ConceptFinder) -> None:
    coded = code_headings([heading("first", "优化城镇化空间布局"), heading("second", "提高城镇化率")], finder)
    assert [one.concepts for one in coded] == [(), ()]
    assert len(set_side_by_side(coded, finder.scheme)) == 2


def test_headings_with_a_concept_in_common_are_one_family(finder: ConceptFinder) -> None:
    found = families(
        finder, ("first", "促进农业转移人口进城"), ("second", "农业转移人口市民化"), ("third", "市民化行动")
    )
    assert len(found) == 1
    assert found[0].status(PLANS) == "in all"


def test_new_gone_and_what_is_only_in_some(finder: ConceptFinder) -> None:
    found = families(
        finder, ("first", "城乡融合发展"), ("third", "城市更新"), ("second", "都市圈"), ("third", "现代化都市圈"),
        ("second", "没有概念的标题"),
    )  # fmt: skip
    status = {next(iter(f.concepts), ""): f.status(PLANS) for f in found}
    assert status == {"urban-rural-integration": "gone", "urban-renewal": "new", "metropolitan-area": "in some", "": ""}
    assert found[-1].concepts == ()


def test_the_same_words_are_counterparts_without_a_concept(finder: ConceptFinder) -> None:
    found = families(finder, ("first", "提升治理水平"), ("second", "提升治理水平"))
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
