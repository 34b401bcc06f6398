"""Parquet read and written through DuckDB, in bounded memory.

DuckDB and not Dask, because what is asked of these tables are selections, joins and sums over files that one computer
reaches. DuckDB does them in the process that asks, puts on the disk what exceeds its memory limit, and reads and writes
Parquet by itself. Dask's tables need pyarrow (166 MB), hold partitions as pandas makes them, shuffle them between
processes to join them, and bound memory only by workers that must be running. Measuring is another work, Python
document by document, and is where Dask's workers serve (see policybook.coding.executors).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from policybook.errors import UnreadableDocumentError, shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: What DuckDB holds in memory at the most; more goes into a folder that is gone with the connection.
MEMORY = "512MB"
#: Tables of more documents than these are Parquet where they may be.
MANY = 5_000
#: How a Parquet file begins and ends.
MAGIC = b"PAR1"
_WHOLE, _BROKEN = ("FLOAT", "DOUBLE"), ("STRUCT", "MAP", "UNION", "BLOB")


@contextmanager
def open_duckdb(memory: str | None = None) -> Iterator[DuckDBPyConnection]:
    """Yield a connection to a database in memory that holds no more there than it may, and asks nobody for extensions.

    Whatever it refuses is a duckdb.Error.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="policybook-duckdb-") as spilled:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory or MEMORY, "temp_directory": spilled, "threads": 2,
            "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        }  # fmt: skip
        connection = duckdb.connect(":memory:", config=settings)
        try:
            yield connection
        finally:
            connection.close()


def sql_text(name: object) -> str:
    """Return a text as SQL writes it in quotation marks."""
    return "'" + str(name).replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """Return the name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def reason(error: Exception) -> str:
    """Return what DuckDB says of a mistake, in one harmless line."""
    return shown(str(error).split("\n")[0].partition(": ")[2] or type(error).__name__)


def parquet_as_csv(content: bytes, name: str) -> bytes:
    """Return a small Parquet table as CSV in UTF-8: a line a row, numbers as people write them, nothing for no value.

    `name` is what messages call it. Raises UnreadableDocumentError where it is damaged or a column holds no single
    values.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="policybook-parquet-") as folder, open_duckdb() as query:
        source, target = Path(folder) / "table.parquet", Path(folder) / "table.csv"
        source.write_bytes(content)
        try:
            described = query.execute(f"DESCRIBE SELECT * FROM read_parquet({sql_text(source)})").fetchall()
            for field, kind, *_ in described:
                if kind.startswith(_BROKEN) or kind.endswith("]"):
                    fix = "Give one value a cell: text, a number or a date."
                    raise UnreadableDocumentError(f"{name}: the column {shown(field)!r} holds {shown(kind)}. {fix}")
            cells = ", ".join(f"{_cell(field, kind)} AS {sql_name(field)}" for field, kind, *_ in described)
            query.execute(f"COPY (SELECT {cells} FROM read_parquet({sql_text(source)})) TO {sql_text(target)} "
                          "(FORMAT csv, HEADER, DELIMITER ',')")  # fmt: skip
        except duckdb.Error as error:
            fix = "Restore it, or save the table again."
            why = reason(error).replace(str(source), name)
            raise UnreadableDocumentError(f"{name}: it is no Parquet file that can be read ({why}). {fix}") from None
        return target.read_bytes()


def _cell(field: str, kind: str) -> str:
    """Return the text of a cell on one line; a whole number that lacks somewhere comes as 2019.0 out of pandas."""
    name = sql_name(field)
    if kind in _WHOLE:
        whole = f"CAST(TRY_CAST({name} AS BIGINT) AS VARCHAR)"
        text = f"CASE WHEN {name} = trunc({name}) THEN {whole} ELSE CAST({name} AS VARCHAR) END"
    else:
        text = f"CAST({name} AS VARCHAR)"
    return f"replace(replace(coalesce({text}, ''), chr(13), ' '), chr(10), ' ')"
