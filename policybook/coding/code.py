"""A corpus is coded: mentions, quantities, actors and directives in every sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from policybook.coding.actors import ActorFinder, load_actor_finder
from policybook.coding.concepts import ConceptFinder, code_concepts
from policybook.coding.directives import DirectiveFinder, load_directive_finder
from policybook.coding.quantities import QuantityFinder, load_quantity_finder
from policybook.coding.scheme import Scheme, load_scheme
from policybook.corpus.corpus import CODED, Corpus, records, table
from policybook.project import Project

# The coding of a project: every scheme loaded once, and a corpus coded with all of them ------------


@dataclass(frozen=True)
class Coding:
    """What a project codes with."""

    scheme: Scheme
    quantities: QuantityFinder
    actors: ActorFinder
    directives: DirectiveFinder

    @cached_property
    def concepts(self) -> ConceptFinder:
        """The finder of the scheme's concepts; making it takes about a second."""
        return ConceptFinder(self.scheme)


def load_coding(project: Project) -> Coding:
    """Read data/lexicon. Raises InvalidDataError when it has mistakes."""
    return Coding(
        load_scheme(project),
        load_quantity_finder(project),
        load_actor_finder(project),
        load_directive_finder(project),
    )


def code_corpus(corpus: Corpus, coding: Coding) -> Corpus:
    """Return the corpus with all its coded tables filled (see CODED): one row a thing found in a sentence."""
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))

    def rows(find: Callable[[str, str], Iterable[Any]]) -> Iterator[dict[str, Any]]:
        for sentence in records(corpus.sentences):
            where = {name: getattr(sentence, name) for name in ("sentence", "passage", "block", "document")}
            for one in find(sentence.text, languages[sentence.document]):
                yield where | asdict(one) | {"text": sentence.text[one.start : one.end]}

    return replace(
        code_concepts(corpus, coding.scheme, coding.concepts),
        quantities=table("quantities", rows(coding.quantities.find)),
        actors=table("actors", rows(coding.actors.find)),
        directives=table("directives", rows(coding.directives.find)),
    )


# Which sentences the book, its search and its exports may show -------------------------------------


def quotable_sentences(corpus: Corpus) -> frozenset[str]:
    """Return the ids of the sentences that may be shown.

    All of a document with `rights: full`; of a document with `rights: quote` the sentences that evidence
    points to, which are those in which something was coded.
    """
    full = corpus.documents.loc[corpus.documents["rights"] == "full", "document"]
    whole = corpus.sentences.loc[corpus.sentences["document"].isin(full), "sentence"]
    return frozenset(whole).union(*(getattr(corpus, name)["sentence"] for name in CODED))
