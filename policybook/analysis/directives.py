"""Shares of instruments and strengths, addressees, and who is named with whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import networkx as nx
import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.counts import Finding
from policybook.analysis.intervals import wilson
from policybook.analysis.thresholds import CONFIDENCE, MIN_DOCUMENTS
from policybook.coding.actors import ActorScheme
from policybook.corpus.corpus import Corpus, records
from policybook.errors import SelectionError, suggest

# How often each code is used in each part of a corpus, with intervals and a word on small parts ----


#: With fewer rows than this a share would hang on a single one of them.
MIN_ROWS = 12
SHARE_COLUMNS = ("value", "code", "count", "total", "share", "low", "high")


@dataclass(frozen=True)
class Part:
    """One value of a field: how much text it has and the rows of one coded table in it."""

    value: str
    documents: int
    blocks: int
    rows: pd.DataFrame

    @property
    def small(self) -> bool:
        """Whether the part has too few blocks for a side of a comparison, or too few rows for a share."""
        return self.blocks < thresholds.MIN_BLOCKS or len(self.rows) < MIN_ROWS


def split_parts(corpus: Corpus, field: str, table: str = "directives") -> list[Part]:
    """Return the parts of a corpus by a field of its selections (document, speaker, plan, era), in its usual order.

    Parts without text are left out; those without rows stand. A field with several values a passage (places) counts a
    passage under each. Raises SelectionError for an unknown field.
    """
    if field not in corpus.known:
        raise SelectionError(f"a selection has no field {field!r}. {suggest(field, corpus.known)}")
    parts = []
    for value in corpus.known[field]:
        some = corpus.select({field: value})
        if len(some.passages):
            parts.append(Part(str(value), len(some.documents), len(some.blocks), getattr(some, table)))
    return parts


def count_codes(parts: Sequence[Part], column: str, codes: Sequence[str]) -> pd.DataFrame:
    """Return a row for every part and code of a column of its rows, with the columns COLUMNS.

    `share` of the part's rows, `low` and `high` its 95 % Wilson interval as if every row were drawn by itself;
    neighbouring clauses share their topic, so the truth is less sure. Missing (nan) for small parts and for parts
    without rows.
    """
    rows = []
    for part in parts:
        total = len(part.rows)
        for code in codes:
            count = int((part.rows[column] == code).sum())
            row: tuple[float, float, float] = (float("nan"),) * 3
            if not part.small:
                low, high = wilson(count, total, thresholds.CONFIDENCE)
                row = (count / total, float(low), float(high))
            rows.append((part.value, code, count, total, *row))
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))


def find_cautions(parts: Sequence[Part], called: Sequence[str], kind: str) -> Iterator[Finding]:
    """Yield what must be kept in mind when parts, called `called`, are read side by side; `kind` says what one is.

    `small` (blocks and rows needed; parts with name, blocks and rows), `single` (names), `few` (needed; parts with
    name and documents).
    """
    names = list(zip(parts, called, strict=True))
    if small := [{"name": name, "blocks": p.blocks, "rows": len(p.rows)} for p, name in names if p.small]:
        yield Finding("small", {"blocks": thresholds.MIN_BLOCKS, "rows": MIN_ROWS, "parts": small})
    if kind == "document":
        return
    if single := [name for part, name in names if part.documents == 1]:
        yield Finding("single", {"names": single})
    least = thresholds.MIN_DOCUMENTS
    if few := [{"name": name, "documents": p.documents} for p, name in names if 1 < p.documents < least]:
        yield Finding("few", {"needed": least, "parts": few})


def commonest(rows: pd.DataFrame, column: str) -> list[tuple[str, int]]:
    """Return the values of a column with how often they occur, most often first, equals by name."""
    counts = rows[column].dropna().value_counts()
    found = [(str(value), int(count)) for value, count in counts.items()]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def in_reading_order(corpus: Corpus, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a coded table in the order of the documents and their text."""
    order = {row.sentence: n for n, row in enumerate(records(corpus.sentences))}
    places = pd.DataFrame({"sentence": rows["sentence"].map(order), "start": rows["start"]}, index=rows.index)
    return rows.loc[places.sort_values(["sentence", "start"], kind="stable").index]


# Shares of coded things, such as directives by instrument, in some documents, with documents as what is sampled ---


def shares_of_total(blocks: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return for each of `columns` its share in their common total: index the columns; count, total, share, low, high.

    `blocks` has a column document and counts. The interval is Wilson's at the effective size, total ÷ f, where f is the
    variance of the share as a ratio over documents, over its variance were all things independent, at least 1
    (Rao and Scott 1992; see whole_documents). With fewer than MIN_DOCUMENTS documents f is not known well, and low and
    high are NaN.
    """
    x = blocks.groupby("document", sort=False)[list(columns)].sum().to_numpy(dtype=float)
    n = x.sum(axis=1)
    total, documents = float(n.sum()), len(n)
    count = x.sum(axis=0)
    share = count / total if total else np.full(len(columns), np.nan)
    table = pd.DataFrame({"count": count.astype(int), "total": int(total), "share": share}, index=list(columns))
    if not total or documents < MIN_DOCUMENTS:
        return table.assign(low=np.nan, high=np.nan)
    off = x - share * n[:, None]
    clustered = documents / (documents - 1) * (off**2).sum(axis=0) / total**2
    independent = share * (1 - share) / total
    ratio = np.divide(clustered, independent, out=np.ones_like(share), where=independent > 0)
    effect = np.maximum(ratio, 1.0)
    low, high = wilson(count / effect, total / effect, CONFIDENCE)
    return table.assign(low=low, high=high)


# Who is asked to do what: the actors to whom a corpus addresses its directives ---------------------


ADDRESSEE_COLUMNS = (
    "sentence", "passage", "document", "start", "end", "text", "strength", "instrument", "subtype", "actor",
)  # fmt: skip

# An actor is the subject of a directive if nothing but this stands between them: adverbs, a list, a few words.
_SUBJECT_GAP = re.compile(r"[^，,；;：:。.!?！？]{0,24}")
_LIST_GAP = re.compile(
    r"[\s、，,]{0,2}(?:等|和|与|及|以及|and|or|as well as|the|all|以及)?[\s、，,]{0,2}(?:the |all )?", re.IGNORECASE
)
# Behind these an actor is an object or attribute, not the subject.
_NOT_SUBJECT = re.compile(
    r"(?:\b(?:of|by|for|with|in|to|from)(?: the| all)?\s*|[对向由在把被给为与同]|关于)$", re.IGNORECASE
)
_BREAK = re.compile(r"[；;：:。]")


def addressees(corpus: Corpus) -> pd.DataFrame:
    """Return one row for each directive and actor it is addressed to; `actor` is None where nobody is named.

    Columns as in COLUMNS, directives in reading order. A heuristic: the addressee is the actor, or the list of actors,
    that stands last before the directive in its sentence with no other clause between, and is not itself behind a
    preposition; a directive that follows another in one sentence without a subject of its own keeps the other's.
    Passive directives (the policy should be improved by …) and those whose addressee stands in an earlier sentence get
    None.
    """
    actors = {key: list(records(rows)) for key, rows in corpus.actors.groupby("sentence", sort=False)}
    sentences = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    rows: list[tuple[Any, ...]] = []
    sentence, before = "", 0  # of the directive before: its sentence and its end …
    last: list[str] = []  # … and whom it addresses
    for directive in records(corpus.directives):
        text, named = sentences[directive.sentence], actors.get(directive.sentence, [])
        same = directive.sentence == sentence
        floor = before if same else 0
        found = _subjects(
            text, [one for one in named if floor <= one.start and one.end <= directive.start], directive.start
        )
        if not found and same and not _BREAK.search(text, before, directive.start):
            found = last if not _has_subject(text, before, directive.start) else []
        sentence, before, last = directive.sentence, directive.end, found
        told: Sequence[str | None] = found or [None]
        rows.extend((*(getattr(directive, name) for name in ADDRESSEE_COLUMNS[:-1]), actor) for actor in told)
    return pd.DataFrame(rows, columns=list(ADDRESSEE_COLUMNS), dtype=object)


def _subjects(text: str, named: Sequence[Any], start: int) -> list[str]:
    """Return the actors that are the subject of what begins at `start`, in their order."""
    subjects: list[str] = []
    gap, border = _SUBJECT_GAP, start
    for actor in reversed(named):
        if not gap.fullmatch(text, actor.end, border):
            break
        if _NOT_SUBJECT.search(text, max(0, actor.start - 12), actor.start):
            break
        if actor.actor not in subjects:
            subjects.insert(0, actor.actor)
        gap, border = _LIST_GAP, actor.start
    return subjects


def _has_subject(text: str, before: int, start: int) -> bool:
    """Whether words between two directives can be a subject of the second."""
    return re.search(r"[^\W\d_]{2,}", re.sub(r"\b(?:and|but|or|also|then)\b", "", text[before:start])) is not None


# Who appears with whom: a network of the actors that a corpus names together -----------------------


Within = Literal["sentence", "passage"]


def actor_network(corpus: Corpus, scheme: ActorScheme, within: Within = "sentence") -> nx.Graph[str]:
    """Return the graph of the actors of a corpus; two are joined where one sentence (or passage) names both.

    A node is an actor's id with `mentions` (how often it is named), `kind`, `name_zh` and `name_en`. An edge has
    `weight`, the number of sentences or passages that name both. Nodes stand in the order of their mentions, most
    first, then of their ids, edges in the order of their nodes: the same corpus gives the same graph.
    """
    mentions = Counter(corpus.actors["actor"])
    ordered = sorted(mentions, key=lambda actor: (-mentions[actor], actor))
    rank = {actor: n for n, actor in enumerate(ordered)}
    graph: nx.Graph[str] = nx.Graph()
    for actor in ordered:
        entry = scheme.by_id[actor]
        graph.add_node(actor, mentions=mentions[actor], kind=entry.kind, name_zh=entry.name_zh, name_en=entry.name_en)
    weights: Counter[tuple[str, str]] = Counter()
    for _, together in corpus.actors.groupby(within, sort=False)["actor"]:
        weights.update(combinations(sorted(set(together), key=rank.__getitem__), 2))
    for one, other in sorted(weights, key=lambda pair: (rank[pair[0]], rank[pair[1]])):
        graph.add_edge(one, other, weight=weights[one, other])
    return graph


def edge_table(graph: nx.Graph[str]) -> pd.DataFrame:
    """Return the edges of a network as a table, heaviest first: actor, with_actor, weight."""
    rows = [(one, other, weight) for one, other, weight in graph.edges(data="weight")]
    rows.sort(key=lambda row: -row[2])  # stable: equals stay in the graph's order
    return pd.DataFrame(rows, columns=["actor", "with_actor", "weight"])
