"""The register: a row a document, in a book of so many that not each has a page of its own."""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from policybook.corpus.corpus import records
from policybook.corpus.sentences import length
from policybook.pages.book import Book
from policybook.pages.html import Html, render, show
from policybook.words.say import language_name

#: So many themes of a document are named, those of most blocks.
_THEMES = 3


def register_row(document: str) -> str:
    """Return the id of a document's row: what leads to a document that has no page leads there."""
    return f"document-{document}"


def register_rows(book: Book) -> pd.DataFrame:
    """Return a row a document, in the order of data/corpus.yml.

    Columns: document, title, title_href, publisher, publisher_href (its address, where it has one), written (as
    data/corpus.yml says it), speaker, language, words (Chinese characters or English words), themes (their labels, of
    most blocks first, at most three), anchor (see register_row).
    """
    corpus, label = book.corpus, book.vocabulary.label
    languages = dict(zip(corpus.documents["document"], corpus.documents["language"], strict=True))
    words = Counter[str]()
    for row in records(corpus.passages):
        words[row.document] += length(row.text, languages[row.document])
    themes = _themes(book)
    rows = [{"document": d.document, "title": d.title, "title_href": f"../documents/{d.document}.html",
             "publisher": d.publisher, "publisher_href": d.url or "", "written": d.written or d.published,
             "speaker": label(d.speaker), "language": language_name(d.language), "words": words[d.document],
             "themes": themes.get(d.document, []), "anchor": register_row(d.document)}
            for d in records(corpus.documents)]  # fmt: skip
    return pd.DataFrame(rows)


def _themes(book: Book) -> Mapping[str, list[str]]:
    """Return the labels of the themes that most blocks of each document carry."""
    scheme, order = book.scheme, [theme.id for theme in book.scheme.themes]
    theme_of = {concept.id: concept.theme for concept in scheme.concepts if scheme.counted(concept.id)}
    mentions = book.corpus.mentions
    found = pd.DataFrame({"document": mentions["sentence"].str.split(":").str[0], "block": mentions["block"],
                          "theme": mentions["concept"].map(theme_of)}).dropna().drop_duplicates()  # fmt: skip
    ranked: dict[str, list[str]] = {}
    for document, of in found.groupby("document")["theme"]:
        times = of.value_counts().sort_index(key=lambda themes: themes.map(order.index), kind="stable")
        first = times.sort_values(ascending=False, kind="stable").index[:_THEMES]
        ranked[str(document)] = [scheme.theme_label[theme] for theme in first]
    return ranked


def show_register(rows: pd.DataFrame, labels: Mapping[str, str], caption: str) -> Html:
    """Return the register as a table that is searched, sorted and leafed through; without a script it stands whole.

    Its publisher stands below a title, the language below the speaker.
    """
    below = {"title": ["publisher"], "speaker": ["language"]}
    table = show(rows, labels=labels, below=below, caption=caption, name="register", anchors="anchor", stacked=True)
    return render("register", table=table.markup)
