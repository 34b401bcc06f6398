"""Fragments of HTML: what comes from data is text, never markup."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import lxml.html
import pandas as pd
import pytest
from jinja2 import UndefinedError
from lxml.html import HtmlElement
from pace import within

from policybook.analysis.validation import SCORES
from policybook.pages.html import (
    Html,
    address,
    keep_aside,
    mark_chinese,
    mark_english,
    mark_spans,
    name_links,
    number,
    render,
    show,
    with_interval,
)


def test_a_sentence_has_an_address_of_its_own() -> None:
    assert address("a-b:p07.12") == "../documents/a-b.html#p07.12"
    assert number("a-b:p07.12") == 7
    assert number("a-b:p104.2") == 104


def test_many_sentences_stand_behind_their_documents_each_once() -> None:
    cell = tree(show(pd.DataFrame({"sentences": [["a:p02.1", "a:p02.1", "a:p11.3", "b:p104"]]}))).cssselect("td")[0]
    assert [(a.text, a.get("href")) for a in cell.cssselect("a")] == [
        ("a", "../documents/a.html"), ("¶2.1", "../documents/a.html#p02.1"), ("¶11.3", "../documents/a.html#p11.3"),
        ("b", "../documents/b.html"), ("¶104", "../documents/b.html#p104"),
    ]  # fmt: skip
    assert [span.text.strip() for span in cell.cssselect("span")] == ["×2"]


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
    html = str(show(data, labels={"name": "Name", "n": "N"}, caption="A <b>", name="t", links={"name": "to"}).markup)
    tree = lxml.html.fragment_fromstring(html, create_parent=True)
    assert tree.cssselect("i, b") == []
    assert [a.text for a in tree.cssselect("tbody a")] == ["<i>x</i>"]
    assert [th.get("scope") for th in tree.cssselect("thead th")] == ["col", "col"]
    assert {td.get("class") for td in tree.cssselect("tbody td")} == {"pb-number"}


def test_a_first_column_that_tells_the_rows_apart_is_their_header() -> None:
    data = pd.DataFrame({"name": ["x", "y"], "kind": ["a", "a"], "n": [1, 2]})
    headers = [
        [th.text for th in tree(show(data[columns])).cssselect("tbody th[scope=row]")]
        for columns in (["name", "kind"], ["kind", "name"], ["n", "name"], ["name"])
    ]
    assert headers == [["x", "y"], [], [], []]


# What show makes of columns ------------------------------------------------------------------------


def cells(table: Html) -> list[list[str]]:
    return [[cell.text_content() for cell in tr.cssselect("th, td")] for tr in tree(table).cssselect("tbody tr")]


def test_ids_lead_to_passages_and_sentences_on_their_own_page_within_it() -> None:
    data = pd.DataFrame({"sentence": ["a:p07.2"], "passages": [["a:p01", "b:p02", "a:p01"]], "document": ["b"]})
    far, near = show(data), show(data, here="a")
    assert [a.get("href") for a in tree(far).cssselect("a")] == [
        f"../documents/{at}" for at in ("a.html#p07.2", "a.html", "a.html#p01", "b.html", "b.html#p02", "b.html")
    ]
    assert [a.get("href") for a in tree(near).cssselect("a")][:2] == ["#p07.2", "#p01"]
    assert cells(near) == [["¶7.2", "¶1 ×2b ¶2", "b"]]


def test_addresses_and_bounds_are_not_columns_and_the_download_keeps_the_bounds() -> None:
    row = {"id": "x", "at": "A", "at_href": "a.html", "p": 0.5, "p_low": 0.4, "p_high": 0.625}
    html = tree(show(pd.DataFrame([row]), name="n", anchors="id", formats={"p": "interval", "at": str}))
    assert [th.text for th in html.cssselect("thead th")] == ["At", "P"]
    assert [td.text_content() for td in html.cssselect("tbody th, tbody td")] == ["A", "0.50 (.40–.62)"]
    assert html.cssselect("tr#x a[href='a.html']") and html.cssselect("#table-n")
    assert len(html.cssselect("td.pb-number")) == 1
    address = unquote_to_bytes(html.cssselect("a[download]")[0].get("href").partition(",")[2])
    assert b64decode(address).decode("utf-8-sig").split() == ["id,at,p,p_low,p_high", "x,A,0.5,0.4,0.625"]


def test_a_folded_table_has_its_id_once_and_an_empty_one_its_sentence() -> None:
    data = pd.DataFrame({"n": [1]})
    html = tree(show(data, name="n", fold="<b>", dense=True))
    assert html.cssselect("details#table-n summary")[0].text == "<b>" and len(html.cssselect("[id]")) == 1
    assert html.cssselect("details .pb-dense table")
    assert tree(show(data.head(0), name="n", empty="None.")).text_content().strip() == "None."


def test_numbers_are_written_as_asked_and_missing_ones_not_at_all() -> None:
    data = pd.DataFrame({"share": [0.25, NAN], "n": [1234, 5], "d": [-0.034, NAN], "x": [1.5, NAN]})
    assert cells(show(data, formats={"share": "percent", "d": "points", "x": ".2f"})) == [
        ["25 %", "1,234", "−3.4", "1.50"],
        ["", "5", "", ""],
    ]


def test_cells_stand_beneath_others_where_they_hold_something() -> None:
    data = pd.DataFrame({"written": ["县城", "市"], "en": ["<i>county</i>", ""], "n": [1, 2], "more": ["x", None]})
    html = tree(show(data, below={"written": ["en", "more"]}))
    assert [th.text for th in html.cssselect("thead th")] == ["Written", "N"] and not html.cssselect("i")
    assert [one.text_content() for one in html.cssselect("tbody .pb-quiet")] == ["<i>county</i>; x"]


@pytest.mark.parametrize(
    ("markup", "marked"),
    [
        ("<p>a 辽宁 b</p>", '<p>a <span lang="zh">辽宁</span> b</p>'),
        ("<p>《国家规划（2014—2020年）》 of 2014", '<p><span lang="zh">《国家规划（2014—2020年）》</span> of 2014'),
        ('<p lang="zh">辽宁<br>省</p>福', '<p lang="zh">辽宁<br>省</p><span lang="zh">福</span>'),
        ('<td lang="zh"><a lang="en">中</a>文</td>', '<td lang="zh"><a lang="en"><span lang="zh">中</span></a>文</td>'),
        ("<svg><text y='1'>辽宁</text></svg>", "<svg><text y='1' lang=\"zh\">辽宁</text></svg>"),
        ('<svg><title>辽</title></svg><a title="中 > x">x</a>', '<svg><title>辽</title></svg><a title="中 > x">x</a>'),
        ("1 < 2 &lt; 中<!-- 中 -->", '1 < 2 &lt; <span lang="zh">中</span><!-- 中 -->'),
    ],
)
def test_every_run_of_chinese_has_its_language(markup: str, marked: str):
    assert mark_chinese(markup) == marked
    assert mark_chinese(marked) == marked, "what is marked stays as it is"


@pytest.mark.parametrize(
    ("markup", "marked"),
    [
        ("<p>译作new urbanization；</p>", '<p>译作<span lang="en">new urbanization</span>；</p>'),
        ("China&#39;s plan 2014-20; 国", '<span lang="en">China&#39;s plan 2014-20</span>; 国'),
        ("on China.org.cn. A talk", '<span lang="en">on China.org.cn. A talk</span>'),
        ("数据（CSV） SVG、p值", "数据（CSV） SVG、p值"),
        ('<i lang="en">two words</i>', '<i lang="en">two words</i>'),
        ("web-2021-joint-conference:p06", "web-2021-joint-conference:p06"),
    ],
)
def test_every_run_of_english_on_a_chinese_page_has_its_language(markup: str, marked: str):
    assert mark_english(markup) == marked
    assert mark_english(marked) == marked


@pytest.mark.parametrize("run", ["a", "a.", "a ", "1a", "国a", "&amp;", "（"])
@pytest.mark.parametrize("mark", [mark_english, mark_chinese])
def test_a_long_run_of_one_kind_is_marked_within_seconds(run: str, mark: Callable[[str], str]):
    with within(75):  # looking on from every character would take a minute
        mark(run * 20_000)


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ('<a href="#row-1">\n <path d=""/></a>', "2014 &amp; more"),
        ('<a href="../documents/a-b.html#p07"><g><use/></g></a>', "a-b p07"),
        ('<a href="#gone"><use/></a>', "gone"),
    ],
)
def test_a_mark_that_leads_somewhere_is_named_by_what_is_there(link: str, name: str):
    page = f'<svg>{link}</svg><tr id="row-1"><td>2014 &amp; <b>more</b></td></tr>'
    named = name_links(page)
    assert f"<title>{name}</title>" in named
    assert name_links(named) == named


def test_a_link_that_says_something_keeps_its_name():
    said = '<svg><a href="#x"><title>X</title><path/></a></svg><a href="#x">words</a>'
    assert name_links(said) == said


@pytest.mark.parametrize(
    ("most", "kept"),
    [(20, []), (10, ["long"]), (5, ["long", "short"]), (0, ["long", "short"])],
)
def test_of_a_large_page_the_longest_closed_folds_are_kept_aside(most: int, kept: list[str]):
    page = """<p>a</p><details><summary>s</summary><p id="short">1<br>2</p></details>
        <details><summary>s</summary><details><summary>t</summary><p id="long">1<br>2<br>3</p></details></details>
        <details open><summary>s</summary><p id="seen">x</p></details><template><i>1</i><i>2</i><i>3</i></template>"""
    made = lxml.html.fromstring(f"<div>{keep_aside(page, most)}</div>")
    assert [one.get("id") for one in made.cssselect("template.pb-kept p")] == sorted(kept, reverse=True)
    assert [one.getparent().tag for one in made.cssselect("details summary")][:2] == ["details", "details"]
    assert len(made.cssselect("details > noscript p")) == len(kept)
    assert keep_aside(page, 20) == page


def test_a_choice_that_holds_chinese_has_its_language_as_a_whole() -> None:
    """No element can stand within it."""
    assert mark_chinese("<option>Old 户籍</option>") == '<option lang="zh">Old 户籍</option>'
    assert mark_chinese("<option>Old</option>") == "<option>Old</option>"


def test_a_table_shows_so_many_rows_and_its_file_has_all() -> None:
    data = pd.DataFrame({"number": range(5_000)})
    shown = tree(show(data, name="many"))
    rows = shown.cssselect("tbody tr")
    assert len(rows) == 2_400
    assert shown.cssselect("tfoot td")[0].text_content() == "2,600 more rows: the file has all."
    link = shown.cssselect("a.pb-download")[0].get("href")
    assert len(b64decode(link.partition("base64,")[2]).splitlines()) == 5_001
    assert len(tree(show(data, name="many", most=7)).cssselect("tbody tr")) == 7
    led_to = data.assign(anchor=[f"r{n}" for n in data["number"]])
    assert len(tree(show(led_to, name="many", anchors="anchor")).cssselect("tbody tr")) == 5_000


def test_a_cell_leads_to_so_many_documents() -> None:
    def cell(documents: int) -> HtmlElement:
        ids = ["d0:p01.2", *(f"d{n}:p01.1" for n in range(documents))]
        return tree(show(pd.DataFrame({"sentences": [ids]}))).cssselect("td")[0]

    few, many = cell(12), cell(40)
    assert few.xpath(".//a[@class='pb-where']/@href")[:2] == [f"../documents/d0.html#p01.{n}" for n in (2, 1)]
    assert len(few.cssselect("a")) == 12 + 13
    assert [link.get("href") for link in many.cssselect("a")] == [f"../documents/d{n}.html" for n in range(12)]
    assert many.text_content().startswith("d0 ×2d1") and many.text_content().endswith("and in 28 more documents")
    rows = pd.DataFrame({"sentences": [[f"d{n}:p01.1" for n in range(6)]] * 101})
    long = tree(show(rows)).cssselect("td")[0]
    assert len(long.cssselect("a")) == 4 and long.text_content().endswith("and in 2 more documents")
