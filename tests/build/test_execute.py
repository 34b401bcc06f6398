"""Executing templates: once, only what changed, the same bytes again, and nothing half-written."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from copies import policybook, policybook_here
from tiny_templates import WriteRuns, WriteTemplate

from policybook.build.execute import execute_run, make_reproducible, remove_stale_pages
from policybook.build.runs import Run
from policybook.project import Project

PAGE = "chapters/tiny"
PARAMETERS = {"name": "辽宁“新型”\\n'城镇化'"}
ENTRY = {"template": "tiny", "page": PAGE, "parameters": PARAMETERS}


@pytest.fixture
def page(tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns) -> Path:
    """A tiny template with a Chinese parameter, and the page that its run will make."""
    write_template("tiny", 'name = "default"', 'print(name, "<b>")')
    write_runs(ENTRY)
    return tiny.book / f"{PAGE}.ipynb"


def test_executing_makes_a_page_with_its_parameter_readable_and_hidden(tiny: Project, page: Path):
    done = policybook("execute", project=tiny)
    assert (done.returncode, done.stdout) == (0, "")
    assert _outputs(page) == ["辽宁“新型”\\n'城镇化' <b>\n"]
    source = page.read_text(encoding="utf-8")
    assert "辽宁“新型”" in source
    assert "\\u8fbd" not in source
    cells = [cell for cell in nbformat.read(page, as_version=4).cells if "name = " in cell.source]
    assert [cell.metadata["tags"][-1] for cell in cells] == ["remove-cell", "remove-cell"]


def test_an_executed_page_names_no_folder_and_no_time(tiny: Project, page: Path):
    assert execute_run(tiny, Run(PAGE, "tiny", PARAMETERS), tiny.root / "tmp")[0] == ""
    source = page.read_text(encoding="utf-8")
    assert str(tiny.root) not in source
    assert "papermill" not in source
    assert not re.search(r"\d{2}:\d{2}:\d{2}", source)


def test_executing_twice_gives_the_same_bytes(tiny: Project, page: Path):
    made = []
    for folder in ("one", "two"):
        execute_run(tiny, Run(PAGE, "tiny", PARAMETERS), tiny.root / folder)
        made.append(page.read_bytes())
        page.unlink()
    assert made[0] == made[1]


def test_only_what_changed_or_is_missing_is_executed(tiny: Project, page: Path, write_runs: WriteRuns):
    assert "1/1" in policybook_here("execute", project=tiny).stderr
    made = page.stat().st_mtime_ns
    assert policybook_here("execute", project=tiny).stderr == "1 of 1 pages are up to date.\n"
    assert page.stat().st_mtime_ns == made
    page.unlink()
    policybook_here("execute", project=tiny)
    assert page.is_file()
    write_runs({**ENTRY, "parameters": {"name": "福建"}})
    policybook_here("execute", project=tiny)
    assert _outputs(page) == ["福建 <b>\n"]


def test_a_cell_that_fails_is_named_and_the_earlier_page_stays(
    tiny: Project, page: Path, write_template: WriteTemplate
):
    """Cell 4 of the file is cell 4 of the message, although parameters are injected before it."""
    page.parent.mkdir()
    page.write_text("the earlier page", encoding="utf-8")
    write_template("tiny", 'name = "default"', "1 + 1", "1 / 0")
    done = policybook("execute", project=tiny)
    assert done.returncode == 1
    assert f"{PAGE}: notebooks/tiny.ipynb stopped in cell 4 ('1 / 0'): ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in page.parent.iterdir()] == ["tiny.ipynb"]
    assert page.read_text(encoding="utf-8") == "the earlier page"
    assert not [*(tiny.build / "pages").glob("*")], "it would not be tried again"


def test_one_failing_page_does_not_keep_the_others_from_being_made(
    tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns
):
    write_template("good", "n = 1", "n")
    write_template("bad", "n = 1", "raise SystemError('no')")
    write_runs({"template": "bad", "page": "chapters/bad"}, {"template": "good", "page": "chapters/good"})
    assert policybook_here("execute", project=tiny).exit_code == 1
    assert [path.name for path in (tiny.book / "chapters").iterdir()] == ["good.ipynb"]


def test_a_kernel_that_dies_is_a_sentence(tiny: Project, write_template: WriteTemplate):
    write_template("tiny", "n = 1", "import os\nos._exit(3)")
    said, _ = execute_run(tiny, Run(PAGE, "tiny", {}), tiny.root / "tmp")
    assert said.startswith(f"{PAGE}: notebooks/tiny.ipynb could not be executed: ")
    assert list(tiny.book.rglob("*.ipynb")) == []


def test_pages_that_nothing_makes_are_removed_and_others_stay(tiny: Project):
    gone, kept = tiny.book / "documents" / "gone.ipynb", tiny.book / "documents" / "kept.ipynb"
    gone.parent.mkdir()
    for path in (gone, kept):
        path.write_text("{}", encoding="utf-8")
    assert remove_stale_pages(tiny, [Run("documents/kept", "document")]) == ["documents/gone"]
    assert (gone.exists(), kept.exists()) == (False, True)
    assert (tiny.book / "how-to-read.md").is_file()


def test_what_differs_from_run_to_run_is_stripped():
    notebook = nbformat.v4.new_notebook(
        metadata={"papermill": {"start_time": "now"}, "language_info": {"name": "python"}}
    )
    cell = nbformat.v4.new_code_cell("1", id="abc123", metadata={"papermill": {"duration": 1}, "tags": ["parameters"]})
    cell.outputs = [nbformat.v4.new_output("stream", text="\x1b[31mred\x1b[0m")]
    notebook.cells = [cell]
    made = make_reproducible(notebook)
    assert made.metadata == {"language_info": {"name": "python"}}
    assert made.cells[0].id == "cell-01"
    assert made.cells[0].metadata == {"tags": ["parameters", "remove-cell"]}
    assert made.cells[0].outputs[0].text == "red"


def _outputs(page: Path) -> list[str]:
    notebook = nbformat.read(page, as_version=4)
    return [output.text for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
