from __future__ import annotations

import pytest

from policybook.corpus.read import decode, split_paragraphs
from policybook.errors import UnreadableDocumentError

TEXT = "城镇化\nUrbanization"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_and_its_encoding_named(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "x.txt") == (TEXT, encoding)


def test_utf16_of_either_byte_order_is_read() -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert decode(mark + TEXT.encode(encoding), "x.txt")[0] == TEXT


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("gb18030"),
        b"",
        b" \n\t\r\n",
        b"a\x00b",
        b"\xff\xfea",
        "%PDF-1.7\x00\xff".encode("latin-1"),
    ],
    ids=["gb18030", "empty", "blank", "nul", "half a character", "binary"],
)
def test_what_is_not_text_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(UnreadableDocumentError, match=r"^data/x\.txt: .*\.$"):
        decode(content, "data/x.txt")


def test_paragraphs_are_the_lines_that_are_not_blank_as_received() -> None:
    assert split_paragraphs("一\r\n\r\n  二 \r三\n \t\n四") == ["一", "  二 ", "三", "四"]
