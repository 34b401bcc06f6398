"""Years, ranges of years and dates in Chinese texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.numbers_zh import read_mixed

_YEAR = r"(?:1[89]\d\d|20\d\d|[一二][零九八][零一二三四五六七八九]{2})"
_SHORT = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_TO = r"\s?(?:-{1,2}|~|至|到)\s?"

_CALENDAR = re.compile(
    rf"(?<![\d.])(?P<from>{_YEAR})\s?年?{_TO}(?P<to>{_YEAR}|\d\d(?=\s?年))(?!\d|\s?[月.-])\s?年?(?![代级])"
    rf"|(?<!\d)(?P<year>{_YEAR})\s?年\s?(?P<month>{_SHORT})\s?月(?:份|\s?(?P<day>{_SHORT})\s?[日号])?"
    rf"(?:{_TO}(?P<last>{_SHORT})\s?[日号])?"
    r"|(?<![\d.-])(?P<iso_year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<iso_month>\d{1,2})(?P=sep)(?P<iso_day>\d{1,2})(?![\d.])"
    rf"|(?<![\d年])(?P<m>{_SHORT})\s?月\s?(?P<d>{_SHORT})(?:\s?[日号](?:{_TO}(?P<d2>{_SHORT})\s?[日号])?|{_TO}(?P<d3>{_SHORT})\s?[日号])"
    rf"|(?<![\d.])(?P<alone>{_YEAR})\s?年(?![代级])"
)


def find_calendar(flat: str) -> Iterator[FoundQuantity]:
    """Yield the years, ranges of years and dates of a levelled text. A month, or a day, by itself is none."""
    for match in _CALENDAR.finditer(flat):
        if match["from"]:
            yield from year_range(match.start(), match.end(), _number(match["from"]), _number(match["to"]))
        elif match["alone"]:
            yield FoundQuantity(*match.span(), _number(match["alone"]), None, "exact", "year")
        elif match["iso_year"]:
            value = iso_date(int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"]))
            yield from _dated(*match.span(), value)
        else:
            yield from _day(match)


def _day(match: re.Match[str]) -> Iterator[FoundQuantity]:
    """Yield the date of a match, and the last day where it names one (5月4日至6日)."""
    year = _number(match["year"]) if match["year"] else None
    month = _number(match["month"] or match["m"])
    first = match["day"] or match["d"]
    later = "last" if match["last"] else "d2" if match["d2"] else "d3" if match["d3"] else None
    if later is None:
        yield from _dated(*match.span(), iso_date(year, month, _number(first) if first else None))
        return
    end = match.end("day") if match["day"] else match.end("d") if match["d"] else match.end("month")
    end += 1 if match.string[end : end + 1] in ("日", "号", "月") else 0
    yield from _dated(match.start(), end, iso_date(year, month, _number(first) if first else None))
    if first:
        yield from _dated(match.start(later), match.end(), iso_date(year, month, _number(match[later])))


def _dated(start: int, end: int, value: str | None) -> Iterator[FoundQuantity]:
    if value:
        yield FoundQuantity(start, end, value, None, "exact", "date")


def year_range(start: int, end: int, first: int, last: int) -> Iterator[FoundQuantity]:
    """Yield a range of years; `last` may be given by its last two digits."""
    if last < 100:
        last += first - first % 100
    if first < last:
        yield FoundQuantity(start, end, [first, last], None, "exact", "year_range")


def iso_date(year: int | None, month: int, day: int | None) -> str | None:
    """Return a date as far as it is known (2024-08-29, 2014-03, 03-30); None when the calendar has no such day."""
    try:
        whole = date(year or 2000, month, day or 1)  # 2000 has a 29 February
    except ValueError:
        return None
    if day is None:
        return f"{year}-{month:02d}" if year else None
    return whole.isoformat() if year else f"{month:02d}-{day:02d}"


def _number(words: str) -> int:
    value = read_mixed(words)
    return int(value) if value is not None else 0
