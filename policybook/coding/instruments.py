"""By what means a directive reaches its end: its policy instrument, after Rothwell and Zegveld."""

from __future__ import annotations

import re

from policybook.coding.instrument_scheme import InstrumentRule
from policybook.corpus.matching import Phrases, fold, spelling

NONE = ("none", None)
_WORD = re.compile("[a-z]+")


class InstrumentClassifier:
    """Names the instrument of a clause by the rules of data/lexicon/instruments.yml.

    The three kinds of instrument are those of R. Rothwell and W. Zegveld, Industrial Innovation and Public Policy
    (London: Pinter, 1981): supply gives inputs, environment sets conditions, demand pulls.
    """

    def __init__(self, rules: tuple[InstrumentRule, ...]) -> None:
        """Prepare the words of every rule."""
        self._rules = rules
        self._phrases = {
            "zh": Phrases((word, str(n)) for n, rule in enumerate(rules) for word in rule.zh),
            "en": Phrases(
                ((_american(word), str(n)) for n, rule in enumerate(rules) for word in rule.en), with_plurals=True
            ),
        }

    def classify(self, clause: str, language: str, *, least: int = 1) -> tuple[str, str | None]:
        """Return instrument and subtype of a clause; ("none", None) where no rule's words stand in it.

        The weightiest word decides. Of equals it is the first in English and the last in Chinese, because there
        the head of the object stands. Words of less weight than `least` do not count.
        """
        best: InstrumentRule | None = None
        read = _american(clause) if language == "en" else clause
        for match in self._phrases[language].find(read):
            rule = self._rules[int(match.key)]
            if rule.weight < least:
                continue
            if best is None or rule.weight > best.weight or (language == "zh" and rule.weight == best.weight):
                best = rule
        return (best.instrument, best.subtype) if best else NONE


def _american(text: str) -> str:
    """Return English text with its words in American spelling, so that one entry reads both."""
    return _WORD.sub(lambda word: spelling(word.group()), fold(text))
