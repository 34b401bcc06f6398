from __future__ import annotations

import pytest
from kinds import CorpusOf

from policybook.coding.code import quotable_sentences
from policybook.coding.concepts import code_concepts
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import CODED, Corpus

TEXT = {"a": "Rural revitalization comes first. The weather was fine in all of June."}


@pytest.mark.parametrize(("rights", "shown"), [("full", {"a:p01.1", "a:p01.2"}), ("quote", {"a:p01.1"})])
def test_rights_decide_what_is_shown(corpus_of: CorpusOf, scheme: Scheme, rights: str, shown: set[str]) -> None:
    assert quotable_sentences(code_concepts(corpus_of(TEXT, rights=rights), scheme)) == shown


def test_this_book_shows_sentences_in_which_something_was_coded_and_no_others(coded: Corpus) -> None:
    shown = quotable_sentences(coded)
    assert shown == set().union(*(getattr(coded, name)["sentence"] for name in CODED))
    assert len(shown) < len(coded.sentences)
