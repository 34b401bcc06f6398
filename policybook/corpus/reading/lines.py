"""How the lines of a page or of a soft-wrapped paragraph are joined to running text."""

from __future__ import annotations

import re

from policybook.corpus.reading.words import words

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—"
_ENDS_SENTENCE = re.compile(r"[。！？；!?;：:.…][\"”’'」』）)\]】]*\s*$")
_SPACE = re.compile("[ \t\r\n\f\v\xa0]+")
_WIDE_CHARACTER = re.compile(f"[{_WIDE}]")


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends with punctuation that ends a sentence."""
    return bool(_ENDS_SENTENCE.search(line))


def squeeze(text: str) -> str:
    """Return text as a browser shows it: one space for white space, none for a line end between Chinese characters."""
    return _SPACE.sub(_shown_space, text).strip(" \u3000\u2002\u2003\ufeff")


def join(before: str, after: str) -> str:
    """Return two lines of one paragraph joined: Chinese without a space, English with one, hyphens undone."""
    before, after = before.rstrip(), after.lstrip()
    if not before or not after:
        return before or after
    if before.endswith("\xad"):
        return before[:-1] + after
    if re.search(r"[a-z]-$", before) and after[0].islower():
        return _dehyphenated(before, after)
    if _WIDE_CHARACTER.match(before[-1]) or (_WIDE_CHARACTER.match(after[0]) and before[-1] not in ".,;:!?"):
        return before + after
    return f"{before} {after}"


def _shown_space(match: re.Match[str]) -> str:
    start, end, text = match.start(), match.end(), match.string
    if start == 0 or end == len(text) or not ("\n" in match.group() or "\r" in match.group()):
        return " "
    between_wide = _WIDE_CHARACTER.match(text[start - 1]) and _WIDE_CHARACTER.match(text[end])
    return "" if between_wide else " "


def _dehyphenated(before: str, after: str) -> str:
    """Undo a hyphen at the end of a line, unless the word keeps it: well-being, rural-urban."""
    left = re.search(r"([A-Za-z]+)-$", before)
    right = re.match(r"[a-z]+", after)
    if left and right and _is_compound(left.group(1).lower(), right.group()):
        return before + after
    return before[:-1] + after


_PARTS = words(
    "rural urban well self long short high low medium large small new old state market people policy year land socio "
    "cross inter non multi public private semi full half part time level term scale quality income carbon water "
    "being based oriented led owned run built related wide making depth"
)


def _is_compound(left: str, right: str) -> bool:
    return left in _PARTS and (right in _PARTS or left in {"self", "socio", "well", "non"})
