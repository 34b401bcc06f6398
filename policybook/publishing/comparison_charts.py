"""The chart of a comparison: differences between two sides, or shares along a sequence of periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from policybook.analysis.block_counts import FAMILIES, RowKey
from policybook.analysis.compare import PairComparison
from policybook.analysis.deciding import rows_of
from policybook.analysis.estimates import Estimates
from policybook.analysis.thresholds import MIN_DIFFERENCE
from policybook.charts.differences import difference_chart
from policybook.charts.periods import period_chart
from policybook.charts.theme import Chart
from policybook.coding.scheme import Scheme
from policybook.words.say import say

#: Concepts too rare to be judged are drawn while a chart has fewer rows of concepts than this.
CONCEPTS_DRAWN = 12
#: … and at most so many that can be judged without being clear: the largest differences.
MOST_CONCEPTS = 30
#: Panels of concepts in small multiples.
PANELS = 6
_CLEAR, _NOT_JUDGED = (0, 0.0), (2, 0.0)


def comparison_chart(estimates: Estimates, scheme: Scheme, name: str, prefix: str = "") -> Chart | None:
    """Return the chart of estimates, None where no row may enter. A mark leads to its row of the table."""
    rows = charted_rows(estimates)
    if not rows:
        return None
    if estimates.is_sequence:
        return _periods(estimates, rows, scheme, name, prefix)
    return _differences(estimates.pairs[0], rows, scheme, name, prefix)


def charted_rows(estimates: Estimates) -> list[RowKey]:
    """Return the rows to draw: themes that may enter and stand anywhere, concepts that can be judged, a few more."""
    if not estimates.pairs:
        return []
    side = estimates.sides[0]
    marks = zip(side.rows, rows_of(side, estimates.usable).usable, strict=True)
    usable = {key for key, mark in marks if mark}
    found = {key: number for key, number in blocks_of_rows(estimates).items() if key in usable and number}
    themes = [key for key in found if key[0] == "theme"]
    concepts = [key for key in found if key[0] == "concept"]
    rank = _ranks(estimates)
    concepts.sort(key=lambda key: (rank.get(key, _NOT_JUDGED), -found[key]))
    judged = sum(key in rank for key in concepts)
    clear = sum(rank[key] == _CLEAR for key in concepts if key in rank)
    most = max(min(judged, MOST_CONCEPTS), clear, CONCEPTS_DRAWN)
    return [*themes, *concepts[: PANELS if estimates.is_sequence else most]]


def _ranks(estimates: Estimates) -> dict[RowKey, tuple[int, float]]:
    """Return for every row that can be judged in some pair what to draw first: what is clear, then what is large."""
    ranks: dict[RowKey, tuple[int, float]] = {}
    for row in (row for pair in estimates.pairs for row in pair.rows if row.eligible):
        rank = _CLEAR if row.verdict.startswith("more") else (1, -abs(row.difference))
        key: RowKey = (row.family, row.id)
        ranks[key] = min(rank, ranks.get(key, rank))
    return ranks


def blocks_of_rows(estimates: Estimates) -> dict[RowKey, int]:
    """Return for every row the blocks of all sides that carry it."""
    totals: dict[RowKey, int] = {}
    for family in FAMILIES:
        blocks = pd.concat([table["blocks"] for table in estimates.shares(family)], axis=1).sum(axis=1)
        totals |= {(family, str(identifier)): int(number) for identifier, number in blocks.items()}
    return totals


def _differences(pair: PairComparison, rows: Sequence[RowKey], scheme: Scheme, name: str, prefix: str) -> Chart:
    labels = {key: _label(key, scheme) for key in rows}
    content: list[dict[str, Any]] = []
    for family, identifier in rows:
        row = pair.row((family, identifier))
        content.append(
            {name: getattr(row, name) for name in ("family", "id", "difference", "low95", "high95", "low", "high")}
            | {"eligible": row.eligible, "verdict": row.verdict, "label": labels[family, identifier]}
            | {"left_blocks": row.left.blocks, "right_blocks": row.right.blocks}
            | {"left_total": len(pair.left.blocks), "right_total": len(pair.right.blocks)}
            | {"href": f"#row-{prefix}{family}-{identifier}"}
        )
    caption = say("comparison.chart.differences", others=_left_out(pair, rows))
    return difference_chart(name, pd.DataFrame(content), *pair.labels, caption, MIN_DIFFERENCE)


def _left_out(pair: PairComparison, rows: Sequence[RowKey]) -> int:
    """Return how many concepts that can be judged are not drawn."""
    drawn = set(rows)
    return sum(row.eligible and row.family == "concept" and ("concept", row.id) not in drawn for row in pair.rows)


def _periods(estimates: Estimates, rows: Sequence[RowKey], scheme: Scheme, name: str, prefix: str) -> Chart:
    shares = {family: [table.to_dict("index") for table in estimates.shares(family)] for family in FAMILIES}
    content: list[dict[str, Any]] = []
    for family, identifier in rows:
        for n, (side, label) in enumerate(zip(estimates.sides, estimates.labels, strict=True)):
            row = shares[family][n][identifier]
            content.append(
                {"family": family, "id": identifier, "label": _label((family, identifier), scheme), "period": label}
                | {column: float(row[column]) for column in ("share", "low", "high")}
                | {"blocks": int(row["blocks"]), "total": len(side.blocks)}
                | {"href": f"#row-{prefix}{family}-{identifier}"}
            )
    return period_chart(name, pd.DataFrame(content), say("comparison.chart.periods"))


def _label(key: RowKey, scheme: Scheme) -> str:
    family, identifier = key
    return scheme.theme_label[identifier] if family == "theme" else scheme.by_id[identifier].term_en
