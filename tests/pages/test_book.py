from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from coded_books import ENGLISH, BookOf, links, shown
from kinds import MakeProject

from policybook.corpus.corpus import TABLE_COLUMNS, Corpus, WholeCorpus
from policybook.errors import ComparisonError, SelectionError, UnknownPageError
from policybook.pages.book import Book, compare, describe_tables, made_pages, trust_in_coding
from policybook.pages.html import call_documents, show


def test_pages_are_linked_when_the_book_has_them(make_project: MakeProject) -> None:
    project = make_project()
    project.runs_file.write_text("runs:\n  - template: corpus\n    page: chapters/corpus\n", encoding="utf-8")
    assert made_pages(project) == {"chapters/corpus"}
    assert links(trust_in_coding(project)) == []
    with project.runs_file.open("a", encoding="utf-8") as file:
        file.write("  - template: validation\n    page: chapters/validation\n")
    assert links(trust_in_coding(project)) == ["validation.html"]
    assert shown(trust_in_coding(project))


def test_the_trust_page_names_both(make_project: MakeProject) -> None:
    project = make_project()
    pages = ("chapters/validation", "chapters/codebook")
    runs = "".join(f"  - template: corpus\n    page: {page}\n" for page in pages)
    project.runs_file.write_text(f"runs:\n{runs}", encoding="utf-8")
    assert links(trust_in_coding(project)) == ["validation.html", "codebook.html"]


# What an analyst asks for two selections -----------------------------------------------------------


def test_selections_may_be_typed_or_given_as_mappings(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    typed = compare(book, "document=first", "document=second")
    assert typed.equals(compare(book, {"document": "first"}, {"document": ["second"]}))
    assert typed[["family", "id"]].duplicated().sum() == 0 and set(typed["family"]) == {"theme", "concept"}
    blocks = typed[["left_blocks", "right_blocks"]].sum()
    swapped = compare(book, "document=second", "document=first")[["right_blocks", "left_blocks"]].sum()
    assert blocks.tolist() == swapped.tolist() and blocks.min() > 0
    assert (typed["difference"] - (typed["left_share"] - typed["right_share"])).abs().max() < 1e-9


@pytest.mark.parametrize(
    ("left", "right", "error"),
    [
        ("document=nobody", "document=second", SelectionError),
        ("document", "document=second", ValueError),
        ("document=first", "document=first", ComparisonError),
        ("nothing-of-the-kind", "", UnknownPageError),
    ],
)
def test_what_cannot_be_compared_is_an_error(book_of: BookOf, left: str, right: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        compare(book_of(ENGLISH), left, right)


def test_every_column_of_the_tables_is_described() -> None:
    described = describe_tables()
    assert list(described[["table", "column"]].itertuples(index=False, name=None)) == [
        (table, column) for table, columns in TABLE_COLUMNS.items() for column in columns
    ]
    assert described["holds"].str.len().min() > 5
    for kind in (Corpus, WholeCorpus):
        assert set(TABLE_COLUMNS) <= set(re.findall(r"`(\w+)`", kind.__doc__ or ""))


# What documents are called -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "called"),
    [("A short title", "A short title"), ("", ""),
     ("Improve the quality of the urbanization of all", "Improve the quality of the…of all"),
     ("National strategy for fishing in small boats: Ireland", "National strategy for…boats: Ireland"),
     ("关于推进以县城为重要载体的城镇化建设的意见（二〇二二年）", "关于推进以县城为重要载体的…见（二〇二二年）"),
     ("x" * 60, f"{'x' * 26}…{'x' * 16}")],
)  # fmt: skip
def test_a_document_is_called_by_its_title_cut_between_words(book: Book, title: str, called: str) -> None:
    documents = book.corpus.documents.assign(title=title, title_zh=None)
    made = replace(book, corpus=replace(book.corpus, documents=documents))
    assert set(made.called.values()) == {called}
    assert made.place("web-2021-joint-conference:p03.1") == f"{called}, ¶3.1"
    assert made.place("web-2021-joint-conference:p12") == f"{called}, ¶12"
    assert [*made.told_apart.values()] == documents["document"].tolist(), "all are called alike"


def test_a_list_of_places_names_documents_and_a_table_with_titles_their_ids(book: Book) -> None:
    document = book.corpus.documents["document"].iloc[0]
    call_documents(book.called)
    try:
        places = show(pd.DataFrame({"passages": [[f"{document}:p01", f"{document}:p02"]]}))
        assert shown(places).endswith(f"{book.called[document]} ¶1 ¶2")
        rows = pd.DataFrame({"document": [document], "title": ["T"]})
        assert f">{document}</a>" in show(rows)._repr_html_()
        assert f">{book.called[document]}</a>" in show(rows[["document"]])._repr_html_()
    finally:
        call_documents({})
