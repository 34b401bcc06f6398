"""Measuring texts that are not shipped: the same corpus stage and coding as for the book, then counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

import policybook
from policybook.coding.code import code_corpus, load_coding
from policybook.coding.measured import (
    BLOCK_COLUMNS,
    COUNTS,
    DOCUMENT_COLUMNS,
    Measured,
    make_measured,
    show_concepts,
)
from policybook.coding.metadata import Described
from policybook.coding.rules import find_rules
from policybook.corpus.build import join_documents, read_document
from policybook.corpus.model import Corpus, records
from policybook.corpus.scope import ScopeRules
from policybook.corpus.vocabulary import load_vocabulary
from policybook.progress import follow, say
from policybook.project import Project


def measure(documents: Sequence[Described], project: Project, *, quiet: bool = False) -> Measured:
    """Return the counts of documents: one row a document, one a block, and no text.

    Raises InvalidDataError when data/lexicon has mistakes, UnreadableDocumentError when a document is no text.
    """
    vocabulary, coding = load_vocabulary(project), load_coding(project)
    rules = ScopeRules(vocabulary)
    rows: list[dict[str, Any]] = []
    blocks: list[dict[str, Any]] = []
    shown = documents if quiet else follow(documents, len(documents), unit="document", what="Measuring")
    for number, one in enumerate(shown, 1):
        read = read_document(one.entry, one.content, vocabulary, rules, project)
        corpus = code_corpus(join_documents([read], vocabulary), coding)
        rows.append(_document_row(one, corpus))
        blocks.extend(_block_rows(corpus))
        if not quiet:
            say(f"[{number}/{len(documents)}] {one.entry.id}: {len(corpus.blocks)} blocks")
    return make_measured(
        pd.DataFrame(rows, columns=list(DOCUMENT_COLUMNS)),
        pd.DataFrame(blocks, columns=list(BLOCK_COLUMNS)),
        made_by=f"policybook {policybook.__version__}",
        rules=find_rules(project),
    )


def _document_row(one: Described, corpus: Corpus) -> dict[str, Any]:
    entry, row = one.entry, corpus.documents.iloc[0]
    return {
        "document": entry.id,
        "title": entry.title,
        "publisher": entry.publisher,
        "kind": one.kind,
        "place": entry.speaker,
        "era": row["era"],
        "year": one.year,
        "language": entry.language,
        "address": one.address,
        "sha256": entry.sha256,
        "characters": row["characters"],
        "passages": len(corpus.passages),
        "sentences": len(corpus.sentences),
        "blocks": len(corpus.blocks),
    }


def _block_rows(corpus: Corpus) -> list[dict[str, Any]]:
    """Return a row a block. An ambiguous mention is counted nowhere: what it names is not known."""
    sure = corpus.mentions[~corpus.mentions["ambiguous"].astype(bool)]
    concepts = _tallies(sure, "concept")
    coded = {
        "instrument": _tallies(corpus.directives, "instrument"),
        "strength": _tallies(corpus.directives, "strength"),
        "quantity": _tallies(corpus.quantities, "kind"),
    }
    rows = []
    for block in records(corpus.blocks):
        counts = Counter({
            f"{what}_{value}": number
            for what, tallies in coded.items()
            for value, number in tallies.get(block.block, {}).items()
        })  # fmt: skip
        counts["length"] = int(block.length)
        counts["directives"] = sum(coded["instrument"].get(block.block, {}).values())
        rows.append(
            {
                "document": block.document,
                "number": int(block.number),
                "concepts": show_concepts(concepts.get(block.block, {})),
                **{column: counts[column] for column in COUNTS},
            }
        )
    return rows


def _tallies(table: pd.DataFrame, column: str) -> dict[str, Counter[str]]:
    """Return block → value of `column` → rows."""
    tallies: dict[str, Counter[str]] = {}
    for block, value in zip(table["block"], table[column], strict=True):
        tallies.setdefault(block, Counter())[value] += 1
    return tallies
