"""The pages in Chinese: in Chinese throughout, with the numbers and addresses of their counterparts, and found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml.html import HtmlElement, fromstring, tostring

from policybook.build.state import page_mark
from policybook.project import Project
from policybook.words.say import keys_of_words

CHINESE = ("zh/index", "zh/chapters/places")
#: What is not said in the page's language: drawings (their words are their own), code, how the page was made.
APART = "style, script, code, .pb-downloads, .pb-download, #made td, [lang='en'], .headerlink"
HAN = "\u4e00-\u9fff"


def article(page, *, apart: str = APART) -> HtmlElement:
    """Return a copy of what a page says, without what stands apart."""
    (found,) = page.select("article")
    copy = fromstring(tostring(found, encoding="unicode"))
    for one in copy.cssselect(apart):
        one.drop_tree()
    return copy


@pytest.mark.parametrize("name", CHINESE)
def test_a_page_and_its_counterpart_lead_to_each_other(pages, name: str):
    other = name.removeprefix("zh/")
    for page, said in ((pages[name], "English"), (pages[other], "中文")):
        (link,) = page.select("a.pb-language")
        assert link.text_content() == said
        target = (page.site / page.name).parent.joinpath(link.get("href")).resolve()
        assert target == (page.site / f"{other if page.name == name else name}.html").resolve()
        alternates = {one.get("hreflang") for one in page.select("link[rel='alternate'][hreflang]")}
        assert alternates == {"en", "zh-CN"}


def test_a_page_without_counterpart_leads_to_none(pages):
    assert pages["chapters/methods"].select("a.pb-language, link[hreflang]") == []


@pytest.mark.parametrize("name", CHINESE)
def test_no_english_is_said_on_a_page_in_chinese(pages, name: str):
    """Beside quotations and names, which have their language: no two words of English behind one another."""
    said = article(pages[name])
    texts = [*said.itertext(), *(one.get(what) for one in said.iter() for what in ("aria-label", "title", "data-label")
                                 if isinstance(one.tag, str) and one.get(what))]  # fmt: skip
    english = [text for text in texts if re.search(r"[A-Za-z]{2,},? [A-Za-z]{2,}", text)]
    origin = re.compile(r"\b\d{4}(?:-\d\d){0,2}$|Rothwell and Zegveld")  # of a source in English, said by a link
    assert [text for text in english if not origin.search(text.strip())] == []


@pytest.mark.parametrize("name", CHINESE)
def test_chinese_has_its_own_punctuation(pages, name: str):
    said = article(pages[name], apart=f"{APART}, #rates-used, [data-rows]")
    wrong = [text for text in said.itertext() if re.search(rf"[{HAN}][,;:?!()]|[,;:?!(][{HAN}]", text)]
    received = ("政府工作报告", "三权 (")  # titles of reports as they stand on official pages, and a name of the scheme
    assert [text for text in wrong if not any(one in text for one in received)] == []


@pytest.mark.parametrize("name", CHINESE)
def test_a_page_in_chinese_prints_the_numbers_of_its_counterpart(pages, name: str):
    chinese, english = (article(pages[one], apart="style, script, svg, .pb-downloads, #made")
                        for one in (name, name.removeprefix("zh/")))  # fmt: skip
    marked = [{(*sorted(re.findall(r"\d+(?:\.\d+)?", one.get("value"))), one.get("data-rows"), one.get("data-from"),
                one.get("data-how")) for one in said.iter("data")} for said in (chinese, english)]  # fmt: skip
    assert marked[0] == marked[1] != set()
    cells = [[_numbers(cell) for cell in said.cssselect(".pb-table td.pb-number")] for said in (chinese, english)]
    assert cells[0] == cells[1]
    shares = [set(re.findall(r"\d+(?:\.\d+)?(?= ?%)", said.text_content())) for said in (chinese, english)]
    assert shares[0] >= shares[1], "every share in percent"
    decimals = [set(re.findall(r"\d+\.\d+", said.text_content())) for said in (chinese, english)]
    assert decimals[0] == decimals[1]


def _numbers(cell: HtmlElement) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", cell.text_content().replace(",", ""))


@pytest.mark.parametrize("name", CHINESE)
def test_a_page_in_chinese_has_the_addresses_of_its_counterpart(pages, name: str):
    drawn = re.compile(r"-[mp][0-9a-f]{10}(?:-\d+)?$")  # what a drawing uses of itself
    ids = [{one.get("id") for one in pages[page].select("article [id]") if not drawn.search(one.get("id"))}
           for page in (name, name.removeprefix("zh/"))]  # fmt: skip
    assert ids[0] == ids[1]


def test_a_row_leads_to_the_same_document(pages):
    for name in CHINESE:
        documents = {}
        for page in (name, name.removeprefix("zh/")):
            links = [a.get("href") for a in pages[page].select("article a[href*='documents/']")]
            documents[page] = {link[link.index("documents/") :] for link in links}
        assert documents[name] == documents[name.removeprefix("zh/")]


def test_links_stay_in_chinese_where_they_can(pages):
    links = {a.get("href").partition("#")[0] for a in pages["zh/index"].select("article a[href]")}
    assert "chapters/places.html" in links and "../chapters/plans.html" in links
    assert "../chapters/places.html" not in links


@pytest.mark.parametrize("name", CHINESE)
def test_every_text_that_a_page_in_chinese_wants_is_there_in_chinese(built: Project, name: str):
    mark = page_mark(built, name)
    assert mark is not None
    said = {one.removeprefix("says ") for one in mark.reads if one.startswith("says ")}
    assert len(said) > 30
    assert said - keys_of_words(built, "zh") == set()
    assert "words zh" in mark.reads


def test_pages_in_chinese_are_found_behind_the_others(site: Path):
    parts = [path.read_text(encoding="utf-8") for path in sorted(site.glob("search/[0-9]*.js"))]
    records = [one for part in parts for one in json.loads(part[part.index("(") + 1 : part.rindex(")")])]
    ours = [n for n, one in enumerate(records) if one[0].startswith("zh/")]
    assert {records[n][0].partition("#")[0] for n in ours} == {f"{name}.html" for name in CHINESE}
    assert {records[n][3] for n in ours} == {"page"}
    same = [n for n, one in enumerate(records) if one[3] == "page" and not one[0].startswith("zh/")]
    assert min(ours) > max(same)


def test_the_frame_of_a_page_in_chinese_is_in_chinese(pages):
    for name in CHINESE:
        page = pages[name]
        bar = page.select(".bd-header-article")[0]
        named = [one.get("aria-label") for one in bar.cssselect("[aria-label]")]
        assert all(re.search(rf"[{HAN}]", one) for one in named), named
        assert page.select(".bd-toc")[0].text_content().split()[0] == "本页目录"
        assert {one.get("lang") for one in page.select("nav.bd-docs-nav ul")} == {"en"}


