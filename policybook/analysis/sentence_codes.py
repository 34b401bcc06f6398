"""The codes of one sentence, by hand and by rule, in one form, so that they can be held against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policybook.coding.code import Coding


@dataclass(frozen=True)
class Code:
    """One code, by hand or by rule, and where its words stand in the sentence.

    `value` is what makes two codes equal: a concept's Chinese term, a quantity in one line, an actor's Chinese name,
    a directive's strength.
    """

    start: int
    text: str
    value: str
    kind: str = ""
    instrument: str = ""
    subtype: str = ""
    ambiguous: bool = False

    @property
    def end(self) -> int:
        """Where the words end."""
        return self.start + len(self.text)


def find_codes(text: str, language: str, coding: Coding) -> dict[str, list[Code]]:
    """Return what the rules find in one sentence, by what it is."""
    concepts, names = coding.scheme.by_id, coding.actors.names_zh
    return {
        "concept": [
            Code(m.start, text[m.start : m.end], concepts[m.concept].term_zh, concepts[m.concept].theme,
                  ambiguous=m.ambiguous)
            for m in coding.concepts.find(text, language)
        ],
        "quantity": [
            Code(q.start, text[q.start : q.end], show_quantity(q.value, q.unit, q.qualifier, q.kind), q.kind)
            for q in coding.quantities.find(text, language)
        ],
        "actor": [
            Code(a.start, text[a.start : a.end], names.get(a.actor, a.actor))
            for a in coding.actors.find(text, language)
        ],
        "directive": [
            Code(d.start, text[d.start : d.end], d.strength, d.strength, d.instrument, d.subtype or "")
            for d in coding.directives.find(text, language)
        ],
    }  # fmt: skip


def read_codes(text: str, coded: Mapping[str, Sequence[Any]], themes: Mapping[str, str]) -> dict[str, list[Code]]:
    """Return the hand codings of one sentence; those whose words do not stand in it any more have the start −1."""
    fields: dict[str, Callable[[Any], Mapping[str, Any]]] = {
        "concept": lambda row: {"value": row.term_zh, "kind": themes.get(row.term_zh, "")},
        "quantity": lambda row: {
            "value": show_quantity(row.value, row.unit, row.qualifier, row.kind),
            "kind": row.kind,
        },
        "actor": lambda row: {"value": row.actor},
        "directive": lambda row: {
            "value": row.strength,
            "kind": row.strength,
            "instrument": row.instrument,
            "subtype": row.subtype or "",
        },
    }
    return {
        what: [Code(start, row.text, **fields[what](row)) for start, row in _located(text, rows)]
        for what, rows in coded.items()
    }


def show_quantity(value: object, unit: object, qualifier: str, kind: str) -> str:
    """Return a quantity in one line, the same for equal quantities: `60 percent, about (percent)`."""
    numbers = value if isinstance(value, list | tuple) else [value]
    shown = "–".join(f"{n:.12g}" if isinstance(n, int | float) else str(n) for n in numbers)
    return f"{shown} {unit or ''}, {qualifier} ({kind})".replace(" ,", ",")


def _located(text: str, rows: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Yield hand codings, which bear their words in the order of the text and not their offsets, with these."""
    after: dict[str, int] = {}
    for row in rows:
        start = text.find(row.text, after.get(row.text, 0))
        start = start if start >= 0 else text.find(row.text)
        after[row.text] = start + len(row.text)
        yield start, row
