"""Amounts as tables state them, "100 (1亿)" of "million people", as plain numbers with a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Units as the tables write them: the factor to the plain unit, and its name as in DESIGN, section 6.
UNITS: Mapping[str, tuple[float, str]] = {
    "%": (1, "percent"),
    "percentage points": (1, "percentage_point"),
    "people": (1, "person"),
    "million people": (1e6, "person"),
    "cities": (1, "city"),
    "departments": (1, "department"),
    "mu": (1, "mu"),
    "million mu": (1e6, "mu"),
    "m2": (1, "m2"),
    "Mbps": (1, "Mbps"),
    "tonnes/day": (1, "tonne/day"),
    "thousand tonnes/day": (1e3, "tonne/day"),
}
#: What stands where there is no value, or no unit.
NOTHING = ("", "-")
_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s+(\D*))?")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_CHINESE = re.compile(r"\((\d+(?:\.\d+)?)(万|亿)\D*\)")
_TENS = {"万": 1e4, "亿": 1e8}


@dataclass(frozen=True)
class Amount:
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


def parse_amount(stated: str, unit: str) -> Amount | None:
    """Return the amount, or None where nothing is stated.

    A number may be followed by words, and anything may follow in brackets: "68 approx. (as then stated)".
    Words without digits are an amount without a number: "all". Raises ValueError with a sentence for the user for
    what is neither, for an unknown unit, and where the Chinese figure in brackets is another number.
    """
    if stated.strip() in NOTHING:
        return None
    if unit.strip() not in NOTHING and unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}.")
    factor, plain = UNITS.get(unit, (1, None))
    outside = _BRACKETS.sub("", stated).strip()
    if not re.search(r"\d", outside):
        return Amount(stated, None, plain)
    match = _NUMBER.fullmatch(outside)
    if match is None:
        raise ValueError(f"{stated!r} is neither a number nor words.")
    number = round(float(match.group(1)) * factor, 9)
    chinese = _CHINESE.search(stated)
    if chinese and abs(float(chinese.group(1)) * _TENS[chinese.group(2)] - number) > 1e-6 * abs(number):
        raise ValueError(f"{stated!r} {unit} are two different numbers.")
    return Amount(stated, number, plain)


def decimals(printed: str) -> int:
    """Return how many digits stand behind the point of a printed number."""
    return len(printed.partition(".")[2])


def agree(first: str, second: str) -> bool:
    """Whether two printed numbers are one figure, given to different numbers of digits."""
    half = 0.5 * 10.0 ** -min(decimals(first), decimals(second))
    if decimals(first) == decimals(second):
        return float(first) == float(second)
    return abs(float(first) - float(second)) <= half + 1e-9
