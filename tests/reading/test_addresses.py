"""What a path or an address leads to, and in a sentence what it does not."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest

from policybook.errors import UnreadableDocumentError
from policybook.reading.addresses import Address, file_names, locate, read_place


@pytest.fixture
def memory() -> str:
    """A folder of two files and a hidden one, in memory."""
    system = fsspec.filesystem("memory")
    for name, content in {"a.txt": b"A", "b.txt": b"B", ".hidden": b"", "sub/c.txt": b"C"}.items():
        system.pipe(f"/addresses/{name}", content)
    return "memory://addresses"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("texts/a", "texts/a"),
        ("file:///tmp/a%20b/县", "/tmp/a b/县"),
        ("file://localhost/tmp/a", "/tmp/a"),
        ("FILE:///tmp/a#b", "/tmp/a#b"),
        ("file://texts/a", "texts/a"),
    ],
)
def test_a_file_address_is_a_path(text: str, path: str) -> None:
    assert locate(text) == Path(path)


def test_a_folder_elsewhere_is_read_like_one_here(memory: str, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", ".hidden"):
        (tmp_path / name).write_text(name[:1].upper())
    for folder in (locate(memory), locate(f"{memory}/"), tmp_path):
        assert folder.is_dir() and not (folder / "a.txt").is_dir()
        assert file_names(folder) == ["a.txt", "b.txt"]
        assert read_place(folder / "a.txt") == b"A" and (folder / "a.txt").name == "a.txt"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("memory://addresses/none.txt", "memory://addresses/none.txt: there is no such file. Check the name."),
        ("memory://addresses/large.txt", "memory://addresses/large.txt: it is larger than 1 MB. Split it."),
        ("s3://bucket/a", "s3://bucket/a: that needs the package s3fs. Install it with: pip install s3fs."),
        ("s3://me:secret@bucket/a", "s3://bucket/a: that needs the package s3fs. Install it with: pip install s3fs."),
        ("nowhere://a", "nowhere://a: it cannot be read (Protocol not known: nowhere). Check the address, the "),
    ],
)
def test_what_cannot_be_read_is_a_sentence(address: str, sentence: str) -> None:
    fsspec.filesystem("memory").pipe("/addresses/large.txt", b"x" * (2 << 20))
    with pytest.raises(UnreadableDocumentError) as caught:
        read_place(locate(address), limit=1 << 20)
    assert str(caught.value).startswith(sentence)


def test_who_asks_is_not_shown() -> None:
    assert str(Address("ftp://me:secret@host/a@b")) == "ftp://host/a@b"
