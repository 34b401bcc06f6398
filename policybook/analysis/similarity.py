"""How alike documents are: by concepts, by words, by passages that share wording."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from policybook.analysis.counts import block_counts, presence
from policybook.analysis.keyness import count_terms, list_terms
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.errors import SelectionError
from policybook.project import Project

# How alike documents are: by the concepts they carry, in any language, or by their words, within one ---

#: Less inertia than this is none: all rows have the same proportions.
_NO_INERTIA = 1e-12


def concept_profiles(corpus: Corpus, scheme: Scheme) -> pd.DataFrame:
    """Return documents × concepts: the share of a document's blocks that carry each, 0 to 1.

    Rows are document ids in the corpus's order, columns ids of the scheme that enter comparisons; works across
    languages as far as the coding does.
    """
    matrix = presence(block_counts(corpus, scheme), "concept")
    documents = corpus.blocks.set_index("block").loc[matrix.index, "document"]
    shares = matrix.astype(float).groupby(documents, sort=False).mean()
    shares = shares.reindex(corpus.documents["document"].tolist(), fill_value=0.0)
    return shares.rename_axis(index="document", columns="concept")


def profile_similarity(profiles: pd.DataFrame) -> pd.DataFrame:
    """Return rows × rows of `profiles` (non-negative numbers): the cosine of the angle between two rows.

    It runs from 0, nothing in common, to 1, the same proportions. A row without any value is like nothing: nan, on
    the diagonal too.
    Raises ValueError for negative or missing values.
    """
    values = profiles.to_numpy(dtype=float)
    if not np.all(values >= 0):
        raise ValueError("profiles must hold numbers that are not negative")
    known = np.flatnonzero(values.sum(axis=1) > 0) if values.size else np.array([], dtype=int)
    matrix = np.full((len(values), len(values)), np.nan)
    unit = values[known] / np.linalg.norm(values[known], axis=1, keepdims=True)
    like = np.clip(unit @ unit.T, 0.0, 1.0)
    np.fill_diagonal(like, 1.0)
    matrix[np.ix_(known, known)] = (like + like.T) / 2
    labels = profiles.index.tolist()
    return pd.DataFrame(matrix, index=labels, columns=labels)


def similarity_across(profiles: pd.DataFrame, languages: Mapping[str, str],
                      comparable: frozenset[str] | None) -> pd.DataFrame:  # fmt: skip
    """Return documents × documents: the cosine of their concept profiles, across languages of comparable concepts only.

    `languages` gives that of every document. Documents of one language are compared by all columns, of two languages
    by those of `comparable` (none for None): nan where a document has none of them.
    """
    similarity = profile_similarity(profiles)
    across = profile_similarity(profiles[[column for column in profiles if column in (comparable or ())]])
    codes = np.array([languages[str(document)] for document in profiles.index])
    return similarity.where(codes[:, None] == codes[None, :], across)


@dataclass(frozen=True, eq=False)
class Correspondence:
    """Rows and columns of a table of counts in one plane.

    `rows` and `columns` have the columns x and y (principal coordinates) and mass (the share of all counts);
    `explained` is the share of the inertia that each of the two axes shows, `inertia` the whole of it.
    """

    rows: pd.DataFrame
    columns: pd.DataFrame
    explained: tuple[float, float]
    inertia: float


def correspond(counts: pd.DataFrame) -> Correspondence | None:
    """Return the correspondence analysis of a table of counts, by singular values; None where nothing can be drawn.

    Rows that are alike in their proportions lie near each other, and so do columns; the origin is the average. Rows and
    columns without any count are left out. Signs are settled by the column that lies furthest out on an axis: it is
    positive. After Greenacre (2017), Correspondence Analysis in Practice, 3rd edition, Appendix A.
    Raises ValueError for negative or missing counts.
    """
    values = counts.to_numpy(dtype=float)
    if not np.all(values >= 0):
        raise ValueError("counts must be numbers that are not negative")
    kept = counts.loc[values.sum(axis=1) > 0, values.sum(axis=0) > 0]
    if min(kept.shape) < 2:
        return None
    shares = kept.to_numpy(dtype=float) / kept.to_numpy(dtype=float).sum()
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    expected = np.outer(row, column)
    left, sizes, right = np.linalg.svd((shares - expected) / np.sqrt(expected), full_matrices=False)
    inertia = float((sizes**2).sum())
    if inertia < _NO_INERTIA:
        return None
    places = [left[:, :2] * sizes[:2] / np.sqrt(row)[:, None], right.T[:, :2] * sizes[:2] / np.sqrt(column)[:, None]]
    furthest = np.abs(places[1]).argmax(axis=0)
    signs = np.where(places[1][furthest, [0, 1]] < 0, -1.0, 1.0)
    rows, columns = (
        pd.DataFrame({"x": place[:, 0] * signs[0], "y": place[:, 1] * signs[1], "mass": mass}, index=index)
        for place, mass, index in zip(places, (row, column), kept.axes, strict=True)
    )
    return Correspondence(rows, columns, (float(sizes[0] ** 2 / inertia), float(sizes[1] ** 2 / inertia)), inertia)


def document_terms(corpus: Corpus, scheme: Scheme, project: Project) -> pd.DataFrame:
    """Return documents × terms: how often each term stands in each document (see term_frequencies).

    Raises SelectionError when the corpus holds two languages: words of one cannot be compared with the other's.
    """
    languages = sorted(set(corpus.documents["language"]))
    if len(languages) > 1:
        held = " and ".join(languages)
        raise SelectionError(f"Terms can be compared within one language only; this selection holds {held}. "
                             "Select one, like language=zh, or compare by concepts.")  # fmt: skip
    terms = list_terms(corpus, scheme, project)
    of = terms.groupby("document").indices
    rows = {document: count_terms(terms.iloc[of.get(document, [])]) for document in corpus.documents["document"]}
    table = pd.DataFrame.from_dict(rows, orient="index").fillna(0).astype(int)
    return table[sorted(table.columns)]


def weigh_terms(counts: pd.DataFrame) -> pd.DataFrame:
    """Return documents × terms weighted by TF-IDF: count × (1 + ln((1 + N)/(1 + n))), rows of length 1.

    N is the number of documents, n of those with the term, so a term of every document still counts, the least.
    The form is that of scikit-learn's TfidfTransformer; the idea is Spärck Jones's (1972), Journal of
    Documentation 28, 11–21. A document without terms stays 0.
    """
    values = counts.to_numpy(dtype=float)
    weights = values * (1 + np.log((1 + len(values)) / (1 + (values > 0).sum(axis=0))))
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    return pd.DataFrame(weights / np.where(lengths > 0, lengths, 1), index=counts.index, columns=counts.columns)


def cluster_order(similarity: pd.DataFrame) -> list[str]:
    """Return the labels of a similarity matrix (1 alike, 0 not) so that like stands beside like.

    Average linkage of 1 − similarity (Sokal and Michener 1958), branches turned so that neighbours are nearest
    (Bar-Joseph and others 2001, Bioinformatics 17, S22–S29). Rows without a similarity come last; two rows of which
    it is not known how alike they are count as not alike.
    Raises ValueError when the matrix is not square and symmetric.
    """
    values = similarity.to_numpy(dtype=float)
    if similarity.index.tolist() != similarity.columns.tolist() or not np.allclose(values, values.T, equal_nan=True):
        raise ValueError("a similarity matrix is symmetric and has the same labels on both sides")
    known = np.flatnonzero(~np.isnan(np.diag(values)))
    order = known.tolist()
    if len(known) > 2:
        apart = np.clip(1 - np.nan_to_num(values[np.ix_(known, known)]), 0, None)
        np.fill_diagonal(apart, 0)
        tree = linkage(squareform(apart, checks=False), "average", optimal_ordering=True)
        order = known[leaves_list(tree)].tolist()
    order += [n for n in range(len(values)) if n not in set(order)]
    labels = similarity.index.tolist()
    return [str(labels[n]) for n in order]


# Passages that reuse each other's wording: the longest runs of words two passages share, and where they stand ---
# Never across languages. A word is a word in English and a character in Chinese; case, punctuation and spaces do not
# matter. Names and set phrases are shorter than the least run; what stands in 《 》 does not count towards it.

#: The shortest run that counts as reuse: Chinese characters, English words.
LEAST: Mapping[str, int] = MappingProxyType({"zh": 14, "en": 10})
#: A run that stands in this many documents is a formula of the genre and starts no match.
FORMULA = 6
REUSE_COLUMNS = ("left", "right", "left_start", "left_end", "right_start", "right_end", "words", "share")
_TOKEN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_NAME = re.compile(r"《[^《》]*》")
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class _Passage:
    """A passage as numbers: one a word, with its offsets, and how many words before it count."""

    id: str
    document: str
    language: str
    words: npt.NDArray[np.int64]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    counting: npt.NDArray[np.int64]


def find_reuse(corpus: Corpus, least: Mapping[str, int] = LEAST) -> pd.DataFrame:
    """Return a row for every run of at least `least` words (language → words) that two passages share: REUSE_COLUMNS.

    left and right are passages of different documents and one language, in the order of the corpus; start and end are
    offsets in their texts, words the length of the run, `share` the part that all runs of the two passages are of the
    shorter one's words, 0 to 1. Of overlapping runs the longest stands. Runs are found by their hashes, in time that
    grows with the length of the texts, and compared word by word (after Broder 1997, On the resemblance and
    containment of documents). Raises ValueError when a least length is below 2.
    """
    if any(length < 2 for length in least.values()):
        raise ValueError("a run of shared words must have at least 2")
    passages = list(_passages(corpus, least))
    rows: list[tuple[object, ...]] = []
    for (n, m), seeds in _seeds(passages, least).items():
        rows += _compare(passages[n], passages[m], seeds, least[passages[n].language])
    return pd.DataFrame(rows, columns=list(REUSE_COLUMNS))


def _passages(corpus: Corpus, least: Mapping[str, int]) -> Iterator[_Passage]:
    numbers: dict[str, int] = {}
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    for row in records(corpus.passages):
        language = languages[row.document]
        matches = list(_TOKEN.finditer(row.text))
        if language not in least or len(matches) < least[language]:
            continue
        words = [numbers.setdefault(match.group().lower(), len(numbers) + 1) for match in matches]
        names = np.zeros(len(row.text) + 1, dtype=bool)
        for name in _NAME.finditer(row.text):
            names[name.start() : name.end()] = True
        starts, ends = tuple(match.start() for match in matches), tuple(match.end() for match in matches)
        counting = np.concatenate([[0], np.cumsum(~names[list(starts)])])
        yield _Passage(row.passage, row.document, language, np.array(words), starts, ends, counting)


def _runs(passages: list[_Passage], least: Mapping[str, int]) -> list[npt.NDArray[np.uint64]]:
    """Return for every passage the hashes of its runs of the least length, a run a place."""
    hashes = []
    for passage in passages:
        words, length = passage.words.astype(np.uint64), least[passage.language]
        total = np.zeros(len(words) - length + 1, dtype=np.uint64)
        for n in range(length):
            total = total * _BASE + words[n : n + len(total)]
        hashes.append(total)
    return hashes


def _telling(passages: list[_Passage], runs: list[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Return the hashes, sorted, of runs that stand in at least two documents and are no formula."""
    documents: dict[str, list[npt.NDArray[np.uint64]]] = defaultdict(list)
    for passage, hashes in zip(passages, runs, strict=True):
        documents[passage.document].append(hashes)
    if not documents:
        return np.array([], dtype=np.uint64)
    values, counts = np.unique(np.concatenate([np.unique(np.concatenate(hashes)) for hashes in documents.values()]),
                               return_counts=True)  # fmt: skip
    return values[(counts >= 2) & (counts < FORMULA)]


def _seeds(passages: list[_Passage], least: Mapping[str, int]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return a pair of passages of different documents → the places where a run of both begins, all in order."""
    runs = _runs(passages, least)
    telling = _telling(passages, runs)
    index: dict[int, list[tuple[int, int]]] = defaultdict(list)
    seeds: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for m, hashes in enumerate(runs):
        for value, place in _first_places(hashes, telling):
            for n, there in index[value]:
                one, other = passages[n], passages[m]
                if one.document != other.document and one.language == other.language:
                    seeds[n, m].append((there, place))
            index[value].append((m, place))
    return {pair: sorted(seeds[pair]) for pair in sorted(seeds)}


def _first_places(hashes: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
    """Yield the wanted hashes and where each first stands: a run repeated in a passage starts one match, not many."""
    values, places = np.unique(hashes, return_index=True)
    kept = np.isin(values, wanted, assume_unique=True)
    return zip(values[kept].tolist(), places[kept].tolist(), strict=True)


def _compare(one: _Passage, other: _Passage, seeds: list[tuple[int, int]],
             least: int) -> list[tuple[str, str, int, int, int, int, int, float]]:  # fmt: skip
    """Return the rows of the reuse between two passages: none when all they share is names."""
    runs: list[tuple[int, int, int]] = []
    reached: dict[int, int] = {}
    for there, here in seeds:
        if here < reached.get(there - here, 0):
            continue
        back = _same(one.words[:there][::-1], other.words[:here][::-1])
        ahead = _same(one.words[there:], other.words[here:])
        reached[there - here] = here + ahead
        runs.append((there - back, here - back, back + ahead))
    spans = sorted(_disjoint(runs, one, other, least))
    share = sum(n for _, _, n in spans) / min(len(one.words), len(other.words))
    return [(one.id, other.id, one.starts[i], one.ends[i + n - 1], other.starts[j], other.ends[j + n - 1], n, share)
            for i, j, n in spans]  # fmt: skip


def _same(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> int:
    """Return how many words two sequences have in common from their beginning; time grows with the answer."""
    most, done, step = min(len(one), len(other)), 0, 32
    while done < most:
        end = min(done + step, most)
        different = np.flatnonzero(one[done:end] != other[done:end])
        if len(different):
            return done + int(different[0])
        done, step = end, step * 2
    return most


def _disjoint(runs: list[tuple[int, int, int]], one: _Passage, other: _Passage,
              least: int) -> Iterator[tuple[int, int, int]]:  # fmt: skip
    """Yield runs (place, place, length) without overlap, the longest first, cut where another has taken words."""
    taken, taken_other = np.zeros(len(one.words), dtype=bool), np.zeros(len(other.words), dtype=bool)
    for i, j, n in sorted(runs, key=lambda run: (-run[2], run)):
        free = ~(taken[i : i + n] | taken_other[j : j + n])
        skipped = int(np.argmax(free)) if free.any() else n
        length = _same(free[skipped:], np.ones(n - skipped, dtype=bool))
        i, j = i + skipped, j + skipped
        if one.counting[i + length] - one.counting[i] >= least:
            taken[i : i + length] = taken_other[j : j + length] = True
            yield i, j, length
