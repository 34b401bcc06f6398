"""Executing the notebooks that make pages: papermill, only what changed, several at a time."""

import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

import nbformat
import papermill
from jupyter_core.utils import ensure_event_loop
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from papermill.exceptions import PapermillExecutionError
from papermill.translators import PythonTranslator, papermill_translators
from traitlets.config import Config

from policybook.build.choice import choose_pages
from policybook.build.kernels import KernelServer, Provisioner, use_server
from policybook.build.languages import lead_home
from policybook.build.runs import Run, load_template
from policybook.build.state import Pages, made_by_builds, temporary_folder
from policybook.charts.kept import sweep_drawings
from policybook.errors import ExecutionError, UnknownPageError, many, shown
from policybook.project import Project, follow, report_line

_HIDDEN = "remove-cell"
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


class ReadableTranslator(PythonTranslator):  # type: ignore[misc] # the library has no types
    """Writes Chinese parameters as Chinese, where papermill would write escapes."""

    @classmethod
    def translate_str(cls, val: str) -> str:
        """Return a string as a Python literal."""
        return repr(str(val))


def register_translator() -> None:
    """Make papermill use ReadableTranslator for Python notebooks, in this process."""
    papermill_translators.register("python", ReadableTranslator)


def execute_chosen(pages: Pages, runs: Sequence[Run], only: Collection[str], *, jobs: int, force: bool,
                   server: KernelServer) -> tuple[Run, ...]:  # fmt: skip
    """Execute the runs of the pages `only`, or all, and return those that make the book's pages (see choose_pages).

    Which of many documents have a page is known when all other pages are made: their runs come last.
    """
    wanted = [run for run in runs if not only or run.page in only]
    execute_runs(pages, [run for run in wanted if not run.document], force=force, jobs=jobs, server=server, more=True)
    chosen = choose_pages(pages.project, runs)
    for run in wanted if only else ():
        if run not in chosen:
            fix = f"Name {run.document} under 'always' in notebooks/runs.yml to have it made."
            raise UnknownPageError(f"{run.page}: no evidence points to this document, so it has no page. {fix}")
    named = {run.page for run in chosen if run.document}
    execute_runs(pages, [run for run in wanted if run.page in named], force=force, jobs=jobs, server=server)
    return chosen


def execute_runs(pages: Pages, runs: Sequence[Run], *, jobs: int = 2, force: bool = False,
                 server: KernelServer | None = None, more: bool = False) -> list[str]:  # fmt: skip
    """Execute every run of which something that its page read has changed, and return the pages made.

    Kernels are forked by `server`, which ends with this, unless `more` runs will come; by default by one that is
    started here.
    A page appears in book/ only when its notebook ran to the end; an executed page whose run is gone is
    removed by `remove_stale_pages`. Raises ExecutionError naming every page that failed, after the others.
    """
    due = [run for run in runs if force or not pages.is_current(run)]
    if len(due) < len(runs):
        print(f"{len(runs) - len(due)} of {many(len(runs), 'page is', 'pages are')} up to date.", file=sys.stderr)
    failures: list[str] = []
    if due:
        due = pages.longest_first(due)
        for run in due:
            pages.unmark(run)
        server = server or KernelServer(pages.project, dict.fromkeys(run.template for run in due))
        failures = _execute(pages, due, min(jobs, len(due)), server, more)
        sweep_drawings(pages.drawings)
    pages.hashes.save()
    if failures:
        raise ExecutionError("\n".join(sorted(failures)))
    return [run.page for run in due]


def _execute(pages: Pages, due: Sequence[Run], jobs: int, server: KernelServer, more: bool) -> list[str]:
    """Execute runs, and mark the page of each that succeeded; return what went wrong with the others."""
    project, failures = pages.project, list[str]()
    with ExitStack() as stack:
        def end(kind: object, *_: object) -> None:
            if kind or not more:
                server.stop()

        stack.push(end)
        folder = stack.enter_context(temporary_folder())
        # One more than work at a time: a kernel that starts or ends mostly waits.
        pool = ThreadPoolExecutor(jobs + 1 if jobs > 1 else 1)
        # Its classes are looked up once, before threads do so at once.
        NotebookClient(new_notebook(), kernel_name="python3").create_kernel_manager().client()
        # Kernels end before the threads that wait for them, also on Ctrl-C.
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        stack.push(end)
        names = frozenset(pages.names)
        futures = {pool.submit(_timed, execute_run, project, run, folder / str(n), server, names, pages.drawings): run
                   for n, run in enumerate(due)}  # fmt: skip
        for done, future in enumerate(follow(as_completed(futures), len(due), unit="page", what="Notebooks"), 1):
            run = futures[future]
            (problem, reads), took = future.result()
            report_line(f"[{done}/{len(due)}] {run.page}{': failed' if problem else ''}")
            if problem:
                failures.append(problem)
            else:
                pages.mark(run, reads, took)
    return failures


def _timed(work: Callable[_Given, _Made], *given: _Given.args, **named: _Given.kwargs) -> tuple[_Made, float]:
    """Return what comes of work, and the seconds that it took."""
    began = time.monotonic()
    return work(*given, **named), time.monotonic() - began


def execute_run(project: Project, run: Run, folder: Path, server: KernelServer | None = None,
                pages: frozenset[str] = frozenset(),
                drawings: Path | None = None) -> tuple[str, frozenset[str]]:  # fmt: skip
    """Execute one run in a new `folder` and put its page into book/.

    `pages` are those that it may lead to; what it draws is kept in `drawings`.

    Return what went wrong, or an empty string, and what the notebook read (see policybook.project.note_read).
    """
    register_translator()
    use_server(server, folder)
    began = time.monotonic()
    loop = ensure_event_loop()  # that which papermill would make for this thread and leave open
    try:
        notebook = papermill.execute_notebook(
            load_template(project, run),
            None,
            engine_name="nbclient",
            parameters={**run.parameters},
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            config=_kernel_config(project, folder, run.language, drawings),
            extra_arguments=["--log-level=CRITICAL"],  # ending a kernel would print that it was interrupted
            shutdown_kernel="immediate",
            timeout_func=partial(_time_left, began, run.time_limit),
        )
        for line in _warned(notebook):
            report_line(f"{run.page}: notebooks/{run.template}.ipynb warned: {line}")
        _put_in_place(lead_home(run.page, pages, make_reproducible(notebook)), project.page(run.page))
    except PapermillExecutionError as error:
        source = error.source.strip().splitlines()
        line = f" ({source[0]!r})" if source else ""
        number = error.cell_index + (0 if run.parameters else 1)  # the injected cell is not the template's
        where = f"notebooks/{run.template}.ipynb stopped in cell {number}{line}"
        return f"{run.page}: {where}: {error.ename}: {error.evalue}", frozenset()
    except CellTimeoutError:
        what = f"notebooks/{run.template}.ipynb took longer than {run.time_limit:g} seconds and was stopped."
        fix = "Make it quicker, or give its entry in notebooks/runs.yml another 'time_limit:'."
        return f"{run.page}: {what} {fix}", frozenset()
    except OSError as error:
        name, why = project.name(project.page(run.page)), error.strerror or type(error).__name__
        return f"{run.page}: {name} cannot be written ({why}). Make room or give permission.", frozenset()
    except Exception as error:  # whatever a kernel may die of must reach the user as a sentence
        what = f"notebooks/{run.template}.ipynb could not be executed"
        return f"{run.page}: {what}: {type(error).__name__}: {error}", frozenset()
    finally:
        loop.close()
    return "", _reads(folder)


def _time_left(began: float, limit: float, _: NotebookNode) -> int:
    return max(1, int(began + limit - time.monotonic()))


def _put_in_place(notebook: NotebookNode, page: Path) -> None:
    """Write a page in one step; one that is the same already is left alone."""
    content = nbformat.writes(notebook) + "\n"
    with suppress(OSError):
        if page.read_text(encoding="utf-8") == content:
            return
    page.parent.mkdir(parents=True, exist_ok=True)
    part = page.with_name(f"{page.name}.part")
    try:
        part.write_text(content, encoding="utf-8")
        part.replace(page)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise


def _reads(folder: Path) -> frozenset[str]:
    try:
        return frozenset((folder / "reads").read_text(encoding="utf-8", errors="surrogateescape").splitlines())
    except OSError:  # a kernel that is no Python, or not ours: it may have read anything
        return frozenset({"run"})


def _kernel_config(project: Project, folder: Path, language: str, drawings: Path | None) -> Config:
    """Let a kernel talk over sockets in its own folder: no port is opened, nobody listens in."""
    manager = {"transport": "ipc", "ip": str(folder / "kernel")} if hasattr(os, "fork") else {}
    manager["connection_file"] = str(folder / "connection.json")
    told = {"root": str(project.root), "folder": str(folder), "language": language, "drawings": str(drawings or "")}
    return Config({"KernelManager": manager, Provisioner.__name__: told})


def _warned(notebook: NotebookNode) -> Iterator[str]:
    """Yield what cells wrote for whoever builds: the first line of each piece of standard error."""
    streams = (output for cell in notebook.cells for output in cell.get("outputs", []) if _is_stderr(output))
    yield from (shown(output.text.strip().splitlines()[0]) for output in streams if output.text.strip())


def _is_stderr(output: NotebookNode) -> bool:
    return bool(output.output_type == "stream" and output.name == "stderr")


def make_reproducible(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook without what is no reader's or differs from run to run, its injected cell hidden."""
    for n, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{n:02d}"
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags or "parameters" in tags:
            tags = [*tags, _HIDDEN]
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        if "outputs" in cell:  # warnings name files of whoever builds
            cell.outputs = [output for output in cell.outputs if not _is_stderr(output)]
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = re.sub(r"\x1b\[[0-9;]*m", "", output.text)
    kept = {key: notebook.metadata[key] for key in ("kernelspec", "language_info") if key in notebook.metadata}
    notebook.metadata = NotebookNode(kept)
    return notebook


def remove_stale_pages(project: Project, runs: Iterable[Run]) -> list[str]:
    """Remove pages in book/ that an earlier run made and no run makes now; return their names."""
    wanted = {project.page(run.page) for run in runs}
    stale = []
    for folder in made_by_builds(project)[1:]:  # or a page
        for path in [folder] if folder.suffix else sorted(folder.glob("*.ipynb")):
            if path not in wanted and path.is_file():
                path.unlink()
                stale.append(path.relative_to(project.book).with_suffix("").as_posix())
    return stale
