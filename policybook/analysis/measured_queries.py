"""Measured tables, small or too large for memory, opened for a comparison: what is selected of them, and no more.

Of Parquet, DuckDB gives the counts of the documents that are asked for, in parts; from there on they are what counts in
CSV are, and all that is worked out is worked out in one way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from policybook.analysis.counts import BlockCounts, design_effect, design_effect_of

from policybook.analysis.measured_counts import (  # isort: skip
    OF_DOCUMENTS, Counted, block_counts_of, cells_of, fill_panel, known_of, length_column, make_panel, measured_counts,
    no_blocks, rows_of_panel,
)
from policybook.analysis.paired import Panel
from policybook.analysis.robustness import placebo_pairs
from policybook.coding.measured import LENGTHS, Measured, age_of, measured_names
from policybook.coding.measured_parquet import ParquetTables, find_tables
from policybook.coding.rules import Age, find_age, find_rules
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import KnownValues, Selection, check_values
from policybook.corpus.scope import Vocabulary, load_vocabulary
from policybook.errors import SelectionError
from policybook.project import Project

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: Comparisons by blocks hold so many in memory at the most.
BLOCKS_IN_MEMORY = 200_000
#: So many vectors of 2,048 rows come at a time.
_VECTORS = 16


def open_panel(project: Project, name: str, scheme: Scheme, selections: Sequence[Selection] = (), *,
               length: int = 100) -> tuple[Panel, Age]:  # fmt: skip
    """Return a measured corpus, a name of data/measured or a folder, and what of its counts is too old.

    With `selections`, of Parquet only documents that fit one of them. Raises SelectionError when there is no such
    folder, field or value, InvalidDataError when its files have mistakes.
    """
    tables, vocabulary = find_tables(project, name), load_vocabulary(project)
    if isinstance(tables, Measured):
        age = age_of(tables, project)
        return make_panel(tables, age, scheme, vocabulary, length=length), age
    with tables.open() as query:
        known, age = _look(query, tables, project, vocabulary)
        blocks, rows = length_column(length), rows_of_panel(age, scheme)
        _choose(query, _where(selections, known))
        asked = f"SELECT {', '.join(OF_DOCUMENTS)}, {blocks} FROM chosen ORDER BY number"
        documents = query.execute(asked).df()
        parts = _counts(query, cells_of(rows), blocks)
        return fill_panel(documents, rows, parts, blocks, vocabulary, known, tables.has_blocks), age


def open_blocks(project: Project, name: str, scheme: Scheme,
                selections: Sequence[Selection]) -> tuple[BlockCounts, Age, float]:  # fmt: skip
    """Return the blocks of two sides and of what stands beside them, what is too old, and the whole design effect.

    Raises as `open_panel` does, and SelectionError where no blocks were kept or there are more than
    BLOCKS_IN_MEMORY.
    """
    tables, vocabulary = find_tables(project, name), load_vocabulary(project)
    made_from = f"data/measured/{name}" if name in measured_names(project) else name
    if isinstance(tables, Measured):
        age = age_of(tables, project)
        counts = measured_counts(tables, age, scheme, vocabulary, made_from=made_from)
        return counts, age, design_effect(counts)
    if not tables.has_blocks:
        raise no_blocks(made_from)
    with tables.open() as query:
        known, age = _look(query, tables, project, vocabulary)
        sides = [_ids(query, _where([one], known)) for one in selections]
        beside, pairs = _beside(query, sides)
        _choose(query, ("document IN (SELECT unnest($1))", [sorted({*sides[0], *sides[1], *pairs})]))
        (number,) = query.execute("SELECT count(*) FROM blocks SEMI JOIN chosen USING (document)").fetchone() or (0,)
        if number > BLOCKS_IN_MEMORY:
            fix = "Select fewer documents, or at least four on each side, which are compared without their blocks."
            raise SelectionError(f"{made_from}: {number:,} blocks are more than {BLOCKS_IN_MEMORY:,}. {fix}")
        blocks = query.execute("SELECT b.document, b.number, b.length, concepts FROM blocks b JOIN chosen c "
                               "USING (document) ORDER BY c.number, b.number").df()  # fmt: skip
        said = f"{made_from} sha256:{tables.sha256}"
        whole = design_effect_of(block_counts_of(beside.iloc[:0], part, age, scheme, known, said)
                                 for part in _whole_documents(query))  # fmt: skip
        return block_counts_of(beside, blocks, age, scheme, known, said), age, whole


_Where = tuple[str, list[Any]]


def _look(query: DuckDBPyConnection, tables: ParquetTables, project: Project,
          vocabulary: Vocabulary) -> tuple[KnownValues, Age]:  # fmt: skip
    """Return what can be selected, and what of the counts is too old."""
    values = {field: {str(one) for (one,) in query.execute(f"SELECT DISTINCT {field} FROM documents").fetchall()}
              for field in OF_DOCUMENTS}  # fmt: skip
    return known_of(values, vocabulary), find_age(tables.record.rules, find_rules(project), values["language"])


def _where(selections: Sequence[Selection], known: KnownValues) -> _Where:
    """Return the condition that a document fits one of the selections, and its values; everything without any."""
    told, fits = list[Any](), list[str]()
    for selection in selections:
        parts = ["true"]
        for field, value in selection.items():
            told.append([str(one) for one in check_values(field, value, known)])
            column = "place" if field in ("places", "speaker") else field
            parts.append(f"{column} IN (SELECT unnest(CAST(${len(told)} AS VARCHAR[])))")
        fits.append(f"({' AND '.join(parts)})")
    return " OR ".join(fits) or "true", told


def _choose(query: DuckDBPyConnection, where: _Where) -> None:
    """Number the documents that are asked for, in the order of the metadata."""
    columns = ", ".join((*OF_DOCUMENTS, *(length_column(length) for length in LENGTHS)))
    query.execute(f"CREATE TEMP TABLE chosen AS SELECT {columns}, row_number() OVER (ORDER BY position) - 1 AS number "
                  f"FROM documents WHERE {where[0]}", where[1])  # fmt: skip


def _ids(query: DuckDBPyConnection, where: _Where) -> frozenset[str]:
    """Return the documents that fit and have blocks."""
    asked = f"SELECT document FROM documents SEMI JOIN blocks USING (document) WHERE {where[0]}"
    return frozenset(str(one) for (one,) in query.execute(asked, where[1]).fetchall())


def _beside(query: DuckDBPyConnection, sides: Sequence[frozenset[str]]) -> tuple[pd.DataFrame, set[str]]:
    """Return the documents of the places of two sides, and those that the placebo sets against each other."""
    places = "SELECT place FROM documents WHERE document IN (SELECT unnest($1))"
    asked = f"SELECT {', '.join(OF_DOCUMENTS)} FROM documents WHERE place IN ({places}) ORDER BY position"
    documents = query.execute(asked, [sorted(sides[0] | sides[1])]).df()
    pairs = placebo_pairs(documents, *sides)
    return documents, {one for pair in pairs for one in pair[:2]}


def _counts(query: DuckDBPyConnection, cells: pd.DataFrame, blocks: str) -> Iterator[Counted]:
    """Yield the counts of the documents that were chosen."""
    query.execute("CREATE TEMP TABLE cells AS SELECT unnest($1) AS kind, unnest($2) AS id, unnest($3) AS cell",
                  [cells["kind"].tolist(), cells["id"].tolist(), list(range(len(cells)))])
    asked = (f"SELECT c.number, cell, t.{blocks} AS blocks, mentions FROM counts t JOIN chosen c USING (document) "
             "JOIN cells k ON k.kind = t.kind AND k.id = t.id")  # fmt: skip
    for part in _frames(query, asked):
        number, cell, carrying, mentions = (part[name].to_numpy(dtype=np.int64) for name in part)
        yield number, cell, carrying, mentions


def _frames(query: DuckDBPyConnection, asked: str) -> Iterator[pd.DataFrame]:
    result = query.execute(asked)
    while len(part := result.fetch_df_chunk(_VECTORS)):
        yield part


def _whole_documents(query: DuckDBPyConnection) -> Iterator[pd.DataFrame]:
    """Yield the blocks of all documents in parts of whole ones, in the order of their ids."""
    left = pd.DataFrame()
    for part in _frames(query, "SELECT document, number, length, concepts FROM blocks ORDER BY document, number"):
        joined = pd.concat([left, part], ignore_index=True) if len(left) else part
        last = joined["document"] == joined["document"].iloc[-1]
        if not last.all():
            yield joined[~last].reset_index(drop=True)
        left = joined[last]
    if len(left):
        yield left.reset_index(drop=True)
