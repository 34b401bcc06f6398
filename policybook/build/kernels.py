"""Kernels that notebooks run in: forked, where that is safe, from a process that has imported and read everything."""

from __future__ import annotations

import ast
import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import EntryPoint
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

from policybook.charts.kept import DRAWINGS
from policybook.coding.code import load_coding
from policybook.errors import PolicybookError
from policybook.project import LANGUAGE, ONE_THREAD, READS, Project

#: What a kernel imports before its first cell.
_OF_KERNELS = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completerlib",
               "IPython.core.debugger", "IPython.extensions.storemagic", "psutil", "tornado.platform.asyncio",
               "tornado.queues")  # fmt: skip
#: What the package imports when it is first wanted, which would be in every kernel that is forked.
_WANTED_LATER = ("scipy.optimize", "scipy.special", "scipy.stats", "pypinyin")
#: What a kernel has in its environment: figures are drawn without a screen, and nobody is told how to debug it.
KERNEL_ENVIRONMENT = {"MPLBACKEND": "Agg", "PYDEVD_DISABLE_FILE_VALIDATION": "1", **ONE_THREAD}
_STARTUP = 'getattr(__import__("policybook.project"), "project").record_reads()\n'
_NAME = "policybook-provisioner"


class KernelServer:
    """A process that kernels are forked from; a context manager, at whose end the process and all kernels are gone.

    It imports what the templates import and, where they open the book, opens it when the first kernel is asked for, so
    that it may be started while data/ is still checked: a kernel then starts with all of it in memory, apart from every
    other kernel. It ends, with its kernels, when this process does, however that ends.
    Where forking is not safe (only Linux is taken to be) or fails, `fork` returns None and kernels start as usual.
    """

    def __init__(self, project: Project, templates: Iterable[str]) -> None:
        self._lock = threading.Lock()
        self._pipe: Connection | None = None
        if sys.platform != "linux" or os.environ.get("POLICYBOOK_FORK") == "0":
            return
        paths = [project.notebooks / f"{name}.ipynb" for name in templates]
        self._pipe, other = get_context("spawn").Pipe()
        os.environ.update(ONE_THREAD)  # for a process that imports on its way to us
        start: Any = get_context("fork" if _has_one_thread() else "spawn")
        self._process = start.Process(target=_serve, args=(other, self._pipe, project, paths), name="kernels")
        self._process.start()
        other.close()

    def __enter__(self) -> KernelServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process and every kernel that is left, at once."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
            self._process.join(5)
            self._process.kill()

    def fork(self, arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> int | None:
        """Start a kernel and return its process id; None where it cannot be forked."""
        with self._lock, suppress(OSError, EOFError):
            if self._pipe is not None:
                self._pipe.send((list(arguments), dict(environment), folder))
                answer: int | None = self._pipe.recv()
                return answer
        return None


def imports_of(templates: Iterable[Path]) -> list[str]:
    """Return the import statements of the code cells of templates, each once; a cell that is no Python has none."""
    found: dict[str, None] = {}
    for template in templates:
        for cell in nbformat.read(template, as_version=4).cells:
            if cell.cell_type != "code":
                continue
            with suppress(SyntaxError, ValueError):
                found |= {ast.unparse(node): None for node in ast.parse(cell.source).body
                          if isinstance(node, ast.Import | ast.ImportFrom)}  # fmt: skip
    return list(found)


def _has_one_thread() -> bool:
    with suppress(OSError):
        return len([*Path("/proc/self/task").iterdir()]) == 1
    return False


# In the process that kernels are forked from -------------------------------------------------------


def _serve(pipe: Connection, others_end: Connection, project: Project, templates: Sequence[Path]) -> None:
    """Import what templates do, then fork a kernel for every request until the other process is gone."""
    others_end.close()
    die_with_parent()
    os.setsid()  # Ctrl-C is for the process that we work for, which then ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.update(KERNEL_ENVIRONMENT)
    sys.path.insert(0, str(project.notebooks))
    os.chdir(project.root)
    opens = _import(templates)
    if opens:
        with suppress(PolicybookError):  # what fails here fails in the notebook again, and is said there
            _ = load_coding(project).concepts  # the other finders are made where a document is coded
        from policybook.charts.theme import get_ready

        get_ready()
    kernels: set[int] = set()
    safe: bool | None = None
    try:
        while True:
            while not pipe.poll(0.05):
                kernels -= _ended(kernels)
            arguments, environment, folder = pipe.recv()
            if safe is None:
                _open(project, opens)
                safe = _has_one_thread()
            child = os.fork() if safe else 0
            if child == 0 and safe:
                pipe.close()
                _run_kernel(arguments, environment, folder)
            if child:
                kernels.add(child)
                with suppress(OSError):  # by whoever of the two is first: until then a signal to its group is to us
                    os.setpgid(child, child)
            pipe.send(child or None)
    except (EOFError, OSError):
        for kernel in kernels:
            with suppress(OSError):
                os.killpg(kernel, signal.SIGKILL)
        os._exit(0)


def _import(templates: Sequence[Path]) -> bool:
    """Import what kernels and templates do, and return whether these open the book."""
    wanted = [f"import {name}" for name in (*_OF_KERNELS, *_WANTED_LATER)]
    with suppress(Exception):
        wanted += imports_of(templates)
    for statement in wanted:
        with suppress(Exception):
            exec(statement, {})
    return any(one.startswith("from policybook ") and "open_book" in one for one in wanted)


def _open(project: Project, opens: bool) -> None:
    if opens:
        from policybook.pages.book import hold_book

        with suppress(PolicybookError):
            hold_book(project)
    gc.collect()
    gc.freeze()  # what is never freed is not looked at, and so stays in memory once for all kernels


def _ended(kernels: set[int]) -> set[int]:
    ended = set()
    for kernel in kernels:
        with suppress(ChildProcessError):
            if os.waitpid(kernel, os.WNOHANG)[0]:
                ended.add(kernel)
    return ended


def _run_kernel(arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
    """Be a kernel, in a process that was just forked; never return."""
    try:
        with suppress(OSError):
            os.setpgid(0, 0)
        die_with_parent()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        sys.argv = ["ipykernel_launcher", *arguments]
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(argv=list(arguments))
    finally:
        os._exit(1)


def die_with_parent() -> None:
    """Let Linux end this process when the one that forked it ends, however that happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG of prctl(2)


# In the process that executes notebooks -------------------------------------------------------------


class _ForkedProcess:
    """What jupyter_client wants to know of a process, of one that another process forked and waits for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except OSError:
            return 1
        return None

    def wait(self) -> int:
        while (code := self.poll()) is None:
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class Provisioner(LocalProvisioner):
    """Starts a kernel in the project's folder, forked where a server does it, and lets it write down what it reads."""

    root = Unicode(help="The project's folder.").tag(config=True)
    folder = Unicode(help="Where the kernel may write.").tag(config=True)
    drawings = Unicode(help="Where drawings are kept; empty where they are not.").tag(config=True)
    language = Unicode(help="The language of the page, where it is not the project's.").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel `cmd`, whose arguments stand behind `-m MODULE`."""
        if not self.root:  # somebody else's, started in this process after a build
            return await super().launch_kernel(cmd, **kwargs)
        server = getattr(_thread, "server", None)
        environment = {**(kwargs.pop("env", None) or os.environ), **KERNEL_ENVIRONMENT}
        environment |= {"IPYTHONDIR": self.folder, "JUPYTER_RUNTIME_DIR": self.folder, READS: f"{self.folder}/reads"}
        environment[DRAWINGS] = self.drawings
        environment[LANGUAGE] = self.language
        environment["PYTHONPATH"] = with_notebooks(Path(self.root), environment.get("PYTHONPATH", ""))
        pid = server.fork(cmd[3:], environment, self.root) if server and cmd[1:2] == ["-m"] else None
        if pid is None:
            return await super().launch_kernel(cmd, env=environment, cwd=self.root, **kwargs)
        self.process: Any = _ForkedProcess(pid)
        self.pid = self.pgid = pid
        self.cwd = self.root
        return self.connection_info


_thread = threading.local()


def use_server(server: KernelServer | None, folder: Path) -> None:
    """Let the kernels that this thread starts be forked by `server`, and be ready to write into `folder`.

    The choice is made in this process alone: no kernel specification changes, and Jupyter does not see it.
    """
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-reads.py").write_text(_STARTUP, encoding="utf-8")
    _thread.server = server
    factory = KernelProvisionerFactory.instance()
    point = EntryPoint(_NAME, f"{__name__}:{Provisioner.__name__}", factory.GROUP_NAME)
    factory.provisioners[_NAME] = point
    factory.default_provisioner_name = _NAME


def with_notebooks(root: Path, before: str) -> str:
    """Return the path that kernels import from, with the Python that a book's notebooks bring along in front."""
    return os.pathsep.join(dict.fromkeys([str(root / "notebooks"), *filter(None, before.split(os.pathsep))]))
