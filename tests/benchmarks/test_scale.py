"""A small corpus of the benchmark of many documents: what was planted comes back, a killed worker included."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import scale
from copies import hear_ctrl_c
from scale import Run, compare_with_planted, lay_corpus, make_project_for

from policybook.coding.described import read_metadata
from policybook.coding.executors import Workers
from policybook.coding.measure import measure_into
from policybook.corpus.scope import load_vocabulary
from policybook.project import Project

SIZE = 40


def command(project: Path, texts: Path, metadata: Path, out: Path) -> list[str]:
    words = [sys.executable, "-m", "policybook.cli", "--project", project, "measure", texts, "--metadata", metadata]
    return [str(word) for word in (*words, "--out", out, "--jobs", "2")]


def workers_of(pid: int) -> list[psutil.Process]:
    found = psutil.Process(pid).children(recursive=True)
    return [one for one in found if "spawn_main" in " ".join(one.cmdline())]


def wait_for_line(path: Path, wanted: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 240
    while wanted not in path.read_text(encoding="utf-8"):
        assert process.poll() is None and time.monotonic() < until, path.read_text(encoding="utf-8")[-500:]
        time.sleep(0.1)


def test_what_was_planted_comes_back_also_when_a_worker_is_killed_and_the_work_stopped(tmp_path: Path) -> None:
    """Stopped by Ctrl-C after a few documents, gone on with, a worker killed: the same bytes as in one process."""
    texts, metadata, planted = lay_corpus(tmp_path, SIZE)
    project, said, out = make_project_for(tmp_path / "project"), tmp_path / "said", tmp_path / "out"
    said.touch()

    def start() -> subprocess.Popen[bytes]:
        with said.open("a") as file:
            return subprocess.Popen(
                command(project, texts, metadata, out),
                stderr=file,
                stdout=file,
                preexec_fn=hear_ctrl_c,
            )

    first = start()
    wait_for_line(said, "[5/", first)
    workers = workers_of(first.pid)
    began = time.monotonic()
    first.send_signal(signal.SIGINT)
    assert first.wait(timeout=60) == 1
    assert time.monotonic() - began < 30 and not out.exists()
    assert workers and not [one for one in workers if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    second = start()
    wait_for_line(said, "were measured before and are kept", second)
    wait_for_line(said, f"[3/{SIZE - kept(said)}]", second)
    os.kill(workers_of(second.pid)[0].pid, signal.SIGKILL)
    assert second.wait(timeout=300) == 0, said.read_text(encoding="utf-8")[-500:]

    alone = Project(make_project_for(tmp_path / "alone"))
    described = read_metadata(texts, metadata, load_vocabulary(alone))
    measure_into(tmp_path / "again", described, alone, workers=Workers())
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()
    }
    table = compare_with_planted(out, planted)
    assert table["missed"].sum() == table["added"].sum() == 0
    assert table["inside"].mean() > 0.85


def kept(said: Path) -> int:
    line = next(line for line in said.read_text(encoding="utf-8").splitlines() if "are kept" in line)
    return int(line.split()[0])


def test_the_slope_is_that_of_the_logarithms() -> None:
    assert scale.slope([Run(10, 1.0, 0), Run(100, 10.0, 0), Run(1000, 100.0, 0)]) == pytest.approx(1)


def test_a_section_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    path.write_text("# Another\n\nfigures\n", encoding="utf-8")
    for said in ("one", "two"):
        scale.keep(f"{scale.HEAD}\n\n{said}\n", path)
    assert path.read_text(encoding="utf-8") == f"# Another\n\nfigures\n\n{scale.HEAD}\n\ntwo\n"
