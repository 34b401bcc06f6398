"""A number, or a range of two, with what stands right behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from policybook.coding.quantities.beside import Use
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.number import Number, plain

#: Gives the unit of the indicator to which a number at a place belongs.
Named = Callable[[int], str | None]

FOLD = Use("fold", one=True)
PERCENT = Use("percent", "percent", one=True)


@dataclass(frozen=True)
class Amount:
    """A number with its unit: where it stands, one value or the two ends of a range, and what stands behind it.

    `more` is the qualifier inside it (三千多, 五年多). `number` is what was read first.
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    number: Number
    use: Use | None
    more: str = ""

    def quantity(self, start: int, end: int, unit: str | None, qualifier: str) -> FoundQuantity:
        """Return the quantity of this amount, from `start` to `end`."""
        values = [plain(self._multiplied(value)) for value in self.values]
        if len(values) > 1:
            return FoundQuantity(start, end, values, unit, "range", self.kind)
        return FoundQuantity(start, end, values[0], unit, qualifier or "exact", self.kind)

    def plus_half(self) -> Amount:
        """Return this amount and a half, with the 半 behind it (五年半)."""
        return replace(self, end=self.end + 1, values=tuple(value + Decimal("0.5") for value in self.values))

    def _multiplied(self, value: Decimal) -> Decimal:
        if self.use and self.use.power:
            return Decimal(self.use.power) ** value
        return value * self.use.factor if self.use else value

    @property
    def kind(self) -> str:
        """The kind of quantity that the unit makes."""
        return self.use.kind if self.use else "count"
