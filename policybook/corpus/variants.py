"""The same corpus as other rules would have cut it: other block lengths, other ideas of what belongs to the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from policybook.corpus.blocks import BLOCK_LENGTH, Row, join_blocks
from policybook.corpus.furniture import ENDS_A_SENTENCE
from policybook.corpus.model import CODED, Corpus, records, table
from policybook.corpus.segment import length, split_sentences


def reblock(corpus: Corpus, lengths: Mapping[str, int] = BLOCK_LENGTH) -> Corpus:
    """Return the corpus with its sentences joined anew into blocks of `lengths`, by language; what is coded is kept."""
    blocks: list[Row] = []
    sentences: list[Row] = []
    for document in records(corpus.documents):
        passages = _rows(corpus.passages, document.document)
        own = _rows(corpus.sentences, document.document)
        blocks += join_blocks(document.document, document.language, passages, own, lengths[document.language])
        sentences += own
    block_of = {str(row["sentence"]): str(row["block"]) for row in sentences}
    coded = {name: getattr(corpus, name) for name in CODED}
    return replace(
        corpus,
        blocks=table("blocks", blocks),
        sentences=table("sentences", sentences),
        made_from=(*corpus.made_from, f"blocks of {dict(lengths)}"),
        **{name: rows.assign(block=rows["sentence"].map(block_of)) for name, rows in coded.items()},
    )


def without_headings(corpus: Corpus) -> Corpus:
    """Return the corpus without passages that hold no end of a sentence: headings, captions, lists of names."""
    kept = corpus.passages[[bool(ENDS_A_SENTENCE.search(text)) for text in corpus.passages["text"]]]
    coded = {name: getattr(corpus, name) for name in ("sentences", *CODED)}
    smaller = replace(
        corpus,
        passages=kept,
        made_from=(*corpus.made_from, "without passages that hold no end of a sentence"),
        **{name: rows[rows["passage"].isin(kept["passage"])] for name, rows in coded.items()},
    )
    return reblock(smaller)


def with_all_paragraphs(corpus: Corpus) -> Corpus:
    """Return the corpus, not coded, with every paragraph a passage: nothing is boilerplate.

    A paragraph that was boilerplate has the scope of its document.
    """
    documents = {row.document: row for row in records(corpus.documents)}
    passages, sentences = _rows(corpus.passages), _rows(corpus.sentences)
    for row in records(corpus.boilerplate):
        document = documents[row.document]
        identifier = f"{row.document}:{row.anchor}"
        passages.append(
            {
                "document": row.document,
                "passage": identifier,
                "paragraph": row.paragraph,
                "anchor": row.anchor,
                "text": row.text,
                "raw": row.raw,
                "plan": document.plan,
                "era": document.era,
                "places": document.places,
                "level": None,
                "overridden": False,
            }
        )
        sentences.extend(
            {
                "sentence": f"{identifier}.{number}",
                "passage": identifier,
                "document": row.document,
                "number": number,
                "start": start,
                "end": end,
                "text": row.text[start:end],
                "length": length(row.text[start:end], document.language),
            }
            for number, (start, end) in enumerate(split_sentences(row.text, document.language), 1)
        )
    paragraphs = {str(row["passage"]): int(row["paragraph"]) for row in passages}
    order = {document: n for n, document in enumerate(documents)}
    passages.sort(key=lambda row: (order[row["document"]], row["paragraph"]))
    sentences.sort(key=lambda row: (order[row["document"]], paragraphs[row["passage"]], row["number"]))
    complete = replace(
        corpus,
        passages=table("passages", passages),
        sentences=table("sentences", sentences),
        boilerplate=table("boilerplate", ()),
        made_from=(*corpus.made_from, "with every paragraph"),
        mentions=table("mentions", ()),
        quantities=table("quantities", ()),
        actors=table("actors", ()),
        directives=table("directives", ()),
    )
    return reblock(complete)


def _rows(rows: pd.DataFrame, document: str | None = None) -> list[dict[str, Any]]:
    """Return the rows of a table, or of one document in it, as new dictionaries."""
    wanted = rows if document is None else rows[rows["document"] == document]
    return [{str(name): value for name, value in row.items()} for row in wanted.to_dict("records")]
