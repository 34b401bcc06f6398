"""Plain papermill: parameters are checked before a kernel starts, and what comes out reads without a book."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from copies import ROOT, copy_project, keep_documents
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from papermill import engines as loaded_first  # noqa: F401 the module under test is loaded by its entry point

from policybook.build.alone import fill_in
from policybook.project import Project


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("alone") / "project")
    keep_documents(project, 1)
    project.comparisons_file.write_text("comparisons: []\n", encoding="utf-8")
    return project


def papermill(where: Path, *arguments: str, entry: Path) -> subprocess.CompletedProcess[str]:
    """Run papermill as an environment has it in which this package is installed."""
    info = entry / "here-1.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: here\nVersion: 1\n", encoding="utf-8")
    found = "[papermill.engine]\npolicybook = policybook.build.alone:AloneEngine\n"
    (info / "entry_points.txt").write_text(found, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": f"{entry}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "papermill", *arguments, "--no-progress-bar"]
    return subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_entry_point_is_declared() -> None:
    said = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points."papermill.engine"]\npolicybook = "policybook.build.alone:AloneEngine"\n' in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("mots", "5"), "no parameter 'mots'. Did you mean 'most'?"),
        (("most", "many"), "most: 'many' is text, the template wants a whole number"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_a_sentence(
    small: Project, tmp_path: Path, given: tuple[str, str], said: str
) -> None:
    done = papermill(small.root, "notebooks/my-page.ipynb", str(tmp_path / "out.ipynb"), "-p", *given, entry=tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert said in line


def test_it_finds_its_project_from_within_and_its_prose_is_filled_in(small: Project, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    done = papermill(small.lexicon, "../../notebooks/my-page.ipynb", str(out), "-p", "most", "3", entry=tmp_path)
    assert done.returncode == 0, done.stderr
    source = out.read_text(encoding="utf-8")
    assert "{glue:" not in source and "(often)=" not in source and "papermill.record" not in source
    prose = " ".join(cell.source for cell in nbformat.reads(source, 4).cells if cell.cell_type == "markdown")
    assert "Documents: 1. They use " in prose


def test_values_of_the_prose_are_no_markup() -> None:
    record = {"application/papermill.record/text/plain": repr("<b> *x* $y$")}
    html = {"application/papermill.record/text/html": "<em>ours</em>"}
    cells = [
        new_markdown_cell("(title)=\n# {glue:text}`a` {glue:any}`b` {glue:text}`c`"),
        new_code_cell("", outputs=[
            new_output("display_data", record, metadata={"scrapbook": {"name": "a"}}),
            new_output("display_data", html, metadata={"scrapbook": {"name": "b"}}),
            new_output("stream", name="stdout", text="kept"),
        ]),
    ]  # fmt: skip
    notebook = new_notebook(cells=cells)
    fill_in(notebook)
    assert notebook.cells[0].source == r"# \<b\> \*x\* \$y\$ <em>ours</em> …"
    assert [output.output_type for output in notebook.cells[1].outputs] == ["stream"]
