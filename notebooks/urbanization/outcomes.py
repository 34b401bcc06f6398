"""What became of targets, how fast rates moved, and the headings of plans."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policybook.coding.concepts import ConceptFinder
from policybook.coding.scheme import Scheme
from urbanization.facts import FIRST, FactRow, Facts, PlanHeading, Rate, Target, Verdict

# What became of a target, by rules that look at nothing but the rows, and the reason ---------------

#: The code of a verdict in tables and charts (names.target_verdict has its words).
CODES: dict[Verdict, str] = {"yes": "met", "no": "missed", "not comparable": "not comparable", "unknown": "unknown"}


@dataclass(frozen=True)
class Judgement:
    """A verdict, why (a text of words facts.reason, with its values), and the further rows that it rests on."""

    verdict: Verdict
    reason: str
    rests_on: tuple[FactRow, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)


def judge_target(target: Target, facts: Facts) -> Judgement:
    """Return what became of a target.

    In this order: without an outcome for the target's own year there is no verdict; an outcome that is a statement in
    words is taken as stated; an outcome on the other side of a recount counts if the target's own series had got there
    before it, or else by the rise that was planned, where the baseline has been revised; else the numbers decide.
    """
    wanted, outcome = target.target, target.outcome
    if outcome is None:
        return Judgement("unknown", "no_outcome")
    if target.outcome_year != target.target_year:
        return Judgement("unknown", "other_year", values={"row": target})
    if outcome.number is None:
        return Judgement(target.met, "in_words")
    if target.sense in ("rise", "fall"):
        return _moved(target, outcome.number)
    if wanted is None or wanted.number is None:
        return Judgement("unknown", "no_figure")
    if target.sense == "":
        return Judgement("unknown", "no_sense")
    crossed = _crossed(target, facts)
    if crossed is None:
        return _decided(target, reached(target.sense, outcome.number, wanted.number))
    return _across(target, wanted.number, outcome.number, crossed, facts)


def _moved(target: Target, outcome: float) -> Judgement:
    baseline = target.baseline
    if baseline is None or baseline.number is None:
        return Judgement("unknown", "no_baseline")
    return _decided(target, outcome > baseline.number if target.sense == "rise" else outcome < baseline.number)


def _decided(target: Target, kept: bool) -> Judgement:
    return Judgement("yes", f"{target.sense}.kept") if kept else Judgement("no", f"{target.sense}.not")


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


def _across(target: Target, wanted: float, outcome: float, recount: int, facts: Facts) -> Judgement:
    before = own_series(target, recount, facts)
    passed = next((row for row in before if reached(target.sense, row.value, wanted)), None)
    if passed is not None:
        return Judgement("yes", "passed", (passed,), {"year": passed.year})
    revised, base = facts.revised(target, recount), target.baseline
    if revised and base and base.number is not None:
        planned, risen = round(wanted - base.number, 2), round(outcome - revised.value, 2)
        kept = reached(target.sense, risen, planned)
        return Judgement("yes" if kept else "no", "risen", (revised,),
                         {"row": target, "planned": planned, "risen": risen})  # fmt: skip
    return Judgement("not comparable", "recounted", tuple(before[-1:]), {"year": recount})


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


def code_headings(headings: Sequence[PlanHeading], finder: ConceptFinder) -> list[CodedHeading]:
    """Code the Chinese headings, also with forms that stand within longer ones.

    A heading is too short to be counted by its longest forms only: one that names people moving out of farming *and*
    their urban residency is about both. Words that define the corpus, and institutions, are left out.
    """
    scheme = finder.scheme
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


# How fast a rate moved -----------------------------------------------------------------------------

@dataclass(frozen=True)
class Pace:
    """Points a year between two rates of one place; `alike` says that both were measured on one base."""

    first: Rate
    last: Rate
    alike: bool

    @property
    def a_year(self) -> float:
        """Percentage points a year."""
        return (self.last.value - self.first.value) / (int(self.last.year) - int(self.first.year))


def pace(first: Rate, last: Rate, breaks: Iterable[int] = ()) -> Pace:
    """Return the pace between two rates.

    They are alike where no year of `breaks` lies between them: the year of a recount is itself on the new base, and
    a revised figure of an earlier year as well. Raises ValueError unless `last` is later and of the same series.
    """
    if (first.region, first.indicator_zh) != (last.region, last.indicator_zh) or first.year >= last.year:
        raise ValueError(f"there is no pace from {first.id} to {last.id}.")
    recounted = any(int(first.year) < year <= int(last.year) for year in breaks)
    return Pace(first, last, alike=not recounted or first.vintage.startswith("revised"))

