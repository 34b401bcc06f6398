"""`policybook measure` as it is typed: texts and their metadata at paths and addresses, and what its tables become."""

from __future__ import annotations

import shutil
from pathlib import Path

import fsspec
import pytest
from click.testing import Result
from copies import ROOT, policybook_here
from measuring_texts import lay_texts

from policybook import cli_measured
from policybook.coding import measured_parquet
from policybook.coding.measured import read_measured
from policybook.coding.measured_parquet import open_parquet
from policybook.parquet import open_duckdb, sql_text
from policybook.project import Project

Corpus = tuple[Project, Path, Path]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A project with few rules that has measured two texts into csv/, with the folder of texts and their metadata."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(ROOT / "tests" / "reference" / "rules" / "data", folder / "project" / "data")
    project = Project(folder / "project")
    project.corpus_file.write_text("documents: []\n", encoding="utf-8")
    texts, metadata = lay_texts(folder)
    assert measure(project, texts, metadata, folder / "csv").exit_code == 0
    with open_duckdb() as query:
        query.execute(f"COPY (SELECT * REPLACE (year::DOUBLE AS year), 'CC BY 4.0' AS licence FROM read_csv("
                      f"{sql_text(metadata)}, all_varchar = true)) TO {sql_text(folder / 'm.parquet')}")  # fmt: skip
    return project, texts, folder / "m.parquet"


def measure(project: Project, texts: object, metadata: object, out: Path, *more: str) -> Result:
    words = ("measure", str(texts), "--metadata", str(metadata), "--out", str(out), *more)
    return policybook_here(*words, project=project)


def refused(done: Result) -> str:
    assert done.exit_code == 1 and "Traceback" not in done.output
    return done.stderr


@pytest.mark.parametrize("where", ["path", "file", "memory"])
def test_texts_and_metadata_are_read_wherever_they_lie(corpus: Corpus, tmp_path: Path, where: str) -> None:
    """Parquet at a path, at file:// and in memory: the same small tables as from CSV, byte for byte."""
    project, texts, metadata = corpus
    system = fsspec.filesystem("memory")
    for path in (*texts.iterdir(), metadata):
        system.pipe(f"/measured/{path.name}", path.read_bytes())
    at = {"path": (texts, metadata), "file": (f"file://{texts}", f"file://{metadata}"),
          "memory": ("memory://measured", "memory://measured/m.parquet")}  # fmt: skip
    done = measure(project, *at[where], tmp_path / "again")
    assert done.exit_code == 0 and "2 of 2 documents were measured before" in done.stderr, done.output
    for path in (texts.parent / "csv").iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_parquet_holds_what_csv_does_and_the_licence(corpus: Corpus, tmp_path: Path) -> None:
    project, texts, metadata = corpus
    done = measure(project, texts, metadata, tmp_path / "large", "--parquet")
    assert "2 documents, 3 blocks" in done.stdout and done.exit_code == 0
    tables, csv = open_parquet(tmp_path / "large"), read_measured(texts.parent / "csv", project)
    assert tables.record.licences == {"CC BY 4.0": 2}
    with tables.open() as query:
        for name in ("documents", "counts", "blocks"):
            frame = getattr(csv, name)
            cells = ", ".join(frame.columns)
            assert query.execute(f"SELECT {cells} FROM {name}").df().equals(frame.astype({}))


def test_many_documents_become_parquet_outside_data_alone(corpus: Corpus, tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(measured_parquet, "MANY", 1)
    project, texts, metadata = corpus
    for out in (tmp_path / "large", project.measured / "small", tmp_path / "large"):
        assert measure(project, texts, metadata, out).exit_code == 0
    assert open_parquet(tmp_path / "large").record.documents == 2
    assert (project.measured / "small" / "counts.csv").read_bytes() == (texts.parent / "csv/counts.csv").read_bytes()
    shutil.rmtree(project.measured / "small")


def test_what_is_not_there_or_is_no_table_is_a_sentence(corpus: Corpus, tmp_path: Path) -> None:
    project, texts, metadata = corpus
    out = tmp_path / "out"
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(metadata.read_bytes()[:-20])
    with open_duckdb() as query:
        wrong = f"SELECT * REPLACE ('yunan' AS place) FROM read_parquet({sql_text(metadata)})"
        query.execute(f"COPY ({wrong}) TO {sql_text(tmp_path / 'wrong.parquet')}")
    assert refused(measure(project, "s3://bucket/texts", metadata, out)) == (
        "policybook: s3://bucket/texts: that needs the package s3fs. Install it with: pip install s3fs.\n"
    )
    assert "memory://nowhere: there is no such folder of texts." in refused(
        measure(project, "memory://nowhere", metadata, out)
    )
    none = f"file://{tmp_path}/none.parquet"
    assert "none.parquet: there is no such file" in refused(measure(project, texts, none, out))
    assert "broken.parquet: it is no Parquet file that can be read" in refused(measure(project, texts, broken, out))
    assert "wrong.parquet:2: place: unknown place 'yunan'. Did you mean 'yunnan'?" in refused(
        measure(project, texts, tmp_path / "wrong.parquet", out)
    )
    inside = project.measured / "large"
    assert "data/ keeps small tables as CSV" in refused(measure(project, texts, metadata, inside, "--parquet"))
    assert not out.exists() and not inside.exists()


def test_the_number_that_makes_parquet_is_told() -> None:
    assert any("5,000" in str(getattr(one, "help", "")) for one in cli_measured.measure_command.params)
