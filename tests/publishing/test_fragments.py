"""Fragments of HTML: what comes from data is text, never markup."""

from __future__ import annotations

import lxml.html
import pandas as pd
import pytest
from jinja2 import UndefinedError

from policybook.publishing.markup import mark_spans, render
from policybook.publishing.tables import show_table


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
