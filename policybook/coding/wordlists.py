"""Looking for the words of a list at one place of a text."""

from __future__ import annotations

from collections.abc import Iterable


class WordList:
    """A set of words, asked for at the beginning, the end or the inside of a stretch of text."""

    def __init__(self, *lists: Iterable[str]) -> None:
        """Take every word of every list."""
        self._words = frozenset(word for words in lists for word in words)
        self._lengths = sorted({len(word) for word in self._words}, reverse=True)

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def at(self, text: str, start: int, end: int) -> int:
        """Return the length of the longest word that begins at `start` and ends before `end`; 0 where none does."""
        for length in self._lengths:
            if start + length <= end and text[start : start + length] in self._words:
                return length
        return 0

    def closes(self, text: str, start: int, end: int) -> bool:
        """Whether one of the words ends at `end`."""
        return any(end - length >= start and text[end - length : end] in self._words for length in self._lengths)

    def within(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Return where the first, longest word between `start` and `end` stands; None where there is none."""
        for place in range(start, end):
            length = self.at(text, place, end)
            if length:
                return place, place + length
        return None
