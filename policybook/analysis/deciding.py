"""From two sides to verdicts: estimates, simultaneous intervals, and the checks that a verdict must survive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts, BoolArray, IntArray
from policybook.analysis.intervals import FloatArray
from policybook.analysis.judging import (
    LEFT,
    NO_CLEAR,
    TOO_LITTLE,
    Estimate,
    eligible,
    estimate,
    judge,
    known_well,
    large_enough,
    simultaneous_confidence,
)
from policybook.analysis.sides import Side, Totals
from policybook.analysis.whole_documents import document_effect, permute_documents


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

    at_95: Estimate
    simultaneous: Estimate
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
    left: Side, right: Side, rows: Rows, serial: float, tested: IntArray | None = None, seed: int = thresholds.SEED
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
    return Decision(
        at_95=at_95,
        simultaneous=estimate(a, b, effect, confidence),
        effect=effect,
        confidence=confidence,
        eligible=may,
        found=found,
        verdict=np.where(directional & (lost | disagreed), fallback, found),
        fragile=directional & (lost | unchecked),
        probability=probability,
        by_documents=by_documents,
        left_out=left_out,
    )


def family_sizes(may: BoolArray, rows: Rows) -> IntArray:
    """Return, for every row, how many rows of its family are eligible."""
    sizes: IntArray = np.bincount(rows.families[may], minlength=2)[rows.families]
    return sizes


def leave_out(
    left: Side, right: Side, rows: Rows, serial: float, confidence: FloatArray, effect: FloatArray
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
