from __future__ import annotations

import io

import pytest
from docx import Document
from making import W, docx, p, run

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
        "The file has tracked changes, read as accepted: 1 insertions kept, 1 deletions left out.",
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
    assert len(received.warnings) == 2


def test_title_and_date_come_from_the_properties() -> None:
    core = '<cp xmlns:dc="d" xmlns:t="t"><dc:title>The plan</dc:title><t:created>2024-07-31T00:00:00Z</t:created></cp>'
    received = read(p(run("a")), {"docProps/core.xml": core})
    assert (received.title, received.published) == ("The plan", "2024-07-31")
