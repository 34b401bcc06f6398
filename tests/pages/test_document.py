from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from coded_books import CHINESE, ENGLISH, BookOf, links, shown
from kinds import CorpusOf

from policybook.analysis.briefs import Brief, BriefFigure, Supported
from policybook.coding.scheme import Scheme
from policybook.pages.book import heading_level, list_contents
from policybook.pages.document import DocumentPage, print_value, show_brief
from policybook.words.say import figure_in_words

# The brief and the chapters on a document's page: what links lead to, and figures as a sentence says them ---


def figure(value: Any, kind: str = "count", unit: str | None = None, qualifier: str = "exact") -> BriefFigure:
    return BriefFigure(value, unit, qualifier, kind, "", "one:p01.1")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (figure(70, "percent", "percent", "almost"), "nearly 70 %"),
        (figure(66.16, "percent", "percent"), "66.16 %"),
        (figure(1, "percent", "percentage_point", "about"), "about 1 percentage point"),
        (figure(3.84, "percent", "percentage_point"), "3.84 percentage points"),
        (figure(4), "four"),
        (figure(12), "twelve"),
        (figure(13), "13"),
        (figure(4.0), "four"),
        (figure(2.5), "2.5"),
        (figure(100_000_000, unit="person", qualifier="about"), "about 100 million"),
        (figure(1_300_000_000), "1.3 billion"),
        (figure(930_400), "930,400"),
        (figure(1_234_567), "1,234,567"),
        (figure(12_345_678, qualifier="over"), "more than 12,345,678"),
        (figure(2_950_000, qualifier="under"), "less than 2.95 million"),
        (figure(2019, "year"), "2019"),
        (figure([2014, 2020], "year_range"), "2014–2020"),
        (figure([3, 5], qualifier="range"), "3 to 5"),
        (figure("2024-08-29", "date"), "29 August 2024"),
        (figure("2024-08", "date"), "August 2024"),
        (figure("8-29", "date"), "8-29"),
        (figure("2024-13-40", "date"), "2024-13-40"),
        (figure("国发〔2024〕17号", "doc_number"), "国发〔2024〕17号"),
    ],
)
def test_a_figure_in_words(found: BriefFigure, words: str):
    assert figure_in_words(found) == words


def tree(html: object) -> Any:
    return lxml.html.fragment_fromstring(str(html), create_parent=True)


def test_a_statement_leads_to_what_the_page_shows(scheme: Scheme):
    said = Supported("{n} <b>towns</b> in {count} places.", ("p07", "p08.2", "p09.1"), ("county",), {"n": figure(9)})
    html = tree(show_brief(Brief("one", (said,)), scheme, {"one:p08.2"}).markup)
    assert html.cssselect("b") == []
    assert html.cssselect("li")[0].text_content().startswith("Nine <b>towns</b> in three places.")
    links = [(a.get("href"), a.text_content()) for a in html.cssselect("a")]
    assert links == [("#p07", "¶7"), ("#p08.2", "¶8.2"), ("#p09", "¶9.1")], "p09.1 is left out of the page"


def test_a_document_without_a_brief_has_none(scheme: Scheme):
    html = tree(show_brief(None, scheme, frozenset()).markup)
    assert html.cssselect("li") == [] and "Nobody has written a brief" in html.text_content()


def test_chapters_are_listed_and_headings_that_may_not_be_shown_are_not(corpus_of: CorpusOf):
    text = "规划\n第一篇 甲\n第一章 乙\n正文在这里，说了一些话。\n## 第一节 丙\n正文还有。\n（一）丁。正文。\n"
    corpus = corpus_of({"one": text}, language="zh")
    assert [heading_level(row) for row in corpus.passages.itertuples()] == [0, 1, 2, 0, 3, 0, 0]
    listed = list_contents(corpus, {"one:p02.1"})
    assert [(one["anchor"], one["depth"], one["text"]) for one in listed] == [("p02", 1, "第一篇 甲"), ("p03", 2, None)]


def test_a_text_with_hardly_a_heading_has_no_list(corpus_of: CorpusOf):
    corpus = corpus_of({"one": "规划\n第一篇 甲\n正文在这里，说了一些话。\n"}, language="zh")
    assert list_contents(corpus, frozenset(corpus.sentences["sentence"])) == []


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
