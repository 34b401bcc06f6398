"""Documents to measure: what a table of metadata says of them, and where their bytes lie."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from policybook.corpus.manifest import DocumentEntry
from policybook.corpus.scope import Vocabulary
from policybook.errors import FolderError, PolicybookError, Problem, UnreadableDocumentError, raise_problems, shown
from policybook.parquet import MAGIC, parquet_as_csv
from policybook.reading.addresses import Address, file_names, read_place
from policybook.reading.encodings import as_utf8
from policybook.tables import Column, CsvTable, parse_span

#: The address is the first of these columns that is filled, and the licence of a text likewise.
ADDRESSES = ("address", "official_url", "url")
LICENCES = ("licence", "license", "rights")
#: The largest table of metadata that is read, in bytes.
_LARGEST = 500 << 20


@dataclass(frozen=True)
class Described:
    """One document to measure: its entry, kind, address, and the file with the bytes received.

    `told` is whether its language was given; else it is guessed when it is measured, and that of the entry means
    nothing.
    """

    entry: DocumentEntry
    kind: str
    city: str
    address: str
    year: str
    path: Path | Address
    told: bool = True
    licence: str = ""

    @property
    def content(self) -> bytes:
        """The bytes received. Raises UnreadableDocumentError when they cannot be read, or are others since."""
        content = read_place(self.path)
        if hashlib.sha256(content).hexdigest() != self.entry.sha256:
            raise UnreadableDocumentError(f"{shown(self.path)}: it was changed meanwhile. Measure again.")
        return content

    @property
    def key(self) -> str:
        """A hash of all that is known of it, and of its bytes."""
        told = (self.entry.model_dump_json(), self.kind, self.city, self.address, self.year, str(self.told))
        return hashlib.sha256("\0".join(told).encode()).hexdigest()


def read_metadata(folder: Path | Address, metadata: Path | Address, vocabulary: Vocabulary, *,
                  skip_missing: bool = False) -> list[Described]:  # fmt: skip
    """Return the documents that a metadata file describes, CSV or Parquet, in its order.

    A file is found in `folder` by its name, or without one by its hash, so that the table of documents that was made
    from texts serves to measure them again. Columns: file or sha256 (which is checked), title, place (an id of
    places.yml), year; and if there are such columns id or document (default: the file's name without its ending),
    publisher, kind, city, language (zh or en; default: guessed), voice (default: official), plan, address or
    official_url, licence; and era, which is needed where plans.yml has eras. Rows of Parquet have the lines that they
    would have in CSV. With `skip_missing`, rows whose hash no file has are left out. Raises InvalidDataError with every
    mistake, by file and line, FolderError without the folder, and UnreadableDocumentError when the metadata, or an
    address, cannot be read.
    """
    name = shown(metadata)
    if not folder.is_dir() and not skip_missing:
        raise FolderError(f"{shown(folder)}: there is no such folder of texts. Check the name.")
    by_hash = _Hashes(folder)
    problems: list[Problem] = []
    content = read_place(metadata, limit=_LARGEST)
    content = parquet_as_csv(content, name) if content.startswith(MAGIC) else as_utf8(content, name)
    table = CsvTable(content, name, _columns(vocabulary), problems, others=True, separators=True)
    broken = {problem.line for problem in problems}
    described: list[tuple[int, Described]] = []
    for line, row in ((row.line, row.cells) for row in table.rows):
        found = list(_check_row(name, line, row, vocabulary))
        if line in broken or found:
            problems.extend(found)
        elif not (skip_missing and not row.get("file") and not by_hash.find(row["sha256"])):
            one = _describe(name, line, row, folder, by_hash, problems)
            described += [(line, one)] if one is not None else []
    lines: dict[str, int] = {}
    for line, one in described:
        if lines.setdefault(one.entry.id, line) != line:
            message = f"{one.entry.id!r} stands already in line {lines[one.entry.id]}."
            problems.append(Problem(name, line, "id", message, "Give each document its own id."))
    if not problems and not described and not skip_missing:
        problems.append(Problem(name, 0, "", "it describes no document.", "Add a row for each."))
    raise_problems(problems)
    return [one for _, one in described]


def _columns(vocabulary: Vocabulary) -> list[Column]:
    """Return the columns of metadata whose cells can be judged by themselves; an era is needed where there are any."""
    return [Column("title", filled=True), Column("place", options=vocabulary.place_ids, filled=True),
            Column("year", "year", filled=True, most=date.today().year + 1),
            Column("era", options=vocabulary.era_ids, required=bool(vocabulary.eras), filled=bool(vocabulary.eras)),
            Column("plan", options=vocabulary.plan_ids, required=False),
            Column("language", options=("zh", "en"), required=False)]  # fmt: skip


def _check_row(name: str, line: int, row: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Problem]:
    file, era = row.get("file", ""), next((era for era in vocabulary.eras if era.id == row.get("era")), None)
    if not file and not row.get("sha256"):
        yield Problem(name, line, "file", "neither a file nor a sha256 is given.", "Give one of them.")
    if file and (Path(file).name != file or file.startswith((".", "-")) or "\\" in file):
        yield Problem(name, line, "file", f"{file!r} is no plain file name.", "Name a file of the folder itself.")
    years = [parse_span(end)[n].year for n, end in enumerate((era.begins, era.ends or "2099"))] if era else []
    if era and re.fullmatch(r"\d{4}", row["year"]) and not years[0] <= int(row["year"]) <= years[1]:
        yield Problem(name, line, "era", f"the era {era.id!r} does not hold the year {row['year']}.", "Correct one.")


def _describe(name: str, line: int, row: Mapping[str, str], folder: Path | Address, by_hash: _Hashes,
              problems: list[Problem]) -> Described | None:  # fmt: skip
    file = row.get("file") or by_hash.find(row["sha256"])
    if not file:
        fix = "Put it there, or give the name of its file."
        problems.append(Problem(name, line, "sha256", f"no file in {shown(folder)} has this hash.", fix))
        return None
    try:
        content = read_place(folder / file)
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
            {"id": row.get("id") or row.get("document") or Path(file).stem, "file": file, "sha256": sha256,
             "title": row["title"], "publisher": row.get("publisher") or "not stated", "written": row["year"],
             "language": row.get("language") or "zh", "speaker": row["place"], "voice": row.get("voice") or "official",
             "url": address or None, "rights": "quote", "rights_note": "measured only: its text is not shown",
             "plan": row.get("plan") or "none", "era": row.get("era") or None}
        )  # fmt: skip
    except ValidationError as error:
        for detail in error.errors():
            field = str(detail["loc"][0]) if detail["loc"] else ""
            said = str(detail.get("ctx", {}).get("error", detail["msg"]))
            problems.append(Problem(name, line, _COLUMN.get(field, field), said))
        return None
    return Described(entry, row.get("kind", ""), row.get("city", ""), address, row["year"], folder / file,
                     bool(row.get("language")), next((row[one] for one in LICENCES if row.get(one)), ""))  # fmt: skip


class _Hashes:
    """The files of a folder by the hash of their bytes, read when the first is asked for."""

    def __init__(self, folder: Path | Address) -> None:
        self._folder = folder
        self._names: dict[str, str] | None = None

    def find(self, sha256: str) -> str | None:
        if self._names is None:
            contents = ((name, read_place(self._folder / name)) for name in file_names(self._folder))
            self._names = {hashlib.sha256(content).hexdigest(): name for name, content in contents}
        return self._names.get(sha256.lower())


_COLUMN = {"written": "year", "speaker": "place", "url": "address"}
