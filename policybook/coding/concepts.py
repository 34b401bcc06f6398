"""Finding the concepts of the scheme in every sentence of a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policybook.coding.scheme import Scheme
from policybook.corpus.model import Corpus, records, table
from policybook.corpus.phrases import Phrases

_AMBIGUOUS = "?"


@dataclass(frozen=True)
class FoundConcept:
    """One mention: the concept, where it stands in the sentence, and whether its form is ambiguous."""

    concept: str
    start: int
    end: int
    ambiguous: bool


class ConceptFinder:
    """Finds concepts: the leftmost-longest form wins, and a form nested in it is not counted."""

    def __init__(self, scheme: Scheme) -> None:
        """Prepare the forms of every concept in both languages."""
        concepts = scheme.concepts
        self._phrases = {
            "zh": Phrases((form, concept.id) for concept in concepts for form in concept.zh),
            "en": Phrases(
                [(form, concept.id) for concept in concepts for form in concept.en]
                + [(form, concept.id + _AMBIGUOUS) for concept in concepts for form in concept.ambiguous_en],
                plurals=True,
            ),
        }

    def find(self, text: str, language: str) -> Iterator[FoundConcept]:
        """Yield the mentions in one sentence, in order."""
        for match in self._phrases[language].find(text):
            yield FoundConcept(match.key.rstrip(_AMBIGUOUS), match.start, match.end, match.key.endswith(_AMBIGUOUS))


def code_concepts(corpus: Corpus, scheme: Scheme) -> Corpus:
    """Return the corpus with its `mentions` table filled: one row a mention.

    `counted` is False for mentions that enter no comparison: an ambiguous form, a word that defines the
    corpus, or the name of an institution.
    """
    finder = ConceptFinder(scheme)
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
