"""What must hold between the rows of data/facts; a broken rule is a mistake by file, line and column."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from policybook.analysis.facts.amounts import NOTHING, UNITS
from policybook.analysis.facts.dataset import Facts, contradict
from policybook.analysis.facts.rows import Heading, Rate, Row, Target
from policybook.analysis.facts.verdicts import judge
from policybook.errors import Problem, nearest, suggest

#: What a publisher's name says, in brackets, when the page read was not the publisher's own.
_NOT_ITS_OWN = re.compile(r"\b(?:mirror|reprint|repost|copy)\b", re.IGNORECASE)


def check_facts(facts: Facts, folder: str) -> list[Problem]:
    """Return every mistake; `folder` is what messages call data/facts."""

    def problem(row: Row, column: str, message: str, fix: str) -> Problem:
        return Problem(f"{folder}/{row.file}.csv", row.line, column, message, fix)

    found = (*_addresses(facts), *_names(facts), *_series(facts), *_repeated(facts), *_targets(facts))
    return [problem(*one) for one in found]


Found = tuple[Row, str, str, str]


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
    of_plans: tuple[Target | Heading, ...] = (*facts.plan_targets, *facts.plan_structure)
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


def _declared(row: Row, other: Row) -> bool:
    return other.id in row.conflicts_with.split() or row.id in other.conflicts_with.split()


def _repeated(facts: Facts) -> Iterator[Found]:
    """No row stands twice: the same statement from the same source."""
    seen: dict[tuple[object, ...], Row] = {}
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
            fix = f"Known units: {', '.join(UNITS)}." if "unit" in error else "Write digits; words go into brackets."
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
    judgement = judge(row, facts)
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
    if row.target_value and row.target_value not in NOTHING and not row.target_year and row.met not in ("unknown",):
        yield "target_year", "a verdict without a target year."


def _years(rows: Iterable[Rate]) -> Iterator[list[Rate]]:
    """Yield the rows of one year of one series."""
    groups: dict[tuple[str, ...], list[Rate]] = defaultdict(list)
    for row in rows:
        groups[(row.region, row.indicator_zh, row.vintage, row.year)].append(row)
    yield from groups.values()
