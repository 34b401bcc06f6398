"""How alike the coding of one text in two languages is: aligned segments, coded on both sides.

The texts are not ours to give away, so what is kept of them is the codes (data/gold/parallel.csv, written by
benchmarks/parallel.py). Everything here is computed from that file alone.
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from policybook.analysis.segments import Segment, correlate, count_concepts, mean_overlap
from policybook.analysis.thresholds import ALIGNED_FACTOR, ALIGNED_SEGMENTS, CONFIDENCE
from policybook.errors import InvalidDataError, Problem
from policybook.project import Project

LANGUAGES = ("zh", "en")
FIELDS = ("year", "segment", *LANGUAGES)
#: What the comment lines at the head of the file say.
HEAD = ("input sha256", "segments", "lexicon sha256")

_REMEDY = "Write the file anew with benchmarks/parallel.py --write."
_RESAMPLES = 1000
_SEED = 20261124
_COMMENT = re.compile(r"# ([a-z0-9 ]+): (\S+)")


@dataclass(frozen=True)
class Estimate:
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
    def spearman(self) -> Estimate:
        """Rank correlation of the two languages' counts over the concepts that one of them finds often enough.

        The interval resamples segments, not concepts (percentile bootstrap, Efron 1979).
        """
        return self._estimate(correlate)

    @cached_property
    def mean_jaccard(self) -> Estimate:
        """Mean over the segments of the concepts both sides have ÷ those either has."""
        return self._estimate(mean_overlap)

    @cached_property
    def comparable(self) -> frozenset[str]:
        """Concepts that the two languages find equally often, in enough segments."""
        table = self.concepts
        more, less = table[["zh", "en"]].max(axis=1), table[["zh", "en"]].min(axis=1)
        enough = more >= ALIGNED_SEGMENTS
        return frozenset(table.index[enough & (more <= ALIGNED_FACTOR * less)])

    def _estimate(self, statistic: Callable[[Sequence[Segment]], float]) -> Estimate:
        value = statistic(self.segments)
        if not self.segments:
            return Estimate(value, math.nan, math.nan)
        generator = np.random.default_rng(_SEED)
        drawn = generator.integers(len(self.segments), size=(_RESAMPLES, len(self.segments)))
        resampled = [statistic([self.segments[n] for n in row]) for row in drawn]
        low, high = np.nanquantile(resampled, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
        return Estimate(value, float(low), float(high))


def load_aligned(project: Project) -> AlignedTexts | None:
    """Read data/gold/parallel.csv; None where there is none. Raises InvalidDataError with every mistake."""
    path = aligned_file(project)
    if not path.is_file():
        return None
    name = project.name(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    head = {found[1]: found[2] for line in lines if (found := _COMMENT.fullmatch(line))}
    problems = [
        Problem(name, 1, "", f"no line '# {field}: …' stands at its head.", _REMEDY)
        for field in HEAD
        if field not in head
    ]
    if "segments" in head and not head["segments"].isdecimal():
        problems.append(Problem(name, 1, "", f"{head['segments']!r} is no number of segments.", _REMEDY))
    segments = list(_read_segments(lines, name, problems))
    if problems:
        raise InvalidDataError(problems)
    lexicon = digest(project.lexicon / "concepts.yml")
    total, received, coded_with = int(head["segments"]), head["input sha256"], head["lexicon sha256"]
    return AlignedTexts(tuple(segments), total, received, coded_with, lexicon)


def save_aligned(path: Path, texts: AlignedTexts) -> None:
    """Write the file that load_aligned reads."""
    head = dict(zip(HEAD, (texts.input_sha256, texts.total, texts.lexicon_sha256), strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("# Concepts found in aligned Chinese and English segments; made by benchmarks/parallel.py.\n")
        file.writelines(f"# {field}: {value}\n" for field, value in head.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for one in texts.segments:
            writer.writerow([one.year, one.segment, " ".join(sorted(one.zh)), " ".join(sorted(one.en))])


def aligned_file(project: Project) -> Path:
    """Return where the coded segments are kept."""
    return project.data / "gold" / "parallel.csv"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_segments(lines: Sequence[str], name: str, problems: list[Problem]) -> Iterator[Segment]:
    """Yield the rows, with every mistake in them appended to `problems`."""
    numbered = [(n, line) for n, line in enumerate(lines, start=1) if line and not line.startswith("#")]
    if not numbered or numbered[0][1].split(",") != list(FIELDS):
        where = numbered[0][0] if numbered else 0
        problems.append(Problem(name, where, "", f"the columns are not {', '.join(FIELDS)}.", _REMEDY))
        return
    for n, line in numbered[1:]:
        row = line.split(",")
        if len(row) != len(FIELDS) or not row[0].isdecimal() or not row[1].isdecimal() or not (row[2] or row[3]):
            problems.append(Problem(name, n, "", "this is not year, segment and the concepts of two sides.", _REMEDY))
        else:
            yield Segment(int(row[0]), int(row[1]), frozenset(row[2].split()), frozenset(row[3].split()))
