"""The placebo beside a comparison: the same procedure between documents of the same place, where nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts
from policybook.analysis.compare import PairComparison, usable_concepts
from policybook.analysis.deciding import decide, rows_of
from policybook.analysis.findings import Finding
from policybook.analysis.judging import LEFT
from policybook.analysis.sides import make_side


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
        code = "as_much_many" if _many_documents(comparison) else "as_much_few"
    else:
        code = "less" if directional else "unclear"
    return Finding(code, {**values, "largest": largest})


def _many_documents(comparison: PairComparison) -> bool:
    return min(len(side.documents) for side in (comparison.left, comparison.right)) >= thresholds.MIN_DOCUMENTS


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
