"""Kernels that are forked: apart from each other, gone with who started them, and ordinary where that is not safe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from tiny_templates import WriteTemplate

from policybook.build.execute import execute_run
from policybook.build.kernels import KernelServer, imports_of
from policybook.build.runs import Run
from policybook.project import Project


def shown(project: Project, page: str) -> str:
    cells = nbformat.read(project.page(page), as_version=4).cells
    return "".join(str(one.get("text", "")) for cell in cells for one in cell.get("outputs", []))


@pytest.mark.parametrize("forking", ["1", "0"])
def test_kernels_are_apart_and_stand_in_the_project(
    tiny: Project, write_template: WriteTemplate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forking: str
):
    """The second finds nothing of what the first did, forked from one process or started as usual."""
    monkeypatch.setenv("POLICYBOOK_FORK", forking)
    write_template(
        "tiny", "n = 1", "import os, json; print(os.getcwd(), hasattr(json, 'mine'))", "json.mine = 1"
    )
    with KernelServer(tiny, ["tiny"]) as server:
        for n, page in enumerate(("chapters/one", "chapters/two")):
            problem, reads = execute_run(tiny, Run(page, "tiny"), tmp_path / f"kernel-{n}", server)
            assert problem == ""
            assert shown(tiny, page) == f"{tiny.root} False\n"
            assert all(line.split(" ")[0] in ("open", "list", "run") for line in reads)


def test_what_templates_import_is_found(write_template: WriteTemplate):
    path = write_template("tiny", "import os\nx = 1", "from json import loads\nif x:\n    import csv", "%magic")
    assert imports_of([path]) == ["import os", "from json import loads"]


ENDLESS = """
import sys, pathlib
from policybook.build.execute import execute_run
from policybook.build.kernels import KernelServer
from policybook.build.runs import Run
from policybook.project import Project
if __name__ == "__main__":
    project = Project(pathlib.Path(sys.argv[1]))
    with KernelServer(project, ["tiny"]) as server:
        execute_run(project, Run("chapters/tiny", "tiny"), project.root / "kernel", server)
"""


@pytest.mark.parametrize("forking", ["1", "0"])
def test_a_kernel_dies_with_the_process_that_started_it(
    tiny: Project, write_template: WriteTemplate, tmp_path: Path, forking: str
):
    """Also one that never looks up, when the process is killed without a chance to say so."""
    write_template("tiny", "n = 1", "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)")
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS, encoding="utf-8")
    environment = {**os.environ, "POLICYBOOK_FORK": forking}
    with subprocess.Popen([sys.executable, str(script), str(tiny.root)], env=environment) as process:
        kernel = int(wait_for(tiny.root / "pid"))
        process.kill()
        process.wait()
        assert gone(kernel)


def wait_for(path: Path) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if path.is_file() and (text := path.read_text(encoding="utf-8")):
            return text
        time.sleep(0.05)
    raise AssertionError(f"{path} did not come")


def gone(pid: int) -> bool:
    """Whether a process ends within ten seconds; one that does not is ended."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    return False
