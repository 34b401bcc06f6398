from __future__ import annotations

import io

import pytest
from docx import Document
from making import W, docx, odt, p, run

from policybook.reading.read import read_received
from policybook.reading.received import Received


def read(body: str, parts: dict[str, str | bytes] | None = None) -> Received:
    return read_received(docx(body, parts), "x")


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{p(run(cell))}</w:tc>" for cell in cells) + "</w:tr>"


def test_a_file_that_python_docx_writes() -> None:
    document = Document()
    document.core_properties.title = "规划"
    document.add_heading("新型城镇化", 1)
    document.add_paragraph("第一段。")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "年份", "2020"
    document.add_paragraph("末段。")
    buffer = io.BytesIO()
    document.save(buffer)
    received = read_received(buffer.getvalue(), "x.pdf")
    assert received.paragraphs == ("新型城镇化", "第一段。", "年份 | 2020", "末段。")
    assert (received.format, received.encoding, received.title, received.published) == ("docx", "", "规划", None)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p(run("a"), run(" b")) + p() + p(run("c")), ("a b", "c")),
        (p(f"<w:hyperlink>{run('link')}</w:hyperlink>", run(" text")), ("link text",)),
        (p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>"), ("a b",)),
        (p("<w:r><w:t>a.</w:t><w:br/><w:t>b</w:t></w:r>"), ("a.", "b")),
        (p('<w:r><w:t>a</w:t><w:br w:type="page"/><w:t>b</w:t></w:r>'), ("ab",)),
        (f"<w:sdt><w:sdtContent>{p(run('inside'))}</w:sdtContent></w:sdt>", ("inside",)),
        (f"<w:tbl>{row('a', 'b')}{row('', 'd')}</w:tbl>" + p(run("e")), ("a | b", " | d", "e")),
        (f"<w:tbl>{row('alone')}</w:tbl>", ("alone",)),
        (p(run("a"), f"<w:r><w:pict><w:txbxContent>{p(run('box'))}</w:txbxContent></w:pict></w:r>"), ("a", "box")),
        (p("<w:r><w:instrText>PAGE</w:instrText></w:r>", run("1")), ("1",)),
    ],
)
def test_everything_that_holds_text_is_read_in_order(body: str, expected: tuple[str, ...]) -> None:
    assert read(body).paragraphs == expected


def test_tracked_changes_are_accepted_and_counted() -> None:
    deleted = "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
    received = read(p(run("a "), deleted, f"<w:ins>{run('new')}</w:ins>"))
    assert received.paragraphs == ("a new",)
    assert received.warnings == (
        "The file has tracked changes, read as accepted: 1 insertion kept, 1 deletion left out.",
    )


def test_a_paragraph_whose_end_is_deleted_runs_on() -> None:
    received = read(p("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>", run("城镇")) + p(run("化。")))
    assert received.paragraphs == ("城镇化。",)


def test_a_deleted_row_and_moved_text_are_left_out() -> None:
    gone = "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr>"
    moved = f"<w:moveFrom>{run('there')}</w:moveFrom><w:moveTo>{run('here')}</w:moveTo>"
    assert read(f"<w:tbl>{gone}{row('a', 'b')}</w:tbl>{p(moved)}").paragraphs == ("a | b", "here")


def test_notes_follow_the_text() -> None:
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0">{p(run("-"))}</w:footnote>'
        f'<w:footnote w:id="1">{p(run("one"))}{p(run("more"))}</w:footnote></w:footnotes>'
    )
    ends = f'<w:endnotes xmlns:w="{W}"><w:endnote w:id="1">{p(run("end"))}</w:endnote></w:endnotes>'
    received = read(p(run("text")), {"word/footnotes.xml": notes, "word/endnotes.xml": ends})
    assert received.paragraphs == ("text", "one more", "end")


def test_running_heads_and_contents_are_furniture() -> None:
    head = f'<w:hdr xmlns:w="{W}">{p(run("Bulletin"))}</w:hdr>'
    contents = p('<w:pPr><w:pStyle w:val="TOC1"/></w:pPr>', run("Chapter 1 … 3"))
    received = read(contents + p(run("text")), {"word/header1.xml": head, "word/header2.xml": head})
    assert received.paragraphs == ("Chapter 1 … 3", "text", "Bulletin")
    assert received.furniture == {1: "table of contents", 3: "running head"}


def test_hidden_text_and_automatic_numbers_are_warned_of() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    received = read(p("<w:pPr><w:numPr/></w:pPr>", run("a"), hidden))
    assert received.left_out == 6
    assert received.paragraphs == ("a",)
    numbered = "Word numbers 1 paragraph by itself; that number is not in the text."
    assert received.warnings == ("1 run of hidden text was left out.", numbered)
    styles = f'<w:styles xmlns:w="{W}"><w:style w:styleId="2"><w:pPr><w:numPr/></w:pPr></w:style></w:styles>'
    chosen = '<w:pPr><w:pStyle w:val="2"/>{}</w:pPr>'
    by_style = p(chosen.format(""), run("a")) + p(chosen.format('<w:numPr><w:numId w:val="0"/></w:numPr>'), run("b"))
    assert read(by_style, {"word/styles.xml": styles}).warnings == (numbered,)
    assert read(by_style, {"word/styles.xml": "<damaged"}).warnings == ()


@pytest.mark.parametrize(
    ("styles", "title"),
    [(("", "Heading1", "Heading1"), None), (("Heading1", "", "Heading1"), "p0"), (("", "Heading1", ""), "p1"),
     (("Heading1", "Title", "Heading1"), "p1")],
)  # fmt: skip
def test_the_first_of_several_chapters_is_no_title(styles: tuple[str, ...], title: str | None) -> None:
    body = (p(f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>', run(f"p{n}")) for n, style in enumerate(styles))
    assert read("".join(body)).title == title


def test_title_and_date_come_from_the_properties() -> None:
    core = '<cp xmlns:dc="d" xmlns:t="t"><dc:title>The plan</dc:title><t:created>2024-07-31T00:00:00Z</t:created></cp>'
    received = read(p(run("a")), {"docProps/core.xml": core})
    assert (received.title, received.published) == ("The plan", "2024-07-31")


# OpenDocument texts --------------------------------------------------------------------------------


def open_text(body: str, styles: str = "", parts: dict[str, str] | None = None) -> Received:
    received = read_received(odt(body, styles, parts), "renamed.zip")
    assert (received.format, received.encoding) == ("odt", "")
    return received


NOTE = (
    "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>注文。</text:p></text:note-body>"
    "</text:note>"
)
CELL = "<table:table-cell><text:p>{}</text:p></table:table-cell>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<text:h>总则</text:h><text:p>坚<text:span>持</text:span>以<text:s/>人。</text:p>", ("总则", "坚持以 人。")),
        ("<text:p>One.<text:line-break/>Two<text:tab/>three</text:p>", ("One.", "Two three")),
        ("<text:p>a<text:a>link</text:a>, <text:date>2024</text:date></text:p>", ("alink, 2024",)),
        (f"<text:p>正文{NOTE}完。</text:p><text:p>后段</text:p>", ("正文完。", "后段", "注文。")),
        (
            "<text:list><text:list-item><text:number>（一）</text:number><text:p>甲</text:p></text:list-item>"
            "<text:list-item><text:p>乙</text:p></text:list-item></text:list>",
            ("（一） 甲", "乙"),
        ),
        (
            f"<table:table><table:table-header-rows><table:table-row>{CELL.format('年')}{CELL.format('率')}"
            f"</table:table-row></table:table-header-rows><table:table-row>{CELL.format('2020')}"
            "<table:covered-table-cell/></table:table-row></table:table>",
            ("年 | 率", "2020 | "),
        ),
        (
            "<text:p><draw:frame><draw:text-box><text:p>框</text:p></draw:text-box><svg:title>图题</svg:title>"
            "</draw:frame>前</text:p><text:section><text:p>后</text:p></text:section>",
            ("前", "框", "后"),
        ),
        ("<text:p>a</text:p>" + "<text:section>" * 3000 + "<text:p>b</text:p>" + "</text:section>" * 3000, ("a", "b")),
    ],
)  # fmt: skip
def test_an_open_document_is_read_in_order(body: str, expected: tuple[str, ...]) -> None:
    assert open_text(body).paragraphs == expected


def test_what_is_deleted_hidden_or_remarked_in_an_open_document_is_left_out_and_said() -> None:
    received = open_text(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>删</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>留<text:span text:style-name='T1'>藏</text:span>"
        "<office:annotation><text:p>批</text:p></office:annotation></text:p>"
        "<text:list text:style-name='L1'><text:list-item><text:p>项</text:p></text:list-item></text:list>",
        "<style:style style:name='T1'><style:text-properties text:display='none'/></style:style>"
        "<text:list-style style:name='L1'><text:list-level-style-number/></text:list-style>",
    )
    assert received.paragraphs == ("留", "项")
    said = " ".join(received.warnings)
    assert len(received.warnings) == 4
    assert all(word in said for word in ("1 deletion left out", "1 run of hidden", "numbers 1 par", "1 comment"))


LISTED = "<text:list text:style-name='{}'><text:list-item><text:p>甲</text:p></text:list-item></text:list>"
NUMBERED = "<text:list-style style:name='L'><text:list-level-style-number/></text:list-style>"


@pytest.mark.parametrize(
    ("body", "styles", "numbered"),
    [
        (LISTED.format("L"), NUMBERED, 1),
        (
            "<text:list><text:list-item><text:p text:style-name='P'>甲</text:p></text:list-item></text:list>",
            f"{NUMBERED}<style:style style:name='P' style:list-style-name='L'/>",
            1,
        ),
        (
            "<text:h text:outline-level='1'>甲</text:h><text:h text:outline-level='2'>乙</text:h>",
            "<text:outline-style><text:outline-level-style text:level='1' style:num-format='1'/>"
            "<text:outline-level-style text:level='2' style:num-format=''/></text:outline-style>",
            1,
        ),
        (LISTED.format("M"), NUMBERED, 0),
    ],
)
def test_numbers_that_the_styles_of_an_open_document_give_are_told_of(body: str, styles: str, numbered: int) -> None:
    told = f"LibreOffice numbers {numbered} paragraph by itself; that number is not in the text."
    assert open_text(body, parts={"styles.xml": styles}).warnings == ((told,) if numbered else ())


def test_title_date_heads_and_contents_of_an_open_document() -> None:
    contents = "<text:table-of-content><text:p>第一章 1</text:p></text:table-of-content>"
    head = "<style:header><text:p>公报</text:p></style:header>"
    date = "<meta:creation-date>2024-07-31T08:00:00</meta:creation-date>"
    about = f"<office:meta><dc:title>规划</dc:title>{date}</office:meta>"
    received = open_text(f"{contents}<text:p>正文</text:p>", parts={"styles.xml": head, "meta.xml": about})
    assert (received.title, received.published) == ("规划", "2024-07-31")
    assert received.paragraphs == ("第一章 1", "正文", "公报")
    assert received.furniture == {1: "table of contents", 3: "running head"}
    assert open_text('<text:h text:outline-level="1">题</text:h>').title == "题"
