"""Hand codings held against what the rules find: one row a hit, a miss, a false alarm or a difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from policybook.analysis.sentence_codes import Code, find_codes, read_codes
from policybook.coding.code import Coding
from policybook.coding.gold import Gold
from policybook.corpus.model import Corpus, records

#: What is scored. Outcomes are hit, missed, extra and differs: both have something in one place, with other values.
CODED = ("concept", "quantity", "actor", "directive")
SENTENCE_COLUMNS = ("sentence", "language", "source", "part", "pair", "text")
COLUMNS = (
    "sentence", "language", "source", "part", "what", "kind", "outcome", "gold_text", "gold_start", "gold",
    "gold_instrument", "gold_subtype", "found_text", "found_start", "found", "found_instrument", "found_subtype",
    "ambiguous",
)  # fmt: skip
#: A directive is found where the shared part of the two spans is at least this share of both together (Jaccard).
SAME_CLAUSE = 0.5


@dataclass(frozen=True)
class Outcomes:
    """What became of every code of the gold.

    `sentences` (SENTENCE_COLUMNS): those scored, with their text. `rows` (COLUMNS): a row a code; `kind` is the kind
    of a quantity, the theme of a concept, the strength of a directive, by the gold where it has one; of what one side
    does not have, text and value are "" and the start is −1; `ambiguous` says that a concept was found in no other
    than an ambiguous form. `absent`: sentences of the gold whose document is not in the corpus, which are left out.
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
    of_sentence = {what: _by_sentence(table) for what, table in zip(CODED, _tables(gold), strict=True)}
    sentences = [
        {name: getattr(row, name) for name in SENTENCE_COLUMNS} | {"text": row.text or texts[row.sentence]}
        for row in records(gold.sentences)
        if row.text or row.sentence in texts
    ]
    themes = {concept.term_zh: concept.theme for concept in coding.scheme.concepts}
    rows: list[dict[str, Any]] = []
    for one in sentences:
        base = {name: one[name] for name in ("sentence", "language", "source", "part")}
        coded = {what: table.get(one["sentence"], []) for what, table in of_sentence.items()}
        said = read_codes(one["text"], coded, themes)
        found = find_codes(one["text"], one["language"], coding)
        for what in CODED:
            compared = (
                _compare_sets(said[what], found[what])
                if what == "concept"
                else _compare_spans(what, said[what], found[what])
            )
            rows.extend(base | {"what": what} | row for row in compared)
    return Outcomes(
        pd.DataFrame(sentences, columns=list(SENTENCE_COLUMNS), dtype=object),
        pd.DataFrame(rows, columns=list(COLUMNS), dtype=object),
        len(gold.sentences) - len(sentences),
    )


def _tables(gold: Gold) -> tuple[pd.DataFrame, ...]:
    return gold.concepts, gold.quantities, gold.actors, gold.directives


def _compare_sets(gold: Sequence[Code], found: Sequence[Code]) -> Iterator[dict[str, Any]]:
    """Yield what became of each value, which counts once a sentence."""
    sides = [{code.value: code for code in reversed(codes)} for codes in (gold, found)]
    sure = {code.value for code in found if not code.ambiguous}
    for value in sorted(sides[0].keys() | sides[1].keys()):
        row = _row(sides[0].get(value), sides[1].get(value))
        yield row | {"ambiguous": row["found"] != "" and value not in sure}


def _compare_spans(what: str, gold: Sequence[Code], found: Sequence[Code]) -> Iterator[dict[str, Any]]:
    """Pair the spans one to one, then yield what became of each."""
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


def _by_sentence(table: pd.DataFrame) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for row in records(table):
        grouped.setdefault(row.sentence, []).append(row)
    return grouped
