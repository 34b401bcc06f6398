"""The page of words: what it counts, where words lead, and what it says where there is nothing."""

from __future__ import annotations

import pytest
from coded_books import CHINESE, ENGLISH, BookOf, links, shown

from policybook.charts.theme import Chart
from policybook.errors import AnswerError
from policybook.pages.book import Book
from policybook.pages.vocabulary import WordTables, blocks_of_themes, first_of_themes, map_of_themes


@pytest.fixture
def words(book_of: BookOf) -> WordTables:
    return WordTables(book_of(ENGLISH), most=8)


def test_words_are_counted_and_lead_to_their_lines(words: WordTables) -> None:
    frequent = words.frequent()
    assert frequent["language"].unique().tolist() == ["English"] and len(frequent) <= 8
    assert frequent["term_href"].str.fullmatch(r"terms\.html\?word=[\w%'-]+#concordance").all()
    assert "words of these 2 documents" in words.answer()
    uncoded = words.uncoded()
    assert not set(uncoded["term"]) & set(words.terms.loc[words.terms["coded"], "term"])
    assert (uncoded["example"] != "").all()


def test_dispersion_is_over_documents(words: WordTables) -> None:
    dispersion = words.dispersion()
    assert dispersion["dp"].is_monotonic_increasing and dispersion["dp"].between(0, 1).all()
    alone = dispersion[dispersion["documents"] == 1]
    assert (alone["count"] == alone["there"]).all() and (dispersion["of"] == 2).all()


def test_an_example_of_what_may_not_be_shown_is_not(book_of: BookOf) -> None:
    held = WordTables(book_of({"held": "The lantern festival was long. The lantern was red."}, rights="evidence"))
    uncoded = held.uncoded()
    assert uncoded["example"].unique().tolist() == [""]
    assert set(uncoded["sentence"]) == {"held:p01"}, "its passage has an address, its sentence has none"


def test_where_nothing_stands_twice_no_row_is_no_error(book_of: BookOf) -> None:
    assert WordTables(book_of({"only": "The of and."})).uncoded().empty


def test_words_of_one_document_are_spread_over_nothing(book_of: BookOf) -> None:
    one = next(iter(ENGLISH))
    assert WordTables(book_of({one: ENGLISH[one]})).dispersion().empty


def test_sides_are_those_that_can_be_set_against_each_other(words: WordTables, book_of: BookOf) -> None:
    one, other = words.sides()
    assert {one, other} == {"document=first", "document=second"}
    assert {"g2", "log_ratio", "count_left"} <= set(words.key(one, other))
    assert words.sides("speaker=national", "speaker=liaoning") == ("speaker=national", "speaker=liaoning")
    assert words.key("document=first", "document=first").empty
    with pytest.raises(AnswerError, match="is not field=value"):
        words.key("first", "document=second")
    alone = WordTables(book_of(CHINESE, language="zh"))
    assert alone.sides() == ("", "") and alone.key("", "").empty


def test_selections_are_called_by_titles_and_labels(words: WordTables) -> None:
    assert words.called("document=first") == words.book.called["first"] != "document=first"
    assert words.called("document=first+second") == "2 documents"
    assert words.called("document=first,language=en") == "document=first,language=en"


def test_documents_and_themes_stand_in_one_map_and_lead_on(book: Book) -> None:
    chart, table = map_of_themes(book, "map"), blocks_of_themes(book)
    assert isinstance(chart, Chart)
    assert set(chart.data["group"]) == {"document", "theme"} and "81" not in chart.alt
    anchors = {f"#{one}" for one in table["anchor"] if one}
    assert {one for one in links(chart) if one.startswith("#theme")} <= anchors
    assert (table["blocks"] <= table["of"]).all() and (table["blocks"] > 0).all()


def test_one_document_makes_no_map(book_of: BookOf) -> None:
    assert "two documents" in shown(map_of_themes(book_of({"only": "Counties build schools."}), "map"))


def test_of_many_documents_those_with_most_of_a_theme_come_first(book_of: BookOf) -> None:
    told = "The county will promote the urbanization of rural migrant workers in village {}." + " It rains." * 30
    texts = {f"text-{n}": "\n".join(map(told.format, range(1 + n // 30))) for n in range(40)}
    table = blocks_of_themes(book_of(texts))
    first, (theme, *others) = table.head(first_of_themes(table)), table["theme"].unique()
    assert len(first) == 12 * (1 + len(others)) < len(table) == 40 * (1 + len(others))
    assert first["anchor"].astype(bool).sum() == 1 + len(others) == table["anchor"].astype(bool).sum()
    of_theme = table.loc[table["theme"] == theme, "blocks"].tolist()
    assert sorted(of_theme[:12]) == [1, 1, *[2] * 10] and of_theme[12:] == [1] * 28
