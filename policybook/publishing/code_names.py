"""What pages call the codes of directives and quantities."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

INSTRUMENTS: Mapping[str, str] = MappingProxyType(
    {"supply": "supply", "environment": "environment", "demand": "demand", "none": "no means named"}
)
#: What each instrument is, after Rothwell and Zegveld (1981).
MEANS: Mapping[str, str] = MappingProxyType(
    {
        "supply": "the government gives inputs",
        "environment": "it sets rules and conditions",
        "demand": "it pulls by markets and pilots",
        "none": "the clause names no means",
    }
)
STRENGTHS: Mapping[str, str] = MappingProxyType(
    {
        "obligation": "obligation (must)",
        "requirement": "requirement (should, imperative)",
        "intention": "intention (will)",
        "encouragement": "encouragement (may, is encouraged)",
    }
)
#: Kinds of actors, in the plural.
ACTOR_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "party": "Party organs",
        "state-council": "State Council",
        "state": "other organs of state",
        "ministry": "ministries and commissions",
        "level": "levels of government",
        "province": "provinces",
        "city": "cities",
        "official": "officials",
        "mechanism": "meetings and mechanisms",
        "other": "others",
    }
)
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "finance_tax": "finance and tax",
        "goals": "goals and plans",
        "regulation": "regulation and rights",
        "organisation": "organisation and coordination",
        "market": "market building",
        "percent": "share",
        "year_range": "range of years",
        "doc_number": "document number",
        "m2": "m²",
        "km2": "km²",
        "exact": "",
    }
)


def name_code(code: str) -> str:
    """Return a subtype, kind, qualifier or unit as a page writes it."""
    return _WORDS.get(code, code.replace("_", " "))
