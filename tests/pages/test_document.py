from __future__ import annotations

from dataclasses import replace
from typing import Any

import lxml.html
import pandas as pd
import pytest
from coded_books import CHINESE, ENGLISH, BookOf, ids, shown
from kinds import CorpusOf

from policybook.analysis.briefs import Brief, BriefFigure, Supported
from policybook.analysis.keyness import term_frequencies
from policybook.coding.scheme import Scheme
from policybook.pages.document import (
    _notes,
    actors_named,
    concepts_found,
    directives_found,
    document_sizes,
    heading_level,
    identity_card,
    list_contents,
    means_of,
    print_value,
    quantities_found,
    repairs_made,
    scope_sizes,
    show_brief,
    show_passages,
    theme_chart,
    themes_by_document,
    themes_found,
    word_cloud,
)
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
    assert html.cssselect("li") == [] and html.text_content().strip()


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


def test_figures_actors_and_directives_of_a_document_are_tables(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    corpus = book.corpus.select(document="second")
    figures = quantities_found(corpus)
    assert (3_000_000_000, "3,000,000,000", "CNY") in set(figures[["value", "amount", "unit"]].itertuples(index=False))
    actors = actors_named(book, corpus)
    assert "State Council" in set(actors["name_en"]) and actors["times"].is_monotonic_decreasing
    assert [len(one) for one in actors["sentences"]] == actors["times"].tolist()
    assert {passage for one in actors["passages"] for passage in one} == {"second:p01"}
    directives = directives_found(corpus)
    assert "obligation" in set(directives["strength"])
    for table in (figures, directives):
        assert set(table["sentence"]) <= set(corpus.sentences["sentence"]) and "block" not in table


def test_concepts_are_listed_once_with_every_passage(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    concepts = concepts_found(book, book.corpus)
    assert concepts["concept"].is_unique and concepts["mentions"].sum() == len(book.corpus.mentions)
    assert concepts["mentions"].is_monotonic_decreasing
    assert [len(one) for one in concepts["passages"]] == concepts["mentions"].tolist()
    assert concepts["anchor"].tolist() == [f"concept-{one}" for one in concepts["concept"]]
    unmarked = concepts["counted"] & (concepts["ambiguous"] == 0)
    assert (concepts["remark"] == "").tolist() == unmarked.tolist() and not unmarked.all()


def test_a_selection_may_be_anything_that_the_corpus_can_select(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    parts = [concepts_found(book, book.corpus.select(document=one)) for one in ENGLISH]
    both = concepts_found(book, book.corpus).set_index("concept")["mentions"]
    assert pd.concat(parts).groupby("concept")["mentions"].sum().to_dict() == both.to_dict()


def test_means_are_counted_in_the_order_of_their_names() -> None:
    directives = pd.DataFrame({"instrument": ["none", "supply", "none"]})
    assert means_of(directives) == "3 directives (supply 1 · no means named 2)"


def test_a_document_without_any_has_empty_tables_with_their_columns(book_of: BookOf) -> None:
    book = book_of({"a": "The river is wide."})
    found = {
        "amount": quantities_found(book.corpus),
        "actor": actors_named(book, book.corpus),
        "strength": directives_found(book.corpus),
        "anchor": concepts_found(book, book.corpus),
        "repair": repairs_made(book.corpus),
    }
    assert [(name, len(table)) for name, table in found.items() if name not in table or len(table)] == []


def test_passages_are_marked_and_chinese_is_told(book_of: BookOf) -> None:
    page = show_passages(book_of(CHINESE, language="zh"), "third")
    assert {"p01", "p01.1"} <= set(ids(page))
    html = tree(page.markup)
    assert {one.get("lang") for one in html.cssselect(".pb-passage")} == {"zh-Hans"}
    mark = html.cssselect("mark[data-concept]")[0]
    assert mark.get("title").split(" · ")[0] and mark.get("class").startswith("pb-theme-")
    offered = {one.get("class") for one in html.cssselect(".pb-themes label")}
    assert offered == {one.get("class") for one in html.cssselect("mark[data-concept]")}


def test_what_is_no_evidence_is_left_out_where_no_more_may_be_shown(book_of: BookOf) -> None:
    book = book_of({"a": "The river is wide. The State Council promotes urbanization."}, rights="evidence")
    page = show_passages(book, "a")
    assert "The river" not in shown(page) and "p01.2" in ids(page) and "p01.1" not in ids(page)


def test_a_book_without_eras_plans_and_places_has_no_line_for_them(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    bare = replace(book, vocabulary=replace(book.vocabulary, eras=(), plans=(), places=()))
    lines = [{row[0].text_content() for row in tree(identity_card(one, "first").markup).cssselect("tr")}
             for one in (book, bare)]  # fmt: skip
    assert lines[0] - lines[1] == {"Era", "About the plan", "Speaker"}


def test_a_card_says_only_what_is_known(book_of: BookOf) -> None:
    rows = tree(identity_card(book_of(ENGLISH, publisher="<b>Nobody</b>"), "first").markup).cssselect("tr")
    told = {row[0].text_content(): row[1].text_content() for row in rows}
    assert told["Publisher"] == "<b>Nobody</b>" and told["Id"] == "first"
    assert "" not in told.values() and "Title in Chinese" not in told


def test_what_is_doubtful_is_told_once_and_another_document_by_its_title(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    row = book.corpus.document("first")
    titles = dict(zip(book.corpus.documents["document"], book.corpus.documents["title"], strict=True))
    other = next(one for one in titles if one != "first")
    noted = row.copy()
    noted["warnings"], noted["notes"] = ["It is short."], ["It is short.", f"60% of it is '{other}', not 'x'."]
    assert _notes(book, noted) == [f"60% of it is “{titles[other]}”, not 'x'."]


def test_a_word_cloud_without_words_is_a_sentence(book_of: BookOf) -> None:
    assert shown(word_cloud(book_of(ENGLISH), pd.Series(dtype=int), "", 5))


def test_a_word_leads_to_its_row_and_the_row_to_its_sentences(book_of: BookOf) -> None:
    book = book_of(ENGLISH).part("first")
    terms = term_frequencies(book.corpus, book.scheme, book.project)
    html = tree(word_cloud(book, terms, "Words", 5).markup)
    links = {one.get("href") for one in html.cssselect("svg a")}
    rows = {f"#{row.get('id')}": row for row in html.cssselect("tbody tr")}
    assert links and links <= set(rows)
    assert all(row.cssselect("td:last-child a[href^='#p']") for row in rows.values())


def test_a_theme_leads_to_the_sentences_that_carry_it(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    table, cells = themes_by_document(book), theme_chart(book, "themes", "Themes").svg
    for document in table["document"]:
        found = themes_found(book.part(document)).set_index("theme")
        row = table.set_index("document").loc[document]
        assert {theme: row[theme] for theme in found.index} == found["blocks"].to_dict()
        for theme, anchor in found["anchor"].items():
            assert row[f"{theme}_href"] == f"../documents/{document}.html#{anchor}"
            assert f'href="{row[f"{theme}_href"]}"' in cells


def test_the_sizes_of_documents_add_up(book_of: BookOf) -> None:
    book = book_of(ENGLISH, published="2022-05")
    documents = document_sizes(book, base="")
    assert documents["document"].tolist() == list(ENGLISH)
    assert documents["blocks"].sum() == len(book.corpus.blocks)
    assert documents["title_href"].tolist() == [f"documents/{one}.html" for one in ENGLISH]
    first = documents.iloc[0]
    assert [str(first[name]) for name in ("written_from", "written_to", "published_on")] == [
        "2022-01-01", "2022-12-31", "2022-05-01",
    ]  # fmt: skip
    assert document_sizes(book_of(ENGLISH))["published_on"].tolist() == [None, None]


def test_every_passage_has_one_plan_and_one_era(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    sizes = scope_sizes(book).groupby("field")[["passages", "blocks"]].sum()
    for field in ("plan", "era"):
        assert sizes.loc[field].tolist() == [len(book.corpus.passages), len(book.corpus.blocks)]


def test_themes_are_counted_in_blocks_of_each_document(book_of: BookOf) -> None:
    book = book_of(ENGLISH)
    themes = themes_by_document(book)
    assert themes["blocks"].sum() == len(book.corpus.blocks)
    labels = [theme.label for theme in book.scheme.themes]
    assert (themes[labels].le(themes["blocks"], axis=0)).all(axis=None) and themes[labels].to_numpy().sum() > 0
