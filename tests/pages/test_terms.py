from __future__ import annotations

import pytest
from coded_books import CHINESE, ENGLISH, BookOf, ids, joined, links, shown

from policybook.charts.theme import Chart
from policybook.pages.book import Book
from policybook.pages.terms import TermsPage

MIGRANTS = "citizenization-of-rural-migrants"


@pytest.fixture(scope="module")
def book(book_of: BookOf) -> Book:
    english, chinese = book_of(ENGLISH), book_of(CHINESE, language="zh")
    return Book(english.project, english.vocabulary, english.coding, joined(english.corpus, chinese.corpus))


@pytest.fixture(scope="module")
def page(book: Book) -> TermsPage:
    return TermsPage(book)


def test_the_prose_counts_what_is_there(page: TermsPage) -> None:
    values = page.values
    assert (values["english"], values["chinese"], values["n_translated"]) == (
        "2 English documents", "1 Chinese document", 0,
    )  # fmt: skip
    assert values["mentions"] == f"{len(page.english)} mentions"
    assert "农业转移人口市民化" in str(values["various"]) and "under 2 renderings" in str(values["various"])
    assert "in 2 of 3 places: 2 of 2 in first, 0 of 1 in second" in str(values["hidden"])


def test_every_term_has_an_entry_with_its_renderings_forms_and_lines(page: TermsPage) -> None:
    terms = page.terms()
    assert f"term-{MIGRANTS}" in ids(terms)
    text = shown(terms)
    assert "urbanization of rural migrant workers" in text
    assert "citizenization of the agricultural transfer population" in text
    assert "Official English: granting urban citizenship" in text
    assert "3 in English, 2 renderings; 2 in Chinese" in text
    assert "In context, English" in text and "In context, Chinese" in text


def test_entries_stand_in_the_order_of_pinyin(page: TermsPage) -> None:
    by_id = page.book.scheme.by_id
    order = [by_id[i.removeprefix("term-")].pinyin for i in ids(page.terms()) if i.startswith("term-")]
    assert [name[:2] for name in order] == ["gu", "hù", "nó", "xi"]


def test_links_lead_to_passages_and_to_entries(page: TermsPage) -> None:
    entries = set(ids(page.terms()))
    chart = page.variety_chart()
    assert isinstance(chart, Chart)
    for piece in (chart, page.variety_table(), page.hidden(), page.shared(), page.terms()):
        for link in links(piece):
            assert link.removeprefix("#") in entries or link.startswith("../documents/"), link
    assert "../documents/first.html#p01" in links(page.hidden())


def test_a_rendering_that_hides_a_distinction_is_told_by_document(page: TermsPage) -> None:
    text = shown(page.hidden())
    assert "农业转移人口市民化" in text and "城镇化 urbanization" in text
    assert "2 of 3" in text and "first: 2 of 2 ¶1×2" in text and "second: 0 of 1" in text


def test_the_chart_names_the_renderings_to_those_who_cannot_see_it(page: TermsPage) -> None:
    chart = page.variety_chart()
    assert isinstance(chart, Chart)
    assert "urbanization of rural migrant workers 2 of 3" in chart.alt
    assert chart.data["count"].sum() == chart.data.groupby("group")["total"].first().sum()


def test_lines_show_only_sentences_that_may_be_shown(book: Book) -> None:
    page = TermsPage(book)
    sentence = str(page.english["sentence"].iloc[0])
    assert f'aria-label="{sentence}"' in page.terms()._repr_html_()
    book.__dict__["quotable"] = frozenset(book.quotable - {sentence})
    try:
        assert f'aria-label="{sentence}"' not in page.terms()._repr_html_()
    finally:
        del book.__dict__["quotable"]


@pytest.mark.parametrize(
    ("texts", "language"), [({"a": "Nothing to see here."}, "en"), (CHINESE, "zh"), (ENGLISH, "en")]
)
def test_a_book_may_lack_terms_or_a_language(book_of: BookOf, texts: dict[str, str], language: str) -> None:
    page = TermsPage(book_of(texts, language=language))
    pieces = [page.variety_chart(), page.variety_table(), page.hidden(), page.shared(), page.terms()]
    assert all(isinstance(piece._repr_html_(), str) for piece in pieces)
    assert all(str(value) for value in page.values.values())
    if language == "zh":
        assert page.values["various"] == "No term was found in an English document."


def test_nothing_of_a_document_becomes_markup(book_of: BookOf) -> None:
    text = "The urbanization of rural migrant workers <script>alert(1)</script> {{ x }} should be improved."
    page = TermsPage(book_of({"a": text}))
    html = page.terms()._repr_html_()
    assert "<script" not in html and "&lt;script&gt;" in html
