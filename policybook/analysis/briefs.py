"""What documents say, in a person's words: data/briefs, one file a document, each statement with what supports it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from policybook.analysis.brief_support import PLACEHOLDER, Held, check_statement
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import YamlFile

#: An id as like another as this is that other, misspelt; a less similar one is of a document that has gone.
_MISSPELT = 0.85
Kind = Literal["percent", "count", "money", "area", "year", "year_range", "date", "ordinal", "doc_number"]


class QuantityRef(BaseModel):
    """One quantity of a passage or sentence: of this kind (and unit), the n-th of them in reading order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passage: str | None = None
    kind: Kind
    unit: str | None = None
    n: int | None = Field(default=None, ge=1)


class Statement(BaseModel):
    """One statement, the passages (p07) or sentences (p07.2) it stands on, and what they must hold to support it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: str
    passages: list[str] = Field(min_length=1)
    concepts: list[str] = Field(default_factory=list)
    words: list[Annotated[str, Field(min_length=2)]] = Field(default_factory=list)
    quantities: dict[str, QuantityRef] = Field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
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
    figures: Mapping[str, Figure]

    def filled(self, words: Mapping[str, str]) -> str:
        """Return the statement with `words` (name → text) in the places of its figures and of COUNT."""
        return PLACEHOLDER.sub(lambda place: words[place[1]], self.says)


@dataclass(frozen=True)
class Brief:
    """What one document says."""

    document: str
    statements: tuple[Supported, ...]


def load_briefs(project: Project, corpus: Corpus, scheme: Scheme) -> dict[str, Brief]:
    """Return document → its brief, for the documents of a coded corpus that have one.

    Raises InvalidDataError with every mistake: a brief of a document whose id is misspelt, a passage that is not there
    or is boilerplate, a concept, words or a quantity that the passages do not hold, a number typed in a statement.
    """
    problems: list[Problem] = []
    briefs: dict[str, Brief] = {}
    known = list(corpus.documents["document"])
    for path in brief_files(project):
        try:
            file = YamlFile(path, project.name(path))
            if path.stem in known:
                briefs[path.stem] = _load(file, path.stem, corpus, scheme, problems)
            elif path.stem not in unused_briefs(project, known):
                message = f"data/corpus.yml has no document {path.stem!r}."
                problems.append(Problem(file.name, 1, "", message, f"Rename the file. {suggest(path.stem, known)}"))
        except InvalidDataError as error:
            problems += error.problems
    if problems:
        raise InvalidDataError(problems)
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
        figures = {
            name: Figure(row.value, row.unit, row.qualifier, row.kind, row.text, row.sentence)
            for name, row in found.items()
        }
        passages, concepts = tuple(statement.passages), tuple(statement.concepts)
        statements.append(Supported(statement.says, passages, concepts, figures))
    if not statements and not problems:
        problems.append(Problem(file.name, 1, "", "it has no statement.", "Write one, or delete the file."))
    return Brief(document, tuple(statements))
