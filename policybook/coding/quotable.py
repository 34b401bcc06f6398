"""Which sentences the book, its search and its exports may show."""

from __future__ import annotations

from policybook.corpus.model import CODED, Corpus


def quotable_sentences(corpus: Corpus) -> frozenset[str]:
    """Return the ids of the sentences that may be shown.

    All of a document with `rights: full`; of a document with `rights: quote` the sentences that evidence
    points to, which are those in which something was coded.
    """
    full = corpus.documents.loc[corpus.documents["rights"] == "full", "document"]
    whole = corpus.sentences.loc[corpus.sentences["document"].isin(full), "sentence"]
    return frozenset(whole).union(*(getattr(corpus, name)["sentence"] for name in CODED))
