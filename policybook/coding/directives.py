"""Directives: clauses that tell someone to do something, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policybook.coding.directives_en import EnglishDirectives
from policybook.coding.directives_zh import ChineseDirectives
from policybook.coding.instruments import NONE, Directing, DirectiveScheme, InstrumentClassifier, load_directive_scheme
from policybook.project import Project

# Behind these a clause says what for; behind a mere "to" it may also say what.
_PURPOSE = re.compile(r"(?<=[a-z,] )(?:so as to|so that|in order (?:to|that)|thereby|thus)\b", re.IGNORECASE)
_INFINITIVE = re.compile(r"(?<=[a-z,] )to (?!the |an? |our |their |its |all )[a-z]+ ", re.IGNORECASE)
# Words of this weight in front of the purpose settle what a directive is about.
_TELLING = 3


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
        self._chinese, self._english = ChineseDirectives(scheme.chinese), EnglishDirectives(scheme.english)
        self._classifier = InstrumentClassifier(scheme.rules)

    def find(self, text: str, language: str) -> Iterator[FoundDirective]:
        """Yield the directives of one sentence, in order."""
        for clause in self.clauses(text, language):
            instrument, subtype = self._classify(text, clause, language)
            yield FoundDirective(clause.start, clause.end, clause.strength, instrument, subtype)

    def clauses(self, text: str, language: str) -> list[Directing]:
        """Return the directing clauses of one sentence, in order, with where their subject begins."""
        return self._chinese.find(text) if language == "zh" else self._english.find(text)

    def _classify(self, text: str, clause: Directing, language: str) -> tuple[str, str | None]:
        """Return the instrument of what a clause is mainly about: its object, or if it is passive its subject.

        The purpose behind it (so as to …), and the subject of an active clause, settle only what that leaves open.
        """
        whole = text[clause.subject : clause.end]
        main = whole if clause.passive else text[clause.start : clause.end]
        stretches = [(main, 1), (whole, 1), (main, 0)]
        infinitive, purpose = _INFINITIVE.search(main), _PURPOSE.search(main)
        if purpose:
            stretches.insert(0, (main[: purpose.start()], 1))
        if infinitive and clause.strength != "encouragement":  # whom it encourages says little, to what says much
            stretches.insert(0, (main[: infinitive.start()], _TELLING))
        found = (self._classifier.classify(stretch, language, least=least) for stretch, least in stretches)
        return next((named for named in found if named != NONE), NONE)


def load_directive_finder(project: Project) -> DirectiveFinder:
    """Return the finder with data/lexicon/instruments.yml. Raises InvalidDataError when it has mistakes."""
    return DirectiveFinder(load_directive_scheme(project))
