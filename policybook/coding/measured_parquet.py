"""Measured tables of many documents: partitioned Parquet, written in batches, checked, and asked through DuckDB.

A folder of them holds documents/, counts/ and, where somebody wants them, blocks/, each a file for so many documents
(part-00000.parquet, …) in the order of the metadata, and measured.yml, which names every part with its hash. Columns
are those of the small tables in CSV (see policybook.coding.measured), and of documents `licence` besides: what the
metadata say of who may use the text. data/ keeps CSV, which people read and git compares.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from policybook.coding.measured import (  # isort: skip
    BLOCK_COLUMNS, COUNT_COLUMNS, DOCUMENT_COLUMNS, PART_NAME, RECORD, TEXTS, Measured, csv_lines, load_measured,
    made_by_us, measured_names, put_in_place, read_measured, record_file,
)
from policybook.coding.measured_store import MeasuredRows
from policybook.coding.rules import CodingRules, find_rules
from policybook.errors import FolderError, InvalidDataError, Problem, SelectionError, raise_problems, shown
from policybook.parquet import MANY, open_duckdb, reason, sql_name, sql_text
from policybook.project import Project
from policybook.tables import FileModel, YamlFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: So many documents share a part.
_PART = 1_000
_COLUMNS = {"documents": (*DOCUMENT_COLUMNS, "licence"), "counts": COUNT_COLUMNS, "blocks": BLOCK_COLUMNS}
_PHYSICAL = {"VARCHAR": "BYTE_ARRAY", "BIGINT": "INT64"}
_TABLES = {"documents", "counts"}  # that are there in any case
_NOT_STATED = "not stated"
_AGAIN = "Restore it, or measure again."


class ParquetRecord(FileModel):
    """How tables were made: by which versions and rules, of which documents, and the hash of every part.

    `licences`: documents by what the metadata call the licence of their text.
    """

    format: Literal["parquet"]
    made_by: str
    written_by: str
    rules: CodingRules
    documents: int
    blocks: int
    licences: dict[str, int]
    columns: dict[str, list[str]]
    parts: dict[str, str] = Field(min_length=2)


def is_parquet(out: Path, project: Project, documents: int, wanted: bool) -> bool:
    """Return whether so many documents measured into `out` become Parquet: where it is wanted, and outside data/ where
    they are more than MANY. Raises FolderError where it is wanted inside data/."""
    inside = out.absolute().resolve().is_relative_to(project.data.resolve())
    if wanted and inside:
        fix = "Name a folder outside data/, or leave out --parquet."
        raise FolderError(f"{shown(out)}: data/ keeps small tables as CSV. {fix}")
    return not inside and (wanted or documents > MANY)


def write_parquet(folder: Path, rows: Iterable[tuple[MeasuredRows, str]], project: Project, blocks: bool) -> int:
    """Put the tables of documents, each with its licence, into `folder` in place of those that were there.

    A part of them is in memory at a time. Returns the number of their blocks. Raises FolderError when the tables cannot
    be written.
    """
    tables = [name for name in _COLUMNS if blocks or name != "blocks"]
    counted = 0

    def fill(place: Path) -> None:
        nonlocal counted
        import duckdb

        parts, licences, documents = dict[str, str](), Counter[str](), 0
        for name in tables:
            (place / name).mkdir()
        try:
            with open_duckdb() as query:
                for number, part in enumerate(_parts(rows)):
                    for name in tables:
                        file = f"{name}/part-{number:05d}.parquet"
                        _write_part(query, name, part, place / file)
                        parts[file] = _hash(place / file)
                    licences.update(licence or _NOT_STATED for _, licence in part)
                    counted += sum(one.number for one, _ in part)
                    documents += len(part)
        except duckdb.Error as error:
            raise FolderError(f"{shown(folder)}: its tables cannot be written ({reason(error)}). Check permissions and "
                              "space.") from None  # fmt: skip
        record = ParquetRecord(format="parquet", made_by=made_by_us(), written_by=f"duckdb {duckdb.__version__}",
                               rules=find_rules(project), documents=documents, blocks=counted,
                               licences=dict(sorted(licences.items())), parts=parts,
                               columns={name: list(_COLUMNS[name]) for name in tables})  # fmt: skip
        (place / RECORD).write_bytes(record_file(record))

    put_in_place(folder, fill)
    return counted


def _write_part(query: DuckDBPyConnection, name: str, part: Sequence[tuple[MeasuredRows, str]], target: Path) -> None:
    """Write the rows of some documents, which the store keeps as CSV without a head."""
    draft, columns = target.with_suffix(".csv"), _COLUMNS[name]
    with draft.open("w", encoding="utf-8", newline="") as file:
        for rows, licence in part:
            if name == "documents":
                file.write(f"{rows.document.rstrip()},{csv_lines([[licence]])}")
            else:
                file.write(rows.counts if name == "counts" else rows.blocks)
    kinds = ", ".join(f"{sql_text(one)}: {sql_text(_kind(one))}" for one in columns)
    cells = ", ".join(f"coalesce({sql_name(one)}, '') AS {sql_name(one)}" if _kind(one) == "VARCHAR" else sql_name(one)
                      for one in columns)  # fmt: skip
    read = (f"read_csv({sql_text(draft)}, columns = {{{kinds}}}, header = false, auto_detect = false, delim = ',', "
            "quote = '\"', escape = '\"', new_line = '\\n', max_line_size = 1000000, buffer_size = 4000000, "
            "parallel = false)")  # fmt: skip
    query.execute(f"COPY (SELECT {cells} FROM {read}) TO {sql_text(target)} (FORMAT parquet, COMPRESSION zstd)")
    draft.unlink()


def _parts(rows: Iterable[tuple[MeasuredRows, str]]) -> Iterator[list[tuple[MeasuredRows, str]]]:
    every = iter(rows)
    while part := list(islice(every, _PART)):
        yield part


def _kind(name: str) -> str:
    return "VARCHAR" if name in TEXTS or name == "licence" else "BIGINT"


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Tables that lie there are opened: every part is the one that was written, and nothing else is in the folder ---------

@dataclass(frozen=True, eq=False)
class ParquetTables:
    """A folder of measured tables that was looked through; `name` is what messages call it."""

    folder: Path
    name: str
    record: ParquetRecord

    @contextmanager
    def open(self, memory: str | None = None) -> Iterator[DuckDBPyConnection]:
        """Yield a connection with the views documents, counts and blocks, each as wide as its file.

        Documents have a `position` besides, their place in the order of the metadata. Raises FolderError where DuckDB
        cannot do what it is asked inside.
        """
        import duckdb

        try:
            with open_duckdb(memory) as query:
                for table in self.record.columns:
                    parts = [part for part in self.record.parts if part.startswith(f"{table}/")]
                    files = ", ".join(sql_text(self.folder / part) for part in sorted(parts))
                    order = "row_number() OVER (ORDER BY filename, file_row_number) - 1"
                    read = f"read_parquet([{files}], filename = true, file_row_number = true)"
                    cells = ", ".join(map(sql_name, self.record.columns[table]))
                    position = f", {order} AS position" if table == "documents" else ""
                    query.execute(f"CREATE TEMP VIEW {table} AS SELECT {cells}{position} FROM {read}")
                yield query
        except duckdb.OutOfMemoryException as error:
            fix = "Select fewer documents, or make room on the disk."
            raise FolderError(f"{self.name}: its tables need more room than there is ({reason(error)}). "
                              f"{fix}") from None  # fmt: skip
        except duckdb.Error as error:
            raise FolderError(f"{self.name}: its tables cannot be read ({reason(error)}). {_AGAIN}") from None

    @property
    def has_blocks(self) -> bool:
        """Whether blocks were kept."""
        return "blocks" in self.record.columns

    @property
    def sha256(self) -> str:
        """One hash of all parts."""
        return hashlib.sha256("".join(sorted(self.record.parts.values())).encode()).hexdigest()


def find_tables(project: Project, name: str) -> Measured | ParquetTables:
    """Return the measured tables called `name`: a folder of data/measured, or by its path any other, of CSV or Parquet.

    Raises SelectionError when there is no such folder, InvalidDataError when its files have mistakes.
    """
    folder = Path(name)
    if name in measured_names(project) or not (folder / RECORD).is_file():
        if folder.is_dir() and name not in measured_names(project):
            raise SelectionError(f"{shown(name)}: it holds no {RECORD}, so it is no folder of measured tables.")
        return load_measured(project, name)
    file = YamlFile(folder / RECORD, shown(folder / RECORD))
    is_parquet_folder = isinstance(file.content, dict) and "format" in file.content
    return open_parquet(folder) if is_parquet_folder else read_measured(folder, project)


def open_parquet(folder: Path) -> ParquetTables:
    """Return a folder of measured Parquet tables. Raises InvalidDataError with every mistake in its files."""
    problems: list[Problem] = []
    file = YamlFile(folder / RECORD, shown(folder / RECORD))
    record = file.parse(ParquetRecord, file.content, [], problems)
    if record is None:
        raise InvalidDataError(problems)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} - {RECORD}
    odd = [one for one, names in record.columns.items() if names != list(_COLUMNS.get(one, ()))]
    if odd or {part.partition("/")[0] for part in record.parts} != record.columns.keys() | _TABLES:
        problems.append(Problem(file.name, 0, "columns", "these are no columns of measured tables.", _AGAIN))
    problems += [Problem(shown(folder / part), 0, "", "it is no part of these tables.", "Take it away.")
                 for part in sorted(there - record.parts.keys())]  # fmt: skip
    for part, sha256 in sorted(record.parts.items()):
        if wrong := _wrong_part(folder / part, part, sha256, there, record):
            problems.append(Problem(shown(folder / part), 0, "", wrong, _AGAIN))
    raise_problems(problems)
    raise_problems(list(_wrong_columns(folder, record)))
    return ParquetTables(folder, shown(folder), record)


def _wrong_part(path: Path, part: str, sha256: str, there: Collection[str], record: ParquetRecord) -> str:
    """Return what is wrong with a part, "" where it is the one that was written."""
    table, _, name = part.partition("/")
    if not PART_NAME.fullmatch(name) or table not in record.columns:
        return f"{RECORD} names it, and no part of measured tables is called so."
    if part not in there:
        return "this part of the tables is missing."
    try:
        return "" if _hash(path) == sha256 else "it is not the file that was measured (its hash differs)."
    except OSError as error:
        return f"it cannot be read ({error.strerror})."


def _wrong_columns(folder: Path, record: ParquetRecord) -> Iterator[Problem]:
    """Yield a Problem for each part, or table that the record names, that has other columns than such a table."""
    import duckdb

    with open_duckdb() as query:
        for part in sorted(record.parts):
            table, name = part.partition("/")[0], shown(folder / part)
            try:
                asked = f"SELECT name, type FROM parquet_schema({sql_text(folder / part)}) OFFSET 1"
                found = [f"{one} {kind}" for one, kind in query.execute(asked).fetchall()]
            except duckdb.Error as error:
                yield Problem(name, 0, "", f"it is damaged ({reason(error)}).", _AGAIN)
                continue
            wanted = [f"{one} {_PHYSICAL[_kind(one)]}" for one in _COLUMNS[table]]
            if found != wanted:
                odd = [one.split()[0] for one in (*found, *wanted) if (one in found) != (one in wanted)]
                message = f"its columns are not those of {table}: {', '.join(dict.fromkeys(odd)) or 'another order'}."
                yield Problem(name, 0, "", message, _AGAIN)
