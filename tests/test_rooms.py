"""Data flows one way: a room imports from itself and the rooms before it, never from a later one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import policybook

PACKAGE = Path(policybook.__file__).parent
ROOMS = ("reading", "corpus", "coding", "intake", "analysis", "words", "charts", "publishing", "pages", "build")


def rooms_imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
        yield from (name.split(".")[1] for name in names if name.startswith("policybook."))


@pytest.mark.parametrize("room", [room for room in ROOMS if (PACKAGE / room).is_dir()])
def test_no_room_imports_from_a_later_one(room: str) -> None:
    later = set(ROOMS[ROOMS.index(room) + 1 :])
    modules = list((PACKAGE / room).rglob("*.py"))
    assert modules
    assert {(m.name, other) for m in modules for other in rooms_imported(m) if other in later} == set()


def test_the_door_imports_the_formats_and_the_formats_only_what_they_share() -> None:
    imports = {m.stem: set(_siblings(m)) for m in (PACKAGE / "reading").glob("*.py")}
    assert imports["received"] == set()
    assert imports["encodings"] == {"received"}
    assert all(imports[name] <= {"received", "encodings"} for name in ("html", "docx", "pdf", "txt"))


def _siblings(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("policybook.reading."):
            yield (node.module or "").split(".")[2]
