"""Characters that are gone for good: nothing here puts them back, but a reader must be told."""

from __future__ import annotations

import re

from policybook.corpus.repair.han import HAN

_LOST = re.compile("[\ufffd\ue000-\uf8ff]|ï¿½|锟斤拷")
_QUESTION_MARKS = re.compile(rf"\?{{3,}}|(?<=[{HAN}A-Za-z])\?{{2}}(?=[{HAN}a-z])|(?<=[{HAN}])\?(?=[{HAN}]\?[{HAN}])")
_BOX = re.compile(rf"(?<=[{HAN}])□+(?=[{HAN}，。、；：])")
# A form to be ticked: a box that opens a line, an item or a bracket.
_TICK_BOX = re.compile(r"(?:^|[\s(（:：、，,;；])□")


def lost_characters(text: str) -> int:
    """Return how many characters of a text were lost: replacement signs, empty boxes, runs of question marks."""
    lost = len(_LOST.findall(text)) + sum(len(run) for run in _QUESTION_MARKS.findall(text))
    if "□" in text and not _TICK_BOX.search(text):
        lost += sum(len(run) for run in _BOX.findall(text))
    return lost
