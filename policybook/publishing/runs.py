"""Which notebook template, for each of what, makes which page: notebooks/runs.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.publishing.parameters import Vocabularies, check_parameters, template_parameters
from policybook.tables import YamlFile

PAGE = re.compile(r"(?:index|(?:documents|comparisons|chapters)/[a-z0-9]+(?:-[a-z0-9]+)*)")


class RunEntry(BaseModel):
    """One entry of runs.yml. `{id}` in `page` and in parameters stands for each document or comparison."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    template: str
    page: str
    each: Literal["documents", "comparisons"] | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """One page to make: a template and the parameters it is run with."""

    page: str
    template: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def load_runs(project: Project, vocabularies: Vocabularies) -> tuple[Run, ...]:
    """Return every page to make, in the order of runs.yml.

    `vocabularies` holds the ids of documents and comparisons under "document" and "comparison".
    Raises InvalidDataError with every mistake: an unknown template or parameter, a value of the wrong kind
    or unknown, a page made twice.
    """
    file = YamlFile(project.runs_file, project.name(project.runs_file))
    problems: list[Problem] = []
    runs: list[Run] = []
    templates = sorted(path.stem for path in project.notebooks.glob("*.ipynb"))
    for n, raw in enumerate(file.entries("runs")):
        where: list[str | int] = ["runs", n]
        entry = file.parse(RunEntry, raw, where, problems)
        if entry is None:
            continue
        if entry.template not in templates:
            hint = suggest(entry.template, templates)
            problems.append(
                file.problem([*where, "template"], f"no template {entry.template!r} in notebooks/.", hint)
            )
            continue
        declared = template_parameters(project.notebooks / f"{entry.template}.ipynb")
        for run in _expand(entry, vocabularies):
            if not PAGE.fullmatch(run.page):
                problems.append(
                    file.problem(
                        [*where, "page"], f"{run.page!r} is no page.",
                        "Write index, documents/{id}, comparisons/{id} or chapters/NAME in lower case.",
                    )
                )  # fmt: skip
            if any(run.page == other.page for other in runs):
                problems.append(
                    file.problem([*where, "page"], f"{run.page!r} is made twice.", "Name another page.")
                )
            for name, message, fix in check_parameters(run.parameters, declared, vocabularies):
                problems.append(file.problem([*where, "parameters", name], message, fix))
            runs.append(run)
    if problems:
        raise InvalidDataError(problems)
    return tuple(runs)


def _expand(entry: RunEntry, vocabularies: Vocabularies) -> Sequence[Run]:
    if entry.each is None:
        return [Run(entry.page, entry.template, entry.parameters)]
    identifiers = [str(identifier) for identifier in vocabularies[entry.each.removesuffix("s")]]
    return [
        Run(
            entry.page.replace("{id}", identifier),
            entry.template,
            {
                name: value.replace("{id}", identifier) if isinstance(value, str) else value
                for name, value in entry.parameters.items()
            },
        )
        for identifier in identifiers
    ]
