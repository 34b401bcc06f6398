"""Segments of aligned texts as coded, and how alike their two sides are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from scipy.stats import spearmanr

from policybook.analysis.thresholds import CORRELATED_SEGMENTS


@dataclass(frozen=True)
class Segment:
    """One segment in which either side has a concept: the concepts of each side."""

    year: int
    segment: int
    zh: frozenset[str]
    en: frozenset[str]

    @property
    def jaccard(self) -> float:
        """What both sides have ÷ what either has."""
        return len(self.zh & self.en) / len(self.zh | self.en)


def count_concepts(segments: Iterable[Segment]) -> pd.DataFrame:
    """Return the segments that hold each concept: index `concept`, columns `zh`, `en` and `both`, most first."""
    chinese, english, both = _count(segments)
    ordered = sorted({*chinese, *english}, key=lambda concept: (-max(chinese[concept], english[concept]), concept))
    rows = [(chinese[concept], english[concept], both[concept]) for concept in ordered]
    return pd.DataFrame(rows, index=pd.Index(ordered, name="concept"), columns=["zh", "en", "both"], dtype=int)


def correlate(segments: Iterable[Segment]) -> float:
    """Return Spearman's rank correlation of the two languages' counts; NaN for fewer than three concepts."""
    chinese, english, _ = _count(segments)
    often = [
        (chinese[concept], english[concept])
        for concept in {*chinese, *english}
        if max(chinese[concept], english[concept]) >= CORRELATED_SEGMENTS
    ]
    sides = list(zip(*often, strict=True))
    if len(often) < 3 or any(len(set(side)) == 1 for side in sides):
        return math.nan
    return float(spearmanr(*sides).statistic)


def mean_overlap(segments: Sequence[Segment]) -> float:
    """Return the mean of the segments' Jaccard coefficients; NaN for no segment."""
    return sum(segment.jaccard for segment in segments) / len(segments) if segments else math.nan


def _count(segments: Iterable[Segment]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count the segments that have each concept in Chinese, in English and in both."""
    chinese: Counter[str] = Counter()
    english: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for segment in segments:
        chinese.update(segment.zh)
        english.update(segment.en)
        both.update(segment.zh & segment.en)
    return chinese, english, both
