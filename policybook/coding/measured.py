"""Counts measured from texts that are not shipped: made, written, read, checked, and known when stale."""

from __future__ import annotations

import csv
import gc
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from io import BytesIO, StringIO
from pathlib import Path
from threading import Lock, current_thread, main_thread
from typing import Any
from urllib.parse import quote, urlsplit

import pandas as pd
import yaml
from pydantic import ValidationError

import policybook
from policybook.coding.code import Coding, code_corpus, load_coding
from policybook.coding.executors import Failure, Workers, do_each
from policybook.coding.measured_store import MEASURED_STORE, MeasuredRows, MeasuredStore
from policybook.coding.rules import Age, CodingRules, find_age, find_rules
from policybook.coding.scheme import INSTRUMENTS, KINDS, STRENGTHS
from policybook.coding.store import hash_makers
from policybook.corpus.build import BLOCK_LENGTH, ReadDocument, join_blocks, join_documents, read_document
from policybook.corpus.corpus import Corpus
from policybook.corpus.manifest import SLUG, DocumentEntry
from policybook.corpus.repair import guess_language
from policybook.corpus.scope import ScopeRules, Vocabulary, load_vocabulary

from policybook.errors import (  # isort: skip
    ClusterError, FolderError, InvalidDataError, PolicybookError, Problem, SelectionError, UnreadableDocumentError,
    raise_problems, shown, suggest,
)
from policybook.project import Project, follow, read_file, report_line
from policybook.reading.encodings import as_utf8
from policybook.reading.read import read_received
from policybook.tables import Column, CsvTable, FileModel, YamlFile, parse_span

# A folder data/measured/NAME holds documents.csv, counts.csv, blocks.csv where somebody wants them, and measured.yml,
# which says by which rules they were made (see policybook.coding.rules): what has changed since is not counted, which
# is something else than 0. Of a text they hold forms of the coding scheme that occur in it, and nothing else.
DOCUMENTS, COUNTED, BLOCKS, RECORD = "documents.csv", "counts.csv", "blocks.csv", "measured.yml"
#: A document is cut into blocks of so many Chinese characters, or the words that BLOCK_LENGTH sets against them.
LENGTHS = (50, 100, 200, 400)
_BLOCKS_OF = tuple(f"blocks_{length}" for length in LENGTHS)
_CUT = f"blocks_{BLOCK_LENGTH['zh']}"  # those of blocks.csv
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
_TEXTS = {*_TEXT_COLUMNS, "id", "form", "concepts"}
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
    record = MeasuredRecord(made_by=made_by, rules=rules, documents_sha256=_sha256(_csv(documents)),
                            counts_sha256=_sha256(_csv(counts)),
                            blocks_sha256=None if blocks is None else _sha256(_csv(blocks)))  # fmt: skip
    return Measured(documents, counts, _NOTHING[BLOCKS] if blocks is None else blocks, record)


def files_of(measured: Measured) -> Mapping[str, bytes]:
    """Return the files of a measured folder: name → content, the same bytes for the same tables."""
    return {**{name: _csv(table) for name, table in measured.tables.items()}, RECORD: _record_file(measured.record)}


def _record_file(record: MeasuredRecord) -> bytes:
    head = "# Made by `policybook measure`; do not edit. The tables hold counts, no text of the documents.\n"
    return (head + yaml.safe_dump(record.model_dump(exclude_none=True), sort_keys=False)).encode()


def _made_by() -> str:
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
    kinds = {name: str if name in _TEXTS else int for name in columns}
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


def _csv(table: pd.DataFrame) -> bytes:
    buffer = StringIO()
    table.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def _head(columns: Sequence[str]) -> str:
    return ",".join(columns) + "\n"


def _lines(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as `_csv` writes them."""
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


#: The address is the first of these columns that is filled.
ADDRESSES = ("address", "official_url", "url")


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
    path: Path
    told: bool = True

    @property
    def content(self) -> bytes:
        """The bytes received. Raises UnreadableDocumentError when they cannot be read, or are others since."""
        content = read_file(self.path)
        if hashlib.sha256(content).hexdigest() != self.entry.sha256:
            raise UnreadableDocumentError(f"{shown(self.path)}: it was changed meanwhile. Measure again.")
        return content

    @property
    def key(self) -> str:
        """A hash of all that is known of it, and of its bytes."""
        told = (self.entry.model_dump_json(), self.kind, self.city, self.address, self.year, str(self.told))
        return hashlib.sha256("\0".join(told).encode()).hexdigest()


def read_metadata(folder: Path, metadata: Path, vocabulary: Vocabulary, *,
                  skip_missing: bool = False) -> list[Described]:  # fmt: skip
    """Return the documents that a metadata file describes, in its order, with the bytes of their files.

    A file is found in `folder` by its name, or without one by its hash, so that the table of documents that was made
    from texts serves to measure them again. Columns: file or sha256 (which is checked), title, place (an id of
    places.yml), year; and if there are such columns id or document (default: the file's name without its ending),
    publisher, kind, city, language (zh or en; default: guessed), voice (default: official), plan, address or
    official_url; and era, which is needed where plans.yml has eras. With `skip_missing`, rows whose hash no file has
    are left out. Raises InvalidDataError with every mistake, by file and line, FolderError without the folder, and
    UnreadableDocumentError when the metadata cannot be read.
    """
    name = shown(metadata)
    if not folder.is_dir() and not skip_missing:
        raise FolderError(f"{shown(folder)}: there is no such folder of texts. Check the name.")
    by_hash = _Hashes(folder)
    problems: list[Problem] = []
    content = as_utf8(read_file(metadata), name)
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


def _describe(name: str, line: int, row: Mapping[str, str], folder: Path, by_hash: _Hashes,
              problems: list[Problem]) -> Described | None:  # fmt: skip
    file = row.get("file") or by_hash.find(row["sha256"])
    if not file:
        fix = "Put it there, or give the name of its file."
        problems.append(Problem(name, line, "sha256", f"no file in {shown(folder)} has this hash.", fix))
        return None
    try:
        content = read_file(folder / file)
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
                     bool(row.get("language")))  # fmt: skip


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


#: Fewer documents are measured by the process that asks, unless it is said who is to do it: processes take seconds to
#: begin.
_FEW = 20


def usual_workers(documents: Sequence[Described]) -> Workers:
    """Return who measures so many documents where nobody says it: as many processes as there are cores."""
    return Workers(jobs=(os.cpu_count() or 1) if len(documents) > _FEW else 0)


def measure(documents: Sequence[Described], project: Project, *, blocks: bool = True, quiet: bool = False,
            workers: Workers | None = None) -> Measured:  # fmt: skip
    """Return the counts of documents, and of their blocks if `blocks` are wanted, without text.

    Raises InvalidDataError when data/lexicon has mistakes, UnreadableDocumentError when documents are no text, and
    ClusterError when there are no such workers.
    """
    with closing(MeasuredStore(None, "")) as store:
        keys, failures = _into_store(documents, project, store, workers, quiet)
        if failures:
            raise UnreadableDocumentError("\n".join(failures.values()))
        rows = [store.rows(key) for key in keys.values()]
    parts = {DOCUMENTS: (DOCUMENT_COLUMNS, [one.document for one in rows]),
             COUNTED: (COUNT_COLUMNS, [one.counts for one in rows]),
             BLOCKS: (BLOCK_COLUMNS, [one.blocks for one in rows])}  # fmt: skip
    tables = {name: _parse((_head(columns) + "".join(lines)).encode(), columns)
              for name, (columns, lines) in parts.items()}  # fmt: skip
    return make_measured(tables[DOCUMENTS], tables[COUNTED], tables[BLOCKS] if blocks else None,
                         made_by=_made_by(), rules=find_rules(project))  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of measuring: how many documents and blocks the tables hold, and id → why it is not in them."""

    documents: int
    blocks: int
    failures: Mapping[str, str]


def measure_into(folder: Path, documents: Sequence[Described], project: Project, *, blocks: bool = True,
                 workers: Workers | None = None) -> Outcome:  # fmt: skip
    """Measure documents and put their tables into `folder`, in place of those that were there.

    The tables are the same bytes whoever works, and hold every document that could be measured: nothing is written
    where none could. What is measured is kept in _build/ at once, so that the next call goes on where this one was
    stopped; no more of it is in memory than is under way. Raises as `measure` does, and FolderError when the tables
    cannot be written.
    """
    check_target(folder)
    with closing(MeasuredStore(project.build / MEASURED_STORE, hash_makers(project))) as store:
        keys, failures = _into_store(documents, project, store, workers, quiet=False)
        if not keys:
            first = next(iter(failures.values()))
            raise UnreadableDocumentError(f"No document could be measured, and no table was written. {first}")
        counted = 0

        def fill(place: Path) -> None:
            nonlocal counted
            counted = _write_tables(place, (store.rows(key) for key in keys.values()), project, blocks)

        _put_in_place(folder, fill)
        store.forget_others()
    return Outcome(len(keys), counted, failures)


def _into_store(documents: Sequence[Described], project: Project, store: MeasuredStore, workers: Workers | None,
                quiet: bool) -> tuple[Mapping[str, str], Mapping[str, str]]:  # fmt: skip
    """Measure what is not in the store; return id → key of what is in it then, and id → why of what failed."""
    load_coding(project)
    rules = hash_makers(project)
    keys = [f"{rules} {one.key}" for one in documents]
    kept = store.find(keys)
    due = [number for number, key in enumerate(keys) if key not in kept]
    if kept and not quiet:
        report_line(f"{len(documents) - len(due)} of {len(documents)} documents were measured before and are kept.")
    failed: dict[int, str] = {}
    todo = [documents[number] for number in due]
    done = do_each(partial(_work, project, rules), _Contents(todo), workers or usual_workers(todo))
    with closing(done):
        for so_far, (place, rows) in enumerate(done if quiet else _followed(done, len(todo)), 1):
            identifier = todo[place].entry.id
            if isinstance(rows, Failure):
                failed[due[place]] = rows.reason
            else:
                store.keep(keys[due[place]], rows)
            if not quiet:
                _report(so_far, len(todo), identifier, rows)
    store.commit()
    whole = {documents[number].entry.id: key for number, key in enumerate(keys) if number not in failed}
    return whole, {documents[number].entry.id: failed[number] for number in sorted(failed)}


def _followed(done: Iterator[tuple[int, MeasuredRows | Failure]], total: int) -> Any:
    return follow(done, total, unit="document", what="Measuring")


#: Of more documents not every one is a line where there is no bar, but every hundredth part of them.
_LINES = 1000


def _report(so_far: int, total: int, identifier: str, rows: MeasuredRows | Failure) -> None:
    if isinstance(rows, Failure):
        report_line(f"[{so_far}/{total}] {identifier}: failed")
    elif not sys.stderr.isatty() and (total <= _LINES or so_far % (total // 100) == 0 or so_far == total):
        report_line(f"[{so_far}/{total}] {identifier}: {rows.number} blocks")


class _Contents(Sequence[tuple[Described, bytes | Failure]]):
    """Documents with their bytes, which are read when one is asked for and not kept."""

    def __init__(self, documents: Sequence[Described]) -> None:
        self._documents = documents

    def __len__(self) -> int:
        return len(self._documents)

    def __getitem__(self, number: Any) -> Any:
        one = self._documents[number]
        try:
            return one, one.content
        except UnreadableDocumentError as error:
            return one, Failure(str(error))


# jieba and the finders are made for one at a time, and a worker of a cluster may have several threads.
_one_at_a_time = Lock()


def _work(project: Project, rules: str, given: tuple[Described, bytes | Failure]) -> MeasuredRows | Failure:
    """Measure one document, in whichever process on whichever computer: what is wrong with it comes back as a Failure.

    Raises ClusterError where other `rules` would be measured by than by who asks.
    """
    one, content = given
    if isinstance(content, Failure):
        return content
    with _one_at_a_time, _letting_go_here():
        if _rules_here(project, rules) != rules:
            raise ClusterError(f"a worker finds other rules than this process: {shown(project.root)} must be the same "
                               "project there, and policybook and its libraries the same versions.")  # fmt: skip
        try:
            return _measure(project, rules, one, content)
        except PolicybookError as error:
            return Failure(" ".join(str(error).split()))
        except Exception as error:
            if os.environ.get("POLICYBOOK_DEBUG"):
                raise
            why = shown(f"{type(error).__name__}: {error}")
            return Failure(f"{shown(one.entry.file)}: it cannot be measured ({why}). Please report it.")


@contextmanager
def _letting_go_here() -> Iterator[None]:
    """Let this thread let go of what it made: what reads HTML must not be collected by another, as in Dask's workers.

    What was there before the first document ends is not looked through again, so that this costs little.
    """
    if current_thread() is main_thread():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        if not gc.get_freeze_count():
            gc.freeze()


@lru_cache(maxsize=4)
def _rules_here(project: Project, _: str) -> str:
    """Return what is measured by here; asked for once by each who asks for other rules."""
    return hash_makers(project)


@lru_cache(maxsize=2)
def _tools(project: Project, _: str) -> tuple[Vocabulary, ScopeRules, Coding]:
    """Return what is measured with, made once for the same rules: looking whether it is the same takes longer."""
    vocabulary = load_vocabulary(project)
    return vocabulary, ScopeRules(vocabulary), load_coding(project)


def _measure(project: Project, rules: str, one: Described, content: bytes) -> MeasuredRows:
    vocabulary, scope, coding = _tools(project, rules)
    entry = one.entry
    if not one.told:
        whole = "\n".join(read_received(content, entry.file).paragraphs)
        entry = entry.model_copy(update={"language": guess_language(whole)})
    read = read_document(entry, content, vocabulary, scope, project)
    corpus = code_corpus(join_documents([read], vocabulary), coding)
    sure = [mention for mention in _cells(corpus.mentions, "sentence", "block", "concept", "text", "ambiguous")
            if not mention[-1] and mention[0] not in corpus.foreign]  # fmt: skip
    again = {n: _reblocked(read, entry.language, n) for n in LENGTHS}
    blocks = list(_block_rows(corpus, sure))
    sums = [sum(column) for column in zip(*(row[_FIRST_COUNT:] for row in blocks), strict=True)] or [0] * len(COUNTS)
    row = (entry.id, entry.title, entry.publisher, one.kind, entry.speaker, one.city, entry.era_in(vocabulary),
           one.year, entry.language, one.address, entry.sha256, read.document["characters"], len(read.passages),
           len(read.sentences), *(len(set(cut.values())) for cut in again.values()), *sums)  # fmt: skip
    counts = _count_mentions(sure, again, coding, entry.id, entry.language)
    return MeasuredRows(_lines([row]), _lines(counts), _lines(blocks), len(blocks))


def _cells(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].tolist() for column in columns), strict=True)


def _reblocked(read: ReadDocument, language: str, length: int) -> dict[str, str]:
    """Return the block of every sentence by blocks of another length."""
    sentences = [dict(row) for row in read.sentences]
    for _ in join_blocks(read.document["document"], language, read.passages, sentences,
                         BLOCK_LENGTH[language] * length // 100):  # fmt: skip
        pass
    return {str(row["sentence"]): str(row["block"]) for row in sentences}


#: A mention that is sure: its sentence and block, the concept, the words, and False.
_Sure = Sequence[tuple[str, str, str, str, bool]]
_FIRST_COUNT = BLOCK_COLUMNS.index(COUNTS[0])


def _block_rows(corpus: Corpus, sure: _Sure) -> Iterator[tuple[Any, ...]]:
    """Yield a row a block. An ambiguous mention is counted nowhere: what it names is not known."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for block, instrument, subtype, strength in _cells(corpus.directives, "block", "instrument", "subtype", "strength"):
        counts[block].update((f"instrument_{instrument}", f"subtype_{subtype}", f"strength_{strength}"))
    for block, kind in _cells(corpus.quantities, "block", "kind"):
        counts[block][f"quantity_{kind}"] += 1
    concepts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, block, concept, *_ in sure:
        concepts[block][concept] += 1
    for block, document, number, size in _cells(corpus.blocks, "block", "document", "number", "length"):
        found = counts[block]
        told = {"length": size, "directives": sum(found[f"instrument_{name}"] for name in INSTRUMENTS)}
        yield (document, number, show_concepts(concepts[block]), *(told.get(name, found[name]) for name in COUNTS))


def _count_mentions(sure: _Sure, blocks: Mapping[int, Mapping[str, str]], coding: Coding, document: str,
                    language: str) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    """Yield the rows of COUNT_COLUMNS of a document from its mentions, and the blocks of its sentences by length."""
    forms = _forms_of(sure, coding, language)
    names: dict[str, Mapping[str, str]] = {"concept": {concept: concept for _, _, concept, *_ in sure}}
    for kind, of in {**names, **coding.scheme.compared_themes}.items():
        sentences: defaultdict[str, list[str]] = defaultdict(list)
        for sentence, _, concept, *_ in sure:
            if concept in of:
                sentences[of[concept]].append(sentence)
        for name in sorted(sentences):
            stands = sentences[name]
            cut = (len({block_of[sentence] for sentence in stands}) for block_of in blocks.values())
            yield document, kind, name, len(stands), *cut, forms.get(name, "") if kind == "concept" else ""


def _forms_of(sure: _Sure, coding: Coding, language: str) -> dict[str, str]:
    """Return the form without a gap in which a text writes each concept most often; of as frequent ones the first."""
    written = Counter((concept, text) for _, _, concept, text, _ in sure)
    forms: dict[str, str] = {}
    for concept, text in sorted(written, key=lambda one: (-written[one], one)):
        if concept not in forms and coding.concepts.is_plain(concept, text, language):
            forms[concept] = text
    return forms


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
    folder = project.measured / name
    described = read_metadata(project.documents, folder / DOCUMENTS, vocabulary, skip_missing=True)
    again = measure(described, project, quiet=True)
    for file, counted in measured.tables.items():
        now = again.tables[file]
        for document in again.documents["document"]:
            before, after = (table[table["document"] == document] for table in (counted, now))
            if _csv(before) != _csv(after):
                message = f"its counts are not those of its text in {project.name(project.documents)}."
                yield Problem(project.name(folder / file), 0, document, message, "Measure again.")


_OURS = {DOCUMENTS, COUNTED, BLOCKS, RECORD}


def check_target(folder: Path) -> None:
    """Raise FolderError when `folder` cannot become a folder of measured tables: it holds something else."""
    name = shown(folder)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FolderError(f"{name}: it is no folder. Name another place with --out.")
    if folder.is_dir() and (others := sorted(path.name for path in folder.iterdir() if path.name not in _OURS)):
        raise FolderError(f"{name}: it holds {shown(others[0])}, which is no measured table. Name another folder.")


def write_measured(folder: Path, measured: Measured) -> None:
    """Put the tables into `folder`, in place of those that were there. Raises FolderError when it cannot be written."""

    def fill(place: Path) -> None:
        for file, content in files_of(measured).items():
            (place / file).write_bytes(content)

    _put_in_place(folder, fill)


def _write_tables(place: Path, rows: Iterator[MeasuredRows], project: Project, blocks: bool) -> int:
    """Write the tables of documents one by one, and the record; return how many blocks they have."""
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
    record = MeasuredRecord(made_by=_made_by(), rules=find_rules(project), documents_sha256=hashes[DOCUMENTS],
                            counts_sha256=hashes[COUNTED], blocks_sha256=hashes.get(BLOCKS))  # fmt: skip
    (place / RECORD).write_bytes(_record_file(record))
    return counted


def _put_in_place(folder: Path, fill: Callable[[Path], None]) -> None:
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
