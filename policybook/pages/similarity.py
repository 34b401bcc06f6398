"""What the page on how alike the documents are shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook.analysis.comparisons import SideEntry
from policybook.analysis.keyness import key_terms
from policybook.analysis.similarity import (
    LEAST,
    Reuse,
    cluster_order,
    concept_profiles,
    document_terms,
    find_reuse,
    profile_similarity,
    reuse_table,
    similarity_across,
    weigh_terms,
)
from policybook.analysis.thresholds import MIN_BLOCKS
from policybook.charts.heatmap import HeatmapText, heatmap_chart
from policybook.charts.theme import Chart, download_link
from policybook.coding.frequencies import list_terms
from policybook.corpus.corpus import records
from policybook.pages.book import Book
from policybook.pages.document import HTML_LANGUAGE, LANGUAGE_CODES, group_by
from policybook.pages.html import Html, mark_spans, render
from policybook.words.say import counted

# Passages that share wording, side by side with the shared words marked ----------------------------


#: At most so many pairs of passages are shown, those with most words in common first; the data have all.
REUSE_SHOWN = 40


def show_reuse(book: Book, found: Sequence[Reuse]) -> Html:
    """Return the pairs of passages with their shared words marked, in the sentences that may be shown."""
    ranked = sorted(found, key=lambda one: (-one.words, one.left, one.right))
    languages = dict(zip(book.corpus.documents["document"], book.corpus.documents["language"], strict=True))
    sentences = group_by(book.corpus.sentences, "passage")
    rows = []
    for one in ranked[:REUSE_SHOWN]:
        language = languages[one.left.split(":")[0]]
        left = [(span.left_start, span.left_end) for span in one.spans]
        right = [(span.right_start, span.right_end) for span in one.spans]
        sides = [
            {"passage": passage, "pieces": _pieces(book, sentences[passage], spans)}
            | dict(zip(("document", "anchor"), passage.split(":"), strict=True))
            for passage, spans in ((one.left, left), (one.right, right))
        ]
        rows.append({"words": one.words, "share": f"{100 * one.share:.0f} %", "sides": sides,
                     "unit": "characters" if language == "zh" else "words",
                     "language": HTML_LANGUAGE[language]})  # fmt: skip
    download = download_link(reuse_table(ranked), "reuse") if ranked else ""
    titles = dict(zip(book.corpus.documents["document"], book.corpus.documents["title"], strict=True))
    return render("reuse", rows=rows, titles=titles, unshown=len(ranked) - len(rows), download=download)


def _pieces(book: Book, sentences: pd.DataFrame, spans: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return the sentences of a passage that hold shared words, these marked; without text where it may not be shown.

    `spans` are offsets in the passage's text, as are the beginning and end of its sentences.
    """
    pieces: list[dict[str, Any]] = []
    for row in records(sentences):
        size = len(row.text)
        inside = [
            (max(begin - row.start, 0), min(end - row.start, size))
            for begin, end in spans
            if begin < row.end and end > row.start
        ]
        if inside:
            shown = row.sentence in book.quotable
            marked = [(begin, end, "shared wording") for begin, end in inside]
            pieces.append({"id": row.sentence, "text": mark_spans(row.text, marked) if shown else None})
    return pieces


# What the page about the likeness of the documents shows -------------------------------------------


#: The page lists at most so many pairs of documents, those most alike first; the data have all.
SIMILAR_PAIRS_SHOWN = 40
#: Of a word that sets a side apart; `other_` stands before what is counted on the other side.
WORD_COLUMNS = (
    "comparison", "side", "other", "language", "term", "count", "share", "documents", "dp", "other_count",
    "other_share", "log_ratio", "g2", "q", "passage", "href",
)  # fmt: skip
#: Concepts named for a pair: those that make it most alike.
CONCEPTS_NAMED = 5


@dataclass(frozen=True)
class SimilarityPage:
    """How alike the documents of a book are: by concepts, by words, and by what they have word for word."""

    book: Book

    @property
    def values(self) -> dict[str, object]:
        """What the page's prose says."""
        units = {"zh": "characters", "en": "words"}
        least = " or ".join(f"{LEAST[code]} {LANGUAGE_CODES[code]} {units[code]}" for code in LEAST)
        return {
            "answer": self._answer(),
            "least": least,
            "n_reused": counted(len(self._reuse), "pair"),
            "comparable": len(self.book.comparable or ()),
        }

    def by_concepts(self) -> Chart | Html:
        """Every two documents by the concepts they carry, across languages as far as the coding holds there."""
        if len(self._titles) < 2:
            return _nothing()
        order = cluster_order(self._by_concepts)
        links = {pair: f"#pair-{min(pair)}-{max(pair)}" for one in self._listed for pair in (one, one[::-1])}
        caption = (
            "Likeness of the documents by the concepts they carry (cosine of the shares of their blocks; 1: the same "
            "proportions, 0: nothing in common), like beside like. A number leads to what the two "
            "have in common; –: no concept by which they may be compared."
        )
        return self._heatmap("alike-concepts", self._by_concepts.loc[order, order], caption, links)

    def by_words(self) -> Html:
        """Documents of one language by their words, a chart a language."""
        parts = []
        for code, table in self._by_words.items():
            words = f"Likeness of the {LANGUAGE_CODES[code]} documents by their words"
            caption = f"{words} (cosine of TF-IDF weights), like beside like."
            order = cluster_order(table)
            parts.append(self._heatmap(f"alike-words-{code}", table.loc[order, order], caption, {})._repr_html_())
        if not parts:
            return _nothing("No two documents are of one language.")
        return Html(Markup("").join(Markup(part) for part in parts))

    def pairs(self) -> Html:
        """The pairs most alike by concepts: how alike, also by words and by reuse, and what they share most."""
        rows = [self._pair(*pair) for pair in self._listed]
        everything = [self._numbers(*pair) for pair in self._ranked]
        table = pd.DataFrame(everything, columns=["one", "other", "concepts", "words", "passages_reused"])
        return render(
            "alike",
            rows=rows,
            unshown=len(everything) - len(rows),
            download=download_link(table.round(4), "alike") if everything else "",
        )

    def reuse(self) -> Html:
        """Passages that reuse each other's wording, the shared words marked in the sentences that may be shown."""
        return show_reuse(self.book, self._reuse)

    def words_apart(self, most: int = 6) -> pd.DataFrame:
        """Return the words that set sides of the comparisons apart (see key_terms), in each language both are large in.

        Sides are left and right, or neighbours in a sequence, with MIN_BLOCKS blocks each and no passage in common; at
        most `most` words that stand more often on a side, those with the largest g2 first. Columns are WORD_COLUMNS:
        `side` has more of the word, `share` is in percent of the side's words, `passage` the first with it there.
        """
        pairs = [(entry.title, *pair) for entry in self.book.comparisons for pair in pairwise(entry.sides)]
        both = [(title, *pair) for title, one, other in pairs for pair in ((one, other), (other, one))]
        tables = [table for title, here, there in both for table in self._words_apart(title, here, there, most)]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(WORD_COLUMNS))

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {row.document: row.title for row in records(self.book.corpus.documents)}

    @cached_property
    def _languages(self) -> dict[str, str]:
        return {row.document: row.language for row in records(self.book.corpus.documents)}

    @cached_property
    def _profiles(self) -> pd.DataFrame:
        return concept_profiles(self.book.corpus, self.book.scheme)

    @cached_property
    def _by_concepts(self) -> pd.DataFrame:
        return similarity_across(self._profiles, self._languages, self.book.comparable)

    @cached_property
    def _by_words(self) -> dict[str, pd.DataFrame]:
        """Likeness by words, for each language of two documents or more."""
        found = {}
        for code in LANGUAGE_CODES:
            part = self.book.corpus.select(language=code)
            if len(part.documents) > 1:
                terms = document_terms(part, self.book.scheme, self.book.project)
                found[code] = profile_similarity(weigh_terms(terms))
        return found

    @cached_property
    def _reuse(self) -> tuple[Reuse, ...]:
        return find_reuse(self.book.corpus, self.book.corpus)

    @cached_property
    def _ranked(self) -> list[tuple[str, str]]:
        """Every two documents, those most alike by concepts first."""
        pairs = list(combinations(self._titles, 2))
        return sorted(pairs, key=lambda pair: (-np.nan_to_num(_cell(self._by_concepts, *pair), nan=-1.0), pair))

    @cached_property
    def _terms(self) -> pd.DataFrame:
        return list_terms(self.book.corpus, self.book.scheme, self.book.project)

    def _terms_of(self, side: SideEntry) -> dict[str, pd.DataFrame]:
        """Return the terms of one side in every language of which it has blocks enough."""
        part = self.book.corpus.select(side.selection_in(self.book.corpus))
        terms = self._terms[self._terms["sentence"].isin(part.sentences["sentence"])]
        by_language = {str(code): found for code, found in terms.groupby("language")}
        return {code: found for code, found in by_language.items() if found["block"].nunique() >= MIN_BLOCKS}

    def _words_apart(self, title: str, here: SideEntry, there: SideEntry, most: int) -> Iterator[pd.DataFrame]:
        """Yield the words that stand more often `here` than `there`, a language at a time."""
        ours, theirs = self._terms_of(here), self._terms_of(there)
        for code in sorted(ours.keys() & theirs.keys()):
            if not set(ours[code]["passage"]) & set(theirs[code]["passage"]):
                rows = key_terms(ours[code], theirs[code])
                first = ours[code].drop_duplicates("term").set_index("term")["passage"]
                shown = _round_words(rows[rows["g2"] > 0].head(most), first)
                yield shown.assign(comparison=title, side=here.label, other=there.label)[list(WORD_COLUMNS)]

    @property
    def _listed(self) -> list[tuple[str, str]]:
        return self._ranked[:SIMILAR_PAIRS_SHOWN]

    def _answer(self) -> str:
        if len(self._titles) < 2:
            return "There are fewer than two documents, so none can be like another."
        one, other = self._ranked[0]
        value = _cell(self._by_concepts, one, other)
        if np.isnan(value):
            return "No two of these documents carry concepts by which they could be compared."
        return (
            f"Of these {len(self._titles)} documents, “{self._titles[one]}” and “{self._titles[other]}” are most alike "
            f"by the concepts they carry ({value:.2f} on a scale from 0 to 1). "
            f"{counted(len(self._reuse), 'pair')} of passages share{'s' * (len(self._reuse) == 1)} wording."
        )

    def _heatmap(self, name: str, table: pd.DataFrame, caption: str, links: dict[tuple[str, str], str]) -> Chart:
        addresses = {document: f"../documents/{document}.html" for document in self._titles}
        text = HeatmapText(cell="likeness")
        return heatmap_chart(
            name, table, caption, text=text, labels=self._titles, links=addresses, cell_links=links, diagonal=False
        )

    def _numbers(self, one: str, other: str) -> tuple[str, str, float, float, int]:
        words = self._by_words.get(self._languages[one])
        by_words = _cell(words, one, other) if words is not None and other in words else float("nan")
        reused = sum({r.left.split(":")[0], r.right.split(":")[0]} == {one, other} for r in self._reuse)
        return one, other, _cell(self._by_concepts, one, other), by_words, reused

    def _pair(self, one: str, other: str) -> dict[str, Any]:
        _, _, concepts, words, reused = self._numbers(one, other)
        return {
            "id": f"pair-{min(one, other)}-{max(one, other)}",
            "documents": [(document, self._titles[document]) for document in (one, other)],
            "concepts": "–" if np.isnan(concepts) else f"{concepts:.2f}",
            "words": "–" if np.isnan(words) else f"{words:.2f}",
            "reused": reused,
            "shared": self._shared(one, other),
        }

    def _shared(self, one: str, other: str) -> list[dict[str, str]]:
        """Return the concepts that make two documents most alike: the largest terms of their cosine."""
        profiles = self._profiles
        if self._languages[one] != self._languages[other]:
            profiles = profiles[[column for column in profiles if column in (self.book.comparable or ())]]
        products = np.prod(profiles.loc[[one, other]].to_numpy(dtype=float), axis=0)
        largest = np.argsort(-products, kind="stable")[:CONCEPTS_NAMED]
        by_id = self.book.scheme.by_id
        shared = [by_id[str(profiles.columns[n])] for n in largest if products[n] > 0]
        return [{"term_zh": concept.term_zh, "term_en": concept.term_en} for concept in shared]


def _round_words(rows: pd.DataFrame, first: pd.Series) -> pd.DataFrame:
    """Return rows of key_terms as the page shows them; `first`: term → the passage in which it first stands."""
    places = {"share_left": 2, "share_right": 2, "dp_left": 2, "log_ratio": 2, "g2": 1, "q": 4}
    passages = rows["term"].map(first)
    percent = {name: 100 * rows[name] for name in ("share_left", "share_right")}
    table = rows.assign(**percent, passage=passages, href=passages.map(_passage_address)).round(places)
    names = table.columns.str.removesuffix("_left").str.replace(r"(.*)_right$", r"other_\1", regex=True)
    return table.set_axis(names, axis=1)


def _passage_address(passage: str) -> str:
    document, anchor = passage.split(":")
    return f"../documents/{document}.html#{anchor}"


def _cell(table: pd.DataFrame, row: str, column: str) -> float:
    return float(table.loc[[row], column].iloc[0])


def _nothing(sentence: str = "There are fewer than two documents.") -> Html:
    return render("nothing", sentence=sentence)
