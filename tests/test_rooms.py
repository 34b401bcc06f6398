"""How the house is built: data flows one way, a word has one meaning, no circles, and not too much of it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch

import networkx as nx
import pytest
from copies import ROOT

PACKAGE = ROOT / "policybook"
#: Rooms in the order in which a document passes through them.
ROOMS = ("reading", "corpus", "coding", "intake", "analysis", "words", "charts", "pages", "build")
MOST_MODULES, MOST_LINES = 132, 39_600

MODULES = {
    ".".join(path.relative_to(above).with_suffix("").parts).removesuffix(".__init__"): path
    for above, folder in ((ROOT, PACKAGE), (ROOT / "notebooks", ROOT / "notebooks" / "urbanization"))
    for path in sorted(folder.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def room(module: str) -> str:
    """Return the room of a module of the package; "" for what stands above the rooms or outside."""
    head, *parts = module.split(".")
    return parts[0] if head == "policybook" and parts and parts[0] in ROOMS else ""


def imported(module: str) -> Iterator[str]:
    """Yield every name that a module imports, anywhere in it: a module's, or a module's with what is taken of it."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports by dots"
            yield from (f"{node.module}.{one.name}" for one in node.names)


def modules_imported(module: str) -> set[str]:
    """Return the modules of the house that a module imports, anywhere in it."""
    names = {name if name in MODULES else name.rpartition(".")[0] for name in imported(module)}
    return names & MODULES.keys() - {module}


def public_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names without an underscore that a module defines; what it imports is not its own."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
        else:
            continue
        yield from (name for name in names if not name.startswith("_"))


@pytest.mark.parametrize("here", ROOMS)
def test_no_room_imports_from_a_later_one(here: str) -> None:
    later = set(ROOMS[ROOMS.index(here) + 1 :])
    modules = [name for name in MODULES if room(name) == here]
    assert len(modules) > 1
    assert {(m, other) for m in modules for other in modules_imported(m) if room(other) in later} == set()


def test_every_folder_of_the_package_is_a_room() -> None:
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in PACKAGE.glob("*/**/*.py")}
    assert folders == set(ROOMS)


def test_the_package_imports_nothing_of_a_book() -> None:
    package = [name for name in MODULES if name.startswith("policybook")]
    assert [name for name in package if any(one.startswith("urbanization") for one in imported(name))] == []


def test_no_imports_go_in_circles() -> None:
    graph = nx.DiGraph([(name, other) for name in MODULES for other in modules_imported(name)])
    assert len(graph.edges) > len(MODULES)
    assert [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1] == []


def test_no_public_name_stands_in_two_modules() -> None:
    places = defaultdict(set)
    for module, tree in TREES.items():
        for name in public_names(tree):
            places[name].add(module)
    assert len(places) > len(MODULES)
    assert {name: sorted(modules) for name, modules in places.items() if len(modules) > 1} == {}


def test_the_tests_mirror_the_modules() -> None:
    """One file of tests a module and a module for each; apart are tests of the whole and modules without code."""
    wanted = {
        str(path.relative_to(above).with_name(f"test_{path.name}"))
        for above in (PACKAGE, ROOT / "notebooks")
        for path in MODULES.values()
        if above in path.parents and path.stem not in {"__init__", "thresholds"}
    }
    tests = [path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")]
    there = {str(path) for path in tests if path.parts[0] not in {"site", "docs", "benchmarks", "test_rooms.py"}}
    assert len(wanted) > len(MODULES) // 2
    assert (wanted - there, there - wanted) == (set(), set()), "modules without tests, tests without a module"


def test_the_house_stays_small() -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES.values())
    assert len(MODULES) <= MOST_MODULES
    assert lines <= MOST_LINES


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """pytest's own list of folders to pass over holds build, which is a room."""
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert {"build", "site"} <= folders
    passed_over = pytestconfig.getini("norecursedirs")
    assert [name for name in folders if any(fnmatch(name, pattern) for pattern in passed_over)] == []


def test_the_door_imports_the_formats_and_the_formats_only_what_they_share() -> None:
    modules = [name for name in MODULES if room(name) == "reading"]
    imports = {
        name.rpartition(".")[2]: {other.rpartition(".")[2] for other in modules_imported(name) & set(modules)}
        for name in modules
    }
    assert imports["received"] == set()
    assert imports["encodings"] == {"received"}
    assert imports["read"] >= {"html", "docx", "pdf"}
    assert all(imports[name] <= {"received", "encodings"} for name in ("html", "docx", "pdf"))
