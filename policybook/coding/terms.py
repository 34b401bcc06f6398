"""Term frequencies of a part of a corpus: the scheme's terms as units, then the other words."""

from __future__ import annotations

import logging
import re
import tempfile
from collections import Counter
from copy import copy
from functools import cache
from typing import Any

import jieba
import pandas as pd
from wordcloud import STOPWORDS, WordCloud

from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus, records
from policybook.project import Project

jieba.setLogLevel(logging.WARNING)


def term_frequencies(corpus: Corpus, scheme: Scheme, project: Project) -> pd.Series:
    """Return term → count, most frequent first, for the sentences of `corpus`.

    Coded mentions count under the concept's term in the sentence's language; the text between them is cut
    into words, by jieba with the scheme's terms as its dictionary or at spaces, less the stop words of
    data/lexicon.
    """
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    counts: Counter[str] = Counter()
    english: list[str] = []
    chinese: list[str] = []
    mentions: dict[str, list[Any]] = {}
    for mention in records(corpus.mentions):
        mentions.setdefault(mention.sentence, []).append(mention)
    for sentence in records(corpus.sentences):
        language, text = languages[sentence.document], sentence.text
        for mention in reversed(mentions.get(sentence.sentence, [])):
            concept = scheme.by_id[mention.concept]
            counts[re.split(" ?[;(/]", concept.term_zh if language == "zh" else concept.term_en)[0]] += 1
            text = f"{text[: mention.start]} | {text[mention.end :]}"
        if language == "zh":
            chinese.append(text)
        else:
            english.append(text)
    if chinese:
        stop = read_stopwords(project, "zh")
        counts.update(_chinese_words("\n".join(chinese), _make_tokenizer(scheme), stop))
    if english:
        stop = STOPWORDS | read_stopwords(project, "en")
        cloud = WordCloud(stopwords=stop, collocations=False, min_word_length=3)
        counts.update(cloud.process_text(" ".join(english).lower()))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return pd.Series(dict(ordered), dtype=int)


def read_stopwords(project: Project, language: str) -> frozenset[str]:
    """Return the stop words of data/lexicon/stopwords-<language>.txt, one a line, # for comments."""
    path = project.lexicon / f"stopwords-{language}.txt"
    if not path.is_file():
        return frozenset()
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line)


def _chinese_words(text: str, tokenizer: jieba.Tokenizer, stop: frozenset[str]) -> list[str]:
    pieces = re.findall("[\u3400-\u9fff]+", text)
    words = (word for piece in pieces for word in tokenizer.cut(piece, HMM=False))  # no guessed words
    return [word for word in words if len(word) > 1 and word not in stop]


def _make_tokenizer(scheme: Scheme) -> jieba.Tokenizer:
    tokenizer = copy(_dictionary())
    tokenizer.FREQ = dict(tokenizer.FREQ)
    for concept in scheme.concepts:
        for form in scheme.words(concept, "zh"):
            tokenizer.add_word(form)
    return tokenizer


@cache
def _dictionary() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as folder:  # parallel processes fight over a shared cache
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    return tokenizer
