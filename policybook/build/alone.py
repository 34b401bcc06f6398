"""A notebook that papermill executes alone, without a build: its parameters are checked, its prose is filled in.

papermill finds this module by its entry point and lets it execute every notebook; one that stands in no project is
executed as ever.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from papermill.engines import NBClientEngine, papermill_engines

from policybook.errors import PolicybookError, ProjectNotFoundError
from policybook.project import Project

if TYPE_CHECKING:
    from nbformat import NotebookNode

_GLUED = re.compile(r"\{glue(?::\w+)?\}`([^`]+)`")
_LABEL = re.compile(r"^\([a-z0-9-]+\)=\n?", re.MULTILINE)
_RECORD = "application/papermill.record/"
_MARKS = re.compile(r"([\\`*_\[\]<>#$|~])")


class ParameterError(PolicybookError, click.ClickException):
    """A parameter of a notebook cannot be used; the command line says so in a sentence."""

    def __init__(self, message: str) -> None:
        click.ClickException.__init__(self, message)

    def __str__(self) -> str:
        return self.message


class AloneEngine(NBClientEngine):  # type: ignore[misc] # the library has no types
    """Executes a notebook of a project so that it can be read by itself."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Execute a notebook, having checked its parameters. Raises ParameterError for the first that cannot be used.

        It finds its project wherever papermill was started, and the Python beside the project's notebooks.
        """
        project = _project_of(options.get("input_path"))
        if project is None:
            return super().execute_managed_notebook(nb_man, kernel_name, **options)
        _check(project, nb_man.nb)
        if not Path.cwd().is_relative_to(project.root):
            options["resources"] = {"metadata": {"path": str(project.root)}}
        with _importing_from(project):
            try:
                return super().execute_managed_notebook(nb_man, kernel_name, **options)
            finally:
                fill_in(nb_man.nb)


papermill_engines.register(None, AloneEngine)


def _project_of(path: Any) -> Project | None:
    """Return the project in which a notebook stands, None where that is none."""
    if not isinstance(path, str | Path) or not Path(path).is_file():
        return None
    try:
        return Project.find(Path(path).resolve().parent)
    except ProjectNotFoundError:
        return None


def _check(project: Project, notebook: NotebookNode) -> None:
    from policybook.build.check import find_vocabularies
    from policybook.build.runs import check_parameters, declared_parameters

    given = dict(notebook.metadata.get("papermill", {}).get("parameters", {}))
    if not given:
        return
    try:
        declared = declared_parameters(notebook, "the notebook")
        vocabularies = find_vocabularies(project)
    except PolicybookError as error:
        raise ParameterError(str(error)) from None
    for name, message, fix in check_parameters(given, declared, vocabularies):
        raise ParameterError(f"{name}: {message} {fix}")


@contextmanager
def _importing_from(project: Project) -> Iterator[None]:
    from policybook.build.kernels import with_notebooks

    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = with_notebooks(project.root, before or "")
    try:
        yield
    finally:
        os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)


def fill_in(notebook: NotebookNode) -> None:
    """Put the values that cells gave to the prose into it, and take out what only a build of the book reads."""
    values: dict[str, str] = {}
    for cell in notebook.cells:
        kept = []
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name is None:
                kept.append(output)
            else:
                values[name] = _text(output.get("data", {}))
        if cell.cell_type == "code":
            cell.outputs = kept
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = _LABEL.sub("", cell.source)
            cell.source = _GLUED.sub(lambda wanted: values.get(wanted[1], "…"), prose)


def _text(data: Mapping[str, Any]) -> str:
    """Return what a cell gave, as Markdown that says it and nothing else; HTML of ours as it is."""
    if html := data.get(f"{_RECORD}text/html"):
        return str(html)
    plain = str(data.get(f"{_RECORD}text/plain", ""))
    with suppress(ValueError, SyntaxError):
        plain = str(ast.literal_eval(plain))
    return _MARKS.sub(r"\\\1", plain)
