"""Numbers of official documents: 国发〔2024〕17号, Guo Fa [2024] No. 17."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policybook.coding.quantities.found import FoundQuantity
from policybook.coding.quantities.grammar_en import NO_OFFICE

_YEAR = r"[〔\[（(【﹝]\s?(?:19|20)\d\d\s?(?:年\s?)?[〕\])）】﹞]"
_CHINESE = re.compile(rf"{_YEAR}\s?第?\s?\d{{1,5}}\s?号")
_ORDER = re.compile(r"(?<=[令告])\s?(第\s?\d{1,5}\s?号)")
_ENGLISH = re.compile(
    r"[〔\[(]\s?(?:19|20)\d\d\s?[〕\])]\s?(?:no\.?\s?)\d{1,5}|〔(?:19|20)\d\d〕\s?\d{1,5}|\[(?:19|20)\d\d\]\s?\d{1,5}"
)
_LAST_WORD = re.compile(r"([A-Za-z]{2,12}) ?$")
_NAME_ZH = re.compile(r"[\u4e00-\u9fff]{1,12}$")
# Words before the issuing office's abbreviation that are no part of it.
_LEAD_ZH = re.compile(
    r".*(?:根据|按照|依据|依照|参照|文件|执行|印发|下发|发布|公布|和|与|及|以|即|为|按|见|的|由|《|》)"
)


def find_documents(text: str, flat: str, language: str) -> Iterator[FoundQuantity]:
    """Yield the document numbers of a text; the value is the number as it is written."""
    if language == "en":
        for match in _ENGLISH.finditer(flat):
            yield _found(text, _english_start(text, match.start()), match.end())
    for match in _CHINESE.finditer(flat):
        yield _found(text, _chinese_start(text, match.start()), match.end())
    for match in _ORDER.finditer(flat):
        yield _found(text, match.start(1), match.end())


def _found(text: str, start: int, end: int) -> FoundQuantity:
    return FoundQuantity(start, end, text[start:end], None, "exact", "doc_number")


def _chinese_start(text: str, place: int) -> int:
    name = _NAME_ZH.search(text[max(0, place - 12) : place])
    if not name:
        return place
    lead = _LEAD_ZH.match(name[0])
    return place - len(name[0]) + (lead.end() if lead else 0)


def _english_start(text: str, place: int) -> int:
    start = place
    while word := _LAST_WORD.search(text[max(0, start - 14) : start]):
        if word[1].lower() in NO_OFFICE or place - start > 30:
            break
        start -= len(word[0])
    return start
