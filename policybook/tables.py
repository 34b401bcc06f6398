"""YAML and CSV that people edit, read so that every mistake can be named by file, line and field, and dates in them.

A date is as precise as it is known: level 0 of the Extended Date/Time Format (ISO 8601-2:2019), 2014, 2014-08,
2014-08-19, or a span of two of these, 2014-08/2015.
"""

from __future__ import annotations

import calendar
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

import pandas as pd
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator
from pydantic_core import ErrorDetails
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, NodeEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import Reader

from policybook.errors import InvalidDataError, Problem, UnreadableDocumentError, shown, suggest
from policybook.project import Project, read_file

Model = TypeVar("Model", bound=BaseModel)
Location = Sequence[str | int]

#: What a file that people edit may hold at the most: bytes, and for YAML nodes, how deep, and how many of them aliases
#: repeat; and how many mistakes in one file are told.
_LARGEST_YAML, _LARGEST_CSV = 2 << 20, 10 << 20
_NODES, _DEEPEST, _ALIASED = 50_000, 25, 10_000
_TOLD = 200
_LINE_END = re.compile(r"\r\n?|\n")

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_COMMENT = re.compile(r"# ([A-Za-z0-9_ ]+): (.+)")


def parse_span(text: str) -> tuple[date, date]:
    """Return the first and the last day that `text` may mean.

    Raises ValueError with a sentence for the user when `text` is no date or the span runs backwards.
    """
    parts = text.split("/")
    if len(parts) > 2:
        raise ValueError(f"{text!r} is not a date. Write 2014, 2014-08, 2014-08-19 or 2014-08/2015.")
    first, last = _bounds(parts[0])[0], _bounds(parts[-1])[1]
    if first > last:
        raise ValueError(f"{text!r} ends before it begins. Write the earlier date first.")
    return first, last


def _date_text(value: object) -> str:
    parse_span(str(value))
    return str(value)


#: A field of a model that is a date, kept as it is written; YAML may have read 2014 as a number.
DateText = Annotated[str, BeforeValidator(_date_text)]


def _bounds(text: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a date. Write 2014, 2014-08, 2014-08-19 or 2014-08/2015.")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the pattern requires it
    if not 1000 <= year <= 2099:
        raise ValueError(f"{text!r} is not in the calendar of the years 1000 to 2099. Correct the year.")
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"{text!r} is not in the calendar. Check the month and the day.") from None
    return first, last


class FileModel(BaseModel):
    """What stands in a file that people edit: it has no other fields, no blank texts, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _is_not_blank(cls, value: object) -> object:
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, str) and not one.strip():
                raise ValueError("it is blank. Write something or take it out.")
        return value


#: A cell may hold control characters, as texts do that were badly copied; this one means that it is no text at all.
_NUL = re.compile("\0")


def read_text(path: Path, name: str) -> str:
    """Return what a text that people edit holds. Raises InvalidDataError, which calls it `name`."""
    try:
        return _text_of(path, _LARGEST_YAML)
    except ValueError as error:
        line, message, fix = error.args
        raise InvalidDataError([Problem(name, line, "", message, fix)]) from None


def _text_of(source: Path | bytes, most: int, *, printable: bool = True) -> str:
    """Return what a file that people edit holds. Raises ValueError with a line, what is wrong and how to mend it."""
    try:
        content = source if isinstance(source, bytes) else read_file(source, limit=most)
        text = content.decode("utf-8-sig")
    except UnreadableDocumentError as error:
        assert isinstance(source, Path)
        if not source.exists() and not source.is_symlink():
            raise ValueError(0, "the file is missing.", "Restore it.") from None
        raise ValueError(0, str(error).removeprefix(f"{shown(source)}: "), "") from None
    except UnicodeDecodeError as error:
        line = 1 + len(_LINE_END.findall(content[: error.start].decode("latin-1")))
        raise ValueError(line, f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from None
    if odd := (Reader.NON_PRINTABLE if printable else _NUL).search(text):
        line = 1 + len(_LINE_END.findall(text[: odd.start()]))
        raise ValueError(line, f"the character U+{ord(odd[0]):04X} is no text.", "Take it out or save it as UTF-8.")
    return text


class _Told:
    """Makes the problems of one file. Raises InvalidDataError with all of them where there are too many to tell."""

    def __init__(self, name: str) -> None:
        self._name, self._made = name, set[Problem]()

    def __call__(self, line: int, field: str, message: str, fix: str) -> Problem:
        problem = Problem(self._name, line, field, message, fix)
        self._made.add(problem)
        if len(self._made) > _TOLD:
            message = f"it has more than {_TOLD} mistakes; these are some."
            raise InvalidDataError([*self._made, Problem(self._name, 0, "", message, "Correct them first.")])
        return problem


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Keeps dates as they are written, so that a wrong one can be quoted back, and has no numbers beyond all bounds."""


def _in_bounds(read: Callable[[Any, Node], float]) -> Callable[[Any, Node], float]:
    def reading(loader: Any, node: Node) -> float:
        try:
            value = read(loader, node)
        except (ValueError, OverflowError):
            value = math.nan
        if not abs(value) < 1e18:
            raise yaml.MarkedYAMLError(problem="this number is out of all bounds", problem_mark=node.start_mark)
        return value

    return reading


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
_Loader.add_constructor("tag:yaml.org,2002:int", _in_bounds(_Loader.construct_yaml_int))
_Loader.add_constructor("tag:yaml.org,2002:float", _in_bounds(_Loader.construct_yaml_float))


def _bounded(events: Iterable[Event]) -> Iterator[Event]:
    """Yield events. Raises MarkedYAMLError at a tag, and where there is more or it is deeper than anybody writes."""
    nodes = aliased = 0
    sizes: dict[str | None, int] = {}
    within: list[tuple[str | None, int]] = []  # the anchor of what is open, and the nodes before it
    for event in events:
        wrong = "it holds too much; split it" if nodes > _NODES else ""
        if isinstance(event, AliasEvent):
            aliased += sizes.get(event.anchor, 1)
            if aliased > _ALIASED or event.anchor in [anchor for anchor, _ in within]:
                wrong = f"the alias *{event.anchor} repeats too much"
        elif (tag := getattr(event, "tag", None)) not in (None, "!"):
            wrong = f"the tag {tag} is not allowed"
        if isinstance(event, CollectionStartEvent):
            within.append((event.anchor, nodes + aliased))
            wrong = "lists stand too deep in each other" if len(within) > _DEEPEST else wrong
        elif isinstance(event, CollectionEndEvent):
            anchor, before = within.pop()
            sizes[anchor] = nodes + aliased - before
        nodes += isinstance(event, NodeEvent)
        if wrong:
            raise yaml.MarkedYAMLError(problem=wrong, problem_mark=event.start_mark)  # type: ignore[arg-type]
        yield event


class YamlFile:
    """The content of one YAML file, as plain objects, and the line of everything in it."""

    def __init__(self, path: Path | bytes, name: str) -> None:
        """Read `path`, or the bytes of a file; `name` is what messages call it.

        Raises InvalidDataError when the file is missing or no regular file, is too large, too deep or not YAML, has
        tags, or gives one key twice.
        """
        self.name = name
        self._told = _Told(name)
        try:
            text = _text_of(path, _LARGEST_YAML)
            for _ in _bounded(yaml.parse(text, Loader=_Loader)):
                pass
            loader = _Loader(text)
            self._root: Node | None = loader.get_single_node()
            # before construction, which writes merged keys (<<) out
            fix, repeated = "Keep one of the two.", islice(_repeated_keys(self._root), _TOLD + 1)
            twice = [self._told(line, key, "this field is given twice.", fix) for line, key in repeated]
            self.content: Any = loader.construct_document(self._root) if self._root else None
        except ValueError as error:
            raise InvalidDataError([self._told(error.args[0], "", *error.args[1:])]) from None
        except yaml.YAMLError as error:
            raise InvalidDataError([self._told(*_explain_yaml(error, text))]) from None
        if twice:
            raise InvalidDataError(twice)

    @classmethod
    def of(cls, project: Project, path: Path) -> YamlFile:
        """Read a file of a project; messages call it as a user of the project would."""
        return cls(path, project.name(path))

    def line(self, location: Location) -> int:
        """Return the line (from 1) of the field or item at `location`, or of what encloses it."""
        node, line = self._root, 1
        for step in location:
            if isinstance(node, MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
                found = (node.value[step], node.value[step])
            else:
                found = None
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line

    def problem(self, location: Location, message: str, fix: str = "") -> Problem:
        """Return a Problem at `location`; its field reads like documents[2].plan."""
        field = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in location)
        return self._told(self.line(location), field.lstrip("."), message, fix)

    def entries(self, key: str) -> list[Any]:
        """Return the list under `key` as plain objects. Raises InvalidDataError when the file has no such list."""
        content = self.content
        if not isinstance(content, dict) or not isinstance(content.get(key, []), list):
            message, fix = f"a list named {key!r} is expected.", f"Write '{key}:'."
            raise InvalidDataError([self._told(self.line([key]), "", message, fix)])
        return list(content.get(key, []))

    def mapping(self, key: str) -> Any:
        """Return what stands under `key`, an empty mapping where nothing does."""
        return (self.content.get(key) or {}) if isinstance(self.content, dict) else {}

    def parse_entries(self, key: str, model: type[Model], problems: list[Problem], *,
                      unique: str = "") -> dict[int, Model]:  # fmt: skip
        """Return the entries of the list `key` that are a `model`, by their place in it, counted from 0.

        Every mistake is appended to `problems`: no such list, an entry of another shape, and a value of the field
        `unique` that a second entry has.
        """
        try:
            listed = self.entries(key)
        except InvalidDataError as error:
            problems.extend(error.problems)
            return {}
        parsed = ((n, self.parse(model, raw, [key, n], problems)) for n, raw in enumerate(listed))
        entries = {n: entry for n, entry in parsed if entry is not None}
        seen: set[Any] = set()
        for n, entry in entries.items() if unique else ():
            value = getattr(entry, unique)
            if str(value).casefold() in seen:
                fix = f"Give each its own {unique}."
                problems.append(self.problem([key, n, unique], f"{value!r} is used twice.", fix))
            seen.add(str(value).casefold())
        return entries

    def parse(self, model: type[Model], value: Any, location: Location, problems: list[Problem]) -> Model | None:
        """Return `value` as a `model`, or None with every mistake in it appended to `problems`."""
        try:
            return model.model_validate(value)
        except ValidationError as error:
            problems.extend(self._explain(details, model, location) for details in error.errors())
            return None

    def _explain(self, details: ErrorDetails, model: type[BaseModel], location: Location) -> Problem:
        where = [*location, *(step for step in details["loc"] if isinstance(step, str | int))]
        kind, field = details["type"], str(details["loc"][-1]) if details["loc"] else ""
        if kind == "missing":
            return self.problem(where[:-1], f"{field!r} is missing.", f"Add a line '{field}: …'.")
        if kind == "extra_forbidden":
            return self.problem(where, "no such field.", suggest(field, model.model_fields))
        if kind == "literal_error":
            known = str(details.get("ctx", {}).get("expected", ""))
            options = [option.strip(" '") for option in known.replace(" or ", ",").split(",")]
            return self.problem(where, f"{details['input']!r} is not allowed.", suggest(details["input"], options))
        if kind == "value_error":
            return self.problem(where, str(details["ctx"]["error"]))
        if kind == "too_short":
            return self.problem(where, "the list is empty or too short.", f"{details['msg']}.")
        if kind == "too_long":
            return self.problem(where, "the list is too long.", f"{details['msg']}.")
        if kind == "string_type" and isinstance(details["input"], int | float):
            return self.problem(where, f"{details['input']!r} is not text.", "Put it in quotes.")
        if details["input"] is None:
            return self.problem(where, "no value is given.", "Give one or take the line out.")
        return self.problem(where, f"{details['msg']} (found {details['input']!r}).")


def _explain_yaml(error: yaml.YAMLError, text: str) -> tuple[int, str, str, str]:
    """Return the line, the field (none), what is wrong with a file that is not YAML, and how to put it right."""
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or "it cannot be read"
    line = min(mark.line + 1, len(_LINE_END.findall(text)) + 1) if mark else 0
    if begun and begun.line + 1 < line:
        reason += f" (in what begins in line {begun.line + 1})"
    return line, "", f"not valid YAML: {reason}.", "Check indentation, colons and quotes."


def _repeated_keys(node: Node | None) -> Iterator[tuple[int, str]]:
    """Yield (line, key) for every key that stands twice in one mapping."""
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                if key.value in seen:
                    yield key.start_mark.line + 1, key.value
                seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _matching(pattern: str, read: Callable[[str], Any], what: str) -> Callable[[str], Any]:
    """Return what reads a cell that fits a pattern; it raises ValueError, with a sentence, for any other."""

    def value(text: str) -> Any:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f"{text!r} is {what}.")
        return read(text)

    return value


_number = _matching(r"-?\d+(\.\d+)?", float, "no number")


def _percent(text: str) -> float:
    number = float(_number(text))
    if not 0 <= number <= 100:
        raise ValueError(f"{text!r} is no percentage.")
    return number


#: What a cell may be: kind → its value, or ValueError with a sentence. `date` gives the first and the last day.
CELL_KINDS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {"text": str, "number": _number, "whole": _matching(r"\d+", int, "no whole number"), "percent": _percent,
     "year": _matching(r"(1[89]|20)\d\d", int, "no year"), "date": parse_span,
     "yes_no": _matching("yes|no", "yes".__eq__, "neither yes nor no")}
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a table that people edit.

    `kind` is one of CELL_KINDS; with `options` a cell is one of these. `required`: the heading must have it; `filled`:
    every cell must hold something; where it need not, an empty cell is no mistake, whatever the kind and the options.
    `least` and `most` bound a number.
    """

    name: str
    kind: str = "text"
    options: Collection[str] = ()
    required: bool = True
    filled: bool = False
    least: float | None = None
    most: float | None = None

    def value(self, cell: str) -> Any:
        """Return the value of a cell, None of an empty one that is no text.

        Raises ValueError, with what is wrong and, in its second argument, how to put it right.
        """
        if not cell:
            if self.filled:
                raise ValueError("the cell is empty.", "Fill it.")
            return None if self.kind != "text" else cell
        if self.options and cell not in self.options:
            raise ValueError(f"unknown {self.name} {cell!r}.", suggest(cell, self.options))
        value = CELL_KINDS[self.kind](cell)
        if self.least is not None and value < self.least:
            raise ValueError(f"{cell} is less than {self.least:g}.")
        if self.most is not None and value > self.most:
            raise ValueError(f"{cell} is more than {self.most:g}.")
        return value


def head_file(table: Path) -> Path:
    """Return where the comments of a CSV file stand that has none at its own head."""
    return table.with_suffix(".head.txt")


@dataclass(frozen=True)
class CsvRow:
    """A row: the line it begins in, its cells as text without blanks around it, and their values by their kinds."""

    line: int
    cells: Mapping[str, str]
    values: Mapping[str, Any]


class CsvTable:
    """The content of one CSV file: `rows` in their order, the names of its `columns`, and what its `head` says.

    Lines that begin with "# " are comments; "# coder: A person" says head["coder"]. They stand before the heading or,
    so that other programs read the table as it is, in NAME.head.txt beside it (see head_file). Rows whose cells are all
    empty do not count.
    """

    def __init__(
        self,
        source: Path | bytes,
        name: str,
        columns: Sequence[Column | str],
        problems: list[Problem],
        *,
        key: Sequence[str] = (),
        head: Sequence[str] = (),
        others: bool = False,
        remedy: str = "",
        separators: bool = False,
        meant: Mapping[str, str] | None = None,
    ) -> None:
        """Read a file or its bytes; `name` is what messages call it. A column given by its name holds any text.

        Every mistake is appended to `problems`: no file, no CSV in UTF-8; a column that is missing, there twice or,
        unless `others` may be there, unknown; a row too long or too short; a cell of another kind, whose value then is
        its text; rows with the same cells in all columns of `key`; a line missing that `head` asks for. `remedy` stands
        for every proposal of a fix: the one way to put a file right that a program has made. With `separators` columns
        may be parted by semicolons or tabs, as spreadsheets of some countries do, and begin with a capital. `meant`:
        names that people give columns, and the columns that are proposed in their place.
        """
        self.name = name
        self._told = _Told(name)
        self.head: Mapping[str, str] = {}
        self.columns: tuple[str, ...] = ()
        self.rows: tuple[CsvRow, ...] = ()
        self._known = {one.name: one for one in (Column(one) if isinstance(one, str) else one for one in columns)}
        self._remedy, self._separators, self._meant = remedy, separators, meant or {}
        read = self._read(source, problems)
        missing = [field for field in head if field not in self.head] if read is not None else []
        problems += [self._problem(1, "", f"no line '# {field}: …' stands at its head.", "Add it.")
                     for field in missing]  # fmt: skip
        if not read:
            return
        (line, names), *cells = read
        if separators:
            names = [plain if (plain := one.strip().lower()) in self._known else one for one in names]
        if wrong := list(self._check_heading(line, names, others)):
            problems += wrong
            return
        self.columns = tuple(names)
        self.rows = tuple(self._read_rows(cells, problems))
        problems += self._repeated(key)

    def problem(self, row: CsvRow, column: str, message: str, fix: str = "") -> Problem:
        """Return a Problem of a cell; without a column, of the row."""
        return self._problem(row.line, column, message, fix)

    def parse(self, model: type[Model], row: CsvRow, problems: list[Problem], **more: object) -> Model | None:
        """Return a row's cells, and what is given besides, as a `model`, or None with its mistakes in `problems`."""
        try:
            return model.model_validate({**row.cells, **more})
        except ValidationError as error:
            problems.extend(self._explain(row, details) for details in error.errors())
            return None

    def frame(self) -> pd.DataFrame:
        """Return the rows: a column for each of the file's, text as str, numbers as float, whole ones and years as int.

        A cell without a value is NaN, which makes whole numbers float; other kinds are objects.
        """
        columns = self.columns or tuple(self._known)
        frame = pd.DataFrame([dict(row.values) for row in self.rows], columns=list(columns))
        return frame.astype({name: _dtype(self._known.get(name), frame[name]) for name in columns})

    def _read(self, source: Path | bytes, problems: list[Problem]) -> list[tuple[int, list[str]]] | None:
        """Return the rows, the heading first, each with its line, and note what the head says; None if unreadable."""
        try:
            lines = list(io.StringIO(_text_of(source, _LARGEST_CSV, printable=False), newline=""))
            comments = next((n for n, line in enumerate(lines) if not line.startswith("# ")), len(lines))
            said, beside = lines[:comments], head_file(source) if isinstance(source, Path) else None
            if not said and beside is not None and beside.exists():
                said = _text_of(beside, _LARGEST_CSV, printable=False).splitlines()
            self.head = {m[1]: m[2] for line in said if (m := _COMMENT.fullmatch(line.rstrip("\r\n")))}
            heading = next((line for line in lines[comments:] if line.strip()), "")
            mark = _separator(heading) if self._separators else ","
            if rows := list(_numbered_rows(lines[comments:], comments + 1, mark)):
                return rows
            wrong = ValueError(0, "the file is empty.", "Restore its first line, the names of the columns.")
        except ValueError as error:
            wrong = error
        line, message, fix = wrong.args
        problems.append(self._problem(line, "", message, fix))
        return None

    def _problem(self, line: int, column: str, message: str, fix: str) -> Problem:
        return self._told(line, column, message, self._remedy or fix)

    def _check_heading(self, line: int, names: Sequence[str], others: bool) -> Iterator[Problem]:
        if len(names) == 1 < len(self._known) and (mark := re.search("[;\t|]", names[0])):
            yield self._problem(line, "", f"{mark[0]!r} stands between its columns.", "Save it with commas.")
            return
        required = [column.name for column in self._known.values() if column.required]
        if missing := [name for name in required if name not in names]:
            fix = f"Needed: {', '.join(required)}." if others else "Restore the heading."
            yield self._problem(line, "", f"no column {', '.join(missing)}.", fix)
        for name, times in Counter(names).items():
            if times > 1:
                yield self._problem(line, name, "the column is there twice.", "Keep one of the two.")
            if name not in self._known and not others:
                meant = self._meant.get(name.lower(), name)
                yield self._problem(line, "", f"no such column {name!r}.", suggest(meant, self._known))

    def _read_rows(self, numbered: Sequence[tuple[int, list[str]]], problems: list[Problem]) -> Iterator[CsvRow]:
        for line, cells in numbered:
            if len(cells) != len(self.columns):
                message = f"{len(cells)} cells under {len(self.columns)} headings."
                problems.append(self._problem(line, "", message, "Put a cell that holds commas in quotes."))
                continue
            row = dict(zip(self.columns, cells, strict=True))
            values: dict[str, Any] = dict(row)
            for name, column in self._known.items():
                if name in row:
                    try:
                        values[name] = column.value(row[name])
                    except ValueError as error:
                        problems.append(self._problem(line, name, *_said(error)))
            yield CsvRow(line, row, values)

    def _repeated(self, key: Sequence[str]) -> Iterator[Problem]:
        seen: set[tuple[str, ...]] = set()
        for row in self.rows if key else ():
            cells = tuple(row.cells[name] for name in key)
            if cells in seen:
                said = ", ".join(repr(cell) for cell in cells)
                yield self.problem(row, ", ".join(key), f"{said} is given twice.", "Keep one of the two.")
            seen.add(cells)

    def _explain(self, row: CsvRow, details: ErrorDetails) -> Problem:
        column, value = str(details["loc"][0]) if details["loc"] else "", details["input"]
        if details["type"] == "literal_error":
            options = re.findall(r"'([^']*)'", str(details.get("ctx", {}).get("expected", "")))
            fix = suggest(value, [option for option in options if option])
            return self.problem(row, column, f"unknown {column} {value!r}.", fix)
        if details["type"] == "value_error":
            return self.problem(row, column, *_said(details["ctx"]["error"]))
        if details["type"] == "string_too_short":
            return self.problem(row, column, "the cell is empty.", "Fill it.")
        return self.problem(row, column, f"{details['msg']} (found {value!r}).", "Correct the cell.")


def _separator(heading: str) -> str:
    """Return what stands between the names of columns: a comma, or a semicolon or tab where no comma does."""
    return next((mark for mark in ";\t" if mark in heading and "," not in heading), ",")


def _numbered_rows(lines: Sequence[str], line: int, mark: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield the line in which it begins, the first being `line`, and the cells of every row that has any text."""
    reader = csv.reader(lines, strict=True, delimiter=mark)
    first = width = 0  # cells of the heading, and without the empty ones behind it that a spreadsheet leaves
    before = line - 1
    try:
        for cells in reader:
            if any(stripped := [cell.strip() for cell in cells]):
                width = width or max(n for n, cell in enumerate(stripped, 1) if cell)
                first = first or len(stripped)
                spare = len(stripped) == first and not any(stripped[width:])
                yield line, stripped[:width] if spare else stripped
            line = before + reader.line_num + 1
    except csv.Error as error:
        raise ValueError(line, f"no row of a table: {error}.", "Check the quotation marks from here on.") from None


def _said(error: ValueError) -> tuple[str, str]:
    """Return what a ValueError says is wrong with a cell, and the fix: its second argument, within it, or general."""
    message, *fix = (str(part) for part in error.args)
    if fix:
        return message, fix[0]
    return message, "" if ". " in message else "Correct the cell."


def _dtype(column: Column | None, cells: pd.Series[Any]) -> Any:
    if column is None or column.kind == "text":
        return "str"
    if column.kind in ("whole", "year"):
        return float if cells.isna().any() else int
    return float if column.kind in ("number", "percent") else object
