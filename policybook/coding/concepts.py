"""Finding the concepts of the scheme in every sentence of a corpus."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter

from policybook.coding.notation import Form
from policybook.coding.patterns import Patterns
from policybook.coding.scheme import Rule, Scheme
from policybook.corpus.matching import Word, cut
from policybook.corpus.model import Corpus, records, table

#: How near the words of a rule must stand to the form: words in English, characters in Chinese.
NEAR = {"zh": 40, "en": 25}
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


@dataclass(frozen=True)
class _Span:
    """Words that are read as one concept."""

    first: int
    last: int
    concept: str
    ambiguous: bool


class ConceptFinder:
    """Finds concepts: of forms that overlap the longest wins, and what lies inside or across it is not counted."""

    def __init__(self, scheme: Scheme) -> None:
        """Prepare the forms of every concept in both languages."""
        self._rules = [rule for concept in scheme.concepts for rule in concept.rules]
        self._patterns = {language: Patterns(_forms(scheme, self._rules, language)) for language in ("zh", "en")}

    def find(self, text: str, language: str) -> Iterator[FoundConcept]:
        """Yield the mentions in one sentence, in order."""
        words = cut(text, language)
        taken = bytearray(len(words))
        chosen = []
        for span in sorted(self._spans(words, language), key=lambda s: words[s.first].start - words[s.last - 1].end):
            if taken.find(1, span.first, span.last) < 0:
                taken[span.first : span.last] = b"\x01" * (span.last - span.first)
                chosen.append(span)
        for span in sorted(chosen, key=attrgetter("first")):
            yield FoundConcept(span.concept, words[span.first].start, words[span.last - 1].end, span.ambiguous)

    def _spans(self, words: Sequence[Word], language: str) -> Iterator[_Span]:
        """Yield what every form in a sentence is read as, by first word; the spans may overlap."""
        forms: dict[tuple[int, int], list[_Form]] = {}
        beside: dict[_Beside, list[tuple[int, int]]] = {}
        for hit in self._patterns[language].find(words):
            if isinstance(hit.key, _Form):
                forms.setdefault((hit.first, hit.last), []).append(hit.key)
            else:
                beside.setdefault(hit.key, []).append((hit.first, hit.last))
        for (first, last), candidates in forms.items():
            read = [(form.concept, self._judge(form, first, last, beside, language)) for form in candidates]
            sure = list(dict.fromkeys(concept for concept, judged in read if judged == "sure"))
            unsure = [concept for concept, judged in read if judged == "ambiguous"]
            if sure or unsure:
                yield _Span(first, last, (sure or unsure)[0], len(sure) != 1)

    def _judge(self, form: _Form, first: int, last: int, beside: _Places, language: str) -> str:
        """Return sure, ambiguous or nothing."""
        if _lies_inside(beside.get(_Beside(form.concept, against=True), ()), first, last):
            return "nothing"
        if form.rule is None:
            return "ambiguous" if form.ambiguous else "sure"
        near = NEAR[language]
        if _stands_near(beside.get(_Beside(form.rule, against=True), ()), first, last, near):
            return "nothing"
        if _stands_near(beside.get(_Beside(form.rule, against=False), ()), first, last, near):
            return "sure"
        return self._rules[form.rule].undecided


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


def _forms(scheme: Scheme, rules: Sequence[Rule], language: str) -> Iterator[tuple[Form, _Form | _Beside]]:
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


def code_concepts(corpus: Corpus, scheme: Scheme, finder: ConceptFinder | None = None) -> Corpus:
    """Return the corpus with its `mentions` table filled: one row a mention; `finder` is that of the scheme, if made.

    `counted` is False for mentions that enter no comparison: an ambiguous form, a word that defines the
    corpus, or the name of an institution.
    """
    finder = finder or ConceptFinder(scheme)
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    rows = (
        {
            "sentence": sentence.sentence,
            "passage": sentence.passage,
            "block": sentence.block,
            "document": sentence.document,
            "concept": found.concept,
            "start": found.start,
            "end": found.end,
            "text": sentence.text[found.start : found.end],
            "ambiguous": found.ambiguous,
            "counted": not found.ambiguous and scheme.counted(found.concept),
        }
        for sentence in records(corpus.sentences)
        for found in finder.find(sentence.text, languages[sentence.document])
    )
    return replace(corpus, mentions=table("mentions", rows))
