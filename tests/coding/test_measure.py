"""Texts are measured: by whom they may be, what is kept when the work stops, and what cannot be measured."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from copies import ROOT, policybook_here
from measuring_texts import (
    TEXTS,
    Own,
    change_scheme,
    contents,
    copy_of,
    lay_texts,
    measure_own,
    measured_as,
    unmeasured,
)

from policybook.coding import measure as measuring
from policybook.coding.described import read_metadata
from policybook.coding.executors import Workers
from policybook.coding.measure import measure
from policybook.coding.measured import files_of, read_measured
from policybook.corpus.scope import load_vocabulary
from policybook.errors import ClusterError
from policybook.project import Project


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Own:
    """A project with two texts measured as `own`, and the texts with their metadata. Change a copy of it."""
    return measure_own(tmp_path_factory)


def test_a_text_that_says_nothing_has_a_row_and_no_counts(tmp_path: Path) -> None:
    project = Project(ROOT / "tests" / "reference" / "rules")
    (tmp_path / "a.txt").write_text("雨水比往年多，山路上的石阶长了青苔。\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("file,title,place,year,era\na.txt,A,fujian,2023,2021-2024\n", encoding="utf-8")
    described = read_metadata(tmp_path, tmp_path / "m.csv", load_vocabulary(project))
    made = measure(described, project, quiet=True)
    assert made.counts.empty and made.documents["blocks_50"].tolist() == [1]


def test_two_processes_measure_what_one_does(tmp_path: Path) -> None:
    project = Project(ROOT / "tests" / "reference" / "rules")
    described = read_metadata(*lay_texts(tmp_path), load_vocabulary(project))
    alone = files_of(measure(described, project, quiet=True))
    assert files_of(measure(described, project, quiet=True, workers=Workers(jobs=2))) == alone


def test_who_interrupts_finds_what_was_there_before(own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(measuring, "_measure", interrupt)
    folder = tmp_path / "measured"
    shutil.copytree(own[0].measured / "own", folder / "own")
    before = contents(folder / "own")
    arguments = ("measure", str(own[1]), "--metadata", str(own[2]), "--out", str(folder / "own"))
    assert policybook_here(*arguments, project=unmeasured(own[0], tmp_path)).exit_code == 1
    assert contents(folder / "own") == before and len(list(folder.iterdir())) == 1


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that are measured in this process, as it happens."""
    names: list[str] = []
    real = measuring._measure

    def noting(project: Project, rules: str, one: Any, content: bytes) -> Any:
        names.append(one.entry.id)
        return real(project, rules, one, content)

    monkeypatch.setattr(measuring, "_measure", noting)
    return names


def test_what_was_measured_is_kept_until_it_or_the_rules_change(tmp_path: Path, own: Own, found: list[str]) -> None:
    """Also for other tables; what stood in the way is named, and the next call does that only."""
    project, (texts, metadata) = unmeasured(own[0], tmp_path), lay_texts(tmp_path)
    assert measured_as("one", project, texts, metadata).exit_code == 0 and len(found) == 2
    done = measured_as("two", project, texts, metadata)
    assert "2 of 2 documents were measured before" in done.stderr and len(found) == 2
    assert contents(project.measured / "one") == contents(project.measured / "two")
    change_scheme(project, "id: county-economy", "id: county-economy-again")
    assert measured_as("two", project, texts, metadata).exit_code == 0 and len(found) == 4


def test_an_unreadable_document_is_named_and_the_others_are_measured(tmp_path: Path, own: Own) -> None:
    project, (texts, metadata) = copy_of(own[0], tmp_path), lay_texts(tmp_path, sha256="")
    (texts / "qingshan-2019.txt").write_bytes(b"%PDF-1.7 and no more")
    done = measured_as("own", project, texts, metadata)
    assert done.exit_code == 1
    assert "1 document, " in done.stdout and "1 of 2 documents could not be measured" in done.stderr
    assert "  qingshan-2019: " in done.stderr and "Traceback" not in done.output
    made = read_measured(project.measured / "own", project)
    assert made.documents["document"].tolist() == ["qingshan-2023"]
    assert set(made.counts["document"]) == set(made.blocks["document"]) == {"qingshan-2023"}


def test_where_no_document_can_be_measured_the_old_tables_stay(tmp_path: Path, own: Own) -> None:
    project, (texts, metadata) = copy_of(own[0], tmp_path), lay_texts(tmp_path)
    before = contents(project.measured / "own")
    with metadata.open(encoding="utf-8-sig") as file:
        lines = file.readlines()
    broken = b"%PDF-1.7 and no more"
    (texts / "qingshan-2019.txt").write_bytes(broken)
    row = lines[1].replace(hashlib.sha256(TEXTS["qingshan-2019.txt"].encode()).hexdigest(), "")
    metadata.write_text(lines[0] + row, encoding="utf-8")
    done = measured_as("own", project, texts, metadata)
    assert done.exit_code == 1 and "No document could be measured" in done.stderr
    assert contents(project.measured / "own") == before


def test_what_a_work_dies_of_is_a_sentence(tmp_path: Path, own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(measuring, "_measure", fail)
    project, (texts, metadata) = unmeasured(own[0], tmp_path), lay_texts(tmp_path)
    done = measured_as("three", project, texts, metadata)
    assert done.exit_code == 1 and "it cannot be measured (RecursionError: too deep)" in done.stderr


def test_a_worker_with_other_rules_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project(ROOT / "tests" / "reference" / "rules")
    described = read_metadata(*lay_texts(tmp_path), load_vocabulary(project))
    monkeypatch.setattr(measuring, "_rules_here", lambda *_: "others")
    with pytest.raises(ClusterError, match="must be the same project there"):
        measure(described, project, quiet=True)
