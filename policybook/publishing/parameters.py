"""Parameters of notebook templates: checked before any kernel starts, and injected as a person would write them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from papermill.translators import PythonTranslator, papermill_translators

from policybook.corpus.selection import Value
from policybook.errors import InvalidDataError, Problem, suggest

Vocabularies = Mapping[str, tuple[Value, ...]]


class ReadableTranslator(PythonTranslator):  # type: ignore[misc] # the library has no types
    """Writes Chinese parameters as Chinese, where papermill would write escapes."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        """Return a string as a Python literal."""
        return repr(str(val))


def register_translator() -> None:
    """Make papermill use ReadableTranslator for Python notebooks, in this process."""
    papermill_translators.register("python", ReadableTranslator)


def template_parameters(template: Path) -> dict[str, Any]:
    """Return the parameters that a template declares, with their defaults: its cell tagged `parameters`.

    Raises InvalidDataError when the file is no notebook or the cell holds anything but literals.
    """
    try:
        notebook = nbformat.read(template, as_version=4)
    except Exception as error:  # the library raises many kinds for a broken file
        raise InvalidDataError(
            [
                Problem(
                    f"notebooks/{template.name}",
                    0,
                    "",
                    f"not a notebook ({type(error).__name__}).",
                    "Restore it.",
                )
            ]
        ) from None
    declared: dict[str, Any] = {}
    for n, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code" or "parameters" not in cell.metadata.get("tags", []):
            continue
        try:
            for statement in ast.parse(cell.source).body:
                assert isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
                target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
                assert isinstance(target, ast.Name)
                declared[target.id] = ast.literal_eval(statement.value)
        except (SyntaxError, ValueError, AssertionError):
            raise InvalidDataError(
                [
                    Problem(
                        f"notebooks/{template.name}", 0, f"cell {n}",
                        "the cell tagged 'parameters' holds more than names and plain values.",
                        "Write one 'name = value' a line there.",
                    )
                ]
            ) from None  # fmt: skip
    return declared


def check_parameters(
    given: Mapping[str, Any], declared: Mapping[str, Any], vocabularies: Vocabularies
) -> Iterator[tuple[str, str, str]]:
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
            yield (
                name,
                f"{value!r} is {_kind(value)}, the template wants {_kind(default)}.",
                f"For example {default!r}.",
            )
            continue
        options = vocabularies.get(name, vocabularies.get(name.removesuffix("s"), ()))
        for one in value if isinstance(value, list) else [value]:
            if options and one not in options:
                yield name, f"unknown {name} {one!r}.", suggest(one, options)


def _kind(value: object) -> str:
    names = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "a mapping",
    }
    return names.get(type(value), type(value).__name__)
