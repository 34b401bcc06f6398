"""Counts of blocks: which rows stand in which blocks, shares, sides and their totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.intervals import BoolArray, IntArray, wilson
from policybook.coding.rules import Why
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, KnownValues, Selection, Value, check_values
from policybook.errors import SelectionError


@dataclass(frozen=True)
class Finding:
    """One thing found: `code` names it, `values` are its labels, codes and numbers (shares from 0 to 1)."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def too_small(label: str, blocks: int, mentions: int) -> Finding | None:
    """Return what a side called `label` lacks to be compared, None where it has enough.

    The code is `too_few_blocks` or `too_few_mentions`, the values are side, have and needed.
    """
    if blocks < thresholds.MIN_BLOCKS:
        return Finding("too_few_blocks", {"side": label, "have": blocks, "needed": thresholds.MIN_BLOCKS})
    if mentions < thresholds.MIN_MENTIONS:
        return Finding("too_few_mentions", {"side": label, "have": mentions, "needed": thresholds.MIN_MENTIONS})
    return None


# Counts of blocks: all that a comparison needs to know of a corpus, with or without its texts ------

Family = Literal["theme", "concept"]
FAMILIES: tuple[Family, ...] = ("theme", "concept")
#: A row of a comparison: its family and the id of the theme or concept.
RowKey = tuple[Family, str]


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
    - `not_counted`: concepts among the columns that nobody counted in these documents, and why; their 0 says nothing.
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

    @cached_property
    def rows(self) -> tuple[RowKey, ...]:
        """The rows of a comparison: the themes, then the concepts."""
        themes: list[RowKey] = [("theme", theme) for theme in self.themes]
        return (*themes, *(("concept", concept) for concept in self.concepts))

    @cached_property
    def counted(self) -> BoolArray:
        """Which concepts were counted, one mark a column."""
        return np.array([concept not in self.not_counted for concept in self.concepts], dtype=bool)

    @cached_property
    def counted_rows(self) -> BoolArray:
        """Which rows can be counted: a theme where one of its concepts was, or where it has none."""
        some = {theme for theme, counted in zip(self.theme_of, self.counted, strict=True) if counted}
        themes = [theme in some or theme not in self.theme_of for theme in self.themes]
        return np.concatenate([np.array(themes, dtype=bool), self.counted])

    def uncounted_of(self, theme: str) -> list[str]:
        """Return the concepts of a theme that were not counted."""
        return [c for c, of in zip(self.concepts, self.theme_of, strict=True) if of == theme and c in self.not_counted]

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the documents that have blocks here."""
        return frozenset(str(language) for language in self.documents["language"])

    @cached_property
    def by_language(self) -> Mapping[str, tuple[IntArray, int]]:
        """Language → how many of its blocks carry each concept, and how many there are."""
        spoken = self.blocks["document"].map(self.documents.set_index("document")["language"])
        marks = {language: (spoken == language).to_numpy() for language in self.languages}
        return {language: ((self.mentions[of] > 0).sum(axis=0), int(of.sum())) for language, of in marks.items()}

    def select(self, selection: Selection | None = None, /, **fields: Value | Iterable[Value]) -> BlockCounts:
        """Return the blocks that fit every field; a list of values means any of them.

        A block is of one scope, so this selects what Corpus.select selects.
        Raises SelectionError for an unknown field or value, with what exists and the nearest spelling.
        """
        wanted = {**(selection or {}), **fields}
        marks = [self._fits(name, check_values(name, value, self.known)) for name, value in wanted.items()]
        applied = ", ".join(f"{name}={value}" for name, value in wanted.items())
        fits = np.logical_and.reduce(marks) if marks else np.ones(len(self.blocks), dtype=bool)
        return self.keep(fits, f"selection: {applied or 'everything'}")

    def written(self) -> BlockCounts:
        """Return the blocks that were not translated by a machine."""
        return self._of_documents(~self.documents["machine_translated"].astype(bool), "not machine-translated")

    def in_language(self, language: str) -> BlockCounts:
        """Return the blocks of the documents in one language."""
        return self._of_documents(self.documents["language"] == language, language)

    def keep(self, fits: BoolArray, how: str) -> BlockCounts:
        """Return the blocks that are marked in `fits`, one mark a block; `how` is recorded."""
        blocks = self.blocks[fits].reset_index(drop=True)
        documents = self.documents[self.documents["document"].isin(blocks["document"])].reset_index(drop=True)
        found = None if self.found is None else self.found[self.found["block"].isin(blocks["block"])]
        return replace(self, documents=documents, blocks=blocks, mentions=self.mentions[fits], found=found,
                       pieces=self._keep_pieces(fits), made_from=(*self.made_from, how))  # fmt: skip

    def evidence(self, concepts: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the sentences that mention one of `concepts`, in reading order.

        Without texts these are the ids of the documents.
        """
        wanted = frozenset(concepts)
        if self.found is not None:
            places = [self._found_at[concept] for concept in wanted if concept in self._found_at]
            sentences = self.found["sentence"].to_numpy(dtype=object)
            return tuple(dict.fromkeys(sentences[np.sort(np.concatenate(places))])) if places else ()
        columns = [n for n, concept in enumerate(self.concepts) if concept in wanted]
        present = self.mentions[:, columns].any(axis=1)
        return tuple(dict.fromkeys(self.blocks["document"].to_numpy(dtype=str)[present]))

    @cached_property
    def _found_at(self) -> Mapping[str, npt.NDArray[np.intp]]:
        """Concept → the rows of `found` that hold its mentions, in their order."""
        if self.found is None:
            return {}
        return {str(one): np.asarray(rows) for one, rows in self.found.groupby("concept").indices.items()}

    def _of_documents(self, marks: pd.Series, how: str) -> BlockCounts:
        of = self.documents.loc[marks, "document"]
        return self.keep(self.blocks["document"].isin(of).to_numpy(dtype=bool), how)

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
    pieces = Pieces(block=rows.get_indexer(pd.Index(pairs["block"])),
                    passage=pd.Index(passages).get_indexer(pd.Index(pairs["passage"])), mentions=mentions)  # fmt: skip
    whole = np.zeros((len(blocks), len(concepts)), dtype=np.int64)
    np.add.at(whole, pieces.block, mentions)
    return BlockCounts(concepts=tuple(concept.id for concept in concepts),
                       theme_of=tuple(concept.theme for concept in concepts),
                       themes=tuple(theme.id for theme in scheme.themes),
                       documents=corpus.documents.assign(place=corpus.documents["speaker"]).reset_index(drop=True),
                       blocks=blocks, mentions=whole, pieces=pieces, passages=passages,
                       found=counted[["sentence", "block", "concept"]].reset_index(drop=True), known=corpus.known,
                       made_from=corpus.made_from)  # fmt: skip


def _values(cell: Any) -> set[Value]:
    """Return the values of one cell: a passage may speak of several places, and "none" stands for no value."""
    if isinstance(cell, tuple | list | set | frozenset):
        return set(cell)
    return {"none"} if cell is None or cell != cell else {cell}


# A side of a comparison as arrays, and what is left of it without each passage and without each document ---

@dataclass(frozen=True, eq=False)
class Totals:
    """The sums of a side, or of many versions of it along leading axes.

    `x`: … × rows, blocks that carry each row; `n`: …, blocks; `content`: …, mentions of any concept.
    """

    x: IntArray
    n: IntArray
    content: IntArray


@dataclass(frozen=True, eq=False)
class SidePieces:
    """The pieces of a side (see block_counts.Pieces): the numbers of their block and passage, and what they hold."""

    block: IntArray
    passage: IntArray
    present: BoolArray
    content: IntArray


@dataclass(frozen=True, eq=False)
class SideCounts:
    """The blocks of one side. `present`: blocks × rows; `content` and `document` (numbers from 0): one a block."""

    present: BoolArray
    content: IntArray
    document: IntArray
    pieces: SidePieces | None = None

    @cached_property
    def totals(self) -> Totals:
        """The whole side."""
        return Totals(self.present.sum(axis=0), np.array(len(self.present)), np.array(self.content.sum()))

    @cached_property
    def by_document(self) -> Totals:
        """Each document of the side by itself."""
        size = int(self.document.max(initial=-1)) + 1
        return _sum_by(self.document, size, self.present, np.ones_like(self.content), self.content)

    @cached_property
    def without_documents(self) -> Totals:
        """The side without each document in turn."""
        return _less(self.totals, self.by_document)

    @cached_property
    def without_passages(self) -> Totals | None:
        """The side without each passage in turn; None where passages are not known.

        What a passage says goes from the blocks that it shares with others, and they stay blocks; a block that
        stands in it alone goes with it.
        """
        pieces = self.pieces
        if pieces is None:
            return None
        n = len(self.present)
        carrying = _sum_rows(pieces.block, n, pieces.present)
        only_here = pieces.present & (carrying[pieces.block] == 1)
        alone = np.bincount(pieces.block, minlength=n)[pieces.block] == 1
        _, passage = np.unique(pieces.passage, return_inverse=True)
        size = int(passage.max(initial=-1)) + 1
        return _less(self.totals, _sum_by(passage, size, only_here, alone, pieces.content))


def make_side(counts: BlockCounts, usable: BoolArray) -> SideCounts:
    """Return the arrays of a selection. `usable`: one mark a concept, whether it may count for its theme."""
    groups = theme_groups(counts, usable)
    order = {document: n for n, document in enumerate(counts.documents["document"])}
    pieces = counts.pieces
    document = counts.blocks["document"].map(order).to_numpy(dtype=np.int64)
    held = SidePieces(pieces.block, pieces.passage, row_mentions(pieces.mentions, groups) > 0,
                      pieces.mentions.sum(axis=1)) if pieces else None  # fmt: skip
    return SideCounts(row_mentions(counts.mentions, groups) > 0, counts.mentions.sum(axis=1), document, held)


def theme_groups(counts: BlockCounts, usable: BoolArray) -> npt.NDArray[np.float64]:
    """Return concepts × themes, 1 where a concept counts for its theme."""
    themes = np.array([[of == theme for theme in counts.themes] for of in counts.theme_of], dtype=bool)
    return (themes.reshape(len(counts.concepts), len(counts.themes)) & usable[:, None]).astype(np.float64)


def row_mentions(mentions: IntArray, groups: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return blocks (or pieces) × rows, the themes and then the concepts: how often something of a row is mentioned."""
    return np.hstack([mentions @ groups, mentions])


def _sum_by(keys: IntArray, size: int, x: BoolArray, n: npt.NDArray[np.generic], content: IntArray) -> Totals:
    """Return the sums of rows that share a key, 0 to size − 1."""
    return Totals(_sum_rows(keys, size, x), _bincount(keys, n, size), _bincount(keys, content, size))


def _sum_rows(keys: IntArray, size: int, rows: npt.NDArray[np.generic]) -> IntArray:
    sums = np.zeros((size, rows.shape[1]), dtype=np.int64)
    if len(keys):
        order = np.argsort(keys, kind="stable")
        first = np.flatnonzero(np.diff(keys[order], prepend=-1))
        sums[keys[order][first]] = np.add.reduceat(rows[order].astype(np.int64), first, axis=0)
    return sums


def _bincount(keys: IntArray, weights: npt.NDArray[np.generic], size: int) -> IntArray:
    return np.bincount(keys, weights=weights.astype(np.float64), minlength=size).astype(np.int64)


def _less(whole: Totals, parts: Totals) -> Totals:
    return Totals(whole.x - parts.x, whole.n - parts.n, whole.content - parts.content)


# Neighbours are never taken to be more alike than this, which makes 39 blocks worth one.
_MOST_ALIKE = 0.95


def presence(counts: BlockCounts, family: Family) -> pd.DataFrame:
    """Return blocks × themes (or concepts): True where a block holds a counted mention of it.

    Rows are block ids in reading order, columns ids in the scheme's order.
    """
    groups = theme_groups(counts, np.ones(len(counts.concepts), dtype=bool))
    wanted = [n for n, row in enumerate(counts.rows) if row[0] == family]
    names = [row[1] for row in counts.rows if row[0] == family]
    carried = row_mentions(counts.mentions, groups)[:, wanted] > 0
    return pd.DataFrame(carried, index=counts.blocks["block"].tolist(), columns=names)


def serial_correlation(counts: BlockCounts) -> float:
    """Return r, the lag-1 autocorrelation of theme presence within documents, pooled over themes.

    0 when no document has two blocks or nothing varies.
    """
    return _correlation([_themes_by_document(counts)])[0]


def design_effect(counts: BlockCounts) -> float:
    """Return f = (1 + r)/(1 − r), at least 1: how many blocks are worth one independent block.

    r is what the measured serial_correlation stands for (see true_correlation); without two blocks in a document, 0.
    """
    return design_effect_of([counts])


def design_effect_of(parts: Iterable[BlockCounts]) -> float:
    """Return the design_effect of counts that come in parts, each of whole documents, in the order of their ids."""
    return _effect(_themes_by_document(part) for part in parts)


def serial_effect(present: BoolArray, document: IntArray) -> float:
    """Return f of blocks × themes in reading order, given the number of each block's document."""
    return _effect([(present, document)])


def _effect(parts: Iterable[tuple[BoolArray, IntArray]]) -> float:
    measured, sizes = _correlation(parts)
    r = true_correlation(measured, sizes) if max(sizes, default=0) > 1 else 0.0
    return (1 + r) / (1 - r)


def true_correlation(measured: float, sizes: Sequence[int]) -> float:
    """Return the lag-1 autocorrelation, 0 to 0.95, that `measured` in documents of `sizes` blocks stands for.

    Deviations from a document's own mean lean against each other, so in short documents too little is measured. Where
    the correlation falls off as rᵏ, the sums over documents of n blocks give r − (1 + 2r)/n, to the order of 1/n;
    this is turned round. Documents of fewer than four blocks on average are treated as of four.
    Source: F. H. C. Marriott and J. A. Pope (1954), Biometrika 41, 390–402, for a single series.
    """
    blocks = sum(sizes)
    hidden = min(len(sizes) / blocks, 0.25) if blocks else 0.0
    return float(np.clip((measured + hidden) / (1 - 2 * hidden), 0.0, _MOST_ALIKE))


def count_rows(counts: BlockCounts, family: Family, effect: float, usable: BoolArray | None = None) -> pd.DataFrame:
    """Return one row a theme or concept: blocks, passages, documents, mentions, share and its interval.

    `usable` marks the concepts that count for their theme; by default all do. What was not counted is no row.

    Index: ids in the scheme's order. `share` = blocks ÷ all blocks of `counts`; `low` and `high` bound it by
    Wilson's interval at the effective size, blocks ÷ `effect`. `passages` is 0 where passages are not known.
    """
    groups = theme_groups(counts, np.ones(len(counts.concepts), dtype=bool) if usable is None else usable)
    counted = counts.counted_rows
    wanted = [n for n, row in enumerate(counts.rows) if row[0] == family and counted[n]]
    per_block = row_mentions(counts.mentions, groups)[:, wanted].astype(int)
    rows = pd.DataFrame(index=[counts.rows[n][1] for n in wanted])
    rows["blocks"] = (per_block > 0).sum(axis=0).astype(int)
    rows["passages"] = 0
    if counts.pieces is not None:
        per_piece = row_mentions(counts.pieces.mentions, groups)[:, wanted] > 0
        rows["passages"] = _distinct(counts.pieces.passage, per_piece)
    rows["documents"] = _distinct(counts.blocks["document"].to_numpy(dtype=str), per_block > 0)
    rows["mentions"] = per_block.sum(axis=0).astype(int)
    total = len(per_block)
    rows["share"] = rows["blocks"] / total if total else 0.0
    rows["low"], rows["high"] = wilson(rows["blocks"] / effect, total / effect, thresholds.CONFIDENCE)
    return rows


def _themes_by_document(counts: BlockCounts) -> tuple[BoolArray, IntArray]:
    """Return blocks × themes, and the number of each block's document."""
    _, documents = np.unique(counts.blocks["document"].to_numpy(dtype=str), return_inverse=True)
    return presence(counts, "theme").to_numpy(), documents


def _correlation(parts: Iterable[tuple[BoolArray, IntArray]]) -> tuple[float, list[int]]:
    """Return the lag-1 autocorrelation within documents, and the documents' sizes, of parts of whole documents."""
    products, squares = 0.0, 0.0
    sizes = list[int]()
    for present, document in parts:
        order = np.argsort(document, kind="stable")
        ends = np.flatnonzero(np.diff(document[order])) + 1
        for rows in np.split(present[order].astype(float), ends) if len(document) else ():
            centred = rows - rows.mean(axis=0)
            products += float((centred[:-1] * centred[1:]).sum())
            squares += float((centred**2).sum())
            sizes.append(len(rows))
    return products / squares if squares else 0.0, sizes


def _distinct(keys: np.ndarray[tuple[int], np.dtype[np.generic]], present: BoolArray) -> list[int]:
    """Return, for every column, how many different keys the rows have in which it is present."""
    return [len(np.unique(keys[column])) for column in present.T]


# The rows of a comparison: what each side holds of a theme or concept, and what was estimated of it ---

@dataclass(frozen=True)
class SideCount:
    """What one side holds of a row. `share` is of its blocks; `passages` is None where passages are not known."""

    blocks: int
    passages: int | None
    documents: int
    mentions: int
    share: float


@dataclass(frozen=True)
class LanguageCount:
    """Blocks that carry a concept, and all blocks, of each side's documents in one language."""

    language: str
    left: int
    left_blocks: int
    right: int
    right_blocks: int


@dataclass(frozen=True)
class Row:
    """What was estimated of one theme or concept: `difference` = left.share − right.share.

    `influence` is the document without which the difference changes most, and by how much. `low` and `high` hold for
    all eligible rows of the family at once, `low95` and `high95` for this one. Evidence is ids of sentences (of
    documents, where counts have no texts). `by_language` is filled where languages differ and nothing shows that both
    find the concept equally often. Where `counted` is False nobody counted the row, and its numbers mean nothing.
    """

    family: Family
    id: str
    left: SideCount
    right: SideCount
    difference: float
    low95: float
    high95: float
    low: float
    high: float
    eligible: bool
    verdict: str
    reason: tuple[Finding, ...]
    fragile: bool
    evidence_left: tuple[str, ...]
    evidence_right: tuple[str, ...]
    counted: bool = True
    by_language: tuple[LanguageCount, ...] = ()
    influence: tuple[str, float] | None = None


def members(counts: BlockCounts, key: RowKey, usable: BoolArray) -> list[str]:
    """Return the concepts that count for a row."""
    family, identifier = key
    if family == "concept":
        return [identifier]
    columns = zip(counts.concepts, counts.theme_of, usable, strict=True)
    return [concept for concept, theme, mark in columns if theme == identifier and mark]


def count_side(counts: BlockCounts, side: SideCounts, concepts: Sequence[Sequence[str]]) -> list[SideCount]:
    """Return what a side holds of every row; `concepts`: those that count for each."""
    number = {concept: n for n, concept in enumerate(counts.concepts)}
    per_concept = counts.mentions.sum(axis=0)
    x, n = side.totals.x, int(side.totals.n)
    documents = (side.by_document.x > 0).sum(axis=0)
    pieces = side.pieces
    return [SideCount(blocks=int(x[row]),
                      passages=len(np.unique(pieces.passage[pieces.present[:, row]])) if pieces else None,
                      documents=int(documents[row]), mentions=int(sum(per_concept[number[concept]] for concept in ids)),
                      share=int(x[row]) / n)
            for row, ids in enumerate(concepts)]  # fmt: skip


def count_by_language(left: BlockCounts, right: BlockCounts, concept: str) -> list[LanguageCount]:
    """Return what the sides hold of a concept in each language by itself."""
    column, nothing = left.concepts.index(concept), (np.zeros(len(left.concepts), dtype=np.int64), 0)
    counts = []
    for language in sorted(left.languages | right.languages):
        parts = [side.by_language.get(language, nothing) for side in (left, right)]
        counts.append(LanguageCount(language, *(int(n) for carrying, of in parts for n in (carrying[column], of))))
    return counts
