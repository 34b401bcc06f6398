"""Hand coding and its codebook: the answers that the rules are scored against."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd
from pydantic import Field

from policybook.coding.scheme import INSTRUMENTS, KINDS, QUALIFIERS, STRENGTHS, UNITS, load_scheme
from policybook.corpus.corpus import records
from policybook.errors import InvalidDataError, Problem, raise_problems, suggest
from policybook.project import Project
from policybook.tables import Column, CsvTable, FileModel, YamlFile


class CodebookEntry(FileModel):
    """One code: what bears it and what does not. `term_zh` is given for a concept only."""

    code: str
    of: Literal["concept", "quantity_kind", "qualifier", "actor", "directive", "strength", "instrument", "subtype"]
    term_zh: str | None = None
    definition: str = Field(min_length=1)
    example: str = Field(min_length=1)
    counter_example: str = Field(min_length=1)


class HandCoding(FileModel):
    """Who coded the sentences of data/gold, in which order, and how they were split."""

    coder: str = Field(min_length=1)
    order: str = Field(min_length=1)
    split: str = Field(min_length=1)
    second_pass: str | None = None
    written: str | None = None


class Details(FileModel):
    """Of each thing coded, what the entries leave open."""

    concept: str | None = None
    quantity: str | None = None
    actor: str | None = None
    directive: str | None = None


@dataclass(frozen=True)
class Codebook:
    """The entries in the order of the file, and what is said of the coding as a whole."""

    entries: tuple[CodebookEntry, ...]
    coding: HandCoding | None
    details: Details

    @cached_property
    def by_code(self) -> Mapping[tuple[str, str], CodebookEntry]:
        """Entries by what they are a code of, and the code."""
        return {(entry.of, entry.code): entry for entry in self.entries}


def load_codebook(project: Project) -> Codebook:
    """Read data/gold/codebook.yml.

    Raises InvalidDataError with every mistake: schema, a code that exists nowhere or is given twice, a Chinese term
    that is not the concept's. A code without an entry is allowed, so that a scheme can grow; so is no file at all.
    """
    if not codebook_file(project).exists():
        return Codebook((), None, Details())
    file = YamlFile.of(project, codebook_file(project))
    terms = {concept.id: concept.term_zh or None for concept in load_scheme(project).concepts}
    known = known_codes(terms)
    problems: list[Problem] = []
    content = file.content if isinstance(file.content, dict) else {}
    coding = file.parse(HandCoding, content["coding"], ["coding"], problems) if "coding" in content else None
    details = file.parse(Details, content.get("details", {}), ["details"], problems)
    parsed = file.parse_entries("entries", CodebookEntry, problems)
    seen: set[tuple[str, str]] = set()
    for n, entry in parsed.items():
        where: list[str | int] = ["entries", n, "code"]
        if entry.code not in known[entry.of]:
            hint = suggest(entry.code, known[entry.of])
            problems.append(file.problem(where, f"unknown {entry.of} {entry.code!r}.", hint))
        elif (entry.of, entry.code) in seen:
            problems.append(file.problem(where, f"{entry.code!r} is given twice.", "Keep one of the two."))
        elif entry.term_zh != (term := terms.get(entry.code) if entry.of == "concept" else None):
            fix = f"Write {term!r}." if term else "Take it out."
            problems.append(file.problem(["entries", n, "term_zh"], f"{entry.term_zh!r} is not its term.", fix))
        seen.add((entry.of, entry.code))
    raise_problems(problems)
    return Codebook(tuple(parsed.values()), coding, details or Details())


def codebook_file(project: Project) -> Path:
    """Return where the codebook is kept."""
    return project.data / "gold" / "codebook.yml"


def known_codes(concepts: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return every code there is, by what it is a code of, given the ids of the scheme's concepts."""
    return {"concept": tuple(concepts), "quantity_kind": KINDS, "qualifier": QUALIFIERS, "actor": ("actor",),
            "directive": ("directive",), "strength": STRENGTHS, "instrument": tuple(INSTRUMENTS),
            "subtype": tuple(subtype for subtypes in INSTRUMENTS.values() for subtype in subtypes)}  # fmt: skip


#: Columns of every table, in order.
GOLD_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"sentences": ("sentence", "language", "source", "part", "pair", "text"),
     "concepts": ("sentence", "term_zh", "text"),
     "quantities": ("sentence", "text", "value", "unit", "qualifier", "kind", "indicator"),
     "actors": ("sentence", "actor", "text"), "directives": ("sentence", "text", "strength", "instrument", "subtype")}
)  # fmt: skip
LANGUAGES, SOURCES, PARTS = ("zh", "en"), ("received", "written"), ("tuning", "test")
#: Columns whose cells are one of these.
_OPTIONS: Mapping[str, Sequence[str]] = MappingProxyType(
    {"language": LANGUAGES, "source": SOURCES, "part": PARTS, "kind": KINDS, "qualifier": QUALIFIERS,
     "strength": STRENGTHS, "instrument": tuple(INSTRUMENTS)}
)  # fmt: skip
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_BARE = ("date", "doc_number")
_Complaint = tuple[str, str, str]  # field, what is wrong, how to put it right


@dataclass(frozen=True)
class Gold:
    """Hand-coded sentences and what was coded in them; each table has its columns of GOLD_COLUMNS.

    `sentences`: one row a sentence; `text` is empty for a received one, whose text stands in its document.
    Of `quantities`, `value` is a number, a list of two or a string. A cell that says nothing holds None.
    """

    sentences: pd.DataFrame
    concepts: pd.DataFrame
    quantities: pd.DataFrame
    actors: pd.DataFrame
    directives: pd.DataFrame


def load_gold(project: Project) -> Gold:
    """Read the tables of GOLD_COLUMNS in data/gold; where there is none of them, nothing was coded by hand.

    Raises InvalidDataError with every mistake, by file, line and field: a table or column that is missing, a
    sentence that is unknown or given twice, a value that is no code, a term that the scheme does not have, a text
    that does not stand in its written sentence.
    """
    folder = project.data / "gold"
    if not any((folder / f"{name}.csv").exists() for name in GOLD_COLUMNS):
        return Gold(**{name: pd.DataFrame(columns=list(columns)) for name, columns in GOLD_COLUMNS.items()})
    terms = sorted(concept.term for concept in load_scheme(project).concepts)
    problems: list[Problem] = []
    files = {name: _read(folder / f"{name}.csv", project, terms, problems) for name in GOLD_COLUMNS}
    if any(not file.columns for file in files.values()):
        raise InvalidDataError(problems)
    tables = {name: file.frame() for name, file in files.items()}
    sentences = {row.sentence: row for row in records(tables["sentences"])}
    for name, file in files.items():
        for place, row in zip(file.rows, records(tables[name]), strict=True):
            found = [*_CHECKS[name](row), *(_check_pair if name == "sentences" else _check_place)(row, sentences)]
            problems.extend(file.problem(place, *complaint) for complaint in found)
    raise_problems(problems)
    quantities = tables["quantities"]
    values = [_value(row) for row in records(quantities)]
    tables["quantities"] = quantities.assign(value=pd.Series(values, index=quantities.index, dtype=object))
    return Gold(**{name: _nones(table) for name, table in tables.items()})


def _read(path: Path, project: Project, terms: Sequence[str], problems: list[Problem]) -> CsvTable:
    options = {"term_zh": terms, **_OPTIONS}
    columns = [Column(name, options=options.get(name, ()), filled=name in options) for name in GOLD_COLUMNS[path.stem]]
    key = ["sentence"] if path.stem == "sentences" else []
    return CsvTable(path, project.name(path), columns, problems, key=key, others=True)


def _check_text(row: Any) -> Iterator[_Complaint]:
    if (row.source == "written") != bool(row.text):
        yield "text", "only a written sentence has its text here.", "Give it, or leave it to the document."


def _check_pair(row: Any, sentences: Mapping[str, Any]) -> Iterator[_Complaint]:
    if row.pair and (row.pair not in sentences or sentences[row.pair].pair != row.sentence):
        yield "pair", f"{row.pair!r} does not name this sentence as its pair.", "Let the two name one another."


def _check_place(row: Any, sentences: Mapping[str, Any]) -> Iterator[_Complaint]:
    sentence = sentences.get(row.sentence)
    if sentence is None:
        hint = suggest(row.sentence, sentences).split("Known:")[0] or "See sentences.csv."
        yield "sentence", f"unknown sentence {row.sentence!r}.", hint.strip()
    elif not row.text or (sentence.source == "written" and row.text not in sentence.text):
        yield "text", f"{row.text!r} does not stand in {row.sentence}.", "Copy it from the sentence."


def _check_quantity(row: Any) -> Iterator[_Complaint]:
    if not re.fullmatch(UNITS.get(row.kind, ""), row.unit):
        yield "unit", f"{row.unit!r} is no unit of the kind {row.kind!r}.", "Write one English singular or symbol."
    try:
        fits = _fits(row.kind, row.qualifier, _value(row))
    except ValueError:
        fits = False
    if not fits:
        yield "value", f"{row.value!r} is no value of the kind {row.kind!r}.", "Write 60, [2014, 2020] or 2024-08-29."


def _check_actor(row: Any) -> Iterator[_Complaint]:
    if not re.search("[\u4e00-\u9fff]", row.actor):
        yield "actor", f"{row.actor!r} is no Chinese name.", "Give the official Chinese name."


def _check_directive(row: Any) -> Iterator[_Complaint]:
    options = INSTRUMENTS.get(row.instrument, ())
    if row.instrument in INSTRUMENTS and row.subtype not in (options or ("",)):
        yield "subtype", f"{row.subtype!r} is no subtype of {row.instrument!r}.", suggest(row.subtype, options)


_CHECKS: Mapping[str, Callable[[Any], Iterator[_Complaint]]] = {
    "sentences": _check_text, "concepts": lambda _row: iter(()), "quantities": _check_quantity,
    "actors": _check_actor, "directives": _check_directive,
}  # fmt: skip


def _value(row: Any) -> Any:
    """Return the value of a quantity as it is meant; a date or a document number stands as it is."""
    return row.value if row.kind in _BARE else json.loads(row.value)


def _fits(kind: str, qualifier: str, value: Any) -> bool:
    if kind in _BARE:
        return bool(value) and (kind != "date" or bool(_DATE.fullmatch(value)))
    if isinstance(value, list):
        ordered = len(value) == 2 and all(type(end) in (int, float) for end in value) and value[0] < value[1]
        return ordered and (kind == "year_range" or (qualifier == "range" and kind not in ("year", "ordinal")))
    if kind == "year_range" or qualifier == "range":
        return False
    return type(value) is int or (type(value) is float and kind not in ("year", "ordinal"))


def _nones(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose empty cells hold None, except for the texts of received sentences."""
    named = table.astype(object)
    empty = named[named.columns.intersection(["pair", "unit", "indicator", "subtype"])]
    return named.assign(**empty.where(empty != "", None))
