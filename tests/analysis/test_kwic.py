from __future__ import annotations

import pytest
from kinds import CorpusOf

from policybook.analysis.kwic import kwic_lines
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus

LONG = "Everyone in this county by the river knows that rural revitalization takes patience, money and good roads."


def test_a_line_is_cut_at_words_and_says_so(corpus_of: CorpusOf, scheme: Scheme) -> None:
    corpus = code_concepts(corpus_of({"a": LONG}), scheme)
    lines = [one for one in kwic_lines(corpus, corpus.mentions, 30) if one.keyword == "rural revitalization"]
    assert [(one.left, one.right) for one in lines] == [("…by the river knows that ", " takes patience, money and…")]
    assert all(len(one.left) <= 31 and len(one.right) <= 31 for one in lines)


def test_a_short_context_is_whole(corpus_of: CorpusOf, scheme: Scheme) -> None:
    corpus = code_concepts(corpus_of({"a": "We need rural revitalization now. Nothing else."}), scheme)
    (line,) = kwic_lines(corpus, corpus.mentions)
    assert (line.left, line.keyword, line.right) == ("We need ", "rural revitalization", " now.")


def test_chinese_has_half_the_room_and_no_spaces_to_cut_at(corpus_of: CorpusOf, scheme: Scheme) -> None:
    text = "本县今年把各项工作安排得十分细致周到，推进农业转移人口市民化是大家都关心的一件大事情也是难事。"
    corpus = code_concepts(corpus_of({"z": text}, language="zh"), scheme)
    lines = [one for one in kwic_lines(corpus, corpus.mentions, 20) if one.keyword == "农业转移人口市民化"]
    assert [(one.left, one.right) for one in lines] == [("…得十分细致周到，推进", "是大家都关心的一件大…")]


@pytest.mark.parametrize("room", [0, 1, 7, 50, 10_000])
def test_a_line_is_a_part_of_its_sentence(coded: Corpus, room: int) -> None:
    texts = dict(zip(coded.sentences["sentence"], coded.sentences["text"], strict=True))
    lines = list(kwic_lines(coded, coded.mentions, room))
    assert len(lines) == len(coded.mentions)
    for line in lines:
        whole = line.left.lstrip("…") + line.keyword + line.right.rstrip("…")
        assert whole.strip() in texts[line.sentence] or whole in texts[line.sentence]
