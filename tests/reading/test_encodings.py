from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator

import pytest

from policybook.errors import UnreadableDocumentError
from policybook.reading.encodings import as_utf8, check_readable, decode_bytes, two_languages
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


GARBLED = "示例市新型城镇化实施方案\n为促进农业转移人口市民化，到2027年常住人口城镇化率达到68%，完善户籍制度。"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [*(("utf-8", wrong) for wrong in ("latin-1", "koi8-r", "mac-roman", "cp866")),
     *(("gb18030", wrong) for wrong in ("latin-1", "cp1252", "koi8-r", "mac-roman", "cp866"))],
)  # fmt: skip
def test_text_saved_in_a_wrong_encoding_is_put_right(right: str, wrong: str) -> None:
    decoded = decode_bytes(GARBLED.encode(right).decode(wrong).encode())
    assert decoded.text == GARBLED
    assert "wrongly read as" in decoded.warnings[-1]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The city’s plan – “people-centred” urbanization".encode().decode("latin-1"), True),
        ("The city’s homes".encode().decode("gb18030"), True),
        (GARBLED + "\n" + GARBLED.encode("gb18030").decode("latin-1"), True),
        ("The café in São Paulo’s old town, a naïve façade", False),
        ("实施“数据要素×”行动，气温±2°，人均“×”与“÷”", False),
        ("国(guó)家(jiā)促(cù)进(jìn)城(chéng)镇(zhèn)化(huà)", False),
    ],
)
def test_only_what_is_certainly_garbled_is_put_right(text: str, read: bool) -> None:
    decoded = decode_bytes(text.encode())
    assert (decoded.text != text) == read == any("wrongly read" in warning for warning in decoded.warnings)
    assert "â" not in decoded.text and "鈥" not in decoded.text and "Ê" not in decoded.text


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("utf-8", "gb18030"), ("utf-8", "big5"), ("gb18030", "big5"), ("gb18030", "utf-8"), ("utf-8", "cp1252"),
     ("utf-8", "shift-jis"), ("gb18030", "euc-kr")],
)  # fmt: skip
@pytest.mark.parametrize("errors", ["ignore", "replace"])
def test_garbled_text_that_lost_characters_is_refused_or_says_so(right: str, wrong: str, errors: str) -> None:
    garbled = (GARBLED * 2).encode(right).decode(wrong, errors)
    try:
        decoded = decode_bytes(garbled.encode())
        check_readable(decoded.text)
        unfit = decoded.unfit
    except RefusedError as refusal:
        unfit = refusal.wrong
    if unfit:
        assert any(word in unfit for word in ("lost", "garbled", "neither Chinese"))
    else:
        assert "农业转移" in decoded.text and "was put right" in decoded.warnings[-1]
        assert set(re.findall(r"\d+", decoded.text)) <= {"2027", "68"} and "\ufffd" in decoded.text


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Die Stadt hilft den Zuwanderern und reformiert bis 2027 das System der Registrierung.", "neither Chinese"),
        ("La ville aidera les migrants ruraux et réformera avant 2027 le système d'enregistrement.", "neither Chinese"),
        ("都市の計画について、これは新しい政策です。戸籍制度を改革する。", "Japanese"),
        ("도시는 농촌 이주민의 정착을 돕고 2027년까지 호적제도를 개혁할 것이다.", "Korean"),
        ("Город поможет сельским мигрантам и реформирует систему регистрации.", "neither Chinese"),
        ("Wkh flwb zloo khos uxudo pljudqwv vhwwoh dqg zloo uhirup wkh krxvhkrog uhjlvwudwlrq.", "neither Chinese"),
        ("推进�业转移�口�民化，�善户籍��，�展县域��，优�空间布�和形�。", "12 of its 32"),
        ("推进\ue001业转移\ue002口\ue003民化，\ue004善户籍\ue005\ue006，发\ue007县域。", "7 of its"),
        ("城镇化率提高，学习日本“まちづくり”的经验，发展县域经济，完善户籍制度，推进城市更新。", ""),
        ("Chengdu, Chongqing, Guiyang, Shenyang, Dalian and Anshan are cities of the western and northern plan.", ""),
        ("城镇化", ""), ("Plan", ""),
    ],
)  # fmt: skip
def test_text_in_another_language_or_of_lost_characters_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(RefusedError, match=wrong) if wrong else contextlib.nullcontext():
        check_readable(text)


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("一、推进城市更新。\n二、发展县域经济，投资12亿元。\n三、深化户籍制度改革。\nThe city will promote urban "
         "renewal in all districts. It will develop the county economy and invest 1.2 billion yuan.", True),
        ("推进城市更新，改造老旧小区300个。\nThe city promotes urban renewal and renovates 300 old neighbourhoods.\n"
         "建设县城35座。\nIt develops county economies and builds 35 county towns.", True),
        ("城市更新（Urban Renewal）是指改造旧城区。TOD（Transit-Oriented Development）模式在12个站点推广。", False),
        ("The plan speaks of citizenization (农业转移人口市民化) and of county towns (县城), which it holds to be "
         "carriers of urbanization in all of the provinces.", False),
        ("城镇化", False),
    ],
)  # fmt: skip
def test_a_text_in_two_languages_is_warned_of(text: str, two: bool) -> None:
    assert bool(two_languages(text)) == two


SPUN = (
    "深刻推动新型乡镇化，放慢农夫工市民化，健全户籍轨制。增强手艺立异，鞭策工业晋升，保证住民出产糊口。"
    "进步地皮操纵效力，增强扶植用地办理，美满配套法子。"
)
OWN = (
    "深入推进新型城镇化，加快农民工市民化，健全户籍制度。加强技术创新，推动产业升级，保障居民生产生活。"
    "提高土地利用效率，加强建设用地管理，完善配套办法。"
)
FEW = "该厂生产机器，传承手艺，晋升工程师三人。" + "各级政府要加强公共服务，改善人居环境，提高城镇化质量。" * 12


def test_a_text_of_replaced_words_is_refused_and_no_other() -> None:
    with pytest.raises(RefusedError, match=r"replaced by others of like meaning \(.*first published"):
        check_readable(SPUN)
    for own in (OWN, FEW):
        check_readable(own)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_utf_8_whatever_saved_it(encoding: str) -> None:
    text = "file,title,speaker\na.txt,关于城镇化的报告,辽宁\n"
    assert as_utf8(text.encode(encoding), "t.csv").decode("utf-8-sig") == text


def test_what_is_no_table_is_named() -> None:
    with pytest.raises(UnreadableDocumentError, match=r"^t\.csv: "):
        as_utf8(bytes(range(256)) * 40, "t.csv")
