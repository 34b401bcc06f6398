"""Keyword-in-context lines: a mention with the words of its sentence on either side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from policybook.corpus.model import Corpus, records

_CUT = "…"


class Line(NamedTuple):
    """A mention in its context; `left` and `right` are cut at a word's edge, marked "…"."""

    sentence: str
    passage: str
    document: str
    concept: str
    left: str
    keyword: str
    right: str


def kwic_lines(corpus: Corpus, mentions: pd.DataFrame, room: int = 50) -> Iterator[Line]:
    """Yield a line for every mention, in the order they come.

    At most `room` letters stand on a side, in Chinese half as many; nothing beyond the mention's own sentence.
    """
    texts = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    for row in records(mentions):
        text, chinese = str(texts[row.sentence]), languages[row.document] == "zh"
        most = room // 2 if chinese else room
        left, right = _before(text[: row.start], most, chinese), _behind(text[row.end :], most, chinese)
        keyword = text[row.start : row.end]
        yield Line(row.sentence, row.passage, row.document, row.concept, left, keyword, right)


def _before(text: str, most: int, chinese: bool) -> str:
    if len(text) <= most:
        return text.lstrip()
    kept = text[-most:]
    if not chinese and not text[-most - 1].isspace():
        _, space, whole = kept.partition(" ")
        kept = whole if space else kept
    return _CUT + kept.lstrip()


def _behind(text: str, most: int, chinese: bool) -> str:
    if len(text) <= most:
        return text.rstrip()
    kept = text[:most]
    if not chinese and not text[most].isspace():
        whole, space, _ = kept.rpartition(" ")
        kept = whole if space else kept
    return kept.rstrip() + _CUT
