"""Selections: plain mappings of field to value or values, checked against what a corpus knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policybook.corpus.vocabulary import Vocabulary
from policybook.errors import SelectionError, suggest

Value = str | bool
Selection = Mapping[str, Value | Iterable[Value]]
KnownValues = Mapping[str, tuple[Value, ...]]

#: The fields of a document; the others are of a passage.
DOCUMENT_FIELDS = ("document", "speaker", "voice", "language", "machine_translated")


def known_values(vocabulary: Vocabulary, documents: Iterable[str]) -> KnownValues:
    """Return every value that each field of a selection may have."""
    return {
        "plan": tuple(vocabulary.plan_ids),
        "era": (*vocabulary.era_ids, "unknown"),
        "places": tuple(vocabulary.place_ids),
        "level": (*vocabulary.level_ids, "none"),
        "document": tuple(documents),
        "speaker": tuple(vocabulary.place_ids),
        "voice": ("official", "reported", "commentary"),
        "language": ("zh", "en"),
        "machine_translated": (True, False),
    }


def check_values(field: str, value: Value | Iterable[Value], known: KnownValues) -> list[Value]:
    """Return the value or values of one field as a list.

    Raises SelectionError for an unknown field or value, with what exists and the nearest spelling.
    """
    if field not in known:
        raise SelectionError(f"a selection has no field {field!r}. {suggest(field, known)}")
    if isinstance(value, str | bool) or not isinstance(value, Iterable):
        value = [value]  # a number is no value of any field and is refused below
    values = list(value)
    if not values:
        raise SelectionError(f"{field} is given no value. {suggest('', known[field])}")
    for one in values:
        if one not in known[field] or isinstance(one, bool) != isinstance(known[field][0], bool):
            raise SelectionError(f"unknown {field} {one!r}. {suggest(one, known[field])}")
    return values
