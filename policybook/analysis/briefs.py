"""Briefs of documents: statements, each with the passages it stands on, and their checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.matching import fold
from policybook.errors import InvalidDataError, Problem, many, raise_problems, suggest
from policybook.project import Project, note_read
from policybook.tables import FileModel, YamlFile

# Whether the passages that a statement of a brief stands on hold what is said to support it --------

#: Where a statement prints a quantity.
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: The name that stands for the number of passages of a statement.
COUNT = "count"
_REFERENCE = re.compile(r"p(\d{2,})(?:\.(\d+))?")
_DIGITS = re.compile(r"\d[\d.,]*")


class Mistake(NamedTuple):
    """One mistake in a statement, told to whoever wrote it: where it is, what is wrong and how to mend it."""

    place: list[str | int]
    message: str
    fix: str


@dataclass(frozen=True)
class Held:
    """What the passages of one document of a coded corpus hold."""

    corpus: Corpus
    document: str

    @cached_property
    def texts(self) -> dict[str, str]:
        """Text by p07 and p07.2."""
        part = self.corpus.select(document=self.document)
        whole = {row.anchor: row.text for row in records(part.passages)}
        return whole | {row.sentence.rpartition(":")[2]: row.text for row in records(part.sentences)}

    @cached_property
    def reasons(self) -> dict[str, str]:
        """Why a paragraph is boilerplate, by p07."""
        own = self.corpus.boilerplate[self.corpus.boilerplate["document"] == self.document]
        return dict(zip(own["anchor"], own["reason"], strict=True))

    @cached_property
    def paragraphs(self) -> int:
        """How many paragraphs were received."""
        return int(self.corpus.document(self.document)["paragraphs"])

    def rows(self, table: str, reference: str) -> list[Any]:
        """Return the rows of a coded table that stand in a passage or sentence, in reading order."""
        coded = getattr(self.corpus, table)
        column = "sentence" if "." in reference else "passage"
        rows = list(records(coded[coded[column] == f"{self.document}:{reference}"]))
        return sorted(rows, key=lambda row: (int(str(row.sentence).rpartition(".")[2]), row.start))

    def concepts(self, reference: str) -> set[str]:
        """Return the concepts that a passage or sentence mentions."""
        return {row.concept for row in self.rows("mentions", reference)}


def check_statement(statement: Statement, held: Held, scheme: Scheme) -> tuple[dict[str, Any], list[Mistake]]:
    """Return the rows of the quantities by name, and every mistake."""
    mistakes = [*_wording(statement), *_places(statement, held)]
    there = [reference for reference in statement.passages if reference in held.texts]
    supported: set[str] = set()
    mistakes += _concepts(statement, held, scheme, there, supported)
    mistakes += _words(statement, held, there, supported)
    figures: dict[str, Any] = {}
    for name, wanted in statement.quantities.items():
        reference, row = _quantity(name, statement, held, wanted)
        if isinstance(row, Mistake):
            mistakes.append(row)
        else:
            figures[name] = row
            supported |= {one for one in there if one == reference or row.sentence.endswith(f":{one}")}
            supported |= {one for one in there if row.passage.endswith(f":{one}")}
    if not mistakes:
        message, fix = "holds none of the concepts, words and quantities named.", "Take it out or add one."
        mistakes += [Mistake(["passages"], f"{one} {message}", fix) for one in there if one not in supported]
    return figures, mistakes


def _wording(statement: Statement) -> Iterator[Mistake]:
    named = set(PLACEHOLDER.findall(statement.says)) - {COUNT}
    if COUNT in statement.quantities:
        yield Mistake(["quantities", COUNT], "this name stands for the number of passages.", "Choose another.")
    rest = PLACEHOLDER.sub("", statement.says)
    if typed := _DIGITS.search(rest):
        fix = "Name the quantity it is taken from under 'quantities', and write {name} here."
        yield Mistake(["says"], f"the number {typed[0]!r} is typed.", fix)
    if "{" in rest or "}" in rest:
        yield Mistake(["says"], "a brace stands alone.", "Write {name} for a quantity, in small letters.")
    for name in sorted(named - set(statement.quantities)):
        yield Mistake(["says"], f"there is no quantity {name!r}.", suggest(name, statement.quantities))
    for name in sorted(set(statement.quantities) - named):
        fix = f"Write {{{name}}} in it, or take it out."
        yield Mistake(["quantities", name], "the statement does not print it.", fix)
    if not (statement.concepts or statement.words or statement.quantities):
        yield Mistake(["says"], "nothing supports it.", "Add concepts, words or quantities that its passages hold.")


def _places(statement: Statement, held: Held) -> Iterator[Mistake]:
    wanted: list[tuple[list[str | int], str]] = [(["passages", n], one) for n, one in enumerate(statement.passages)]
    wanted += [(["quantities", name, "passage"], q.passage) for name, q in statement.quantities.items() if q.passage]
    for place, reference in wanted:
        if reference in held.texts:
            continue
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            yield Mistake(place, f"{reference!r} is no passage.", "Write p07, or p07.2 for a sentence.")
        elif reason := held.reasons.get(f"p{match[1]}"):
            yield Mistake(place, f"p{match[1]} is not part of the text: {reason}.", "Name a passage of the text.")
        else:
            count = sum(other.startswith(f"p{match[1]}.") for other in held.texts)
            has = f"p{match[1]} has {many(count, 'sentence')}." if count else (
                f"The text has paragraphs 1 to {held.paragraphs}.")  # fmt: skip
            yield Mistake(place, f"there is no {reference}.", has)


def _concepts(statement: Statement, held: Held, scheme: Scheme, there: list[str],
              supported: set[str]) -> Iterator[Mistake]:  # fmt: skip
    found = {reference: held.concepts(reference) for reference in there}
    for n, concept in enumerate(statement.concepts):
        if concept not in scheme.by_id:
            yield Mistake(["concepts", n], f"unknown concept {concept!r}.", suggest(concept, scheme.by_id))
            continue
        holders = [reference for reference in there if concept in found[reference]]
        supported.update(holders)
        if there and not holders:
            listed = ", ".join(sorted(set().union(*found.values()))) or "no concept"
            message = f"{' and '.join(there)} {'do' if len(there) > 1 else 'does'} not mention {concept!r}."
            yield Mistake(["concepts", n], message, f"Found there: {listed}.")


def _words(statement: Statement, held: Held, there: list[str], supported: set[str]) -> Iterator[Mistake]:
    for n, words in enumerate(statement.words):
        holders = [reference for reference in there if fold(words) in fold(held.texts[reference])]
        supported.update(holders)
        if there and not holders:
            message = f"{words!r} does not stand in {' or '.join(there)}."
            yield Mistake(["words", n], message, "Quote what stands there.")


def _quantity(name: str, statement: Statement, held: Held, wanted: QuantityRef) -> tuple[str, Any | Mistake]:
    """Return where a quantity was looked for, and its row or what is wrong."""
    place: list[str | int] = ["quantities", name]
    if wanted.passage is None and len(statement.passages) > 1:
        return "", Mistake(place, "it does not say in which passage it stands.", "Add 'passage:'.")
    reference = wanted.passage or statement.passages[0]
    there = held.rows("quantities", reference)
    fits = [row for row in there if row.kind == wanted.kind and wanted.unit in (None, row.unit)]
    if not fits:
        unit = f" and unit {wanted.unit}" if wanted.unit else ""
        message = f"{reference} has no quantity of kind {wanted.kind}{unit}."
        listed = ", ".join(f"“{row.text}” ({row.kind}, {row.unit or 'no unit'})" for row in there) or "none"
        return reference, Mistake(place, message, f"Found there: {listed}.")
    if wanted.n is None and len(fits) > 1:
        listed = ", ".join(f"{n}: “{row.text}”" for n, row in enumerate(fits, 1))
        return reference, Mistake(place, f"{reference} has {len(fits)} of them.", f"Add 'n:' with one of {listed}.")
    if (wanted.n or 1) > len(fits):
        return reference, Mistake(place, f"{reference} has only {len(fits)} of them.", "Correct 'n:'.")
    return reference, fits[(wanted.n or 1) - 1]


# What documents say, in a person's words: data/briefs, one file a document, each statement with what supports it ---

#: An id as like another as this is that other, misspelt; a less similar one is of a document that has gone.
_MISSPELT = 0.85
StatementKind = Literal["percent", "count", "money", "area", "year", "year_range", "date", "ordinal", "doc_number"]


class QuantityRef(FileModel):
    """One quantity of a passage or sentence: of this kind (and unit), the n-th of them in reading order."""

    passage: str | None = None
    kind: StatementKind
    unit: str | None = None
    n: int | None = Field(default=None, ge=1)


class Statement(FileModel):
    """One statement, the passages (p07) or sentences (p07.2) it stands on, and what they must hold to support it."""

    says: str
    passages: list[str] = Field(min_length=1)
    concepts: list[str] = Field(default_factory=list)
    words: list[Annotated[str, Field(min_length=2)]] = Field(default_factory=list)
    quantities: dict[str, QuantityRef] = Field(default_factory=dict)


@dataclass(frozen=True)
class BriefFigure:
    """A quantity as found in a document; see the columns of `quantities` for its fields."""

    value: float | int | str | list[int]
    unit: str | None
    qualifier: str
    kind: str
    text: str
    sentence: str


@dataclass(frozen=True)
class Supported:
    """A statement that holds: its words, with a place for each figure, and the figures by name."""

    says: str
    passages: tuple[str, ...]
    concepts: tuple[str, ...]
    figures: Mapping[str, BriefFigure]

    def filled(self, words: Mapping[str, str]) -> str:
        """Return the statement with `words` (name → text) in the places of its figures and of COUNT."""
        return PLACEHOLDER.sub(lambda place: words[place[1]], self.says)


@dataclass(frozen=True)
class Brief:
    """What one document says."""

    document: str
    statements: tuple[Supported, ...]


def load_briefs(project: Project, corpus: Corpus, scheme: Scheme, only: str = "") -> dict[str, Brief]:
    """Return document → its brief, for the documents of a coded corpus that have one, or for the document `only`.

    Raises InvalidDataError with every mistake: a brief of a document whose id is misspelt, a passage that is not there
    or is boilerplate, a concept, words or a quantity that the passages do not hold, a number typed in a statement.
    """
    problems: list[Problem] = []
    briefs: dict[str, Brief] = {}
    known = list(corpus.documents["document"])
    for path in [project.briefs / f"{only}.yml"] if only else brief_files(project):
        try:
            if only and not path.is_file():
                note_read(f"open {path}")  # that there is none, too
                break
            file = YamlFile(path, project.name(path))
            if path.stem in known:
                briefs[path.stem] = _load(file, path.stem, corpus, scheme, problems)
            elif path.stem not in unused_briefs(project, known):
                message = f"data/corpus.yml has no document {path.stem!r}."
                problems.append(Problem(file.name, 1, "", message, f"Rename the file. {suggest(path.stem, known)}"))
        except InvalidDataError as error:
            problems += error.problems
    raise_problems(problems)
    return briefs


def unused_briefs(project: Project, documents: Iterable[str]) -> list[str]:
    """Return the ids of briefs whose document is gone; one that is nearly one of `documents` is misspelt."""
    known, named = set(documents), [path.stem for path in brief_files(project)]
    free = sorted(known - set(named))
    return [name for name in named if name not in known and not get_close_matches(name, free, n=1, cutoff=_MISSPELT)]


def brief_files(project: Project) -> list[Path]:
    """Return the files of data/briefs in the order of their names."""
    return sorted(project.briefs.glob("*.yml")) if project.briefs.is_dir() else []


def _load(file: YamlFile, document: str, corpus: Corpus, scheme: Scheme, problems: list[Problem]) -> Brief:
    held = Held(corpus, document)
    statements: list[Supported] = []
    for n, raw in enumerate(file.entries("statements")):
        where: list[str | int] = ["statements", n]
        statement = file.parse(Statement, raw, where, problems)
        if statement is None:
            continue
        found, mistakes = check_statement(statement, held, scheme)
        problems += [file.problem([*where, *place], message, fix) for place, message, fix in mistakes]
        figures = {name: BriefFigure(row.value, row.unit, row.qualifier, row.kind, row.text, row.sentence)
                   for name, row in found.items()}  # fmt: skip
        passages, concepts = tuple(statement.passages), tuple(statement.concepts)
        statements.append(Supported(statement.says, passages, concepts, figures))
    if not statements and not problems:
        problems.append(Problem(file.name, 1, "", "it has no statement.", "Write one, or delete the file."))
    return Brief(document, tuple(statements))
