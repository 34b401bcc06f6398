"""data/facts is read and checked: rules between its rows, and quantities of texts held against them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

from policybook.build.check import check_facts_cells
from policybook.coding.concepts import ConceptFinder
from policybook.coding.scheme import Scheme
from policybook.corpus.corpus import Corpus, records
from policybook.errors import Problem, nearest, raise_problems, suggest
from policybook.project import Project
from policybook.tables import Column, CsvTable
from policybook.words.say import say

from urbanization.facts import (  # isort: skip
    AMOUNT_UNITS, NO_AMOUNT, STEPS, TABLES, Count, FactEntry, FactRow, Facts, PlanHeading, Rate, Target, contradict,
)
from urbanization.outcomes import judge_target

# What must hold between the rows of data/facts; a broken rule is a mistake by file, line and column ---

#: What a publisher's name says that is no origin: the page read was another's, or nobody is named.
_NO_ORIGIN = re.compile(r"\b(?:mirror|reprint|repost|copy|blog|essay|memory|via)\b", re.IGNORECASE)


def check_facts(facts: Facts, folder: str) -> list[Problem]:
    """Return every mistake; `folder` is what messages call data/facts."""
    found = (*_addresses(facts), *_names(facts), *_series(facts), *_targets(facts))
    return [Problem(f"{folder}/{row.file}.csv", row.line, *told) for row, *told in found]


Found = tuple[FactRow, str, str, str]


def _addresses(facts: Facts) -> Iterator[Found]:
    """Whoever says so is named, and no mirror is cited: an address is on a host listed as its publisher's own."""
    for row in facts.rows:
        if row.confidence == "document" and not row.passage:
            yield row, "passage", "no passage of the document is named.", "Write DOCUMENT:p07."
        named = row.source_publisher not in NO_AMOUNT and not _NO_ORIGIN.search(row.source_publisher)
        if row.confidence != "document" and not named:
            said = f"{row.source_publisher!r} is no origin."
            yield row, "source_publisher", said, "Name the body, newspaper or agency whose text it is, or take it out."
        for column in ("cite_url", "outcome_url"):
            yield from ((row, column, *found) for found in _address(getattr(row, column, ""), facts))


def _address(url: str, facts: Facts) -> Iterator[tuple[str, str]]:
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield f"{url!r} is no address.", "Begin it with https://."
        return
    name = parts.hostname.lower()
    fitting = [host for host in facts.hosts if name == host.host or name.endswith(f".{host.host}")]
    use = max(fitting, key=lambda host: len(host.host)).use if fitting else ""
    leave = "Leave the cell empty: publisher, title and date are the citation."
    if use == "mirror":
        yield f"{name} is a mirror, not the publisher's own page.", leave
    elif not use:
        yield f"the host {name} is not known as a publisher's own.", f"{leave} If it is, add it to hosts.csv."


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
            against = [r for r in rows[:n] if contradict([r, row]) and r.id not in row.conflicts_with.split()
                       and row.id not in r.conflicts_with.split()]  # fmt: skip
            if against:
                yield row, "value_percent", *_two_values(row, against[0], facts)


def _two_values(row: Rate, other: Rate, facts: Facts) -> tuple[str, str]:
    elsewhere = [r for r in facts.urbanization_rate
                 if (r.region, r.indicator_zh, r.year) == (row.region, row.indicator_zh, row.year)
                 and r.vintage != row.vintage and r.value in (row.value, other.value)]  # fmt: skip
    message = (f"line {other.line} gives {other.value_percent} for {row.year}, this one {row.value_percent}: "
               f"two vintages in one series.")  # fmt: skip
    if elsewhere:
        return message, f"{elsewhere[0].value_percent} is the value of the vintage {elsewhere[0].vintage!r}."
    return message, "Give the revised one its vintage; if sources differ, name the other row in conflicts_with."


def _targets(facts: Facts) -> Iterator[Found]:
    """Amounts are numbers or words; years run forwards; a verdict is what the rows give."""
    for row in facts.plan_targets:
        broken = [(column, error) for column, error in _amounts(row) if error]
        for column, error in broken:
            units = f"Known units: {', '.join(AMOUNT_UNITS)}."
            fix = units if "unit" in error else "Write digits; words go into brackets."
            yield row, column, error, fix
        if row.baseline_year and row.target_year and row.baseline_year >= row.target_year:
            yield row, "target_year", f"{row.target_year} is not after the baseline's year.", "Correct one of them."
        if row.outcome_value and not row.outcome_year:
            yield row, "outcome_year", "an outcome without a year.", "Give its year."
        if row.outcome_value and not row.outcome_source:
            yield row, "outcome_source", "an outcome without an origin.", "Write publisher, title and date."
        if not broken:
            yield from _verdict(row, facts)


def _verdict(row: Target, facts: Facts) -> Iterator[Found]:
    judged = judge_target(row, facts)
    if judged.verdict != row.met:
        why = say(f"facts.reason.{judged.reason}", **judged.values)
        said = f"{row.met!r} is no verdict that the rows give: {why}."
        yield row, "met", said, f"Write {judged.verdict!r}, or correct what it rests on."


def _amounts(row: Target) -> Iterator[tuple[str, str]]:
    for column in STEPS:
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
    """One number of a row of the facts, and what it is about: concepts of the scheme, a place (or any) and a year."""

    row: FactRow
    number: float
    unit: str
    year: int | None
    place: str
    concepts: frozenset[str]


@dataclass(frozen=True)
class FactCheck:
    """One quantity of a document and what the facts say to it.

    `why` is a text of words facts.check; `same` are the figures with this number, `others` those with another one.
    """

    document: str
    passage: str
    sentence: str
    start: int
    end: int
    text: str
    outcome: FactOutcome
    why: str
    same: tuple[FactFigure, ...] = ()
    others: tuple[FactFigure, ...] = ()

    @property
    def figures(self) -> tuple[FactFigure, ...]:
        """Those it was held against."""
        return (*self.same, *self.others)


def check_quantities(corpus: Corpus, facts: Facts, finder: ConceptFinder) -> list[FactCheck]:
    """Hold every percentage, count and area of the corpus against the facts.

    A figure speaks of the same thing as a quantity when both have the place, the unit and a concept in common: of the
    indicator that the quantity names, else of its sentence; those with most in common are taken. A figure agrees or
    disagrees only with a quantity to which the sentence gives its year; a goal agrees also where the passage is about
    its plan and no year is named. A quantity that is the very source of a figure does not agree with it.
    """
    figures, scheme = known_figures(facts, finder), finder.scheme
    texts = dict(zip(corpus.sentences["sentence"], corpus.sentences["text"], strict=True))
    scopes = {row.passage: (row.plan, frozenset(row.places)) for row in records(corpus.passages)}
    concepts = _concepts_of_sentences(corpus)
    checks = []
    for q in records(corpus.quantities):
        if q.kind not in _NUMERIC or not isinstance(q.value, int | float):
            continue
        about = frozenset([q.indicator]) if q.indicator in scheme.by_id else concepts.get(q.sentence, frozenset())
        plan, places = scopes[q.passage]
        near = _nearest([f for f in figures if f.place in (*places, "")], about, q.unit, scheme)
        year = _stated_year(texts[q.sentence], q.start, q.end)
        timely = [f for f in near if f.year in (year, None) or (year is None and getattr(f.row, "plan_id", "") == plan)]
        outcome, why, same, others = _judge(float(q.value), q.qualifier, q.passage, near, timely)
        place = (q.document, q.passage, q.sentence, q.start, q.end, q.text)
        checks.append(FactCheck(*place, outcome, why, tuple(same), tuple(others)))
    return checks


def known_figures(facts: Facts, finder: ConceptFinder) -> list[FactFigure]:
    """Return every number of the facts that a document could state."""

    @cache
    def concepts(text: str) -> frozenset[str]:
        return frozenset(found.concept for found in finder.find(text, "zh"))

    rows = [FactFigure(row, number, unit, year, _place(region), concepts(text))
            for row, number, unit, year, region, text in _numbers(facts)]  # fmt: skip
    return [figure for figure in rows if figure.concepts]


def _numbers(facts: Facts) -> Iterator[tuple[FactRow, float, str, int | None, str, str]]:
    for rate in facts.urbanization_rate:
        yield rate, rate.value, "percent", int(rate.year), rate.region, rate.indicator_zh
    for target in facts.plan_targets:
        if target.target and target.target.number is not None:
            year = int(target.target_year) if target.target_year else None
            region = target.rate_region or facts.plan(target.plan_id).region
            yield target, target.target.number, target.target.unit or "", year, region, target.indicator_zh
    for count in facts.counts:
        yield count, count.amount.number or 0.0, count.amount.unit or "", int(count.year), "", count.subject_zh


def _place(region: str) -> str:
    """Return the id that a region of the facts has among the places of data/lexicon/places.yml."""
    return "national" if region == "China" else "-".join(region.partition(" (")[0].lower().split())


def _nearest(figures: Sequence[FactFigure], about: frozenset[str], unit: str | None,
             scheme: Scheme) -> list[FactFigure]:  # fmt: skip
    wider = _family(about, scheme)
    found = [(len(f.concepts & about), f) for f in figures if f.concepts & wider and unit in (f.unit, None)]
    most = max((common for common, _ in found), default=0)
    return [figure for common, figure in found if common == most]


def _judge(
    value: float, qualifier: str, passage: str, near: Sequence[FactFigure], timely: Sequence[FactFigure]
) -> tuple[FactOutcome, str, Sequence[FactFigure], Sequence[FactFigure]]:
    if not near:
        return "not in the facts", "nothing", (), ()
    equal = [figure for figure in near if _same(value, qualifier, figure.number)]
    own = [figure for figure in equal if passage in figure.row.passage.split()]
    counts = [f for f in near if f not in own and f.row.file == Count.file and _comparable(value, qualifier, f)]
    if agreed := [figure for figure in equal if figure in timely and figure not in own]:
        return "agrees", "same", agreed, [figure for figure in counts if figure not in equal]
    if own and (changed := [figure for figure in counts if figure not in equal]):
        return "at another time", "own_time", own, changed
    if own:
        return "its own source", "from_here", own, ()
    if differing := [f for f in timely if f.year and f.row.file != Target.file]:
        return "disagrees", "times", (), differing
    if counts:
        return "at another time", "times", (), counts
    return "not in the facts", "other", (), ()


def _comparable(value: float, qualifier: str, figure: FactFigure) -> bool:
    """Whether a quantity may be another year's value of a count: no threshold, and of the same size."""
    return qualifier not in _LIMITS and figure.number / 2 <= value <= figure.number * 2


def _same(value: float, qualifier: str, number: float) -> bool:
    if value == number:
        return True
    return qualifier in _ROUNDED and abs(value - number) <= _LOOSE * abs(number)


def _stated_year(text: str, start: int, end: int) -> int | None:
    """Return the year that a sentence gives to the quantity at `start` to `end`: its only one, or one right beside."""
    years = [(int(match.group()), match.start(), match.end()) for match in _YEAR.finditer(text)]
    if len({year for year, *_ in years}) == 1:
        return years[0][0]
    beside = [(max(begin - end, start - stop), begin < start, year) for year, begin, stop in years]
    return min((one for one in beside if 0 <= one[0] <= _BESIDE), default=(0, False, None))[2]


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


# Reading data/facts: every row as its model, every mistake by file, line and column ----------------

_OWN = ("id", "line")  # given to a row here, not written in its table
_SLUG_WORDS = 4


def load_facts(project: Project) -> Facts:
    """Read data/facts.

    Raises InvalidDataError with every mistake of a cell or column by tables.yml; where there is none, with every table
    that is missing, and whatever `check_facts` finds wrong between rows.
    """
    check_facts_cells(project)
    problems: list[Problem] = []
    tables = {name: _read(project, kind, problems) for name, kind in TABLES.items()}
    facts = Facts(**tables)
    problems += check_facts(facts, project.name(project.facts))
    raise_problems(problems)
    return facts


def columns(kind: type[FactEntry]) -> tuple[list[str], list[str]]:
    """Return the columns that a table must have, and those it may have."""
    fields = {name: field for name, field in kind.model_fields.items() if name not in _OWN}
    return [n for n, f in fields.items() if f.is_required()], [n for n, f in fields.items() if not f.is_required()]


def _read(project: Project, kind: type[FactEntry], problems: list[Problem]) -> tuple[Any, ...]:
    path = project.facts / f"{kind.file}.csv"
    required, optional = columns(kind)
    known = [Column(name, required=name in required) for name in (*required, *optional)]
    return tuple(_entries(CsvTable(path, project.name(path), known, problems), kind, problems))


def _entries(table: CsvTable, kind: type[FactEntry], problems: list[Problem]) -> Iterator[FactEntry]:
    taken: Counter[str] = Counter()
    for row in table.rows:
        name = row_id(kind, row.cells)
        taken[name] += 1
        identifier = name if taken[name] == 1 else f"{name}-{taken[name]}"
        entry = table.parse(kind, row, problems, id=identifier, line=row.line)
        if entry is not None:
            yield entry


def row_id(kind: type[FactEntry], content: Mapping[str, str]) -> str:
    """Return the id that a row's key gives it: ASCII words and hyphens, the same wherever the row stands."""
    words = (re.findall(r"[a-z0-9]+", content[column].lower())[:_SLUG_WORDS] for column in kind.key)
    return "-".join([kind.name, *(word for some in words for word in some)])
