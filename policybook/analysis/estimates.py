"""What was estimated for an entry of data/comparisons.yml, as a whole and within each language that its sides share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.block_counts import BlockCounts, BoolArray, Family, RowKey
from policybook.analysis.compare import PairComparison, compare, compare_periods, usable_concepts
from policybook.analysis.findings import Finding
from policybook.analysis.presence import count_rows
from policybook.analysis.rows import members
from policybook.errors import ComparisonError


@dataclass(frozen=True, eq=False)
class Estimates:
    """The sides of a comparison and what was estimated between them.

    `pairs` holds the one comparison of two sides; of a sequence each period with the next, then the first with the
    last. Where nothing can be estimated it is empty and `hindrance` says why: `empty_side` (side), `same_sides` (sides)
    or `overlap` (sides, shared, example: how many blocks they share and the first of them). `usable` marks the concepts
    that may enter; `languages` are those of all sides.
    """

    sides: tuple[BlockCounts, ...]
    labels: tuple[str, ...]
    serial: float
    usable: BoolArray
    pairs: tuple[PairComparison, ...]
    hindrance: Finding | None = None

    @property
    def is_sequence(self) -> bool:
        """Whether there are more than two sides."""
        return len(self.sides) > 2

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
        return all(
            len(side.blocks) >= thresholds.MIN_BLOCKS and int(side.mentions.sum()) >= thresholds.MIN_MENTIONS
            for side in self.sides
        )

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


def estimate_sides(
    sides: Sequence[BlockCounts], labels: Sequence[str], *, serial: float, comparable: frozenset[str] | None
) -> Estimates:
    """Return what can be estimated between two sides, or along a sequence; what cannot says why."""
    named, usable = tuple(labels), usable_concepts(sides, comparable)
    try:
        if len(sides) > 2:
            pairs = compare_periods(sides, serial=serial, labels=labels, comparable=comparable).pairs
        else:
            left, right = sides
            pairs = (compare(left, right, serial=serial, labels=(named[0], named[1]), comparable=comparable),)
    except ComparisonError as error:
        return Estimates(tuple(sides), named, serial, usable, (), Finding(error.code, error.values))
    return Estimates(tuple(sides), named, serial, usable, pairs)


def within_language(estimates: Estimates, language: str) -> Estimates:
    """Return the same comparison between the texts of one language, in which every concept may enter."""
    sides = [
        side.keep(side.blocks["document"].isin(_documents_in(side, language)).to_numpy(dtype=bool), language)
        for side in estimates.sides
    ]
    return estimate_sides(sides, estimates.labels, serial=estimates.serial, comparable=None)


def _documents_in(side: BlockCounts, language: str) -> pd.Series:
    return side.documents.loc[side.documents["language"] == language, "document"]
