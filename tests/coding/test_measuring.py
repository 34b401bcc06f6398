"""Measuring: counts and no text, the same bytes each time, and every fault in a folder of tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from coding.measuring_texts import TEXTS, lay_texts
from copies import ROOT, policybook_here
from kinds import MakeProject

from policybook.coding.measured import files_of, make_measured, parse_concepts, read_measured, show_concepts
from policybook.coding.measured_folder import write_measured
from policybook.coding.measuring import measure
from policybook.coding.metadata import read_metadata
from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import InvalidDataError
from policybook.project import Project


def test_tables_hold_what_the_coding_finds(tmp_path: Path, project: Project, vocabulary: Vocabulary) -> None:
    measured = measure(read_metadata(*lay_texts(tmp_path), vocabulary), project)
    assert measured.documents["document"].tolist() == ["qingshan-2019", "qingshan-2023"]
    assert measured.documents["blocks"].sum() == len(measured.blocks)
    found = [parse_concepts(cell) for cell in measured.blocks["concepts"]]
    assert any("hukou-reform" in counts for counts in found)
    assert any(counts.get("county-economy") == 1 for counts in found)


def test_no_run_of_four_characters_of_a_text_is_in_the_tables(
    tmp_path: Path, project: Project, vocabulary: Vocabulary
) -> None:
    measured = measure(read_metadata(*lay_texts(tmp_path), vocabulary), project)
    tables = "".join(content.decode() for content in files_of(measured).values())
    titles = "".join(measured.documents["title"])
    for text in TEXTS.values():
        for run in re.findall("[\u4e00-\u9fff]{4,}", text):
            for n in range(len(run) - 3):
                assert run[n : n + 4] in titles or run[n : n + 4] not in tables


def test_the_same_texts_give_the_same_bytes(tmp_path: Path, make_project: MakeProject) -> None:
    project = make_project()
    texts, metadata = lay_texts(tmp_path)
    for name in ("one", "two"):
        out = project.measured / name
        done = policybook_here(
            "measure", str(texts), "--metadata", str(metadata), "--out", str(out), project=project
        )
        assert done.exit_code == 0, done.output
        assert "2 documents" in done.output
    for name in ("documents.csv", "blocks.csv", "measured.yml"):
        assert (project.measured / "one" / name).read_bytes() == (project.measured / "two" / name).read_bytes()
    again = policybook_here(
        "measure", str(texts), "--metadata", str(metadata), "--out", str(project.measured / "one"), project=project
    )
    assert again.exit_code == 0
    before = {path.name for path in (ROOT / "data" / "measured").glob("*")}
    assert {path.name for path in project.measured.iterdir()} - before == {"one", "two"}


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("blocks.csv", "qingshan-2019,1,", "qingshan-2019,7,", "block 1 is expected here"),
        ("blocks.csv", "qingshan-2019,1,", "qingshan-2020,1,", "unknown document 'qingshan-2020'"),
        ("blocks.csv", "county-economy:1", "county-economy:x", "is not a list of id:number pairs"),
        ("documents.csv", "yunnan", "liaoning", "its hash differs"),
        ("measured.yml", "made_by", "made_bye", "no such field"),
    ],
)
def test_a_changed_table_is_found(
    tmp_path: Path, make_project: MakeProject, file: str, before: str, after: str, message: str
) -> None:
    project = make_project()
    texts, metadata = lay_texts(tmp_path)
    folder = project.measured / "own"
    arguments = ("measure", str(texts), "--metadata", str(metadata), "--out", str(folder))
    assert policybook_here(*arguments, project=project).exit_code == 0
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InvalidDataError, match=re.escape(message)):
        read_measured(folder, project)


def test_texts_at_hand_are_held_against_their_counts(tmp_path: Path, make_project: MakeProject) -> None:
    project = make_project()
    texts, metadata = lay_texts(tmp_path)
    folder = project.measured / "own"
    arguments = ("measure", str(texts), "--metadata", str(metadata), "--out", str(folder))
    assert policybook_here(*arguments, project=project).exit_code == 0
    again = ("measure", str(texts), "--metadata", str(folder / "documents.csv"), "--out", str(folder.with_name("two")))
    assert policybook_here(*again, project=project).exit_code == 0
    assert (folder / "blocks.csv").read_bytes() == (folder.with_name("two") / "blocks.csv").read_bytes()
    (project.documents / "received.txt").write_bytes((texts / "qingshan-2019.txt").read_bytes())
    assert policybook_here("check", project=project).exit_code == 0
    measured = read_measured(folder, project)
    forged = measured.blocks.assign(quantity_money=measured.blocks["quantity_money"] + 1)
    record = measured.record
    wrong = make_measured(measured.documents, forged, made_by=record.made_by, rules=record.rules)
    write_measured(folder, wrong)
    done = policybook_here("check", project=project)
    assert done.exit_code == 1
    assert "qingshan-2019: its counts are not those of its text in data/documents." in done.output
    assert "qingshan-2023" not in done.output


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path, make_project: MakeProject) -> None:
    project = make_project()
    texts, metadata = lay_texts(tmp_path)
    done = policybook_here(
        "measure", str(texts), "--metadata", str(metadata), "--out", str(texts), project=project
    )
    assert done.exit_code == 1
    assert "which is no measured table" in done.output
    assert sorted(path.name for path in texts.iterdir()) == sorted(TEXTS)


def test_a_disk_that_refuses_leaves_the_old_tables(
    tmp_path: Path, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project()
    texts, metadata = lay_texts(tmp_path)
    folder = project.measured / "own"
    arguments = ("measure", str(texts), "--metadata", str(metadata), "--out", str(folder))
    assert policybook_here(*arguments, project=project).exit_code == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    real = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(28, "No space left on device")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    done = policybook_here(*arguments, project=project)
    assert done.exit_code == 1
    assert "No space left on device" in done.output
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_concepts_cells_go_there_and_back() -> None:
    counts = {"county": 2, "all-round-rural-revitalization": 1}
    assert show_concepts(counts) == "all-round-rural-revitalization:1 county:2"
    assert parse_concepts(show_concepts(counts)) == counts
    assert parse_concepts("") == {}
