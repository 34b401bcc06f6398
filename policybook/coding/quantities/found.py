"""What is found: a quantity of a sentence."""

from __future__ import annotations

from dataclasses import dataclass

#: A plain number, or an ISO date or document number.
Plain = int | float | str


@dataclass(frozen=True)
class FoundQuantity:
    """One quantity of a sentence: where it stands, its plain value, unit, qualifier, kind and indicator.

    `start` and `end` count code points of the sentence. `value` is a number with 万, 亿, million … multiplied out
    (of a percentage the number before %), a year, an ordinal, an ISO date as full as the text gives it (2024-08-29,
    2014-03, 03-30), a document number as it is written, or the two ends of a range.
    `indicator` is the Chinese term of the statistical indicator that the sentence names before it.
    """

    start: int
    end: int
    value: Plain | list[int | float]
    unit: str | None
    qualifier: str
    kind: str
    indicator: str | None = None
