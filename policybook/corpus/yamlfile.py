"""YAML files that a person edits, read so that every mistake can be named by file, line and field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from policybook.errors import InvalidDataError, Problem, suggest

Model = TypeVar("Model", bound=BaseModel)
Location = Sequence[str | int]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Keeps dates as they are written, so that a wrong one can be quoted back."""


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


class YamlFile:
    """The content of one YAML file, as plain objects, and the line of everything in it."""

    def __init__(self, path: Path, name: str) -> None:
        """Read `path`; `name` is what messages call it.

        Raises InvalidDataError when the file is missing, is not YAML, or gives one key twice.
        """
        self.name = name
        try:
            loader = _Loader(path.read_text(encoding="utf-8"))
            self._root: Node | None = loader.get_single_node()
            twice = list(_repeated_keys(self._root))  # before construction, which writes merged keys (<<) out
            self.content: Any = loader.construct_document(self._root) if self._root else None
        except FileNotFoundError:
            raise InvalidDataError([Problem(name, 0, "", "the file is missing.", "Restore it.")]) from None
        except UnicodeDecodeError as error:
            raise InvalidDataError(
                [Problem(name, 0, "", f"byte {error.start} is not UTF-8.", "Save the file as UTF-8.")]
            ) from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "it cannot be read"
            line = mark.line + 1 if mark else 0
            raise InvalidDataError(
                [Problem(name, line, "", f"not valid YAML: {reason}.", "Check indentation, colons and quotes.")]
            ) from None
        if twice:
            raise InvalidDataError(
                [Problem(name, line, key, "this field is given twice.", "Keep one of the two.") for line, key in twice]
            )

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
        return Problem(self.name, self.line(location), field.lstrip("."), message, fix)

    def entries(self, key: str) -> list[Any]:
        """Return the list under `key` as plain objects.

        Raises InvalidDataError when the file has no such list.
        """
        content = self.content
        if not isinstance(content, dict) or not isinstance(content.get(key, []), list):
            raise InvalidDataError(
                [
                    Problem(
                        self.name,
                        self.line([key]),
                        "",
                        f"a list named {key!r} is expected.",
                        f"Write '{key}:'.",
                    )
                ]
            )
        return list(content.get(key, []))

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
