"""How words are found in text: one matcher of many phrases, one fold, one inflector."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from policybook.tables import YamlFile

T = TypeVar("T")
S = TypeVar("S", str, tuple[str, ...])

# Characters that mean the same to a reader, each replaced by one character, so that offsets stay true.
_SAME = str.maketrans(
    {**{chr(0xFF01 + n): chr(0x21 + n) for n in range(94)}, **dict.fromkeys("‐‑‒–—―−﹣", "-"),
     **dict.fromkeys("〜∼", "~"), **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000\t\r\n", " "),
     **dict.fromkeys("“”„‟＂「」", '"'), **dict.fromkeys("‘’‚‛＇", "'"), "﹪": "%", "〇": "零", "○": "零"}
)  # fmt: skip

#: A word with its apostrophes, or one other character that is no space.
ENGLISH = r"[^\W_]+(?:'[^\W_]+)*'?|[^\w\s\"()|?]|_"
_ENGLISH = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?|[^\s\"']")
_LEFT_OUT = re.compile(r"[\s\"']")

# British spelling is read as American; what a rule does to a word it does not mean (promise), it does on both sides.
_BRITISH = ((re.compile(r"is(e|ed|es|er|ing|ation|ations)$"), r"iz\1"),
            (re.compile(r"(?<=\w{3})our(s|ed|ing|er|ers|able)?$"), r"or\1"),
            (re.compile(r"^(cent|met|theat)re(s?)$"), r"\1er\2"), (re.compile(r"^centr(ed|ing)$"), r"center\1"),
            (re.compile(r"^programme(s)?$"), r"program\1"))  # fmt: skip
_LAST_WORD = re.compile(r"(?<![a-z'])[a-z]+$")


def word_list(words: str) -> tuple[str, ...]:
    """Return the words of a string in order."""
    return tuple(words.split())


def word_sets(module: str) -> Mapping[str, frozenset[str]]:
    """Return the lists of words that english.yml beside a module of the package holds, by name."""
    path = Path(module).with_name("english.yml")
    return {name: frozenset(words.split()) for name, words in YamlFile(path, path.name).content.items()}


class _Patterns(dict[str, re.Pattern[str]]):
    """Regular expressions by name, each compiled when it is first wanted: a command wants few of them."""

    def __init__(self, path: Path, parts: Mapping[str, str]) -> None:
        self._path, self._given = path, parts

    @cached_property
    def _forms(self) -> Mapping[str, tuple[str, re.RegexFlag]]:
        content, parts = YamlFile(self._path, self._path.name).content, dict(self._given)

        def written(lines: str) -> str:
            return re.sub(r"\{([a-z_]+)\}", lambda name: parts[name[1]], "".join(lines.splitlines()))

        for name, lines in content.get("parts", {}).items():
            parts[name] = written(lines)
        return {name: (written(lines), flags)
                for case, flags in (("any_case", re.IGNORECASE), ("exact_case", re.NOFLAG))
                for name, lines in content.get(case, {}).items()}  # fmt: skip

    def __missing__(self, name: str) -> re.Pattern[str]:
        self[name] = re.compile(*self._forms[name])
        return self[name]


def read_patterns(module: str, **parts: str) -> Mapping[str, re.Pattern[str]]:
    """Return the regular expressions of the YAML file beside a module of the package, by name.

    The lines of one are joined without anything between them. A {name} in it is one of `parts`, or of those that the
    file gives. The file is read, and an expression compiled, when one is first asked for.
    """
    return _Patterns(Path(module).with_suffix(".yml"), parts)


def fold(text: str, *, keep_dashes: bool = False) -> str:
    """Return `text` with case, width, dashes, quotation marks and spaces levelled; its length does not change.

    A hyphen or dash is a space, or a hyphen with `keep_dashes`: between numbers it says something.
    """
    return _fold(text, keep_dashes) if len(text) > _SENTENCE else _fold_again(text, keep_dashes)


def _fold(text: str, keep_dashes: bool) -> str:
    same = text.translate(_SAME)
    lowered = same.lower()
    if len(lowered) != len(same):  # a few letters become two, such as the Turkish capital I with a dot
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in same)
    return lowered if keep_dashes else lowered.replace("-", " ")


#: A sentence, at most so long, and its clauses are folded by everything that looks for words in them.
_SENTENCE = 2000
_fold_again = lru_cache(maxsize=16384)(_fold)


@lru_cache(maxsize=65536)
def spelling(word: str) -> str:
    """Return a word, in small letters, in American spelling and without a genitive ending."""
    word = word.removesuffix("'").removesuffix("'s")
    for british, american in _BRITISH:
        word = british.sub(american, word)
    return word


# English inflection. lemminflect loads its tables (1 MB) when it is first asked, so it is imported no sooner.


def gerunds(verb: str) -> tuple[str, ...]:
    """Return the -ing forms of a verb: plan → planning; cancel → canceling, cancelling."""
    return _inflect(verb, "VBG")


def third_person(verb: str) -> tuple[str, ...]:
    """Return the forms of a verb with he, she or it: carry → carries."""
    return _inflect(verb, "VBZ")


def past_forms(verb: str) -> tuple[str, ...]:
    """Return the past forms of a verb: limit → limited, take → took."""
    return _inflect(verb, "VBD")


def participles(verb: str) -> tuple[str, ...]:
    """Return the past participles of a verb, a regular one too where there are both: strive → striven, strived."""
    regular = (form for form in past_forms(verb) if form.endswith("ed"))
    return tuple(dict.fromkeys((*_inflect(verb, "VBN"), *regular)))


def plurals(phrase: str) -> tuple[str, ...]:
    """Return an English phrase, in small letters, with the plurals of its last word: city → cities.

    Of a word whose plural is itself a regular one is made too: texts by foreign hands say researches and yuans.
    """
    last = _LAST_WORD.search(phrase)
    if not last:
        return ()
    word, before = last.group(), phrase[: last.start()]
    found = [form for form in _inflect(word, "NNS") if form != word] or _regular_plural(word)
    return tuple(before + form for form in found)


@lru_cache(maxsize=50_000)
def readings(word: str) -> tuple[str, ...]:
    """Return what an English word can be taken for: itself, and the words that it may be an inflection of."""
    word = word.removesuffix("'").removesuffix("'s")
    found = (word, *(lemma for kind in ("NOUN", "VERB", "ADJ") for lemma in _lemmas(word, kind)))
    return tuple(dict.fromkeys(spelling(one) for one in found if one))


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """Return the singular of a plural noun in small letters, the likelier one of several; other words as they are."""
    return next(iter(_lemmas(word, "NOUN")), word)


@lru_cache(maxsize=50_000)
def _inflect(word: str, tag: str) -> tuple[str, ...]:
    """Return the forms of a word for a tag of the Penn Treebank, those only that are one word."""
    import lemminflect

    return tuple(form for form in lemminflect.getInflection(word, tag) if form.isalpha())


@lru_cache(maxsize=50_000)
def _regular_plural(word: str) -> tuple[str, ...]:
    import lemminflect

    return tuple(form for form in lemminflect.getAllInflectionsOOV(word, "NOUN").get("NNS", ()) if form != word)


def _lemmas(word: str, kind: str) -> tuple[str, ...]:
    """Return the base forms of a word as a noun, verb or adjective; by rule where the dictionary does not have it."""
    import lemminflect

    known = lemminflect.getAllLemmas(word)
    if known or not word.isalpha():
        return tuple(known.get(kind, ()))
    return tuple(lemminflect.getAllLemmasOOV(word, kind).get(kind, ()))


class Word(NamedTuple):
    """A word or character of a text: the steps it can be taken for, where it stands, whether it is punctuation."""

    keys: tuple[str, ...]
    mark: bool
    start: int
    end: int


def cut(text: str, language: str) -> list[Word]:
    """Return the words (Chinese: characters) of a text; spaces, hyphens and quotation marks are left out."""
    return [Word(*read_step(step, language), start, end)
            for step, start, end in zip(*cut_steps(text, language), strict=True)]  # fmt: skip


def cut_steps(text: str, language: str) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
    """Return the words that `cut` reads, folded, and where each begins and ends; of Chinese a string of characters."""
    folded = fold(text)
    if language != "zh":
        found = [(one[0], *one.span()) for one in _ENGLISH.finditer(folded)]
        words, starts, ends = zip(*found, strict=True) if found else ((), (), ())
        return words, starts, ends
    if not _LEFT_OUT.search(folded):
        return folded, range(len(folded)), range(1, len(folded) + 1)
    kept = [n for n, char in enumerate(folded) if not _LEFT_OUT.match(char)]
    return "".join(folded[n] for n in kept), kept, [n + 1 for n in kept]


def read_step(word: str, language: str) -> tuple[tuple[str, ...], bool]:
    """Return the steps that a folded word or character can be taken for, and whether it is punctuation."""
    return (word,) if language == "zh" else readings(word), not word[0].isalnum()


# Chinese writes no spaces, so a word can be found where two others meet: 农民工 in 农民工作. What is found is asked
# about only where a word of a dictionary stands across one of its ends; then the likeliest cutting decides.

#: So long are words, in characters, and so far around a place it is cut.
_LONGEST_WORD, _AROUND = 6, 8
#: How often a term stands that the dictionary does not know, in the texts that its counts are from.
_TERM = 10
#: How much likelier (in logarithms) a cutting must be that leaves a character over.
_FAR = 3.0


def cuts_words(text: str, start: int, end: int) -> bool:
    """Whether what stands from `start` to `end` of a Chinese text is made of pieces of other words.

    It is when in the likeliest cutting words reach out over its ends that have one of its characters each, and what is
    left of it is words too. A compound with a whole word of it (服务网络 for 服务) leaves it what it is. The counts
    are those of jieba's dictionary, each word by itself.
    """
    counts, _ = read_dictionary()
    rivals = (text[max(0, start - far) : start + 1] if before else text[end - 1 : end + far]
              for far in range(1, _LONGEST_WORD) for before in (True, False))  # fmt: skip
    if end - start < 2 or not any(len(word) > 1 and word in counts for word in rivals):
        return False
    begin = max(0, start - _AROUND)
    piece, first, last = text[begin : end + _AROUND], start - begin, end - begin
    words, score = _likeliest(piece, first, last)
    over = [(one, other) for one, other in words if one < first < other or one < last < other]
    if not over or any(min(other, last) - max(one, first) > 1 for one, other in over):
        return False
    if all(other - one > 1 for one, other in words if first <= one and other <= last):
        return True
    return end - start == 2 and score - _likeliest(piece, first, last, whole=True)[1] > _FAR


def _likeliest(text: str, first: int, last: int, *, whole: bool = False) -> tuple[list[tuple[int, int]], float]:
    """Return the words of the likeliest cutting, and its logarithm; `whole`: of those with the term in one piece."""
    counts, total = read_dictionary()
    scores, came = [0.0] + [-math.inf] * len(text), [0] * (len(text) + 1)
    for one in range(len(text)):
        for other in range(one + 1, min(len(text), max(one + _LONGEST_WORD, last)) + 1):
            is_term = (one, other) == (first, last)
            if whole and not is_term and one < last and other > first:
                continue
            count = max(counts.get(text[one:other], other == one + 1), _TERM * is_term)
            if count and (score := scores[one] + math.log(count / total)) > scores[other]:
                scores[other], came[other] = score, one
    words, other = [], len(text)
    while other:
        words.append((came[other], other))
        other = came[other]
    return words[::-1], scores[-1]


@cache
def read_dictionary() -> tuple[Mapping[str, int], int]:
    """Return jieba's words with how often they stand, and the sum of it; reading them takes half a second."""
    import jieba

    with jieba.get_dict_file() as file:
        fields = file.read().decode().split()
    counts = {word: int(count) for word, count in zip(fields[::3], fields[1::3], strict=True)}
    return counts, sum(map(int, fields[1::3]))  # as jieba does it: a few words stand twice


@dataclass(frozen=True)
class Match:
    """One occurrence: which phrase's key, and where (code points, end excluded)."""

    key: str
    start: int
    end: int


class Phrases:
    """A set of phrases, each with a key. The leftmost-longest matches are found, without overlap.

    Chinese phrases match anywhere or between words, Latin ones at word boundaries only. The search is Aho and
    Corasick's (1975), by the ahocorasick_rs library.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]], *, decoys: Iterable[str] = (),
                 not_before: Iterable[str] = (), with_plurals: bool = False,
                 whole_words: bool = False) -> None:  # fmt: skip
        """Take (phrase, key) pairs; with `with_plurals` a Latin phrase also matches in the plural.

        What stands within one of `decoys`, which are not matches themselves, is not found, nor what stands before one
        of `not_before`, nor, with `whole_words`, a Chinese phrase that is made of pieces of other words.
        """
        self._not_before, self._whole_words = WordList(map(fold, not_before)), whole_words
        table: dict[str, str] = {}
        for phrase, key in (*phrases, *((decoy, "") for decoy in decoys)):
            folded = _squeeze(fold(phrase.strip()))[0]
            table.setdefault(folded, key)
        for folded, key in list(table.items()) if with_plurals else ():
            if folded.isascii():
                for form in plurals(folded):
                    table.setdefault(form, key)
        table.pop("", None)
        self._patterns: Sequence[str] = list(table)
        self._keys: Sequence[str] = list(table.values())
        self._automaton = AhoCorasick(self._patterns) if self._patterns else None

    def find(self, text: str) -> list[Match]:
        """Return the matches in `text`, in order."""
        if self._automaton is None:
            return []
        folded, stood = _squeeze(fold(text))
        found = [(start, -end, index)
                 for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
                 if _on_boundaries(folded, start, end)]  # fmt: skip
        if not found:
            return []
        matches: list[Match] = []
        for start, minus_end, index in sorted(found):
            key = self._keys[index]
            if (not matches or start >= matches[-1].end) and not (key and self._is_pieces(folded, start, -minus_end)):
                named = not self._not_before.at(folded, -minus_end, len(folded))
                matches.append(Match(key if named else "", start, -minus_end))
        return [Match(match.key, stood[match.start], stood[match.end - 1] + 1) for match in matches if match.key]

    def _is_pieces(self, folded: str, start: int, end: int) -> bool:
        return self._whole_words and not folded[start].isascii() and cuts_words(folded, start, end)


def _squeeze(folded: str) -> tuple[str, Sequence[int]]:
    """Return folded text with runs of spaces as one, and where each of its characters stood."""
    if "  " not in folded:
        return folded, range(len(folded))
    kept = [n for n, char in enumerate(folded) if char != " " or not n or folded[n - 1] != " "]
    return "".join(folded[n] for n in kept), kept


def _on_boundaries(text: str, start: int, end: int) -> bool:
    return not ((start and _is_latin(text[start]) and _is_latin(text[start - 1]))
                or (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])))  # fmt: skip


def _is_latin(char: str) -> bool:
    return char.isalnum() and ord(char) < 0x2E80


class WordList(Generic[S]):
    """A set of words, asked for at the beginning, the end or the inside of a stretch of text.

    A word is a string and so is the text; or both are tuples, of a phrase's words and of a sentence's.
    """

    def __init__(self, *lists: Iterable[S]) -> None:
        self._words: frozenset[S] = frozenset(word for words in lists for word in words)
        self.longest = max(map(len, self._words), default=0)
        # the lengths of words, the longest first, by what they begin and end with: at most places there is none
        first: dict[S, set[int]] = {}
        last: dict[S, set[int]] = {}
        for word in self._words:
            first.setdefault(word[:1], set()).add(len(word))
            last.setdefault(word[-1:], set()).add(len(word))
        empty = {0} if any(not word for word in self._words) else set()
        self._by_first: dict[S, tuple[int, ...]] = {}
        self._by_last: dict[S, tuple[int, ...]] = {}
        for kept, ends in ((self._by_first, first), (self._by_last, last)):
            kept.update((one, tuple(sorted(lengths | empty, reverse=True))) for one, lengths in ends.items())
        self._other = tuple(empty)

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def at(self, text: S, start: int, end: int) -> int:
        """Return the length of the longest word that begins at `start` and ends before `end`; 0 where none does."""
        for length in self._by_first.get(text[start : start + 1], ()):
            if start + length <= end and text[start : start + length] in self._words:
                return length
        return 0

    def closes(self, text: S, start: int, end: int) -> bool:
        """Whether one of the words ends at `end`."""
        return any(self.ending(text, start, end))

    def within(self, text: S, start: int, end: int) -> tuple[int, int] | None:
        """Return where the first, longest word between `start` and `end` stands; None where there is none."""
        lengths, words = self._by_first, self._words
        for place in range(start, end):
            for length in lengths.get(text[place : place + 1], ()):
                if length and place + length <= end and text[place : place + length] in words:
                    return place, place + length
        return None

    def beginning(self, text: S, start: int, end: int) -> list[int]:
        """Return the lengths of the words that begin at `start` and end before `end`, the longest first."""
        lengths = self._by_first.get(text[start : start + 1], self._other)
        return [one for one in lengths if start + one <= end and text[start : start + one] in self._words]

    def ending(self, text: S, start: int, end: int) -> list[int]:
        """Return the lengths of the words that begin behind `start` and end at `end`, the longest first."""
        lengths = self._by_last.get(text[end - 1 : end] if end else text[:0], self._other)
        return [one for one in lengths if end - one >= start and text[end - one : end] in self._words]


# English sentences as words and marks, and phrases asked for at one of their places -------------------

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]")
_MARKS = {"；": ";", "：": ":", "。": "."}
_DASHES = "—–―"


@dataclass(frozen=True)
class EnglishToken:
    """A word, folded, or a mark of punctuation, and where it stands."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or number."""
        return self.text[0].isalnum()


def tokens_of(text: str) -> list[EnglishToken]:
    """Return the words and marks of a sentence; hyphens part words, dashes are marks."""
    plain = text.replace("--", "——")
    folded = fold(plain)
    if any(dash in plain for dash in _DASHES):
        folded = "".join("—" if mark in _DASHES else char for mark, char in zip(plain, folded, strict=True))
    return [EnglishToken(_MARKS.get(match.group(), match.group()), match.start(), match.end())
            for match in _TOKEN.finditer(folded)]  # fmt: skip


class PhraseSet:
    """Phrases of one or more words, asked for at one place of a sentence."""

    def __init__(self, phrases: Iterable[str]) -> None:
        split = {tuple(token.text for token in tokens_of(phrase)) for phrase in phrases}
        self._phrases = WordList(split - {()})
        self._firsts = frozenset(phrase[0] for phrase in split if phrase)

    def __contains__(self, word: object) -> bool:
        return (word,) in self._phrases

    def at(self, tokens: Sequence[EnglishToken], place: int) -> int:
        """Return how many words the longest phrase has that begins at `place`; 0 where none does."""
        if place >= len(tokens) or tokens[place].text not in self._firsts:
            return 0
        words = tuple(token.text for token in tokens[place : place + self._phrases.longest])
        return self._phrases.at(words, 0, len(words))


class FormTable(Generic[T]):
    """Forms, each with a value; a later form that is the same as an earlier one is ignored.

    The text they are looked up in is folded with its dashes kept. A Latin form is found only between word boundaries;
    a digit is none (30km, US$5).
    """

    def __init__(self, forms: Iterable[tuple[str, T]]) -> None:
        self._values: dict[str, T] = {}
        for form, value in forms:
            self._values.setdefault(fold(form, keep_dashes=True), value)
        self._forms = WordList(self._values)

    def at(self, text: str, start: int) -> tuple[int, T] | None:
        """Return the end and the value of the longest form that begins at `start`."""
        for length in self._forms.beginning(text, start, len(text)):
            if not _cuts(text, start + length):
                return start + length, self._values[text[start : start + length]]
        return None

    def ending(self, text: str, end: int) -> tuple[int, T] | None:
        """Return the start and the value of the longest form that ends at `end`."""
        for length in self._forms.ending(text, 0, end):
            if not _cuts(text, end - length):
                return end - length, self._values[text[end - length : end]]
        return None


def _cuts(text: str, place: int) -> bool:
    """Whether `place` stands inside a Latin word."""
    return 0 < place < len(text) and is_letter(text[place - 1]) and is_letter(text[place])


def is_letter(char: str) -> bool:
    """Whether a character is a letter of a script that writes words (not Chinese)."""
    return char.isalpha() and ord(char) < 0x2E80


def skip_spaces(text: str, place: int, *, most: int = 3) -> int:
    """Return the first place behind at most `most` spaces."""
    stop = min(place + most, len(text))
    while place < stop and text[place] == " ":
        place += 1
    return place


def skip_spaces_back(text: str, place: int, *, most: int = 3) -> int:
    """Return the last place in front of at most `most` spaces."""
    stop = max(place - most, 0)
    while place > stop and text[place - 1] == " ":
        place -= 1
    return place
