"""Counts measured from texts that are not shipped: tables of them written, read and checked, and known when stale."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import quote, urlsplit

import pandas as pd
import yaml

import policybook
from policybook.coding.measured_store import MeasuredRows
from policybook.coding.rules import Age, CodingRules, find_age, find_rules
from policybook.coding.scheme import INSTRUMENTS, KINDS, STRENGTHS
from policybook.corpus.manifest import SLUG

from policybook.errors import (  # isort: skip
    FolderError, InvalidDataError, PolicybookError, Problem, SelectionError, raise_problems, shown, suggest,
)
from policybook.project import Project, read_file
from policybook.tables import FileModel, YamlFile

# A folder data/measured/NAME holds documents.csv, counts.csv, blocks.csv where somebody wants them, and measured.yml,
# which says by which rules they were made (see policybook.coding.rules): what has changed since is not counted, which
# is something else than 0. Of a text they hold forms of the coding scheme that occur in it, and nothing else.
DOCUMENTS, COUNTED, BLOCKS, RECORD = "documents.csv", "counts.csv", "blocks.csv", "measured.yml"
#: A document is cut into blocks of so many Chinese characters, or the words that BLOCK_LENGTH sets against them.
LENGTHS = (50, 100, 200, 400)
_BLOCKS_OF = tuple(f"blocks_{length}" for length in LENGTHS)
#: Directives by what an instrument is in particular, such as subtype_services.
SUBTYPE_COLUMNS = tuple(f"subtype_{name}" for subtypes in INSTRUMENTS.values() for name in subtypes)
#: What is counted besides concepts, in a document and in a block: its length in the unit of its language, directives
#: by instrument, its subtype and strength, quantities by kind.
COUNTS = ("length", "directives", *(f"instrument_{name}" for name in INSTRUMENTS), *SUBTYPE_COLUMNS,
          *(f"strength_{name}" for name in STRENGTHS), *(f"quantity_{name}" for name in KINDS))  # fmt: skip
_TEXT_COLUMNS = ("document", "title", "publisher", "kind", "place", "city", "era", "year", "language", "address",
                 "sha256")  # fmt: skip
_SIZES = ("characters", "passages", "sentences", *_BLOCKS_OF, *COUNTS)
DOCUMENT_COLUMNS = (*_TEXT_COLUMNS, *_SIZES)
#: What a row of counts.csv counts: a concept; the concepts of a theme that enter comparisons; those of them that are
#: not in the scheme because their use was seen to change. Ambiguous mentions are left out everywhere.
#: `blocks_100`: blocks of that length with a mention; `form`: of a concept, how the text writes it most often, empty
#: where it does so in no form without a gap. What does not occur has no row.
COUNT_COLUMNS = ("document", "kind", "id", "mentions", *_BLOCKS_OF, "form")
#: `concepts` holds id:mentions pairs, ids in alphabetical order, parted by spaces. Blocks are those of blocks_100.
BLOCK_COLUMNS = ("document", "number", "concepts", *COUNTS)
#: Columns of text; all others hold whole numbers.
TEXTS = {*_TEXT_COLUMNS, "id", "form", "concepts"}
_NOTHING = {COUNTED: pd.DataFrame(columns=list(COUNT_COLUMNS)), BLOCKS: pd.DataFrame(columns=list(BLOCK_COLUMNS))}


_PAIR = re.compile(rf"({SLUG.pattern}):([1-9][0-9]*)")


class MeasuredRecord(FileModel):
    """How tables were made: by which version of the package and of the rules, and the hashes of the tables."""

    made_by: str
    rules: CodingRules
    documents_sha256: str
    counts_sha256: str
    blocks_sha256: str | None = None


@dataclass(frozen=True, eq=False)
class Measured:
    """One set of measured tables, with the columns DOCUMENT_COLUMNS, COUNT_COLUMNS and BLOCK_COLUMNS.

    `blocks` has no row where `record` has no hash of them: they were not kept.
    """

    documents: pd.DataFrame
    counts: pd.DataFrame
    blocks: pd.DataFrame
    record: MeasuredRecord

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables by the names of their files."""
        kept = {BLOCKS: self.blocks} if self.record.blocks_sha256 else {}
        return {DOCUMENTS: self.documents, COUNTED: self.counts} | kept


def make_measured(documents: pd.DataFrame, counts: pd.DataFrame, blocks: pd.DataFrame | None, *, made_by: str,
                  rules: CodingRules) -> Measured:  # fmt: skip
    """Return tables with the record of how they were made, by which `rules`; `blocks` may be left out."""
    record = MeasuredRecord(made_by=made_by, rules=rules, documents_sha256=_sha256(table_bytes(documents)),
                            counts_sha256=_sha256(table_bytes(counts)),
                            blocks_sha256=None if blocks is None else _sha256(table_bytes(blocks)))  # fmt: skip
    return Measured(documents, counts, _NOTHING[BLOCKS] if blocks is None else blocks, record)


def measured_of(rows: Sequence[MeasuredRows], project: Project, blocks: bool) -> Measured:
    """Return the rows of documents as tables, by the rules of now."""
    parts = {DOCUMENTS: (DOCUMENT_COLUMNS, [one.document for one in rows]),
             COUNTED: (COUNT_COLUMNS, [one.counts for one in rows]),
             BLOCKS: (BLOCK_COLUMNS, [one.blocks for one in rows])}  # fmt: skip
    tables = {name: _parse((_head(columns) + "".join(lines)).encode(), columns)
              for name, (columns, lines) in parts.items()}  # fmt: skip
    return make_measured(tables[DOCUMENTS], tables[COUNTED], tables[BLOCKS] if blocks else None,
                         made_by=made_by_us(), rules=find_rules(project))  # fmt: skip


def files_of(measured: Measured) -> Mapping[str, bytes]:
    """Return the files of a measured folder: name → content, the same bytes for the same tables."""
    tables = {name: table_bytes(table) for name, table in measured.tables.items()}
    return {**tables, RECORD: record_file(measured.record)}


def record_file(record: FileModel) -> bytes:
    """Return the file that says how tables were made."""
    head = "# Made by `policybook measure`; do not edit. The tables hold counts, no text of the documents.\n"
    return (head + yaml.safe_dump(record.model_dump(exclude_none=True), sort_keys=False)).encode()


def made_by_us() -> str:
    """Return what a record says made the tables."""
    return f"policybook {policybook.__version__}"


def text_link(address: str, form: str) -> str:
    """Return the address of a page at the words `form` in it (a text fragment); without a form, the address.

    Empty for an address that a page may not link to: one that is not of http or https, or of no server.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    words = quote(form, safe="").replace("-", "%2D")  # a hyphen parts what stands before and after the words
    return f"{address}{'' if '#' in address else '#'}:~:text={words}" if form else address


def age_of(measured: Measured, project: Project) -> Age:
    """Return what of measured tables does not hold with the rules as they are now.

    Raises InvalidDataError when data/lexicon has mistakes.
    """
    return find_age(measured.record.rules, find_rules(project), set(measured.documents["language"]))


def measured_names(project: Project) -> list[str]:
    """Return the names of the measured tables of a project: the folders of data/measured."""
    folder = project.measured
    return sorted(path.name for path in folder.iterdir() if (path / RECORD).exists()) if folder.is_dir() else []


def load_measured(project: Project, name: str) -> Measured:
    """Read data/measured/NAME.

    Raises SelectionError when there is no such folder, InvalidDataError with every mistake in its files.
    """
    known = measured_names(project)
    if name not in known:
        raise SelectionError(f"no measured corpus {name!r} in data/measured. {suggest(name, known)}")
    return read_measured(project.measured / name, project)


def read_measured(folder: Path, project: Project) -> Measured:
    """Read one measured folder. Raises InvalidDataError with every mistake in its files.

    Only measuring writes the tables, so what is not as it was written is not read.
    """
    file = YamlFile.of(project, folder / RECORD)
    problems: list[Problem] = []
    needed = {"rules": "by which rules was counted", "counts_sha256": f"what the hash of {COUNTED} is"}
    if isinstance(file.content, dict) and (missing := [why for key, why in needed.items() if key not in file.content]):
        raise InvalidDataError([file.problem([], f"it does not say {missing[0]}.", "Measure again.")])
    record = file.parse(MeasuredRecord, file.content, [], problems)
    if record is None:
        raise InvalidDataError(problems)
    hashes = {DOCUMENTS: record.documents_sha256, COUNTED: record.counts_sha256, BLOCKS: record.blocks_sha256}
    documents, counts, blocks = (_read_table(folder / name, project, sha256, problems) if sha256 else _NOTHING[name]
                                 for name, sha256 in hashes.items())  # fmt: skip
    raise_problems(problems)
    return Measured(documents, counts, blocks, record)


def _read_table(path: Path, project: Project, sha256: str, problems: list[Problem]) -> pd.DataFrame:
    columns = {DOCUMENTS: DOCUMENT_COLUMNS, COUNTED: COUNT_COLUMNS, BLOCKS: BLOCK_COLUMNS}[path.name]
    try:
        content = read_file(path)
        if _sha256(content) != sha256:
            raise ValueError("it is not the file that was measured (its hash differs)")
        return _parse(content, columns)
    except (PolicybookError, ValueError, KeyError) as error:
        problems.append(Problem(project.name(path), 0, "", f"{error}.", "Restore it, or measure again."))
        return _NOTHING[COUNTED]


def _parse(content: bytes, columns: Sequence[str]) -> pd.DataFrame:
    kinds = {name: str if name in TEXTS else int for name in columns}
    return pd.read_csv(BytesIO(content), dtype=kinds, na_filter=False)[list(columns)]


def parse_concepts(cell: str) -> dict[str, int]:
    """Return concept id → mentions from a cell of `concepts`. Raises ValueError when it is not id:number pairs."""
    pairs = [_PAIR.fullmatch(pair) for pair in cell.split()]
    counts = {pair[1]: int(pair[2]) for pair in pairs if pair}
    if len(counts) != len(pairs):
        raise ValueError(f"{cell!r} is not a list of id:number pairs")
    return counts


def show_concepts(counts: Mapping[str, int]) -> str:
    """Return a cell of `concepts`."""
    return " ".join(f"{concept}:{counts[concept]}" for concept in sorted(counts))


def table_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as it stands in its file."""
    buffer = StringIO()
    table.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def _head(columns: Sequence[str]) -> str:
    return ",".join(columns) + "\n"


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as `table_bytes` writes them, without the head."""
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_OURS = {DOCUMENTS, COUNTED, BLOCKS, RECORD}
#: The folders of tables that are Parquet, and how files in them are called (see policybook.coding.measured_parquet).
_FOLDERS, PART_NAME = {"documents", "counts", "blocks"}, re.compile(r"part-[0-9]+[.]parquet")


def check_target(folder: Path) -> None:
    """Raise FolderError when `folder` cannot become a folder of measured tables: it holds something else."""
    name = shown(folder)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FolderError(f"{name}: it is no folder. Name another place with --out.")
    if folder.is_dir() and (others := sorted(path.name for path in folder.iterdir() if not _is_ours(path))):
        raise FolderError(f"{name}: it holds {shown(others[0])}, which is no measured table. Name another folder.")


def _is_ours(path: Path) -> bool:
    if path.is_dir() and not path.is_symlink():
        return path.name in _FOLDERS and all(PART_NAME.fullmatch(part.name) for part in path.iterdir())
    return path.name in _OURS


def write_measured(folder: Path, measured: Measured) -> None:
    """Put the tables into `folder`, in place of those that were there. Raises FolderError when it cannot be written."""

    def fill(place: Path) -> None:
        for file, content in files_of(measured).items():
            (place / file).write_bytes(content)

    put_in_place(folder, fill)


def write_rows(folder: Path, rows: Iterable[MeasuredRows], project: Project, blocks: bool) -> int:
    """Put the tables of documents, written one by one, into `folder` as `write_measured` does; return their blocks."""
    counted = 0

    def fill(place: Path) -> None:
        nonlocal counted
        counted = _write_tables(place, rows, project, blocks)

    put_in_place(folder, fill)
    return counted


def _write_tables(place: Path, rows: Iterable[MeasuredRows], project: Project, blocks: bool) -> int:
    columns = {DOCUMENTS: DOCUMENT_COLUMNS, COUNTED: COUNT_COLUMNS} | ({BLOCKS: BLOCK_COLUMNS} if blocks else {})
    digests = {name: hashlib.sha256() for name in columns}
    counted = 0
    with ExitStack() as stack:
        files = {name: stack.enter_context((place / name).open("wb")) for name in columns}

        def write(name: str, text: str) -> None:
            files[name].write(text.encode())
            digests[name].update(text.encode())

        for name in columns:
            write(name, _head(columns[name]))
        for one in rows:
            for name, text in zip((DOCUMENTS, COUNTED, BLOCKS)[: len(columns)], one[:3], strict=False):
                write(name, text)
            counted += one.number
    hashes = {name: digest.hexdigest() for name, digest in digests.items()}
    record = MeasuredRecord(made_by=made_by_us(), rules=find_rules(project), documents_sha256=hashes[DOCUMENTS],
                            counts_sha256=hashes[COUNTED], blocks_sha256=hashes.get(BLOCKS))  # fmt: skip
    (place / RECORD).write_bytes(record_file(record))
    return counted


def put_in_place(folder: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write the tables, and put them into `folder` when they are whole."""
    check_target(folder)
    name, place = shown(folder), folder.absolute()
    draft: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".policybook-measured-", dir=place.parent))
        (draft / "new").mkdir()
        fill(draft / "new")
        if place.is_dir():
            place.rename(draft / "before")
        (draft / "new").rename(place)
    except OSError as error:
        raise FolderError(f"{name}: it cannot be written ({error.strerror}). Check permissions and space.") from None
    finally:
        if draft is not None:
            if not place.exists() and (draft / "before").is_dir():
                (draft / "before").rename(place)
            shutil.rmtree(draft, ignore_errors=True)
