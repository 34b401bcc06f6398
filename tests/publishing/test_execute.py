"""Executing templates: once, only what changed, the same bytes again, and nothing half-written."""

from __future__ import annotations

import nbformat
import pytest
from conftest import WriteRuns, WriteTemplate
from copies import policybook

from policybook.project import Project
from policybook.publishing.execute import make_reproducible, remove_stale_pages
from policybook.publishing.runs import Run

ENTRY = {"template": "tiny", "page": "chapters/tiny"}


@pytest.fixture
def page(tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns) -> str:
    """A tiny template with a Chinese parameter, and the run that makes its page."""
    write_template("tiny", 'name = "default"', 'print(name, "<b>", len(name))')
    write_runs({**ENTRY, "parameters": {"name": "辽宁“新型”\\n'城镇化'"}})
    return "chapters/tiny"


def test_a_chinese_parameter_is_injected_as_a_person_would_write_it(tiny: Project, page: str):
    assert policybook("execute", project=tiny).returncode == 0
    source = (tiny.book / f"{page}.ipynb").read_text(encoding="utf-8")
    assert "辽宁“新型”" in source
    assert "\\u8fbd" not in source
    assert _outputs(tiny, page) == ["辽宁“新型”\\n'城镇化' <b> 14\n"]


def test_the_cells_of_parameters_are_hidden(tiny: Project, page: str):
    policybook("execute", project=tiny)
    notebook = nbformat.read(tiny.book / f"{page}.ipynb", as_version=4)
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells if cell.source.startswith(("name", "#  Param", "# Param"))]
    assert tags
    assert all("remove-cell" in one for one in tags)


def test_executing_twice_gives_the_same_bytes(tiny: Project, page: str):
    path = tiny.book / f"{page}.ipynb"
    policybook("execute", project=tiny)
    first = path.read_bytes()
    policybook("execute", page, project=tiny)
    assert path.read_bytes() == first


def test_an_executed_page_names_no_folder_and_no_time(tiny: Project, page: str):
    policybook("execute", project=tiny)
    source = (tiny.book / f"{page}.ipynb").read_text(encoding="utf-8")
    assert str(tiny.root) not in source
    assert "papermill" not in source


def test_what_did_not_change_is_not_executed_again(tiny: Project, page: str):
    policybook("execute", project=tiny)
    path = tiny.book / f"{page}.ipynb"
    made = path.stat().st_mtime_ns
    again = policybook("execute", project=tiny)
    assert again.returncode == 0
    assert "1 of 1 pages are up to date." in again.stderr
    assert path.stat().st_mtime_ns == made


def test_a_changed_parameter_executes_its_page_again(tiny: Project, page: str, write_runs: WriteRuns):
    policybook("execute", project=tiny)
    write_runs({**ENTRY, "parameters": {"name": "福建"}})
    done = policybook("execute", project=tiny)
    assert "up to date" not in done.stderr
    assert _outputs(tiny, page) == ["福建 <b> 2\n"]


def test_a_page_that_was_deleted_is_made_again(tiny: Project, page: str):
    policybook("execute", project=tiny)
    (tiny.book / f"{page}.ipynb").unlink()
    policybook("execute", project=tiny)
    assert (tiny.book / f"{page}.ipynb").is_file()


def test_a_cell_that_fails_is_named_and_the_earlier_page_stays(
    tiny: Project, page: str, write_template: WriteTemplate
):
    policybook("execute", project=tiny)
    earlier = (tiny.book / f"{page}.ipynb").read_bytes()
    write_template("tiny", 'name = "default"', "1 + 1", "1 / 0")
    done = policybook("execute", project=tiny)
    assert done.returncode == 1
    assert "notebooks/tiny.ipynb" in done.stderr
    assert "'1 / 0'" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tiny.book / f"{page}.ipynb").read_bytes() == earlier


def test_the_cell_that_failed_is_counted_as_the_template_has_it(
    tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns
):
    """Cell 3 of the file is cell 3 of the message, also when parameters are injected before it."""
    write_template("tiny", 'name = "default"', "1 / 0")
    write_runs({**ENTRY, "parameters": {"name": "other"}})
    assert "in cell 3 ('1 / 0')" in policybook("execute", project=tiny).stderr


def test_a_page_that_fails_at_first_is_not_there_and_the_others_are(
    tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns
):
    write_template("good", "n = 1", "n")
    write_template("bad", "n = 1", "raise SystemError('no')")
    write_runs({"template": "bad", "page": "chapters/bad"}, {"template": "good", "page": "chapters/good"})
    done = policybook("execute", project=tiny)
    assert done.returncode == 1
    assert [path.name for path in (tiny.book / "chapters").iterdir()] == ["good.ipynb"]


def test_a_failed_page_is_tried_again(tiny: Project, page: str, write_template: WriteTemplate):
    write_template("tiny", 'name = "default"', "1 / 0")
    assert policybook("execute", project=tiny).returncode == 1
    assert policybook("execute", project=tiny).returncode == 1
    write_template("tiny", 'name = "default"', "print(1)")
    assert policybook("execute", project=tiny).returncode == 0


def test_a_kernel_that_dies_is_a_sentence(tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns):
    write_template("tiny", "n = 1", "import os\nos._exit(3)")
    write_runs(ENTRY)
    done = policybook("execute", project=tiny)
    assert done.returncode == 1
    assert "notebooks/tiny.ipynb" in done.stderr
    assert "Traceback" not in done.stderr


def test_pages_that_nothing_makes_are_removed_and_others_stay(tiny: Project):
    gone, kept = tiny.book / "documents" / "gone.ipynb", tiny.book / "documents" / "kept.ipynb"
    gone.parent.mkdir()
    for path in (gone, kept):
        path.write_text("{}", encoding="utf-8")
    assert remove_stale_pages(tiny, [Run("documents/kept", "document")]) == ["documents/gone"]
    assert (gone.exists(), kept.exists()) == (False, True)
    assert (tiny.book / "how-to-read.md").is_file()


def test_what_differs_from_run_to_run_is_stripped():
    notebook = nbformat.v4.new_notebook(metadata={"papermill": {"start_time": "now"}, "language_info": {"name": "python"}})
    cell = nbformat.v4.new_code_cell("1", id="abc123", metadata={"papermill": {"duration": 1}, "tags": ["parameters"]})
    cell.outputs = [nbformat.v4.new_output("stream", text="\x1b[31mred\x1b[0m")]
    notebook.cells = [cell]
    made = make_reproducible(notebook)
    assert made.metadata == {"language_info": {"name": "python"}}
    assert made.cells[0].id == "cell-01"
    assert made.cells[0].metadata == {"tags": ["parameters", "remove-cell"]}
    assert made.cells[0].outputs[0].text == "red"


def _outputs(project: Project, page: str) -> list[str]:
    notebook = nbformat.read(project.book / f"{page}.ipynb", as_version=4)
    return [output.text for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
