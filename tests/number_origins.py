"""Where the numbers of a page come from: what its markup says, and which numbers it does not say it of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement
from urbanization.facts import FactRow, StatedAmount

#: Where numbers are no results: headings, names of things, and the table of how a page was made.
NO_RESULT = ("h1, h2, h3, h4, h5, h6, svg, script, style, code, figcaption, .pb-table-number, #made, "
             "a[href*='documents/'], time")  # fmt: skip
_DATE = re.compile(
    r"\b\d{4}-\d\d(?:-\d\d)?\b|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b|\b(?:19|20)\d\d\b|\b\d+(?:st|nd|rd|th)\b"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def numbers_in(text: str) -> set[str]:
    """Return the numbers of a text, without those of dates, years and ordinals, and without separators of thousands."""
    found = _NUMBER.findall(_DATE.sub(" ", text))
    return {re.sub(r",(?=\d{3}\b)", "", number) for number in found}


def unexplained(article: HtmlElement) -> list[str]:
    """Return the texts that hold a number of which no markup says where it comes from."""
    return [text for text, where in _texts(article) if numbers_in(text) and _origin(where) is None]


def foreign(article: HtmlElement, rows: dict[str, FactRow]) -> list[str]:
    """Return the numbers printed as being of rows that stand in none of those rows; computed ones aside."""
    wrong = []
    for text, where in _texts(article):
        origin = _origin(where)
        if origin is not None and origin.get("data-rows") and not origin.get("data-how"):
            held = set().union(*(_held(rows[name]) for name in origin.get("data-rows").split()))
            wrong += [f"{number} in {text!r}" for number in numbers_in(text) - held]
    return wrong


def _held(row: FactRow) -> set[str]:
    """Return every number of a row, as it stands there and in plain units."""
    amounts = [getattr(row, name, None) for name in ("amount", "baseline", "target", "outcome")]
    plain = {f"{a.number:.12g}" for a in amounts if isinstance(a, StatedAmount) and a.number is not None}
    return numbers_in(" ".join(str(value) for value in row.model_dump().values())) | plain | {row.id}


def _texts(article: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Yield every text and the element that it stands in, where it can be a result."""
    skipped = {element for found in article.cssselect(NO_RESULT) for element in found.iter()}
    for element in article.iter():
        if not isinstance(element.tag, str):
            continue
        if element not in skipped and element.text:
            yield element.text, element
        parent = element.getparent()
        if element is not article and parent is not None and parent not in skipped and element.tail:
            yield element.tail, parent


def _origin(element: HtmlElement) -> HtmlElement | None:
    """Return the nearest element around a text that says where its numbers come from."""
    for one in (element, *element.iterancestors()):
        if one.get("data-rows") is not None or one.get("data-from") is not None:
            return one
    return None
