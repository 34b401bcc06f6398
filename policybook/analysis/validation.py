"""The rules held against hand coding, against official reports, and language against language in aligned texts."""

from __future__ import annotations

import csv
import hashlib
import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import spearmanr

from policybook.analysis.agreement import (
    SCORED_CODES,
    Outcomes,
    ScoreEstimate,
    Scores,
    cohen_kappa,
    precision_recall_f1,
)
from policybook.analysis.thresholds import ALIGNED_FACTOR, ALIGNED_SEGMENTS, CONFIDENCE, CORRELATED_SEGMENTS
from policybook.coding.code import Coding
from policybook.coding.gold import LANGUAGES, PARTS, SOURCES
from policybook.coding.rules import find_rules
from policybook.coding.scheme import INSTRUMENTS, KINDS, load_scheme
from policybook.errors import InvalidDataError, Problem, suggest
from policybook.project import Project
from policybook.tables import Column, CsvTable

# Aligned texts in two languages: whether both find a concept equally often -------------------------


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


# The rules held against hand coding, of the documents and of official reports ----------------------


# How well the rules do against the hand coding: scores, agreement on instruments, agreement of two languages ---


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
_UNKNOWN = ScoreEstimate(*(np.asarray(np.nan) for _ in range(3)))
_VALIDATION_RESAMPLES = 2000
_SEED = 20261124


def score_table(outcomes: Outcomes, by: Sequence[str] = ("language", "source"), *, part: str) -> pd.DataFrame:
    """Return precision, recall and F1 of everything coded: a row for each of CODED and each group of sentences.

    `by`: which of language, source and part make the groups. Columns: what, those of `by`, sentences, and SCORES. Where
    both sides have something in one place with other values, it is a miss and a false alarm. The intervals are those
    of policybook.analysis.agreement, at CONFIDENCE; they take codes for independent draws.
    """
    sentences = outcomes.sentences[outcomes.sentences["part"] == part]
    rows = []
    for what, group in product(SCORED_CODES, _groups(sentences, by)):
        some = _within(_of(outcomes, what, part), group)
        rows.append({"what": what, **group, "sentences": len(_within(sentences, group)), **count_scores(some)})
    return pd.DataFrame(rows, columns=["what", *by, "sentences", *SCORES])


def score_kinds(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return the scores by kind: a row for each kind of quantity, strength of directive and theme, as far as coded."""
    rows = [
        {"what": what, "kind": kind, **count_scores(some[some["kind"] == kind])}
        for what in SCORED_CODES
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


def _kappa(one: Sequence[str], other: Sequence[str]) -> ScoreEstimate:
    try:
        return cohen_kappa(one, other, CONFIDENCE)
    except ValueError:  # no directive, or all with one label: then agreement beyond chance has no meaning
        return _UNKNOWN


def _mean(values: npt.NDArray[np.float64]) -> ScoreEstimate:
    if not len(values):
        return _UNKNOWN
    drawn = np.random.default_rng(_SEED).choice(values, size=(_VALIDATION_RESAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
    return ScoreEstimate(np.asarray(values.mean()), low, high)


# Sentences of official reports, coded by hand and by the rules: codes without text, and how far the two agree ---
# The reports are not ours to give away. So data/gold/official.csv bears a sentence's identifier and what the coder saw
# in it, official_found.csv (written by benchmarks/official_gold.py) what the rules find; all is computed from these two.


FIELDS = ("sentence", "concepts", "quantities", "instruments")
#: Between the codes of a cell; a concept's Chinese term may hold spaces.
BETWEEN = "|"
#: What the comment lines at the head of the hand coding may say, and those of what was found must.
ABOUT = ("coder", "sample")
HEAD = ("texts sha256", "rules sha256", "made by")

_MEASURE_AGAIN = "Write the file anew with benchmarks/official_gold.py."


@dataclass(frozen=True)
class Coded:
    """The codes of one sentence: Chinese terms of its concepts, kinds of its quantities, instruments of its directives.

    Quantities and instruments are in the order of the text, one for each quantity and each directive.
    """

    sentence: str
    concepts: tuple[str, ...]
    quantities: tuple[str, ...]
    instruments: tuple[str, ...]


@dataclass(frozen=True)
class Official:
    """The same sentences as coded by hand and by the rules, and what the rules were when they coded them."""

    gold: tuple[Coded, ...]
    found: tuple[Coded, ...]
    texts_sha256: str
    rules_sha256: str
    made_by: str
    stale: bool
    coder: str = ""
    sample: str = ""

    def scores(self) -> pd.DataFrame:
        """Return precision, recall and F1: columns `what` and SCORES.

        Words are not compared, only codes: concepts as a set a sentence, quantities by how many of each kind a
        sentence has, directives by how many it has and by whether it has one, instruments by how many of each.
        """
        hand = {one.sentence: one for one in self.gold}
        rows = []
        for what, bag in _BAGS.items():
            hits = gold = found = 0
            for other in self.found:
                one, two = bag(hand[other.sentence]), bag(other)
                gold, found, hits = gold + one.total(), found + two.total(), hits + (one & two).total()
            scores = precision_recall_f1(hits, found - hits, gold - hits, CONFIDENCE)
            rows.append({"what": what, "gold": gold, "found": found, "hits": hits, **flat(scores)})
        return pd.DataFrame(rows, columns=["what", *SCORES])


_BAGS: Mapping[str, Callable[[Coded], Counter[Hashable]]] = {
    "concepts": lambda one: Counter(set(one.concepts)),
    "quantities": lambda one: Counter(one.quantities),
    "directives": lambda one: Counter({"directive": len(one.instruments)}),
    "directive_sentences": lambda one: Counter({"sentence": int(bool(one.instruments))}),
    "instruments": lambda one: Counter(one.instruments),
}


def code_sentence(sentence: str, text: str, language: str, coding: Coding) -> Coded:
    """Return what the rules find in one sentence."""
    terms = {concept.id: concept.term_zh for concept in coding.scheme.concepts}
    return Coded(
        sentence,
        tuple(sorted({terms[found.concept] for found in coding.concepts.find(text, language)})),
        tuple(found.kind for found in coding.quantities.find(text, language)),
        tuple(found.instrument for found in coding.directives.find(text, language)),
    )


def load_official(project: Project) -> Official | None:
    """Read data/gold/official.csv and official_found.csv; None where one is missing.

    Raises InvalidDataError with every mistake in them.
    """
    gold_file, found_file = official_file(project), found_file_of(project)
    if not gold_file.is_file() or not found_file.is_file():
        return None
    gold, about = _read(project, gold_file)
    found, head = _read(project, found_file, head=HEAD, remedy=_MEASURE_AGAIN)
    if [one.sentence for one in found] != [one.sentence for one in gold]:
        message = f"its sentences are not those of {project.name(gold_file)}."
        raise InvalidDataError([Problem(project.name(found_file), 0, "", message, _MEASURE_AGAIN)])
    texts, rules, made_by = (head[field] for field in HEAD)
    said = [about.get(field, "") for field in ABOUT]
    return Official(gold, found, texts, rules, made_by, rules != find_rules(project).sha256, *said)


def load_hand_coded(project: Project) -> tuple[Coded, ...]:
    """Read data/gold/official.csv. Raises InvalidDataError with every mistake in it."""
    return _read(project, official_file(project))[0]


def save_found(path: Path, found: Sequence[Coded], *, texts_sha256: str, rules_sha256: str, made_by: str) -> None:
    """Write the file that load_official reads beside the hand coding."""
    head = dict(zip(HEAD, (texts_sha256, rules_sha256, made_by), strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("# What the rules find in the sentences of official.csv; made by benchmarks/official_gold.py.\n")
        file.writelines(f"# {field}: {value}\n" for field, value in head.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for one in found:
            writer.writerow([one.sentence, *(BETWEEN.join(getattr(one, field)) for field in FIELDS[1:])])


def official_file(project: Project) -> Path:
    """Return where the hand coding of official sentences is kept."""
    return project.data / "gold" / "official.csv"


def found_file_of(project: Project) -> Path:
    """Return where what the rules find in them is kept."""
    return project.data / "gold" / "official_found.csv"


def _read(
    project: Project, path: Path, *, head: Sequence[str] = (), remedy: str = ""
) -> tuple[tuple[Coded, ...], Mapping[str, str]]:
    """Return the rows of a file and what its head says. Raises InvalidDataError with every mistake."""
    problems: list[Problem] = []
    columns: list[Column | str] = [Column("sentence", filled=True), *FIELDS[1:]]
    table = CsvTable(path, project.name(path), columns, problems, key=["sentence"], head=head, remedy=remedy)
    terms = [concept.term_zh for concept in load_scheme(project).concepts]
    known: dict[str, Sequence[str]] = {"concepts": terms, "quantities": KINDS, "instruments": tuple(INSTRUMENTS)}
    coded = []
    for row in table.rows:
        cells = {field: tuple(row.cells[field].split(BETWEEN)) if row.cells[field] else () for field in known}
        problems += [
            table.problem(row, field, f"{code!r} is no code.", suggest(code, known[field]))
            for field, codes in cells.items()
            for code in codes
            if code not in known[field]
        ]
        coded.append(Coded(row.cells["sentence"], **cells))
    if problems:
        raise InvalidDataError(problems)
    return tuple(coded), table.head
