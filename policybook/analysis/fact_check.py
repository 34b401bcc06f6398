"""Quantities found in documents against the figures of data/facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from policybook.analysis.facts.dataset import Facts
from policybook.analysis.facts.rows import Count, Row, Target
from policybook.coding.concepts import ConceptFinder
from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus, records

Outcome = Literal["agrees", "disagrees", "at another time", "its own source", "not in the facts"]
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: How far a number that is said to be rounded may lie from the figure, as a share of it.
_LOOSE = 0.02
_ROUNDED = ("about", "almost", "over", "under")
_LIMITS = ("at_least", "at_most", "under", "range")
#: How many characters may stand between a quantity and its year where a sentence names several.
_BESIDE = 12
_NUMERIC = ("percent", "count", "area")


@dataclass(frozen=True)
class Figure:
    """One number of a row of the facts, and what it is about: concepts of the scheme and a year."""

    row: Row
    number: float
    unit: str
    year: int | None
    concepts: frozenset[str]


@dataclass(frozen=True)
class Check:
    """One quantity of a document and what the facts say to it; `figures` are those it was held against."""

    document: str
    passage: str
    sentence: str
    start: int
    end: int
    text: str
    outcome: Outcome
    said: str
    figures: tuple[Figure, ...]


def check_quantities(corpus: Corpus, facts: Facts, scheme: Scheme) -> list[Check]:
    """Hold every percentage, count and area of the corpus against the facts.

    A figure speaks of the same thing as a quantity when both have the unit and a concept in common: of the indicator
    that the quantity names, else of its sentence; those with most in common are taken. Only a year that the sentence
    gives to the quantity makes a figure of that year contradict it. A quantity that is the very source of a figure
    does not agree with it.
    """
    figures = known_figures(facts, scheme)
    texts = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    concepts = _concepts_of_sentences(corpus)
    checks = []
    for q in records(corpus.quantities):
        if q.kind not in _NUMERIC or not isinstance(q.value, int | float):
            continue
        about = frozenset([q.indicator]) if q.indicator in scheme.by_id else concepts.get(q.sentence, frozenset())
        near = _nearest(figures, about, q.unit, scheme)
        year = _year(texts[q.sentence], q.start, q.end)
        outcome, said, against = _judge(float(q.value), q.qualifier, q.passage, near, year)
        checks.append(
            Check(q.document, q.passage, q.sentence, q.start, q.end, q.text, outcome, said, tuple(against))
        )  # fmt: skip
    return checks


def known_figures(facts: Facts, scheme: Scheme) -> list[Figure]:
    """Return every number of the facts that a document could state, recalled ones left out."""
    finder = ConceptFinder(scheme)
    about: dict[str, frozenset[str]] = {}

    def concepts(text: str) -> frozenset[str]:
        if text not in about:
            about[text] = frozenset(found.concept for found in finder.find(text, "zh"))
        return about[text]

    rows = [
        Figure(row, number, unit, year, concepts(text))
        for row, number, unit, year, text in _numbers(facts)
    ]  # fmt: skip
    return [figure for figure in rows if figure.concepts]


def _numbers(facts: Facts) -> Iterator[tuple[Row, float, str, int | None, str]]:
    for rate in facts.urbanization_rate:
        if not rate.recalled:
            yield rate, rate.value, "percent", int(rate.year), rate.indicator_zh
    for target in facts.plan_targets:
        if not target.recalled and target.target and target.target.number is not None:
            year = int(target.target_year) if target.target_year else None
            yield target, target.target.number, target.target.unit or "", year, target.indicator_zh
    for count in facts.counts:
        yield count, count.amount.number or 0.0, count.amount.unit or "", int(count.year), count.subject_zh


def _nearest(figures: Sequence[Figure], about: frozenset[str], unit: str | None, scheme: Scheme) -> list[Figure]:
    wider = _family(about, scheme)
    found = [(len(f.concepts & about), f) for f in figures if f.concepts & wider and unit in (f.unit, None)]
    most = max((common for common, _ in found), default=0)
    return [figure for common, figure in found if common == most]


def _judge(
    value: float, qualifier: str, passage: str, near: Sequence[Figure], year: int | None
) -> tuple[Outcome, str, list[Figure]]:
    if not near:
        return "not in the facts", "no figure of the facts is about this", []
    equal = [figure for figure in near if _same(value, qualifier, figure.number)]
    elsewhere = [figure for figure in equal if passage not in figure.row.passage.split()]
    counts = [f for f in near if f not in equal and f.row.file == Count.file and _comparable(value, qualifier, f)]
    also = f"; {_at_times(counts)}" if counts else ""
    if elsewhere:
        best = [figure for figure in elsewhere if figure.year == year] or elsewhere
        return "agrees", f"{_named(best)} {'gives' if len(best) == 1 else 'give'} the same{also}", [*best, *counts]
    if equal and counts:
        return "at another time", f"true of its own time{also}", [*equal, *counts]
    if equal:
        return "its own source", "the facts have this figure from here", equal
    if differing := [f for f in near if year and f.year == year and f.row.file != Target.file]:
        return "disagrees", _at_times(differing), differing
    if counts:
        return "at another time", _at_times(counts), counts
    return "not in the facts", "the facts have other figures on this, for other years or goals", []


def _comparable(value: float, qualifier: str, figure: Figure) -> bool:
    """Whether a quantity may be another year's value of a count: no threshold, and of the same size."""
    return qualifier not in _LIMITS and figure.number / 2 <= value <= figure.number * 2


def _same(value: float, qualifier: str, number: float) -> bool:
    if value == number:
        return True
    return qualifier in _ROUNDED and abs(value - number) <= _LOOSE * abs(number)


def _at_times(figures: Iterable[Figure]) -> str:
    by_number: dict[float, set[int]] = defaultdict(set)
    for figure in figures:
        by_number[figure.number].add(figure.year or 0)
    said = (f"{number:,.10g} in {_list(sorted(years))}" for number, years in sorted(by_number.items()))
    return f"the facts have {', '.join(said)}"


def _named(figures: Sequence[Figure]) -> str:
    years = sorted({figure.year for figure in figures if figure.year})
    rows = "a row" if len(figures) == 1 else "rows"
    return f"{rows} of the facts, for {_list(years)}," if years else f"{rows} of the facts"


def _list(years: Sequence[int]) -> str:
    return " and ".join(filter(None, [", ".join(map(str, years[:-1])), str(years[-1])]))


def _year(text: str, start: int, end: int) -> int | None:
    """Return the year that a sentence gives to the quantity at `start` to `end`: its only one, or one right beside."""
    years = [(int(match.group()), match.start(), match.end()) for match in _YEAR.finditer(text)]
    if len({year for year, *_ in years}) == 1:
        return years[0][0]
    beside = [(max(begin - end, start - stop), year) for year, begin, stop in years]
    return min(((gap, year) for gap, year in beside if 0 <= gap <= _BESIDE), default=(0, None))[1]


def _concepts_of_sentences(corpus: Corpus) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for mention in records(corpus.mentions):
        found[mention.sentence].add(mention.concept)
    return {sentence: frozenset(concepts) for sentence, concepts in found.items()}


def _family(concepts: frozenset[str], scheme: Scheme) -> frozenset[str]:
    """Return concepts and those right above or below them: "the rate" speaks of the rate of residents as well."""
    above = {scheme.by_id[c].broader for c in concepts} - {None}
    below = {c.id for c in scheme.concepts if c.broader in concepts}
    return frozenset(concepts | {c for c in above if c} | below)
