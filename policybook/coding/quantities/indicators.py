"""Which statistical indicator a quantity belongs to: the nearest one that the sentence names before it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from policybook.coding.quantities.beside import BESIDE_THE_POINT
from policybook.coding.quantities.entries import CarriedOn, Indicator
from policybook.coding.quantities.found import FoundQuantity
from policybook.corpus.matching import FormTable, Phrases

#: How far behind its indicator a quantity may stand, in characters.
_REACH = 80
_CLAUSE = re.compile(r"(?:[，；;。、]|,(?!\d)) *")
_KINDS = frozenset({"percent", "money", "area", "count"})


class Indicators:
    """The indicators of data/lexicon/quantities.yml."""

    def __init__(self, indicators: Sequence[Indicator], carried_on: CarriedOn) -> None:
        self._by_id = {indicator.id: indicator for indicator in indicators}
        self._phrases = Phrases((form, one.id) for one in indicators for form in (*one.zh, *one.en))
        self._carried_on = FormTable((form, form) for form in (*carried_on.zh, *carried_on.en))

    def of(self, text: str) -> NamedIndicators:
        """Return the indicators that a sentence names."""
        matches = self._phrases.find(text)
        return NamedIndicators(
            text, [match.end for match in matches], [self._by_id[match.key] for match in matches], self._carried_on
        )


@dataclass(frozen=True)
class NamedIndicators:
    """The indicators of one sentence and where their names end."""

    text: str
    ends: Sequence[int]
    named: Sequence[Indicator]
    carried_on: FormTable[str]

    def before(self, place: int) -> Indicator | None:
        """Return the indicator to which a number at `place` belongs."""
        index = bisect_right(self.ends, place) - 1
        if index < 0 or place - self.ends[index] > _REACH:
            return None
        clauses = list(_CLAUSE.finditer(self.text, self.ends[index], place))
        if any(sign[0].strip() in "；;。、" for sign in clauses):
            return None
        follows = all(self.carried_on.at(self.text, sign.end()) for sign in clauses[:3])
        return self.named[index] if follows else None

    def unit(self, place: int) -> str | None:
        """Return the unit of the indicator to which a number at `place` belongs."""
        indicator = self.before(place)
        return indicator.unit if indicator else None

    def attach(self, one: FoundQuantity) -> FoundQuantity:
        """Return a quantity with its indicator."""
        indicator = None
        if one.kind in _KINDS and one.unit not in BESIDE_THE_POINT:
            indicator = self.before(one.start)
        return replace(one, indicator=indicator.term_zh) if indicator else one
