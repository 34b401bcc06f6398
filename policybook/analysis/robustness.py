"""Whether a verdict survives: placebo, halves, and what is left out or cut otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Literal

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.compare import PairComparison, compare_counts, usable_concepts
from policybook.analysis.counts import BlockCounts, Finding, IntArray, RowKey, block_counts, design_effect, make_side
from policybook.analysis.decide import LEFT, VERDICTS, decide, leave_out, rows_of
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.build import BLOCK_LENGTH, reblock, with_all_paragraphs, without_headings
from policybook.corpus.corpus import Corpus, Selection
from policybook.errors import ComparisonError

# The placebo beside a comparison: the same procedure between documents of the same place, where nothing is asked ---

@dataclass(frozen=True)
class PlaceboPair:
    """Two documents of one place, compared. Of the rows that could be judged (`eligible`), how many got a direction.

    `largest_difference` is that of the eligible themes, without its sign; None where none could be judged.
    """

    left: str
    right: str
    place: str
    eligible: int
    directional: int
    largest_difference: float | None


def find_placebo(
    counts: BlockCounts, comparison: PairComparison, comparable: frozenset[str] | None = None
) -> tuple[PlaceboPair, ...]:
    """Return the pairs of documents of the same place, each compared as the two sides were.

    The documents are those of `counts` (the whole corpus) whose place is that of a document of the comparison, with
    all their blocks. Pairs that the comparison itself sets against each other, one only on the left and one only on
    the right, are left out; of more than MAX_PLACEBO_PAIRS, as many are taken at even steps.
    """
    left, right = (frozenset(side.documents["document"]) for side in (comparison.left, comparison.right))
    places = set(comparison.left.documents["place"]) | set(comparison.right.documents["place"])
    documents = counts.documents[counts.documents["place"].isin(places)]
    only_left, only_right = left - right, right - left
    pairs = [
        (str(one), str(other), str(place))
        for place, group in documents.groupby("place", sort=True)
        for one, other in combinations(group["document"], 2)
        if not (one in only_left and other in only_right) and not (one in only_right and other in only_left)
    ]
    if len(pairs) > thresholds.MAX_PLACEBO_PAIRS:
        steps = np.linspace(0, len(pairs) - 1, thresholds.MAX_PLACEBO_PAIRS).round().astype(int)
        pairs = [pairs[step] for step in steps]
    alone = {document: counts.select(document=document) for document in documents["document"]}
    return tuple(_compare_pair(alone, *pair, comparison.serial, comparable) for pair in pairs)


def judge_placebo(comparison: PairComparison, pairs: Sequence[PlaceboPair]) -> Finding:
    """Return what the placebo says of the comparison: whether documents of the same place differ as much.

    `none` where no pair could be judged. Else, with judged and found (pairs, and those that differ in some row) and
    usual (the median of their largest differences of a theme): `alone` where no row of the comparison can be judged;
    with its own largest difference, `as_much_few` or `as_much_many` (by the documents a side), `less` or `unclear`.
    """
    judged = [pair for pair in pairs if pair.eligible]
    if not judged:
        return Finding("none")
    usual = float(np.median([pair.largest_difference or 0.0 for pair in judged]))
    values = {"judged": len(judged), "found": sum(pair.directional > 0 for pair in judged), "usual": usual}
    rows = [row for row in comparison.rows if row.eligible]
    if not rows:
        return Finding("alone", values)
    largest = max((abs(row.difference) for row in rows if row.family == "theme"), default=0.0)
    directional = sum(row.verdict.startswith("more") for row in rows)
    rate = sum(pair.directional for pair in judged) / sum(pair.eligible for pair in judged)
    if rate >= directional / len(rows) and usual >= largest:
        few = min(len(side.documents) for side in (comparison.left, comparison.right)) < thresholds.MIN_DOCUMENTS
        code = "as_much_few" if few else "as_much_many"
    else:
        code = "less" if directional else "unclear"
    return Finding(code, {**values, "largest": largest})


def _compare_pair(
    alone: dict[str, BlockCounts], left: str, right: str, place: str, serial: float, comparable: frozenset[str] | None
) -> PlaceboPair:
    usable = usable_concepts((alone[left], alone[right]), comparable)
    rows = rows_of(alone[left], usable)
    decision = decide(make_side(alone[left], usable), make_side(alone[right], usable), rows, serial)
    themes = decision.eligible & (rows.families == 0)
    largest = float(np.abs(decision.at_95.difference[themes]).max()) if themes.any() else None
    directional = int((decision.verdict >= LEFT).sum())
    return PlaceboPair(left, right, place, int(decision.eligible.sum()), directional, largest)


# Whether verdicts survive: without each passage, each document, machine translation; with other blocks, other text ---

CheckOutcome = Literal["survives", "does not survive", "not possible"]


@dataclass(frozen=True)
class SensitivityCheck:
    """One thing changed, and what becomes of each row's verdict.

    `what` is changed: `without_each` (unit), `not_translated`, `blocks` (en and zh, their lengths), `no_headings`,
    `every_paragraph`, or `other_text` for these three where there are no texts. `why` says why it is not possible, None
    where it is: `no_texts`, `no_units` (unit), `nothing_left` or `too_little_left` (sides). `changed` names, for rows
    whose verdict does not survive, the verdict that takes its place (for what is left out one by one: the first that
    changes it).
    """

    what: Finding
    outcomes: Mapping[RowKey, CheckOutcome]
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
    comparison: PairComparison, selections: tuple[Selection, Selection], variants: Sequence[Variant],
    comparable: frozenset[str] | None = None, in_sequence: bool = False,
) -> tuple[SensitivityCheck, ...]:  # fmt: skip
    """Return every check of a comparison of two `selections`; without variants, texts were not at hand to make them.

    A comparison `in_sequence` is one of several: its intervals go on holding for as many rows at once as they did.
    """
    tested = _tested(comparison) if in_sequence else None
    again = partial(_compare_again, comparison, comparable=comparable, tested=tested)
    written = comparison.left.written(), comparison.right.written()
    left_out = [] if comparison.decision.by_documents else [*_leaving_out(comparison)]
    checks = [*left_out, again(Finding("not_translated"), *written, comparison.serial)]
    for variant in variants:
        sides = [variant.counts.select(selection) for selection in selections]
        checks.append(again(variant.what, sides[0], sides[1], variant.effect))
    if not variants:
        checks.append(_not_possible(Finding("other_text"), comparison, Finding("no_texts")))
    return tuple(checks)


def _leaving_out(comparison: PairComparison) -> Iterator[SensitivityCheck]:
    """Yield the checks without each passage and without each document, both sides together."""
    decision, keys = comparison.decision, comparison.left.rows
    sides = [make_side(side, comparison.usable) for side in (comparison.left, comparison.right)]
    rows = rows_of(comparison.left, comparison.usable)
    without = list(leave_out(sides[0], sides[1], rows, decision.confidence, decision.effect))
    for unit in ("passage", "document"):
        versions = [one for one in without if one.unit == unit]
        what = Finding("without_each", {"unit": unit})
        if not versions:
            yield _not_possible(what, comparison, Finding("no_units", {"unit": unit}))
            continue
        verdicts = np.vstack([one.verdicts[one.possible] for one in versions])
        empty = [comparison.labels[one.side] for one in versions if not one.possible.all()]
        others = {key: verdicts[verdicts[:, n] != decision.found[n], n] for n, key in enumerate(keys)}
        changed = {key: VERDICTS[found[0]] for key, found in others.items() if len(found)}
        kept: CheckOutcome = "not possible" if empty else "survives"
        outcomes: dict[RowKey, CheckOutcome] = {key: "does not survive" if key in changed else kept for key in keys}
        why = Finding("too_little_left", {"sides": list(dict.fromkeys(empty))}) if empty else None
        yield SensitivityCheck(what, outcomes, changed, why)


def _tested(comparison: PairComparison) -> IntArray:
    """Return over how many rows each row's interval holds at once."""
    rows: IntArray = np.rint((1 - thresholds.CONFIDENCE) / (1 - comparison.decision.confidence)).astype(np.int64)
    return rows


def _compare_again(
    comparison: PairComparison, what: Finding, left: BlockCounts, right: BlockCounts, serial: float, *,
    comparable: frozenset[str] | None, tested: IntArray | None,
) -> SensitivityCheck:
    labels = comparison.labels
    try:
        again = compare_counts(left, right, serial=serial, labels=labels, comparable=comparable, tested=tested)
    except ComparisonError:
        empty = [label for label, side in zip(comparison.labels, (left, right), strict=True) if not len(side.blocks)]
        return _not_possible(what, comparison, Finding("nothing_left", {"sides": empty}))
    pairs = zip(comparison.left.rows, comparison.rows, again.rows, strict=True)
    changed = {key: after.verdict for key, before, after in pairs if before.verdict != after.verdict}
    outcomes: dict[RowKey, CheckOutcome] = {
        key: "does not survive" if key in changed else "survives" for key in comparison.left.rows
    }
    return SensitivityCheck(what, outcomes, changed)


def _not_possible(what: Finding, comparison: PairComparison, why: Finding) -> SensitivityCheck:
    return SensitivityCheck(what, dict.fromkeys(comparison.left.rows, "not possible"), {}, why)
