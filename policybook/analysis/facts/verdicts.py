"""What became of a target, by rules that look at nothing but the rows, and the reason."""

from __future__ import annotations

from dataclasses import dataclass

from policybook.analysis.facts.dataset import FIRST, Facts
from policybook.analysis.facts.rows import Rate, Row, Target, Verdict

#: How a verdict is printed.
LABELS: dict[Verdict, str] = {
    "yes": "met", "no": "missed", "not comparable": "not comparable", "unknown": "unknown"
}  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """A verdict, why, and the rows besides the target's own that it rests on."""

    verdict: Verdict
    reason: str
    rests_on: tuple[Row, ...] = ()

    @property
    def label(self) -> str:
        """The verdict in a word."""
        return LABELS[self.verdict]


def judge(target: Target, facts: Facts) -> Judgement:
    """Return what became of a target.

    In this order: nothing that is only remembered is judged; without an outcome for the target's own year there is
    no verdict; an outcome that is a statement in words is taken as stated; an outcome on the other side of a
    recount counts only if the target's own series had got there before it; else the numbers decide.
    """
    target_amount, outcome = target.target, target.outcome
    if target.recalled:
        return Judgement("unknown", "the target is recalled, not seen")
    if outcome is None:
        return Judgement("unknown", "no outcome was found")
    if target.outcome_recalled:
        return Judgement("unknown", "the outcome is recalled, not seen")
    if target.outcome_year != target.target_year:
        return Judgement(
            "unknown", f"the last figure is of {target.outcome_year}, the target is for {target.target_year}"
        )
    if outcome.number is None:
        return Judgement(target.met, "as stated, in words")
    if target.sense in ("rise", "fall"):
        return _moved(target, outcome.number)
    if target_amount is None or target_amount.number is None:
        return Judgement("unknown", "no figure was set")
    if target.sense == "":
        return Judgement("unknown", "the row does not say whether the target is a floor or a ceiling")
    crossed = _crossed(target, facts)
    if crossed is None:
        return _compared(target.sense, outcome.number, target_amount.number)
    return _across(target, target_amount.number, crossed, facts)


def _moved(target: Target, outcome: float) -> Judgement:
    baseline = target.baseline
    if baseline is None or baseline.number is None:
        return Judgement("unknown", "no baseline was found")
    if target.baseline_recalled:
        return Judgement("unknown", "the baseline is recalled, not seen")
    moved = outcome - baseline.number
    if target.sense == "rise":
        return Judgement("yes" if moved > 0 else "no", "it rose" if moved > 0 else "it did not rise")
    return Judgement("yes" if moved < 0 else "no", "it fell" if moved < 0 else "it did not fall")


def _compared(sense: str, outcome: float, target: float) -> Judgement:
    if reached(sense, outcome, target):
        return Judgement("yes", "the outcome reaches the target" if sense == "at_least" else "it stays within")
    return Judgement("no", "the outcome falls short" if sense == "at_least" else "it goes beyond")


def reached(sense: str, outcome: float, target: float) -> bool:
    """Whether a floor or a ceiling is kept."""
    return outcome >= target if sense == "at_least" else outcome <= target


def _crossed(target: Target, facts: Facts) -> int | None:
    """Return the year of the recount between where a target was set and its outcome, if there is one."""
    base = target.baseline_year
    if not (target.rate_region and target.rate_indicator_zh and base):
        return None
    years = facts.break_years(target.rate_indicator_zh)
    return next((year for year in sorted(years) if int(base) < year <= int(target.outcome_year)), None)


def _across(target: Target, wanted: float, recount: int, facts: Facts) -> Judgement:
    before = own_series(target, recount, facts)
    passed = next((row for row in before if reached(target.sense, row.value, wanted)), None)
    if passed is not None:
        return Judgement("yes", f"passed in {passed.year} in the measure the target was set in", (passed,))
    reason = f"the figures were recounted from {recount} on; in the measure the target was set in, it was not reached"
    return Judgement("not comparable", reason, tuple(before[-1:]))


def own_series(target: Target, recount: int, facts: Facts) -> list[Rate]:
    """Return the rates as first published between a target's baseline and a recount."""
    known = {(row.region, row.indicator_zh, row.vintage) for row in facts.urbanization_rate}
    if (target.rate_region, target.rate_indicator_zh, FIRST) not in known:
        return []
    series = facts.series(target.rate_region, target.rate_indicator_zh)
    return [row for row in series if int(target.baseline_year) <= int(row.year) < recount]
