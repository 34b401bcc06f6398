from __future__ import annotations

import pandas as pd
from kinds import CorpusOf

from policybook.corpus.blocks import BLOCK_LENGTH
from policybook.corpus.model import COLUMNS, Corpus
from policybook.corpus.variants import reblock, with_all_paragraphs, without_headings


def test_blocks_of_the_usual_length_are_the_blocks_that_were_there(coded: Corpus) -> None:
    again = reblock(coded)
    for name in COLUMNS:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(coded, name), check_dtype=False)
    assert again.made_from != coded.made_from


def test_every_sentence_and_mention_stands_in_one_new_block(coded: Corpus) -> None:
    shorter = reblock(coded, {language: size // 2 for language, size in BLOCK_LENGTH.items()})
    assert shorter.sentences["sentence"].tolist() == coded.sentences["sentence"].tolist()
    assert shorter.blocks["sentences"].sum() == len(coded.sentences)
    block_of = shorter.sentences.set_index("sentence")["block"]
    assert shorter.mentions["block"].tolist() == [block_of[s] for s in shorter.mentions["sentence"]]
    assert shorter.mentions.drop(columns="block").equals(coded.mentions.drop(columns="block"))
    assert coded.sentences["block"].isin(coded.blocks["block"]).all()  # nothing was changed in the corpus itself


def test_without_headings_only_passages_with_a_sentence_are_left(corpus_of: CorpusOf) -> None:
    corpus = corpus_of(
        {"a": "Part one\nThe province builds roads in its counties.\n1. Aims\nSchools follow; they are many."}
    )
    assert without_headings(corpus).passages["text"].tolist() == [
        "The province builds roads in its counties.",
        "Schools follow; they are many.",
    ]


def test_with_all_paragraphs_nothing_is_set_aside(corpus: Corpus) -> None:
    whole = with_all_paragraphs(corpus)
    assert whole.boilerplate.empty
    assert len(whole.passages) == len(corpus.passages) + len(corpus.boilerplate)
    assert whole.passages["passage"].is_unique
    assert whole.sentences["sentence"].is_unique
    for document, rows in whole.passages.groupby("document"):
        assert rows["paragraph"].is_monotonic_increasing
        added = rows[~rows["passage"].isin(corpus.passages["passage"])]
        assert (added["plan"] == corpus.document(str(document))["plan"]).all()
    kept = whole.sentences[whole.sentences["sentence"].isin(corpus.sentences["sentence"])]
    assert kept["text"].tolist() == corpus.sentences["text"].tolist()
    assert whole.sentences["block"].isin(whole.blocks["block"]).all()
