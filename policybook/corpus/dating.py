"""When a text was published and when it was written, as far as its own words tell."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policybook.corpus.marks import Marks
from policybook.tables import parse_span

_MONTHS = [name for name in calendar.month_name if name]
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_NUMERIC = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})\s+({_MONTH})\.?,?\s+((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d{2})[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d{2})(?![\d,.%]\d|%|\d)")
_AIM = re.compile(
    r"(?:\b(?:by|until|to|towards?|before)(?: the (?:end|year)(?: of)?)?|到|至|前|目标|—|–|-|~)\s*$", re.IGNORECASE
)
_AIM_BEHIND = re.compile(r"^\s*(?:年)?\s*(?:前|远景|目标|[-—–~至]\s*(?:19|20)\d{2})")
#: A date line is short; a page carries it near its head or at its foot.
_SHORT, _HEAD, _FOOT = 90, 10, 5
#: A text is held to be older than its page where everything it names is this many years older.
YEARS_APART = 3


@dataclass(frozen=True)
class Dating:
    """A date as data/corpus.yml writes it, how it is known, and what is doubtful about it."""

    value: str | None
    reason: str
    doubt: str = ""


def find_dates(text: str) -> Iterator[tuple[int, date]]:
    """Yield (position, day) for every full date in a text, in numbers or in English."""
    found: list[tuple[int, date]] = []
    for match in _NUMERIC.finditer(text):
        found += _day(match.start(), match[1], match[2], match[3])
    for match in _DAY_FIRST.finditer(text):
        found += _day(match.start(), match[3], _month(match[2]), match[1])
    for match in _MONTH_FIRST.finditer(text):
        found += _day(match.start(), match[3], _month(match[1]), match[2])
    yield from sorted(found)


def guess_published(paragraphs: Sequence[str], stated: str | None, address: str | None) -> Dating:
    """Return the date of publication: the file's own statement, a date line, the web address, or none."""
    if stated and (day := next((d for _, d in find_dates(stated)), None)):
        return Dating(day.isoformat(), "stated in the file")
    if stated:
        try:
            parse_span(stated)
            return Dating(stated, "stated in the file")
        except ValueError:
            pass
    today = date.today()
    head, foot = list(paragraphs[:_HEAD]), list(paragraphs[_HEAD:][-_FOOT:])
    for where, lines in (("date line", head), ("last lines", foot)):
        for line in lines:
            if len(line) <= _SHORT:
                for _, day in find_dates(line):
                    if day <= today:
                        return Dating(day.isoformat(), f"the {where}: {line.strip()[:60]}")
    for match in _IN_ADDRESS.finditer(address or ""):
        for _, day in _day(0, match[1], match[2], match[3]):
            if day <= today:
                return Dating(day.isoformat(), "in its web address")
    return Dating(None, "no date was found")


def guess_written(text: str, published: str | None, marks: Marks) -> Dating:
    """Return when a text was written: as published, unless what it names is years older than its page.

    A text that names nothing later than a year, an event or a plan long past was likely written then. Lasting
    terms younger than that forbid the conclusion.
    """
    days = [day for _, day in find_dates(text)]
    event, term = marks.latest_event(text), marks.latest_term(text)
    named: list[tuple[date, str, str]] = [(day, day.isoformat(), f"the date {day.isoformat()}") for day in days]
    named += [(date(year, 1, 1), str(year), f"the year {year}") for year in _years(text)]
    if event:
        named.append((event.day, event.since, f"“{event.label}” ({event.since})"))
    if published is None:
        past = [one for one in named if one[0] <= date.today()]
        if term and (not past or term.day > max(past)[0]):
            past.append((term.day, term.since[:4], f"“{term.label}”, a term since {term.since}"))
        if not past:
            return Dating(None, "nothing in it tells", "no date: neither page nor text tells when it was written")
        _, value, what = max(past)
        reason = f"the latest that it names is {what}"
        return Dating(value, reason, f"no date on the page; {reason}, so it was written then or later")
    page = parse_span(published)[1]
    if days and (last := max(days)) > page:
        return Dating(published, "as published", f"it names the date {last}, later than its publication {published}")
    past = [one for one in named if one[0] <= page]
    if past and page.year - max(past)[0].year >= YEARS_APART:
        day, value, what = max(past)
        if term is None or term.day <= day:
            return Dating(
                value[:7],
                f"the latest that it names is {what}",
                f"published {published}, but the latest it names is {what}: it may have been written then and reposted",
            )
    return Dating(published, "as published")


def _years(text: str) -> list[int]:
    """Return the years a text names as past or present: no ends of periods, no aims."""
    return [
        int(match[1])
        for match in _YEAR.finditer(text)
        if not _AIM.search(text[max(0, match.start() - 20) : match.start()])
        and not _AIM_BEHIND.match(text[match.end() : match.end() + 12])
    ]


def _day(position: int, year: str, month: str | int, day: str) -> list[tuple[int, date]]:
    try:
        return [(position, date(int(year), int(month), int(day)))]
    except ValueError:
        return []


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.lower().startswith(name[:3].lower()))
