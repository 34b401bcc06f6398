"""Numbers on pages that name the rows they come from: nothing that is not of a row, computed or assumed is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from markupsafe import Markup

from policybook.publishing.markup import Html


class Sourced(Protocol):
    """What a number needs of the row it stands in: an id, where the row is from, whether that is only remembered."""

    @property
    def id(self) -> str:
        """The row's id, which is its address."""

    @property
    def origin(self) -> str:
        """Who published it, where and when."""

    @property
    def recalled(self) -> bool:
        """Whether it is only remembered."""


_NUMBER = re.compile(r"(?<![\d–-])((?!(?:19|20)\d\d\b)\d[\d,]*)")
#: How a number was computed of its rows, as a test can do it again.
How = Literal["count", "difference", "pace", "other"]


def row_anchor(row: Sourced) -> str:
    """Return the id under which a page's table of origins shows a row."""
    return f"row-{row.id}"


def printed(text: str, row: Sourced, *, unverified: bool | None = None) -> Html:
    """Return a number as its row prints it, linked to the row; with a mark where it is only recalled."""
    mark = unverified_mark() if (row.recalled if unverified is None else unverified) else Markup("")
    return Html(
        Markup('<a class="pb-fact" href="#{}" title="{}"><data value="{}" data-rows="{}">{}</data></a>{}').format(
            row_anchor(row), row.origin, text.replace(",", ""), row.id, text, mark
        )
    )


def computed(text: str, rows: Sequence[Sourced], how: How = "other") -> Html:
    """Return a number computed of `rows`, linked to the first: a difference is the last row less the first."""
    said = f"computed from {len(rows)} row{'' if len(rows) == 1 else 's'}: " + "; ".join(
        dict.fromkeys(row.origin for row in rows[:4])
    )
    return Html(
        Markup('<a class="pb-fact" href="#{}" title="{}">{}</a>').format(
            row_anchor(rows[0]), said, _computed(text, rows, how)
        )
    )


def tally(rows: Iterable[Sourced], text: str | None = None) -> Html:
    """Return how many rows there are, in `text` if given."""
    found = tuple(rows)
    return Html(_computed(text or str(len(found)), found, "count"))


def of_corpus(text: object) -> Html:
    """Return a number counted in the documents."""
    return Html(Markup('<data value="{0}" data-from="corpus">{0}</data>').format(text))


def in_words(sentence: str) -> Html:
    """Return a sentence that was computed of the documents, with the numbers in it marked; years are not marked."""
    pieces = _NUMBER.split(sentence)
    marked = (of_corpus(piece).markup if n % 2 else Markup.escape(piece) for n, piece in enumerate(pieces))
    return Html(Markup("").join(marked))


def assumed(text: object) -> Html:
    """Return a number that the page assumes, to show what follows from it."""
    return Html(Markup('<data value="{0}" data-from="assumption">{0}</data>').format(text))


def worked_out(text: object) -> Html:
    """Return a number worked out from an assumption and the rows named beside it."""
    return Html(Markup('<data value="{0}" data-from="computation">{0}</data>').format(text))


def of_rows(text: str, *rows: Sourced) -> Html:
    """Return words that rows hold, with whatever numbers stand in them."""
    return Html(Markup('<span data-rows="{}">{}</span>').format(" ".join(row.id for row in rows), text))


def unverified_mark() -> Markup:
    """Return the mark of what is only recalled."""
    return Markup(' <span class="pb-unverified" title="from memory: not seen in any source">unverified</span>')


def _computed(text: str, rows: Sequence[Sourced], how: How) -> Markup:
    return Markup('<data value="{}" data-rows="{}" data-how="{}">{}</data>').format(
        text.replace(",", ""), " ".join(row.id for row in rows), how, text
    )
