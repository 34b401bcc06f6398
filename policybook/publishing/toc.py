"""The reading order that Sphinx is given: _toc.yml with its globs filled in from the pages that runs make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from policybook.errors import InvalidDataError
from policybook.project import Project
from policybook.tables import YamlFile


def write_toc(project: Project, pages: Sequence[str], target: Path) -> None:
    """Write _toc.yml to `target` with every glob replaced by the pages it fits, in the order of runs.yml.

    A glob that fits no page is left out, and so is a part of the book left without chapters.
    Raises InvalidDataError when a file named in _toc.yml is neither made nor in book/.
    """
    file = YamlFile(project.root / "_toc.yml", "_toc.yml")
    toc = _fill(file.content, pages)
    missing = [
        name for name in _files(toc) if name not in pages and not (project.book / f"{name}.md").is_file()
    ]
    if missing:
        raise InvalidDataError(
            [
                file.problem([], f"no page {name!r} is made or written.", "Correct the name or add it.")
                for name in missing
            ]
        )
    target.write_text(yaml.safe_dump(toc, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _fill(node: Any, pages: Sequence[str]) -> Any:
    if isinstance(node, dict):
        return {key: _fill(value, pages) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    filled: list[Any] = []
    for item in node:
        if isinstance(item, dict) and "glob" in item:
            filled.extend({"file": page} for page in pages if fnmatchcase(page, item["glob"]))
            continue
        entry = _fill(item, pages)
        if not (isinstance(entry, dict) and entry.get("chapters") == []):
            filled.append(entry)
    return filled


def _files(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        yield from (str(node[key]) for key in ("root", "file") if key in node)
        for value in node.values():
            yield from _files(value)
    elif isinstance(node, list):
        for item in node:
            yield from _files(item)
