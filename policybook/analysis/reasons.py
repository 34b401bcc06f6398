"""Why a row has its verdict: codes with the numbers that a sentence needs."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts, BoolArray, Family
from policybook.analysis.deciding import Decision, LeftOut
from policybook.analysis.findings import Finding, too_small
from policybook.analysis.judging import LEFT, TOO_LITTLE
from policybook.analysis.sides import Side

#: What is added where a difference is not there without machine-translated text, or cannot be looked for.
MACHINE_TRANSLATED = Finding("machine_translated")


@dataclass(frozen=True, eq=False)
class Case:
    """What a reason is given from."""

    left: BlockCounts
    right: BlockCounts
    labels: tuple[str, str]
    left_side: Side
    right_side: Side
    decision: Decision
    usable: BoolArray


def give_reason(case: Case, row: int) -> tuple[Finding, ...]:
    """Return the findings on the verdict of row number `row`.

    Of a row that nobody counted: `not_counted`, with why, or `none_counted` of a theme. Of a row that cannot be judged:
    `concept_across_languages`, `theme_across_languages`, `sides_too_small` or `too_rare`. Of a difference: `apart`, and
    `fragile`. Of a doubt: `rests_on_one`, `by_chance`, `too_small_to_matter` or `uncertain`, and `known_loosely` where
    that leaves too little evidence. Of a theme some of whose concepts were not counted, at the end: `without`.
    """
    family, identifier = case.left.rows[row]
    if not case.left.counted_rows[row]:
        return (_not_counted(case, family, identifier),)
    without = case.left.uncounted_of(identifier) if family == "theme" else []
    return (*_of_counted(case, row), *([Finding("without", {"concepts": list(without)})] if without else []))


def _of_counted(case: Case, row: int) -> tuple[Finding, ...]:
    decision = case.decision
    if not decision.eligible[row]:
        return (_not_eligible(case, row),)
    if decision.verdict[row] >= LEFT:
        return (_apart(case, row), *([_fragile(case)] if decision.fragile[row] else []))
    doubt = _doubt(case, row)
    if decision.verdict[row] != TOO_LITTLE:
        return (doubt,)
    half = float(decision.at_95.high[row] - decision.at_95.low[row]) / 2
    return doubt, Finding("known_loosely", {"half_width": half, "most": thresholds.MAX_HALF_WIDTH})


def _doubt(case: Case, row: int) -> Finding:
    decision, wide = case.decision, case.decision.simultaneous
    if decision.found[row] >= LEFT:
        return _lost(case, row)
    if wide.low[row] > 0 or wide.high[row] < 0:
        return Finding("too_small_to_matter", {"difference": float(decision.at_95.difference[row])})
    values = {"low": float(wide.low[row]), "high": float(wide.high[row])}
    return Finding("uncertain", values | _tested(case, row))


def _not_counted(case: Case, family: Family, identifier: str) -> Finding:
    if family == "concept":
        return Finding("not_counted", {"why": case.left.not_counted[identifier]})
    return Finding("none_counted")


def _not_eligible(case: Case, row: int) -> Finding:
    family, identifier = case.left.rows[row]
    if family == "concept" and not case.usable[case.left.concepts.index(identifier)]:
        return Finding("concept_across_languages")
    if family == "theme" and not any(
        mark and of == identifier for of, mark in zip(case.left.theme_of, case.usable, strict=True)
    ):
        return Finding("theme_across_languages")
    sides = list(zip(case.labels, (case.left_side, case.right_side), strict=True))
    found = [too_small(label, int(side.totals.n), int(side.totals.content)) for label, side in sides]
    if lacking := [one for one in found if one]:
        return Finding("sides_too_small", {"lacking": lacking})
    n1, n2 = int(case.left_side.totals.n), int(case.right_side.totals.n)
    both = int(case.left_side.totals.x[row] + case.right_side.totals.x[row])
    needed = ceil(thresholds.MIN_EXPECTED * (n1 + n2) / min(n1, n2) - 1e-9)
    return Finding("too_rare", {"blocks": both, "left": n1, "right": n2, "needed": needed})


def _apart(case: Case, row: int) -> Finding:
    sides = [
        {"side": label, "blocks": int(side.totals.x[row]), "all": int(side.totals.n)}
        for label, side in zip(case.labels, (case.left_side, case.right_side), strict=True)
    ]
    estimate = case.decision.simultaneous
    least = float(min(abs(estimate.low[row]), abs(estimate.high[row])))
    difference = float(abs(estimate.difference[row]))
    return Finding("apart", {"sides": sides, "difference": difference, "least": least} | _tested(case, row))


def _fragile(case: Case) -> Finding:
    """Return for which sides it cannot be checked whether a difference depends on one document or passage."""
    parts = []
    for side, label in enumerate(case.labels):
        units = [one.unit for one in case.decision.left_out if one.side == side and not one.possible.all()]
        if units:
            alone = len((case.left, case.right)[side].documents) == 1
            parts.append({"side": label, "unit": units[-1], "alone": alone})
    return Finding("fragile", {"sides": parts})


def _lost(case: Case, row: int) -> Finding:
    """Return which check a difference did not survive, the first of them in the order of the methods page."""
    for one in case.decision.left_out:
        failed = np.flatnonzero((one.verdicts[:, row] != case.decision.found[row]) & one.possible)
        if len(failed):
            return Finding("rests_on_one", {"unit": one.unit, "name": _name(case, one, int(failed[0]))})
    return Finding("by_chance", {"probability": float(case.decision.probability[row])})


def _name(case: Case, one: LeftOut, number: int) -> str:
    counts = (case.left, case.right)[one.side]
    if one.unit == "document":
        return str(counts.documents["document"].iloc[number])
    pieces, passages = counts.pieces, counts.passages
    assert pieces is not None and passages is not None  # else no passage could have been left out
    return passages[int(np.unique(pieces.passage)[number])]


def _tested(case: Case, row: int) -> dict[str, Any]:
    """Return over how many rows of which family the interval of a row holds at once."""
    rows = round((1 - thresholds.CONFIDENCE) / (1 - case.decision.confidence[row]))
    return {"rows": int(rows), "family": case.left.rows[row][0]}
