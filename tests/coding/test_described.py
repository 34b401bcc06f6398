"""The metadata of texts to measure: what is read, and every mistake by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from copies import policybook_here
from measuring_texts import lay_texts

from policybook.coding.described import read_metadata
from policybook.corpus.scope import Vocabulary
from policybook.errors import InvalidDataError
from policybook.project import Project


def test_a_row_becomes_an_entry_with_its_bytes(tmp_path: Path, vocabulary: Vocabulary) -> None:
    texts, metadata = lay_texts(tmp_path)
    first, second = read_metadata(texts, metadata, vocabulary)
    assert (first.entry.id, first.entry.speaker, first.entry.language) == ("qingshan-2019", "yunnan", "zh")
    assert first.address == "https://example.org/2019"
    assert (first.entry.era, second.entry.era) == ("2014-2020", "2021-2024")
    assert first.content == (texts / "qingshan-2019.txt").read_bytes()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"place": "yunan"}, "metadata.csv:2: place: unknown place 'yunan'. Did you mean 'yunnan'?"),
        ({"year": "last year"}, "metadata.csv:2: year: 'last year' is no year."),
        ({"file": "missing.txt"}, "metadata.csv:2: file: "),
        ({"file": "../metadata.csv"}, "metadata.csv:2: file: '../metadata.csv' is no plain file name."),
        ({"file": "", "sha256": ""}, "metadata.csv:2: file: neither a file nor a sha256 is given."),
        ({"file": "", "sha256": "0" * 64}, "metadata.csv:2: sha256: no file in "),
        ({"title": ""}, "metadata.csv:2: title: the cell is empty."),
        ({"sha256": "0" * 64}, "metadata.csv:2: sha256: qingshan-2019.txt has the hash "),
        ({"official_url": "javascript:alert(1)"}, "metadata.csv:2: address: 'javascript:alert(1)' is no web address."),
        ({"file": "qingshan-2023.txt", "sha256": ""}, "metadata.csv:3: id: 'qingshan-2023' stands"),
    ],
)
def test_each_mistake_is_named_with_its_place(
    tmp_path: Path, vocabulary: Vocabulary, changed: dict[str, str], message: str
) -> None:
    texts, metadata = lay_texts(tmp_path, **changed)
    with pytest.raises(InvalidDataError) as caught:
        read_metadata(texts, metadata, vocabulary)
    assert message in str(caught.value)


def test_a_text_is_found_by_its_hash(tmp_path: Path, vocabulary: Vocabulary) -> None:
    texts, metadata = lay_texts(tmp_path, file="")
    (texts / "qingshan-2019.txt").rename(texts / "another-name.txt")
    first, _ = read_metadata(texts, metadata, vocabulary)
    assert (first.entry.id, first.entry.file) == ("another-name", "another-name.txt")


def test_a_file_without_the_columns_says_which_are_needed(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "m.csv").write_text("name,year\nx,2019\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match=r"m\.csv:1: no column title, place, era\."):
        read_metadata(tmp_path, tmp_path / "m.csv", vocabulary)


def test_an_empty_file_describes_nothing(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "m.csv").write_text("file,title,place,year,era\n", encoding="utf-8")
    with pytest.raises(InvalidDataError, match="it describes no document"):
        read_metadata(tmp_path, tmp_path / "m.csv", vocabulary)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"year": ""}, "metadata.csv:2: year: the cell is empty."),
        ({"year": "2099"}, "metadata.csv:2: year: 2099 is more than "),
        ({"era": ""}, "metadata.csv:2: era: the cell is empty."),
        ({"era": "unknown"}, "metadata.csv:2: era: unknown era 'unknown'."),
        ({"era": "2024-"}, "metadata.csv:2: era: the era '2024-' does not hold the year 2019."),
    ],
)
def test_a_text_without_its_year_or_era_is_refused(
    tmp_path: Path, project: Project, changed: dict[str, str], message: str
) -> None:
    texts, metadata = lay_texts(tmp_path, **changed)
    out = tmp_path / "out"
    done = policybook_here("measure", str(texts), "--metadata", str(metadata), "--out", str(out), project=project)
    assert done.exit_code == 1 and message in done.stderr and not out.exists()
