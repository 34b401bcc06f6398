"""Verdicts and their reasons, as codes: what may be judged, what is found, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import ceil, comb
from typing import Any

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.counts import BlockCounts, BoolArray, Finding, IntArray, SideCounts, Totals, too_small
from policybook.analysis.intervals import FloatArray, newcombe_difference
from policybook.analysis.thresholds import PERMUTATIONS, SEED

# What the counts of two sides allow to be said of each row, before any check of it. All functions work on arrays ---

#: Verdicts as numbers, and in words by these numbers.
TOO_LITTLE, NO_CLEAR, LEFT, RIGHT = range(4)
VERDICTS = ("too little evidence", "no clear difference", "more in left", "more in right")
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


def worth_a_sentence(left: Totals, right: Totals) -> BoolArray:
    """Return which differences are large enough to matter, however sure they are.

    Many blocks make smaller differences matter too; they never make one of 15 points stop mattering.
    """
    n1, n2 = left.n[..., None], right.n[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = left.x / n1, right.x / n2
    size, more, less = np.abs(p1 - p2) + _HAIR, np.maximum(p1, p2), np.minimum(p1, p2)
    many = np.minimum(n1, n2) >= thresholds.LARGE_BLOCKS
    ratio = more + _HAIR >= thresholds.LARGE_MIN_RATIO * less
    smaller = many & ratio & (size >= thresholds.LARGE_MIN_DIFFERENCE)
    matters: BoolArray = smaller | (size >= thresholds.MIN_DIFFERENCE)
    return matters


def judge(left: Totals, right: Totals, usable: BoolArray, effect: FloatArray, confidence: FloatArray) -> IntArray:
    """Return the verdict (a number) of every row from its counts; `confidence` is the simultaneous interval's."""
    wide = estimate(left, right, effect, confidence)
    clear = ((wide.low > 0) | (wide.high < 0)) & worth_a_sentence(left, right)
    narrow = known_well(estimate(left, right, effect, thresholds.CONFIDENCE))
    found = np.where(clear, np.where(wide.difference > 0, LEFT, RIGHT), np.where(narrow, NO_CLEAR, TOO_LITTLE))
    return np.where(eligible(left, right, usable), found, TOO_LITTLE)


def known_well(at_95: DifferenceEstimate) -> BoolArray:
    """Return where the 95 % interval is narrow enough for "no clear difference"."""
    narrow: BoolArray = (at_95.high - at_95.low) / 2 <= thresholds.MAX_HALF_WIDTH + _HAIR
    return narrow


def simultaneous_confidence(rows: IntArray) -> FloatArray:
    """Return the confidence of each interval that holds for T `rows` at once: z = Φ⁻¹(1 − .025/T)."""
    return 1 - (1 - thresholds.CONFIDENCE) / np.maximum(rows, 1)


# Documents as units: how much blocks of one document resemble each other, and a permutation of whole documents ---

def document_effect(left: Totals, right: Totals) -> FloatArray:
    """Return, for every row, the design effect of sampling whole documents; `left` and `right` are by document.

    It is the variance of the difference of two shares, each estimated as a ratio over the documents of its side, over
    its variance were all blocks independent: (v₁ + v₂)/(b₁ + b₂) with v = D/(D − 1)·Σ(x_d − p·n_d)²/n² and
    b = p(1 − p)/n. 1 where nothing varies.
    Source: J. N. K. Rao and A. J. Scott (1992), Biometrics 48, 577–585.
    Raises ValueError when a side has fewer than two documents.
    """
    clustered, independent = np.zeros(left.x.shape[1]), np.zeros(left.x.shape[1])
    for side in (left, right):
        documents = len(side.n)
        if documents < 2:
            raise ValueError("one document does not tell how much documents differ")
        n = side.n.sum()
        p = side.x.sum(axis=0) / n
        off = side.x - p * side.n[:, None]
        clustered += documents / (documents - 1) * (off**2).sum(axis=0) / n**2
        independent += p * (1 - p) / n
    return np.divide(clustered, independent, out=np.ones_like(clustered), where=independent > 0)


def permute_documents(
    left: Totals, right: Totals, families: IntArray, tested: BoolArray, seed: int = SEED
) -> FloatArray:
    """Return, for every row, the probability of a difference as large when whole documents are dealt to the sides.

    The sides keep their numbers of documents. A row's difference is measured in its standard deviation over the deals
    and compared with the largest of the `tested` rows of its family in each deal (max-T), so the probability holds
    for the family at once. All deals are made where there are at most PERMUTATIONS, else that many and the real
    one, from `seed`; the real one counts among them. 1 for rows that are not tested.
    Source: P. H. Westfall and S. S. Young (1993), Resampling-Based Multiple Testing, Wiley.
    """
    x, n = np.vstack([left.x, right.x]).astype(float), np.concatenate([left.n, right.n]).astype(float)
    deals = _deals(len(left.n), len(right.n), seed)
    x1, n1 = deals @ x, (deals @ n)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        differences = np.abs(x1 / n1 - (x.sum(axis=0) - x1) / (n.sum() - n1))
        scale = np.sqrt((differences**2).mean(axis=0))
        statistics = np.where(scale > 0, differences / scale, 0.0)
    probability = np.ones(x.shape[1])
    for family in np.unique(families[tested]):
        rows = tested & (families == family)
        largest = statistics[:, rows].max(axis=1)
        probability[rows] = (largest[:, None] >= statistics[0, rows] - 1e-9).mean(axis=0)
    return probability


@lru_cache(maxsize=64)
def _deals(left: int, right: int, seed: int) -> FloatArray:
    """Return deals × documents, 1 where a document is dealt to the left; the first deal is the real one."""
    total = left + right
    if comb(total, left) <= PERMUTATIONS:
        deals = np.zeros((comb(total, left), total))
        for row, chosen in enumerate(combinations(range(total), left)):
            deals[row, list(chosen)] = 1
        return deals
    order = np.random.default_rng(seed).random((PERMUTATIONS, total)).argsort(axis=1)
    real = np.arange(total)[None, :]
    return (np.vstack([real, order]) < left).astype(float)


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

    `found` is the verdict of the counts alone, `verdict` that after every check, `fragile` whether a difference found
    did not survive leaving something out or could not be checked so. `probability` is that of the permutation of
    whole documents, NaN where it was not asked; `by_documents` whether documents are the units.
    """

    at_95: DifferenceEstimate
    simultaneous: DifferenceEstimate
    effect: FloatArray
    confidence: FloatArray
    eligible: BoolArray
    found: IntArray
    verdict: IntArray
    fragile: BoolArray
    probability: FloatArray
    by_documents: bool
    left_out: tuple[LeftOut, ...]


def rows_of(counts: BlockCounts, usable: BoolArray) -> Rows:
    """Return the rows of some counts; the concepts marked in `usable` may enter, and the themes that have any."""
    alive = {theme for theme, mark in zip(counts.theme_of, usable, strict=True) if mark}
    themes = [theme in alive for theme in counts.themes]
    families = np.array([0 if family == "theme" else 1 for family, _ in counts.rows], dtype=np.int64)
    return Rows(families, np.concatenate([np.array(themes, dtype=bool), usable]))


def decide(
    left: SideCounts, right: SideCounts, rows: Rows, serial: float, tested: IntArray | None = None, seed: int = SEED
) -> Decision:
    """Return the verdict of every row, as the methods page lays out.

    `serial` is the design effect of neighbouring blocks. `tested` says over how many rows each row's interval must
    hold at once; by default over the eligible rows of its family.
    """
    a, b = left.totals, right.totals
    by_documents = min(len(left.by_document.n), len(right.by_document.n)) >= thresholds.MIN_DOCUMENTS
    effect = _effect(left.by_document, right.by_document, serial, by_documents)
    may = eligible(a, b, rows.usable)
    confidence = simultaneous_confidence(family_sizes(may, rows) if tested is None else tested)
    found = judge(a, b, rows.usable, effect, confidence)
    directional = found >= LEFT
    probability = np.full(len(found), np.nan)
    left_out: tuple[LeftOut, ...] = ()
    if directional.any():
        left_out = tuple(leave_out(left, right, rows, serial, confidence, effect))
        if by_documents:
            shuffled = permute_documents(left.by_document, right.by_document, rows.families, may, seed)
            probability = np.where(may, shuffled, np.nan)
    disagreed = directional & (probability > 1 - thresholds.CONFIDENCE)
    lost, unchecked = _robustness(found, left_out)
    at_95 = estimate(a, b, effect, thresholds.CONFIDENCE)
    fallback = np.where(known_well(at_95), NO_CLEAR, TOO_LITTLE)
    verdict = np.where(directional & (lost | disagreed), fallback, found)
    return Decision(
        at_95=at_95, simultaneous=estimate(a, b, effect, confidence), effect=effect, confidence=confidence,
        eligible=may, found=found, verdict=verdict, fragile=directional & (lost | unchecked), probability=probability,
        by_documents=by_documents, left_out=left_out,
    )  # fmt: skip


def family_sizes(may: BoolArray, rows: Rows) -> IntArray:
    """Return, for every row, how many rows of its family are eligible."""
    sizes: IntArray = np.bincount(rows.families[may], minlength=2)[rows.families]
    return sizes


def leave_out(
    left: SideCounts, right: SideCounts, rows: Rows, serial: float, confidence: FloatArray, effect: FloatArray
) -> Iterator[LeftOut]:
    """Yield the verdicts without each passage and each document of each side.

    Everything is judged anew but the number of rows tested. Without a document the design effect of whole documents
    is estimated anew; the permutation is not made again, which of few documents would test their number.
    """
    for side, (one, other) in enumerate(((left, right), (right, left))):
        if one.without_passages is not None:
            yield _judge_without(side, "passage", one.without_passages, other.totals, rows, effect, confidence)
        effects = effect
        if min(len(left.by_document.n), len(right.by_document.n)) >= thresholds.MIN_DOCUMENTS:
            whole = one.by_document
            remaining = (_drop(whole, document) for document in range(len(whole.n)))
            effects = np.array([_effect(rest, other.by_document, serial, True) for rest in remaining])
        yield _judge_without(side, "document", one.without_documents, other.totals, rows, effects, confidence)


def _judge_without(
    side: int, unit: str, rest: Totals, other: Totals, rows: Rows, effect: FloatArray, confidence: FloatArray
) -> LeftOut:
    a, b = (rest, other) if side == 0 else (other, rest)
    return LeftOut(side, unit, judge(a, b, rows.usable, effect, confidence), large_enough(rest))


def _effect(left: Totals, right: Totals, serial: float, by_documents: bool) -> FloatArray:
    """Return the design effect of every row, at least 1; `left` and `right` are by document."""
    effect = np.full(left.x.shape[1], max(serial, 1.0))
    return np.maximum(effect, document_effect(left, right)) if by_documents else effect


def _drop(documents: Totals, number: int) -> Totals:
    x, n, content = (np.delete(array, number, axis=0) for array in (documents.x, documents.n, documents.content))
    return Totals(x, n, content)


def _robustness(found: IntArray, left_out: tuple[LeftOut, ...]) -> tuple[BoolArray, BoolArray]:
    """Return which rows lose their verdict when something is left out, and which cannot be checked so."""
    lost = np.zeros(len(found), dtype=bool)
    unchecked = np.zeros(len(found), dtype=bool)
    for one in left_out:
        lost |= ((one.verdicts != found) & one.possible[:, None]).any(axis=0)
        unchecked |= not one.possible.all()
    return lost, unchecked


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
    usable: BoolArray


def give_reason(case: Case, row: int) -> tuple[Finding, ...]:
    """Return the findings on the verdict of row number `row`.

    Of a row that nobody counted: `not_counted`, with why, or `none_counted` of a theme. Of a row that cannot be judged:
    `concept_across_languages`, `theme_across_languages`, `sides_too_small` or `too_rare`. Of a difference: `apart`, and
    `fragile`. Of a doubt: `rests_on_one`, `by_chance`, `too_small_to_matter` or `uncertain`, and `known_loosely` where
    that leaves too little evidence. Of a theme some of whose concepts were not counted, at the end: `without`.
    """
    family, identifier = case.left.rows[row]
    if not case.left.counted_rows[row] and family == "theme":
        return (Finding("none_counted"),)
    if not case.left.counted_rows[row]:
        return (Finding("not_counted", {"why": case.left.not_counted[identifier]}),)
    without = case.left.uncounted_of(identifier) if family == "theme" else []
    return (*_of_counted(case, row), *([Finding("without", {"concepts": without})] if without else []))


def _of_counted(case: Case, row: int) -> Iterator[Finding]:
    decision = case.decision
    if not decision.eligible[row]:
        yield _not_eligible(case, row)
    elif decision.verdict[row] >= LEFT:
        yield _apart(case, row)
        if decision.fragile[row]:
            yield _fragile(case)
    else:
        yield _doubt(case, row)
        if decision.verdict[row] == TOO_LITTLE:
            half = float(decision.at_95.high[row] - decision.at_95.low[row]) / 2
            yield Finding("known_loosely", {"half_width": half, "most": thresholds.MAX_HALF_WIDTH})


def _doubt(case: Case, row: int) -> Finding:
    decision, wide = case.decision, case.decision.simultaneous
    if decision.found[row] >= LEFT:
        return _lost(case, row)
    if wide.low[row] > 0 or wide.high[row] < 0:
        return Finding("too_small_to_matter", {"difference": float(decision.at_95.difference[row])})
    values = {"low": float(wide.low[row]), "high": float(wide.high[row])}
    return Finding("uncertain", values | _tested(case, row))


def _not_eligible(case: Case, row: int) -> Finding:
    if not rows_of(case.left, case.usable).usable[row]:
        return Finding(f"{case.left.rows[row][0]}_across_languages")
    sides = case.left_side.totals, case.right_side.totals
    found = [too_small(label, int(n.n), int(n.content)) for label, n in zip(case.labels, sides, strict=True)]
    if lacking := [one for one in found if one]:
        return Finding("sides_too_small", {"lacking": lacking})
    (n1, n2), both = (int(side.n) for side in sides), sum(int(side.x[row]) for side in sides)
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
