"""What stands beside the estimates of a comparison: its placebo, its sensitivity, and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.block_counts import RowKey
from policybook.analysis.compare import PairComparison
from policybook.analysis.deciding import rows_of
from policybook.analysis.estimates import Estimates
from policybook.analysis.placebo import PlaceboPair, find_placebo
from policybook.analysis.power import MOST_BLOCKS
from policybook.analysis.rows import Row
from policybook.analysis.sensitivity import Check, check_sensitivity, make_variants
from policybook.analysis.settling import Settling, what_would_settle
from policybook.analysis.wanted import wanted_texts
from policybook.charts.theme import download_link
from policybook.corpus.manifest import load_recommended
from policybook.corpus.selection import Selection
from policybook.publishing.book import Book
from policybook.publishing.markup import Html, render
from policybook.words.comparisons import (
    change_words,
    clash_words,
    placebo_sentence,
    row_name,
    settling_sentence,
    unchanged_words,
    verdict_words,
)
from policybook.words.say import language_name, percent, say

#: At most so many pairs of documents stand in the table of the placebo, the largest differences first.
PAIRS_SHOWN = 30


@dataclass(frozen=True)
class ComparisonChecks:
    """The estimates of one comparison held against what else could have made them; `selections` are its sides'."""

    book: Book
    estimates: Estimates
    selections: tuple[Selection, ...]
    name: str

    def placebo(self) -> Html:
        """What the same procedure finds between documents of the same place."""
        told, found = [], dict[tuple[str, str], PlaceboPair]()
        for pair in self.estimates.pairs:
            placebo = find_placebo(self.book.counts, pair, self.book.comparable)
            told.append({"between": self._between(pair), "sentence": placebo_sentence(pair, placebo)})
            found |= {(one.left, one.right): one for one in placebo}
        judged = [one for one in found.values() if one.eligible]
        judged.sort(key=lambda one: (-(one.largest_difference or 0.0), one.left, one.right))
        table = pd.DataFrame(list(found.values()), columns=list(PlaceboPair.__dataclass_fields__))
        return render(
            "placebo",
            told=told,
            hindrance=clash_words(self.estimates.hindrance),
            rows=[self._placebo_row(one) for one in judged[:PAIRS_SHOWN]],
            unshown=len(judged) - len(judged[:PAIRS_SHOWN]),
            too_small=len(found) - len(judged),
            download=download_link(table, f"{self.name}-placebo") if found else "",
        )

    def sensitivity(self) -> Html:
        """What becomes of the verdicts when something is left out or cut otherwise."""
        told = []
        for pair, selections in zip(self.estimates.pairs, self._pairs_of_selections(), strict=False):
            checks = check_sensitivity(
                pair,
                selections,
                self._variants,
                self.book.comparable,
                in_sequence=self.estimates.is_sequence,
            )
            told.append(self._survival(pair, checks))
        return render("sensitivity", told=told, hindrance=clash_words(self.estimates.hindrance))

    def settling(self) -> Html:
        """Where too little is known: the power of the present blocks, how many more it takes, and texts with them."""
        told = [self._open_rows(pair) for pair in self.estimates.pairs]
        return render(
            "settling",
            told=[one for one in told if one["open"] or one["other"]],
            alone=self._alone(),
            settled=bool(told) and not any(one["open"] or one["other"] for one in told),
            points=f"{100 * thresholds.SETTLED_DIFFERENCE:.0f}",
            often=percent(thresholds.SETTLED_POWER),
            most=MOST_BLOCKS,
            hindrance=clash_words(self.estimates.hindrance),
            texts=self._texts() if not told or any(one["open"] or one["other"] for one in told) else [],
        )

    @cached_property
    def _variants(self) -> Any:
        return make_variants(self.book.corpus, self.book.scheme)

    def _between(self, pair: PairComparison) -> str:
        return f"“{pair.labels[0]}” and “{pair.labels[1]}”" if self.estimates.is_sequence else ""

    def _pairs_of_selections(self) -> list[tuple[Selection, Selection]]:
        """Return the selections of every pair, in the order of the pairs."""
        steps = list(pairwise(self.selections))
        return [*steps, (self.selections[0], self.selections[-1])] if len(steps) > 1 else steps

    def _placebo_row(self, one: PlaceboPair) -> dict[str, Any]:
        largest = one.largest_difference
        return {
            "documents": (one.left, one.right),
            "place": self.book.vocabulary.label(one.place),
            "eligible": one.eligible,
            "directional": one.directional,
            "largest": f"{100 * largest:.0f}" if largest is not None else "–",
        }

    def _survival(self, pair: PairComparison, checks: Sequence[Check]) -> dict[str, Any]:
        verdicts = {(row.family, row.id): row for row in pair.rows if row.verdict != "too little evidence"}
        rows = []
        for check in checks:
            of = [check.outcomes[key] for key in verdicts]
            kept, impossible = of.count("survives"), of.count("not possible")
            changed = [self._change(key, check, pair) for key in verdicts if key in check.changed]
            gained = [self._change(key, check, pair) for key in check.changed if key not in verdicts]
            rows.append({"name": change_words(check.what), "kept": kept, "impossible": impossible, "changed": changed,
                         "gained": gained, "why": unchanged_words(check.why)})  # fmt: skip
        return {
            "between": self._between(pair),
            "verdicts": len(verdicts),
            "directional": sum(row.verdict.startswith("more") for row in verdicts.values()),
            "fragile": [row_name(key, self.book.scheme) for key, row in verdicts.items() if row.fragile],
            "rows": rows,
        }

    def _change(self, key: RowKey, check: Check, pair: PairComparison) -> str:
        verdict = verdict_words(check.changed[key], pair.labels)
        return say("comparison.change.becomes", row=row_name(key, self.book.scheme), verdict=verdict)

    def _open_rows(self, pair: PairComparison) -> dict[str, Any]:
        """Return what would settle each theme that is too little known, the most frequent first."""
        usable = rows_of(pair.left, pair.usable).usable
        unsettled = [
            (row, bool(mark))
            for row, mark in zip(pair.rows, usable, strict=True)
            if row.family == "theme" and row.verdict == "too little evidence"
        ]
        rows = sorted((row for row, mark in unsettled if mark and _blocks(row)), key=_blocks, reverse=True)
        found = [(row, what_would_settle(pair, ("theme", row.id))) for row in rows]
        label = self.book.scheme.theme_label
        needs: dict[tuple[str, ...], list[str]] = {}
        for row, settling in found:
            needs.setdefault(_needs(settling, pair), []).append(label[row.id])
        return {
            "between": self._between(pair),
            "labels": pair.labels,
            "sizes": (len(pair.left.blocks), len(pair.right.blocks)),
            "sentence": settling_sentence(pair, found[0][1]) if found else "",
            "theme": label[found[0][0].id] if found else "",
            "open": [{"labels": labels, "cells": cells} for cells, labels in needs.items()],
            "other": [label[row.id] for row, mark in unsettled if not mark],
            "silent": [label[row.id] for row, mark in unsettled if mark and not _blocks(row)],
            "concepts": sum(row.family == "concept" and row.verdict == "too little evidence" for row in pair.rows),
        }

    def _alone(self) -> list[str]:
        """Return the sides of one document, where a verdict is fragile for that."""
        fragile = any(row.fragile for pair in self.estimates.pairs for row in pair.rows)
        sides = zip(self.estimates.labels, self.estimates.sides, strict=True)
        return [label for label, side in sides if fragile and len(side.documents) == 1]

    def _texts(self) -> list[dict[str, Any]]:
        """Return for every side the recommended texts that would bring passages to it."""
        documents = self.book.corpus.documents
        at_hand = {*documents["document"], *documents["recommended"].dropna()}
        recommended = load_recommended(self.book.project, self.book.vocabulary)
        found = []
        for label, selection in zip(self.estimates.labels, self.selections, strict=True):
            wanted = wanted_texts(recommended, selection, at_hand, self.book.vocabulary)
            groups = dict.fromkeys(text.group for text in wanted if text.group)
            found.append(
                {
                    "label": label,
                    "plan": selection.get("plan"),
                    "texts": [(text, language_name(text.language)) for text in wanted if not text.group],
                    "groups": {name: [text for text in wanted if text.group == name] for name in groups},
                }
            )
        return found


def _blocks(row: Row) -> int:
    return row.left.blocks + row.right.blocks


def _needs(settling: Settling, pair: PairComparison) -> tuple[str, ...]:
    """Return the cells of a row: the power now, and the blocks needed on the left, on the right, on each side."""
    left, right = len(pair.left.blocks), len(pair.right.blocks)
    cells = [percent(settling.power)]
    for need, there in ((settling.left, left), (settling.right, right), (settling.each, max(left, right))):
        cells.append("–" if need is None else say("comparison.settling.enough") if need <= there else f"{need:,}")
    return tuple(cells)
