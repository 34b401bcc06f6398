from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from kinds import CorpusOf
from urbanization.checks import FactCheck, check_quantities
from urbanization.facts import Facts, load_facts

from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, table
from policybook.project import Project

Checked = Callable[..., FactCheck]


@pytest.fixture(scope="module")
def facts(project: Project) -> Facts:
    return load_facts(project)


@pytest.fixture
def checked(corpus_of: CorpusOf, scheme: Scheme, facts: Facts) -> Checked:
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
        (found,) = check_quantities(replace(corpus, quantities=table("quantities", [row])), facts, scheme)
        return found

    return check


def test_a_rate_of_a_year_agrees(checked: Checked) -> None:
    found = checked("2023年末我国常住人口城镇化率为66.16%。", "66.16%", 66.16, "percent", "percent")
    assert found.outcome == "agrees"
    assert {figure.year for figure in found.figures} == {2023}


def test_another_rate_for_the_same_year_disagrees_and_says_what_the_facts_have(checked: Checked) -> None:
    found = checked("2023年末我国常住人口城镇化率为68.2%。", "68.2%", 68.2, "percent", "percent")
    assert found.outcome == "disagrees"
    assert "66.16 in 2023" in found.said


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


@pytest.mark.parametrize(("number", "other"), [(27, "28 in 2019"), (28, "27 in 2021 and 2022")])
def test_members_of_the_conference_changed_and_both_are_right(checked: Checked, number: int, other: str) -> None:
    found = checked(f"部际联席会议由{number}个部门组成。", f"{number}个部门", number, "department")
    assert found.outcome == "agrees"
    assert other in found.said


def test_the_documents_own_counts_are_right_at_their_own_time(coded: Corpus, facts: Facts, scheme: Scheme) -> None:
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
    checks = check_quantities(replace(coded, quantities=table("quantities", rows)), facts, scheme)
    assert [check.outcome for check in checks] == ["agrees", "at another time"]
    assert "28 in 2019" in checks[0].said
    assert checks[1].said == "true of its own time; the facts have 27 in 2021 and 2022"


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


def test_dates_and_ordinals_are_not_checked(corpus_of: CorpusOf, scheme: Scheme, facts: Facts) -> None:
    corpus = code_concepts(corpus_of({"one": "部际联席会议第二次会议。"}, language="zh"), scheme)
    (sentence,) = corpus.sentences.to_dict("records")
    place = {name: sentence[name] for name in ("sentence", "passage", "block", "document")}
    row = {**place, "start": 6, "end": 9, "text": "第二次", "value": 2, "unit": None, "qualifier": "exact",
           "kind": "ordinal", "indicator": None}  # fmt: skip
    assert check_quantities(replace(corpus, quantities=table("quantities", [row])), facts, scheme) == []
