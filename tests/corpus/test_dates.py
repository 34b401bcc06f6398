from __future__ import annotations

from datetime import date

import pytest

from policybook.corpus.dates import parse_span


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2014-08", date(2014, 8, 1), date(2014, 8, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2014-08-19", date(2014, 8, 19), date(2014, 8, 19)),
        ("2014-08/2015", date(2014, 8, 1), date(2015, 12, 31)),
        ("2024-01-17/2024-07", date(2024, 1, 17), date(2024, 7, 31)),
    ],
)
def test_a_date_spans_all_that_it_may_mean(text: str, first: date, last: date) -> None:
    assert parse_span(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2014-13", "not in the calendar"),
        ("2023-02-29", "not in the calendar"),
        ("0000", "not in the calendar"),
        ("2014-8", "is not a date"),
        ("19 August 2014", "is not a date"),
        ("2014/2015/2016", "is not a date"),
        ("2014/", "is not a date"),
        ("", "is not a date"),
        ("2015/2014-08", "ends before it begins"),
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_span(text)
