from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, permutations
from pathlib import Path

import pandas as pd
import pytest
from coded_books import CHINESE, ENGLISH, BookOf, ids, joined, links, shown
from lxml.html import fromstring

from policybook.analysis.renderings import (
    chinese_mentions,
    count_renderings,
    find_borrowed,
    hidden_by_document,
    rank_variety,
    rendered_mentions,
)
from policybook.charts.bars import bar_chart
from policybook.coding.scheme import Topic, load_topics
from policybook.pages.book import Book
from policybook.pages.html import Html, show
from policybook.pages.terms import (
    concordance,
    keyword_in_context,
    list_lines,
    list_wordings,
    name_terms,
    rendering_bars,
    topic_bars,
    topic_mentions,
    topic_passages,
)
from policybook.project import Project
from policybook.words.say import names_of

MIGRANTS = "citizenization-of-rural-migrants"


@dataclass(frozen=True)
class Tables:
    """The tables of the page, made as its notebook makes them."""

    book: Book

    @property
    def english(self) -> pd.DataFrame:
        return rendered_mentions(self.book.corpus)

    @property
    def renderings(self) -> pd.DataFrame:
        return name_terms(count_renderings(self.english), self.book.scheme)

    @property
    def variety(self) -> pd.DataFrame:
        return name_terms(rank_variety(self.renderings), self.book.scheme)

    @property
    def hidden(self) -> pd.DataFrame:
        borrowed = find_borrowed(self.renderings, self.book.scheme)
        return name_terms(hidden_by_document(borrowed, self.english), self.book.scheme)

    @property
    def wordings(self) -> pd.DataFrame:
        borrowed = find_borrowed(self.renderings, self.book.scheme)
        return list_wordings(self.book, self.renderings, borrowed, chinese_mentions(self.book.corpus))

    @property
    def lines(self) -> pd.DataFrame:
        return list_lines(self.book, self.english, chinese_mentions(self.book.corpus), 50)

    @property
    def entries(self) -> Html:
        return concordance(self.book, self.wordings, self.lines)


@pytest.fixture(scope="module")
def tables(book_of: BookOf) -> Tables:
    english, chinese = book_of(ENGLISH), book_of(CHINESE, language="zh")
    return Tables(Book(english.project, english.vocabulary, english.coding, joined(english.corpus, chinese.corpus)))


def test_of_many_documents_the_commonest_wordings_stand_on_the_page(
    book_of: BookOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policybook.pages.terms._WORDINGS_OF_MANY", 1)
    texts = {f"text-{n}": ENGLISH["first" if n else "second"] for n in range(45)}
    rarer = "citizenization of the agricultural transfer population"
    for some, is_there in ((texts, False), ({name: texts[name] for name in ("text-0", "text-1")}, True)):
        entry = fromstring(Tables(book_of(some)).entries.markup).get_element_by_id(f"term-{MIGRANTS}")
        assert (rarer in " ".join(cell.text_content() for cell in entry.cssselect("tbody th"))) is is_there
        assert ("1 rarer wording: see the file" in entry.text_content()) is not is_there


def test_every_term_has_its_wordings_in_both_languages(tables: Tables) -> None:
    rows = tables.wordings[tables.wordings["concept"] == MIGRANTS]
    assert rows[["wording", "language", "count"]].to_numpy().tolist() == [
        ["urbanization of rural migrant workers", "en", 2],
        ["citizenization of the agricultural transfer population", "en", 1],
        ["农业转移人口市民化", "zh", 2],
    ]
    assert rows["passages"].tolist() == [["first:p01", "first:p01"], ["second:p01"], ["third:p01", "third:p01"]]
    assert [len(notes) for notes in rows["notes"]] == [2, 0, 0]  # the usual English of two other terms
    assert f"term-{MIGRANTS}" in ids(tables.entries)
    assert f"?concept={MIGRANTS}#concordance" in links(tables.entries)


def test_entries_stand_in_the_order_of_pinyin(tables: Tables) -> None:
    by_id = tables.book.scheme.by_id
    order = [by_id[i.removeprefix("term-")].pinyin for i in ids(tables.entries) if i.startswith("term-")]
    assert [name[:2].lower() for name in order] == ["gu", "hù", "nó", "xi"]


def test_links_lead_to_passages_and_to_entries(tables: Tables) -> None:
    entries = set(ids(tables.entries))
    bars = rendering_bars(tables.renderings, tables.variety["concept"])
    pieces = [bar_chart("n", bars, "c"), show(tables.variety), show(tables.hidden), tables.entries]
    for link in (link for piece in pieces for link in links(piece)):
        known = link.removeprefix("#") in entries | {"figure-n"} or link.startswith("../documents/")
        assert known or re.fullmatch(r"\?concept=[a-z-]+#concordance", link), link
    assert "../documents/first.html#p01" in {link.partition(".1")[0] for link in links(show(tables.hidden))}


def test_bars_count_every_mention_under_its_rank(tables: Tables) -> None:
    bars = rendering_bars(tables.renderings, [MIGRANTS])
    assert bars[["called", "count", "total"]].to_numpy().tolist() == [
        ["urbanization of rural migrant workers", 2, 3],
        ["citizenization of the agricultural transfer population", 1, 3],
    ]
    assert bars["category"].tolist() == list(names_of("rank").values())[:2]
    assert set(bars["href"]) == {f"#term-{MIGRANTS}"}


def test_renderings_behind_the_ranks_are_taken_together() -> None:
    ranks = list(names_of("rank").values())
    table = pd.DataFrame({"concept": "a", "term_zh": "甲", "term_zh_href": "#term-a",
                          "rendering": [f"r{n}" for n in range(len(ranks) + 2)],
                          "count": range(len(ranks) + 2, 0, -1)})  # fmt: skip
    bars = rendering_bars(table, ["a"])
    assert bars["category"].tolist() == ranks
    assert bars["count"].tolist()[-1] == 1 + 2 + 3
    assert bars["count"].sum() == bars["total"].iloc[0] == table["count"].sum()


def test_lines_show_only_sentences_that_may_be_shown(tables: Tables) -> None:
    sentence = str(tables.english["sentence"].iloc[0])
    assert sentence in set(tables.lines["sentence"])
    book = tables.book
    book.__dict__["quotable"] = frozenset(book.quotable - {sentence})
    try:
        assert sentence not in set(tables.lines["sentence"])
    finally:
        del book.__dict__["quotable"]


def test_the_concordance_offers_what_stands_in_the_documents(tables: Tables) -> None:
    box = fromstring(keyword_in_context(tables.book)._repr_html_())
    offered = {one.get("name"): [option.get("value") for option in one] for one in box.iter("select")}
    assert offered["document"] == ["", "first", "second", "third"]
    assert set(offered["concept"]) == {"", *tables.book.corpus.mentions["concept"]}
    assert offered["sort"] == ["", "left", "right"]
    assert set(offered["place"]) - {""} == set(tables.book.corpus.passages["places"].explode())
    named = {one.get("for") for one in box.iter("label")}
    assert named == {one.get("id") for one in box.iter("select", "input")}
    examples = [one.get("href") for one in box.cssselect(".pb-examples a")]
    assert examples[0] == f"?concept={tables.book.corpus.mentions['concept'].value_counts().index[0]}#concordance"


@pytest.mark.parametrize(
    ("texts", "language"), [({"a": "Nothing to see here."}, "en"), (CHINESE, "zh"), (ENGLISH, "en")]
)
def test_a_book_may_lack_terms_or_a_language(book_of: BookOf, texts: dict[str, str], language: str) -> None:
    tables = Tables(book_of(texts, language=language))
    has_english = texts is ENGLISH
    assert [len(table) > 0 for table in (tables.renderings, tables.variety, tables.hidden)] == [has_english] * 3
    assert len(rendering_bars(tables.renderings, tables.variety["concept"])) == len(tables.renderings)
    found = [i for i in ids(tables.entries) if i.startswith("term-")]
    assert len(found) == tables.wordings["concept"].nunique()
    assert bool(found) == (len(texts) != 1 or language == "zh")


def test_nothing_of_a_document_becomes_markup(book_of: BookOf) -> None:
    text = "The urbanization of rural migrant workers <script>alert(1)</script> {{ x }} should be improved."
    book = book_of({"a": text})
    page = topic_passages(book, topic_mentions(book, [MIGRANTS]))
    assert "<script" not in page._repr_html_()
    assert "<script>" in shown(page)


def test_passages_on_a_topic_stand_in_the_order_of_writing(book_of: BookOf) -> None:
    old, new = book_of(CHINESE, language="zh", written="2014"), book_of(ENGLISH, written="2024-05")
    book = Book(new.project, new.vocabulary, new.coding, joined(new.corpus, old.corpus))
    mentions = topic_mentions(book, [MIGRANTS])
    assert list(dict.fromkeys(mentions["document"])) == ["third", "first", "second"]
    bars = topic_bars(book, mentions)
    assert bars[["count", "total"]].to_numpy().tolist() == [[1, 1]] * 3
    assert [group.rpartition(" ")[2] for group in bars["group"]] == ["(third)", "(first)", "(second)"]
    page = topic_passages(book, mentions)
    assert set(bars["href"]) == {f"#{one}" for one in ids(page)}
    assert [link for link in links(page) if "#" in link] == [
        f"../documents/{name}.html#p01" for name in ("third", "first", "second")
    ]


def test_terms_of_a_topic_are_marked_and_named_in_the_other_language(tables: Tables) -> None:
    page = topic_passages(tables.book, topic_mentions(tables.book, [MIGRANTS]))
    tree = fromstring(page._repr_html_())
    marked = [mark.text_content() for mark in tree.iter("mark")]
    assert marked.count("农业转移人口市民化") == 2 and "urbanization of rural migrant workers" in marked
    named = {(one.get("lang"), one.text_content()) for one in tree.xpath("//p[@class='pb-quiet']/span")}
    concept = tables.book.scheme.by_id[MIGRANTS]
    assert named == {("zh-Hans", concept.term_zh), ("en", concept.term_en)}
    assert {quote.get("lang") for quote in tree.iter("blockquote")} == {"en", "zh-Hans"}


@pytest.mark.parametrize(("words", "open_"), [(10, 3), (300, 1)])
def test_so_many_passages_of_a_topic_stand_open_as_have_room(book_of: BookOf, words: int, open_: int) -> None:
    made = [" ".join(map("".join, islice(permutations("aeinrst"), start, start + words))) for start in (0, 500, 1000)]
    lines = [f"The urbanization of rural migrant workers needs {filler}." for filler in made]
    book = book_of({"a": "\n\n".join(lines)})
    tree = fromstring(topic_passages(book, topic_mentions(book, [MIGRANTS]))._repr_html_())
    assert len([one for one in tree.iter("blockquote") if not list(one.iterancestors("details"))]) == open_


def test_what_no_text_mentions_has_no_passages(tables: Tables) -> None:
    mentions = topic_mentions(tables.book, ["sponge-city"])
    assert topic_bars(tables.book, mentions).empty
    assert links(topic_passages(tables.book, mentions)) == []


def test_topics_are_read_by_id_and_a_book_may_have_none(tables: Tables, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.data.mkdir()
    assert load_topics(project, tables.book.scheme) == {}
    entry = f"{{id: a-b, title: T, question: q, concepts: [{MIGRANTS}]}}"
    project.topics_file.write_text(f"topics:\n  - {entry}\n", encoding="utf-8")
    topic = Topic(id="a-b", title="T", question="q", concepts=[MIGRANTS])
    assert load_topics(project, tables.book.scheme) == {"a-b": topic}
