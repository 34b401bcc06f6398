"""Hand codings held against what the rules find: one row a hit, a miss, a false alarm or a difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from policybook.coding.code import Coding
from policybook.coding.gold import Gold
from policybook.corpus.model import Corpus, records

#: What is scored, and the outcomes. `differs`: both have something in one place, with other values.
CODED = ("concept", "quantity", "actor", "directive")
OUTCOMES = ("hit", "missed", "extra", "differs")
COLUMNS = (
    "what", "sentence", "language", "source", "part", "outcome", "gold_text", "gold", "found_text", "found",
    "gold_instrument", "found_instrument", "text",
)  # fmt: skip
#: A directive is found where the shared part of the two spans is at least this share of both together (Jaccard).
SAME_CLAUSE = 0.5


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    text: str
    value: str
    instrument: str = ""


def score_outcomes(gold: Gold, corpus: Corpus, coding: Coding) -> pd.DataFrame:
    """Return the outcomes of every sentence of the gold, a table with COLUMNS.

    A concept counts once a sentence (its Chinese term); a quantity is a hit where value, unit, qualifier and kind
    agree in overlapping text; an actor where the same actor is named in overlapping text; a directive where the
    clauses are the same by SAME_CLAUSE. Pairs are chosen one to one so that the most agree, then overlap most.
    """
    texts = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    tables = {
        "concept": _by_sentence(gold.concepts),
        "quantity": _by_sentence(gold.quantities),
        "actor": _by_sentence(gold.actors),
        "directive": _by_sentence(gold.directives),
    }
    rows: list[dict[str, Any]] = []
    for sentence in records(gold.sentences):
        text = sentence.text or texts[sentence.sentence]
        base = {
            "sentence": sentence.sentence,
            "language": sentence.language,
            "source": sentence.source,
            "part": sentence.part,
            "text": text,
        }
        coded = {what: table.get(sentence.sentence, []) for what, table in tables.items()}
        rows.extend(base | row for row in _sentence_outcomes(text, sentence.language, coded, coding))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sentence_outcomes(
    text: str, language: str, gold: Mapping[str, Sequence[Any]], coding: Coding
) -> Iterator[dict[str, Any]]:
    terms = {concept.id: concept.term_zh for concept in coding.scheme.concepts}
    yield from _set_outcomes(
        {row.term_zh: row.text for row in gold["concept"]},
        {terms[m.concept]: text[m.start : m.end] for m in coding.concepts.find(text, language)},
    )
    names = coding.actors.names_zh
    found: dict[str, list[_Span]] = {
        "quantity": [
            _Span(q.start, q.end, text[q.start : q.end], quantity_value(q.value, q.unit, q.qualifier, q.kind))
            for q in coding.quantities.find(text, language)
        ],
        "actor": [
            _Span(a.start, a.end, text[a.start : a.end], names.get(a.actor, a.actor))
            for a in coding.actors.find(text, language)
        ],
        "directive": [
            _Span(d.start, d.end, text[d.start : d.end], d.strength, d.instrument)
            for d in coding.directives.find(text, language)
        ],
    }
    said: dict[str, Callable[[Any], tuple[str, str]]] = {
        "quantity": lambda row: (quantity_value(row.value, row.unit, row.qualifier, row.kind), ""),
        "actor": lambda row: (row.actor, ""),
        "directive": lambda row: (row.strength, row.instrument),
    }
    for what, value in said.items():
        spans = list(_located(text, gold[what], value))
        yield from _span_outcomes(what, spans, found[what])


def quantity_value(value: object, unit: object, qualifier: str, kind: str) -> str:
    """Return a quantity in one line, the same for equal quantities: `60 percent, about (percent)`."""
    numbers = value if isinstance(value, list) else [value]
    shown = "–".join(f"{n:.10g}" if isinstance(n, int | float) else str(n) for n in numbers)
    return f"{shown} {unit or ''}, {qualifier} ({kind})".replace(" ,", ",")


def _located(text: str, rows: Iterable[Any], value: Callable[[Any], tuple[str, str]]) -> Iterator[_Span]:
    """Yield the spans of hand codings, which bear their text in order, not their offsets."""
    after: dict[str, int] = {}
    for row in rows:
        start = text.find(row.text, after.get(row.text, 0))
        start = start if start >= 0 else text.find(row.text)
        after[row.text] = start + len(row.text)
        yield _Span(start, start + len(row.text), row.text, *value(row))


def _set_outcomes(gold: Mapping[str, str], found: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for term in sorted(gold.keys() | found.keys()):
        outcome = "hit" if term in gold and term in found else "missed" if term in gold else "extra"
        yield _row("concept", outcome, gold_text=gold.get(term, ""), found_text=found.get(term, "")) | {
            "gold": term if term in gold else "",
            "found": term if term in found else "",
        }


def _span_outcomes(what: str, gold: Sequence[_Span], found: Sequence[_Span]) -> Iterator[dict[str, Any]]:
    """Pair the spans one to one, then yield what became of each."""
    paired: dict[int, int] = {}
    if gold and found:
        worth = np.array([[_worth(what, g, f) for f in found] for g in gold])
        paired = {int(g): int(f) for g, f in zip(*linear_sum_assignment(-worth), strict=True) if worth[g, f] > 0}
    for n, one in enumerate(gold):
        other = found[paired[n]] if n in paired else None
        same = other is not None and (what == "directive" or one.value == other.value)
        outcome = "missed" if other is None else "hit" if same else "differs"
        yield _both(what, outcome, one, other)
    for n, other in enumerate(found):
        if n not in paired.values():
            yield _both(what, "extra", None, other)


def _worth(what: str, gold: _Span, found: _Span) -> float:
    shared = min(gold.end, found.end) - max(gold.start, found.start)
    if shared <= 0:
        return 0.0
    jaccard = shared / (max(gold.end, found.end) - min(gold.start, found.start))
    if what == "directive":
        return jaccard if jaccard >= SAME_CLAUSE else 0.0
    return jaccard + (2.0 if gold.value == found.value else 0.0)


def _both(what: str, outcome: str, gold: _Span | None, found: _Span | None) -> dict[str, Any]:
    return _row(what, outcome, gold.text if gold else "", found.text if found else "") | {
        "gold": gold.value if gold else "",
        "found": found.value if found else "",
        "gold_instrument": gold.instrument if gold else "",
        "found_instrument": found.instrument if found else "",
    }


def _row(what: str, outcome: str, gold_text: str, found_text: str) -> dict[str, Any]:
    return {
        "what": what,
        "outcome": outcome,
        "gold_text": gold_text,
        "found_text": found_text,
        "gold_instrument": "",
        "found_instrument": "",
    }


def _by_sentence(table: pd.DataFrame) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for row in records(table):
        grouped.setdefault(row.sentence, []).append(row)
    return grouped
