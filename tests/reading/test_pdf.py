from __future__ import annotations

import pytest
from making import page_pdf, printed

from policybook.reading.read import read_received
from policybook.reading.received import Received

FIRST = "坚持以人为核心推进新型城镇化，完善户籍制度，提高规划水平，" * 4 + "推动城乡融合发展。"
SECOND = "健全农业转移人口市民化机制，完善配套政策体系，" * 5 + "保障合法权益。"
HEADING = "一、总体要求"


def lines(*paragraphs: str) -> list[str]:
    return [f"　　{text}"[at : at + 40] for text in paragraphs for at in range(0, len(text) + 2, 40)]


def texts(received: Received) -> list[str]:
    return [text for number, text in enumerate(received.paragraphs, 1) if number not in received.furniture]


@pytest.mark.parametrize("length", [3, 4, 5, 9])
def test_chinese_lines_become_paragraphs_across_pages(length: int) -> None:
    all_lines = lines(FIRST, HEADING, SECOND, FIRST)
    pages = [all_lines[at : at + length] for at in range(0, len(all_lines), length)]
    received = read_received(printed(pages, head="国务院公报 2024年第22号"), "x")
    assert texts(received) == [FIRST, HEADING, SECOND, FIRST]
    assert received.format == "pdf"


def test_running_heads_and_page_numbers_are_furniture() -> None:
    received = read_received(printed([lines(FIRST)] * 3, head="国务院公报 2024年第22号"), "x")
    assert list(received.furniture.values()).count("running head") == 3
    assert list(received.furniture.values()).count("page number") == 3
    assert texts(received) == [FIRST] * 3


def test_english_lines_are_joined_with_spaces_and_hyphens_undone() -> None:
    page = ["The plan promotes a new type of urbanization that puts people first and improves infra-",
            "structure in counties, so that migrant workers and their children may settle where they",
            "work."]  # fmt: skip
    assert texts(read_received(printed([page]), "x")) == [
        "The plan promotes a new type of urbanization that puts people first and improves infrastructure in counties, "
        "so that migrant workers and their children may settle where they work."
    ]


def test_one_line_of_text() -> None:
    assert texts(read_received(page_pdf("The plan promotes urbanization."), "x")) == ["The plan promotes urbanization."]


@pytest.mark.parametrize(
    "first", ["项目{n}：在第{n}片区新建学校。", "Build homes in district {n}.", "户籍人口比重达到{n}", "项目{n}"]
)
def test_first_lines_that_differ_in_a_number_are_no_running_head(first: str) -> None:
    said = [first.format(n=n) for n in range(1, 6)]
    assert set(said) <= set(texts(read_received(printed([[one, "", "", SECOND[-40:]] for one in said]), "x")))


@pytest.mark.parametrize("head", ["某市公报 第{n}页", "{n} 某市人民政府公报", "City Gazette No. 12 of 2023, page {n}"])
def test_a_running_head_may_count_the_pages(head: str) -> None:
    pages = [[head.format(n=n), "", "", *lines(FIRST)] for n in range(1, 6)]
    assert list(read_received(printed(pages, numbers=False), "x").furniture.values()) == ["running head"] * 5


def test_rows_and_lines_of_contents_stay_apart() -> None:
    rows = ["第一章 户籍制度…………………………………………………1", "第二章 县域经济…………………………………………………5"]
    assert texts(read_received(printed([rows]), "x")) == rows
    rows = [f"{label:　<20}{value}" for label, value in (("常住人口比重（%）", "52.6"), ("户籍人口比重（%）", "35.3"))]
    assert [text.split() for text in texts(read_received(printed([rows]), "x"))] == [row.split() for row in rows]


def test_a_list_of_short_lines_stays_a_list() -> None:
    listed = ["完善户籍制度", "发展县域经济", "推进城市更新", "保障随迁子女"]
    assert texts(read_received(printed([listed]), "x")) == listed
