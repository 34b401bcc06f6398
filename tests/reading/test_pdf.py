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
