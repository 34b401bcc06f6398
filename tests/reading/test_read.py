"""Whatever arrives is read or refused with one sentence: quickly, in little memory, and without a trace."""

from __future__ import annotations

import codecs
import gzip
import json
import multiprocessing
import quopri
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import pytest
from hostile import outcome_of, read_made
from making import LOCKED, archive, docx, odt, p, page_pdf, pictured, printed, raw_pdf, run
from pace import within

from policybook.errors import UnreadableDocumentError
from policybook.reading import html, read
from policybook.reading.read import read_received, split_paragraphs, without_old_word
from policybook.reading.received import LIMIT, Received, text_limit

ZH = "国务院关于深入推进新型城镇化建设的若干意见。\n坚持以人为核心，推进农业转移人口市民化。"
HANT = "國務院關於深入推進新型城鎮化建設的若干意見。\n堅持以人為核心，推進農業轉移人口市民化。"
EN = "The plan promotes a new type of urbanization."
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
WORD = docx(p(run(EN)))
PDF = page_pdf(EN)


def page(inner: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{inner}</body></html>".encode()


def broken_xml(text: str) -> bytes:
    return docx("", document=text.encode())


#: name -> content and what must come of it: a format that is read, or a word of the refusal.
CASES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "one byte": (b"a", "txt"),
    "one high byte": (b"\xe9", "none of UTF-8"),
    "only white space": (b" \n\t\r\n\xe3\x80\x80", "no text"),
    "only a mark": (codecs.BOM_UTF8, "no text"),
    "only a utf-16 mark": (codecs.BOM_UTF16_LE, "no text"),
    "only zero-width": ("\u200b\u200b".encode(), "no text"),
    "binary": (bytes(range(256)) * 50, "NUL"),
    "binary without NUL": (bytes(range(1, 32)) * 50, "binary"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(50), "JPEG"),
    "gzip": (gzip.compress(EN.encode()), "gzip"),
    "program": (b"MZ\x90\x00" + bytes(100), "program"),
    "elf": (b"\x7fELF" + bytes(100), "program"),
    "zip": (archive({"a.txt": EN}), "zip archive"),
    "nested zip": (archive({"a.zip": archive({"b.zip": b"x"})}), "zip archive"),
    "empty zip": (b"PK\x05\x06" + bytes(18), "zip"),
    "xlsx": (archive({"xl/workbook.xml": "<x/>"}), "Excel"),
    "epub": (archive({"mimetype": "application/epub+zip", "META-INF/container.xml": "<x/>"}), "EPUB"),
    "epub without its container": (archive({"a/book.opf": "<x/>", "a/one.xhtml": "<p>x</p>"}), "EPUB"),
    "epub by its kind": (archive({"mimetype": "application/epub+zip\n", "a.xhtml": "<p>x</p>"}), "EPUB"),
    "odt": (archive({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}), "OpenDocument"),
    "odt text": (odt("<text:p>x</text:p>"), "odt"),
    "odt with entities": (archive({"content.xml": f"{ENTITIES}<a>&c;</a>"}), "document type"),
    "odt broken": (archive({"content.xml": "<a><b>"}), "damaged"),
    "odt without text": (odt(""), "no text"),
    "odt locked": (odt("<text:p>x</text:p>", parts={"META-INF/manifest.xml": "<encryption-data/>"}), "password"),
    "odt locked as a whole": (archive({"mimetype": "x", "encrypted-package": b"x"}), "password"),
    "odt with a path out": (odt("<text:p>x</text:p>", parts={"../x": ""}), "paths"),
    "rtf": (b"{\\rtf1\\ansi The plan}", "RTF"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".doc"),
    "locked word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "NUL in text": (b"The plan\x00 promotes", "NUL"),
    "surrogates in utf-8": (b"The plan \xed\xa0\x80\xed\xb0\x80 " + ZH.encode(), "txt"),
    "overlong utf-8": (b"\xc0\xaf\xc0\xaf " + ZH.encode(), "txt"),
    "cut in a character": (ZH.encode()[:-1], "txt"),
    "utf-16 cut": (ZH.encode("utf-16")[:-1], "txt"),
    "lone surrogate in utf-16": (codecs.BOM_UTF16_LE + b"\x00\xd8" + ZH.encode("utf-16-le"), "txt"),
    "mixed encodings": (ZH.encode() + ZH.encode("gb18030"), "none of UTF-8"),
    "utf-7": (b"+VtRSoZZi- is urbanization", "txt"),
    "utf-32": (ZH.encode("utf-32"), "txt"),
    "japanese euc": ("都市の計画について、これは新しい政策です。".encode("euc-jp"), "Japanese"),
    "shift-jis": ("都市の計画について、これは新しい政策です。".encode("shift-jis"), "none of UTF-8"),
    "koi8": ("План новой урбанизации и развития городов".encode("koi8-r"), "none of UTF-8"),
    "json": (b'{"plan": "new", "text": "urbanization"}', "txt"),
    "csv": (b"year,rate,place\n2020,63.9,China\n2021,64.7,China\n2022,65.2,China\n", "txt"),
    "xml": (b'<?xml version="1.0"?><data><a>x</a></data>', "XML"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><text>x</text></svg>', "XML"),
    "rss": (b"<rss version='2.0'><channel><title>x</title></channel></rss>", "XML"),
    "mhtml": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>x</html>", "MIME"),
    "markdown with html": (b"# Plan\n\n<div>some</div>\n\nText <b>here</b>. <i>More</i> of it\n\n* list", "txt"),
    "script tag in prose": (b"<script>alert(1)</script> is a tag.\nThe plan ends here.", "txt"),
    "bidi overrides": (f"The \u202eplan\u202c of {ZH}".encode(), "txt"),
    "zero-width flood": (("a" + "\u200b" * 100_000).encode(), "txt"),
    "combining flood": (("a" + "\u0301" * 100_000).encode(), "txt"),
    "form feeds": (b"one\x0ctwo\x0bthree", "txt"),
    "control flood": (b"\x1b[31m" * 2000, "binary"),
    "page as an archive keeps it": (b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + page(EN), "envelope"),
    "text as mail encodes it": (quopri.encodestring(ZH.encode()), "envelope"),
    "html named txt": (page(f"<p>{EN}</p>"), "html"),
    "html in utf-16": (page(f"<p>{ZH}</p>").decode().encode("utf-16"), "html"),
    "html in utf-16 without mark": (page(f"<p>{ZH}</p>").decode().encode("utf-16-be"), "html"),
    "xhtml with wrong charset": (
        f'<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>{ZH}</p></body></html>'.encode(), "html"
    ),
    "gbk declared utf-8": (page(f"<p>{ZH}</p>", '<meta charset="utf-8">').decode().encode("gbk"), "html"),
    "utf-8 declared gb2312": (page(f"<p>{ZH}</p>", '<meta charset="gb2312">'), "html"),
    "big5 declared gb2312": (page(f"<p>{HANT}</p>", "<meta charset=gb2312>").decode().encode("big5"), "html"),
    "charset unknown": (page(f"<p>{ZH}</p>", "<meta charset=klingon>"), "html"),
    "only scripts": (page("<script>document.write('x')</script>"), "scripts"),
    "only a script from elsewhere": (page("<script src=a.js></script>"), "scripts"),
    "only comments": (page("<!-- x -->"), "no text"),
    "a bare comment": (b"<!-- nothing but this -->", "no text"),
    "only style": (page("<style>p{}</style>"), "no text"),
    "only hidden": (page("<p hidden>x</p><div style='display: none'>y</div>"), "no text"),
    "frameset": (b"<html><frameset><frame src=a.html></frameset></html>", "no text"),
    "meta refresh": (page("", '<meta http-equiv="refresh" content="0;url=file:///etc/passwd">'), "no text"),
    "only entities": (page("&nbsp;&#8203;&nbsp;"), "no text"),
    "unclosed tags": (b"<html><title>x</title><body><div><p>The plan<b>is<table><tr><td>new", "html"),
    "unclosed title": (b"<html><title>x<body><div><p>The plan<b>is<table><tr><td>new", "a title element"),
    "unclosed comment": (page("<p>one</p><!-- <p>two</p>"), "html"),
    "unclosed quote": (page("<p class='x>one</p><p>two</p>"), "a tag that never ends"),
    "unclosed script": (b"<html><body><p>one</p><script>var a", "html"),
    "tag soup": (page("</p></div><b><p>one</b></p></td><li>two<table><li>three"), "html"),
    "html entity bomb": (f"{ENTITIES}<html><body><p>&c; {EN}</p></body></html>".encode(), "html"),
    "html external entity": (f"{EXTERNAL}<html><body><p>&e; {EN}</p></body></html>".encode(), "html"),
    "bad references": (page(f"<p>&#0; &#x110000; &#xD800; &nosuch; {EN}</p>"), "html"),
    "word": (WORD, "docx"),
    "word entity bomb": (broken_xml(f"{ENTITIES}<document><body><p>&c;</p></body></document>"), "document type"),
    "word external entity": (broken_xml(f"{EXTERNAL}<document><body><p>&e;</p></body></document>"), "document type"),
    "word doctype in utf-16": (
        docx("", document="<?xml version='1.0' encoding='utf-16'?><!DOCTYPE x><x/>".encode("utf-16")), "document type"
    ),
    "word broken xml": (broken_xml("<document><body><p>"), "damaged"),
    "word unknown encoding": (broken_xml("<?xml version='1.0' encoding='klingon'?><a/>"), "damaged"),
    "word without text": (docx(""), "no text"),
    "word without body": (broken_xml("<document/>"), "no text body"),
    "word without document.xml": (archive({"[Content_Types].xml": "", "word/a.xml": "<a/>"}), "without its text"),
    "word with a path out": (docx(p(run(EN)), {"../../evil.xml": "x"}), "paths"),
    "word with an absolute path": (docx(p(run(EN)), {"/etc/evil.xml": "x"}), "paths"),
    "word with a drive": (docx(p(run(EN)), {"C:\\evil.xml": "x"}), "paths"),
    "word with too many parts": (docx(p(run(EN)), {f"a/{n}": "" for n in range(10_001)}), "files"),
    "word cut short": (WORD[: len(WORD) // 2], "damaged"),
    "word with damaged bytes": (WORD[:90] + bytes(20) + WORD[110:], "damaged"),
    "word nested deep": (docx("<w:sdt>" * 5000 + p(run(EN)) + "</w:sdt>" * 5000), "docx"),
    "word tables in tables": (docx("<w:tbl><w:tr><w:tc>" * 200 + p(run(EN)) + "</w:tc></w:tr></w:tbl>" * 200), "docx"),
    "word huge table": (docx("<w:tbl>" + f"<w:tr><w:tc>{p(run('a'))}</w:tc></w:tr>" * 20_000 + "</w:tbl>"), "docx"),
    "ofd": (archive({"OFD.xml": "<a/>"}), "export it as PDF"),
    "property list": (b"bplist00\xd1\x01\x02", "webarchive"),
    "pdf": (PDF, "pdf"),
    "pdf with rubbish before": (b"\n\n rubbish \n" + PDF, "pdf"),
    "pdf only a header": (b"%PDF-1.7\n", "damaged"),
    "pdf cut early": (printed([[EN]])[:400], "damaged"),
    "pdf cut late": (PDF[:-60], "pdf|damaged"),
    "pdf of a picture": (pictured(), "OCR"),
    "pdf locked": (LOCKED, "password"),
    "pdf without pages": (raw_pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"]), "damaged"),
    "pdf with javascript": (page_pdf(EN, "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "pdf"),
    "pdf page tree loop": (
        raw_pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"]), "pdf|damaged|no pages"
    ),
    "pdf many pages claimed": (
        raw_pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 999999999>>"]), "pages|damaged"
    ),
    "pdf blank page": (page_pdf(""), "no text layer"),
}  # fmt: skip

#: Large inputs: an expression that makes them, and what must come of it.
HEAVY: dict[str, tuple[str, str]] = {
    "30 MB line": ("b'a' * 30_000_000", "at most 500,000"),
    "30 MB Chinese line": ("('城镇化' * 3_400_000).encode()", "at most 500,000"),
    "30 MB line of GB18030": ("('城镇化' * 5_000_000).encode('gb18030')", "at most 500,000"),
    "30 MB of one high byte": ("b'\\xe9' * 30_000_000", "none of UTF-8"),
    "60 MB": ("b'a' * 60_000_000", "at most 50,000,000"),
    "100,000 nested tags": ("b'<html><body>' + b'<div>' * 100_000 + b'x'", "html"),
    "100,000 nested and closed": ("b'<html><body>' + b'<div>' * 70_000 + b'x' + b'</div>' * 70_000", "html"),
    "1M nested tags": ("b'<html><body>' + b'<b>' * 1_000_000 + b'x'", "tags"),
    "1M attributes": ("b'<html><p ' + b' '.join(b'a%d=1' % n for n in range(1_000_000)) + b'>x'", "time or memory"),
    "never closed formatting": (
        "b'<html>' + b''.join(b'<p><b id=%d><i id=%d>' % (n, n) for n in range(20_000))",
        "time or memory",
    ),
    "ends without a start": ("b'<html>' + b'<span>' * 70_000 + b'x' + b'</u>' * 70_000", "time or memory"),
    "1M unclosed quotes": ('b"<html><p>x" + b"<a b=\'" * 1_000_001', "html"),
    "1M unclosed comments": ("b'<html><p>x' + b'<!--' * 1_000_000", "tags"),
    "many less-thans": ("b'<html><p>x' + b'<' * 5_000_000", "at most 500,000"),
    "many references": ("b'<html><p>x' + b'&amp;' * 400_000", "html"),
    "long class": ("b'<html><p class=\"' + b'share-' * 2_000_000 + b'\">x'", "html"),
    "white space": ("b'<html><p>x' + b' ' * 9_000_000 + b'x'", "html"),
    "zip bomb": ("docx('<w:p><w:r><w:t>' + 'a' * 100_000_000 + '</w:t></w:r></w:p>')", "unpacks to more"),
    "zip bomb of many parts": ("docx('', {f'word/{n}.xml': 'a' * 60_000_000 for n in range(10)})", "zip bomb"),
    "pdf bomb": ("squeezed_pdf(b' ' * 300_000_000)", "bomb"),
    "pdf of 2M texts": ("squeezed_pdf(b'BT /F1 12 Tf 72 700 Td (plan) Tj ET ' * 2_000_000)", "bomb"),
    "pdf of 100,000 texts": ("squeezed_pdf(b'BT /F1 12 Tf 72 700 Td (plan) Tj ET ' * 100_000)", "pdf"),
    "5M elements": ("docx('<w:p/>' * 5_000_000)", "elements"),
    "long Word text": ("docx('<w:p><w:r><w:t>' + 'a' * 20_000_000 + '</w:t></w:r></w:p>')", "at most 500,000"),
}


@pytest.fixture(scope="module")
def apart() -> Iterator[Executor]:
    """Something that does each piece of work in a new process, started from one that has everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["hostile"])
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as executor:
        yield executor


@pytest.mark.parametrize(("content", "outcome"), CASES.values(), ids=CASES)
def test_it_is_read_or_refused_with_one_sentence(
    content: bytes, outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with within(250):
        result = outcome_of(lambda: read_received(content, "odd file"))
    assert any(one in result for one in outcome.split("|")), result
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("content", "outcome"), HEAVY.values(), ids=HEAVY)
def test_large_input_takes_neither_the_time_nor_the_memory(apart: Executor, content: str, outcome: str) -> None:
    """Measured in a process of its own; what making the input takes is not counted as time."""
    result, pieces, megabytes, warned = apart.submit(read_made, content).result(timeout=120)
    assert not warned
    assert outcome in result
    assert pieces < 250
    assert megabytes < 800


def test_there_are_at_least_sixty_kinds() -> None:
    assert len(CASES) + len(HEAVY) >= 60


@pytest.mark.parametrize("name", ["a\nb.txt", "../../x", "-rf", "\u202etxt.exe", "国务院.txt", "a\u2028b", "\ud800"])
def test_a_message_names_the_file_on_one_line(name: str) -> None:
    with pytest.raises(UnreadableDocumentError) as refused:
        read_received(b"", name)
    message = str(refused.value)
    assert len(message.splitlines()) == 1
    assert not set(message) & {"\u202e", "\u2028", "\ud800"}


def test_the_limit_is_stated_and_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableDocumentError, match=r"^x: the text has 11 characters and at most 10 .*TEXT_LIMIT"):
        read_received(b"a" * 11, "x", limit=10)
    assert text_limit() == LIMIT
    monkeypatch.setenv("POLICYBOOK_TEXT_LIMIT", "10")
    with pytest.raises(UnreadableDocumentError, match="at most 10"):
        read_received(b"a" * 11, "x")
    assert read_received(b"a" * 11, "x", limit=11).paragraphs == ("a" * 11,)
    monkeypatch.setenv("POLICYBOOK_TEXT_LIMIT", "many")
    assert text_limit() == LIMIT


# Plain text: a paragraph is a line that is not blank -----------------------------------------------

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


# Markdown: told by its name, and read as the page that it stands for ----------------------------------


def markdown(text: str, name: str = "x.md", encoding: str = "utf-8") -> Received:
    return read_received(text.encode(encoding), name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 总则 {#top}\n\n坚持**以人为本。**推进*城镇化*与`代码`。", ("总则", "坚持以人为本。推进城镇化与代码。")),
        ("##一、要求\n\n实现**“双碳”**目标，**重点**突出。", ("一、要求", "实现“双碳”目标，重点突出。")),
        ("Title\n===\n\nThe *plan* of\n[2014](http://a.cn 't') is <b>new</b>.", ("Title", "The plan of 2014 is new.")),
        ("- a\n* b\n+ c\n\n1. x\n1. y\n\n2014. The year.", ("a", "b", "c", "1. x", "2. y", "2014. The year.")),
        ("> 引用\n> > 深处\n\n---\n\n- [x] done\n", ("引用", "深处", "done")),
        ("| 年 | 率 |\n|:-|-:|\n| 2020 | **63.9%** |\n", ("年 | 率", "2020 | 63.9%")),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>\n\n![图一](a.png)", ("甲 | 乙", "图一")),
        ("```python\nx = 1\n\ny = 2\n```", ("x = 1", "y = 2")),
        ("正文[^1]。\n\n[^1]: 注文。\n[^2]: 无人引用。", ("正文。", "注文。", "无人引用。")),
        ("第一段。\n第二段。\n第三段接着\n说完。", ("第一段。", "第二段。", "第三段接着说完。")),
        ("　　一段\n　　二段\n\n    缩进的段", ("一段", "二段", "缩进的段")),
        ("- [国务院](a)\n- [辽宁](b)\n- [福建](c)", ("国务院", "辽宁", "福建")),
        ("张**、李**两人，138****1234，5 * 3", ("张**、李**两人，138****1234，5 * 3",)),
        ("---\n只是两条线\n---\n之间的字。", ("只是两条线", "之间的字。")),
        ("<script>alert(1)</script>\n\n正文 &lt;b&gt;。", ("正文 <b>。",)),
    ],
)  # fmt: skip
def test_marks_are_not_text_and_words_are(text: str, expected: tuple[str, ...]) -> None:
    received = markdown(text)
    assert (received.format, received.paragraphs, received.furniture) == ("md", expected, {})


def test_comments_keep_their_words_and_are_set_aside() -> None:
    received = markdown("甲<!-- 旁注 -->乙。\n\n<!--\n块注\n-->")
    assert received.paragraphs == ("甲 乙。", "旁注", "块注")
    assert set(received.furniture) == {2, 3}


@pytest.mark.parametrize(
    ("front", "told", "doubts"),
    [
        ("title: 规划\ndate: 2024-07-31\nauthor: [甲, 乙]\nlang: zh-CN\nsource: https://a.cn",
         ("规划", "2024-07-31", "甲, 乙", "zh-CN"), 0),
        ("标题: 规划\n日期: 2024年7月31日\n发文机关: 国务院\ntags:\n  - x", ("规划", "2024-07-31", "国务院", None), 0),
        ("title: 规划: 二版\ndate: 2024", ("规划: 二版", "2024", None, None), 1),
        ("title: !!python/object:os.system x", ("!!python/object:os.system x", None, None, None), 1),
        ("title: &a [*a, *a]\ntitle: b", ("b", None, None, None), 1),
    ],
)  # fmt: skip
def test_front_matter_is_metadata_and_no_text(front: str, told: tuple[str | None, ...], doubts: int) -> None:
    received = markdown(f"---\n{front}\n---\n\n正文。")
    assert received.paragraphs == ("正文。",)
    assert (received.title, received.published, received.publisher, received.language) == told
    assert len(received.warnings) == doubts


def test_front_matter_in_toml_is_metadata_too() -> None:
    received = markdown('+++\ntitle = "规划"\ndate = 2024-07-31\n+++\n\n正文。')
    assert (received.title, received.published, received.paragraphs) == ("规划", "2024-07-31", ("正文。",))
    assert markdown("+++\nno = toml = \n+++\n\n正文。").paragraphs[-1] == "正文。"


def test_front_matter_that_never_ends_swallows_no_text() -> None:
    received = markdown("---\ntitle: 规划\n\n# 一\n\n正文。")
    assert (received.title, received.paragraphs, len(received.warnings)) == ("规划", ("一", "正文。"), 1)
    with pytest.raises(UnreadableDocumentError, match="no text"):
        markdown("---\ntitle: x\n---\n")


def test_only_the_name_makes_a_text_markdown_and_no_name_makes_other_content_that() -> None:
    assert markdown("# 题\n* 文", "x.txt").paragraphs == ("# 题", "* 文")
    assert markdown("# 题", "https://a.cn/X.MARKDOWN?raw=1").paragraphs == ("题",)
    assert markdown("# 城镇化规划", encoding="gb18030").encoding == "gb18030"
    assert read_received(page(f"<p>{EN}</p>"), "x.md").format == "html"
    assert [read_received(one, "x.md").format for one in (WORD, PDF)] == ["docx", "pdf"]


@pytest.mark.parametrize("text", ["_a__b" * 60_000, "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + "\n" + "b\n" * 1000])
def test_marks_made_to_keep_the_parser_busy_are_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "_RENDERER", html._RENDERER.replace("RLIMIT_CPU, (8, 8)", "RLIMIT_CPU, (2, 2)"))
    with pytest.raises(UnreadableDocumentError, match="time or memory"):
        markdown(text)


# Old Word files -----------------------------------------------------------------------------------------

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def put_converter(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a stand-in for LibreOffice on the PATH, which finds its output folder as $out."""
    program = folder / "soffice"
    find = 'while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out="$2"; shift; done\n'
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{folder}/said'\n{find}{does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def test_an_old_word_file_is_read_through_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.docx").write_bytes(WORD)
    put_converter(tmp_path, f"cp '{tmp_path}/made.docx' \"$out/text.docx\"", monkeypatch)
    received = read_received(OLD + b"\x01", "x.doc")
    assert (received.format, received.paragraphs, len(received.warnings)) == ("docx", (EN,), 1)
    said = (tmp_path / "said").read_text().splitlines()
    own = next(one.removeprefix("-env:UserInstallation=file://") for one in said if one.startswith("-env:"))
    assert "--headless" in said and not Path(own).exists()
    content, doubt = without_old_word(OLD + b"\x01", "x.doc")
    assert (content, "sha256" in doubt) == (WORD, True)
    assert without_old_word(WORD, "x") == (WORD, "")
    with pytest.raises(UnreadableDocumentError, match=r"\.xls"):
        read_received(OLD + "Workbook".encode("utf-16-le"), "x.xls")


@pytest.mark.parametrize(("does", "word"), [("exit 1", "cannot read"), ("sleep 60", "too long"),
                                            ("ln -s /etc/passwd \"$out/text.docx\"", "cannot read")])  # fmt: skip
def test_a_conversion_that_fails_is_one_sentence(
    does: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_converter(tmp_path, does, monkeypatch)
    monkeypatch.setattr(read, "_CONVERSION_SECONDS", 1)
    with pytest.raises(UnreadableDocumentError, match=rf"^x\.doc: .*{word}.*save it as \.docx\.$"):
        read_received(OLD, "x.doc")


TWO = ("完善户籍制度，让农业转移人口安居。", "发展县域经济，建设县城和小城镇。")
UNFIT = {
    "csv": f'id,title,text\n1,甲,"{TWO[0]}"\n2,乙,"{TWO[1]}"\n',
    "tsv": f"标题\t正文\n甲\t{TWO[0]}\n乙\t{TWO[1]}\n",
    "without names": f'1,"{TWO[0]}"\n2,"{TWO[1]}"\n3,"{TWO[0]}"\n',
    "warc": f"WARC/1.0\r\nWARC-Type: response\r\n\r\n{TWO[0]}",
    "archive": f"{TWO[0]}\n" + "--part\nContent-Type: image/gif\nContent-Transfer-Encoding: base64\n\nR0lGOD\n" * 2,
    "shortcut": "[InternetShortcut]\nURL=https://example.org/\n",
    "mail": f"From: Li <li@example.org>\nSubject: plan\nMessage-ID: <1@example.org>\n\n{TWO[0]}",
    "mailbox": f"From li@example.org Mon May  6 10:00:00 2024\nSubject: plan\n\n{TWO[0]}",
    "error": "<html><h1>403 Forbidden</h1><center>nginx</center></html>",
    "not found": "<html><p>抱歉，您访问的页面不存在。</p><p>请检查网址是否正确。</p></html>",
    "log-in": "<html><h1>城镇化规划</h1><p>请登录后查看全文。</p><p>密码</p></html>",
    "robot": "<html><h1>Just a moment...</h1><p>Checking your browser before you go on.</p></html>",
    "loading": "<html><h1>城镇化规划</h1><p>加载中，请稍候…</p></html>",
    "one column": f'text\n"{TWO[0]}"\n"{TWO[1]}"\n',
    "json": json.dumps([{"title": "甲", "content": TWO[0]}, {"title": "乙", "content": TWO[1]}], ensure_ascii=False),
    "lines of json": "\n".join(json.dumps({"text": one}) for one in TWO),
    "dump": f"-- MySQL dump\nINSERT INTO policies VALUES (1,'甲','{TWO[0]}');\n",
    "yaml": f"- title: 甲\n  text: {TWO[0]}\n- title: 乙\n  text: {TWO[1]}\n",
    "ris": "TY  - JOUR\nTI  - Homes\nPY  - 2019\nAB  - The plan builds homes in every county.\nER  -\n",
    "bibtex": "@article{a, title={Homes for towns}, year={2019}}\n@book{b, title={Counties}, year={2020}}\n",
    "latex": "\\documentclass{article}\\begin{document}The plan builds homes in every county.\\end{document}",
    "mail without an id": "Subject: plan\nFrom: Li <li@example.org>\n\nThe plan builds homes in every county.",
    "mail in chinese": f"发件人：li@example.org\n收件人：wang@example.org\n主题：规划\n\n{TWO[0]}",
    "blocked": "<html><p>您的请求可能存在威胁，已被拦截</p></html>",
    "redirected": "<html><p>If you are not redirected automatically, click here.</p></html>",
    "cookies": "<html><p>We use cookies. Accept all. Reject all.</p></html>",
    "numbers of shapes": "(cid:12)(cid:33)(cid:45) " * 20,
    "lost": "为?推?农?业?转?移?人?口?市?民?化，深?化?户?籍?制?度?改?革?",
    "spun": "推动农业搬迁居民安居，加深户口轨制立异，全市乡镇化率到达68%，都会更新取得进展。",
}
FIT = {
    "numbers": "year,rate,place\n2020,63.9,China\n2021,64.7,China\n",
    "prose with commas": "Homes, schools\nThe plan builds homes, and schools.\nCounties gain people, and jobs.\n",
    "memo": "From: Ministry of Housing\nTo: all counties\nSubject: renewal\n\nThe plan promotes urbanization.",
    "short notice": "<html><h1>关于开会的通知</h1><p>定于5月20日召开工作会议，请准时参加。</p></html>",
    "notice of a log-in": "<html><h1>通知</h1><p>定于5月20日启用新系统，请各单位登录后查看文件。</p></html>",
    "a question": "怎么办?我们推进城镇化，完善户籍制度。何时办?今年办理，明年完成全部任务。",
    "braces": "{一} 完善户籍制度，发展县域经济。\n[二] 推进城市更新，改善居住环境。",
    "a number first": "404 households were resettled in the county.",
}


@pytest.mark.parametrize("content", UNFIT.values(), ids=UNFIT)
def test_what_is_not_the_text_of_one_document_is_said(content: str) -> None:
    received = read_received(content.encode(), "x")
    assert received.unfit in received.warnings
    assert received.unfit.endswith(".") and "; " in received.unfit


@pytest.mark.parametrize("content", FIT.values(), ids=FIT)
def test_what_only_looks_like_that_is_a_document(content: str) -> None:
    assert read_received(content.encode(), "x").unfit == ""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f'\ufeffid,title,date,text\n1,甲规划,2019-05-06,"{TWO[0]}\n{TWO[1]}"\n', ("甲规划", "2019-05-06", TWO)),
        (f"标题\t正文\n甲规划\t{TWO[0]}\n", ("甲规划", None, TWO[:1])),
        (f'编号;内容;发布机构\n7;"{TWO[1]}";安平市人民政府', (None, None, TWO[1:])),
        ('Title,Content\nOn homes,"The plan builds homes, and schools."', ("On homes", None, None)),
        (json.dumps({"标题": "甲规划", "日期": "2019-05-06", "正文": TWO[0]}), ("甲规划", "2019-05-06", TWO[:1])),
        (json.dumps({"data": {"title": "甲规划", "content": [*TWO]}}, indent=1), ("甲规划", None, TWO)),
        ("city,year,rate\n甲,2014,54.2\n", None),
        ("text,year\n甲,2014\n", None),
        ("Homes, schools\nThe plan builds homes, and schools.\n", None),
        (f"{TWO[0]}\n{TWO[1]}\n", None),
    ],
)
def test_a_table_of_one_record_is_the_text_in_it(content: str, told: tuple[object, object, object] | None) -> None:
    received = read_received(content.encode(), "x.csv")
    if told is None:
        assert received.paragraphs == tuple(content.strip().split("\n"))
        return
    title, published, paragraphs = told
    assert (received.title, received.published) == (title, published)
    assert received.paragraphs == (paragraphs or ("The plan builds homes, and schools.",))
    assert any("one record" in warning for warning in received.warnings) and not received.unfit


def test_characters_written_as_escapes_are_put_right_and_said() -> None:
    received = read_received("\\u57ce\\u9547\\u5316规划\n推进新型城镇化，C:\\users 不变。".encode(), "x")
    assert received.paragraphs == ("城镇化规划", "推进新型城镇化，C:\\users 不变。")
    assert any("escapes" in warning for warning in received.warnings)


def test_heads_and_numbers_of_pages_that_form_feeds_part_are_no_text() -> None:
    texts = [
        "Every region draws up a plan for its harbours, and the\nministry pays to renew those in places that have no",
        "other landing. Where there is no plan the ministry\ndraws up one and publishes it in the year like all.",
        "Small boats land all of their catch free of charge. Who\nfishes from the shore needs no boat until the end of",
        "the decade. A fund lends to those who buy a boat, and to\nthose who repair one, if they fished for two years.",
    ]  # fmt: skip
    pages = [f"Harbours\n\n{text}\n\n{n}\n" for n, text in enumerate(texts, 1)]
    received = read_received("\f".join(pages).encode(), "printed.txt")
    assert {received.paragraphs[n - 1]: why for n, why in received.furniture.items()} == {
        "Harbours": "running head", **{str(n): "page number" for n in range(1, 5)}}  # fmt: skip
    assert received.runs_on[6] == 2, "a sentence goes on over the page"
    apart = [f"Project {n}: a school.\nIt has {n} rooms.\nIt opens in {n}.\nAll pay.\nYear {n} ends." for n in range(9)]
    for text in (["one", "two", "i"], ["Head\nOne page.", "Head\nAnother."], apart):
        assert read_received("\f".join(text).encode(), "a.txt").furniture == {}
