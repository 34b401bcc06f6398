"""English words that lost the space between them, found by dictionary and split."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from policybook.corpus.matching import read_patterns, word_sets
from policybook.corpus.pinyin import split_syllables

#: English words by what they are there for; english.yml says it.
_WORDS = word_sets(__file__)
FUNCTION_WORDS, SHORT_WORDS, PREFIXES = _WORDS["function"], _WORDS["short"], _WORDS["prefixes"]
CERTAINLY_GLUED = _WORDS["certainly_glued"]
_FORMS = read_patterns(__file__)
_ENDINGS = tuple(pair.split("-") for pair in _WORDS["endings"])


@lru_cache(maxsize=65536)
def is_listed(word: str) -> bool:
    """Return whether a word stands in simplemma's English dictionary, in any case."""
    from simplemma import is_known  # slow to import

    return bool(is_known(word, lang="en"))


@lru_cache(maxsize=65536)
def is_word(word: str) -> bool:
    """Return whether small letters are a word, a regular derivation of one, or one behind a prefix."""
    if is_derived(word):
        return True
    for size in range(2, min(8, len(word) - 3)):
        rest = word[size:]
        if word[:size] in PREFIXES and rest not in FUNCTION_WORDS and len(rest) >= 4 and is_derived(rest):
            return True
    return False


@lru_cache(maxsize=65536)
def is_derived(word: str) -> bool:
    """Return whether a word is listed or regularly derived from a listed one."""
    return is_listed(word) or any(is_listed(stem) for stem in _stems(word))


def may_stand_first(word: str) -> bool:
    """Return whether a word may be the first of two that were glued."""
    return word in _WORDS["short_before"] or _is_half(word)


def may_stand_last(word: str) -> bool:
    """Return whether a word may be the last of two that were glued."""
    return word in _WORDS["short_after"] or _is_half(word)


def ends_a_compound(word: str) -> bool:
    """Return whether a word commonly ends closed compounds."""
    return word in _WORDS["compound_ends"]


def _is_half(word: str) -> bool:
    if len(word) <= 2:
        return False
    if word in FUNCTION_WORDS or word in SHORT_WORDS:
        return True
    return len(word) >= 5 and (is_listed(word) or (word.startswith("un") and is_listed(word[2:])))


def _stems(word: str) -> list[str]:
    stems = []
    for ending, put in _ENDINGS:
        stem = word[: -len(ending)] + put
        if word.endswith(ending) and len(stem) >= 4:
            stems.append(stem)
            if not put and len(stem) > 4 and stem[-1] == stem[-2]:
                stems.append(stem[:-1])
    return stems


_WORD = re.compile(r"[A-Za-z]+")
#: A word with a capital that no sentence begins with.
_WITHIN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
#: Two words of content need this many letters together, unless the text itself shows them side by side.
LONG_ENOUGH = 9
#: A token this frequent is a word of its own in this text.
FREQUENT = 3
#: The best split must be this much better than the next.
MARGIN = 0.5


@dataclass(frozen=True)
class _Place:
    capital: bool = False
    starts: bool = False
    hyphen_after: bool = False


class GluedWords:
    """Splits glued words, knowing which words and pairs of words the document has elsewhere."""

    def __init__(self, document_text: str) -> None:
        words = _WORD.findall(document_text)
        small = [word.lower() for word in words]
        self._counts = Counter(small)
        self._capitals = frozenset(word.lower() for word in words if word[0].isupper() and not word.isupper())
        self._pairs = frozenset(pairwise(small))
        self._names = frozenset(word.lower() for word in _WITHIN.findall(document_text))
        self._known: dict[tuple[str, _Place], tuple[str, ...]] = {}

    def split(self, text: str) -> tuple[str, int]:
        """Return the text with a space put into every glued word, and how many were put."""
        inside = addresses(text)
        pieces: list[str] = []
        last = made = 0
        for match in _FORMS["token"].finditer(text):
            if match.start() in inside:
                continue
            parts = self._parts(match.group(), text[max(0, match.start() - 2) : match.start()],
                                text[match.end() : match.end() + 2])  # fmt: skip
            if len(parts) < 2:
                continue
            pieces += [text[last : match.start()], " ".join(parts)]
            last = match.end()
            made += len(parts) - 1
        pieces.append(text[last:])
        return self._split_possessives("".join(pieces), made)

    def _split_possessives(self, text: str, made: int) -> tuple[str, int]:
        """Put a space into county'sdevelopment."""

        def put(match: re.Match[str]) -> str:
            rest = match.group(1)
            return match.group() if is_word(match.group()) or not may_stand_last(rest) else f"s {rest}"

        repaired = _FORMS["after_possessive"].sub(put, text)
        return repaired, made + len(repaired) - len(text)

    def _parts(self, token: str, before: str, after: str) -> tuple[str, ...]:
        """Return the words of a token with their capital, or the token alone."""
        place = _Place(capital=token[0].isupper(), starts=bool(_FORMS["sentence_start"].search(before)),
                       hyphen_after=after[:1] == "-" and after[1:].isalpha())  # fmt: skip
        key = (token.lower(), place)
        if key not in self._known:
            self._known[key] = self._best(*key)
        parts = self._known[key]
        if len(parts) < 2:
            return (token,)
        return (token[: len(parts[0])], *parts[1:])

    def _best(self, token: str, place: _Place) -> tuple[str, ...]:
        certain = token in CERTAINLY_GLUED and not place.capital
        if not certain and (is_word(token) or split_syllables(token)):
            return ()
        if not place.capital and token in self._capitals:
            return ()
        for count in (2, 3, 4):
            scored = sorted(self._splits(token, count, place), reverse=True)
            if scored and (len(scored) == 1 or scored[0][0] - scored[1][0] > MARGIN):
                return scored[0][1]
            if scored:
                return ()
        return ()

    def _splits(self, token: str, count: int, place: _Place) -> list[tuple[float, tuple[str, ...]]]:
        """Return (score, parts) of every way to cut a token into so many words that may stand there."""
        found = []
        for cuts in combinations(range(1, len(token)), count - 1):
            parts = tuple(token[a:b] for a, b in zip((0, *cuts), (*cuts, len(token)), strict=True))
            if self._may_be(parts, place):
                found.append((sum(map(self._weight, parts)), parts))
        return found

    def _may_be(self, parts: tuple[str, ...], place: _Place) -> bool:
        first, last = parts[0], parts[-1]
        if not (may_stand_first(first) or self._used(first)):
            return False
        if not (may_stand_last(last) or self._used(last) or (place.hyphen_after and last in PREFIXES)):
            return False
        if any(len(part) < 2 or not may_stand_last(part) for part in parts[1:-1]):
            return False
        grammar = sum(part in FUNCTION_WORDS for part in parts)
        if len(parts) == 3 and not grammar:
            return min(map(len, parts)) >= 5 and not (place.capital or place.hyphen_after or ends_a_compound(last))
        if len(parts) > 2:
            return (
                grammar >= len(parts) - 2 and len(first) > 1 < len(last) and not (place.capital or place.hyphen_after)
            )
        if place.capital and not self._capital_may_be(first, last, place.starts and "".join(parts) not in self._names):
            return False
        if grammar:
            return self._grammar_may_be(first, last)
        return not place.hyphen_after and self._content_may_be(first, last)

    def _used(self, part: str) -> bool:
        """Whether the document uses a word that no dictionary has (hukou)."""
        return len(part) >= 4 and self._counts[part] >= 2

    def _capital_may_be(self, first: str, last: str, starts: bool) -> bool:
        """A name may look like two words: only a certain word of grammar, or a pair that the text has, will do.

        `starts`: it begins a sentence, and is written small elsewhere or nowhere. A word of grammar has a capital there
        alone: Norland is a country.
        """
        if (first, last) in self._pairs:
            return True
        if first in FUNCTION_WORDS and len(first) >= 3:
            return starts and len(last) >= 4 and first not in ("may", "can", "all", "over", "under", "most", "out")
        if first in _WORDS["beginnings"]:
            return starts and (last in FUNCTION_WORDS or last in SHORT_WORDS or len(last) >= 5)
        if last in FUNCTION_WORDS:
            return len(first) >= 5 and (len(last) >= 3 or last in ("of", "to") or self._counts[first] > 0)
        return len(first) >= 5 and len(last) >= 5 and (self._counts[first] > 0 or starts)

    def _grammar_may_be(self, first: str, last: str) -> bool:
        if first in PREFIXES and last not in FUNCTION_WORDS:
            return False
        if last in ("out", "up"):
            return first.endswith(("ed", "ing")) or (first, last) in self._pairs
        if len(first) == 1:
            return len(last) >= 4
        if len(last) <= 2 and last not in ("of", "to", "we"):
            return len(first) >= 5 or first in FUNCTION_WORDS or self._counts[first] > 0
        return True

    def _content_may_be(self, first: str, last: str) -> bool:
        if (first, last) in self._pairs:
            return True
        if first in PREFIXES or self._counts[first + last] >= FREQUENT:
            return False
        if ends_a_compound(last) and len(first) <= 7 and not first.endswith(("ion", "ies", "ity")):
            return False
        return len(first) + len(last) >= LONG_ENOUGH or (self._counts[first] > 0 and self._counts[last] > 0)

    def _weight(self, part: str) -> float:
        if part in FUNCTION_WORDS:
            return 3.6 if part in _WORDS["commonest"] else 3.0
        return (2.0 if is_derived(part) else 0.0) + min(1.0, self._counts[part] / 2) + len(part) / 100


def addresses(text: str) -> frozenset[int]:
    """Return every position of a text that is inside a web or mail address or a file name."""
    if not _FORMS["may_hold_address"].search(text):
        return frozenset()
    return frozenset(place for match in _FORMS["address"].finditer(text) for place in range(*match.span()))
