"""A corpus is coded: mentions, quantities, actors and directives in every sentence."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from policybook.coding.actors import ActorFinder, ActorScheme, load_actor_scheme
from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.directives_en import EnglishDirectives
from policybook.coding.directives_zh import ChineseDirectives
from policybook.coding.instruments import NONE, Directing, DirectiveScheme, InstrumentClassifier, load_directive_scheme
from policybook.coding.quantities import QuantityFinder
from policybook.coding.quantity_words import QuantityWords, load_quantity_words
from policybook.coding.scheme import Scheme, load_scheme
from policybook.corpus.corpus import CODED, Corpus, records, table
from policybook.corpus.repair import for_matching
from policybook.project import Project, once_for_the_same_lexicon, reads_unnoted

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
        self._chinese, self._english = ChineseDirectives(scheme.chinese), EnglishDirectives(scheme.english)
        self._classifier = InstrumentClassifier(scheme.rules, scheme.chinese.light)

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
        begin = clause.subject if clause.passive else clause.start
        main = text[begin : clause.end]
        stretches = [(begin, clause.end, 1), (clause.subject, clause.end, 1), (begin, clause.end, 0)]
        infinitive, purpose = _INFINITIVE.search(main), _PURPOSE.search(main)
        if purpose:
            stretches.insert(0, (begin, begin + purpose.start(), 1))
        if infinitive and clause.strength != "encouragement":  # whom it encourages says little, to what says much
            stretches.insert(0, (begin, begin + infinitive.start(), _TELLING))
        found = (self._classifier.classify(text[start:end], language, least=least, verb=clause.verb - start)
                 for start, end, least in stretches)  # fmt: skip
        return next((named for named in found if named != NONE), NONE)


@dataclass(frozen=True)
class Coding:
    """What a project codes with: schemes, and finders, which are made of them when they are first wanted."""

    scheme: Scheme
    quantity_words: QuantityWords
    actor_scheme: ActorScheme
    directive_scheme: DirectiveScheme

    @property
    def concepts(self) -> ConceptFinder:
        """The finder of the scheme's concepts; making it takes about a second."""
        with reads_unnoted():  # it notes itself what it is asked
            return self._finder

    @cached_property
    def _finder(self) -> ConceptFinder:
        return ConceptFinder(self.scheme)

    @cached_property
    def quantities(self) -> QuantityFinder:
        """The finder of quantities."""
        return QuantityFinder(self.quantity_words)

    @cached_property
    def actors(self) -> ActorFinder:
        """The finder of actors."""
        return ActorFinder(self.actor_scheme)

    @cached_property
    def directives(self) -> DirectiveFinder:
        """The finder of directives."""
        return DirectiveFinder(self.directive_scheme)


@once_for_the_same_lexicon
def load_coding(project: Project) -> Coding:
    """Read data/lexicon. Raises InvalidDataError when it has mistakes."""
    return Coding(load_scheme(project), load_quantity_words(project), load_actor_scheme(project),
                  load_directive_scheme(project))  # fmt: skip


def code_corpus(corpus: Corpus, coding: Coding) -> Corpus:
    """Return the corpus with all its coded tables filled (see CODED): one row a thing found in a sentence.

    A sentence that is not in its document's language is coded in its own: no concept in it is counted, and it adds
    no directive, and no amount or actor that stands in the rest of the document.
    """
    other = corpus.foreign
    told = corpus.documents.set_index("document")[["language", "script"]].to_dict("index")
    texts = pd.concat([corpus.passages, corpus.boilerplate]).groupby("document")["text"].agg("\n".join)

    def rows(reader: Callable[[str, str], Callable[[str, str], Iterable[Any]]]) -> Iterator[dict[str, Any]]:
        read = None
        for sentence in records(corpus.sentences):
            if sentence.document != read:
                read, document = sentence.document, told[sentence.document]
                find = reader(document["script"], for_matching(texts[read], document["script"]))
            where = {name: getattr(sentence, name) for name in ("sentence", "passage", "block", "document")}
            for one in find(for_matching(sentence.text, document["script"]),
                            other.get(sentence.sentence, document["language"])):  # fmt: skip
                yield where | vars(one) | {"text": sentence.text[one.start : one.end]}

    def once(found: pd.DataFrame, what: str) -> pd.DataFrame:
        translated = found["sentence"].isin(other)
        told = found["document"] + " " + found[what].astype(str)
        return found[~(translated & told.isin(told[~translated]))].reset_index(drop=True)

    directives = table("directives", rows(lambda *_: coding.directives.find))
    return replace(code_concepts(corpus, coding.scheme, coding.concepts),
                   quantities=once(table("quantities", rows(coding.quantities.reader)), "value"),
                   actors=once(table("actors", rows(lambda *_: coding.actors.find)), "actor"),
                   directives=directives[~directives["sentence"].isin(other)].reset_index(drop=True))


def quotable_sentences(corpus: Corpus) -> frozenset[str]:
    """Return the ids of the sentences that may be shown.

    All of a document with `rights: full` or `rights: quote`; of a document with `rights: evidence` the sentences
    that evidence points to, which are those in which something was coded.
    """
    held = corpus.documents.loc[corpus.documents["rights"] == "evidence", "document"]
    whole = corpus.sentences.loc[~corpus.sentences["document"].isin(held), "sentence"]
    return frozenset(whole).union(*(getattr(corpus, name)["sentence"] for name in CODED))
