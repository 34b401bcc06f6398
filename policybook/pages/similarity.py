"""What the page on how alike the documents are adds to their tables: names, links, maps, passages side by side."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from policybook.analysis import similarity
from policybook.analysis.comparisons import SideEntry
from policybook.analysis.keyness import key_terms, list_terms
from policybook.analysis.thresholds import MIN_BLOCKS
from policybook.charts.heatmap import HeatmapText, heatmap_chart
from policybook.charts.theme import Chart, download_link
from policybook.corpus.corpus import records
from policybook.pages.book import Book
from policybook.pages.document import HTML_LANGUAGE, group_by
from policybook.pages.html import Html, mark_spans, nothing, render
from policybook.words.say import say

# How alike two documents are: by the concepts they carry, by their words -----------------------------

#: Concepts named for a pair: those that make it most alike.
CONCEPTS_NAMED = 5
#: Of many documents so many pairs, the most alike, are returned, and so many documents drawn.
MOST_LISTED, MOST_DRAWN = 1_000, 20
LIKENESS_COLUMNS = ("one", "other", "concepts", "words", "reused", "in_common")


def likeness_by_concepts(book: Book) -> pd.DataFrame:
    """Return documents × documents: how alike by concepts, across languages as far as the coding holds there.

    Values run from 0 to 1, see similarity.similarity_across; nan where nothing can be compared.
    """
    profiles = similarity.concept_profiles(book.corpus, book.scheme)
    return similarity.similarity_across(profiles, _by_document(book, "language"), book.comparable)


def likeness_by_words(book: Book) -> dict[str, pd.DataFrame]:
    """Return language → documents × documents: how alike by TF-IDF of words, for languages of two documents or more."""
    parts = {str(code): book.corpus.select(language=code) for code in book.corpus.documents["language"].unique()}
    terms = {code: similarity.document_terms(part, book.scheme, book.project)
             for code, part in sorted(parts.items(), reverse=True) if len(part.documents) > 1}  # fmt: skip
    return {code: similarity.profile_similarity(similarity.weigh_terms(found)) for code, found in terms.items()}


def likeness_pairs(book: Book, by_concepts: pd.DataFrame, by_words: Mapping[str, pd.DataFrame],
                   reuse: pd.DataFrame) -> pd.DataFrame:  # fmt: skip
    """Return every two documents, those most alike by concepts first, with the columns LIKENESS_COLUMNS, and links.

    At most MOST_LISTED of them.

    concepts and words: how alike, 0 to 1, nan where they cannot be compared; reused: pairs of passages with shared
    wording (`reuse` as find_reuse gives it); in_common: names of the concepts that make them most alike.
    one_title and other_title lead to the documents, reused to #reuse; `anchor` is the row's id.
    """
    titles, profiles = _by_document(book, "title"), similarity.concept_profiles(book.corpus, book.scheme)
    places = reuse[["left", "right"]].drop_duplicates().map(lambda passage: passage.split(":")[0])
    reused = Counter(map(frozenset, places.to_numpy().tolist()))
    names = np.array([*titles], dtype=object)
    first, second = np.triu_indices(len(names), 1)
    alike = by_concepts.reindex(index=names, columns=names).to_numpy(dtype=float)[first, second]
    words = np.full((len(names), len(names)), np.nan)
    for table in by_words.values():
        own = pd.Index(names).get_indexer(table.index)
        words[np.ix_(own, own)] = table.to_numpy()
    order = np.lexsort((names[second].astype(str), names[first].astype(str), -alike))[:MOST_LISTED]  # nan comes last
    rows = []
    for one, other, near, in_words in zip(names[first[order]], names[second[order]], alike[order],
                                          words[first[order], second[order]], strict=True):  # fmt: skip
        common = _in_common(book, profiles.loc[[one, other]])
        rows.append((one, other, near, in_words, reused[frozenset((one, other))], common))
    pairs = pd.DataFrame(rows, columns=list(LIKENESS_COLUMNS))
    for column in ("one", "other"):
        pairs[f"{column}_title"] = pairs[column].map(titles)
        pairs[f"{column}_title_href"] = [f"../documents/{document}.html#concepts" for document in pairs[column]]
    anchors = [f"pair-{min(row.one, row.other)}-{max(row.one, row.other)}" for row in records(pairs)]
    return pairs.assign(anchor=anchors, reused_href=["#reuse" if n else "" for n in pairs["reused"]])


def likeness_chart(book: Book, name: str, likeness: pd.DataFrame, caption: str,
                   pairs: pd.DataFrame | None = None) -> Chart | Html:  # fmt: skip
    """Return a map of documents × documents, like beside like; a cell leads to its row in `pairs` where it has one."""
    if len(likeness) < 2:
        return nothing("coded.alike.few")
    titles, number = _by_document(book, "title"), len(likeness)
    if number > MOST_DRAWN:
        likeness = _most_alike(likeness)
        caption = say("coded.alike.drawn", caption=caption, most=MOST_DRAWN, number=number)
    order = similarity.cluster_order(likeness)
    rows = [] if pairs is None else [row for row in records(pairs) if {row.one, row.other} <= {*likeness}]
    cells = {pair: f"#{row.anchor}" for row in rows for pair in ((row.one, row.other), (row.other, row.one))}
    return heatmap_chart(name, likeness.loc[order, order], caption, text=HeatmapText(cell="likeness"), labels=titles,
                         links={document: f"../documents/{document}.html" for document in titles}, cell_links=cells,
                         diagonal=False)  # fmt: skip


def _most_alike(likeness: pd.DataFrame) -> pd.DataFrame:
    """Return a map of as many documents as are drawn: those of which another is most like them."""
    values = likeness.to_numpy(dtype=float, copy=True)
    np.fill_diagonal(values, np.nan)
    nearest = pd.Series(np.nanmax(np.nan_to_num(values, nan=-1.0), axis=1), index=likeness.index)
    kept = nearest.sort_values(ascending=False, kind="stable").index[:MOST_DRAWN]
    names = [name for name in likeness.index if name in set(kept)]
    return likeness.loc[names, names]


def word_charts(book: Book, by_words: Mapping[str, pd.DataFrame], pairs: pd.DataFrame | None = None) -> Html:
    """Return a map of the documents of each language by their words, whose cells lead to rows as in likeness_chart."""
    charts = [likeness_chart(book, f"alike-words-{code}", likeness, say("coded.alike.words", language=code), pairs)
              for code, likeness in by_words.items()]  # fmt: skip
    shown = Markup("").join(Markup(one._repr_html_()) for one in charts)
    return Html(shown) if charts else nothing("coded.alike.one_language")


def _in_common(book: Book, profiles: pd.DataFrame) -> list[str]:
    """Return the concepts that make two documents most alike: the largest terms of their cosine."""
    if len(set(book.corpus.documents.set_index("document").loc[profiles.index, "language"])) > 1:
        profiles = profiles[[column for column in profiles if column in (book.comparable or ())]]
    products = profiles.prod(axis=0).sort_values(ascending=False, kind="stable").head(CONCEPTS_NAMED)
    concepts = [book.scheme.by_id[str(concept)] for concept in products.index[products > 0]]
    return [f"{concept.term_en} {concept.term_zh}".strip() for concept in concepts]


def _by_document(book: Book, column: str) -> dict[str, str]:
    return dict(zip(book.corpus.documents["document"], book.corpus.documents[column], strict=True))


# Words that set texts apart -------------------------------------------------------------------------

#: Of a word that sets a side apart; `other_` stands before what is counted on the other side.
WORD_COLUMNS = ("comparison", "side", "other", "language", "term", "count", "share", "documents", "dp", "other_count",
                "other_share", "log_ratio", "g2", "q", "passage")  # fmt: skip


def words_apart(book: Book, most: int = 6) -> pd.DataFrame:
    """Return the words that set sides of the comparisons apart (see key_terms), in each language both are large in.

    Sides are left and right, or neighbours in a sequence, with MIN_BLOCKS blocks each and no passage in common; at most
    `most` words that stand more often on a side, those with the largest g2 first. Columns are WORD_COLUMNS: `side` has
    more of the word, shares are of the side's words, 0 to 1, `passage` is the first with the word there.
    """
    terms = list_terms(book.corpus, book.scheme, book.project)
    tables = []
    for entry in book.comparisons:
        sides = [(side.label, _terms_of(book, terms, side)) for side in entry.sides if not entry.is_grouped]
        for one, other in pairwise(sides):
            for (here, ours), (there, theirs) in ((one, other), (other, one)):
                tables += [found.assign(comparison=entry.title, side=here, other=there)[list(WORD_COLUMNS)]
                           for found in _more_often(ours, theirs, most)]  # fmt: skip
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(WORD_COLUMNS))


def _terms_of(book: Book, terms: pd.DataFrame, side: SideEntry) -> dict[str, pd.DataFrame]:
    """Return the terms of one side in every language of which it has blocks enough."""
    part = book.corpus.select(side.selection_in(book.corpus))
    by_language = group_by(terms[terms["sentence"].isin(part.sentences["sentence"])], "language")
    return {code: found for code, found in by_language.items() if found["block"].nunique() >= MIN_BLOCKS}


def _more_often(ours: Mapping[str, pd.DataFrame], theirs: Mapping[str, pd.DataFrame],
                most: int) -> Iterator[pd.DataFrame]:  # fmt: skip
    """Yield the words that stand more often in our terms than in theirs, a language at a time."""
    for code in sorted(ours.keys() & theirs.keys()):
        if not set(ours[code]["passage"]) & set(theirs[code]["passage"]):
            rows = key_terms(ours[code], theirs[code])
            rows = rows[rows["g2"] > 0].head(most)
            first = ours[code].drop_duplicates("term").set_index("term")["passage"]
            names = rows.columns.str.removesuffix("_left").str.replace(r"(.*)_right$", r"other_\1", regex=True)
            yield rows.set_axis(names, axis=1).assign(passage=rows["term"].map(first))


# Passages that share wording, side by side with the shared words marked ----------------------------

#: At most so many pairs of passages are shown, those with most words in common first; the data have all.
REUSE_SHOWN = 40


def show_reuse(book: Book, found: pd.DataFrame) -> Html:
    """Return the pairs of passages of find_reuse with their shared words marked, in the sentences that may be shown."""
    languages, sentences = _by_document(book, "language"), group_by(book.corpus.sentences, "passage")
    pairs: list[Any] = [(*pair, runs) for pair, runs in found.groupby(["left", "right"])]
    ranked = sorted(pairs, key=lambda pair: -pair[2]["words"].sum())
    rows = []
    for left, right, runs in ranked[:REUSE_SHOWN]:
        language = languages[left.split(":")[0]]
        sides = []
        for side, passage in (("left", left), ("right", right)):
            document, anchor = passage.split(":")
            pieces = _pieces(book, sentences[passage], runs[[f"{side}_start", f"{side}_end"]].to_numpy().tolist())
            sides.append({"passage": passage, "document": document, "anchor": anchor, "pieces": pieces})
        rows.append({"words": runs["words"].sum(), "share": runs["share"].iloc[0], "sides": sides, "code": language,
                     "language": HTML_LANGUAGE[language]})  # fmt: skip
    download = download_link(found, "reuse") if len(found) else ""
    titles = _by_document(book, "title")
    return render("reuse", rows=rows, titles=titles, unshown=len(ranked) - len(rows), download=download)


def _pieces(book: Book, sentences: pd.DataFrame, spans: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return the sentences of a passage that hold shared words, these marked; without text where it may not be shown.

    `spans` are offsets in the passage's text, as are the beginning and end of its sentences.
    """
    pieces, shared = [], say("coded.alike.shared")
    for row in records(sentences):
        here = [(begin, end) for begin, end in spans if begin < row.end and end > row.start]
        inside = [(max(begin, row.start) - row.start, min(end, row.end) - row.start, shared) for begin, end in here]
        if inside:
            text = mark_spans(row.text, inside) if row.sentence in book.quotable else None
            pieces.append({"id": row.sentence, "text": text})
    return pieces
