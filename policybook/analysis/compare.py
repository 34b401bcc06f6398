"""Comparing two selections, or a sequence of periods, as DESIGN section 5 and the methods page lay out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts, BoolArray, IntArray, RowKey
from policybook.analysis.deciding import Decision, Rows, decide, family_sizes, rows_of
from policybook.analysis.findings import Finding, too_small
from policybook.analysis.judging import LEFT, VERDICTS, eligible
from policybook.analysis.reasons import MACHINE_TRANSLATED, Case, give_reason
from policybook.analysis.rows import Row, count_by_language, count_side, members
from policybook.analysis.sides import Side, make_side
from policybook.corpus.model import Corpus
from policybook.errors import ComparisonError


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
    def one_language(self) -> bool:
        """Whether both sides are of one same language."""
        return one_language((self.left, self.right))

    @property
    def mentions(self) -> tuple[int, int]:
        """Mentions of concepts that enter comparisons, on the left and on the right."""
        left, right = (int(side.mentions.sum()) for side in (self.left, self.right))
        return left, right

    @property
    def hindrance(self) -> Finding:
        """What hinders a verdict on every theme, and a way round it where languages do.

        `sides_too_small` (lacking: what each lacks), `none_counted`, `known_loosely` (half_width that is allowed),
        `none_frequent` or `across_languages` (shared: languages of both sides).
        """
        lacking = self._too_small()
        if not any(row.counted for row in self.rows) and not any(one.code == "too_few_blocks" for one in lacking):
            return Finding("none_counted")
        if lacking:
            return Finding("sides_too_small", {"lacking": lacking})
        if any(row.eligible for row in self.rows if row.family == "theme"):
            return Finding("known_loosely", {"half_width": thresholds.MAX_HALF_WIDTH})
        if self.one_language:
            return Finding("none_frequent")
        return Finding("across_languages", {"shared": sorted(self.left.languages & self.right.languages)})

    def _too_small(self) -> list[Finding]:
        """Return which sides have too few blocks; where none has, which have too few mentions."""
        sides = list(zip(self.labels, (self.left, self.right), self.mentions, strict=True))
        found = [too_small(label, len(side.blocks), mentions) for label, side, mentions in sides]
        lacking = [one for one in found if one]
        few = [one for one in lacking if one.code == "too_few_blocks"]
        return few or lacking


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
    tested: IntArray | None = None,
) -> PairComparison:
    """Return what can be said of the difference between two selections, theme by theme and concept by concept.

    `serial` is design_effect of the whole corpus. Where the sides are not of one and the same language, only
    the concepts in `comparable` enter (none for None), in themes as by themselves. `tested` says over how many rows
    each row's interval must hold at once; by default over the eligible rows of its family.
    Raises ComparisonError when a side is empty or the sides share blocks.
    """
    check_sides(left, right, labels)
    usable = usable_concepts((left, right), comparable)
    rows = rows_of(left, usable)
    sides = make_side(left, usable), make_side(right, usable)
    return _compile(left, right, labels, usable, serial, sides, decide(*sides, rows, serial, tested))


def compare_periods(
    periods: Sequence[BlockCounts],
    *,
    serial: float,
    labels: Sequence[str],
    comparable: frozenset[str] | None = None,
) -> PeriodComparison:
    """Return the comparisons of each period with the next, and of the first with the last.

    The simultaneous intervals hold for the eligible rows of a family in all of these comparisons together. One
    measure serves them all: unless every period is of one same language, only comparable concepts enter any. The
    permutation of whole documents is made for each comparison by itself: it is a condition more, not the only one.
    Raises ComparisonError when there are fewer than two periods, when one is empty, or when two share blocks.
    """
    if len(periods) < 2:
        raise ComparisonError("a sequence needs at least two periods. Add one.")
    order = [*pairwise(range(len(periods))), *([(0, len(periods) - 1)] if len(periods) > 2 else [])]
    prepared: list[tuple[int, int, Rows, tuple[Side, Side]]] = []
    tested: IntArray = np.zeros(len(periods[0].rows), dtype=np.int64)
    usable = usable_concepts(periods, comparable)
    for one, other in order:
        left, right = periods[one], periods[other]
        check_sides(left, right, (labels[one], labels[other]))
        rows = rows_of(left, usable)
        sides = make_side(left, usable), make_side(right, usable)
        tested = tested + family_sizes(eligible(sides[0].totals, sides[1].totals, rows.usable), rows)
        prepared.append((one, other, rows, sides))
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
            for one, other, rows, sides in prepared
        )
    )


def check_filled(side: BlockCounts | Corpus, label: str) -> None:
    """Raise ComparisonError when a selection is empty."""
    if not len(side.blocks):
        message = f"no passage fits “{label}”. Ask for less: take a field out of it or change a value."
        raise ComparisonError(message, "empty_side", side=label)


def check_sides(left: BlockCounts | Corpus, right: BlockCounts | Corpus, labels: tuple[str, str]) -> None:
    """Raise ComparisonError when a side is empty, or when the sides are the same or share blocks."""
    for side, label in zip((left, right), labels, strict=True):
        check_filled(side, label)
    one, other = set(left.blocks["block"]), set(right.blocks["block"])
    if one == other:
        raise ComparisonError(
            f"“{labels[0]}” and “{labels[1]}” select the same passages. Change one of them so that they differ.",
            "same_sides", sides=labels,
        )  # fmt: skip
    if shared := len(one & other):
        example = next(block for block in left.blocks["block"] if block in other)
        count = f"{shared} block{'s' * (shared != 1)} of text"
        raise ComparisonError(
            f"“{labels[0]}” and “{labels[1]}” overlap: {count} (the first is {example}) would stand on both sides. "
            "Add a field to one of them that the shared passages do not fit.",
            "overlap", sides=labels, shared=shared, example=example,
        )  # fmt: skip


def usable_concepts(sides: Sequence[BlockCounts], comparable: frozenset[str] | None) -> BoolArray:
    """Return which concepts may enter: all that were counted where every side is of one same language, else the
    comparable ones of them.
    """
    counted = sides[0].counted
    if one_language(sides):
        return counted
    comparables = np.array([concept in (comparable or ()) for concept in sides[0].concepts], dtype=bool)
    return comparables & counted


def one_language(sides: Sequence[BlockCounts]) -> bool:
    """Return whether every side is of one same language."""
    return len(frozenset[str]().union(*(side.languages for side in sides))) <= 1


def _compile(
    left: BlockCounts,
    right: BlockCounts,
    labels: tuple[str, str],
    usable: BoolArray,
    serial: float,
    sides: tuple[Side, Side],
    decision: Decision,
) -> PairComparison:
    concepts = [members(left, key, usable) for key in left.rows]
    counted = [count_side(*pair, concepts) for pair in ((left, sides[0]), (right, sides[1]))]
    case = Case(left, right, labels, *sides, decision, usable)
    row_is_counted = left.counted_rows
    translated = _without_translations(left, right, usable, serial, decision)
    rows = []
    for n, (family, identifier) in enumerate(left.rows):
        shut_out = family == "concept" and row_is_counted[n] and not usable[left.concepts.index(identifier)]
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
                reason=(*give_reason(case, n), *([MACHINE_TRANSLATED] if translated[n] else [])),
                fragile=bool(decision.fragile[n] or translated[n]),
                evidence_left=left.evidence(concepts[n]),
                evidence_right=right.evidence(concepts[n]),
                counted=bool(row_is_counted[n]),
                by_language=tuple(count_by_language(left, right, identifier)) if shut_out else (),
            )
        )
    return PairComparison(left, right, labels, serial, usable, decision, tuple(rows))


def _without_translations(
    left: BlockCounts, right: BlockCounts, usable: BoolArray, serial: float, decision: Decision
) -> BoolArray:
    """Return which directional verdicts are not found without machine-translated text, or leave none to look in."""
    directional: BoolArray = decision.verdict >= LEFT
    one, other = left.written(), right.written()
    nothing_translated = len(one.blocks) == len(left.blocks) and len(other.blocks) == len(right.blocks)
    if nothing_translated or not directional.any():
        return np.zeros(len(directional), dtype=bool)
    if not len(one.blocks) or not len(other.blocks):
        return directional
    again = decide(make_side(one, usable), make_side(other, usable), rows_of(left, usable), serial)
    changed: BoolArray = directional & (again.verdict != decision.verdict)
    return changed
