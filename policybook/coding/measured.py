"""Counts measured from texts that are not shipped: made, written, read, checked, and known when stale."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from pydantic import ValidationError

import policybook
from policybook.coding.code import code_corpus, load_coding
from policybook.coding.rules import Age, CodingRules, find_age, find_rules
from policybook.coding.scheme import INSTRUMENTS, KINDS, STRENGTHS
from policybook.corpus.build import join_documents, read_document
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.manifest import SLUG, DocumentEntry
from policybook.corpus.repair import guess_language
from policybook.corpus.scope import ScopeRules, Vocabulary, load_vocabulary
from policybook.errors import (
    FolderError,
    InvalidDataError,
    PolicybookError,
    Problem,
    SelectionError,
    raise_problems,
    suggest,
)
from policybook.project import Project, follow, read_file, report_line, shown
from policybook.reading.read import read_received
from policybook.tables import CsvTable, FileModel, YamlFile

# A folder data/measured/NAME holds three files: documents.csv, blocks.csv and measured.yml, which says by which rules
# they were made (see policybook.coding.rules): what has changed since is not counted, which is something else than 0.
# Nothing in them is text of a document or tells where in a text something stands.
DOCUMENTS, BLOCKS, RECORD = "documents.csv", "blocks.csv", "measured.yml"
_TEXT_COLUMNS = ("document", "title", "publisher", "kind", "place", "era", "year", "language", "address", "sha256")
_SIZES = ("characters", "passages", "sentences", "blocks")
DOCUMENT_COLUMNS = (*_TEXT_COLUMNS, *_SIZES)
#: What is counted in a block besides concepts: its length in the unit of its language, directives by instrument and
#: by strength, quantities by kind.
COUNTS = (
    "length", "directives", *(f"instrument_{name}" for name in INSTRUMENTS),
    *(f"strength_{name}" for name in STRENGTHS), *(f"quantity_{name}" for name in KINDS),
)  # fmt: skip
#: `concepts` holds id:mentions pairs, ids in alphabetical order, parted by spaces; ambiguous mentions are left out.
BLOCK_COLUMNS = ("document", "number", "concepts", *COUNTS)


_PAIR = re.compile(rf"({SLUG.pattern}):([1-9][0-9]*)")


class MeasuredRecord(FileModel):
    """How tables were made: by which version of the package and of the rules, and the hashes of both tables."""

    made_by: str
    rules: CodingRules
    documents_sha256: str
    blocks_sha256: str


@dataclass(frozen=True, eq=False)
class Measured:
    """One set of measured tables. `documents` and `blocks` have the columns DOCUMENT_COLUMNS and BLOCK_COLUMNS."""

    documents: pd.DataFrame
    blocks: pd.DataFrame
    record: MeasuredRecord


def make_measured(documents: pd.DataFrame, blocks: pd.DataFrame, *, made_by: str, rules: CodingRules) -> Measured:
    """Return tables with the record of how they were made, by which `rules`."""
    record = MeasuredRecord(
        made_by=made_by, rules=rules, documents_sha256=_sha256(_csv(documents)), blocks_sha256=_sha256(_csv(blocks))
    )
    return Measured(documents, blocks, record)


def files_of(measured: Measured) -> Mapping[str, bytes]:
    """Return the three files of a measured folder: name → content, the same bytes for the same tables."""
    head = "# Made by `policybook measure`; do not edit. The tables hold counts, no text of the documents.\n"
    record = head + yaml.safe_dump(measured.record.model_dump(), sort_keys=False)
    return {DOCUMENTS: _csv(measured.documents), BLOCKS: _csv(measured.blocks), RECORD: record.encode()}


def age_of(measured: Measured, project: Project) -> Age:
    """Return what of measured tables does not hold with the rules as they are now.

    Raises InvalidDataError when data/lexicon has mistakes.
    """
    return find_age(measured.record.rules, find_rules(project), set(measured.documents["language"]))


def measured_names(project: Project) -> list[str]:
    """Return the names of the measured tables of a project: the folders of data/measured."""
    folder = project.measured
    return sorted(path.name for path in folder.iterdir() if (path / RECORD).is_file()) if folder.is_dir() else []


def load_measured(project: Project, name: str) -> Measured:
    """Read data/measured/NAME.

    Raises SelectionError when there is no such folder, InvalidDataError with every mistake in its files.
    """
    known = measured_names(project)
    if name not in known:
        raise SelectionError(f"no measured corpus {name!r} in data/measured. {suggest(name, known)}")
    return read_measured(project.measured / name, project)


def read_measured(folder: Path, project: Project) -> Measured:
    """Read one measured folder. Raises InvalidDataError with every mistake in its files."""
    file = YamlFile.of(project, folder / RECORD)
    problems: list[Problem] = []
    if isinstance(file.content, dict) and "rules" not in file.content:
        raise InvalidDataError([file.problem([], "it does not say by which rules was counted.", "Measure again.")])
    record = file.parse(MeasuredRecord, file.content, [], problems)
    documents = _read_table(folder / DOCUMENTS, project, DOCUMENT_COLUMNS, problems)
    blocks = _read_table(folder / BLOCKS, project, BLOCK_COLUMNS, problems)
    if record is None or problems:
        raise InvalidDataError(problems)
    for table, expected in ((DOCUMENTS, record.documents_sha256), (BLOCKS, record.blocks_sha256)):
        if _sha256((folder / table).read_bytes()) != expected:
            message = "the file is not the one that was measured (its hash differs)."
            problems.append(Problem(project.name(folder / table), 0, "", message, "Restore it, or measure again."))
    problems.extend(_check_documents(project.name(folder / DOCUMENTS), documents))
    problems.extend(_check_blocks(project.name(folder / BLOCKS), blocks, documents))
    raise_problems(problems)
    numbers = {"number", *COUNTS}
    blocks = blocks.astype({column: int for column in BLOCK_COLUMNS if column in numbers})
    return Measured(documents.astype(dict.fromkeys(_SIZES, int)), blocks, record)


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


def _read_table(path: Path, project: Project, columns: tuple[str, ...], problems: list[Problem]) -> pd.DataFrame:
    remedy = "Restore it, or measure again."
    return CsvTable(path, project.name(path), columns, problems, remedy=remedy).frame()


def _check_documents(file: str, documents: pd.DataFrame) -> Iterator[Problem]:
    for line, row in enumerate(documents.to_dict("records"), 2):
        for column in _SIZES:
            if not row[column].isdecimal():
                yield Problem(file, line, column, f"{row[column]!r} is no whole number.", "Measure again.")
    for document, count in Counter(documents["document"]).items():
        if count > 1:
            yield Problem(file, 0, "document", f"{document!r} stands {count} times.", "Measure again.")


def _check_blocks(file: str, blocks: pd.DataFrame, documents: pd.DataFrame) -> Iterator[Problem]:
    expected = dict(zip(documents["document"], documents["blocks"], strict=True))
    numbers: dict[str, int] = dict.fromkeys(expected, 0)
    for line, row in enumerate(blocks.to_dict("records"), 2):
        yield from _check_block(file, line, row)
        document = row["document"]
        if document not in numbers:
            known = suggest(document, expected)
            yield Problem(file, line, "document", f"unknown document {document!r}.", known)
            continue
        numbers[document] += 1
        if row["number"] != str(numbers[document]):
            yield Problem(file, line, "number", f"block {numbers[document]} is expected here.", "Measure again.")
    for document, found in numbers.items():
        if str(found) != expected[document]:
            message = f"{document!r} has {found} blocks here and {expected[document]} in {DOCUMENTS}."
            yield Problem(file, 0, "", message, "Measure again.")


def _check_block(file: str, line: int, row: Mapping[Any, Any]) -> Iterator[Problem]:
    for column in COUNTS:
        if not row[column].isdecimal():
            yield Problem(file, line, column, f"{row[column]!r} is no whole number.", "Measure again.")
            return
    try:
        parse_concepts(row["concepts"])
    except ValueError as error:
        yield Problem(file, line, "concepts", f"{error}.", "Measure again.")
    for prefix in ("instrument_", "strength_"):
        total = sum(int(row[column]) for column in COUNTS if column.startswith(prefix))
        if total != int(row["directives"]):
            message = f"the {prefix.rstrip('_')}s do not add up to the directives."
            yield Problem(file, line, "directives", message, "Measure again.")


def _csv(table: pd.DataFrame) -> bytes:
    buffer = StringIO()
    table.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


#: Columns that every row fills; besides a file or a sha256. The address is the first of ADDRESSES that is filled.
NEEDED = ("title", "place", "year")
ADDRESSES = ("address", "official_url", "url")


@dataclass(frozen=True)
class Described:
    """One document to measure: its entry, kind, address, and the bytes received."""

    entry: DocumentEntry
    kind: str
    address: str
    year: str
    content: bytes


def read_metadata(
    folder: Path, metadata: Path, vocabulary: Vocabulary, *, skip_missing: bool = False
) -> list[Described]:
    """Return the documents that a metadata file describes, in its order, with the bytes of their files.

    A file is found in `folder` by its name, or without one by its hash, so that the table of documents that was made
    from texts serves to measure them again. Columns: file or sha256 (which is checked), title, place (an id of
    places.yml), year; and if there are such columns id or document (default: the file's name without its ending),
    publisher, kind, era (default: by the year), language (zh or en; default: guessed), voice (default: official), plan,
    address or official_url. With `skip_missing`, rows whose hash no file has are left out. Raises InvalidDataError with
    every mistake, by file and line, and UnreadableDocumentError when the metadata cannot be read.
    """
    name = shown(metadata)
    by_hash = _Hashes(folder)
    problems: list[Problem] = []
    documents: list[Described] = []
    lines: dict[str, int] = {}
    for line, row in _rows(name, metadata, problems):
        found = list(_check_row(name, line, row, vocabulary))
        if skip_missing and not found and not row.get("file") and not by_hash.find(row["sha256"]):
            continue
        document = None if found else _describe(name, line, row, folder, by_hash, found)
        problems.extend(found)
        if document is None:
            continue
        identifier = document.entry.id
        if identifier in lines:
            message = f"{identifier!r} stands already in line {lines[identifier]}."
            problems.append(Problem(name, line, "id", message, "Give each document its own id."))
        lines.setdefault(identifier, line)
        documents.append(document)
    if not problems and not documents and not skip_missing:
        problems.append(Problem(name, 0, "", "it describes no document.", "Add a row for each."))
    raise_problems(problems)
    return documents


def _rows(name: str, metadata: Path, problems: list[Problem]) -> Iterator[tuple[int, Mapping[str, str]]]:
    table = CsvTable(read_file(metadata), name, NEEDED, problems, others=True)
    yield from ((row.line, row.cells) for row in table.rows)


def _check_row(name: str, line: int, row: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Problem]:
    for column in NEEDED:
        if not row[column]:
            yield Problem(name, line, column, "the cell is empty.", "Fill it.")
    known = {"place": vocabulary.place_ids, "era": [*vocabulary.era_ids, "unknown"], "plan": vocabulary.plan_ids}
    for column, options in known.items():
        value = row.get(column)
        if value and value not in options:
            yield Problem(name, line, column, f"unknown {column} {value!r}.", suggest(value, options))
    file = row.get("file", "")
    if not file and not row.get("sha256"):
        yield Problem(name, line, "file", "neither a file nor a sha256 is given.", "Give one of them.")
    if file and (Path(file).name != file or file.startswith((".", "-")) or "\\" in file):
        yield Problem(name, line, "file", f"{file!r} is no plain file name.", "Name a file of the folder itself.")


def _describe(
    name: str, line: int, row: Mapping[str, str], folder: Path, by_hash: _Hashes, problems: list[Problem]
) -> Described | None:
    file = row.get("file") or by_hash.find(row["sha256"])
    if not file:
        fix = "Put it there, or give the name of its file."
        problems.append(Problem(name, line, "sha256", f"no file in {shown(folder)} has this hash.", fix))
        return None
    try:
        content = read_file(folder / file)
        language = row.get("language") or guess_language("\n".join(read_received(content, file).paragraphs))
    except PolicybookError as error:
        problems.append(Problem(name, line, "file", str(error)))
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    if row.get("sha256") and row["sha256"].lower() != sha256:
        fix = "Fetch the file again, or correct the hash."
        problems.append(Problem(name, line, "sha256", f"{file} has the hash {sha256}.", fix))
        return None
    address = next((row[column] for column in ADDRESSES if row.get(column)), "")
    try:
        entry = DocumentEntry.model_validate(
            {
                "id": row.get("id") or row.get("document") or Path(file).stem, "file": file, "sha256": sha256,
                "title": row["title"], "publisher": row.get("publisher") or "not stated", "written": row["year"],
                "language": language, "speaker": row["place"], "voice": row.get("voice") or "official",
                "url": address or None, "rights": "quote", "rights_note": "measured only: its text is not shown",
                "plan": row.get("plan") or "none", "era": row.get("era") or None,
            }
        )  # fmt: skip
    except ValidationError as error:
        for detail in error.errors():
            field = str(detail["loc"][0]) if detail["loc"] else ""
            said = str(detail.get("ctx", {}).get("error", detail["msg"]))
            problems.append(Problem(name, line, _COLUMN.get(field, field), said))
        return None
    return Described(entry, row.get("kind", ""), address, row["year"], content)


class _Hashes:
    """The files of a folder by the hash of their bytes, read when the first is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, str] | None = None

    def find(self, sha256: str) -> str | None:
        if self._names is None:
            paths = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
            files = [path for path in paths if path.is_file() and not path.name.startswith(".")]
            self._names = {hashlib.sha256(read_file(path)).hexdigest(): path.name for path in files}
        return self._names.get(sha256.lower())


_COLUMN = {"written": "year", "speaker": "place", "url": "address"}


def measure(documents: Sequence[Described], project: Project, *, quiet: bool = False) -> Measured:
    """Return the counts of documents: one row a document, one a block, and no text.

    Raises InvalidDataError when data/lexicon has mistakes, UnreadableDocumentError when a document is no text.
    """
    vocabulary, coding = load_vocabulary(project), load_coding(project)
    rules = ScopeRules(vocabulary)
    rows: list[dict[str, Any]] = []
    blocks: list[dict[str, Any]] = []
    shown = documents if quiet else follow(documents, len(documents), unit="document", what="Measuring")
    for number, one in enumerate(shown, 1):
        read = read_document(one.entry, one.content, vocabulary, rules, project)
        corpus = code_corpus(join_documents([read], vocabulary), coding)
        rows.append(_document_row(one, corpus))
        blocks.extend(_block_rows(corpus))
        if not quiet:
            report_line(f"[{number}/{len(documents)}] {one.entry.id}: {len(corpus.blocks)} blocks")
    return make_measured(
        pd.DataFrame(rows, columns=list(DOCUMENT_COLUMNS)),
        pd.DataFrame(blocks, columns=list(BLOCK_COLUMNS)),
        made_by=f"policybook {policybook.__version__}",
        rules=find_rules(project),
    )


def _document_row(one: Described, corpus: Corpus) -> dict[str, Any]:
    entry, row = one.entry, corpus.documents.iloc[0]
    return {
        "document": entry.id, "title": entry.title, "publisher": entry.publisher, "kind": one.kind,
        "place": entry.speaker, "era": row["era"], "year": one.year, "language": entry.language,
        "address": one.address, "sha256": entry.sha256, "characters": row["characters"],
        "passages": len(corpus.passages), "sentences": len(corpus.sentences), "blocks": len(corpus.blocks),
    }  # fmt: skip


def _block_rows(corpus: Corpus) -> list[dict[str, Any]]:
    """Return a row a block. An ambiguous mention is counted nowhere: what it names is not known."""
    sure = corpus.mentions[~corpus.mentions["ambiguous"].astype(bool)]
    concepts = _tallies(sure, "concept")
    coded = {
        "instrument": _tallies(corpus.directives, "instrument"),
        "strength": _tallies(corpus.directives, "strength"),
        "quantity": _tallies(corpus.quantities, "kind"),
    }
    rows = []
    for block in records(corpus.blocks):
        counts = Counter({
            f"{what}_{value}": number
            for what, tallies in coded.items()
            for value, number in tallies.get(block.block, {}).items()
        })  # fmt: skip
        counts["length"] = int(block.length)
        counts["directives"] = sum(coded["instrument"].get(block.block, {}).values())
        rows.append(
            {
                "document": block.document,
                "number": int(block.number),
                "concepts": show_concepts(concepts.get(block.block, {})),
                **{column: counts[column] for column in COUNTS},
            }
        )
    return rows


def _tallies(table: pd.DataFrame, column: str) -> dict[str, Counter[str]]:
    """Return block → value of `column` → rows."""
    tallies: dict[str, Counter[str]] = {}
    for block, value in zip(table["block"], table[column], strict=True):
        tallies.setdefault(block, Counter())[value] += 1
    return tallies


def check_measured(project: Project, vocabulary: Vocabulary) -> None:
    """Check every folder of data/measured: shape, hashes, and the counts of texts that stand in data/documents.

    Raises InvalidDataError with every mistake. Counts are held against texts only where the rules are those that
    they were made with: others give other counts.
    """
    problems: list[Problem] = []
    for name in measured_names(project):
        try:
            measured = read_measured(project.measured / name, project)
        except InvalidDataError as error:
            problems.extend(error.problems)
            continue
        if age_of(measured, project).current:
            problems.extend(_against_texts(project, name, measured, vocabulary))
    raise_problems(problems)


def _against_texts(project: Project, name: str, measured: Measured, vocabulary: Vocabulary) -> Iterator[Problem]:
    metadata = project.measured / name / DOCUMENTS
    described = read_metadata(project.documents, metadata, vocabulary, skip_missing=True)
    again = measure(described, project, quiet=True)
    for document in again.documents["document"]:
        before = measured.blocks[measured.blocks["document"] == document].reset_index(drop=True)
        after = again.blocks[again.blocks["document"] == document].reset_index(drop=True)
        if not before.equals(after.astype(before.dtypes.to_dict())):
            file = project.name(project.measured / name / BLOCKS)
            message = "its counts are not those of its text in data/documents."
            yield Problem(file, 0, document, message, "Measure again.")


_OURS = {DOCUMENTS, BLOCKS, RECORD}


def check_target(folder: Path) -> None:
    """Raise FolderError when `folder` cannot become a folder of measured tables: it holds something else."""
    name = shown(folder)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FolderError(f"{name}: it is no folder. Name another place with --out.")
    if folder.is_dir() and (others := sorted(path.name for path in folder.iterdir() if path.name not in _OURS)):
        raise FolderError(f"{name}: it holds {shown(others[0])}, which is no measured table. Name another folder.")


def write_measured(folder: Path, measured: Measured) -> None:
    """Put the tables into `folder`, in place of those that were there. Raises FolderError when it cannot be written."""
    check_target(folder)
    name, place = shown(folder), folder.absolute()
    draft: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".policybook-measured-", dir=place.parent))
        (draft / "new").mkdir()
        for file, content in files_of(measured).items():
            (draft / "new" / file).write_bytes(content)
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
