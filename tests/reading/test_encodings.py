from __future__ import annotations

import codecs
from collections.abc import Iterator

import pytest

from policybook.reading.encodings import decode_bytes
from policybook.reading.received import RefusedError

HANS = (
    "国务院关于深入推进新型城镇化建设的若干意见。"
    "坚持以人为核心，推进农业转移人口市民化，完善户籍制度，提高规划水平；常住人口城镇化率达到百分之六十五。"
)
HANT = (
    "國務院關於深入推進新型城鎮化建設的若干意見。"
    "堅持以人為核心，推進農業轉移人口市民化，完善戶籍制度，提高規劃水平；常住人口城鎮化率達到百分之六十五。"
)
ENGLISH = "The plan promotes a new type of urbanization in counties. "
UNMARKED = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "gbk")
MARKED = ("utf-8-sig", "utf-16", "utf-32")


def texts() -> Iterator[tuple[str, str]]:
    for text, encodings in ((HANS, UNMARKED + MARKED), (HANT, (*UNMARKED, *MARKED, "big5"))):
        for encoding in encodings:
            for length in (20, 60, 6000):
                yield (text * 100)[:length], encoding


@pytest.mark.parametrize(("text", "encoding"), list(texts()))
def test_every_encoding_of_either_script_is_read(text: str, encoding: str) -> None:
    decoded = decode_bytes(text.encode(encoding))
    assert decoded.text == text
    assert decoded.encoding == {"gbk": "gb18030"}.get(encoding, encoding)
    assert bool(decoded.warnings) == (encoding not in {"utf-8", *MARKED})


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
@pytest.mark.parametrize("start", range(0, 50, 3))
def test_twenty_characters_from_anywhere_are_enough(encoding: str, start: int) -> None:
    text = (HANT if encoding == "big5" else HANS)[start : start + 20]
    assert decode_bytes(text.encode(encoding)).text == text


def test_a_legacy_encoding_is_named_in_a_warning() -> None:
    for text, encoding in ((HANS, "GB18030"), (HANT, "BIG5")):
        (warning,) = decode_bytes(text.encode(encoding)).warnings
        assert encoding in warning


@pytest.mark.parametrize(
    ("declared", "encoding", "text", "warned"),
    [
        ("gb2312", "utf-8", HANS, True),
        ("utf-8", "gbk", HANS, True),
        ("gb2312", "big5", HANT, True),
        ("big5", "gbk", HANS, True),
        ("gb2312", "gbk", HANS, False),
        ("big5", "big5", HANT, False),
        ("utf-8", "utf-8", HANS, False),
        ("klingon", "utf-8", HANS, True),
    ],
)
def test_a_declared_encoding_is_heard_and_not_believed(declared: str, encoding: str, text: str, warned: bool) -> None:
    page = f'<html><meta charset="{declared}"><p>{text}</p></html>'
    decoded = decode_bytes(page.encode(encoding))
    assert decoded.text == page
    assert bool(decoded.warnings) == warned
    assert not warned or declared.upper() in decoded.warnings[0]


def test_what_a_page_of_plain_ascii_declares_does_not_matter() -> None:
    assert decode_bytes(b'<meta charset="big5"><p>plan').warnings == ()


def test_english_with_windows_quotation_marks() -> None:
    text = f"The “plan” – it’s new. {ENGLISH * 3}"
    decoded = decode_bytes(text.encode("cp1252"))
    assert (decoded.text, decoded.encoding) == (text, "cp1252")
    assert "WINDOWS-1252" in decoded.warnings[0]


@pytest.mark.parametrize(
    ("content", "lost"),
    [
        (HANS.encode()[:-1], 1),
        (HANS.encode()[:-2], 1),
        (HANS.encode().replace("城".encode(), b"\xe5\x9f"), 2),
        (HANS.encode("utf-16")[:-1], 1),
        (HANS.replace("城", "\ufffd").encode(), 2),
    ],
)
def test_lost_characters_are_counted(content: bytes, lost: int) -> None:
    decoded = decode_bytes(content)
    assert decoded.text.count("\ufffd") == lost
    (warning,) = decoded.warnings
    assert warning.startswith(f"{lost} character")
    assert "U+FFFD" in warning


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF16_LE + b"\x00\xd8" * 20,
        "Это не китайский текст, а русский".encode("koi8-r"),
        "これは日本語の文章です。".encode("euc-jp"),
        bytes(range(128, 256)) * 10,
        b"a\x00b",
        b"\x01\x02\x03" * 20,
        b"\n \t",
    ],
    ids=["utf-16", "russian", "japanese", "high bytes", "NUL", "controls", "blank"],
)
def test_what_fits_no_encoding_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedError):
        decode_bytes(content)


def test_a_guess_that_gives_unusual_characters_says_so() -> None:
    (warning,) = decode_bytes("한국어 문장입니다. 도시 계획".encode("euc-kr")).warnings
    assert "unusual" in warning
