"""A translation concordance: the English under which a Chinese term stands, and its lines in context."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import scipy

from policybook.coding.scheme import Concept, Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.matching import fold, singular
from policybook.errors import Problem, raise_problems
from policybook.project import Project
from policybook.tables import CsvTable

# Under which English words the concepts of the scheme stand: renderings, their variety, and what they hide ---

RENDERINGS = ("concept", "rendering", "count", "ambiguous", "share", "passages")
VARIETY = ("concept", "mentions", "renderings", "bits", "effective", "commonest", "share")
HIDDEN = ("concept", "other", "document", "held", "mentions", "share", "renderings", "passages")
LINE_COLUMNS = ("sentence", "passage", "document", "concept", "left", "keyword", "right")
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
    counts = Counter(zip(keys, spellings, strict=True))
    for (key, spelling), _ in sorted(counts.items(), key=lambda item: (-item[1], len(item[0][1]), item[0][1])):
        called.setdefault(key, spelling)
    return mentions.assign(rendering=[called[key] for key in keys])


def count_renderings(mentions: pd.DataFrame) -> pd.DataFrame:
    """Return how often every concept stands under every rendering, with the columns RENDERINGS.

    `mentions` comes from `rendered_mentions`; `ambiguous` counts mentions whose words may also mean something else,
    `share` is the part of the concept's mentions, `passages` lists where each stands. Concepts in the order of their
    number of mentions, each with its commonest rendering first; equals by name.
    """
    groups = mentions.assign(ambiguous=mentions["ambiguous"].astype(bool)).groupby(["concept", "rendering"])
    table = groups.agg(count=("text", "size"), ambiguous=("ambiguous", "sum"), passages=("passage", list)).reset_index()
    totals = table.groupby("concept")["count"].transform("sum")
    table = table.assign(share=table["count"] / totals, total=totals)
    order = ["total", "concept", "count", "rendering"]
    table = table.sort_values(order, ascending=[False, True, False, True])
    return table[list(RENDERINGS)].reset_index(drop=True)


def _bits(counts: pd.Series) -> float:
    return float(scipy.special.entr(counts / counts.sum()).sum() / np.log(2))


def rank_variety(renderings: pd.DataFrame) -> pd.DataFrame:
    """Return a row a concept with the columns VARIETY, the most variously rendered first.

    `renderings` comes from `count_renderings`; `bits` is Shannon's entropy (1948) of the shares as observed, which of
    few mentions understates the variety; `effective`, 2 to its power, is the number of renderings, equally often used,
    that would be as various. `share` is that of the commonest rendering.
    """
    if renderings.empty:
        return pd.DataFrame(columns=list(VARIETY))
    table = renderings.groupby("concept").agg(
        mentions=("count", "sum"), renderings=("rendering", "size"), bits=("count", _bits),
        commonest=("rendering", "first"), share=("share", "first"),
    )  # fmt: skip
    table = table.assign(effective=2 ** table["bits"]).reset_index()[list(VARIETY)]
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


def hidden_by_document(borrowed: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return how often the mentions of a term read like another one in each document, with the columns HIDDEN.

    `borrowed` comes from `find_borrowed`, `mentions` from `rendered_mentions`. `held` of the `mentions` of the concept
    in the document stand in words that hold the other's usual English: under `renderings`, in `passages`. Pairs with
    most such mentions first, then those of most mentions, then by name; documents in their order.
    """
    rows: list[tuple[object, ...]] = []
    for (concept, other), some in borrowed.groupby(["concept", "other"], sort=False):
        own = mentions[mentions["concept"] == concept]
        all_held = int(own["rendering"].isin(some["rendering"]).sum())
        for document, there in own.groupby("document", sort=False):
            held = there[there["rendering"].isin(some["rendering"])]
            told = (len(held), len(there), len(held) / len(there), list(dict.fromkeys(held["rendering"])))
            rows.append((concept, other, document, *told, list(held["passage"]), -all_held, -len(own)))
    table = pd.DataFrame(rows, columns=[*HIDDEN, "_held", "_all"])
    order = table.sort_values(["_held", "_all", "concept", "other"], kind="stable")
    return order[list(HIDDEN)].reset_index(drop=True)


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
    above, chinese = set(scheme.broader(identifier)), scheme.by_id[identifier].term_zh
    return [(other.id, wording) for other in scheme.concepts if other.id not in (identifier, *above)
            and identifier not in scheme.broader(other.id) and not (other.term_zh and other.term_zh in chinese)
            for wording in usual[other.id] if not any(_holds(own, wording) for own in usual[identifier])]  # fmt: skip


def _holds(words: str, part: str) -> bool:
    """Return whether whole words of a phrase make up another one."""
    return bool(part) and f" {part} " in f" {words} "


# Keyword-in-context lines: a mention with the words of its sentence on either side -----------------

def kwic_lines(corpus: Corpus, mentions: pd.DataFrame, room: int = 50) -> pd.DataFrame:
    """Return a line for every mention, in the order they come, with the columns LINE_COLUMNS.

    At most `room` letters stand left and right of the keyword, in Chinese half as many; nothing beyond the mention's
    own sentence. What is cut is cut at a word's edge and marked "…".
    """
    texts = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    chinese = set(corpus.documents.loc[corpus.documents["language"] == "zh", "document"])
    rows = []
    for row in records(mentions):
        text, words = str(texts[row.sentence]), row.document not in chinese
        most = room if words else room // 2
        left = _cut(text[: row.start][::-1], most, words)[::-1]
        right = _cut(text[row.end :], most, words)
        rows.append((row.sentence, row.passage, row.document, row.concept, left, text[row.start : row.end], right))
    return pd.DataFrame(rows, columns=list(LINE_COLUMNS))


def _cut(text: str, most: int, words: bool) -> str:
    """Return the beginning of a text, at most so many letters, cut between its words where it has them."""
    if len(text) <= most:
        return text.rstrip()
    kept = text[:most]
    if words and not text[most].isspace():
        whole, space, _ = kept.rpartition(" ")
        kept = whole if space else kept
    return kept.rstrip() + "…"


# The English that official translations use for a term, from data/facts/glossary.csv ---------------

def load_glossary(project: Project) -> Mapping[str, str]:
    """Return Chinese term → its standard English; a project without the file has none.

    Raises InvalidDataError with every mistake: no table, a column that is missing, a term given twice.
    """
    path = project.facts / "glossary.csv"
    if not path.exists():
        return {}
    problems: list[Problem] = []
    columns = ("term_zh", "english_standard")
    table = CsvTable(path, project.name(path), columns, problems, key=["term_zh"], others=True)
    raise_problems(problems)
    return {row.cells["term_zh"]: row.cells["english_standard"] for row in table.rows}
