"""What a row of each table of data/facts holds; data/facts/README.md says it for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from policybook.analysis.facts.amounts import NOTHING, Amount, parse_amount
from policybook.tables import CELL_KINDS

Confidence = Literal["document", "seen", "recalled"]
#: How sure a row is: it stands in a document of the corpus, was seen on a page, or is remembered.
CONFIDENCE: tuple[Confidence, ...] = ("document", "seen", "recalled")
Verdict = Literal["yes", "no", "not comparable", "unknown"]
Sense = Literal["", "at_least", "at_most", "rise", "fall"]


def _origin(text: str) -> str:
    if not text:
        raise ValueError("the row has no origin.", "Give its source.")
    return text


def _counted(text: str) -> str:
    if text.startswith("-"):
        raise ValueError(f"{text} is less than none.")
    return text


def _is(kind: str) -> AfterValidator:
    """Return a check that a cell is of one of the kinds of policybook.tables; it stays as it is written."""

    def check(text: str) -> str:
        CELL_KINDS[kind](text)
        return text

    return AfterValidator(check)


Percent = Annotated[str, _is("percent")]
Number = Annotated[str, _is("number"), AfterValidator(_counted)]
Year = Annotated[str, _is("year")]
Date = Annotated[str, _is("date")]
OptionalYear = Literal[""] | Year


class Entry(BaseModel):
    """A row of any table: its id, which is its address, and its line in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]]

    id: str
    line: int


class Row(Entry):
    """A row that states something, and where that comes from."""

    source_title: Annotated[str, AfterValidator(_origin)]
    source_publisher: str
    source_date: str
    confidence: Confidence
    seen_at: str = ""
    cite_url: str = ""
    passage: str = ""
    note: str = ""
    conflicts_with: str = ""

    @property
    def recalled(self) -> bool:
        """Whether it is only remembered: to be printed as unverified, and no basis of a verdict."""
        return self.confidence == "recalled"

    @property
    def origin(self) -> str:
        """Publisher, title and date, with a mark where the row is only remembered."""
        parts = [self.source_publisher, self.source_title, self.source_date]
        said = ". ".join(part for part in parts if part not in NOTHING)
        return f"{said} (recalled, unverified)" if self.recalled else said


class Rate(Row):
    """One urbanization rate of one place and year, in percent."""

    file = "urbanization_rate"
    key = ("region", "indicator", "year", "vintage")

    year: Year
    indicator: str
    indicator_zh: str
    region: str
    value_percent: Percent
    vintage: str

    @property
    def value(self) -> float:
        """The rate in percent."""
        return float(self.value_percent)


class Target(Row):
    """A goal of a plan: where it started, what it set, what became of it."""

    file = "plan_targets"
    key = ("plan_id", "indicator_no", "indicator_en")

    plan_id: str
    group: str
    indicator_no: str
    indicator_zh: str
    indicator_en: str
    baseline_year: OptionalYear
    baseline_value: str
    target_year: OptionalYear
    target_value: str
    unit: str
    qualifier: str
    outcome_value: str
    outcome_year: OptionalYear
    met: Verdict
    outcome_source_url: str = ""
    outcome_confidence: Confidence | Literal[""] = ""
    sense: Sense = ""
    baseline_confidence: Confidence | Literal[""] = ""
    outcome_unit: str = ""
    rate_region: str = ""
    rate_indicator_zh: str = ""

    @property
    def baseline(self) -> Amount | None:
        """Where it started."""
        return parse_amount(self.baseline_value, self.outcome_unit or self.unit)

    @property
    def target(self) -> Amount | None:
        """What was set; words where no figure was."""
        return parse_amount(self.target_value, self.unit)

    @property
    def outcome(self) -> Amount | None:
        """What was reached."""
        return parse_amount(self.outcome_value, self.outcome_unit or self.unit)

    @property
    def baseline_recalled(self) -> bool:
        """Whether the baseline is only remembered."""
        return (self.baseline_confidence or self.confidence) == "recalled"

    @property
    def outcome_recalled(self) -> bool:
        """Whether the outcome is only remembered."""
        return self.outcome_confidence == "recalled"


class Heading(Row):
    """A heading of a plan: part, chapter, section, action or task."""

    file = "plan_structure"
    key = ("plan_id", "level", "number")

    plan_id: str
    level: str
    number: str
    parent: str
    title_zh: str
    title_en: str


class Event(Row):
    """Something that happened, with its date as precise as it is known."""

    file = "events"
    key = ("date", "event_en")

    date: Date
    date_precision: str
    event_en: str
    event_zh_name: str
    document_no: str
    actors: str
    jurisdiction: str
    plan_era: str


class Count(Row):
    """A number that texts state and that changes with time: how many units a body has, how many people."""

    file = "counts"
    key = ("subject", "year")

    subject: str
    subject_zh: str
    year: Year
    value: Number
    unit: str
    qualifier: str

    @property
    def amount(self) -> Amount:
        """The number in its plain unit."""
        amount = parse_amount(self.value, self.unit)
        assert amount is not None  # a Number is never empty
        return amount


class Plan(Row):
    """A plan that other tables speak of, and the years it covers."""

    file = "plans"
    key = ("plan_id",)

    plan_id: str
    label: str
    short: str
    first_year: OptionalYear
    last_year: OptionalYear
    region: str


class Break(Row):
    """A year from which a rate is measured anew, so that lines do not cross it."""

    file = "breaks"
    key = ("year", "indicator_zh")

    year: Year
    indicator_zh: str
    what: str


class Vintage(Entry):
    """A kind of figure of one year: as first published, or revised later."""

    file = "vintages"
    key = ("vintage",)

    vintage: str
    meaning: str


class Host(Entry):
    """A web host: its publisher's own, which may be cited, or a mirror, which may not."""

    file = "hosts"
    key = ("host",)

    host: str
    publisher: str
    use: Literal["cite", "mirror"]


#: Every table of data/facts that is read, by the name of its file.
TABLES: Mapping[str, type[Entry]] = {
    kind.file: kind for kind in (Rate, Target, Heading, Event, Count, Plan, Break, Vintage, Host)
}
