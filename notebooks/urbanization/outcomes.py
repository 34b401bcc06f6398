"""What became of targets and rates, the headings of plans, and the rules that facts keep, texts held against them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from policybook.coding.concepts import ConceptFinder
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.errors import Problem, nearest, suggest
from urbanization.facts import (
    AMOUNT_UNITS,
    FIRST,
    NO_AMOUNT,
    Count,
    FactRow,
    Facts,
    PlanHeading,
    Rate,
    Target,
    Verdict,
    contradict,
)

# What became of targets, the pace of rates, and the headings of plans ------------------------------


# What became of a target, by rules that look at nothing but the rows, and the reason ---------------


#: How a verdict is printed.
LABELS: dict[Verdict, str] = {
    "yes": "met", "no": "missed", "not comparable": "not comparable", "unknown": "unknown"
}  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """A verdict, why, and the rows besides the target's own that it rests on."""

    verdict: Verdict
    reason: str
    rests_on: tuple[FactRow, ...] = ()

    @property
    def label(self) -> str:
        """The verdict in a word."""
        return LABELS[self.verdict]


def judge_target(target: Target, facts: Facts) -> Judgement:
    """Return what became of a target.

    In this order: nothing that is only remembered is judged; without an outcome for the target's own year there is
    no verdict; an outcome that is a statement in words is taken as stated; an outcome on the other side of a
    recount counts only if the target's own series had got there before it; else the numbers decide.
    """
    target_amount, outcome = target.target, target.outcome
    if target.recalled:
        return Judgement("unknown", "the target is recalled, not seen")
    if outcome is None:
        return Judgement("unknown", "no outcome was found")
    if target.outcome_recalled:
        return Judgement("unknown", "the outcome is recalled, not seen")
    if target.outcome_year != target.target_year:
        return Judgement(
            "unknown", f"the last figure is of {target.outcome_year}, the target is for {target.target_year}"
        )
    if outcome.number is None:
        return Judgement(target.met, "as stated, in words")
    if target.sense in ("rise", "fall"):
        return _moved(target, outcome.number)
    if target_amount is None or target_amount.number is None:
        return Judgement("unknown", "no figure was set")
    if target.sense == "":
        return Judgement("unknown", "the row does not say whether the target is a floor or a ceiling")
    crossed = _crossed(target, facts)
    if crossed is None:
        return _compared(target.sense, outcome.number, target_amount.number)
    return _across(target, target_amount.number, crossed, facts)


def _moved(target: Target, outcome: float) -> Judgement:
    baseline = target.baseline
    if baseline is None or baseline.number is None:
        return Judgement("unknown", "no baseline was found")
    if target.baseline_recalled:
        return Judgement("unknown", "the baseline is recalled, not seen")
    moved = outcome - baseline.number
    if target.sense == "rise":
        return Judgement("yes" if moved > 0 else "no", "it rose" if moved > 0 else "it did not rise")
    return Judgement("yes" if moved < 0 else "no", "it fell" if moved < 0 else "it did not fall")


def _compared(sense: str, outcome: float, target: float) -> Judgement:
    if reached(sense, outcome, target):
        return Judgement("yes", "the outcome reaches the target" if sense == "at_least" else "it stays within")
    return Judgement("no", "the outcome falls short" if sense == "at_least" else "it goes beyond")


def reached(sense: str, outcome: float, target: float) -> bool:
    """Whether a floor or a ceiling is kept."""
    return outcome >= target if sense == "at_least" else outcome <= target


def _crossed(target: Target, facts: Facts) -> int | None:
    """Return the year of the recount between where a target was set and its outcome, if there is one."""
    base = target.baseline_year
    if not (target.rate_region and target.rate_indicator_zh and base):
        return None
    years = facts.break_years(target.rate_indicator_zh)
    return next((year for year in sorted(years) if int(base) < year <= int(target.outcome_year)), None)


def _across(target: Target, wanted: float, recount: int, facts: Facts) -> Judgement:
    before = own_series(target, recount, facts)
    passed = next((row for row in before if reached(target.sense, row.value, wanted)), None)
    if passed is not None:
        return Judgement("yes", f"passed in {passed.year} in the measure the target was set in", (passed,))
    reason = f"the figures were recounted from {recount} on; in the measure the target was set in, it was not reached"
    return Judgement("not comparable", reason, tuple(before[-1:]))


def own_series(target: Target, recount: int, facts: Facts) -> list[Rate]:
    """Return the rates as first published between a target's baseline and a recount."""
    known = {(row.region, row.indicator_zh, row.vintage) for row in facts.urbanization_rate}
    if (target.rate_region, target.rate_indicator_zh, FIRST) not in known:
        return []
    series = facts.series(target.rate_region, target.rate_indicator_zh)
    return [row for row in series if int(target.baseline_year) <= int(row.year) < recount]


# The headings of plans, coded with the concept scheme and set side by side -------------------------


@dataclass(frozen=True)
class CodedHeading:
    """A heading and the concepts that it carries, in the order of the scheme."""

    heading: PlanHeading
    concepts: tuple[str, ...]


@dataclass(frozen=True)
class HeadingFamily:
    """Headings of several plans that share a concept, or their very wording: plan → headings."""

    concepts: tuple[str, ...]
    headings: Mapping[str, tuple[CodedHeading, ...]]

    def status(self, plans: Sequence[str]) -> str:
        """Return "in all", "new", "gone" or "in some" over `plans`, earliest first; "" where nothing is coded.

        "New" is a family that only the last plan has, "gone" one that the last plan has not.
        """
        if not self.concepts:
            return ""
        present = [bool(self.headings.get(plan)) for plan in plans]
        if all(present):
            return "in all"
        if not present[-1]:
            return "gone"
        return "in some" if any(present[:-1]) else "new"


def code_headings(headings: Sequence[PlanHeading], scheme: Scheme) -> list[CodedHeading]:
    """Code the Chinese headings, also with forms that stand within longer ones.

    A heading is too short to be counted by its longest forms only: one that names people moving out of farming *and*
    their citizenship is about both. Words that define the corpus, and institutions, are left out.
    """
    finder = ConceptFinder(scheme)
    order = {concept.id: n for n, concept in enumerate(scheme.concepts)}
    coded = []
    for heading in headings:
        found = {concept for concept in _within(heading.title_zh, finder) if scheme.counted(concept)}
        coded.append(CodedHeading(heading, tuple(sorted(found, key=order.__getitem__))))
    return coded


def set_side_by_side(headings: Sequence[CodedHeading], scheme: Scheme) -> list[HeadingFamily]:
    """Return the families, in the order of the scheme; headings without a concept come last, each by its wording.

    Two headings are counterparts when they share a concept, or are the same words; counterparts of counterparts belong
    to one family.
    """
    groups: list[list[CodedHeading]] = []
    for heading in headings:
        related = [group for group in groups if any(_counterparts(heading, other) for other in group)]
        groups = [group for group in groups if group not in related]
        groups.append([one for group in related for one in group] + [heading])
    order = {concept.id: n for n, concept in enumerate(scheme.concepts)}
    families = [_heading_family(group, order) for group in groups]
    last = len(order)
    return sorted(families, key=lambda f: min((order[c] for c in f.concepts), default=last))


def _heading_family(group: Sequence[CodedHeading], order: Mapping[str, int]) -> HeadingFamily:
    concepts = {concept for heading in group for concept in heading.concepts}
    plans = dict.fromkeys(one.heading.plan_id for one in group)
    of_plan = {plan: tuple(one for one in group if one.heading.plan_id == plan) for plan in plans}
    return HeadingFamily(tuple(sorted(concepts, key=order.__getitem__)), of_plan)


def _counterparts(one: CodedHeading, other: CodedHeading) -> bool:
    return bool(set(one.concepts) & set(other.concepts)) or one.heading.title_zh == other.heading.title_zh


def _within(text: str, finder: ConceptFinder) -> Iterator[str]:
    for found in finder.find(text, "zh"):
        yield found.concept
        form = text[found.start : found.end]
        yield from _within(form[1:], finder)
        yield from _within(form[:-1], finder)


# How fast a rate moved, and how fast it would have to move to reach a target -----------------------


@dataclass(frozen=True)
class Pace:
    """Points a year between two rates of one place; `alike` says that both were measured on one base."""

    first: Rate
    last: Rate
    alike: bool

    @property
    def points(self) -> float:
        """The rise in percentage points."""
        return self.last.value - self.first.value

    @property
    def years(self) -> int:
        """How many years it took."""
        return int(self.last.year) - int(self.first.year)

    @property
    def a_year(self) -> float:
        """Percentage points a year."""
        return self.points / self.years


@dataclass(frozen=True)
class Need:
    """What it takes to get from a rate to a goal: `goal` in percent, reached at the end of `year`."""

    start: Rate
    goal: float
    year: int

    @property
    def points(self) -> float:
        """The rise that is still needed, in percentage points."""
        return self.goal - self.start.value

    @property
    def years(self) -> int:
        """How many years there are."""
        return self.year - int(self.start.year)

    @property
    def a_year(self) -> float:
        """Percentage points a year."""
        return self.points / self.years


def pace(first: Rate, last: Rate, breaks: Iterable[int] = ()) -> Pace:
    """Return the pace between two rates.

    They are alike where no year of `breaks` lies between them: the year of a recount is itself on the new base, and
    a revised figure of an earlier year as well. Raises ValueError unless `last` is later and of the same series.
    """
    if (first.region, first.indicator_zh) != (last.region, last.indicator_zh) or first.year >= last.year:
        raise ValueError(f"there is no pace from {first.id} to {last.id}.")
    recounted = any(int(first.year) < year <= int(last.year) for year in breaks)
    return Pace(first, last, alike=not recounted or first.vintage.startswith("revised"))


def needs(starts: Iterable[Rate], goals: Iterable[float], years: Iterable[int]) -> Iterator[Need]:
    """Yield every combination of where to start, what to reach and when, earlier starts first."""
    goals, years = tuple(goals), tuple(years)
    for start in starts:
        for goal in goals:
            for year in years:
                if year > int(start.year):
                    yield Need(start, goal, year)


# Rules that rows of data/facts keep among themselves, and quantities of the texts held against them ---


# What must hold between the rows of data/facts; a broken rule is a mistake by file, line and column ---


#: What a publisher's name says, in brackets, when the page read was not the publisher's own.
_NOT_ITS_OWN = re.compile(r"\b(?:mirror|reprint|repost|copy)\b", re.IGNORECASE)


def check_facts(facts: Facts, folder: str) -> list[Problem]:
    """Return every mistake; `folder` is what messages call data/facts."""

    def problem(row: FactRow, column: str, message: str, fix: str) -> Problem:
        return Problem(f"{folder}/{row.file}.csv", row.line, column, message, fix)

    found = (*_addresses(facts), *_names(facts), *_series(facts), *_repeated(facts), *_targets(facts))
    return [problem(*one) for one in found]


Found = tuple[FactRow, str, str, str]


def _addresses(facts: Facts) -> Iterator[Found]:
    """No mirror is printed as a citation: an address must be on a host listed as its publisher's own."""
    for row in facts.rows:
        if not row.cite_url:
            continue
        parts = urlsplit(row.cite_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            yield row, "cite_url", f"{row.cite_url!r} is no address.", "Begin it with https://."
            continue
        name = parts.hostname.lower()
        fitting = [host for host in facts.hosts if name == host.host or name.endswith(f".{host.host}")]
        use = max(fitting, key=lambda host: len(host.host)).use if fitting else ""
        leave = "Leave cite_url empty: publisher, title and date are the citation."
        if use == "mirror" or _NOT_ITS_OWN.search(row.source_publisher):
            yield row, "cite_url", f"{name} is a mirror, not the publisher's own page.", leave
        elif not use:
            fix = f"{leave} If it is the publisher's own, add it to hosts.csv."
            yield row, "cite_url", f"the host {name} is not known as a publisher's own.", fix


def _names(facts: Facts) -> Iterator[Found]:
    """Vintages, plans and rows that are named exist."""
    vintages = [row.vintage for row in facts.vintages]
    for rate in facts.urbanization_rate:
        if rate.vintage not in vintages:
            yield rate, "vintage", f"unknown vintage {rate.vintage!r}.", suggest(rate.vintage, vintages)
    plans = [plan.plan_id for plan in facts.plans]
    of_plans: tuple[Target | PlanHeading, ...] = (*facts.plan_targets, *facts.plan_structure)
    for row in of_plans:
        if row.plan_id not in plans:
            yield row, "plan_id", f"unknown plan {row.plan_id!r}.", suggest(row.plan_id, plans)
    for named in facts.rows:
        for other in named.conflicts_with.split():
            if other not in facts.by_id:
                close = nearest(other, facts.by_id)
                hint = f"Did you mean {close!r}?" if close else "Name the id of a row."
                yield named, "conflicts_with", f"no row {other!r}.", hint


def _series(facts: Facts) -> Iterator[Found]:
    """No two vintages in one series: a year has one value, or rows that say that they conflict."""
    for rows in _years(facts.urbanization_rate):
        for n, row in enumerate(rows):
            against = [r for r in rows[:n] if contradict([r, row]) and not _declared(row, r)]
            if against:
                yield row, "value_percent", *_two_values(row, against[0], facts)


def _two_values(row: Rate, other: Rate, facts: Facts) -> tuple[str, str]:
    elsewhere = [
        r for r in facts.urbanization_rate
        if (r.region, r.indicator_zh, r.year) == (row.region, row.indicator_zh, row.year)
        and r.vintage != row.vintage and r.value in (row.value, other.value)
    ]  # fmt: skip
    message = (
        f"line {other.line} gives {other.value_percent} for {row.year}, this one {row.value_percent}: "
        f"two vintages in one series."
    )
    if elsewhere:
        return message, f"{elsewhere[0].value_percent} is the value of the vintage {elsewhere[0].vintage!r}."
    return message, "Give the revised one its vintage; if sources differ, name the other row in conflicts_with."


def _declared(row: FactRow, other: FactRow) -> bool:
    return other.id in row.conflicts_with.split() or row.id in other.conflicts_with.split()


def _repeated(facts: Facts) -> Iterator[Found]:
    """No row stands twice: the same statement from the same source."""
    seen: dict[tuple[object, ...], FactRow] = {}
    for row in facts.rows:
        said = tuple(sorted(row.model_dump(exclude={"id", "line", "note", "conflicts_with", "seen_at"}).items()))
        first = seen.setdefault((row.file, *said), row)
        if first is not row:
            yield row, "", f"the row of line {first.line} stands here again.", "Take one of them out."


def _targets(facts: Facts) -> Iterator[Found]:
    """Amounts are numbers or words; years run forwards; a verdict is what the rows give."""
    for row in facts.plan_targets:
        broken = [(column, error) for column, error in _amounts(row) if error]
        for column, error in broken:
            fix = f"Known units: {', '.join(AMOUNT_UNITS)}." if "unit" in error else "Write digits; words go into brackets."
            yield row, column, error, fix
        if row.baseline_year and row.target_year and row.baseline_year >= row.target_year:
            yield row, "target_year", f"{row.target_year} is not after the baseline's year.", "Correct one of them."
        if row.outcome_value and not row.outcome_year:
            yield row, "outcome_year", "an outcome without a year.", "Give its year."
        if row.outcome_value and not row.outcome_confidence:
            yield row, "outcome_confidence", "an outcome without an origin.", "Say how sure it is, and where it stands."
        if not broken:
            yield from _verdict(row, facts)


def _verdict(row: Target, facts: Facts) -> Iterator[Found]:
    judgement = judge_target(row, facts)
    if judgement.verdict != row.met:
        said = f"{row.met!r} is no verdict that the rows give: {judgement.reason}."
        yield row, "met", said, f"Write {judgement.verdict!r}, or correct what it rests on."


def _amounts(row: Target) -> Iterator[tuple[str, str]]:
    for column in ("baseline", "target", "outcome"):
        try:
            getattr(row, column)
        except ValueError as error:
            yield "unit" if "unit" in str(error) else f"{column}_value", str(error)
        else:
            yield column, ""
    if row.target_value and row.target_value not in NO_AMOUNT and not row.target_year and row.met not in ("unknown",):
        yield "target_year", "a verdict without a target year."


def _years(rows: Iterable[Rate]) -> Iterator[list[Rate]]:
    """Yield the rows of one year of one series."""
    groups: dict[tuple[str, ...], list[Rate]] = defaultdict(list)
    for row in rows:
        groups[(row.region, row.indicator_zh, row.vintage, row.year)].append(row)
    yield from groups.values()


# Quantities found in documents against the figures of data/facts -----------------------------------


FactOutcome = Literal["agrees", "disagrees", "at another time", "its own source", "not in the facts"]
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: How far a number that is said to be rounded may lie from the figure, as a share of it.
_LOOSE = 0.02
_ROUNDED = ("about", "almost", "over", "under")
_LIMITS = ("at_least", "at_most", "under", "range")
#: How many characters may stand between a quantity and its year where a sentence names several.
_BESIDE = 12
_NUMERIC = ("percent", "count", "area")


@dataclass(frozen=True)
class FactFigure:
    """One number of a row of the facts, and what it is about: concepts of the scheme and a year."""

    row: FactRow
    number: float
    unit: str
    year: int | None
    concepts: frozenset[str]


@dataclass(frozen=True)
class FactCheck:
    """One quantity of a document and what the facts say to it; `figures` are those it was held against."""

    document: str
    passage: str
    sentence: str
    start: int
    end: int
    text: str
    outcome: FactOutcome
    said: str
    figures: tuple[FactFigure, ...]


def check_quantities(corpus: Corpus, facts: Facts, scheme: Scheme) -> list[FactCheck]:
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
        year = _stated_year(texts[q.sentence], q.start, q.end)
        outcome, said, against = _judge(float(q.value), q.qualifier, q.passage, near, year)
        checks.append(
            FactCheck(q.document, q.passage, q.sentence, q.start, q.end, q.text, outcome, said, tuple(against))
        )  # fmt: skip
    return checks


def known_figures(facts: Facts, scheme: Scheme) -> list[FactFigure]:
    """Return every number of the facts that a document could state, recalled ones left out."""
    finder = ConceptFinder(scheme)
    about: dict[str, frozenset[str]] = {}

    def concepts(text: str) -> frozenset[str]:
        if text not in about:
            about[text] = frozenset(found.concept for found in finder.find(text, "zh"))
        return about[text]

    rows = [
        FactFigure(row, number, unit, year, concepts(text))
        for row, number, unit, year, text in _numbers(facts)
    ]  # fmt: skip
    return [figure for figure in rows if figure.concepts]


def _numbers(facts: Facts) -> Iterator[tuple[FactRow, float, str, int | None, str]]:
    for rate in facts.urbanization_rate:
        if not rate.recalled:
            yield rate, rate.value, "percent", int(rate.year), rate.indicator_zh
    for target in facts.plan_targets:
        if not target.recalled and target.target and target.target.number is not None:
            year = int(target.target_year) if target.target_year else None
            yield target, target.target.number, target.target.unit or "", year, target.indicator_zh
    for count in facts.counts:
        yield count, count.amount.number or 0.0, count.amount.unit or "", int(count.year), count.subject_zh


def _nearest(figures: Sequence[FactFigure], about: frozenset[str], unit: str | None, scheme: Scheme) -> list[FactFigure]:
    wider = _family(about, scheme)
    found = [(len(f.concepts & about), f) for f in figures if f.concepts & wider and unit in (f.unit, None)]
    most = max((common for common, _ in found), default=0)
    return [figure for common, figure in found if common == most]


def _judge(
    value: float, qualifier: str, passage: str, near: Sequence[FactFigure], year: int | None
) -> tuple[FactOutcome, str, list[FactFigure]]:
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


def _comparable(value: float, qualifier: str, figure: FactFigure) -> bool:
    """Whether a quantity may be another year's value of a count: no threshold, and of the same size."""
    return qualifier not in _LIMITS and figure.number / 2 <= value <= figure.number * 2


def _same(value: float, qualifier: str, number: float) -> bool:
    if value == number:
        return True
    return qualifier in _ROUNDED and abs(value - number) <= _LOOSE * abs(number)


def _at_times(figures: Iterable[FactFigure]) -> str:
    by_number: dict[float, set[int]] = defaultdict(set)
    for figure in figures:
        by_number[figure.number].add(figure.year or 0)
    said = (f"{number:,.10g} in {_list(sorted(years))}" for number, years in sorted(by_number.items()))
    return f"the facts have {', '.join(said)}"


def _named(figures: Sequence[FactFigure]) -> str:
    years = sorted({figure.year for figure in figures if figure.year})
    rows = "a row" if len(figures) == 1 else "rows"
    return f"{rows} of the facts, for {_list(years)}," if years else f"{rows} of the facts"


def _list(years: Sequence[int]) -> str:
    return " and ".join(filter(None, [", ".join(map(str, years[:-1])), str(years[-1])]))


def _stated_year(text: str, start: int, end: int) -> int | None:
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
