"""What is doubtful about a text as received: translated by machine, cut short."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import simplemma

from policybook.corpus.marks import Marks
from policybook.corpus.segment import length

_CHINESE_MARKS = re.compile("[，。；：、？！“”《》（）「」【】]")
_QUOTES = re.compile("[“”]")
_GLUED_STOP = re.compile(r"(?<=[a-z]{2}[.;])(?=[A-Z][a-z])")
_WORD = re.compile(r"(?<![A-Za-z])[a-z]{8,}(?![A-Za-z])")
_SMALL_START = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")
_STARTS = re.compile(r"(?:^|(?<=[.!?] ))[A-Za-z]")
_ARTICLE = re.compile(r"\b(?:the|a|an)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?。！？…;；:：][\"'”’」』）)\]》]*\s*$|[」』”]\s*$")
#: Fewer articles in a hundred words than this: hardly written by an English author.
_FEW_ARTICLES = 3.0


def translation_marks(paragraphs: Sequence[str], raw: Sequence[str], marks: Marks) -> list[str]:
    """Return the signs that an English text is a machine translation, in words; empty when it reads as written.

    One sign alone proves nothing, so at least two kinds, or one many times, are asked for.
    """
    text, received = "\n".join(paragraphs), "\n".join(raw)
    words = max(1, length(text, "en"))
    signs: list[tuple[int, str]] = []
    phrases = Counter(marks.translated_wordings(text))
    if phrases:
        best = ", ".join(f"“{phrase}”" for phrase, _ in phrases.most_common(3))
        signs.append((min(3, max(2 * len(phrases), phrases.total())), f"wordings such as {best}"))
    punctuation = len(_CHINESE_MARKS.findall(received)) - len(_QUOTES.findall(received))
    if punctuation:
        signs.append((2 if punctuation > 2 else 1, f"Chinese punctuation ({punctuation}×)"))
    stops = len(_GLUED_STOP.findall(received))
    glued = glued_words(received)
    if together := stops + len(glued):
        example = f", such as “{glued[0]}”" if glued else ""
        signs.append((2 if together > 2 else 1, f"words or sentences run together ({together}×){example}"))
    starts, small = len(_STARTS.findall(text)), len(_SMALL_START.findall(text))
    if starts >= 5 and small > starts / 2:
        signs.append((2, "sentences that begin with small letters"))
    articles = 100 * len(_ARTICLE.findall(text)) / words
    if words >= 100 and articles < _FEW_ARTICLES:
        signs.append((1, f"few articles ({articles:.1f} in 100 words)"))
    return [sign for _, sign in signs] if sum(weight for weight, _ in signs) >= 3 else []


def glued_words(text: str) -> list[str]:
    """Return the words that are none but fall into two that are: "shouldimprove"."""
    known = simplemma.is_known
    candidates = dict.fromkeys(_WORD.findall(text))
    found = []
    for word in candidates:
        if known(word, "en") or (word.endswith("s") and known(word[:-1], "en")):
            continue
        halves = ((word[:n], word[n:]) for n in range(4, len(word) - 3))
        if any(known(a, "en") and known(b, "en") for a, b in halves):
            found.append(word)
    return found


def cut_short(passages: Sequence[str], language: str) -> str:
    """Return the last words of a text that breaks off in mid-sentence; empty when it ends as texts end.

    Signatures, dates and headings at the end are short and need no full stop. Texts that never close a
    paragraph are lists or tables.
    """
    enough = 25 if language == "zh" else 12
    running = [text for text in passages if length(text, language) >= enough]
    if not running:
        return ""
    closed = [bool(_ENDS.search(text)) for text in running]
    if closed[-1] or (len(running) > 2 and sum(closed) < (len(running) - 1) / 2):
        return ""
    return running[-1].strip()[-40:]
