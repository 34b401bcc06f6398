"""Headings are told by their numbers, and every paragraph knows the section it stands in."""

from __future__ import annotations

import time

import pytest
from kinds import CorpusOf

from policybook.corpus.sections import find_headings, sections


def found(*paragraphs: str, language: str = "zh") -> dict[int, tuple[int, str, bool]]:
    headings = find_headings(dict(enumerate(paragraphs, 1)), language)
    return {n: (one.form, one.text, one.runs_on) for n, one in headings.items()}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("第一篇 规划背景", 0), ("第二部分　总体要求", 0), ("第十二章　优化布局", 1), ("第3章 布局", 1),
        ("第二节 分类", 2), ("一、总体要求", 3), ("十一、组织实施", 3), ("（一）深化改革", 4),
        ("(二) 深化改革，完善制度", 4), ("## 第八篇　推进", 0),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_its_number(text: str, form: int):
    assert found(text, "正文在这里。") == {1: (form, text.removeprefix("## "), False)}


@pytest.mark.parametrize(
    "text",
    [
        "第一章", "第一，要推进改革", "第一书记到村里去", "一是推进改革。",
        "一、到明年，水平要提高，服务要改善。再说。",
        "1.推进改革。完善制度。", "第一章规定了三件事。", "（一）要求各地推进，其余照旧；另行通知。",
        "一、各地要做到：", "2025年的安排", "3.5万人落户",
        "三、" + "很长的一句话" * 12, "第一条 为了推进改革，制定本办法。", "",
    ],
)  # fmt: skip
def test_what_is_no_heading(text: str):
    assert found(text, "正文在这里。") == {}


def test_a_heading_may_open_its_paragraph():
    assert found("（六）深化户籍制度改革。放开放宽落户限制。", "其他。") == {1: (4, "（六）深化户籍制度改革", True)}
    assert found("二、深化改革。") == {1: (3, "二、深化改革", False)}


def test_a_numbered_list_is_none_but_inside_a_section_it_is():
    assert found("1.推进改革。完善制度。", "2.改善服务。再说。") == {}
    assert list(found("一、任务", "1.推进改革。完善制度。")) == [1, 2]


@pytest.mark.parametrize("text", ["Part I Background", "Chapter 3: Layout", "Section 2 – Land", "CHAPTER XII. COUNTY"])
def test_english_headings(text: str):
    assert list(found(text, "The text.", language="en")) == [1]


@pytest.mark.parametrize("text", ["Part of the plan", "Section 2 says that land is scarce.", "Party I", "Part II"])
def test_what_is_no_english_heading(text: str):
    assert found(text, "The text.", language="en") == {}


def test_a_table_of_contents_is_none():
    contents = ["目录", "第一篇 背景……1", "第一章 意义……2", "第二章 现状 …… 3"]
    body = ["第一篇 背景", "第一章 意义", "正文。", "第二章 现状", "正文。"]
    assert list(found(*contents, *body)) == [5, 6, 8]


def test_like_headings_of_different_chapters_all_count():
    text = ["第一篇 甲", "第一章 乙", "第一节 总体要求", "正文。", "第二章 丙", "第一节 总体要求", "正文。"]
    assert list(found(*text)) == [1, 2, 3, 5, 6]


def test_every_paragraph_stands_under_the_headings_above_it():
    text = ["前言。", "第一篇 甲", "第一章 乙", "正文。", "第二节 丙", "正文。", "第二章 丁", "正文。", "第二篇 戊"]
    text.append("正文。")
    headings = find_headings(dict(enumerate(text, 1)), "zh")
    assert sections(list(range(1, 11)), headings) == {
        1: (), 2: (2,), 3: (2, 3), 4: (2, 3), 5: (2, 3, 5), 6: (2, 3, 5), 7: (2, 7), 8: (2, 7), 9: (9,), 10: (9,),
    }  # fmt: skip


def test_passages_carry_their_section(corpus_of: CorpusOf):
    text = "规划\n第一篇 背景\n城镇化是大事，关系各地发展。\n一、任务\n（一）深化改革。放开落户限制。\n"
    passages = corpus_of({"one": text}, language="zh").passages.set_index("anchor")
    assert passages["section"].to_dict() == {
        "p01": (), "p02": ("p02",), "p03": ("p02",), "p04": ("p02", "p04"), "p05": ("p02", "p04", "p05"),
    }  # fmt: skip
    assert passages["heading"].dropna().to_dict() == {"p02": "第一篇 背景", "p04": "一、任务", "p05": "（一）深化改革"}


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["一、" + "很" * 500_000], ["（" * 200_000], ["第一章 同一章"] * 20_000, ["第一章 " + "." * 300_000],
        ["#" * 300_000], [f"第一节 {n}" for n in range(20_000)],
    ],
)  # fmt: skip
def test_no_text_takes_long(paragraphs: list[str]):
    began = time.monotonic()
    found(*paragraphs)
    assert time.monotonic() - began < 2
