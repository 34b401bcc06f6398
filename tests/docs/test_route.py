"""The one documented route: the Makefile, the scripts of CI, and what a clone carries."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import browser as browsers
import pytest
import yaml
from copies import ROOT

from policybook.build import pdf

WORKFLOW = ROOT / ".github" / "workflows" / "book.yml"


@pytest.fixture
def stub_path(tmp_path: Path) -> Path:
    """A folder to be the whole PATH; it holds nothing but rm."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "rm").symlink_to(shutil.which("rm"))
    return folder


def test_make_book_builds_the_book():
    assert "policybook build" in _make("book")


def test_make_test_checks_style_types_and_everything_else():
    said = _make("test")
    for tool in ("tests/browser.py", "ruff check", "mypy", "pytest"):
        assert tool in said


@pytest.mark.parametrize("target", ["pdf", "serve", "same", "bench", "clean"])
def test_a_target_is_there(target: str):
    assert _make(target)


def test_every_target_is_explained_at_the_head_of_the_makefile():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)[1].split()
    assert [target for target in targets if f"#   make {target}" not in text] == []


def test_clean_leaves_what_is_committed():
    removed = re.search(r"rm -rf (.+)", _make("clean"))[1].split()
    assert not {"book", "data", "notebooks", "."} & set(removed)
    assert "_build" in removed


def test_a_python_without_venv_is_named_with_the_package_to_install(stub_path: Path):
    _stub_python(stub_path / "python3", version="3.12", venv=False)
    done = _make_venv(stub_path)
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_computer_without_python_is_told_which_to_install(stub_path: Path):
    done = _make_venv(stub_path)
    assert done.returncode == 1
    assert "3.11" in done.stderr


def test_a_python_that_is_too_old_is_passed_over(stub_path: Path):
    _stub_python(stub_path / "python3", version="3.9", venv=True)
    assert _make_venv(stub_path).returncode == 1


def test_the_newest_python_that_can_is_taken(stub_path: Path):
    _stub_python(stub_path / "python3.11", version="3.11", venv=True)
    _stub_python(stub_path / "python3.13", version="3.13", venv=True)
    _stub_python(stub_path / "python3", version="3.9", venv=True)
    done = _make_venv(stub_path)
    assert done.returncode == 0, done.stderr
    assert "made with 3.13" in done.stdout


def test_the_workflow_calls_the_scripts_that_anyone_can_call():
    """The other systems, which have neither make nor a shell like ours, call the commands themselves."""
    steps = [step for name, job in _workflow()["jobs"].items() if name != "elsewhere" for step in job["steps"]]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands == ["bash .ci/run", "make book PLANS=1", 'bash .ci/publish _build/html "$EDITION"']


def test_the_workflow_may_write_only_where_it_publishes():
    workflow = _workflow()
    assert workflow["permissions"] == {"contents": "read"}
    assert [name for name, job in workflow["jobs"].items() if "permissions" in job] == ["publish"]


@pytest.mark.parametrize("script", [".ci/run", ".ci/publish", ".ci/make-venv"])
def test_a_script_has_no_error_of_syntax(script: str):
    shell = "bash" if "bash" in (ROOT / script).read_text(encoding="utf-8").splitlines()[0] else "sh"
    assert subprocess.run([shell, "-n", str(ROOT / script)], capture_output=True, check=False).returncode == 0


def test_ci_runs_both_halves_of_the_route():
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^make book$", text, re.MULTILINE)
    assert re.search(r"^make test$", text, re.MULTILINE)


def test_no_file_names_a_path_of_the_computer_it_was_written_on():
    own = re.compile(rb"(?<![\w./-])/(?:" + b"|".join([b"wor" + b"k", b"far" + b"m"]) + rb")/")
    found = {path.relative_to(ROOT).as_posix() for path in _tracked() if own.search(path.read_bytes())}
    assert found == set()


def test_nothing_that_a_build_makes_is_committed():
    tracked = [path.relative_to(ROOT).as_posix() for path in _tracked()]
    made = re.compile(r"^(?:_build/|\.venv/|book/(?:documents|comparisons|chapters)/|book/index\.ipynb)|__pycache__")
    assert [name for name in tracked if made.search(name)] == []


def test_a_named_browser_is_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert pdf.find_browser() == Path(sys.executable)


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_a_missing_browser_is_an_error_only_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, ci: str, status: int
):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(pdf, "_MAC", tmp_path / "none")
    assert browsers.main() == status
    said = capsys.readouterr().err
    assert "apt install chromium" in said
    assert len(said.splitlines()) == 1


def _make(target: str) -> str:
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "-n", target], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def _make_venv(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / ".ci" / "make-venv"), str(path.parent / "venv")],
        env={"PATH": str(path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _stub_python(path: Path, *, version: str, venv: bool) -> None:
    """Write a command that answers what make-venv asks a Python."""
    fits = 0 if (3, 11) <= tuple(map(int, version.split("."))) <= (3, 14) else 1
    path.write_text(
        f"""#!/bin/sh
case "$*" in
    *"import venv"*) exit {0 if venv else 1} ;;
    *"sys.exit"*) exit {fits} ;;
    *print*) echo {version} ;;
    "-m venv"*) echo "made with {version}" ;;
esac
""",
        encoding="utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _workflow() -> dict:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))


def _tracked() -> list[Path]:
    """Return the files that are committed or would be."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: git cannot say which files belong to the project")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
