"""The rows of a comparison as tables: blocks, shares, differences with their intervals, verdicts and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from policybook.analysis.block_counts import FAMILIES, RowKey
from policybook.analysis.compare import PairComparison
from policybook.analysis.estimates import Estimates
from policybook.analysis.reporting import to_table
from policybook.analysis.rows import Row, members
from policybook.charts.theme import download_link
from policybook.coding.scheme import Scheme
from policybook.publishing.comparison_charts import blocks_of_rows
from policybook.publishing.markup import Html, render
from policybook.words.comparisons import clash_words, digits_of, in_percent, in_points, reason_words, verdict_words
from policybook.words.say import language_name

#: Prefix of the ids of themes with every concept counted, where languages let only some enter the comparison.
ALL = "all-"


@dataclass(frozen=True)
class Ids:
    """What rows are called on the page, their ids, and those of their evidence: of a concept there is only one."""

    scheme: Scheme
    prefix: str
    evidence: str

    def named(self, key: RowKey) -> dict[str, Any]:
        """Return the names and ids of one row."""
        family, identifier = key
        concept = self.scheme.by_id[identifier] if family == "concept" else None
        return {
            "id": f"{self.prefix}{family}-{identifier}",
            "evidence": f"{'' if concept else self.evidence}{family}-{identifier}",
            "label": concept.term_en if concept else self.scheme.theme_label[identifier],
            "term_zh": concept.term_zh if concept else None,
        }


def found_rows(estimates: Estimates) -> list[RowKey]:
    """Return the rows that stand on some side: themes in the scheme's order, concepts by blocks."""
    totals = blocks_of_rows(estimates)
    themes = [key for key, blocks in totals.items() if key[0] == "theme" and blocks]
    concepts = [key for key, blocks in totals.items() if key[0] == "concept" and blocks]
    return [*themes, *sorted(concepts, key=lambda key: -totals[key])]


def show_rows(estimates: Estimates, scheme: Scheme, name: str, prefix: str = "", evidence: str = "") -> Html:
    """Return every row that stands on some side, with links to its evidence, and all rows as CSV.

    `prefix` tells the ids of several tables on one page apart, `evidence` those of the themes' evidence.
    """
    ids = Ids(scheme, prefix, evidence)
    keys = found_rows(estimates)
    shut_out = [key for key in keys if _shut_out(estimates, key)]
    whole = [key for key in keys if key not in shut_out]
    labels, mixed = estimates.labels, not estimates.usable.all()
    complete = estimates.with_every_concept()
    split = [*(key for key in found_rows(complete) if mixed and key[0] == "theme"), *shut_out]
    return render(
        "estimates" if len(estimates.pairs) == 1 else "periods",
        prefix=prefix,
        sides=[(label, len(side.blocks)) for label, side in zip(labels, estimates.sides, strict=True)],
        families=[
            {"name": family, "rows": _rows(estimates, [k for k in whole if k[0] == family], ids)}
            for family in FAMILIES
        ],
        pairs=[_pair(pair, ids) for pair in estimates.pairs],
        hindrance=clash_words(estimates.hindrance),
        reason=_one_reason(estimates, whole),
        split=_by_language(complete, split, Ids(scheme, ALL, ALL)),
        languages=[language_name(code) for code in estimates.languages],
        download=download_link(as_table(estimates, scheme), name),
    )


def as_table(estimates: Estimates, scheme: Scheme) -> pd.DataFrame:
    """Return all rows for download: of two sides as `policybook compare --csv`, else for every pair, or every side."""
    if len(estimates.pairs) == 1:
        return to_table(estimates.pairs[0], scheme, reason_words)
    if estimates.pairs:
        tables = [
            to_table(pair, scheme, reason_words).assign(left=pair.labels[0], right=pair.labels[1])
            for pair in estimates.pairs
        ]
        table = pd.concat(tables)
        first = ["left", "right"]  # evidence would stand in every pair again: the page has it
        return table[[*first, *(c for c in table.columns if c not in first and not c.startswith("evidence"))]]
    parts = [
        shares.reset_index(names="id").assign(family=family, side=label, all_blocks=len(side.blocks))
        for family in FAMILIES
        for shares, label, side in zip(estimates.shares(family), estimates.labels, estimates.sides, strict=True)
    ]
    columns = ["family", "id", "side", "all_blocks", "blocks", "passages", "documents", "mentions", "share", "low"]
    return pd.concat(parts)[[*columns, "high"]].round(4)


def _shut_out(estimates: Estimates, key: RowKey) -> bool:
    """Return whether a concept may not enter because the sides are not of one language."""
    return key[0] == "concept" and not estimates.usable[estimates.sides[0].concepts.index(key[1])]


def _rows(estimates: Estimates, keys: Sequence[RowKey], ids: Ids) -> list[dict[str, Any]]:
    pair = estimates.pairs[0] if len(estimates.pairs) == 1 else None
    shares = [table.to_dict("index") for table in estimates.shares(keys[0][0])] if keys else []
    rows = []
    for key in keys:
        cells = [
            _cell(table[key[1]], len(side.blocks), pair) for table, side in zip(shares, estimates.sides, strict=True)
        ]
        rows.append(ids.named(key) | {"cells": cells} | (_judged(pair.row(key), pair) if pair else {}))
    return rows


def _one_reason(estimates: Estimates, keys: Sequence[RowKey]) -> str:
    """Return the reason that all rows share; empty where they differ."""
    if len(estimates.pairs) != 1:
        return ""
    reasons = {reason_words(estimates.pairs[0].row(key).reason) for key in keys}
    return reasons.pop() if len(reasons) == 1 else ""


def _cell(row: Mapping[Any, Any], total: int, pair: PairComparison | None) -> dict[str, Any]:
    digits = digits_of(pair) if pair else 0
    return {
        "blocks": int(row["blocks"]),
        "mentions": int(row["mentions"]),
        "share": in_percent(row["share"], digits) if total else "–",
        "interval": f"{100 * row['low']:.0f}–{100 * row['high']:.0f}",
    }


def _judged(row: Row, pair: PairComparison) -> dict[str, Any]:
    """Return what a row's cells say of its difference; of rows that cannot be judged only the reason."""
    digits = digits_of(pair)
    return {
        "difference": in_points(row.difference, digits) if row.eligible else "",
        "interval95": f"{in_points(row.low95, digits)} to {in_points(row.high95, digits)}",
        "interval": f"{in_points(row.low, digits)} to {in_points(row.high, digits)}",
        "verdict": verdict_words(row.verdict, pair.labels),
        "directional": row.verdict.startswith("more"),
        "fragile": row.fragile,
        "reason": reason_words(row.reason),
    }


def _pair(pair: PairComparison, ids: Ids) -> dict[str, Any]:
    """Return the rows of one step of a sequence that can be judged, and how many cannot."""
    eligible = [row for row in pair.rows if row.eligible]
    others = [row for row in pair.rows if not row.eligible and row.left.blocks + row.right.blocks]
    rows = [ids.named((row.family, row.id)) | _judged(row, pair) for row in eligible]
    return {"labels": pair.labels, "rows": rows, "others": len(others)}


def _by_language(estimates: Estimates, keys: Sequence[RowKey], ids: Ids) -> list[dict[str, Any]]:
    """Return for each row the blocks of every side and language that carry it, all concepts counted."""
    parts = []
    for side in estimates.sides:
        for code in estimates.languages:
            of = side.documents.loc[side.documents["language"] == code, "document"]
            parts.append(side.keep(side.blocks["document"].isin(of).to_numpy(dtype=bool), code))
    rows = []
    for key in keys:
        columns = [estimates.sides[0].concepts.index(concept) for concept in members(parts[0], key, estimates.usable)]
        cells = [(int(part.mentions[:, columns].any(axis=1).sum()), len(part.blocks)) for part in parts]
        rows.append(ids.named(key) | {"cells": cells})
    return rows
