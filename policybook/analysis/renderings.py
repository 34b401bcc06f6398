"""A translation concordance: the English under which a Chinese term stands, and its lines in context."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from policybook.coding.scheme import Concept, Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.matching import fold, singular
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import CsvTable

# Under which English words the concepts of the scheme stand: renderings, their variety, and what they hide ---


RENDERINGS = ("concept", "rendering", "count", "ambiguous", "share")
VARIETY = ("concept", "mentions", "renderings", "bits", "effective", "commonest", "share")
BORROWED = ("concept", "rendering", "other", "count", "share")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\s\w]")
#: A word in brackets in the middle of a wording: destination (inflow) areas.
_INSERTED = re.compile(r"\s*\([^()]*\)\s*")


def normalise(text: str) -> str:
    """Return an English phrase in small letters, without hyphens, every plural as its singular."""
    return " ".join(singular(word) for word in _WORD.findall(fold(text)))


def usual_english(concept: Concept) -> list[str]:
    """Return the wordings that a concept's usual English gives: parted by semicolons, or the last one in brackets."""
    wordings = []
    for part in concept.term_en.split(";"):
        wording, _, second = part.strip().removesuffix(")").rpartition(" (") if part.endswith(")") else (part, "", "")
        wordings += [_INSERTED.sub(" ", wording).strip(), second.strip()]
    return [wording for wording in wordings if wording]


def rendered_mentions(corpus: Corpus) -> pd.DataFrame:
    """Return the mentions in English documents with a column `rendering`, in reading order.

    Mentions whose normalised words are the same (see `normalise`) have one rendering: the spelling in small letters
    that is commonest among them over all concepts, of equals the shortest, then the first of the alphabet.
    """
    english = corpus.documents.loc[corpus.documents["language"] == "en", "document"]
    mentions = corpus.mentions[corpus.mentions["document"].isin(english)]
    spellings = [" ".join(str(text).lower().split()) for text in mentions["text"]]
    keys = [normalise(text) for text in spellings]
    called: dict[str, str] = {}
    for (key, spelling), _ in sorted(
        Counter(zip(keys, spellings, strict=True)).items(), key=lambda item: (-item[1], len(item[0][1]), item[0][1])
    ):
        called.setdefault(key, spelling)
    return mentions.assign(rendering=[called[key] for key in keys])


def count_renderings(mentions: pd.DataFrame) -> pd.DataFrame:
    """Return how often every concept stands under every rendering, with the columns RENDERINGS.

    `mentions` comes from `rendered_mentions`; `ambiguous` counts mentions whose words may also mean something else,
    `share` is the part of the concept's mentions. Concepts in the order of their number of mentions, each with its
    commonest rendering first; equals by name.
    """
    rows = [
        (concept, rendering, len(some), int(some["ambiguous"].astype(bool).sum()))
        for (concept, rendering), some in mentions.groupby(["concept", "rendering"], sort=True)
    ]
    table = pd.DataFrame(rows, columns=list(RENDERINGS[:-1]))
    totals = table.groupby("concept")["count"].transform("sum")
    table = table.assign(share=table["count"] / totals, total=totals)
    order = ["total", "concept", "count", "rendering"]
    table = table.sort_values(order, ascending=[False, True, False, True])
    return table[list(RENDERINGS)].reset_index(drop=True)


def entropy(counts: Iterable[int]) -> float:
    """Return Shannon's entropy H = −Σ p·log₂ p of counts in bits: 0 for one kind, log₂ k for k kinds equally often.

    It is computed from the shares as observed, which for few mentions understates the variety.
    Source: C. E. Shannon (1948), Bell System Technical Journal 27, 379–423.
    Raises ValueError when a count is negative or there is none above 0.
    """
    numbers = np.array(list(counts), dtype=float)
    if not numbers.size or numbers.min() < 0 or not numbers.sum():
        raise ValueError("entropy needs counts, none of them negative and some above 0")
    shares = numbers[numbers > 0] / numbers.sum()
    return max(0.0, float(-(shares * np.log2(shares)).sum()))


def rank_variety(renderings: pd.DataFrame) -> pd.DataFrame:
    """Return a row a concept with the columns VARIETY, the most variously rendered first.

    `renderings` comes from `count_renderings`; `bits` is the entropy, `effective` 2 to its power: the number of
    renderings, equally often used, that would be as various. `share` is that of the commonest rendering.
    """
    rows = []
    for concept, some in renderings.groupby("concept", sort=True):
        bits = entropy(some["count"])
        first = some.iloc[0]
        rows.append(
            (concept, int(some["count"].sum()), len(some), bits, 2**bits, first["rendering"], float(first["share"]))
        )
    table = pd.DataFrame(rows, columns=list(VARIETY))
    order = ["bits", "renderings", "mentions", "concept"]
    return table.sort_values(order, ascending=[False, False, False, True]).reset_index(drop=True)


def find_borrowed(renderings: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Return the renderings that hold the usual English of another concept, with the columns BORROWED.

    A reader of such words will think of the `other` concept. It is not one where the two belong together: one is
    broader than the other, the other's Chinese term is part of this one's, or its usual English part of this one's.
    Of several others whose words lie within each other, only the longest is named.
    """
    usual = {concept.id: [normalise(words) for words in usual_english(concept)] for concept in scheme.concepts}
    strangers = {identifier: _strangers(scheme, identifier, usual) for identifier in renderings["concept"].unique()}
    rows: list[tuple[object, ...]] = []
    for row in records(renderings):
        words = normalise(row.rendering)
        held = [(other, wording) for other, wording in strangers[row.concept] if _holds(words, wording)]
        others = [other for other, short in held if not any(short != long and _holds(long, short) for _, long in held)]
        rows.extend((row.concept, row.rendering, other, row.count, row.share) for other in dict.fromkeys(others))
    return pd.DataFrame(rows, columns=list(BORROWED))


@dataclass(frozen=True)
class BorrowedPair:
    """A term and another one that its reader may think of: its mentions so rendered, and all of them."""

    concept: str
    other: str
    renderings: Mapping[str, int]
    held: pd.DataFrame
    mentions: pd.DataFrame


def pair_borrowed(borrowed: pd.DataFrame, mentions: pd.DataFrame) -> list[BorrowedPair]:
    """Return the pairs of terms of `find_borrowed`, most mentions first, then the largest share, then by name."""
    pairs = []
    for _, some in borrowed.groupby(["concept", "other"], sort=False):
        first = some.iloc[0]
        own = mentions[mentions["concept"] == first["concept"]]
        renderings = {str(row.rendering): int(row.count) for row in records(some)}
        held = own[own["rendering"].isin(renderings)]
        pairs.append(BorrowedPair(first["concept"], first["other"], renderings, held, own))
    return sorted(pairs, key=lambda p: (-len(p.held), len(p.mentions), p.concept, p.other))


def find_shared(renderings: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `renderings` whose words stand for several concepts or may mean something else."""
    several = renderings.groupby("rendering")["concept"].transform("nunique") > 1
    kept = renderings[several | (renderings["ambiguous"] > 0)]
    return kept.sort_values(["rendering", "count", "concept"], ascending=[True, False, True]).reset_index(drop=True)


def chinese_mentions(corpus: Corpus) -> pd.DataFrame:
    """Return the mentions in Chinese documents, in reading order."""
    chinese = corpus.documents.loc[corpus.documents["language"] == "zh", "document"]
    return corpus.mentions[corpus.mentions["document"].isin(chinese)]


def _strangers(scheme: Scheme, identifier: str, usual: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the concepts that do not belong together with one, each with its wordings that are not in this one's."""
    concept, above = scheme.by_id[identifier], set(scheme.broader(identifier))
    return [
        (other.id, wording)
        for other in scheme.concepts
        if other.id not in (identifier, *above)
        and identifier not in scheme.broader(other.id)
        and other.term_zh not in concept.term_zh
        for wording in usual[other.id]
        if not any(_holds(own, wording) for own in usual[identifier])
    ]


def _holds(words: str, part: str) -> bool:
    """Return whether whole words of a phrase make up another one."""
    return bool(part) and f" {part} " in f" {words} "


# Keyword-in-context lines: a mention with the words of its sentence on either side -----------------


_CUT = "…"


class ConcordanceLine(NamedTuple):
    """A mention in its context; `left` and `right` are cut at a word's edge, marked "…"."""

    sentence: str
    passage: str
    document: str
    concept: str
    left: str
    keyword: str
    right: str


def kwic_lines(corpus: Corpus, mentions: pd.DataFrame, room: int = 50) -> Iterator[ConcordanceLine]:
    """Yield a line for every mention, in the order they come.

    At most `room` letters stand on a side, in Chinese half as many; nothing beyond the mention's own sentence.
    """
    texts = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    for row in records(mentions):
        text, chinese = str(texts[row.sentence]), languages[row.document] == "zh"
        most = room // 2 if chinese else room
        left, right = _before(text[: row.start], most, chinese), _behind(text[row.end :], most, chinese)
        keyword = text[row.start : row.end]
        yield ConcordanceLine(row.sentence, row.passage, row.document, row.concept, left, keyword, right)


def _before(text: str, most: int, chinese: bool) -> str:
    if len(text) <= most:
        return text.lstrip()
    kept = text[-most:]
    if not chinese and not text[-most - 1].isspace():
        _, space, whole = kept.partition(" ")
        kept = whole if space else kept
    return _CUT + kept.lstrip()


def _behind(text: str, most: int, chinese: bool) -> str:
    if len(text) <= most:
        return text.rstrip()
    kept = text[:most]
    if not chinese and not text[most].isspace():
        whole, space, _ = kept.rpartition(" ")
        kept = whole if space else kept
    return kept.rstrip() + _CUT


# The English that official translations use for a term, from data/facts/glossary.csv ---------------


def load_glossary(project: Project) -> Mapping[str, str]:
    """Return Chinese term → its standard English; a project without the file has none.

    Raises InvalidDataError with every mistake: no table, a column that is missing, a term given twice.
    """
    path = project.facts / "glossary.csv"
    if not path.is_file():
        return {}
    problems: list[Problem] = []
    columns = ("term_zh", "english_standard")
    table = CsvTable(path, project.name(path), columns, problems, key=["term_zh"], others=True)
    if problems:
        raise InvalidDataError(problems)
    return {row.cells["term_zh"]: row.cells["english_standard"] for row in table.rows}
