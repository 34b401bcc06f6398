"""How alike documents are: by the concepts they carry, in any language, or by their words, within one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from policybook.analysis.block_counts import block_counts
from policybook.analysis.counts import FloatArray
from policybook.analysis.presence import presence
from policybook.coding.scheme import Scheme
from policybook.coding.terms import term_frequencies
from policybook.corpus.model import Corpus
from policybook.errors import SelectionError
from policybook.project import Project


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
    rows = values[known]
    if len(rows):
        like = _cosine(rows)
        matrix[np.ix_(known, known)] = (like + like.T) / 2
    labels = profiles.index.tolist()
    return pd.DataFrame(matrix, index=labels, columns=labels)


def similarity_across(
    profiles: pd.DataFrame, languages: Mapping[str, str], comparable: frozenset[str] | None
) -> pd.DataFrame:
    """Return documents × documents: the cosine of their concept profiles, across languages of comparable concepts only.

    `languages` gives that of every document. Documents of one language are compared by all columns, of two languages
    by those of `comparable` (none for None): nan where a document has none of them.
    """
    similarity = profile_similarity(profiles)
    across = profile_similarity(profiles[[column for column in profiles if column in (comparable or ())]])
    codes = np.array([languages[str(document)] for document in profiles.index])
    return similarity.where(codes[:, None] == codes[None, :], across)


def document_terms(corpus: Corpus, scheme: Scheme, project: Project) -> pd.DataFrame:
    """Return documents × terms: how often each term stands in each document (see term_frequencies).

    Raises SelectionError when the corpus holds two languages: words of one cannot be compared with the other's.
    """
    languages = sorted(set(corpus.documents["language"]))
    if len(languages) > 1:
        raise SelectionError(
            f"Terms can be compared within one language only; this selection holds {' and '.join(languages)}. "
            "Select one, like language=zh, or compare by concepts."
        )
    rows = {
        document: term_frequencies(corpus.select(document=document), scheme, project)
        for document in corpus.documents["document"]
    }
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


def _cosine(rows: FloatArray) -> FloatArray:
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    like: FloatArray = np.clip(unit @ unit.T, 0.0, 1.0)
    np.fill_diagonal(like, 1.0)
    return like
