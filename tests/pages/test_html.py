"""Fragments of HTML: what comes from data is text, never markup."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pandas as pd
import pytest
from jinja2 import UndefinedError
from lxml.html import HtmlElement

from policybook.analysis.validation import SCORES
from policybook.pages.html import (
    Html,
    address,
    find_broken_links,
    held_by_document,
    mark_spans,
    number,
    passages_by_document,
    render,
    show,
    show_table,
    with_interval,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "other.html").write_text('<p id="p07">x</p>', encoding="utf-8")
    (tmp_path / "part" / "index.html").write_text("<p>x</p>", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "href",
    ["part/other.html", "part/other.html#p07", "part/", "#", "#here", "https://example.org/x", "data:text/csv,a",
     "mailto:a@example.org", "part/other.html?q=1#p07"],
)  # fmt: skip
def test_a_good_link_is_not_reported(folder: Path, href: str):
    (folder / "page.html").write_text(f'<a href="{href}" id="here">x</a>', encoding="utf-8")
    assert find_broken_links(folder) == []


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="gone.html">',
        '<a href="part/other.html#p08">',
        '<a href="#gone">',
        '<a href="../outside.html">',
        '<a href="/etc/passwd">',
        '<img src="gone.png">',
        '<script src="gone.js"></script>',
        '<link href="gone.css">',
    ],
)
def test_a_broken_link_is_named_with_its_page(folder: Path, tag: str):
    (folder.parent / "outside.html").write_text("", encoding="utf-8")
    (folder / "page.html").write_text(tag, encoding="utf-8")
    broken = find_broken_links(folder)
    assert len(broken) == 1
    assert broken[0].startswith("page.html: ")


ROWS = pd.DataFrame({"document": ["a", "a", "a", "b"], "sentence": ["a:p02.1", "a:p02.3", "a:p11.1", "b:p104.2"]})


def test_a_sentence_has_the_address_of_its_passage() -> None:
    assert address("a-b:p07.12") == "../documents/a-b.html#p07"
    assert number("a-b:p07.12") == 7
    assert number("a-b:p104.2") == 104


def test_passages_are_told_once_with_how_often() -> None:
    first, second = passages_by_document(ROWS)
    assert (first["document"], first["times"]) == ("a", 3)
    assert [(one["number"], one["times"]) for one in first["links"]] == [(2, 2), (11, 1)]
    assert second["links"] == [{"href": "../documents/b.html#p104", "number": 104, "times": 1}]


def test_documents_without_any_held_are_told_too() -> None:
    found = held_by_document(ROWS, ROWS[ROWS["document"] == "b"])
    assert [(one["document"], one["times"], one["held"], len(one["links"])) for one in found] == [
        ("a", 3, 0, 0),
        ("b", 1, 1, 1),
    ]


# Tables of scores as a page shows them -------------------------------------------------------------


NAN = float("nan")
ROW = {"what": "<i>Concepts</i>", **dict.fromkeys(SCORES, 0.5), "gold": 4, "found": 5, "hits": 2}


def tree(html: Html) -> HtmlElement:
    return lxml.html.fragment_fromstring(str(html.markup), create_parent=True)


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((0.934, 0.891, 0.96), "0.93 (.89–.96)"),
        ((1.0, 0.9, 1.0), "1.00 (.90–1.00)"),
        ((0.0, 0.0, 0.12), "0.00 (.00–.12)"),
        ((0.99, 0.9, 0.997), "0.99 (.90–1.00)"),
        ((-0.2, -0.5, 0.1), "−0.20 (−.50–.10)"),
        ((0.9, 0.8, 0.995), "0.90 (.80–.99)"),
        ((NAN, 0.0, 1.0), "–"),
    ],
)
def test_a_share_is_shown_with_its_interval(numbers: tuple[float, float, float], shown: str) -> None:
    assert with_interval(*numbers) == shown


def test_a_share_and_its_interval_are_one_cell() -> None:
    data = pd.DataFrame([ROW, ROW | {"f1": NAN}])
    page = tree(show(data, formats=dict.fromkeys(("precision", "recall", "f1", "kappa"), "interval"), name="n"))
    assert page.cssselect("i") == []
    assert len(page.cssselect("thead th")) == 7
    cells = [[td.text_content() for td in tr.cssselect("td")] for tr in page.cssselect("tbody tr")]
    assert cells[0] == ["<i>Concepts</i>", "4", "5", "2", *["0.50 (.50–.50)"] * 3]
    assert cells[1][-1] == "–"
    assert {th.get("class") for th in page.cssselect("thead th")[1:]} == {"pb-number"}


def test_a_table_without_rows_says_so() -> None:
    page = tree(show(pd.DataFrame(columns=["a", "b"]), name="n"))
    assert [td.get("colspan") for td in page.cssselect("#table-n tbody td")] == ["2"]


def test_marks_keep_the_text_and_escape_it():
    text = "a<b>&户籍制度</b>"
    found = lxml.html.fragment_fromstring(mark_spans(text, [(5, 9, '"><script>')]), create_parent=True)
    assert found.text_content() == text
    assert [(m.text, m.get("title")) for m in found.cssselect("mark")] == [("户籍制度", '"><script>')]
    assert found.cssselect("script, b") == []


def test_spans_may_come_in_any_order():
    assert str(mark_spans("abc", [(2, 3, "y"), (0, 1, "x")])).count("<mark") == 2


def test_a_template_without_a_value_is_an_error():
    with pytest.raises(UndefinedError):
        render("identity", fields=[])


def test_a_table_escapes_its_cells_and_links_only_where_there_is_an_address():
    data = pd.DataFrame({"name": ["<i>x</i>", "y"], "to": ["a.html", ""], "n": [1.5, 2.0]})
    html = str(show_table(data, {"name": "Name", "n": "N"}, caption="A <b>", name="t", links={"name": "to"}).markup)
    tree = lxml.html.fragment_fromstring(html, create_parent=True)
    assert tree.cssselect("i, b") == []
    assert [a.text for a in tree.cssselect("tbody a")] == ["<i>x</i>"]
    assert [th.get("scope") for th in tree.cssselect("thead th")] == ["col", "col"]
    assert "pb-number" in tree.cssselect("tbody tr td")[1].get("class")
