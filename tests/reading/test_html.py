from __future__ import annotations

import pytest

from policybook.reading.read import read_received
from policybook.reading.received import Received


def read(body: str, head: str = "") -> Received:
    return read_received(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), "x")


def texts(received: Received) -> list[str]:
    return [text for number, text in enumerate(received.paragraphs, 1) if number not in received.furniture]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>A</h1><p>one<p>two", ["A", "one", "two"]),
        ("<p>一个\n   新的</p>", ["一个新的"]),
        ("<p>a\n  new   plan</p>", ["a new plan"]),
        ("<p>a <b>bold</b> <i>plan</i></p>", ["a bold plan"]),
        ("<p>5&nbsp;&lt;&nbsp;6 &amp; &#22478;</p>", ["5 < 6 & 城"]),
        ("<p>　　第一段。<br>　　第二段。</p>", ["第一段。", "第二段。"]),
        ("<div>one.<br><br>two</div>", ["one.", "two"]),
        ("<h2>New urbanization<br>action plan</h2>", ["New urbanization action plan"]),
        ("<h2>新型城镇化<br>规划</h2>", ["新型城镇化规划"]),
        ("<p>the plan was broken<br>in mid-sentence</p>", ["the plan was broken in mid-sentence"]),
        ("<ul><li>一<li>二<ul><li>三</ul></ul>", ["一", "二", "三"]),
        ("<dl><dt>a<dd>b<dt>c</dl>", ["a", "b", "c"]),
        ("<table><caption>T</caption><tr><th>年<th>率<tr><td>2020<td>63.9", ["T", "年 | 率", "2020 | 63.9"]),
        ("<table><tr><td>a<td><td>c</table>", ["a |  | c"]),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", ["a b | c"]),
        ("<table><tr><td><table><tr><td>a<td>b</table><p>c</p></table>", ["a | b", "c"]),
        ("<figure><img alt=x><figcaption>Fig. 1</figcaption></figure>", ["Fig. 1"]),
        ("<pre>a\n\nb</pre>", ["a", "b"]),
        ("<b>one<p>two</b> three</p>four", ["one", "two three", "four"]),
        ("one<div>two</div>three", ["one", "two", "three"]),
    ],
)
def test_what_a_page_shows_is_what_is_read(body: str, expected: list[str]) -> None:
    assert texts(read(body)) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var a='<p>x</p>'</script>",
        "<style>p{}</style>",
        "<!-- x -->",
        "<template><p>x</p></template>",
        "<p hidden>x</p>",
        "<div style='display:none'><p>x</p></div>",
        "<span style='visibility: hidden'>x</span>",
        "<p style='font-size:0'>x</p>",
        "<svg><text>x</text></svg>",
        "<iframe>x</iframe>",
        "<input type=hidden value=x>",
    ],
)
def test_what_is_hidden_never_becomes_text(hidden: str) -> None:
    assert read(f"<p>one</p>{hidden}<p>two</p>").paragraphs == ("one", "two")


@pytest.mark.parametrize(
    ("furniture", "reason"),
    [
        ("<nav><a href=/>Home</a></nav>", "navigation"),
        ("<div class='breadcrumb'>Home &gt; News</div>", "navigation"),
        ("<header>Site</header>", "page head"),
        ("<footer>Address</footer>", "page foot"),
        ("<aside>More</aside>", "side column"),
        ("<div id=sidebar>More</div>", "side column"),
        ("<div class='share-buttons share'>WeChat</div>", "share widget"),
        ("<div class='bdsharebuttonbox'>分享</div>", "share widget"),
        ("<div class='cookie-notice'>We use cookies</div>", "notice over the page"),
        ("<div role=navigation>Home</div>", "navigation"),
        ("<form>Search</form>", "form"),
        ("<noscript>Turn scripts on</noscript>", "shown only without scripts"),
        ("<ul><li><a href=1>a</a><li><a href=2>b</a><li><a href=3>c</a></ul>", "links to other pages"),
    ],
)
def test_furniture_is_labelled_and_not_lost(furniture: str, reason: str) -> None:
    received = read(f"{furniture}<p>The plan promotes urbanization.</p>")
    assert texts(received) == ["The plan promotes urbanization."]
    assert set(received.furniture.values()) == {reason}


def test_what_stands_outside_the_article_is_labelled() -> None:
    received = read(f"<p>Weather</p><article><header><h1>Plan</h1></header><p>{'text ' * 30}</p></article><p>Ads</p>")
    assert texts(received)[0] == "Plan"
    assert received.furniture == {1: "outside the main text", 4: "outside the main text"}


def test_a_page_that_is_all_furniture_by_its_marks_keeps_its_paragraphs() -> None:
    received = read("<div class=footer><p>The plan.</p></div>")
    assert texts(received) == ["The plan."]


@pytest.mark.parametrize(
    "marks", ["content with-sidebar", "no-menu", "article-comment-free main", "page-header-content"]
)
def test_a_class_that_only_mentions_furniture_is_none(marks: str) -> None:
    assert not read(f"<div class='{marks}'><p>The plan.</p></div>").furniture


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>通知_中国政府网</title>", "<h1>通知</h1>", "通知"),
        ("<title>国务院通知_部门_中国政府网</title>", "<p>x", "国务院通知"),
        ("<title>Lark Gov - Policies - Town Renewal Plan</title>", "<p>x", "Town Renewal Plan"),
        ("<title>青溪市人民政府门户网站_青溪市官网</title>", "<p>x", "青溪市人民政府门户网站"),
        ("<title>A plan - The Site</title>", "<p>x", "A plan"),
        ("<title>Site</title><meta name=ArticleTitle content=关于规划>", "<p>x", "关于规划"),
        ("", "<h1>Plan</h1>", "Plan"),
        ("", "<p>x", None),
    ],
)
def test_the_title(head: str, body: str, title: str | None) -> None:
    assert read(body, head).title == title


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ("<meta name=PubDate content='2024-07-31 10:00'>", "x", "2024-07-31"),
        ("<meta property='article:published_time' content='2024-07-31T08:00:00Z'>", "x", "2024-07-31"),
        ('<script type="application/ld+json">{"datePublished": "2024-07-31"}</script>', "x", "2024-07-31"),
        ("", "<time datetime='2024-07-31'>yesterday</time>", "2024-07-31"),
        ("<meta name=date content='2024-13-45'>", "x", None),
        ("", "x 2024-07-31", None),
    ],
)
def test_the_date_is_taken_from_metadata_only(head: str, body: str, published: str | None) -> None:
    assert read(f"<p>{body}", head).published == published


def test_readings_above_characters_are_left_out_and_counted() -> None:
    received = read("<p><ruby>国<rp>(</rp><rt>guó</rt><rp>)</rp></ruby>家</p>")
    assert received.paragraphs == ("国家",)
    assert "1 reading " in received.warnings[0]


def test_a_comment_that_never_closes_hides_nothing() -> None:
    received = read("<p>one</p><!-- <p>two</p><!-- <p>three</p>")
    assert texts(received) == ["one", "two", "three"]
    assert not received.warnings


@pytest.mark.parametrize(
    ("swallowing", "named"), [("<script>", "script element"), ("<iframe>", "iframe element"), ("<a title='", "tag")]
)
def test_what_never_ends_and_hides_the_rest_is_warned_of(swallowing: str, named: str) -> None:
    received = read(f"<p>one</p>{swallowing}<p>two</p>")
    assert received.paragraphs == ("one",)
    (warning,) = received.warnings
    assert f"A {named} never ends" in warning


def test_a_long_page_is_read_as_a_short_one() -> None:
    received = read("<p>The plan promotes urbanization.</p>" * 1000)
    assert received.paragraphs == ("The plan promotes urbanization.",) * 1000


ARTICLE = "<p>县政府将为进城务工人员修建学校和住房，让他们安居乐业。</p><p>到2030年，办学条件全部达标。</p>"


@pytest.mark.parametrize(
    "place",
    ["div id=js_content style='visibility: hidden; opacity: 0'", "article hidden", "div style='display:none'"],
)
def test_a_text_that_is_hidden_until_a_script_runs_is_read(place: str) -> None:
    received = read(f"<h1>通知</h1><{place}>{ARTICLE}<p style='display:none'>秘密</p></{place.split()[0]}>")
    assert texts(received) == ["通知", *ARTICLE[3:-4].split("</p><p>")]
    assert received.left_out == 2
    assert [warning.partition(" of ")[2].partition(":")[0] for warning in received.warnings] == [
        "hidden text were read", "hidden text were left out."
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more", ["<div style='display:none'><p>点击领取优惠。</p></div>", "<p>一<s hidden>点击领取优惠。</s>二</p>"]
)
def test_other_hidden_text_is_left_out_and_counted(more: str) -> None:
    received = read(ARTICLE + more)
    assert "优惠" not in "".join(received.paragraphs)
    assert received.warnings == ("7 characters of hidden text were left out.",)


@pytest.mark.parametrize(
    ("sheet", "element", "hidden"),
    [
        (".x{display:none}", "p class=x", True),
        ("/* a */ .a,\n.x { color:red; VISIBILITY : hidden !important }", "p class='b x'", True),
        ("#ad{font-size:0}", "div id=ad", True),
        ("aside.x{opacity:0}", "aside class=x", True),
        ("body .x > p{text-indent:-9999px}", "div class=x><p", True),
        (".x{position:absolute;left:-9999em}", "p class=x", True),
        (".sr{position:absolute;clip:rect(0, 0, 0, 0)}", "p class=sr", True),
        (".x{display:none} .x.on{display:block}", "p class=x", True),
        (".x{display:block} p.x{display:none}", "p class=x", True),
        (".x.on{display:block} .x{display:none}", "p class='x on'", False),
        (".x{display:none} .x{display:block}", "p class=x", False),
        (".x{display:none}", "p class=x style='display:block'", False),
        (".x{display:none !important}", "p class=x style='display:block'", True),
        (".x{font-size:0} .y{font-size:14px}", "div class=x><p class=y", False),
        ("@media print{.x{display:none}}", "p class=x", False),
        ("@media (max-width:600px){.y{color:red}.x{display:none}} .z{display:none}", "p class=x", False),
        ("@import 'a.css'; .x{display:none}", "p class=x", True),
        ("/* .x{display:none} */", "p class=x", False),
        (".x:hover,.x::after,.x[a]{display:none}", "p class=x", False),
        (".xy{display:none} .x{font-size:0.9em;opacity:0.5;left:-20px;text-indent:-2em}", "p class=x", False),
    ],
)
def test_what_a_style_sheet_of_the_page_hides_is_left_out_and_counted(sheet: str, element: str, hidden: bool) -> None:
    end = "".join(f"</{part.split()[0]}>" for part in element.split("><")[::-1])
    received = read(f"<style>{sheet}</style>{ARTICLE}<{element}>点击领取优惠。{end}")
    assert received.left_out == 7 * hidden
    assert any("优惠" in text for text in received.paragraphs) != hidden
    assert received.warnings == (("7 characters of hidden text were left out.",) if hidden else ())


@pytest.mark.parametrize(
    "sheet", ["#js_content{visibility:hidden;opacity:0}", "body{display:none !important}", ".fade{opacity:0}"]
)
def test_an_article_that_a_style_sheet_hides_is_read(sheet: str) -> None:
    article = ARTICLE.replace("<p>", "<p class=fade>")
    received = read(f"<style>{sheet}</style><h1>通知</h1><div id=js_content>{article}</div>")
    assert texts(received) == ["通知", *ARTICLE[3:-4].split("</p><p>")]
    assert received.left_out == 0


@pytest.mark.parametrize("media", ["print", "screen and (max-width: 600px)"])
def test_a_style_sheet_for_paper_hides_nothing(media: str) -> None:
    assert read(f"<style media='{media}'>p{{display:none}}</style>{ARTICLE}").left_out == 0


def test_text_is_shown_again_within_a_style_that_hides_it() -> None:
    received = read("<p style='font-size:0'><span style='font-size:16px'>推进城市更新。</span></p>")
    assert received.paragraphs == ("推进城市更新。",)


@pytest.mark.parametrize("sheet", ["@{" * 40_000, ".x{display:none}" * 20_000, "a " * 50_000, "/*" * 50_000])
def test_a_style_sheet_cannot_take_long(sheet: str) -> None:
    assert read(f"<style>{sheet}</style>{ARTICLE}" + "<p class=x>x</p>" * 5000).left_out in {0, 5000}


@pytest.mark.parametrize(
    "links", ["<a href=1>甲</a><br><a href=2>乙</a>", "<ul><li><a href=1>甲</a><li><a href=2>乙</a></ul>"]
)
def test_links_beside_a_text_in_a_table_are_no_text(links: str) -> None:
    received = read(f"<table><tr><td>{links}<td>{ARTICLE}</table>")
    assert texts(received) == ARTICLE[3:-4].split("</p><p>")
    assert set(received.furniture.values()) == {"links to other pages"}


def test_a_table_of_links_and_what_they_lead_to_stays_a_table() -> None:
    received = read(f"<table><tr><td><a href=1>通知</a><td>{'县政府将修建学校和住房。' * 6}</table>")
    assert texts(received) == [f"通知 | {'县政府将修建学校和住房。' * 6}"]


@pytest.mark.parametrize("apart", ["<img src=1.jpg>", "<iframe src=a.html></iframe>", "<embed src=a.pdf>"])
def test_a_page_whose_text_may_stand_in_pictures_or_frames_says_so(apart: str) -> None:
    assert "little text" in " ".join(read(f"<h1>通知</h1>{apart}").warnings)
    assert not read(f"{ARTICLE * 4}{apart}").warnings
