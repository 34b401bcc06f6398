"""Everything a page can show, loaded once: the door that notebooks come in by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from policybook.analysis.aligned import load_aligned
from policybook.analysis.block_counts import BlockCounts, block_counts
from policybook.analysis.briefs import Brief, load_briefs
from policybook.analysis.comparisons import Comparison, ComparisonEntry, compare_sides, load_comparisons
from policybook.analysis.presence import design_effect
from policybook.coding.code import Coding, code_corpus, load_coding
from policybook.coding.quotable import quotable_sentences
from policybook.coding.scheme import Scheme
from policybook.corpus.build import load_corpus
from policybook.corpus.model import Corpus
from policybook.corpus.vocabulary import Vocabulary, load_vocabulary
from policybook.errors import UnknownPageError, suggest
from policybook.project import Project
from policybook.words.say import use_words_of


@dataclass(frozen=True)
class Book:
    """A project's corpus, coding scheme, comparisons and briefs."""

    project: Project
    vocabulary: Vocabulary
    coding: Coding
    corpus: Corpus

    @property
    def scheme(self) -> Scheme:
        """The concepts and themes."""
        return self.coding.scheme

    @cached_property
    def counts(self) -> BlockCounts:
        """How often each block mentions each concept that enters comparisons."""
        return block_counts(self.corpus, self.scheme)

    @cached_property
    def effect(self) -> float:
        """How many blocks are worth one independent block."""
        return design_effect(self.counts)

    @cached_property
    def comparable(self) -> frozenset[str] | None:
        """The concepts that both languages are known to find equally often; None where no aligned texts were coded."""
        aligned = load_aligned(self.project)
        return aligned.comparable if aligned else None

    @cached_property
    def comparisons(self) -> tuple[ComparisonEntry, ...]:
        """The entries of data/comparisons.yml."""
        return load_comparisons(self.project, self.corpus.known)

    @cached_property
    def briefs(self) -> Mapping[str, Brief]:
        """The briefs of data/briefs by document."""
        return load_briefs(self.project, self.corpus, self.scheme)

    @cached_property
    def quotable(self) -> frozenset[str]:
        """Ids of the sentences that may be shown."""
        return quotable_sentences(self.corpus)

    def compare(self, identifier: str) -> Comparison:
        """Count the sides of one comparison. Raises UnknownPageError when there is no such entry."""
        entries = {entry.id: entry for entry in self.comparisons}
        if identifier not in entries:
            raise UnknownPageError(
                f"no comparison {identifier!r} in data/comparisons.yml. {suggest(identifier, entries)}"
            )
        return compare_sides(self.corpus, self.counts, self.effect, entries[identifier])


def open_book(start: Path | str | None = None) -> Book:
    """Load the project at or above `start` (default: the working directory) and code its corpus.

    From then on words are those of the project's language (see use_words_of).
    """
    project = Project.find(start)
    use_words_of(project)
    coding = load_coding(project)
    return Book(project, load_vocabulary(project), coding, code_corpus(load_corpus(project), coding))
