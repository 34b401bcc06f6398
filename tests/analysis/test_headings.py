from __future__ import annotations

from policybook.analysis.facts import Heading
from policybook.analysis.headings import Family, code_headings, set_side_by_side
from policybook.coding.scheme import Scheme

PLANS = ("first", "second", "third")


def heading(plan: str, title: str) -> Heading:
    return Heading(
        id=f"{plan}-{title}", line=2, plan_id=plan, level="part", number="1", parent="", title_zh=title, title_en="",
        source_title="t", source_publisher="us", source_date="2021", confidence="seen",
    )  # fmt: skip


def families(scheme: Scheme, *titles: tuple[str, str]) -> list[Family]:
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
