"""Sides are compared: estimates, intervals and verdicts, pair by pair, period by period, place by place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pandas as pd

from policybook.analysis import thresholds

from policybook.analysis.counts import (  # isort: skip
    BlockCounts, Family, Finding, Row, RowKey, SideCounts, count_by_language, count_rows, count_side, make_side,
    members, too_small,
)
from policybook.analysis.decide import (  # isort: skip
    LEFT, MACHINE_TRANSLATED, VERDICTS, Case, Decision, DifferenceEstimate, Rows, decide, eligible, family_sizes,
    find_influence, give_reason, rows_of, simultaneous_confidence,
)
from policybook.analysis.intervals import BoolArray, IntArray
from policybook.analysis.paired import contrast, panel_of
from policybook.corpus.corpus import Corpus
from policybook.errors import ComparisonError

Period = TypeVar("Period")

# Comparing two selections, or a sequence of periods, as DESIGN section 5 and the methods page lay out ---

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

        `sides_too_small` (lacking: what each lacks), `none_counted`, `not_settled` (themes), `too_few_pairs`,
        `none_frequent` or `across_languages` (shared: languages of both sides).
        """
        lacking = self._too_small()
        if not any(row.counted for row in self.rows) and not any(one.code == "too_few_blocks" for one in lacking):
            return Finding("none_counted")
        if lacking:
            return Finding("sides_too_small", {"lacking": lacking})
        if themes := sum(row.eligible for row in self.rows if row.family == "theme"):
            return Finding("not_settled", {"themes": themes})
        if few := next((why for row in self.rows for why in row.reason if why.code == "too_few_pairs"), None):
            return few
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


def compare_counts(
    left: BlockCounts, right: BlockCounts, *, serial: float, labels: tuple[str, str] = ("left", "right"),
    comparable: frozenset[str] | None = None, tested: IntArray | None = None,
) -> PairComparison:  # fmt: skip
    """Return what can be said of the difference between two selections, theme by theme and concept by concept.

    `serial` is design_effect of the whole corpus. Where the sides are not of one and the same language, only
    the concepts in `comparable` enter (none for None), in themes as by themselves. `tested` says over how many rows
    each row's interval must hold at once; by default over the eligible rows of its family.
    Raises ComparisonError when a side is empty or the sides share blocks.
    """
    usable = usable_concepts((left, right), comparable)
    rows, sides = _prepare(left, right, labels, usable)
    decision = _decide((left, right), usable, sides, rows, serial, tested)
    return _compile(left, right, labels, usable, serial, sides, decision)


def find_verdicts(
    left: BlockCounts, right: BlockCounts, *, serial: float, labels: tuple[str, str] = ("left", "right"),
    comparable: frozenset[str] | None = None, tested: IntArray | None = None,
) -> list[str]:  # fmt: skip
    """Return the verdicts alone of compare_counts, one a row, at a fraction of its cost. Raises as that does."""
    usable = usable_concepts((left, right), comparable)
    rows, sides = _prepare(left, right, labels, usable)
    return [VERDICTS[one] for one in _decide((left, right), usable, sides, rows, serial, tested).verdict]


def compare_periods(periods: Sequence[BlockCounts], *, serial: float, labels: Sequence[str],
                    comparable: frozenset[str] | None = None) -> tuple[PairComparison, ...]:  # fmt: skip
    """Return the comparisons of each period with the next, and of the first with the last.

    The simultaneous intervals hold for the eligible rows of a family in all of these comparisons together. One
    measure serves them all: unless every period is of one same language, only comparable concepts enter any.
    Raises ComparisonError when there are fewer than two periods, when one is empty, or when two share blocks.
    """
    if len(periods) < 2:
        raise ComparisonError("one_period")
    usable = usable_concepts(periods, comparable)
    steps = [((periods[a], periods[b]), (labels[a], labels[b])) for a, b in steps_of(range(len(periods)))]
    return _compare_steps(steps, [usable] * len(steps), serial)


_Step = tuple[tuple[BlockCounts, BlockCounts], tuple[str, str]]


def _compare_steps(steps: Sequence[_Step], usable: Sequence[BoolArray], serial: float) -> tuple[PairComparison, ...]:
    """Return several comparisons whose simultaneous intervals hold for the eligible rows of all together."""
    prepared = [_prepare(*sides, named, may) for (sides, named), may in zip(steps, usable, strict=True)]
    tested = sum((family_sizes(eligible(a.totals, b.totals, rows.usable), rows) for rows, (a, b) in prepared),
                 start=np.zeros(len(steps[0][0][0].rows), dtype=np.int64))  # fmt: skip
    return tuple(_compile(*counts, named, may, serial, sides,
                          _decide(counts, may, sides, rows, serial, tested, len(steps)))
                 for (counts, named), (rows, sides), may in zip(steps, prepared, usable, strict=True))  # fmt: skip


def steps_of(periods: Iterable[Period]) -> list[tuple[Period, Period]]:
    """Return each period with the next, and of more than two the first with the last."""
    found = list(periods)
    return [*pairwise(found), *([(found[0], found[-1])] if len(found) > 2 else [])]


def _decide(counts: tuple[BlockCounts, BlockCounts], usable: BoolArray, sides: tuple[SideCounts, SideCounts],
            rows: Rows, serial: float, tested: IntArray | None, steps: int = 1) -> Decision:  # fmt: skip
    """Return the verdicts of two sides: of few documents by their blocks, else by the documents themselves."""
    if min(len(side.documents) for side in counts) < thresholds.MIN_DOCUMENTS:
        ids = [side.documents["document"].tolist() for side in counts]
        made = decide(*sides, rows, serial, tested)
        return replace(made, influence=tuple(find_influence(*sides, (ids[0], ids[1]))))
    found = contrast(panel_of(counts[0], usable), panel_of(counts[1], usable), steps)
    table, number = found.rows, found.rows.select_dtypes(float)
    known = np.nan_to_num(number["difference"].to_numpy())
    at_95, simultaneous = (DifferenceEstimate(known, *(np.where(np.isnan(number[c]), known, number[c]) for c in names))
                           for names in (("low95", "high95"), ("low", "high")))  # fmt: skip
    verdict = np.array([VERDICTS.index(one) for one in table["verdict"]])
    may = table["eligible"].to_numpy(dtype=bool)
    return Decision(
        at_95=at_95, simultaneous=simultaneous, effect=np.ones(len(table)),
        confidence=simultaneous_confidence(steps * family_sizes(may, rows)),
        eligible=may, found=verdict, verdict=verdict, fragile=table["fragile"].to_numpy(dtype=bool),
        influence=tuple(zip(table["influence_document"], number["influence_change"].fillna(0.0), strict=True)),
        reasons=tuple(table["reason"]), design=found.design,
    )  # fmt: skip


def _prepare(left: BlockCounts, right: BlockCounts, labels: tuple[str, str],
             usable: BoolArray) -> tuple[Rows, tuple[SideCounts, SideCounts]]:  # fmt: skip
    check_sides(left, right, labels)
    return rows_of(left, usable), (make_side(left, usable), make_side(right, usable))


def check_filled(side: BlockCounts | Corpus, label: str) -> None:
    """Raise ComparisonError when a selection is empty."""
    if not len(side.blocks):
        raise ComparisonError("empty_side", side=label)


def check_sides(left: BlockCounts | Corpus, right: BlockCounts | Corpus, labels: tuple[str, str]) -> None:
    """Raise ComparisonError when a side is empty, or when the sides are the same or share blocks."""
    for side, label in zip((left, right), labels, strict=True):
        check_filled(side, label)
    one, other = set(left.blocks["block"]), set(right.blocks["block"])
    if one == other:
        raise ComparisonError("same_sides", sides=labels)
    if shared := len(one & other):
        example = next(block for block in left.blocks["block"] if block in other)
        raise ComparisonError("overlap", sides=labels, shared=shared, example=example)


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


def _compile(left: BlockCounts, right: BlockCounts, labels: tuple[str, str], usable: BoolArray, serial: float,
             sides: tuple[SideCounts, SideCounts], decision: Decision) -> PairComparison:  # fmt: skip
    concepts = [members(left, key, usable) for key in left.rows]
    counted = [count_side(*pair, concepts) for pair in ((left, sides[0]), (right, sides[1]))]
    case = Case(left, right, labels, *sides, decision, rows_of(left, usable))
    translated = _without_translations(left, right, usable, serial, decision)
    one, all_ = decision.at_95, decision.simultaneous
    rows = []
    for n, (family, identifier) in enumerate(left.rows):
        is_counted = bool(left.counted_rows[n])
        shut_out = family == "concept" and is_counted and not usable[left.concepts.index(identifier)]
        low95, high95 = float(one.low[n]), float(one.high[n])
        rows.append(Row(family=family, id=identifier, left=counted[0][n], right=counted[1][n],
                        difference=float(one.difference[n]), low95=low95, high95=high95,
                        low=min(float(all_.low[n]), low95), high=max(float(all_.high[n]), high95),
                        eligible=bool(decision.eligible[n]), verdict=VERDICTS[decision.verdict[n]],
                        reason=(*give_reason(case, n), *([MACHINE_TRANSLATED] if translated[n] else [])),
                        fragile=bool(decision.fragile[n] or translated[n]),
                        evidence_left=left.evidence(concepts[n]), evidence_right=right.evidence(concepts[n]),
                        counted=is_counted, influence=decision.influence[n] if is_counted else None,
                        by_language=tuple(count_by_language(left, right, identifier)) if shut_out else ()))  # fmt: skip
    return PairComparison(left, right, labels, serial, usable, decision, tuple(rows))


def _without_translations(left: BlockCounts, right: BlockCounts, usable: BoolArray, serial: float,
                          decision: Decision) -> BoolArray:  # fmt: skip
    """Return which directional verdicts are not found without machine-translated text, or leave none to look in."""
    directional: BoolArray = decision.verdict >= LEFT
    one, other = left.written(), right.written()
    nothing_translated = len(one.blocks) == len(left.blocks) and len(other.blocks) == len(right.blocks)
    if nothing_translated or not directional.any():
        return np.zeros(len(directional), dtype=bool)
    if not len(one.blocks) or not len(other.blocks):
        return directional
    sides = make_side(one, usable), make_side(other, usable)
    again = _decide((one, other), usable, sides, rows_of(left, usable), serial, None)
    changed: BoolArray = directional & (again.verdict != decision.verdict)
    return changed


# What was estimated for an entry of data/comparisons.yml, as a whole and within each language that its sides share ---

@dataclass(frozen=True, eq=False)
class Estimates:
    """The sides of a comparison and what was estimated between them.

    `pairs` holds the one comparison of two sides; of a sequence each period with the next, then the first with the
    last. Where nothing can be estimated it is empty and `hindrance` says why: `empty_side` (side), `same_sides` (sides)
    or `overlap` (sides, shared, example: how many blocks they share and the first of them). `usable` marks the concepts
    that may enter; `languages` are those of all sides.

    Of groups, `between` holds which sides each pair is of (the second −1 where it is all others), and `hindered` why
    other two cannot be compared.
    """

    sides: tuple[BlockCounts, ...]
    labels: tuple[str, ...]
    serial: float
    usable: BoolArray
    pairs: tuple[PairComparison, ...]
    hindrance: Finding | None = None
    between: tuple[tuple[int, int], ...] = ()
    hindered: Mapping[tuple[int, int], Finding] = field(default_factory=dict)

    @property
    def is_sequence(self) -> bool:
        """Whether there are more than two sides."""
        return len(self.sides) > 2

    @property
    def is_grouped(self) -> bool:
        """Whether the sides are groups, of which each two, or each and all others, are compared."""
        return bool(self.between or self.hindered)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that stand on some side."""
        return tuple(sorted(frozenset[str]().union(*(side.languages for side in self.sides))))

    @property
    def shared_languages(self) -> tuple[str, ...]:
        """The languages that stand on every side; empty where all sides are of one language anyway."""
        if len(self.languages) < 2:
            return ()
        return tuple(sorted(frozenset(self.languages).intersection(*(side.languages for side in self.sides))))

    @property
    def large(self) -> bool:
        """Whether every side has the blocks and mentions that a comparison needs."""
        return not any(too_small("", len(side.blocks), int(side.mentions.sum())) for side in self.sides)

    def with_every_concept(self) -> Estimates:
        """Return the same sides with every concept counted for its theme, and no estimate of a difference."""
        return replace(self, usable=np.ones(len(self.usable), dtype=bool), pairs=())

    def shares(self, family: Family) -> list[pd.DataFrame]:
        """Return for every side one row a theme or concept (see count_rows); only concepts that may enter count."""
        return [count_rows(side, family, self.serial, self.usable) for side in self.sides]

    def evidence(self, key: RowKey) -> list[tuple[str, ...]]:
        """Return for every side the ids of the sentences that a row was counted from."""
        concepts = members(self.sides[0], key, self.usable)
        return [side.evidence(concepts) for side in self.sides]


def estimate_sides(sides: Sequence[BlockCounts], labels: Sequence[str], *, serial: float,
                   comparable: frozenset[str] | None) -> Estimates:  # fmt: skip
    """Return what can be estimated between two sides, or along a sequence; what cannot says why."""
    named, usable = tuple(labels), usable_concepts(sides, comparable)
    try:
        if len(sides) > 2:
            pairs = compare_periods(sides, serial=serial, labels=labels, comparable=comparable)
        else:
            left, right = sides
            pairs = (compare_counts(left, right, serial=serial, labels=(named[0], named[1]), comparable=comparable),)
    except ComparisonError as error:
        return Estimates(tuple(sides), named, serial, usable, (), Finding(error.code, error.values))
    return Estimates(tuple(sides), named, serial, usable, pairs)


def estimate_groups(
    whole: BlockCounts, sides: Sequence[BlockCounts], labels: Sequence[str], between: Sequence[tuple[int, int]],
    rest: str, *, serial: float, comparable: frozenset[str] | None,
) -> Estimates:  # fmt: skip
    """Return what can be estimated between groups of blocks of the `whole`, two by two.

    −1 in `between` is what other groups hold and a group does not, and called `rest`.

    The simultaneous intervals hold for the eligible rows of all pairs together. Concepts enter a pair as its own
    languages let them. A pair that clashes says why.
    """
    usable, steps = usable_concepts(sides, comparable), dict[tuple[int, int], _Step]()
    hindered: dict[tuple[int, int], Finding] = {}
    for one, other in between:
        if other < 0:
            others = frozenset(block for n, side in enumerate(sides) if n != one for block in side.blocks["block"])
            others -= frozenset(sides[one].blocks["block"])
            second = whole.keep(whole.blocks["block"].isin(others).to_numpy(dtype=bool), rest)
        else:
            second = sides[other]
        named = labels[one], rest if other < 0 else labels[other]
        try:
            check_sides(sides[one], second, named)
        except ComparisonError as error:
            hindered[one, other] = Finding(error.code, error.values)
        else:
            steps[one, other] = (sides[one], second), named
    may = [usable_concepts(pair, comparable) for pair, _ in steps.values()]
    pairs = _compare_steps(list(steps.values()), may, serial) if steps else ()
    why = None if steps else next(iter(hindered.values()))
    return Estimates(tuple(sides), tuple(labels), serial, usable, pairs, why, tuple(steps), hindered)


def within_language(estimates: Estimates, language: str) -> Estimates:
    """Return the same comparison between the texts of one language, in which every concept may enter."""
    sides = [side.in_language(language) for side in estimates.sides]
    return estimate_sides(sides, estimates.labels, serial=estimates.serial, comparable=None)
