"""Sentences and their lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

# A text longer than this is cut behind a full stop before the library sees it.
_PORTION = 6_000
_FULL_STOP = re.compile(r"[。！？]+[”’」』）)]*(?=[^”’」』）)。！？])|(?<=[a-z]{3}[.!?])\s+(?=[A-Z])")

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-'’.][A-Za-z0-9]+)*")
_CHINESE_MARKER = (
    r"(?:[一二三四五六七八九十]{1,3}(?:是(?!否)|要|、|，(?=[^\d]))|第[一二三四五六七八九十]{1,3}(?:，|、|是)|首先，|其次，|再次，|最后，|"
    r"[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|[①-⑳]|\d{1,2}[.．、)）](?=\D))"
)
_ENGLISH_MARKER = (
    r"(?:\((?:\d{1,2}|[a-h]|i{1,3}|iv|v)\)\s|"
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|finally|lastly)(?:ly)?,)"
)
# Besides what the library finds, a sentence ends …
_ENDED = re.compile(
    "|".join(
        (
            r"(?<=[.!?][\"”]|[\"”][.!?])\s+",  # after a quotation mark and a full stop, whatever case follows
            r"(?<=；)",
            r"(?<=[a-z]{3}\.)\s+(?=[a-z])",  # before a small letter, in texts that have no capitals
            rf"(?<=：)(?={_CHINESE_MARKER})",  # before the first item of a list
            r"(?<=[。！？])(?=[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.．、]\D)",
            rf"(?<=[:;.])\s+(?i:(?={_ENGLISH_MARKER}))",
        )
    )
)
# What the library takes for an end and is none: the number of an item, and abbreviations it does not know.
_ITEM_NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[IVX]{1,4})[.)]")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:approx|paras?|chs?|vols?|sects?|cf|incl|resp|dept|govt|viz)\.$", re.IGNORECASE
)


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return the (start, end) of every sentence of a passage, in code points, white space left out.

    Boundaries are the sentencex library's (Wikimedia), and besides: after ； in either language, before an item of
    a list behind a colon (：一是…), after a full stop with a quotation mark, and after a full stop before a small
    letter (texts in small letters). The number of an item stays with its text.
    """
    boundaries = {match.end() for match in _ENDED.finditer(text)}
    end = 0
    for piece in _segment(text, language):
        end += len(piece)
        boundaries.add(end)
    spans: list[tuple[int, int]] = []
    start = 0
    for end in sorted(boundaries | {len(text)}):
        trimmed = text[start:end].strip()
        if trimmed:
            first = start + text[start:end].index(trimmed)
            spans.append((first, first + len(trimmed)))
        start = end
    return _joined(text, spans)


def _segment(text: str, language: str) -> Iterator[str]:
    """Yield the library's sentences; its time grows with the square of the text, so a long one goes in portions."""
    start = 0
    for stop in _FULL_STOP.finditer(text):
        if stop.end() - start >= _PORTION:
            yield from sentencex.segment(language, text[start : stop.end()])
            start = stop.end()
    if start < len(text):
        yield from sentencex.segment(language, text[start:])


def length(text: str, language: str) -> int:
    """Return the length of a text in the unit of its language: Chinese characters or English words."""
    return len((_HAN if language == "zh" else _WORD).findall(text))


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what is no sentence by itself with the one that follows."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        before = text[joined[-1][0] : joined[-1][1]] if joined else ""
        if before and (_ITEM_NUMBER.fullmatch(before) or _ABBREVIATION.search(before[-12:])):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
