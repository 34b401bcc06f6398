"""Everything a page can show, loaded once: the door that notebooks come in by."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from unicodedata import east_asian_width

import pandas as pd

from policybook.analysis.briefs import Brief, load_briefs
from policybook.analysis.compare import PairComparison, compare_counts

from policybook.analysis.comparisons import (  # isort: skip
    Comparison, ComparisonEntry, compare_sides, count_once, load_comparisons, made_groups,
)
from policybook.analysis.counts import BlockCounts, block_counts, design_effect
from policybook.analysis.keyness import open_dictionary
from policybook.analysis.validation import load_aligned
from policybook.coding.code import Coding, load_coding, quotable_sentences
from policybook.coding.scheme import Scheme
from policybook.coding.store import load_coded
from policybook.corpus.build import in_print
from policybook.corpus.corpus import TABLE_COLUMNS, Corpus, Value, WholeCorpus, parse_selection, records
from policybook.corpus.scope import Vocabulary, load_vocabulary
from policybook.errors import ComparisonError, UnknownPageError, suggest
from policybook.pages.html import Html, call_documents, render
from policybook.project import LANGUAGE, REGISTER_PAGE, Project, has_register, note_read, reads_unnoted
from policybook.tables import YamlFile
from policybook.words.comparisons import to_table
from policybook.words.say import (
    labels_of,
    language_name,
    names_of,
    say,
    say_finding,
    spoken_language,
    term_in_words,
    use_words_of,
)

#: What stands on one side of a comparison, as a mapping of fields to values.
Selecting = Mapping[str, Value | Sequence[Value]]


@dataclass(frozen=True)
class Book:
    """A project's corpus, coding scheme, comparisons and briefs; `only` is the document whose part of a book it is."""

    def part(self, document: str) -> Book:
        """Return what a book holds of one document: a page made of it does not depend on the others."""
        return replace(self, corpus=self.corpus.select(document=document), only=document)

    project: Project
    vocabulary: Vocabulary
    coding: Coding
    corpus: Corpus
    only: str = ""

    @property
    def is_large(self) -> bool:
        """Whether there are so many documents that a page does not show something of each."""
        return len(self.corpus.documents) > 40

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
        """The entries of data/comparisons.yml, those of `each` with their groups."""
        entries = load_comparisons(self.project, self.corpus.known)
        if not any(entry.each for entry in entries):
            return entries
        return made_groups(self.project, entries, self.corpus, self._called)

    def _called(self, field: str, value: Value) -> str:
        """Return what a value of a field of a selection is called."""
        if field == "language":
            return language_name(str(value))
        if field == "machine_translated":
            return say(f"comparison.confound.{'translated' if value else 'written'}")
        return str(value) if field == "document" else self.vocabulary.label(str(value))

    @cached_property
    def called(self) -> Mapping[str, str]:
        """What quotations call each document: its title, cut in the middle where it is long.

        Who quotes a document has read it, so that nothing is noted here as read.
        """
        with reads_unnoted():
            rows = records(self.corpus.documents)
        return {row.document: _cut_short(term_in_words(row.title, row.title_zh or "")[0]) for row in rows}

    @cached_property
    def told_apart(self) -> Mapping[str, str]:
        """What charts of documents call each: as `called`, or by its id where others are called so too."""
        often = Counter(self.called[document] for document in self.corpus.documents["document"])
        return {document: name if often[name] == 1 else document for document, name in self.called.items()}

    def place(self, identifier: str) -> str:
        """Return in words where a sentence or a passage stands: what its document is called, and its paragraph."""
        document, _, place = identifier.partition(":p")
        return f"{self.called[document]}, ¶{place.lstrip('0')}"

    @cached_property
    def briefs(self) -> Mapping[str, Brief]:
        """The briefs of data/briefs by document."""
        return load_briefs(self.project, self.corpus, self.scheme, self.only)

    @cached_property
    def quotable(self) -> frozenset[str]:
        """Ids of the sentences that may be shown."""
        return quotable_sentences(self.corpus)

    def compare(self, identifier: str) -> Comparison:
        """Count the sides of one comparison. Raises UnknownPageError when there is no such entry."""
        entries = {entry.id: entry for entry in self.comparisons}
        if identifier not in entries:
            known = suggest(identifier, entries)
            raise UnknownPageError(f"no comparison {identifier!r} in data/comparisons.yml. {known}")
        return compare_sides(self.corpus, self.counts, self.effect, entries[identifier])


def compare(book: Book, left: str | Selecting, right: str | Selecting = "") -> pd.DataFrame:
    """Return what was estimated between two selections, a row a theme or concept: blocks, shares, difference, verdict.

    `left` and `right` are selections, as mappings (`{"plan": "second", "places": ["north", "south"]}`) or as they are
    typed (`plan=second,places=north+south`); or `left` alone is the id of an entry of data/comparisons.yml with two
    sides. Of near-duplicates on a side the first is counted. Columns are those of `policybook compare --csv` (see
    to_table).

    Raises SelectionError or ValueError for a selection that cannot be read, UnknownPageError for an id that is none,
    ComparisonError where the sides are empty, overlap or are the same.
    """
    try:
        return to_table(_estimate(book, left, right), book.scheme)
    except ComparisonError as error:
        error.args = (say_finding("comparison.clash", error),)
        raise


def _estimate(book: Book, one: str | Selecting, other: str | Selecting) -> PairComparison:
    if other == "":
        sides = book.compare(str(one)).sides
        if len(sides) != 2:
            raise ComparisonError("not_two", entry=one, sides=len(sides))
        selections, labels = [side.selection for side in sides], [side.label for side in sides]
    else:
        typed = [parse_selection(side) if isinstance(side, str) else side for side in (one, other)]
        selections = [count_once(book.corpus, side)[0] for side in typed]
        labels = ["left", "right"]
    left, right = (book.counts.select(selection) for selection in selections)
    return compare_counts(left, right, serial=book.effect, labels=(labels[0], labels[1]), comparable=book.comparable)


def open_book(start: Path | str | None = None) -> Book:
    """Load the project at or above `start` (default: the working directory) and code its corpus.

    From then on words are those of the page's language, by default the project's (see use_words_of).
    """
    language = os.environ.get(LANGUAGE, "")
    note_read("book")
    if language:
        note_read(f"words {language}")
    project = Project.find(start)
    with reads_unnoted():
        use_words_of(project, language)
        book = _held.get(project.root)
        if book is None:
            corpus = WholeCorpus(**vars(in_print(load_coded(project))))
            book = Book(project, load_vocabulary(project), load_coding(project), corpus)
        call_documents(book.called)
        return book


_held: dict[Path, Book] = {}


def hold_book(project: Project) -> None:
    """Open a book for the processes that will be forked from this one; their open_book returns it."""
    from policybook.charts.network import known_glyphs  # as slow to load as to draw with

    book = _held[project.root] = open_book(project.root)
    book.corpus.select(document=book.corpus.known["document"])  # finds where each stands, once for every page
    if "zh" in set(book.corpus.documents["language"]):
        open_dictionary()
    known_glyphs()
    names_of("trust")  # reads the words, which open_book only chooses


def describe_tables() -> pd.DataFrame:
    """Return a row a column of the corpus's tables: table, column and holds, what stands in it and in which unit."""
    said = labels_of("tables")
    return pd.DataFrame([(table, column, said.get(f"{table}.{column}") or said[f"any.{column}"])
                         for table, columns in TABLE_COLUMNS.items() for column in columns],
                        columns=["table", "column", "holds"])  # fmt: skip


#: So many columns of a title a quotation or a chart has room for, and its end; a Chinese character takes two.
_ROOM, _END = 42, 16


def _cut_short(title: str) -> str:
    """Return how a long title begins and how it ends, which tells titles of one series apart.

    What others are called must not matter: pages that name this document would be made again with every other.
    """
    if sum(map(_columns, title)) <= _ROOM:
        return title
    return f"{_beginning(title, _ROOM - _END)}…{_beginning(title[::-1], _END)[::-1]}"


def _beginning(text: str, room: int) -> str:
    ends = bisect_right(list(accumulate(map(_columns, text))), room)
    cut = text[:ends] if text[ends] == " " else text[:ends].rpartition(" ")[0]
    return (cut or text[:ends]).strip(" ,;:，、：；")


def _columns(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1


def book_title(project: Project) -> str:
    """Return the title of the book, from _config.yml."""
    content = YamlFile.of(project, project.root / "_config.yml").content
    return str(content.get("title", "")) if isinstance(content, dict) else ""


def ways(book: Book) -> Html:
    """Return the comparisons with their questions, and the documents, as links from the front page."""
    comparisons = [{"id": one.id, "title": term_in_words(one.title, one.title_zh or "")[0],
                    "question": term_in_words(one.question, one.question_zh or "")[0]}
                   for one in book.comparisons]  # fmt: skip
    documents = book.corpus.documents.head(_WAYS)
    titles = [term_in_words(*both)[0] for both in zip(documents["title"], documents["title_zh"], strict=True)]
    left = len(book.corpus.documents) - len(documents)
    return render("ways", comparisons=comparisons, documents=documents.assign(title=titles).to_dict("records"),
                  left=left, all=page_of_all(book))  # fmt: skip


#: So many documents are named on the front page.
_WAYS = 20


def page_of_all(book: Book) -> str:
    """Return the page that lists all documents: the register, where they are too many for a page each, or the corpus.

    Empty where neither is made.
    """
    entries = YamlFile.of(book.project, book.project.runs_file).entries("runs")
    if any(isinstance(entry, dict) and has_register(entry, len(book.corpus.documents)) for entry in entries):
        return REGISTER_PAGE
    return "chapters/corpus" if "chapters/corpus" in made_pages(book.project) else ""


def made(template: str, page: str, **parameters: object) -> Html:
    """Return the table that says how a page was made: its template, its parameters, the command."""
    language = spoken_language()
    name = f"{language}/{page}" if language else page
    return render("made", template=template, page=name, parameters=parameters, language=language)


def made_pages(project: Project) -> frozenset[str]:
    """Return the pages that notebooks make once, as notebooks/runs.yml names them."""
    entries: Iterable[object] = YamlFile(project.runs_file, project.name(project.runs_file)).entries("runs")
    return frozenset(str(entry["page"]) for entry in entries if isinstance(entry, dict) and "page" in entry)


def trust_in_coding(project: Project) -> Html:
    """Return where a page of chapters/ sends those who ask how far the coding can be trusted."""
    made = made_pages(project)
    pages = [(page, text) for page, text in names_of("trust").items() if f"chapters/{page}" in made]
    return render("trust", pages=pages)
