"""The tables of data/facts: targets, rates, structure and events, every row with its origin."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from policybook.errors import SelectionError, suggest

# Amounts as tables state them, "100 (1亿)" of "million people", as plain numbers with a unit --------

#: Units as the tables write them: the factor to the plain unit, and its name as in DESIGN, section 6.
AMOUNT_UNITS: Mapping[str, tuple[float, str]] = {
    "%": (1, "percent"), "percentage points": (1, "percentage_point"), "people": (1, "person"),
    "million people": (1e6, "person"), "cities": (1, "city"), "departments": (1, "department"), "mu": (1, "mu"),
    "million mu": (1e6, "mu"), "m2": (1, "m2"), "Mbps": (1, "Mbps"), "tonnes/day": (1, "tonne/day"),
    "thousand tonnes/day": (1e3, "tonne/day"),
}  # fmt: skip
#: What a target's row states of it, each with a value and a year.
STEPS = ("baseline", "target", "outcome")
#: What stands where there is no value, or no unit.
NO_AMOUNT = ("", "-")
_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s+(\D*))?")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_CHINESE = re.compile(r"\((\d+(?:\.\d+)?)(万|亿)\D*\)")
_TENS = {"万": 1e4, "亿": 1e8}


@dataclass(frozen=True)
class StatedAmount:
    """A stated amount: the number in its plain unit, or None where words stand in its place."""

    stated: str
    number: float | None
    unit: str | None

    @property
    def printed(self) -> str:
        """The digits as stated, or the words; without what stands behind them."""
        outside = _BRACKETS.sub("", self.stated).strip() or self.stated.strip("()")
        return outside.split()[0] if self.number is not None else outside

    @property
    def words(self) -> str:
        """The words that stand behind a number."""
        outside = _BRACKETS.sub("", self.stated).strip()
        return outside.partition(" ")[2] if self.number is not None else ""


def parse_amount(stated: str, unit: str) -> StatedAmount | None:
    """Return the amount, or None where nothing is stated.

    A number may be followed by words, and anything may follow in brackets: "68 approx. (as then stated)".
    Words without digits are an amount without a number: "all". Raises ValueError with a sentence for the user for
    what is neither, for an unknown unit, and where the Chinese figure in brackets is another number.
    """
    if stated.strip() in NO_AMOUNT:
        return None
    if unit.strip() not in NO_AMOUNT and unit not in AMOUNT_UNITS:
        raise ValueError(f"unknown unit {unit!r}.")
    factor, plain = AMOUNT_UNITS.get(unit, (1, None))
    outside = _BRACKETS.sub("", stated).strip()
    if not re.search(r"\d", outside):
        return StatedAmount(stated, None, plain)
    match = _NUMBER.fullmatch(outside)
    if match is None:
        raise ValueError(f"{stated!r} is neither a number nor words.")
    number = round(float(match.group(1)) * factor, 9)
    chinese = _CHINESE.search(stated)
    if chinese and abs(float(chinese.group(1)) * _TENS[chinese.group(2)] - number) > 1e-6 * abs(number):
        raise ValueError(f"{stated!r} {unit} are two different numbers.")
    return StatedAmount(stated, number, plain)


def decimals(printed: str) -> int:
    """Return how many digits stand behind the point of a printed number."""
    return len(printed.partition(".")[2])


def agree(first: str, second: str) -> bool:
    """Whether two printed numbers are one figure, given to different numbers of digits."""
    if decimals(first) == decimals(second):
        return float(first) == float(second)
    return abs(float(first) - float(second)) <= 0.5 * 10.0 ** -min(decimals(first), decimals(second)) + 1e-9


# What a row of each table of data/facts holds; data/facts/README.md says it for people -------------

Confidence = Literal["official", "reported", "document"]
#: Whose word a row is: an official text's, a named newspaper's or agency's, or a document's of the corpus; best first.
CONFIDENCE_LEVELS: tuple[Confidence, ...] = ("official", "reported", "document")
Verdict = Literal["yes", "no", "not comparable", "unknown"]
Sense = Literal["", "at_least", "at_most", "rise", "fall"]


class FactEntry(BaseModel):
    """A row of any table: its id, which is its address, and its line in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    name: ClassVar[str]  # the first word of its rows' ids, which are addresses

    id: str
    line: int


class FactRow(FactEntry):
    """A row that states something, and where that comes from."""

    source_title: str
    source_publisher: str
    source_date: str
    confidence: Confidence
    cite_url: str = ""
    passage: str = ""
    note: str = ""
    note_zh: str = ""
    conflicts_with: str = ""

    @property
    def origin(self) -> str:
        """Publisher, title and date."""
        parts = [self.source_publisher, self.source_title, self.source_date]
        return ". ".join(part for part in parts if part not in NO_AMOUNT)


class Rate(FactRow):
    """One urbanization rate of one place and year, in percent."""

    file, name = "urbanization_rate", "rate"
    key = ("region", "indicator", "year", "vintage")

    year: str
    indicator: str
    indicator_zh: str
    region: str
    value_percent: str
    vintage: str

    @property
    def value(self) -> float:
        """The rate in percent."""
        return float(self.value_percent)


class Target(FactRow):
    """A goal of a plan: where it started, what it set, what became of it."""

    file, name = "plan_targets", "target"
    key = ("plan_id", "indicator_no", "indicator_en")

    plan_id: str
    group: str
    indicator_no: str
    indicator_zh: str
    indicator_en: str
    baseline_year: str
    baseline_value: str
    target_year: str
    target_value: str
    unit: str
    qualifier: str
    outcome_value: str
    outcome_year: str
    met: Verdict
    outcome_source: str = ""
    outcome_url: str = ""
    sense: Sense = ""
    outcome_unit: str = ""
    rate_region: str = ""
    rate_indicator_zh: str = ""

    @property
    def baseline(self) -> StatedAmount | None:
        """Where it started."""
        return parse_amount(self.baseline_value, self.outcome_unit or self.unit)

    @property
    def target(self) -> StatedAmount | None:
        """What was set; words where no figure was."""
        return parse_amount(self.target_value, self.unit)

    @property
    def outcome(self) -> StatedAmount | None:
        """What was reached."""
        return parse_amount(self.outcome_value, self.outcome_unit or self.unit)


class PlanHeading(FactRow):
    """A heading of a plan: part, chapter, section, action or task."""

    file, name = "plan_structure", "heading"
    key = ("plan_id", "level", "number")

    plan_id: str
    level: str
    number: str
    parent: str
    title_zh: str
    title_en: str


class Event(FactRow):
    """Something that happened, with its date as precise as it is known."""

    file, name = "events", "event"
    key = ("date", "event_en")

    date: str
    event_en: str
    event_zh_name: str
    document_no: str
    actors: str
    jurisdiction: str
    plan_era: str


class Count(FactRow):
    """A number that texts state and that changes with time: how many units a body has, how many people."""

    file, name = "counts", "count"
    key = ("subject", "year")

    subject: str
    subject_zh: str
    year: str
    value: str
    unit: str
    qualifier: str

    @property
    def amount(self) -> StatedAmount:
        """The number in its plain unit."""
        amount = parse_amount(self.value, self.unit)
        assert amount is not None  # a Number is never empty
        return amount


class PlanFact(FactRow):
    """A plan that other tables speak of, and the years it covers."""

    file, name = "plans", "plan"
    key = ("plan_id",)

    plan_id: str
    label: str
    short: str
    first_year: str
    last_year: str
    region: str
    label_zh: str = ""
    short_zh: str = ""


class Break(FactRow):
    """A year from which a rate is measured anew, so that lines do not cross it."""

    file, name = "breaks", "break"
    key = ("year", "indicator_zh")

    year: str
    indicator_zh: str
    what: str


class Vintage(FactEntry):
    """A kind of figure of one year: as first published, or revised later."""

    file, name = "vintages", "vintage"
    key = ("vintage",)

    vintage: str
    meaning: str


class Host(FactEntry):
    """A web host: its publisher's own, which may be cited, or a mirror, which may not."""

    file, name = "hosts", "host"
    key = ("host",)

    host: str
    publisher: str
    use: Literal["cite", "mirror"]


#: Every table of data/facts that is read, by the name of its file.
TABLES: Mapping[str, type[FactEntry]] = {
    kind.file: kind for kind in (Rate, Target, PlanHeading, Event, Count, PlanFact, Break, Vintage, Host)
}


# The tables of data/facts as one object, and finding the row that is wanted ------------------------

FIRST = "as first published"


@dataclass(frozen=True)
class Facts:
    """Every row of data/facts. Nothing here is computed; see `verdicts` and `paces` for what is."""

    urbanization_rate: tuple[Rate, ...] = ()
    plan_targets: tuple[Target, ...] = ()
    plan_structure: tuple[PlanHeading, ...] = ()
    events: tuple[Event, ...] = ()
    counts: tuple[Count, ...] = ()
    plans: tuple[PlanFact, ...] = ()
    breaks: tuple[Break, ...] = ()
    vintages: tuple[Vintage, ...] = ()
    hosts: tuple[Host, ...] = ()

    @property
    def rows(self) -> tuple[FactRow, ...]:
        """Every row that states something, in the order of the tables."""
        return tuple(row for table in TABLES for row in getattr(self, table) if isinstance(row, FactRow))

    @cached_property
    def by_id(self) -> Mapping[str, FactRow]:
        """Rows by id."""
        return {row.id: row for row in self.rows}

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table by the name of its file; every cell is the text that stands there, but the `line` in the file.

        Columns: row (the id), line, and those of the file.
        """
        rows: tuple[FactRow, ...] = getattr(self, table)
        data = pd.DataFrame([row.model_dump() for row in rows], columns=list(TABLES[table].model_fields))
        return data.rename(columns={"id": "row"})

    def plan(self, identifier: str) -> PlanFact:
        """Return one plan. Raises SelectionError when there is none."""
        plans = {plan.plan_id: plan for plan in self.plans}
        if identifier not in plans:
            raise SelectionError(f"no plan {identifier!r} in data/facts/plans.csv. {suggest(identifier, plans)}")
        return plans[identifier]

    def rate(self, region: str, indicator_zh: str, year: int, vintage: str = FIRST) -> Rate:
        """Return one rate. Official rows, those with more digits, with an address to cite come first.

        Raises SelectionError when there is none, or when equally good rows disagree.
        """
        rows = [row for row in self.rates(region, indicator_zh, vintage) if int(row.year) == year]
        if not rows:
            raise SelectionError(f"no {indicator_zh} of {region} for {year} in data/facts/urbanization_rate.csv.")
        best = equally_good(rows)
        if len({row.value for row in best}) > 1:
            raise SelectionError(f"the rows for {indicator_zh} of {region} in {year} disagree: name a vintage.")
        return best[-1]

    def rates(self, region: str, indicator_zh: str, vintage: str) -> list[Rate]:
        """Return every row of one series, several a year among them.

        Raises SelectionError, with what exists and the nearest spelling, for an unknown name.
        """
        wanted = {"region": region, "indicator_zh": indicator_zh, "vintage": vintage}
        for column, value in wanted.items():
            known = sorted({str(getattr(row, column)) for row in self.urbanization_rate})
            if value not in known:
                raise SelectionError(f"no rate has the {column} {value!r}. {suggest(value, known)}")
        return [r for r in self.urbanization_rate if all(getattr(r, c) == value for c, value in wanted.items())]

    def series(self, region: str, indicator_zh: str, vintage: str = FIRST) -> list[Rate]:
        """Return one series, one row a year, in order of years: one place, one indicator, one vintage.

        Years whose equally good sources disagree are left out (see `disputed`).
        """
        by_year = _by_year(self.rates(region, indicator_zh, vintage))
        disputed = self.disputed(region, indicator_zh, vintage)
        return [equally_good(rows)[-1] for year, rows in sorted(by_year.items()) if year not in disputed]

    def disputed(self, region: str, indicator_zh: str, vintage: str = FIRST) -> list[int]:
        """Return the years for which equally good rows of one series give different values."""
        by_year = _by_year(self.rates(region, indicator_zh, vintage))
        return [year for year, rows in sorted(by_year.items()) if len({r.value for r in equally_good(rows)}) > 1]

    def revised(self, target: Target, recount: int) -> Rate | None:
        """Return the rate of a target's baseline year as revised after a recount, if there is one."""
        wanted = (target.rate_region, target.rate_indicator_zh, target.baseline_year)
        rows = [r for r in self.urbanization_rate if (r.region, r.indicator_zh, r.year) == wanted]
        return next((row for row in rows if row.vintage.startswith(f"revised after {recount}")), None)

    def break_years(self, indicator_zh: str) -> list[int]:
        """Return the years from which an indicator is measured anew."""
        return [int(row.year) for row in self.breaks if row.indicator_zh == indicator_zh]

    def targets(self, plan: str) -> list[Target]:
        """Return the targets of a plan in their order. Raises SelectionError for an unknown plan."""
        return [row for row in self.plan_targets if row.plan_id == self.plan(plan).plan_id]

    def target(self, plan: str, indicator_zh: str, region: str = "", year: str = "") -> Target:
        """Return one target, of a region and for a year where these are given. Raises SelectionError for none."""
        rows = self.targets(plan)
        wanted = [r for r in rows if r.indicator_zh == indicator_zh and r.rate_region in (region or r.rate_region,)
                  and r.target_year in (year or r.target_year,)]  # fmt: skip
        if not wanted:
            known = suggest(indicator_zh, sorted({row.indicator_zh for row in rows}))
            raise SelectionError(f"no target {indicator_zh!r} of {plan!r}. {known}")
        return wanted[0]

    def headings(self, plan: str, level: str | None = None) -> list[PlanHeading]:
        """Return the headings of a plan in their order. Raises SelectionError for an unknown plan."""
        wanted = self.plan(plan).plan_id
        return [row for row in self.plan_structure if row.plan_id == wanted and level in (None, row.level)]

    def conflicts(self) -> list[tuple[FactRow, ...]]:
        """Return the groups of rows that say of each other, directly or through a third, that they conflict."""
        groups: list[set[str]] = []
        for row in self.rows:
            if row.conflicts_with:
                joined = {row.id, *(other for other in row.conflicts_with.split() if other in self.by_id)}
                for group in [group for group in groups if group & joined]:
                    groups.remove(group)
                    joined |= group
                groups.append(joined)
        return [tuple(row for row in self.rows if row.id in group) for group in groups]


def equally_good(rows: Sequence[Rate]) -> list[Rate]:
    """Return the best rows: an official text before a report, then the most digits, then an address to cite."""

    def rank(row: Rate) -> tuple[int, int, bool]:
        return CONFIDENCE_LEVELS.index(row.confidence), -decimals(row.value_percent), not row.cite_url

    best = min(rank(row) for row in rows)
    return [row for row in rows if rank(row) == best]


def contradict(rows: Sequence[Rate]) -> bool:
    """Whether values of one series and year differ by more than rounding."""
    return any(not agree(a.value_percent, b.value_percent) for n, a in enumerate(rows) for b in rows[:n])


def _by_year(rows: Iterable[Rate]) -> dict[int, list[Rate]]:
    by_year: dict[int, list[Rate]] = defaultdict(list)
    for row in rows:
        by_year[int(row.year)].append(row)
    return by_year
