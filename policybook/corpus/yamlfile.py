"""YAML files that a person edits, read so that every mistake can be named by file, line and field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from policybook.errors import InvalidDataError, Problem, suggest

Model = TypeVar("Model", bound=BaseModel)
Location = Sequence[str | int]


class _TextDates(RoundTripConstructor):
    """Keeps dates as they are written, so that a wrong one can be quoted back."""


_TextDates.add_constructor(
    "tag:yaml.org,2002:timestamp", lambda self, node: self.construct_scalar(node)
)


class YamlFile:
    """The content of one YAML file and the line of everything in it."""

    def __init__(self, path: Path, name: str) -> None:
        """Read `path`; `name` is what messages call it.

        Raises InvalidDataError when the file is missing or is not YAML.
        """
        self.name = name
        yaml = YAML(typ="rt")
        yaml.Constructor = _TextDates
        try:
            self.content: Any = yaml.load(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise InvalidDataError([Problem(name, 0, "", "the file is missing.", "Restore it.")]) from None
        except UnicodeDecodeError as error:
            raise InvalidDataError(
                [Problem(name, 0, "", f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.")]
            ) from None
        except YAMLError as error:
            mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
            reason = getattr(error, "problem", None) or "it cannot be read"
            line = mark.line + 1 if mark else 0
            raise InvalidDataError(
                [Problem(name, line, "", f"not valid YAML: {reason}.", "Check indentation, colons and quotes.")]
            ) from None

    def line(self, location: Location) -> int:
        """Return the line (from 1) of the value at `location`, or of what encloses it."""
        node, line = self.content, 1
        for step in location:
            try:
                position = node.lc.key(step) if isinstance(node, CommentedMap) else node.lc.item(step)
                node, line = node[step], position[0] + 1
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        return line

    def problem(self, location: Location, message: str, fix: str = "") -> Problem:
        """Return a Problem at `location`; its field reads like documents[2].plan."""
        field = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in location)
        return Problem(self.name, self.line(location), field.lstrip("."), message, fix)

    def entries(self, key: str) -> list[Any]:
        """Return the list under `key` as plain objects.

        Raises InvalidDataError when the file has no such list.
        """
        content = self.content
        if not isinstance(content, CommentedMap) or not isinstance(content.get(key, []), CommentedSeq | list):
            raise InvalidDataError(
                [self.problem([], f"a list named {key!r} is expected.", f"Begin the file with '{key}:'.")]
            )
        return [plain(entry) for entry in content.get(key, [])]

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
        return self.problem(where, f"{details['msg']} (found {details['input']!r}).")


def plain(node: Any) -> Any:
    """Return a YAML node as plain dicts, lists and scalars."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    return node
