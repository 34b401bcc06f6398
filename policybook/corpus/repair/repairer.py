"""All repairs of a document, in their order, each kind counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from policybook.corpus.repair.characters import (
    changed_by_complicating,
    changed_by_simplifying,
    plain_forms,
    simplify,
)
from policybook.corpus.repair.glosses import drop_glosses, gloss_style
from policybook.corpus.repair.glued import GluedWords
from policybook.corpus.repair.invisible import drop_invisible
from policybook.corpus.repair.punctuation import half_width, single_punctuation, space_after_stops

Step = Callable[[str], tuple[str, int]]
#: A paragraph is Traditional, whatever its document, where simplifying changes this many characters …
MANY_TRADITIONAL = 6
#: … and this share of all.
TRADITIONAL_PARAGRAPH = 0.12


class Repairer:
    """Repairs the paragraphs of one document, knowing what only the whole document shows.

    That is whether it is glossed throughout, and which words it uses. `language` is zh or en; `script` is hans,
    hant or latn and says whether characters are converted.
    """

    def __init__(self, document_text: str, language: str, script: str) -> None:
        text = drop_invisible(document_text)[0]
        self._steps: list[tuple[str, Step]] = [("invisible_character", drop_invisible)]
        if language == "zh":
            style = gloss_style(text)
            self._steps += [
                ("pinyin_gloss", lambda paragraph: drop_glosses(paragraph, style)),
                ("traditional_character", simplify if script == "hant" else _simplify_if_traditional),
                ("doubled_punctuation", single_punctuation),
                ("fullwidth_digit", half_width),
            ]
        else:
            self._steps += [
                ("doubled_punctuation", single_punctuation),
                ("fullwidth_digit", half_width),
                ("glued_word", GluedWords(text).split),
                ("missing_space", space_after_stops),
            ]

    def repair(self, paragraph: str) -> tuple[str, Counter[str]]:
        """Return the repaired text of one paragraph and how often each kind of repair was made."""
        counts: Counter[str] = Counter()
        for kind, step in self._steps:
            paragraph, made = step(paragraph)
            counts[kind] += made
        return paragraph.strip(), +counts


def repair_paragraph(text: str, language: str, script: str) -> tuple[str, Counter[str]]:
    """Repair a text that stands by itself: see Repairer."""
    return Repairer(text, language, script).repair(text)


def _simplify_if_traditional(paragraph: str) -> tuple[str, int]:
    """Convert a Traditional paragraph of a Simplified document; leave a character or two alone."""
    paragraph, made = plain_forms(paragraph)
    changed = changed_by_simplifying(paragraph)
    if changed < MANY_TRADITIONAL or changed < TRADITIONAL_PARAGRAPH * len(paragraph):
        return paragraph, made
    if changed_by_complicating(paragraph) > changed:
        return paragraph, made
    return simplify(paragraph)
