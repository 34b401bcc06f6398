"""Every command that README.md tells a reader to type, typed.

Two are not typed again, because they are what has been done: the book was built by `policybook build`, which is all
that `make book` does once everything is installed (tests/docs/test_route.py), and `make test` runs this test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from copies import ROOT
from readme_blocks import shell_lines

from policybook.project import Project

DONE_ALREADY = ("make book", "make test", ".venv/bin/policybook build")
SERVERS = re.compile(r"\bserve\b")


@pytest.fixture(scope="module")
def clone(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a reader has it after `make book`, with the environment that the tests run in."""
    folder = tmp_path_factory.mktemp("clone") / "policybook"
    shutil.copytree(built.root, folder)
    for name in ("Makefile", "pyproject.toml", "README.md"):
        shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    return folder


@pytest.mark.parametrize("line", [line for line in shell_lines() if not SERVERS.search(line)])
def test_a_command_of_the_readme_does_what_it_says(clone: Path, line: str):
    if line in DONE_ALREADY or line.startswith(("git clone", "cd ")):
        return
    done = subprocess.run(line.split(), cwd=clone, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() or "execute" in line


@pytest.mark.parametrize("line", [line for line in shell_lines() if SERVERS.search(line)])
def test_a_server_of_the_readme_shows_the_book(clone: Path, line: str):
    """On a free port instead of the one in the command, which may be taken."""
    if line == "make serve":
        command_line = ["make", "--no-print-directory", "-n", "serve"]
        alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
        said = subprocess.run(command_line, cwd=clone, env=alone, capture_output=True, text=True, check=True).stdout
        line = said.strip().splitlines()[-1]
    command = [*re.sub(r" --port \d+", "", line).split(), "--port", "0"]
    server = subprocess.Popen(command, cwd=clone, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        assert server.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())[0]
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert "新型" in answer.read().decode("utf-8") or answer.status == 200
    finally:
        server.terminate()
        server.communicate(timeout=10)
