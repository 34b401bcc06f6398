"""What was measured of a document, kept on disk until the tables are whole: stopped, measuring goes on from there."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from policybook.errors import FolderError

#: The file of _build/ that it is kept in: nothing in it is shipped, and all of it can be made again.
MEASURED_STORE = "measured.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS measured (key TEXT PRIMARY KEY, rules TEXT, rows BLOB, sha256 TEXT)"
#: Seconds of work that are lost at most to whoever pulls the plug.
_LOST_AT_MOST = 1.0


class MeasuredRows(NamedTuple):
    """The rows of one document in each of the tables, as CSV without a head, and the number of its blocks."""

    document: str
    counts: str
    blocks: str
    number: int


class MeasuredStore:
    """Rows of documents by a key that says all they are made of; `rules` is the part of it that all of them share.

    With no path, or with one where nothing can be kept, it is a file that goes with the process: nothing of it is in
    memory either. A file that is no store is made anew.
    """

    def __init__(self, path: Path | None, rules: str) -> None:
        self._rules = rules
        self._store = self._open(path) or sqlite3.connect("")
        self._store.execute(_TABLE)
        self._kept = time.monotonic()

    def _open(self, path: Path | None, *, again: bool = True) -> sqlite3.Connection | None:
        if path is None:
            return None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            store = sqlite3.connect(path, timeout=10)
            with store:
                store.execute(_TABLE)
                store.execute("DELETE FROM measured WHERE rules IS NULL")  # shows whether it can be written
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:  # "file is not a database", or a damaged one
            with suppress(OSError):
                path.unlink()
            return self._open(path, again=False) if again else None
        except OSError:
            return None
        return store

    def find(self, keys: Iterable[str]) -> set[str]:
        """Return those of the keys under which rows are kept; what was damaged is not among them."""
        found = ((key, self._row(key)) for key in keys)
        return {key for key, row in found if row and hashlib.sha256(row[0]).hexdigest() == row[1]}

    def keep(self, key: str, rows: MeasuredRows) -> None:
        """Keep the rows of a document."""
        packed = zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 1)
        row = (key, self._rules, packed, hashlib.sha256(packed).hexdigest())
        try:
            self._store.execute("INSERT OR REPLACE INTO measured VALUES (?, ?, ?, ?)", row)
            if time.monotonic() - self._kept > _LOST_AT_MOST:
                self.commit()
        except sqlite3.Error as error:
            raise self._full(error) from None

    def rows(self, key: str) -> MeasuredRows:
        """Return the rows of a document that were kept. Raises FolderError where they are gone since."""
        try:
            row = self._row(key)
            if row is None:
                raise sqlite3.DataError("it holds less than was put into it")
            return MeasuredRows(*json.loads(zlib.decompress(row[0])))
        except (sqlite3.Error, zlib.error) as error:
            raise self._full(error) from None

    def commit(self) -> None:
        """See to it that everything stands on the disk."""
        self._store.commit()
        self._kept = time.monotonic()

    def forget_others(self) -> None:
        """Drop what was measured by other rules, which nobody asks for any more."""
        with suppress(sqlite3.Error), self._store:
            self._store.execute("DELETE FROM measured WHERE rules != ?", (self._rules,))

    def close(self) -> None:
        """Keep what there is, and let go of the file."""
        with suppress(sqlite3.Error):
            self._store.commit()
        self._store.close()

    def _row(self, key: str) -> tuple[bytes, str] | None:
        row: tuple[bytes, str] | None
        row = self._store.execute("SELECT rows, sha256 FROM measured WHERE key = ?", (key,)).fetchone()
        return row

    def _full(self, error: Exception) -> FolderError:
        return FolderError(f"_build/{MEASURED_STORE}: what was measured cannot be kept ({error}). Make room, or take "
                           "the file away, and run again.")  # fmt: skip
