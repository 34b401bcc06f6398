"""Measured Parquet tables: the same rows as in CSV, part by part, and every fault in a folder of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from made_tables import made_rows

from policybook.coding import measured_parquet
from policybook.coding.measured import RECORD, Measured, read_measured, write_rows
from policybook.coding.measured_parquet import ParquetTables, find_tables, is_parquet, open_parquet, write_parquet
from policybook.coding.scheme import Scheme
from policybook.errors import FolderError, InvalidDataError, SelectionError
from policybook.parquet import MANY, open_duckdb, sql_text
from policybook.project import Project

SIZE = 7


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, project: Project, scheme: Scheme) -> Path:
    """A folder with the same rows in csv/ and, three documents a part, in parquet/."""
    folder = tmp_path_factory.mktemp("tables")
    concepts = [concept.id for concept in scheme.concepts][:20]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measured_parquet, "_PART", 3)
        assert write_parquet(folder / "parquet", made_rows(SIZE, concepts, 4), project, True) == 5 * SIZE
    rows = (one for one, _ in made_rows(SIZE, concepts, 4))
    assert write_rows(folder / "csv", rows, project, True) == 5 * SIZE
    return folder


@pytest.fixture
def broken(tables: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tables / "parquet", tmp_path / "broken"))


def mistakes(folder: Path) -> str:
    with pytest.raises(InvalidDataError) as caught:
        open_parquet(folder)
    return str(caught.value)


def test_both_kinds_of_tables_hold_the_same_rows(tables: Path, project: Project) -> None:
    csv, parquet = read_measured(tables / "csv", project), open_parquet(tables / "parquet")
    with parquet.open() as query:
        frames = {
            "documents": query.execute("SELECT * EXCLUDE (licence, position) FROM documents ORDER BY position").df(),
            "counts": query.execute("SELECT * FROM counts ORDER BY document, id").df(),
            "blocks": query.execute("SELECT * FROM blocks ORDER BY document, number").df(),
        }
        licences = query.execute("SELECT licence FROM documents ORDER BY position").fetchall()
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, getattr(csv, name), check_dtype=False)
    assert [one for (one,) in licences] == ["CC BY", "", "CC BY", "", "CC BY", "", "CC BY"]


def test_the_record_tells_versions_licences_columns_and_parts(tables: Path) -> None:
    record = open_parquet(tables / "parquet").record
    assert (record.documents, record.blocks) == (SIZE, 5 * SIZE)
    assert record.licences == {"CC BY": 4, "not stated": 3}
    assert re.fullmatch(r"duckdb [\d.]+", record.written_by) and record.made_by.startswith("policybook ")
    assert len(record.parts) == 9 and "counts/part-00002.parquet" in record.parts
    assert record.columns["counts"][:3] == ["document", "kind", "id"] and record.rules.concepts


def test_the_same_rows_give_the_same_bytes(tables: Path, tmp_path: Path, project: Project, scheme: Scheme,
                                           monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(measured_parquet, "_PART", 3)
    concepts = [concept.id for concept in scheme.concepts][:20]
    for _ in range(2):  # also over those that lie there
        write_parquet(tmp_path / "again", made_rows(SIZE, concepts, 4), project, True)
    for path in (tables / "parquet").rglob("*.*"):
        assert (tmp_path / "again" / path.relative_to(tables / "parquet")).read_bytes() == path.read_bytes()


def test_whoever_stops_the_writing_finds_the_old_tables(broken: Path, project: Project) -> None:
    before = (broken / RECORD).read_bytes()

    def stopped() -> Iterator[tuple[measured_parquet.MeasuredRows, str]]:
        yield from made_rows(1, ["county"], 1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_parquet(broken, stopped(), project, True)
    assert (broken / RECORD).read_bytes() == before and [path.name for path in broken.parent.iterdir()] == ["broken"]
    open_parquet(broken)


def test_a_folder_of_texts_is_not_taken_for_tables(tmp_path: Path, project: Project) -> None:
    (tmp_path / "out" / "documents").mkdir(parents=True)
    (tmp_path / "out" / "documents" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="it holds documents, which is no measured table"):
        write_parquet(tmp_path / "out", made_rows(1, ["county"], 1), project, True)
    assert (tmp_path / "out" / "documents" / "mine.txt").exists()


def test_a_missing_part_is_named(broken: Path) -> None:
    (broken / "counts" / "part-00001.parquet").unlink()
    assert mistakes(broken) == (
        f"{broken}/counts/part-00001.parquet: this part of the tables is missing. Restore it, or measure again."
    )


def test_a_damaged_part_is_named(broken: Path) -> None:
    path = broken / "documents" / "part-00000.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"?" + content[101:])
    assert mistakes(broken).startswith(f"{path}: it is not the file that was measured (its hash differs).")


def test_what_is_no_part_is_named(broken: Path) -> None:
    (broken / "counts" / "part-00009.parquet").write_bytes(b"")
    assert mistakes(broken) == f"{broken}/counts/part-00009.parquet: it is no part of these tables. Take it away."


def test_foreign_columns_are_named_though_the_record_knows_the_file(broken: Path) -> None:
    path = broken / "counts" / "part-00001.parquet"
    before = measured_parquet._hash(path)
    with open_duckdb() as query:
        query.execute(f"CREATE TABLE t AS SELECT * EXCLUDE form, 1 AS colour FROM read_parquet({sql_text(path)})")
        query.execute(f"COPY t TO {sql_text(path)} (FORMAT parquet)")
    record = (broken / RECORD).read_text(encoding="utf-8")
    (broken / RECORD).write_text(record.replace(before, measured_parquet._hash(path)), encoding="utf-8")
    assert mistakes(broken).startswith(f"{path}: its columns are not those of counts: colour, form. ")
    path.write_bytes(b"PAR1 no more")
    record = (broken / RECORD).read_text(encoding="utf-8")
    (broken / RECORD).write_text(re.sub(r"(?m)^(  counts/part-00001.*: ).*$", rf"\g<1>{measured_parquet._hash(path)}",
                                        record), encoding="utf-8")  # fmt: skip
    assert mistakes(broken).startswith(f"{path}: it is damaged (")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("made_by", "made_bye", "no such field"),
        ("counts/part-00001.parquet", "../part-00001.parquet", "no part of measured tables is called so"),
        ("format: parquet", "format: csv", "format"),
        ("  counts:\n  - document\n", "  counts; DROP:\n  - document\n", "these are no columns of measured tables"),
        ("  - characters\n", "", "these are no columns of measured tables"),
    ],
)
def test_a_record_that_was_changed_is_refused(broken: Path, before: str, after: str, sentence: str) -> None:
    text = (broken / RECORD).read_text(encoding="utf-8")
    assert before in text
    (broken / RECORD).write_text(text.replace(before, after, 1), encoding="utf-8")
    assert sentence in mistakes(broken)


def test_a_folder_is_found_by_its_path_and_a_name_in_data(tables: Path, project: Project) -> None:
    assert isinstance(find_tables(project, str(tables / "parquet")), ParquetTables)
    assert isinstance(find_tables(project, str(tables / "csv")), Measured)
    assert isinstance(find_tables(project, "outlines"), Measured)
    with pytest.raises(SelectionError, match=r"it holds no measured\.yml, so it is no folder of measured tables"):
        find_tables(project, str(tables))
    with pytest.raises(SelectionError, match=r"no measured corpus 'outlins' in data/measured\. Did you mean"):
        find_tables(project, "outlins")


def test_one_rule_says_what_becomes_parquet(tmp_path: Path, project: Project) -> None:
    inside = project.measured / "large"
    assert [is_parquet(tmp_path, project, n, False) for n in (MANY, MANY + 1)] == [False, True]
    assert is_parquet(tmp_path, project, 1, True) and not is_parquet(inside, project, MANY + 1, False)
    with pytest.raises(FolderError, match=r"data/ keeps small tables as CSV\. Name a folder outside"):
        is_parquet(inside, project, 1, True)


def test_tables_that_need_too_much_room_are_a_sentence(tables: Path) -> None:
    with pytest.raises(FolderError, match="need more room than there is"), open_parquet(tables / "parquet").open() as q:
        q.execute("SET memory_limit = '2MB'; SET temp_directory = ''")
        q.execute("SELECT array_agg(md5(i::VARCHAR)) FROM range(1000000) t(i)").fetchall()


def test_rows_without_blocks_have_no_such_table(tmp_path: Path, project: Project) -> None:
    write_parquet(tmp_path / "small", made_rows(2, ["county"], 1), project, False)
    small = open_parquet(tmp_path / "small")
    assert not small.has_blocks and not (tmp_path / "small" / "blocks").exists()
    with small.open() as query:
        found = query.execute("SELECT document, year FROM documents ORDER BY position").fetchall()
    assert found == [("d000000", "2016"), ("d000001", "2016")]
