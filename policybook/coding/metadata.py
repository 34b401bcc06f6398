"""The metadata of texts to measure: a CSV with one row a document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from policybook.corpus.files import read_file, shown
from policybook.corpus.manifest import DocumentEntry
from policybook.corpus.repair import guess_language
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError, PolicybookError, Problem, suggest
from policybook.reading.read import read_received
from policybook.tables import CsvTable

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
    address or official_url. With `skip_missing`, rows whose hash no file has are left out.
    Raises InvalidDataError with every mistake, by file and line, and UnreadableDocumentError when the metadata cannot
    be read.
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
    if problems:
        raise InvalidDataError(problems)
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
                "id": row.get("id") or row.get("document") or Path(file).stem,
                "file": file,
                "sha256": sha256,
                "title": row["title"],
                "publisher": row.get("publisher") or "not stated",
                "written": row["year"],
                "language": language,
                "speaker": row["place"],
                "voice": row.get("voice") or "official",
                "url": address or None,
                "rights": "quote",
                "rights_note": "measured only: its text is not shown",
                "plan": row.get("plan") or "none",
                "era": row.get("era") or None,
            }
        )
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
