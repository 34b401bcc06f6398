"""What was measured is kept: found again by its key, not when it was damaged, and done without where it cannot be."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from policybook.coding.measured_store import MEASURED_STORE, MeasuredRows, MeasuredStore
from policybook.errors import FolderError

ROWS = MeasuredRows("a,1\n", "a,concept,x,2\n", "a,1,x:2\n", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "_build" / MEASURED_STORE


def test_what_is_kept_is_found_again(path: Path) -> None:
    with closing(MeasuredStore(path, "rules")) as store:
        store.keep("one", ROWS)
    with closing(MeasuredStore(path, "rules")) as store:
        assert store.find(["one", "two"]) == {"one"}
        assert store.rows("one") == ROWS
        with pytest.raises(FolderError, match="run again"):
            store.rows("two")


def test_what_was_damaged_is_measured_again(path: Path) -> None:
    with closing(MeasuredStore(path, "rules")) as store:
        store.keep("one", ROWS)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE measured SET rows = x'00'")
    with closing(MeasuredStore(path, "rules")) as store:
        assert store.find(["one"]) == set()


def test_rows_of_other_rules_are_dropped_when_asked(path: Path) -> None:
    for rules in ("old", "new"):
        with closing(MeasuredStore(path, rules)) as store:
            store.keep(rules, ROWS)
    with closing(MeasuredStore(path, "new")) as store:
        assert store.find(["old", "new"]) == {"old", "new"}
        store.forget_others()
        assert store.find(["old", "new"]) == {"new"}


def test_a_file_that_is_no_store_is_made_anew(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no store at all " * 100)
    with closing(MeasuredStore(path, "rules")) as store:
        store.keep("one", ROWS)
    with closing(MeasuredStore(path, "rules")) as store:
        assert store.rows("one") == ROWS


def test_where_nothing_can_be_kept_all_goes_on(tmp_path: Path) -> None:
    (tmp_path / "_build").write_text("a file where a folder should be")
    for path in (None, tmp_path / "_build" / MEASURED_STORE):
        with closing(MeasuredStore(path, "rules")) as store:
            store.keep("one", ROWS)
            assert store.rows("one") == ROWS
