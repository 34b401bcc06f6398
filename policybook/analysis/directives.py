"""Shares of instruments and strengths, addressees, and who is named with whom."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd

from policybook.analysis import thresholds
from policybook.analysis.counts import Finding
from policybook.analysis.intervals import wilson
from policybook.coding.actors import ActorScheme
from policybook.corpus.corpus import Corpus, records
from policybook.errors import SelectionError, suggest

# How often each code is used in each part of a corpus, with intervals and a word on small parts ----

#: With fewer rows than this a share would hang on a single one of them.
MIN_ROWS = 12
SHARE_COLUMNS = ("value", "documents", "blocks", "code", "count", "total", "share", "low", "high")


def split_corpus(corpus: Corpus, field: str) -> dict[str, Corpus]:
    """Return the parts of a corpus by a field of its selections (document, speaker, plan, era), in its usual order.

    Parts without text are left out; those without anything coded stand. A field with several values a passage (places)
    has a passage under each. Raises SelectionError for an unknown field.
    """
    if field not in corpus.known:
        raise SelectionError(f"a selection has no field {field!r}. {suggest(field, corpus.known)}")
    parts = {str(value): corpus.select({field: value}) for value in corpus.known[field]}
    return {value: part for value, part in parts.items() if len(part.passages)}


def count_codes(parts: Mapping[str, Corpus], rows: pd.DataFrame, column: str, codes: Sequence[str]) -> pd.DataFrame:
    """Return how often each code stands in a column of the rows of each part, with the columns SHARE_COLUMNS.

    `rows` is a coded table of the whole corpus. `total` counts the part's rows, `share` is of them, `low` and `high`
    its 95 % Wilson interval as if every row were drawn by itself; neighbouring clauses share their topic, so the truth
    is less sure. They are nan for parts too small for them: fewer than MIN_BLOCKS blocks or MIN_ROWS rows.
    """
    found = []
    for value, part in parts.items():
        here = rows.loc[rows["passage"].isin(part.passages["passage"]), column]
        sizes = value, len(part.documents), len(part.blocks)
        found += [(*sizes, code, int((here == code).sum()), len(here)) for code in codes]
    table = pd.DataFrame(found, columns=list(SHARE_COLUMNS[:6]))
    large = (table["blocks"] >= thresholds.MIN_BLOCKS) & (table["total"] >= MIN_ROWS)
    low, high = wilson(table["count"].to_numpy(int), table["total"].to_numpy(int), thresholds.CONFIDENCE)
    shares = {"share": table["count"] / table["total"], "low": low, "high": high}
    return table.assign(**{name: pd.Series(values, table.index).where(large) for name, values in shares.items()})


def find_cautions(counts: pd.DataFrame, kind: str, called: str = "value") -> Iterator[Finding]:
    """Yield what must be kept in mind when the parts of `count_codes` are read side by side.

    `kind` says what a part is, the column `called` what it is called. `small` (blocks and rows needed; parts with name,
    blocks and rows), `single` (names), `few` (needed; parts with name and documents).
    """
    parts = counts.drop_duplicates("value").rename(columns={called: "name", "total": "rows"})
    if len(small := parts.loc[parts["share"].isna(), ["name", "blocks", "rows"]]):
        yield Finding("small", {"blocks": thresholds.MIN_BLOCKS, "rows": MIN_ROWS, "parts": small.to_dict("records")})
    if kind == "document":
        return
    if len(single := parts.loc[parts["documents"] == 1, "name"]):
        yield Finding("single", {"names": list(single)})
    least = thresholds.MIN_DOCUMENTS
    if len(few := parts.loc[parts["documents"].between(1, least, inclusive="neither"), ["name", "documents"]]):
        yield Finding("few", {"needed": least, "parts": few.to_dict("records")})


def commonest(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the values of a column → how often they occur, most often first, equals by name."""
    counts = rows[column].dropna().value_counts()
    return counts.sort_index().sort_values(ascending=False, kind="stable")


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
    if not total or documents < thresholds.MIN_DOCUMENTS:
        return table.assign(low=np.nan, high=np.nan)
    off = x - share * n[:, None]
    clustered = documents / (documents - 1) * (off**2).sum(axis=0) / total**2
    independent = share * (1 - share) / total
    ratio = np.divide(clustered, independent, out=np.ones_like(share), where=independent > 0)
    effect = np.maximum(ratio, 1.0)
    low, high = wilson(count / effect, total / effect, thresholds.CONFIDENCE)
    return table.assign(low=low, high=high)


# Who is asked to do what: the actors to whom a corpus addresses its directives ---------------------

ADDRESSEE_COLUMNS = ("sentence", "passage", "document", "start", "end", "text", "strength", "instrument", "subtype",
                     "actor")  # fmt: skip

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

    Columns as in ADDRESSEE_COLUMNS, directives in reading order. A heuristic: the addressee is the actor, or the list
    of actors, that stands last before the directive in its sentence with no other clause between, and is not itself
    behind a preposition; a directive that follows another in one sentence without a subject of its own keeps the
    other's. Passive directives (the policy should be improved by …) and those whose addressee stands in an earlier
    sentence get None.
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
        found = _subjects(text, [one for one in named if floor <= one.start and one.end <= directive.start],
                          directive.start)  # fmt: skip
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


# Who is named, and who with whom ------------------------------------------------------------------

Within = Literal["sentence", "passage"]
ACTOR_COLUMNS = ("actor", "kind", "name_zh", "name_en", "times", "documents", "forms", "passages")
PAIR_COLUMNS = ("actor", "with_actor", "times", "passages")


def count_actors(corpus: Corpus, scheme: ActorScheme) -> pd.DataFrame:
    """Return the actors that a corpus names, those named most often first, then by id, with the columns ACTOR_COLUMNS.

    `times` counts all mentions, `documents` those that name the actor; `forms` lists the words, commonest first, and
    `passages` the passage of every mention.
    """
    rows = []
    for actor, some in corpus.actors.groupby("actor"):
        entry = scheme.by_id[str(actor)]
        forms = commonest(some.assign(text=some["text"].map(lambda text: " ".join(text.split()))), "text")
        told = (len(some), some["document"].nunique(), list(forms.index), list(some["passage"]))
        rows.append((actor, entry.kind, entry.name_zh, entry.name_en, *told))
    table = pd.DataFrame(rows, columns=list(ACTOR_COLUMNS))
    return table.sort_values(["times", "actor"], ascending=[False, True], ignore_index=True)


def pair_actors(corpus: Corpus, within: Within = "sentence") -> pd.DataFrame:
    """Return every two actors that one sentence (or passage) names, most often together first: PAIR_COLUMNS.

    `times` counts the sentences or passages, `passages` says where they stand. The one named more often in the corpus
    is `actor`; equals stand in the order of these.
    """
    rank = {actor: n for n, actor in enumerate(commonest(corpus.actors, "actor").index)}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for _, some in corpus.actors.groupby(within, sort=False):
        for pair in combinations(sorted(some["actor"].unique(), key=rank.__getitem__), 2):
            found[pair].append(some["passage"].iloc[0])
    pairs = sorted(found, key=lambda pair: (-len(found[pair]), rank[pair[0]], rank[pair[1]]))
    rows = [(*pair, len(found[pair]), found[pair]) for pair in pairs]
    return pd.DataFrame(rows, columns=list(PAIR_COLUMNS))
