"""Counts measured from texts that are not shipped: the tables, their folder, and every check of them.

A folder data/measured/NAME holds three files: documents.csv, blocks.csv and measured.yml, which says by which rules they
were made (see policybook.coding.rules): what has changed since is not counted, which is something else than 0. Nothing in them is text of a document or tells where in a text something stands.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from policybook.coding.codes import INSTRUMENTS, KINDS, STRENGTHS
from policybook.coding.rules import Age, CodingRules, find_age, find_rules
from policybook.corpus.manifest import SLUG
from policybook.errors import InvalidDataError, Problem, SelectionError, suggest
from policybook.project import Project
from policybook.tables import CsvTable, YamlFile

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


class MeasuredRecord(BaseModel):
    """How tables were made: by which version of the package and of the rules, and the hashes of both tables."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
        made_by=made_by,
        rules=rules,
        documents_sha256=_sha256(_csv(documents)),
        blocks_sha256=_sha256(_csv(blocks)),
    )
    return Measured(documents, blocks, record)


def files_of(measured: Measured) -> Mapping[str, bytes]:
    """Return the three files of a measured folder: name → content, the same bytes for the same tables."""
    head = "# Made by `policybook measure`; do not edit. The tables hold counts, no text of the documents.\n"
    record = head + yaml.safe_dump(measured.record.model_dump(), sort_keys=False)
    return {
        DOCUMENTS: _csv(measured.documents),
        BLOCKS: _csv(measured.blocks),
        RECORD: record.encode(),
    }


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
    path = folder / RECORD
    file = YamlFile(path, project.name(path))
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
    if problems:
        raise InvalidDataError(problems)
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
