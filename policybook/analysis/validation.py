"""How well the rules do against the hand coding: scores, agreement on instruments, agreement of two languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from policybook.analysis.agreement import Estimate, Scores, cohen_kappa, precision_recall_f1
from policybook.analysis.outcomes import CODED, Outcomes
from policybook.analysis.thresholds import CONFIDENCE
from policybook.coding.codes import INSTRUMENTS
from policybook.coding.gold import LANGUAGES, PARTS, SOURCES

#: The columns of a table of scores behind those that it is made by: numbers of codes, and shares from 0 to 1.
SCORES = (
    "gold", "found", "hits",
    *(f"{name}{bound}" for name in ("precision", "recall", "f1") for bound in ("", "_low", "_high")),
)  # fmt: skip
#: What of a directive is compared once its clause was found: column of the gold, column of what was found.
COMPARED: Mapping[str, tuple[str, str]] = {
    "instrument": ("gold_instrument", "found_instrument"),
    "subtype": ("gold_subtype", "found_subtype"),
    "strength": ("gold", "found"),
}
_UNKNOWN = Estimate(*(np.asarray(np.nan) for _ in range(3)))
_RESAMPLES = 2000
_SEED = 20261124


def score_table(outcomes: Outcomes, by: Sequence[str] = ("language", "source"), *, part: str) -> pd.DataFrame:
    """Return precision, recall and F1 of everything coded: a row for each of CODED and each group of sentences.

    `by`: which of language, source and part make the groups. Columns: what, those of `by`, sentences, and SCORES. Where
    both sides have something in one place with other values, it is a miss and a false alarm. The intervals are those
    of policybook.analysis.agreement, at CONFIDENCE; they take codes for independent draws.
    """
    sentences = outcomes.sentences[outcomes.sentences["part"] == part]
    rows = []
    for what, group in product(CODED, _groups(sentences, by)):
        some = _within(_of(outcomes, what, part), group)
        rows.append({"what": what, **group, "sentences": len(_within(sentences, group)), **count_scores(some)})
    return pd.DataFrame(rows, columns=["what", *by, "sentences", *SCORES])


def score_kinds(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return the scores by kind: a row for each kind of quantity, strength of directive and theme, as far as coded."""
    rows = [
        {"what": what, "kind": kind, **count_scores(some[some["kind"] == kind])}
        for what in CODED
        if what != "actor"
        for some in [_of(outcomes, what, part)]
        for kind in sorted(set(some["kind"]))
    ]
    return pd.DataFrame(rows, columns=["what", "kind", *SCORES])


def score_certain(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return the scores of concepts by language when mentions in an ambiguous form are taken for not found."""
    concepts = _of(outcomes, "concept", part)
    unsure = concepts["ambiguous"].astype(bool)
    sure = concepts.assign(outcome=concepts["outcome"].where(~unsure, "missed"))
    sure = sure[~(unsure & (concepts["outcome"] == "extra"))]
    rows = [
        {"language": language, **count_scores(sure[sure["language"] == language])} for language in _languages(outcomes)
    ]
    return pd.DataFrame(rows, columns=["language", *SCORES])


def score_presence(outcomes: Outcomes, what: str, *, part: str) -> pd.DataFrame:
    """Return, by language, whether the rules find something at all in the sentences that hold something."""
    sentences = outcomes.sentences[outcomes.sentences["part"] == part]
    some = _of(outcomes, what, part)
    in_gold = set(some.loc[some["outcome"] != "extra", "sentence"])
    in_found = set(some.loc[some["outcome"] != "missed", "sentence"])
    rows = []
    for language in _languages(outcomes):
        own = set(sentences.loc[sentences["language"] == language, "sentence"])
        gold, found = in_gold & own, in_found & own
        scores = precision_recall_f1(len(gold & found), len(found - gold), len(gold - found), CONFIDENCE)
        counts = {"gold": len(gold), "found": len(found), "hits": len(gold & found)}
        rows.append({"language": language, "sentences": len(own), **counts, **flat(scores)})
    return pd.DataFrame(rows, columns=["language", "sentences", *SCORES])


def matched_directives(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return the directives whose clause the rules found, which is what instruments can be compared of."""
    some = _of(outcomes, "directive", part)
    return some[some["outcome"] == "hit"]


def agreement_table(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return Cohen's κ of the instruments, subtypes and strengths of matched directives, by language and for both.

    Columns: of, language ("" for both), directives, agreed (share), kappa, low, high; nan where κ is not defined.
    """
    matched = matched_directives(outcomes, part=part)
    languages = ["", *_languages(outcomes)]
    rows = []
    for (of, (gold, found)), language in product(COMPARED.items(), languages):
        some = matched[matched["language"] == language] if language else matched
        one, other = some[gold].tolist(), some[found].tolist()
        kappa = _kappa(one, other)
        agreed = float(np.mean([a == b for a, b in zip(one, other, strict=True)])) if one else np.nan
        rows.append((of, language, len(some), agreed, float(kappa.value), float(kappa.low), float(kappa.high)))
    return pd.DataFrame(rows, columns=["of", "language", "directives", "agreed", "kappa", "low", "high"])


def confusion_table(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return how many matched directives have which instrument by hand (index) and by rule (columns)."""
    matched = matched_directives(outcomes, part=part)
    counts = pd.crosstab(matched["gold_instrument"], matched["found_instrument"])
    names = list(INSTRUMENTS)
    return counts.reindex(index=names, columns=names, fill_value=0).astype(int)


def pair_table(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return how alike the concepts of a Chinese sentence and of its English counterpart are: found, and by hand.

    Columns: by ("found" or "gold"), pairs, mean, low, high. The mean of Jaccard's coefficient over the pairs in which
    either sentence has a concept, with a percentile bootstrap interval that resamples pairs (Efron 1979, Annals of
    Statistics 7, 1–26).
    """
    sentences = outcomes.sentences[outcomes.sentences["part"] == part]
    pairs = [
        (row["sentence"], row["pair"])
        for row in sentences.to_dict("records")
        if row["pair"] and row["language"] == "zh"
    ]
    concepts = _of(outcomes, "concept", part)
    rows = []
    for side in ("found", "gold"):
        held = concepts[concepts[side] != ""].groupby("sentence")[side].agg(frozenset).to_dict()
        both = [(held.get(zh, frozenset()), held.get(en, frozenset())) for zh, en in pairs]
        overlaps = np.array([len(a & b) / len(a | b) for a, b in both if a | b])
        mean = _mean(overlaps)
        rows.append((side, len(overlaps), float(mean.value), float(mean.low), float(mean.high)))
    return pd.DataFrame(rows, columns=["by", "pairs", "mean", "low", "high"])


def count_scores(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the SCORES of some rows of outcomes."""
    n = rows["outcome"].value_counts()
    hits, missed, extra, differs = (int(n.get(name, 0)) for name in ("hit", "missed", "extra", "differs"))
    counts = {"gold": hits + missed + differs, "found": hits + extra + differs, "hits": hits}
    return counts | flat(precision_recall_f1(hits, extra + differs, missed + differs, CONFIDENCE))


def flat(scores: Scores) -> dict[str, float]:
    """Return scores of single numbers as the columns of SCORES."""
    return {
        f"{name}{'' if bound == 'value' else f'_{bound}'}": float(getattr(getattr(scores, name), bound))
        for name in ("precision", "recall", "f1")
        for bound in ("value", "low", "high")
    }


def _of(outcomes: Outcomes, what: str, part: str) -> pd.DataFrame:
    rows = outcomes.rows
    return rows[(rows["what"] == what) & (rows["part"] == part)]


def _languages(outcomes: Outcomes) -> list[str]:
    return [language for language in LANGUAGES if (outcomes.sentences["language"] == language).any()]


def _groups(sentences: pd.DataFrame, by: Sequence[str]) -> Iterator[dict[str, Any]]:
    orders = {"language": LANGUAGES, "source": SOURCES, "part": PARTS}
    found = {tuple(values) for values in sentences[list(by)].itertuples(index=False)}
    for values in product(*(orders[column] for column in by)):
        if values in found:
            yield dict(zip(by, values, strict=True))


def _within(table: pd.DataFrame, group: Mapping[str, Any]) -> pd.DataFrame:
    for column, value in group.items():
        table = table[table[column] == value]
    return table


def _kappa(one: Sequence[str], other: Sequence[str]) -> Estimate:
    try:
        return cohen_kappa(one, other, CONFIDENCE)
    except ValueError:  # no directive, or all with one label: then agreement beyond chance has no meaning
        return _UNKNOWN


def _mean(values: npt.NDArray[np.float64]) -> Estimate:
    if not len(values):
        return _UNKNOWN
    drawn = np.random.default_rng(_SEED).choice(values, size=(_RESAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
    return Estimate(np.asarray(values.mean()), low, high)
