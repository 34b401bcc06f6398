"""Doubled punctuation, full-width digits and letters, and missing spaces."""

from __future__ import annotations

import re

_DOUBLED_CHINESE = re.compile(r"([，、；：])(?:[ \t]*\1)+|(。)[ \t]*。(?![ \t]*。)(?<!。。。)")
_MIXED = re.compile(r"(?:，[ \t]*,|,[ \t]*，)(?=[^\W\d_])|(?:；[ \t]*;|;[ \t]*；)|(?:：[ \t]*:|:[ \t]*：)")
_DOUBLED_LATIN = re.compile(r"(?<=[\w)\]”\"’%])([,;])(?:[ \t]*\1)+")
_DOUBLED_STOP = re.compile(r"(?<=[a-z)\]”\"’%])\.[ \t]?\.(?=\s|$)(?<!\.\.\.)")
_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ％]")
_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[．－／＋＝](?=\d)")

_STOP_THEN_CAPITAL = re.compile(r"(?<=[a-z0-9)\]%\"”'’])([.!?][\"”]?)(?=[\"“(]?[A-Z][a-z ])")
_STOP_THEN_CAPITALS = re.compile(r"(?<=[a-z]{4})\.(?=[A-Z]{2,}\s)")
_STOP_THEN_SMALL = re.compile(r"(?<=[a-z]{3})\.(?=[a-z]{3,}(?![\w@/]|\.\w))")
_COMMA_THEN_LETTER = re.compile(r"(?<=[A-Za-z\"”)])([,;])(?=[A-Za-z“]|\"[A-Za-z])")
_COMMA_AND_NUMBER = re.compile(r"(?<=[a-z]{3}),(?=\d{4}\b(?!,))|(?<=\d[\d%]),(?=[a-z]{2,})")
# Lengths are bounded, so that a line of a million letters takes no longer than a million short ones.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}|"
    r"\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.(?:com|cn|org|net|gov|edu|info|html?|pdf|txt|docx?)\b"
)
_MAY_HOLD_ADDRESS = re.compile(r"@|://|\w\.\w")


def single_punctuation(text: str) -> tuple[str, int]:
    """Return the text with commas, stops and the like once where they were doubled, and how many were."""
    total = 0
    for pattern, put in (
        (_DOUBLED_CHINESE, lambda m: m.group(1) or m.group(2)),
        (_MIXED, lambda m: m.group()[0] if ord(m.group()[0]) > 127 else m.group()[-1]),
        (_DOUBLED_LATIN, lambda m: m.group(1)),
        (_DOUBLED_STOP, lambda _: "."),
    ):
        text, made = pattern.subn(put, text)
        total += made
    return text, total


def half_width(text: str) -> tuple[str, int]:
    """Return the text with full-width digits, letters and % as plain ones; Chinese punctuation stays."""
    text, total = _FULL_WIDTH.subn(lambda m: m.group().translate(_TO_HALF), text)
    if total:
        text, made = _BETWEEN_DIGITS.subn(lambda m: m.group().translate(_TO_HALF), text)
        total += made
    return text, total


def space_after_stops(text: str) -> tuple[str, int]:
    """Return English with a space after stops, commas and semicolons; addresses and numbers are left alone."""
    total = 0
    for pattern in (
        _STOP_THEN_CAPITAL,
        _STOP_THEN_CAPITALS,
        _STOP_THEN_SMALL,
        _COMMA_THEN_LETTER,
        _COMMA_AND_NUMBER,
    ):
        inside = addresses(text)
        text, made = _insert_spaces(pattern, text, inside)
        total += made
    return text, total


def addresses(text: str) -> frozenset[int]:
    """Return every position of a text that is inside a web or mail address or a file name."""
    if not _MAY_HOLD_ADDRESS.search(text):
        return frozenset()
    return frozenset(place for match in _ADDRESS.finditer(text) for place in range(*match.span()))


def _insert_spaces(pattern: re.Pattern[str], text: str, addresses: frozenset[int]) -> tuple[str, int]:
    ends = [match.end() for match in pattern.finditer(text) if match.start() not in addresses]
    pieces = [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    return " ".join(pieces), len(ends)
