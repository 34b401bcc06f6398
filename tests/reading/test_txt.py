from __future__ import annotations

import pytest

from policybook.reading.read import read_received
from policybook.reading.txt import split_paragraphs

TEXT = "城镇化\nUrbanization"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_and_its_encoding_named(encoding: str) -> None:
    received = read_received(TEXT.encode(encoding), "x.pdf")
    assert (received.format, received.paragraphs, received.encoding) == ("txt", ("城镇化", "Urbanization"), encoding)
    assert not received.warnings
    assert not received.furniture


def test_paragraphs_are_the_lines_that_are_not_blank_as_received() -> None:
    assert split_paragraphs("一\r\n\r\n  二 \r三\n \t\n四") == ["一", "  二 ", "三", "四"]
    assert split_paragraphs("a\vb\fc\u2028d\u2029e\x85f") == list("abcdef")


def test_what_looks_like_other_data_is_warned_of() -> None:
    for content in (b'{"a": 1}', b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n", b"x <b>a</b> <i>b</i> <p>c</p> y"):
        assert len(read_received(content, "x").warnings) == 1
