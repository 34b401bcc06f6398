"""Paragraphs repaired, as the tests of what is repaired ask for them."""

from __future__ import annotations

from collections import Counter

from policybook.corpus.repair import guess_script, repair_paragraph


def repair(text: str, language: str = "zh", script: str = "hant") -> str:
    """Return a paragraph of a language and a script, repaired."""
    return repair_paragraph(text, language, script)[0]


def repaired(text: str, language: str = "zh") -> tuple[str, Counter[str]]:
    """Return a paragraph, repaired as what it looks like, and how often each kind of repair was made."""
    return repair_paragraph(text, language, guess_script(text, language))
