"""The command line as a new user meets it, one mistake at a time: a sentence and an exit status, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from copies import copy_project, policybook, policybook_here
from site_server import serve_folder

from policybook import __version__
from policybook.project import Project

#: One mistake in every file: what is replaced, by what, and what the message must name.
MISTAKES = {
    "data/corpus.yml": ("speaker: liaoning", "speaker: laioning", "'liaoning'"),
    "data/comparisons.yml": ("plan: nnup-2014", "plan: nnup-2041", "'nnup-2014'"),
    "data/lexicon/concepts.yml": ("    theme: people\n", "    theme: peopel\n", "people"),
    "data/facts/plan_targets.csv": (",seen,http", ",sene,http", "seen"),
    "notebooks/runs.yml": ("most: 60", "mots: 60", "'most'"),
}


@pytest.fixture
def broken(tmp_path: Path) -> Project:
    """A copy with a mistake in every file that a person edits."""
    project = copy_project(tmp_path / "project")
    for name, (right, wrong, _) in MISTAKES.items():
        path = project.root / name
        text = path.read_text(encoding="utf-8")
        assert right in text, f"{name} has changed: choose another mistake to make"
        path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy that these tests only read."""
    return copy_project(tmp_path_factory.mktemp("copied") / "project")


def test_check_names_every_mistake_of_every_file_with_its_line_and_changes_nothing(broken: Project):
    before = _files(broken)
    done = policybook("check", project=broken)
    assert done.returncode == 1
    for name, (_, wrong, hint) in MISTAKES.items():
        line = 1 + (broken.root / name).read_text(encoding="utf-8").split(wrong.rstrip("\n"))[0].count("\n")
        found = [said for said in done.stderr.splitlines() if said.startswith(f"{name}:{line}:")]
        assert found, f"{name}:{line} in {done.stderr}"
        assert hint in found[0]
    assert "nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert _files(broken) == before


@pytest.mark.parametrize(
    ("right", "wrong", "hint"),
    [
        ('document: "{id}"', 'docment: "{id}"', "Did you mean 'document'?"),
        ('document: "{id}"', 'document: "web-2024-county-mobilisation"', "'web-2024-county-mobilization'"),
        ('comparison: "{id}"', 'comparison: "nationl-fujian"', "'national-fujian'"),
        ("most: 60", "most: sixty", "a whole number"),
        ("most: 60", "most: true", "a whole number"),
        ("template: front", "template: frond", "'front'"),
        ("page: chapters/methods", "page: chapters/Methods", "lower case"),
        ("page: chapters/limits", "page: chapters/methods", "made twice"),
        ("each: comparisons", "each: comparison", "'comparisons'"),
    ],
)
def test_a_run_that_cannot_be_made_starts_no_kernel(tmp_path: Path, right: str, wrong: str, hint: str):
    project = copy_project(tmp_path / "project")
    text = project.runs_file.read_text(encoding="utf-8")
    assert right in text
    project.runs_file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    done = policybook_here("execute", project=project)
    assert done.exit_code == 1
    assert hint in done.stderr
    assert re.search(r"^notebooks/runs\.yml:\d+: ", done.stderr, re.MULTILINE)
    assert list(project.book.rglob("*.ipynb")) == []
    assert not project.build.exists()


@pytest.mark.parametrize("arguments", [("execute", "documents/web-2021"), ("build", "--only", "documents/web-2021")])
def test_an_unknown_page_is_answered_with_the_nearest(copied: Project, arguments: tuple[str, ...]):
    done = policybook_here(*arguments, project=copied)
    assert done.exit_code == 1
    assert "Did you mean 'documents/web-2021-joint-conference'?" in done.stderr


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("web-2021-joint-conference:p99", "'p99'"),
        ("web-2021-joint-conferense:p01", "web-2021-joint-conference"),
        ("comparisons/eras#anser", "'answer'"),
        ("comparisons/era", "'comparisons/eras'"),
    ],
)
def test_citing_what_is_not_there_is_answered_with_the_nearest(copied: Project, target: str, hint: str):
    done = policybook_here("cite", target, project=copied)
    assert done.exit_code == 1
    assert hint in done.stderr
    assert "Known:" in done.stderr


def test_serving_without_a_book_says_how_to_make_one(copied: Project):
    done = policybook_here("serve", "--port", "0", project=copied)
    assert done.exit_code == 1
    assert "policybook build" in done.stderr


@pytest.mark.parametrize("command", [("check",), ("build",), ("execute",), ("serve",), ("cite", "index")])
def test_outside_a_project_one_sentence_says_so(tmp_path: Path, command: tuple[str, ...]):
    done = policybook(*command, cwd=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "--project" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("build", "--forse"), ("bild",), ("execute", "--jobs", "0"), ("serve", "--port", "http"), ("cite",),
     ("cite", "index", "--style", "mla"), ("--project", "/nowhere/at/all", "check")],
)  # fmt: skip
def test_wrong_usage_is_status_2(copied: Project, arguments: tuple[str, ...]):
    done = policybook_here(*arguments, project=copied)
    assert done.exit_code == 2
    assert done.stderr.startswith("Usage: ")


def test_the_project_is_found_from_a_folder_inside_it(copied: Project):
    done = policybook("check", cwd=copied.data / "lexicon")
    assert (done.returncode, done.stderr) == (0, "")
    assert "No mistakes" in done.stdout


def test_the_version_is_the_packages(tmp_path: Path):
    assert policybook("--version", cwd=tmp_path).stdout.strip().endswith(__version__)


def test_a_port_that_is_taken_is_named(copied: Project):
    copied.site.mkdir(parents=True, exist_ok=True)
    (copied.site / "index.html").write_text("<p>a book</p>", encoding="utf-8")
    with serve_folder(copied.site) as address:
        port = address.rstrip("/").rpartition(":")[2]
        done = policybook_here("serve", "--port", port, project=copied)
    assert done.exit_code == 1
    assert f"port {port}" in done.stderr


def _files(project: Project) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(project.root.rglob("*")) if path.is_file()}
