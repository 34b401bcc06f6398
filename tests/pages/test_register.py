"""The register of all documents: what its rows say, and that its table is whole without a script."""

from __future__ import annotations

import lxml.html

from policybook.corpus.sentences import length
from policybook.pages.book import Book
from policybook.pages.register import register_row, register_rows, show_register

LABELS = {"title": "Document and source", "written": "Written", "speaker": "Speaks for", "words": "Length",
          "themes": "Most about"}  # fmt: skip


def test_a_row_says_of_each_document_what_it_is_and_what_it_speaks_of_most(book: Book) -> None:
    rows = register_rows(book)
    documents = book.corpus.documents
    assert rows["document"].tolist() == documents["document"].tolist()
    for row, document in zip(rows.itertuples(), documents.itertuples(), strict=True):
        texts = book.corpus.select(document=document.document).passages["text"]
        assert row.words == sum(length(text, document.language) for text in texts) > 0
        assert row.publisher_href == (document.url or "")
        assert row.written == (document.written or document.published)
        assert row.anchor == register_row(document.document)
        assert 0 < len(row.themes) <= 3


def test_themes_are_named_by_the_number_of_blocks_that_carry_them(book: Book) -> None:
    scheme = book.scheme
    for row in register_rows(book).itertuples():
        mentions = book.corpus.select(document=row.document).mentions
        counted = mentions[mentions["concept"].map(scheme.counted)]
        theme = counted["concept"].map(lambda concept: scheme.theme_label[scheme.by_id[concept].theme])
        blocks = counted.assign(theme=theme).groupby("theme")["block"].nunique()
        named = [int(blocks[label]) for label in row.themes]
        assert named == sorted(blocks, reverse=True)[: len(named)]


def test_the_table_stands_whole_and_each_row_has_its_address(book: Book) -> None:
    rows = register_rows(book)
    shown = lxml.html.fromstring(show_register(rows, LABELS, "All documents").markup)
    found = shown.xpath("//tr/@id | //tr/*/@id | //tr//span/@id")
    assert set(rows["anchor"]) <= set(found)
    links = shown.xpath("//tbody//a/@href")
    assert {f"../documents/{document}.html" for document in rows["document"]} <= set(links)
