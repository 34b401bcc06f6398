"""Executing templates: once, only what changed, the same bytes again, and nothing half-written."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import nbformat
import psutil
import pytest
import yaml
from copies import POLICYBOOK, hear_ctrl_c, policybook, policybook_here
from nbformat.v4 import new_code_cell, new_notebook
from tiny_templates import WriteRuns, WriteTemplate

from policybook.build.execute import execute_run, make_reproducible, remove_stale_pages
from policybook.build.new import make_project
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
    assert policybook_here("execute", project=tiny).stderr == "1 of 1 page is up to date.\n"
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


def test_a_warning_is_told_to_who_builds_and_not_to_readers(
    tiny: Project, write_template: WriteTemplate, capsys: pytest.CaptureFixture[str]
):
    write_template("tiny", "n = 1", "import warnings\nwarnings.warn('do look')\nprint(n)")
    assert execute_run(tiny, Run(PAGE, "tiny", {}), tiny.root / "tmp")[0] == ""
    assert "do look" in capsys.readouterr().err
    assert _outputs(tiny.page(PAGE)) == ["1\n"]


def _outputs(page: Path) -> list[str]:
    notebook = nbformat.read(page, as_version=4)
    return [output.text for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_a_notebook_that_takes_too_long_is_stopped_with_a_sentence(
    tiny: Project, write_template: WriteTemplate, write_runs: WriteRuns
):
    write_template("tiny", "n = 1", "while True:\n    n += 1")
    write_runs({"template": "tiny", "page": PAGE, "time_limit": 2})
    done = policybook_here("execute", project=tiny)
    assert done.exit_code == 1
    assert "notebooks/tiny.ipynb took longer than 2 seconds" in done.stderr
    assert "time_limit" in done.stderr
    assert not tiny.page(PAGE).exists()


# Builds that are killed, stopped and started at once, at moments that a fixed seed gives ---------------------------

TRIALS = 5


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A new project, with next to nothing in it, of four pages that show the same fact a while after they read it."""
    project = Project(make_project(tmp_path_factory.mktemp("small") / "small"))
    text = project.root / "text.txt"
    text.write_text("The town shall repair its bridge before winter comes.\n", encoding="utf-8")
    said = ("--id", "bridge", "--title", "The bridge", "--written", "2020", "--rights", "full", "--yes")
    done = policybook_here("add", str(text), *said, project=project)
    assert done.exit_code == 0, done.output
    for path in (text, *project.notebooks.glob("*.ipynb")):
        path.unlink()
    cells = ["n = 0", "fact = open('data/fact.txt').read()", "import time\ntime.sleep(0.2)", "print(n, fact)"]
    made = [new_code_cell(source) for source in cells]
    made[0].metadata["tags"] = ["parameters"]
    spoken = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=made, metadata=spoken), project.notebooks / "tiny.ipynb")
    entries = [{"page": f"chapters/p{n}", "template": "tiny", "parameters": {"n": n}} for n in range(4)]
    project.runs_file.write_text(yaml.safe_dump({"runs": entries}), encoding="utf-8")
    (project.root / "_toc.yml").write_text("format: jb-book\nroot: chapters/p0\n", encoding="utf-8")
    return project


def state_fact(project: Project, fact: str) -> None:
    (project.data / "fact.txt").write_text(fact, encoding="utf-8")


def start(project: Project) -> subprocess.Popen[str]:
    """Start `policybook execute` as a shell would, in a group of its own."""
    command = [str(POLICYBOOK), "--project", str(project.root), "execute"]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )  # fmt: skip


def facts_shown(project: Project) -> list[str]:
    return [_outputs(project.page(f"chapters/p{n}"))[0].strip() for n in range(4)]


def left_running(project: Project) -> list[str]:
    """Return the processes that are at work in a project, once those have ended that are about to."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        there = [
            p.info["cmdline"] for p in psutil.process_iter(["cwd", "cmdline"]) if p.info["cwd"] == str(project.root)
        ]
        if not there:
            return []
        time.sleep(0.1)
    return [" ".join(command or []) for command in there]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_ended_at_any_moment_leaves_nothing_wrong(small: Project, how: signal.Signals):
    """Change a figure, build, end it somewhere, put the figure back, build: every page shows the figure there is."""
    moments = random.Random(f"20261129:{how.name}")
    state_fact(small, "67.89")
    assert policybook("execute", project=small).returncode == 0
    for _ in range(TRIALS):
        state_fact(small, "97.89")
        with start(small) as build:
            time.sleep(moments.uniform(0.3, 3.5))
            os.killpg(build.pid, how) if how == signal.SIGINT else build.send_signal(how)
            _, said = build.communicate(timeout=20)
        assert "Traceback" not in said
        assert left_running(small) == []
        state_fact(small, "67.89")
        assert policybook("execute", project=small).returncode == 0
        assert facts_shown(small) == [f"{n} 67.89" for n in range(4)]
        assert [path.suffix for path in (small.book / "chapters").iterdir()] == [".ipynb"] * 4


def test_two_builds_at_once_make_one_book(small: Project):
    state_fact(small, "12.34")
    builds = [start(small) for _ in range(2)]
    said = [build.communicate(timeout=60)[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert facts_shown(small) == [f"{n} 12.34" for n in range(4)]
    assert sorted("4 of 4 pages are up to date" in text for text in said) == [False, True]
    assert sorted("Another build" in text for text in said) == [False, True]
