"""The search, from every page, in both languages, down to the passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from copies import SIXTH
from playwright.sync_api import Browser, TimeoutError, expect
from playwright.sync_api import Page as Tab
from views import WIDE

pytestmark = pytest.mark.browser

RESULTS = "#pb-search a[href]"
RESULT = "#pb-search li"
BOX = "form[role=search] input[type=search]"
PASSAGE = re.compile(r"documents/[a-z0-9-]+\.html\?[^#]*#p\d{2,}$")
TERMS = ("新型城镇化", "household registration")
#: What is typed, and what must find as much: other scripts, widths, quotation marks, spellings.
ALIKE = [
    ("農業轉移人口", "农业转移人口"),
    ("遼寧", "辽宁"),
    ("１１个", "11个"),
    ('"新型城镇化"', "“新型城镇化”"),
    ("labour", "labor"),
    ("urbanisation", "Urbanization"),
    ("urban–rural", "urban-rural"),
]


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A fresh reader's tab."""
    tab = browser.new_page(viewport=WIDE)
    yield tab
    tab.close()


def test_the_search_finds_passages_from_every_page(tab: Tab, pages, address: str):
    """The two languages by turns; a passage among the first results is waited for, not the rest of them."""
    lost = {}
    for number, name in enumerate(pages):
        tab.goto(f"{address}{name}.html", wait_until="domcontentloaded")
        _type(tab, TERMS[number % len(TERMS)])
        with suppress(TimeoutError):
            tab.wait_for_function(
                "([results, passage]) => [...document.querySelectorAll(results)].some(a => a.href.match(passage))",
                arg=[RESULTS, PASSAGE.pattern],
            )
        found = tab.locator(RESULTS).evaluate_all("all => all.map(a => a.href)")
        if not any(PASSAGE.search(href) for href in found):
            lost[name] = found
    assert lost == {}


def test_a_page_in_chinese_is_searched_from_in_chinese(tab: Tab, address: str):
    """The page says it in Chinese, what is not Chinese says so, and pages in Chinese come before others."""
    tab.goto(f"{address}zh/index.html", wait_until="domcontentloaded")
    _type(tab, "城镇化")
    assert "/zh/search.html?" in tab.url
    expect(tab.locator("#pb-search [role=status]")).to_have_text(re.compile("^“城镇化”：\\d+ 条结果$"))
    while tab.locator(".pb-show-more").is_visible():
        tab.locator(".pb-show-more").click()
    pages = tab.locator(".pb-found-page a").evaluate_all("all => all.map(a => a.href)")
    in_chinese = ["/zh/" in href for href in pages]
    assert in_chinese == sorted(in_chinese, reverse=True) and any(in_chinese)
    said = tab.locator("article h1, #search > p, #pb-search button").all_text_contents()
    assert all(re.search("[\u4e00-\u9fff]", one) for one in said)
    english = tab.locator(RESULT).evaluate_all(
        """all => all.flatMap(one => [...one.querySelectorAll('*')].filter(
            part => !part.closest('[lang=en]') && [...part.childNodes].some(node => /[a-z]{2}/i.test(node.data || ''))
        ).map(part => part.innerText))"""
    )
    assert english == []
    tab.locator("a.pb-language").click()
    tab.wait_for_url("**/search.html*")
    assert "/zh/" not in tab.url


@pytest.mark.parametrize("term", TERMS)
def test_every_result_leads_to_a_place_that_exists(tab: Tab, pages, address: str, term: str):
    for href in _search(tab, address, term)[:20]:
        name, anchor = re.fullmatch(r"(.+)\.html\?.*(#.+)", href.removeprefix(address)).groups()
        assert name in pages, href
        assert pages[name].select(anchor), href


@pytest.mark.parametrize("term", [*TERMS, "青溪县"])
def test_a_result_lands_on_its_passage_where_the_words_are_marked(tab: Tab, address: str, term: str):
    _search(tab, address, term)
    tab.locator(RESULTS).first.click()
    tab.wait_for_url(PASSAGE)
    assert tab.locator("p.pb-passage:target").count() == 1
    marked = tab.locator("p.pb-passage:target mark.pb-found")
    assert any(one.lower() in term or term in one.lower() for one in marked.all_inner_texts())
    expect(marked.first).to_be_in_viewport()


def test_words_found_in_a_fold_are_opened_to(tab: Tab, address: str):
    tab.goto(f"{address}chapters/plans.html")
    word, section = tab.evaluate(
        """() => {
          const fold = document.querySelector("section[id] details:not([open]) td");
          return [fold.textContent.trim().split(/\\s+/)[0], fold.closest("section[id]").id];
        }"""
    )
    tab.goto(f"{address}chapters/plans.html?find={word}#{section}")
    tab.wait_for_selector("mark.pb-found >> visible=true")


def test_the_passage_found_holds_the_words(tab: Tab, address: str):
    found = [href.removeprefix(address) for href in _search(tab, address, "茶馆")]
    assert any(href.startswith(f"documents/{SIXTH}.html?") and href.endswith("#p08") for href in found)


@pytest.mark.parametrize(("typed", "same"), ALIKE)
def test_forms_of_the_same_words_find_the_same(tab: Tab, address: str, typed: str, same: str):
    found = [_places(_search(tab, address, words)) for words in (typed, same)]
    assert found[0] == found[1]


@pytest.mark.parametrize("number", ["17.92", "1亿", "11个", "何立峰"])
def test_what_is_whole_finds_first_the_passage_that_holds_it(tab: Tab, address: str, number: str):
    assert PASSAGE.search(_search(tab, address, number)[0])
    assert number in tab.locator(RESULT).first.locator("mark").all_inner_texts()


@pytest.mark.parametrize("words", ["zxqv", "qqqq 城镇", "7.92", "92%"])
def test_what_stands_nowhere_finds_nothing(tab: Tab, address: str, words: str):
    assert _search(tab, address, words) == []


@pytest.mark.parametrize(("term", "page"), [("户籍制度改革", "guizhou-2024"), ("county towns", "web-2021")])
def test_a_term_finds_the_passages_of_the_other_language(tab: Tab, address: str, term: str, page: str):
    assert any(f"documents/{page}" in href for href in _search(tab, address, term))


def test_passages_stand_before_pages_and_these_before_methods(tab: Tab, address: str):
    _search(tab, address, "新型城镇化")
    while tab.locator(".pb-show-more").is_visible():
        tab.locator(".pb-show-more").click()
    kinds = tab.locator(RESULT).evaluate_all("all => all.map(one => one.className.replace('pb-found-', ''))")
    assert set(kinds) == {"passage", "page", "method"}
    assert kinds == sorted(kinds, key=["passage", "page", "method"].index)


@pytest.mark.parametrize("width", [1366, 390, 320])
def test_one_box_stands_on_every_page_at_every_width(tab: Tab, pages, address: str, width: int):
    tab.set_viewport_size({"width": width, "height": 800})
    lost = {}
    for name in pages:
        tab.goto(f"{address}{name}.html", wait_until="domcontentloaded")
        boxes = tab.locator(f"{BOX} >> visible=true").evaluate_all("all => all.map(one => one.clientWidth)")
        if len(boxes) != 1 or boxes[0] < 120:
            lost[name] = boxes
    assert lost == {}


def test_a_left_out_sentence_is_in_no_result(tab: Tab, book, address: str):
    sentences = book.corpus.sentences
    hidden = sentences[~sentences["sentence"].isin(book.quotable) & (sentences["length"] > 12)]
    text = str(hidden.iloc[0]["text"])
    tab.goto(f"{address}search.html")
    _type(tab, f'"{text[:30]}"')
    tab.wait_for_function("() => /result/i.test(document.getElementById('pb-search').innerText)")
    assert text[:30] not in " ".join(tab.locator(RESULT).all_inner_texts())


def test_a_search_can_be_linked_to(tab: Tab, address: str):
    tab.goto(f"{address}search.html?q=%E6%88%B7%E7%B1%8D%E5%88%B6%E5%BA%A6%E6%94%B9%E9%9D%A9")
    tab.wait_for_selector(RESULTS)
    assert tab.locator(BOX).input_value() == "户籍制度改革"


def test_the_list_follows_what_is_typed(tab: Tab, address: str):
    _search(tab, address, "17.92")
    tab.locator(BOX).fill("zxqv")
    tab.wait_for_function("() => !document.querySelector('#pb-search li')")
    assert tab.url.endswith("?q=zxqv")


def test_words_in_the_address_are_no_markup(tab: Tab, address: str):
    dialogs: list[str] = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tab.goto(f"{address}search.html?q=%3Cimg%20src%3Dx%20onerror%3Dalert(3)%3E%22%3E%3Cscript%3Ealert(4)%3C/script%3E")
    tab.wait_for_load_state("networkidle")
    assert dialogs == []


def _search(tab: Tab, address: str, words: str) -> list[str]:
    """Search and return the addresses of the results that are shown."""
    tab.goto(f"{address}search.html?{urlencode({'q': words})}")
    tab.wait_for_function("() => /result/.test(document.querySelector('#pb-search [role=status]').textContent)")
    return [str(href) for href in tab.locator(RESULTS).evaluate_all("all => all.map(a => a.href)")]


def _places(found: list[str]) -> list[str]:
    return [re.sub(r"\?.*#", "#", href) for href in found]


def _type(tab: Tab, words: str) -> None:
    """Type words into the box at the top of the page and wait for the search page."""
    tab.keyboard.press("Control+k")
    tab.keyboard.type(words)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=*", wait_until="domcontentloaded")
