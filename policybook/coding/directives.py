"""Finding directives: clauses that tell someone to do something, with their strength and policy instrument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policybook.coding.clauses import Directing
from policybook.coding.directives_en import EnglishDirectives
from policybook.coding.directives_zh import ChineseDirectives
from policybook.coding.instrument_scheme import DirectiveScheme, load_directive_scheme
from policybook.coding.instruments import NONE, InstrumentClassifier
from policybook.project import Project


@dataclass(frozen=True)
class FoundDirective:
    """One directive of a sentence: its clause, its strength, its instrument and the instrument's subtype."""

    start: int
    end: int
    strength: str
    instrument: str
    subtype: str | None


class DirectiveFinder:
    """Finds directives."""

    def __init__(self, scheme: DirectiveScheme) -> None:
        """Prepare the words of a scheme in both languages."""
        self._grammars = {"zh": ChineseDirectives(scheme.chinese), "en": EnglishDirectives(scheme.english)}
        self._classifier = InstrumentClassifier(scheme.rules)

    def find(self, text: str, language: str) -> Iterator[FoundDirective]:
        """Yield the directives of one sentence, in order."""
        for clause in self.clauses(text, language):
            instrument, subtype = self._classify(text, clause, language)
            yield FoundDirective(clause.start, clause.end, clause.strength, instrument, subtype)

    def clauses(self, text: str, language: str) -> list[Directing]:
        """Return the directing clauses of one sentence, in order, with where their subject begins."""
        return self._grammars[language].find(text)

    def _classify(self, text: str, clause: Directing, language: str) -> tuple[str, str | None]:
        """Return the instrument; a passive clause is about its subject, and so is one whose verb phrase tells nothing."""
        whole = text[clause.subject : clause.end]
        if clause.passive:
            return self._classifier.classify(whole, language)
        found = self._classifier.classify(text[clause.start : clause.end], language)
        return found if found != NONE else self._classifier.classify(whole, language)


def load_directive_finder(project: Project) -> DirectiveFinder:
    """Return the finder with the words of data/lexicon/instruments.yml. Raises InvalidDataError when it has mistakes."""
    return DirectiveFinder(load_directive_scheme(project))
