"""Ordinals: 第二次, 第十八届, the 18th, the second session."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policybook.coding.quantities.forms import FormTable, skip_spaces
from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.numbers_zh import read_plain
from policybook.coding.quantities.taken import NameList
from policybook.coding.quantities.words import OrdinalWords

_CHINESE = re.compile(r"第 ?(?P<n>\d{1,4}|[一二三四五六七八九十百零两]{1,6})")


class ChineseOrdinals:
    """Finds 第三次 and, in a ranking, 第三."""

    def __init__(self, words: OrdinalWords, names: NameList) -> None:
        self._behind = FormTable((form, form) for form in words.zh)
        self._ranks = FormTable((form, form) for form in words.ranks_zh)
        self._names = names

    def find(self, flat: str) -> Iterator[FoundQuantity]:
        """Yield the ordinals of a levelled sentence."""
        for match in _CHINESE.finditer(flat):
            if self._names.holds(flat, match.start("n"), match.end(), ordinal=True):
                continue
            value = read_plain(match["n"])
            counted = self._behind.at(flat, skip_spaces(flat, match.end()))
            end = counted[0] if counted else match.end()
            if value is not None and (counted or self._ranks.ending(flat, match.start())):
                yield FoundQuantity(match.start(), end, int(value), None, "exact", "ordinal")
