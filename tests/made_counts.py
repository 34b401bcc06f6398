"""Block counts made for a test, as if measured elsewhere: no text, no passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from policybook.analysis.counts import BlockCounts, Pieces

CONCEPTS = ("farm", "forest", "factory", "school")
THEME_OF = ("land", "land", "jobs", "services")
THEMES = ("land", "jobs", "services")


def made_counts(
    documents: Mapping[str, Sequence[str]],
    *,
    passages: Mapping[str, Sequence[Sequence[str]]] | None = None,
    **fields: Mapping[str, object],
) -> BlockCounts:
    """Return counts of documents given block by block, each the words of CONCEPTS that it mentions ("farm school").

    `fields` give columns of the documents, by document; default: place of the document's first letter, English. With
    `passages`, the blocks are given piece by piece instead: document → blocks → pieces "p1 farm farm".
    """
    blocks = [(document, words) for document, texts in documents.items() for words in texts]
    table = pd.DataFrame({"document": list(documents)})
    defaults = {
        "place": {document: document[0] for document in documents},
        "language": dict.fromkeys(documents, "en"),
        "machine_translated": dict.fromkeys(documents, False),
    }
    for name, values in {**defaults, **fields}.items():
        table[name] = [values[document] for document in documents]
    names = [f"{document}:b{n:03d}" for n, (document, _) in enumerate(blocks)]
    mentions = np.array([count(words) for _, words in blocks], dtype=np.int64).reshape(len(blocks), len(CONCEPTS))
    known = {
        name: tuple(dict.fromkeys(table[name])) for name in ("document", "place", "language", "machine_translated")
    }
    pieces, ids = _pieces(passages) if passages else (None, None)
    return BlockCounts(
        concepts=CONCEPTS,
        theme_of=THEME_OF,
        themes=THEMES,
        documents=table,
        blocks=pd.DataFrame({"block": names, "document": [document for document, _ in blocks]}),
        mentions=mentions,
        pieces=pieces,
        passages=ids,
        found=None,
        known=known,
    )


def with_passages(documents: Mapping[str, Sequence[Sequence[str]]]) -> BlockCounts:
    """Return counts whose blocks are given piece by piece: document → blocks → pieces such as "p1 farm farm"."""
    whole = {
        document: [" ".join(piece.partition(" ")[2] for piece in block) for block in blocks]
        for document, blocks in documents.items()
    }
    return made_counts(whole, passages=documents)


def blocks(count_with: int, total: int, word: str = "farm", often: int = 3, rest: str = "") -> list[str]:
    """Return `total` blocks; `count_with` of them, spread evenly, say a word `often` times, the others say `rest`."""
    at = {int(k * total / count_with) for k in range(count_with)} if count_with else set()
    return [" ".join([word] * often) if n in at else rest for n in range(total)]


def count(words: str) -> list[int]:
    """Return how often each concept stands in a block."""
    return [words.split().count(concept) for concept in CONCEPTS]


def _pieces(documents: Mapping[str, Sequence[Sequence[str]]]) -> tuple[Pieces, tuple[str, ...]]:
    rows = []
    number = 0
    for document, texts in documents.items():
        for block in texts:
            rows += [(number, f"{document}:{piece.split()[0]}", count(piece)) for piece in block]
            number += 1
    ids = tuple(dict.fromkeys(name for _, name, _ in rows))
    return (
        Pieces(
            np.array([block for block, _, _ in rows]),
            np.array([ids.index(name) for _, name, _ in rows]),
            np.array([mentions for _, _, mentions in rows], dtype=np.int64),
        ),
        ids,
    )
