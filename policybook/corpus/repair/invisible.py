"""Characters that no reader sees: they go, and odd spaces become a plain one."""

from __future__ import annotations

import re

from policybook.corpus.repair.han import HAN

# Zero-width and bidi characters, control characters, annotation anchors, variation selectors, tags.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
    rf"|(?<=[{HAN}])\ufe0f"
)
_ODD_SPACE = re.compile("[\x0b\x0c\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
# Between two Chinese characters a thin space is a remnant of typesetting, and stands for no space at all.
_THIN_SPACE = re.compile(rf"(?<=[{HAN}])[\u2005-\u200a\u202f\u205f]+(?=[{HAN}])")
_RUN = re.compile("[ \t]{2,}|\t| *(?:\u3000 *){2,}| +\u3000 *|\u3000 +")


def drop_invisible(text: str) -> tuple[str, int]:
    """Return the text without unseen characters and with plain spaces, and how many changes that took.

    A single ideographic space is punctuation in Chinese and stays; a run of spaces counts as one change.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text, 0
    total = 0
    for pattern, put in ((_UNSEEN, ""), (_THIN_SPACE, ""), (_ODD_SPACE, " "), (_RUN, None)):
        text, made = pattern.subn(_one_space if put is None else put, text)
        total += made
    return text, total


def _one_space(run: re.Match[str]) -> str:
    return "\u3000" if "\u3000" in run.group() else " "
