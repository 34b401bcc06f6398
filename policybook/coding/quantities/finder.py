"""Finding the quantities of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policybook.coding.quantities.calendar_en import find_calendar as find_calendar_en
from policybook.coding.quantities.calendar_zh import find_calendar as find_calendar_zh
from policybook.coding.quantities.chinese import ChineseNumbers
from policybook.coding.quantities.documents import find_documents
from policybook.coding.quantities.english import EnglishNumbers
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.indicators import Indicators
from policybook.coding.quantities.ordinals import ChineseOrdinals, EnglishOrdinals
from policybook.coding.quantities.taken import NameList, Taken, quoted_catchwords
from policybook.coding.quantities.words import QuantityWords
from policybook.corpus.matching import fold, is_letter


class QuantityFinder:
    """Finds quantities with the words of data/lexicon/quantities.yml."""

    def __init__(self, words: QuantityWords) -> None:
        self._names = NameList(words.names)
        self._indicators = Indicators(words.indicators, words.carried_on)
        self._ordinals_zh = ChineseOrdinals(words.ordinals, self._names)
        self._ordinals_en = EnglishOrdinals(words.ordinals, self._names)
        self._numbers_zh = ChineseNumbers(words, self._names)
        self._numbers_en = EnglishNumbers(words, self._names)

    def find(self, text: str, language: str) -> Iterator[FoundQuantity]:
        """Yield the quantities of one sentence, in order and without overlap.

        `language` is the document's, zh or en; a sentence without a letter of that language is read in the other.
        """
        flat = fold(text, keep_dashes=True)
        written = _language(flat, language)
        english = written == "en"
        found = list(find_documents(text, flat, written))
        found += _beside(found, find_calendar_en(flat) if english else find_calendar_zh(flat))
        found += _beside(found, (self._ordinals_en if english else self._ordinals_zh).find(flat))
        taken = Taken([*((one.start, one.end) for one in found), *self._names.stretches(text, written)])
        named, catchwords = self._indicators.of(flat), Taken(quoted_catchwords(text))
        if english:
            found += self._numbers_en.find(text, flat, taken, catchwords, named.unit)
        else:
            found += self._numbers_zh.find(flat, taken, catchwords, named.unit)
        found.sort(key=lambda one: (one.start, -one.end))
        yield from (named.attach(one) for one in found)


def _language(flat: str, language: str) -> str:
    han = any("\u4e00" <= char <= "\u9fff" for char in flat)
    latin = any(is_letter(char) for char in flat)
    if language == "zh":
        return "en" if latin and not han else "zh"
    return "zh" if han and not latin else "en"


def _beside(found: Iterable[FoundQuantity], more: Iterable[FoundQuantity]) -> list[FoundQuantity]:
    """Return those of `more` that overlap none of `found`."""
    taken = Taken((one.start, one.end) for one in found)
    return [one for one in more if not taken.overlaps(one.start, one.end)]
