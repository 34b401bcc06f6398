"""Counts of blocks: all that a comparison needs to know of a corpus, with or without its texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from policybook.coding.rules import Why
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus
from policybook.corpus.selection import KnownValues, Selection, Value, check_values
from policybook.errors import SelectionError

Family = Literal["theme", "concept"]
FAMILIES: tuple[Family, ...] = ("theme", "concept")
#: A row of a comparison: its family and the id of the theme or concept.
RowKey = tuple[Family, str]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Pieces:
    """What stands in one block and one passage, in reading order: leaving out a passage needs it.

    `block` holds row numbers of the blocks, `passage` numbers in BlockCounts.passages, `mentions` is pieces × concepts.
    """

    block: IntArray
    passage: IntArray
    mentions: IntArray


@dataclass(frozen=True, eq=False)
class BlockCounts:
    """How often each block of some documents mentions each concept that enters comparisons.

    - `concepts`: ids of the columns, and `theme_of`, the theme of each; `themes`: ids in the scheme's order.
    - `documents`: one row a document with the columns document, place, language, machine_translated, and any others; a
      `place` is where the speaker stands, and documents of one place are each other's placebo.
    - `blocks`: one row a block in reading order with the columns block, document, and those that selections name.
    - `mentions`: blocks × concepts, whole numbers (0 and 1 where only presence was measured).
    - `pieces` and `passages` (ids): None for counts that were measured elsewhere and do not know their passages.
    - `found`: one row a mention with its sentence, block and concept; None without texts.
    - `known`: every value that each field of a selection may have.
    - `not_counted`: concepts among the columns that nobody counted in these documents, with why; their zeros say nothing.
    """

    concepts: tuple[str, ...]
    theme_of: tuple[str, ...]
    themes: tuple[str, ...]
    documents: pd.DataFrame
    blocks: pd.DataFrame
    mentions: IntArray
    pieces: Pieces | None
    passages: tuple[str, ...] | None
    found: pd.DataFrame | None
    known: KnownValues
    made_from: tuple[str, ...] = ()
    not_counted: Mapping[str, Why] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[RowKey, ...]:
        """The rows of a comparison: the themes, then the concepts."""
        themes: list[RowKey] = [("theme", theme) for theme in self.themes]
        return (*themes, *(("concept", concept) for concept in self.concepts))

    @property
    def counted(self) -> BoolArray:
        """Which concepts were counted, one mark a column."""
        return np.array([concept not in self.not_counted for concept in self.concepts], dtype=bool)

    @property
    def counted_rows(self) -> BoolArray:
        """Which rows can be counted: a theme where one of its concepts was, or where it has none."""
        of_theme: dict[str, list[bool]] = {}
        for theme, counted in zip(self.theme_of, self.counted, strict=True):
            of_theme.setdefault(theme, []).append(bool(counted))
        themes = [any(of_theme.get(theme, [True])) for theme in self.themes]
        return np.concatenate([np.array(themes, dtype=bool), self.counted])

    def uncounted_of(self, theme: str) -> list[str]:
        """Return the concepts of a theme that were not counted."""
        return [c for c, of in zip(self.concepts, self.theme_of, strict=True) if of == theme and c in self.not_counted]

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the documents that have blocks here."""
        return frozenset(str(language) for language in self.documents["language"])

    def select(self, selection: Selection | None = None, /, **fields: Value | Iterable[Value]) -> BlockCounts:
        """Return the blocks that fit every field; a list of values means any of them.

        A block is of one scope, so this selects what Corpus.select selects.
        Raises SelectionError for an unknown field or value, with what exists and the nearest spelling.
        """
        wanted = {**(selection or {}), **fields}
        fits = np.ones(len(self.blocks), dtype=bool)
        for name, value in wanted.items():
            fits &= self._fits(name, check_values(name, value, self.known))
        applied = ", ".join(f"{name}={value}" for name, value in wanted.items())
        return self.keep(fits, f"selection: {applied or 'everything'}")

    def written(self) -> BlockCounts:
        """Return the blocks that were not translated by a machine."""
        documents = self.documents.loc[~self.documents["machine_translated"].astype(bool), "document"]
        return self.keep(self.blocks["document"].isin(documents).to_numpy(dtype=bool), "not machine-translated")

    def keep(self, fits: BoolArray, how: str) -> BlockCounts:
        """Return the blocks that are marked in `fits`, one mark a block; `how` is recorded."""
        blocks = self.blocks[fits].reset_index(drop=True)
        found = self.found
        return replace(
            self,
            documents=self.documents[self.documents["document"].isin(blocks["document"])].reset_index(drop=True),
            blocks=blocks,
            mentions=self.mentions[fits],
            pieces=self._keep_pieces(fits),
            found=found[found["block"].isin(blocks["block"])] if found is not None else None,
            made_from=(*self.made_from, how),
        )

    def evidence(self, concepts: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the sentences that mention one of `concepts`, in reading order.

        Without texts these are the ids of the documents.
        """
        wanted = frozenset(concepts)
        if self.found is not None:
            return tuple(dict.fromkeys(self.found.loc[self.found["concept"].isin(wanted), "sentence"]))
        columns = [n for n, concept in enumerate(self.concepts) if concept in wanted]
        present = self.mentions[:, columns].any(axis=1)
        return tuple(dict.fromkeys(self.blocks["document"].to_numpy(dtype=str)[present]))

    def _keep_pieces(self, fits: BoolArray) -> Pieces | None:
        if self.pieces is None:
            return None
        kept = fits[self.pieces.block]
        numbers = np.cumsum(fits) - 1
        return Pieces(numbers[self.pieces.block[kept]], self.pieces.passage[kept], self.pieces.mentions[kept])

    def _fits(self, name: str, values: list[Value]) -> BoolArray:
        if name in self.blocks:
            column = self.blocks[name]
        elif name in self.documents:
            column = self.blocks["document"].map(self.documents.set_index("document")[name])
        else:
            raise SelectionError(f"these counts do not know {name!r} of a block. Select by something else.")
        wanted = set(values)
        return np.array([bool(wanted & _values(cell)) for cell in column], dtype=bool)


def block_counts(corpus: Corpus, scheme: Scheme) -> BlockCounts:
    """Return the counts of a coded corpus: its mentions that are counted, of concepts that enter comparisons."""
    concepts = [concept for concept in scheme.concepts if scheme.counted(concept.id)]
    counted = corpus.mentions[corpus.mentions["counted"].astype(bool)]
    passages = tuple(corpus.passages["passage"])
    blocks = corpus.blocks.reset_index(drop=True)
    pairs = corpus.sentences[["block", "passage"]].drop_duplicates()
    rows = pd.Index(blocks["block"])
    mentions = np.zeros((len(pairs), len(concepts)), dtype=np.int64)
    at = pd.MultiIndex.from_frame(pairs).get_indexer(pd.MultiIndex.from_frame(counted[["block", "passage"]]))
    np.add.at(mentions, (at, pd.Index([c.id for c in concepts]).get_indexer(pd.Index(counted["concept"]))), 1)
    pieces = Pieces(
        block=rows.get_indexer(pd.Index(pairs["block"])),
        passage=pd.Index(passages).get_indexer(pd.Index(pairs["passage"])),
        mentions=mentions,
    )
    whole = np.zeros((len(blocks), len(concepts)), dtype=np.int64)
    np.add.at(whole, pieces.block, mentions)
    return BlockCounts(
        concepts=tuple(concept.id for concept in concepts),
        theme_of=tuple(concept.theme for concept in concepts),
        themes=tuple(theme.id for theme in scheme.themes),
        documents=corpus.documents.assign(place=corpus.documents["speaker"]).reset_index(drop=True),
        blocks=blocks,
        mentions=whole,
        pieces=pieces,
        passages=passages,
        found=counted[["sentence", "block", "concept"]].reset_index(drop=True),
        known=corpus.known,
        made_from=corpus.made_from,
    )


def _values(cell: Any) -> set[Value]:
    """Return the values of one cell: a passage may speak of several places, and "none" stands for no value."""
    if isinstance(cell, tuple | list | set | frozenset):
        return set(cell)
    return {"none"} if cell is None or cell != cell else {cell}
