"""_toc.yml with its globs filled in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from copies import ROOT

from policybook.errors import InvalidDataError
from policybook.project import Project
from policybook.publishing.toc import write_toc

#: Two documents, and every chapter that this book's own _toc.yml names.
PAGES = [
    "index",
    "documents/b",
    "documents/a",
    *re.findall(r"file: (chapters/\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8")),
]


def test_a_glob_is_filled_in_the_order_of_the_runs(tiny: Project, tmp_path: Path):
    parts = _written(tiny, tmp_path, PAGES)
    assert [c["file"] for c in parts["Documents"]] == ["documents/b", "documents/a"]


def test_a_part_without_pages_is_left_out(tiny: Project, tmp_path: Path):
    without = [page for page in PAGES if not page.startswith("documents/")]
    assert "Documents" not in _written(tiny, tmp_path, without)


def test_a_page_that_does_not_exist_is_named_with_the_nearest_line(tiny: Project, tmp_path: Path):
    toc = tiny.root / "_toc.yml"
    toc.write_text(toc.read_text(encoding="utf-8").replace("how-to-read", "how-to-raed"), encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"^_toc\.yml:.*'how-to-raed'"):
        write_toc(tiny, PAGES, tmp_path / "toc.yml")


def _written(project: Project, folder: Path, pages: list[str]) -> dict[str, list[dict[str, str]]]:
    write_toc(project, pages, folder / "toc.yml")
    toc = yaml.safe_load((folder / "toc.yml").read_text(encoding="utf-8"))
    return {part["caption"]: part["chapters"] for part in toc["parts"]}
