"""The rules held against hand coding, against official reports, and language against language in aligned texts."""

import hashlib
import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from policybook.analysis.agreement import SCORED_CODES, Outcomes, ScoreEstimate, cohen_kappa, precision_recall_f1
from policybook.analysis.intervals import wilson
from policybook.analysis.thresholds import ALIGNED_FACTOR, ALIGNED_SEGMENTS, CONFIDENCE, CORRELATED_SEGMENTS
from policybook.coding.code import Coding
from policybook.coding.directives_zh import cut_clauses, masked
from policybook.coding.gold import LANGUAGES, PARTS, SOURCES
from policybook.coding.rules import find_rules
from policybook.coding.scheme import INSTRUMENTS, KINDS, STRENGTHS, Scheme, load_scheme
from policybook.errors import InvalidDataError, Problem, raise_problems, suggest
from policybook.project import Project
from policybook.tables import Column, CsvTable, head_file

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
    held = [(segment.zh, segment.en, segment.zh & segment.en) for segment in segments]
    chinese, english, both = (_count(sides[n] for sides in held) for n in range(3))
    ordered = sorted({*chinese, *english}, key=lambda concept: (-max(chinese[concept], english[concept]), concept))
    rows = [(chinese[concept], english[concept], both[concept]) for concept in ordered]
    return pd.DataFrame(rows, index=pd.Index(ordered, name="concept"), columns=["zh", "en", "both"], dtype=int)


def correlate(segments: Iterable[Segment]) -> float:
    """Return Spearman's rank correlation of the two languages' counts; NaN for fewer than three concepts."""
    chinese, english = (_count(side) for side in zip(*((segment.zh, segment.en) for segment in segments), strict=True))
    return _correlate_counts(np.array([[side[concept] for concept in sorted({*chinese, *english})]
                                       for side in (chinese, english)]))  # fmt: skip


def _correlate_counts(counts: npt.NDArray[np.int64]) -> float:
    from scipy.stats import rankdata  # slow to import

    often = counts[:, counts.max(axis=0) >= CORRELATED_SEGMENTS]
    if often.shape[1] < 3 or (often == often[:, :1]).all(axis=1).any():
        return math.nan
    return float(np.corrcoef(rankdata(often, axis=1))[0, 1])


def mean_overlap(segments: Sequence[Segment]) -> float:
    """Return the mean of the segments' Jaccard coefficients; NaN for no segment."""
    return float(np.mean([segment.jaccard for segment in segments])) if len(segments) else math.nan


def _count(held: Iterable[frozenset[str]]) -> Counter[str]:
    """Count the segments that have each concept."""
    return Counter(chain.from_iterable(held))


# How alike the coding of one text in two languages is: aligned segments, coded on both sides -------
# The texts are not ours to give away, so what is kept of them is the codes (data/gold/parallel.csv, written by
# benchmarks/parallel.py). Everything here is computed from that file alone.

ALIGNED_FIELDS = ("year", "segment", *LANGUAGES)
#: What the comments of the file say, which stand in NAME.head.txt beside it.
ALIGNED_HEAD = ("input sha256", "segments", "lexicon sha256")

_REMEDY = "Write the file anew with benchmarks/parallel.py --write."
_ALIGNED_RESAMPLES = 1000


@dataclass(frozen=True)
class AlignedTexts:
    """Aligned texts as coded: `segments` those with a concept, `total` all; what they were made from, and that now."""

    segments: tuple[Segment, ...]
    total: int
    input_sha256: str
    lexicon_sha256: str
    concepts_file: Path

    @property
    def stale(self) -> bool:
        """Whether the coding scheme has changed since the segments were coded."""
        return self.lexicon_sha256 != digest(self.concepts_file)

    @cached_property
    def concepts(self) -> pd.DataFrame:
        """Segments with each concept: index `concept`, columns `zh`, `en` and `both`; those with most first."""
        return count_concepts(self.segments)

    @cached_property
    def spearman(self) -> ScoreEstimate:
        """Rank correlation of the two languages' counts over the concepts that one of them finds often enough.

        The interval resamples segments, not concepts (percentile bootstrap, Efron 1979).
        """
        named = sorted({concept for one in self.segments for concept in one.zh | one.en})
        held = [[[concept in side for concept in named] for side in (one.zh, one.en)] for one in self.segments]
        return bootstrap_counts(np.array(held, dtype=np.int64), _correlate_counts, _ALIGNED_RESAMPLES)

    @cached_property
    def mean_jaccard(self) -> ScoreEstimate:
        """Mean over the segments of the concepts both sides have ÷ those either has."""
        overlaps = np.array([segment.jaccard for segment in self.segments])
        return bootstrap(overlaps, np.mean, _ALIGNED_RESAMPLES)

    @cached_property
    def comparable(self) -> frozenset[str]:
        """Concepts that the two languages find equally often, in enough segments."""
        table = self.concepts
        more, less = table[["zh", "en"]].max(axis=1), table[["zh", "en"]].min(axis=1)
        enough = more >= ALIGNED_SEGMENTS
        return frozenset(table.index[enough & (more <= ALIGNED_FACTOR * less)])


def likeness_table(aligned: AlignedTexts | None) -> pd.DataFrame:
    """Return how alike the two languages of aligned texts are coded; no row where there are none.

    Columns: measure ("spearman", "jaccard"), over (how many concepts, or segments), value, value_low, value_high.
    """
    rows = []
    if aligned:
        often = int((aligned.concepts[["zh", "en"]].max(axis=1) >= CORRELATED_SEGMENTS).sum())
        rows.append(("spearman", often, *map(float, aligned.spearman)))
        rows.append(("jaccard", len(aligned.segments), *map(float, aligned.mean_jaccard)))
    return pd.DataFrame(rows, columns=["measure", "over", "value", "value_low", "value_high"])


def comparable_concepts(aligned: AlignedTexts | None, scheme: Scheme) -> pd.DataFrame:
    """Return in how many aligned segments each language finds each concept of the scheme, those with most first.

    Columns: concept, term_zh, term_en, zh, en, both, ratio (of the more to the fewer; nan where the fewer are none),
    enters ("yes"; "no"; "excluded" where the scheme has it compared nowhere). No row without aligned texts.
    """
    table = aligned.concepts if aligned else count_concepts(())
    table = table[table.index.isin(scheme.by_id)].reset_index()
    known = [scheme.by_id[concept] for concept in table["concept"]]
    comparable = aligned.comparable if aligned else frozenset()
    enters = ["no" if one.id not in comparable else "yes" if scheme.counted(one.id) else "excluded" for one in known]
    more, less = table[["zh", "en"]].max(axis=1), table[["zh", "en"]].min(axis=1)
    table.insert(1, "term_zh", [one.term for one in known])
    table.insert(2, "term_en", [one.term_en for one in known])
    return table.assign(ratio=more / less.where(less > 0), enters=enters)


def load_aligned(project: Project) -> AlignedTexts | None:
    """Read data/gold/parallel.csv; None where there is none. Raises InvalidDataError with every mistake."""
    path = aligned_file(project)
    if not path.exists():
        return None
    problems: list[Problem] = []
    numbers = [Column(name, "whole", filled=True) for name in ALIGNED_FIELDS[:2]]
    columns: list[Column | str] = [*numbers, *LANGUAGES]
    table = CsvTable(path, project.name(path), columns, problems, head=ALIGNED_HEAD, remedy=_REMEDY)
    head = table.head
    if not (total := head.get("segments", "0")).isdecimal():
        problems.append(Problem(table.name, 1, "", f"{total!r} is no number of segments.", _REMEDY))
    problems += [table.problem(row, "", "no concept stands on either side.") for row in table.rows
                 if not any(row.cells[language] for language in LANGUAGES)]  # fmt: skip
    raise_problems(problems)
    sides = [[frozenset(row.cells[one].split()) for one in LANGUAGES] for row in table.rows]
    segments = tuple(Segment(row.values["year"], row.values["segment"], *both)
                     for row, both in zip(table.rows, sides, strict=True))  # fmt: skip
    made_from = head["input sha256"], head["lexicon sha256"]
    return AlignedTexts(segments, int(total), *made_from, project.lexicon / "concepts.yml")


def save_aligned(path: Path, texts: AlignedTexts) -> None:
    """Write the file that load_aligned reads."""
    head = zip(ALIGNED_HEAD, (texts.input_sha256, texts.total, texts.lexicon_sha256), strict=True)
    rows = [(one.year, one.segment, " ".join(sorted(one.zh)), " ".join(sorted(one.en))) for one in texts.segments]
    said = "# Concepts found in aligned Chinese and English segments; made by benchmarks/parallel.py."
    _write(path, said, head, ALIGNED_FIELDS, rows)


def aligned_file(project: Project) -> Path:
    """Return where the coded segments are kept."""
    return project.data / "gold" / "parallel.csv"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, said: str, head: Iterable[tuple[str, object]], fields: Sequence[str],
           rows: Iterable[Sequence[object]]) -> None:  # fmt: skip
    """Write a table, and beside it a line that says what it is, and one a field of what it was made from."""
    lines = [f"{said}\n", *(f"# {field}: {value}\n" for field, value in head)]
    table = pd.DataFrame(list(rows), columns=list(fields)).to_csv(index=False, lineterminator="\n")
    path.write_text(table, encoding="utf-8", newline="")
    head_file(path).write_text("".join(lines), encoding="utf-8", newline="")


# How well the rules do against the hand coding: scores, agreement on instruments, agreement of two languages ---

#: The columns of a table of scores behind those that it is made by: numbers of codes, and shares from 0 to 1.
SCORES = ("gold", "found", "hits",
          *(f"{name}{bound}" for name in ("precision", "recall", "f1") for bound in ("", "_low", "_high")))  # fmt: skip
#: The instrument of each subtype.
INSTRUMENT_OF = {subtype: name for name, subtypes in INSTRUMENTS.items() for subtype in subtypes} | {"none": "none"}
#: What of a directive is compared once its clause was found: column of the gold, column of what was found.
COMPARED: Mapping[str, tuple[str, str]] = {
    "instrument": ("gold_instrument", "found_instrument"), "subtype": ("gold_subtype", "found_subtype"),
    "strength": ("gold", "found"),
}  # fmt: skip
_UNKNOWN = ScoreEstimate(*(np.asarray(np.nan) for _ in range(3)))
_PAIR_RESAMPLES = 2000
_SEED = 20261124


def count_gold(outcomes: Outcomes) -> pd.DataFrame:
    """Return how much was coded by hand: a row for each language, source and part.

    Columns: language, source, part, sentences, concepts (once a sentence), quantities, actors, directives.
    """
    keys = ["language", "source", "part"]
    coded = outcomes.rows[outcomes.rows["outcome"] != "extra"]
    table = outcomes.sentences.groupby(keys).size().to_frame("sentences")
    for what, name in SCORED_CODES.items():
        table[name] = coded[coded["what"] == what].groupby(keys).size()
    order = [*LANGUAGES, *SOURCES, *reversed(PARTS)]
    return table.fillna(0).astype(int).reset_index().sort_values(keys, key=lambda codes: codes.map(order.index))


def score_table(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return precision, recall and F1 of everything coded: a row for each of SCORED_CODES, language and source.

    Columns: what, language, source ("all": of both together), sentences, and SCORES. Where both sides have something
    in one place with other values, it is a miss and a false alarm. The intervals are those of
    policybook.analysis.agreement, at CONFIDENCE; they take codes for independent draws.
    """
    rows = []
    for what, language, source in product(SCORED_CODES, LANGUAGES, (*SOURCES, "all")):
        wanted = {"part": part, "language": language} | ({} if source == "all" else {"source": source})
        if n := len(_where(outcomes.sentences, **wanted)):
            row = {"what": what, "language": language, "source": source, "sentences": n}
            rows.append(row | count_scores(_where(outcomes.rows, what=what, **wanted)))
    return pd.DataFrame(rows, columns=["what", "language", "source", "sentences", *SCORES])


def score_kinds(outcomes: Outcomes, themes: Sequence[str] = (), *, part: str) -> pd.DataFrame:
    """Return the scores by kind: a row for each theme, kind of quantity and strength of directive, as far as coded.

    Columns: what, kind, and SCORES; kinds in the order of `themes`, KINDS and STRENGTHS.
    """
    order = [*themes, *KINDS, *STRENGTHS]
    rows = []
    for what in ("concept", "quantity", "directive"):
        some = _where(outcomes.rows, what=what, part=part)
        for kind in sorted(set(some["kind"]), key=lambda kind: order.index(kind) if kind in order else len(order)):
            rows.append({"what": what, "kind": kind, **count_scores(_where(some, kind=kind))})
    return pd.DataFrame(rows, columns=["what", "kind", *SCORES])


def score_certain(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return the scores of concepts by language when mentions in an ambiguous form are taken for not found."""
    concepts = _where(outcomes.rows, what="concept", part=part)
    unsure = concepts["ambiguous"].astype(bool)
    sure = concepts.assign(outcome=concepts["outcome"].where(~unsure, "missed"))
    sure = sure[~(unsure & (concepts["outcome"] == "extra"))]
    rows = [{"language": one, **count_scores(_where(sure, language=one))} for one in _languages(outcomes)]
    return pd.DataFrame(rows, columns=["language", *SCORES])


def score_presence(outcomes: Outcomes, what: str, *, part: str) -> pd.DataFrame:
    """Return, by language, whether the rules find something at all in the sentences that hold something."""
    some = _where(outcomes.rows, what=what, part=part)
    in_gold = set(some.loc[some["outcome"] != "extra", "sentence"])
    in_found = set(some.loc[some["outcome"] != "missed", "sentence"])
    rows = []
    for language in _languages(outcomes):
        own = set(_where(outcomes.sentences, part=part, language=language)["sentence"])
        gold, found = in_gold & own, in_found & own
        scores = _scored(len(gold), len(found), len(gold & found))
        rows.append({"language": language, "sentences": len(own), **scores})
    return pd.DataFrame(rows, columns=["language", "sentences", *SCORES])


def matched_directives(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return the directives whose clause the rules found, which is what instruments can be compared of."""
    return _where(outcomes.rows, what="directive", part=part, outcome="hit")


def agreement_table(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return Cohen's κ of the instruments, subtypes and strengths of matched directives, by language and for all.

    Columns: of, language ("all" for both), directives, agreed (share), kappa, kappa_low, kappa_high; nan where κ is
    not defined. No row where nothing was coded by hand.
    """
    matched = matched_directives(outcomes, part=part)
    languages = _languages(outcomes)
    rows = []
    for (of, (gold, found)), language in product(COMPARED.items(), ["all", *languages] if languages else []):
        some = matched if language == "all" else _where(matched, language=language)
        kappa = _kappa(some[gold].tolist(), some[found].tolist())
        rows.append((of, language, len(some), float((some[gold] == some[found]).mean()), *map(float, kappa)))
    return pd.DataFrame(rows, columns=["of", "language", "directives", "agreed", "kappa", "kappa_low", "kappa_high"])


def confusion_table(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return how many matched directives have which instrument by hand (index) and by rule (columns)."""
    matched = matched_directives(outcomes, part=part)
    counts = pd.crosstab(matched["gold_instrument"], matched["found_instrument"])
    names = list(INSTRUMENTS)
    return counts.reindex(index=names, columns=names, fill_value=0).astype(int)


def pair_table(outcomes: Outcomes, *, part: str) -> pd.DataFrame:
    """Return how alike the concepts of a Chinese sentence and of its English counterpart are: found, and by hand.

    Columns: part, by ("found" or "gold"), pairs, mean, mean_low, mean_high: the mean of Jaccard's coefficient over the
    pairs in which either sentence has a concept, with an interval that resamples pairs (see bootstrap).
    """
    chinese = _where(outcomes.sentences, part=part, language="zh")
    pairs = chinese.loc[chinese["pair"].notna(), ["sentence", "pair"]].to_numpy().tolist()
    concepts = _where(outcomes.rows, what="concept", part=part)
    rows = []
    for side in ("found", "gold"):
        held = concepts[concepts[side] != ""].groupby("sentence")[side].agg(frozenset).to_dict()
        both = [(held.get(zh, frozenset()), held.get(en, frozenset())) for zh, en in pairs]
        overlaps = np.array([len(a & b) / len(a | b) for a, b in both if a | b])
        mean = bootstrap(overlaps, np.mean, _PAIR_RESAMPLES)
        rows.append((part, side, len(overlaps), *map(float, mean)))
    return pd.DataFrame(rows, columns=["part", "by", "pairs", "mean", "mean_low", "mean_high"])


def count_scores(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the SCORES of some rows of outcomes."""
    n = rows["outcome"].value_counts()
    hits, missed, extra, differs = (int(n.get(name, 0)) for name in ("hit", "missed", "extra", "differs"))
    return _scored(hits + missed + differs, hits + extra + differs, hits)


def _scored(gold: int, found: int, hits: int) -> dict[str, Any]:
    scores = precision_recall_f1(hits, found - hits, gold - hits, CONFIDENCE)
    return dict(zip(SCORES, (gold, found, hits, *(float(n) for one in scores for n in one)), strict=True))


def bootstrap(items: npt.NDArray[Any], statistic: Callable[[Any], float], resamples: int) -> ScoreEstimate:
    """Return the statistic of items with its percentile bootstrap interval at CONFIDENCE; nan where there is none.

    Every call has the same draws. Source: Efron (1979), Annals of Statistics 7, 1–26.
    """
    if not len(items):
        return _UNKNOWN
    return _estimate(statistic(items), [statistic(items[row]) for row in _draws(len(items), resamples)])


def bootstrap_counts(counts: npt.NDArray[Any], statistic: Callable[[Any], float], resamples: int) -> ScoreEstimate:
    """Return what bootstrap does, with the same draws, of a statistic of the sum of what each item counts for.

    `counts`: a row, or a table, an item; the statistic takes their sum.
    """
    if not len(counts):
        return _UNKNOWN
    often = [np.bincount(row, minlength=len(counts)) for row in _draws(len(counts), resamples)]
    sums = np.array(often) @ counts.reshape(len(counts), math.prod(counts.shape[1:]))
    return _estimate(statistic(counts.sum(axis=0)), [statistic(one.reshape(counts.shape[1:])) for one in sums])


def _draws(size: int, resamples: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(_SEED).integers(size, size=(resamples, size))


def _estimate(value: float, resampled: Sequence[float]) -> ScoreEstimate:
    low, high = np.nanquantile(resampled, [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
    return ScoreEstimate(np.asarray(value), low, high)


def _where(table: pd.DataFrame, **values: str) -> pd.DataFrame:
    """Return the rows of a table that have these values."""
    return table[np.logical_and.reduce([table[column] == value for column, value in values.items()])]


def _languages(outcomes: Outcomes) -> list[str]:
    return [language for language in LANGUAGES if (outcomes.sentences["language"] == language).any()]


def _kappa(one: Sequence[str], other: Sequence[str]) -> ScoreEstimate:
    try:
        return cohen_kappa(one, other, CONFIDENCE)
    except ValueError:  # no directive, or all with one label: then agreement beyond chance has no meaning
        return _UNKNOWN


# Sentences of official reports, coded by hand and by the rules: codes without text, and how far the two agree ---
# The reports are not ours to give away. So data/gold/official.csv bears a sentence's identifier and what the coder saw
# in it, official_found.csv (by benchmarks/official_gold.py) what the rules find; all is computed from these two.

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


def score_official(official: Official | None) -> pd.DataFrame:
    """Return precision, recall and F1 of official sentences: columns `what` and SCORES; no row where there are none.

    Words are not compared, only codes: concepts as a set a sentence, quantities by how many of each kind a
    sentence has, directives by how many it has and by whether it has one, instruments by how many of each.
    """
    rows = []
    coded = list(zip(official.gold, official.found, strict=True)) if official else []
    for what, bag in _BAGS.items() if official else ():
        pairs = [(bag(one), bag(two)) for one, two in coded]
        gold, found = sum(one.total() for one, _ in pairs), sum(two.total() for _, two in pairs)
        rows.append({"what": what, **_scored(gold, found, sum((one & two).total() for one, two in pairs))})
    return pd.DataFrame(rows, columns=["what", *SCORES])


_BAGS: Mapping[str, Callable[[Coded], Counter[Hashable]]] = {
    "concepts": lambda one: Counter(set(one.concepts)), "quantities": lambda one: Counter(one.quantities),
    "directives": lambda one: Counter({"directive": len(one.instruments)}),
    "directive_sentences": lambda one: Counter({"sentence": int(bool(one.instruments))}),
    "instruments": lambda one: Counter(one.instruments),
}  # fmt: skip


def code_sentence(sentence: str, text: str, language: str, coding: Coding) -> Coded:
    """Return what the rules find in one sentence."""
    terms = {concept.id: concept.term for concept in coding.scheme.concepts}
    return Coded(sentence, tuple(sorted({terms[found.concept] for found in coding.concepts.find(text, language)})),
                 tuple(found.kind for found in coding.quantities.find(text, language)),
                 tuple(found.instrument for found in coding.directives.find(text, language)))  # fmt: skip


def load_official(project: Project) -> Official | None:
    """Read data/gold/official.csv and official_found.csv; None where one is missing.

    Raises InvalidDataError with every mistake in them.
    """
    gold_file, found_file = official_file(project), found_file_of(project)
    if not gold_file.exists() or not found_file.exists():
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
    head = zip(HEAD, (texts_sha256, rules_sha256, made_by), strict=True)
    rows = [(one.sentence, *(BETWEEN.join(getattr(one, field)) for field in FIELDS[1:])) for one in found]
    said = "# What the rules find in the sentences of official.csv; made by benchmarks/official_gold.py."
    _write(path, said, head, FIELDS, rows)


# Clauses of official texts that no rule was made on: where each directive stands, and its subtype; no word of them ---

CLAUSES = ("clauses.csv", "clauses_found.csv")
_PLACED = re.compile(r"(\d{1,3}) ([a-z_]+)")


@dataclass(frozen=True)
class Clauses:
    """Each sentence as coded by hand and by the rules: of its clauses that direct the number, from 0, and subtype.

    `parts` says of each sentence whether it was tuned on.
    """

    parts: tuple[str, ...]
    sentences: tuple[tuple[Mapping[int, str], Mapping[int, str]], ...]
    stale: bool
    coder: str = ""
    sample: str = ""


def load_clauses(project: Project) -> Clauses | None:
    """Read data/gold/clauses.csv and clauses_found.csv; None where one is missing.

    Raises InvalidDataError with every mistake in them.
    """
    gold_file, found_file = (project.data / "gold" / name for name in CLAUSES)
    if not gold_file.exists() or not found_file.exists():
        return None
    gold, about = read_clauses(project, gold_file)
    found, head = read_clauses(project, found_file, head=HEAD, remedy=_MEASURE_AGAIN)
    if [*gold] != [*found]:
        message = f"its sentences are not those of {project.name(gold_file)}."
        raise InvalidDataError([Problem(project.name(found_file), 0, "", message, _MEASURE_AGAIN)])
    stale = head["rules sha256"] != find_rules(project).sha256
    pairs = tuple((gold[one][1], found[one][1]) for one in gold)
    return Clauses(tuple(part for part, _ in gold.values()), pairs, stale, *(about.get(field, "") for field in ABOUT))


def read_clauses(project: Project, path: Path, *, head: Sequence[str] = (),
                 remedy: str = "") -> tuple[dict[str, tuple[str, dict[int, str]]], Mapping[str, str]]:  # fmt: skip
    """Return of each sentence the part, "" in a file of what was found, and number → subtype of what directs; the head.

    Raises InvalidDataError with every mistake.
    """
    problems: list[Problem] = []
    columns: list[Column | str] = [Column("sentence", filled=True), "directives"]
    if not head:
        columns.append(Column("part", options=PARTS, filled=True))
    table = CsvTable(path, project.name(path), columns, problems, key=["sentence"], head=head, remedy=remedy)
    rows: dict[str, tuple[str, dict[int, str]]] = {}
    for row in table.rows:
        _, placed = rows[row.cells["sentence"]] = row.cells.get("part", ""), {}
        for code in filter(None, row.cells["directives"].split(BETWEEN)):
            part = _PLACED.fullmatch(code)
            if part and part[2] in INSTRUMENT_OF:
                placed[int(part[1])] = part[2]
            else:
                fix = "Write a clause's number and a subtype, as in “0 services”."
                problems.append(table.problem(row, "directives", f"{code!r} is no directive.", fix))
    raise_problems(problems)
    return rows, table.head


def code_clauses(text: str, language: str, coding: Coding) -> dict[int, str]:
    """Return the subtype, or "none", of each clause of a sentence in which the rules find a directive to begin."""
    starts = [start for start, _ in cut_clauses(masked(text))]
    found = coding.directives.find(text, language)
    return {bisect_right(starts, one.start) - 1: one.subtype or "none" for one in found}


def save_clauses(path: Path, coded: Mapping[str, Mapping[int, str]], **head: str) -> None:
    """Write what the rules find; `head` is that of save_found."""
    rows = [(one, BETWEEN.join(f"{n} {subtype}" for n, subtype in placed.items())) for one, placed in coded.items()]
    said = "# What the rules find in the clauses of clauses.csv; made by benchmarks/official_gold.py."
    titles = [(name.replace("_", " "), value) for name, value in head.items()]
    _write(path, said, titles, ("sentence", "directives"), rows)


def score_clauses(clauses: Clauses | None) -> pd.DataFrame:
    """Return F1 of directives, and κ of instruments and subtypes of those that both sides have, the test part first.

    Columns: part, what, measure ("f1" or "kappa"), sentences, compared (how many both have), value, value_low,
    value_high; the interval resamples sentences, whose clauses are not independent (see bootstrap).
    """
    rows: list[tuple[Any, ...]] = []
    pairs = list(zip(clauses.parts, clauses.sentences, strict=True)) if clauses else []
    for part in sorted({of for of, _ in pairs}):
        some = [pair for of, pair in pairs if of == part]
        both = sum(len(gold.keys() & found.keys()) for gold, found in some)
        for what, measure, counts, statistic in (("directives", "f1", _clauses_of(some), _f1),
                                                 ("subtypes", "kappa", _labels_of(some, None), _kappa_of_counts),
                                                 ("instruments", "kappa", _labels_of(some, INSTRUMENT_OF),
                                                  _kappa_of_counts)):  # fmt: skip
            scored = bootstrap_counts(counts, statistic, _PAIR_RESAMPLES)
            rows.append((part, what, measure, len(some), both, *map(float, scored)))
    columns = ["part", "what", "measure", "sentences", "compared", "value", "value_low", "value_high"]
    return pd.DataFrame(rows, columns=columns)


def _clauses_of(sentences: Iterable[tuple[Mapping[int, str], Mapping[int, str]]]) -> npt.NDArray[np.int64]:
    """Return of each sentence how many directives both sides have, and how many the two have added up."""
    return np.array([(len(gold.keys() & found.keys()), len(gold) + len(found)) for gold, found in sentences])


def _labels_of(sentences: Sequence[tuple[Mapping[int, str], Mapping[int, str]]],
               names: Mapping[str, str] | None) -> npt.NDArray[np.int64]:  # fmt: skip
    """Return of each sentence a table, gold by found, of the labels of the clauses that both sides have."""
    pairs = [[(gold[n], found[n]) for n in gold.keys() & found.keys()] for gold, found in sentences]
    named = [[(names[one], names[other]) for one, other in some] if names else some for some in pairs]
    number = {label: n for n, label in enumerate(sorted({one for some in named for pair in some for one in pair}))}
    tables = np.zeros((len(named), len(number), len(number)), dtype=np.int64)
    for n, some in enumerate(named):
        for one, other in some:
            tables[n, number[one], number[other]] += 1
    return tables


def _f1(counts: npt.NDArray[np.int64]) -> float:
    both, sizes = counts.tolist()
    return 2 * both / sizes if sizes else math.nan


def _kappa_of_counts(table: npt.NDArray[np.int64]) -> float:
    """Return Cohen's κ (1960) of a table of counts, one side's labels by the other's; nan where there is none."""
    all_ = max(1, int(table.sum()))
    chance = int(table.sum(axis=1) @ table.sum(axis=0)) / all_**2
    agreed = int(np.trace(table)) / all_
    return (agreed - chance) / (1 - chance) if table.any() and chance < 1 else math.nan


# Hits of each concept in texts that are not shipped, read one by one -------------------------------

def read_hits(project: Project) -> pd.DataFrame:
    """Return the rows of data/gold/precision.csv: of the hits read, the share that mean the concept, with its interval.

    Columns: concept, language, corpus, hits, read, right, precision, precision_low, precision_high (Wilson 1927), and
    the form that was to blame before it was put right; no row without the file. Raises InvalidDataError with every
    mistake.
    """
    rows = list_hits(project)
    if rows.empty:
        return rows
    low, high = wilson(rows["right"], rows["read"], CONFIDENCE)
    rows = rows.assign(precision=rows["right"] / rows["read"], precision_low=low, precision_high=high)
    return rows.drop(columns=["seed", "date", "reader"])


def list_hits(project: Project) -> pd.DataFrame:
    """Return the rows of data/gold/precision.csv as they stand there, concepts by their names; see read_hits."""
    path = project.data / "gold" / "precision.csv"
    if not path.exists():
        return pd.DataFrame()
    names = {concept.id: f"{concept.term_zh} {concept.term_en}".strip() for concept in load_scheme(project).concepts}
    problems: list[Problem] = []
    counts = [Column(name, kind="whole", filled=True, least=0) for name in ("hits", "read", "right")]
    known = [Column("concept", options=names, filled=True), Column("language", options=LANGUAGES, filled=True)]
    columns: list[Column | str] = [*known, "corpus", "seed", *counts, "false_form", "date", "reader"]
    table = CsvTable(path, project.name(path), columns, problems, key=["concept", "language", "corpus"])
    for row in () if problems else table.rows:
        if not row.values["right"] <= row.values["read"] <= row.values["hits"]:
            problems.append(table.problem(row, "read", "right ≤ read ≤ hits does not hold.", "Count again."))
    raise_problems(problems)
    return table.frame().replace({"concept": names})


def official_file(project: Project) -> Path:
    """Return where the hand coding of official sentences is kept."""
    return project.data / "gold" / "official.csv"


def found_file_of(project: Project) -> Path:
    """Return where what the rules find in them is kept."""
    return project.data / "gold" / "official_found.csv"


def _read(project: Project, path: Path, *, head: Sequence[str] = (),
          remedy: str = "") -> tuple[tuple[Coded, ...], Mapping[str, str]]:  # fmt: skip
    """Return the rows of a file and what its head says. Raises InvalidDataError with every mistake."""
    problems: list[Problem] = []
    columns: list[Column | str] = [Column("sentence", filled=True), *FIELDS[1:]]
    table = CsvTable(path, project.name(path), columns, problems, key=["sentence"], head=head, remedy=remedy)
    terms = [concept.term for concept in load_scheme(project).concepts]
    known: dict[str, Sequence[str]] = {"concepts": terms, "quantities": KINDS, "instruments": tuple(INSTRUMENTS)}
    coded = []
    for row in table.rows:
        cells = {field: tuple(row.cells[field].split(BETWEEN)) if row.cells[field] else () for field in known}
        problems += [table.problem(row, field, f"{code!r} is no code.", suggest(code, known[field]))
                     for field, codes in cells.items() for code in codes if code not in known[field]]  # fmt: skip
        coded.append(Coded(row.cells["sentence"], **cells))
    raise_problems(problems)
    return tuple(coded), table.head
