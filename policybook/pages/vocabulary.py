"""What the page of words shows: frequent ones, those without a concept, keyness, dispersion, documents among themes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from policybook.analysis.compare import check_sides
from policybook.analysis.keyness import frequent_terms, gries_dp, key_terms, list_terms, uncoded_terms
from policybook.analysis.similarity import correspond
from policybook.charts.network import MAP_COLUMNS, map_chart
from policybook.charts.theme import Chart
from policybook.corpus.corpus import Corpus, parse_selection, records
from policybook.errors import AnswerError, ComparisonError
from policybook.pages.book import Book, made_pages
from policybook.pages.document import themes_by_document
from policybook.pages.html import MOST_DOCUMENTS, Html, nothing
from policybook.words.say import language_name, say


@dataclass(frozen=True)
class WordTables:
    """The words of a book, and how often they stand; `most` rows of a language are shown of a table."""

    book: Book
    most: int = 25

    @cached_property
    def terms(self) -> pd.DataFrame:
        """A row a word of a sentence (see list_terms)."""
        return list_terms(self.book.corpus, self.book.scheme, self.book.project)

    @cached_property
    def has_concordance(self) -> bool:
        """Whether the book has the page on which a word is found in context."""
        return "chapters/terms" in made_pages(self.book.project)

    def answer(self) -> str:
        """Return how many words there are, and how many of them a concept carries."""
        if self.terms.empty:
            return say("vocabulary.none")
        return say("vocabulary.found", words=len(self.terms), terms=int(self.terms["term"].nunique()),
                   documents=len(self.book.corpus.documents), coded=float(self.terms["coded"].mean()))  # fmt: skip

    def frequent(self) -> pd.DataFrame:
        """Return the most frequent words of each language: columns of frequent_terms, language by its name."""
        return self._shown(frequent_terms(self.terms))

    def uncoded(self) -> pd.DataFrame:
        """Return frequent words and phrases that no concept carries: columns of uncoded_terms.

        An example stands there only where its sentence may be shown; elsewhere its passage does.
        """
        rows = self._shown(uncoded_terms(self.terms, self.book.corpus))
        shown = rows["sentence"].isin(self.book.quotable)
        passages = rows["sentence"].str.rsplit(".", n=1).str[0]
        return rows.assign(example=rows["example"].where(shown, ""), sentence=rows["sentence"].where(shown, passages))

    def dispersion(self) -> pd.DataFrame:
        """Return how evenly the most frequent words stand in the documents of a language that has several.

        Columns: language, term, count, documents (in how many), of (of how many), dp (Gries's DP over the documents: 0
        as even as their lengths, near 1 in one alone), document (which has most) and there (its count).
        """
        rows = []
        for code, part in self.terms.groupby("language"):
            sizes = part.groupby("document").size()
            if len(sizes) < 2:
                continue
            first = frequent_terms(part)["term"].head(self.most)
            some = part[part["term"].isin(first)]
            table = pd.crosstab(some["term"], some["document"]).reindex(columns=sizes.index, fill_value=0)
            for term, dp in zip(first, gries_dp(table.loc[first], sizes), strict=True):
                counts = table.loc[term]
                rows.append((code, term, int(counts.sum()), int((counts > 0).sum()), len(sizes), float(dp),
                             str(counts.idxmax()), int(counts.max())))  # fmt: skip
        columns = ["language", "term", "count", "documents", "of", "dp", "document", "there"]
        return self._shown(pd.DataFrame(rows, columns=columns).sort_values(["language", "dp"], kind="stable"))

    def sides(self, selection: str = "", against: str = "") -> tuple[str, str]:
        """Return the selections to set against each other, as typed.

        Where none is named they are those of the first comparison of two sides that can be, else a document and all
        others of its language; empty texts where there is nothing of that kind.
        """
        if selection and against:
            return selection, against
        for entry in self.book.comparisons:
            if len(entry.sides) == 2:
                one, other = (_typed(side.selection_in(self.book.corpus)) for side in entry.sides)
                if len(self.key(one, other)):
                    return one, other
        for _, part in self.book.corpus.documents.groupby("language", sort=True):
            first, *rest = part["document"]
            if rest:
                return f"document={first}", f"document={'+'.join(rest)}"
        return "", ""

    def called(self, selection: str) -> str:
        """Return what the page calls a selection: a side of a comparison by its label, documents by title or number."""
        sides = (side for entry in self.book.comparisons for side in entry.sides)
        labels = {_typed(side.selection_in(self.book.corpus)): side.label for side in sides}
        if selection in labels or not selection.startswith("document=") or "," in selection:
            return labels.get(selection, selection)
        documents = selection.removeprefix("document=").split("+")
        several = say("vocabulary.documents", documents=len(documents))
        return several if len(documents) > 1 else self.book.called.get(documents[0], documents[0])

    def key(self, selection: str, against: str) -> pd.DataFrame:
        """Return the words that set two selections apart (see key_terms), `most` of a language; none where none can.

        Raises AnswerError for a selection that cannot be read.
        """
        if not (selection and against):
            return pd.DataFrame()
        parts = [self._part(selection), self._part(against)]
        try:
            check_sides(parts[0], parts[1], (selection, against))
            sides = [self.terms[self.terms["sentence"].isin(part.sentences["sentence"])] for part in parts]
            return self._shown(key_terms(sides[0], sides[1], (selection, against)))
        except ComparisonError:
            return pd.DataFrame()

    def _part(self, selection: str) -> Corpus:
        try:
            return self.book.corpus.select(parse_selection(selection))
        except ValueError as error:
            raise AnswerError(f"the selection {selection!r}: {error}") from None

    def _shown(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the first rows of each language, words leading to their lines in context."""
        rows = rows.groupby("language", sort=False).head(self.most)
        names = [language_name(str(code)) for code in rows["language"]]
        links = [f"terms.html?word={quote(str(term))}#concordance" if self.has_concordance else ""
                 for term in rows["term"]]  # fmt: skip
        return rows.assign(language=names, term_href=links).reset_index(drop=True)


def _typed(selection: Mapping[str, Any]) -> str:
    joined = {field: [value] if isinstance(value, str | bool) else list(value) for field, value in selection.items()}
    return ",".join(f"{field}={'+'.join(str(one).lower() if isinstance(one, bool) else one for one in values)}"
                    for field, values in joined.items())  # fmt: skip


def map_of_themes(book: Book, name: str) -> Chart | Html:
    """Return the map of documents and themes: correspondence analysis of the blocks of a document that carry each."""
    table = themes_by_document(book).set_index("document")
    labels = {theme.label: theme.id for theme in book.scheme.themes}
    found = correspond(table[list(labels)])
    if found is None:
        return nothing("vocabulary.no_map")
    titles = dict(zip(book.corpus.documents["document"], book.corpus.documents["title"], strict=True))
    rows = [(f"document-{name}", titles[name], say("vocabulary.document"), x, y, f"../documents/{name}.html")
            for name, x, y in zip(map(str, found.rows.index), found.rows["x"], found.rows["y"], strict=True)]
    rows += [(f"theme-{labels[name]}", name, say("vocabulary.theme"), x, y, f"#theme-{labels[name]}")
             for name, x, y in zip(map(str, found.columns.index), found.columns["x"], found.columns["y"], strict=True)]
    axes = tuple(say("vocabulary.axis", number=n, share=share) for n, share in enumerate(found.explained, 1))
    caption = say("vocabulary.map", shown=sum(found.explained))
    return map_chart(name, pd.DataFrame(rows, columns=list(MAP_COLUMNS)), caption, (axes[0], axes[1]))


def blocks_of_themes(book: Book) -> pd.DataFrame:
    """Return a row a theme and a document that carries it: theme, document, blocks, which leads there, of, anchor.

    The MOST_DOCUMENTS of each theme with most blocks come before all others.
    """
    table, rows = themes_by_document(book), []
    for theme in book.scheme.themes:
        columns = ["document", "blocks", theme.label, f"{theme.label}_href"]
        for document, of, blocks, href in records(table.loc[table[theme.label] > 0, columns]):
            rows.append((theme.label, document, int(blocks), href, int(of), f"theme-{theme.id}"))
    found = pd.DataFrame(rows, columns=["theme", "document", "blocks", "blocks_href", "of", "anchor"])
    place = found.groupby("theme")["blocks"].rank(method="first", ascending=False)
    found = found.iloc[np.argsort(place.to_numpy() > MOST_DOCUMENTS, kind="stable")].reset_index(drop=True)
    return found.assign(anchor=found["anchor"].mask(found["theme"].duplicated(), ""))


def first_of_themes(blocks: pd.DataFrame) -> int:
    """Return how many rows of blocks_of_themes stand before all others."""
    return int((blocks.groupby("theme").cumcount() < MOST_DOCUMENTS).sum())
