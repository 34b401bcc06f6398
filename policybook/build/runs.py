"""notebooks/runs.yml: which template makes which page, with which parameters."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import nbformat
from pydantic import Field, model_validator

from policybook.build.languages import translated
from policybook.corpus.corpus import Value
from policybook.errors import InvalidDataError, Problem, raise_problems, suggest

from policybook.project import (  # isort: skip
    LANGUAGE_NAME, REGISTER, REGISTER_PAGE, UP_TO, Project, has_register, language_and_page, read_file,
)
from policybook.tables import FileModel, YamlFile
from policybook.words.say import language_of_project

_LARGEST_TEMPLATE = 2 << 20
Vocabularies = Mapping[str, tuple[Value, ...]]


def template_parameters(template: Path) -> dict[str, Any]:
    """Return the parameters that a template declares, with their defaults: its cell tagged `parameters`.

    Raises InvalidDataError when the file is no notebook or the cell holds anything but literals.
    """
    return declared_parameters(_read_template(template), f"notebooks/{template.name}")


def declared_parameters(notebook: nbformat.NotebookNode, name: str) -> dict[str, Any]:
    """Return the parameters that a notebook declares (see template_parameters); messages call it `name`."""
    cells = [(n, cell.source) for n, cell in enumerate(notebook.cells, 1)
             if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])]  # fmt: skip
    declared: dict[str, Any] = {}
    for n, source in cells:
        try:
            for statement in ast.parse(source).body:
                assert isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
                target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
                assert isinstance(target, ast.Name)
                declared[target.id] = ast.literal_eval(statement.value)
        except (SyntaxError, ValueError, AssertionError, RecursionError, MemoryError):
            message = "the cell tagged 'parameters' holds more than names and plain values."
            fix = "Write one 'name = value' a line there."
            raise InvalidDataError([Problem(name, 0, f"cell {n}", message, fix)]) from None
    return declared


def _read_template(template: Path) -> nbformat.NotebookNode:
    try:
        content = read_file(template, limit=_LARGEST_TEMPLATE).decode("utf-8")
        notebook: nbformat.NotebookNode = nbformat.reads(content, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # the library raises many kinds for a broken file
        message = f"not a notebook ({type(error).__name__}: {error})."
        raise InvalidDataError([Problem(f"notebooks/{template.name}", 0, "", message, "Restore it.")]) from None
    return notebook


def check_parameters(given: Mapping[str, Any], declared: Mapping[str, Any],
                     vocabularies: Vocabularies) -> Iterator[tuple[str, str, str]]:  # fmt: skip
    """Yield (name, what is wrong, how to put it right) for every parameter that cannot be used.

    A parameter whose name, or whose singular, is in `vocabularies` must have values from there; every other
    must be of the same kind as the template's default.
    """
    for name, value in given.items():
        if name not in declared:
            yield name, f"the template has no parameter {name!r}.", suggest(name, declared)
            continue
        default = declared[name]
        if default is not None and type(value) is not type(default):
            message = f"{value!r} is {_kind(value)}, the template wants {_kind(default)}."
            yield name, message, f"For example {default!r}."
            continue
        if isinstance(value, int | float) and value <= 0 < default:
            yield name, f"{value!r} is not more than nothing.", f"For example {default!r}."
        options = vocabularies.get(name, vocabularies.get(name.removesuffix("s"), ()))
        for one in value if isinstance(value, list) else [value]:
            if options and one not in options:
                yield name, f"unknown {name} {one!r}.", suggest(one, options)


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number"}
    names |= {str: "text", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)


#: A notebook that takes longer than so many seconds is stopped, unless its entry says otherwise.
TIME_LIMIT = 600.0
PAGE_NAME = re.compile(r"(?:index|(?:documents|comparisons|chapters)/[a-z0-9]+(?:-[a-z0-9]+)*)")


class RunEntry(FileModel):
    """One entry of runs.yml. `{id}` in `page` and in parameters stands for each document, comparison or topic.

    `language`: of the page, where it is not the project's: its prose stands in notebooks/LANGUAGE/TEMPLATE.md.
    `time_limit`: how many seconds the notebook may take.
    `up_to`: so many documents have a page each; of more, those that evidence points to, and those named in `always`.
    """

    template: str
    page: str
    language: str = Field(default="", pattern=rf"^(?:{LANGUAGE_NAME.pattern})?$")
    each: Literal["documents", "comparisons", "topics"] | None = None
    time_limit: float = Field(default=TIME_LIMIT, gt=0)
    parameters: dict[str, Any] = Field(default_factory=dict)
    up_to: int = Field(default=UP_TO, ge=0)
    always: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _chooses_documents(self) -> Self:
        if self.each != "documents" and (given := {"up_to", "always"} & self.model_fields_set):
            raise ValueError(f"{' and '.join(sorted(given))} can stand in an entry with 'each: documents' only.")
        return self


@dataclass(frozen=True)
class Run:
    """One page to make: a template and the parameters it is run with.

    `shelved`: it is of one of more documents than have a page each, and in no sidebar. `document`: it is made only if
    evidence points to this document (see policybook.build.choice).
    """

    page: str
    template: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    time_limit: float = TIME_LIMIT
    language: str = ""
    shelved: bool = False
    document: str = ""


def load_runs(project: Project, vocabularies: Vocabularies) -> tuple[Run, ...]:
    """Return every page to make, in the order of runs.yml.

    `vocabularies` holds the ids of documents, comparisons and topics under "document", "comparison" and "topic".
    Raises InvalidDataError with every mistake: an unknown template or parameter, a value of the wrong kind
    or unknown, a page made twice.
    """
    file = YamlFile.of(project, project.runs_file)
    problems: list[Problem] = []
    runs: list[Run] = []
    made: set[str] = set()
    templates = sorted(path.stem for path in project.notebooks.glob("*.ipynb"))
    own = language_of_project(project)
    for n, raw in enumerate(file.entries("runs")):
        where: list[str | int] = ["runs", n]
        entry = file.parse(RunEntry, raw, where, problems)
        if entry is None:
            continue
        if entry.template not in templates:
            hint = suggest(entry.template, templates)
            problems.append(file.problem([*where, "template"], f"no template {entry.template!r} in notebooks/.", hint))
            continue
        declared = template_parameters(project.notebooks / f"{entry.template}.ipynb")
        entry = entry.model_copy(update={"language": ""}) if entry.language == own else entry
        said = f"{entry.language}/" if entry.language else ""
        documents = [str(one) for one in vocabularies.get("document", ())]
        for m, one in enumerate(entry.always):
            if one not in documents:
                message, fix = f"no document {one!r} in data/corpus.yml.", suggest(one, documents)
                problems.append(file.problem([*where, "always", m], message, fix))
        if has_register(entry.model_dump(), len(documents)) and REGISTER not in templates:
            message = f"more than {entry.up_to} documents get no page each: notebooks/{REGISTER}.ipynb must list them."
            fix = f"Copy it from a new project (policybook new), or write 'up_to: {len(documents)}' for a page each."
            problems.append(file.problem([*where, "each"], message, fix))
        for run in _expand(entry, vocabularies, project):
            language, page = language_and_page(run.page)
            if not PAGE_NAME.fullmatch(page) or language != run.language:
                known_as = f"{said}index, {said}documents/{{id}}, {said}comparisons/{{id}} or {said}chapters/NAME"
                message = f"{run.page!r} is no page{f' in {run.language}' if said else ''}."
                problems.append(file.problem([*where, "page"], message, f"Write {known_as} in lower case."))
            if run.page in made:
                problems.append(file.problem([*where, "page"], f"{run.page!r} is made twice.", "Name another page."))
            for name, message, fix in check_parameters(run.parameters, declared, vocabularies):
                problems.append(file.problem([*where, "parameters", name], message, fix))
            made.add(run.page)
            runs.append(run)
        if entry.language:
            try:
                load_template(project, Run(entry.page, entry.template, language=entry.language))
            except InvalidDataError as error:
                problems += error.problems
    raise_problems(problems)
    return tuple(runs)


def load_template(project: Project, run: Run) -> nbformat.NotebookNode:
    """Return the notebook that makes a page, with the prose of the page's language. Raises InvalidDataError."""
    notebook = _read_template(project.notebooks / f"{run.template}.ipynb")
    if run.language:
        notebook = translated(project, notebook, run.template, run.language)
    return notebook


def all_pages(project: Project, runs: Iterable[Run]) -> frozenset[str]:
    """Return the pages that notebooks make and those that are written by hand."""
    written = (path.relative_to(project.book).with_suffix("").as_posix() for path in project.book.rglob("*.md"))
    return frozenset([*(run.page for run in runs), *written])


def _expand(entry: RunEntry, vocabularies: Vocabularies, project: Project) -> Sequence[Run]:
    if entry.each is None:
        return [Run(entry.page, entry.template, entry.parameters, entry.time_limit, entry.language)]
    identifiers = [str(identifier) for identifier in vocabularies[entry.each.removesuffix("s")]]
    shelved = has_register(entry.model_dump(), len(identifiers))
    runs = [Run(entry.page.replace("{id}", identifier), entry.template,
                {name: value.replace("{id}", identifier) if isinstance(value, str) else value
                 for name, value in entry.parameters.items()},
                entry.time_limit, entry.language, shelved, identifier * (shelved and identifier not in entry.always))
            for identifier in identifiers]  # fmt: skip
    own = not entry.language or (project.notebooks / entry.language / f"{REGISTER}.md").is_file()
    page = f"{entry.language}/{REGISTER_PAGE}" if entry.language else REGISTER_PAGE
    return [*([Run(page, REGISTER, {}, entry.time_limit, entry.language)] if shelved and own else []), *runs]
