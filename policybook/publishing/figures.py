"""Quantities as an English sentence says them."""

from __future__ import annotations

from datetime import date

from policybook.analysis.briefs import Figure

_QUALIFIERS = {
    "about": "about ", "almost": "nearly ", "over": "more than ", "at_least": "at least ", "at_most": "at most ",
    "under": "less than ",
}  # fmt: skip
_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_LARGE = ((1_000_000_000, "billion"), (1_000_000, "million"))
#: Only these units are printed; what else is counted, the sentence says itself.
_UNITS = {"percent": " %", "percentage_point": " percentage point"}


def figure_in_words(figure: Figure) -> str:
    """Return a quantity with its qualifier: about 100 million, nearly 70 %, 28, four, 2014–2020, 29 August 2024."""
    unit = _UNITS.get(figure.unit or "", "")
    plural = "s" if unit[-1:].isalpha() and figure.value != 1 else ""
    return _QUALIFIERS.get(figure.qualifier, "") + _value(figure) + unit + plural


def _value(figure: Figure) -> str:
    value = figure.value
    if figure.kind in ("year", "doc_number"):
        return str(value)
    if figure.kind == "date":
        return _day(str(value))
    if isinstance(value, list | tuple):
        between = "–" if figure.kind == "year_range" else " to "
        years = figure.kind == "year_range"
        return between.join(str(one) if years else number_in_words(float(one)) for one in value)
    if isinstance(value, str):
        return value
    exact_unit = figure.unit in _UNITS or figure.kind in ("percent", "money", "area", "ordinal")
    return number_in_words(float(value), small=not exact_unit)


def number_in_words(value: float, *, small: bool = False) -> str:
    """Return a number with thousands marked and millions named; with `small` whole numbers to twelve as words."""
    if small and value in range(len(_SMALL)):
        return _SMALL[int(value)]
    for size, name in _LARGE:
        if abs(value) >= size and round(value / size, 3) == value / size:
            return f"{value / size:g} {name}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _day(value: str) -> str:
    """Return 2024-08-29 as 29 August 2024 and 2024-08 as August 2024; whatever else as it is."""
    parts = value.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in (2, 3):
        return value
    try:
        day = date(*(int(part) for part in [*parts, "1"][:3]))
    except (TypeError, ValueError):
        return value
    return f"{day.day} {day:%B %Y}" if len(parts) == 3 else f"{day:%B %Y}"
