"""What stands around the code: the workflow, forms, how faults are reported."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from copies import ROOT

WORKFLOW = (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8")


def jobs() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(WORKFLOW)["jobs"]
    return found


def test_every_action_is_pinned_by_its_commit_and_says_its_version() -> None:
    used = re.findall(r"uses: (\S+)(.*)", WORKFLOW)
    assert len(used) >= 6
    assert [one for one, said in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", one)] == []
    assert [one for one, said in used if not re.fullmatch(r" # v\d+\.\d+\.\d+", said)] == []
    assert len({one for one, _ in used}) == len({one.partition("@")[0] for one, _ in used}), "one commit an action"


def test_every_job_ends() -> None:
    assert all(job["timeout-minutes"] > 0 for job in jobs().values())


def test_every_supported_python_and_system_checks_and_cites() -> None:
    matrix = jobs()["elsewhere"]["strategy"]["matrix"]
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "windows", "macos"}
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert set(matrix["python"]) == set(re.findall(r"Python :: (3\.\d+)\"", declared))
    run = "".join(step.get("run", "") for step in jobs()["elsewhere"]["steps"])
    assert "policybook check" in run
    assert "policybook cite" in run
    assert "elsewhere" in jobs()["publish"]["needs"]


def test_forms_and_settings_can_be_read() -> None:
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/correct-a-judgement.yml").read_text(encoding="utf-8"))
    assert len({one["id"] for one in form["body"]}) == len(form["body"]) == 5
    assert all(one["attributes"]["label"] for one in form["body"])
    renewed = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))["updates"]
    assert {one["package-ecosystem"] for one in renewed} == {"github-actions", "pip"}
    assert json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))["postCreateCommand"]
