"""Why a row has its verdict, in a plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts, BoolArray, Family
from policybook.analysis.deciding import Decision, LeftOut
from policybook.analysis.judging import LEFT, TOO_LITTLE
from policybook.analysis.sides import Side
from policybook.coding.rules import Why

#: What is added where a difference is not there without machine-translated text, or cannot be looked for.
MACHINE_TRANSLATED = " Fragile: without machine-translated text it cannot be found again."


_NOT_COUNTED: Mapping[Why, str] = {
    "new": "Not counted: it was added to the scheme after these texts were measured.",
    "changed": "Not counted: its forms in the scheme have changed since these texts were measured.",
    "rules": "Not counted: the rules by which it is found have changed since these texts were measured.",
}


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


def give_reason(case: Case, row: int) -> str:
    """Return a sentence or two on the verdict of row number `row`."""
    family, identifier = case.left.rows[row]
    if not case.left.counted_rows[row]:
        return _not_counted(case, family, identifier)
    without = case.left.uncounted_of(identifier) if family == "theme" else []
    return _of_counted(case, row) + (f" Without {', '.join(without)}: not counted in these texts." if without else "")


def _of_counted(case: Case, row: int) -> str:
    decision = case.decision
    if not decision.eligible[row]:
        return _not_eligible(case, row)
    if decision.verdict[row] >= LEFT:
        return f"{_directional(case, row)}{_fragile(case, row)}"
    if decision.found[row] >= LEFT:
        doubt = _lost(case, row)
    elif decision.simultaneous.low[row] > 0 or decision.simultaneous.high[row] < 0:
        difference = _points(decision.at_95.difference[row])
        doubt = f"A difference of {difference} points is clear of 0 but too small to matter."
    else:
        low, high = _points(decision.simultaneous.low[row]), _points(decision.simultaneous.high[row])
        doubt = f"With all {_tested(case, row)}, the difference may be anything from {low} to {high} points."
    if decision.verdict[row] == TOO_LITTLE:
        half = 100 * (decision.at_95.high[row] - decision.at_95.low[row]) / 2
        most = 100 * thresholds.MAX_HALF_WIDTH
        doubt += f" Even by itself it is known to ±{half:.1f} points only, more than {most:.0f}."
    return doubt


def too_small(case: Case) -> list[str]:
    """Return what each side lacks; empty when both are large enough."""
    lacking = []
    for side, label in ((case.left_side, case.labels[0]), (case.right_side, case.labels[1])):
        blocks, mentions = int(side.totals.n), int(side.totals.content)
        if blocks < thresholds.MIN_BLOCKS:
            lacking.append(f"“{label}” has {blocks} of the {thresholds.MIN_BLOCKS} blocks needed")
        elif mentions < thresholds.MIN_MENTIONS:
            lacking.append(f"“{label}” has {mentions} of the {thresholds.MIN_MENTIONS} mentions needed")
    return lacking


def _not_counted(case: Case, family: Family, identifier: str) -> str:
    if family == "concept":
        return _NOT_COUNTED[case.left.not_counted[identifier]]
    return "Not counted: none of its concepts was counted in these texts with the rules as they are now."


def _not_eligible(case: Case, row: int) -> str:
    family, identifier = case.left.rows[row]
    if family == "concept" and not case.usable[case.left.concepts.index(identifier)]:
        return "The sides are not of one language, and no aligned texts show that both languages find it equally often."
    if family == "theme" and not any(
        mark and of == identifier for of, mark in zip(case.left.theme_of, case.usable, strict=True)
    ):
        return "The sides are not of one language, and none of its concepts is shown to be found equally often in both."
    if lacking := too_small(case):
        return f"{' and '.join(lacking)}."
    n1, n2 = int(case.left_side.totals.n), int(case.right_side.totals.n)
    both = int(case.left_side.totals.x[row] + case.right_side.totals.x[row])
    needed = ceil(thresholds.MIN_EXPECTED * (n1 + n2) / min(n1, n2) - 1e-9)
    carry = f"{both} block{'s' * (both != 1)} of both sides together"
    return f"It stands in {carry}; with sides of {n1} and {n2} it takes {needed}."


def _directional(case: Case, row: int) -> str:
    shares = [
        f"“{label}” {side.totals.x[row]} of {side.totals.n} blocks"
        for label, side in zip(case.labels, (case.left_side, case.right_side), strict=True)
    ]
    estimate = case.decision.simultaneous
    nearest = min(abs(estimate.low[row]), abs(estimate.high[row]))
    return (
        f"{shares[0]}, {shares[1]}: {_points(abs(estimate.difference[row]))} points apart, and at least "
        f"{_points(nearest)} with all {_tested(case, row)}."
    )


def _fragile(case: Case, row: int) -> str:
    if not case.decision.fragile[row]:
        return ""
    parts = []
    for side, label in enumerate(case.labels):
        units = [one.unit for one in case.decision.left_out if one.side == side and not one.possible.all()]
        if units and len((case.left, case.right)[side].documents) == 1:
            parts.append(f"“{label}” is one document")
        elif units:
            parts.append(f"without one {units[-1]} “{label}” is too small")
    return f" Fragile: {' and '.join(parts)}, so whether it depends on that cannot be checked."


def _lost(case: Case, row: int) -> str:
    """Say which check a difference did not survive, the first of them in the order of the methods page."""
    for one in case.decision.left_out:
        failed = np.flatnonzero((one.verdicts[:, row] != case.decision.found[row]) & one.possible)
        if len(failed):
            name = _name(case, one, int(failed[0]))
            return f"The difference rests on one {one.unit}: without {name} it is not clear."
    probability = 100 * case.decision.probability[row]
    return (
        f"When whole documents are dealt to the sides by chance, {probability:.0f} % of the deals give some row of "
        "this family a difference as large."
    )


def _name(case: Case, one: LeftOut, number: int) -> str:
    counts = (case.left, case.right)[one.side]
    if one.unit == "document":
        return str(counts.documents["document"].iloc[number])
    pieces, passages = counts.pieces, counts.passages
    assert pieces is not None and passages is not None  # else no passage could have been left out
    return passages[int(np.unique(pieces.passage)[number])]


def _tested(case: Case, row: int) -> str:
    rows = round((1 - thresholds.CONFIDENCE) / (1 - case.decision.confidence[row]))
    family = case.left.rows[row][0]
    return f"{rows} {family}s taken together" if rows != 1 else f"{family}s, of which one can be judged,"


def _points(share: float) -> str:
    """Return a difference of shares in points, with a decimal below ten."""
    points = 100 * float(share)
    text = f"{points:.1f}" if abs(points) < 9.95 else f"{points:.0f}"
    return text.replace("-", "−")
