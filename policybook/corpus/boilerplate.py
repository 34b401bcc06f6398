"""Which paragraphs are site furniture and not the document, and why: general rules, no list of lines.

Nothing is dropped. A paragraph that a rule takes for boilerplate keeps its number and its text and
is labelled with the rule's reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policybook.corpus.furniture import ENDS_A_SENTENCE, furniture_reason, is_long
from policybook.corpus.repeats import find_repeats
from policybook.corpus.segment import length

# A first line that is one of these belongs to the document, however short.
_HEADING = re.compile(
    r"(?:前\s*言|引\s*言|序\s*言|导\s*言|摘\s*要|目\s*录|总\s*则|附\s*则|通\s*知|公\s*告|决\s*定|意\s*见|概\s*述|正\s*文|"
    r"[一二三四五六七八九十\d]+[、.．].*|第.{1,3}[章节条].*|.*(?:introduction|summary|preface|overview|abstract|foreword|"
    r"background|contents|notice|decision|chapter|part|section|annex|report|plan)\b.*)",
    re.IGNORECASE,
)
# How media and their sections are called.
_MEDIUM = re.compile(
    r"(?:网|報|报|台|社|刊|客户端|新闻|要闻|频道|资讯|动态|头条|快讯|时政|news|net|daily|times|online|\.com|post|herald|weekly)$",
    re.IGNORECASE,
)


def label_boilerplate(paragraphs: Sequence[str], language: str) -> dict[int, str]:
    """Return paragraph number (from 1) → reason for every repaired paragraph that is boilerplate.

    At least one paragraph is always left: a text is never boilerplate as a whole.
    """
    reasons: dict[int, str] = {}
    for number, paragraph in enumerate(paragraphs, 1):
        if reason := furniture_reason(paragraph, language):
            reasons[number] = reason
    reasons |= _edges(paragraphs, language, reasons)
    left = {n: p for n, p in enumerate(paragraphs, 1) if n not in reasons and is_long(p, language, 10)}
    reasons |= find_repeats(left, language)
    if len(reasons) == len(paragraphs):
        reasons.pop(max(reasons, key=lambda n: length(paragraphs[n - 1], language)))
    return reasons


def _edges(paragraphs: Sequence[str], language: str, known: dict[int, str]) -> dict[int, str]:
    """Label a site name or section label before the text, and navigation among the furniture behind it."""
    numbers = [n for n in range(1, len(paragraphs) + 1) if n not in known]
    running = [n for n in numbers if _is_running_text(paragraphs[n - 1], language)]
    if not running:
        return {}
    labels = {}
    limit = 2 if language == "en" else 4
    if 1 in numbers and numbers[-1] > 2 and _is_site_name(paragraphs, language):
        labels[1] = "site or section name"
    furniture_behind = any(n > running[-1] for n in known)
    for n in numbers:
        if n > running[-1] and furniture_behind and length(paragraphs[n - 1], language) <= 3 * limit:
            labels[n] = "navigation"
    return labels


def _is_site_name(paragraphs: Sequence[str], language: str) -> bool:
    """Whether the first line is a word or a medium's name, no heading, and nothing that the text speaks of."""
    first = paragraphs[0]
    short = length(first, language) <= (1 if language == "en" else 0) or (
        length(first, language) <= 4 and _MEDIUM.search(first)
    )
    if not short or ENDS_A_SENTENCE.search(first) or _HEADING.fullmatch(first):
        return False
    return not any(first.lower() in other.lower() for other in paragraphs[1:] if is_long(other, language))


def _is_running_text(text: str, language: str) -> bool:
    return is_long(text, language) or bool(ENDS_A_SENTENCE.search(text) and is_long(text, language, 3))
