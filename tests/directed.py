"""What a sentence directs, as the words of it that are found."""

from __future__ import annotations

from policybook.coding.code import DirectiveFinder


def directives(finder: DirectiveFinder, text: str, language: str) -> list[str]:
    """Return the directives of a text, in its own words."""
    return [text[one.start : one.end] for one in finder.find(text, language)]
