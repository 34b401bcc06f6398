"""Comparing two selections, or a sequence of periods, as DESIGN section 5 and the methods page lay out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from policybook.analysis.block_counts import BlockCounts, BoolArray, Family, IntArray, RowKey
from policybook.analysis.deciding import Decision, Rows, decide, family_sizes, rows_of
from policybook.analysis.judging import VERDICTS, eligible
from policybook.analysis.reasons import Case, give_reason
from policybook.analysis.sides import Side, make_side
from policybook.errors import ComparisonError


@dataclass(frozen=True)
class SideCount:
    """What one side holds of a row. `share` is of its blocks; `passages` is None where passages are not known."""

    blocks: int
    passages: int | None
    documents: int
    mentions: int
    share: float


@dataclass(frozen=True)
class LanguageCount:
    """Blocks that carry a concept, and all blocks, of each side's documents in one language."""

    language: str
    left: int
    left_blocks: int
    right: int
    right_blocks: int


@dataclass(frozen=True)
class Row:
    """What was estimated of one theme or concept: `difference` = left.share − right.share.

    `low` and `high` hold for all eligible rows of the family at once, `low95` and `high95` for this one. Evidence is
    ids of sentences (of documents, where counts have no texts). `by_language` is filled where languages differ and
    nothing shows that both find the concept equally often.
    """

    family: Family
    id: str
    left: SideCount
    right: SideCount
    difference: float
    low95: float
    high95: float
    low: float
    high: float
    eligible: bool
    verdict: str
    reason: str
    fragile: bool
    evidence_left: tuple[str, ...]
    evidence_right: tuple[str, ...]
    by_language: tuple[LanguageCount, ...] = ()


@dataclass(frozen=True, eq=False)
class PairComparison:
    """Two selections and what was estimated between them. `serial` is the design effect of neighbouring blocks."""

    left: BlockCounts
    right: BlockCounts
    labels: tuple[str, str]
    serial: float
    usable: BoolArray
    decision: Decision
    rows: tuple[Row, ...]

    def row(self, key: RowKey) -> Row:
        """Return the row of a theme or concept."""
        return self.rows[self.left.rows.index(key)]

    @property
    def mentions(self) -> tuple[int, int]:
        """Mentions that enter the comparison, on the left and on the right."""
        left, right = (int(side.mentions[:, self.usable].sum()) for side in (self.left, self.right))
        return left, right


@dataclass(frozen=True, eq=False)
class PeriodComparison:
    """A sequence of periods: each compared with the next, and the first with the last."""

    pairs: tuple[PairComparison, ...]


def compare(
    left: BlockCounts,
    right: BlockCounts,
    *,
    serial: float,
    labels: tuple[str, str] = ("left", "right"),
    comparable: frozenset[str] | None = None,
) -> PairComparison:
    """Return what can be said of the difference between two selections, theme by theme and concept by concept.

    `serial` is design_effect of the whole corpus. Where the sides are not of one and the same language, only
    the concepts in `comparable` enter (none for None), in themes as by themselves.
    Raises ComparisonError when a side is empty or the sides share blocks.
    """
    check_sides(left, right, labels)
    usable = usable_concepts(left, right, comparable)
    rows = rows_of(left, usable)
    sides = make_side(left, usable), make_side(right, usable)
    return _compile(left, right, labels, usable, serial, sides, decide(*sides, rows, serial))


def compare_periods(
    periods: Sequence[BlockCounts],
    *,
    serial: float,
    labels: Sequence[str],
    comparable: frozenset[str] | None = None,
) -> PeriodComparison:
    """Return the comparisons of each period with the next, and of the first with the last.

    The simultaneous intervals hold for the eligible rows of a family in all of these comparisons together. The
    permutation of whole documents is made for each comparison by itself: it is a condition more, not the only one.
    Raises ComparisonError when there are fewer than two periods, when one is empty, or when two share blocks.
    """
    if len(periods) < 2:
        raise ComparisonError("a sequence needs at least two periods. Add one.")
    order = [*pairwise(range(len(periods))), *([(0, len(periods) - 1)] if len(periods) > 2 else [])]
    prepared: list[tuple[int, int, BoolArray, Rows, tuple[Side, Side]]] = []
    tested: IntArray = np.zeros(len(periods[0].rows), dtype=np.int64)
    for one, other in order:
        left, right = periods[one], periods[other]
        check_sides(left, right, (labels[one], labels[other]))
        usable = usable_concepts(left, right, comparable)
        rows = rows_of(left, usable)
        sides = make_side(left, usable), make_side(right, usable)
        tested = tested + family_sizes(eligible(sides[0].totals, sides[1].totals, rows.usable), rows)
        prepared.append((one, other, usable, rows, sides))
    return PeriodComparison(
        tuple(
            _compile(
                periods[one],
                periods[other],
                (labels[one], labels[other]),
                usable,
                serial,
                sides,
                decide(*sides, rows, serial, tested),
            )
            for one, other, usable, rows, sides in prepared
        )
    )


def check_sides(left: BlockCounts, right: BlockCounts, labels: tuple[str, str]) -> None:
    """Raise ComparisonError when a side is empty, or when the sides are the same or share blocks."""
    for side, label in zip((left, right), labels, strict=True):
        if not len(side.blocks):
            raise ComparisonError(f"no passage fits “{label}”. Ask for less: take a field out of it or change a value.")
    one, other = set(left.blocks["block"]), set(right.blocks["block"])
    if one == other:
        raise ComparisonError(
            f"“{labels[0]}” and “{labels[1]}” select the same passages. Change one of them so that they differ."
        )
    if shared := len(one & other):
        example = next(block for block in left.blocks["block"] if block in other)
        count = f"{shared} block{'s' * (shared != 1)} of text"
        raise ComparisonError(
            f"“{labels[0]}” and “{labels[1]}” overlap: {count} (the first is {example}) would stand on both sides. "
            "Add a field to one of them that the shared passages do not fit."
        )


def usable_concepts(left: BlockCounts, right: BlockCounts, comparable: frozenset[str] | None) -> BoolArray:
    """Return which concepts may enter: all where both sides are of one same language, else the comparable ones."""
    if len(left.languages | right.languages) <= 1:
        return np.ones(len(left.concepts), dtype=bool)
    return np.array([concept in (comparable or ()) for concept in left.concepts], dtype=bool)


def _compile(
    left: BlockCounts,
    right: BlockCounts,
    labels: tuple[str, str],
    usable: BoolArray,
    serial: float,
    sides: tuple[Side, Side],
    decision: Decision,
) -> PairComparison:
    members = [_members(left, key, usable) for key in left.rows]
    counted = [_count_side(*pair, members) for pair in ((left, sides[0]), (right, sides[1]))]
    rows = []
    for n, (family, identifier) in enumerate(left.rows):
        shut_out = family == "concept" and not usable[left.concepts.index(identifier)]
        one, all_ = decision.at_95, decision.simultaneous
        estimates = (one.difference, one.low, one.high, all_.low, all_.high)
        difference, low95, high95, low, high = (float(array[n]) for array in estimates)
        rows.append(
            Row(
                family=family,
                id=identifier,
                left=counted[0][n],
                right=counted[1][n],
                difference=difference,
                low95=low95,
                high95=high95,
                low=min(low, low95),
                high=max(high, high95),
                eligible=bool(decision.eligible[n]),
                verdict=VERDICTS[decision.verdict[n]],
                reason=give_reason(Case(left, right, labels, *sides, decision, usable), n),
                fragile=bool(decision.fragile[n]),
                evidence_left=left.evidence(members[n]),
                evidence_right=right.evidence(members[n]),
                by_language=tuple(_by_language(left, right, identifier)) if shut_out else (),
            )
        )
    return PairComparison(left, right, labels, serial, usable, decision, tuple(rows))


def _members(counts: BlockCounts, key: RowKey, usable: BoolArray) -> list[str]:
    """Return the concepts that count for a row."""
    family, identifier = key
    if family == "concept":
        return [identifier]
    columns = zip(counts.concepts, counts.theme_of, usable, strict=True)
    return [concept for concept, theme, mark in columns if theme == identifier and mark]


def _count_side(counts: BlockCounts, side: Side, members: Sequence[Sequence[str]]) -> list[SideCount]:
    number = {concept: n for n, concept in enumerate(counts.concepts)}
    per_concept = counts.mentions.sum(axis=0)
    x, n = side.totals.x, int(side.totals.n)
    documents = (side.by_document.x > 0).sum(axis=0)
    pieces = side.pieces
    return [
        SideCount(
            blocks=int(x[row]),
            passages=len(np.unique(pieces.passage[pieces.present[:, row]])) if pieces else None,
            documents=int(documents[row]),
            mentions=int(sum(per_concept[number[concept]] for concept in concepts)),
            share=int(x[row]) / n,
        )
        for row, concepts in enumerate(members)
    ]


def _by_language(left: BlockCounts, right: BlockCounts, concept: str) -> list[LanguageCount]:
    column = left.concepts.index(concept)
    counts = []
    for language in sorted(left.languages | right.languages):
        cells = []
        for side in (left, right):
            of = side.documents.loc[side.documents["language"] == language, "document"]
            blocks = side.blocks["document"].isin(of).to_numpy(dtype=bool)
            cells += [int((side.mentions[blocks, column] > 0).sum()), int(blocks.sum())]
        counts.append(LanguageCount(language, *cells))
    return counts
