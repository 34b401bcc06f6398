"""Aligned texts in two languages: whether both find a concept equally often."""

from __future__ import annotations

import csv
import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from policybook.analysis.thresholds import ALIGNED_FACTOR, ALIGNED_SEGMENTS, CONFIDENCE, CORRELATED_SEGMENTS
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project
from policybook.tables import Column, CsvTable

# Segments of aligned texts as coded, and how alike their two sides are -----------------------------


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


# How alike the coding of one text in two languages is: aligned segments, coded on both sides -------
# The texts are not ours to give away, so what is kept of them is the codes (data/gold/parallel.csv, written by
# benchmarks/parallel.py). Everything here is computed from that file alone.


ALIGNED_LANGUAGES = ("zh", "en")
ALIGNED_FIELDS = ("year", "segment", *ALIGNED_LANGUAGES)
#: What the comment lines at the head of the file say.
ALIGNED_HEAD = ("input sha256", "segments", "lexicon sha256")

_REMEDY = "Write the file anew with benchmarks/parallel.py --write."
_RESAMPLES = 1000
_ALIGNED_SEED = 20261124


@dataclass(frozen=True)
class AlignedEstimate:
    """A statistic with the bounds of its percentile bootstrap interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class AlignedTexts:
    """Aligned texts as coded: `segments` those with a concept, `total` all, and what they were made from."""

    segments: tuple[Segment, ...]
    total: int
    input_sha256: str
    lexicon_sha256: str
    lexicon_sha256_now: str

    @property
    def stale(self) -> bool:
        """Whether the coding scheme has changed since the segments were coded."""
        return self.lexicon_sha256 != self.lexicon_sha256_now

    @cached_property
    def concepts(self) -> pd.DataFrame:
        """Segments with each concept: index `concept`, columns `zh`, `en` and `both`; those with most first."""
        return count_concepts(self.segments)

    @cached_property
    def spearman(self) -> AlignedEstimate:
        """Rank correlation of the two languages' counts over the concepts that one of them finds often enough.

        The interval resamples segments, not concepts (percentile bootstrap, Efron 1979).
        """
        return self._estimate(correlate)

    @cached_property
    def mean_jaccard(self) -> AlignedEstimate:
        """Mean over the segments of the concepts both sides have ÷ those either has."""
        return self._estimate(mean_overlap)

    @cached_property
    def comparable(self) -> frozenset[str]:
        """Concepts that the two languages find equally often, in enough segments."""
        table = self.concepts
        more, less = table[["zh", "en"]].max(axis=1), table[["zh", "en"]].min(axis=1)
        enough = more >= ALIGNED_SEGMENTS
        return frozenset(table.index[enough & (more <= ALIGNED_FACTOR * less)])

    def _estimate(self, statistic: Callable[[Sequence[Segment]], float]) -> AlignedEstimate:
        value = statistic(self.segments)
        if not self.segments:
            return AlignedEstimate(value, math.nan, math.nan)
        generator = np.random.default_rng(_ALIGNED_SEED)
        drawn = generator.integers(len(self.segments), size=(_RESAMPLES, len(self.segments)))
        resampled = [statistic([self.segments[n] for n in row]) for row in drawn]
        low, high = np.nanquantile(resampled, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
        return AlignedEstimate(value, float(low), float(high))


def load_aligned(project: Project) -> AlignedTexts | None:
    """Read data/gold/parallel.csv; None where there is none. Raises InvalidDataError with every mistake."""
    path = aligned_file(project)
    if not path.is_file():
        return None
    problems: list[Problem] = []
    numbers = [Column(name, "whole", filled=True) for name in ALIGNED_FIELDS[:2]]
    table = CsvTable(path, project.name(path), [*numbers, *ALIGNED_LANGUAGES], problems, head=ALIGNED_HEAD, remedy=_REMEDY)
    head = table.head
    if not (total := head.get("segments", "0")).isdecimal():
        problems.append(Problem(table.name, 1, "", f"{total!r} is no number of segments.", _REMEDY))
    problems += [
        table.problem(row, "", "no concept stands on either side.")
        for row in table.rows
        if not any(row.cells[language] for language in ALIGNED_LANGUAGES)
    ]
    if problems:
        raise InvalidDataError(problems)
    segments = tuple(
        Segment(row.values["year"], row.values["segment"], *(frozenset(row.cells[one].split()) for one in ALIGNED_LANGUAGES))
        for row in table.rows
    )
    now = digest(project.lexicon / "concepts.yml")
    return AlignedTexts(segments, int(total), head["input sha256"], head["lexicon sha256"], now)


def save_aligned(path: Path, texts: AlignedTexts) -> None:
    """Write the file that load_aligned reads."""
    head = dict(zip(ALIGNED_HEAD, (texts.input_sha256, texts.total, texts.lexicon_sha256), strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("# Concepts found in aligned Chinese and English segments; made by benchmarks/parallel.py.\n")
        file.writelines(f"# {field}: {value}\n" for field, value in head.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(ALIGNED_FIELDS)
        for one in texts.segments:
            writer.writerow([one.year, one.segment, " ".join(sorted(one.zh)), " ".join(sorted(one.en))])


def aligned_file(project: Project) -> Path:
    """Return where the coded segments are kept."""
    return project.data / "gold" / "parallel.csv"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
