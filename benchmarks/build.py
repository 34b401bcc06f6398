"""How long a book takes, beside what a user would run instead: ratios of one run, written to benchmarks/RESULTS.md.

`make bench` measures, on a copy of this project, the median of RUNS runs of each of: Jupyter Book executing the same
notebooks with the same parameters and building the site; `policybook build` with nothing made before, with nothing
changed, with one form of a concept more, with one document more; and the start of Python with the command line
imported and every input looked at once. With TEXTS, a folder of texts, also what a page that reads two documents costs
in a book of few documents and in one of 150. Absolute times mean nothing: the machine is said, and ratios are compared.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import nbformat
import papermill
import yaml
from nbformat.v4 import new_code_cell, new_notebook

from policybook.build.check import check_project
from policybook.build.execute import execute_run, register_translator
from policybook.build.kernels import KernelServer
from policybook.build.new import make_project
from policybook.build.runs import Run
from policybook.build.site import write_toc
from policybook.build.state import made_by_builds
from policybook.project import Project

BIN = Path(sys.executable).parent
RESULTS = Path(__file__).with_name("RESULTS.md")
TEXT = "The county shall build a school and two clinics, and register whoever lives there.\n"
ENTRY: dict[str, object] = {
    "title": "A text", "publisher": "The benchmark", "written": 2022, "language": "en", "speaker": "national",
    "voice": "official", "rights": "full", "rights_note": "for the benchmark",
}  # fmt: skip
TWO = """
from policybook import open_book
book = open_book()
[len(book.corpus.select(document=f"text-{n}").passages) for n in (0, 1)]
"""
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
FLOOR = """
import os, sys, policybook.cli
for folder in sys.argv[1:]:
    for where, _, names in os.walk(folder):
        for name in names:
            os.stat(os.path.join(where, name))
"""


def main() -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each, of which the median is taken")
    parser.add_argument("--texts", type=Path, help="a folder of 150 texts or more, for the growth of a page")
    given = parser.parse_args()
    project = Project.find(Path(__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        times = measure(project, Path(folder), given.runs)
        growth = measure_growth(given.texts, Path(folder), given.runs) if given.texts else []
    table = [f"| {what} | {seconds:.1f} | {ratio} |" for what, seconds, ratio in [*rows(times), *growth]]
    cores, memory = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = f"load of the minute before: {os.getloadavg()[0]:.1f}"
    machine = (
        f"{platform.system()} {platform.machine()}, {cores} cores, {memory:.0f} GB, Python {platform.python_version()}"
    )
    head = f"# What a build costs\n\n{__doc__.split(chr(10) * 2)[1].strip()}\n\n"
    head += f"{machine}; runs of each: {given.runs}; {load}.\n\n| What | Seconds | Ratio |\n|---|---:|---|\n"
    others = RESULTS.read_text(encoding="utf-8").partition("\n# ")  # sections of other benchmarks stand behind
    RESULTS.write_text(head + "\n".join(table) + "\n" + "".join(others[1:]), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def rows(times: dict[str, float]) -> list[tuple[str, float, str]]:
    """Return what was measured, seconds, and what it is a ratio of."""
    cold, theirs, floor = times["cold"], times["jupyter-book"], times["floor"]
    return [
        ("Jupyter Book, executing", theirs, ""),
        ("policybook build, nothing made before", cold, f"{cold / theirs:.2f} of Jupyter Book"),
        ("Python, the command line imported, every input looked at", floor, ""),
        (
            "policybook build, nothing changed",
            times["unchanged"],
            f"{times['unchanged'] / floor:.2f} of that, {times['unchanged'] / cold:.3f} of cold",
        ),
        ("policybook build, one form of a concept more", times["term"], f"{times['term'] / cold:.2f} of cold"),
        ("policybook build, one document more", times["document"], f"{times['document'] / cold:.2f} of cold"),
    ]


def measure(project: Project, folder: Path, runs: int) -> dict[str, float]:
    """Return the median of the seconds of each build, of a copy of the project in `folder`."""
    copy = Project(folder / "project")
    left_out = shutil.ignore_patterns(".venv", ".git", "_build", "tests")
    shutil.copytree(project.root, copy.root, ignore=left_out)
    _forget(copy)
    build: list[str | Path] = [BIN / "policybook", "--project", copy.root, "build"]
    theirs = [_seconds(_jupyter_book(copy, folder / f"theirs-{n}")) for n in range(runs)]
    times = {"jupyter-book": theirs, "cold": [], "unchanged": [], "floor": [], "term": [], "document": []}
    inputs: list[str | Path] = [copy.data, copy.notebooks, copy.book, copy.root / "policybook"]
    for n in range(runs):
        _forget(copy)
        times["cold"].append(_seconds(build))
        time.sleep(3)  # files that changed a moment ago are looked into
        _seconds(build)
        times["unchanged"].append(_seconds(build))
        times["floor"].append(_seconds([sys.executable, "-c", FLOOR, *inputs]))
        times["term"].append(_with_one_form_more(copy, n, build))
        times["document"].append(_with_one_document_more(copy, n, build))
    return {name: statistics.median(found) for name, found in times.items()}


def measure_growth(texts: Path, folder: Path, runs: int) -> list[tuple[str, float, str]]:
    """Return what a page that reads two documents costs, the book being open, in a book of five and in one of 150."""
    found = []
    for many in (5, 150):
        project = Project(make_project(folder / f"of-{many}"))
        entries: list[dict[str, object]] = []
        for n, path in enumerate(sorted(path for path in texts.rglob("*") if path.suffix in (".txt", ".md"))[:many]):
            shutil.copyfile(path, project.documents / f"text-{n}{path.suffix}")
            entries.append(ENTRY | {"id": f"text-{n}", "file": f"text-{n}{path.suffix}", "sha256": _sha256(path)})
        project.corpus_file.write_text(yaml.safe_dump({"documents": entries}), encoding="utf-8")
        cell = new_code_cell(TWO)
        nbformat.write(new_notebook(cells=[cell], metadata=PYTHON), project.notebooks / "two.ipynb")
        with KernelServer(project, ["two"]) as server:
            times = [_page_seconds(project, folder / f"{many}-{n}", server) for n in range(runs + 1)]
        found.append(statistics.median(times[1:]))  # the first waits for the book to be opened
    few, lots = found
    return [
        ("a page that reads two documents, in a book of 5", few, ""),
        ("the same page, in a book of 150", lots, f"{lots / few:.2f} of that"),
    ]


def _page_seconds(project: Project, folder: Path, server: KernelServer) -> float:
    start = time.perf_counter()
    problem, _ = execute_run(project, Run("chapters/two", "two"), folder, server)
    assert not problem, problem
    return time.perf_counter() - start


def _jupyter_book(project: Project, build: Path) -> list[str | Path]:
    """Prepare the pages without executing them, and return the command that executes and builds them."""
    _forget(project)
    register_translator()
    runs = check_project(project)
    for run in runs:
        template = project.notebooks / f"{run.template}.ipynb"
        project.page(run.page).parent.mkdir(exist_ok=True)
        papermill.execute_notebook(
            template, project.page(run.page), parameters=dict(run.parameters), prepare_only=True, progress_bar=False
        )
    config = yaml.safe_load((project.root / "_config.yml").read_text(encoding="utf-8"))
    config["execute"] = {"execute_notebooks": "force", "timeout": 600}
    settings, toc = project.root / "_config_bench.yml", project.root / "_toc_bench.yml"
    settings.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    write_toc(project, [run.page for run in runs], toc)
    options = ["--config", settings, "--toc", toc, "--path-output", build, "-q"]
    return [BIN / "jupyter-book", "build", project.book, *options]


def _forget(project: Project) -> None:
    """Remove what a build made."""
    for path in made_by_builds(project):
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)


def _with_one_form_more(project: Project, n: int, build: list[str | Path]) -> float:
    path = project.lexicon / "concepts.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(\n    zh: \[)", rf"\1甲乙丙{n}, ", before, count=1), encoding="utf-8")
    seconds = _seconds(build)
    path.write_text(before, encoding="utf-8")
    _seconds(build)
    return seconds


def _with_one_document_more(project: Project, n: int, build: list[str | Path]) -> float:
    before = project.corpus_file.read_text(encoding="utf-8")
    path = project.documents / f"more-{n}.txt"
    path.write_text(TEXT * (n + 3), encoding="utf-8")
    entry = ENTRY | {"id": f"more-{n}", "file": path.name, "sha256": _sha256(path)}
    added = yaml.safe_dump([entry], allow_unicode=True)
    project.corpus_file.write_text(before + "\n" + textwrap.indent(added, "  "), encoding="utf-8")
    seconds = _seconds(build)
    project.corpus_file.write_text(before, encoding="utf-8")
    path.unlink()
    _seconds(build)
    return seconds


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _seconds(command: list[str | Path]) -> float:
    start = time.perf_counter()
    subprocess.run([str(part) for part in command], check=True, capture_output=True, cwd=tempfile.gettempdir())
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
