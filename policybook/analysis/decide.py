"""Verdicts and their reasons, as codes: what may be judged, what is found, what it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts, Finding, SideCounts, Totals, too_small
from policybook.analysis.intervals import BoolArray, FloatArray, IntArray, newcombe_difference

# What the counts of two sides allow to be said of each row, before any check of it. All functions work on arrays ---

#: Verdicts as numbers, and in words by these numbers.
TOO_LITTLE, NOT_SETTLED, ALIKE, LEFT, RIGHT = range(5)
VERDICTS = ("too little evidence", "not settled", "alike", "more in left", "more in right")
# Shares are quotients: a difference of exactly 15 points may come out a hair smaller.
_HAIR = 1e-9


@dataclass(frozen=True, eq=False)
class DifferenceEstimate:
    """Differences of shares, left less right, and their bounds; all … × rows."""

    difference: FloatArray
    low: FloatArray
    high: FloatArray


def estimate(left: Totals, right: Totals, effect: FloatArray, confidence: FloatArray | float) -> DifferenceEstimate:
    """Return the differences with Newcombe's interval at the effective sizes, blocks ÷ `effect`.

    `effect` and `confidence` broadcast to … × rows. The difference is NaN where a side has no blocks.
    """
    n1, n2 = left.n[..., None], right.n[..., None]
    low, high = newcombe_difference(left.x / effect, n1 / effect, right.x / effect, n2 / effect, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = left.x / n1 - right.x / n2
    return DifferenceEstimate(difference, np.fmin(low, difference), np.fmax(high, difference))


def large_enough(side: Totals) -> BoolArray:
    """Return whether a side has the blocks and mentions that a comparison needs."""
    enough: BoolArray = (side.n >= thresholds.MIN_BLOCKS) & (side.content >= thresholds.MIN_MENTIONS)
    return enough


def expected(left: Totals, right: Totals) -> FloatArray:
    """Return E, how many blocks that carry a row the smaller side would hold if both spoke of it equally often."""
    n1, n2 = left.n[..., None], right.n[..., None]
    blocks: FloatArray = (left.x + right.x) * np.minimum(n1, n2) / np.maximum(n1 + n2, 1)
    return blocks


def eligible(left: Totals, right: Totals, usable: BoolArray) -> BoolArray:
    """Return which rows can be judged: both sides are large enough, the row may enter and is frequent enough."""
    sides = (large_enough(left) & large_enough(right))[..., None]
    rows: BoolArray = sides & usable & (expected(left, right) >= thresholds.MIN_EXPECTED - _HAIR)
    return rows


def judge(left: Totals, right: Totals, usable: BoolArray, effect: FloatArray, confidence: FloatArray) -> IntArray:
    """Return the verdict (a number) of every row from its counts; `confidence` is the simultaneous interval's."""
    wide = estimate(left, right, effect, confidence)
    large = np.abs(wide.difference) >= thresholds.MIN_DIFFERENCE - _HAIR
    clear = ((wide.low > 0) | (wide.high < 0)) & large
    found = np.where(clear, np.where(wide.difference > 0, LEFT, RIGHT), NOT_SETTLED)
    return np.where(eligible(left, right, usable), found, TOO_LITTLE)


def simultaneous_confidence(rows: IntArray) -> FloatArray:
    """Return the confidence of each interval that holds for T `rows` at once: z = Φ⁻¹(1 − .025/T)."""
    return 1 - (1 - thresholds.CONFIDENCE) / np.maximum(rows, 1)


# From two sides to verdicts: estimates, simultaneous intervals, and the checks that a verdict must survive ---

@dataclass(frozen=True, eq=False)
class Rows:
    """What the rows are. `families`: a number each, 0 themes and 1 concepts; `usable`: which may enter."""

    families: IntArray
    usable: BoolArray


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The verdicts (numbers; units × rows) without each passage or document of one side, and where that is possible.

    It is not possible where it leaves a side too small to be compared.
    """

    side: int
    unit: str
    verdicts: IntArray
    possible: BoolArray


@dataclass(frozen=True, eq=False)
class Decision:
    """What two sides allow to be said of every row; arrays have one entry a row.

    `found` is the verdict of the counts alone, `verdict` that after leaving out every passage. `fragile` marks a
    difference that rests on one document, or of which that cannot be checked. `influence`: the document without which
    a difference changes most, and by how much; None where a side would be left with nothing. `reasons` is filled where
    documents were compared as such (see paired.contrast), in the `design` that it names.
    """

    at_95: DifferenceEstimate
    simultaneous: DifferenceEstimate
    effect: FloatArray
    confidence: FloatArray
    eligible: BoolArray
    found: IntArray
    verdict: IntArray
    fragile: BoolArray
    left_out: tuple[LeftOut, ...] = ()
    influence: tuple[tuple[str, float] | None, ...] = ()
    reasons: tuple[tuple[Finding, ...], ...] = ()
    design: str = "blocks"

    @property
    def by_documents(self) -> bool:
        """Whether documents are the units."""
        return self.design != "blocks"


def rows_of(counts: BlockCounts, usable: BoolArray) -> Rows:
    """Return the rows of some counts; the concepts marked in `usable` may enter, and the themes that have any."""
    alive = {theme for theme, mark in zip(counts.theme_of, usable, strict=True) if mark}
    themes = [theme in alive for theme in counts.themes]
    families = np.array([family == "concept" for family, _ in counts.rows], dtype=np.int64)
    return Rows(families, np.concatenate([np.array(themes, dtype=bool), usable]))


def decide(left: SideCounts, right: SideCounts, rows: Rows, serial: float, tested: IntArray | None = None) -> Decision:
    """Return the verdict of every row from blocks, as the methods page lays out.

    `serial` is the design effect of neighbouring blocks. `tested` says over how many rows each row's interval must
    hold at once; by default over the eligible rows of its family.
    """
    a, b = left.totals, right.totals
    effect = np.full(len(rows.usable), max(serial, 1.0))
    may = eligible(a, b, rows.usable)
    confidence = simultaneous_confidence(family_sizes(may, rows) if tested is None else tested)
    found = judge(a, b, rows.usable, effect, confidence)
    directional = found >= LEFT
    left_out = tuple(leave_out(left, right, rows, confidence, effect)) if directional.any() else ()
    passages, documents, unchecked = (_lost(found, left_out, unit) for unit in ("passage", "document", ""))
    return Decision(at_95=estimate(a, b, effect, thresholds.CONFIDENCE),
                    simultaneous=estimate(a, b, effect, confidence), effect=effect, confidence=confidence, eligible=may,
                    found=found, verdict=np.where(directional & passages, NOT_SETTLED, found),
                    fragile=directional & ~passages & (documents | unchecked), left_out=left_out)  # fmt: skip


def family_sizes(may: BoolArray, rows: Rows) -> IntArray:
    """Return, for every row, how many rows of its family are eligible."""
    sizes: IntArray = np.bincount(rows.families[may], minlength=2)[rows.families]
    return sizes


def leave_out(left: SideCounts, right: SideCounts, rows: Rows, confidence: FloatArray,
              effect: FloatArray) -> Iterator[LeftOut]:  # fmt: skip
    """Yield the verdicts without each passage and each document of each side; the number of rows tested stays."""
    for side, (one, other) in enumerate(((left, right), (right, left))):
        for unit, rest in (("passage", one.without_passages), ("document", one.without_documents)):
            if rest is not None:
                a, b = (rest, other.totals) if side == 0 else (other.totals, rest)
                verdicts = judge(a, b, rows.usable, effect, confidence)
                yield LeftOut(side, unit, verdicts, large_enough(rest))


def find_influence(left: SideCounts, right: SideCounts,
                   documents: tuple[Sequence[str], Sequence[str]]) -> list[tuple[str, float] | None]:  # fmt: skip
    """Return for every row the document without which the difference of shares changes most, and that change."""
    whole = left.totals.x / left.totals.n - right.totals.x / right.totals.n
    changes, names = [np.zeros((0, len(whole)))], []
    for sign, one, other, ids in ((1, left, right, documents[0]), (-1, right, left, documents[1])):
        rest = one.without_documents
        kept = rest.n > 0
        without = sign * (rest.x[kept] / rest.n[kept, None] - other.totals.x / other.totals.n)
        changes.append(without - whole)
        names += [name for name, mark in zip(ids, kept, strict=True) if mark]
    stacked = np.vstack(changes)
    most = np.abs(stacked).argmax(axis=0) if len(names) else []
    return [(names[n], float(stacked[n, row])) for row, n in enumerate(most)] or [None] * len(whole)


def _lost(found: IntArray, left_out: tuple[LeftOut, ...], unit: str) -> BoolArray:
    """Return which rows lose their verdict without some passage or document; of no unit, which cannot be checked."""
    lost = np.zeros(len(found), dtype=bool)
    for one in left_out:
        if not unit:
            lost |= not one.possible.all()
        elif one.unit == unit:
            lost |= ((one.verdicts != found) & one.possible[:, None]).any(axis=0)
    return lost


# Why a row has its verdict: codes with the numbers that a sentence needs ---------------------------

#: What is added where a difference is not there without machine-translated text, or cannot be looked for.
MACHINE_TRANSLATED = Finding("machine_translated")


@dataclass(frozen=True, eq=False)
class Case:
    """What a reason is given from."""

    left: BlockCounts
    right: BlockCounts
    labels: tuple[str, str]
    left_side: SideCounts
    right_side: SideCounts
    decision: Decision
    rows: Rows


def give_reason(case: Case, row: int) -> tuple[Finding, ...]:
    """Return the findings on the verdict of row number `row`.

    Of a row that nobody counted: `not_counted`, with why, or `none_counted` of a theme. Of a row that cannot be judged:
    `concept_across_languages`, `theme_across_languages`, `sides_too_small` or `too_rare`. Of a difference: `apart`, and
    `rests_on_document` or `fragile`. Of what is not settled: `rests_on_passage`, `too_small_to_matter` or `uncertain`.
    Where documents were compared, those of paired.contrast. Of a theme some of whose concepts were not counted, at the
    end: `without`.
    """
    family, identifier = case.left.rows[row]
    if not case.left.counted_rows[row] and family == "theme":
        return (Finding("none_counted"),)
    if not case.left.counted_rows[row]:
        return (Finding("not_counted", {"why": case.left.not_counted[identifier]}),)
    without = case.left.uncounted_of(identifier) if family == "theme" else []
    return (*_of_counted(case, row), *([Finding("without", {"concepts": without})] if without else []))


def _of_counted(case: Case, row: int) -> Iterator[Finding]:
    decision, wide = case.decision, case.decision.simultaneous
    if not case.rows.usable[row]:
        yield Finding(f"{case.left.rows[row][0]}_across_languages")
    elif decision.reasons:
        yield from decision.reasons[row]
    elif not decision.eligible[row]:
        yield _not_eligible(case, row)
    elif decision.verdict[row] >= LEFT:
        yield _apart(case, row)
        if name := _rests_on(case, row, "document"):
            yield Finding("rests_on_document", {"name": name})
        elif decision.fragile[row]:
            yield _fragile(case)
    elif decision.found[row] >= LEFT:
        yield Finding("rests_on_passage", {"name": _rests_on(case, row, "passage")})
    elif wide.low[row] > 0 or wide.high[row] < 0:
        yield Finding("too_small_to_matter", {"difference": float(decision.at_95.difference[row])})
    else:
        yield Finding("uncertain", {"low": float(wide.low[row]), "high": float(wide.high[row])} | _tested(case, row))


def _not_eligible(case: Case, row: int) -> Finding:
    sides = case.left_side.totals, case.right_side.totals
    found = [too_small(label, int(n.n), int(n.content)) for label, n in zip(case.labels, sides, strict=True)]
    if lacking := [one for one in found if one]:
        return Finding("sides_too_small", {"lacking": lacking})
    (n1, n2), both = (int(side.n) for side in sides), sum(int(side.x[row]) for side in sides)
    needed = ceil(thresholds.MIN_EXPECTED * (n1 + n2) / min(n1, n2) - 1e-9)
    return Finding("too_rare", {"blocks": both, "left": n1, "right": n2, "needed": needed})


def _apart(case: Case, row: int) -> Finding:
    sides = [{"side": label, "blocks": int(side.totals.x[row]), "all": int(side.totals.n)}
             for label, side in zip(case.labels, (case.left_side, case.right_side), strict=True)]  # fmt: skip
    estimate = case.decision.simultaneous
    least = float(min(abs(estimate.low[row]), abs(estimate.high[row])))
    difference = float(abs(estimate.difference[row]))
    return Finding("apart", {"sides": sides, "difference": difference, "least": least} | _tested(case, row))


def _fragile(case: Case) -> Finding:
    """Return for which sides it cannot be checked whether a difference depends on one document or passage."""
    unit_of = {one.side: one.unit for one in case.decision.left_out if not one.possible.all()}
    alone = [len(side.documents) == 1 for side in (case.left, case.right)]
    parts = [{"side": case.labels[n], "unit": unit_of[n], "alone": alone[n]} for n in sorted(unit_of)]
    return Finding("fragile", {"sides": parts})


def _rests_on(case: Case, row: int, unit: str) -> str:
    """Return the first passage or document without which a difference is not there; empty where there is none."""
    for one in case.decision.left_out:
        failed = np.flatnonzero((one.verdicts[:, row] != case.decision.found[row]) & one.possible)
        if one.unit == unit and len(failed):
            return _name(case, one, int(failed[0]))
    return ""


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
