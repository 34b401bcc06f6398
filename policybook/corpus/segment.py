"""Sentences and their lengths."""

from __future__ import annotations

import re

import sentencex

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-'’.][A-Za-z0-9]+)*")
# After a closing quotation mark and a full stop a sentence has ended, whatever case the next one begins in.
_ENDED = re.compile(r"(?<=[.!?][\"”]|[\"”][.!?])\s+|(?<=；)|(?<=[a-z]{3}\.)\s+(?=[a-z])")


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return the (start, end) of every sentence of a passage, in code points, white space left out.

    Boundaries are the sentencex library's (Wikimedia), and besides: after ； in either language, after a
    full stop with a quotation mark, and after a full stop before a small letter (texts in small letters).
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for piece in sentencex.segment(language, text):
        end = start + len(piece)
        cut = start
        for boundary in [match.end() for match in _ENDED.finditer(text, start, end)] + [end]:
            trimmed = text[cut:boundary].strip()
            if trimmed:
                first = cut + text[cut:boundary].index(trimmed)
                spans.append((first, first + len(trimmed)))
            cut = boundary
        start = end
    return spans


def length(text: str, language: str) -> int:
    """Return the length of a text in the unit of its language: Chinese characters or English words."""
    return len((_HAN if language == "zh" else _WORD).findall(text))
