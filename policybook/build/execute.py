"""Executing the notebooks that make pages: papermill, only what changed, several at a time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

import policybook
from policybook.build.runs import Run, register_translator
from policybook.errors import ExecutionError
from policybook.project import Project, follow, report_line

_HIDDEN = "remove-cell"


def execute_runs(project: Project, runs: Sequence[Run], *, jobs: int = 2, force: bool = False) -> list[str]:
    """Execute every run whose template, parameters, data or package changed, and return the pages made.

    A page appears in book/ only when its notebook ran to the end; an executed page whose run is gone is
    removed by `remove_stale_pages`. Raises ExecutionError naming every page that failed, after the others.
    """
    state_file = project.build / "executed.json"
    state: dict[str, str] = _read_state(state_file)
    shared = _fingerprint_of_inputs(project)
    wanted = {run.page: _fingerprint(project, run, shared) for run in runs}
    due = [
        run for run in runs if force or state.get(run.page) != wanted[run.page] or not _output(project, run).is_file()
    ]
    if len(due) < len(runs):
        print(f"{len(runs) - len(due)} of {len(runs)} pages are up to date.", file=sys.stderr)
    failures: list[str] = []
    with ProcessPoolExecutor(max_workers=max(1, min(jobs, len(due) or 1)), mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(execute_run, project.root, run): run for run in due}
        for done, future in enumerate(follow(as_completed(futures), len(due), unit="page", what="Notebooks"), 1):
            run = futures[future]
            problem = future.result()
            report_line(f"[{done}/{len(due)}] {run.page}{': failed' if problem else ''}")
            if problem:
                failures.append(problem)
                state.pop(run.page, None)
            else:
                state[run.page] = wanted[run.page]
    _write_state(
        state_file,
        {page: mark for page, mark in state.items() if page in wanted or (project.book / f"{page}.ipynb").is_file()},
    )
    if failures:
        raise ExecutionError("\n".join(sorted(failures)))
    return [run.page for run in due]


def execute_run(root: Path, run: Run) -> str:
    """Execute one run and put its page into book/. Return what went wrong, or an empty string."""
    register_translator()
    project = Project(root)
    output = _output(project, run)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="policybook-") as folder:
        draft = Path(folder) / "page.ipynb"
        os.environ.update(MPLBACKEND="Agg", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        os.environ.update(IPYTHONDIR=folder, JUPYTER_RUNTIME_DIR=folder, PYTHONPATH=_with_notebooks(project))
        try:
            papermill.execute_notebook(
                str(project.notebooks / f"{run.template}.ipynb"),
                str(draft),
                parameters={**run.parameters},
                kernel_name="python3",
                cwd=str(root),
                progress_bar=False,
                log_output=False,
                config=_kernel_config(Path(folder)),
                extra_arguments=["--log-level=CRITICAL"],  # ending a kernel would print that it was interrupted
            )
        except PapermillExecutionError as error:
            source = error.source.strip().splitlines()
            line = f" ({source[0]!r})" if source else ""
            number = error.cell_index + (0 if run.parameters else 1)  # the injected cell is not the template's
            where = f"notebooks/{run.template}.ipynb stopped in cell {number}{line}"
            return f"{run.page}: {where}: {error.ename}: {error.evalue}"
        except Exception as error:  # whatever a kernel may die of must reach the user as a sentence
            what = f"notebooks/{run.template}.ipynb could not be executed"
            return f"{run.page}: {what}: {type(error).__name__}: {error}"
        notebook = nbformat.read(draft, as_version=4)
    finished = project.book / f"{run.page}.ipynb.part"
    nbformat.write(make_reproducible(notebook), finished)
    finished.replace(output)
    return ""


def _with_notebooks(project: Project) -> str:
    """Return the path that kernels import from, with the Python that a book's notebooks bring along in front."""
    before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return os.pathsep.join(dict.fromkeys([str(project.notebooks), *filter(None, before)]))


def _kernel_config(folder: Path) -> Config:
    """Let a kernel talk over sockets in its own folder where it can: no port is opened, nobody listens in."""
    sockets = {"transport": "ipc", "ip": str(folder / "kernel")}
    return Config({"KernelManager": sockets} if os.name == "posix" else {})


def make_reproducible(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook without what differs from run to run, its injected cell hidden."""
    for n, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{n:02d}"
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags or "parameters" in tags:
            tags = [*tags, _HIDDEN]
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = re.sub(r"\x1b\[[0-9;]*m", "", output.text)
    kept = {key: notebook.metadata[key] for key in ("kernelspec", "language_info") if key in notebook.metadata}
    notebook.metadata = NotebookNode(kept)
    return notebook


def remove_stale_pages(project: Project, runs: Iterable[Run]) -> list[str]:
    """Remove pages in book/ that an earlier run made and no run makes now; return their names."""
    wanted = {_output(project, run) for run in runs}
    stale = []
    for folder in ("documents", "comparisons", "chapters"):
        for path in sorted((project.book / folder).glob("*.ipynb")):
            if path not in wanted:
                path.unlink()
                stale.append(path.relative_to(project.book).with_suffix("").as_posix())
    return stale


def _output(project: Project, run: Run) -> Path:
    return project.book / f"{run.page}.ipynb"


def _fingerprint(project: Project, run: Run, shared: str) -> str:
    template = (project.notebooks / f"{run.template}.ipynb").read_bytes()
    parameters = json.dumps(dict(run.parameters), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(b"\0".join((shared.encode(), template, parameters.encode()))).hexdigest()


def _fingerprint_of_inputs(project: Project) -> str:
    """Hash what any page may depend on: data/, words/, the package, what notebooks import, how the book is made."""
    package = Path(policybook.__file__).parent
    folders = (project.data, project.root / "words")
    files = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
    files += [p for p in sorted(package.rglob("*")) if p.is_file() and "__pycache__" not in p.parts]
    files += [p for kind in ("py", "yml", "html") for p in sorted(project.notebooks.rglob(f"*.{kind}"))]
    files += [p for name in ("_config.yml", "CITATION.cff", "requirements.txt") if (p := project.root / name).is_file()]
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{project.name(path)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read_state(path: Path) -> dict[str, str]:
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _write_state(path: Path, state: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(state, indent=1, sort_keys=True), encoding="utf-8")
    part.replace(path)
