"""From texts that are recommended to the same tables again: fetched over a server, measured, checked, compared."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from copies import copy_project, policybook_here
from invented_reports import GROUP, lay_reports, make_texts, recommended_entries, title_of
from site_server import serve_folder

from policybook.coding.measured import BLOCKS, DOCUMENTS, RECORD
from policybook.coding.measured_check import check_measured
from policybook.corpus.vocabulary import load_vocabulary
from policybook.errors import InvalidDataError
from policybook.project import Project

FILES = (DOCUMENTS, BLOCKS, RECORD)
#: A run of so many characters of a text, found in a table, is text that leaked.
RUN = 6


TEXTS = make_texts(years=range(2017, 2021), places=["national", "yunnan"])


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return lay_reports(tmp_path_factory.mktemp("texts"), TEXTS)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory, texts: tuple[Path, Path]) -> Project:
    """A project with the invented reports measured, and recommended, but not at hand."""
    project = copy_project(tmp_path_factory.mktemp("projects") / "project")
    shutil.rmtree(project.measured, ignore_errors=True)
    project.recommended_file.write_text(f"texts:\n{recommended_entries(TEXTS)}", encoding="utf-8")
    folder, metadata = texts
    out = project.measured / "invented"
    done = policybook_here("measure", str(folder), "--metadata", str(metadata), "--out", str(out), project=project)
    assert done.exit_code == 0, done.output
    return project


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory, measured: Project, texts: tuple[Path, Path]) -> Project:
    """The same project after the texts were fetched from a server."""
    root = tmp_path_factory.mktemp("projects") / "fetched"
    shutil.copytree(measured.root, root)
    (texts[0] / "index.html").touch()  # the server wants a front page
    with serve_folder(texts[0]) as address:
        done = policybook_here("add", "--recommended", GROUP, "--from", address, "--yes", project=Project(root))
    assert done.exit_code == 0, done.output
    return Project(root)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def test_whoever_fetches_the_texts_makes_the_same_tables(measured: Project, fetched: Project, tmp_path: Path):
    before, again = measured.measured / "invented", tmp_path / "again"
    metadata = str(before / DOCUMENTS)
    done = policybook_here(
        "measure", str(fetched.documents), "--metadata", metadata, "--out", str(again), project=fetched
    )
    assert done.exit_code == 0, done.output
    assert contents(again) == contents(before)


def test_the_check_passes_with_and_without_the_texts(measured: Project, fetched: Project):
    check_measured(measured, load_vocabulary(measured))
    done = policybook_here("check", project=fetched)
    assert done.exit_code == 0, done.output


def falsify(project: Project, tmp_path: Path) -> Project:
    """Copy a project and change one count, with the record put right so that no hash gives it away."""
    root = tmp_path / "false"
    shutil.copytree(project.root, root)
    folder = Project(root).measured / "invented"
    path = folder / BLOCKS
    table = path.read_text(encoding="utf-8")
    wrong = re.sub(r"county-economy:1", "county-economy:2", table, count=1)
    assert wrong != table
    path.write_text(wrong, encoding="utf-8")
    old, new = (hashlib.sha256(text.encode()).hexdigest() for text in (table, wrong))
    record = (folder / RECORD).read_text(encoding="utf-8")
    (folder / RECORD).write_text(record.replace(old, new), encoding="utf-8")
    return Project(root)


def test_the_check_holds_tables_against_texts_at_hand(measured: Project, fetched: Project, tmp_path: Path):
    unknowing, knowing = falsify(measured, tmp_path / "a"), falsify(fetched, tmp_path / "b")
    check_measured(unknowing, load_vocabulary(unknowing))
    with pytest.raises(InvalidDataError, match="are not those of its text"):
        check_measured(knowing, load_vocabulary(knowing))


def test_no_text_is_in_the_tables(measured: Project):
    tables = "\n".join(content.decode() for content in contents(measured.measured / "invented").values())
    for name in TEXTS:
        tables = tables.replace(title_of(name), "").replace(name.removesuffix(".txt"), "")
    for text in TEXTS.values():
        lines = text.splitlines()[1:]  # the title may stand there
        runs = {line[at : at + RUN] for line in lines for at in range(len(line) - RUN + 1)}
        assert [run for run in runs if run in tables] == []


def test_the_counts_tell_the_places_apart(measured: Project):
    done = policybook_here("compare", "place=national", "place=yunnan", "--corpus", "invented", project=measured)
    assert done.exit_code == 0, done.output
    assert "“place=yunnan” speaks more often of Cities, counties and space" in done.stdout


SIDE = {"selection", "documents", "passages", "blocks", "mentions", "languages"}
ROW = {
    "family", "id", "label", "term_zh", "left", "right", "difference", "low95", "high95", "low", "high", "eligible",
    "verdict", "reason", "fragile", "evidence",
}  # fmt: skip
VERDICTS = {"more in left", "more in right", "no clear difference", "too little evidence"}


def test_the_json_of_a_measured_corpus_keeps_its_contract(measured: Project):
    words = ["compare", "place=national", "place=yunnan,era=2014-2020", "--corpus", "invented", "--json"]
    done = policybook_here(*words, project=measured)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert set(said) == {"left", "right", "thresholds", "placebo", "rows"}
    assert set(said["left"]) == set(said["right"]) == SIDE
    assert said["left"]["selection"] == {"place": "national"} and said["left"]["passages"] is None
    documents = pd.read_csv(measured.measured / "invented" / DOCUMENTS)
    assert said["right"]["documents"] == documents["place"].eq("yunnan").sum()
    assert said["right"]["blocks"] == documents.loc[documents["place"] != "national", "blocks"].sum()
    assert said["rows"] and all(set(row) == ROW for row in said["rows"])
    for row in said["rows"]:
        assert set(row["left"]) == {"blocks", "passages", "documents", "mentions", "share"}
        assert row["verdict"] in VERDICTS
        assert row["low"] <= row["low95"] <= row["difference"] <= row["high95"] <= row["high"]
        assert set(row["evidence"]["left"]) <= set(documents["document"])
        assert len(row["evidence"]["right"]) == row["right"]["documents"]


def test_a_corpus_that_is_not_there_is_named_with_the_nearest(measured: Project):
    done = policybook_here("compare", "place=yunnan", "place=national", "--corpus", "invneted", project=measured)
    assert done.exit_code == 1 and "'invented'" in done.stderr and len(done.stderr.splitlines()) == 1
