from __future__ import annotations

import pytest
from coded_books import CHINESE, ENGLISH, BookOf, links, shown

from policybook.publishing.coded_tables import print_value
from policybook.publishing.document_page import DocumentPage


@pytest.mark.parametrize(
    ("value", "kind", "printed"),
    [
        (100000000, "count", "100,000,000"),
        (2024, "year", "2024"),
        ([2014, 2020], "year_range", "2014–2020"),
        ([10, 15], "percent", "10–15"),
        (66.16, "percent", "66.16"),
        (0.3, "percent", "0.3"),
        (1234567.5, "money", "1,234,567.5"),
        ("2024-08-29", "date", "2024-08-29"),
        ("国发〔2024〕17号", "doc_number", "国发〔2024〕17号"),
        (18, "ordinal", "18"),
    ],
)
def test_values_are_printed_as_a_reader_writes_them(value: object, kind: str, printed: str) -> None:
    assert print_value(value, kind) == printed


def test_a_document_lists_its_figures_actors_and_directives(book_of: BookOf) -> None:
    page = DocumentPage(book_of(ENGLISH), "second")
    figures = shown(page.quantities())
    assert "3 billion yuan3,000,000,000CNYmoney" in figures
    assert "State Council" in shown(page.actors())
    directives = shown(page.directives())
    assert "speed up the citizenization" in directives and "obligation" in directives
    sentences = {str(s).partition(":")[2] for s in page.corpus.sentences["sentence"]}
    assert {link.removeprefix("#") for link in links(page.quantities())} <= sentences
    assert {link.removeprefix("#") for link in links(page.directives())} <= sentences
    assert set(links(page.actors())) == {"#p01"}


def test_a_chinese_document_has_them_too(book_of: BookOf) -> None:
    page = DocumentPage(book_of(CHINESE, language="zh"), "third")
    assert "推进农业转移人口市民化" in shown(page.directives())
    assert 'lang="zh-Hans">' in page.directives()._repr_html_()
    assert page.values["quantities"] == "0 figures"
    assert "No figure was found" in shown(page.quantities())


def test_a_document_without_any_says_so(book_of: BookOf) -> None:
    page = DocumentPage(book_of({"a": "The river is wide."}), "a")
    assert shown(page.quantities()) == "No figure was found in this document."
    assert shown(page.actors()) == "This document names no actor."
    assert shown(page.directives()) == "No directive was found in this document."
