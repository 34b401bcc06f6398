"""How directives are set out: by which field of the corpus and which of their codes; the clauses behind each cell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from policybook.analysis.coded_shares import Part, count_codes
from policybook.coding import codes
from policybook.corpus.model import records
from policybook.publishing.clauses import quote_clauses
from policybook.words.coded import name_code
from policybook.words.say import names_of


@dataclass(frozen=True)
class View:
    """One way of setting directives out: parts by `field`, each by the codes of `column`."""

    id: str
    title: str
    field: str
    column: Literal["instrument", "strength"]
    #: What a part is, where several documents may stand in one.
    kind: str

    @property
    def names(self) -> Mapping[str, str]:
        """The codes of the column and what they are called."""
        return names_of(self.column)

    def anchor(self, value: str, code: str) -> str:
        """Return the id under which a page lists the clauses of one cell."""
        return f"evidence-{self.id}-{value}-{code}"


VIEWS = {
    view.id: view
    for view in (
        View("document", "By document", "document", "instrument", "document"),
        View("strength", "By strength", "document", "strength", "document"),
        View("speaker", "By speaker", "speaker", "instrument", "speaker"),
        View("plan", "By plan", "plan", "instrument", "plan"),
        View("era", "By era", "era", "instrument", "era"),
    )
}


def table_rows(view: View, parts: Sequence[Part], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a row a part, with the count, share and interval of every code; a cell leads to its clauses."""
    counts = count_codes(parts, view.column, tuple(view.names))
    rows = []
    for part in parts:
        cells = [
            {
                "count": row.count,
                "href": f"#{view.anchor(part.value, row.code)}" if row.count else "",
                "share": "" if pd.isna(row.share) else f"{100 * row.share:.0f}",
                "interval": "" if pd.isna(row.share) else f"{100 * row.low:.0f}–{100 * row.high:.0f}",
            }
            for row in records(counts[counts["value"] == part.value])
        ]
        rows.append({"label": labels[part.value], "part": part, "all": len(part.rows), "cells": cells})
    return rows


def chart_rows(view: View, parts: Sequence[Part], labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a bar chart for the parts that are large enough for shares."""
    counts = count_codes([part for part in parts if not part.small], view.column, tuple(view.names))
    return pd.DataFrame(
        [
            {
                "group": labels[row.value], "category": view.names[row.code], "count": row.count, "total": row.total,
                "low": row.low, "high": row.high,
                "href": f"#{view.anchor(row.value, row.code)}" if row.count else "",
            }
            for row in records(counts[counts["total"] > 0])
        ],
        columns=["group", "category", "count", "total", "low", "high", "href"],
    )  # fmt: skip


def subtype_rows(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return a row a subtype of an instrument, with its count in every part of the view by document."""
    rows = []
    for instrument, subtypes in codes.INSTRUMENTS.items():
        for subtype in subtypes:
            counts = [(part.value, int((part.rows["subtype"] == subtype).sum())) for part in parts]
            code = f"{instrument}-{slug(subtype)}"
            cells = [
                {"count": n, "href": f"#{VIEWS['document'].anchor(value, code)}" if n else ""} for value, n in counts
            ]
            total = sum(n for _, n in counts)
            rows.append(
                {"instrument": instrument, "subtype": subtype, "name": name_code(subtype), "cells": cells, "all": total}
            )
    return rows


def evidence_rows(
    view: View, parts: Sequence[Part], labels: Mapping[str, str], languages: Mapping[str, str],
    quotable: Collection[str], most: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return for every part and code its clauses, at most `most` of each list, under the anchor of its cell.

    In the view by document the clauses of an instrument are parted by subtype.
    """
    rows = []
    for part in parts:
        cells = []
        for code, name in view.names.items():
            found = part.rows[part.rows[view.column] == code]
            if found.empty:
                continue
            anchor = view.anchor(part.value, code)
            split = [("", found)] if view.id != "document" else _by_subtype(found, code)
            lists = [
                {
                    "anchor": f"{anchor}-{slug(subtype)}" if subtype else "",
                    "name": name_code(subtype),
                    "clauses": quote_clauses(some, languages, quotable, most),
                }
                for subtype, some in split
            ]
            cells.append({"anchor": anchor, "name": name, "count": len(found), "lists": lists})
        if cells:
            rows.append({"label": labels[part.value], "value": part.value, "cells": cells})
    return rows


def slug(code: str) -> str:
    """Return a code as a part of an address."""
    return code.replace("_", "-")


def _by_subtype(found: pd.DataFrame, instrument: str) -> list[tuple[str, pd.DataFrame]]:
    subtypes = codes.INSTRUMENTS[instrument]
    parted = [(subtype, found[found["subtype"] == subtype]) for subtype in subtypes]
    return [(subtype, some) for subtype, some in parted if len(some)] or [("", found)]
