"""Telling a text's language and script from its characters."""

from __future__ import annotations

import re

from policybook.corpus.repair.characters import changed_by_simplifying
from policybook.corpus.repair.han import HAN

_HAN = re.compile(f"[{HAN}]")
#: A text is Traditional where simplifying would change more than this share of its Chinese characters.
TRADITIONAL_SHARE = 0.02


def guess_language(text: str) -> str:
    """Return zh where Chinese characters outnumber a fifth of the Latin letters, else en."""
    han, latin = len(_HAN.findall(text)), len(re.findall("[A-Za-z]", text))
    return "zh" if han * 5 > latin and han else "en"


def guess_script(text: str, language: str) -> str:
    """Return latn, hans or hant: hant where simplifying would change over one Chinese character in fifty."""
    if language != "zh":
        return "latn"
    han = "".join(_HAN.findall(text))
    return "hant" if han and changed_by_simplifying(han) / len(han) > TRADITIONAL_SHARE else "hans"
