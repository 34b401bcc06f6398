"""Notebooks run in this process: what a page shows, without starting a kernel for each."""

from __future__ import annotations

import ast
import re
from typing import Any

import nbformat
import pytest

from policybook.build.runs import Run
from policybook.project import Project


def run_here(project: Project, run: Run) -> str:
    """Return what a page shows, as HTML and Markdown, its cells run one after another.

    Raises what a cell raises, and KeyError where the prose wants a value that no cell gave.
    """
    names: dict[str, Any] = {}
    given: dict[str, object] = {}
    pieces = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        patch.setattr("policybook.pages.html.glue", lambda **values: given.update(values))
        for cell in nbformat.read(project.notebooks / f"{run.template}.ipynb", as_version=4).cells:
            if cell.cell_type != "code":
                pieces.append(cell.source)
                continue
            pieces.append(_shown(_value(cell.source, names)))
            if "parameters" in cell.metadata.get("tags", ()):
                names.update(run.parameters)
    return re.sub(r"\{glue:\w+\}`([^`]+)`", lambda wanted: _shown(given[wanted[1]]), "\n\n".join(pieces))


def _value(source: str, names: dict[str, Any]) -> object:
    """Run a cell and return the value of its last line where that is an expression."""
    tree = ast.parse(source)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(last, "cell", "eval"), names) if last else None


def _shown(value: object) -> str:
    html = getattr(value, "_repr_html_", None)
    return str(html() if html else "" if value is None else value)
