"""How often each code of directives is used in each part of a corpus, with intervals and a word on small parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.intervals import wilson
from policybook.corpus.model import Corpus, records

COLUMNS = ("value", "code", "count", "total", "share", "low", "high")


@dataclass(frozen=True)
class Part:
    """One value of a field: how much text it has and its directives; `small` where shares would say nothing."""

    value: str
    documents: int
    blocks: int
    directives: pd.DataFrame

    @property
    def small(self) -> bool:
        """Whether the part has fewer blocks than a side of a comparison needs."""
        return self.blocks < thresholds.MIN_BLOCKS


def split_parts(corpus: Corpus, field: str) -> list[Part]:
    """Return the parts of a corpus by a field of its selections (document, speaker, plan, era), in its usual order.

    Parts without text are left out; those without directives stand. A field with several values a passage (places)
    counts a passage under each. Raises SelectionError for an unknown field.
    """
    parts = []
    for value in corpus.known.get(field, ()):
        some = corpus.select({field: value})
        if len(some.passages):
            parts.append(Part(str(value), len(some.documents), len(some.blocks), some.directives))
    return parts


def count_codes(parts: Sequence[Part], column: str, codes: Sequence[str]) -> pd.DataFrame:
    """Return a row for every part and code of a column of the directives, with the columns COLUMNS.

    `share` of the part's directives, `low` and `high` its 95 % Wilson interval as if every directive were drawn by
    itself; neighbouring clauses share their topic, so the truth is less sure. Missing (nan) for small parts and
    for parts without directives.
    """
    rows = []
    for part in parts:
        total = len(part.directives)
        for code in codes:
            count = int((part.directives[column] == code).sum())
            row: tuple[float, float, float] = (float("nan"),) * 3
            if total and not part.small:
                low, high = wilson(count, total, thresholds.CONFIDENCE)
                row = (count / total, float(low), float(high))
            rows.append((part.value, code, count, total, *row))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def cautions(parts: Sequence[Part], called: Sequence[str], many: str) -> Iterator[str]:
    """Yield what must be kept in mind when parts, called by `called`, are read side by side; `many` names their kind."""
    names = list(zip(parts, called, strict=True))
    if small := [f"{name} ({part.blocks})" for part, name in names if part.small]:
        yield (
            f"Fewer than {thresholds.MIN_BLOCKS} blocks, and therefore neither share nor bar but clauses to read: "
            f"{', '.join(small)}."
        )
    if many == "documents":
        return
    single = [name for part, name in names if part.documents == 1]
    few = [f"{name} ({part.documents})" for part, name in names if 1 < part.documents < thresholds.MIN_DOCUMENTS]
    if single:
        yield f"Of one document each, whose topic and author cannot be told from what its {many} does: {', '.join(single)}."
    if few:
        yield f"Of fewer than {thresholds.MIN_DOCUMENTS} documents, so that every statement holds in these texts only: {', '.join(few)}."


def commonest(directives: pd.DataFrame, column: str) -> list[tuple[str, int]]:
    """Return the values of a column with how often they occur, most often first, equals by name."""
    counts = directives[column].dropna().value_counts()
    rows = [(str(value), int(count)) for value, count in counts.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def in_reading_order(corpus: Corpus, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a coded table in the order of the documents and their text."""
    order = {row.sentence: n for n, row in enumerate(records(corpus.sentences))}
    places = pd.DataFrame({"sentence": rows["sentence"].map(order), "start": rows["start"]}, index=rows.index)
    return rows.loc[places.sort_values(["sentence", "start"], kind="stable").index]
