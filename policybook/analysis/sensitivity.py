"""Whether verdicts survive: without each passage, each document, machine translation; with other blocks, other text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts, IntArray, RowKey, block_counts
from policybook.analysis.compare import PairComparison, compare
from policybook.analysis.deciding import leave_out, rows_of
from policybook.analysis.findings import Finding
from policybook.analysis.judging import VERDICTS
from policybook.analysis.presence import design_effect
from policybook.analysis.sides import make_side
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.blocks import BLOCK_LENGTH
from policybook.corpus.model import Corpus
from policybook.corpus.selection import Selection
from policybook.corpus.variants import reblock, with_all_paragraphs, without_headings
from policybook.errors import ComparisonError

Outcome = Literal["survives", "does not survive", "not possible"]


@dataclass(frozen=True)
class Check:
    """One thing changed, and what becomes of each row's verdict.

    `what` is changed: `without_each` (unit), `not_translated`, `blocks` (en and zh, their lengths), `no_headings`,
    `every_paragraph`, or `other_text` for these three where there are no texts. `why` says why it is not possible, None
    where it is: `no_texts`, `no_units` (unit), `nothing_left` or `too_little_left` (sides). `changed` names, for rows
    whose verdict does not survive, the verdict that takes its place (for what is left out one by one: the first that
    changes it).
    """

    what: Finding
    outcomes: Mapping[RowKey, Outcome]
    changed: Mapping[RowKey, str]
    why: Finding | None = None


@dataclass(frozen=True, eq=False)
class Variant:
    """A corpus counted by another rule (see Check); `effect` is its design effect."""

    what: Finding
    counts: BlockCounts
    effect: float


def make_variants(corpus: Corpus, scheme: Scheme) -> tuple[Variant, ...]:
    """Return the corpus with blocks half and twice as long, without headings, and with every paragraph."""
    half = {language: size // 2 for language, size in BLOCK_LENGTH.items()}
    twice = {language: size * 2 for language, size in BLOCK_LENGTH.items()}
    corpora = (
        (Finding("blocks", half), reblock(corpus, half)),
        (Finding("blocks", twice), reblock(corpus, twice)),
        (Finding("no_headings"), without_headings(corpus)),
        (Finding("every_paragraph"), code_concepts(with_all_paragraphs(corpus), scheme)),
    )
    counted = [(what, block_counts(varied, scheme)) for what, varied in corpora]
    return tuple(Variant(what, counts, design_effect(counts)) for what, counts in counted)


def check_sensitivity(
    comparison: PairComparison,
    selections: tuple[Selection, Selection],
    variants: Sequence[Variant],
    comparable: frozenset[str] | None = None,
    in_sequence: bool = False,
) -> tuple[Check, ...]:
    """Return every check of a comparison of two `selections`; without variants, texts were not at hand to make them.

    A comparison `in_sequence` is one of several: its intervals go on holding for as many rows at once as they did.
    """
    again = partial(
        _compare_again, comparison, comparable=comparable, tested=_tested(comparison) if in_sequence else None
    )
    written = comparison.left.written(), comparison.right.written()
    checks = [*_leaving_out(comparison), again(Finding("not_translated"), *written, comparison.serial)]
    for variant in variants:
        sides = [variant.counts.select(selection) for selection in selections]
        checks.append(again(variant.what, sides[0], sides[1], variant.effect))
    if not variants:
        checks.append(_not_possible(Finding("other_text"), comparison, Finding("no_texts")))
    return tuple(checks)


def _leaving_out(comparison: PairComparison) -> Iterator[Check]:
    """Yield the checks without each passage and without each document, both sides together."""
    decision, keys = comparison.decision, comparison.left.rows
    sides = [make_side(side, comparison.usable) for side in (comparison.left, comparison.right)]
    rows = rows_of(comparison.left, comparison.usable)
    without = list(leave_out(sides[0], sides[1], rows, comparison.serial, decision.confidence, decision.effect))
    for unit in ("passage", "document"):
        versions = [one for one in without if one.unit == unit]
        what = Finding("without_each", {"unit": unit})
        if not versions:
            yield _not_possible(what, comparison, Finding("no_units", {"unit": unit}))
            continue
        verdicts = np.vstack([one.verdicts[one.possible] for one in versions])
        empty = [comparison.labels[one.side] for one in versions if not one.possible.all()]
        outcomes: dict[RowKey, Outcome] = {}
        changed: dict[RowKey, str] = {}
        for n, key in enumerate(keys):
            others = verdicts[verdicts[:, n] != decision.found[n], n]
            outcomes[key] = "does not survive" if len(others) else "not possible" if empty else "survives"
            if len(others):
                changed[key] = VERDICTS[others[0]]
        why = Finding("too_little_left", {"sides": list(dict.fromkeys(empty))}) if empty else None
        yield Check(what, outcomes, changed, why)


def _tested(comparison: PairComparison) -> IntArray:
    """Return over how many rows each row's interval holds at once."""
    rows: IntArray = np.rint((1 - thresholds.CONFIDENCE) / (1 - comparison.decision.confidence)).astype(np.int64)
    return rows


def _compare_again(
    comparison: PairComparison,
    what: Finding,
    left: BlockCounts,
    right: BlockCounts,
    serial: float,
    *,
    comparable: frozenset[str] | None,
    tested: IntArray | None,
) -> Check:
    labels = comparison.labels
    try:
        again = compare(left, right, serial=serial, labels=labels, comparable=comparable, tested=tested)
    except ComparisonError:
        empty = [label for label, side in zip(comparison.labels, (left, right), strict=True) if not len(side.blocks)]
        return _not_possible(what, comparison, Finding("nothing_left", {"sides": empty}))
    outcomes: dict[RowKey, Outcome] = {}
    changed: dict[RowKey, str] = {}
    for before, after in zip(comparison.rows, again.rows, strict=True):
        key: RowKey = (before.family, before.id)
        outcomes[key] = "survives" if before.verdict == after.verdict else "does not survive"
        if before.verdict != after.verdict:
            changed[key] = after.verdict
    return Check(what, outcomes, changed)


def _not_possible(what: Finding, comparison: PairComparison, why: Finding) -> Check:
    return Check(what, dict.fromkeys(comparison.left.rows, "not possible"), {}, why)
