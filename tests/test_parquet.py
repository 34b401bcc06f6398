"""Parquet through DuckDB: small tables as CSV, in a sentence what is none, and no more memory than it may take."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from policybook.errors import UnreadableDocumentError
from policybook.parquet import open_duckdb, parquet_as_csv, reason, sql_name, sql_text


def parquet(folder: Path, select: str) -> bytes:
    path = folder / "made.parquet"
    with open_duckdb() as query:
        query.execute(f"COPY ({select}) TO {sql_text(path)} (FORMAT parquet)")
    return path.read_bytes()


def test_cells_come_as_people_write_them(tmp_path: Path) -> None:
    content = parquet(
        tmp_path,
        """SELECT * FROM (VALUES (2019.0::DOUBLE, 7, DATE '2024-01-02', 'a "b", c' || chr(10) || 'd', NULL, true),
           (NULL, 8, NULL, '', '县', NULL)) AS t(year, n, day, title, place, "odd"", name")""",
    )
    lines = parquet_as_csv(content, "m.parquet").decode().splitlines()
    assert lines == [
        'year,n,day,title,place,"odd"", name"',
        '2019,7,2024-01-02,"a ""b"", c d","",true',
        '"",8,"","",县,""',
    ]


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"\0" * 200 + b"PAR1", b""])
def test_what_is_damaged_is_a_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableDocumentError, match=r"^m\.parquet: it is no Parquet file that can be read \(.*\)\. "):
        parquet_as_csv(content, "m.parquet")


def test_a_column_of_lists_is_a_sentence(tmp_path: Path) -> None:
    content = parquet(tmp_path, "SELECT 'a' AS title, [1, 2] AS years")
    with pytest.raises(UnreadableDocumentError, match=r"m\.parquet: the column 'years' holds INTEGER\[\]\. Give one"):
        parquet_as_csv(content, "m.parquet")


def test_what_exceeds_the_memory_goes_to_the_disk() -> None:
    """A sort of some 100 MB in 40."""
    with open_duckdb("40MB") as query:
        asked = "SELECT md5(i::VARCHAR) AS a, md5((i + 1)::VARCHAR) AS b FROM range(1200000) t(i) ORDER BY a"
        assert query.execute(f"SELECT a FROM ({asked}) LIMIT 1 OFFSET 1199999").fetchone()
        (used,) = query.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchone() or (0,)
    assert used < 40e6


def test_nobody_is_asked_for_extensions() -> None:
    with open_duckdb() as query, pytest.raises(duckdb.Error) as caught:
        query.execute("SELECT * FROM read_xlsx('a.xlsx')")
    assert "\n" not in reason(caught.value)


def test_names_are_quoted() -> None:
    with open_duckdb() as query:
        assert query.execute(f"SELECT {sql_text(chr(39))} AS {sql_name(chr(34))}").fetchall() == [("'",)]
