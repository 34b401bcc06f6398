"""Texts of our own to measure, and their metadata."""

from __future__ import annotations

import csv
import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from copies import copy_project, policybook_here

from policybook.coding.measured import BLOCKS, COUNTED, DOCUMENTS, RECORD
from policybook.project import Project

TEXTS = {
    "qingshan-2019.txt": (
        "一、工作回顾\n"
        "过去一年，我们推进户籍制度改革，城镇化率提高到58.3%。\n"
        "县城补短板项目开工17个，乡村振兴取得新进展。\n"
        "二、工作安排\n"
        "要加快农业转移人口市民化，完善基本公共服务。要壮大县域经济，支持返乡创业。\n"
    ),
    "qingshan-2023.txt": (
        "今年要推动城乡融合发展，建设高标准农田20万亩。\n"
        "必须守住耕地红线。鼓励社会资本参与城市更新。\n"
    ),
}


def lay_texts(folder: Path, **changed: str) -> tuple[Path, Path]:
    """Write the texts and their metadata; return the folder of texts and the metadata file."""
    texts = folder / "texts"
    texts.mkdir()
    rows = []
    for name, text in TEXTS.items():
        (texts / name).write_text(text, encoding="utf-8")
        year = name[-8:-4]
        rows.append(
            {
                "file": name,
                "title": f"青山省{year}年政府工作报告",
                "place": "yunnan",
                "year": year,
                "era": "2014-2020" if year == "2019" else "2021-2024",
                "official_url": f"https://example.org/{year}",
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
        )
    rows[0] |= changed
    metadata = folder / "metadata.csv"
    with metadata.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return texts, metadata


#: A project with tables of texts, the texts, and their metadata.
Own = tuple[Project, Path, Path]
FILES = (DOCUMENTS, COUNTED, BLOCKS, RECORD)


def measure_own(factory: pytest.TempPathFactory) -> Own:
    """Return a copy of this project with the texts measured as `own`, and the texts with their metadata."""
    project = copy_project(factory.mktemp("projects") / "own")
    texts, metadata = lay_texts(factory.mktemp("texts"))
    done = measured_as("own", project, texts, metadata)
    assert done.exit_code == 0, done.output
    assert "2 documents" in done.output
    return project, texts, metadata


def measured_as(name: str, project: Project, texts: Path, metadata: Path) -> Result:
    out = str(project.measured / name)
    return policybook_here("measure", str(texts), "--metadata", str(metadata), "--out", out, project=project)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def copy_of(project: Project, tmp_path: Path) -> Project:
    root = tmp_path / "copy"
    shutil.copytree(project.root, root)
    return Project(root)


def unmeasured(project: Project, tmp_path: Path) -> Project:
    """Return a copy of a project for which nothing is kept that was measured before."""
    copy = copy_of(project, tmp_path)
    shutil.rmtree(copy.build)
    return copy


def change_scheme(project: Project, before: str, after: str) -> None:
    path = project.lexicon / "concepts.yml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
