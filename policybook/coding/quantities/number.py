"""A number as it stands in a text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

#: The longest run of digits, or of Chinese numerals, that is read as a number; longer ones are codes.
LONGEST = 18


@dataclass(frozen=True)
class Number:
    """A number with its place in the text.

    `values` has two members where the words give a range by themselves (二三十). `more` is a qualifier that stands
    inside the number (三千多, 十来). `share` says that it is a percentage already (三分之一).
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    spelled: bool = False
    scaled: bool = False
    precise: bool = False
    headless: bool = False
    more: str = ""
    share: bool = False

    @property
    def is_one(self) -> bool:
        """Whether it is "one" in a word, which may be an article."""
        return self.spelled and len(self.values) == 1 and self.values[0] == 1

    @property
    def stands_alone(self) -> bool:
        """Whether it is a quantity also without a unit: large, written with decimals or separators, or a share."""
        return self.scaled or self.precise or self.share or bool(self.more)


def plain(value: Decimal) -> int | float:
    """Return a decimal as the int or the float that tables show."""
    rounded = round(value, 6)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """Return a fraction as a percentage, to two decimals unless it is exact."""
    share = part * 100 / whole
    return share if share == round(share, 4) else round(share, 2)
