from __future__ import annotations

from itertools import pairwise

import pytest

from policybook.corpus.model import Corpus, records
from policybook.corpus.segment import length, split_sentences


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
