"""Words and phrases of a corpus and how often each stands."""

from __future__ import annotations

import logging
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from copy import copy
from functools import cache, lru_cache
from typing import Any

import jieba
import pandas as pd
from wordcloud import STOPWORDS
from wordcloud.tokenization import process_tokens

from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.project import Project

jieba.setLogLevel(logging.WARNING)


#: Of a term that stands in a sentence: where, in which language, and whether it is a mention of a concept.
TERM_COLUMNS = ("sentence", "passage", "block", "document", "language", "term", "coded")
_ENGLISH = re.compile(r"\w[\w']+")
_SHORTEST = 3


def list_terms(corpus: Corpus, scheme: Scheme, project: Project) -> pd.DataFrame:
    """Return a row with TERM_COLUMNS for every term of every sentence of `corpus`, sentences in reading order.

    A coded mention is one term, the concept's own in the sentence's language; the text between mentions is cut into
    words, by jieba with the scheme's terms as its dictionary or, in small letters, at spaces, less the stop words
    of data/lexicon, numbers, Chinese words of one character and English ones of fewer than three letters.
    """
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    cut = {language: _make_cutter(language, scheme, project) for language in sorted(set(languages.values()))}
    mentions: dict[str, list[Any]] = {}
    for mention in records(corpus.mentions):
        mentions.setdefault(mention.sentence, []).append(mention)
    rows = []
    for sentence in records(corpus.sentences):
        language, text = languages[sentence.document], sentence.text
        place = (sentence.sentence, sentence.passage, sentence.block, sentence.document, language)
        for mention in reversed(mentions.get(sentence.sentence, [])):
            concept = scheme.by_id[mention.concept]
            name = concept.term_zh if language == "zh" else concept.term_en
            rows.append((*place, re.split(" ?[;(/]", name)[0], True))
            text = f"{text[: mention.start]} | {text[mention.end :]}"
        rows += [(*place, word, False) for word in cut[language](text)]
    return pd.DataFrame(rows, columns=list(TERM_COLUMNS)).astype({"coded": bool})


def term_frequencies(corpus: Corpus, scheme: Scheme, project: Project) -> pd.Series:
    """Return term → count, most frequent first, for the sentences of `corpus` (see list_terms).

    An English word that stands there with and without an s at its end is counted without.
    """
    terms = list_terms(corpus, scheme, project)
    kept = terms["coded"] | (terms["language"] == "zh")
    counts = Counter(terms.loc[kept, "term"])
    counts.update(process_tokens(terms.loc[~kept, "term"])[0])
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return pd.Series(dict(ordered), dtype=int)


def read_stopwords(project: Project, language: str) -> frozenset[str]:
    """Return the stop words of data/lexicon/stopwords-<language>.txt, one a line, # for comments."""
    path = project.lexicon / f"stopwords-{language}.txt"
    if not path.is_file():
        return frozenset()
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line)


def _make_cutter(language: str, scheme: Scheme, project: Project) -> Callable[[str], list[str]]:
    """Return the function that cuts a text of a language into the words that count."""
    stop = read_stopwords(project, language)
    if language == "zh":
        forms = (form for concept in scheme.concepts for form in scheme.words(concept, "zh"))
        tokenizer = _make_tokenizer(tuple(forms))
        return lambda text: _chinese_words(text, tokenizer, stop)
    stop = frozenset(word.lower() for word in stop | STOPWORDS)
    return lambda text: _english_words(text.lower(), stop)


def _chinese_words(text: str, tokenizer: jieba.Tokenizer, stop: frozenset[str]) -> list[str]:
    pieces = re.findall("[\u3400-\u9fff]+", text)
    words = (word for piece in pieces for word in tokenizer.cut(piece, HMM=False))  # no guessed words
    return [word for word in words if len(word) > 1 and word not in stop]


def _english_words(text: str, stop: frozenset[str]) -> list[str]:
    words = (word.removesuffix("'s") for word in _ENGLISH.findall(text))
    return [word for word in words if len(word) >= _SHORTEST and not word.isdigit() and word not in stop]


@lru_cache(maxsize=1)  # tens of thousands of forms take seconds
def _make_tokenizer(forms: tuple[str, ...]) -> jieba.Tokenizer:
    tokenizer = copy(_dictionary())
    tokenizer.FREQ = dict(tokenizer.FREQ)
    for form in forms:
        tokenizer.add_word(form)
    return tokenizer


@cache
def _dictionary() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as folder:  # parallel processes fight over a shared cache
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    return tokenizer
