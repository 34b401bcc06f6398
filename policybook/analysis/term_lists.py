"""Lists of words that mark two selections of one language: descriptive, and no verdicts (see compare for those)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import simplemma
from scipy.special import chdtrc

from policybook.analysis import keyness, thresholds
from policybook.coding.scheme import Scheme
from policybook.coding.terms import term_frequencies
from policybook.corpus.model import Corpus
from policybook.errors import ComparisonError
from policybook.project import Project


def term_list(
    left: Corpus, right: Corpus, scheme: Scheme, project: Project, labels: Sequence[str] = ("left", "right")
) -> pd.DataFrame:
    """Return one row a term, the most uneven first: its counts, and measures that are positive where left has more.

    Columns: term, left, right (counts), log_ratio and log_ratio_conservative (in doublings, the latter for all
    terms at once), g2 (four cells), z (log-odds with the counts of both sides as prior) and q, the false discovery rate
    of Benjamini and Hochberg for g2. Terms of the scheme count as units, English words under their lemma.
    Raises ComparisonError when a side is empty or the sides are not of one and the same language.
    """
    _check_languages(left, right, labels)
    counts = [_lemmas(term_frequencies(side, scheme, project)) for side in (left, right)]
    table = pd.concat(counts, axis=1, keys=["left", "right"]).fillna(0).astype(int)
    a, b = table["left"].to_numpy(), table["right"].to_numpy()
    n1, n2 = int(a.sum()), int(b.sum())
    if not n1 or not n2:
        raise ComparisonError(f"“{labels[0] if not n1 else labels[1]}” holds no words. Select more.")
    table["log_ratio"] = keyness.log_ratio(a, b, n1, n2)
    table["log_ratio_conservative"] = keyness.log_ratio_conservative(
        a, b, n1, n2, confidence=thresholds.CONFIDENCE, family=len(table)
    )
    table["g2"] = keyness.log_likelihood(a, b, n1, n2)
    table["z"] = keyness.log_odds_dirichlet(a, b, (a + b).astype(float))[1]
    table["q"] = keyness.benjamini_hochberg(chdtrc(1, table["g2"].abs().to_numpy()))
    table = table.rename_axis(index="term").reset_index()
    return table.sort_values(["g2", "term"], key=lambda c: -c.abs() if c.name == "g2" else c, ignore_index=True)


def _lemmas(frequencies: pd.Series) -> pd.Series:
    """Return the counts with the forms of an English word together, which each side would join in its own way."""
    lemma = frequencies.index.map(lambda term: term if " " in term else simplemma.lemmatize(term, lang="en"))
    return frequencies.groupby(lemma).sum()


def _check_languages(left: Corpus, right: Corpus, labels: Sequence[str]) -> None:
    languages = [frozenset(str(code) for code in side.documents["language"]) for side in (left, right)]
    for label, found in zip(labels, languages, strict=True):
        if not found:
            raise ComparisonError(f"no passage fits “{label}”. Ask for less: take a field out of it or change a value.")
    if len(languages[0] | languages[1]) > 1:
        held = "; ".join(
            f"“{label}”: {', '.join(sorted(found))}" for label, found in zip(labels, languages, strict=True)
        )
        raise ComparisonError(
            f"words of different languages cannot be counted against each other ({held}). Add language=en or "
            "language=zh to both selections."
        )
