from __future__ import annotations

import re

import pytest
from coded_books import ENGLISH, BookOf, links, shown
from kinds import MakeProject

from policybook.corpus.corpus import TABLE_COLUMNS, Corpus
from policybook.errors import ComparisonError, SelectionError, UnknownPageError
from policybook.pages.book import compare, describe_tables, made_pages, trust_in_coding


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
    assert set(TABLE_COLUMNS) <= set(re.findall(r"`(\w+)`", Corpus.__doc__ or ""))
