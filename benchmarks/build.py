"""Executing the book's notebooks: policybook beside what a user would run instead, as a ratio in one run.

Both make the same pages from the same templates and parameters on the same machine, one after the other:
`policybook execute --force`, and Jupyter Book executing the notebooks itself. Run it with `make bench`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import papermill
import yaml

from policybook.build.check import check_project
from policybook.build.runs import register_translator
from policybook.build.site import write_toc
from policybook.project import Project

BIN = Path(sys.executable).parent


def main() -> None:
    """Print the seconds of both and their ratio."""
    project = Project.find(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        copy = Project(Path(folder) / "project")
        shutil.copytree(project.root, copy.root, ignore=shutil.ignore_patterns(".venv", ".git", "_build", "tests"))
        ours = _seconds([BIN / "policybook", "--project", copy.root, "execute", "--force"])
        theirs = _seconds(_jupyter_book(copy, Path(folder) / "build"))
        rendering = _seconds(_jupyter_book(copy, Path(folder) / "build-without", execute="off"))
    print(f"policybook execute:            {ours:6.1f} s")
    print(f"Jupyter Book, executing:       {theirs - rendering:6.1f} s (and {rendering:.1f} s of rendering)")
    print(f"ratio:                         {(theirs - rendering) / ours:6.2f}")


def _jupyter_book(project: Project, build: Path, execute: str = "force") -> list[str | Path]:
    """Prepare the pages without executing them, and return the command that builds them."""
    register_translator()
    runs = check_project(project)
    if execute == "force":
        for run in runs:
            target = project.book / f"{run.page}.ipynb"
            template = project.notebooks / f"{run.template}.ipynb"
            papermill.execute_notebook(template, target, parameters=dict(run.parameters), prepare_only=True)
    config = yaml.safe_load((project.root / "_config.yml").read_text(encoding="utf-8"))
    config["execute"] = {"execute_notebooks": execute, "timeout": 600}
    settings, toc = project.root / "_config_bench.yml", project.root / "_toc_bench.yml"
    settings.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    write_toc(project, [run.page for run in runs], toc)
    options = ["--config", settings, "--toc", toc, "--path-output", build, "-q"]
    return [BIN / "jupyter-book", "build", project.book, *options]


def _seconds(command: list[str | Path]) -> float:
    start = time.perf_counter()
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
