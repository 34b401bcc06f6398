"""Finding the quantities of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policybook.coding.quantities.chinese import ChineseNumbers
from policybook.coding.quantities.calendar_zh import find_calendar as find_calendar_zh
from policybook.coding.quantities.documents import find_documents
from policybook.coding.quantities.forms import level
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.indicators import Indicators
from policybook.coding.quantities.ordinals import ChineseOrdinals
from policybook.coding.quantities.taken import NameList, Taken, quoted_catchwords
from policybook.coding.quantities.words import QuantityWords


class QuantityFinder:
    """Finds quantities with the words of data/lexicon/quantities.yml."""

    def __init__(self, words: QuantityWords) -> None:
        self._names = NameList(words.names)
        self._indicators = Indicators(words.indicators, words.carried_on)
        self._ordinals_zh = ChineseOrdinals(words.ordinals, self._names)
        self._numbers_zh = ChineseNumbers(words, self._names)

    def find(self, text: str, language: str) -> Iterator[FoundQuantity]:
        """Yield the quantities of one sentence, in order and without overlap. `language` is zh or en."""
        flat = level(text)
        found = list(find_documents(text, flat, language))
        found += _beside(found, find_calendar_zh(flat))
        found += _beside(found, self._ordinals_zh.find(flat))
        names = self._names.stretches(text, language)
        taken = Taken([*((one.start, one.end) for one in found), *names])
        named = self._indicators.of(flat)
        found += self._numbers_zh.find(flat, taken, Taken(quoted_catchwords(text)), named.unit)
        found.sort(key=lambda one: (one.start, -one.end))
        yield from (named.attach(one) for one in found)


def _beside(found: Iterable[FoundQuantity], more: Iterable[FoundQuantity]) -> list[FoundQuantity]:
    """Return those of `more` that overlap none of `found`."""
    taken = Taken((one.start, one.end) for one in found)
    return [one for one in more if not taken.overlaps(one.start, one.end)]
