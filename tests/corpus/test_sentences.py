from __future__ import annotations

from itertools import pairwise

import pytest
from kinds import CorpusOf
from pace import within

from policybook.corpus.corpus import Corpus, records
from policybook.corpus.sentences import find_headings, length, sections, split_sentences

# Headings are told by their numbers, and every paragraph knows the section it stands in ------------


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
    with within(50):
        found(*paragraphs)


def split(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["It rose by 3.5 percent.", "The U.S. economy grew!", "Did it?"]),
        ("en", ["Dr. Wang spoke.", "Mr. Li answered."]),
        ("en", ["He said “yes.”", "then he left."]),
        ("en", ["one sentence ends here.", "another begins in small letters"]),
        ("zh", ["一是改革。", "二是开放！", "三是创新？"]),
        ("zh", ["他说：“好。”", "会议结束。"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language: str, sentences: list[str]) -> None:
    assert split((" " if language == "en" else "").join(sentences), language) == sentences


def test_chinese_semicolons_end_a_sentence() -> None:
    assert split("健全机制；完善制度；", "zh") == ["健全机制；", "完善制度；"]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("zh", ["重点任务：", "一是扩大就业；", "二是完善住房；", "三是改善环境。"]),
        ("zh", ["主要目标：", "（一）提高质量；", "（二）完善制度。"]),
        ("zh", ["具体要求：", "第一，加强领导。", "第二，落实责任。"]),
        ("zh", ["任务如下：", "1.加强领导。", "2.完善制度。"]),
        ("zh", ["坚持原则。", "（一）以人为本。", "（二）因地制宜。"]),
        ("zh", ["要求做到：", "①规划先行；", "②建管并重。"]),
        ("zh", ["一是扩大就业，二是完善住房，三是改善环境。"]),
        ("zh", ["城镇化率达到65.5%。", "增长3.2个百分点。"]),
        ("zh", ["会议指出：城镇化是必由之路。"]),
        ("zh", ["他说：“是的；", "我们同意。”", "会议结束。"]),
        ("en", ["Three tasks:", "First, build homes;", "second, train workers;", "third, open schools."]),
        ("en", ["The plan has two parts:", "(1) build homes;", "(2) train workers."]),
        ("en", ["1. Improve services.", "2. Build homes."]),
        ("en", ["See No. 5, para. 2 and Fig. 3.", "It is clear."]),
        ("en", ["It cost approx. 5 million yuan.", "Work began in Jan. 2014."]),
        ("en", ["Dr. Wang of the U.S. Center agreed, e.g. on land.", "The rest did not."]),
        ("en", ["“We agree.”", "Then they left."]),
        ("en", ["It is state of the art.", "The answer is no.", "Then they left."]),
        ("en", ["In short: cities must open; counties must grow."]),
    ],
)
def test_lists_and_abbreviations(language: str, sentences: list[str]) -> None:
    text = (" " if language == "en" else "").join(sentences)
    assert split(text, language) == sentences


@pytest.mark.parametrize("text", ["", "   ", "\u3000"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert split(text, "zh") == []


@pytest.mark.parametrize(
    "text",
    [
        "One  two.  Three\u00a0four.\u2009Five! \tSix.",
        "😀 ok. Yes.",
        "。。。！？",
        "x" * 5000,
        "a. b. c. d.",
        "“城镇化”。 English here. 再来。",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_character_is_lost_or_counted_twice(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    assert all(start < end for start, end in spans)
    assert all(end <= following for (_, end), (following, _) in pairwise(spans))
    assert "".join("".join(split(text, language)).split()) == "".join(text.split())


def test_the_sentences_of_every_passage_make_it_up(corpus: Corpus) -> None:
    texts = corpus.sentences.groupby("passage")["text"].agg("".join)
    for passage in records(corpus.passages):
        assert "".join(texts[passage.passage].split()) == "".join(passage.text.split())


def test_offsets_of_sentences_lead_back_to_the_passage(corpus: Corpus) -> None:
    texts = corpus.passages.set_index("passage")["text"]
    for sentence in records(corpus.sentences):
        assert texts[sentence.passage][sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("new-type urbanization's 3.5 percent", "en", 4),
        ("城镇化率达65.22%，GDP增长", "zh", 7),
        ("—— …", "en", 0),
        ("", "zh", 0),
    ],
)
def test_length_counts_words_or_chinese_characters(text: str, language: str, expected: int) -> None:
    assert length(text, language) == expected
