"""The values that a coded quantity or directive may bear: what hand coding, the rules and their scores share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: What a quantity may be. Lengths, weights and durations are counts with a unit.
KINDS = ("percent", "count", "money", "area", "year", "year_range", "date", "ordinal", "doc_number")

#: What the unit of a kind may look like, as a pattern for the whole of it; kinds that are not named have none.
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "percent": "percent|percentage_point",
        "count": "(?:[A-Za-z][A-Za-z0-9_]*)?",
        "money": "[A-Z]{3}",
        "area": "mu|hectare|m2|km2",
    }
)

#: How exactly a quantity is said.
QUALIFIERS = ("exact", "about", "almost", "over", "at_least", "at_most", "under", "range")

#: How strongly a directive binds, strongest first.
STRENGTHS = ("obligation", "requirement", "intention", "encouragement")

#: Instruments and their subtypes, adapted from Rothwell and Zegveld (1981): supply gives inputs, environment sets
#: rules and conditions, demand pulls; `none` where a clause names no means.
INSTRUMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "supply": ("people", "money", "land", "infrastructure", "information", "services"),
        "environment": ("goals", "regulation", "finance_tax", "organisation"),
        "demand": ("procurement", "pilots", "market", "opening"),
        "none": (),
    }
)
