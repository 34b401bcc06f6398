"""The notebook templates as committed: no outputs, no definitions, a label on every section."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
import yaml
from copies import ROOT
from nbformat import NotebookNode

FOLDERS = (ROOT / "notebooks", ROOT / "policybook" / "skeleton" / "notebooks")
TEMPLATES = [path for folder in FOLDERS for path in sorted(folder.glob("*.ipynb"))]
HEADING = re.compile(r"^#{1,6}\s")
LABEL = re.compile(r"^\(([a-z0-9]+(?:-[a-z0-9]+)*)\)=$")
#: Longer cells compute; that is the package's work. Imports are not counted.
LINES = 15
#: At least this share of the code cells of a template shows a table or works on one.
ON_TABLES = 0.4


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.relative_to(ROOT).with_suffix("").as_posix())
def template(request: pytest.FixtureRequest) -> NotebookNode:
    return nbformat.read(request.param, as_version=4)


def test_it_is_valid_and_written_for_python(template: NotebookNode):
    nbformat.validate(template)
    assert template.metadata.language_info.name == "python"
    assert template.metadata.kernelspec.name == "python3"


def test_it_has_no_output_and_was_never_run(template: NotebookNode):
    cells = [cell for cell in template.cells if cell.cell_type == "code"]
    assert [cell.id for cell in cells if cell.outputs or cell.execution_count is not None] == []


def test_it_defines_nothing(template: NotebookNode):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for cell in _code(template):
        assert [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, kinds)] == [], cell.id


def test_its_cells_are_short(template: NotebookNode):
    assert [cell.id for cell in _code(template) if _lines_of_work(cell.source) > LINES] == []


def test_it_reads_as_analysis(template: NotebookNode):
    """A cell works on a table if it calls `show`, or names what some cell gives to `show` or to a chart."""
    cells = [ast.parse(cell.source) for cell in _code(template)]
    shows = re.compile(r"show_\w+|\w*(?:show|_chart|drawn)")
    calls = [call for cell in cells for call in _calls(cell) if shows.fullmatch(_called(call))]
    given = {_table(argument) for call in calls for argument in call.args[:3]}
    tables = given & {name.id for cell in cells for name in _bound(cell)}
    working = [cell for cell in cells if _uses(cell, tables)]
    assert len(working) >= ON_TABLES * len(cells), f"{len(working)} of {len(cells)} cells; tables: {sorted(tables)}"


def test_every_heading_has_a_label_of_its_own(template: NotebookNode):
    lines = "\n".join(c.source for c in template.cells if c.cell_type == "markdown").splitlines()
    labels = [LABEL.match(before) for before, line in zip(["", *lines], lines, strict=False) if HEADING.match(line)]
    assert all(labels)
    names = [label[1] for label in labels if label]
    assert len(set(names)) == len(names)


def test_it_has_one_title(template: NotebookNode):
    lines = "\n".join(c.source for c in template.cells if c.cell_type == "markdown").splitlines()
    assert len([line for line in lines if line.startswith("# ")]) == 1


def test_it_types_no_result(template: NotebookNode):
    """A number in the prose is computed where it stands: none with a percent sign is typed."""
    prose = "\n".join(c.source for c in template.cells if c.cell_type == "markdown")
    prose = re.sub(r"\{glue:text\}`[^`]*`|9[59] %", "", prose)
    assert re.findall(r"\b\d+(?:\.\d+)? ?%", prose) == []


def test_every_template_of_the_runs_is_there_and_every_template_is_run():
    runs = yaml.safe_load((ROOT / "notebooks" / "runs.yml").read_text(encoding="utf-8"))["runs"]
    assert {run["template"] for run in runs} | {"my-page", "register"} == {
        path.stem for path in TEMPLATES if path.parent == FOLDERS[0]
    }


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.md")), ids=lambda path: path.stem)
def test_every_heading_of_a_written_page_has_a_label(path: Path):
    lines = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).splitlines()
    unlabelled = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if HEADING.match(line) and not LABEL.match(before)
    ]
    assert unlabelled == []


def _code(template: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in template.cells if cell.cell_type == "code"]


def _lines_of_work(source: str) -> int:
    imports = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return len(source.splitlines()) - sum(node.end_lineno - node.lineno + 1 for node in imports if node.end_lineno)


def _calls(cell: ast.Module) -> list[ast.Call]:
    return [node for node in ast.walk(cell) if isinstance(node, ast.Call)]


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _table(node: ast.expr) -> str:
    """Return the name of the table in `table`, `table[columns]`, `table.head(9)` and `linked(table)`, "" for others."""
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Subscript | ast.Attribute):
            node = node.value
        elif isinstance(node, ast.Call) and (isinstance(node.func, ast.Attribute) or node.args):
            node = node.func if isinstance(node.func, ast.Attribute) else node.args[0]
        else:
            return ""
    return node.id


def _uses(cell: ast.Module, tables: set[str]) -> bool:
    names = {node.id for node in ast.walk(cell) if isinstance(node, ast.Name)}
    return bool(tables & names) or any(_called(call) == "show" for call in _calls(cell))


def _bound(cell: ast.Module) -> list[ast.Name]:
    """Return the names that a cell gives to what it makes, but for that of the book."""
    made = [node for node in ast.walk(cell) if isinstance(node, ast.Assign)]
    made = [node for node in made if not (isinstance(node.value, ast.Call) and _called(node.value) == "open_book")]
    targets = [name for node in made for target in node.targets for name in ast.walk(target)]
    return [name for name in targets if isinstance(name, ast.Name)]
