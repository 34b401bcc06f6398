"""How often each code is used in each part of a corpus, with intervals and a word on small parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.findings import Finding
from policybook.analysis.intervals import wilson
from policybook.corpus.model import Corpus, records
from policybook.errors import SelectionError, suggest

#: With fewer rows than this a share would hang on a single one of them.
MIN_ROWS = 12
COLUMNS = ("value", "code", "count", "total", "share", "low", "high")


@dataclass(frozen=True)
class Part:
    """One value of a field: how much text it has and the rows of one coded table in it."""

    value: str
    documents: int
    blocks: int
    rows: pd.DataFrame

    @property
    def small(self) -> bool:
        """Whether the part has too few blocks for a side of a comparison, or too few rows for a share."""
        return self.blocks < thresholds.MIN_BLOCKS or len(self.rows) < MIN_ROWS


def split_parts(corpus: Corpus, field: str, table: str = "directives") -> list[Part]:
    """Return the parts of a corpus by a field of its selections (document, speaker, plan, era), in its usual order.

    Parts without text are left out; those without rows stand. A field with several values a passage (places) counts a
    passage under each. Raises SelectionError for an unknown field.
    """
    if field not in corpus.known:
        raise SelectionError(f"a selection has no field {field!r}. {suggest(field, corpus.known)}")
    parts = []
    for value in corpus.known[field]:
        some = corpus.select({field: value})
        if len(some.passages):
            parts.append(Part(str(value), len(some.documents), len(some.blocks), getattr(some, table)))
    return parts


def count_codes(parts: Sequence[Part], column: str, codes: Sequence[str]) -> pd.DataFrame:
    """Return a row for every part and code of a column of its rows, with the columns COLUMNS.

    `share` of the part's rows, `low` and `high` its 95 % Wilson interval as if every row were drawn by itself;
    neighbouring clauses share their topic, so the truth is less sure. Missing (nan) for small parts and for parts
    without rows.
    """
    rows = []
    for part in parts:
        total = len(part.rows)
        for code in codes:
            count = int((part.rows[column] == code).sum())
            row: tuple[float, float, float] = (float("nan"),) * 3
            if not part.small:
                low, high = wilson(count, total, thresholds.CONFIDENCE)
                row = (count / total, float(low), float(high))
            rows.append((part.value, code, count, total, *row))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def find_cautions(parts: Sequence[Part], called: Sequence[str], kind: str) -> Iterator[Finding]:
    """Yield what must be kept in mind when parts, called `called`, are read side by side; `kind` says what one is.

    `small` (blocks and rows needed; parts with name, blocks and rows), `single` (names), `few` (needed; parts with
    name and documents).
    """
    names = list(zip(parts, called, strict=True))
    if small := [{"name": name, "blocks": p.blocks, "rows": len(p.rows)} for p, name in names if p.small]:
        yield Finding("small", {"blocks": thresholds.MIN_BLOCKS, "rows": MIN_ROWS, "parts": small})
    if kind == "document":
        return
    if single := [name for part, name in names if part.documents == 1]:
        yield Finding("single", {"names": single})
    least = thresholds.MIN_DOCUMENTS
    if few := [{"name": name, "documents": p.documents} for p, name in names if 1 < p.documents < least]:
        yield Finding("few", {"needed": least, "parts": few})


def commonest(rows: pd.DataFrame, column: str) -> list[tuple[str, int]]:
    """Return the values of a column with how often they occur, most often first, equals by name."""
    counts = rows[column].dropna().value_counts()
    found = [(str(value), int(count)) for value, count in counts.items()]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def in_reading_order(corpus: Corpus, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a coded table in the order of the documents and their text."""
    order = {row.sentence: n for n, row in enumerate(records(corpus.sentences))}
    places = pd.DataFrame({"sentence": rows["sentence"].map(order), "start": rows["start"]}, index=rows.index)
    return rows.loc[places.sort_values(["sentence", "start"], kind="stable").index]
