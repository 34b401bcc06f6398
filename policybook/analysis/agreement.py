"""Agreement of hand and rule: outcomes sentence by sentence, precision, recall, kappa."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from policybook.analysis.intervals import FloatArray, numbers, wilson
from policybook.coding.code import Coding
from policybook.coding.gold import Gold
from policybook.corpus.corpus import Corpus, records
from policybook.corpus.repair import HALF_WIDTH_MARKS

# Agreement of two coders, and of a coding with hand-made answers, with intervals -------------------

class ScoreEstimate(NamedTuple):
    """A value and the bounds of its interval; numbers, or arrays of one shape."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


class Scores(NamedTuple):
    """Precision, recall and F1 of a coding against hand-made answers, 0 to 1."""

    precision: ScoreEstimate
    recall: ScoreEstimate
    f1: ScoreEstimate


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable], confidence: float = 0.95) -> ScoreEstimate:
    """Return Cohen's κ = (pₒ − pₑ)/(1 − pₑ) of two coders' labels for the same items, with its interval.

    κ: Cohen (1960), Educational and Psychological Measurement 20, 37–46. Interval: the large-sample standard error
    of Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, 323–327, cut at −1 and 1; both by statsmodels. Where
    all items agree that error is 0, and the lower bound comes from Wilson's interval of pₒ instead.
    Raises ValueError when lengths differ, there is no item, or one label is all that both coders used.
    """
    if len(first) != len(second) or not len(first):
        raise ValueError("both coders must have labelled the same items, at least one")
    from statsmodels.stats.inter_rater import cohens_kappa  # it takes a second to load

    z, labels = _normal(confidence), pd.unique(np.asarray([*first, *second], dtype=object))
    if len(labels) < 2:
        raise ValueError("kappa is not defined where both coders gave every item the same one label")
    codes = pd.Categorical([*first, *second], labels).codes.reshape(2, -1)
    table = np.zeros((len(labels), len(labels)))
    np.add.at(table, tuple(codes), 1.0)
    found = cohens_kappa(table)
    half = z * np.nan_to_num(found.std_kappa)
    low, high = max(found.kappa - half, -1.0), min(found.kappa + half, 1.0)
    if np.trace(table) == len(first):
        expected = float(table.sum(axis=1) @ table.sum(axis=0)) / len(first) ** 2
        low = (float(wilson(len(first), len(first), confidence)[0]) - expected) / (1 - expected)
    return _estimate(found.kappa, low, high)


def precision_recall_f1(true_positives: npt.ArrayLike, false_positives: npt.ArrayLike, false_negatives: npt.ArrayLike,
                        confidence: float = 0.95) -> Scores:  # fmt: skip
    """Return precision, recall and F1 with their intervals; counts may be arrays, a place a category.

    Precision and recall are shares, with Wilson's interval. F1 = 2J/(1 + J) rises with Jaccard's share
    J = TP/(TP + FP + FN), so Wilson's interval of J gives that of F1. Where nothing was found, or nothing was
    there to be found, the value is nan and the interval 0 to 1. Source: van Rijsbergen (1979), Information
    Retrieval, chapter 7.
    Raises ValueError when a count is negative or not a number, or shapes do not fit.
    """
    _normal(confidence)
    names = ("true_positives", "false_positives", "false_negatives")
    given = (true_positives, false_positives, false_negatives)
    arrays = [numbers(name, values) for name, values in zip(names, given, strict=True)]
    try:
        tp, fp, fn = np.broadcast_arrays(*arrays)
    except ValueError:
        raise ValueError("the three counts must have one length, or be single numbers") from None
    jaccard = _share(tp, tp + fp + fn, confidence)
    return Scores(_share(tp, tp + fp, confidence), _share(tp, tp + fn, confidence),
                  _estimate(*(2 * bound / (1 + bound) for bound in jaccard)))  # fmt: skip


def _share(x: FloatArray, n: FloatArray, confidence: float) -> ScoreEstimate:
    low, high = wilson(x, n, confidence)
    value = np.divide(x, n, out=np.full(np.shape(n), np.nan), where=np.asarray(n) > 0)
    return _estimate(value, low, high)


def _estimate(value: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> ScoreEstimate:
    return ScoreEstimate(*(np.asarray(number, dtype=np.float64)[()] for number in (value, low, high)))


def _normal(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not be {confidence!r}")
    return float(scipy.special.ndtri(0.5 + confidence / 2))


# The codes of one sentence, by hand and by rule, in one form, so that they can be held against each other ---

@dataclass(frozen=True)
class Code:
    """One code, by hand or by rule, and where its words stand in the sentence.

    `value` is what makes two codes equal: a concept's Chinese term, a quantity in one line, an actor's Chinese name,
    a directive's strength.
    """

    start: int
    text: str
    value: str
    kind: str = ""
    instrument: str = ""
    subtype: str = ""
    ambiguous: bool = False

    @property
    def end(self) -> int:
        """Where the words end."""
        return self.start + len(self.text)


def find_codes(text: str, language: str, coding: Coding) -> dict[str, list[Code]]:
    """Return what the rules find in one sentence, by what it is."""
    concepts, names = coding.scheme.by_id, coding.actors.names_zh
    return {
        "concept": [Code(m.start, text[m.start : m.end], concepts[m.concept].term, concepts[m.concept].theme,
                          ambiguous=m.ambiguous)
                    for m in coding.concepts.find(text, language)],
        "quantity": [Code(q.start, text[q.start : q.end], show_quantity(q.value, q.unit, q.qualifier, q.kind), q.kind)
                     for q in coding.quantities.find(text, language)],
        "actor": [Code(a.start, text[a.start : a.end], names.get(a.actor, a.actor))
                  for a in coding.actors.find(text, language)],
        "directive": [Code(d.start, text[d.start : d.end], d.strength, d.strength, d.instrument, d.subtype or "")
                      for d in coding.directives.find(text, language)],
    }  # fmt: skip


def read_codes(text: str, coded: Mapping[str, Sequence[Any]], themes: Mapping[str, str]) -> dict[str, list[Code]]:
    """Return the hand codings of one sentence; those whose words do not stand in it any more have the start −1."""
    fields: dict[str, Callable[[Any], tuple[Any, ...]]] = {
        "concept": lambda row: (row.term_zh, themes.get(row.term_zh, "")),
        "quantity": lambda row: (show_quantity(row.value, row.unit, row.qualifier, row.kind), row.kind),
        "actor": lambda row: (row.actor,),
        "directive": lambda row: (row.strength, row.strength, row.instrument, row.subtype or ""),
    }
    return {what: [Code(start, row.text, *fields[what](row)) for start, row in _located(text, rows)]
            for what, rows in coded.items()}  # fmt: skip


def show_quantity(value: object, unit: object, qualifier: str, kind: str) -> str:
    """Return a quantity in one line, the same for equal quantities: `60 percent, about (percent)`."""
    numbers = value if isinstance(value, list | tuple) else [value]
    shown = "–".join(f"{n:.12g}" if isinstance(n, int | float) else str(n) for n in numbers)
    return f"{shown} {unit or ''}, {qualifier} ({kind})".replace(" ,", ",")


def _located(text: str, rows: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Yield hand codings, which bear their words in the order of the text and not their offsets, with these.

    They were coded in the text as it was repaired, before its marks were made full-width (see in_print).
    """
    after: dict[str, int] = {}
    text = text.translate(HALF_WIDTH_MARKS)
    for row in rows:
        words = row.text.translate(HALF_WIDTH_MARKS)
        start = text.find(words, after.get(row.text, 0))
        start = start if start >= 0 else text.find(words)
        after[row.text] = start + len(row.text)
        yield start, row


# Hand codings held against what the rules find: one row a hit, a miss, a false alarm or a difference ---

#: What is scored, and the table of Gold that has it. Outcomes are hit, missed, extra and differs: both have something
#: in one place, with other values.
SCORED_CODES: Mapping[str, str] = MappingProxyType({"concept": "concepts", "quantity": "quantities", "actor": "actors",
                                                    "directive": "directives"})  # fmt: skip
SENTENCE_COLUMNS = ("sentence", "language", "source", "part", "pair", "text")
OUTCOME_COLUMNS = ("sentence", "language", "source", "part", "what", "kind", "outcome", "gold_text", "gold_start",
                   "gold", "gold_instrument", "gold_subtype", "found_text", "found_start", "found", "found_instrument",
                   "found_subtype", "ambiguous")  # fmt: skip
#: A directive is found where the shared part of the two spans is at least this share of both together (Jaccard).
SAME_CLAUSE = 0.5


@dataclass(frozen=True)
class Outcomes:
    """What became of every code of the gold.

    `sentences` (SENTENCE_COLUMNS): those scored, with their text. `rows` (OUTCOME_COLUMNS): a row a code; `kind` is the
    kind of a quantity, the theme of a concept, the strength of a directive, by the gold where it has one; of what one
    side does not have, text and value are "" and the start is −1; `ambiguous` says that a concept was found in no
    other than an ambiguous form. `absent`: sentences of the gold whose document is not in the corpus, and are left out.
    """

    sentences: pd.DataFrame
    rows: pd.DataFrame
    absent: int


def score_outcomes(gold: Gold, corpus: Corpus, coding: Coding) -> Outcomes:
    """Return what the rules make of every sentence of the gold, beside what the coder made of it.

    A concept counts once a sentence (its Chinese term); a quantity is a hit where value, unit, qualifier and kind
    agree in overlapping text; an actor where the same actor is named in overlapping text; a directive where the
    clauses are the same by SAME_CLAUSE. Pairs are chosen one to one so that the most agree, then overlap most.
    """
    texts = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    groups = {what: getattr(gold, table).groupby("sentence", sort=False) for what, table in SCORED_CODES.items()}
    of_sentence = {what: {str(one): list(records(rows)) for one, rows in of} for what, of in groups.items()}
    sentences = [{name: getattr(row, name) for name in SENTENCE_COLUMNS} | {"text": row.text or texts[row.sentence]}
                 for row in records(gold.sentences) if row.text or row.sentence in texts]  # fmt: skip
    themes = {concept.term: concept.theme for concept in coding.scheme.concepts}
    rows: list[dict[str, Any]] = []
    for one in sentences:
        base = {name: one[name] for name in ("sentence", "language", "source", "part")}
        coded = {what: table.get(one["sentence"], []) for what, table in of_sentence.items()}
        said = read_codes(one["text"], coded, themes)
        found = find_codes(one["text"], one["language"], coding)
        for what in SCORED_CODES:
            compare = _compare_sets if what == "concept" else partial(_compare_spans, what)
            rows.extend(base | {"what": what} | row for row in compare(said[what], found[what]))
    return Outcomes(pd.DataFrame(sentences, columns=list(SENTENCE_COLUMNS), dtype=object),
                    pd.DataFrame(rows, columns=list(OUTCOME_COLUMNS), dtype=object),
                    len(gold.sentences) - len(sentences))  # fmt: skip


def _compare_sets(gold: Sequence[Code], found: Sequence[Code]) -> Iterator[dict[str, Any]]:
    """Yield what became of each value, which counts once a sentence."""
    sides = [{code.value: code for code in reversed(codes)} for codes in (gold, found)]
    sure = {code.value for code in found if not code.ambiguous}
    for value in sorted(sides[0].keys() | sides[1].keys()):
        row = _row(sides[0].get(value), sides[1].get(value))
        yield row | {"ambiguous": row["found"] != "" and value not in sure}


def _compare_spans(what: str, gold: Sequence[Code], found: Sequence[Code]) -> Iterator[dict[str, Any]]:
    """Pair the spans one to one, then yield what became of each."""
    from scipy.optimize import linear_sum_assignment  # slow to import

    paired: dict[int, int] = {}
    if gold and found:
        worth = np.array([[_worth(what, g, f) for f in found] for g in gold])
        paired = {int(g): int(f) for g, f in zip(*linear_sum_assignment(-worth), strict=True) if worth[g, f] > 0}
    for n, one in enumerate(gold):
        other = found[paired[n]] if n in paired else None
        row = _row(one, other)
        yield row | ({"outcome": "differs"} if other and what != "directive" and one.value != other.value else {})
    for n, other in enumerate(found):
        if n not in paired.values():
            yield _row(None, other)


def _worth(what: str, gold: Code, found: Code) -> float:
    shared = min(gold.end, found.end) - max(gold.start, found.start)
    if shared <= 0 or gold.start < 0:
        return 0.0
    jaccard = shared / (max(gold.end, found.end) - min(gold.start, found.start))
    if what == "directive":
        return jaccard if jaccard >= SAME_CLAUSE else 0.0
    return jaccard + (2.0 if gold.value == found.value else 0.0)


def _row(gold: Code | None, found: Code | None) -> dict[str, Any]:
    nothing = Code(-1, "", "")
    row: dict[str, Any] = {"outcome": "hit" if gold and found else "missed" if gold else "extra", "ambiguous": False}
    for side, code in (("gold", gold or nothing), ("found", found or nothing)):
        values = asdict(code)
        row |= {f"{side}_{name}": values[name] for name in ("text", "start", "instrument", "subtype")}
        row[side] = code.value
    return row | {"kind": (gold or found or nothing).kind}
