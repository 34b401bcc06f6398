"""Copies of this repository's project to break or to build, and the command line to do it with."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policybook.cli import main
from policybook.project import Project

ROOT = Path(__file__).resolve().parent.parent
POLICYBOOK = Path(sys.executable).with_name("policybook")

SIXTH = "qingxi-2024-county"
#: Every character of the title and the text must come out as one, whatever it means to HTML, MyST or Excel.
SIXTH_TITLE = """青溪县的"城镇化": the people's county <script>alert(1)</script> {{ x }} $$y$$"""
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "{{ config }}",
    "$$x^2$$",
    "{glue:text}`title`",
    "[点此](javascript:alert(1))",
    '=HYPERLINK("https://example.invalid","户籍")',
)
#: A text of our own about an invented county of Yunnan. Its place is none of the other documents'.
SIXTH_TEXT = f"""\
青溪县推进以县城为重要载体的城镇化建设
云南省青溪县今年召开推进新型城镇化工作会议，研究落实深入实施以人为本的新型城镇化战略五年行动计划。
会议提出，要深化户籍制度改革，让农业转移人口在县城落得下、住得稳，推进农业转移人口市民化。
有人在意见簿上写下{HOSTILE[0]}和{HOSTILE[1]}，县里照原样收录，一字未改。
另有一页写着{HOSTILE[2]}与{HOSTILE[3]}，还有{HOSTILE[4]}和{HOSTILE[5]}，都只是文字。
{HOSTILE[6]}一格说的是户籍制度改革的办理地点。
县城将补齐基础设施和公共服务的短板，扩建两所学校和一所医院，让县城与乡村的公共服务相互衔接。
天气晴朗的日子里，老街上的茶馆坐满了人，大家说起从前赶集的路。
云南省将把青溪县的做法用于其他县城，促进城乡融合发展和乡村振兴，壮大县域经济。
"""
SIXTH_ENTRY = """
  - id: {id}
    file: {id}.txt
    sha256: {sha256}
    title: |-
      {title}
    publisher: =HYPERLINK("https://example.invalid")
    published: 2024-09-10
    written: 2024-09-10
    language: zh
    speaker: yunnan
    voice: reported
    rights: full
    rights_note: written for the tests of this project
    plan: action-2024
"""


def copy_project(folder: Path) -> Project:
    """Copy the project, as a fresh clone has it, into the new `folder`."""
    folder.mkdir()
    made = {"index.ipynb", "documents", "comparisons", "chapters", "zh", "_build"}

    def skip(where: str, names: list[str]) -> Iterable[str]:
        return [n for n in names if n == "__pycache__" or (Path(where) == ROOT / "book" and n in made)]

    for name in ("data", "notebooks", "book"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    for name in ("_config.yml", "_toc.yml", "CITATION.cff", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    return Project(folder)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Project:
    """Return the project that `make` makes in the folder it is given: once, for all processes that run the tests.

    Whoever comes first makes it, the others wait. Where making it fails the next one tries again, and fails too.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / f"made-{name}", shared / f"made-{name}.done"
    with (shared / f"made-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return Project(folder)


def add_sixth_document(project: Project) -> None:
    """Add a Chinese document about a county of Yunnan, the way a person would: a file and an entry."""
    content = SIXTH_TEXT.encode()
    (project.documents / f"{SIXTH}.txt").write_bytes(content)
    entry = SIXTH_ENTRY.format(id=SIXTH, sha256=hashlib.sha256(content).hexdigest(), title=SIXTH_TITLE)
    with project.corpus_file.open("a", encoding="utf-8") as file:
        file.write(entry)


def hold_back(project: Project, document: str) -> None:
    """Let only the sentences of a document in which something was coded be shown."""
    head, entry = project.corpus_file.read_text(encoding="utf-8").split(f"- id: {document}\n")
    held = entry.replace("rights: quote\n", "rights: evidence\n", 1)
    project.corpus_file.write_text(f"{head}- id: {document}\n{held}", encoding="utf-8")


def keep_documents(project: Project, count: int) -> None:
    """Cut data/corpus.yml to its first `count` entries."""
    head, *entries = project.corpus_file.read_text(encoding="utf-8").split("\n  - id: ")
    project.corpus_file.write_text("\n  - id: ".join([head, *entries[:count]]), encoding="utf-8")


def hear_ctrl_c() -> None:
    """Before a program starts: let Ctrl-C reach it, also where whoever runs the tests has it ignored, as shells do."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def policybook(
    *arguments: str, project: Project | None = None, cwd: Path | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run the installed command as a user would, and return what it said."""
    command = [str(POLICYBOOK), *(["--project", str(project.root)] if project else []), *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False,
        env={name: value for name, value in os.environ.items() if name != "POLICYBOOK_DEBUG"},
    )  # fmt: skip


def policybook_here(*arguments: str, project: Project) -> Result:
    """Do what `policybook` does, without starting a process: for the many ways in which an input can be wrong."""
    done = CliRunner().invoke(main, ["--project", str(project.root), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    return done
