"""Tables of documents: what a person says of many in one CSV, and the entries as a table that is taken back edited."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, get_args
from unicodedata import normalize

from policybook.corpus.corpus import Selection
from policybook.corpus.manifest import DocumentEntry, check_dates, check_names
from policybook.corpus.scope import UNKNOWN, Place, Vocabulary, load_vocabulary
from policybook.errors import AnswerError, InvalidDataError, Problem, nearest, raise_problems, shown, suggest
from policybook.intake import edit
from policybook.intake.add import Answers
from policybook.intake.edit import writing
from policybook.intake.entries import EditError, EntryLine, append_entry, change_entries, one_line
from policybook.intake.fetch import Given
from policybook.intake.guess import slug_words
from policybook.project import Project, read_file
from policybook.reading.encodings import as_utf8
from policybook.tables import Column, CsvRow, CsvTable, YamlFile, parse_span

#: Fields of data/corpus.yml that a cell can hold, in the order of the table. sha256, notes and overrides are not here.
COLUMNS = ("id", "file", "title", "title_zh", "publisher", "doc_number", "published", "written", "written_evidence",
           "era", "language", "script", "machine_translated", "speaker", "voice", "plan", "text_of", "places", "url",
           "accessed", "rights", "rights_note")  # fmt: skip
#: What people call columns that have other names here.
_MEANT = {"date": "published", "year": "published", "author": "publisher", "source": "publisher", "country": "speaker",
          "city": "speaker", "link": "url"}  # fmt: skip
_DATES = ("published", "written", "accessed")
#: What a field is where its cell is emptied; those that are not here may be null, or have to be filled.
_EMPTY: dict[str, object] = {"plan": "none", "machine_translated": False}
_FILLED = ("title", "publisher", "language", "speaker", "voice", "rights", "rights_note")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
#: A date as spreadsheets write it.
_SHEET_DATE = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})", re.ASCII)
_FORMULA = re.compile(r"'\s*[=+\-@＝＋－＠]")
_LONGEST_NAME = 60
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def split_places(text: str) -> tuple[str, ...]:
    """Return the places of a cell or an option: parted by commas, or by + as in selections."""
    return tuple(place.strip() for place in re.split(r"[,+;，、；]", text) if place.strip())


def _open_table(path: Path, problems: list[Problem], needed: str) -> CsvTable:
    """Read a table of documents, also as spreadsheets save it. Raises InvalidDataError for what is no such table."""
    name = shown(path)
    columns = [Column(one, required=one == needed, filled=one == needed) for one in COLUMNS]
    table = CsvTable(as_utf8(read_file(path), name), name, columns, problems, separators=True, meant=_MEANT)
    if not table.columns:
        raise InvalidDataError(problems)
    return table


def describes_documents(name: str, read: Callable[[], bytes]) -> bool:
    """Return whether a file is such a table: a CSV whose first line has `file` and another column of it."""
    if "://" in name or not name.lower().endswith((".csv", ".tsv")):
        return False
    first = as_utf8(read(), name).decode("utf-8-sig").partition("\n")[0]
    heads = {one.strip().strip('"').lower() for one in re.split(r"[,;\t]", first)}
    return "file" in heads and len(heads & {*COLUMNS}) > 1


def _value(field: str, cell: str, vocabulary: Vocabulary) -> object:
    """Return what a cell says of a field. Raises ValueError with a sentence, and the fix as its second argument."""
    if _FORMULA.match(cell):  # as it was made harmless for a spreadsheet
        cell = cell[1:]
    if field in _DATES:
        cell = _iso_date(cell)
        parse_span(cell)
        return cell
    if field == "machine_translated":
        if cell.lower() not in _YES_NO:
            raise ValueError(f"{cell!r} is neither yes nor no.")
        return _YES_NO[cell.lower()]
    if field == "places":
        return split_places(cell)
    options = _options(vocabulary).get(field)
    if options is not None and cell not in options:
        raise ValueError(f"unknown {field} {cell!r}.", suggest(cell, options))
    if not (text := one_line(cell)):
        raise ValueError("the cell holds no text.", "Fill it or empty it.")
    return text


def _iso_date(cell: str) -> str:
    if match := _SHEET_DATE.fullmatch(cell):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return cell


def _options(vocabulary: Vocabulary) -> Mapping[str, Sequence[str]]:
    choices = {name: get_args(DocumentEntry.model_fields[name].annotation) for name in ("language", "voice", "rights")}
    return {**choices, "script": ("hans", "hant", "latn"), "plan": vocabulary.plan_ids,
            "text_of": [plan.id for plan in vocabulary.plans], "era": [*vocabulary.era_ids, UNKNOWN]}  # fmt: skip


def _said(error: ValueError) -> tuple[str, str]:
    message, *fix = map(str, error.args)
    return message, fix[0] if fix else ""


# A table describes documents that are to be added -----------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a row says of one document: `answers`, and `more` fields of its entry that no question asks for."""

    line: int
    file: str
    answers: Answers
    more: Mapping[str, object]

    def answers_with(self, others: Answers) -> Answers:
        """Return what the row says, and for the rest what is said of all documents."""
        said = {one.name: getattr(self.answers, one.name) or getattr(others, one.name) for one in fields(Answers)}
        return Answers(**said)

    def describe(self, lines: list[EntryLine]) -> list[EntryLine]:
        """Return the lines of a new entry with the other fields put in or put right."""
        made, left = [], dict(self.more)
        other = left.get("language") not in (None, next(one.value for one in lines if one.field == "language"))
        for line in lines:
            if line.field == "notes":
                made += [EntryLine(name, left.pop(name)) for name in list(left)]
            if line.field in left:
                made.append(EntryLine(line.field, left.pop(line.field)))
            elif not (line.field == "script" and other):  # it was guessed of the language that it is not
                made.append(line)
        return made + [EntryLine(name, value) for name, value in left.items()]


@dataclass(frozen=True)
class DocumentTable:
    """A table with a row for each document that is to be added; rows with mistakes have sentences in `wrong`."""

    name: str
    rows: tuple[CsvRow, ...]
    values: Mapping[int, Mapping[str, Any]]
    wrong: Mapping[int, tuple[str, ...]]

    @classmethod
    def read(cls, path: Path, vocabulary: Vocabulary) -> DocumentTable:
        """Read a table. Raises InvalidDataError when it is none or has columns that no document has."""
        problems: list[Problem] = []
        table = _open_table(path, problems, "file")
        values: dict[int, dict[str, Any]] = {}
        first: dict[tuple[str, str], int] = {}
        for row in table.rows:
            values[row.line] = {}
            for field, cell in row.cells.items():
                try:
                    if cell:
                        values[row.line][field] = _value(field, cell, vocabulary)
                except ValueError as error:
                    problems.append(table.problem(row, field, *_said(error)))
            for field in ("file", "id"):
                told = (field, row.cells.get(field, ""))
                if told[1] and first.setdefault(told, row.line) != row.line:
                    message = f"{told[1]!r} stands already in line {first[told]}."
                    problems.append(table.problem(row, field, message, "Keep one row for each document."))
        wrong: dict[int, list[str]] = defaultdict(list)
        for problem in sorted(set(problems)):
            wrong[problem.line].append(str(problem))
        if not table.rows and not wrong:
            raise InvalidDataError([Problem(table.name, 0, "", "it describes no document.", "Add a row for each.")])
        return cls(table.name, table.rows, values, {line: tuple(said) for line, said in wrong.items()})

    def unknown_places(self, vocabulary: Vocabulary, lines: Sequence[int]) -> dict[str, list[int]]:
        """Return the speakers and places of these lines that places.yml lacks, each with the lines that name it."""
        names = PlaceNames(vocabulary)
        unknown: dict[str, list[int]] = defaultdict(list)
        for line in lines:
            values = self.values[line]
            named = [values["speaker"]] if values.get("speaker", UNKNOWN) != UNKNOWN else []
            for name in dict.fromkeys([*named, *values.get("places", ())]):
                if names.find(name) is None:
                    unknown[name].append(line)
        return dict(unknown)

    def told(self, row: CsvRow, vocabulary: Vocabulary, unknown: Mapping[str, Sequence[int]] | None = None) -> Told:
        """Return what a row says. Raises InvalidDataError for a place that places.yml lacks.

        Of a place of `unknown` (see unknown_places) what to do is said in the first line that names it.
        """
        names, values = PlaceNames(vocabulary), dict(self.values[row.line])
        problems: dict[str, Problem] = {}
        for field in ("speaker", "places"):
            said = values.get(field, ())
            known = []
            for name in [said] if isinstance(said, str) else said:
                if (place := UNKNOWN if (field, name) == ("speaker", UNKNOWN) else names.find(name)) is None:
                    first = ((unknown or {}).get(name) or [row.line])[0]
                    fix = f"{suggest(name, vocabulary.place_ids)} Or give --yes to add it to data/lexicon/places.yml." \
                        if first == row.line else f"See line {first}."
                    problems.setdefault(name, Problem(self.name, row.line, field, f"unknown place {name!r}.", fix))
                known.append(place)
            if said:
                values[field] = known[0] if field == "speaker" else tuple(known)
        raise_problems(list(problems.values()))
        answers = {one.name: values.pop(one.name, None) for one in fields(Answers)}
        return Told(row.line, str(values.pop("file")), Answers(**answers), values)

    def match(self, found: Sequence[Given]) -> tuple[list[tuple[CsvRow, Given | str]], list[Given]]:
        """Return every row with its file, or with a sentence where it has none; and the files that have no row.

        A row names a file by the end of its path: in folder/a/b.txt it is b.txt or a/b.txt.
        """
        paths = {id(one): normalize("NFC", one.name).replace("\\", "/") for one in found}
        matched: list[tuple[CsvRow, Given | str]] = []
        used = set[int]()
        for row in self.rows:
            name = normalize("NFC", row.cells.get("file", "")).replace("\\", "/").removeprefix("./")
            fits = [one for one in found if name and f"/{paths[id(one)]}".endswith(f"/{name}") and not one.skipped]
            used |= {id(one) for one in fits}
            if len(fits) == 1:
                matched.append((row, fits[0]))
            else:
                matched.append((row, self._not_one(row, fits, [Path(paths[id(one)]).name for one in found])))
        left = [one for one in found if id(one) not in used and not one.skipped and not self._is_itself(one)]
        return matched, left

    def _not_one(self, row: CsvRow, fits: Sequence[Given], known: Sequence[str]) -> str:
        if not (name := row.cells.get("file", "")):
            return ""  # which has been told
        if fits:
            listed = ", ".join(shown(one.name) for one in fits[:3])
            message, fix = f"{len(fits)} files have the name {name!r}: {listed}.", "Write their folders too."
        else:
            close = nearest(name, known)
            message, fix = f"there is no file {name!r} in what was given.", "Put it there, or correct the name."
            fix = f"Did you mean {close!r}?" if close else fix
        return str(Problem(self.name, row.line, "file", message, fix))

    def _is_itself(self, one: Given) -> bool:
        return Path(one.name).name == Path(self.name).name and Path(one.name).suffix.lower() == ".csv"


def at_row(name: str, line: int, error: Exception) -> str | None:
    """Return what is wrong with a document as a sentence about the row that describes it; None for other errors."""
    if isinstance(error, AnswerError | InvalidDataError) or str(error).startswith("--"):
        problems = error.problems if isinstance(error, InvalidDataError) else ()
        if any(problem.file == name for problem in problems):
            return " ".join(map(str, problems))
        moved = [_moved(problem, name, line) for problem in problems if problem.field.startswith("documents[")]
        if moved or not problems:
            flagged = re.sub(r"^--", "", str(error))
            return " ".join(map(str, moved)) if moved else f"{name}:{line}: {flagged}"
    return None


def _moved(problem: Problem, name: str, line: int) -> Problem:
    field = problem.field.rpartition(".")[2] if "." in problem.field else ""
    return replace(problem, file=name, line=line, field=field)


# Places that the lexicon lacks ---------------------------------------------------------------------


class PlaceNames:
    """Finds a place of places.yml by its id, by a label, or by a word that names it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        places = vocabulary.places
        called = [(name, place.id) for place in places for name in self._names(place)]
        self._ids = {**dict(reversed([(name.casefold(), one) for name, one in called])), **{p.id: p.id for p in places}}

    @staticmethod
    def _names(place: Place) -> Iterator[str]:
        yield from (place.label, *([place.label_zh] if place.label_zh else []), *place.zh, *place.en)

    def find(self, name: str) -> str | None:
        """Return the id of the place that is called so, or None."""
        return self._ids.get(name) or self._ids.get(name.casefold())


def add_places(project: Project, names: Iterable[str]) -> dict[str, str]:
    """Write an entry in data/lexicon/places.yml for each name, and return name → id.

    Raises AnswerError for what is no name, InvalidDataError or EditError where the file cannot take it; then nothing
    has changed.
    """
    path = project.lexicon / "places.yml"
    vocabulary = load_vocabulary(project)
    taken, made = {*vocabulary.place_ids, UNKNOWN, "none"}, dict[str, str]()
    with writing(project):
        text = path.read_bytes().decode("utf-8")
        for name in names:
            identifier = _place_id(name, taken)
            made[name] = identifier
            taken.add(identifier)
            text = append_entry(text, _place_lines(name, identifier, vocabulary), "places")
        if made:
            edit.put_checked(path, text, lambda: load_vocabulary(project))
    return made


def _place_id(name: str, taken: set[str]) -> str:
    parts = [("" if _CHINESE.search(word) else "-").join(slug_words(word)) for word in name.split()]
    base = "-".join(part for part in parts if part)
    if not base or len(name) > _LONGEST_NAME or len(base) > _LONGEST_NAME:
        raise AnswerError(f"{shown(name, 80)!r} is no name of a place. Correct it in the table.")
    return next(one for n in range(1, len(taken) + 2) if (one := f"{base}-{n}" if n > 1 else base) not in taken)


def _place_lines(name: str, identifier: str, vocabulary: Vocabulary) -> list[EntryLine]:
    chinese = bool(_CHINESE.search(name))
    added = f"added by `policybook add` on {date.today().isoformat()}"
    known = "correct its names; one that is also an ordinary word does harm: take it out"
    nation = [EntryLine("within", "national")] if "national" in vocabulary.place_ids else []
    return [EntryLine("id", identifier, added),
            EntryLine("label", name, "its English name, if there is one" if chinese else ""),
            *([EntryLine("label_zh", name)] if chinese else []), *nation,
            EntryLine("zh" if chinese else "en", [name], known)]  # fmt: skip


# The entries as a table, and the table taken back ----------------------------------------------------


def entry_rows(project: Project) -> list[dict[str, str]]:
    """Return the entries of data/corpus.yml as rows of COLUMNS, every cell as text; also of entries with mistakes."""
    listed = YamlFile.of(project, project.corpus_file).entries("documents")
    return [{field: _cell(raw.get(field)) for field in COLUMNS} for raw in listed if isinstance(raw, dict)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(one_line(one) for one in value)
    return one_line(value)


@dataclass(frozen=True)
class FieldChange:
    """One field of one document that a table changes, as cells, and the value that it gets."""

    line: int
    id: str
    field: str
    old: str
    new: str
    value: object


@dataclass(frozen=True)
class TableChanges:
    """What an edited table changes in `manifest`: fields of entries; documents without a row stay."""

    changes: tuple[FieldChange, ...]
    without_row: tuple[str, ...]
    manifest: str

    @cached_property
    def by_document(self) -> dict[str, dict[str, object]]:
        """The values that change: id → field → value."""
        found: dict[str, dict[str, object]] = defaultdict(dict)
        for one in self.changes:
            found[one.id][one.field] = one.value
        return dict(found)

    @property
    def edited(self) -> str:
        """The new text of data/corpus.yml."""
        return change_entries(self.manifest, self.by_document)


def read_changes(project: Project, path: Path, vocabulary: Vocabulary) -> TableChanges:
    """Return what an edited table of the entries changes; nothing is written.

    Raises InvalidDataError with every mistake in the table, by line: no such document, a value that cannot be.
    """
    problems: list[Problem] = []
    table = _open_table(path, problems, "id")
    manifest = edit.read_manifest(project)
    entries = {row["id"]: row for row in entry_rows(project)}
    lines: dict[str, int] = {}
    changes: list[FieldChange] = []
    for row in table.rows:
        identifier = row.cells["id"]
        if identifier not in entries:
            if identifier:  # an empty one has been told
                fix = f"An id stays what it is. {suggest(identifier, entries)}"
                problems.append(table.problem(row, "id", f"no document {identifier!r} in data/corpus.yml.", fix))
        elif lines.setdefault(identifier, row.line) != row.line:
            message = f"{identifier!r} stands already in line {lines[identifier]}."
            problems.append(table.problem(row, "id", message, "Keep one of the two."))
        else:
            changes += _row_changes(table, row, entries[identifier], vocabulary, problems)
    found = TableChanges(tuple(changes), tuple(one for one in entries if one not in lines), manifest)
    raise_problems([*problems, *_wrong_entries(found, table.name, vocabulary)])
    return found


def _row_changes(table: CsvTable, row: CsvRow, before: Mapping[str, str], vocabulary: Vocabulary,
                 problems: list[Problem]) -> Iterator[FieldChange]:  # fmt: skip
    for field, cell in row.cells.items():
        old = before[field]
        if cell in (old, f"'{old}" if old else "") or (field in _DATES and _iso_date(cell) == old):
            continue
        try:
            if field == "file":
                raise ValueError("a table does not change the file.", "Put in another by: policybook replace ID FILE")
            if not cell and field in _FILLED:
                raise ValueError("the cell is empty.", "Fill it.")
            value = _by_id(field, _value(field, cell, vocabulary), vocabulary) if cell else _EMPTY.get(field)
        except ValueError as error:
            problems.append(table.problem(row, field, *_said(error)))
            continue
        if (new := _cell(value)) != old:
            yield FieldChange(row.line, row.cells["id"], field, old, new, value)


def _by_id(field: str, value: Any, vocabulary: Vocabulary) -> object:
    """Return a value with the places that it names as their ids; a name that is none stays, to be told."""
    if field not in ("places", "speaker"):
        return value
    names = PlaceNames(vocabulary)
    return names.find(value) or value if field == "speaker" else tuple(names.find(one) or one for one in value)


def _wrong_entries(found: TableChanges, name: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what would be wrong with the entries that change, by the lines of the table."""
    lines = {one.id: one.line for one in found.changes}
    if not lines:
        return
    file = YamlFile(found.edited.encode("utf-8"), "data/corpus.yml")
    for n, raw in enumerate(file.entries("documents")):
        if isinstance(raw, dict) and raw.get("id") in lines:
            where: list[str | int] = ["documents", n]
            wrong = [*check_names(file, where, raw, vocabulary), *check_dates(file, where, raw, vocabulary)]
            file.parse(DocumentEntry, raw, where, wrong)
            yield from (_moved(problem, name, lines[str(raw["id"])]) for problem in wrong)


def write_changes(project: Project, found: TableChanges) -> None:
    """Write what a table changes, all of it. Raises EditError when data/corpus.yml has changed since it was read."""
    with writing(project):
        if edit.read_manifest(project) != found.manifest:
            raise EditError("data/corpus.yml has changed meanwhile. Nothing was written: try again.")
        edit.put_manifest(project, found.edited)


def select_entries(project: Project, selection: Selection) -> list[str]:
    """Return the ids of the documents whose entries fit a selection, such as {"speaker": "north"}.

    Raises AnswerError for a field that entries do not have and for a value that none of them has.
    """
    rows = entry_rows(project)
    fitting = rows
    for field, wanted in selection.items():
        if field not in COLUMNS:
            raise AnswerError(f"--where: no field {field!r}. {suggest(field, COLUMNS)}")
        values = [_cell(one) for one in (wanted if isinstance(wanted, list | tuple) else [wanted])]
        cells = {id(row): split_places(row[field]) if field == "places" else (row[field],) for row in rows}
        for value in values:
            if not any(value in cells[id(row)] for row in rows):
                known = dict.fromkeys(one for row in rows for one in cells[id(row)] if one)
                raise AnswerError(f"--where: no document has {field}={shown(value)}. {suggest(value, known)}")
        fitting = [row for row in fitting if any(value in cells[id(row)] for value in values)]
    return [row["id"] for row in fitting]
