"""Concepts are found in sentences: forms, contexts and the longest match."""

import json
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from policybook.coding.scheme import Choice, Gap, NotationForm, Rule, Scheme
from policybook.corpus.corpus import Corpus, records, table
from policybook.corpus.matching import Word, cut, cut_steps, cuts_words, read_step
from policybook.corpus.repair import for_matching
from policybook.project import FINDS, note_read, records_reads

# Finding very many forms in a text at once.
# Every form becomes a position automaton (Glushkov 1961): one state for each step that is written in it. All of them
# are run together, and what they come to after the words seen so far is remembered, so that running on costs one
# look-up a word (a deterministic automaton built as far as texts need it).
Key = TypeVar("Key", bound=Hashable)
Step = TypeVar("Step", bound=Hashable)

#: What has been remembered is forgotten when there is this much of it.
_MOST_REMEMBERED = 300_000


class Hit(NamedTuple, Generic[Key]):
    """An occurrence of a form: its key, the first word and the one after the last."""

    key: Key
    first: int
    last: int


class _Ends(NamedTuple):
    """Of a part of a form: the states it can begin and end with, and whether it can be left out."""

    first: frozenset[int]
    last: frozenset[int]
    optional: bool


class _State(Generic[Key]):
    __slots__ = ("keys", "next", "positions")

    def __init__(self, positions: frozenset[int], keys: tuple[Key, ...]) -> None:
        self.positions = positions
        self.keys = keys
        self.next: dict[Hashable, _State[Key] | None] = {}


#: What a word is read as: the steps it can be taken for, and whether it is punctuation.
_Reading = tuple[tuple[str, ...], bool]


class ConceptPatterns(Generic[Key]):
    """Forms, each with a key. Every occurrence is found, also one inside or across another.

    A form is at most so long, so the time is proportional to the length of the text, whatever it says.
    """

    def __init__(self, forms: Iterable[tuple[NotationForm, Key]]) -> None:
        self._step: list[str | None] = [None]  # None: any word; state 0 is the beginning
        self._behind: list[set[int]] = [set()]
        self._keys: list[list[Key]] = [[]]
        for form, key in forms:
            ends = self._sequence(form)
            self._behind[0] |= self._written(ends.first)
            for state in self._written(ends.last):
                self._keys[state].append(key)
        self._forget()

    def find(self, words: Sequence[Word]) -> Iterator[Hit[Key]]:
        """Yield the occurrences, by first word."""
        return iter(self.run([word[:2] for word in words], lambda reading: reading))

    def run(self, words: Sequence[Step], read: Callable[[Step], _Reading]) -> list[Hit[Key]]:
        """Return the occurrences, by first word; `read` is asked of a word when it is new at a place."""
        if self._remembered > _MOST_REMEMBERED:
            self._forget()
        hits: list[Hit[Key]] = []
        begin = self._start.next
        for first in self._openings(words) if isinstance(words, str) else range(len(words)):
            word = words[first]
            state = begin[word] if word in begin else self._run(self._start, word, read)
            here = first
            while state is not None:
                here += 1
                if state.keys:
                    hits += [Hit(key, first, here) for key in state.keys]
                if here == len(words):
                    break
                word, after = words[here], state.next
                state = after[word] if word in after else self._run(state, word, read)
        return hits

    def _openings(self, text: str) -> Sequence[int]:
        """Return where in a text of characters a form may begin: most places have no two that one begins with."""
        if self._opening is None:
            return range(len(text))
        return sorted({found[1] for found in self._opening.find_matches_as_indexes(text, overlapping=True)})

    @cached_property
    def _opening(self) -> AhoCorasick | None:
        """What forms begin with: two steps, or one where it is all, or where anything may follow it."""
        pairs: set[str] = set()
        for state in self._behind[0]:
            one, behind = self._step[state], {self._step[after] for after in self._behind[state]}
            if one is None:
                return None
            alone = self._keys[state] or None in behind
            pairs |= {one} if alone else {f"{one}{other}" for other in behind}
        return AhoCorasick(sorted(pairs)) if pairs else None

    def _run(self, state: _State[Key], word: Step, read: Callable[[Step], _Reading]) -> _State[Key] | None:
        """Return what the forms come to with one word more; None where none goes on."""
        keys, mark = read(word)
        steps: tuple[str | None, ...] = keys if mark else (*keys, None)
        reached = frozenset(after for position in state.positions for step in steps
                            for after in self._index[position].get(step, ()))  # fmt: skip
        found = self._states.get(reached)
        if reached and found is None:
            ends = dict.fromkeys(key for position in sorted(reached) for key in self._keys[position])
            found = self._states[reached] = _State(reached, tuple(ends))
        state.next[word] = found
        self._remembered += 1
        return found

    def _forget(self) -> None:
        # only looked up, so the order within does not matter
        self._index = [self._by_step(behind) for behind in self._behind]
        self._states: dict[frozenset[int], _State[Key]] = {}
        self._start: _State[Key] = _State(frozenset({0}), ())
        self._remembered = 0

    def _by_step(self, states: Iterable[int]) -> dict[str | None, list[int]]:
        found: dict[str | None, list[int]] = {}
        for state in states:
            found.setdefault(self._step[state], []).append(state)
        return found

    def _written(self, states: Iterable[int]) -> set[int]:
        """Return the states that are steps of a form: where it ends in an optional part, no gap before it counts."""
        return {state for state in states if self._step[state] is not None}

    def _sequence(self, parts: NotationForm) -> _Ends:
        whole = _Ends(frozenset(), frozenset(), optional=True)
        for part in parts:
            ends = self._part(part)
            for state in whole.last:
                self._behind[state] |= ends.first
            whole = _Ends(
                whole.first | ends.first if whole.optional else whole.first,
                ends.last | whole.last if ends.optional else ends.last,
                whole.optional and ends.optional,
            )
        return whole

    def _part(self, part: str | Gap | Choice) -> _Ends:
        if isinstance(part, Choice):
            options = [self._sequence(option) for option in part.options]
            return _Ends(frozenset().union(*(ends.first for ends in options)),
                         frozenset().union(*(ends.last for ends in options)),
                         part.optional or any(ends.optional for ends in options))  # fmt: skip
        if isinstance(part, Gap):
            states = [self._new(None) for _ in range(part.most)]
            for state, after in pairwise(states):
                self._behind[state].add(after)
            return _Ends(frozenset(states[:1]), frozenset(states), optional=True)
        state = self._new(part)
        return _Ends(frozenset({state}), frozenset({state}), optional=False)

    def _new(self, step: str | None) -> int:
        self._step.append(step)
        self._behind.append(set())
        self._keys.append([])
        return len(self._step) - 1


#: How near the words of a rule must stand to the form: words in English, characters in Chinese.
NEAR_CONTEXT = {"zh": 40, "en": 25}
#: No words of a rule take up more than this; it only bounds a search.
_LONGEST = 60


@dataclass(frozen=True)
class FoundConcept:
    """One mention: the concept, where it stands in the sentence, and whether its form is ambiguous."""

    concept: str
    start: int
    end: int
    ambiguous: bool


@dataclass(frozen=True)
class _Form:
    """What a sequence of steps is: a form of a concept."""

    concept: str
    ambiguous: bool = False
    rule: int | None = None


@dataclass(frozen=True)
class _Beside:
    """What a sequence of steps is: words that decide a rule (its number), or words that are no form of a concept."""

    of: int | str
    against: bool


_Places = Mapping[_Beside, Sequence[tuple[int, int]]]
_READ = {language: partial(read_step, language=language) for language in ("zh", "en")}


@dataclass(frozen=True)
class _Span:
    first: int
    last: int
    concept: str
    ambiguous: bool


class ConceptFinder:
    """Finds concepts: of forms that overlap the longest wins, and what lies inside or across it is not counted."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self._rules = [rule for concept in scheme.concepts for rule in concept.rules]
        self._patterns = {language: ConceptPatterns(_forms(scheme, self._rules, language)) for language in ("zh", "en")}

    def find(self, text: str, language: str) -> Iterator[FoundConcept]:
        """Yield the mentions in one sentence, in order; that it was asked for is noted (see note_read)."""
        if records_reads():
            note_read(f"{FINDS} {language} {json.dumps(text)}")
        words, starts, ends = cut_steps(text, language)
        spans = [_without_commas(words, span) for span in self._spans(words, language)]
        if not spans:
            return
        taken = bytearray(len(words))
        chosen = []
        for span in sorted(spans, key=lambda s: starts[s.first] - ends[s.last - 1]):
            start, end = starts[span.first], ends[span.last - 1]
            if taken.find(1, span.first, span.last) < 0 and not (language == "zh" and cuts_words(text, start, end)):
                taken[span.first : span.last] = b"\x01" * (span.last - span.first)
                chosen.append(span)
        for span in sorted(chosen, key=attrgetter("first")):
            yield FoundConcept(span.concept, starts[span.first], ends[span.last - 1], span.ambiguous)

    def is_plain(self, concept: str, text: str, language: str) -> bool:
        """Whether a text is a form of a concept without a gap, so that the scheme says every word of it."""
        note_read("forms")
        words = cut(text, language)
        return Hit(concept, 0, len(words)) in self._plain[language].find(words)

    @cached_property
    def _plain(self) -> Mapping[str, ConceptPatterns[str]]:
        forms = {language: _forms(self.scheme, self._rules, language) for language in ("zh", "en")}
        return {language: ConceptPatterns((_without_gaps(f), key.concept) for f, key in own if isinstance(key, _Form))
                for language, own in forms.items()}  # fmt: skip

    def _spans(self, words: Sequence[str], language: str) -> Iterator[_Span]:
        """Yield what every form in a sentence is read as, by first word; the spans may overlap."""
        forms: dict[tuple[int, int], list[_Form]] = {}
        beside: dict[_Beside, list[tuple[int, int]]] = {}
        for key, first, last in self._patterns[language].run(words, _READ[language]):
            if isinstance(key, _Form):
                forms.setdefault((first, last), []).append(key)
            else:
                beside.setdefault(key, []).append((first, last))
        for (first, last), candidates in forms.items():
            read = [(form.concept, self._judge(form, first, last, beside, language)) for form in candidates]
            sure = list(dict.fromkeys(concept for concept, judged in read if judged == "sure"))
            unsure = [concept for concept, judged in read if judged == "ambiguous"]
            if sure or unsure:
                yield _Span(first, last, (sure or unsure)[0], len(sure) != 1)

    def _judge(self, form: _Form, first: int, last: int, beside: _Places, language: str) -> str:
        if _lies_inside(beside.get(_Beside(form.concept, against=True), ()), first, last):
            return "nothing"
        if form.rule is None:
            return "ambiguous" if form.ambiguous else "sure"
        near = NEAR_CONTEXT[language]
        if _stands_near(beside.get(_Beside(form.rule, against=True), ()), first, last, near):
            return "nothing"
        if _stands_near(beside.get(_Beside(form.rule, against=False), ()), first, last, near):
            return "sure"
        return self._rules[form.rule].undecided


def _without_commas(words: Sequence[str], span: _Span) -> _Span:
    """Return a span without the commas that it begins or ends with: a form may leave out what stands beside them."""
    first, last = span.first, span.last
    while first < last - 1 and words[first] == ",":
        first += 1
    while first < last - 1 and words[last - 1] == ",":
        last -= 1
    return span if (first, last) == (span.first, span.last) else replace(span, first=first, last=last)


def _lies_inside(places: Sequence[tuple[int, int]], first: int, last: int) -> bool:
    """Return whether a form is a part of one of `places` (by first word)."""
    for n in range(bisect_left(places, last - _LONGEST, key=itemgetter(0)), len(places)):
        begin, end = places[n]
        if begin > first:
            return False
        if end >= last:
            return True
    return False


def _stands_near(places: Sequence[tuple[int, int]], first: int, last: int, near: int) -> bool:
    """Return whether one of `places` (by first word) is within `near` words of a form, and not a part of it."""
    for n in range(bisect_left(places, first - near - _LONGEST, key=itemgetter(0)), len(places)):
        begin, end = places[n]
        if begin > last + near:
            return False
        if end >= first - near and not (first <= begin and end <= last):
            return True
    return False


def _forms(scheme: Scheme, rules: Sequence[Rule], language: str) -> Iterator[tuple[NotationForm, _Form | _Beside]]:
    numbers = iter(range(len(rules)))
    for concept in scheme.concepts:
        lists: list[tuple[Sequence[str], _Form | _Beside]] = [
            (getattr(concept, language), _Form(concept.id)),
            (getattr(concept, f"ambiguous_{language}"), _Form(concept.id, ambiguous=True)),
            (getattr(concept, f"not_{language}"), _Beside(concept.id, against=True)),
        ]
        for rule in concept.rules:
            number = next(numbers)
            if rule.language == language:
                lists.append((rule.zh or rule.en, _Form(concept.id, rule=number)))
                lists.append((rule.when, _Beside(number, against=False)))
                lists.append((rule.unless, _Beside(number, against=True)))
        for forms, key in lists:
            yield from ((scheme.parse(form, language), key) for form in forms)


def _without_gaps(form: NotationForm) -> NotationForm:
    return tuple(Choice(tuple(map(_without_gaps, part.options)), part.optional) if isinstance(part, Choice) else part
                 for part in form if not isinstance(part, Gap))  # fmt: skip


def code_concepts(corpus: Corpus, scheme: Scheme, finder: ConceptFinder | None = None) -> Corpus:
    """Return the corpus with its `mentions` table filled: one row a mention; `finder` is that of the scheme, if made.

    `counted` is False for mentions that enter no comparison: an ambiguous form, a word that defines the
    corpus, the name of an institution, or what a sentence says that is not in its document's language.
    """
    finder, other = finder or ConceptFinder(scheme), corpus.foreign
    told = corpus.documents.set_index("document")[["language", "script"]].to_dict("index")
    rows = ({name: getattr(sentence, name) for name in ("sentence", "passage", "block", "document")} | vars(found)
            | {"text": sentence.text[found.start : found.end],
               "counted": not found.ambiguous and scheme.counted(found.concept) and sentence.sentence not in other}
            for sentence in records(corpus.sentences)
            for found in finder.find(for_matching(sentence.text, told[sentence.document]["script"]),
                                     other.get(sentence.sentence, told[sentence.document]["language"])))  # fmt: skip
    return replace(corpus, mentions=table("mentions", rows))
