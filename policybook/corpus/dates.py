"""Dates as precise as they are known: a year, a month, a day, or a span of two of these.

The notation is level 0 of the Extended Date/Time Format (ISO 8601-2:2019): 2014, 2014-08,
2014-08-19, 2014-08/2015.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def parse_span(text: str) -> tuple[date, date]:
    """Return the first and the last day that `text` may mean.

    Raises ValueError with a sentence for the user when `text` is no date or the span runs backwards.
    """
    parts = text.split("/")
    if len(parts) > 2:
        raise ValueError(f"{text!r} is not a date. Write 2014, 2014-08, 2014-08-19 or 2014-08/2015.")
    first, last = _bounds(parts[0])[0], _bounds(parts[-1])[1]
    if first > last:
        raise ValueError(f"{text!r} ends before it begins. Write the earlier date first.")
    return first, last


def _bounds(text: str) -> tuple[date, date]:
    match = _FORM.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a date. Write 2014, 2014-08, 2014-08-19 or 2014-08/2015.")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the pattern requires it
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"{text!r} is not in the calendar. Check the month and the day.") from None
    return first, last
