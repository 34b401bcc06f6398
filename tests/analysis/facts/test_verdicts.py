from __future__ import annotations

import pytest

from policybook.analysis.facts import Break, Facts, Rate, Target, load_facts
from policybook.analysis.facts.verdicts import judge
from policybook.project import Project

TARGET = {
    "id": "target", "line": 2, "plan_id": "plan", "group": "", "indicator_no": "1", "indicator_zh": "率",
    "indicator_en": "rate", "baseline_year": "2012", "baseline_value": "50", "target_year": "2020",
    "target_value": "60", "unit": "%", "qualifier": "about", "outcome_value": "61", "outcome_year": "2020",
    "met": "unknown", "outcome_confidence": "seen", "sense": "at_least", "source_title": "a title",
    "source_publisher": "us", "source_date": "2014", "confidence": "seen",
}  # fmt: skip
RATE = {
    "indicator": "rate", "indicator_zh": "率", "region": "China", "vintage": "as first published", "source_title": "t",
    "source_publisher": "us", "source_date": "2020", "confidence": "seen",
}  # fmt: skip
RECOUNT = Break.model_validate({
    "id": "b", "line": 2, "year": "2020", "indicator_zh": "率", "what": "a census", "source_title": "t",
    "source_publisher": "us", "source_date": "2020", "confidence": "seen",
})  # fmt: skip


def verdict(facts: Facts | None = None, **cells: str) -> tuple[str, str]:
    judgement = judge(Target.model_validate({**TARGET, **cells}), facts or Facts())
    return judgement.verdict, judgement.reason


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
        ({"confidence": "recalled"}, "unknown"),
        ({"outcome_confidence": "recalled"}, "unknown"),
        ({"outcome_value": ""}, "unknown"),
        ({"outcome_year": "2019"}, "unknown"),
        ({"target_value": "all"}, "unknown"),
        ({"target_value": "-", "sense": "rise"}, "yes"),
        ({"target_value": "-", "sense": "fall"}, "no"),
        ({"sense": "rise", "baseline_confidence": "recalled"}, "unknown"),
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
    assert [row.id for row in facts.plan_targets if judge(row, facts).verdict != row.met] == []
    assert not any(judge(row, facts).verdict in ("yes", "no") for row in facts.plan_targets if row.recalled)
