"""Years, ranges of years and dates in English texts."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

from policybook.coding.quantities.calendar_zh import iso_date, year_range
from policybook.coding.quantities.found import FoundQuantity

_NAMES = [name.lower() for name in calendar.month_name if name]
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _NAMES).replace("sep(", "sept?(")
_YEAR = r"(?:1[89]\d\d|20\d\d)"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
# Not a day or a year but the beginning of a larger number, or a number with a unit.
_MORE = r"(?![\d%]|[.,]\d| ?(?:%|percent|per cent|hundred|thousand|million|billion|trillion|yuan|people|mu\b|km))"
_TO = r" ?(?:-{1,2}|to|through|until|till) ?"

_TH = "(?:st|nd|rd|th)?"
_LAST = rf"(?:(?:{_TO}| and (?={_DAY}[,.;]))(?P<last>{_DAY}){_TH})?"
_BEFORE_YEAR = r"(?<![\d.,$¥€£#/])"

_CALENDAR = re.compile(
    rf"(?<![a-z])(?P<month>{_MONTH})\.? ?(?P<day>{_DAY}){_TH}{_LAST}(?:,? {{0,2}}(?P<year>{_YEAR})(?!\d))?{_MORE}"
    rf"|(?<![\d.,])(?P<day2>{_DAY}){_TH}(?: of)? ?(?P<month2>{_MONTH})(?![a-z])\.?"
    rf"(?:,? {{1,2}}(?P<year2>{_YEAR})(?!\d))?"
    rf"|(?<![a-z])(?P<month3>{_MONTH})\.?(?:,| of)? {{1,2}}(?P<year3>{_YEAR})(?!\d){_MORE}"
    r"|(?<![\d.-])(?P<iso_year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<iso_month>\d{1,2})(?P=sep)(?P<iso_day>\d{1,2})(?![\d.])"
    rf"|{_BEFORE_YEAR}(?P<from>(?:between )?{_YEAR})"
    rf"(?:{_TO}(?P<to>{_YEAR}|\d\d(?!\d))|(?<=between \d\d\d\d) and (?P<and>{_YEAR})){_MORE}"
    rf"|{_BEFORE_YEAR}(?P<alone>{_YEAR})(?!s\b){_MORE}"
)


def find_calendar(flat: str) -> Iterator[FoundQuantity]:
    """Yield the years, ranges of years and dates of a levelled text. A month, or a day, by itself is none."""
    for match in _CALENDAR.finditer(flat):
        if match["from"]:
            first, last = int(match["from"][-4:]), int(match["to"] or match["and"])
            yield from year_range(*match.span(), first, last)
        elif match["alone"]:
            yield FoundQuantity(*match.span(), int(match["alone"]), None, "exact", "year")
        elif match["iso_year"]:
            value = iso_date(int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"]))
            yield from _dated(*match.span(), value)
        else:
            yield from _day(match)


def _day(match: re.Match[str]) -> Iterator[FoundQuantity]:
    """Yield the date of a match, and the last day where it names one (May 4-6)."""
    month = _month(match["month"] or match["month2"] or match["month3"])
    day, named = match["day"] or match["day2"], match["year"] or match["year2"] or match["year3"]
    year = int(named) if named else None
    if match["last"]:
        yield from _dated(match.start(), match.end("day"), iso_date(year, month, int(day)))
        yield from _dated(match.start("last"), match.end(), iso_date(year, month, int(match["last"])))
    else:
        yield from _dated(*match.span(), iso_date(year, month, int(day) if day else None))


def _dated(start: int, end: int, value: str | None) -> Iterator[FoundQuantity]:
    if value:
        yield FoundQuantity(start, end, value, None, "exact", "date")


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_NAMES, 1) if month.startswith(name[:3]))
