""".ci/publish against a repository on this computer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from copies import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with one commit and an empty remote."""
    _git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    _git(tmp_path, "init", "--quiet", "clone")
    clone = tmp_path / "clone"
    (clone / "README.md").write_text("x", encoding="utf-8")
    _git(clone, "add", "README.md")
    _git(clone, "commit", "--quiet", "-m", "first")
    _git(clone, "remote", "add", "origin", str(tmp_path / "remote.git"))
    return clone


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "documents").mkdir(parents=True)
    (folder / "index.html").write_text("<p>一</p>", encoding="utf-8")
    (folder / "documents" / "a.html").write_text("<p>a</p>", encoding="utf-8")
    return folder


def test_the_first_edition_is_published_beside_latest(clone: Path, site: Path):
    done = _publish(clone, site, "v0.1.0")
    assert done.returncode == 0, done.stderr
    assert _published(clone) == {
        ".nojekyll", "index.html", "editions.json", "v0.1.0/index.html", "v0.1.0/documents/a.html",
        "latest/index.html", "latest/documents/a.html",
    }  # fmt: skip
    assert json.loads(_show(clone, "editions.json")) == ["v0.1.0"]
    assert 'href="latest/"' in _show(clone, "index.html")


def test_a_later_edition_leaves_the_earlier_one_as_it_was(clone: Path, site: Path):
    _publish(clone, site, "v0.9.0")
    (site / "index.html").write_text("<p>二</p>", encoding="utf-8")
    (site / "documents" / "a.html").unlink()
    assert _publish(clone, site, "v0.10.0").returncode == 0
    assert json.loads(_show(clone, "editions.json")) == ["v0.10.0", "v0.9.0"]
    assert _show(clone, "v0.9.0/index.html") == "<p>一</p>"
    assert _show(clone, "latest/index.html") == _show(clone, "v0.10.0/index.html") == "<p>二</p>"
    assert "latest/documents/a.html" not in _published(clone)


def test_publishing_the_same_again_changes_nothing(clone: Path, site: Path):
    _publish(clone, site, "v0.1.0")
    before = _git(clone, "ls-remote", "origin")
    done = _publish(clone, site, "v0.1.0")
    assert (done.returncode, "nothing has changed" in done.stdout) == (0, True)
    assert _git(clone, "ls-remote", "origin") == before


def test_a_draft_is_not_the_latest_edition(clone: Path, site: Path):
    _publish(clone, site, "dev")
    assert not [name for name in _published(clone) if name.startswith("latest/")]
    assert 'href="dev/"' in _show(clone, "index.html")
    _publish(clone, site, "v0.1.0")
    (site / "index.html").write_text("<p>二</p>", encoding="utf-8")
    assert _publish(clone, site, "dev").returncode == 0
    assert (_show(clone, "dev/index.html"), _show(clone, "latest/index.html")) == ("<p>二</p>", "<p>一</p>")
    assert 'href="latest/"' in _show(clone, "index.html")


def test_a_published_version_is_never_changed(clone: Path, site: Path):
    _publish(clone, site, "v0.1.0")
    (site / "index.html").write_text("<p>二</p>", encoding="utf-8")
    done = _publish(clone, site, "v0.1.0")
    assert (done.returncode, "publish a new one" in done.stderr) == (1, True)
    assert _show(clone, "v0.1.0/index.html") == "<p>一</p>"


def test_a_correction_of_an_older_version_does_not_become_the_latest(clone: Path, site: Path):
    _publish(clone, site, "v0.10.0")
    (site / "index.html").write_text("<p>二</p>", encoding="utf-8")
    assert _publish(clone, site, "v0.9.1").returncode == 0
    assert (_show(clone, "v0.9.1/index.html"), _show(clone, "latest/index.html")) == ("<p>二</p>", "<p>一</p>")
    assert json.loads(_show(clone, "editions.json")) == ["v0.10.0", "v0.9.1"]


def test_a_version_comes_only_from_its_tag(clone: Path, site: Path):
    for kind, name in (("branch", "main"), ("branch", "v0.1.0"), ("tag", "v0.2.0")):
        done = _publish(clone, site, "v0.1.0", GITHUB_REF_TYPE=kind, GITHUB_REF_NAME=name)
        assert (done.returncode, "comes only from its tag" in done.stderr) == (1, True)
    assert _publish(clone, site, "v0.1.0", GITHUB_REF_TYPE="tag", GITHUB_REF_NAME="v0.1.0").returncode == 0
    assert _publish(clone, site, "dev", GITHUB_REF_TYPE="branch", GITHUB_REF_NAME="main").returncode == 0


def test_publishing_leaves_the_clone_as_it_was(clone: Path, site: Path):
    (clone / "draft.txt").write_text("not committed", encoding="utf-8")
    _publish(clone, site, "v0.1.0")
    assert _git(clone, "status", "--porcelain") == "?? draft.txt\n"
    assert _git(clone, "branch", "--list", "gh-pages") == ""


@pytest.mark.parametrize("edition", ["latest", "../up", "a/b", "", ".git", "v 1"])
def test_what_cannot_name_an_edition_is_refused(clone: Path, site: Path, edition: str):
    done = _publish(clone, site, edition)
    assert done.returncode == 1
    assert "cannot name an edition" in done.stderr
    assert _git(clone, "ls-remote", "origin") == ""


def test_a_site_that_was_not_built_is_refused(clone: Path, tmp_path: Path):
    done = _publish(clone, tmp_path, "v0.1.0")
    assert done.returncode == 1
    assert "make book" in done.stderr


def test_a_remote_that_cannot_be_read_is_an_error(clone: Path, site: Path):
    done = _publish(clone, site, "v0.1.0", REMOTE=str(clone.parent / "gone.git"))
    assert done.returncode == 1
    assert "cannot read the remote" in done.stderr


def _publish(clone: Path, site: Path, edition: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(ROOT / ".ci" / "publish"), str(site), edition],
        cwd=clone, env=_environment() | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=_environment(), capture_output=True, text=True, check=True
    ).stdout


def _environment() -> dict[str, str]:
    """Return the environment without what a git hook or CI may have set, and with a name to commit under."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_REF_"))}
    who = {"GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@t", "GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@t"}
    return kept | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def _published(clone: Path) -> set[str]:
    remote = clone.parent / "remote.git"
    return set(_git(remote, "ls-tree", "-r", "--name-only", "gh-pages").split())


def _show(clone: Path, path: str) -> str:
    return _git(clone.parent / "remote.git", "show", f"gh-pages:{path}")
