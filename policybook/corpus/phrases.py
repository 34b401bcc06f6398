"""Finding many fixed phrases in a text at once, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

# Characters that mean the same to a reader, each replaced by one character, so that offsets stay true.
_SAME = str.maketrans(
    {
        **dict.fromkeys("-‐‑‒–—―－\u00a0\u3000\t\n", " "),
        **dict.fromkeys("“”„‟＂「」", '"'),
        **dict.fromkeys("‘’‚‛＇", "'"),
        "（": "(",
        "）": ")",
        "，": ",",
        "％": "%",
    }
)


def fold(text: str) -> str:
    """Return `text` with case, dashes, quotes and brackets levelled; its length does not change."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters become two, such as the Turkish capital I with a dot
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(_SAME)


def squeeze(folded: str) -> tuple[str, Sequence[int]]:
    """Return folded text with runs of spaces as one, and where each of its characters stood."""
    if "  " not in folded:
        return folded, range(len(folded))
    kept = [n for n, char in enumerate(folded) if char != " " or not n or folded[n - 1] != " "]
    return "".join(folded[n] for n in kept), kept


def plural(phrase: str) -> str:
    """Return an English phrase with the regular plural of its last word."""
    if phrase.endswith(("s", "x", "z", "ch", "sh")):
        return phrase + "es"
    if phrase.endswith("y") and phrase[-2:-1] not in "aeiou":
        return phrase[:-1] + "ies"
    return phrase + "s"


@dataclass(frozen=True)
class Match:
    """One occurrence: which phrase's key, and where (code points, end excluded)."""

    key: str
    start: int
    end: int


class Phrases:
    """A set of phrases, each with a key. The leftmost-longest matches are found, without overlap.

    Chinese phrases match anywhere, Latin ones at word boundaries only. The search is Aho and
    Corasick's (1975), by the ahocorasick_rs library.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]], *, plurals: bool = False) -> None:
        """Take (phrase, key) pairs; with `plurals` a Latin phrase also matches in the plural."""
        table: dict[str, str] = {}
        for phrase, key in phrases:
            folded = squeeze(fold(phrase.strip()))[0]
            table.setdefault(folded, key)
        for folded, key in list(table.items()) if plurals else ():
            if folded.isascii() and folded[-1:].isalpha():
                table.setdefault(plural(folded), key)
        table.pop("", None)
        self._patterns: Sequence[str] = list(table)
        self._keys: Sequence[str] = list(table.values())
        self._automaton = AhoCorasick(self._patterns) if self._patterns else None

    def find(self, text: str) -> list[Match]:
        """Return the matches in `text`, in order."""
        if self._automaton is None:
            return []
        folded, stood = squeeze(fold(text))
        found = [
            (start, -end, index)
            for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if _on_boundaries(folded, start, end)
        ]
        matches: list[Match] = []
        for start, minus_end, index in sorted(found):
            if not matches or start >= matches[-1].end:
                matches.append(Match(self._keys[index], start, -minus_end))
        return [Match(match.key, stood[match.start], stood[match.end - 1] + 1) for match in matches]


def _on_boundaries(text: str, start: int, end: int) -> bool:
    return not (
        (start and _is_latin(text[start]) and _is_latin(text[start - 1]))
        or (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))
    )


def _is_latin(char: str) -> bool:
    return char.isalnum() and ord(char) < 0x2E80
