"""Selections as they are typed: plan=nnup-2014,places=liaoning+fujian."""

from __future__ import annotations

from policybook.corpus.selection import Value

_WORDS: dict[str, Value] = {"true": True, "yes": True, "false": False, "no": False}


def parse_selection(text: str) -> dict[str, Value | list[Value]]:
    """Return the selection that is typed as field=value pairs between commas; + joins alternatives.

    Raises ValueError, with a sentence, for what cannot be read; whether fields and values exist is asked later.
    """
    selection: dict[str, Value | list[Value]] = {}
    for part in text.split(","):
        field, equals, values = part.partition("=")
        field = field.strip()
        listed = [value.strip() for value in values.split("+")]
        if not field or not equals or not all(listed):
            raise ValueError(f"{part.strip()!r} is not field=value. Write for example places=liaoning+fujian.")
        if field in selection:
            raise ValueError(f"{field!r} stands twice. Join its values with +.")
        read = [_WORDS.get(value.lower(), value) if field == "machine_translated" else value for value in listed]
        selection[field] = read[0] if len(read) == 1 else read
    return selection
